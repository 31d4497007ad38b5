/* Robusthet: does today's strategy hold? Verdicts with their probability, per question, level and
 * group. */
#include "analyze/workbook/differences.h"
#include "analyze/workbook/sheets.h"

#include "analyze/undefined.h"

enum {
    COL_NR,
    COL_QUESTION,
    COL_VERDICT,
    COL_PROBABILITY,
    COL_RUNNER_UP,
    COL_RUNNER_UP_P,
    COL_LOW,
    COL_HIGH,
    COL_AGREEMENT,
    COL_ORGANISATIONS,
    COL_N,
    N_COLS
};

bool robustness_has_data(const Page *page)
{
    for (guint i = 0; i < page->results->ratings->len; i++)
        if (((const RatingSummary *)page->results->ratings->pdata[i])->family != FAMILY_GOAL)
            return true;
    return false;
}

/* --- sentence --- */

static bool is_said(const RatingSummary *s)
{
    return s->verdict.outcome == VERDICT_FIRM || s->verdict.outcome == VERDICT_RANGE;
}

/* The strongest and the weakest question, when their verdicts do not overlap; that all say the
 * same; or that there is not enough to say. */
static char *sentence_of(const Page *page)
{
    const RatingSummary *low = NULL, *high = NULL;
    for (size_t q = 0; q < page->framework->list[TERM_QUESTION].n; q++) {
        const RatingSummary *s =
            results_rating(page->results, FAMILY_ROBUSTNESS, (int)q, FACET_ALL, NO_TERM);
        if (!s || !is_said(s))
            continue;
        if (!low || s->verdict.low < low->verdict.low)
            low = s;
        if (!high || s->verdict.high > high->verdict.high)
            high = s;
    }
    if (!low)
        return g_strdup(W("robustness.sentence.none"));
    g_autofree char *low_words = look_verdict_words(&low->verdict, low->scale, page->language);
    g_autofree char *high_words = look_verdict_words(&high->verdict, high->scale, page->language);
    const Term *questions = page->framework->list[TERM_QUESTION].v;
    if (low == high || !verdict_disagree(&low->verdict, &high->verdict))
        return words_fill(page->language, "robustness.sentence.alike", "verdict", low_words, NULL);
    return words_fill(page->language, "robustness.sentence.differ", "high",
                      term_brief(&questions[high->subject], page->language), "high_verdict",
                      high_words, "low", term_brief(&questions[low->subject], page->language),
                      "low_verdict", low_words, NULL);
}

/* --- main table --- */

static const ColumnHead heads[N_COLS] = {
    [COL_NR] = {"column.number", 7, false},
    [COL_QUESTION] = {"column.question", 52, false},
    [COL_VERDICT] = {"column.verdict", 22, false},
    [COL_PROBABILITY] = {"column.probability-of-verdict", 17, true},
    [COL_RUNNER_UP] = {"column.runner-up", 22, false},
    [COL_RUNNER_UP_P] = {"column.probability", 15, true},
    [COL_LOW] = {"column.interval-low", 11, true},
    [COL_HIGH] = {"column.interval-high", 11, true},
    [COL_AGREEMENT] = {"column.agreement", 18, false},
    [COL_ORGANISATIONS] = {"column.organisations", 15, true},
    [COL_N] = {"column.answers", 11, true},
};

static const char *step_label(const Page *page, const Scale *scale, int step)
{
    return step ? label_get(&scale->step[step - 1].label, page->language) : "–";
}

/* The verdict; where there is not enough to say, with the first reason for it. */
static char *chip_words(const Page *page, const RatingSummary *s)
{
    char *verdict = look_verdict_words(&s->verdict, s->scale, page->language);
    const unsigned first = s->verdict.reasons & -s->verdict.reasons;
    if (!first)
        return verdict;
    g_autofree char *key = g_strconcat("verdict.reason.", verdict_reason_key(first), NULL);
    char *text = g_strdup_printf("%s: %s", verdict, W(key));
    g_free(verdict);
    return text;
}

static void write_chip(const Page *page, Sheet *sheet, int row, int column, const RatingSummary *s)
{
    g_autofree char *text = chip_words(page, s);
    Style chip = look_chip(&s->verdict, s->n_steps);
    cell_text(sheet, row, column, &chip, text);
}

