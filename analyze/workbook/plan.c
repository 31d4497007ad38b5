/* Plan: which planned activities are followed? Focus areas with their activities in one table, and
 * importance × practice as points whose axes cross at the middle of the scale. */
#include "analyze/plan.h"
#include "analyze/compare.h"
#include "analyze/workbook/sheets.h"

enum {
    COL_NUMBER,
    COL_FOCUS,
    COL_ACTIVITY,
    COL_STATE,
    COL_GOAL,
    COL_IMPORTANCE, /* this and the next three only where something was rated */
    COL_PRACTICE,
    COL_GAP,
    COL_MARGIN,
    COL_N,
    N_COLS
};

static const ColumnHead heads[N_COLS] = {
    [COL_NUMBER] = {"column.number", 8, false},
    [COL_FOCUS] = {"column.focus-area", 34, false},
    [COL_ACTIVITY] = {"column.activity", 52, false},
    [COL_STATE] = {"column.state", 20, false},
    [COL_GOAL] = {"column.goal-reached", 18, false},
    [COL_IMPORTANCE] = {"criterion.importance", 11, true},
    [COL_PRACTICE] = {"criterion.practice", 11, true},
    [COL_GAP] = {"column.gap", 10, true},
    [COL_MARGIN] = {"column.gap", 10, true},
    [COL_N] = {"column.answers", 9, true},
};

static const Style look_gap = {
    .size = 10, .h = H_RIGHT, .v = V_MIDDLE, .bottom = HAIRLINE, .number = "+0.0;−0.0;0.0"};

bool plan_has_data(const Page *page)
{
    return results_plan(page->results) != NULL;
}

static const PlanRow *row_at(const Plan *plan, guint i)
{
    return &g_array_index(plan->rows, PlanRow, i);
}

static const char *id_of(const Page *page, const PlanRow *row)
{
    return page->framework->list[row->kind].v[row->index].id;
}

/* Activities are rows where anything is known of any of them. */
static bool is_shown(const Plan *plan, const PlanRow *row, bool activities_rated)
{
    return row->kind != TERM_ACTIVITY || plan->reported || activities_rated;
}

static bool any_activity_rated(const Plan *plan)
{
    for (guint i = 0; i < plan->rows->len; i++)
        if (row_at(plan, i)->kind == TERM_ACTIVITY && row_at(plan, i)->gap.rated)
            return true;
    return false;
}

/* --- cells ---
 */

static char *count_of(const Page *page, const char *key, size_t n, size_t of)
{
    g_autofree char *some = language_number(page->language, (double)n, 0);
    g_autofree char *all = language_number(page->language, (double)of, 0);
    return words_fill(page->language, key, "n", some, "all", all, NULL);
}

static size_t sum_of(const size_t *count, int n)
{
    size_t sum = 0;
    for (int i = 0; i < n; i++)
        sum += count[i];
    return sum;
}

static void write_focus(Page *page, Sheet *sheet, int at, const Plan *plan, const PlanRow *row)
{
    size_t state[N_ACTIVITY_STATES + 1], reach[N_GOAL_REACHES + 1];
    plan_count_states(plan, page->framework, row->index, state);
    plan_count_goals(plan, page->framework, row->index, reach);
    const size_t activities = sum_of(state, N_ACTIVITY_STATES + 1);
    const size_t goals = sum_of(reach, N_GOAL_REACHES + 1);
    const char *id = page->framework->list[TERM_FOCUS].v[row->index].id;
    g_autofree char *of_activities = g_strdup_printf("plan/%s/part=activities", id);
    g_autofree char *of_goals = g_strdup_printf("plan/%s/part=goals", id);
    g_autofree char *n = language_number(page->language, (double)activities, 0);
    g_autofree char *all = words_fill(
        page->language, activities == 1 ? "plan.activity" : "plan.activities", "n", n, NULL);
    g_autofree char *done = count_of(page, "plan.done-of", state[ACTIVITY_DONE], activities);
    g_autofree char *reached = count_of(page, "plan.reached-of", reach[GOAL_YES], goals);
    cell_text(sheet, at, COL_ACTIVITY, &LOOK_TEXT_BOLD, all);
    page_origin(page, sheet, at, COL_ACTIVITY, of_activities, "n");
    cell_text(sheet, at, COL_STATE, &LOOK_TEXT_BOLD, plan->reported ? done : "–");
    page_origin(page, sheet, at, COL_STATE, of_activities, activity_state_word(ACTIVITY_DONE));
    cell_text(sheet, at, COL_GOAL, &LOOK_TEXT_BOLD, reach[N_GOAL_REACHES] < goals ? reached : "–");
    page_origin(page, sheet, at, COL_GOAL, of_goals, goal_reach_word(GOAL_YES));
}

