#include "analyze/gap.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>

#include "analyze/compare.h"
#include "analyze/rank.h"

enum { EXACT_MOST = 18 }; /* differences: 2^18 sign patterns */

/* P(|V - E V| >= |v - E V|) over all signs: how many of the 2^m sign patterns give each rank sum.
 * Ranks are doubled, so that mid-ranks are whole. */
static double wilcoxon_exact(const double *rank, size_t m, double v)
{
    double ways[EXACT_MOST * (EXACT_MOST + 1) + 1] = {1};
    size_t total = 0;
    double as_far = 0;

    for (size_t i = 0; i < m; i++) {
        size_t doubled = (size_t)lround(2 * rank[i]);
        total += doubled;
        for (size_t s = total; s >= doubled; s--)
            ways[s] += ways[s - doubled];
    }
    double middle = (double)total / 2, distance = fabs(2 * v - middle);
    for (size_t s = 0; s <= total; s++)
        as_far += fabs((double)s - middle) >= distance - COMPARE_EPSILON ? ways[s] : 0;
    return as_far / ldexp(1, (int)m);
}

WilcoxonTest gap_wilcoxon(const double *d, size_t n)
{
    g_autofree double *size = g_new(double, n + 1);
    g_autofree double *rank = g_new(double, n + 1);
    g_autofree bool *positive = g_new(bool, n + 1);
    WilcoxonTest t = {UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED};
    size_t left = 0;

    for (size_t i = 0; i < n; i++) {
        size[left] = fabs(compare_round(d[i]));
        positive[left] = d[i] > 0;
        left += size[left] > 0;
    }
    if (left == 0)
        return t;
    double ties = rank_midranks(size, left, rank), m = (double)left;
    t.v = 0;
    for (size_t i = 0; i < left; i++)
        t.v += positive[i] ? rank[i] : 0;
    double off = t.v - m * (m + 1) / 4;
    double sd = sqrt(m * (m + 1) * (2 * m + 1) / 24 - ties / 48);
    t.z = (off - 0.5 * ((off > 0) - (off < 0))) / sd;
    t.p = 2 * gsl_cdf_ugaussian_Q(fabs(t.z));
    if (left <= EXACT_MOST)
        t.p_exact = wilcoxon_exact(rank, left, t.v);
    return t;
}

GapPaired gap_paired(const double *x, const double *y, size_t n)
{
    g_autofree double *d = g_new(double, n + 1);
    double sum = 0, pos = 0, neg = 0;
    GapPaired g = {.mean_diff = UNDEFINED,
                   .share_pos = UNDEFINED,
                   .share_neg = UNDEFINED,
                   .share_zero = UNDEFINED,
                   .dominance = UNDEFINED};

    for (size_t i = 0; i < n; i++) {
        if (!is_defined(x[i]) || !is_defined(y[i]))
            continue;
        double diff = x[i] - y[i];
        d[g.n++] = diff;
        sum += diff;
        pos += compare_round(diff) > 0;
        neg += compare_round(diff) < 0;
    }
    g.test = gap_wilcoxon(d, g.n);
    if (g.n == 0)
        return g;
    double pairs = (double)g.n;
    g.mean_diff = sum / pairs;
    g.share_pos = pos / pairs;
    g.share_neg = neg / pairs;
    g.share_zero = (pairs - pos - neg) / pairs;
    g.dominance = (pos - neg) / pairs;
    return g;
}

GapCorner gap_ipa(double importance, double performance, double midpoint)
{
    if (!is_defined(importance) || !is_defined(performance) || !is_defined(midpoint))
        return GAP_CORNER_NONE;
    bool important = compare_round(importance) >= compare_round(midpoint);
    bool practised = compare_round(performance) >= compare_round(midpoint);
    if (important)
        return practised ? GAP_KEEP_UP : GAP_CONCENTRATE;
    return practised ? GAP_OVERKILL : GAP_LOW_PRIORITY;
}

const char *gap_corner_key(GapCorner corner)
{
    static const char *const key[] = {"", "concentrate", "keep_up", "low_priority", "overkill"};

    return key[corner];
}