static void write_row(Page *page, Sheet *sheet, int row, const char *nr, const char *subject,
                      bool bold, const RatingSummary *s)
{
    Style text = bold ? LOOK_TEXT_BOLD : LOOK_TEXT;
    text.v = V_MIDDLE;
    text.size = 11;
    Style d2 = LOOK_D2, integer = LOOK_INT, word = LOOK_TEXT;
    d2.v = integer.v = word.v = V_MIDDLE;
    cell_text(sheet, row, COL_NR, &text, nr);
    cell_text(sheet, row, COL_QUESTION, &text, subject);
    write_chip(page, sheet, row, COL_VERDICT, s);
    page_probability(page, sheet, row, COL_PROBABILITY, true, s->key, "probability", s->n_eff);
    cell_text(sheet, row, COL_RUNNER_UP, &word, step_label(page, s->scale, s->verdict.runner_up));
    page_probability(page, sheet, row, COL_RUNNER_UP_P, false, s->key, "runner-up-probability",
                     s->n_eff);
    page_figure(page, sheet, row, COL_LOW, &d2, s->key, "mean-low");
    page_figure(page, sheet, row, COL_HIGH, &d2, s->key, "mean-high");
    g_autofree char *agreement =
        g_strconcat("agreement.", agreement_word(s->agreement, &page->project->thresholds), NULL);
    word.h = H_CENTRE;
    cell_text(sheet, row, COL_AGREEMENT, &word, W(agreement));
    page_figure(page, sheet, row, COL_ORGANISATIONS, &integer, s->key, "organisations");
    page_count(page, sheet, row, COL_N, s->key, "n");
}

static int write_questions(Page *page, Sheet *sheet, int row)
{
    const TermList *questions = &page->framework->list[TERM_QUESTION];
    const int header = row;
    page_columns(page, sheet, row++, heads, N_COLS);
    for (size_t q = 0; q < questions->n; q++) {
        const RatingSummary *s =
            results_rating(page->results, FAMILY_ROBUSTNESS, (int)q, FACET_ALL, NO_TERM);
        if (!s)
            continue;
        g_autofree char *nr = g_strdup_printf("%zu", q + 1);
        write_row(page, sheet, row++, nr, term_label(&questions->v[q], page->language), false, s);
    }
    for (size_t l = 0; l < page->framework->list[TERM_LEVEL].n; l++) {
        const RatingSummary *s =
            results_rating(page->results, FAMILY_LEVEL, (int)l, FACET_ALL, NO_TERM);
        if (s)
            write_row(page, sheet, row++, W("robustness.level"),
                      page_term(page, TERM_LEVEL, (int)l), true, s);
    }
    sheet_table(sheet, "Robusthet", header, 0, N_COLS, row - header - 1, false);
    return row;
}

/* --- chart
 * -----------------------------------------------------------------------------------------------
 */

static char *alt_text(const Page *page)
{
    GString *text = g_string_new(W("robustness.alt"));
    for (size_t q = 0; q < page->framework->list[TERM_QUESTION].n; q++) {
        const RatingSummary *s =
            results_rating(page->results, FAMILY_ROBUSTNESS, (int)q, FACET_ALL, NO_TERM);
        if (!s)
            continue;
        g_autofree char *verdict = look_verdict_words(&s->verdict, s->scale, page->language);
        g_autofree char *p = page_probability_words(page, s->verdict.probability, s->n_eff);
        g_string_append_printf(
            text, " %zu %s: %s, %s.", q + 1,
            term_brief(&page->framework->list[TERM_QUESTION].v[q], page->language), verdict, p);
    }
    g_string_append_printf(text, " %s", W("chart.see-table"));
    return g_string_free(text, FALSE);
}

/* Probabilities of every step in hidden columns; returns how many questions stand there. */
static int write_chart_data(Page *page, int column)
{
    const Scale *scale = page->framework->verdict_scale;
    int row = 0;
    cell_text(page->diagram, row, column, &LOOK_HEADER, W("column.question"));
    for (int k = 0; k < scale->n_steps; k++)
        cell_text(page->diagram, row, column + 1 + k, &LOOK_HEADER,
                  label_get(&scale->step[k].label, page->language));
    for (size_t q = 0; q < page->framework->list[TERM_QUESTION].n; q++) {
        const RatingSummary *s =
            results_rating(page->results, FAMILY_ROBUSTNESS, (int)q, FACET_ALL, NO_TERM);
        if (!s || !is_defined(s->verdict.pi[0]))
            continue;
        g_autofree char *name =
            g_strdup_printf("%zu  %s", q + 1,
                            term_brief(&page->framework->list[TERM_QUESTION].v[q], page->language));
        cell_text(page->diagram, ++row, column, &LOOK_TEXT, name);
        for (int k = 0; k < scale->n_steps; k++)
            cell_number(page->diagram, row, column + 1 + k, &LOOK_PERCENT, s->verdict.pi[k]);
    }
    return row;
}

