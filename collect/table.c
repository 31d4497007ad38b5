#include "collect/table.h"

#include "collect/columns.h"
#include "collect/copies.h"
#include "schemas/error.h"

#include <inttypes.h>
#include <string.h>

enum { PAGE_ROWS = 500, CHOICES_LIMIT = 20 };

typedef struct {
    const SourceFile *place;
    Columns *columns;
    const char *encoding; /* as found */
    GPtrArray *notes;     /* the format's; NULL: not read to its end */
    int64_t rows;         /* with an answer in them */
    bool exact;           /* some cells are */
} TableFile;

/* A file being read. */
typedef struct {
    void *reader;
    TableRow row;
} Rows;

typedef struct {
    const TableFormat *format;
    const Source *source;
    GTimeZone *zone;
    SourceFiles *found;
    GArray *files;  /* of TableFile */
    Copies *copies; /* by line; none without an id column */
    int64_t total;
    guint current;      /* file being paged through … */
    Rows rows;          /* … and where in it; reader NULL: not begun */
    int64_t given;      /* rows of it that were given */
    GPtrArray *adapted; /* of const char*: a row with numbers in the style of their columns … */
    GStringChunk *kept; /* … and their texts */
    Response *response;
    bool announced;
} Table;

/* --- rows ------------------------------------------------------------------------------------ */

static void rows_close(const Table *table, Rows *rows)
{
    if (rows->reader)
        table->format->close(rows->reader);
    *rows = (Rows){0};
}

/* Opens a file and reads its header row; no cells when the file is empty. */
static bool rows_open(const Table *table, const SourceFile *place, const char *encoding, Rows *ret,
                      GError **error)
{
    Rows rows = {.reader = table->format->open(table->source, place, encoding, error)};
    if (!rows.reader)
        return false;
    if (!table->format->next(rows.reader, &rows.row, error)) {
        rows_close(table, &rows);
        return false;
    }
    *ret = rows;
    return true;
}

/* The next row that says something; no cells at the end. */
static bool rows_next(const Table *table, Rows *rows, GError **error)
{
    do
        if (!table->format->next(rows->reader, &rows->row, error))
            return false;
    while (rows->row.n && row_is_blank(rows->row.cell, rows->row.n));
    return true;
}

/* A number that the file itself holds as one must not be read in the style its column's texts are
 * written in, nor have a say in it: it takes no part in the survey (`style` false), and is then
 * written as the texts are. Valid until the next call. */
static const char *const *row_adapt(Table *table, const Columns *columns, const TableRow *row,
                                    bool style)
{
    if (!row->exact)
        return row->cell;
    g_ptr_array_set_size(table->adapted, 0);
    g_string_chunk_clear(table->kept);
    for (size_t i = 0; i < row->n; i++) {
        const char *cell = row->cell[i];
        const Column *column = i < columns->n ? &columns->column[i] : NULL;
        if (row->exact[i] && column && column->use == COLUMN_NUMBER) {
            if (!style)
                cell = "";
            else if (number_style(&column->numbers) == NUMBERS_NORWEGIAN)
                cell = g_strdelimit(g_string_chunk_insert(table->kept, cell), ".", ',');
        }
        g_ptr_array_add(table->adapted, (gpointer)cell);
    }
    return (const char *const *)table->adapted->pdata;
}

/* Where no text decides how a column's numbers are written, the exact ones do. */
static void styles_settle(const TableFile *file)
{
    for (size_t i = 0; file->exact && i < file->columns->n; i++) {
        Column *column = &file->columns->column[i];
        if (column->use == COLUMN_NUMBER && number_style(&column->numbers) == NUMBERS_PLAIN)
            number_vote(&column->numbers, "0.5");
    }
}

/* --- opening --------------------------------------------------------------------------------- */

/* An id is stored as it stands, so it must not be what `person` would have hidden. */
static bool id_is_fit(const TableFile *file, const Rows *rows, const char *id, GError **error)
{
    if (!strchr(id, '@'))
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "%s:%" PRId64 ": column \"%s\" holds e-mail addresses, and ids are stored as they "
                "are; name another column under `id:` or leave it out",
                file->place->name, rows->row.line, file->columns->column[file->columns->id].shown);
    return false;
}

