#include "samples/server/limesurvey.h"

#include "samples/server/journal.h"
#include "samples/server/php.h"

#include <string.h>

/* LimeSurvey RemoteControl 2 as version 6.14 answers it: recorded replies in
 * tests/fixtures/limesurvey, the rest by reference/form-systems.md section 1. */

static json_object *get_session_key(LimeCall *call)
{
    Site *site = call->site;
    const Login outcome = site_login(site, lime_text(call, 0), lime_text(call, 1));
    journal_login(site->journal, outcome);
    switch (outcome) {
    case LOGIN_ACCEPTED:
        journal_session(site->journal, true);
        return json_object_new_string(site_session_open(site));
    case LOGIN_LOCKED:
        return lime_status(call, "You have exceeded the number of maximum login attempts. Please "
                                 "wait 10 minutes before trying again.");
    case LOGIN_REFUSED:
        break;
    }
    return lime_status(call, "Invalid user name or password");
}

static json_object *release_session_key(LimeCall *call)
{
    const char *key = lime_text(call, 0);
    if (key != NULL && site_session_alive(call->site, key)) {
        journal_session(call->site->journal, false);
        site_session_close(call->site, key);
    }
    return json_object_new_string("OK");
}

typedef struct {
    const char *name;
    size_t least; /* parameters it cannot do without */
    bool open;    /* needs no session */
    json_object *(*run)(LimeCall *call);
} Method;

static const Method METHODS[] = {
    {"get_session_key", 2, true, get_session_key},
    {"release_session_key", 1, true, release_session_key},
    {"list_surveys", 1, false, lime_list_surveys},
    {"list_groups", 2, false, lime_list_groups},
    {"list_questions", 2, false, lime_list_questions},
    {"get_question_properties", 2, false, lime_get_question_properties},
    {"get_survey_properties", 2, false, lime_get_survey_properties},
    {"get_language_properties", 2, false, lime_get_language_properties},
    {"get_fieldmap", 2, false, lime_get_fieldmap},
    {"get_summary", 2, false, lime_get_summary},
    {"get_response_ids", 3, false, lime_get_response_ids},
    {"list_participants", 2, false, lime_list_participants},
    {"export_responses", 3, false, lime_export_responses},
};

json_object *lime_status(const LimeCall *call, const char *text)
{
    static const struct {
        const char *text, *code;
    } CODES[] = {
        {"Error: Invalid survey ID", "ERR_INVALID_SURVEY"},
        {"Invalid surveyid", "ERR_INVALID_SURVEY"},
        {"No permission", "ERR_NO_PERMISSION"},
        {"Error: group not found", "ERR_INVALID_GROUP"},
        {"No Data, could not get max id.", "ERR_NO_DATA"},
        {"No Data, survey table does not exist.", "ERR_NO_DATA"},
        {"Error: No survey participants table", "ERR_NO_PARTICIPANT_TABLE"},
        {"No Response found for Token", "ERR_NOT_FOUND"},
    };
    json_object *status = json_object_new_object();
    json_object_object_add(status, "status", json_object_new_string(text));
    for (size_t i = 0; call->faults->of[FAULT_V7] != NULL && i < G_N_ELEMENTS(CODES); i++) {
        if (strcmp(CODES[i].text, text) == 0) {
            json_object_object_add(status, "error_code", json_object_new_string(CODES[i].code));
        }
    }
    return status;
}

static json_object *parameter(const LimeCall *call, size_t place)
{
    return place < json_object_array_length(call->params)
               ? json_object_array_get_idx(call->params, place)
               : NULL;
}

const char *lime_text(const LimeCall *call, size_t place)
{
    return json_object_get_string(parameter(call, place));
}

gint64 lime_number(const LimeCall *call, size_t place, gint64 otherwise)
{
    json_object *value = parameter(call, place);
    return value == NULL ? otherwise : json_object_get_int64(value);
}

Form *lime_survey(const LimeCall *call, json_object **ret_status)
{
    Form *form = site_form(call->site, LIMESURVEY.name, lime_number(call, 1, 0));
    if (form == NULL) {
        *ret_status = lime_status(call, "Error: Invalid survey ID");
    }
    return form;
}

bool lime_speaks(const Form *form, const char *language)
{
    g_auto(GStrv) others = g_strsplit(form->additional_languages, " ", -1);
    return strcmp(form->language, language) == 0 ||
           (*language != '\0' && g_strv_contains((const char *const *)others, language));
}

json_object *lime_php_array(json_object *map)
{
    size_t n = 0;
    json_object_object_foreach(map, key, value)
    {
        (void)value;
        char place[24];
        g_snprintf(place, sizeof place, "%zu", n++);
        if (strcmp(key, place) != 0) {
            return map;
        }
    }
    json_object *list = json_object_new_array();
    json_object_object_foreach(map, same_key, member)
    {
        (void)same_key;
        json_object_array_add(list, json_object_get(member));
    }
    json_object_put(map);
    return list;
}

static const Method *find_method(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(METHODS); i++) {
        if (g_strcmp0(METHODS[i].name, name) == 0) {
            return &METHODS[i];
        }
    }
    return NULL;
}

/* Every number as a text, as older database drivers deliver them. */
static json_object *with_text_numbers(json_object *value)
{
    if (json_object_is_type(value, json_type_int)) {
        return json_object_new_string(json_object_to_json_string(value));
    }
    if (json_object_is_type(value, json_type_array)) {
        json_object *array = json_object_new_array();
        for (size_t i = 0; i < json_object_array_length(value); i++) {
            json_object_array_add(array, with_text_numbers(json_object_array_get_idx(value, i)));
        }
        return array;
    }
    if (json_object_is_type(value, json_type_object)) {
        json_object *object = json_object_new_object();
        json_object_object_foreach(value, key, member)
        {
            json_object_object_add(object, key, with_text_numbers(member));
        }
        return object;
    }
    return json_object_get(value);
}

