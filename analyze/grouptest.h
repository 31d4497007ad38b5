/* Tests between groups: a check beside the effect size, for the methods sheet only. They ignore
 * that answers share organisations, so their p is too small.
 *
 * Groups come as counts per value: count[level] of answers at each of k values in rising order. */
#ifndef INNSIKT_ANALYZE_GROUPTEST_H
#define INNSIKT_ANALYZE_GROUPTEST_H

#include <stddef.h>

#include "analyze/undefined.h"

typedef struct {
    double u;       /* of x: pairs with x > y, ties half */
    double z, p;    /* two-sided */
    double p_exact; /* over all C(N, m) divisions when these are at most 200,000 */
    Undefined why;  /* NO_ANSWERS: a group is empty; NO_SPREAD: all values equal */
} MannWhitney;

/* test.mann_whitney (Mann & Whitney 1947): mid-ranks, variance
 *     mn/12 {(N + 1) - sum(t^3 - t) / (N (N - 1))},  continuity 1/2.
 * Exact p: rank sums at least as far from their mean. u is defined for groups that are not empty.
 */
MannWhitney grouptest_mann_whitney(const size_t *x, const size_t *y, size_t k);

typedef struct {
    double h, df, p;
    double epsilon2; /* effect size H (N + 1) / (N^2 - 1) */
    Undefined why;   /* TOO_FEW: fewer than two groups with answers; NO_SPREAD */
} KruskalWallis;

/* test.kruskal_wallis (Kruskal & Wallis 1952), corrected for ties; empty groups drop out. count is
 * groups x k, row by row. */
KruskalWallis grouptest_kruskal_wallis(const size_t *count, size_t groups, size_t k);

typedef enum {
    GROUPTEST_HOLM, /* Holm 1979: a planned family of tests */
    GROUPTEST_BH,   /* Benjamini & Hochberg 1995: screening */
} GrouptestAdjust;

/* p.adjust: writes ret[n]; undefined p's stay so and do not count. p may be ret. */
void grouptest_adjust(const double *p, size_t n, GrouptestAdjust method, double *ret);

#endif
