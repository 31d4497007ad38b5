#include "analyze/export.h"

#include "schemas/instant.h"

#include <json-c/json.h>

/* Statements in step with the responses they belong to. */
typedef struct {
    ExportTable *table;
    const ExportCell *cells; /* of the next statement; NULL: no more */
    uint32_t record;
} Inner;

static json_object *cell_value(ExportType type, const ExportCell *cell)
{
    switch (type) {
    case EXPORT_TEXT:
        return cell->text ? json_object_new_string(cell->text) : NULL;
    case EXPORT_STEP:
        return cell->step > 0 ? json_object_new_int(cell->step) : NULL;
    case EXPORT_TIME: {
        g_autofree char *time = instant_iso(cell->time);
        return time ? json_object_new_string(time) : NULL;
    }
    }
    return NULL;
}

static json_object *row_object(const ExportTable *table, const ExportCell *cells, bool inner)
{
    json_object *row = json_object_new_object();
    for (size_t i = 0; i < export_table_columns(table); i++) {
        const ExportColumn *column = export_table_column(table, i);
        if (!inner || !column->repeats_response)
            json_object_object_add_ex(row, column->name, cell_value(column->type, &cells[i]),
                                      JSON_C_OBJECT_ADD_KEY_IS_NEW |
                                          JSON_C_OBJECT_ADD_CONSTANT_KEY);
    }
    return row;
}

static json_object *inner_array(Inner *inner, uint32_t record)
{
    json_object *array = json_object_new_array();
    for (; inner->cells && inner->record == record;
         inner->cells = export_table_next(inner->table, &inner->record))
        json_object_array_add(array, row_object(inner->table, inner->cells, true));
    return array;
}

static void write_rows(const ExportJob *job, FILE *out, const char *between)
{
    Inner inner = {.table = job->statements};
    if (inner.table)
        inner.cells = export_table_next(inner.table, &inner.record);
    uint32_t record;
    const char *before = "";
    for (const ExportCell *cells; (cells = export_table_next(job->table, &record));) {
        json_object *row = row_object(job->table, cells, false);
        if (inner.table)
            json_object_object_add(row, "statements", inner_array(&inner, record));
        fputs(before, out);
        fputs(json_object_to_json_string_ext(row, JSON_C_TO_STRING_PLAIN |
                                                      JSON_C_TO_STRING_NOSLASHESCAPE),
              out);
        json_object_put(row);
        before = between;
    }
}

bool export_json(const ExportJob *job, FILE *out, GError **error)
{
    (void)error;
    fputs("[\n", out);
    write_rows(job, out, ",\n");
    fputs("\n]\n", out);
    return true;
}

bool export_ndjson(const ExportJob *job, FILE *out, GError **error)
{
    (void)error;
    write_rows(job, out, "\n");
    if (export_table_rows(job->table))
        fputc('\n', out);
    return true;
}
