#include "collect/limesurvey_people.h"

#include "collect/limesurvey_reader.h"
#include "collect/plain.h"

#include <string.h>

enum { PAGE_PEOPLE = 1000 };

/* Columns of every table of participants that are asked for beside the mapped attributes. */
static const char *const told[] = {"sent", "completed"};

typedef enum { INVITED, SENT, ANSWERED, N_NUMBERS } Number;

static const struct {
    const char *name, *text;
} numbers[N_NUMBERS] = {
    [INVITED] = {"invited", "Participants of the survey"},
    [SENT] = {"sent", "Participants to whom an invitation was sent"},
    [ANSWERED] = {"answered", "Participants who have answered"},
};

/* Participants who have the same values of the mapped attributes. */
typedef struct {
    char **values; /* in the order of LsPeople.attributes */
    int64_t n[N_NUMBERS];
} Group;

struct LsPeople {
    LsSession *session;
    const Source *source;
    Form *form;
    GPtrArray *attributes; /* char *: those that are mapped; NULL: not looked up yet */
    GHashTable *groups;    /* id → Group */
    GHashTable *known;     /* tids that were counted (int64_t *) */
    int64_t start;         /* the next page begins at this tid */
    int64_t due;           /* participants, as the server says; -1: it does not */
    bool begun;
};

static void group_free(gpointer data)
{
    Group *group = data;
    g_strfreev(group->values);
    g_free(group);
}

LsPeople *ls_people_new(LsSession *session, const Source *source)
{
    LsPeople *people = g_new0(LsPeople, 1);
    *people = (LsPeople){.session = session, .source = source, .due = -1};
    people->groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, group_free);
    people->known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    return people;
}

void ls_people_free(LsPeople *people)
{
    if (!people)
        return;
    form_free(people->form);
    if (people->attributes)
        g_ptr_array_unref(people->attributes);
    g_hash_table_unref(people->groups);
    g_hash_table_unref(people->known);
    g_free(people);
}

/* --- what may be mapped --- */

/* Calls a method with the survey's number and a list of one setting. */
static bool ask_setting(LsPeople *people, const char *method, const char *setting,
                        json_object **ret, GError **error)
{
    json_object *params = ls_session_params(people->session), *list = json_object_new_array();
    json_object_array_add(list, json_object_new_string(setting));
    json_object_array_add(params, list);
    bool ok = ls_session_ask(people->session, method, params, "the participants' attributes", ret,
                             NULL, error);
    json_object_put(params);
    return ok;
}

/* attribute_1, attribute_2 …: nothing else becomes a name of a question. */
static bool is_attribute(const char *name)
{
    return g_str_has_prefix(name, "attribute_") && ls_digits(name + strlen("attribute_"));
}

/* The caption is a text, or the description of an object that holds more. */
static void add_attributes(Form *form, json_object *captions)
{
    if (!json_object_is_type(captions, json_type_object))
        return;
    json_object_object_foreach(captions, name, value)
    {
        const char *caption = json_object_is_type(value, json_type_string)
                                  ? json_object_get_string(value)
                                  : ls_member(value, "description");
        if (!is_attribute(name) || form_find(form, name))
            continue;
        g_autofree char *text = plain_text(caption && *caption ? caption : name);
        form_add(form, name, FORM_TEXT, "participant", text);
    }
}

/* Captions come as JSON in a text, or as what it says. */
static void read_captions(Form *form, json_object *reply, const char *setting)
{
    json_object *value = NULL;
    if (!json_object_is_type(reply, json_type_object) ||
        !json_object_object_get_ex(reply, setting, &value))
        return;
    if (json_object_is_type(value, json_type_string)) {
        json_object *inner = json_tokener_parse(json_object_get_string(value));
        add_attributes(form, inner);
        json_object_put(inner);
        return;
    }
    add_attributes(form, value);
}

