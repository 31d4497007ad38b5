/* How two computed numbers are compared. Sums of shares carry rounding in the last digits; what a
 * reader would call equal must tie, and ties go by declared order, so that the same answers in
 * another order give the same verdict and the same ranking. */
#ifndef INNSIKT_ANALYZE_COMPARE_H
#define INNSIKT_ANALYZE_COMPARE_H

#include <math.h>

#define COMPARE_EPSILON 1e-12 /* between sums of shares */

/* x to 12 decimals: before a largest is chosen, a threshold met or a rank given. */
static inline double compare_round(double x)
{
    return round(x * 1e12) / 1e12;
}

#endif
