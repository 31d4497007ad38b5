/* Scenarioer: which priorities hold in every future, what breaks each of them, and whether another
 * way of computing would have said otherwise. */
#include "analyze/scenario.h"
#include "analyze/workbook/sheets.h"

enum { WIDTH_NAME = 58, WIDTH_SCENARIO = 15 };

bool scenarios_has_data(const Page *page)
{
    return results_scenarios(page->results) != NULL;
}

/* --- names ------------------------------------------------------------------------------------ */

/* «4.2», by declared order: of a focus area without area and of an area «4». Caller owns. */
static char *number_of(const Page *page, const ScenarioPriority *p)
{
    const TermList *terms = &page->framework->list[p->kind];
    const int parent = terms->v[p->term].parent;
    int place = 0;
    if (p->kind == TERM_AREA || parent == NO_TERM)
        return g_strdup_printf("%d", p->term + 1);
    for (int i = 0; i <= p->term; i++)
        place += terms->v[i].parent == parent;
    return g_strdup_printf("%d.%d", parent + 1, place);
}

static const char *label_of(const Page *page, const ScenarioPriority *p)
{
    return page_term(page, p->kind, p->term);
}

static char *name_of(const Page *page, const ScenarioPriority *p)
{
    g_autofree char *number = number_of(page, p);
    return g_strdup_printf("%s %s", number, label_of(page, p));
}

static const char *scenario_name(const Page *page, const Scenarios *s, size_t column)
{
    const Term *term = &page->framework->list[TERM_SCENARIO].v[s->scenario[column]];
    return term_brief(term, page->language);
}

/* «● Robust»: a symbol with its word, so that colour is never alone. Caller owns. */
static char *class_words(const Page *page, RobustnessClass class)
{
    static const char *const symbols[] = {"□", "▼", "○", "●"};
    g_autofree char *key = g_strconcat("scenario-class.", robustness_class_key(class), NULL);
    return g_strdup_printf("%s %s", symbols[class], W(key));
}

/* --- the table -------------------------------------------------------------------------------- */

static const Style look_signed = {
    .size = 10, .h = H_CENTRE, .v = V_MIDDLE, .bottom = HAIRLINE, .number = "+0.0;−0.0;0.0"};
static const Style look_class = {.size = 10, .wrap = true, .v = V_MIDDLE, .bottom = HAIRLINE};
static const Style look_class_robust = {
    .size = 10, .bold = true, .wrap = true, .v = V_MIDDLE, .bottom = HAIRLINE};
static const Style look_name = {.size = 10, .wrap = true, .v = V_MIDDLE, .bottom = HAIRLINE};

static int write_heads(Page *page, Sheet *sheet, const Scenarios *s, int row)
{
    static const ColumnHead after[] = {
        {"column.mean", 11, false},
        {"column.worst", 11, false},
        {"column.largest-regret", 11, false},
        {"column.verdict", 16, false},
        {"column.organisations-short", 12, true},
        {"column.answers", 12, true},
    };
    enum { N_SUMMARIES = 3 };
    Style centre = LOOK_HEADER;
    g_autoptr(GHashTable) taken = page_headers_new();
    centre.h = H_CENTRE;
    int column = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(after); i++)
        page_header_take(taken, W(after[i].label));
    page_header_take(taken, W("column.focus"));
    sheet_column(sheet, column, WIDTH_NAME);
    cell_text(sheet, row, column++, &LOOK_HEADER, W("column.focus"));
    for (size_t j = 0; j < s->n_scenarios; j++) {
        sheet_column(sheet, column, WIDTH_SCENARIO);
        g_autofree char *name =
            page_header(taken, scenario_name(page, s, j),
                        page->framework->list[TERM_SCENARIO].v[s->scenario[j]].id);
        cell_text(sheet, row, column++, &centre, name);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(after); i++) {
        sheet_column(sheet, column, after[i].width);
        cell_text(sheet, row, column++,
                  after[i].number   ? &LOOK_HEADER_NUMBER
                  : i < N_SUMMARIES ? &centre
                                    : &LOOK_HEADER,
                  W(after[i].label));
    }
    return column;
}

static void write_priority(Page *page, Sheet *sheet, const Scenarios *s, size_t i, int row)
{
    const ScenarioPriority *p = &s->priority[i];
    g_autofree char *name = name_of(page, p);
    g_autofree char *class = class_words(page, p->class);
    Style regret = LOOK_D1;
    regret.h = H_CENTRE;
    int column = 0;
    cell_text(sheet, row, column++, &look_name, name);
    for (size_t j = 0; j < s->n_scenarios; j++)
        page_figure(page, sheet, row, column++, &look_signed, scenario_cell(s, i, j)->key,
                    "distance");
    page_figure(page, sheet, row, column++, &look_signed, p->key, "mean-distance");
    page_figure(page, sheet, row, column++, &look_signed, p->key, "worst-distance");
    page_figure(page, sheet, row, column++, &regret, p->key, "regret");
    cell_text(sheet, row, column, p->class == ROBUSTNESS_ROBUST ? &look_class_robust : &look_class,
              class);
    page_origin(page, sheet, row, column++, p->key, "class");
    page_figure(page, sheet, row, column++, &LOOK_INT, p->key, "organisations");
    page_count(page, sheet, row, column++, p->key, "n");
}

