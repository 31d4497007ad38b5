#include "analyze/scenario.h"

#include "analyze/compare.h"
#include "analyze/figure.h"
#include "analyze/random.h"

const char *scenario_metric_word(ScenarioMetric metric)
{
    static const char *const words_of[N_METRICS] = {"worst", "mean", "regret", "passed"};
    return words_of[metric];
}

/* --- which columns -----------------------------------------------------------------------------
 */

/* What a column must be about; NO_TERM: anything. */
typedef struct {
    const Scale *scale;
    TermKind kind; /* TERM_AREA, TERM_FOCUS */
    int term, scenario;
} Take;

static int priority_of(const Variable *v, TermKind *ret_kind)
{
    *ret_kind = v->focus != NO_TERM ? TERM_FOCUS : TERM_AREA;
    return v->focus != NO_TERM ? v->focus : v->area;
}

static bool takes(const Variable *v, gconstpointer user)
{
    const Take *take = user;
    TermKind kind;
    const int term = priority_of(v, &kind);
    if (v->scenario == NO_TERM || term == NO_TERM || v->criterion != CRITERION_NONE ||
        v->activity != NO_TERM)
        return false;
    return (take->term == NO_TERM || (take->kind == kind && take->term == term)) &&
           (take->scenario == NO_TERM || take->scenario == v->scenario);
}

/* On the common scale only: a cell must not be a mean over another one. */
static bool takes_on_scale(const Variable *v, gconstpointer user)
{
    return v->scale == ((const Take *)user)->scale && takes(v, user);
}

bool scenario_reads(const Scenarios *s, const Variable *column)
{
    const Take any = {s->scale, TERM_FOCUS, NO_TERM, NO_TERM};
    return takes_on_scale(column, &any);
}

static bool is_asked(const Dataset *data, const Take *take)
{
    for (guint i = 0; i < data->variables->len; i++)
        if (takes_on_scale(data->variables->pdata[i], take))
            return true;
    return false;
}

static void add_priorities(Scenarios *s, const Dataset *data, TermKind kind, GArray *priorities)
{
    const TermList *terms = &data->project->framework->list[kind];
    for (size_t i = 0; i < terms->n; i++) {
        const Take take = {s->scale, kind, (int)i, NO_TERM};
        ScenarioPriority priority = {.kind = kind, .term = (int)i, .rival = -1};
        if (!is_asked(data, &take))
            continue;
        priority.key = g_strconcat("scenario/", terms->v[i].id, NULL);
        g_array_append_val(priorities, priority);
    }
}

/* Rows and columns of the table: what was asked, in declared order. */
static void lay_out(Scenarios *s, const Dataset *data)
{
    const size_t declared = data->project->framework->list[TERM_SCENARIO].n;
    GArray *priorities = g_array_new(FALSE, TRUE, sizeof(ScenarioPriority));
    add_priorities(s, data, TERM_AREA, priorities);
    add_priorities(s, data, TERM_FOCUS, priorities);
    s->n_priorities = priorities->len;
    s->priority = (ScenarioPriority *)(void *)g_array_free(priorities, FALSE);
    s->scenario = g_new0(int, declared + 1);
    for (size_t i = 0; i < declared; i++) {
        const Take take = {s->scale, TERM_FOCUS, NO_TERM, (int)i};
        if (is_asked(data, &take))
            s->scenario[s->n_scenarios++] = (int)i;
    }
    s->cell = g_new0(ScenarioCell, s->n_priorities * s->n_scenarios + 1);
}

/* --- cells ------------------------------------------------------------------------------------ */

/* From the middle of the scale, as it is shown: to one decimal, never a negative zero. */
static double distance_of(const Scenarios *s, double mean)
{
    return is_defined(mean) ? round(compare_round(10 * (mean - s->middle))) / 10 + 0.0 : UNDEFINED;
}

