/* Dilemmaer: which choices pull against each other, and who speaks for which pole. */
#include "analyze/dilemmas.h"
#include "analyze/workbook/sheets.h"

enum {
    COL_NR,
    COL_DILEMMA,
    COL_LEVEL,
    COL_POLE_A,
    COL_POLE_B,
    COL_FOR_A,
    COL_FOR_B,
    COL_CAMPS,
    COL_TENSION,
    COL_ORGANISATIONS,
    COL_N,
    COL_FINDINGS,
    N_COLS
};

static const ColumnHead heads[N_COLS] = {
    [COL_NR] = {"column.number", 5, false},
    [COL_DILEMMA] = {"column.dilemma", 38, false},
    [COL_LEVEL] = {"column.part", 18, false},
    [COL_POLE_A] = {"column.pole-a", 25, false},
    [COL_POLE_B] = {"column.pole-b", 25, false},
    [COL_FOR_A] = {"column.for-a", 10, true},
    [COL_FOR_B] = {"column.for-b", 10, true},
    [COL_CAMPS] = {"column.agreement", 14, false},
    [COL_TENSION] = {"column.tension", 10, true},
    [COL_ORGANISATIONS] = {"column.organisations-short", 8, true},
    [COL_N] = {"column.answers", 8, true},
    [COL_FINDINGS] = {"column.findings", 14, false},
};

bool dilemmas_has_data(const Page *page)
{
    return results_dilemmas(page->results) != NULL;
}

static const Term *term_of(const Page *page, const DilemmaResult *d)
{
    return &page->framework->list[TERM_DILEMMA].v[d->term];
}

static char *codes_of(const Page *page, const DilemmaResult *d)
{
    GString *codes = g_string_new(NULL);
    for (guint i = 0; i < d->findings->len; i++) {
        const int at = g_array_index(d->findings, int, i);
        g_string_append_printf(codes, "%s%s", i ? ", " : "",
                               g_array_index(page->results->findings, Finding, at).code);
    }
    if (!codes->len)
        g_string_append(codes, "–");
    return g_string_free(codes, FALSE);
}

/* A single finding is a link; of several only the first could be one. */
static void write_findings(Page *page, Sheet *sheet, int row, const DilemmaResult *d)
{
    g_autofree char *codes = codes_of(page, d);
    if (d->findings->len == 1 && page->sheet[SHEET_FINDINGS])
        cell_link(sheet, row, COL_FINDINGS, &LOOK_CELL_LINK, codes, page->sheet[SHEET_FINDINGS],
                  findings_row(g_array_index(d->findings, int, 0)), 0);
    else
        cell_text(sheet, row, COL_FINDINGS, &LOOK_TEXT, codes);
}

static char *name_of(const Page *page, const Term *term)
{
    const char *question = label_get(&term->detail, page->language);
    return question && *question
               ? g_strdup_printf("%s: %s", term_label(term, page->language), question)
               : g_strdup(term_label(term, page->language));
}

static void write_row(Page *page, Sheet *sheet, int row, const DilemmaResult *d)
{
    const Term *term = term_of(page, d);
    g_autofree char *number = g_strdup_printf("%d", d->term + 1);
    g_autofree char *name = name_of(page, term);
    g_autofree char *camps =
        g_strconcat("agreement.", agreement_word(d->agreement, &page->project->thresholds), NULL);
    cell_text(sheet, row, COL_NR, &LOOK_TEXT, number);
    cell_text(sheet, row, COL_DILEMMA, &LOOK_TEXT, name);
    cell_text(sheet, row, COL_LEVEL, &LOOK_TEXT, page_term(page, TERM_LEVEL, term->parent));
    cell_text(sheet, row, COL_POLE_A, &LOOK_TEXT, label_get(&term->pole_a, page->language));
    cell_text(sheet, row, COL_POLE_B, &LOOK_TEXT, label_get(&term->pole_b, page->language));
    page_figure(page, sheet, row, COL_FOR_A, &LOOK_PERCENT, d->key, "for-a");
    page_figure(page, sheet, row, COL_FOR_B, &LOOK_PERCENT, d->key, "for-b");
    cell_text(sheet, row, COL_CAMPS, &LOOK_TEXT, d->n ? W(camps) : "–");
    page_origin(page, sheet, row, COL_CAMPS, d->key, "agreement-word");
    page_figure(page, sheet, row, COL_TENSION, &LOOK_D2, d->key, "tension");
    page_figure(page, sheet, row, COL_ORGANISATIONS, &LOOK_INT, d->key, "organisations");
    page_count(page, sheet, row, COL_N, d->key, "n");
    write_findings(page, sheet, row, d);
}

