/* Workbooks as tables: the exports of Microsoft Forms, SurveyXact and Questback, and sheets made by
 * hand. The first visible sheet with a row in it is read, and its first row is the header.
 *
 * Dates are answers in ISO 8601, numbers without `.0`, truth values `true` and `false`; a formula
 * says what its stored value says, and an error value nothing. */
#include "collect/columns.h"
#include "collect/table.h"
#include "schemas/xlsx.h"

#include <inttypes.h>

typedef struct {
    char *name;
    Xlsx *book;
    XlsxRows *rows;
    size_t sheet;
    GPtrArray *cells; /* of const char*: the row, as wide as the header */
    GArray *exact;    /* of bool */
    GArray *named;    /* of bool: the header names the column */
    size_t width;     /* of the header; 0: not read */
    int64_t header;   /* its number */
    bool second_seen, second_header;
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

static void *xlsx_begin(const Source *source, const SourceFile *place, const char *encoding,
                        GError **error)
{
    (void)source, (void)encoding;
    XlsxTable *table = g_new0(XlsxTable, 1);
    table->name = g_strdup(place->name);
    table->cells = g_ptr_array_new();
    table->exact = g_array_new(FALSE, TRUE, sizeof(bool));
    table->named = g_array_new(FALSE, TRUE, sizeof(bool));
    table->book = xlsx_open(place->path, place->name, error);
    if (table->book && sheet_choose(table, error))
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

static void header_take(XlsxTable *table, const XlsxRow *row)
{
    for (size_t i = 0; i < row->n; i++) {
        const XlsxCell *cell = &row->cell[i];
        if (!cell_says_something(cell))
            continue;
        table->width = cell->column + 1;
        g_array_set_size(table->named, (guint)table->width);
        g_array_index(table->named, bool, cell->column) = true;
    }
    table->header = row->number;
    xlsx_rows_watch(table->rows, row->number);
    g_ptr_array_set_size(table->cells, (gint)table->width);
    g_array_set_size(table->exact, (guint)table->width);
}

/* Below a title, or the upper of two headers, most cells stand under none. */
static void second_look(XlsxTable *table, const XlsxRow *row)
{
    size_t under = 0, beside = 0;
    for (size_t i = 0; i < row->n; i++) {
        uint32_t column = row->cell[i].column;
        if (!cell_says_something(&row->cell[i]))
            continue;
        if (column < table->width && g_array_index(table->named, bool, column))
            under++;
        else
            beside++;
    }
    table->second_header = beside > under;
    table->second_seen = under + beside > 0;
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

static bool xlsx_next(void *self, TableRow *ret, GError **error)
{
    XlsxTable *table = self;
    XlsxRow row;
    if (!row_find(table, &row, error))
        return false;
    if (!row.n) {
        *ret = (TableRow){.n = 0};
        return true;
    }
    if (!table->width)
        header_take(table, &row);
    else {
        row_count(table, &row);
        if (!table->second_seen)
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
    const char *merged = xlsx_rows_merged(table->rows);
    const char *sheet = xlsx_sheet(table->book, table->sheet).name;
    if (merged)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "%s, sheet «%s»: the header in row %" PRId64 " has merged cells (%s), so a "
                    "column has no name of its own; unmerge them and give every column a name in "
                    "one row, with nothing above it",
                    table->name, sheet, table->header, merged);
    else if (table->second_header)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "%s, sheet «%s»: most cells below row %" PRId64 " stand in columns it gives no "
                    "name, so it is a title or one of two headers; give every column a name in one "
                    "row, with nothing above it",
                    table->name, sheet, table->header);
    return !merged && !table->second_header;
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
    if (visible > 1)
        g_ptr_array_add(
            notes,
            g_strdup_printf("%s: sheet «%s» is read, and of the other visible ones (%zu) nothing",
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
    static const TableFormat format = {.suffix = ".xlsx",
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