/* What the words of the last column mean, by the project's own limits. */
static char *rule_words(const Page *page, const Scenarios *s)
{
    const Thresholds *t = &page->project->thresholds;
    const double passes = s->threshold - s->middle;
    g_autofree char *number = language_number(page->language, fabs(passes), 1);
    g_autofree char *signed_number = g_strconcat(passes > 0   ? "+"
                                                 : passes < 0 ? "−"
                                                              : "",
                                                 number, NULL);
    g_autofree char *share = language_percent(page->language, t->scenario_conditional);
    g_autofree char *few = language_number(page->language, t->scenario_organisations, 0);
    return words_fill(page->language, "scenario.rule", "threshold", signed_number, "share", share,
                      "n", few, NULL);
}

static int write_table(Page *page, Sheet *sheet, const Scenarios *s, int row)
{
    const int header = row, columns = write_heads(page, sheet, s, row++);
    const double end = s->scale->n_steps - s->middle;
    for (size_t i = 0; i < s->n_priorities; i++)
        write_priority(page, sheet, s, i, row++);
    for (size_t j = 0; j < s->n_scenarios; j++)
        sheet_heat_around(sheet, header + 1, row - 1, 1 + (int)j, -end, 0, end, HEAT_ORANGE,
                          HEAT_BLUE);
    sheet_table(sheet, "Scenarioer", header, 0, columns, row - header - 1, true);
    g_autofree char *rule = rule_words(page, s);
    cell_text(sheet, row++, 0, &LOOK_SMALL, rule);
    return row;
}

/* --- what breaks it --------------------------------------------------------------------------- */

enum {
    BREAK_NAME,
    BREAK_FAILS,
    BREAK_REGRETS,
    BREAK_RIVAL,
    BREAK_SCENARIO,
    BREAK_WEIGHT,
    BREAK_ROBUST,
    BREAK_CONDITIONAL,
    BREAK_FRAGILE,
    BREAK_FIRST,
    N_BREAK
};

static char *failing_words(const Page *page, const Scenarios *s, size_t i)
{
    GString *names = g_string_new(NULL);
    for (size_t j = 0; j < s->n_scenarios; j++)
        if (scenario_fails(s, i, j))
            g_string_append_printf(names, "%s%s", names->len ? ", " : "",
                                   scenario_name(page, s, j));
    if (!names->len)
        g_string_append(names, "–");
    return g_string_free(names, FALSE);
}

static void write_break(Page *page, Sheet *sheet, const Scenarios *s, size_t i, int row)
{
    static const struct {
        int column;
        const char *statistic;
    } chances[] = {
        {BREAK_ROBUST, "chance-robust"},
        {BREAK_CONDITIONAL, "chance-conditional"},
        {BREAK_FRAGILE, "chance-fragile"},
        {BREAK_FIRST, "chance-first"},
    };
    const ScenarioPriority *p = &s->priority[i];
    const bool caught = p->rival >= 0;
    /* A regret of nothing has no scenario: the priority is the best in all of them. */
    const bool regrets = is_defined(p->metrics.max_regret) && p->metrics.max_regret > 0;
    g_autofree char *name = name_of(page, p);
    g_autofree char *fails = failing_words(page, s, i);
    g_autofree char *rival = caught ? number_of(page, &s->priority[p->rival]) : NULL;
    cell_text(sheet, row, BREAK_NAME, &look_name, name);
    cell_text(sheet, row, BREAK_FAILS, &look_name, fails);
    page_origin(page, sheet, row, BREAK_FAILS, p->key, "failing");
    cell_text(sheet, row, BREAK_REGRETS, &look_name,
              regrets ? scenario_name(page, s, p->metrics.regretted) : "–");
    page_origin(page, sheet, row, BREAK_REGRETS, p->key, "regret-scenario");
    cell_text(sheet, row, BREAK_RIVAL, &LOOK_CENTRE, caught ? rival : "–");
    page_origin(page, sheet, row, BREAK_RIVAL, p->key, "rival");
    cell_text(sheet, row, BREAK_SCENARIO, &look_name,
              caught ? scenario_name(page, s, (size_t)p->rival_scenario) : "–");
    page_origin(page, sheet, row, BREAK_SCENARIO, p->key, "rival-scenario");
    page_figure(page, sheet, row, BREAK_WEIGHT, &LOOK_PERCENT, p->key, "rival-weight");
    Style chance = LOOK_PERCENT;
    g_autofree char *format = g_strdup_printf("[>0.95]\"%s\";[<0.01]\"%s\";0 %%",
                                              W("probability.over"), W("probability.under"));
    chance.number = g_intern_string(format);
    for (size_t k = 0; k < G_N_ELEMENTS(chances); k++)
        page_figure(page, sheet, row, chances[k].column, &chance, p->key, chances[k].statistic);
}

