#include "analyze/plan.h"

#include <string.h>

#include "analyze/figure.h"
#include "analyze/speakers.h"

const char *activity_state_word(ActivityState state)
{
    static const char *const words_of[N_ACTIVITY_STATES] = {"not-started", "stopped", "ongoing",
                                                            "done"};
    return words_of[state];
}

int activity_state_parse(const char *word)
{
    for (int s = 0; word && s < N_ACTIVITY_STATES; s++)
        if (g_str_equal(word, activity_state_word((ActivityState)s)))
            return s;
    return NO_TERM;
}

const char *goal_reach_word(GoalReach reach)
{
    static const char *const words_of[N_GOAL_REACHES] = {"no", "partly", "yes"};
    return words_of[reach];
}

static int goal_reach_parse(const char *word)
{
    for (int g = 0; word && g < N_GOAL_REACHES; g++)
        if (g_str_equal(word, goal_reach_word((GoalReach)g)))
            return g;
    return NO_TERM;
}

/* --- importance × practice ----------------------------------------------------------------------
 */

typedef struct {
    TermKind kind;
    int index;
    Criterion criterion;
} Side;

static bool takes_side(const Variable *v, gconstpointer user)
{
    const Side *side = user;
    if (v->criterion != side->criterion || v->scenario != NO_TERM || v->index != NO_TERM)
        return false;
    if (v->activity != NO_TERM)
        return side->kind == TERM_ACTIVITY && v->activity == side->index;
    if (v->focus != NO_TERM)
        return side->kind == TERM_FOCUS && v->focus == side->index;
    return side->kind == TERM_AREA && v->area == side->index;
}

static Speakers *side_of(const Dataset *data, const PlanRow *row, Criterion criterion)
{
    const Side side = {row->kind, row->index, criterion};
    return speakers_new(data, takes_side, &side, NO_TERM);
}

/* The people and organisations who rated either side: those a row without pairs rests on. */
static void count_either(const Dataset *data, const Speakers *x, const Speakers *y, PlanGap *gap)
{
    const Speakers *const sides[] = {x, y};
    g_autofree int *around = g_new0(int, data->n_persons + 1);
    g_autofree bool *met = g_new0(bool, data->units->len + 1);
    for (size_t side = 0; side < G_N_ELEMENTS(sides); side++)
        for (size_t i = 0; i < sides[side]->n; i++) {
            if (!is_defined(sides[side]->mean[i]))
                continue;
            const uint32_t org = sides[side]->org[i];
            int *most = &around[sides[side]->person[i]];
            gap->people += (size_t)MAX(0, sides[side]->around[i] - *most);
            *most = MAX(*most, sides[side]->around[i]);
            gap->organisations += !met[org] && dataset_unit(data, org)->named;
            met[org] = true;
        }
}

static Estimate mean_of(const Dataset *data, const Speakers *s, const double *x)
{
    return speakers_interval(data, s, x, 1, s->scale ? s->scale->n_steps : 1, true);
}

/* The pairs: a row of x beside the same speaker's row of y. Returns how many there are. */
static size_t pair_up(const Speakers *x, const Speakers *y, double *ret_x, double *ret_y,
                      double *ret_d)
{
    size_t pairs = 0;
    for (size_t i = 0; i < x->n; i++) {
        const double other = speakers_mean_of(y, x->speaker[i]);
        const bool both = is_defined(x->mean[i]) && is_defined(other);
        ret_x[i] = both ? x->mean[i] : UNDEFINED;
        ret_y[i] = both ? other : UNDEFINED;
        ret_d[i] = both ? x->mean[i] - other : UNDEFINED;
        pairs += both;
    }
    return pairs;
}

static void read_shares(const Dataset *data, const Speakers *s, const double *d, PlanGap *gap)
{
    g_autofree double *more = g_new(double, s->n + 1);
    g_autofree double *less = g_new(double, s->n + 1);
    for (size_t i = 0; i < s->n; i++) {
        more[i] = is_defined(d[i]) ? d[i] > 0 : UNDEFINED;
        less[i] = is_defined(d[i]) ? d[i] < 0 : UNDEFINED;
    }
    gap->share = speakers_share(data, s, more, true);
    gap->surplus = speakers_share(data, s, less, true).value;
    gap->dominance = gap->share.value - gap->surplus;
}

