/* CSV files as a form system: every row a response, every column a question.
 *
 * Opening reads all files once: faults are told before anything is stored, columns learn how their
 * numbers are written, and rows that claim the same id are found. Pages then read them again. */
#include "collect/collector.h"

#include "collect/columns.h"
#include "collect/csv_reader.h"
#include "collect/files.h"

#include <inttypes.h>
#include <string.h>

enum { PAGE_ROWS = 500, CHOICES_LIMIT = 20 };

typedef struct {
    const SourceFile *place;
    Columns *columns;
    const char *encoding; /* as found */
    int64_t rows;         /* with an answer in them */
    int64_t padded, padded_line;
    int64_t replaced;
} CsvFile;

/* A file being read. */
typedef struct {
    CsvReader *reader;
    GPtrArray *cells; /* of const char*: the row, valid until the next */
    int64_t number, line;
} Rows;

/* What is remembered of a row to find others with its id: numbers, not texts, since there may be
 * millions. */
typedef struct {
    uint64_t id, content;
    uint32_t file, line;
} RowKey;

typedef struct {
    const Source *source;
    GTimeZone *zone;
    GPtrArray *places;  /* of SourceFile* */
    GArray *files;      /* of CsvFile */
    GArray *keys;       /* of RowKey; empty without an id column */
    GHashTable *copies; /* places of rows that say what another has said; see row_place */
    int64_t total;
    guint current; /* file being paged through … */
    Rows rows;     /* … and where in it; reader NULL: not begun */
    int64_t given; /* rows of it that were given */
    Response *response;
    bool announced;
} Csv;

/* --- rows ------------------------------------------------------------------------------------ */

static void rows_close(Rows *rows)
{
    g_clear_pointer(&rows->reader, csv_reader_free);
    g_clear_pointer(&rows->cells, g_ptr_array_unref);
}

static bool rows_read(Rows *rows, GError **error)
{
    CsvRecord record;
    if (!csv_reader_next(rows->reader, &record, error))
        return false;
    g_ptr_array_set_size(rows->cells, (gint)record.n);
    for (size_t i = 0; i < record.n; i++)
        rows->cells->pdata[i] = (gpointer)record.field[i].text;
    rows->number = record.number;
    rows->line = record.line;
    return true;
}

/* Opens a file and reads its header row; no cells when the file is empty. */
static bool rows_open(const Csv *csv, const SourceFile *place, const char *encoding, Rows *ret,
                      GError **error)
{
    const CsvOptions options = {.encoding = encoding, .separator = csv->source->separator};
    Rows rows = {.reader = csv_reader_open(place->path, place->name, &options, error)};
    if (!rows.reader)
        return false;
    rows.cells = g_ptr_array_new();
    if (!rows_read(&rows, error)) {
        rows_close(&rows);
        return false;
    }
    *ret = rows;
    return true;
}

/* The next row that says something; no cells at the end. */
static bool rows_next(Rows *rows, GError **error)
{
    do
        if (!rows_read(rows, error))
            return false;
    while (rows->cells->len &&
           row_is_blank((const char *const *)rows->cells->pdata, rows->cells->len));
    return true;
}

static const char *const *row_cells(const Rows *rows)
{
    return (const char *const *)rows->cells->pdata;
}

static int64_t row_place(guint file, int64_t line)
{
    return (int64_t)file << 32 | line;
}

/* --- opening --------------------------------------------------------------------------------- */

static bool row_fits(CsvFile *file, const Rows *rows, GError **error)
{
    size_t n = rows->cells->len, columns = file->columns->n;
    if (n > columns && !row_is_blank(row_cells(rows) + columns, n - columns)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "%s:%" PRId64 ": the row has %zu cells and the header %zu; put quotes around "
                    "the cell that holds a separator, or name the column",
                    file->place->name, rows->line, n, columns);
        return false;
    }
    if (n < columns && !file->padded++)
        file->padded_line = rows->line;
    return true;
}

/* An id is stored as it stands, so it must not be what `person` would have hidden. */
static bool id_is_fit(const CsvFile *file, const Rows *rows, const char *id, GError **error)
{
    if (!strchr(id, '@'))
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "%s:%" PRId64 ": column \"%s\" holds e-mail addresses, and ids are stored as they "
                "are; name another column under `id:` or leave it out",
                file->place->name, rows->line, file->columns->column[file->columns->id].shown);
    return false;
}

