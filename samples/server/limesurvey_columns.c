#include "samples/server/limesurvey.h"

#include <string.h>

/* The columns of a survey's table, and the field map that tells what they are. */

static const struct {
    const char *name, *title; /* the title by form-systems.md 1.5; only the first is given there */
} SYSTEM_COLUMNS[LIME_N] = {
    [LIME_ID] = {"id", "Svar-ID"},
    /* not supported by a recorded reply: the titles from here on */
    [LIME_SUBMITDATE] = {"submitdate", "Dato sendt"},
    [LIME_LASTPAGE] = {"lastpage", "Siste side"},
    [LIME_LANGUAGE] = {"startlanguage", "Startspråk"},
    [LIME_SEED] = {"seed", "Frø"},
    [LIME_TOKEN] = {"token", "Tilgangskode"},
    [LIME_STARTDATE] = {"startdate", "Dato startet"},
    [LIME_DATESTAMP] = {"datestamp", "Dato for siste handling"},
};

void lime_column_free(gpointer data)
{
    LimeColumn *column = data;
    g_free(column->field);
    g_free(column->heading);
    g_free(column);
}

static bool has_system_column(const Form *form, LimeSystemColumn column)
{
    switch (column) {
    case LIME_TOKEN:
        return !form->anonymized && form->participants != NULL;
    case LIME_STARTDATE:
    case LIME_DATESTAMP:
        return form->datestamp;
    default:
        return true;
    }
}

/* not supported by a recorded reply: version 7's names beyond Q<qid> and _Cfilecount. */
static char *field_of_v7(const FormCell *cell)
{
    GString *name = g_string_new(NULL);
    g_string_append_printf(name, "Q%" G_GINT64_FORMAT, cell->question->qid);
    if (cell->row != NULL) {
        g_string_append_printf(name, "_S%" G_GINT64_FORMAT, cell->row->qid);
    }
    if (cell->column != NULL) {
        g_string_append_printf(name, "_S%" G_GINT64_FORMAT, cell->column->qid);
    }
    switch (cell->part) {
    case FORM_VALUE:
        break;
    case FORM_OTHER:
        g_string_append(name, "_Cother");
        break;
    case FORM_COMMENT:
        g_string_append(name,
                        strcmp(cell->field, "othercomment") == 0 ? "_Cothercomment" : "_Ccomment");
        break;
    case FORM_RANK:
        g_string_append_printf(name, "_R%d", cell->number);
        break;
    case FORM_SCALE:
        g_string_append_printf(name, "#%d", cell->number);
        break;
    case FORM_FILE_COUNT:
        g_string_append(name, "_Cfilecount");
        break;
    }
    return g_string_free(name, FALSE);
}

static char *field_of(const LimeCall *call, const Form *form, const FormCell *cell)
{
    if (call->faults->of[FAULT_V7] != NULL) {
        return field_of_v7(cell);
    }
    return g_strdup_printf("%" G_GINT64_FORMAT "X%" G_GINT64_FORMAT "X%" G_GINT64_FORMAT "%s",
                           form->sid, cell->question->gid, cell->question->qid, cell->field);
}

/* not supported by a recorded reply: the headings «full» and «abbreviated». */
static char *heading_of(const FormCell *cell, const char *style)
{
    if (g_strcmp0(style, "full") != 0 && g_strcmp0(style, "abbreviated") != 0) {
        return g_strdup(cell->heading);
    }
    const char *row = cell->row == NULL ? "" : cell->row->text;
    g_autofree char *whole = *row == '\0' ? g_strdup(cell->question->text)
                                          : g_strdup_printf("%s [%s]", cell->question->text, row);
    return g_utf8_substring(whole, 0,
                            MIN(g_utf8_strlen(whole, -1), *style == 'a' ? 15 : G_MAXINT16));
}

LimeColumn *lime_column_new(LimeSystemColumn system, guint cell, char *field, char *heading)
{
    LimeColumn *column = g_new(LimeColumn, 1);
    *column = (LimeColumn){.system = system, .cell = cell, .field = field, .heading = heading};
    return column;
}

