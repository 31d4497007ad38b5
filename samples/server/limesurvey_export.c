#include "samples/server/limesurvey.h"

#include "samples/server/journal.h"
#include "samples/server/php.h"

#include <string.h>

/* What was answered: the export, counts and ids. */

/* Only the columns named in fields (names of the field map), in its order. Takes over all. */
static GPtrArray *select_columns(GPtrArray *all, json_object *fields)
{
    if (!json_object_is_type(fields, json_type_array)) {
        return all;
    }
    GPtrArray *some = g_ptr_array_new_with_free_func(lime_column_free);
    for (size_t i = 0; i < json_object_array_length(fields); i++) {
        const char *name = json_object_get_string(json_object_array_get_idx(fields, i));
        for (guint j = 0; j < all->len; j++) {
            const LimeColumn *column = all->pdata[j];
            if (g_strcmp0(column->field, name) == 0) {
                g_ptr_array_add(some, lime_column_new(column->system, column->cell,
                                                      g_strdup(column->field),
                                                      g_strdup(column->heading)));
            }
        }
    }
    g_ptr_array_unref(all);
    return some;
}

/* PHP keys a row by heading, so of equal headings the last value stands in the first place. */
static void merge_headings(GPtrArray *columns)
{
    for (guint i = 0; i < columns->len; i++) {
        LimeColumn *first = columns->pdata[i];
        for (guint j = i + 1; j < columns->len;) {
            const LimeColumn *later = columns->pdata[j];
            if (strcmp(first->heading, later->heading) != 0) {
                j++;
                continue;
            }
            first->system = later->system;
            first->cell = later->cell;
            g_ptr_array_remove_index(columns, j);
        }
    }
}

/* A column's value as a text, NULL for none; id and lastpage are numbers and not asked for here. */
static const char *value_of(const Form *form, const FormResponse *response,
                            const LimeColumn *column)
{
    switch (column->system) {
    case LIME_SUBMITDATE: /* a survey that does not stamp dates only marks that it was sent */
        return response->submitdate == NULL || form->datestamp ? response->submitdate
                                                               : "1980-01-01 00:00:00";
    case LIME_LANGUAGE:
        return response->startlanguage;
    case LIME_SEED:
        return response->seed;
    case LIME_TOKEN:
        return response->token;
    case LIME_STARTDATE:
        return response->startdate;
    case LIME_DATESTAMP:
        return response->datestamp;
    default:
        return response->cells[column->cell];
    }
}

/* not supported by a recorded reply: the words that «long» answers have for these codes. */
static const char *fixed_label(const char *code)
{
    static const struct {
        const char *code, *label;
    } LABELS[] = {{"-oth-", "Annet"}, {"Y", "Ja"}, {"N", "Nei"}, {"U", "Usikker"}};
    for (size_t i = 0; i < G_N_ELEMENTS(LABELS); i++) {
        if (strcmp(LABELS[i].code, code) == 0) {
            return LABELS[i].label;
        }
    }
    return "";
}

/* The label of an option; unknown codes become empty (form-systems.md 1.6). Free text stays. */
static const char *long_value(const FormCell *cell, const char *code)
{
    const bool coded = strchr("L!OFH1RYCEGMP", cell->question->type) != NULL &&
                       cell->part != FORM_OTHER && cell->part != FORM_COMMENT;
    if (code == NULL || *code == '\0' || !coded) {
        return code;
    }
    for (guint i = 0; i < cell->question->options->len; i++) {
        const FormOption *option = cell->question->options->pdata[i];
        if (strcmp(option->code, code) == 0 &&
            option->scale == (cell->part == FORM_SCALE ? cell->number : 0)) {
            return option->text;
        }
    }
    return fixed_label(code);
}

/* One export: what was asked for, and what it is made of. */
typedef struct {
    const LimeCall *call;
    const Form *form;
    GPtrArray *columns;
    GPtrArray *keys; /* the headings as JSON texts with their colon */
    bool labels;
    gint64 from, to;
    const char *completion;
    gint64 rows;
} Export;

static const char *export_value(const Export *export, const FormResponse *response,
                                const LimeColumn *column)
{
    const char *value = value_of(export->form, response, column);
    return export->labels && column->system == LIME_N
               ? long_value(export->form->cells->pdata[column->cell], value)
               : value;
}