static void read_pairs(const Dataset *data, const Speakers *x, const Speakers *y, PlanGap *gap)
{
    g_autofree double *important = g_new(double, x->n + 1);
    g_autofree double *practised = g_new(double, x->n + 1);
    g_autofree double *d = g_new(double, x->n + 1);
    const size_t pairs = pair_up(x, y, important, practised, d);
    gap->paired = pairs > 0;
    if (!gap->paired)
        return;
    gap->one_sided = x->answered + y->answered - 2 * pairs;
    gap->importance = mean_of(data, x, important);
    gap->practice = speakers_interval(data, x, practised, 1, gap->k, true);
    gap->gap = speakers_interval(data, x, d, 1 - gap->k, gap->k - 1, true);
    gap->test = gap_paired(important, practised, x->n).test;
    read_shares(data, x, d, gap);
    speakers_count(data, x, d, &gap->people, &gap->organisations);
}

static const char *why_no_gap(const PlanGap *gap)
{
    if (gap->paired)
        return is_defined(gap->gap.value) ? NULL : undefined_key(UNDEFINED_NO_ANSWERS);
    if (!gap->importance_n || !gap->practice_n)
        return undefined_key(UNDEFINED_NO_ANSWERS);
    return gap->k ? "unpaired" : "scales_differ";
}

static void read_corner(PlanGap *gap)
{
    gap->corner = gap->k ? gap_ipa(gap->importance.value, gap->practice.value, (gap->k + 1) / 2.0)
                         : GAP_CORNER_NONE;
}

static PlanGap gap_of(const Dataset *data, const PlanRow *row)
{
    g_autoptr(Speakers) x = side_of(data, row, CRITERION_IMPORTANCE);
    g_autoptr(Speakers) y = side_of(data, row, CRITERION_PRACTICE);
    PlanGap gap = {
        .rated = x->scale || y->scale,
        .importance_n = x->people,
        .practice_n = y->people,
        .gap = ESTIMATE_UNDEFINED,
        .share = ESTIMATE_UNDEFINED,
        .surplus = UNDEFINED,
        .dominance = UNDEFINED,
        .difference = UNDEFINED,
        .test = {UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED},
        .records = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
    };
    const Scale *one = x->scale ? x->scale : y->scale, *other = y->scale ? y->scale : x->scale;
    if (one && one->n_steps == other->n_steps)
        gap.k = one->n_steps;
    g_array_append_vals(gap.records, x->records->data, x->records->len);
    g_array_append_vals(gap.records, y->records->data, y->records->len);
    if (gap.k)
        read_pairs(data, x, y, &gap);
    if (!gap.paired) {
        gap.importance = mean_of(data, x, NULL);
        gap.practice = mean_of(data, y, NULL);
        gap.difference = gap.k ? gap.importance.value - gap.practice.value : UNDEFINED;
        count_either(data, x, y, &gap);
    }
    gap.why = why_no_gap(&gap);
    read_corner(&gap);
    return gap;
}

/* --- states and goals ---------------------------------------------------------------------------
 */

static bool is_of(const Framework *framework, const Entry *entry, const char *key, TermKind kind,
                  int index)
{
    const char *id = entry->role == ROLE_ACTIVITY ? entry_value(entry, key) : NULL;
    return id && framework_match(framework, kind, id) == index;
}

/* The state is given by its key; where it is not, the answer is the state. */
static const char *state_told(const Entry *entry)
{
    const char *told = entry_value(entry, "state");
    return told ? told : entry_value(entry, "answer");
}

/* What an earlier measurement told is history. */
static bool is_current(const Dataset *data, const Record *record, gconstpointer user)
{
    (void)user;
    return !project_wave_is_earlier(data->project, record->wave);
}