static Speakers *compute_cell(Scenarios *s, const Dataset *data, size_t i, size_t j)
{
    const ScenarioPriority *priority = &s->priority[i];
    const Take take = {s->scale, priority->kind, priority->term, s->scenario[j]};
    const char *scenario = data->project->framework->list[TERM_SCENARIO].v[s->scenario[j]].id;
    ScenarioCell *cell = scenario_cell(s, i, j);
    Speakers *speakers = speakers_new(data, takes_on_scale, &take, NO_TERM);
    cell->key = g_strdup_printf("%s/scenario=%s", priority->key, scenario);
    cell->n = speakers->answered;
    cell->organisations = speakers->organisations;
    cell->records = g_array_ref(speakers->records);
    cell->mean = (double)cell->organisations >= data->project->thresholds.scenario_organisations
                     ? speakers_interval(data, speakers, NULL, 1, s->scale->n_steps, true)
                     : ESTIMATE_UNDEFINED;
    cell->distance = distance_of(s, cell->mean.value);
    return speakers;
}

void scenario_classify(const Scenarios *s, const Thresholds *t, const double *f,
                       RobustnessMetrics *ret_metrics, RobustnessClass *ret_class, double *ret_rank)
{
    const double alpha = 0.5; /* of Hurwicz, which is not shown */
    g_autofree double *regret = g_new(double, s->n_priorities + 1);
    robustness_metrics(f, s->n_priorities, s->n_scenarios, s->threshold, alpha, ret_metrics, NULL);
    for (size_t i = 0; i < s->n_priorities; i++) {
        ret_class[i] = robustness_classify(f + i * s->n_scenarios, s->n_scenarios, s->threshold,
                                           t->scenario_conditional, NULL);
        regret[i] = ret_metrics[i].max_regret;
    }
    if (ret_rank)
        robustness_ranks(regret, s->n_priorities, true, ret_rank);
}

/* The first to overtake priority i as the weight of one scenario grows. */
static void find_rival(Scenarios *s, const double *f, size_t i)
{
    const size_t n = s->n_scenarios;
    ScenarioPriority *a = &s->priority[i];
    a->rival = a->rival_scenario = -1;
    a->rival_weight = UNDEFINED;
    for (size_t b = 0; b < s->n_priorities; b++) {
        if (!(compare_round(s->priority[b].metrics.laplace) < compare_round(a->metrics.laplace)))
            continue;
        for (size_t j = 0; j < n; j++) {
            const BreakEven e = robustness_break_even(f + i * n, f + b * n, n, j);
            if (e.why != UNDEFINED_NOT || !e.b_above ||
                (is_defined(a->rival_weight) &&
                 compare_round(e.p) >= compare_round(a->rival_weight)))
                continue;
            a->rival = (int)b;
            a->rival_scenario = (int)j;
            a->rival_weight = e.p;
        }
    }
}

static void summarise(Scenarios *s, const Dataset *data)
{
    const size_t rows = s->n_priorities, columns = s->n_scenarios;
    g_autofree double *f = g_new(double, rows *columns + 1);
    g_autofree double *regret = g_new(double, rows *columns + 1);
    g_autofree RobustnessMetrics *metrics = g_new(RobustnessMetrics, rows + 1);
    g_autofree RobustnessClass *class = g_new(RobustnessClass, rows + 1);
    for (size_t c = 0; c < rows * columns; c++)
        f[c] = s->cell[c].mean.value;
    scenario_classify(s, &data->project->thresholds, f, metrics, class, NULL);
    robustness_metrics(f, rows, columns, s->threshold, 0.5, metrics, regret);
    for (size_t c = 0; c < rows * columns; c++)
        s->cell[c].regret = regret[c];
    for (size_t i = 0; i < rows; i++) {
        ScenarioPriority *p = &s->priority[i];
        p->metrics = metrics[i];
        p->class = class[i];
        p->worst_distance = distance_of(s, metrics[i].maximin);
        p->mean_distance = distance_of(s, metrics[i].laplace);
        s->of_class[p->class]++;
    }
    for (size_t i = 0; i < rows; i++)
        find_rival(s, f, i);
}

