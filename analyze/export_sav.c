#include "analyze/export.h"

#include "schemas/error.h"

#include <locale.h>
#include <readstat.h>
#include <string.h>

/* What SPSS allows, in bytes; of its 32767 for a text ReadStat loses the last. */
enum { NAME_LIMIT = 64, LABEL_LIMIT = 255, STEP_LABEL_LIMIT = 120, TEXT_LIMIT = 32766 };
enum { TITLE_LIMIT = 64, TIME_WIDTH = 20 };

/* SPSS counts seconds from the first day of the Gregorian calendar. */
static const double gregorian_epoch = 12219379200.0;

typedef struct {
    const ExportJob *job;
    FILE *out;
    readstat_writer_t *writer;
    readstat_variable_t **variables;
    size_t *widths;     /* of texts: the longest, in bytes */
    GHashTable *names;  /* taken, in lower case */
    GHashTable *labels; /* Scale* → readstat_label_set_t* */
    GString *scratch;
} Sav;

/* The bytes of a text that fit, never a part of a character. */
static size_t fitting(const char *text, size_t limit)
{
    size_t n = strlen(text);
    if (n <= limit)
        return n;
    for (n = limit; n && ((unsigned char)text[n] & 0xC0) == 0x80;)
        n--;
    return n;
}

static const char *cut(Sav *sav, const char *text, size_t limit)
{
    g_string_truncate(sav->scratch, 0);
    g_string_append_len(sav->scratch, text, (gssize)fitting(text, limit));
    return sav->scratch->str;
}

/* --- names --------------------------------------------------------------------------------------
 */

static bool is_reserved(const char *name)
{
    static const char *const words_of_spss[] = {"all", "and", "by",  "eq", "ge", "gt",  "le",
                                                "lt",  "ne",  "not", "or", "to", "with"};
    for (size_t i = 0; i < G_N_ELEMENTS(words_of_spss); i++)
        if (!g_ascii_strcasecmp(name, words_of_spss[i]))
            return true;
    return false;
}

/* A name SPSS takes: letters, digits and underscores, a letter first. */
static void name_fold(GString *out, const char *name)
{
    g_string_truncate(out, 0);
    if (!g_ascii_isalpha(*name) || is_reserved(name))
        g_string_append(out, "v_");
    for (const char *p = name; *p && out->len < NAME_LIMIT; p++)
        g_string_append_c(out, g_ascii_isalnum(*p) ? *p : '_');
}

static char *name_spss(Sav *sav, const char *name)
{
    name_fold(sav->scratch, name);
    g_autofree char *base = g_strdup(sav->scratch->str);
    for (int number = 1;; number++) {
        g_autofree char *tail = number > 1 ? g_strdup_printf("_%d", number) : g_strdup("");
        char *unique = g_strdup_printf("%.*s%s", (int)(NAME_LIMIT - strlen(tail)), base, tail);
        if (g_hash_table_add(sav->names, g_ascii_strdown(unique, -1)))
            return unique;
        g_free(unique);
    }
}

/* --- what a column is --- */

static void widths_find(Sav *sav)
{
    size_t n = export_table_columns(sav->job->table);
    uint32_t record;
    for (size_t i = 0; i < n; i++)
        sav->widths[i] = 1;
    for (const ExportCell *cells; (cells = export_table_next(sav->job->table, &record));)
        for (size_t i = 0; i < n; i++)
            if (cells[i].text) {
                size_t width = fitting(cells[i].text, TEXT_LIMIT);
                sav->widths[i] = MAX(sav->widths[i], width);
                *sav->job->cut += cells[i].text[width] != '\0';
            }
    export_table_rewind(sav->job->table);
}

static readstat_label_set_t *scale_labels(Sav *sav, const Scale *scale)
{
    readstat_label_set_t *set = g_hash_table_lookup(sav->labels, scale);
    if (set)
        return set;
    Language language = sav->job->language;
    set = readstat_add_label_set(sav->writer, READSTAT_TYPE_DOUBLE, scale->id);
    for (int step = 1; step <= scale->n_steps; step++)
        readstat_label_double_value(
            set, step,
            cut(sav, label_get(&scale->step[step - 1].label, language), STEP_LABEL_LIMIT));
    for (int missing = MISSING_NONE + 1; missing < N_MISSING; missing++) {
        g_autofree char *key = g_strconcat("missing.", missing_word((Missing)missing), NULL);
        readstat_label_double_value(set, -missing,
                                    cut(sav, words(language, key), STEP_LABEL_LIMIT));
    }
    g_hash_table_insert(sav->labels, (gpointer)scale, set);
    return set;
}

static readstat_error_t variable_describe(Sav *sav, const ExportColumn *column,
                                          readstat_variable_t *variable)
{
    readstat_variable_set_label(variable, cut(sav, column->label, LABEL_LIMIT));
    if (column->type == EXPORT_TIME) {
        readstat_variable_set_format(variable, "DATETIME20");
        readstat_variable_set_display_width(variable, TIME_WIDTH);
    }
    if (column->type != EXPORT_STEP)
        return READSTAT_OK;
    readstat_variable_set_format(variable, "F8.0");
    readstat_variable_set_measure(variable, READSTAT_MEASURE_ORDINAL);
    readstat_variable_set_label_set(variable, scale_labels(sav, column->scale));
    return readstat_variable_add_missing_double_range(variable, -(N_MISSING - 1), -1);
}