static bool row_survey(Csv *csv, CsvFile *file, const Rows *rows, GError **error)
{
    const char *const *cells = row_cells(rows);
    size_t n = rows->cells->len;
    if (!row_fits(file, rows, error))
        return false;
    columns_survey(file->columns, cells, n, csv->zone);
    file->rows++;
    const char *id = columns_id(file->columns, cells, n);
    if (!*id)
        return true;
    RowKey key = {.id = columns_hash(id),
                  .content = columns_content(file->columns, cells, n),
                  .file = csv->files->len,
                  .line = (uint32_t)rows->line};
    g_array_append_val(csv->keys, key);
    return id_is_fit(file, rows, id, error);
}

static bool file_survey(Csv *csv, CsvFile *file, Rows *rows, GError **error)
{
    if (!rows->cells->len) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "%s is empty; restore it or remove it; nothing was changed", file->place->name);
        return false;
    }
    file->columns =
        columns_new(csv->source, file->place->name, row_cells(rows), rows->cells->len, error);
    while (file->columns) {
        if (!rows_next(rows, error))
            return false;
        if (!rows->cells->len)
            return true;
        if (!row_survey(csv, file, rows, error))
            return false;
    }
    return false;
}

static bool file_add(Csv *csv, const SourceFile *place, GError **error)
{
    CsvFile file = {.place = place};
    Rows rows;
    if (!rows_open(csv, place, csv->source->encoding, &rows, error))
        return false;
    bool sound = file_survey(csv, &file, &rows, error);
    file.encoding = charset_word(csv_reader_charset(rows.reader));
    file.replaced = csv_reader_replaced(rows.reader);
    csv->total += file.rows;
    rows_close(&rows);
    g_array_append_val(csv->files, file);
    return sound;
}

static const CsvFile *file_at(const Csv *csv, guint i)
{
    return &g_array_index(csv->files, CsvFile, i);
}

static gint by_id(gconstpointer left, gconstpointer right)
{
    const RowKey *a = left, *b = right;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    return a->line < b->line ? -1 : a->line > b->line;
}

/* Two rows with one id: a copy is read once, anything else is for people to sort out. */
static bool copies_find(Csv *csv, GError **error)
{
    g_array_sort(csv->keys, by_id);
    const RowKey *first = (const RowKey *)(void *)csv->keys->data;
    for (guint i = 1; i < csv->keys->len; i++) {
        const RowKey *key = &g_array_index(csv->keys, RowKey, i);
        if (key->id != first->id) {
            first = key;
            continue;
        }
        if (key->content != first->content) {
            const CsvFile *file = file_at(csv, first->file);
            g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                        "%s:%" PRIu32 " and %s:%" PRIu32 " have the same id in column \"%s\" but "
                        "say different things; give each row its own id",
                        file->place->name, first->line, file_at(csv, key->file)->place->name,
                        key->line, file->columns->column[file->columns->id].shown);
            return false;
        }
        int64_t place = row_place(key->file, key->line);
        g_hash_table_add(csv->copies, g_memdup2(&place, sizeof place));
    }
    g_array_set_size(csv->keys, 0);
    return true;
}

static bool has_column(const Csv *csv, const char *question)
{
    for (guint i = 0; i < csv->files->len; i++)
        if (!g_ptr_array_find(file_at(csv, i)->columns->absent, question, NULL))
            return true;
    return false;
}

/* A column that some files lack was not asked there; one that all lack is misspelt. */
static bool columns_exist(const Csv *csv, GError **error)
{
    const CsvFile *first = file_at(csv, 0);
    for (guint i = 0; i < first->columns->absent->len; i++) {
        const char *question = g_ptr_array_index(first->columns->absent, i);
        if (has_column(csv, question))
            continue;
        g_autofree char *help = columns_help(first->columns, question);
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "there is no column \"%s\" in %s%s; %s", question, first->place->name,
                    csv->files->len > 1 ? " or any other of the files" : "", help);
        return false;
    }
    return true;
}

static bool has_rows(const Csv *csv, GError **error)
{
    if (csv->total)
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                "%s has a header and no rows below it; nothing was changed",
                csv->files->len == 1 ? file_at(csv, 0)->place->name : csv->source->path);
    return false;
}

static void csv_close(void *self);

