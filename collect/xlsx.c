/* Workbooks as tables: the exports of Microsoft Forms, SurveyXact and Questback, and sheets made by
 * hand. `sheet:` names the sheet, else it is the first visible one with a row in it; `header:`
 * gives the row that names the columns, else it is the first.
 *
 * Dates are answers in ISO 8601, numbers without `.0`, truth values `true` and `false`; a formula
 * says what its stored value says, and an error value nothing. */
#include "collect/columns.h"
#include "collect/table.h"
#include "schemas/nearest.h"
#include "schemas/xlsx.h"

#include <inttypes.h>

/* The row below the header, which may be another header. */
typedef struct {
    int64_t number;          /* 0: not seen */
    bool beside;             /* most of its cells stand in columns without a name */
    bool texts;              /* every named column has a text in it */
    GArray *figures, *words; /* of guint, by column: numbers and dates, and all else, below it */
} Second;

typedef struct {
    char *name;
    Xlsx *book;
    XlsxRows *rows;
    size_t sheet;
    bool named_sheet; /* by `sheet:` */
    GPtrArray *cells; /* of const char*: the row, as wide as the header */
    GArray *exact;    /* of bool */
    GArray *named;    /* of bool: the header names the column */
    GPtrArray *above; /* of char* or NULL, by column: what stands above the row of `header:` */
    size_t width;     /* of the header; 0: not read */
    int64_t header;   /* its number */
    int64_t wanted;   /* the number that `header:` gives, 0: none */
    Second second;
    int64_t faults, uncomputed, formulas, beyond, hidden;
} XlsxTable;

/* --- opening --------------------------------------------------------------------------------- */

static void xlsx_close(void *self)
{
    XlsxTable *table = self;
    xlsx_rows_free(table->rows);
    xlsx_free(table->book);
    g_ptr_array_unref(table->cells);
    g_array_unref(table->exact);
    g_array_unref(table->named);
    g_array_unref(table->second.figures);
    g_array_unref(table->second.words);
    g_ptr_array_unref(table->above);
    g_free(table->name);
    g_free(table);
}

/* Whether a sheet has a row. Its first rows are read once more when it is chosen. */
static bool sheet_has_rows(Xlsx *book, size_t sheet, bool *ret, GError **error)
{
    g_autoptr(XlsxRows) rows = xlsx_rows(book, sheet, error);
    XlsxRow row;
    if (!rows || !xlsx_rows_next(rows, &row, error))
        return false;
    *ret = row.n > 0;
    return true;
}

/* The first visible sheet with a row; the first visible one when none has. */
static bool sheet_choose(XlsxTable *table, GError **error)
{
    size_t n = xlsx_n_sheets(table->book);
    bool found = false;
    for (size_t i = n; i-- > 0;)
        if (!xlsx_sheet(table->book, i).hidden)
            table->sheet = i;
    for (size_t i = table->sheet; i < n && !found; i++) {
        if (xlsx_sheet(table->book, i).hidden)
            continue;
        if (!sheet_has_rows(table->book, i, &found, error))
            return false;
        if (found)
            table->sheet = i;
    }
    return true;
}

/* The sheet that `sheet:` names; a hidden one too, since somebody means it. */
static bool sheet_find(XlsxTable *table, const char *wanted, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autofree char *folded = organisation_fold(wanted);
    size_t n = xlsx_n_sheets(table->book);
    for (size_t i = 0; i < n; i++) {
        const char *name = xlsx_sheet(table->book, i).name;
        g_autofree char *same = organisation_fold(name);
        if (g_str_equal(folded, same)) {
            table->sheet = i;
            return true;
        }
        g_ptr_array_add(names, (gpointer)name);
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *help = nearest_help(wanted, (const char *const *)names->pdata);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "%s has no sheet \"%s\", which `sheet:` names; %s", table->name, wanted, help);
    return false;
}

