#include "analyze/export.h"

#include "schemas/instant.h"

#include <string.h>

typedef struct {
    char separator;
    const char *mark; /* before the first byte */
} CsvStyle;

/* A spreadsheet takes a text that begins so for a formula; an apostrophe makes it text again. */
static bool is_active(const char *text)
{
    return *text && strchr("=+-@\t\r", *text);
}

static void put_text(FILE *out, const CsvStyle *style, const char *text)
{
    const char special[] = {style->separator, '"', '\r', '\n', '\0'};
    bool quoted = strpbrk(text, special);
    if (quoted)
        fputc('"', out);
    if (is_active(text))
        fputc('\'', out);
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            fputc('"', out);
        fputc(*p, out);
    }
    if (quoted)
        fputc('"', out);
}

static void put_cell(FILE *out, const CsvStyle *style, ExportType type, const ExportCell *cell)
{
    switch (type) {
    case EXPORT_TEXT:
        if (cell->text)
            put_text(out, style, cell->text);
        break;
    case EXPORT_STEP:
        if (cell->step > 0)
            fprintf(out, "%d", cell->step);
        break;
    case EXPORT_TIME: {
        g_autofree char *time = instant_iso(cell->time);
        fputs(time ? time : "", out);
        break;
    }
    }
}

static bool write_csv(const ExportJob *job, FILE *out, CsvStyle style)
{
    size_t n = export_table_columns(job->table);
    uint32_t record;
    fputs(style.mark, out);
    for (size_t i = 0; i < n; i++) {
        put_text(out, &style, export_table_column(job->table, i)->name);
        fputs(i + 1 < n ? (char[]){style.separator, '\0'} : "\r\n", out);
    }
    for (const ExportCell *cells; (cells = export_table_next(job->table, &record));)
        for (size_t i = 0; i < n; i++) {
            put_cell(out, &style, export_table_column(job->table, i)->type, &cells[i]);
            fputs(i + 1 < n ? (char[]){style.separator, '\0'} : "\r\n", out);
        }
    return true;
}

bool export_csv(const ExportJob *job, FILE *out, GError **error)
{
    (void)error;
    return write_csv(job, out, (CsvStyle){.separator = ',', .mark = ""});
}

/* As Norwegian Excel opens it right: the byte order mark says UTF-8, and the comma is taken. */
bool export_csv_excel(const ExportJob *job, FILE *out, GError **error)
{
    (void)error;
    return write_csv(job, out, (CsvStyle){.separator = ';', .mark = "\xEF\xBB\xBF"});
}