GPtrArray *lime_columns(const LimeCall *call, const Form *form, const char *style)
{
    GPtrArray *columns = g_ptr_array_new_with_free_func(lime_column_free);
    for (LimeSystemColumn i = 0; i < LIME_N; i++) {
        if (has_system_column(form, i)) {
            const char *name = SYSTEM_COLUMNS[i].name;
            g_ptr_array_add(columns, lime_column_new(i, 0, g_strdup(name), g_strdup(name)));
        }
    }
    for (guint i = 0; i < form->cells->len; i++) {
        const FormCell *cell = form->cells->pdata[i];
        g_ptr_array_add(columns, lime_column_new(LIME_N, i, field_of(call, form, cell),
                                                 heading_of(cell, style)));
    }
    return columns;
}

static void put_text(json_object *object, const char *key, const char *text)
{
    json_object_object_add(object, key, json_object_new_string(text));
}

static void put_id(json_object *object, const char *key, gint64 id)
{
    char text[24];
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, id);
    put_text(object, key, text);
}

static json_object *field_new(const Form *form, const char *field, const char *type)
{
    json_object *entry = json_object_new_object();
    put_text(entry, "fieldname", field);
    put_text(entry, "type", type);
    json_object_object_add(entry, "sid", json_object_new_int64(form->sid));
    return entry;
}

static json_object *system_field(const Form *form, LimeSystemColumn column)
{
    const char *name = SYSTEM_COLUMNS[column].name;
    json_object *entry = field_new(form, name, name);
    put_text(entry, "gid", "");
    put_text(entry, "qid", "");
    put_text(entry, "aid", "");
    put_text(entry, "title", "");
    put_text(entry, "question", SYSTEM_COLUMNS[column].title);
    put_text(entry, "group_name", "");
    return entry;
}

/* not supported by a recorded reply: what stands for `subquestion` where a column is no
 * subquestion's, and the names of the two scales. */
static void put_row(json_object *entry, const FormCell *cell)
{
    g_autofree char *rank = g_strdup_printf("Plass %d", cell->number);
    if (cell->column != NULL) {
        put_text(entry, "subquestion1", cell->row->text);
        put_text(entry, "subquestion2", cell->column->text);
    } else if (cell->row != NULL) {
        put_text(entry, "subquestion", cell->row->text);
    } else if (cell->part != FORM_VALUE) {
        put_text(entry, "subquestion",
                 cell->part == FORM_OTHER     ? "Annet"
                 : cell->part == FORM_COMMENT ? "Kommentar"
                 : cell->part == FORM_RANK    ? rank
                                              : "Antall filer");
    }
    if (cell->part == FORM_SCALE) {
        put_text(entry, "scale", cell->number == 0 ? "Skala 1" : "Skala 2");
    }
}

static const char *group_name(const Form *form, gint64 gid)
{
    for (guint i = 0; i < form->groups->len; i++) {
        const FormGroup *group = form->groups->pdata[i];
        if (group->gid == gid) {
            return group->name;
        }
    }
    return "";
}

static json_object *cell_field(const Form *form, const FormCell *cell, const char *field)
{
    const char letter[] = {cell->question->type, '\0'};
    json_object *entry = field_new(form, field, letter);
    put_id(entry, "gid", cell->question->gid);
    put_id(entry, "qid", cell->question->qid);
    put_text(entry, "aid",
             cell->part == FORM_SCALE        ? cell->row->code
             : cell->part == FORM_FILE_COUNT ? "filecount"
                                             : cell->field);
    put_text(entry, "title", cell->question->code);
    put_text(entry, "question", cell->question->text);
    put_row(entry, cell);
    put_text(entry, "group_name", group_name(form, cell->question->gid));
    if (cell->part == FORM_SCALE) {
        json_object_object_add(entry, "scale_id", json_object_new_int(cell->number));
    } else if (cell->row != NULL) {
        put_id(entry, "scale_id", cell->row->scale);
    }
    put_text(entry, "mandatory", cell->question->mandatory);
    put_text(entry, "relevance", "1");
    return entry;
}

json_object *lime_get_fieldmap(LimeCall *call)
{
    json_object *status = NULL;
    const Form *form = lime_survey(call, &status);
    if (form == NULL) {
        return status;
    }
    const char *language = lime_text(call, 2);
    if (language != NULL && !lime_speaks(form, language)) {
        return lime_status(call, "Error: Invalid language");
    }
    json_object *map = json_object_new_object();
    g_autoptr(GPtrArray) columns = lime_columns(call, form, "code");
    for (guint i = 0; i < columns->len; i++) {
        const LimeColumn *column = columns->pdata[i];
        json_object_object_add(
            map, column->field,
            column->system != LIME_N
                ? system_field(form, column->system)
                : cell_field(form, form->cells->pdata[column->cell], column->field));
    }
    return map;
}
