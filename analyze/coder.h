/* Do coders who rated the same thing agree? Krippendorff's alpha, ordinal, per main question
 * (methods.md 3.14). A unit is what one person said on one item; its values are the steps that
 * each coder (attribute `coder`) put it on. Respondents among themselves may disagree and are not
 * measured so. */
#ifndef INNSIKT_ANALYZE_CODER_H
#define INNSIKT_ANALYZE_CODER_H

#include "analyze/krippendorff.h"
#include "analyze/product.h"

typedef struct {
    char *key;                    /* "coder/choices-clear" */
    int question;                 /* TERM_QUESTION */
    size_t coders, units, values; /* of units with at least two values */
    Krippendorff alpha;
    KrippendorffInterval interval;
    const char *word; /* by the lower bound: "rely", "tentative", "discuss"; "undefined" without */
    GArray *records;
} CoderAgreement;

typedef struct {
    GArray *questions; /* of CoderAgreement */
} CoderAgreements;

/* NULL: nothing was rated by two coders. */
const CoderAgreements *results_coders(const Results *results);

#endif
