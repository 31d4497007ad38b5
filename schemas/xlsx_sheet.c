#include "schemas/xlsx_private.h"

#include <inttypes.h>
#include <stdlib.h>

/* Where the cells of a sheet lie: <worksheet><sheetData><row><c><v>. */
enum { DATA_DEPTH = 2, ROW_DEPTH, CELL_DEPTH, VALUE_DEPTH };

typedef enum { TYPE_NUMBER, TYPE_SHARED, TYPE_TEXT, TYPE_BOOL, TYPE_FAULT, TYPE_DATE } CellType;

struct XlsxRows {
    Xlsx *book;
    XlsxPart *part;
    char *sheet;   /* its name */
    GArray *cells; /* of XlsxCell; a text that is not shared is an offset until the row ends */
    GArray *owned; /* of bool: the cell's text is in `text` */
    GString *text;
    int64_t row, n_cells;
    bool hidden, in_data, in_cell;
    /* the cell at hand */
    int64_t column; /* -1: before the first of the row */
    CellType type;
    XlsxFormat format;
    size_t from; /* its text in `text` */
    bool value, formula, reading;
    XlsxRich rich;
    int64_t watched;
    char *merged;
};

/* --- cells ----------------------------------------------------------------------------------- */

static void fail_damaged(XlsxPart *part, const XlsxRows *rows, const char *why)
{
    xlsx_part_fail(part, INNSIKT_ERROR_DATA,
                   "sheet «%s» is damaged in row %" PRId64 ": %s; open it in Excel and save it "
                   "anew",
                   rows->sheet, rows->row, why);
}

static CellType type_of(const char *word)
{
    static const struct {
        const char *word;
        CellType type;
    } types[] = {{"s", TYPE_SHARED}, {"str", TYPE_TEXT}, {"inlineStr", TYPE_TEXT},
                 {"b", TYPE_BOOL},   {"e", TYPE_FAULT},  {"d", TYPE_DATE}};
    for (size_t i = 0; word && i < G_N_ELEMENTS(types); i++)
        if (!strcmp(word, types[i].word))
            return types[i].type;
    return TYPE_NUMBER;
}

static XlsxFormat format_of(const Xlsx *book, const char *style)
{
    unsigned long i = style ? strtoul(style, NULL, 10) : 0;
    return i < book->formats->len ? (XlsxFormat)book->formats->data[i] : FORMAT_NUMBER;
}

static void cell_begin(XlsxPart *part, XlsxRows *rows, const char **attributes)
{
    const char *place = NULL, *type = NULL, *style = NULL;
    for (; *attributes; attributes += 2) {
        if (!strcmp(attributes[0], "r"))
            place = attributes[1];
        else if (!strcmp(attributes[0], "t"))
            type = attributes[1];
        else if (!strcmp(attributes[0], "s"))
            style = attributes[1];
    }
    uint32_t column = (uint32_t)(rows->column + 1);
    int64_t row = rows->row;
    if (place && (!xlsx_reference(place, &column, &row) || row != rows->row))
        fail_damaged(part, rows, "a cell says that it stands elsewhere");
    else if (column <= rows->column || column >= XLSX_COLUMNS_LIMIT)
        fail_damaged(part, rows, "its cells are not in order");
    else if (++rows->n_cells > XLSX_CELLS_LIMIT)
        xlsx_part_fail(part, INNSIKT_ERROR_LIMIT,
                       "sheet «%s» has more than %d cells; delete the "
                       "empty rows and columns around the answers, or split it",
                       rows->sheet, XLSX_CELLS_LIMIT);
    rows->column = column;
    rows->type = type_of(type);
    rows->format = rows->type == TYPE_NUMBER ? format_of(rows->book, style) : FORMAT_NUMBER;
    rows->from = rows->text->len;
    rows->value = rows->formula = rows->reading = false;
    rows->in_cell = true;
}

static void cell_add(XlsxRows *rows, XlsxKind kind, const char *shared)
{
    const XlsxCell cell = {.text = shared ? shared : GSIZE_TO_POINTER(rows->from),
                           .column = (uint32_t)rows->column,
                           .kind = kind,
                           .formula = rows->formula};
    const bool owned = !shared;
    g_array_append_val(rows->cells, cell);
    g_array_append_val(rows->owned, owned);
    if (owned) /* with its NUL */
        g_string_set_size(rows->text, rows->text->len + 1);
}

