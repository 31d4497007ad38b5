/* Guiding documents × themes: which way each steers (methods.md 4.14). Pure functions, safe from
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
    bool pull_apart; /* conflict ≥ ½, and on each side two documents or one of national rank */
} ThemeBalance;

ThemeBalance documents_theme_balance(const DocumentStand *stands, size_t n);

#endif
