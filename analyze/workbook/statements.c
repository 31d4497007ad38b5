/* Utsagn: what was said, under pseudonyms. Protected without a password, so that a text that begins
 * with = cannot become a formula by a stray F2, Enter. */
#include "analyze/workbook/sheets.h"

enum { ROWS_MOST = 100000 };
enum {
    COL_ID,
    COL_PERSON,
    COL_GROUP,
    COL_ORGANISATION,
    COL_STREAM,
    COL_SOURCE,
    COL_TEXT,
    COL_THEME,
    COL_QUADRANT,
    COL_NOTE,
    COL_RECEIVED,
    N_COLS
};

static const ColumnHead heads[N_COLS] = {
    [COL_ID] = {"column.statement-id", 12, false},
    [COL_PERSON] = {"column.pseudonym", 12, false},
    [COL_GROUP] = {"column.group", 22, false},
    [COL_ORGANISATION] = {"column.organisation-pseudonym", 14, false},
    [COL_STREAM] = {"column.stream", 18, false},
    [COL_SOURCE] = {"column.source", 14, false},
    [COL_TEXT] = {"column.statement", 90, false},
    [COL_THEME] = {"column.theme", 40, false},
    [COL_QUADRANT] = {"column.quadrant", 14, false},
    [COL_NOTE] = {"column.note", 40, false},
    [COL_RECEIVED] = {"column.received", 12, true},
};

bool statements_has_data(const Page *page)
{
    return page->results->statements->len > 0;
}

int statements_row(int statement)
{
    return ROW_HEADER + 1 + MIN(statement, ROWS_MOST - 1);
}

static char *theme_words(const Page *page, const StatementResult *result)
{
    GString *text = g_string_new(NULL);
    for (guint k = 0; k < result->themes->len; k++) {
        const Theme *theme = &g_array_index(page->results->themes, Theme,
                                            g_array_index(result->themes, uint32_t, k));
        if (theme->origin == THEME_SINGLE)
            continue;
        g_string_append_printf(text, "%s%s", text->len ? "; " : "",
                               label_get(&theme->title, page->language));
    }
    if (!text->len)
        g_string_append(text, W("statements.single"));
    else
        g_string_append_printf(text, " (%s)", W("statements.proposed"));
    return g_string_free(text, FALSE);
}

static void append_note(GString *text, const char *note)
{
    g_string_append_printf(text, "%s%s", text->len ? " · " : "", note);
}

/* What a reader should know of a statement before using it: same as another, double, in dispute. */
static char *note_words(const Page *page, guint index, const StatementResult *result)
{
    GString *text = g_string_new(NULL);
    if (result->duplicate_of != index) {
        g_autofree char *row = g_strdup_printf("%d", statements_row((int)result->duplicate_of) + 1);
        g_autofree char *same = words_fill(page->language, "statements.same", "row", row, NULL);
        append_note(text, same);
    }
    if (result->half[0]) {
        g_autofree char *halves = words_fill(page->language, "statements.double", "first",
                                             result->half[0], "second", result->half[1], NULL);
        append_note(text, halves);
    }
    if (result->placement == PLACED_CLASH)
        append_note(text, W("statements.clash"));
    if (result->suggested != NO_TERM && result->theme_origin == THEME_MAYBE) {
        const Theme *theme = &g_array_index(page->results->themes, Theme, result->suggested);
        g_autofree char *maybe = words_fill(page->language, "statements.maybe", "theme",
                                            label_get(&theme->title, page->language), NULL);
        append_note(text, maybe);
    }
    if (!text->len)
        g_string_append(text, "–");
    return g_string_free(text, FALSE);
}

static void write_row(Page *page, Sheet *sheet, guint i)
{
    const Statement *statement = dataset_statement(page->results->data, i);
    const StatementResult *result = &g_array_index(page->results->statements, StatementResult, i);
    const Record *record = dataset_record(page->results->data, statement->record);
    const Voice *voice = dataset_voice(page->results->data, record->first_voice);
    const DataUnit *unit = dataset_unit(page->results->data, voice->unit);
    const int row = statements_row((int)i);
    g_autofree char *person = g_strdup_printf("P%u", record->person + 1);
    g_autofree char *organisation =
        unit->named ? g_strdup_printf("O%u", voice->unit + 1) : g_strdup("–");
    g_autofree char *id = g_strndup(statement->id, 8);
    g_autofree char *quadrant =
        result->quadrant == SWOT_UNCLASSIFIED
            ? g_strdup(result->placement == PLACED_DOUBLE ? "placement.double" : "placement.none")
            : g_strdup_printf("quadrant.%s.one", swot_key(result->quadrant));
    g_autofree char *theme = theme_words(page, result);
    g_autofree char *note = note_words(page, i, result);
    cell_text(sheet, row, COL_ID, &LOOK_TEXT, id);
    cell_text(sheet, row, COL_PERSON, &LOOK_TEXT, person);
    cell_text(sheet, row, COL_GROUP, &LOOK_TEXT, page_term(page, TERM_GROUP, record->group));
    cell_text(sheet, row, COL_ORGANISATION, &LOOK_TEXT, organisation);
    cell_text(sheet, row, COL_STREAM, &LOOK_TEXT, page_term(page, TERM_STREAM, statement->stream));
    cell_text(sheet, row, COL_SOURCE, &LOOK_TEXT, record->source->name);
    cell_text(sheet, row, COL_TEXT, &LOOK_TEXT, statement->text);
    cell_text(sheet, row, COL_THEME, &LOOK_TEXT, theme);
    cell_text(sheet, row, COL_QUADRANT, &LOOK_TEXT, W(quadrant));
    cell_text(sheet, row, COL_NOTE, &LOOK_TEXT, note);
    cell_date(sheet, row, COL_RECEIVED, &LOOK_DATE, record->submitted, page->zone);
}

static char *counts_in_words(const Page *page)
{
    guint placed = 0, doubles = 0, duplicates = 0;
    for (guint i = 0; i < page->results->statements->len; i++) {
        const StatementResult *result =
            &g_array_index(page->results->statements, StatementResult, i);
        placed += result->quadrant != SWOT_UNCLASSIFIED;
        doubles += result->placement == PLACED_DOUBLE;
        duplicates += result->duplicate_of != i;
    }
    g_autofree char *all = language_number(page->language, page->results->statements->len, 0);
    g_autofree char *in = language_number(page->language, placed, 0);
    g_autofree char *two = language_number(page->language, doubles, 0);
    g_autofree char *same = language_number(page->language, duplicates, 0);
    return words_fill(page->language, "statements.sentence", "all", all, "placed", in, "double",
                      two, "same", same, NULL);
}

void statements_write(Page *page, Sheet *sheet)
{
    const guint n = page->results->statements->len;
    g_autofree char *sentence = counts_in_words(page);
    page_head(page, sheet, W("statements.title"), sentence,
              n > ROWS_MOST ? W("statements.cut") : W("statements.rests-on"));
    page_columns(page, sheet, ROW_HEADER, heads, N_COLS);
    for (guint i = 0; i < MIN(n, ROWS_MOST); i++)
        write_row(page, sheet, i);
    sheet_table(sheet, "Utsagn", ROW_HEADER, 0, N_COLS, (int)MIN(n, ROWS_MOST), true);
    sheet_freeze(sheet, ROW_HEADER + 1, 0);
    sheet_protect(sheet);
    page_print(page, sheet, SHEET_LANDSCAPE_WIDE, ROW_HEADER);
}
