/* Whether several items measure one thing. Low values with clear items are no scandal: the items
 * may be different facets. */
#ifndef INNSIKT_ANALYZE_RELIABILITY_H
#define INNSIKT_ANALYZE_RELIABILITY_H

#include <stddef.h>

#include "analyze/undefined.h"

typedef struct {
    double alpha;      /* at most 1, may be negative */
    double low, high;  /* undefined with alpha */
    size_t n_complete; /* respondents with every item */
    size_t n_left_out;
    Undefined why; /* TOO_FEW: people or items; NO_SPREAD: the total does not vary */
} CronbachAlpha;

/* reliability.cronbach_alpha (Cronbach 1951), interval by Feldt (1965), k items, n complete:
 *     alpha = k/(k - 1) (1 - sum s_j^2 / s_T^2),
 *     1 - (1 - alpha) F(1 - c) to 1 - (1 - alpha) F(c),  df (n - 1, (n - 1)(k - 1)).
 * x: n rows of k items, NaN where missing; incomplete rows drop out. */
CronbachAlpha reliability_cronbach_alpha(const double *x, size_t n, size_t k, double conf);

/* reliability.omega: McDonald's omega (McDonald 1999) from given loadings and unique variances,
 *     (sum l)^2 / ((sum l)^2 + sum u).  Undefined when both sums are 0. */
double reliability_omega(const double *loading, const double *uniqueness, size_t k);

#endif