bool scenario_fails(const Scenarios *s, size_t i, size_t j)
{
    const double mean = scenario_cell(s, i, j)->mean.value;
    return is_defined(mean) && compare_round(mean) < compare_round(s->threshold);
}

/* --- chances ---------------------------------------------------------------------------------- */

RobustnessAnswers scenario_answers(const Dataset *data, Speakers *const *speakers,
                                   size_t priorities, size_t scenarios, bool by_group, int without,
                                   double **ret_mean, uint32_t **ret_group)
{
    const size_t groups = data->project->framework->list[TERM_GROUP].n, places = groups + 1;
    const size_t cells = priorities * scenarios, most = data->units->len * (by_group ? places : 1);
    g_autofree uint32_t *number = g_new0(uint32_t, most + 1);
    uint32_t *group = g_new0(uint32_t, most + 1);
    RobustnessAnswers in = {.priorities = priorities, .scenarios = scenarios, .n_group = groups};
    for (size_t c = 0; c < cells; c++)
        for (size_t row = 0; row < speakers[c]->n; row++) {
            const uint32_t g = speakers[c]->group[row]; /* NO_INDEX + 1 is 0 */
            const size_t at = by_group ? speakers[c]->org[row] * places + (uint32_t)(g + 1)
                                       : speakers[c]->org[row];
            if (number[at] || !is_defined(speakers[c]->mean[row]) ||
                (without != NO_TERM && g == (uint32_t)without))
                continue;
            group[in.n_org] = g;
            number[at] = (uint32_t)++in.n_org;
        }
    double *sum = g_new0(double, in.n_org *cells + 1);
    g_autofree uint32_t *count = g_new0(uint32_t, in.n_org * cells + 1);
    for (size_t c = 0; c < cells; c++)
        for (size_t row = 0; row < speakers[c]->n; row++) {
            const uint32_t g = speakers[c]->group[row];
            const size_t at = by_group ? speakers[c]->org[row] * places + (uint32_t)(g + 1)
                                       : speakers[c]->org[row];
            if (!is_defined(speakers[c]->mean[row]) ||
                (without != NO_TERM && g == (uint32_t)without))
                continue;
            sum[(number[at] - 1) * cells + c] += speakers[c]->mean[row];
            count[(number[at] - 1) * cells + c]++;
        }
    for (size_t k = 0; k < in.n_org * cells; k++)
        sum[k] = count[k] ? sum[k] / count[k] : UNDEFINED;
    in.mean = *ret_mean = sum;
    in.group = *ret_group = group;
    return in;
}

static void compute_chances(Scenarios *s, const Dataset *data, Speakers *const *speakers)
{
    const Project *project = data->project;
    const Thresholds *t = &project->thresholds;
    const bool by_group = project->weight == WEIGHT_GROUP;
    g_autofree double *mean = NULL;
    g_autofree uint32_t *group = NULL;
    RobustnessAnswers in = scenario_answers(data, speakers, s->n_priorities, s->n_scenarios,
                                            by_group, NO_TERM, &mean, &group);
    in.target = by_group ? project->targets : NULL;
    const bool enough = compare_round((double)s->organisations) >= t->scenario_chances;
    const RobustnessRules rules = {
        .threshold = s->threshold,
        .soft = t->scenario_conditional,
        .min_cell = (size_t)ceil(t->scenario_organisations),
        .min_org = enough ? 0 : in.n_org + 1,
        .replicates = (size_t)project->bootstrap,
        .first = (size_t)t->scenario_first,
    };
    g_autofree RobustnessChance *chance = g_new0(RobustnessChance, s->n_priorities + 1);
    gsl_rng *rng = random_stream_new(project->seed, "scenario/classes");
    robustness_chances(&in, &rules, rng, chance);
    gsl_rng_free(rng);
    s->chances = enough ? UNDEFINED_NOT : UNDEFINED_FEW_ORGS;
    for (size_t i = 0; i < s->n_priorities; i++) {
        s->priority[i].chance = chance[i];
        if (enough && s->priority[i].class == ROBUSTNESS_INCOMPLETE)
            s->priority[i].chance = (RobustnessChance){UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED,
                                                       UNDEFINED_INCOMPLETE};
    }
}

