#include "analyze/workbook/page.h"

#include "analyze/undefined.h"

#include <string.h>

void page_head(Page *page, Sheet *sheet, const char *title, const char *sentence,
               const char *rests_on)
{
    cell_text(sheet, ROW_TITLE, 0, &LOOK_TITLE, title);
    cell_text(sheet, ROW_SENTENCE, 0, &LOOK_SENTENCE, sentence);
    cell_text(sheet, ROW_RESTS_ON, 0, &LOOK_RESTS_ON, rests_on);
    cell_link(sheet, ROW_BACK, 0, &LOOK_LINK, W("cover.back"), page->sheet[SHEET_COVER], 0, 0);
    sheet_height(sheet, ROW_SPACE, 8);
}

int page_heading(Page *page, Sheet *sheet, int row, const char *key)
{
    cell_text(sheet, row, 0, &LOOK_HEADING, W(key));
    sheet_height(sheet, row, 26);
    return row + 1;
}

void page_columns(Page *page, Sheet *sheet, int row, const ColumnHead *columns, int n)
{
    for (int c = 0; c < n; c++) {
        if (columns[c].width > 0)
            sheet_column(sheet, c, columns[c].width);
        cell_text(sheet, row, c, columns[c].number ? &LOOK_HEADER_NUMBER : &LOOK_HEADER,
                  W(columns[c].label));
    }
}

GHashTable *page_headers_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void page_header_take(GHashTable *taken, const char *text)
{
    g_hash_table_add(taken, label_fold(text));
}

char *page_header(GHashTable *taken, const char *text, const char *id)
{
    g_autofree char *folded = label_fold(text);
    char *header = g_hash_table_contains(taken, folded) ? g_strdup_printf("%s [%s]", text, id)
                                                        : g_strdup(text);
    page_header_take(taken, header);
    return header;
}

char *page_footer(const Page *page)
{
    static const char *const stages[] = {"stage.draft", "stage.validation", "stage.final"};
    const int stage = page->project->round.stage;
    return stage < 0 ? g_strdup(page->project->title)
                     : g_strdup_printf("%s – %s", page->project->title, W(stages[stage]));
}

void page_print(Page *page, Sheet *sheet, PrintFit fit, int repeat_row)
{
    g_autofree char *footer = page_footer(page);
    PrintSetup setup = {
        .fit = fit,
        .repeat_row = repeat_row,
        .footer_left = footer,
        .footer_page = W("print.page"),
    };
    sheet_print(sheet, &setup);
}

void page_origin(Page *page, const Sheet *sheet, int row, int column, const char *path,
                 const char *statistic)
{
    Origin origin = {sheet, row, column, g_strconcat(path, "/", statistic, NULL)};
    g_array_append_val(page->origins, origin);
}

/* The number of a figure; undefined where it is, or where nothing was published. */
static double figure_number_of(const Page *page, const char *path, const char *statistic)
{
    g_autofree char *key = g_strconcat(path, "/", statistic, NULL);
    const Figure *figure = results_figure(page->results, key);
    const bool is_number =
        figure && (figure->kind == FIGURE_NUMBER || figure->kind == FIGURE_COUNT);
    return is_number ? figure->number : UNDEFINED;
}

void page_figure(Page *page, Sheet *sheet, int row, int column, const Style *style,
                 const char *path, const char *statistic)
{
    cell_number(sheet, row, column, style, figure_number_of(page, path, statistic));
    page_origin(page, sheet, row, column, path, statistic);
}

void page_count(Page *page, Sheet *sheet, int row, int column, const char *path,
                const char *statistic)
{
    const guint at = GPOINTER_TO_UINT(g_hash_table_lookup(page->basis_row, path));
    const double n = figure_number_of(page, path, statistic);
    if (at && is_defined(n) && page->sheet[SHEET_BASIS])
        cell_number_link(sheet, row, column, &LOOK_INT_LINK, n, page->sheet[SHEET_BASIS],
                         (int)at - 1, 0);
    else
        cell_number(sheet, row, column, &LOOK_INT, n);
    page_origin(page, sheet, row, column, path, statistic);
}

/* Where few answers stand behind it, a figure would promise more than it holds (methods.md 3.5). */
static const char *probability_in_words(const Page *page, double probability)
{
    return probability >= 0.9    ? W("probability.very")
           : probability >= 0.75 ? W("probability.four-of-five")
           : probability >= 0.6  ? W("probability.two-of-three")
           : probability >= 0.4  ? W("probability.half")
                                 : W("probability.less");
}

void page_probability(Page *page, Sheet *sheet, int row, int column, bool bold, const char *path,
                      const char *statistic, double n_eff)
{
    const double probability = figure_number_of(page, path, statistic);
    g_autofree char *format = g_strdup_printf("[>0.95]\"%s\";[<0.01]\"%s\";0 %%",
                                              W("probability.over"), W("probability.under"));
    Style style = {.size = 10,
                   .bold = bold,
                   .wrap = true,
                   .h = H_RIGHT,
                   .v = V_MIDDLE,
                   .bottom = HAIRLINE,
                   .number = g_intern_string(format)};
    if (is_defined(probability) && n_eff < page->project->thresholds.verdict_words_below)
        cell_text(sheet, row, column, &style, probability_in_words(page, probability));
    else
        cell_number(sheet, row, column, &style, probability);
    page_origin(page, sheet, row, column, path, statistic);
}

char *page_probability_words(const Page *page, double probability, double n_eff)
{
    if (!is_defined(probability))
        return g_strdup("–");
    if (n_eff < page->project->thresholds.verdict_words_below)
        return g_strdup(probability_in_words(page, probability));
    if (probability > 0.95)
        return g_strdup(W("probability.over"));
    if (probability < 0.01)
        return g_strdup(W("probability.under"));
    return language_percent(page->language, probability);
}

static char *counted(const Page *page, size_t n, const char *one, const char *many)
{
    g_autofree char *number = language_number(page->language, (double)n, 0);
    return words_fill(page->language, n == 1 ? one : many, "n", number, NULL);
}

char *page_rests_on(const Page *page, size_t answers, size_t organisations)
{
    g_autofree char *a = counted(page, answers, "count.answer", "count.answers");
    g_autofree char *o = counted(page, organisations, "count.organisation", "count.organisations");
    return g_strdup_printf("%s · %s", a, o);
}

const char *page_weights(const Page *page)
{
    static const char *const rules[] = {
        [WEIGHT_NONE] = "method.weight-none",
        [WEIGHT_ORGANISATION] = "method.weight-organisation",
        [WEIGHT_GROUP] = "method.weight-group",
    };
    return W(rules[page->project->weight]);
}

const char *page_term(const Page *page, TermKind kind, int index)
{
    return index == NO_TERM ? "–"
                            : term_label(&page->framework->list[kind].v[index], page->language);
}