/* Of enough organisations, the pole that the most lean to by more than the uncertainty. */
static const DilemmaResult *clearest(const Page *page, const Dilemmas *dilemmas)
{
    const DilemmaResult *best = NULL;
    double most = 0.5;
    for (guint i = 0; i < dilemmas->dilemmas->len; i++) {
        const DilemmaResult *d = &g_array_index(dilemmas->dilemmas, DilemmaResult, i);
        const double low = d->a.value > d->b.value ? d->a.low : d->b.low;
        if ((double)d->organisations < page->project->thresholds.verdict_organisations ||
            !is_defined(low) || low <= most)
            continue;
        best = d;
        most = low;
    }
    return best;
}

/* Names of the dilemmas on which people are two camps; NULL: none. */
static char *divided(const Page *page, const Dilemmas *dilemmas)
{
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < dilemmas->dilemmas->len; i++) {
        const DilemmaResult *d = &g_array_index(dilemmas->dilemmas, DilemmaResult, i);
        if (d->n >= (size_t)page->project->thresholds.verdict_n &&
            g_str_equal(agreement_word(d->agreement, &page->project->thresholds), "divided")) {
            g_autofree char *name = words_fill(page->language, "name.quoted", "text",
                                               term_brief(term_of(page, d), page->language), NULL);
            g_string_append_printf(names, "%s%s", names->len ? ", " : "", name);
        }
    }
    return g_string_free(names, names->len == 0);
}

static char *sentence_of(const Page *page, const Dilemmas *dilemmas)
{
    const DilemmaResult *best = clearest(page, dilemmas);
    g_autofree char *camps = divided(page, dilemmas);
    g_autofree char *clear = NULL, *split = NULL;
    if (best) {
        const Term *term = term_of(page, best);
        const bool a = best->a.value > best->b.value;
        g_autofree char *share =
            language_percent(page->language, a ? best->a.value : best->b.value);
        clear = words_fill(page->language, "dilemma.sentence", "dilemma",
                           term_brief(term, page->language), "share", share, "pole",
                           label_get(a ? &term->pole_a : &term->pole_b, page->language), NULL);
    }
    if (camps)
        split = words_fill(page->language, "dilemma.divided", "dilemmas", camps, NULL);
    if (!clear && !split)
        return g_strdup(W("dilemma.sentence-none"));
    return g_strjoin(clear && split ? " " : "", clear ? clear : "", split ? split : "", NULL);
}

/* --- chart ------------------------------------------------------------------------------------ */

enum { CHART_A, CHART_NEITHER, CHART_B, N_CHART };