GArray *plan_reports(const Dataset *data, int activity,
                     bool (*takes)(const Dataset *data, const Record *record, gconstpointer user),
                     gconstpointer user)
{
    GArray *reports = g_array_new(FALSE, FALSE, sizeof(Report));
    for (guint i = 0; i < data->entries->len; i++) {
        const Entry *entry = data->entries->pdata[i];
        if (!is_of(data->project->framework, entry, "id", TERM_ACTIVITY, activity) ||
            !(takes ? takes : is_current)(data, dataset_record(data, entry->record), user))
            continue;
        const Report report = {entry->record, activity_state_parse(state_told(entry))};
        g_array_append_val(reports, report);
    }
    return reports;
}

/* The goal that the last entry to name one holds the activity against. */
static int goal_of(const Dataset *data, int activity)
{
    const Framework *framework = data->project->framework;
    int64_t last = TIME_UNKNOWN;
    int goal = NO_TERM;
    for (guint i = 0; i < data->entries->len; i++) {
        const Entry *entry = data->entries->pdata[i];
        const char *named = is_of(framework, entry, "id", TERM_ACTIVITY, activity)
                                ? entry_value(entry, "goal")
                                : NULL;
        const int64_t told = dataset_record(data, entry->record)->submitted;
        if (!named || told < last || !is_current(data, dataset_record(data, entry->record), NULL))
            continue;
        goal = framework_match(framework, TERM_GOAL, named);
        last = told;
    }
    return goal;
}

static PlanGoal read_goal(const Dataset *data, int goal)
{
    const Framework *framework = data->project->framework;
    const Term *term = &framework->list[TERM_GOAL].v[goal];
    PlanGoal read = {
        .goal = goal,
        .key = g_strdup_printf("plan/%s/goal=%s", framework->list[TERM_FOCUS].v[term->parent].id,
                               term->id),
        .reports = g_array_new(FALSE, FALSE, sizeof(Report)),
    };
    for (guint i = 0; i < data->entries->len; i++) {
        const Entry *entry = data->entries->pdata[i];
        if (!is_of(framework, entry, "goal", TERM_GOAL, goal) ||
            !is_current(data, dataset_record(data, entry->record), NULL))
            continue;
        const Report report = {entry->record, goal_reach_parse(entry_value(entry, "reached"))};
        g_array_append_val(read.reports, report);
    }
    read.reached = report_settle(data, read.reports);
    return read;
}

/* --- the rows -----------------------------------------------------------------------------------
 */

static char *key_of(const Framework *framework, TermKind kind, int index)
{
    const Term *term = &framework->list[kind].v[index];
    if (kind == TERM_ACTIVITY)
        return g_strdup_printf("plan/%s/activity=%s",
                               framework->list[TERM_FOCUS].v[term->parent].id, term->id);
    return g_strdup_printf(kind == TERM_AREA ? "plan/area=%s" : "plan/%s", term->id);
}

static PlanRow row_of(const Dataset *data, TermKind kind, int index)
{
    PlanRow row = {.kind = kind,
                   .index = index,
                   .key = key_of(data->project->framework, kind, index),
                   .state = {.word = NO_TERM},
                   .goal = NO_TERM};
    row.gap = gap_of(data, &row);
    if (kind == TERM_ACTIVITY) {
        row.reports = plan_reports(data, index, NULL, NULL);
        row.state = report_settle(data, row.reports);
        row.goal = goal_of(data, index);
    }
    return row;
}

static void row_clear(gpointer pointer)
{
    PlanRow *row = pointer;
    g_free(row->key);
    g_array_unref(row->gap.records);
    if (row->reports)
        g_array_unref(row->reports);
}

static void goal_clear(gpointer pointer)
{
    PlanGoal *goal = pointer;
    g_free(goal->key);
    g_array_unref(goal->reports);
}

static void plan_free(gpointer pointer)
{
    Plan *plan = pointer;
    g_array_unref(plan->rows);
    g_array_unref(plan->goals);
    g_free(plan);
}