static bool row_survey(Table *table, TableFile *file, const Rows *rows, GError **error)
{
    const TableRow *row = &rows->row;
    columns_survey(file->columns, row_adapt(table, file->columns, row, false), row->n, table->zone);
    file->rows++;
    file->exact |= row->exact != NULL;
    const char *id = columns_id(file->columns, row->cell, row->n);
    if (!*id)
        return true;
    const CopyKey key = {.id = columns_hash(id),
                         .content = columns_content(file->columns, row->cell, row->n),
                         .file = table->files->len,
                         .number = row->line,
                         .line = row->line};
    copies_add(table->copies, &key);
    return id_is_fit(file, rows, id, error);
}

static bool rows_survey(Table *table, TableFile *file, Rows *rows, GError **error)
{
    for (;;) {
        if (!rows_next(table, rows, error))
            return false;
        if (!rows->row.n)
            return true;
        if (!row_survey(table, file, rows, error))
            return false;
    }
}

/* When the header cannot be trusted, that is what to tell, and not what follows from it. */
static bool header_is_sound(const Table *table, Rows *rows, GError **error)
{
    return !table->format->header_is_sound || table->format->header_is_sound(rows->reader, error);
}

static bool file_survey(Table *table, TableFile *file, Rows *rows, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (!rows->row.n) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                    "%s is empty; restore it or remove it; nothing was changed", file->place->name);
        return false;
    }
    file->columns =
        columns_new(table->source, file->place->name, rows->row.cell, rows->row.n, &cause);
    bool sound = file->columns && rows_survey(table, file, rows, &cause);
    if (!header_is_sound(table, rows, error))
        return false;
    if (!sound) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    styles_settle(file);
    file->notes = g_ptr_array_new_with_free_func(g_free);
    table->format->notes(rows->reader, file->notes);
    return true;
}

static bool file_add(Table *table, const SourceFile *place, GError **error)
{
    TableFile file = {.place = place};
    Rows rows;
    if (!rows_open(table, place, table->source->encoding, &rows, error))
        return false;
    bool sound = file_survey(table, &file, &rows, error);
    file.encoding = table->format->encoding ? table->format->encoding(rows.reader) : NULL;
    table->total += file.rows;
    rows_close(table, &rows);
    g_array_append_val(table->files, file);
    return sound;
}

static const TableFile *file_at(const Table *table, guint i)
{
    return &g_array_index(table->files, TableFile, i);
}

static bool copies_agree(Table *table, GError **error)
{
    CopyKey first, second;
    if (copies_find(table->copies, &first, &second))
        return true;
    const TableFile *file = file_at(table, first.file);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                "%s:%" PRId64 " and %s:%" PRId64 " have the same id in column \"%s\" but say "
                "different things; give each row its own id",
                file->place->name, first.line, file_at(table, second.file)->place->name,
                second.line, file->columns->column[file->columns->id].shown);
    return false;
}

static bool has_column(const Table *table, const char *question)
{
    for (guint i = 0; i < table->files->len; i++)
        if (!g_ptr_array_find(file_at(table, i)->columns->absent, question, NULL))
            return true;
    return false;
}

/* A column that some files lack was not asked there; one that all lack is misspelt. */
static bool columns_exist(const Table *table, GError **error)
{
    const TableFile *first = file_at(table, 0);
    for (guint i = 0; i < first->columns->absent->len; i++) {
        const char *question = g_ptr_array_index(first->columns->absent, i);
        if (has_column(table, question))
            continue;
        g_autofree char *help = columns_help(first->columns, question);
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "there is no column \"%s\" in %s%s; %s", question, first->place->name,
                    table->files->len > 1 ? " or any other of the files" : "", help);
        return false;
    }
    return true;
}

/* The questions that any file has a column for, in the order of files and columns. */
static GPtrArray *questions_join(const Table *table)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *questions = g_ptr_array_new();
    for (guint i = 0; i < table->files->len; i++) {
        const Columns *columns = file_at(table, i)->columns;
        for (size_t c = 0; c < columns->n; c++) {
            const Column *column = &columns->column[c];
            if (column->use != COLUMN_UNUSED && g_hash_table_add(seen, (gpointer)column->question))
                g_ptr_array_add(questions, (gpointer)column->question);
        }
    }
    return questions;
}

