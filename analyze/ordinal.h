/* One question's answers reduced to counts per step, and what is read off the counts.
 *
 * Quantiles are of type 2 (Hyndman & Fan 1996): the inverse of the distribution function, averaged
 * at its jumps, so that a median is a step or halfway between two, never 2.25. */
#ifndef INNSIKT_ANALYZE_ORDINAL_H
#define INNSIKT_ANALYZE_ORDINAL_H

#include <stddef.h>

#include "analyze/undefined.h"

#define STEPS_MAX 11 /* a scale has 2 to STEPS_MAX steps */

/* Everything the methods on one ordinal question need. Tallies of parts may be added member by
 * member. Arrays are indexed by step - 1. */
typedef struct {
    int k;                   /* steps of the scale */
    double count[STEPS_MAX]; /* weighted */
    size_t raw[STEPS_MAX];   /* answers, unweighted */
    double sum_w, sum_w2;    /* of the weights that count, and of their squares */
    size_t n, n_missing;     /* answers with a weight above 0; missing answers */
} Tally;

/* x[n]: step 1..k, 0 or less where missing; a step above k is a programming error, since codes are
 * checked when they are mapped. w[n], or NULL for 1 each; an answer with weight 0 is as if absent.
 */
void ordinal_tally(const int8_t *x, const double *w, size_t n, int k, Tally *ret);

/* Writes share[t->k] = count / sum; false, with nothing written, when there are no answers. */
bool ordinal_shares(const Tally *t, double *ret_share);

typedef struct {
    double share[STEPS_MAX]; /* undefined without answers; unused steps of the array likewise */
    int median_low, median_high;
    double median;       /* their mean */
    double interpolated; /* the median within its step, each step one wide */
    double q1, q3, iqr;
    double mean, sd; /* sd undefined for one answer */
    bool mode[STEPS_MAX];
} OrdinalSummary;

/* Without answers every number is undefined, medians are 0 and no step is a mode.
 * sd^2 = W / (W^2 - sum w^2) * sum w (x - mean)^2. O(K). */
OrdinalSummary ordinal_summary(const Tally *t);

/* Type-2 quantile of shares over k steps, 0 < p < 1; ret_low and ret_high are the two steps it
 * averages (either may be NULL). */
double ordinal_quantile(const double *share, int k, double p, int *ret_low, int *ret_high);

/* Share of the steps whose bit (1 << (step - 1)) is set; undefined without answers. */
double ordinal_share_of(const Tally *t, unsigned steps);

typedef struct {
    double net; /* top share - bottom share, -1..1 */
    double se, low, high;
} OrdinalNet;

/* Net share with a normal interval after half an answer is added to top, rest and bottom (the idea
 * of Agresti & Min 2005), N = neff + 1.5:
 *     se = sqrt((t + b - (t - b)^2) / N),  t, b the shares after the addition;
 * clipped to -1..1. All undefined when neff is undefined or 0. */
OrdinalNet ordinal_net(const double *share, int k, unsigned top, unsigned bottom, double neff,
                       double conf);

#endif