static void cell_shared(XlsxPart *part, XlsxRows *rows)
{
    const char *text = rows->text->str + rows->from;
    char *end;
    uint64_t i = g_ascii_strtoull(text, &end, 10);
    const char *shared = end > text && !*end ? xlsx_string(rows->book->strings, i) : NULL;
    g_string_truncate(rows->text, rows->from);
    if (!shared)
        fail_damaged(part, rows, "a cell names a text that is not there");
    else if (*shared)
        cell_add(rows, XLSX_TEXT, shared);
}

static void cell_number(XlsxPart *part, XlsxRows *rows)
{
    XlsxKind kind;
    char text[64];
    size_t n = g_strlcpy(text, rows->text->str + rows->from, sizeof text);
    g_string_truncate(rows->text, rows->from);
    if (n < sizeof text &&
        xlsx_number_text(text, rows->format, rows->book->from_1904, rows->text, &kind))
        cell_add(rows, kind, NULL);
    else
        fail_damaged(part, rows, "a cell of numbers holds none");
}

static void cell_text(XlsxPart *part, XlsxRows *rows)
{
    xlsx_decode(rows->text, rows->from);
    if (!xlsx_text_fits(rows->text->str + rows->from, rows->text->len - rows->from))
        xlsx_part_fail(part, INNSIKT_ERROR_LIMIT,
                       "sheet «%s», row %" PRId64 ": a text is longer than the %d characters Excel "
                       "allows in a cell; shorten it",
                       rows->sheet, rows->row, XLSX_TEXT_LIMIT);
    else
        cell_add(rows, XLSX_TEXT, NULL);
}

static void cell_end(XlsxPart *part, XlsxRows *rows)
{
    rows->in_cell = false;
    if (rows->text->len == rows->from) {
        if (rows->formula && rows->type != TYPE_TEXT)
            cell_add(rows, XLSX_NOTHING, NULL);
        return;
    }
    switch (rows->type) {
    case TYPE_SHARED:
        cell_shared(part, rows);
        break;
    case TYPE_NUMBER:
        cell_number(part, rows);
        break;
    case TYPE_TEXT:
        cell_text(part, rows);
        break;
    case TYPE_BOOL: {
        bool is_true = xlsx_true(rows->text->str + rows->from);
        g_string_truncate(rows->text, rows->from);
        g_string_append(rows->text, is_true ? "true" : "false");
        cell_add(rows, XLSX_BOOL, NULL);
        break;
    }
    case TYPE_FAULT:
        cell_add(rows, XLSX_FAULT, NULL);
        break;
    case TYPE_DATE:
        cell_add(rows, XLSX_DATE, NULL);
        break;
    }
}

/* --- rows ------------------------------------------------------------------------------------ */

static void row_begin(XlsxPart *part, XlsxRows *rows, const char **attributes)
{
    const char *number = xlsx_attribute(attributes, "r");
    int64_t row = number ? g_ascii_strtoll(number, NULL, 10) : rows->row + 1;
    if (row <= rows->row || row > XLSX_ROWS_LIMIT)
        fail_damaged(part, rows, "the row after it is not in order");
    rows->row = row;
    rows->hidden = xlsx_true(xlsx_attribute(attributes, "hidden"));
    rows->column = -1;
    g_array_set_size(rows->cells, 0);
    g_array_set_size(rows->owned, 0);
    g_string_truncate(rows->text, 0);
}

static void row_end(XlsxPart *part, XlsxRows *rows)
{
    for (guint i = 0; i < rows->cells->len; i++) {
        XlsxCell *cell = &g_array_index(rows->cells, XlsxCell, i);
        if (g_array_index(rows->owned, bool, i))
            cell->text = rows->text->str + GPOINTER_TO_SIZE(cell->text);
    }
    if (rows->cells->len)
        xlsx_part_pause(part);
}

static void merge_look(XlsxRows *rows, const char *range)
{
    uint32_t column;
    int64_t first, last;
    size_t n = range && !rows->merged ? xlsx_reference(range, &column, &first) : 0;
    if (!n || range[n] != ':' || !xlsx_reference(range + n + 1, &column, &last))
        return;
    if (first <= rows->watched && rows->watched <= last)
        rows->merged = g_strdup(range);
}

/* --- the parser's calls ---------------------------------------------------------------------- */

