#include "analyze/robustness.h"

#include <glib.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <string.h>

#include "analyze/compare.h"
#include "analyze/rank.h"

static const RobustnessMetrics no_metrics = {.maximin = UNDEFINED,
                                             .maximax = UNDEFINED,
                                             .worst = NO_INDEX,
                                             .best = NO_INDEX,
                                             .hurwicz = UNDEFINED,
                                             .laplace = UNDEFINED,
                                             .max_regret = UNDEFINED,
                                             .regretted = NO_INDEX,
                                             .p90_regret = UNDEFINED,
                                             .starr = UNDEFINED,
                                             .undesirable_deviation = UNDEFINED,
                                             .mean_variance = UNDEFINED};

static bool is_complete(const double *cell, size_t n)
{
    for (size_t s = 0; s < n; s++)
        if (!is_defined(cell[s]))
            return false;
    return n > 0;
}

static bool passes(double cell, double threshold)
{
    return compare_round(cell) >= compare_round(threshold);
}

/* First of the largest (sign 1) or smallest (sign -1) values. */
static uint32_t extreme(const double *x, size_t n, int sign)
{
    uint32_t best = 0;

    for (uint32_t i = 1; i < n; i++)
        if (sign * compare_round(x[i]) > sign * compare_round(x[best]))
            best = i;
    return best;
}

/* The worse half rounds up: of three scenarios, two. */
static double undesirable_deviation(const double *sorted, size_t n)
{
    double median = gsl_stats_median_from_sorted_data(sorted, 1, n);

    return gsl_stats_mean(sorted, 1, (n + 1) / 2) - median;
}

static RobustnessMetrics metrics_of(const double *cell, const double *regret, size_t n,
                                    double threshold, double alpha, double *room)
{
    RobustnessMetrics m = {.worst = extreme(cell, n, -1),
                           .best = extreme(cell, n, 1),
                           .regretted = extreme(regret, n, 1),
                           .laplace = gsl_stats_mean(cell, 1, n),
                           .mean_variance = UNDEFINED};
    double passed = 0;

    for (size_t s = 0; s < n; s++)
        passed += passes(cell[s], threshold);
    m.maximin = cell[m.worst];
    m.maximax = cell[m.best];
    m.hurwicz = alpha * m.maximin + (1 - alpha) * m.maximax;
    m.max_regret = regret[m.regretted];
    m.starr = passed / (double)n;
    if (n > 1)
        m.mean_variance = (m.laplace + 1) / (gsl_stats_sd(cell, 1, n) + 1);
    memcpy(room, regret, n * sizeof *room);
    gsl_sort(room, 1, n);
    m.p90_regret = gsl_stats_quantile_from_sorted_data(room, 1, n, 0.9);
    memcpy(room, cell, n * sizeof *room);
    gsl_sort(room, 1, n);
    m.undesirable_deviation = undesirable_deviation(room, n);
    return m;
}

void robustness_metrics(const double *f, size_t priorities, size_t scenarios, double threshold,
                        double alpha, RobustnessMetrics *ret, double *ret_regret)
{
    g_autofree double *best = g_new(double, scenarios + 1);
    g_autofree double *regret = g_new(double, scenarios + 1);
    g_autofree double *room = g_new(double, scenarios + 1);

    for (size_t s = 0; s < scenarios; s++) {
        best[s] = UNDEFINED;
        for (size_t i = 0; i < priorities; i++)
            best[s] = fmax(best[s], f[i * scenarios + s]); /* fmax passes over NaN */
    }
    for (size_t i = 0; i < priorities; i++) {
        const double *cell = f + i * scenarios;
        for (size_t s = 0; s < scenarios; s++)
            regret[s] = best[s] - cell[s];
        if (ret_regret)
            memcpy(ret_regret + i * scenarios, regret, scenarios * sizeof *regret);
        ret[i] = is_complete(cell, scenarios)
                     ? metrics_of(cell, regret, scenarios, threshold, alpha, room)
                     : no_metrics;
    }
}