static Form *build_form(LsPeople *people, GError **error)
{
    static const char *const places[][2] = {
        {"get_language_properties", "surveyls_attributecaptions"},
        {"get_survey_properties", "attributedescriptions"},
    };
    g_autoptr(Form) form = form_new(people->source->form);
    for (size_t i = 0; i < N_NUMBERS; i++)
        form_add(form, numbers[i].name, FORM_NUMBER, "participants", numbers[i].text);
    form_add(form, "language", FORM_TEXT, "participant", "Language of the participant");
    const guint fixed = form->questions->len;
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        json_object *reply = NULL;
        if (!ask_setting(people, places[i][0], places[i][1], &reply, error))
            return NULL;
        read_captions(form, reply, places[i][1]);
        json_object_put(reply);
    }
    /* The server tells of none: those that are mapped are taken on trust. */
    for (guint i = 0; form->questions->len == fixed && i < people->source->mappings->len; i++) {
        const Mapping *mapping = people->source->mappings->pdata[i];
        if (is_attribute(mapping->question) && !form_find(form, mapping->question))
            form_add(form, mapping->question, FORM_TEXT, "participant", mapping->question);
    }
    return g_steal_pointer(&form);
}

Form *ls_people_form(LsPeople *people, GError **error)
{
    return build_form(people, error);
}

/* A `person` attribute would make a group of each participant: never asked for. */
static bool counts_by(const LsPeople *people, const char *name)
{
    const Mapping *mapping = source_mapping(people->source, name);
    return mapping && mapping->role != ROLE_IGNORE && mapping->role != ROLE_PERSON;
}

static bool find_attributes(LsPeople *people, GError **error)
{
    people->form = build_form(people, error);
    if (!people->form)
        return false;
    people->attributes = g_ptr_array_new();
    for (guint i = 0; i < people->form->questions->len; i++) {
        const FormQuestion *question = people->form->questions->pdata[i];
        if (g_str_equal(question->type, "participant") && counts_by(people, question->name))
            g_ptr_array_add(people->attributes, question->name);
    }
    return true;
}

/* --- counting --- */

static bool said_yes(json_object *participant, const char *column)
{
    const char *text = ls_member(participant, column);
    return text && *text && !g_str_equal(text, "N");
}

/* The group of a participant, and its lasting id: `attribute_1=A1`, `all` without attributes. */
static Group *group_of(LsPeople *people, json_object *participant)
{
    g_autoptr(GString) id = g_string_new(people->attributes->len ? "" : "all");
    g_auto(GStrv) values = g_new0(char *, people->attributes->len + 1);
    for (guint i = 0; i < people->attributes->len; i++) {
        const char *name = people->attributes->pdata[i], *value = ls_member(participant, name);
        values[i] = g_strstrip(g_strdup(value ? value : ""));
        g_string_append_printf(id, "%s%s=%s", i ? "; " : "", name, values[i]);
    }
    Group *group = g_hash_table_lookup(people->groups, id->str);
    if (group)
        return group;
    group = g_new0(Group, 1);
    group->values = g_steal_pointer(&values);
    g_hash_table_insert(people->groups, g_strdup(id->str), group);
    return group;
}

/* Whether it is one that was not counted before: a page may come twice. */
static bool count_participant(LsPeople *people, json_object *participant)
{
    const char *text = ls_member(participant, "tid");
    if (!ls_digits(text))
        return false;
    int64_t *tid = g_new(int64_t, 1);
    *tid = g_ascii_strtoll(text, NULL, 10);
    people->start = MAX(people->start, *tid + 1);
    if (!g_hash_table_add(people->known, tid))
        return false;
    Group *group = group_of(people, participant);
    group->n[INVITED]++;
    group->n[SENT] += said_yes(participant, "sent");
    group->n[ANSWERED] += said_yes(participant, "completed");
    return true;
}

/* The page of at most `limit` participants, `columns` (taken) of each. */
static json_object *page_params(const LsPeople *people, int limit, json_object *columns)
{
    json_object *params = ls_session_params(people->session);
    json_object_array_add(params, json_object_new_int64(people->start));
    json_object_array_add(params, json_object_new_int(limit));
    json_object_array_add(params, json_object_new_boolean(false));
    json_object_array_add(params, columns);
    return params;
}

static json_object *columns_of(const LsPeople *people)
{
    json_object *columns = json_object_new_array();
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++)
        json_object_array_add(columns, json_object_new_string(told[i]));
    for (guint i = 0; i < people->attributes->len; i++)
        json_object_array_add(columns, json_object_new_string(people->attributes->pdata[i]));
    return columns;
}