static int write_chart(Page *page, Sheet *sheet, int row)
{
    const Scale *scale = page->framework->verdict_scale;
    const int column = page->diagram_column;
    const int bars = write_chart_data(page, column);
    page->diagram_column += scale->n_steps + 2;
    if (!bars)
        return row;
    Series series[STEPS_LIMIT];
    for (int k = 0; k < scale->n_steps; k++)
        series[k] = (Series){.name = label_get(&scale->step[k].label, page->language),
                             .fill = look_step_fill(k + 1, scale->n_steps),
                             .label = look_step_text(k + 1, scale->n_steps),
                             .column = column + 1 + k};
    g_autofree char *alt = alt_text(page);
    g_autofree char *labels =
        g_strdup_printf("[>0.95]\"%s\";[>=0.055]0 %%;", W("probability.over"));
    BarChart chart = {.data = page->diagram,
                      .first_row = 1,
                      .last_row = bars,
                      .category_column = column,
                      .series = series,
                      .n_series = (size_t)scale->n_steps,
                      .axis_max = 1,
                      .legend = true,
                      .label_format = labels,
                      .width = sheet_pixels(sheet, 0, N_COLS - 1),
                      .height = 60 + 40 * bars,
                      .alt_text = alt};
    cell_text(sheet, row, 0, &LOOK_HEADING, W("robustness.chart"));
    sheet_height(sheet, row, 24);
    sheet_bar_chart(sheet, row + 1, 0, &chart);
    return row + 2 + (chart.height + 19) / 20;
}

/* --- groups
 * --------------------------------------------------------------------------------------------------
 */

static const RatingSummary *group_summary(const Page *page, size_t question, size_t group)
{
    return results_rating(page->results, FAMILY_ROBUSTNESS, (int)question, FACET_GROUP, (int)group);
}

/* Of a group's questions the one with most answers; NULL when it answered none. */
static const RatingSummary *most_answered(const Page *page, size_t group)
{
    const RatingSummary *most = NULL;
    for (size_t q = 0; q < page->framework->list[TERM_QUESTION].n; q++) {
        const RatingSummary *s = group_summary(page, q, group);
        if (s && s->n > (most ? most->n : 0))
            most = s;
    }
    return most;
}

static void write_group_row(Page *page, Sheet *sheet, int row, int number, size_t group)
{
    const size_t questions = page->framework->list[TERM_QUESTION].n;
    g_autofree char *nr = g_strdup_printf("%d", number);
    cell_text(sheet, row, 0, &LOOK_TEXT, nr);
    cell_text(sheet, row, 1, &LOOK_TEXT, page_term(page, TERM_GROUP, (int)group));
    for (size_t q = 0; q < questions; q++) {
        const RatingSummary *s = group_summary(page, q, group);
        if (s)
            write_chip(page, sheet, row, 2 + (int)q, s);
        else
            cell_text(sheet, row, 2 + (int)q, &LOOK_CENTRE, "–");
    }
    page_count(page, sheet, row, 2 + (int)questions, most_answered(page, group)->key, "n");
}

static bool any_group_answered(const Page *page)
{
    for (size_t g = 0; g < page->framework->list[TERM_GROUP].n; g++)
        if (most_answered(page, g))
            return true;
    return false;
}