static readstat_error_t variables_add(Sav *sav)
{
    readstat_error_t error = READSTAT_OK;
    for (size_t i = 0; i < export_table_columns(sav->job->table) && !error; i++) {
        const ExportColumn *column = export_table_column(sav->job->table, i);
        bool is_text = column->type == EXPORT_TEXT;
        g_autofree char *name = name_spss(sav, column->name);
        sav->variables[i] = readstat_add_variable(
            sav->writer, name, is_text ? READSTAT_TYPE_STRING : READSTAT_TYPE_DOUBLE,
            is_text ? sav->widths[i] : 0);
        error = variable_describe(sav, column, sav->variables[i]);
    }
    return error;
}

/* --- rows --- */

static readstat_error_t cell_insert(Sav *sav, size_t i, const ExportCell *cell)
{
    readstat_variable_t *variable = sav->variables[i];
    switch (export_table_column(sav->job->table, i)->type) {
    case EXPORT_TEXT:
        return readstat_insert_string_value(sav->writer, variable,
                                            cut(sav, cell->text ? cell->text : "", TEXT_LIMIT));
    case EXPORT_STEP:
        return cell->step ? readstat_insert_double_value(sav->writer, variable, cell->step)
                          : readstat_insert_missing_value(sav->writer, variable);
    case EXPORT_TIME:
        if (cell->time == TIME_UNKNOWN)
            return readstat_insert_missing_value(sav->writer, variable);
        return readstat_insert_double_value(sav->writer, variable,
                                            (double)cell->time / G_USEC_PER_SEC + gregorian_epoch);
    }
    return READSTAT_OK;
}

static readstat_error_t rows_write(Sav *sav)
{
    readstat_error_t error = READSTAT_OK;
    uint32_t record;
    for (const ExportCell *cells;
         !error && (cells = export_table_next(sav->job->table, &record));) {
        error = readstat_begin_row(sav->writer);
        for (size_t i = 0; i < export_table_columns(sav->job->table) && !error; i++)
            error = cell_insert(sav, i, &cells[i]);
        if (!error)
            error = readstat_end_row(sav->writer);
    }
    return error;
}

static ssize_t put(const void *bytes, size_t n, void *context)
{
    const Sav *sav = context;
    return fwrite(bytes, 1, n, sav->out) == n ? (ssize_t)n : -1;
}

/* The file says when it was made: when the data were pulled, so that the bytes stay the same. */
static readstat_error_t file_describe(Sav *sav)
{
    const Dataset *data = sav->job->data;
    time_t made =
        data->newest_pull == TIME_UNKNOWN ? 0 : (time_t)(data->newest_pull / G_USEC_PER_SEC);
    readstat_error_t error = readstat_set_data_writer(sav->writer, put);
    if (!error)
        error = readstat_writer_set_compression(sav->writer, READSTAT_COMPRESS_ROWS);
    if (!error)
        error = readstat_writer_set_file_label(sav->writer,
                                               cut(sav, data->project->title, TITLE_LIMIT));
    return error ? error : readstat_writer_set_file_timestamp(sav->writer, made);
}

static readstat_error_t write_all(Sav *sav)
{
    long rows = (long)export_table_rows(sav->job->table);
    readstat_error_t error = file_describe(sav);
    widths_find(sav);
    if (!error)
        error = variables_add(sav);
    if (!error)
        error = readstat_begin_writing_sav(sav->writer, sav, rows);
    if (!error)
        error = rows_write(sav);
    return error ? error : readstat_end_writing(sav->writer);
}

/* ReadStat writes the month of the file's date in the language of the locale, and SPSS reads
 * English only. */
static readstat_error_t write_in_english(Sav *sav)
{
    locale_t english = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = uselocale(english);
    readstat_error_t error = write_all(sav);
    uselocale(before);
    freelocale(english);
    return error;
}

bool export_sav(const ExportJob *job, FILE *out, GError **error)
{
    size_t n = export_table_columns(job->table);
    Sav sav = {.job = job,
               .out = out,
               .writer = readstat_writer_init(),
               .variables = g_new0(readstat_variable_t *, n),
               .widths = g_new0(size_t, n),
               .names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
               .labels = g_hash_table_new(NULL, NULL),
               .scratch = g_string_new(NULL)};
    readstat_error_t fault = write_in_english(&sav);
    /* A full disk is the stream's to tell. */
    if (fault && !ferror(out))
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT,
                    "the data set does not fit an SPSS file: %s; use another format",
                    readstat_error_message(fault));
    readstat_writer_free(sav.writer);
    g_free(sav.variables);
    g_free(sav.widths);
    g_hash_table_unref(sav.names);
    g_hash_table_unref(sav.labels);
    g_string_free(sav.scratch, TRUE);
    return !fault || ferror(out);
}