static void *xlsx_begin(const Source *source, const SourceFile *place, const char *encoding,
                        GError **error)
{
    (void)encoding;
    XlsxTable *table = g_new0(XlsxTable, 1);
    table->name = g_strdup(place->name);
    table->cells = g_ptr_array_new();
    table->exact = g_array_new(FALSE, TRUE, sizeof(bool));
    table->named = g_array_new(FALSE, TRUE, sizeof(bool));
    table->second.figures = g_array_new(FALSE, TRUE, sizeof(guint));
    table->second.words = g_array_new(FALSE, TRUE, sizeof(guint));
    table->above = g_ptr_array_new_with_free_func(g_free);
    table->wanted = source->header;
    table->named_sheet = source->sheet != NULL;
    table->book = xlsx_open(place->path, place->name, error);
    if (table->book &&
        (source->sheet ? sheet_find(table, source->sheet, error) : sheet_choose(table, error)))
        table->rows = xlsx_rows(table->book, table->sheet, error);
    if (table->rows)
        return table;
    xlsx_close(table);
    return NULL;
}

/* --- rows ------------------------------------------------------------------------------------ */

static bool cell_says_something(const XlsxCell *cell)
{
    const char *const text[] = {cell->text};
    return cell->kind != XLSX_FAULT && cell->kind != XLSX_NOTHING && !row_is_blank(text, 1);
}

/* A cell merged over two rows of header stands in the upper one alone. */
static void above_take(XlsxTable *table, const XlsxRow *row)
{
    for (size_t i = 0; i < row->n; i++) {
        const XlsxCell *cell = &row->cell[i];
        if (!cell_says_something(cell))
            continue;
        if (cell->column >= table->above->len)
            g_ptr_array_set_size(table->above, (gint)cell->column + 1);
        g_free(table->above->pdata[cell->column]);
        table->above->pdata[cell->column] = g_strdup(cell->text);
    }
}

static void header_name(XlsxTable *table, uint32_t column)
{
    if (column >= table->width) {
        table->width = column + 1;
        g_array_set_size(table->named, (guint)table->width);
    }
    g_array_index(table->named, bool, column) = true;
}

static void header_take(XlsxTable *table, const XlsxRow *row)
{
    for (size_t i = 0; i < row->n; i++)
        if (cell_says_something(&row->cell[i]))
            header_name(table, row->cell[i].column);
    for (guint i = 0; i < table->above->len; i++)
        if (table->above->pdata[i])
            header_name(table, i);
    table->header = row->number;
    if (!table->wanted)
        xlsx_rows_watch(table->rows, row->number);
    g_ptr_array_set_size(table->cells, (gint)table->width);
    g_array_set_size(table->exact, (guint)table->width);
    g_array_set_size(table->second.figures, (guint)table->width);
    g_array_set_size(table->second.words, (guint)table->width);
}

static bool column_is_named(const XlsxTable *table, uint32_t column)
{
    return column < table->width && g_array_index(table->named, bool, column);
}

/* Below a title, or the upper of two headers, most cells stand under none. A second header that is
 * as wide as the first is seen by what stands below it; see second_repeats. */
static void second_look(XlsxTable *table, const XlsxRow *row)
{
    size_t under = 0, texts = 0, beside = 0, named = 0;
    for (size_t i = 0; i < row->n; i++) {
        const XlsxCell *cell = &row->cell[i];
        if (!cell_says_something(cell))
            continue;
        bool is_under = column_is_named(table, cell->column);
        under += is_under;
        beside += !is_under;
        texts += is_under && cell->kind == XLSX_TEXT;
    }
    for (guint i = 0; i < table->width; i++)
        named += g_array_index(table->named, bool, i);
    table->second.number = row->number;
    table->second.beside = beside > under;
    table->second.texts = texts == named;
}

/* What stands below the second row, where that has nothing but texts. */
static void second_compare(XlsxTable *table, const XlsxRow *row)
{
    for (size_t i = 0; table->second.texts && i < row->n; i++) {
        const XlsxCell *cell = &row->cell[i];
        if (!cell_says_something(cell) || !column_is_named(table, cell->column))
            continue;
        bool figure = cell->kind == XLSX_NUMBER || cell->kind == XLSX_DATE;
        g_array_index(figure ? table->second.figures : table->second.words, guint, cell->column)++;
    }
}

