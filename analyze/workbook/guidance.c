/* Føringer: which way each guiding document steers on each theme, and below it theme by theme how
 * many speak of it, which way they pull and where they pull apart. */
#include "analyze/guidance.h"
#include "analyze/undefined.h"
#include "analyze/workbook/sheets.h"

enum { COL_DOCUMENT, COL_YEAR, COL_SENDER, COL_FORCE, COL_FIRST_THEME };

/* Of the table of themes, over the same columns. */
enum {
    COL_THEME,
    COL_SPEAK,
    COL_WAY,
    COL_COVERAGE,
    COL_FOR,
    COL_AGAINST,
    COL_BOTH,
    COL_BALANCE,
    COL_CONFLICT,
    N_THEME_COLS
};

bool guidance_has_data(const Page *page)
{
    return results_guidance(page->results) != NULL;
}

static const Term *theme_term(const Page *page, size_t theme)
{
    return &page->framework->list[TERM_DOCUMENT_THEME].v[theme];
}

/* --- documents --- */

/* Many themes stand upright so that the page holds them. */
static void write_header(Page *page, Sheet *sheet, int row, const Guidance *g)
{
    enum { LEVEL_MOST = 5, UPRIGHT_POINTS = 140 };
    static const ColumnHead first[] = {{"column.document", 50, false},
                                       {"column.year", 9, true},
                                       {"column.sender", 30, false},
                                       {"column.force", 13, false}};
    g_autoptr(GHashTable) taken = page_headers_new();
    const bool upright = g->n_themes > LEVEL_MOST;
    const int last = COL_FIRST_THEME + (int)g->n_themes;
    Style head = LOOK_HEADER;
    head.h = H_CENTRE;
    page_columns(page, sheet, row, first, G_N_ELEMENTS(first));
    for (int c = COL_FIRST_THEME; c < MAX(last + 1, N_THEME_COLS); c++)
        sheet_column(sheet, c, upright ? 10.5 : 15);
    if (upright) {
        head.rotation = 90;
        head.v = V_BOTTOM;
    }
    for (size_t c = 0; c < G_N_ELEMENTS(first); c++)
        page_header_take(taken, W(first[c].label));
    page_header_take(taken, W("column.accord"));
    for (size_t t = 0; t < g->n_themes; t++) {
        const Term *term = theme_term(page, t);
        g_autofree char *text = page_header(taken, term_brief(term, page->language), term->id);
        cell_text(sheet, row, COL_FIRST_THEME + (int)t, &head, text);
    }
    cell_text(sheet, row, last, &LOOK_HEADER_NUMBER, W("column.accord"));
    if (upright)
        sheet_height(sheet, row, UPRIGHT_POINTS);
}

/* A word in the colour of the way it steers; what a document says nothing of is faint. */
static Style stand_style(Stand stand)
{
    enum { AGAINST = 2, MIDDLE = 3, FOR = 4, STEPS = 5 };
    static const int step_of[N_STANDS] = {
        [STAND_FOR] = FOR, [STAND_AGAINST] = AGAINST, [STAND_BOTH] = MIDDLE};
    Style style = LOOK_CENTRE;
    if (step_of[stand]) {
        style.fill = look_step_fill(step_of[stand], STEPS);
        style.colour = look_step_text(step_of[stand], STEPS);
    } else if (stand == STAND_SILENT)
        style.colour = MUTED;
    return style;
}

static const char *stand_words(const Page *page, Stand stand)
{
    g_autofree char *key = g_strconcat("direction.", stand_word(stand), NULL);
    return stand == STAND_SILENT ? "–" : W(key);
}

