#include "analyze/reliability.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include "analyze/compare.h"

/* Copies the complete rows; returns how many. */
static size_t complete_rows(const double *x, size_t n, size_t k, double *ret)
{
    size_t complete = 0;

    for (size_t i = 0; i < n; i++) {
        bool whole = true;
        for (size_t j = 0; j < k; j++) {
            ret[complete * k + j] = x[i * k + j];
            whole = whole && is_defined(x[i * k + j]);
        }
        complete += whole;
    }
    return complete;
}

static double variance_of_totals(const double *row, size_t n, size_t k)
{
    g_autofree double *total = g_new0(double, n + 1);

    for (size_t i = 0; i < n * k; i++)
        total[i / k] += row[i];
    return gsl_stats_variance(total, 1, n);
}

CronbachAlpha reliability_cronbach_alpha(const double *x, size_t n, size_t k, double conf)
{
    g_autofree double *row = g_new(double, n *k + 1);
    CronbachAlpha a = {UNDEFINED, UNDEFINED,        UNDEFINED, complete_rows(x, n, k, row),
                       0,         UNDEFINED_TOO_FEW};
    double items = (double)k, people = (double)a.n_complete, parts = 0;

    a.n_left_out = n - a.n_complete;
    if (k < 2 || a.n_complete < 2)
        return a;
    for (size_t j = 0; j < k; j++)
        parts += gsl_stats_variance(row + j, k, a.n_complete);
    double whole = variance_of_totals(row, a.n_complete, k);
    a.why = compare_round(whole) > 0 ? UNDEFINED_NOT : UNDEFINED_NO_SPREAD;
    if (a.why != UNDEFINED_NOT)
        return a;
    a.alpha = items / (items - 1) * (1 - parts / whole);
    double df1 = people - 1, df2 = df1 * (items - 1);
    a.low = 1 - (1 - a.alpha) * gsl_cdf_fdist_Pinv(0.5 + conf / 2, df1, df2);
    a.high = 1 - (1 - a.alpha) * gsl_cdf_fdist_Pinv(0.5 - conf / 2, df1, df2);
    return a;
}

double reliability_omega(const double *loading, const double *uniqueness, size_t k)
{
    double common = 0, unique = 0;

    for (size_t j = 0; j < k; j++) {
        common += loading[j];
        unique += uniqueness[j];
    }
    common *= common;
    return common + unique > 0 ? common / (common + unique) : UNDEFINED;
}
