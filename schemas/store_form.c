/* The forms as they were found, kept as JSON: read whole or not at all. */
#include "schemas/store_private.h"

#include "schemas/error.h"

#include <json-c/json.h>

/* --- form to JSON --- */

static json_object *text_or_null(const char *text)
{
    return text ? json_object_new_string(text) : NULL;
}

static json_object *choices_json(const GArray *choices)
{
    json_object *ret = json_object_new_array();
    for (guint i = 0; i < choices->len; i++) {
        const FormChoice *choice = &g_array_index(choices, FormChoice, i);
        json_object *pair = json_object_new_array();
        json_object_array_add(pair, text_or_null(choice->code));
        json_object_array_add(pair, text_or_null(choice->text));
        json_object_array_add(ret, pair);
    }
    return ret;
}

static char *questions_json(const Form *form)
{
    json_object *all = json_object_new_array();
    for (guint i = 0; i < form->questions->len; i++) {
        const FormQuestion *question = form->questions->pdata[i];
        json_object *one = json_object_new_object();
        json_object_object_add(one, "name", text_or_null(question->name));
        json_object_object_add(one, "type", text_or_null(question->type));
        json_object_object_add(one, "kind", text_or_null(form_kind_word(question->kind)));
        json_object_object_add(one, "text", text_or_null(question->text));
        json_object_object_add(one, "choices",
                               form->seen_choices ? json_object_new_array()
                                                  : choices_json(question->choices));
        json_object_array_add(all, one);
    }
    char *text = g_strdup(json_object_to_json_string_ext(all, JSON_C_TO_STRING_PLAIN |
                                                                  JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(all);
    return text;
}

/* Choices that were only seen are answers, and forgetting somebody must not leave one in a form:
 * what an earlier version kept of them goes with the form that is replaced. */
static bool put_changed(Store *store, StoreSource *source, const Form *form, const char *digest,
                        int64_t now, GError **error)
{
    g_autofree char *questions = questions_json(form);
    int64_t row;
    if (form->seen_choices &&
        !store_run(store, error, "DELETE FROM form WHERE source = ?", "i", source->number))
        return false;
    return store_next_row(store, source->number,
                          "SELECT max(number) FROM form WHERE number BETWEEN ? AND ?", &row,
                          error) &&
           store_run(store, error,
                     "INSERT INTO form (number, source, kept, digest, id, title, language, version,"
                     " questions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     "iiitttttt", row, source->number, now, digest, form->id, form->title,
                     form->language, form->version, questions);
}

/* *ret_known: some form was kept before; *ret_same: the newest kept is this one. */
static bool compare(Store *store, StoreSource *source, const char *digest, bool *ret_known,
                    bool *ret_same, GError **error)
{
    int64_t same = -1;
    if (!store_number(store, &same, error,
                      "SELECT digest = ? FROM form WHERE source = ? ORDER BY number DESC LIMIT 1",
                      "ti", digest, source->number))
        return false;
    *ret_known = same >= 0;
    *ret_same = same == 1;
    return true;
}

static bool put(Store *store, const char *name, const Form *form, int64_t now, bool *ret_changed,
                GError **error)
{
    g_autofree char *digest = form_digest(form);
    g_autoptr(GError) cause = NULL;
    StoreSource *source = store_source(store, name, &cause);
    bool known, same;
    if (!source) {
        if (!cause)
            g_set_error(&cause, INNSIKT_ERROR, INNSIKT_ERROR_STORE, "%s: no pull of %s has begun",
                        store->path, name);
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    if (!compare(store, source, digest, &known, &same, error) ||
        (!same && !put_changed(store, source, form, digest, now, error)))
        return false;
    *ret_changed = known && !same;
    return true;
}

bool store_put_form(Store *store, const char *source, const Form *form, int64_t now,
                    bool *ret_changed, GError **error)
{
    bool changed;
    if (!store_begin(store, error))
        return false;
    if (!put(store, source, form, now, &changed, error)) {
        store_rollback(store);
        return false;
    }
    if (!store_commit(store, error))
        return false;
    *ret_changed = changed;
    return true;
}

/* --- and back: anything unexpected reads as absent --- */

static const char *member_text(json_object *object, const char *key)
{
    return json_object_get_string(json_object_object_get(object, key));
}

static FormKind kind_parse(const char *word)
{
    for (int kind = 0; kind < N_FORM_KINDS; kind++)
        if (g_strcmp0(word, form_kind_word((FormKind)kind)) == 0)
            return (FormKind)kind;
    return FORM_TEXT;
}

static void read_choices(FormQuestion *question, json_object *choices)
{
    if (!json_object_is_type(choices, json_type_array))
        return;
    for (size_t i = 0; i < json_object_array_length(choices); i++) {
        json_object *pair = json_object_array_get_idx(choices, i);
        if (json_object_is_type(pair, json_type_array) && json_object_array_length(pair) == 2)
            form_choice(question, json_object_get_string(json_object_array_get_idx(pair, 0)),
                        json_object_get_string(json_object_array_get_idx(pair, 1)));
    }
}

static bool read_questions(Form *form, const char *text)
{
    json_object *all = json_tokener_parse(text);
    bool ok = json_object_is_type(all, json_type_array);
    for (size_t i = 0; ok && i < json_object_array_length(all); i++) {
        json_object *one = json_object_array_get_idx(all, i);
        const char *name =
            json_object_is_type(one, json_type_object) ? member_text(one, "name") : NULL;
        if (!(ok = name != NULL))
            break;
        FormQuestion *question = form_add(form, name, kind_parse(member_text(one, "kind")),
                                          member_text(one, "type"), member_text(one, "text"));
        read_choices(question, json_object_object_get(one, "choices"));
    }
    json_object_put(all);
    return ok;
}

static void set_text(char **field, const char *text)
{
    g_free(*field);
    *field = g_strdup(text);
}

Form *store_form(Store *store, const char *source, GError **error)
{
    sqlite3_stmt *row = store_query(store, error,
                                    "SELECT f.id, f.title, f.language, f.version, f.questions"
                                    " FROM form f JOIN source s ON s.number = f.source"
                                    " WHERE s.name = ? ORDER BY f.number DESC LIMIT 1",
                                    "t", source);
    bool is;
    if (!row || !store_row(store, row, &is, error) || !is)
        return NULL;
    g_autoptr(Form) form = form_new(column_text(row, 0));
    set_text(&form->title, column_text(row, 1));
    set_text(&form->language, column_text(row, 2));
    set_text(&form->version, column_text(row, 3));
    bool ok = read_questions(form, column_text(row, 4));
    sqlite3_reset(row);
    if (ok)
        return g_steal_pointer(&form);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_STORE,
                "%s: the form kept for %s is damaged; collect again", store->path, source);
    return NULL;
}