static int write_breaks(Page *page, Sheet *sheet, const Scenarios *s, int row)
{
    static const ColumnHead heads[N_BREAK] = {
        [BREAK_NAME] = {"column.focus", 0, false},
        [BREAK_FAILS] = {"column.fails-in", 0, false},
        [BREAK_REGRETS] = {"column.regrets-in", 0, false},
        [BREAK_RIVAL] = {"column.rival", 0, false},
        [BREAK_SCENARIO] = {"column.rival-scenario", 0, false},
        [BREAK_WEIGHT] = {"column.rival-weight", 0, true},
        [BREAK_ROBUST] = {"scenario-class.robust", 0, true},
        [BREAK_CONDITIONAL] = {"scenario-class.conditional", 0, true},
        [BREAK_FRAGILE] = {"scenario-class.fragile", 0, true},
        [BREAK_FIRST] = {"column.among-first", 0, true},
    };
    cell_text(sheet, row, 0, &LOOK_HEADING, W("scenario.breaks"));
    sheet_height(sheet, row++, 24);
    const int header = row;
    for (int c = 1 + (int)s->n_scenarios + 6; c < N_BREAK; c++)
        sheet_column(sheet, c, 12);
    page_columns(page, sheet, row++, heads, N_BREAK);
    for (size_t i = 0; i < s->n_priorities; i++)
        write_break(page, sheet, s, i, row++);
    sheet_table(sheet, "ScenarioerBrudd", header, 0, N_BREAK, row - header - 1, false);
    g_autofree char *even = language_percent(page->language, 1.0 / (double)s->n_scenarios);
    g_autofree char *first =
        language_number(page->language, page->project->thresholds.scenario_first, 0);
    g_autofree char *how =
        words_fill(page->language, "scenario.breaks-how", "even", even, "first", first, NULL);
    cell_text(sheet, row++, 0, &LOOK_SMALL, how);
    return row;
}

/* --- how stable it is ------------------------------------------------------------------------- */

static char *metrics_words(const Page *page, const Scenarios *s)
{
    int a = -1, b = -1;
    /* Not of the share passed, by which many are first. */
    for (int i = 0; i < METRIC_PASSED; i++)
        for (int k = i + 1; k < METRIC_PASSED; k++)
            if (is_defined(s->metric_tau[i][k]) &&
                (a < 0 || s->metric_tau[i][k] < s->metric_tau[a][b])) {
                a = i;
                b = k;
            }
    if (a < 0)
        return g_strdup(W("scenario.metrics-none"));
    g_autofree char *tau = language_number(page->language, s->metric_tau[a][b], 2);
    g_autofree char *key_a =
        g_strconcat("scenario-metric.", scenario_metric_word((ScenarioMetric)a), NULL);
    g_autofree char *key_b =
        g_strconcat("scenario-metric.", scenario_metric_word((ScenarioMetric)b), NULL);
    g_autofree char *first = number_of(page, &s->priority[s->first[a]]);
    g_autofree char *other = number_of(page, &s->priority[s->first[b]]);
    return words_fill(
        page->language, s->first[a] == s->first[b] ? "scenario.metrics-same" : "scenario.metrics",
        "tau", tau, "a", W(key_a), "b", W(key_b), "first", first, "other", other, NULL);
}

/* The check from `from` to `to` that changes most: most classes, then the lowest tau. */
static const ScenarioCheck *most_changing(const Scenarios *s, guint from, guint to)
{
    const ScenarioCheck *most = NULL;
    for (guint i = from; i < to; i++) {
        const ScenarioCheck *check = &g_array_index(s->checks, ScenarioCheck, i);
        if (!most || check->changed > most->changed ||
            (check->changed == most->changed && check->tau < most->tau))
            most = check;
    }
    return most;
}

static char *weights_words(const Page *page, const Scenarios *s)
{
    const ScenarioCheck *most = most_changing(s, 0, (guint)s->n_weights);
    g_autofree char *changed = language_number(page->language, (double)most->changed, 0);
    g_autofree char *n = language_number(page->language, (double)s->n_priorities, 0);
    g_autofree char *tau =
        is_defined(most->tau) ? language_number(page->language, most->tau, 2) : g_strdup("–");
    return words_fill(page->language, most->changed ? "scenario.weights" : "scenario.weights-same",
                      "changed", changed, "n", n, "tau", tau, NULL);
}