/* «I gang», and how many say something else. */
static char *reported_words(const Page *page, const Reported *told, const char *family,
                            const char *word)
{
    if (told->word == NO_TERM)
        return g_strdup(W("plan.unknown"));
    g_autofree char *key = g_strconcat(family, ".", word, NULL);
    if (!told->otherwise)
        return g_strdup(W(key));
    g_autofree char *n = language_number(page->language, (double)told->otherwise, 0);
    return words_fill(page->language,
                      told->otherwise == 1 ? "plan.otherwise-one" : "plan.otherwise", "word",
                      W(key), "n", n, NULL);
}

static const PlanGoal *goal_of(const Plan *plan, int goal)
{
    for (guint i = 0; i < plan->goals->len; i++)
        if (g_array_index(plan->goals, PlanGoal, i).goal == goal)
            return &g_array_index(plan->goals, PlanGoal, i);
    return NULL;
}

static void write_activity(Page *page, Sheet *sheet, int at, const Plan *plan, const PlanRow *row)
{
    const PlanGoal *goal = goal_of(plan, row->goal);
    g_autofree char *path = g_strconcat(row->key, "/part=state", NULL);
    g_autofree char *state = reported_words(
        page, &row->state, "state",
        row->state.word == NO_TERM ? "" : activity_state_word((ActivityState)row->state.word));
    cell_text(sheet, at, COL_ACTIVITY, &LOOK_TEXT, page_term(page, TERM_ACTIVITY, row->index));
    cell_text(sheet, at, COL_STATE, &LOOK_TEXT, state);
    if (row->state.word != NO_TERM)
        page_origin(page, sheet, at, COL_STATE, path, "state");
    if (!goal) {
        cell_text(sheet, at, COL_GOAL, &LOOK_TEXT, "–");
        return;
    }
    g_autofree char *reached = reported_words(
        page, &goal->reached, "reached",
        goal->reached.word == NO_TERM ? "" : goal_reach_word((GoalReach)goal->reached.word));
    cell_text(sheet, at, COL_GOAL, &LOOK_TEXT, reached);
    if (goal->reached.word != NO_TERM)
        page_origin(page, sheet, at, COL_GOAL, goal->key, "reached");
}

static void write_rating(Page *page, Sheet *sheet, int at, const PlanRow *row)
{
    static const struct {
        int column;
        const Style *style;
        const char *statistic;
    } cells[] = {{COL_IMPORTANCE, &LOOK_D1, "importance"},
                 {COL_PRACTICE, &LOOK_D1, "practice"},
                 {COL_GAP, &look_gap, "gap"},
                 {COL_MARGIN, &LOOK_D1, "gap-margin"}};
    for (size_t i = 0; i < G_N_ELEMENTS(cells); i++)
        if (row->gap.rated)
            page_figure(page, sheet, at, cells[i].column, cells[i].style, row->key,
                        cells[i].statistic);
        else
            cell_text(sheet, at, cells[i].column, &LOOK_INT, "–");
}

/* Who is behind the row: those who rated it, else the reports on it. */
static void write_n(Page *page, Sheet *sheet, int at, int column, const PlanRow *row)
{
    g_autofree char *state = g_strconcat(row->key, "/part=state", NULL);
    if (row->gap.rated)
        page_count(page, sheet, at, column, row->key, "n");
    else if (row->reports && row->reports->len)
        page_count(page, sheet, at, column, state, "n");
    else
        cell_text(sheet, at, column, &LOOK_INT, "–");
}

static int focus_of(const Page *page, const PlanRow *row)
{
    return row->kind == TERM_ACTIVITY ? page->framework->list[TERM_ACTIVITY].v[row->index].parent
                                      : row->index;
}

static void write_row(Page *page, Sheet *sheet, int at, const Plan *plan, const PlanRow *row)
{
    const Style *look = row->kind == TERM_ACTIVITY ? &LOOK_TEXT : &LOOK_TEXT_BOLD;
    const TermKind named = row->kind == TERM_AREA ? TERM_AREA : TERM_FOCUS;
    cell_text(sheet, at, COL_NUMBER, look, id_of(page, row));
    cell_text(sheet, at, COL_FOCUS, look, page_term(page, named, focus_of(page, row)));
    if (row->kind == TERM_FOCUS)
        write_focus(page, sheet, at, plan, row);
    else if (row->kind == TERM_ACTIVITY)
        write_activity(page, sheet, at, plan, row);
    else
        for (int c = COL_ACTIVITY; c <= COL_GOAL; c++)
            cell_text(sheet, at, c, &LOOK_TEXT, "–");
    if (plan->rated)
        write_rating(page, sheet, at, row);
    write_n(page, sheet, at, plan->rated ? COL_N : COL_IMPORTANCE, row);
}

