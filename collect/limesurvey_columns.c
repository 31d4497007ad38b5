#include "collect/limesurvey_columns.h"

#include "collect/limesurvey_session.h"

static const char *const system_headings[N_SYSTEM_COLUMNS] = {
    [COLUMN_ID] = "id",
    [COLUMN_SUBMITDATE] = "submitdate",
    [COLUMN_DATESTAMP] = "datestamp",
    [COLUMN_LANGUAGE] = "startlanguage",
    [COLUMN_STARTDATE] = "startdate",
    [COLUMN_SEED] = "seed",
};

/* Columns that are no question's, yet may be mapped. */
static const char *const mappable[] = {"id",        "submitdate", "lastpage", "startlanguage",
                                       "startdate", "datestamp",  "seed",     "token",
                                       "ipaddr",    "refurl"};

static bool find_heading(const LsColumns *columns, const char *heading, guint *ret)
{
    for (guint i = 0; i < columns->headings->len; i++)
        if (g_str_equal(g_ptr_array_index(columns->headings, i), heading)) {
            *ret = i;
            return true;
        }
    return false;
}

/* Makes the heading an answer, once. */
static void add_column(LsColumns *columns, const Form *form, const char *heading)
{
    guint cell;
    if (!find_heading(columns, heading, &cell)) {
        cell = columns->headings->len;
        g_ptr_array_add(columns->headings, g_strdup(heading));
    }
    for (guint i = 0; i < columns->columns->len; i++)
        if (g_array_index(columns->columns, LsColumn, i).cell == cell)
            return;
    const FormQuestion *question = form_find(form, heading);
    LsColumn column = {.heading = g_ptr_array_index(columns->headings, cell),
                       .cell = cell,
                       .tick = question && question->kind == FORM_MULTI};
    g_array_append_val(columns->columns, column);
}

static void add_mapped(LsColumns *columns, const Source *source, const Form *form)
{
    for (guint i = 0; i < form->questions->len; i++) {
        const FormQuestion *question = g_ptr_array_index(form->questions, i);
        if (source_wants(source, question->name))
            add_column(columns, form, question->name);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(mappable); i++)
        if (source_wants(source, mappable[i]))
            add_column(columns, form, mappable[i]);
}

/* The heading `code` that the export gives to an entry of the field map. Caller owns. */
static char *entry_heading(const char *field, json_object *entry)
{
    const char *title = ls_member(entry, "title"), *sub = ls_member(entry, "aid");
    const char *scale = ls_member(entry, "scale"), *scale_id = ls_member(entry, "scale_id");
    if (!title || !*title)
        return g_strdup(field);
    GString *heading = g_string_new(title);
    if (sub && *sub)
        g_string_append_printf(heading, "[%s]", sub);
    if (scale && *scale && scale_id)
        g_string_append_printf(heading, "[%d]", (int)g_ascii_strtoll(scale_id, NULL, 10) + 1);
    return g_string_free(heading, FALSE);
}

static void add_field(json_object **list, const char *field)
{
    if (!*list)
        *list = json_object_new_array();
    json_object_array_add(*list, json_object_new_string(field));
}

static void add_entry(LsColumns *columns, const Source *source, const Form *form, const char *field,
                      json_object *entry)
{
    g_autofree char *heading = entry_heading(field, entry);
    guint cell;
    bool known = find_heading(columns, heading, &cell) && cell < N_SYSTEM_COLUMNS;
    if (known && (cell == COLUMN_ID || cell == COLUMN_SUBMITDATE || cell == COLUMN_DATESTAMP))
        add_field(&columns->index_fields, field);
    if (known && (cell == COLUMN_STARTDATE || cell == COLUMN_SEED))
        add_field(&columns->witness_fields, field);
    bool wanted = source_wants(source, heading);
    if (wanted)
        add_column(columns, form, heading);
    if (wanted || (known && cell <= COLUMN_LANGUAGE))
        add_field(&columns->fields, field);
}

static void add_fieldmap(LsColumns *columns, const Source *source, const Form *form,
                         json_object *fieldmap)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    json_object_object_foreach(fieldmap, field, entry)
    {
        char *heading = entry_heading(field, entry);
        if (!columns->repeated && g_hash_table_contains(seen, heading))
            columns->repeated = g_strdup(heading);
        g_hash_table_add(seen, heading);
        add_entry(columns, source, form, field, entry);
    }
    if (columns->witness_fields)
        add_field(&columns->witness_fields, "id");
}

LsColumns *ls_columns_new(const Source *source, const Form *form, json_object *fieldmap,
                          bool stamped)
{
    LsColumns *columns = g_new0(LsColumns, 1);
    columns->headings = g_ptr_array_new_with_free_func(g_free);
    columns->columns = g_array_new(FALSE, FALSE, sizeof(LsColumn));
    for (size_t i = 0; i < N_SYSTEM_COLUMNS; i++)
        g_ptr_array_add(columns->headings, g_strdup(system_headings[i]));
    add_mapped(columns, source, form);
    if (fieldmap)
        add_fieldmap(columns, source, form, fieldmap);
    if (!columns->index_fields) {
        add_field(&columns->index_fields, "id");
        add_field(&columns->index_fields, "submitdate");
        if (stamped)
            add_field(&columns->index_fields, "datestamp");
    }
    g_ptr_array_add(columns->headings, NULL);
    return columns;
}

void ls_columns_free(LsColumns *columns)
{
    if (!columns)
        return;
    g_ptr_array_unref(columns->headings);
    g_array_unref(columns->columns);
    json_object_put(columns->fields);
    json_object_put(columns->index_fields);
    json_object_put(columns->witness_fields);
    g_free(columns->repeated);
    g_free(columns);
}