static json_object *run(LimeCall *call, const Method *method)
{
    const Fault *refuse = call->faults->of[FAULT_REFUSE];
    if (refuse != NULL) {
        return lime_status(call, refuse->value);
    }
    if (call->faults->of[FAULT_SESSION_EXPIRED] != NULL) {
        g_hash_table_remove_all(call->site->sessions);
    }
    const char *key = lime_text(call, 0);
    if (!method->open && (key == NULL || !site_session_alive(call->site, key))) {
        return lime_status(call, "Invalid session key");
    }
    json_object *result = method->run(call);
    if (call->faults->of[FAULT_STRING_IDS] != NULL) {
        json_object *texts = with_text_numbers(result);
        json_object_put(result);
        return texts;
    }
    return result;
}

/* PHP 8 answers a call it cannot make with the framework's error page. */
static void fail_in_html(Reply *reply)
{
    /* not supported by a recorded reply: form-systems.md 1.2 only says that it is HTML, often with
     * status 500. */
    reply->status = 500;
    reply->content_type = "text/html; charset=UTF-8";
    g_string_assign(reply->body,
                    "<!DOCTYPE html>\n<html><head><title>Internal Server Error</title>"
                    "</head><body><h1>500: Internal Server Error</h1></body></html>\n");
}

void lime_append_nested(GString *out, const Fault *deep)
{
    const gint64 levels = fault_number(deep, 100000, 10000000);
    for (gint64 i = 0; i < levels; i++) {
        g_string_append_c(out, '[');
    }
    for (gint64 i = 0; i < levels; i++) {
        g_string_append_c(out, ']');
    }
}

/* A file is sent in pieces around its base64, with a blank behind each comma of the envelope. */
static void put_envelope(const LimeCall *call, json_object *id, json_object *result, GString *body)
{
    json_object *other = call->faults->of[FAULT_WRONG_ID] == NULL
                             ? json_object_get(id)
                             : json_object_new_int64(~json_object_get_int64(id));
    g_string_append(body, "{\"id\":");
    php_append_json(body, other);
    json_object_put(other);
    if (call->file != NULL) {
        g_string_append(body, ", \"result\":\"");
        g_string_append_len(body, call->file->str, (gssize)call->file->len);
        g_string_append(body, "\", \"error\":null}");
        return;
    }
    g_string_append(body, ",\"result\":");
    if (call->faults->of[FAULT_DEEP] != NULL) {
        lime_append_nested(body, call->faults->of[FAULT_DEEP]);
    } else {
        php_append_json(body, result);
    }
    g_string_append(body, ",\"error\":");
    php_append_text(body, call->thrown);
    g_string_append_c(body, '}');
}

/* PHP's idea of a true value: a request whose id is not one is a notification. */
static bool is_true(json_object *id)
{
    const char *text = json_object_get_string(id);
    return text != NULL && json_object_get_boolean(id) && strcmp(text, "0") != 0;
}

static void answer_call(Site *site, const Request *request, json_object *source, Reply *reply)
{
    json_object *params = json_object_object_get(source, "params");
    json_object *id = json_object_object_get(source, "id");
    json_object *name = json_object_object_get(source, "method");
    const Method *method = find_method(json_object_get_string(name));
    if (method == NULL || !json_object_is_type(params, json_type_array) ||
        json_object_array_length(params) < method->least) {
        fail_in_html(reply);
        return;
    }
    LimeCall call = {.site = site, .faults = &request->faults, .params = params};
    json_object *result = run(&call, method);
    if (call.died != NULL) {
        reply->content_type = "text/html; charset=UTF-8";
        g_string_assign(reply->body, call.died);
    } else if (is_true(id)) {
        put_envelope(&call, id, result, reply->body);
    }
    json_object_put(result);
    if (call.file != NULL) {
        g_string_free(call.file, TRUE);
    }
}

static json_object *parse(const Request *request)
{
    struct json_tokener *parser = json_tokener_new();
    json_object *source =
        request->body_length > G_MAXINT32
            ? NULL
            : json_tokener_parse_ex(parser, request->body, (int)request->body_length + 1);
    json_tokener_free(parser);
    if (!json_object_is_type(source, json_type_object)) {
        json_object_put(source);
        return NULL;
    }
    return source;
}

static void answer(Site *site, const Request *request, Reply *reply)
{
    /* Anything but a JSON post is answered as if the interface were switched off. */
    if (strcmp(request->method, "POST") != 0 || request->content_type == NULL ||
        strstr(request->content_type, "application/json") == NULL) {
        return;
    }
    reply->content_type = "application/json";
    json_object *source = parse(request);
    if (source == NULL) {
        g_string_assign(reply->body,
                        "{\"id\":null,\"result\":null,\"error\":\"unable to decode malformed "
                        "json\"}");
        return;
    }
    answer_call(site, request, source, reply);
    json_object_put(source);
}

static char *name_call(const Request *request)
{
    json_object *source = parse(request);
    json_object *name = source == NULL ? NULL : json_object_object_get(source, "method");
    const Method *method = find_method(json_object_get_string(name));
    json_object_put(source);
    return g_strdup(method == NULL ? "unknown" : method->name);
}

static bool owns(const char *path)
{
    return g_str_has_suffix(path, "/admin/remotecontrol");
}

const System LIMESURVEY = {
    .name = "limesurvey",
    .owns = owns,
    .call = name_call,
    .answer = answer,
    .login = "get_session_key",
};
