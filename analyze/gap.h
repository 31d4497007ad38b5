/* The gap between what is said and what is done, asked of the same person. */
#ifndef INNSIKT_ANALYZE_GAP_H
#define INNSIKT_ANALYZE_GAP_H

#include <stddef.h>

#include "analyze/undefined.h"

/* Wilcoxon's signed-rank test (Wilcoxon 1945): zeros dropped, mid-ranks, m left, t tied values,
 *     variance m(m+1)(2m+1)/24 - sum(t^3 - t)/48,  continuity 1/2.
 * Undefined when all differences are zero. Ignores that answers share organisations: a check for
 * the methods sheet. */
typedef struct {
    double v;       /* rank sum of the positive differences */
    double z, p;    /* two-sided */
    double p_exact; /* by enumeration; undefined above 18 differences */
} WilcoxonTest;

typedef struct {
    size_t n;         /* pairs with both sides */
    double mean_diff; /* of x - y; all undefined for n = 0 */
    double share_pos, share_neg, share_zero;
    double dominance; /* share_pos - share_neg */
    WilcoxonTest test;
} GapPaired;

/* gap.paired: d_i = x_i - y_i (important - practised). NaN where missing. The mean's interval is
 * interval_mean on d, within +-(K - 1). O(n log n). */
GapPaired gap_paired(const double *x, const double *y, size_t n);

/* Signed-rank test of d[n], all defined. */
WilcoxonTest gap_wilcoxon(const double *d, size_t n);

/* Corners of importance and performance (Martilla & James 1977) at the fixed middle of the scale,
 * (K + 1) / 2; the border counts as high. */
typedef enum {
    GAP_CORNER_NONE,
    GAP_CONCENTRATE,  /* importance high, practice low */
    GAP_KEEP_UP,      /* both high */
    GAP_LOW_PRIORITY, /* both low */
    GAP_OVERKILL,     /* importance low, practice high */
} GapCorner;

GapCorner gap_ipa(double importance, double performance, double midpoint); /* NONE: undefined */
const char *gap_corner_key(GapCorner corner); /* "concentrate", "keep_up" …; "" for NONE */

#endif
