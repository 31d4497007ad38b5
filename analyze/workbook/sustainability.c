/* Bærekraft: how mature is the work against the UN goals? A verdict per goal on the answers' own
 * scale, each organisation counting once, and how the answers spread. */
#include "analyze/goal.h"
#include "analyze/publish.h"
#include "analyze/workbook/sheets.h"

enum {
    COL_GOAL,
    COL_MATURITY,
    COL_PROBABILITY,
    COL_AGREEMENT,
    COL_ORGANISATIONS,
    COL_N,
    COL_REASON, /* only where anybody gave one */
    N_COLS
};

static const ColumnHead heads[N_COLS] = {
    [COL_GOAL] = {"column.goal", 50, false},
    [COL_MATURITY] = {"criterion.maturity", 34, false},
    [COL_PROBABILITY] = {"column.probability", 16, true},
    [COL_AGREEMENT] = {"column.agreement", 20, false},
    [COL_ORGANISATIONS] = {"column.organisations", 16, true},
    [COL_N] = {"column.n", 9, true},
    [COL_REASON] = {"column.reason", 54, false},
};

static bool is_goal(const RatingSummary *s)
{
    return s->family == FAMILY_GOAL && s->facet == FACET_ALL;
}

static GPtrArray *goals_of(const Page *page)
{
    GPtrArray *goals = g_ptr_array_new();
    for (guint i = 0; i < page->results->ratings->len; i++)
        if (is_goal(page->results->ratings->pdata[i]))
            g_ptr_array_add(goals, page->results->ratings->pdata[i]);
    return goals;
}

bool sustainability_has_data(const Page *page)
{
    g_autoptr(GPtrArray) goals = goals_of(page);
    return goals->len > 0;
}

/* --- the table ---
 */

/* «●●●○○ Planlagt»; where two steps share the verdict, the dots are those of the lower. */
static char *maturity_words(const Page *page, const RatingSummary *s)
{
    GString *text = g_string_new(NULL);
    g_autofree char *words = look_verdict_words(&s->verdict, s->scale, page->language);
    for (int k = 1; k <= s->n_steps; k++)
        g_string_append(text, k <= s->verdict.low ? "●" : "○");
    g_string_append_printf(text, " %s", words);
    return g_string_free(text, FALSE);
}

static GPtrArray *reasons_of(const Page *page, const RatingSummary *s)
{
    return s->subject_kind == TERM_SDG ? goal_reasons(page->results->data, s->subject)
                                       : g_ptr_array_new();
}

static bool any_reason(const Page *page, const GPtrArray *goals)
{
    for (guint i = 0; i < goals->len; i++) {
        g_autoptr(GPtrArray) reasons = reasons_of(page, goals->pdata[i]);
        if (reasons->len)
            return true;
    }
    return false;
}

/* At most three of them in one cell. */
static void write_reasons(Page *page, Sheet *sheet, int row, const RatingSummary *s)
{
    enum { MOST = 3 };
    g_autoptr(GPtrArray) reasons = reasons_of(page, s);
    g_ptr_array_set_size(reasons, (gint)MIN(reasons->len, MOST));
    const bool none = !reasons->len;
    g_ptr_array_add(reasons, NULL);
    g_autofree char *text = g_strjoinv(" · ", (char **)reasons->pdata);
    cell_text(sheet, row, COL_REASON, &LOOK_TEXT, none ? "–" : text);
}

static void write_goal(Page *page, Sheet *sheet, int row, const RatingSummary *s)
{
    const Style chip = look_chip(&s->verdict, s->n_steps);
    g_autofree char *maturity = maturity_words(page, s);
    g_autofree char *agreement =
        g_strconcat("agreement.", agreement_word(s->agreement, &page->project->thresholds), NULL);
    cell_text(sheet, row, COL_GOAL, &LOOK_TEXT_BOLD, page_term(page, s->subject_kind, s->subject));
    cell_text(sheet, row, COL_MATURITY, &chip, maturity);
    page_origin(page, sheet, row, COL_MATURITY, s->key, "verdict");
    page_probability(page, sheet, row, COL_PROBABILITY, false, s->key, "probability", s->n_eff);
    cell_text(sheet, row, COL_AGREEMENT, &LOOK_TEXT, W(agreement));
    page_origin(page, sheet, row, COL_AGREEMENT, s->key, "agreement");
    page_figure(page, sheet, row, COL_ORGANISATIONS, &LOOK_INT, s->key, "organisations");
    page_count(page, sheet, row, COL_N, s->key, "n");
}

/* --- the chart ---
 */

static char *alt_text(const Page *page, const GPtrArray *goals)
{
    const RatingSummary *most = NULL, *least = NULL;
    for (guint i = 0; i < goals->len; i++) {
        const RatingSummary *s = goals->pdata[i];
        if (!is_defined(s->agree))
            continue;
        most = !most || s->agree > most->agree ? s : most;
        least = !least || s->agree < least->agree ? s : least;
    }
    if (!most || most == least)
        return g_strdup_printf("%s %s", W("sustainability.alt"), W("chart.see-table"));
    g_autofree char *high = language_percent(page->language, most->agree);
    g_autofree char *low = language_percent(page->language, least->agree);
    g_autofree char *range =
        words_fill(page->language, "sustainability.alt-range", "first",
                   page_term(page, most->subject_kind, most->subject), "most", high, "last",
                   page_term(page, least->subject_kind, least->subject), "least", low, NULL);
    return g_strdup_printf("%s %s", W("sustainability.alt"), range);
}