/* What a pattern covers is known by the columns that are there: a file without one that another has
 * did not ask it. */
static void absent_share(const Table *table)
{
    g_autoptr(GPtrArray) questions = questions_join(table);
    for (guint i = 0; i < table->files->len; i++) {
        Columns *columns = file_at(table, i)->columns;
        g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
        for (size_t c = 0; c < columns->n; c++)
            if (columns->column[c].question)
                g_hash_table_add(known, (gpointer)columns->column[c].question);
        for (guint q = 0; q < columns->absent->len; q++)
            g_hash_table_add(known, columns->absent->pdata[q]);
        for (guint q = 0; q < questions->len; q++)
            if (!g_hash_table_contains(known, questions->pdata[q]))
                g_ptr_array_add(columns->absent, questions->pdata[q]);
    }
}

static bool has_rows(const Table *table, GError **error)
{
    if (table->total)
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                "%s has a header and no rows below it; nothing was changed",
                table->files->len == 1 ? file_at(table, 0)->place->name : table->source->path);
    return false;
}

void *table_open(const CollectContext *context, const TableFormat *format, GError **error)
{
    Table *table = g_new0(Table, 1);
    table->format = format;
    table->source = context->source;
    table->zone = context->zone ? g_time_zone_ref(context->zone) : g_time_zone_new_utc();
    table->files = g_array_new(FALSE, FALSE, sizeof(TableFile));
    table->copies = copies_new();
    table->adapted = g_ptr_array_new();
    table->kept = g_string_chunk_new(1024);
    table->response = response_new();
    table->found = files_find(context, format->suffixes, error);
    bool sound = table->found;
    if (sound && table->found->unchanged)
        return table;
    for (guint i = 0; sound && i < table->found->file->len; i++)
        sound = file_add(table, g_ptr_array_index(table->found->file, i), error);
    if (sound && columns_exist(table, error) && has_rows(table, error) &&
        copies_agree(table, error)) {
        absent_share(table);
        return table;
    }
    table_close(table);
    return NULL;
}

void table_close(void *self)
{
    Table *table = self;
    rows_close(table, &table->rows);
    for (guint i = 0; i < table->files->len; i++) {
        TableFile *file = &g_array_index(table->files, TableFile, i);
        columns_free(file->columns);
        g_clear_pointer(&file->notes, g_ptr_array_unref);
    }
    g_array_unref(table->files);
    copies_free(table->copies);
    source_files_free(table->found);
    g_ptr_array_unref(table->adapted);
    g_string_chunk_free(table->kept);
    g_time_zone_unref(table->zone);
    response_free(table->response);
    g_free(table);
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

static void announce_file(PageSink *sink, const TableFile *file)
{
    const char *name = file->place->name;
    g_autoptr(GPtrArray) notes = columns_notes(file->columns, name);
    for (guint i = 0; i < notes->len; i++)
        sink->note(sink, g_ptr_array_index(notes, i));
    for (guint i = 0; i < file->notes->len; i++)
        sink->note(sink, g_ptr_array_index(file->notes, i));
}

static void announce(Table *table, PageSink *sink)
{
    table->announced = true;
    sink->expect(sink, table->total - (int64_t)copies_count(table->copies));
    if (!table->source->id_column)
        note(sink, "the source names no `id:` column, so a row is known by its file and number; "
                   "rows put in above others will look like changes");
    for (guint i = 0; i < table->found->strangers->len; i++)
        note(sink, "%s lies in the folder and is not read; save it as Excel Workbook (.xlsx)",
             (char *)g_ptr_array_index(table->found->strangers, i));
    for (guint i = 0; i < table->files->len; i++)
        announce_file(sink, file_at(table, i));
    if (copies_count(table->copies))
        note(sink, "%u rows are copies of others with the same id and are read once",
             copies_count(table->copies));
}

/* The row's place, as Excel numbers it. */
static char *place_id(const TableFile *file, const Rows *rows)
{
    return g_strdup_printf("%s:%" PRId64, file->place->name, rows->row.number);
}

static bool row_give(Table *table, const TableFile *file, PageSink *sink, GError **error)
{
    const TableRow *row = &table->rows.row;
    Response *response = table->response;
    if (copies_has(table->copies, table->current, row->line))
        return true;
    response_reset(response);
    g_autofree char *place = place_id(file, &table->rows);
    const char *id = columns_id(file->columns, row->cell, row->n);
    if (table->source->id_column && !*id)
        return sink->set_aside(sink, place, "its id column is empty", error);
    response->id = response_keep(response, *id ? id : place);
    columns_respond(file->columns, row_adapt(table, file->columns, row, true), row->n, table->zone,
                    response);
    return sink->seen(sink, response->id, response->revision, error) &&
           sink->response(sink, response, error);
}

/* True with no cells in hand when all files are read. */
static bool advance(Table *table, GError **error)
{
    for (; table->current < table->files->len; table->current++) {
        const TableFile *file = file_at(table, table->current);
        if (!table->rows.reader) {
            table->given = 0;
            if (!rows_open(table, file->place, file->encoding, &table->rows, error))
                return false;
        }
        if (!rows_next(table, &table->rows, error))
            return false;
        table->given += table->rows.row.n > 0;
        if (table->given > file->rows || (!table->rows.row.n && table->given < file->rows)) {
            g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_DATA,
                        "%s was changed while it was read; run it again", file->place->name);
            return false;
        }
        if (table->rows.row.n)
            return true;
        rows_close(table, &table->rows);
    }
    return true;
}

