/* Ranks and what is read off them. Values equal to 12 decimals tie; NaN is a missing value. */
#ifndef INNSIKT_ANALYZE_RANK_H
#define INNSIKT_ANALYZE_RANK_H

#include <stddef.h>

#include "analyze/undefined.h"

/* Mid-ranks 1..n of x[n], all defined: tied values share the mean of their ranks. Returns the sum
 * of t^3 - t over groups of t tied values. O(n log n). */
double rank_midranks(const double *x, size_t n, double *ret_rank);

/* rank.tau_b: Kendall's tau-b (Kendall 1945), by sorting (Knight 1966): P concordant, Q discordant
 * pairs, n_x and n_y pairs tied on each side:
 *     (P - Q) / sqrt((n_0 - n_x)(n_0 - n_y)),  n_0 = n (n - 1) / 2.
 * Pairs with a missing side drop out. Undefined when a side does not vary. O(n log n). */
double rank_tau_b(const double *x, const double *y, size_t n);

typedef struct {
    double w;     /* 0 no agreement … 1 the same order */
    double chisq; /* m (n - 1) W, df n - 1 */
    double p;
    size_t n_items; /* rated by all */
    Undefined why;  /* TOO_FEW, NO_SPREAD */
} KendallW;

/* kendall.w (Kendall & Babington Smith 1939): `raters` rows of `items` values; items somebody left
 * out drop out. R_j rank sums, T = sum(t^3 - t) of each rater's ties:
 *     W = 12 sum(R_j - R)^2 / (m^2 (n^3 - n) - m sum T). */
KendallW rank_kendall_w(const double *rating, size_t raters, size_t items);

#endif
