/* Would the answer be another one, had it been computed in another way? The ranking by each metric
 * against that by each other (Kendall's tau-b); the ranking by regret and the classes with other
 * weights, and without one group at a time. Resampled panels are in scenario.c. */
#include "analyze/rank.h"
#include "analyze/scenario.h"

/* --- other answers ----------------------------------------------------------------------------
 */

typedef struct {
    const Dataset *data;
    Speakers *const *speakers;
    WeightRule weight;
    int without; /* TERM_GROUP, or NO_TERM */
} Way;

static bool speaks(const Speakers *s, size_t row, int without)
{
    return is_defined(s->mean[row]) && (without == NO_TERM || s->group[row] != (uint32_t)without);
}

/* Named organisations behind a cell: the gate of every way. */
static size_t named_behind(const Dataset *data, const Speakers *s, int without)
{
    g_autofree bool *met = g_new0(bool, data->units->len + 1);
    size_t named = 0;
    for (size_t row = 0; row < s->n; row++) {
        if (!speaks(s, row, without) || met[s->org[row]])
            continue;
        met[s->org[row]] = true;
        named += dataset_unit(data, s->org[row])->named;
    }
    return named;
}

static double plain_mean(const Speakers *s, int without)
{
    double sum = 0;
    size_t n = 0;
    for (size_t row = 0; row < s->n; row++)
        if (speaks(s, row, without)) {
            sum += s->mean[row];
            n++;
        }
    return n ? sum / (double)n : UNDEFINED;
}

/* The project's targets; without any, every group the same. */
static double *targets_new(const Project *project)
{
    const size_t groups = project->framework->list[TERM_GROUP].n;
    double *target = g_new0(double, groups + 1);
    for (size_t g = 0; g < groups; g++)
        target[g] = project->targets ? project->targets[g] : 1.0 / (double)groups;
    return target;
}

static void cells_of(const Way *way, const Scenarios *s, double *ret_f)
{
    const Project *project = way->data->project;
    g_autofree double *mean = NULL, *target = NULL;
    g_autofree uint32_t *group = NULL;
    if (way->weight == WEIGHT_NONE) {
        for (size_t c = 0; c < s->n_priorities * s->n_scenarios; c++)
            ret_f[c] = plain_mean(way->speakers[c], way->without);
    } else {
        RobustnessAnswers in =
            scenario_answers(way->data, way->speakers, s->n_priorities, s->n_scenarios,
                             way->weight == WEIGHT_GROUP, way->without, &mean, &group);
        target = way->weight == WEIGHT_GROUP ? targets_new(project) : NULL;
        in.target = target;
        robustness_cells(&in, 1, ret_f);
    }
    for (size_t c = 0; c < s->n_priorities * s->n_scenarios; c++)
        if ((double)named_behind(way->data, way->speakers[c], way->without) <
            project->thresholds.scenario_organisations)
            ret_f[c] = UNDEFINED;
}

/* --- held against the real ones --- */

static void ranks_by(const Scenarios *s, ScenarioMetric metric, double *ret_rank)
{
    g_autofree double *value = g_new(double, s->n_priorities + 1);
    for (size_t i = 0; i < s->n_priorities; i++) {
        const RobustnessMetrics *m = &s->priority[i].metrics;
        value[i] = metric == METRIC_WORST    ? m->maximin
                   : metric == METRIC_MEAN   ? m->laplace
                   : metric == METRIC_REGRET ? m->max_regret
                                             : m->starr;
    }
    robustness_ranks(value, s->n_priorities, metric == METRIC_REGRET, ret_rank);
}

/* The first of the best ranked, or -1. */
static int first_of(const double *rank, size_t n)
{
    int first = -1;
    for (size_t i = 0; i < n; i++)
        if (is_defined(rank[i]) && (first < 0 || rank[i] < rank[first]))
            first = (int)i;
    return first;
}

static void compare_metrics(Scenarios *s)
{
    const size_t n = s->n_priorities;
    g_autofree double *rank = g_new(double, N_METRICS *n + 1);
    for (int m = 0; m < N_METRICS; m++) {
        ranks_by(s, (ScenarioMetric)m, rank + (size_t)m * n);
        s->first[m] = first_of(rank + (size_t)m * n, n);
    }
    for (int a = 0; a < N_METRICS; a++)
        for (int b = 0; b < N_METRICS; b++)
            s->metric_tau[a][b] = rank_tau_b(rank + (size_t)a * n, rank + (size_t)b * n, n);
}

static void add_check(Scenarios *s, const Way *way, char *key)
{
    const size_t n = s->n_priorities;
    g_autofree double *f = g_new(double, n * s->n_scenarios + 1);
    g_autofree double *rank = g_new(double, n + 1);
    g_autofree double *real = g_new(double, n + 1);
    g_autofree RobustnessMetrics *metrics = g_new(RobustnessMetrics, n + 1);
    g_autofree RobustnessClass *class = g_new(RobustnessClass, n + 1);
    ScenarioCheck check = {.key = key, .group = way->without};
    cells_of(way, s, f);
    scenario_classify(s, &way->data->project->thresholds, f, metrics, class, rank);
    ranks_by(s, METRIC_REGRET, real);
    check.tau = rank_tau_b(real, rank, n);
    check.first = first_of(rank, n);
    for (size_t i = 0; i < n; i++)
        check.changed += class[i] != s->priority[i].class;
    g_array_append_val(s->checks, check);
}

static bool group_speaks(const Scenarios *s, Speakers *const *speakers, int group)
{
    for (size_t c = 0; c < s->n_priorities * s->n_scenarios; c++)
        for (size_t row = 0; row < speakers[c]->n; row++)
            if (speakers[c]->group[row] == (uint32_t)group && is_defined(speakers[c]->mean[row]))
                return true;
    return false;
}

static bool any_group_speaks(const Scenarios *s, const Dataset *data, Speakers *const *speakers)
{
    for (size_t g = 0; g < data->project->framework->list[TERM_GROUP].n; g++)
        if (group_speaks(s, speakers, (int)g))
            return true;
    return false;
}

void scenario_stability(Scenarios *s, const Dataset *data, Speakers *const *speakers)
{
    const Project *project = data->project;
    const TermList *groups = &project->framework->list[TERM_GROUP];
    compare_metrics(s);
    for (int w = WEIGHT_NONE; w <= WEIGHT_GROUP; w++) {
        const Way way = {data, speakers, (WeightRule)w, NO_TERM};
        if (w == WEIGHT_GROUP && !any_group_speaks(s, data, speakers))
            continue;
        add_check(s, &way, g_strconcat("scenarios/all/weight=", weight_word((WeightRule)w), NULL));
    }
    s->n_weights = s->checks->len;
    const WeightRule own = project->weight == WEIGHT_GROUP ? WEIGHT_GROUP : WEIGHT_ORGANISATION;
    for (size_t g = 0; g < groups->n; g++) {
        const Way way = {data, speakers, own, (int)g};
        if (group_speaks(s, speakers, (int)g))
            add_check(s, &way, g_strconcat("scenarios/all/without=", groups->v[g].id, NULL));
    }
}
