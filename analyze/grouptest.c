#include "analyze/grouptest.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>

#include "analyze/compare.h"

#define EXACT_MOST 200000.0 /* divisions of N people into the two groups */

static double sum_of(const size_t *count, size_t k)
{
    double n = 0;

    for (size_t l = 0; l < k; l++)
        n += (double)count[l];
    return n;
}

/* Mid-ranks of the levels when level l holds all[l] answers; returns the sum of t^3 - t. */
static double level_ranks(const size_t *all, size_t k, double *ret_rank)
{
    double below = 0, ties = 0;

    for (size_t l = 0; l < k; l++) {
        double t = (double)all[l];
        ret_rank[l] = below + (t + 1) / 2;
        below += t;
        ties += t * t * t - t;
    }
    return ties;
}

static double rank_sum(const size_t *count, const double *rank, size_t k)
{
    double sum = 0;

    for (size_t l = 0; l < k; l++)
        sum += (double)count[l] * rank[l];
    return sum;
}

/* C(n, k) when it is at most `most`, else more than `most`. */
static double choose_up_to(double n, double k, double most)
{
    double c = 1;

    k = fmin(k, n - k);
    for (double i = 1; i <= k && c <= most; i++)
        c = c * (n - k + i) / i;
    return round(c);
}

/* Every way to pick a group's answers, walked level by level. */
typedef struct {
    const size_t *all;
    const double *rank;
    size_t k;
    double middle, distance; /* of the rank sum: expected, and observed away from it */
    double total, as_far;    /* ways walked, and those at least as far away */
} Walk;

/* Picks `left` more answers from `level` on; `ways` picks share the levels behind. As deep as the
 * group is large, which EXACT_MOST keeps to about ten. */
static void walk_picks(Walk *w, size_t level, size_t left, double sum, double ways)
{
    if (left == 0) {
        w->total += ways;
        w->as_far += fabs(sum - w->middle) >= w->distance - COMPARE_EPSILON ? ways : 0;
        return;
    }
    for (size_t l = level; l < w->k; l++)
        for (size_t take = 1; take <= MIN(w->all[l], left); take++)
            walk_picks(w, l + 1, left - take, sum + (double)take * w->rank[l],
                       ways * gsl_sf_choose((unsigned)w->all[l], (unsigned)take));
}

/* P(|R - E R| >= |r - E R|) over all choices of m of n answers, r the rank sum of m. */
static double exact_p(const size_t *all, const double *rank, size_t k, double m, double n, double r)
{
    Walk w = {.all = all, .rank = rank, .k = k};

    w.middle = m * (n + 1) / 2;
    w.distance = fabs(r - w.middle);
    if (2 * m > n) /* the other group is as far from its own middle */
        w.middle = (n - m) * (n + 1) / 2;
    walk_picks(&w, 0, (size_t)fmin(m, n - m), 0, 1);
    return w.as_far / w.total;
}

MannWhitney grouptest_mann_whitney(const size_t *x, const size_t *y, size_t k)
{
    g_autofree size_t *all = g_new(size_t, k + 1);
    g_autofree double *rank = g_new(double, k + 1);
    double m = sum_of(x, k), n = sum_of(y, k), total = m + n;
    MannWhitney t = {UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED_NO_ANSWERS};

    if (!(m > 0 && n > 0))
        return t;
    for (size_t l = 0; l < k; l++)
        all[l] = x[l] + y[l];
    double ties = level_ranks(all, k, rank), r = rank_sum(x, rank, k);
    t.u = r - m * (m + 1) / 2;
    double variance = m * n / 12 * (total + 1 - ties / (total * (total - 1)));
    t.why = compare_round(variance) > 0 ? UNDEFINED_NOT : UNDEFINED_NO_SPREAD;
    if (t.why != UNDEFINED_NOT)
        return t;
    double off = t.u - m * n / 2;
    t.z = (off - 0.5 * ((off > 0) - (off < 0))) / sqrt(variance);
    t.p = 2 * gsl_cdf_ugaussian_Q(fabs(t.z));
    if (choose_up_to(total, m, EXACT_MOST) <= EXACT_MOST)
        t.p_exact = exact_p(all, rank, k, m, total, r);
    return t;
}

KruskalWallis grouptest_kruskal_wallis(const size_t *count, size_t groups, size_t k)
{
    g_autofree size_t *all = g_new0(size_t, k + 1);
    g_autofree double *rank = g_new(double, k + 1);
    double filled = 0, between = 0;
    KruskalWallis t = {UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED_TOO_FEW};

    for (size_t g = 0; g < groups; g++)
        for (size_t l = 0; l < k; l++)
            all[l] += count[g * k + l];
    double n = sum_of(all, k), ties = level_ranks(all, k, rank);
    for (size_t g = 0; g < groups; g++) {
        double size = sum_of(count + g * k, k), r = rank_sum(count + g * k, rank, k);
        filled += size > 0;
        between += size > 0 ? r * r / size : 0;
    }
    if (filled < 2)
        return t;
    double spread = 1 - ties / (n * n * n - n);
    t.why = compare_round(spread) > 0 ? UNDEFINED_NOT : UNDEFINED_NO_SPREAD;
    if (t.why != UNDEFINED_NOT)
        return t;
    t.h = fmax(0, (12 / (n * (n + 1)) * between - 3 * (n + 1)) / spread);
    t.df = filled - 1;
    t.p = gsl_cdf_chisq_Q(t.h, t.df);
    t.epsilon2 = t.h * (n + 1) / (n * n - 1);
    return t;
}

static int by_p(const void *a, const void *b, void *values)
{
    const double *p = values;
    double left = p[*(const size_t *)a], right = p[*(const size_t *)b];

    return (left > right) - (left < right);
}

void grouptest_adjust(const double *p, size_t n, GrouptestAdjust method, double *ret)
{
    g_autofree size_t *order = g_new(size_t, n + 1);
    g_autofree double *raw = g_memdup2(p, n * sizeof *p);
    size_t m = 0;
    double so_far;

    for (size_t i = 0; i < n; i++) {
        ret[i] = UNDEFINED;
        if (is_defined(raw[i]))
            order[m++] = i;
    }
    if (m == 0)
        return;
    g_qsort_with_data(order, (int)m, sizeof *order, by_p, raw);
    if (method == GROUPTEST_HOLM) {
        so_far = 0;
        for (size_t i = 0; i < m; i++)
            ret[order[i]] = so_far = fmax(so_far, fmin(1, (double)(m - i) * raw[order[i]]));
    } else {
        so_far = 1;
        for (size_t i = m; i-- > 0;)
            ret[order[i]] = so_far = fmin(so_far, (double)m / (double)(i + 1) * raw[order[i]]);
    }
}