/* --- the chart ---
 */

/* The largest and smallest gap among the points, for those who cannot see them. */
static char *alt_text(const Page *page, const GArray *points)
{
    const PlanRow *most = NULL, *least = NULL;
    for (guint i = 0; i < points->len; i++) {
        const PlanRow *row = g_array_index(points, const PlanRow *, i);
        if (!row->gap.paired)
            continue;
        most = !most || row->gap.gap.value > most->gap.gap.value ? row : most;
        least = !least || row->gap.gap.value < least->gap.gap.value ? row : least;
    }
    if (!most || most == least)
        return g_strdup_printf("%s %s", W("plan.alt"), W("chart.see-table"));
    g_autofree char *high = language_number(page->language, most->gap.gap.value, 1);
    g_autofree char *low = language_number(page->language, least->gap.gap.value, 1);
    g_autofree char *range = words_fill(
        page->language, "plan.alt-range", "first", page_term(page, most->kind, most->index), "most",
        high, "last", page_term(page, least->kind, least->index), "least", low, NULL);
    return g_strdup_printf("%s %s %s", W("plan.alt"), range, W("chart.see-table"));
}

/* Focus areas that have a place among the axes of the first: both means, on as many steps. */
static GArray *points_of(const Plan *plan)
{
    GArray *points = g_array_new(FALSE, FALSE, sizeof(const PlanRow *));
    int k = 0;
    for (guint i = 0; i < plan->rows->len; i++) {
        const PlanRow *row = row_at(plan, i);
        if (row->kind != TERM_FOCUS || row->gap.corner == GAP_CORNER_NONE)
            continue;
        k = k ? k : row->gap.k;
        if (row->gap.k == k)
            g_array_append_val(points, row);
    }
    return points;
}

static void write_chart_data(Page *page, int column, const GArray *points)
{
    cell_text(page->diagram, 0, column, &LOOK_HEADER, W("column.number"));
    cell_text(page->diagram, 0, column + 1, &LOOK_HEADER, W("criterion.practice"));
    cell_text(page->diagram, 0, column + 2, &LOOK_HEADER, W("criterion.importance"));
    for (guint i = 0; i < points->len; i++) {
        const PlanRow *row = g_array_index(points, const PlanRow *, i);
        cell_text(page->diagram, (int)i + 1, column, &LOOK_TEXT, id_of(page, row));
        cell_number(page->diagram, (int)i + 1, column + 1, &LOOK_D2, row->gap.practice.value);
        cell_number(page->diagram, (int)i + 1, column + 2, &LOOK_D2, row->gap.importance.value);
    }
}

static void write_chart(Page *page, Sheet *sheet, int at, const Plan *plan)
{
    g_autoptr(GArray) points = points_of(plan);
    const int column = page->diagram_column;
    if (!points->len)
        return;
    page->diagram_column += 4;
    write_chart_data(page, column, points);
    g_autofree const char **labels = g_new(const char *, points->len);
    for (guint i = 0; i < points->len; i++)
        labels[i] = id_of(page, g_array_index(points, const PlanRow *, i));
    g_autofree char *alt = alt_text(page, points);
    const int k = g_array_index(points, const PlanRow *, 0)->gap.k;
    const int width = sheet_pixels(sheet, 0, N_COLS - 1);
    const ScatterChart chart = {.data = page->diagram,
                                .first_row = 1,
                                .last_row = (int)points->len,
                                .x_column = column + 1,
                                .y_column = column + 2,
                                .labels = labels,
                                .x_name = W("criterion.practice"),
                                .y_name = W("criterion.importance"),
                                .low = 1,
                                .high = k,
                                .crosses = (k + 1) / 2.0,
                                .fill = LINK,
                                .width = width,
                                .height = width / 2,
                                .alt_text = alt};
    cell_text(sheet, at, 0, &LOOK_HEADING, W("plan.chart"));
    sheet_height(sheet, at, 26);
    sheet_scatter_chart(sheet, at + 1, 0, &chart);
}

