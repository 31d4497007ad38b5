/* Guiding documents: which way each steers on the framework's themes and with what force, where
 * they agree and where they pull apart (methods.md 4.14, documents.theme_balance).
 *
 * Answers with one title, however it is spelt, are one document; without a title the response is
 * one. In a register that has a column for each theme every response is a document, also one that
 * says nothing of any theme. «Of national rank» is what the register calls normative. */
#ifndef INNSIKT_ANALYZE_GUIDANCE_H
#define INNSIKT_ANALYZE_GUIDANCE_H

#include "analyze/documents.h"
#include "analyze/product.h"

/* What a document says of a theme. */
typedef enum {
    STAND_SILENT,
    STAND_FOR,
    STAND_AGAINST,
    STAND_BOTH,     /* both ways */
    STAND_MENTIONS, /* speaks of it; nobody said which way */
    N_STANDS
} Stand;
const char *stand_word(Stand stand); /* "for", "against", "both", "mentions", "none" */

typedef struct {
    char *key;         /* "document/" and 32 hex digits made from the folded title */
    const char *title; /* as first written; NULL: nobody told it */
    uint32_t record;   /* the first that tells of it */
    const char *year;  /* of these three what was told first; NULL: nobody did */
    const char *sender, *force;
    uint8_t *stands; /* of Stand, one a TERM_DOCUMENT_THEME */
    size_t themes;   /* it speaks of */
    DocumentAgreement agreement;
    GArray *records; /* of uint32_t */
} GuidingDocument;

typedef struct {
    GArray *documents; /* of GuidingDocument: normative, guiding, neither; then by title */
    size_t n_themes;
    ThemeBalance *themes; /* by TERM_DOCUMENT_THEME */
    size_t unreadable;    /* answers whose theme, direction or force nobody declared */
} Guidance;

/* NULL: there are no documents. */
const Guidance *results_guidance(const Results *results);

/* What it is called: its title, or its source and number there. Caller owns. */
char *guidance_title(const Results *results, const GuidingDocument *document);

#endif