static void add_row(Plan *plan, const Dataset *data, TermKind kind, int index)
{
    PlanRow row = row_of(data, kind, index);
    if (kind == TERM_AREA && !row.gap.rated) {
        row_clear(&row);
        return;
    }
    plan->rated |= row.gap.rated;
    plan->reported |= row.state.word != NO_TERM;
    g_array_append_val(plan->rows, row);
}

static void add_focus(Plan *plan, const Dataset *data, int focus)
{
    const TermList *activities = &data->project->framework->list[TERM_ACTIVITY];
    add_row(plan, data, TERM_FOCUS, focus);
    for (size_t a = 0; a < activities->n; a++)
        if (activities->v[a].parent == focus)
            add_row(plan, data, TERM_ACTIVITY, (int)a);
}

static gpointer compute(const Results *r)
{
    const Dataset *data = r->data;
    const Framework *framework = data->project->framework;
    Plan *plan = g_new0(Plan, 1);
    plan->rows = g_array_new(FALSE, FALSE, sizeof(PlanRow));
    plan->goals = g_array_new(FALSE, FALSE, sizeof(PlanGoal));
    g_array_set_clear_func(plan->rows, row_clear);
    g_array_set_clear_func(plan->goals, goal_clear);
    for (size_t a = 0; a < framework->list[TERM_AREA].n; a++) {
        add_row(plan, data, TERM_AREA, (int)a);
        for (size_t f = 0; f < framework->list[TERM_FOCUS].n; f++)
            if (framework->list[TERM_FOCUS].v[f].parent == (int)a)
                add_focus(plan, data, (int)f);
    }
    for (size_t g = 0; g < framework->list[TERM_GOAL].n; g++) {
        const PlanGoal goal = read_goal(data, (int)g);
        g_array_append_val(plan->goals, goal);
    }
    if (plan->rated || plan->reported)
        return plan;
    plan_free(plan);
    return NULL;
}

const Plan *results_plan(const Results *results)
{
    return results->product[PRODUCT_PLAN];
}

static bool is_below(const Framework *framework, TermKind kind, int index, int focus)
{
    return focus == NO_TERM || framework->list[kind].v[index].parent == focus;
}

size_t plan_count_states(const Plan *plan, const Framework *framework, int focus,
                         size_t ret[N_ACTIVITY_STATES + 1])
{
    size_t contested = 0;
    memset(ret, 0, (N_ACTIVITY_STATES + 1) * sizeof *ret);
    for (guint i = 0; i < plan->rows->len; i++) {
        const PlanRow *row = &g_array_index(plan->rows, PlanRow, i);
        if (row->kind != TERM_ACTIVITY || !is_below(framework, TERM_ACTIVITY, row->index, focus))
            continue;
        ret[row->state.word == NO_TERM ? N_ACTIVITY_STATES : row->state.word]++;
        contested += row->state.otherwise > 0;
    }
    return contested;
}

size_t plan_count_goals(const Plan *plan, const Framework *framework, int focus,
                        size_t ret[N_GOAL_REACHES + 1])
{
    size_t contested = 0;
    memset(ret, 0, (N_GOAL_REACHES + 1) * sizeof *ret);
    for (guint i = 0; i < plan->goals->len; i++) {
        const PlanGoal *goal = &g_array_index(plan->goals, PlanGoal, i);
        if (!is_below(framework, TERM_GOAL, goal->goal, focus))
            continue;
        ret[goal->reached.word == NO_TERM ? N_GOAL_REACHES : goal->reached.word]++;
        contested += goal->reached.otherwise > 0;
    }
    return contested;
}

/* --- figures ------------------------------------------------------------------------------------
 */

static void publish_estimate(Results *r, const char *path, const char *name, Estimate e,
                             const char *why)
{
    const char *no_interval = is_defined(e.value) ? undefined_key(UNDEFINED_FEW_ORGS) : why;
    g_autofree char *low = g_strconcat(name, "-low", NULL);
    g_autofree char *high = g_strconcat(name, "-high", NULL);
    figure_number(r, path, name, e.value, why);
    figure_number(r, path, low, e.low, no_interval);
    figure_number(r, path, high, e.high, no_interval);
}

