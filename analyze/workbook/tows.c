/* TOWS: which findings belong together, and what follows: internal × external with the strength
 * that the team set, or else how many of the same people named both; below it the strongest of each
 * kind. */
#include "analyze/coupling.h"
#include "analyze/undefined.h"
#include "analyze/workbook/sheets.h"

#include <string.h>

enum { COL_CODE, COL_FINDING, COL_FIRST };
enum { ROW_MATRIX = ROW_HEADER + 1 };

bool tows_has_data(const Page *page)
{
    return results_couplings(page->results) != NULL;
}

static const Finding *finding_at(const Page *page, int i)
{
    return &g_array_index(page->results->findings, Finding, i);
}

/* As much of a text as there is room for, cut between words. Caller owns. */
static char *shortened(const char *text, glong letters)
{
    if (g_utf8_strlen(text, -1) <= letters)
        return g_strdup(text);
    g_autofree char *cut = g_utf8_substring(text, 0, letters);
    char *blank = strrchr(cut, ' ');
    if (blank)
        *blank = '\0';
    const bool quoted = g_str_has_prefix(text, "«") && g_str_has_suffix(text, "»");
    return g_strconcat(cut, " …", quoted ? "»" : "", NULL);
}

/* --- the matrix --- */

/* Over the external findings: of which quadrant they are. */
static void write_band(Page *page, Sheet *sheet, const GArray *external)
{
    for (guint i = 0; i < external->len; i++) {
        const SwotQuadrant quadrant = finding_at(page, g_array_index(external, int, i))->quadrant;
        const bool first =
            !i || finding_at(page, g_array_index(external, int, i - 1))->quadrant != quadrant;
        const Style style = {.size = 10,
                             .bold = true,
                             .colour = WHITE,
                             .fill = look_quadrant(quadrant).head,
                             .v = V_MIDDLE};
        g_autofree char *key = g_strconcat("quadrant.", swot_key(quadrant), NULL);
        cell_text(sheet, ROW_HEADER, COL_FIRST + (int)i, &style, first ? W(key) : "");
    }
}

static void write_header(Page *page, Sheet *sheet, const GArray *external)
{
    enum { UPRIGHT_POINTS = 150, LETTERS = 48 };
    static const ColumnHead first[] = {{"column.id", 7, false},
                                       {"column.internal-finding", 50, false}};
    page_columns(page, sheet, ROW_MATRIX, first, G_N_ELEMENTS(first));
    for (guint i = 0; i < external->len; i++) {
        const Finding *finding = finding_at(page, g_array_index(external, int, i));
        const Style style = {.size = 10,
                             .bold = true,
                             .wrap = true,
                             .colour = WHITE,
                             .fill = look_quadrant(finding->quadrant).head,
                             .h = H_CENTRE,
                             .v = V_BOTTOM,
                             .rotation = 90};
        g_autofree char *title = shortened(finding->title, LETTERS);
        g_autofree char *head = g_strdup_printf("%s %s", finding->code, title);
        sheet_column(sheet, COL_FIRST + (int)i, 9.2);
        cell_text(sheet, ROW_MATRIX, COL_FIRST + (int)i, &style, head);
    }
    sheet_height(sheet, ROW_MATRIX, UPRIGHT_POINTS);
}

/* Bold from two thirds of the most that a cell may hold. */
static void write_cell(Page *page, Sheet *sheet, int row, int column, const Couplings *all,
                       const Coupling *coupling, double most)
{
    Style style = LOOK_CENTRE;
    style.number = all->linked ? "0.0" : "#,##0";
    if (!coupling) {
        style.colour = MUTED;
        cell_text(sheet, row, column, &style, "–");
        return;
    }
    const double value = all->linked ? coupling->strength : (double)coupling->together;
    style.bold = value >= most * 2 / 3;
    page_figure(page, sheet, row, column, &style, coupling->key,
                all->linked ? "strength" : "together");
}

static void write_row(Page *page, Sheet *sheet, int row, const Couplings *all, int internal,
                      double most)
{
    const Finding *finding = finding_at(page, internal);
    const Style code = {.size = 10,
                        .bold = true,
                        .underline = true,
                        .colour = look_quadrant(finding->quadrant).head,
                        .fill = look_quadrant(finding->quadrant).tint,
                        .v = V_MIDDLE,
                        .bottom = HAIRLINE};
    cell_link(sheet, row, COL_CODE, &code, finding->code, page->sheet[SHEET_FINDINGS],
              findings_row(internal), 0);
    cell_text(sheet, row, COL_FINDING, &LOOK_TEXT, finding->title);
    for (guint i = 0; i < all->external->len; i++)
        write_cell(page, sheet, row, COL_FIRST + (int)i, all,
                   coupling_of(all, internal, g_array_index(all->external, int, i)), most);
}

static double most_in(const Couplings *all)
{
    const double strongest = 3;
    size_t together = 0;
    for (guint i = 0; i < all->couplings->len; i++)
        together = MAX(together, g_array_index(all->couplings, Coupling, i).together);
    return all->linked ? strongest : (double)together;
}