static void *csv_open(const CollectContext *context, GError **error)
{
    Csv *csv = g_new0(Csv, 1);
    csv->source = context->source;
    csv->zone = context->zone ? g_time_zone_ref(context->zone) : g_time_zone_new_utc();
    csv->files = g_array_new(FALSE, FALSE, sizeof(CsvFile));
    csv->keys = g_array_new(FALSE, FALSE, sizeof(RowKey));
    csv->copies = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    csv->response = response_new();
    csv->places = files_find(context->project, context->source, ".csv", error);
    bool sound = csv->places;
    for (guint i = 0; sound && i < csv->places->len; i++)
        sound = file_add(csv, g_ptr_array_index(csv->places, i), error);
    if (sound && columns_exist(csv, error) && has_rows(csv, error) && copies_find(csv, error))
        return csv;
    csv_close(csv);
    return NULL;
}

static void csv_close(void *self)
{
    Csv *csv = self;
    rows_close(&csv->rows);
    for (guint i = 0; i < csv->files->len; i++)
        columns_free(g_array_index(csv->files, CsvFile, i).columns);
    g_array_unref(csv->files);
    g_array_unref(csv->keys);
    g_hash_table_unref(csv->copies);
    g_clear_pointer(&csv->places, g_ptr_array_unref);
    g_time_zone_unref(csv->zone);
    response_free(csv->response);
    g_free(csv);
}

/* --- pages ----------------------------------------------------------------------------------- */

static void note(PageSink *sink, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void note(PageSink *sink, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    sink->note(sink, text);
}

static void announce_file(PageSink *sink, const CsvFile *file)
{
    const char *name = file->place->name;
    g_autoptr(GPtrArray) notes = columns_notes(file->columns, name);
    for (guint i = 0; i < notes->len; i++)
        sink->note(sink, g_ptr_array_index(notes, i));
    if (file->padded)
        note(sink,
             "%s: %" PRId64 " rows have fewer cells than the header (first line %" PRId64
             "); what is missing is taken as not answered",
             name, file->padded, file->padded_line);
    if (file->replaced)
        note(sink, "%s: %" PRId64 " bytes are no characters of %s and were read as \uFFFD", name,
             file->replaced, file->encoding);
}

static void announce(Csv *csv, PageSink *sink)
{
    csv->announced = true;
    sink->expect(sink, csv->total - (int64_t)g_hash_table_size(csv->copies));
    if (!csv->source->id_column)
        note(sink, "the source names no `id:` column, so a row is known by its file and number; "
                   "rows put in above others will look like changes");
    for (guint i = 0; i < csv->files->len; i++)
        announce_file(sink, file_at(csv, i));
    if (g_hash_table_size(csv->copies))
        note(sink, "%u rows are copies of others with the same id and are read once",
             g_hash_table_size(csv->copies));
}

/* The row's place, as Excel numbers it. */
static char *place_id(const CsvFile *file, const Rows *rows)
{
    return g_strdup_printf("%s:%" PRId64, file->place->name, rows->number);
}

static bool row_give(Csv *csv, const CsvFile *file, PageSink *sink, GError **error)
{
    const char *const *cells = row_cells(&csv->rows);
    size_t n = csv->rows.cells->len;
    Response *response = csv->response;
    int64_t copy = row_place(csv->current, csv->rows.line);
    if (g_hash_table_contains(csv->copies, &copy))
        return true;
    response_reset(response);
    g_autofree char *place = place_id(file, &csv->rows);
    const char *id = columns_id(file->columns, cells, n);
    if (csv->source->id_column && !*id)
        return sink->set_aside(sink, place, "its id column is empty", error);
    response->id = response_keep(response, *id ? id : place);
    columns_respond(file->columns, cells, n, csv->zone, response);
    return sink->seen(sink, response->id, response->revision, error) &&
           sink->response(sink, response, error);
}

/* True with no cells in hand when all files are read. */
static bool advance(Csv *csv, GError **error)
{
    for (; csv->current < csv->files->len; csv->current++) {
        const CsvFile *file = file_at(csv, csv->current);
        if (!csv->rows.reader) {
            csv->given = 0;
            if (!rows_open(csv, file->place, file->encoding, &csv->rows, error))
                return false;
        }
        if (!rows_next(&csv->rows, error))
            return false;
        csv->given += csv->rows.cells->len > 0;
        if (csv->given > file->rows || (!csv->rows.cells->len && csv->given < file->rows)) {
            g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                        "%s was changed while it was read; run it again", file->place->name);
            return false;
        }
        if (csv->rows.cells->len)
            return true;
        rows_close(&csv->rows);
    }
    return true;
}