static bool is_asked_for(const Export *export, const FormResponse *response)
{
    if (g_strcmp0(export->completion, "complete") == 0) {
        return response->submitdate != NULL;
    }
    if (g_strcmp0(export->completion, "incomplete") == 0) {
        return response->submitdate == NULL;
    }
    return true;
}

/* The next response that is asked for, from *from on, which moves behind it. NULL at the end. */
static FormResponse *next_response(const Export *export, gint64 *from)
{
    FormResponse *response;
    while ((response = form_next(export->form, *from, export->to)) != NULL) {
        *from = response->id + 1;
        if (is_asked_for(export, response)) {
            return response;
        }
        form_response_unref(response);
    }
    return NULL;
}

static void append_number(const Export *export, GString *out, gint64 number)
{
    const char *format = export->call->faults->of[FAULT_STRING_IDS] == NULL ? "%" G_GINT64_FORMAT
                                                                            : "\"%" G_GINT64_FORMAT
                                                                              "\"";
    g_string_append_printf(out, format, number);
}

static bool append_value(const Export *export, const FormResponse *response,
                         const LimeColumn *column, GString *out)
{
    if (column->system == LIME_ID) {
        append_number(export, out, response->id);
        return true;
    }
    if (column->system == LIME_LASTPAGE && response->lastpage >= 0) {
        append_number(export, out, response->lastpage);
        return true;
    }
    if (column->system == LIME_LASTPAGE) {
        g_string_append(out, "null");
        return true;
    }
    return php_append_text(out, export_value(export, response, column));
}

/* Whether a fault that spoils one response means this one. */
static bool is_meant(const Export *export, FaultKind kind, const FormResponse *response)
{
    const Fault *fault = export->call->faults->of[kind];
    return fault != NULL &&
           (*fault->value == '\0' ? export->rows == 0
                                  : fault_number(fault, 0, G_MAXINT64) == response->id);
}

/* {"heading":value,…}. A text that is not UTF-8 leaves nothing of the response, which is how
 * json_encode() fails. */
static void append_object(const Export *export, const FormResponse *response, GString *out)
{
    const gsize start = out->len;
    g_string_append_c(out, '{');
    for (guint i = 0; i < export->columns->len; i++) {
        if (i > 0) {
            g_string_append_c(out, ',');
        }
        g_string_append(out, export->keys->pdata[i]);
        const bool last = i + 1 == export->columns->len;
        if (last && is_meant(export, FAULT_ODD_ANSWER, response)) {
            g_string_append(out, "{\"0\":[\"?\"]}");
        } else if (last && is_meant(export, FAULT_LATIN1, response)) {
            g_string_append(out, "\"bl\xe5"
                                 "b\xe6r og s\xf8t\"");
        } else if (!append_value(export, response, export->columns->pdata[i], out)) {
            g_string_truncate(out, start);
            return;
        }
    }
    g_string_append_c(out, '}');
}

static void append_row(const Export *export, const FormResponse *response, GString *out)
{
    if (is_meant(export, FAULT_EMPTY_ROW, response)) {
        return;
    }
    if (is_meant(export, FAULT_ODD_ROW, response)) {
        g_string_append(out, "\"?\"");
        return;
    }
    const bool wrapped = export->call->faults->of[FAULT_WRAPPED] != NULL;
    if (wrapped) {
        g_string_append_printf(out, "{\"%" G_GINT64_FORMAT "\":", response->id);
    }
    append_object(export, response, out);
    if (wrapped) {
        g_string_append_c(out, '}');
    }
}