static bool reads_row(const Results *results, int subject, const Variable *column)
{
    const PlanRow *row = &g_array_index(results_plan(results)->rows, PlanRow, subject);
    const Side importance = {row->kind, row->index, CRITERION_IMPORTANCE};
    const Side practice = {row->kind, row->index, CRITERION_PRACTICE};
    return takes_side(column, &importance) || takes_side(column, &practice);
}

static void publish_gap(Results *r, const PlanRow *row, int subject, const char *label)
{
    const PlanGap *g = &row->gap;
    const char *none = undefined_key(UNDEFINED_NO_ANSWERS), *why = g->why ? g->why : none;
    g_autofree char *left = g->one_sided ? g_strdup_printf("%zu", g->one_sided) : NULL;
    g_autofree char *left_out =
        left ? words_fill(r->project->language, "plan.one-side", "n", left, NULL) : NULL;
    basis_open(r, &(BasisRow){.path = row->key,
                              .sheet = "plan",
                              .figure = label,
                              .method = "gap.paired",
                              .n = g->people,
                              .records = g->records,
                              .reads = reads_row,
                              .subject = subject,
                              .left_out = left_out})
        ->organisations = g->organisations;
    figure_count(r, row->key, "n", g->people);
    figure_count(r, row->key, "organisations", g->organisations);
    figure_count(r, row->key, "importance-n", g->importance_n);
    figure_count(r, row->key, "practice-n", g->practice_n);
    figure_count(r, row->key, "one-sided", g->one_sided);
    publish_estimate(r, row->key, "importance", g->importance, none);
    publish_estimate(r, row->key, "practice", g->practice, none);
    publish_estimate(r, row->key, "gap", g->gap, why);
    figure_number(r, row->key, "gap-margin", (g->gap.high - g->gap.low) / 2,
                  is_defined(g->gap.value) ? undefined_key(UNDEFINED_FEW_ORGS) : why);
    figure_number(r, row->key, "difference", g->difference, g->paired ? "paired" : why);
    publish_estimate(r, row->key, "gap-share", g->share, why);
    figure_number(r, row->key, "surplus-share", g->surplus, why);
    figure_number(r, row->key, "dominance", g->dominance, why);
    figure_text(r, row->key, "corner",
                g->corner == GAP_CORNER_NONE ? "undefined" : gap_corner_key(g->corner));
    figure_number(r, row->key, "wilcoxon-v", g->test.v,
                  g->paired ? undefined_key(UNDEFINED_NO_SPREAD) : why);
    figure_number(r, row->key, "wilcoxon-p", g->test.p,
                  g->paired ? undefined_key(UNDEFINED_NO_SPREAD) : why);
}

static GArray *records_of(const GArray *reports, GArray *into)
{
    for (guint i = 0; i < reports->len; i++)
        g_array_append_val(into, g_array_index(reports, Report, i).record);
    return into;
}

/* What is reported of one activity or goal. `none` stands where nobody said a word that is known.
 */
static void publish_reported(Results *r, const char *path, const char *figure,
                             const GArray *reports, const Reported *told, const char *statistic,
                             const char *word)
{
    g_autoptr(GArray) records = records_of(reports, g_array_new(FALSE, FALSE, sizeof(uint32_t)));
    basis_open(r, &(BasisRow){.path = path,
                              .sheet = "plan",
                              .figure = figure,
                              .method = "coverage.counts",
                              .n = told->counted,
                              .records = records,
                              .reads = basis_reads_none});
    figure_count(r, path, "n", told->counted);
    figure_text(r, path, statistic, word);
    figure_count(r, path, "otherwise", told->otherwise);
    figure_count(r, path, "superseded", told->superseded);
}

static void publish_activity(Results *r, const PlanRow *row, const char *label)
{
    g_autofree char *path = g_strconcat(row->key, "/part=state", NULL);
    if (row->reports->len)
        publish_reported(r, path, label, row->reports, &row->state, "state",
                         row->state.word == NO_TERM
                             ? "unknown"
                             : activity_state_word((ActivityState)row->state.word));
}

