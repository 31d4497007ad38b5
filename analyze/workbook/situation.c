/* Intern and Omverden: which category is spoken of most and which way it points, then every theme
 * within its category, and on Omverden the trends that cut across. */
#include "analyze/situation.h"
#include "analyze/undefined.h"
#include "analyze/workbook/sheets.h"

enum {
    COL_CATEGORY,
    COL_THEME,
    COL_POINTS,
    COL_MENTIONS,
    COL_PEOPLE,
    COL_ORGANISATIONS,
    COL_AGREEMENT,
    COL_MEANING,
    N_COLS
};
static const double widths[N_COLS] = {27, 48, 19, 13, 13, 15, 11, 62};

/* Of the table of categories, over the same columns. */
enum {
    COL_STRONGEST = COL_THEME,
    COL_HELPFUL = COL_MENTIONS,
    COL_HARMFUL,
    COL_CATEGORY_ORGANISATIONS,
    COL_CATEGORY_PEOPLE,
    N_CATEGORY_COLS
};

static const SituationSide *side_of(const Page *page, Side side)
{
    const Situation *situation = results_situation(page->results);
    return situation ? &situation->side[side] : NULL;
}

bool internal_has_data(const Page *page)
{
    const SituationSide *side = side_of(page, SIDE_INTERNAL);
    return side && side->spoken;
}

bool external_has_data(const Page *page)
{
    const SituationSide *side = side_of(page, SIDE_EXTERNAL);
    return side && (side->spoken || results_situation(page->results)->trends->len);
}

/* --- words --- */

static const char *category_name(const Page *page, int category)
{
    return category == NO_TERM ? W("situation.no-category")
                               : page_term(page, TERM_CATEGORY, category);
}

static const char *quadrant_words(const Page *page, SwotQuadrant quadrant, const char *form)
{
    g_autofree char *key = g_strconcat("quadrant.", swot_key(quadrant), form, NULL);
    return W(key);
}

/* «peker mot svakheter», «heller mot svakheter», «peker begge veier» … Caller owns. */
static char *direction_words(const Page *page, const SwotDispute *points, const char *family)
{
    g_autofree char *key = g_strdup_printf("%s.%s", family, swot_status_key(points->status));
    g_autofree char *quadrant = points->leading == SWOT_UNCLASSIFIED
                                    ? g_strdup("")
                                    : g_utf8_strdown(quadrant_words(page, points->leading, ""), -1);
    return words_fill(page->language, key, "quadrant", quadrant, NULL);
}

static Style quadrant_style(SwotQuadrant quadrant)
{
    Style style = LOOK_TEXT_BOLD;
    if (quadrant != SWOT_UNCLASSIFIED) {
        style.colour = look_quadrant(quadrant).head;
        style.fill = look_quadrant(quadrant).tint;
    }
    return style;
}

static void write_points(Page *page, Sheet *sheet, int row, const SwotDispute *points,
                         const char *key)
{
    g_autofree char *text = direction_words(page, points, "situation.points");
    const bool tells = points->status == SWOT_SETTLED || points->status == SWOT_LEANING;
    Style style = tells ? quadrant_style(points->leading) : LOOK_TEXT;
    cell_text(sheet, row, COL_POINTS, &style, text);
    page_origin(page, sheet, row, COL_POINTS, key, "settlement");
}

/* --- categories --- */

static void write_category_header(Page *page, Sheet *sheet, int row, Side side)
{
    const ColumnHead heads[N_CATEGORY_COLS] = {
        [COL_CATEGORY] = {"column.category", 0, false},
        [COL_STRONGEST] = {"situation.strongest", 0, false},
        [COL_POINTS] = {"column.points-to", 0, false},
        [COL_HELPFUL] = {"column.mentions", 0, true},
        [COL_HARMFUL] = {"column.mentions", 0, true},
        [COL_CATEGORY_ORGANISATIONS] = {"column.organisations", 0, true},
        [COL_CATEGORY_PEOPLE] = {"column.people", 0, true},
    };
    page_columns(page, sheet, row, heads, N_CATEGORY_COLS);
    for (int c = COL_HELPFUL; c <= COL_HARMFUL; c++) {
        const SwotQuadrant quadrant = side_quadrant(side, c == COL_HELPFUL);
        g_autofree char *head =
            g_strdup_printf("%s (%s)", quadrant_words(page, quadrant, ""), W("situation.mentions"));
        Style style = LOOK_HEADER_NUMBER;
        style.fill = look_quadrant(quadrant).head;
        cell_text(sheet, row, c, &style, head);
    }
}

