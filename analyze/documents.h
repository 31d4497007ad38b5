/* Guiding documents × themes: which way each steers (methods.md 4.14), and how far
 * each goes along with the others. Pure functions, safe from
 * any thread. */
#ifndef INNSIKT_ANALYZE_DOCUMENTS_H
#define INNSIKT_ANALYZE_DOCUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    DOCUMENT_AGAINST = -1,
    DOCUMENT_MENTIONS = 0, /* without taking sides */
    DOCUMENT_FOR = 1,
    DOCUMENT_SILENT = 2,
} DocumentDirection;

/* What one document says of a theme. */
typedef struct {
    int8_t direction; /* DocumentDirection */
    bool national;    /* of national rank */
} DocumentStand;

/* n documents on one theme. */
typedef struct {
    size_t n, mentioned, plus, minus, neutral;
    double coverage; /* mentioned / n; undefined without documents */
    double balance;  /* (plus − minus) / mentioned, −1 … 1; undefined when all are silent */
    double conflict; /* 2 min(plus, minus) / (plus + minus): 0 one way, 1 evenly split; undefined
                        when none takes a side */
    bool pull_apart; /* conflict reaches its limit, and on each side there are enough documents or
                        one of national rank */
} ThemeBalance;

/* conflict: the limit, ½ as methods.md has it; side: how many documents are enough, 2. */
ThemeBalance documents_theme_balance(const DocumentStand *stands, size_t n, double conflict,
                                     double side);

/* How one document's stands agree with those of the others, on the themes that both speak of. */
typedef struct {
    size_t pairs;     /* (theme, other document) compared */
    double agreement; /* undefined without any */
} DocumentAgreement;

/* Lijphart's index of agreement (1963), (f + g/2) / t: of the t comparisons f agree, and in g one
 * of the two takes no side. themes: balances of all n_themes; stands: the document's, one a theme.
 */
DocumentAgreement documents_agreement(const ThemeBalance *themes, const DocumentStand *stands,
                                      size_t n_themes);

#endif
