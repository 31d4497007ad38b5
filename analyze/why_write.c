/* The answer of `why`, for people and for programs. */
#include "analyze/why.h"

#include "analyze/results_json.h"
#include "schemas/instant.h"

#include <string.h>

/* --- what both tell --- */

static const char *value_words(const Figure *figure, char *buffer, size_t n)
{
    switch (figure->kind) {
    case FIGURE_NUMBER:
        return g_ascii_dtostr(buffer, (int)n, figure->number);
    case FIGURE_COUNT:
        return g_ascii_formatd(buffer, (int)n, "%.0f", figure->number);
    case FIGURE_FLAG:
        return figure->number > 0 ? "yes" : "no";
    case FIGURE_TEXT:
        return *figure->text ? figure->text : "(empty)";
    case FIGURE_UNDEFINED:
        return "undefined";
    }
    g_return_val_if_reached("");
}

static double threshold_value(const Thresholds *thresholds, const char *key)
{
#define THRESHOLD(field, name, standard, low, high, section)                                       \
    if (g_str_equal(key, name))                                                                    \
        return thresholds->field;
#include "schemas/threshold.def"
#undef THRESHOLD
    g_return_val_if_reached(0);
}

/* «O3 O7»: the organisations a response speaks for, as sheet Utsagn numbers them. */
static char *organisations_of(const Dataset *data, const Record *record)
{
    GString *text = g_string_new(NULL);
    for (uint32_t v = 0; v < record->n_voices; v++) {
        const uint32_t unit = dataset_voice(data, record->first_voice + v)->unit;
        if (dataset_unit(data, unit)->named)
            g_string_append_printf(text, "%sO%u", text->len ? " " : "", unit + 1);
    }
    return g_string_free(text, FALSE);
}

/* When a pull was made; NULL when the store has forgotten it. */
static char *pull_time(Store *store, int64_t pull, GError **error)
{
    PullRecord *record = NULL;
    char *when = NULL;
    if (store_pull_record(store, pull, &record, error) && record) {
        when = instant_iso(record->started);
        pull_record_free(record);
    }
    return when;
}

/* Distinct pulls behind the records, ascending: id → time. */
static GPtrArray *pulls_of(const Why *why)
{
    g_autoptr(GHashTable) met = g_hash_table_new(g_int64_hash, g_int64_equal);
    GPtrArray *pulls = g_ptr_array_new();
    for (guint i = 0; i < why->records->len; i++) {
        const Record *record =
            dataset_record(why->results->data, g_array_index(why->records, uint32_t, i));
        if (g_hash_table_add(met, (gpointer)&record->pull))
            g_ptr_array_add(pulls, (gpointer)record);
    }
    return pulls;
}

/* --- for people ------------------------------------------------------------------------------ */

static void line(GString *out, const char *label, const char *format, ...) G_GNUC_PRINTF(3, 4);

static void line(GString *out, const char *label, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_string_append_printf(out, "  %-12s", label);
    g_string_append_vprintf(out, format, args);
    g_string_append_c(out, '\n');
    va_end(args);
}

static void tell_method(GString *out, const Why *why)
{
    const Project *project = why->results->project;
    const Method *method = why->method;
    if (!method)
        return;
    line(out, "method", "%s (methods.md %s; %s)", method->name, method->section, method->source);
    line(out, "", "%s", method->formula);
    GString *limits = g_string_new(NULL);
    for (char **key = method->thresholds; key && *key; key++) {
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_formatd(number, sizeof number, "%.6g", threshold_value(&project->thresholds, *key));
        g_string_append_printf(limits, "; %s %s", *key, number);
    }
    if (method->seeded)
        g_string_append_printf(limits, "; bootstrap %d; seed %" G_GUINT64_FORMAT,
                               project->bootstrap, project->seed);
    line(out, "parameters", "weight %s%s", weight_word(project->weight), limits->str);
    g_string_free(limits, TRUE);
}

static void tell_questions(GString *out, const Why *why)
{
    const char *label = "questions";
    for (guint i = 0; i < why->questions->len;) {
        const Source *source = g_array_index(why->questions, QuestionRef, i).source;
        GString *names = g_string_new(NULL);
        for (; i < why->questions->len; i++) {
            const QuestionRef *ref = &g_array_index(why->questions, QuestionRef, i);
            if (ref->source != source)
                break;
            g_string_append_printf(names, "%s%s", names->len ? ", " : "", ref->question);
        }
        line(out, label, "%s: %s", source->name, names->str);
        label = "";
        g_string_free(names, TRUE);
    }
}