/* The row's text in short: «S3 Nasjonale plattformer …». Caller owns. */
static char *finding_text(const Page *page, const SituationRow *row)
{
    const Finding *finding = &g_array_index(page->results->findings, Finding, row->finding);
    return g_strdup_printf("%s %s", finding->code, finding->title);
}

static void write_category(Page *page, Sheet *sheet, int row, const SituationSide *side,
                           const SituationCategory *c, Side which)
{
    g_autofree char *strongest =
        c->n ? finding_text(page, &g_array_index(side->rows, SituationRow, c->first)) : NULL;
    g_autofree char *helpful =
        g_strconcat("statements-", swot_key(side_quadrant(which, true)), NULL);
    g_autofree char *harmful =
        g_strconcat("statements-", swot_key(side_quadrant(which, false)), NULL);
    cell_text(sheet, row, COL_CATEGORY, &LOOK_TEXT_BOLD, category_name(page, c->category));
    cell_text(sheet, row, COL_STRONGEST, &LOOK_TEXT, strongest ? strongest : "–");
    write_points(page, sheet, row, &c->points, c->key);
    page_figure(page, sheet, row, COL_HELPFUL, &LOOK_INT, c->key, helpful);
    page_figure(page, sheet, row, COL_HARMFUL, &LOOK_INT, c->key, harmful);
    page_figure(page, sheet, row, COL_CATEGORY_ORGANISATIONS, &LOOK_INT, c->key, "organisations");
    page_count(page, sheet, row, COL_CATEGORY_PEOPLE, c->key, "people");
}

/* --- chart --- */

static size_t placed_in(const SituationCategory *c, Side side)
{
    return c->placed[side_quadrant(side, true)] + c->placed[side_quadrant(side, false)];
}

static char *alt_text(const Page *page, const SituationSide *side, Side which)
{
    const SituationCategory *most = NULL, *least = NULL;
    for (guint i = 0; i < side->categories->len; i++) {
        const SituationCategory *c = &g_array_index(side->categories, SituationCategory, i);
        most = !most || placed_in(c, which) > placed_in(most, which) ? c : most;
        least = !least || placed_in(c, which) < placed_in(least, which) ? c : least;
    }
    g_autofree char *high = language_number(page->language, (double)placed_in(most, which), 0);
    g_autofree char *low = language_number(page->language, (double)placed_in(least, which), 0);
    return words_fill(page->language,
                      which == SIDE_INTERNAL ? "situation.alt-internal" : "situation.alt-external",
                      "most", category_name(page, most->category), "high", high, "least",
                      category_name(page, least->category), "low", low, NULL);
}

/* Beside the table, over the columns it does not use. Returns the first row free below both. */
static int write_chart(Page *page, Sheet *sheet, int header, int after, const SituationSide *side,
                       Side which)
{
    enum { LOWEST = 190, ROW_PIXELS = 20 };
    size_t most = 0;
    for (guint i = 0; i < side->categories->len; i++)
        most = MAX(most, placed_in(&g_array_index(side->categories, SituationCategory, i), which));
    if (!most)
        return after;
    Series series[2];
    for (int s = 0; s < 2; s++) {
        const SwotQuadrant quadrant = side_quadrant(which, s == 0);
        series[s] = (Series){.name = quadrant_words(page, quadrant, ""),
                             .fill = look_quadrant(quadrant).head,
                             .label = WHITE,
                             .column = COL_HELPFUL + s};
    }
    const int table = (int)(sheet_points(sheet, header, after - 1) / 0.75);
    g_autofree char *alt = alt_text(page, side, which);
    BarChart chart = {.data = sheet,
                      .first_row = header + 1,
                      .last_row = after - 1,
                      .category_column = COL_CATEGORY,
                      .series = series,
                      .n_series = 2,
                      .axis_max = (double)most,
                      .legend = true,
                      .width = sheet_pixels(sheet, COL_MEANING, COL_MEANING) - 12,
                      .height = MAX(table, LOWEST),
                      .label_format = "#,##0;;",
                      .alt_text = alt};
    sheet_bar_chart(sheet, header, COL_MEANING, &chart);
    return after + MAX(0, (chart.height - table + ROW_PIXELS - 1) / ROW_PIXELS);
}