/* Nothing where nobody tells a group. */
static int write_groups(Page *page, Sheet *sheet, int row)
{
    if (!any_group_answered(page))
        return row - 1;
    const TermList *questions = &page->framework->list[TERM_QUESTION];
    cell_text(sheet, row, 0, &LOOK_HEADING, W("robustness.groups"));
    sheet_height(sheet, row++, 24);
    const int header = row;
    cell_text(sheet, row, 0, &LOOK_HEADER, W("column.number"));
    cell_text(sheet, row, 1, &LOOK_HEADER, W("column.group"));
    for (size_t q = 0; q < questions->n; q++) {
        g_autofree char *name =
            g_strdup_printf("%zu %s", q + 1, term_brief(&questions->v[q], page->language));
        cell_text(sheet, row, 2 + (int)q, &LOOK_HEADER, name);
    }
    cell_text(sheet, row++, 2 + (int)questions->n, &LOOK_HEADER_NUMBER, W("column.answers"));
    int number = 0;
    for (size_t g = 0; g < page->framework->list[TERM_GROUP].n; g++)
        if (most_answered(page, g))
            write_group_row(page, sheet, row++, ++number, g);
    sheet_table(sheet, "RobusthetGruppe", header, 0, 3 + (int)questions->n, row - header - 1,
                false);
    return row;
}

/* «Skala: 1 = …, 2 = …»: the order of a scale is declared, so it is printed beside every verdict.
 */
static char *scale_in_words(const Page *page)
{
    const Scale *scale = page->framework->verdict_scale;
    GString *text = g_string_new(W("robustness.scale"));
    for (int k = 0; k < scale->n_steps; k++)
        g_string_append_printf(text, "%s %d = %s", k ? "," : "", k + 1,
                               label_get(&scale->step[k].label, page->language));
    g_string_append(text, ".");
    return g_string_free(text, FALSE);
}

/* --- what people say ------------------------------------------------------------------------- */

enum { VOICES_MOST = 3 };

/* The finding with most organisations behind it that explains the question (NO_TERM: any finding)
 * and was not shown yet; -1 when there is none. */
static int next_voice(const Page *page, int question, const bool *shown)
{
    int best = -1;
    size_t most = 0;
    for (guint i = 0; i < page->results->findings->len; i++) {
        const Finding *f = &g_array_index(page->results->findings, Finding, i);
        bool explains = question == NO_TERM || f->question == question;
        if (!shown[i] && explains && f->organisations > most) {
            best = (int)i;
            most = f->organisations;
        }
    }
    return best;
}

static void write_voice(Page *page, Sheet *sheet, int row, int finding)
{
    const Finding *f = &g_array_index(page->results->findings, Finding, finding);
    g_autofree char *n = language_number(page->language, (double)f->organisations, 0);
    g_autofree char *line = words_fill(
        page->language, f->organisations == 1 ? "robustness.voice-one" : "robustness.voice", "text",
        f->title, "n", n, NULL);
    Style text = {.size = 10, .wrap = false, .v = V_MIDDLE};
    cell_link(sheet, row, 0, &LOOK_LINK, f->code, page->sheet[SHEET_FINDINGS],
              findings_row(finding), 0);
    cell_text(sheet, row, 1, &text, line);
}

static int write_voices_of(Page *page, Sheet *sheet, int row, int question, const char *heading)
{
    g_autofree bool *shown = g_new0(bool, page->results->findings->len + 1);
    for (int n = 0, f; n < VOICES_MOST && (f = next_voice(page, question, shown)) >= 0; n++) {
        if (n == 0) {
            cell_text(sheet, row, 0, &LOOK_HEADING, heading);
            sheet_height(sheet, row++, 24);
        }
        shown[f] = true;
        write_voice(page, sheet, row++, f);
    }
    return row;
}

/* For each question the findings with most organisations behind them, of those whose statements
 * explain its items; where nobody tied a statement to an item, of all findings. */
static int write_voices(Page *page, Sheet *sheet, int row)
{
    const TermList *questions = &page->framework->list[TERM_QUESTION];
    const int first = row;
    if (!page->sheet[SHEET_FINDINGS])
        return row;
    for (size_t q = 0; q < questions->n; q++) {
        g_autofree char *heading = words_fill(page->language, "robustness.voices-on", "question",
                                              term_brief(&questions->v[q], page->language), NULL);
        row = write_voices_of(page, sheet, row, (int)q, heading);
    }
    return row > first ? row : write_voices_of(page, sheet, row, NO_TERM, W("robustness.voices"));
}

/* --- remarks --------------------------------------------------------------------------------- */

static void append_remark(GString *text, const char *remark)
{
    g_string_append_printf(text, "%s%s", text->len ? " " : "", remark);
}

