/* Shares with their intervals. Sizes are real numbers: an effective n is welcome. */
#ifndef INNSIKT_ANALYZE_PROPORTION_H
#define INNSIKT_ANALYZE_PROPORTION_H

#include "analyze/undefined.h"

/* proportion.wilson (Wilson 1927): p = x / n, z the normal quantile,
 *     (p + z^2/2n +- z sqrt(p(1 - p)/n + z^2/4n^2)) / (1 + z^2/n),
 * exactly 0 and 1 at the ends. x of n, 0 <= x <= n; undefined when n is undefined or 0. */
Estimate proportion_wilson(double x, double n, double conf);

/* proportion.newcombe_diff (Newcombe 1998b, method 10): difference of two independent shares,
 *     d - sqrt((p1 - l1)^2 + (u2 - p2)^2)  to  d + sqrt((u1 - p1)^2 + (p2 - l2)^2),
 * l and u Wilson's. Undefined when either n is undefined or 0. */
Estimate proportion_newcombe_diff(double x1, double n1, double x2, double n2, double conf);

#endif