static int write_categories(Page *page, Sheet *sheet, int row, const SituationSide *side,
                            Side which)
{
    const int header = row;
    write_category_header(page, sheet, row++, which);
    for (guint i = 0; i < side->categories->len; i++)
        write_category(page, sheet, row++, side,
                       &g_array_index(side->categories, SituationCategory, i), which);
    sheet_table(sheet, which == SIDE_INTERNAL ? "InternKategori" : "OmverdenKategori", header, 0,
                N_CATEGORY_COLS, row - header - 1, false);
    return write_chart(page, sheet, header, row, side, which);
}

/* --- themes and trends --- */

/* Centred: a number at the right edge would touch the text that follows. */
static Style centred(Style style)
{
    style.h = H_CENTRE;
    return style;
}

static void write_header(Page *page, Sheet *sheet, int row, const char *first, const char *second)
{
    const ColumnHead heads[N_COLS] = {
        [COL_CATEGORY] = {first, 0, false},
        [COL_THEME] = {second, 0, false},
        [COL_POINTS] = {"column.points-to", 0, false},
        [COL_MENTIONS] = {"column.mentions", 0, true},
        [COL_PEOPLE] = {"column.people", 0, true},
        [COL_ORGANISATIONS] = {"column.organisations", 0, true},
        [COL_AGREEMENT] = {"column.theme-agreement", 0, true},
        [COL_MEANING] = {"column.meaning-of", 0, false},
    };
    const Style head = centred(LOOK_HEADER);
    page_columns(page, sheet, row, heads, N_COLS);
    cell_text(sheet, row, COL_AGREEMENT, &head, W("column.theme-agreement"));
}

static void write_counts(Page *page, Sheet *sheet, int row, const char *key, const char *meaning)
{
    page_figure(page, sheet, row, COL_MENTIONS, &LOOK_INT, key, "statements");
    page_count(page, sheet, row, COL_PEOPLE, key, "people");
    page_figure(page, sheet, row, COL_ORGANISATIONS, &LOOK_INT, key, "organisations");
    cell_text(sheet, row, COL_MEANING, &LOOK_TEXT, meaning ? meaning : "–");
}

static void write_row(Page *page, Sheet *sheet, int row, const SituationRow *line, int category)
{
    const Finding *finding = &g_array_index(page->results->findings, Finding, line->finding);
    const Style look = quadrant_style(finding->quadrant);
    const Style share_style = centred(LOOK_PERCENT);
    g_autofree char *text = finding_text(page, line);
    g_autofree char *theme = situation_theme_key(page->results, finding->theme);
    g_autofree char *share = g_strconcat("share-", swot_key(finding->quadrant), NULL);
    cell_text(sheet, row, COL_CATEGORY, &LOOK_TEXT, category_name(page, category));
    cell_text(sheet, row, COL_THEME, &LOOK_TEXT, text);
    cell_text(sheet, row, COL_POINTS, &look, quadrant_words(page, finding->quadrant, ".one"));
    write_counts(page, sheet, row, line->key, line->meaning);
    page_figure(page, sheet, row, COL_AGREEMENT, &share_style, theme, share);
}

static int write_rows(Page *page, Sheet *sheet, int row, const SituationSide *side, Side which)
{
    row = page_heading(page, sheet, row, "situation.themes");
    const int header = row;
    write_header(page, sheet, row++, "column.category", "column.theme");
    for (guint i = 0; i < side->categories->len; i++) {
        const SituationCategory *c = &g_array_index(side->categories, SituationCategory, i);
        for (guint k = c->first; k < c->first + c->n; k++)
            write_row(page, sheet, row++, &g_array_index(side->rows, SituationRow, k), c->category);
    }
    sheet_table(sheet, which == SIDE_INTERNAL ? "Intern" : "Omverden", header, 0, N_COLS,
                row - header - 1, false);
    return row;
}

/* The categories that a trend touches, in declared order. Caller owns. */
static char *touched(const Page *page, const SituationTrend *trend)
{
    GString *names = g_string_new(NULL);
    for (int c = 0; c < (int)page->framework->list[TERM_CATEGORY].n; c++)
        if (trend->touches[c])
            g_string_append_printf(names, "%s%s", names->len ? " · " : "",
                                   page_term(page, TERM_CATEGORY, c));
    if (!names->len)
        g_string_append(names, "–");
    return g_string_free(names, FALSE);
}