RobustnessClass robustness_classify(const double *cell, size_t scenarios, double threshold,
                                    double soft, bool *ret_failing)
{
    size_t passed = 0;

    for (size_t s = 0; s < scenarios; s++) {
        bool pass = is_defined(cell[s]) && passes(cell[s], threshold);
        passed += pass;
        if (ret_failing)
            ret_failing[s] = is_defined(cell[s]) && !pass;
    }
    if (!is_complete(cell, scenarios))
        return ROBUSTNESS_INCOMPLETE;
    if (passed == scenarios)
        return ROBUSTNESS_ROBUST;
    return (double)passed >= soft * (double)scenarios - COMPARE_EPSILON ? ROBUSTNESS_CONDITIONAL
                                                                        : ROBUSTNESS_FRAGILE;
}

const char *robustness_class_key(RobustnessClass c)
{
    static const char *const key[] = {"incomplete", "fragile", "conditional", "robust"};

    return key[c];
}

BreakEven robustness_break_even(const double *a, const double *b, size_t scenarios, size_t scenario)
{
    BreakEven e = {UNDEFINED, false, UNDEFINED_NOT};
    double rest = 0;

    if (!is_complete(a, scenarios) || !is_complete(b, scenarios))
        e.why = UNDEFINED_INCOMPLETE;
    else if (scenarios < 2)
        e.why = UNDEFINED_TOO_FEW;
    if (e.why != UNDEFINED_NOT)
        return e;
    for (size_t s = 0; s < scenarios; s++)
        rest += s == scenario ? 0 : (a[s] - b[s]) / (double)(scenarios - 1);
    double slope = (a[scenario] - b[scenario]) - rest; /* of a's lead over p */
    double p = compare_round(slope) == 0 ? UNDEFINED : compare_round(-rest / slope);
    if (!(p >= 0 && p <= 1)) {
        e.why = UNDEFINED_OUTSIDE;
        return e;
    }
    e.p = CLAMP(-rest / slope, 0.0, 1.0);
    e.b_above = slope < 0;
    return e;
}

PercentileShape robustness_percentile_shape(const double *cell, size_t scenarios)
{
    static const double at[] = {0.10, 0.25, 0.50, 0.75, 0.90};
    g_autofree double *sorted = g_new(double, scenarios + 1);
    double q[G_N_ELEMENTS(at)];
    PercentileShape shape = {UNDEFINED, UNDEFINED};

    if (!is_complete(cell, scenarios))
        return shape;
    memcpy(sorted, cell, scenarios * sizeof *sorted);
    gsl_sort(sorted, 1, scenarios);
    for (size_t i = 0; i < G_N_ELEMENTS(at); i++)
        q[i] = gsl_stats_quantile_from_sorted_data(sorted, 1, scenarios, at[i]);
    if (compare_round(q[4] - q[0]) > 0)
        shape.skew = (q[2] - (q[4] + q[0]) / 2) / ((q[4] - q[0]) / 2);
    if (compare_round(q[3] - q[1]) > 0)
        shape.peak = (q[4] - q[0]) / (q[3] - q[1]);
    return shape;
}

void robustness_ranks(const double *metric, size_t n, bool smaller_is_better, double *ret_rank)
{
    g_autofree double *value = g_new(double, n + 1);
    g_autofree double *rank = g_new(double, n + 1);
    size_t defined = 0;

    for (size_t i = 0; i < n; i++)
        if (is_defined(metric[i]))
            value[defined++] = (smaller_is_better ? 1 : -1) * round(metric[i] * 1e9) / 1e9;
    rank_midranks(value, defined, rank);
    defined = 0;
    for (size_t i = 0; i < n; i++)
        ret_rank[i] = is_defined(metric[i]) ? rank[defined++] : UNDEFINED;
}
