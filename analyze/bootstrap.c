#include "analyze/bootstrap.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <string.h>

#include "analyze/compare.h"
#include "analyze/random.h"

size_t bootstrap_draw(gsl_rng *rng, const uint32_t *group, size_t n, size_t groups, uint32_t *ret)
{
    g_autofree uint32_t *member = g_new(uint32_t, n + 1);
    size_t drawn = 0;

    if (!group) {
        if (n > 0)
            random_below(rng, n, n, ret);
        return n;
    }
    for (size_t g = 0; g < groups; g++) {
        size_t members = 0;
        for (uint32_t i = 0; i < n; i++)
            if (group[i] == g)
                member[members++] = i;
        if (members)
            random_below(rng, members, members, ret + drawn);
        for (size_t end = drawn + members; drawn < end; drawn++)
            ret[drawn] = member[ret[drawn]];
    }
    return drawn;
}

Bootstrap bootstrap_percentile(double theta, const double *replicate, size_t b, double conf)
{
    g_autofree double *sorted = g_new(double, b + 1);
    Bootstrap r = {theta, UNDEFINED, UNDEFINED, UNDEFINED, 0, 0, UNDEFINED_TOO_FEW};

    for (size_t i = 0; i < b; i++)
        if (is_defined(replicate[i]))
            sorted[r.used++] = replicate[i];
    r.undefined = b - r.used;
    if (!is_defined(theta) || r.used < 2)
        return r;
    r.why = UNDEFINED_NOT;
    r.se = gsl_stats_sd(sorted, 1, r.used);
    gsl_sort(sorted, 1, r.used);
    r.low = gsl_stats_quantile_from_sorted_data(sorted, 1, r.used, 0.5 - conf / 2);
    r.high = gsl_stats_quantile_from_sorted_data(sorted, 1, r.used, 0.5 + conf / 2);
    return r;
}

/* Mean of the drawn units, weighed by the targets of their groups. */
static double mean_by_target(const OrgMean *unit, const uint32_t *draw, size_t n,
                             const double *target, size_t groups, double *sum, double *size)
{
    double theta = 0, present = 0;

    memset(sum, 0, groups * sizeof *sum);
    memset(size, 0, groups * sizeof *size);
    for (size_t i = 0; i < n; i++) {
        const OrgMean *u = &unit[draw[i]];
        size_t g = u->group;
        if (g >= groups)
            continue;
        sum[g] += u->mean;
        size[g]++;
    }
    for (size_t g = 0; g < groups; g++) {
        double t = target[g];
        if (!(size[g] > 0 && t > 0))
            continue;
        theta += t * sum[g] / size[g];
        present += t;
    }
    return present > 0 ? theta / present : UNDEFINED;
}

/* Means of one unit or of none have no spread that a resample could show. */
static Bootstrap percentile_of_means(double theta, const double *replicate, size_t b, double conf,
                                     size_t n)
{
    Bootstrap result = bootstrap_percentile(theta, replicate, b, conf);
    if (n < 2) {
        result.se = result.low = result.high = UNDEFINED;
        result.why = UNDEFINED_TOO_FEW;
    }
    return result;
}

Bootstrap bootstrap_mean(const double *x, size_t n, gsl_rng *rng, size_t b, double conf,
                         double *ret_replicate)
{
    g_autofree uint32_t *draw = g_new(uint32_t, n + 1);
    g_autofree double *room = ret_replicate ? NULL : g_new(double, b + 1);
    double *replicate = ret_replicate ? ret_replicate : room, all = 0;

    for (size_t i = 0; i < n; i++)
        all += x[i];
    for (size_t r = 0; r < b; r++) {
        double sum = 0;
        bootstrap_draw(rng, NULL, n, 1, draw);
        for (size_t i = 0; i < n; i++)
            sum += x[draw[i]];
        replicate[r] = n ? sum / (double)n : UNDEFINED;
    }
    return percentile_of_means(n ? all / (double)n : UNDEFINED, replicate, b, conf, n);
}

static Bootstrap targeted_mean(const OrgMean *unit, size_t n, const double *target, size_t groups,
                               gsl_rng *rng, size_t b, double conf, double *replicate)
{
    g_autofree uint32_t *draw = g_new(uint32_t, n + 1);
    g_autofree uint32_t *group = g_new(uint32_t, n + 1);
    g_autofree double *sum = g_new(double, groups + 1);
    g_autofree double *size = g_new(double, groups + 1);

    for (uint32_t i = 0; i < n; i++) {
        draw[i] = i;
        group[i] = unit[i].group;
    }
    double theta = mean_by_target(unit, draw, n, target, groups, sum, size);
    for (size_t r = 0; r < b; r++) {
        size_t drawn = bootstrap_draw(rng, group, n, groups, draw);
        replicate[r] = mean_by_target(unit, draw, drawn, target, groups, sum, size);
    }
    return percentile_of_means(theta, replicate, b, conf, n);
}

Bootstrap bootstrap_org_mean(const OrgMean *unit, size_t n, const double *target, size_t groups,
                             gsl_rng *rng, size_t b, double conf)
{
    g_autofree double *replicate = g_new(double, b + 1);

    if (target)
        return targeted_mean(unit, n, target, groups, rng, b, conf, replicate);
    g_autofree double *mean = g_new(double, n + 1);
    for (size_t i = 0; i < n; i++)
        mean[i] = unit[i].mean;
    return bootstrap_mean(mean, n, rng, b, conf, replicate);
}

/* Share of the replicates below theta, ties half. */
static double share_below(double theta, const double *replicate, size_t b)
{
    double below = 0;

    for (size_t i = 0; i < b; i++) {
        double off = compare_round(replicate[i] - theta);
        below += off < 0 ? 1 : off > 0 ? 0 : 0.5;
    }
    return below / (double)b;
}

static double acceleration(const double *jackknife, size_t n)
{
    double mean = gsl_stats_mean(jackknife, 1, n), squares = 0, cubes = 0;

    for (size_t i = 0; i < n; i++) {
        double l = compare_round(mean - jackknife[i]);
        squares += l * l;
        cubes += l * l * l;
    }
    return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : UNDEFINED;
}

BootstrapBca bootstrap_bca(double theta, const double *replicate, size_t b, const double *jackknife,
                           size_t n, double conf)
{
    BootstrapBca r = {UNDEFINED, UNDEFINED, UNDEFINED,          UNDEFINED,
                      UNDEFINED, UNDEFINED, UNDEFINED_NO_SPREAD};

    if (b == 0 || n == 0)
        return r;
    g_autofree double *sorted = g_memdup2(replicate, b * sizeof *replicate);
    double below = share_below(theta, replicate, b), a = acceleration(jackknife, n);
    gsl_sort(sorted, 1, b);
    if (!is_defined(a) || !(below > 0 && below < 1) || !(sorted[b - 1] > sorted[0]))
        return r;
    double z = gsl_cdf_ugaussian_Pinv(0.5 + conf / 2), z0 = gsl_cdf_ugaussian_Pinv(below);
    r.why = UNDEFINED_NOT;
    r.z0 = z0;
    r.a = a;
    r.p_low = gsl_cdf_ugaussian_P(z0 + (z0 - z) / (1 - a * (z0 - z)));
    r.p_high = gsl_cdf_ugaussian_P(z0 + (z0 + z) / (1 - a * (z0 + z)));
    r.low = gsl_stats_quantile_from_sorted_data(sorted, 1, b, r.p_low);
    r.high = gsl_stats_quantile_from_sorted_data(sorted, 1, b, r.p_high);
    return r;
}