static bool tell_pulls(GString *out, const Why *why, Store *store, GError **error)
{
    g_autoptr(GPtrArray) pulls = pulls_of(why);
    const char *label = "pulls";
    for (guint i = 0; i < pulls->len; i++) {
        const Record *record = pulls->pdata[i];
        GError *failure = NULL;
        g_autofree char *when = pull_time(store, record->pull, &failure);
        if (failure) {
            g_propagate_error(error, failure);
            return false;
        }
        line(out, label, "%" G_GINT64_FORMAT ": %s, %s", record->pull, record->source->name,
             when ? when : "time not known");
        label = "";
    }
    return true;
}

/* All figures of the family that was asked for. */
static void tell_family(GString *out, const Why *why)
{
    const char *label = "figures";
    const size_t n = (size_t)(strrchr(why->figure->key, '/') - why->figure->key) + 1;
    for (guint i = 0; i < why->results->figures->len; i++) {
        const Figure *figure = &g_array_index(why->results->figures, Figure, i);
        char number[G_ASCII_DTOSTR_BUF_SIZE];
        if (strncmp(figure->key, why->figure->key, n) != 0 || strchr(figure->key + n, '/'))
            continue;
        line(out, label, "%s = %s%s%s", figure->key + n, value_words(figure, number, sizeof number),
             figure->kind == FIGURE_UNDEFINED ? ", " : "",
             figure->kind == FIGURE_UNDEFINED ? figure->text : "");
        label = "";
    }
}

static void tell_responses(GString *out, const Why *why)
{
    static const char row[] = "    %-16s %-14s %-32s %-8s %5s  %s\n";
    const Dataset *data = why->results->data;
    g_string_append_printf(out, "  %u responses\n", why->records->len);
    if (why->records->len)
        g_string_append_printf(out, row, "source", "id", "pseudonym", "speaks", "pull",
                               "submitted");
    for (guint i = 0; i < why->records->len; i++) {
        const Record *record = dataset_record(data, g_array_index(why->records, uint32_t, i));
        g_autofree char *organisations = organisations_of(data, record);
        g_autofree char *when = instant_iso(record->submitted);
        g_autofree char *pull = g_strdup_printf("%" G_GINT64_FORMAT, record->pull);
        g_string_append_printf(out, row, record->source->name, record->id,
                               record->pseudonym ? record->pseudonym : "–",
                               *organisations ? organisations : "–", pull, when ? when : "–");
    }
    if (why->against->len)
        g_string_append_printf(out,
                               "  weighed against all %u responses that count, these among them\n",
                               why->against->len);
}

char *why_text(const Why *why, Store *store, GError **error)
{
    const Results *r = why->results;
    GString *out = g_string_new(NULL);
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(out, "%s = %s", why->figure->key,
                           value_words(why->figure, number, sizeof number));
    if (why->figure->kind == FIGURE_UNDEFINED)
        g_string_append_printf(out, " (%s)", why->figure->text);
    g_string_append_c(out, '\n');
    if (why->basis) {
        g_autofree char *sheet = g_strconcat("sheet.", why->basis->sheet, NULL);
        line(out, "what", "%s: %s", words(r->project->language, sheet), why->basis->figure);
    }
    for (guint i = 0; i < why->cells->len; i++)
        line(out, i ? "" : "shown in", "%s", (const char *)why->cells->pdata[i]);
    tell_method(out, why);
    if (why->basis) {
        line(out, "rests on", "%zu people (or tables, documents), %zu organisations", why->basis->n,
             why->basis->organisations);
        line(out, "left out", "%s", why->basis->left_out);
    }
    tell_questions(out, why);
    if (!tell_pulls(out, why, store, error)) {
        g_string_free(out, TRUE);
        return NULL;
    }
    if (why->family)
        tell_family(out, why);
    tell_responses(out, why);
    return g_string_free(out, FALSE);
}

/* --- for programs ---------------------------------------------------------------------------- */

static void put_text(json_object *object, const char *key, const char *text)
{
    json_object_object_add(object, key, text ? json_object_new_string(text) : NULL);
}

