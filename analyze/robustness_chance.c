#include "analyze/robustness_chance.h"

#include <glib.h>
#include <string.h>

#include "analyze/bootstrap.h"

typedef struct {
    double of_class[ROBUSTNESS_ROBUST + 1];
    double among_first;
} Tally;

RobustnessRules robustness_rules_default(int k)
{
    return (RobustnessRules){.threshold = (k + 1) / 2.0,
                             .soft = 2.0 / 3,
                             .min_cell = 3,
                             .min_org = 8,
                             .replicates = 10000,
                             .first = 3};
}

/* Mean of one cell over the drawn organisations. */
static double cell_mean(const RobustnessAnswers *in, size_t cell, const uint32_t *draw,
                        size_t drawn, size_t min_cell, double *sum, double *size)
{
    size_t cells = in->priorities * in->scenarios, groups = in->target ? in->n_group : 1, n = 0;
    double mean = 0, present = 0;

    memset(sum, 0, groups * sizeof *sum);
    memset(size, 0, groups * sizeof *size);
    for (size_t i = 0; i < drawn; i++) {
        double x = in->mean[draw[i] * cells + cell];
        size_t g = in->target ? in->group[draw[i]] : 0;
        if (!is_defined(x) || g >= groups || (in->target && !(in->target[g] > 0)))
            continue;
        sum[g] += x;
        size[g]++;
        n++;
    }
    for (size_t g = 0; g < groups; g++) {
        double t = in->target ? in->target[g] : 1;
        if (!(size[g] > 0 && t > 0))
            continue;
        mean += t * sum[g] / size[g];
        present += t;
    }
    return n >= min_cell && n > 0 ? mean / present : UNDEFINED;
}

static void cells_of_draw(const RobustnessAnswers *in, const uint32_t *draw, size_t drawn,
                          size_t min_cell, double *sum, double *size, double *ret_f)
{
    for (size_t cell = 0; cell < in->priorities * in->scenarios; cell++)
        ret_f[cell] = cell_mean(in, cell, draw, drawn, min_cell, sum, size);
}

static uint32_t *every_organisation(size_t n)
{
    uint32_t *draw = g_new(uint32_t, n + 1);

    for (uint32_t i = 0; i < n; i++)
        draw[i] = i;
    return draw;
}

void robustness_cells(const RobustnessAnswers *in, size_t min_cell, double *ret_f)
{
    g_autofree uint32_t *draw = every_organisation(in->n_org);
    g_autofree double *sum = g_new(double, in->n_group + 1);
    g_autofree double *size = g_new(double, in->n_group + 1);

    cells_of_draw(in, draw, in->n_org, min_cell, sum, size, ret_f);
}

/* Adds one replicate's classes and ranks to the tallies. */
static void tally_replicate(const RobustnessAnswers *in, const RobustnessRules *rules,
                            const double *f, RobustnessMetrics *metrics, double *regret,
                            double *rank, Tally *tally)
{
    robustness_metrics(f, in->priorities, in->scenarios, rules->threshold, 0.5, metrics, NULL);
    for (size_t i = 0; i < in->priorities; i++)
        regret[i] = metrics[i].max_regret;
    robustness_ranks(regret, in->priorities, true, rank);
    for (size_t i = 0; i < in->priorities; i++) {
        tally[i].of_class[robustness_classify(f + i * in->scenarios, in->scenarios,
                                              rules->threshold, rules->soft, NULL)]++;
        tally[i].among_first += rank[i] <= (double)rules->first;
    }
}

static RobustnessChance chance_of(const Tally *t, Undefined why)
{
    double counted = t->of_class[ROBUSTNESS_ROBUST] + t->of_class[ROBUSTNESS_CONDITIONAL] +
                     t->of_class[ROBUSTNESS_FRAGILE];
    RobustnessChance c = {UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED, why};

    if (why == UNDEFINED_NOT && counted == 0)
        c.why = UNDEFINED_INCOMPLETE;
    if (c.why != UNDEFINED_NOT)
        return c;
    c.robust = t->of_class[ROBUSTNESS_ROBUST] / counted;
    c.conditional = t->of_class[ROBUSTNESS_CONDITIONAL] / counted;
    c.fragile = t->of_class[ROBUSTNESS_FRAGILE] / counted;
    c.among_first = t->among_first / counted;
    return c;
}

void robustness_chances(const RobustnessAnswers *in, const RobustnessRules *rules, gsl_rng *rng,
                        RobustnessChance *ret)
{
    size_t cells = in->priorities * in->scenarios;
    g_autofree uint32_t *draw = every_organisation(in->n_org);
    g_autofree double *sum = g_new(double, in->n_group + 1);
    g_autofree double *size = g_new(double, in->n_group + 1);
    g_autofree double *f = g_new(double, cells + 1);
    g_autofree double *whole = g_new(double, cells + 1);
    g_autofree double *regret = g_new(double, in->priorities + 1);
    g_autofree double *rank = g_new(double, in->priorities + 1);
    g_autofree RobustnessMetrics *metrics = g_new(RobustnessMetrics, in->priorities + 1);
    g_autofree Tally *tally = g_new0(Tally, in->priorities + 1);

    cells_of_draw(in, draw, in->n_org, rules->min_cell, sum, size, whole);
    for (size_t r = 0; in->n_org >= rules->min_org && r < rules->replicates; r++) {
        size_t drawn =
            bootstrap_draw(rng, in->target ? in->group : NULL, in->n_org, in->n_group, draw);
        cells_of_draw(in, draw, drawn, rules->min_cell, sum, size, f);
        tally_replicate(in, rules, f, metrics, regret, rank, tally);
    }
    for (size_t i = 0; i < in->priorities; i++) {
        RobustnessClass c = robustness_classify(whole + i * in->scenarios, in->scenarios,
                                                rules->threshold, rules->soft, NULL);
        Undefined why = in->n_org < rules->min_org   ? UNDEFINED_FEW_ORGS
                        : c == ROBUSTNESS_INCOMPLETE ? UNDEFINED_INCOMPLETE
                                                     : UNDEFINED_NOT;
        ret[i] = chance_of(&tally[i], why);
    }
}
