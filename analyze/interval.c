#include "analyze/interval.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>

typedef struct {
    double n, sum, inverse_m; /* units, and sums over them */
    double squares;           /* around the group's mean */
} Group;

IntervalRules interval_rules_default(void)
{
    return (IntervalRules){.rho = 0.2, .lambda = 0.25, .conf = 0.90, .min_org = 3};
}

static double target_of(const IntervalInput *in, size_t g)
{
    return in->target ? in->target[g] : 1;
}

/* Sums per group of the units whose group counts; returns the targets' sum over groups present. */
static double group_sums(const IntervalInput *in, size_t groups, Group *group)
{
    double present = 0;

    for (size_t u = 0; u < in->n; u++) {
        Group *g = &group[in->target ? in->unit[u].group : 0];
        g->n++;
        g->sum += in->unit[u].mean;
        g->inverse_m += 1 / in->unit[u].m;
    }
    for (size_t u = 0; u < in->n; u++) {
        Group *g = &group[in->target ? in->unit[u].group : 0];
        double off = in->unit[u].mean - g->sum / g->n;
        g->squares += off * off;
    }
    for (size_t g = 0; g < groups; g++)
        present += group[g].n > 0 ? fmax(0, target_of(in, g)) : 0;
    return present;
}

OrgInterval interval_mean(const IntervalInput *in, const IntervalRules *rules)
{
    size_t groups = in->target ? in->n_group : 1;
    g_autofree Group *group = g_new0(Group, groups + 1);
    double present = group_sums(in, groups, group);
    double s_u2 = (in->k * in->k - 1) / 12.0, theta = 0, variance = 0, satterthwaite = 0;
    OrgInterval r = {UNDEFINED, UNDEFINED, UNDEFINED,           UNDEFINED,
                     UNDEFINED, 0,         UNDEFINED_NO_ANSWERS};

    if (!(present > 0))
        return r;
    for (size_t g = 0; g < groups; g++) {
        double t = target_of(in, g) / present, n = group[g].n;
        if (!(n > 0 && t > 0))
            continue;
        double floor = s_u2 * (rules->rho + (1 - rules->rho) * group[g].inverse_m / n);
        double v = (group[g].squares + rules->lambda * floor) / (n - 1 + rules->lambda);
        double part = t * t * v / n;
        theta += t * group[g].sum / n;
        variance += part;
        satterthwaite += part * part / fmax(1, n - 1);
        r.n_org += (size_t)n;
    }
    r.theta = theta;
    r.why = UNDEFINED_FEW_ORGS;
    if (r.n_org < MAX(rules->min_org, 2))
        return r;
    r.why = UNDEFINED_NOT;
    r.se = sqrt(variance);
    r.df = satterthwaite > 0 ? variance * variance / satterthwaite : (double)r.n_org - 1;
    double half = gsl_cdf_tdist_Pinv(0.5 + rules->conf / 2, r.df) * r.se;
    r.low = fmax(in->low, theta - half);
    r.high = fmin(in->high, theta + half);
    return r;
}

Estimate interval_difference(const OrgInterval *a, const OrgInterval *b, double conf, double low,
                             double high)
{
    const double va = a->se * a->se, vb = b->se * b->se;
    Estimate e = {a->theta - b->theta, UNDEFINED, UNDEFINED};
    if (!is_defined(va + vb) || !(va + vb > 0))
        return e;
    const double df = (va + vb) * (va + vb) / (va * va / a->df + vb * vb / b->df);
    const double half = gsl_cdf_tdist_Pinv(0.5 + conf / 2, df) * sqrt(va + vb);
    e.low = fmax(low, e.value - half);
    e.high = fmin(high, e.value + half);
    return e;
}

size_t interval_org_means(const double *x, const double *share, const uint32_t *org,
                          const uint32_t *group, size_t n, size_t n_org, OrgMean *ret)
{
    g_autofree uint32_t *unit_of = g_new(uint32_t, n + 1);
    g_autofree Unit *unit = g_new(Unit, n + 1);
    g_autofree double *part = g_new(double, n + 1);

    for (size_t i = 0; i < n; i++)
        part[i] = !is_defined(x[i]) ? 0 : share ? share[i] : 1;
    size_t units = units_number(org, group, part, n, n_org, unit_of, unit);
    for (size_t u = 0; u < units; u++)
        ret[u] = (OrgMean){.m = unit[u].persons, .group = unit[u].group};
    for (size_t i = 0; i < n; i++)
        if (unit_of[i] != NO_INDEX)
            ret[unit_of[i]].mean += part[i] * x[i];
    for (size_t u = 0; u < units; u++)
        ret[u].mean /= ret[u].m;
    return units;
}