static Step csv_next(void *self, PageSink *sink, GError **error)
{
    Csv *csv = self;
    if (!csv->announced)
        announce(csv, sink);
    for (int i = 0; i < PAGE_ROWS; i++) {
        if (!advance(csv, error))
            return STEP_FAILED;
        if (csv->current == csv->files->len)
            return STEP_DONE;
        if (!row_give(csv, file_at(csv, csv->current), sink, error))
            return STEP_FAILED;
    }
    return STEP_MORE;
}

/* Files are read whole each time. */
static char *csv_cursor(void *self)
{
    (void)self;
    return NULL;
}

/* --- questions ------------------------------------------------------------------------------- */

static FormKind kind_of(ColumnUse use)
{
    static const FormKind kinds[] = {[COLUMN_UNUSED] = FORM_TEXT,
                                     [COLUMN_TEXT] = FORM_TEXT,
                                     [COLUMN_CODE] = FORM_SINGLE,
                                     [COLUMN_NUMBER] = FORM_NUMBER,
                                     [COLUMN_TIME] = FORM_DATE};
    return kinds[use];
}

/* Codes seen in a column, over all files; NULL for a question whose answers are none, or too many.
 * Only mapped codes are looked at: a form is stored, and what is not mapped is not. */
static void codes_add(GHashTable *codes, Columns *columns, const Rows *rows)
{
    for (size_t i = 0; i < MIN(columns->n, rows->cells->len); i++) {
        const Column *column = &columns->column[i];
        GHashTable *seen =
            column->use == COLUMN_CODE ? g_hash_table_lookup(codes, column->question) : NULL;
        if (!seen || g_hash_table_size(seen) > CHOICES_LIMIT)
            continue;
        const char *code = cell_code(g_ptr_array_index(rows->cells, i), columns->scratch);
        if (*code && !g_hash_table_contains(seen, code))
            g_hash_table_add(seen, g_strdup(code));
    }
}

static bool codes_collect(const Csv *csv, GHashTable *codes, GError **error)
{
    for (guint i = 0; i < csv->files->len; i++) {
        const CsvFile *file = file_at(csv, i);
        Rows rows;
        if (!rows_open(csv, file->place, file->encoding, &rows, error))
            return false;
        bool read;
        while ((read = rows_next(&rows, error)) && rows.cells->len)
            codes_add(codes, file->columns, &rows);
        rows_close(&rows);
        if (!read)
            return false;
    }
    return true;
}

static gint by_bytes(gconstpointer left, gconstpointer right)
{
    return strcmp(left, right);
}

static void choices_add(FormQuestion *question, GHashTable *seen)
{
    if (!seen || g_hash_table_size(seen) > CHOICES_LIMIT)
        return;
    g_autoptr(GList) sorted = g_list_sort(g_hash_table_get_keys(seen), by_bytes);
    for (const GList *code = sorted; code; code = code->next)
        form_choice(question, code->data, code->data);
}

static void columns_list(const Csv *csv, Form *form, GHashTable *codes)
{
    for (guint i = 0; i < csv->files->len; i++) {
        const Columns *columns = file_at(csv, i)->columns;
        for (size_t c = 0; c < columns->n; c++) {
            const Column *column = &columns->column[c];
            const char *name = column->question ? column->question : column->header;
            if (!*name || form_find(form, name))
                continue;
            form_add(form, name, kind_of(column->use), "column", column->header);
            if (column->use == COLUMN_CODE)
                g_hash_table_insert(codes, g_strdup(name),
                                    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL));
        }
    }
}

static Form *csv_questions(void *self, GError **error)
{
    const Csv *csv = self;
    g_autoptr(Form) form = form_new(csv->source->path);
    form->title = g_strdup(csv->source->path);
    g_autoptr(GHashTable) codes =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
    columns_list(csv, form, codes);
    if (!codes_collect(csv, codes, error))
        return NULL;
    for (guint i = 0; i < form->questions->len; i++) {
        FormQuestion *question = g_ptr_array_index(form->questions, i);
        choices_add(question, g_hash_table_lookup(codes, question->name));
    }
    return g_steal_pointer(&form);
}

const Collector collector_csv = {
    .kind = "csv",
    .summary = "files of comma-, semicolon- or tab-separated values, Norwegian Excel's too",
    .written_against = "RFC 4180",
    .reads_files = true,
    .whole_index = true,
    .open = csv_open,
    .questions = csv_questions,
    .next = csv_next,
    .cursor = csv_cursor,
    .close = csv_close,
};