static void append_absent(const Page *page, GString *text, const RatingSummary *s)
{
    GString *names = g_string_new(NULL);
    for (size_t g = 0; g < MIN(page->framework->list[TERM_GROUP].n, 64); g++)
        if (s->targets_absent & UINT64_C(1) << g)
            g_string_append_printf(names, "%s%s", names->len ? ", " : "",
                                   page_term(page, TERM_GROUP, (int)g));
    if (names->len) {
        g_autofree char *remark =
            words_fill(page->language, "robustness.remark.absent", "groups", names->str, NULL);
        append_remark(text, remark);
    }
    g_string_free(names, TRUE);
}

/* What a reader should know before leaning on a question's verdict: groups or sources that say
 * different things, items that may not be one thing. NULL when there is nothing. */
static char *remarks_on(const Page *page, const RatingSummary *s)
{
    GString *text = g_string_new(NULL);
    g_autofree char *groups = differences_remark(page, s->subject, FACET_GROUP);
    g_autofree char *methods = differences_remark(page, s->subject, FACET_METHOD);
    if (s->groups_compared > 1 && (s->groups_disagree || !groups))
        append_remark(text, W(s->groups_disagree ? "robustness.remark.groups-disagree"
                                                 : "robustness.remark.groups-overlap"));
    if (groups)
        append_remark(text, groups);
    if (s->methods_compared > 1 && (s->methods_disagree || !methods))
        append_remark(text, W(s->methods_disagree ? "robustness.remark.sources-disagree"
                                                  : "robustness.remark.sources-agree"));
    if (methods)
        append_remark(text, methods);
    append_absent(page, text, s);
    if (is_defined(s->alpha) && s->alpha < page->project->thresholds.alpha_warning) {
        g_autofree char *alpha = language_number(page->language, s->alpha, 2);
        g_autofree char *warning =
            words_fill(page->language, "robustness.remark.alpha", "alpha", alpha, NULL);
        append_remark(text, warning);
    }
    return g_string_free(text, text->len == 0);
}

static int write_remarks(Page *page, Sheet *sheet, int row)
{
    for (size_t q = 0; q < page->framework->list[TERM_QUESTION].n; q++) {
        const RatingSummary *s =
            results_rating(page->results, FAMILY_ROBUSTNESS, (int)q, FACET_ALL, NO_TERM);
        g_autofree char *remarks = s ? remarks_on(page, s) : NULL;
        if (!remarks)
            continue;
        g_autofree char *line = g_strdup_printf(
            "%zu %s: %s", q + 1,
            term_brief(&page->framework->list[TERM_QUESTION].v[q], page->language), remarks);
        cell_text(sheet, row++, 0, &LOOK_SMALL, line);
    }
    return row;
}

/* Rows of the groups' table, its heading and header among them, that one page still holds. */
enum { MOST_ON_A_PAGE = 11 };

void robustness_write(Page *page, Sheet *sheet)
{
    size_t answers = 0, organisations = 0;
    for (size_t q = 0; q < page->framework->list[TERM_QUESTION].n; q++) {
        const RatingSummary *s =
            results_rating(page->results, FAMILY_ROBUSTNESS, (int)q, FACET_ALL, NO_TERM);
        answers = s ? MAX(answers, s->n) : answers;
        organisations = s ? MAX(organisations, s->organisations) : organisations;
    }
    g_autofree char *sentence = sentence_of(page);
    g_autofree char *rests = page_rests_on(page, answers, organisations);
    g_autofree char *level =
        language_percent(page->language, page->project->thresholds.interval_level);
    g_autofree char *interval =
        words_fill(page->language, "robustness.interval", "level", level, NULL);
    g_autofree char *noted = g_strdup_printf("%s · %s [note 1] [note 5]", rests, interval);
    page_head(page, sheet, W("robustness.title"), sentence, noted);
    int row = write_questions(page, sheet, ROW_HEADER);
    g_autofree char *scale = scale_in_words(page);
    cell_text(sheet, row, 0, &LOOK_SMALL, scale);
    row = write_remarks(page, sheet, row + 1);
    row = write_chart(page, sheet, row + 1);
    const int groups = row;
    row = write_groups(page, sheet, row);
    /* Many groups on one page would print too small to read. */
    const bool long_table = row - groups > MOST_ON_A_PAGE;
    if (long_table)
        sheet_break(sheet, groups);
    write_voices(page, sheet, row + 1);
    page_print(page, sheet, long_table ? SHEET_LANDSCAPE_WIDE : SHEET_LANDSCAPE_PAGE, -1);
}