/* Texts all along, and below them a column of nothing but numbers or dates: names or questions. */
static bool second_repeats(const XlsxTable *table)
{
    enum { ENOUGH = 2 };
    for (guint i = 0; table->second.texts && i < table->width; i++)
        if (g_array_index(table->second.figures, guint, i) >= ENOUGH &&
            g_array_index(table->second.words, guint, i) == 0)
            return true;
    return false;
}

static void row_count(XlsxTable *table, const XlsxRow *row)
{
    table->hidden += row->hidden;
    for (size_t i = 0; i < row->n; i++) {
        const XlsxCell *cell = &row->cell[i];
        if (cell->column >= table->width) {
            table->beyond += cell_says_something(cell);
            continue;
        }
        table->faults += cell->kind == XLSX_FAULT;
        table->uncomputed += cell->kind == XLSX_NOTHING;
        table->formulas += cell->formula && cell->kind != XLSX_NOTHING;
    }
}

static void row_take(XlsxTable *table, const XlsxRow *row)
{
    for (size_t i = 0; i < table->width; i++) {
        table->cells->pdata[i] = (gpointer) "";
        g_array_index(table->exact, bool, i) = false;
    }
    for (guint i = 0; row->number == table->header && i < table->above->len; i++)
        if (table->above->pdata[i])
            table->cells->pdata[i] = table->above->pdata[i];
    for (size_t i = 0; i < row->n && row->cell[i].column < table->width; i++) {
        const XlsxCell *cell = &row->cell[i];
        if (!cell_says_something(cell))
            continue;
        table->cells->pdata[cell->column] = (gpointer)cell->text;
        g_array_index(table->exact, bool, cell->column) = cell->kind == XLSX_NUMBER;
    }
}

/* The next row with a cell that says something; rows that only look full are passed over. */
static bool row_find(XlsxTable *table, XlsxRow *ret, GError **error)
{
    for (;;) {
        if (!xlsx_rows_next(table->rows, ret, error))
            return false;
        for (size_t i = 0; i < ret->n; i++)
            if (cell_says_something(&ret->cell[i]))
                return true;
        if (!ret->n)
            return true;
    }
}

/* Passes over what stands above the row of `header:`. */
static bool header_reach(XlsxTable *table, XlsxRow *row, GError **error)
{
    while (row->n && row->number < table->wanted) {
        above_take(table, row);
        if (!row_find(table, row, error))
            return false;
    }
    if (row->n && row->number == table->wanted)
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "%s, sheet «%s»: row %" PRId64 ", which `header:` names, is blank; give the number "
                "of the row that names the columns",
                table->name, xlsx_sheet(table->book, table->sheet).name, table->wanted);
    return false;
}

static bool xlsx_next(void *self, TableRow *ret, GError **error)
{
    XlsxTable *table = self;
    XlsxRow row;
    if (!row_find(table, &row, error) ||
        (table->wanted && !table->width && !header_reach(table, &row, error)))
        return false;
    if (!row.n) {
        *ret = (TableRow){.n = 0};
        return true;
    }
    if (!table->width)
        header_take(table, &row);
    else {
        row_count(table, &row);
        if (table->second.number)
            second_compare(table, &row);
        else
            second_look(table, &row);
    }
    row_take(table, &row);
    *ret = (TableRow){.cell = (const char *const *)table->cells->pdata,
                      .exact = (const bool *)(void *)table->exact->data,
                      .n = table->width,
                      .number = row.number,
                      .line = row.number};
    return true;
}