/* Shares in hidden columns; returns how many dilemmas stand there. */
static int write_chart_data(Page *page, const Dilemmas *dilemmas, int column)
{
    static const char *const names[N_CHART] = {"column.pole-a", "dilemma.neither", "column.pole-b"};
    int row = 0;
    cell_text(page->diagram, row, column, &LOOK_HEADER, W("column.dilemma"));
    for (int k = 0; k < N_CHART; k++)
        cell_text(page->diagram, row, column + 1 + k, &LOOK_HEADER, W(names[k]));
    for (guint i = 0; i < dilemmas->dilemmas->len; i++) {
        const DilemmaResult *d = &g_array_index(dilemmas->dilemmas, DilemmaResult, i);
        if (!d->n)
            continue;
        g_autofree char *name =
            g_strdup_printf("%d  %s", d->term + 1, term_brief(term_of(page, d), page->language));
        cell_text(page->diagram, ++row, column, &LOOK_TEXT, name);
        cell_number(page->diagram, row, column + 1 + CHART_A, &LOOK_PERCENT, d->a.value);
        cell_number(page->diagram, row, column + 1 + CHART_NEITHER, &LOOK_PERCENT, d->neither);
        cell_number(page->diagram, row, column + 1 + CHART_B, &LOOK_PERCENT, d->b.value);
    }
    return row;
}

static char *alt_text(const Page *page, const Dilemmas *dilemmas)
{
    GString *text = g_string_new(W("dilemma.alt"));
    for (guint i = 0; i < dilemmas->dilemmas->len; i++) {
        const DilemmaResult *d = &g_array_index(dilemmas->dilemmas, DilemmaResult, i);
        if (!d->n)
            continue;
        g_autofree char *a = language_percent(page->language, d->a.value);
        g_autofree char *b = language_percent(page->language, d->b.value);
        g_string_append_printf(text, " %d %s: A %s, B %s.", d->term + 1,
                               term_brief(term_of(page, d), page->language), a, b);
    }
    g_string_append_printf(text, " %s", W("chart.see-table"));
    return g_string_free(text, FALSE);
}

static void write_chart(Page *page, Sheet *sheet, const Dilemmas *dilemmas, int row)
{
    const int column = page->diagram_column;
    const int bars = write_chart_data(page, dilemmas, column);
    page->diagram_column += N_CHART + 2;
    if (!bars)
        return;
    const Series series[N_CHART] = {
        {W("column.pole-a"), look_step_fill(2, 5), look_step_text(2, 5), column + 1 + CHART_A},
        {W("dilemma.neither"), look_step_fill(3, 5), look_step_text(3, 5),
         column + 1 + CHART_NEITHER},
        {W("column.pole-b"), look_step_fill(4, 5), look_step_text(4, 5), column + 1 + CHART_B},
    };
    g_autofree char *alt = alt_text(page, dilemmas);
    const BarChart chart = {.data = page->diagram,
                            .first_row = 1,
                            .last_row = bars,
                            .category_column = column,
                            .series = series,
                            .n_series = N_CHART,
                            .axis_max = 1,
                            .legend = true,
                            .width = sheet_pixels(sheet, 0, N_COLS - 1),
                            .height = 60 + 36 * bars,
                            .alt_text = alt};
    cell_text(sheet, row, 0, &LOOK_HEADING, W("dilemma.chart"));
    sheet_height(sheet, row, 24);
    sheet_bar_chart(sheet, row + 1, 0, &chart);
}

void dilemmas_write(Page *page, Sheet *sheet)
{
    const Dilemmas *dilemmas = results_dilemmas(page->results);
    g_autofree char *sentence = sentence_of(page, dilemmas);
    int row = ROW_HEADER;
    page_head(page, sheet, W("dilemma.title"), sentence, W("dilemma.rests-on"));
    page_columns(page, sheet, row++, heads, N_COLS);
    for (guint i = 0; i < dilemmas->dilemmas->len; i++)
        write_row(page, sheet, row++, &g_array_index(dilemmas->dilemmas, DilemmaResult, i));
    sheet_table(sheet, "Dilemmaer", ROW_HEADER, 0, N_COLS, row - ROW_HEADER - 1, false);
    cell_text(sheet, row++, 0, &LOOK_SMALL, W("dilemma.tension"));
    write_chart(page, sheet, dilemmas, row + 1);
    page_print(page, sheet, SHEET_LANDSCAPE_WIDE, ROW_HEADER);
}