static void publish_goal(Results *r, const PlanGoal *goal)
{
    const Term *term = &r->project->framework->list[TERM_GOAL].v[goal->goal];
    if (goal->reports->len)
        publish_reported(r, goal->key, term_label(term, r->project->language), goal->reports,
                         &goal->reached, "reached",
                         goal->reached.word == NO_TERM
                             ? "unknown"
                             : goal_reach_word((GoalReach)goal->reached.word));
}

/* How many things are in each of `words` (those in none stand last), under one path. */
typedef struct {
    const char *subject, *part, *label;
    const size_t *count;
    int words;
    const char *(*word)(int word);
    size_t contested;
    const GArray *records;
} Counts;

static void publish_counts(Results *r, const Counts *counts)
{
    g_autofree char *path = g_strdup_printf("plan/%s/part=%s", counts->subject, counts->part);
    size_t n = 0;
    for (int w = 0; w <= counts->words; w++)
        n += counts->count[w];
    basis_open(r, &(BasisRow){.path = path,
                              .sheet = "plan",
                              .figure = counts->label,
                              .method = "coverage.counts",
                              .n = n,
                              .records = counts->records,
                              .reads = basis_reads_none});
    figure_count(r, path, "n", n);
    for (int w = 0; w < counts->words; w++)
        figure_count(r, path, counts->word(w), counts->count[w]);
    figure_count(r, path, "unknown", counts->count[counts->words]);
    figure_count(r, path, "contested", counts->contested);
}

static const char *word_of_state(int state)
{
    return activity_state_word((ActivityState)state);
}

static const char *word_of_reach(int reach)
{
    return goal_reach_word((GoalReach)reach);
}

/* The activities and goals of a focus area (NO_TERM: of all) in counts. */
static void publish_focus(Results *r, const Plan *plan, int focus, const char *subject,
                          const char *label)
{
    const Framework *framework = r->project->framework;
    size_t state[N_ACTIVITY_STATES + 1], reach[N_GOAL_REACHES + 1];
    g_autoptr(GArray) of_states = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GArray) of_goals = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < plan->rows->len; i++) {
        const PlanRow *row = &g_array_index(plan->rows, PlanRow, i);
        if (row->kind == TERM_ACTIVITY && is_below(framework, TERM_ACTIVITY, row->index, focus))
            records_of(row->reports, of_states);
    }
    for (guint i = 0; i < plan->goals->len; i++) {
        const PlanGoal *goal = &g_array_index(plan->goals, PlanGoal, i);
        if (is_below(framework, TERM_GOAL, goal->goal, focus))
            records_of(goal->reports, of_goals);
    }
    Counts counts = {.subject = subject,
                     .part = "activities",
                     .label = label,
                     .count = state,
                     .words = N_ACTIVITY_STATES,
                     .word = word_of_state,
                     .contested = plan_count_states(plan, framework, focus, state),
                     .records = of_states};
    publish_counts(r, &counts);
    counts.part = "goals";
    counts.count = reach;
    counts.words = N_GOAL_REACHES;
    counts.word = word_of_reach;
    counts.contested = plan_count_goals(plan, framework, focus, reach);
    counts.records = of_goals;
    publish_counts(r, &counts);
}

static void publish(Results *r, gconstpointer product)
{
    const Plan *plan = product;
    const Framework *framework = r->project->framework;
    for (guint i = 0; i < plan->rows->len; i++) {
        const PlanRow *row = &g_array_index(plan->rows, PlanRow, i);
        const Term *term = &framework->list[row->kind].v[row->index];
        const char *label = term_label(term, r->project->language);
        if (row->gap.rated)
            publish_gap(r, row, (int)i, label);
        if (row->kind == TERM_ACTIVITY)
            publish_activity(r, row, label);
        if (row->kind == TERM_FOCUS)
            publish_focus(r, plan, row->index, term->id, label);
    }
    for (guint i = 0; i < plan->goals->len; i++)
        publish_goal(r, &g_array_index(plan->goals, PlanGoal, i));
    publish_focus(r, plan, NO_TERM, "all", words(r->project->language, "plan.all"));
}

const Product product_plan = {compute, publish, plan_free};
