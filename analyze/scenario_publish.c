/* The figures of analyze/scenario.h under their keys. */
#include "analyze/figure.h"
#include "analyze/scenario.h"

static const char *term_name(const Results *r, TermKind kind, int term)
{
    return term_label(&r->project->framework->list[kind].v[term], r->project->language);
}

static const char *priority_id(const Results *r, const Scenarios *s, int i)
{
    return i < 0 ? "" : r->project->framework->list[s->priority[i].kind].v[s->priority[i].term].id;
}

static const char *scenario_id(const Results *r, const Scenarios *s, uint32_t column)
{
    return column == NO_INDEX
               ? ""
               : r->project->framework->list[TERM_SCENARIO].v[s->scenario[column]].id;
}

/* Subject: the cell, row by row. */
static bool cell_reads(const Results *r, int subject, const Variable *column)
{
    const Scenarios *s = results_scenarios(r);
    const ScenarioPriority *p = &s->priority[(size_t)subject / s->n_scenarios];
    return scenario_reads(s, column) &&
           column->scenario == s->scenario[(size_t)subject % s->n_scenarios] &&
           (p->kind == TERM_FOCUS ? column->focus : column->area) == p->term;
}

static bool table_reads(const Results *r, int subject, const Variable *column)
{
    (void)subject;
    return scenario_reads(results_scenarios(r), column);
}

static void publish_cell(Results *r, const Scenarios *s, size_t i, size_t j)
{
    const ScenarioCell *cell = scenario_cell(s, i, j);
    const char *why = undefined_key(cell->n ? UNDEFINED_FEW_ORGS : UNDEFINED_NO_ANSWERS);
    g_autofree char *name =
        g_strdup_printf("%s · %s", term_name(r, s->priority[i].kind, s->priority[i].term),
                        term_name(r, TERM_SCENARIO, s->scenario[j]));
    Basis *basis = basis_open(r, &(BasisRow){.path = cell->key,
                                             .sheet = "scenarios",
                                             .figure = name,
                                             .method = "mean.org_interval",
                                             .n = cell->n,
                                             .records = cell->records,
                                             .reads = cell_reads,
                                             .subject = (int)(i * s->n_scenarios + j)});
    basis->organisations = cell->organisations;
    figure_count(r, cell->key, "n", cell->n);
    figure_count(r, cell->key, "organisations", cell->organisations);
    figure_number(r, cell->key, "mean", cell->mean.value, why);
    figure_number(r, cell->key, "mean-low", cell->mean.low, why);
    figure_number(r, cell->key, "mean-high", cell->mean.high, why);
    figure_number(r, cell->key, "distance", cell->distance, why);
}

/* Which scenarios it fails, as their ids with blanks between. */
static char *failing(const Results *r, const Scenarios *s, size_t i)
{
    GString *ids = g_string_new(NULL);
    for (size_t j = 0; j < s->n_scenarios; j++)
        if (scenario_fails(s, i, j))
            g_string_append_printf(ids, "%s%s", ids->len ? " " : "",
                                   scenario_id(r, s, (uint32_t)j));
    return g_string_free(ids, FALSE);
}

static void publish_metrics(Results *r, const Scenarios *s, size_t i)
{
    const ScenarioPriority *p = &s->priority[i];
    const char *why = undefined_key(UNDEFINED_INCOMPLETE);
    g_autofree char *fails = failing(r, s, i);
    figure_text(r, p->key, "class", robustness_class_key(p->class));
    figure_text(r, p->key, "failing", fails);
    figure_number(r, p->key, "worst", p->metrics.maximin, why);
    figure_number(r, p->key, "worst-distance", p->worst_distance, why);
    figure_text(r, p->key, "worst-scenario", scenario_id(r, s, p->metrics.worst));
    figure_number(r, p->key, "best", p->metrics.maximax, why);
    figure_text(r, p->key, "best-scenario", scenario_id(r, s, p->metrics.best));
    figure_number(r, p->key, "mean", p->metrics.laplace, why);
    figure_number(r, p->key, "mean-distance", p->mean_distance, why);
    figure_number(r, p->key, "regret", p->metrics.max_regret, why);
    figure_text(r, p->key, "regret-scenario", scenario_id(r, s, p->metrics.regretted));
    figure_number(r, p->key, "passed", p->metrics.starr, why);
    for (size_t j = 0; j < s->n_scenarios; j++) {
        g_autofree char *name = g_strconcat("regret-in-", scenario_id(r, s, (uint32_t)j), NULL);
        figure_number(r, p->key, name, scenario_cell(s, i, j)->regret,
                      undefined_key(UNDEFINED_FEW_ORGS));
    }
}