static json_object *method_json(const Why *why)
{
    const Method *method = why->method;
    if (!method)
        return NULL;
    json_object *object = json_object_new_object();
    put_text(object, "name", method->name);
    put_text(object, "section", method->section);
    put_text(object, "source", method->source);
    put_text(object, "formula", method->formula);
    return object;
}

static json_object *parameters_json(const Why *why)
{
    const Project *project = why->results->project;
    const Method *method = why->method;
    json_object *object = json_object_new_object();
    put_text(object, "weight", weight_word(project->weight));
    for (char **key = method ? method->thresholds : NULL; key && *key; key++)
        json_object_object_add(object, *key,
                               json_object_new_double(threshold_value(&project->thresholds, *key)));
    if (method && method->seeded) {
        json_object_object_add(object, "bootstrap", json_object_new_int(project->bootstrap));
        json_object_object_add(object, "seed", json_object_new_uint64(project->seed));
    }
    return object;
}

static json_object *questions_json(const Why *why)
{
    json_object *object = json_object_new_object();
    for (guint i = 0; i < why->questions->len; i++) {
        const QuestionRef *ref = &g_array_index(why->questions, QuestionRef, i);
        json_object *list = NULL;
        if (!json_object_object_get_ex(object, ref->source->name, &list)) {
            list = json_object_new_array();
            json_object_object_add(object, ref->source->name, list);
        }
        json_object_array_add(list, json_object_new_string(ref->question));
    }
    return object;
}

static json_object *response_json(const Dataset *data, const Record *record)
{
    json_object *object = json_object_new_object();
    g_autofree char *organisations = organisations_of(data, record);
    g_autofree char *when = instant_iso(record->submitted);
    put_text(object, "source", record->source->name);
    put_text(object, "id", record->id);
    put_text(object, "pseudonym", record->pseudonym);
    put_text(object, "organisations", organisations);
    json_object_object_add(object, "pull", json_object_new_int64(record->pull));
    put_text(object, "submitted", when);
    return object;
}

static json_object *responses_json(const Why *why)
{
    const Dataset *data = why->results->data;
    json_object *list = json_object_new_array();
    for (guint i = 0; i < why->records->len; i++)
        json_object_array_add(
            list,
            response_json(data, dataset_record(data, g_array_index(why->records, uint32_t, i))));
    return list;
}

static json_object *pulls_json(const Why *why, Store *store, GError **error)
{
    g_autoptr(GPtrArray) pulls = pulls_of(why);
    json_object *object = json_object_new_object();
    for (guint i = 0; i < pulls->len; i++) {
        const Record *record = pulls->pdata[i];
        GError *failure = NULL;
        g_autofree char *when = pull_time(store, record->pull, &failure);
        g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, record->pull);
        if (failure) {
            g_propagate_error(error, failure);
            json_object_put(object);
            return NULL;
        }
        put_text(object, id, when);
    }
    return object;
}

static void put_basis(json_object *object, const Why *why)
{
    const Basis *basis = why->basis;
    put_text(object, "figure", basis->figure);
    json_object_object_add(object, "n", json_object_new_int64((int64_t)basis->n));
    json_object_object_add(object, "organisations",
                           json_object_new_int64((int64_t)basis->organisations));
    put_text(object, "left-out", basis->left_out);
}

char *why_json(const Why *why, Store *store, GError **error)
{
    json_object *pulls = pulls_json(why, store, error);
    if (!pulls)
        return NULL;
    json_object *object = json_object_new_object(), *cells = json_object_new_array();
    put_text(object, "key", why->figure->key);
    json_object_object_add(object, "value", figure_json(why->figure));
    if (why->figure->kind == FIGURE_UNDEFINED)
        put_text(object, "undefined", why->figure->text);
    for (guint i = 0; i < why->cells->len; i++)
        json_object_array_add(cells, json_object_new_string(why->cells->pdata[i]));
    json_object_object_add(object, "cells", cells);
    if (why->basis)
        put_basis(object, why);
    json_object_object_add(object, "method", method_json(why));
    json_object_object_add(object, "parameters", parameters_json(why));
    json_object_object_add(object, "questions", questions_json(why));
    json_object_object_add(object, "pulls", pulls);
    json_object_object_add(object, "responses", responses_json(why));
    json_object_object_add(object, "against", json_object_new_int64(why->against->len));
    char *text = g_strdup_printf(
        "%s\n", json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
                                                           JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(object);
    return text;
}