static void value_start(XlsxRows *rows, int depth, const char *name)
{
    if (depth > VALUE_DEPTH) {
        xlsx_rich_start(&rows->rich, depth, name);
        return;
    }
    rows->value = rows->reading = !strcmp(name, "v");
    rows->formula |= !strcmp(name, "f");
    /* <is> opens its own runs; anything else in a cell holds no text of ours */
    rows->rich = (XlsxRich){.base = !strcmp(name, "is") ? VALUE_DEPTH : XLSX_DEPTH_LIMIT};
}

static void on_start(XlsxPart *part, int depth, const char *name, const char **attributes)
{
    XlsxRows *rows = xlsx_part_data(part);
    if (depth == DATA_DEPTH)
        rows->in_data = !strcmp(name, "sheetData");
    else if (!rows->in_data) {
        if (depth == ROW_DEPTH && rows->watched && !strcmp(name, "mergeCell"))
            merge_look(rows, xlsx_attribute(attributes, "ref"));
    } else if (depth == ROW_DEPTH && !strcmp(name, "row"))
        row_begin(part, rows, attributes);
    else if (depth == CELL_DEPTH && !strcmp(name, "c"))
        cell_begin(part, rows, attributes);
    else if (rows->in_cell)
        value_start(rows, depth, name);
}

static void on_end(XlsxPart *part, int depth, const char *name)
{
    XlsxRows *rows = xlsx_part_data(part);
    if (!rows->in_data)
        return;
    if (depth > VALUE_DEPTH)
        xlsx_rich_end(&rows->rich, name);
    else if (depth == VALUE_DEPTH)
        rows->reading = false;
    else if (depth == CELL_DEPTH && rows->in_cell)
        cell_end(part, rows);
    else if (depth == ROW_DEPTH && !strcmp(name, "row"))
        row_end(part, rows);
}

static void on_text(XlsxPart *part, const char *text, size_t n)
{
    XlsxRows *rows = xlsx_part_data(part);
    if (!rows->in_cell || !(rows->reading || rows->rich.open))
        return;
    if (!xlsx_append(rows->text, rows->from, text, n))
        xlsx_part_fail(part, INNSIKT_ERROR_LIMIT,
                       "sheet «%s», row %" PRId64 ": a text is longer than the %d characters Excel "
                       "allows in a cell; shorten it",
                       rows->sheet, rows->row, XLSX_TEXT_LIMIT);
}

/* --- reading --------------------------------------------------------------------------------- */

XlsxRows *xlsx_rows(Xlsx *xlsx, size_t sheet, GError **error)
{
    static const XlsxHandler handler = {on_start, on_end, on_text};
    const XlsxPlace *place = &g_array_index(xlsx->places, XlsxPlace, sheet);
    if (!xlsx->strings)
        xlsx->strings = xlsx_strings_read(&xlsx->package, xlsx->strings_part, error);
    if (!xlsx->strings)
        return NULL;
    XlsxRows *rows = g_new0(XlsxRows, 1);
    rows->part = xlsx_part_open(&xlsx->package, place->part, &handler, rows, error);
    if (!rows->part) {
        g_free(rows);
        return NULL;
    }
    rows->book = xlsx;
    rows->sheet = g_strdup(place->name);
    rows->cells = g_array_new(FALSE, FALSE, sizeof(XlsxCell));
    rows->owned = g_array_new(FALSE, FALSE, sizeof(bool));
    rows->text = g_string_new(NULL);
    return rows;
}

void xlsx_rows_free(XlsxRows *rows)
{
    if (!rows)
        return;
    xlsx_part_close(rows->part);
    g_array_unref(rows->cells);
    g_array_unref(rows->owned);
    g_string_free(rows->text, TRUE);
    g_free(rows->sheet);
    g_free(rows->merged);
    g_free(rows);
}

bool xlsx_rows_next(XlsxRows *rows, XlsxRow *ret, GError **error)
{
    if (!xlsx_part_run(rows->part, error))
        return false;
    bool ended = xlsx_part_ended(rows->part);
    *ret = (XlsxRow){.cell = (const XlsxCell *)(void *)rows->cells->data,
                     .n = ended ? 0 : rows->cells->len,
                     .number = rows->row,
                     .hidden = rows->hidden};
    return true;
}

void xlsx_rows_watch(XlsxRows *rows, int64_t number)
{
    rows->watched = number;
}

const char *xlsx_rows_merged(const XlsxRows *rows)
{
    return rows->merged;
}
