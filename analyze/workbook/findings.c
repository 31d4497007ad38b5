/* Funn: every finding, with who stands behind it. */
#include "analyze/workbook/sheets.h"

#include "analyze/undefined.h"

enum {
    COL_ID,
    COL_QUADRANT,
    COL_LEVEL,
    COL_TEXT,
    COL_SOURCES,
    COL_SHARE,
    COL_ORGANISATIONS,
    COL_STREAMS,
    COL_PEOPLE,
    COL_MENTIONS,
    COL_PLACE,
    COL_STATUS,
    COL_STATEMENTS,
    N_COLS
};

static const ColumnHead heads[N_COLS] = {
    [COL_ID] = {"column.id", 6.5, false},
    [COL_QUADRANT] = {"column.quadrant", 12, false},
    [COL_LEVEL] = {"column.category", 25, false},
    [COL_TEXT] = {"column.finding", 60, false},
    [COL_SOURCES] = {"column.sources", 10, false},
    [COL_SHARE] = {"column.share-of-organisations", 16, true},
    [COL_ORGANISATIONS] = {"column.organisations", 15, true},
    [COL_STREAMS] = {"column.streams", 11, true},
    [COL_PEOPLE] = {"column.people", 13, true},
    [COL_MENTIONS] = {"column.mentions", 13, true},
    [COL_PLACE] = {"column.placement", 27, false},
    [COL_STATUS] = {"column.status", 13, false},
    [COL_STATEMENTS] = {"column.to-statements", 14, false},
};

int findings_row(int finding)
{
    return ROW_HEADER + 1 + finding;
}

/* The letters of the streams behind it: «I L». */
static char *stream_letters(const Page *page, uint32_t mask)
{
    const TermList *streams = &page->framework->list[TERM_STREAM];
    GString *letters = g_string_new(NULL);
    for (size_t i = 0; i < streams->n; i++)
        if (mask & 1u << i)
            g_string_append_printf(letters, "%s%s", letters->len ? " " : "",
                                   streams->v[i].letter ? streams->v[i].letter : streams->v[i].id);
    if (!letters->len)
        g_string_append(letters, "–");
    return g_string_free(letters, FALSE);
}

/* Whether the theme's place is in dispute, in words. */
static char *placement_words(const Page *page, const Finding *f)
{
    if (f->dispute.status == SWOT_CONTESTED && f->dispute.axis != SWOT_AXIS_NONE) {
        g_autofree char *axis =
            g_strconcat("settlement.contested-", swot_axis_key(f->dispute.axis), NULL);
        return g_strdup(W(axis));
    }
    g_autofree char *key = g_strconcat("settlement.", swot_status_key(f->dispute.status), NULL);
    return g_strdup(W(key));
}

static char *title_of(const Page *page, const Finding *f)
{
    GString *text = g_string_new(f->title);
    if (f->also_in != NO_TERM) {
        const Finding *other = &g_array_index(page->results->findings, Finding, f->also_in);
        g_string_append_printf(text, " (%s %s)", W("findings.also"), other->code);
    }
    return g_string_free(text, FALSE);
}

static void write_row(Page *page, Sheet *sheet, int index)
{
    const Finding *f = &g_array_index(page->results->findings, Finding, index);
    const int row = findings_row(index);
    g_autofree char *quadrant = g_strdup_printf("quadrant.%s.one", swot_key(f->quadrant));
    g_autofree char *letters = stream_letters(page, f->stream_mask);
    g_autofree char *place = placement_words(page, f);
    g_autofree char *text = title_of(page, f);
    g_autofree char *key = g_strconcat("finding/", f->id, NULL);
    const bool contested = f->dispute.status == SWOT_CONTESTED;
    Style code = LOOK_TEXT_BOLD, status = LOOK_TEXT;
    code.colour = look_quadrant(f->quadrant).head;
    code.fill = look_quadrant(f->quadrant).tint;
    if (contested) {
        status.bold = true;
        status.colour = CONTESTED;
    }
    cell_text(sheet, row, COL_ID, &code, f->code);
    cell_text(sheet, row, COL_QUADRANT, &LOOK_TEXT, W(quadrant));
    cell_text(sheet, row, COL_LEVEL, &LOOK_TEXT, page_term(page, TERM_CATEGORY, f->category));
    cell_text(sheet, row, COL_TEXT, &LOOK_TEXT, text);
    cell_text(sheet, row, COL_SOURCES, &LOOK_TEXT, letters);
    page_figure(page, sheet, row, COL_SHARE, &LOOK_PERCENT, key, "share");
    page_figure(page, sheet, row, COL_ORGANISATIONS, &LOOK_INT, key, "organisations");
    page_figure(page, sheet, row, COL_STREAMS, &LOOK_INT, key, "streams");
    page_count(page, sheet, row, COL_PEOPLE, key, "people");
    page_figure(page, sheet, row, COL_MENTIONS, &LOOK_INT, key, "mentions");
    cell_text(sheet, row, COL_PLACE, &status, place);
    cell_text(sheet, row, COL_STATUS, &LOOK_TEXT,
              f->proposed ? W("findings.proposed") : W("status.new"));
    cell_link(sheet, row, COL_STATEMENTS, &LOOK_CELL_LINK, W("findings.statements"),
              page->sheet[SHEET_STATEMENTS],
              statements_row((int)g_array_index(f->statements, uint32_t, 0)), 0);
}

/* «L Læringer fra dagens strategi · I Internanalyse …»: the key to the letters. */
static char *streams_in_words(const Page *page)
{
    const TermList *streams = &page->framework->list[TERM_STREAM];
    GString *text = g_string_new(W("findings.key"));
    for (size_t i = 0; i < streams->n; i++)
        g_string_append_printf(text, "%s %s %s", i ? " ·" : "",
                               streams->v[i].letter ? streams->v[i].letter : streams->v[i].id,
                               term_label(&streams->v[i], page->language));
    return g_string_free(text, FALSE);
}

static char *sentence_of(const Page *page)
{
    const Finding *best = &g_array_index(page->results->findings, Finding, 0);
    for (guint i = 1; i < page->results->findings->len; i++) {
        const Finding *f = &g_array_index(page->results->findings, Finding, i);
        if (f->organisations > best->organisations)
            best = f;
    }
    g_autofree char *total = language_number(page->language, page->results->findings->len, 0);
    g_autofree char *n = language_number(page->language, (double)best->organisations, 0);
    return words_fill(page->language, "findings.sentence", "total", total, "text", best->title,
                      "code", best->code, "n", n, NULL);
}

void findings_write(Page *page, Sheet *sheet)
{
    const int n = (int)page->results->findings->len;
    g_autofree char *sentence = sentence_of(page);
    g_autofree char *key = streams_in_words(page);
    g_autofree char *rests = g_strdup_printf("%s [note 3]", key);
    page_head(page, sheet, W("findings.title"), sentence, rests);
    page_columns(page, sheet, ROW_HEADER, heads, N_COLS);
    for (int i = 0; i < n; i++)
        write_row(page, sheet, i);
    sheet_bar(sheet, findings_row(0), findings_row(n - 1), COL_SHARE, BAR);
    sheet_table(sheet, "Funn", ROW_HEADER, 0, N_COLS, n, true);
    sheet_freeze(sheet, ROW_HEADER + 1, COL_TEXT + 1);
    page_print(page, sheet, SHEET_LANDSCAPE_WIDE, ROW_HEADER);
}