static void write_json(Export *export, GString *out)
{
    export->keys = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < export->columns->len; i++) {
        GString *key = g_string_new(NULL);
        php_append_text(key, ((const LimeColumn *)export->columns->pdata[i])->heading);
        g_string_append_c(key, ':');
        g_ptr_array_add(export->keys, g_string_free(key, FALSE));
    }
    g_string_append(out, "{\"responses\": [");
    const Fault *deep = export->call->faults->of[FAULT_DEEP_EXPORT];
    if (deep != NULL) {
        lime_append_nested(out, deep);
    }
    gint64 from = export->from;
    FormResponse *response;
    while (deep == NULL && (response = next_response(export, &from)) != NULL) {
        if (export->rows > 0) {
            g_string_append_c(out, ',');
        }
        append_row(export, response, out);
        form_response_unref(response);
        export->rows++;
    }
    if (export->rows == 0 && export->call->faults->of[FAULT_ZERO_RECORD] != NULL) {
        for (guint i = 0; i < export->columns->len; i++) {
            g_string_append(out, i == 0 ? "{" : ",");
            g_string_append(out, export->keys->pdata[i]);
            g_string_append(out, "\"\"");
        }
        g_string_append_c(out, '}');
    }
    g_string_append(out, "]}");
    g_ptr_array_unref(export->keys);
}

/* Quoted, quotes doubled, line breaks as LF. */
static void append_csv_cell(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *p = text == NULL ? "" : text; *p != '\0'; p++) {
        if (*p == '"') {
            g_string_append(out, "\"\"");
        } else if (*p != '\r') {
            g_string_append_c(out, *p);
        } else if (p[1] != '\n') {
            g_string_append_c(out, '\n');
        }
    }
    g_string_append_c(out, '"');
}

static void append_csv_value(const Export *export, const FormResponse *response,
                             const LimeColumn *column, GString *out)
{
    if (column->system != LIME_ID && column->system != LIME_LASTPAGE) {
        append_csv_cell(out, export_value(export, response, column));
        return;
    }
    const gint64 number = column->system == LIME_ID ? response->id : response->lastpage;
    char text[24] = "";
    if (number >= 0) {
        g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, number);
    }
    append_csv_cell(out, text);
}

/* not supported by a recorded reply: form-systems.md 1.6 describes the CSV in words. */
static void write_csv(Export *export, GString *out)
{
    const char separator = export->call->faults->of[FAULT_COMMA_CSV] == NULL ? ';' : ',';
    gint64 from = export->from;
    FormResponse *response;
    g_string_append(out, "\xef\xbb\xbf");
    while ((response = next_response(export, &from)) != NULL) {
        for (guint i = 0; export->rows == 0 && i < export->columns->len; i++) {
            append_csv_cell(out, ((const LimeColumn *)export->columns->pdata[i])->heading);
            g_string_append(out, i + 1 == export->columns->len ? "\r\n" : (char[]){separator, 0});
        }
        for (guint i = 0; i < export->columns->len; i++) {
            append_csv_value(export, response, export->columns->pdata[i], out);
            g_string_append(out, i + 1 == export->columns->len ? "\r\n" : (char[]){separator, 0});
        }
        form_response_unref(response);
        export->rows++;
    }
    g_string_append(out, "\r\n");
}

/* Sets the call's file to text in base64 and keeps it for the fault that repeats it. */
static void deliver(LimeCall *call, GString *text)
{
    Site *site = call->site;
    if (call->faults->of[FAULT_REPLACE] != NULL) {
        fault_replace(call->faults->of[FAULT_REPLACE], text);
    }
    const bool again = call->faults->of[FAULT_DUPLICATE] != NULL && site->last_export != NULL;
    if (!again) {
        g_free(site->last_export);
        site->last_export = g_base64_encode((const guchar *)text->str, text->len);
    }
    call->file = g_string_new(site->last_export);
}

static const char *status_before_export(const LimeCall *call, const Form *form)
{
    if (!form->active) {
        return "No Data, survey table does not exist.";
    }
    g_autoptr(FormResponse) any = form_next(form, 1, G_MAXINT64);
    const FaultSet *faults = call->faults;
    const bool another_shape =
        faults->of[FAULT_ZERO_LIST] != NULL || faults->of[FAULT_ZERO_RECORD] != NULL;
    if (faults->of[FAULT_ZERO_STATUS] != NULL || (any == NULL && !another_shape)) {
        return "No Data, could not get max id.";
    }
    const char *language = lime_text(call, 3);
    if (language != NULL && *language != '\0' && !lime_speaks(form, language)) {
        return "Language code not found for this survey.";
    }
    return NULL;
}

