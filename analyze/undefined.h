/* How a number that does not exist looks inside analyze/: a `double` holding NaN, asked about with
 * is_defined() and never compared. Every method's header says which of its results may be
 * undefined; where more than one cause is possible the result carries an Undefined beside it.
 * Writers turn it into null, or into a word and a reason: NaN never leaves the program, and 0 or
 * -1 never stands for «not known». Steps and indices that do not exist are 0 and NO_INDEX. */
#ifndef INNSIKT_ANALYZE_UNDEFINED_H
#define INNSIKT_ANALYZE_UNDEFINED_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define UNDEFINED ((double)NAN)
#define NO_INDEX  UINT32_MAX /* no organisation, group, row …: of an array of uint32_t indices */

typedef enum {
    UNDEFINED_NOT,          /* it is defined */
    UNDEFINED_NO_ANSWERS,   /* nobody answered, or every weight is 0 */
    UNDEFINED_TOO_FEW,      /* fewer answers, people, items or pairs than the formula needs */
    UNDEFINED_FEW_ORGS,     /* fewer organisations than the formula or the rule needs */
    UNDEFINED_SINGLE_ORGS,  /* no organisation has two answers */
    UNDEFINED_NO_SPREAD,    /* all values are equal */
    UNDEFINED_FEW_STEPS,    /* the scale has too few steps */
    UNDEFINED_NOT_DECLARED, /* the framework does not say what it needs */
    UNDEFINED_INCOMPLETE,   /* a cell that the formula needs is missing */
    UNDEFINED_NO_FRAME,     /* nothing to divide by: no frame, no target, no time passed */
    UNDEFINED_OUTSIDE,      /* the solution lies outside [0, 1], or the lines are parallel */
    UNDEFINED_COUNT
} Undefined;

static inline bool is_defined(double x)
{
    return !isnan(x);
}

/* The key of a reason in labels and results.json ("no_answers"); "" for UNDEFINED_NOT. */
const char *undefined_key(Undefined why);

/* An estimate with its interval. Each member may be undefined on its own: an estimate without an
 * interval is common, the reverse does not occur. */
typedef struct {
    double value, low, high;
} Estimate;

#define ESTIMATE_UNDEFINED ((Estimate){UNDEFINED, UNDEFINED, UNDEFINED})

#endif