/* --- the sheet ---
 */

/* Of the gaps whose interval lies above zero, the one that is largest at its lower end: the largest
 * that the uncertainty supports. */
static char *gap_sentence(const Page *page, const Plan *plan)
{
    const PlanRow *most = NULL;
    size_t supported = 0;
    for (guint i = 0; i < plan->rows->len; i++) {
        const PlanRow *row = row_at(plan, i);
        if (row->kind != TERM_FOCUS || !is_defined(row->gap.gap.low) ||
            !(compare_round(row->gap.gap.low) > 0))
            continue;
        supported++;
        if (!most || compare_round(row->gap.gap.low) > compare_round(most->gap.gap.low))
            most = row;
    }
    if (!most)
        return g_strdup(W("plan.sentence.none"));
    const double margin = (most->gap.gap.high - most->gap.gap.low) / 2;
    g_autofree char *gap = language_number(page->language, most->gap.gap.value, 1);
    g_autofree char *give = language_number(page->language, margin, 1);
    g_autofree char *n = language_number(page->language, (double)supported, 0);
    g_autofree char *all =
        language_number(page->language, (double)page->framework->list[TERM_FOCUS].n, 0);
    return words_fill(page->language, "plan.sentence.gap", "name",
                      page_term(page, most->kind, most->index), "gap", gap, "margin", give, "n", n,
                      "all", all, NULL);
}

static char *sentence_of(const Page *page, const Plan *plan)
{
    size_t state[N_ACTIVITY_STATES + 1];
    plan_count_states(plan, page->framework, NO_TERM, state);
    g_autofree char *gap = plan->rated ? gap_sentence(page, plan) : NULL;
    g_autofree char *done = count_of(page, "plan.sentence.done", state[ACTIVITY_DONE],
                                     sum_of(state, N_ACTIVITY_STATES + 1));
    return g_strjoin(" ", gap ? gap : done, gap && plan->reported ? done : NULL, NULL);
}

static char *rests_on(const Page *page, const Plan *plan)
{
    size_t people = 0, organisations = 0;
    for (guint i = 0; i < plan->rows->len; i++) {
        people = MAX(people, row_at(plan, i)->gap.people);
        organisations = MAX(organisations, row_at(plan, i)->gap.organisations);
    }
    if (!plan->rated)
        return g_strdup(W("plan.rests-on-reports"));
    g_autofree char *rests = page_rests_on(page, people, organisations);
    return g_strdup_printf("%s · %s %s", rests, page_weights(page), W("plan.rests-on"));
}

static void write_heads(Page *page, Sheet *sheet, const Plan *plan)
{
    g_autofree char *level =
        language_percent(page->language, page->project->thresholds.interval_level);
    g_autofree char *margin = g_strdup_printf("%s ±", level);
    page_columns(page, sheet, ROW_HEADER, heads, plan->rated ? N_COLS : COL_IMPORTANCE);
    if (plan->rated) {
        cell_text(sheet, ROW_HEADER, COL_MARGIN, &LOOK_HEADER_NUMBER, margin);
        return;
    }
    sheet_column(sheet, COL_IMPORTANCE, heads[COL_N].width);
    cell_text(sheet, ROW_HEADER, COL_IMPORTANCE, &LOOK_HEADER_NUMBER, W(heads[COL_N].label));
}

void plan_write(Page *page, Sheet *sheet)
{
    const Plan *plan = results_plan(page->results);
    const bool activities_rated = any_activity_rated(plan);
    g_autofree char *sentence = sentence_of(page, plan);
    g_autofree char *rests = rests_on(page, plan);
    page_head(page, sheet, W("plan.title"), sentence, rests);
    write_heads(page, sheet, plan);
    int at = ROW_HEADER + 1;
    for (guint i = 0; i < plan->rows->len; i++)
        if (is_shown(plan, row_at(plan, i), activities_rated))
            write_row(page, sheet, at++, plan, row_at(plan, i));
    sheet_table(sheet, "Plan", ROW_HEADER, 0, plan->rated ? N_COLS : COL_IMPORTANCE + 1,
                at - ROW_HEADER - 1, true);
    if (plan->rated) {
        sheet_heat_around(sheet, ROW_HEADER + 1, at - 1, COL_GAP, -2, 0, 2, HEAT_BLUE, HEAT_ORANGE);
        sheet_break(sheet, at + 1);
        write_chart(page, sheet, at + 1, plan);
    }
    page_print(page, sheet, SHEET_LANDSCAPE_WIDE, ROW_HEADER);
}