static Export export_open(const LimeCall *call, const Form *form)
{
    const bool zero =
        call->faults->of[FAULT_ZERO_LIST] != NULL || call->faults->of[FAULT_ZERO_RECORD] != NULL;
    const gint64 to = lime_number(call, 8, 0);
    json_object *fields = json_object_array_length(call->params) > 9
                              ? json_object_array_get_idx(call->params, 9)
                              : NULL;
    return (Export){
        .call = call,
        .form = form,
        .columns = select_columns(lime_columns(call, form, lime_text(call, 5)), fields),
        .labels = g_strcmp0(lime_text(call, 6), "long") == 0,
        .completion = lime_text(call, 4),
        .from = MAX(lime_number(call, 7, 1), 1),
        .to = zero ? 0 : (to > 0 ? to : G_MAXINT64),
    };
}

json_object *lime_export_responses(LimeCall *call)
{
    json_object *status = NULL;
    const Form *form = lime_survey(call, &status);
    if (form == NULL) {
        return status;
    }
    const char *text = status_before_export(call, form);
    if (text != NULL) {
        return lime_status(call, text);
    }
    const char *type = lime_text(call, 2);
    const bool csv = g_strcmp0(type, "csv") == 0;
    if (!csv && g_strcmp0(type, "json") != 0) {
        /* not supported by a recorded reply: the words; form-systems.md 1.2 gives their sense. */
        call->thrown = "A writer for this export type must implement the writer interface.";
        return NULL;
    }
    Export export = export_open(call, form);
    if (export.columns->len == 0) {
        call->died = "At least one column must be selected for export.";
    } else {
        merge_headings(export.columns);
        GString *out = g_string_new(NULL);
        (csv ? write_csv : write_json)(&export, out);
        journal_export(call->site->journal, export.from, lime_number(call, 8, 0), export.rows);
        deliver(call, out);
        g_string_free(out, TRUE);
    }
    g_ptr_array_unref(export.columns);
    return NULL;
}

json_object *lime_get_summary(LimeCall *call)
{
    const Form *form = site_form(call->site, LIMESURVEY.name, lime_number(call, 1, 0));
    if (form == NULL) {
        return lime_status(call, "Invalid surveyid");
    }
    /* not supported by a recorded reply: the participants' counts beside their number */
    static const char *const KEYS[] = {
        "completed_responses", "incomplete_responses", "full_responses",
        "token_count",         "token_invalid",        "token_sent",
        "token_opted_out",     "token_completed",      "token_screenout"};
    gint64 values[G_N_ELEMENTS(KEYS)] = {0};
    form_count(form, &values[0], &values[1]);
    values[2] = values[0] + values[1];
    values[3] =
        form->participants == NULL ? 0 : (gint64)json_object_array_length(form->participants);
    const char *asked = lime_text(call, 2);
    const bool all = asked == NULL || strcmp(asked, "all") == 0;
    json_object *summary = json_object_new_object();
    for (size_t i = 0; i < G_N_ELEMENTS(KEYS); i++) {
        const bool available = i < 3 ? form->active : form->participants != NULL;
        if (!all && strcmp(asked, KEYS[i]) == 0) {
            json_object_put(summary);
            return available ? json_object_new_int64(values[i])
                             : lime_status(call, "No available data");
        }
        if (all && available) {
            json_object_object_add(summary, KEYS[i], json_object_new_int64(values[i]));
        }
    }
    if (!all) {
        json_object_put(summary);
        return lime_status(call, "Invalid summary key");
    }
    return lime_php_array(summary);
}

json_object *lime_get_response_ids(LimeCall *call)
{
    json_object *status = NULL;
    const Form *form = lime_survey(call, &status);
    if (form == NULL) {
        return status;
    }
    if (form->participants == NULL) {
        return lime_status(call, "Error: No survey participants table");
    }
    json_object *ids = json_object_new_array();
    const char *token = lime_text(call, 2);
    FormResponse *response;
    for (gint64 id = 1; (response = form_next(form, id, G_MAXINT64)) != NULL;) {
        id = response->id + 1;
        if (token != NULL && g_strcmp0(response->token, token) == 0) {
            json_object_array_add(ids, json_object_new_int64(response->id));
        }
        form_response_unref(response);
    }
    if (json_object_array_length(ids) == 0) {
        json_object_put(ids);
        return lime_status(call, "No Response found for Token");
    }
    return ids;
}