Step table_next(void *self, PageSink *sink, GError **error)
{
    Table *table = self;
    if (!table->announced)
        announce(table, sink);
    for (int i = 0; i < PAGE_ROWS; i++) {
        if (!advance(table, error))
            return STEP_FAILED;
        if (table->current == table->files->len)
            return STEP_DONE;
        if (!row_give(table, file_at(table, table->current), sink, error))
            return STEP_FAILED;
    }
    return STEP_MORE;
}

/* Files are read whole each time; one on the web tells whether that is needed. */
char *table_cursor(void *self)
{
    return g_strdup(((const Table *)self)->found->cursor);
}

bool table_unchanged(void *self)
{
    return ((const Table *)self)->found->unchanged;
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
    for (size_t i = 0; i < MIN(columns->n, rows->row.n); i++) {
        const Column *column = &columns->column[i];
        GHashTable *seen =
            column->use == COLUMN_CODE ? g_hash_table_lookup(codes, column->question) : NULL;
        if (!seen || g_hash_table_size(seen) > CHOICES_LIMIT)
            continue;
        const char *code = columns_code(columns, rows->row.cell[i]);
        if (*code && !g_hash_table_contains(seen, code))
            g_hash_table_add(seen, g_strdup(code));
    }
}

static bool codes_collect(const Table *table, GHashTable *codes, GError **error)
{
    for (guint i = 0; i < table->files->len; i++) {
        const TableFile *file = file_at(table, i);
        Rows rows;
        if (!rows_open(table, file->place, file->encoding, &rows, error))
            return false;
        bool read;
        while ((read = rows_next(table, &rows, error)) && rows.row.n)
            codes_add(codes, file->columns, &rows);
        rows_close(table, &rows);
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

static void columns_list(const Table *table, Form *form, GHashTable *codes)
{
    for (guint i = 0; i < table->files->len; i++) {
        const Columns *columns = file_at(table, i)->columns;
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

Form *table_questions(void *self, GError **error)
{
    const Table *table = self;
    g_autofree char *place = source_place(table->source);
    g_autoptr(Form) form = form_new(place);
    form->title = g_strdup(place);
    form->seen_choices = true;
    g_autoptr(GHashTable) codes =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
    columns_list(table, form, codes);
    if (!codes_collect(table, codes, error))
        return NULL;
    for (guint i = 0; i < form->questions->len; i++) {
        FormQuestion *question = g_ptr_array_index(form->questions, i);
        choices_add(question, g_hash_table_lookup(codes, question->name));
    }
    return g_steal_pointer(&form);
}