static void write_document(Page *page, Sheet *sheet, int row, const Guidance *g,
                           const GuidingDocument *document)
{
    Style year = LOOK_INT;
    year.number = "0";
    g_autofree char *title = guidance_title(page->results, document);
    g_autofree char *force = document->force ? g_strconcat("force.", document->force, NULL) : NULL;
    g_autofree char *others = g_strconcat(document->key, "/with=others", NULL);
    cell_text(sheet, row, COL_DOCUMENT, &LOOK_TEXT, title);
    page_figure(page, sheet, row, COL_YEAR, &year, document->key, "year");
    cell_text(sheet, row, COL_SENDER, &LOOK_TEXT, document->sender ? document->sender : "–");
    cell_text(sheet, row, COL_FORCE, &LOOK_TEXT, force ? W(force) : "–");
    for (size_t t = 0; t < g->n_themes; t++) {
        const Stand stand = (Stand)document->stands[t];
        const Style style = stand_style(stand);
        g_autofree char *key =
            g_strdup_printf("%s/theme=%s", document->key, theme_term(page, t)->id);
        cell_text(sheet, row, COL_FIRST_THEME + (int)t, &style, stand_words(page, stand));
        page_origin(page, sheet, row, COL_FIRST_THEME + (int)t, key, "direction");
    }
    page_figure(page, sheet, row, COL_FIRST_THEME + (int)g->n_themes, &LOOK_D2, others,
                "agreement");
}

static int write_documents(Page *page, Sheet *sheet, int row, const Guidance *g)
{
    const int header = row;
    write_header(page, sheet, row++, g);
    for (guint d = 0; d < g->documents->len; d++)
        write_document(page, sheet, row++, g, &g_array_index(g->documents, GuidingDocument, d));
    sheet_table(sheet, "Foringer", header, 0, COL_FIRST_THEME + (int)g->n_themes + 1,
                (int)g->documents->len, true);
    return row;
}

/* --- themes --- */

static const char *way_of(const ThemeBalance *b)
{
    if (!b->mentioned)
        return "guidance.way.silent";
    if (b->pull_apart)
        return "guidance.way.apart";
    if (!b->plus && !b->minus)
        return "guidance.way.neither";
    if (!b->minus || !b->plus)
        return b->plus ? "guidance.way.for" : "guidance.way.against";
    return b->plus > b->minus   ? "guidance.way.mostly-for"
           : b->minus > b->plus ? "guidance.way.mostly-against"
                                : "guidance.way.even";
}

static void write_theme(Page *page, Sheet *sheet, int row, size_t theme, const ThemeBalance *b)
{
    static const struct {
        int column;
        const char *statistic;
        const Style *style;
    } figures[] = {{COL_COVERAGE, "coverage", &LOOK_PERCENT},
                   {COL_FOR, "for", &LOOK_INT},
                   {COL_AGAINST, "against", &LOOK_INT},
                   {COL_BOTH, "both", &LOOK_INT},
                   {COL_CONFLICT, "conflict", &LOOK_D2}};
    const Style *text = b->pull_apart ? &LOOK_TEXT_BOLD : &LOOK_TEXT;
    Style way = *text, balance = LOOK_D2;
    way.colour = b->pull_apart ? CONTESTED : 0;
    balance.number = "+0.00;−0.00;0.00";
    g_autofree char *key = g_strconcat("guidance/", theme_term(page, theme)->id, NULL);
    cell_text(sheet, row, COL_THEME, text, term_label(theme_term(page, theme), page->language));
    page_count(page, sheet, row, COL_SPEAK, key, "n");
    cell_text(sheet, row, COL_WAY, &way, W(way_of(b)));
    page_origin(page, sheet, row, COL_WAY, key, "pull-apart");
    for (size_t i = 0; i < G_N_ELEMENTS(figures); i++)
        page_figure(page, sheet, row, figures[i].column, figures[i].style, key,
                    figures[i].statistic);
    page_figure(page, sheet, row, COL_BALANCE, &balance, key, "balance");
}

static void write_themes(Page *page, Sheet *sheet, int row, const Guidance *g)
{
    static const ColumnHead heads[N_THEME_COLS] = {
        [COL_THEME] = {"column.theme", 0, false},
        [COL_SPEAK] = {"column.speak-of", 0, true},
        [COL_WAY] = {"column.way", 0, false},
        [COL_COVERAGE] = {"column.coverage-share", 0, true},
        [COL_FOR] = {"direction.for", 0, true},
        [COL_AGAINST] = {"direction.against", 0, true},
        [COL_BOTH] = {"direction.both", 0, true},
        [COL_BALANCE] = {"column.balance", 0, true},
        [COL_CONFLICT] = {"column.conflict", 0, true},
    };
    row = page_heading(page, sheet, row, "guidance.themes");
    const int header = row;
    page_columns(page, sheet, row++, heads, N_THEME_COLS);
    for (size_t t = 0; t < g->n_themes; t++)
        write_theme(page, sheet, row++, t, &g->themes[t]);
    sheet_table(sheet, "ForingerTema", header, 0, N_THEME_COLS, (int)g->n_themes, false);
}