static int write_matrix(Page *page, Sheet *sheet, const Couplings *all)
{
    const double most = most_in(all);
    int row = ROW_MATRIX + 1;
    write_band(page, sheet, all->external);
    write_header(page, sheet, all->external);
    for (guint i = 0; i < all->internal->len; i++)
        write_row(page, sheet, row++, all, g_array_index(all->internal, int, i), most);
    for (int c = 0; c < (int)all->external->len; c++)
        sheet_heat(sheet, ROW_MATRIX + 1, row - 1, COL_FIRST + c, 0, most, WHITE, HEAT_BLUE);
    sheet_table(sheet, "Tows", ROW_MATRIX, 0, COL_FIRST + (int)all->external->len,
                (int)all->internal->len, false);
    return row;
}

/* --- the strongest --- */

/* What follows from a kind of pair, in the order of the workbook's own list. */
static const struct {
    const char *cell, *action;
    SwotQuadrant internal, external;
} kinds[] = {
    {"SO", "tows.use", SWOT_STRENGTH, SWOT_OPPORTUNITY},
    {"WO", "tows.improve", SWOT_WEAKNESS, SWOT_OPPORTUNITY},
    {"ST", "tows.defend", SWOT_STRENGTH, SWOT_THREAT},
    {"WT", "tows.avoid", SWOT_WEAKNESS, SWOT_THREAT},
};

static char *value_words(const Page *page, const Couplings *all, const Coupling *c)
{
    return language_number(page->language, all->linked ? c->strength : (double)c->together,
                           all->linked ? 1 : 0);
}

static char *strongest_of(const Page *page, const Couplings *all, const char *cell)
{
    enum { MOST = 6 };
    GString *text = g_string_new(NULL);
    int n = 0;
    for (guint i = 0; i < all->couplings->len && n < MOST; i++) {
        const Coupling *c = &g_array_index(all->couplings, Coupling, i);
        if (strcmp(c->cell, cell) != 0)
            continue;
        g_autofree char *value = value_words(page, all, c);
        g_string_append_printf(text, "%s%s × %s (%s)", n++ ? " · " : "",
                               finding_at(page, c->internal)->code,
                               finding_at(page, c->external)->code, value);
    }
    if (!text->len)
        g_string_append(text, "–");
    return g_string_free(text, FALSE);
}

static const char *letter_of(const Page *page, SwotQuadrant quadrant)
{
    g_autofree char *key = g_strconcat("quadrant.", swot_key(quadrant), ".letter", NULL);
    return W(key);
}

static void write_strongest(Page *page, Sheet *sheet, int row, const Couplings *all)
{
    const Style bold = {.size = 10, .bold = true, .v = V_MIDDLE};
    const Style plain = {.size = 10, .v = V_MIDDLE};
    row = page_heading(page, sheet, row, "tows.strongest");
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++, row++) {
        g_autofree char *what = g_strdup_printf("%s × %s", letter_of(page, kinds[k].internal),
                                                letter_of(page, kinds[k].external));
        g_autofree char *pairs = strongest_of(page, all, kinds[k].cell);
        g_autofree char *line = g_strdup_printf("%s: %s", W(kinds[k].action), pairs);
        cell_text(sheet, row, COL_CODE, &bold, what);
        cell_text(sheet, row, COL_FINDING, &plain, line);
    }
}

/* --- the whole --- */

static char *sentence_of(const Page *page, const Couplings *all)
{
    enum { LETTERS = 90 };
    const Coupling *best = &g_array_index(all->couplings, Coupling, 0);
    const Finding *internal = finding_at(page, best->internal);
    const Finding *external = finding_at(page, best->external);
    g_autofree char *value = value_words(page, all, best);
    g_autofree char *left = shortened(internal->title, LETTERS);
    g_autofree char *right = shortened(external->title, LETTERS);
    return words_fill(page->language, all->linked ? "tows.sentence-linked" : "tows.sentence",
                      "internal_code", internal->code, "internal", left, "external_code",
                      external->code, "external", right, "n", value, NULL);
}

static char *rests_on(const Page *page, const Couplings *all)
{
    g_autofree char *n = language_number(page->language, (double)all->unknown, 0);
    g_autofree char *most = language_number(page->language, COUPLING_MOST, 0);
    g_autofree char *text = words_fill(
        page->language, all->linked ? "tows.rests-on-linked" : "tows.rests-on", "most", most, NULL);
    if (!all->unknown)
        return g_steal_pointer(&text);
    g_autofree char *more = words_fill(page->language, "tows.unknown", "n", n, NULL);
    return g_strdup_printf("%s %s", text, more);
}

void tows_write(Page *page, Sheet *sheet)
{
    const Couplings *all = results_couplings(page->results);
    g_autofree char *sentence = sentence_of(page, all);
    g_autofree char *rests = rests_on(page, all);
    page_head(page, sheet, W("tows.title"), sentence, rests);
    const int row = write_matrix(page, sheet, all);
    write_strongest(page, sheet, row + 1, all);
    sheet_freeze(sheet, ROW_MATRIX + 1, COL_FIRST);
    page_print(page, sheet, SHEET_LANDSCAPE_PAGE, -1);
}