static double chance_of_class(const ScenarioPriority *p)
{
    return p->class == ROBUSTNESS_ROBUST        ? p->chance.robust
           : p->class == ROBUSTNESS_CONDITIONAL ? p->chance.conditional
           : p->class == ROBUSTNESS_FRAGILE     ? p->chance.fragile
                                                : UNDEFINED;
}

static double mean_kept(const Scenarios *s)
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < s->n_priorities; i++) {
        const double chance = chance_of_class(&s->priority[i]);
        sum += is_defined(chance) ? chance : 0;
        n += is_defined(chance);
    }
    return n > 0 ? sum / n : UNDEFINED;
}

/* --- the whole -------------------------------------------------------------------------------- */

/* The scale of the first column that rates a priority under a scenario. */
static const Scale *scale_of(const Dataset *data)
{
    const Take any = {NULL, TERM_FOCUS, NO_TERM, NO_TERM};
    for (guint i = 0; i < data->variables->len; i++) {
        const Variable *v = data->variables->pdata[i];
        if (takes(v, &any))
            return v->scale;
    }
    return NULL;
}

static void count_whole(Scenarios *s, const Dataset *data)
{
    const Take any = {s->scale, TERM_FOCUS, NO_TERM, NO_TERM};
    g_autoptr(Speakers) all = speakers_new(data, takes, &any, NO_TERM);
    s->n = all->answered;
    s->organisations = all->organisations;
    s->elsewhere = all->elsewhere;
    s->records = g_array_ref(all->records);
    for (size_t i = 0; i < s->n_priorities; i++) {
        const Take take = {s->scale, s->priority[i].kind, s->priority[i].term, NO_TERM};
        g_autoptr(Speakers) of = speakers_new(data, takes_on_scale, &take, NO_TERM);
        s->priority[i].n = of->answered;
        s->priority[i].organisations = of->organisations;
    }
}

static gpointer compute(const Results *r)
{
    const Dataset *data = r->data;
    const Scale *scale = scale_of(data);
    if (!scale)
        return NULL;
    Scenarios *s = g_new0(Scenarios, 1);
    const double declared = data->project->thresholds.scenario_passed;
    s->scale = scale;
    s->middle = (scale->n_steps + 1) / 2.0;
    s->threshold = declared > 0 ? declared : s->middle;
    s->checks = g_array_new(FALSE, TRUE, sizeof(ScenarioCheck));
    lay_out(s, data);
    count_whole(s, data);
    g_autoptr(GPtrArray) speakers =
        g_ptr_array_new_with_free_func((GDestroyNotify)(void (*)(void))speakers_free);
    for (size_t i = 0; i < s->n_priorities; i++)
        for (size_t j = 0; j < s->n_scenarios; j++)
            g_ptr_array_add(speakers, compute_cell(s, data, i, j));
    summarise(s, data);
    compute_chances(s, data, (Speakers *const *)speakers->pdata);
    s->kept = mean_kept(s);
    scenario_stability(s, data, (Speakers *const *)speakers->pdata);
    return s;
}

static void scenarios_free(gpointer product)
{
    Scenarios *s = product;
    for (size_t i = 0; i < s->n_priorities; i++)
        g_free(s->priority[i].key);
    for (size_t c = 0; c < s->n_priorities * s->n_scenarios; c++) {
        g_free(s->cell[c].key);
        g_array_unref(s->cell[c].records);
    }
    for (guint i = 0; i < s->checks->len; i++)
        g_free(g_array_index(s->checks, ScenarioCheck, i).key);
    g_array_unref(s->checks);
    g_array_unref(s->records);
    g_free(s->priority);
    g_free(s->scenario);
    g_free(s->cell);
    g_free(s);
}

const Product product_scenario = {compute, scenario_publish, scenarios_free};

const Scenarios *results_scenarios(const Results *results)
{
    return results->product[PRODUCT_SCENARIO];
}