/* Merged cells are told of behind the last row, so the sheet is read to its end. */
static bool header_is_sound(void *self, GError **error)
{
    XlsxTable *table = self;
    TableRow row = {.n = 1};
    g_autoptr(GError) ignored = NULL;
    while (row.n && xlsx_next(table, &row, &ignored))
        ;
    if (table->wanted)
        return true;
    const char *merged = xlsx_rows_merged(table->rows);
    const char *sheet = xlsx_sheet(table->book, table->sheet).name;
    const int64_t second = table->second.number;
    if (merged)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "%s, sheet «%s»: the header in row %" PRId64 " has merged cells (%s), so a "
                    "column has no name of its own; if a row below it names every column, write "
                    "its number as `header:`, else unmerge them and name every column",
                    table->name, sheet, table->header, merged);
    else if (table->second.beside)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "%s, sheet «%s»: most cells below row %" PRId64 " stand in columns it gives no "
                    "name, so it is a title or one of two headers; write `header: %" PRId64
                    "` if row %" PRId64 " names the columns, else give every column a name in one "
                    "row",
                    table->name, sheet, table->header, second, second);
    else if (second_repeats(table))
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "%s, sheet «%s»: row %" PRId64 " has texts where the rows below have only "
                    "numbers or dates, so it looks like a second header; write `header: %" PRId64
                    "` if it names the columns, or `header: %" PRId64 "` if it is an answer",
                    table->name, sheet, second, second, table->header);
    else
        return true;
    return false;
}

/* --- notes ----------------------------------------------------------------------------------- */

static void note_count(GPtrArray *notes, const XlsxTable *table, int64_t count, const char *what)
{
    if (count)
        g_ptr_array_add(notes, g_strdup_printf("%s: %" PRId64 " %s", table->name, count, what));
}

static void note_sheets(GPtrArray *notes, const XlsxTable *table)
{
    size_t visible = 0;
    for (size_t i = 0; i < xlsx_n_sheets(table->book); i++)
        visible += !xlsx_sheet(table->book, i).hidden;
    if (visible > 1 && !table->named_sheet)
        g_ptr_array_add(
            notes,
            g_strdup_printf("%s: sheet «%s» is read, and of the other visible ones (%zu) nothing; "
                            "`sheet:` names another",
                            table->name, xlsx_sheet(table->book, table->sheet).name, visible - 1));
}

static void note_extras(GPtrArray *notes, const XlsxTable *table)
{
    static const struct {
        XlsxExtras extra;
        const char *what;
    } words[] = {{XLSX_MACROS, "macros"},
                 {XLSX_LINKS, "links to other workbooks"},
                 {XLSX_EMBEDDED, "embedded files"}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (xlsx_extras(table->book) & words[i].extra)
            g_ptr_array_add(notes, g_strdup_printf("%s holds %s; they are neither run nor read",
                                                   table->name, words[i].what));
}

static void xlsx_notes(const void *self, GPtrArray *notes)
{
    const XlsxTable *table = self;
    note_sheets(notes, table);
    note_count(notes, table, table->hidden, "hidden rows are read like the others");
    note_count(notes, table, table->beyond,
               "cells stand in columns to the right of the header and are not read");
    note_count(notes, table, table->formulas, "formulas are read as the values stored with them");
    note_count(notes, table, table->uncomputed,
               "formulas have no value stored and are taken as not answered; open the file in "
               "Excel and save it");
    note_count(notes, table, table->faults,
               "cells hold error values such as #N/A and are taken as not answered");
    note_extras(notes, table);
}

static void *xlsx_table(const CollectContext *context, GError **error)
{
    static const TableFormat format = {.suffixes = ".xlsx .xlsm",
                                       .open = xlsx_begin,
                                       .next = xlsx_next,
                                       .header_is_sound = header_is_sound,
                                       .notes = xlsx_notes,
                                       .close = xlsx_close};
    return table_open(context, &format, error);
}

const Collector collector_xlsx = {
    .kind = "xlsx",
    .summary =
        "Excel workbooks: exports of Microsoft Forms, SurveyXact, Questback, or made by hand",
    .written_against = "ECMA-376 (transitional and strict)",
    .reads_files = true,
    .whole_index = true,
    .open = xlsx_table,
    .questions = table_questions,
    .next = table_next,
    .cursor = table_cursor,
    .close = table_close,
    .unchanged = table_unchanged,
};