static int write_trends(Page *page, Sheet *sheet, int row, const GArray *trends)
{
    row = page_heading(page, sheet, row, "situation.trends");
    const int header = row;
    const Style share_style = centred(LOOK_PERCENT);
    write_header(page, sheet, row++, "column.trend", "column.touches");
    for (guint i = 0; i < trends->len; i++, row++) {
        const SituationTrend *trend = &g_array_index(trends, SituationTrend, i);
        g_autofree char *categories = touched(page, trend);
        cell_text(sheet, row, COL_CATEGORY, &LOOK_TEXT_BOLD,
                  page_term(page, TERM_TREND, trend->trend));
        cell_text(sheet, row, COL_THEME, &LOOK_TEXT, categories);
        write_points(page, sheet, row, &trend->points, trend->key);
        write_counts(page, sheet, row, trend->key, trend->meaning);
        page_figure(page, sheet, row, COL_AGREEMENT, &share_style, trend->key, "agreement");
    }
    sheet_table(sheet, "Trender", header, 0, N_COLS, row - header - 1, false);
    return row;
}

/* --- the whole --- */

/* The category that most organisations speak of and which way it points; of a tie, all of them.
 * What has no category is no category. */
static char *sentence_of(const Page *page, const SituationSide *side)
{
    size_t most = 0;
    const SituationCategory *only = NULL;
    g_autoptr(GPtrArray) tied = g_ptr_array_new();
    bool uncategorised = side->n_statements > 0;
    for (guint i = 0; i < side->categories->len; i++) {
        const SituationCategory *c = &g_array_index(side->categories, SituationCategory, i);
        uncategorised &= c->category == NO_TERM || !c->statements->len;
        if (c->category == NO_TERM || c->support.orgs < most)
            continue;
        if (c->support.orgs > most)
            g_ptr_array_set_size(tied, 0);
        most = c->support.orgs;
        only = c;
        g_ptr_array_add(tied, (gpointer)category_name(page, c->category));
    }
    if (!most)
        return g_strdup(
            W(uncategorised ? "situation.sentence-uncategorised" : "situation.sentence-nobody"));
    const guint n = tied->len;
    g_ptr_array_add(tied, NULL);
    g_autofree char *names = g_strjoinv(", ", (char **)tied->pdata);
    g_autofree char *number = language_number(page->language, (double)most, 0);
    if (n > 1)
        return words_fill(page->language, "situation.sentence-tied", "n", number, "categories",
                          names, NULL);
    g_autofree char *points = direction_words(page, &only->points, "situation.says");
    return words_fill(page->language, "situation.sentence", "n", number, "category", names,
                      "points", points, NULL);
}

static char *rests_on(const Page *page, const SituationSide *side)
{
    size_t unplaced = 0;
    for (guint i = 0; i < side->categories->len; i++)
        unplaced += g_array_index(side->categories, SituationCategory, i).unplaced;
    g_autofree char *n = language_number(page->language, (double)side->n_statements, 0);
    g_autofree char *findings = language_number(page->language, (double)side->n_findings, 0);
    g_autofree char *waiting = language_number(page->language, (double)unplaced, 0);
    return words_fill(page->language, "situation.rests-on", "n", n, "findings", findings,
                      "unplaced", waiting, NULL);
}

static void write_side(Page *page, Sheet *sheet, Side which)
{
    const Situation *situation = results_situation(page->results);
    const SituationSide *side = &situation->side[which];
    const bool has_trends = which == SIDE_EXTERNAL && situation->trends->len;
    for (int c = 0; c < N_COLS; c++)
        sheet_column(sheet, c, widths[c]);
    g_autofree char *sentence = sentence_of(page, side);
    g_autofree char *rests = rests_on(page, side);
    page_head(page, sheet,
              W(which == SIDE_INTERNAL ? "situation.title-internal" : "situation.title-external"),
              sentence, rests);
    int row = write_categories(page, sheet, ROW_HEADER, side, which) + 1;
    int repeat = -1;
    if (has_trends)
        row = write_trends(page, sheet, row, situation->trends) + 1;
    if (side->rows->len) {
        repeat = row + 1;
        write_rows(page, sheet, row, side, which);
    }
    page_print(page, sheet, SHEET_LANDSCAPE_WIDE, repeat);
}

void internal_write(Page *page, Sheet *sheet)
{
    write_side(page, sheet, SIDE_INTERNAL);
}

void external_write(Page *page, Sheet *sheet)
{
    write_side(page, sheet, SIDE_EXTERNAL);
}