static void publish_priority(Results *r, const Scenarios *s, size_t i)
{
    const ScenarioPriority *p = &s->priority[i];
    const char *why = undefined_key(p->chance.why);
    Basis *basis = basis_open(r, &(BasisRow){.path = p->key,
                                             .sheet = "scenarios",
                                             .figure = term_name(r, p->kind, p->term),
                                             .method = "robustness.metrics",
                                             .n = p->n,
                                             .records = s->records,
                                             .reads = table_reads});
    basis->organisations = p->organisations;
    figure_count(r, p->key, "n", p->n);
    figure_count(r, p->key, "organisations", p->organisations);
    publish_metrics(r, s, i);
    figure_number(r, p->key, "chance-robust", p->chance.robust, why);
    figure_number(r, p->key, "chance-conditional", p->chance.conditional, why);
    figure_number(r, p->key, "chance-fragile", p->chance.fragile, why);
    figure_number(r, p->key, "chance-first", p->chance.among_first, why);
    figure_text(r, p->key, "rival", priority_id(r, s, p->rival));
    figure_text(r, p->key, "rival-scenario",
                scenario_id(r, s, p->rival < 0 ? NO_INDEX : (uint32_t)p->rival_scenario));
    figure_number(r, p->key, "rival-weight", p->rival_weight,
                  undefined_key(p->class == ROBUSTNESS_INCOMPLETE ? UNDEFINED_INCOMPLETE
                                                                  : UNDEFINED_OUTSIDE));
}

static void publish_check(Results *r, const Scenarios *s, const ScenarioCheck *check)
{
    figure_number(r, check->key, "tau", check->tau, undefined_key(UNDEFINED_NO_SPREAD));
    figure_count(r, check->key, "changed", check->changed);
    figure_text(r, check->key, "first", priority_id(r, s, check->first));
}

static char *elsewhere_words(const Results *r, const Scenarios *s)
{
    if (!s->elsewhere)
        return NULL;
    g_autofree char *n = language_number(r->project->language, (double)s->elsewhere, 0);
    return words_fill(r->project->language, "scenario.elsewhere", "n", n, NULL);
}

static void publish_whole(Results *r, const Scenarios *s)
{
    static const char path[] = "scenarios/all";
    g_autofree char *left_out = elsewhere_words(r, s);
    Basis *basis =
        basis_open(r, &(BasisRow){.path = path,
                                  .sheet = "scenarios",
                                  .figure = words(r->project->language, "sheet.scenarios"),
                                  .method = "robustness.classify",
                                  .n = s->n,
                                  .records = s->records,
                                  .reads = table_reads,
                                  .left_out = left_out});
    basis->organisations = s->organisations;
    figure_count(r, path, "n", s->n);
    figure_count(r, path, "organisations", s->organisations);
    figure_text(r, path, "scale", s->scale->id);
    figure_count(r, path, "priorities", s->n_priorities);
    figure_count(r, path, "scenarios", s->n_scenarios);
    figure_number(r, path, "threshold", s->threshold, "");
    for (int c = ROBUSTNESS_INCOMPLETE; c <= ROBUSTNESS_ROBUST; c++)
        figure_count(r, path, robustness_class_key((RobustnessClass)c), s->of_class[c]);
    figure_number(r, path, "kept", s->kept,
                  undefined_key(s->chances == UNDEFINED_NOT ? UNDEFINED_INCOMPLETE : s->chances));
    for (int m = 0; m < N_METRICS; m++) {
        g_autofree char *name =
            g_strconcat("first-by-", scenario_metric_word((ScenarioMetric)m), NULL);
        figure_text(r, path, name, priority_id(r, s, s->first[m]));
    }
    for (int a = 0; a < N_METRICS; a++)
        for (int b = a + 1; b < N_METRICS; b++) {
            g_autofree char *name =
                g_strdup_printf("tau-%s-%s", scenario_metric_word((ScenarioMetric)a),
                                scenario_metric_word((ScenarioMetric)b));
            figure_number(r, path, name, s->metric_tau[a][b], undefined_key(UNDEFINED_NO_SPREAD));
        }
    for (guint i = 0; i < s->checks->len; i++)
        publish_check(r, s, &g_array_index(s->checks, ScenarioCheck, i));
}

void scenario_publish(Results *r, gconstpointer product)
{
    const Scenarios *s = product;
    for (size_t i = 0; i < s->n_priorities; i++) {
        publish_priority(r, s, i);
        for (size_t j = 0; j < s->n_scenarios; j++)
            publish_cell(r, s, i, j);
    }
    publish_whole(r, s);
}