/* *ret: participants of the page that were new. */
static bool read_page(LsPeople *people, guint *ret, GError **error)
{
    json_object *params = page_params(people, PAGE_PEOPLE, columns_of(people)), *page = NULL;
    bool ok = ls_session_call(people->session, "list_participants", params, "the participants",
                              &page, error);
    json_object_put(params);
    *ret = 0;
    if (ok && page && !json_object_is_type(page, json_type_array)) {
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                            "the server answers the call for participants with something else");
        ok = false;
    }
    for (size_t i = 0; ok && page && i < json_object_array_length(page); i++)
        *ret += count_participant(people, json_object_array_get_idx(page, i));
    json_object_put(page);
    return ok;
}

bool ls_people_readable(LsPeople *people, GError **error)
{
    json_object *params = page_params(people, 1, json_object_new_array()), *page = NULL;
    bool ok = ls_session_call(people->session, "list_participants", params, "the participants",
                              &page, error);
    json_object_put(params);
    json_object_put(page);
    return ok;
}

/* --- telling --- */

static bool tell_group(PageSink *sink, Response *response, const LsPeople *people, const char *id,
                       const Group *group, GError **error)
{
    response_reset(response);
    response->id = response_keep(response, id);
    response->state = STATE_COMPLETE;
    response->submitted = response->updated = TIME_UNKNOWN;
    for (size_t i = 0; i < N_NUMBERS; i++) {
        g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, group->n[i]);
        response_answer(response, numbers[i].name, INSTANCE_NONE, text, MISSING_NONE);
    }
    for (guint i = 0; i < people->attributes->len; i++) {
        const char *value = *group->values[i] ? group->values[i] : NULL;
        response_answer(response, people->attributes->pdata[i], INSTANCE_NONE, value,
                        value ? MISSING_NONE : MISSING_NOT_ANSWERED);
    }
    return sink->seen(sink, id, NULL, error) && sink->response(sink, response, error);
}

static gint by_bytes(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

static Step tell_groups(const LsPeople *people, PageSink *sink, GError **error)
{
    int64_t counted = g_hash_table_size(people->known);
    if (counted < people->due) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                    "the server says the survey has %" G_GINT64_FORMAT
                    " participants but lists %" G_GINT64_FORMAT
                    "; nothing was changed, try again later",
                    people->due, counted);
        return STEP_FAILED;
    }
    g_autoptr(Response) response = response_new();
    GList *ids = g_list_sort(g_hash_table_get_keys(people->groups), by_bytes);
    bool ok = true;
    for (GList *id = ids; ok && id; id = id->next)
        ok = tell_group(sink, response, people, id->data,
                        g_hash_table_lookup(people->groups, id->data), error);
    g_list_free(ids);
    return ok ? STEP_DONE : STEP_FAILED;
}

static bool read_due(LsPeople *people, GError **error)
{
    json_object *params = ls_session_params(people->session), *reply = NULL;
    json_object_array_add(params, json_object_new_string("all"));
    bool ok = ls_session_ask(people->session, "get_summary", params, "the number of participants",
                             &reply, NULL, error);
    json_object_put(params);
    const char *text = ls_member(reply, "token_count");
    people->due = ls_digits(text) ? g_ascii_strtoll(text, NULL, 10) : -1;
    json_object_put(reply);
    return ok;
}

/* Nothing was counted, and why: what was counted before stays. */
static Step tell_none(PageSink *sink, const char *why)
{
    g_autofree char *text = g_strdup_printf("no participants are counted: %s", why);
    sink->note(sink, text);
    sink->doubt(sink, NULL);
    return STEP_DONE;
}

Step ls_people_next(LsPeople *people, PageSink *sink, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    guint added;
    if (!people->attributes && (!find_attributes(people, error) || !read_due(people, error)))
        return STEP_FAILED;
    if (!read_page(people, &added, &trouble)) {
        if (!people->begun && g_error_matches(trouble, INNSIKT_ERROR, INNSIKT_ERROR_PERMISSION))
            return tell_none(sink, trouble->message);
        g_propagate_error(error, g_steal_pointer(&trouble));
        return STEP_FAILED;
    }
    if (!people->begun && added == 0 && people->due <= 0)
        return tell_none(sink, "the survey has no list of participants, or nobody is on it");
    people->begun = true;
    sink->expect(sink, g_hash_table_size(people->groups));
    return added > 0 ? STEP_MORE : tell_groups(people, sink, error);
}