static char *groups_words(const Page *page, const Scenarios *s)
{
    const ScenarioCheck *most = most_changing(s, (guint)s->n_weights, s->checks->len);
    if (!most)
        return g_strdup(W("scenario.groups-none"));
    g_autofree char *changed = language_number(page->language, (double)most->changed, 0);
    g_autofree char *n = language_number(page->language, (double)s->n_priorities, 0);
    return words_fill(page->language, most->changed ? "scenario.groups" : "scenario.groups-same",
                      "group", page_term(page, TERM_GROUP, most->group), "changed", changed, "n", n,
                      NULL);
}

static char *chances_words(const Page *page, const Scenarios *s)
{
    g_autofree char *few =
        language_number(page->language, page->project->thresholds.scenario_chances, 0);
    if (!is_defined(s->kept))
        return words_fill(page->language, "scenario.chances-none", "n", few, NULL);
    g_autofree char *kept = language_percent(page->language, s->kept);
    g_autofree char *times = language_number(page->language, (double)page->project->bootstrap, 0);
    return words_fill(page->language, "scenario.chances", "kept", kept, "times", times, NULL);
}

static int write_stability(Page *page, Sheet *sheet, const Scenarios *s, int row)
{
    char *(*const lines[])(const Page *, const Scenarios *) = {metrics_words, weights_words,
                                                               groups_words, chances_words};
    cell_text(sheet, row, 0, &LOOK_HEADING, W("scenario.stability"));
    sheet_height(sheet, row++, 24);
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *line = lines[i](page, s);
        const Style text = {.size = 10, .v = V_MIDDLE};
        cell_text(sheet, row++, 0, &text, line);
    }
    return row;
}

/* --- the sheet -------------------------------------------------------------------------------- */

/* Robust priorities that stay so in the resampled panels as often as a firm verdict must. */
static size_t surely_robust(const Page *page, const Scenarios *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_priorities; i++)
        n += s->priority[i].class == ROBUSTNESS_ROBUST &&
             is_defined(s->priority[i].chance.robust) &&
             s->priority[i].chance.robust >= page->project->thresholds.verdict_firm;
    return n;
}

static char *sentence_of(const Page *page, const Scenarios *s)
{
    const size_t complete = s->n_priorities - s->of_class[ROBUSTNESS_INCOMPLETE];
    g_autofree char *robust =
        language_number(page->language, (double)s->of_class[ROBUSTNESS_ROBUST], 0);
    g_autofree char *n = language_number(page->language, (double)complete, 0);
    g_autofree char *fragile =
        language_number(page->language, (double)s->of_class[ROBUSTNESS_FRAGILE], 0);
    g_autofree char *sure = language_number(page->language, (double)surely_robust(page, s), 0);
    g_autofree char *firm =
        language_percent(page->language, page->project->thresholds.verdict_firm);
    const char *key = !complete                         ? "scenario.sentence-none"
                      : !s->of_class[ROBUSTNESS_ROBUST] ? "scenario.sentence-no-robust"
                      : s->chances != UNDEFINED_NOT     ? "scenario.sentence-few"
                                                        : "scenario.sentence";
    return words_fill(page->language, key, "robust", robust, "n", n, "fragile", fragile, "sure",
                      sure, "firm", firm, NULL);
}

static char *rests_on(const Page *page, const Scenarios *s)
{
    const int k = s->scale->n_steps;
    g_autofree char *end = language_number(page->language, k - s->middle, k % 2 ? 0 : 1);
    g_autofree char *rests = page_rests_on(page, s->n, s->organisations);
    g_autofree char *low = g_utf8_strdown(label_get(&s->scale->step[0].label, page->language), -1);
    g_autofree char *high =
        g_utf8_strdown(label_get(&s->scale->step[k - 1].label, page->language), -1);
    return words_fill(page->language, "scenario.rests-on", "rests", rests, "end", end, "low", low,
                      "high", high, "weight", page_weights(page), NULL);
}

void scenarios_write(Page *page, Sheet *sheet)
{
    const Scenarios *s = results_scenarios(page->results);
    g_autofree char *sentence = sentence_of(page, s);
    g_autofree char *rests = rests_on(page, s);
    page_head(page, sheet, W("scenario.title"), sentence, rests);
    int row = write_table(page, sheet, s, ROW_HEADER) + 1;
    sheet_break(sheet, row);
    row = write_breaks(page, sheet, s, row) + 1;
    write_stability(page, sheet, s, row);
    page_print(page, sheet, SHEET_LANDSCAPE_WIDE, -1);
}