/* Returns how many goals of that scale were answered. */
static int write_chart_data(Page *page, int column, const GPtrArray *goals, const Scale *scale)
{
    int row = 0;
    cell_text(page->diagram, 0, column, &LOOK_HEADER, W("column.goal"));
    for (int k = 0; k < scale->n_steps; k++)
        cell_text(page->diagram, 0, column + 1 + k, &LOOK_HEADER,
                  label_get(&scale->step[k].label, page->language));
    for (guint i = 0; i < goals->len; i++) {
        const RatingSummary *s = goals->pdata[i];
        if (s->scale != scale || !s->n)
            continue;
        cell_text(page->diagram, ++row, column, &LOOK_TEXT,
                  page_term(page, s->subject_kind, s->subject));
        for (int k = 0; k < scale->n_steps; k++)
            cell_number(page->diagram, row, column + 1 + k, &LOOK_PERCENT, s->share[k]);
    }
    return row;
}

static void write_chart(Page *page, Sheet *sheet, int row, const GPtrArray *goals, int columns)
{
    enum { FRAME_HEIGHT = 60, BAR_HEIGHT = 34 };
    const Scale *scale = ((const RatingSummary *)goals->pdata[0])->scale;
    const int column = page->diagram_column;
    const int bars = write_chart_data(page, column, goals, scale);
    page->diagram_column += scale->n_steps + 2;
    if (!bars)
        return;
    Series series[STEPS_LIMIT];
    for (int k = 0; k < scale->n_steps; k++)
        series[k] = (Series){.name = label_get(&scale->step[k].label, page->language),
                             .fill = look_step_fill(k + 1, scale->n_steps),
                             .label = look_step_text(k + 1, scale->n_steps),
                             .column = column + 1 + k};
    g_autofree char *alt = alt_text(page, goals);
    const BarChart chart = {.data = page->diagram,
                            .first_row = 1,
                            .last_row = bars,
                            .category_column = column,
                            .series = series,
                            .n_series = (size_t)scale->n_steps,
                            .axis_max = 1,
                            .legend = true,
                            .width = sheet_pixels(sheet, 0, columns - 1),
                            .height = FRAME_HEIGHT + BAR_HEIGHT * bars,
                            .alt_text = alt};
    row = page_heading(page, sheet, row, "sustainability.chart");
    sheet_bar_chart(sheet, row, 0, &chart);
}

/* --- the sheet ---
 */

/* The goals with highest and lowest mean, when their intervals do not meet. */
static char *sentence_of(const Page *page, const GPtrArray *goals)
{
    const RatingSummary *most = NULL, *least = NULL;
    for (guint i = 0; i < goals->len; i++) {
        const RatingSummary *s = goals->pdata[i];
        if (!is_defined(s->mean_low) || s->verdict.outcome == VERDICT_INSUFFICIENT)
            continue;
        most = !most || s->mean > most->mean ? s : most;
        least = !least || s->mean < least->mean ? s : least;
    }
    if (!most)
        return g_strdup(W("sustainability.sentence.none"));
    if (most->scale != least->scale || !(most->mean_low > least->mean_high))
        return g_strdup(W("sustainability.sentence.alike"));
    g_autofree char *high = look_verdict_words(&most->verdict, most->scale, page->language);
    g_autofree char *low = look_verdict_words(&least->verdict, least->scale, page->language);
    return words_fill(page->language, "sustainability.sentence.differ", "most",
                      page_term(page, most->subject_kind, most->subject), "high", high, "least",
                      page_term(page, least->subject_kind, least->subject), "low", low, NULL);
}

static char *rests_on(const Page *page, const GPtrArray *goals)
{
    size_t answers = 0, organisations = 0;
    for (guint i = 0; i < goals->len; i++) {
        const RatingSummary *s = goals->pdata[i];
        answers = MAX(answers, s->n);
        organisations = MAX(organisations, s->organisations);
    }
    g_autofree char *rests = page_rests_on(page, answers, organisations);
    return g_strdup_printf("%s · %s [note 1]", rests, page_weights(page));
}

void sustainability_write(Page *page, Sheet *sheet)
{
    g_autoptr(GPtrArray) goals = goals_of(page);
    g_autofree char *sentence = sentence_of(page, goals);
    g_autofree char *rests = rests_on(page, goals);
    const bool reasons = any_reason(page, goals);
    const int columns = reasons ? N_COLS : COL_REASON;
    page_head(page, sheet, W("sustainability.title"), sentence, rests);
    page_columns(page, sheet, ROW_HEADER, heads, columns);
    int row = ROW_HEADER + 1;
    for (guint i = 0; i < goals->len; i++, row++) {
        write_goal(page, sheet, row, goals->pdata[i]);
        if (reasons)
            write_reasons(page, sheet, row, goals->pdata[i]);
    }
    sheet_table(sheet, "Baerekraft", ROW_HEADER, 0, columns, (int)goals->len, false);
    write_chart(page, sheet, row + 1, goals, columns);
    page_print(page, sheet, SHEET_LANDSCAPE_PAGE, -1);
}
