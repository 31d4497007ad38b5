#include "analyze/export.h"

#include "schemas/error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

static const ExportFormat formats[] = {
    {"csv", "RFC 4180: UTF-8, commas; for R, Stata, Power BI", false, false, export_csv},
    {"csv-excel", "as Norwegian Excel opens it: semicolons, byte order mark", false, false,
     export_csv_excel},
    {"json", "an array of objects, each response with its statements", false, true, export_json},
    {"ndjson", "the same, one object a line", false, true, export_ndjson},
    {"sav", "SPSS, with labels of variables and values (needs -o)", true, false, export_sav},
};

const ExportFormat *export_formats(size_t *ret_n)
{
    *ret_n = G_N_ELEMENTS(formats);
    return formats;
}

const ExportFormat *export_format(const char *word)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if (!g_strcmp0(formats[i].word, word))
            return &formats[i];
    return NULL;
}

static bool refuse(const char *path, int cause, GError **error)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                "%s: cannot be written: %s; nothing was changed", path, g_strerror(cause));
    return false;
}

/* True when every byte has left; `sync`: and lies on the disk. */
static bool flushed(FILE *out, bool sync)
{
    return fflush(out) == 0 && !ferror(out) && (!sync || fsync(fileno(out)) == 0);
}

static bool write_out(const ExportJob *job, const ExportFormat *format, GError **error)
{
    if (!format->write(job, stdout, error))
        return false;
    errno = 0;
    if (flushed(stdout, false))
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_SYSTEM,
                "standard output cannot be written: %s; what came out is not the whole",
                g_strerror(errno ? errno : EIO));
    return false;
}

static bool write_file(const ExportJob *job, const ExportFormat *format, const char *path,
                       GError **error)
{
    g_autofree char *beside = g_strconcat(path, ".part", NULL);
    FILE *out = g_fopen(beside, "wbe");
    if (!out)
        return refuse(path, errno, error);
    bool written = format->write(job, out, error);
    errno = 0;
    bool whole = written && flushed(out, true);
    int cause = errno ? errno : EIO;
    if (fclose(out) != 0 && whole) {
        whole = false;
        cause = errno;
    }
    if (whole && g_rename(beside, path) == 0)
        return true;
    if (whole)
        cause = errno;
    g_unlink(beside);
    return written && refuse(path, cause, error);
}

bool export_write(const Dataset *data, const ProjectKey *key, const ExportOptions *options,
                  const ExportFormat *format, const char *path, ExportCounts *ret, GError **error)
{
    ExportOptions inner = *options;
    inner.what = EXPORT_STATEMENTS;
    bool nesting = format->nests && options->what == EXPORT_RESPONSES;
    g_autoptr(ExportTable) table = export_table_new(data, key, options, error);
    g_autoptr(ExportTable) statements =
        table && nesting ? export_table_new(data, key, &inner, error) : NULL;
    if (!table || (nesting && !statements))
        return false;
    ExportCounts counts = {.rows = export_table_rows(table),
                           .columns = export_table_columns(table)};
    ExportJob job = {.data = data,
                     .language = options->language,
                     .table = table,
                     .statements = statements,
                     .cut = &counts.cut};
    if (!(path ? write_file(&job, format, path, error) : write_out(&job, format, error)))
        return false;
    *ret = counts;
    return true;
}