/* --- the whole --- */

/* The themes on which they pull apart, most conflict first; of equals the first declared. */
static GArray *apart(const Guidance *g)
{
    GArray *themes = g_array_new(FALSE, FALSE, sizeof(size_t));
    for (size_t t = 0; t < g->n_themes; t++) {
        guint at = 0;
        while (at < themes->len &&
               g->themes[g_array_index(themes, size_t, at)].conflict >= g->themes[t].conflict)
            at++;
        if (g->themes[t].pull_apart)
            g_array_insert_val(themes, at, t);
    }
    return themes;
}

static bool takes_sides(const Guidance *g)
{
    for (size_t t = 0; t < g->n_themes; t++)
        if (g->themes[t].plus || g->themes[t].minus)
            return true;
    return false;
}

static char *sentence_of(const Page *page, const Guidance *g)
{
    g_autoptr(GArray) themes = apart(g);
    g_autofree char *all = language_number(page->language, g->documents->len, 0);
    if (!themes->len)
        return words_fill(page->language,
                          takes_sides(g) ? "guidance.sentence-along" : "guidance.sentence-no-side",
                          "n", all, NULL);
    const size_t most = g_array_index(themes, size_t, 0);
    g_autofree char *n = language_number(page->language, themes->len, 0);
    g_autofree char *plus = language_number(page->language, (double)g->themes[most].plus, 0);
    g_autofree char *minus = language_number(page->language, (double)g->themes[most].minus, 0);
    g_autofree char *of = language_number(page->language, (double)g->n_themes, 0);
    return words_fill(page->language, "guidance.sentence-apart", "n", n, "all", of, "theme",
                      term_label(theme_term(page, most), page->language), "plus", plus, "minus",
                      minus, NULL);
}

static char *rests_on(const Page *page, const Guidance *g)
{
    size_t silent = 0, normative = 0;
    for (guint d = 0; d < g->documents->len; d++) {
        const GuidingDocument *document = &g_array_index(g->documents, GuidingDocument, d);
        silent += document->themes == 0;
        normative += document->force && g_str_equal(document->force, "normative");
    }
    g_autofree char *n = language_number(page->language, g->documents->len, 0);
    g_autofree char *binding = language_number(page->language, (double)normative, 0);
    g_autofree char *quiet = language_number(page->language, (double)silent, 0);
    g_autofree char *bad = language_number(page->language, (double)g->unreadable, 0);
    g_autofree char *text = words_fill(page->language, "guidance.rests-on", "n", n, "normative",
                                       binding, "silent", quiet, NULL);
    if (!g->unreadable)
        return g_steal_pointer(&text);
    g_autofree char *more = words_fill(page->language, "guidance.unreadable", "n", bad, NULL);
    return g_strdup_printf("%s %s", text, more);
}

static char *rule_of(const Page *page)
{
    const Thresholds *limits = &page->project->thresholds;
    g_autofree char *conflict = language_number(page->language, limits->document_conflict, 2);
    g_autofree char *side = language_number(page->language, limits->document_side, 0);
    return words_fill(page->language, "guidance.rule", "conflict", conflict, "side", side, NULL);
}

void guidance_write(Page *page, Sheet *sheet)
{
    enum { ROWS_BESIDE = 16 }; /* as many fit on one printed page with the table below */
    const Guidance *g = results_guidance(page->results);
    g_autofree char *sentence = sentence_of(page, g);
    g_autofree char *rests = rests_on(page, g);
    g_autofree char *rule = rule_of(page);
    page_head(page, sheet, W("guidance.title"), sentence, rests);
    int row = write_documents(page, sheet, ROW_HEADER, g);
    if (g->n_themes) {
        if (g->documents->len > ROWS_BESIDE)
            sheet_break(sheet, row + 1);
        cell_text(sheet, row + 1, 0, &LOOK_SMALL, W("guidance.accord"));
        cell_text(sheet, row + 2, 0, &LOOK_SMALL, rule);
        write_themes(page, sheet, row + 3, g);
    }
    page_print(page, sheet, SHEET_LANDSCAPE_WIDE, ROW_HEADER);
}
