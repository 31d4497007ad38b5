/* CSV files: what is theirs alone among tables. */
#include "collect/columns.h"
#include "collect/csv_reader.h"
#include "collect/table.h"

#include <inttypes.h>

typedef struct {
    CsvReader *reader;
    char *name;
    GPtrArray *cells; /* of const char* */
    size_t width;     /* of the header; 0: not read */
    int64_t header;   /* the row that names the columns; 0: the first */
    int64_t padded, padded_line;
} CsvTable;

static void csv_close(void *self)
{
    CsvTable *csv = self;
    csv_reader_free(csv->reader);
    g_free(csv->name);
    g_ptr_array_unref(csv->cells);
    g_free(csv);
}

static void *csv_open(const Source *source, const SourceFile *place, const char *encoding,
                      GError **error)
{
    const CsvOptions options = {.encoding = encoding, .separator = source->separator};
    CsvReader *reader = csv_reader_open(place->path, place->name, &options, error);
    if (!reader)
        return NULL;
    CsvTable *csv = g_new0(CsvTable, 1);
    csv->reader = reader;
    csv->name = g_strdup(place->name);
    csv->header = source->header;
    csv->cells = g_ptr_array_new();
    return csv;
}

static bool row_fits(CsvTable *csv, const TableRow *row, GError **error)
{
    if (row->n > csv->width && !row_is_blank(row->cell + csv->width, row->n - csv->width)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "%s:%" PRId64 ": the row has %zu cells and the header %zu; put quotes around "
                    "the cell that holds a separator, or name the column",
                    csv->name, row->line, row->n, csv->width);
        return false;
    }
    if (row->n < csv->width && !row_is_blank(row->cell, row->n) && !csv->padded++)
        csv->padded_line = row->line;
    return true;
}

static bool csv_next(void *self, TableRow *ret, GError **error)
{
    CsvTable *csv = self;
    CsvRecord record;
    do
        if (!csv_reader_next(csv->reader, &record, error))
            return false;
    while (!csv->width && record.n && record.number < csv->header);
    if (!csv->width && csv->header && record.number != csv->header) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "%s: row %" PRId64 ", which `header:` names, is blank; give the number of the "
                    "row that names the columns",
                    csv->name, csv->header);
        return false;
    }
    g_ptr_array_set_size(csv->cells, (gint)record.n);
    for (size_t i = 0; i < record.n; i++)
        csv->cells->pdata[i] = (gpointer)record.field[i].text;
    *ret = (TableRow){.cell = (const char *const *)csv->cells->pdata,
                      .n = record.n,
                      .number = record.number,
                      .line = record.line};
    if (!csv->width)
        csv->width = record.n;
    return !record.n || row_fits(csv, ret, error);
}

static const char *csv_encoding(const void *self)
{
    return charset_word(csv_reader_charset(((const CsvTable *)self)->reader));
}

static void csv_notes(const void *self, GPtrArray *notes)
{
    const CsvTable *csv = self;
    int64_t replaced = csv_reader_replaced(csv->reader);
    if (csv->padded)
        g_ptr_array_add(
            notes, g_strdup_printf("%s: %" PRId64 " rows have fewer cells than the header (first "
                                   "line %" PRId64 "); what is missing is taken as not answered",
                                   csv->name, csv->padded, csv->padded_line));
    if (replaced)
        g_ptr_array_add(notes, g_strdup_printf("%s: %" PRId64 " bytes are no characters of %s and "
                                               "were read as \uFFFD",
                                               csv->name, replaced, csv_encoding(csv)));
}

static void *csv_begin(const CollectContext *context, GError **error)
{
    static const TableFormat format = {.suffixes = ".csv",
                                       .open = csv_open,
                                       .next = csv_next,
                                       .encoding = csv_encoding,
                                       .notes = csv_notes,
                                       .close = csv_close};
    return table_open(context, &format, error);
}

const Collector collector_csv = {
    .kind = "csv",
    .summary = "files of comma-, semicolon- or tab-separated values, Norwegian Excel's too",
    .written_against = "RFC 4180",
    .reads_files = true,
    .whole_index = true,
    .open = csv_begin,
    .questions = table_questions,
    .next = table_next,
    .cursor = table_cursor,
    .close = table_close,
    .unchanged = table_unchanged,
};
