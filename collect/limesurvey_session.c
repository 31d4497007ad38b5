#include "collect/limesurvey_session.h"

#include "collect/login.h"
#include "schemas/secret.h"

#include <string.h>

enum {
    REPLY_BYTES = 64 * 1024 * 1024, /* of any call but an export */
    DEPTH = 64,
};

struct LsSession {
    const Source *source;
    const char *folder;
    Transport *transport;
    char *url, *key;
    bool worked; /* a call succeeded under this key */
    int status;  /* HTTP, of the last reply */
};

/* --- what answers mean --- */

enum { NOTHING = -1 }; /* not an error: there is none of what was asked for */

typedef struct {
    const char *code;   /* `error_code` of LimeSurvey 7, or NULL */
    const char *prefix; /* of the `status` text, any case; or NULL */
    int kind;           /* InnsiktError or NOTHING */
    const char *mend;
} Status;

static const Status statuses[] = {
    {NULL, "Invalid user name or password", INNSIKT_ERROR_AUTH,
     "wrong user name or password for the form server (not tried again, so that the account is not "
     "locked)"},
    {NULL, "You have exceeded the number of maximum", INNSIKT_ERROR_AUTH,
     "the form server has locked this address after too many logins; not tried again"},
    {NULL, "Invalid session key", INNSIKT_ERROR_SESSION, "the session has ended"},
    {"ERR_NO_PERMISSION", "No permission", INNSIKT_ERROR_PERMISSION, NULL},
    {"ERR_INVALID_SURVEY", "Error: Invalid survey", INNSIKT_ERROR_NOT_FOUND,
     "there is no such survey; check `form:`"},
    {NULL, "Invalid survey", INNSIKT_ERROR_NOT_FOUND, "there is no such survey; check `form:`"},
    {NULL, "Error: Mismatch in surveyid", INNSIKT_ERROR_NOT_FOUND,
     "there is no such survey; check `form:`"},
    {NULL, "No Data, survey table does not exist", INNSIKT_ERROR_DISABLED,
     "the survey is not active; its responses cannot be read until it is"},
    {"ERR_NO_DATA", "No Data", NOTHING, NULL},
    {"ERR_NO_PARTICIPANT_TABLE", "Error: No survey participant", NOTHING, NULL},
    {"ERR_NOT_FOUND", "No Response found", NOTHING, NULL},
    {NULL, "No surveys found", NOTHING, NULL},
    {NULL, "No questions found", NOTHING, NULL},
    {NULL, "No groups found", NOTHING, NULL},
    {NULL, "No survey participants found", NOTHING, NULL},
    {NULL, "No available data", NOTHING, NULL},
    {NULL, "No valid Data", NOTHING, NULL},
};

/* The right each call needs, for the message when it is missing. */
static const struct {
    const char *method, *right;
} rights[] = {
    {"list_questions", "survey: read"},
    {"get_survey_properties", "survey: read"},
    {"get_summary", "survey: read"},
    {"get_question_properties", "survey content: read"},
    {"get_fieldmap", "survey content: read"},
    {"export_responses", "responses: export"},
    {"list_participants", "survey participants: read"},
};

static const char *right_for(const char *method)
{
    for (size_t i = 0; i < G_N_ELEMENTS(rights); i++)
        if (g_str_equal(rights[i].method, method))
            return rights[i].right;
    return "survey: read";
}

static const Status *find_status(const char *text, const char *code)
{
    for (size_t i = 0; code && i < G_N_ELEMENTS(statuses); i++)
        /* A table that is not there and one that is empty share ERR_NO_DATA: the text decides. */
        if (g_strcmp0(statuses[i].code, code) == 0 && statuses[i].kind != NOTHING)
            return &statuses[i];
    for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
        const char *prefix = statuses[i].prefix;
        if (g_ascii_strncasecmp(text, prefix, strlen(prefix)) == 0)
            return &statuses[i];
    }
    for (size_t i = 0; code && i < G_N_ELEMENTS(statuses); i++)
        if (g_strcmp0(statuses[i].code, code) == 0)
            return &statuses[i];
    return NULL;
}

/* True when the status means that there is nothing; else an error. */
static bool judge_status(const char *method, const char *text, const char *code, GError **error)
{
    const Status *status = find_status(text, code);
    if (status && status->kind == NOTHING)
        return true;
    g_autofree char *words = transport_excerpt(text);
    if (!status)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL, "LimeSurvey answers %s with «%s»",
                    method, words);
    else if (status->kind == INNSIKT_ERROR_PERMISSION)
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PERMISSION,
                    "the user may not do this on the form server (%s: «%s»); ask for the right "
                    "«%s» on the survey",
                    method, words, right_for(method));
    else
        g_set_error(error, INNSIKT_ERROR, status->kind, "%s («%s»)", status->mend, words);
    return false;
}

const char *ls_member(json_object *object, const char *name)
{
    json_object *value = NULL;
    if (!json_object_is_type(object, json_type_object) ||
        !json_object_object_get_ex(object, name, &value))
        return NULL;
    bool scalar =
        json_object_is_type(value, json_type_string) || json_object_is_type(value, json_type_int);
    return scalar ? json_object_get_string(value) : NULL;
}

json_object *ls_object(json_object *object, const char *name)
{
    json_object *value = NULL;
    if (!json_object_is_type(object, json_type_object) ||
        !json_object_object_get_ex(object, name, &value) ||
        !json_object_is_type(value, json_type_object))
        return NULL;
    return value;
}

static json_object *parse_reply(const char *text, size_t n, GError **error)
{
    if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        n -= 3;
    }
    while (n > 0 && g_ascii_isspace(*text)) {
        text++;
        n--;
    }
    if (n == 0) {
        ls_reply_empty(error);
        return NULL;
    }
    if (*text != '{') {
        ls_reply_alien(text, error);
        return NULL;
    }
    json_tokener *tokener = json_tokener_new_ex(DEPTH);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    json_object *reply = json_tokener_parse_ex(tokener, text, (int)n);
    enum json_tokener_error trouble = json_tokener_get_error(tokener);
    json_tokener_free(tokener);
    if (trouble == json_tokener_success)
        return reply;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                "the server's answer cannot be read: %s",
                trouble == json_tokener_continue ? "it ends in the middle"
                                                 : json_tokener_error_desc(trouble));
    return NULL;
}

/* Takes the result out of a reply; *ret stays NULL when it says that there is nothing. */
static bool judge_reply(json_object *reply, const char *method, json_object **ret, GError **error)
{
    const char *trouble = ls_member(reply, "error");
    if (trouble) {
        g_autofree char *words = transport_excerpt(trouble);
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL, "LimeSurvey answers %s with «%s»",
                    method, words);
        return false;
    }
    if (g_strcmp0(ls_member(reply, "id"), "1") != 0) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                    "the server answers another question than %s", method);
        return false;
    }
    json_object *result = NULL;
    json_object_object_get_ex(reply, "result", &result);
    const char *status = ls_member(result, "status");
    if (status && g_ascii_strcasecmp(status, "OK") != 0)
        return judge_status(method, status, ls_member(result, "error_code"), error);
    *ret = json_object_get(result);
    return true;
}

/* --- sending --- */

static const char *const json_headers[] = {"Content-Type: application/json", NULL};

static HttpRequest post(const char *url, const char *body, const char *what)
{
    return (HttpRequest){.method = "POST",
                         .url = url,
                         .headers = json_headers,
                         .body = body,
                         .body_length = strlen(body),
                         .what = what};
}

static json_object *exchange(LsSession *session, const HttpRequest *request, GError **error)
{
    HttpReply reply = {0};
    g_autoptr(GBytes) body =
        transport_fetch(session->transport, request, REPLY_BYTES, &reply, error);
    session->status = reply.status;
    if (!body)
        return NULL;
    gsize n;
    const char *text = g_bytes_get_data(body, &n);
    return parse_reply(text, n, error);
}

/* `{"method":…,"params":…,"id":1}`. The id is the same always: every call has a reply of its own,
 * and 0 or null would get none. Caller owns. */
static char *envelope(const char *method, json_object *params)
{
    const char *text = json_object_to_json_string_ext(params, JSON_C_TO_STRING_PLAIN);
    return g_strdup_printf("{\"method\":\"%s\",\"params\":%s,\"id\":1}", method, text);
}

/* --- logging in and out --- */

static char *login_body(const char *user, const char *password)
{
    static const char head[] = "{\"method\":\"get_session_key\",\"params\":[",
                      tail[] = "],\"id\":1}";
    char *body = g_malloc0(sizeof head + sizeof tail + 6 * (strlen(user) + strlen(password)) + 8);
    char *to = g_stpcpy(body, head);
    to = login_quote(to, user);
    *to++ = ',';
    to = login_quote(to, password);
    g_stpcpy(to, tail);
    return body;
}

static bool send_login(gpointer data, const char *user, const char *password, GError **error)
{
    LsSession *session = data;
    char *body = login_body(user, password);
    /* Never repeated: three refused logins lock the whole address for ten minutes. */
    HttpRequest request = post(session->url, body, "login");
    json_object *reply = exchange(session, &request, error), *key = NULL;
    secret_free(body);
    bool ok = reply && judge_reply(reply, "get_session_key", &key, error);
    if (ok && (!json_object_is_type(key, json_type_string) || !*json_object_get_string(key))) {
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                            "the server answers the login with no session key");
        ok = false;
    }
    if (ok) {
        secret_free(session->key);
        session->key = g_strdup(json_object_get_string(key));
        session->worked = false;
    }
    json_object_put(key);
    json_object_put(reply);
    return ok;
}

static bool log_in(LsSession *session, GError **error)
{
    return login_send(session->source, session->folder, session->transport, session->url,
                      send_login, session, error);
}

static void log_out(LsSession *session)
{
    if (!session->key)
        return;
    json_object *params = json_object_new_array();
    json_object_array_add(params, json_object_new_string(session->key));
    char *body = envelope("release_session_key", params);
    HttpRequest request = post(session->url, body, "logout");
    request.parting = true;
    /* If it fails, the key dies by itself within hours. */
    json_object_put(exchange(session, &request, NULL));
    json_object_put(params);
    secret_free(body);
    secret_free(g_steal_pointer(&session->key));
}

/* --- finding RemoteControl --- */

/* Where RemoteControl may be, given what the project says. */
static GPtrArray *places(const char *url)
{
    static const char *const usual[] = {"/index.php/admin/remotecontrol", "/admin/remotecontrol",
                                        "/index.php?r=admin/remotecontrol"};
    static const char *const cuts[] = {"?", "#", "/index.php", "/admin"};
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *base = g_strdup_printf("%s%s", strstr(url, "://") ? "" : "https://", url);
    if (strstr(base, "remotecontrol")) {
        g_ptr_array_add(found, g_steal_pointer(&base));
        return found;
    }
    char *path = strchr(strstr(base, "://") + 3, '/');
    for (size_t i = 0; path && i < G_N_ELEMENTS(cuts); i++) {
        char *cut = strstr(path, cuts[i]);
        if (cut)
            *cut = '\0';
    }
    while (g_str_has_suffix(base, "/"))
        base[strlen(base) - 1] = '\0';
    for (size_t i = 0; i < G_N_ELEMENTS(usual); i++)
        g_ptr_array_add(found, g_strconcat(base, usual[i], NULL));
    return found;
}

/* Whether a place that was tried in vain leaves hope for the next. */
static bool not_here(const GError *error)
{
    return g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND) ||
           g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL) ||
           g_error_matches(error, INNSIKT_ERROR, INNSIKT_ERROR_PERMISSION);
}

/* Asks with a key that is none, so that the password goes only where RemoteControl answers. */
static bool answers_here(LsSession *session, const char *url, GError **error)
{
    HttpRequest request = post(url, "{\"method\":\"list_surveys\",\"params\":[\"-\"],\"id\":1}",
                               "looking for "
                               "RemoteControl");
    request.repeatable = true;
    json_object *reply = exchange(session, &request, error);
    bool ok = reply && json_object_object_get_ex(reply, "result", NULL);
    if (reply && !ok)
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                            "something else than RemoteControl answers");
    json_object_put(reply);
    return ok;
}

static bool find_place(LsSession *session, GError **error)
{
    g_autoptr(GPtrArray) urls = places(session->source->url);
    g_autoptr(GString) tried = g_string_new(NULL);
    for (guint i = 0; i < urls->len; i++) {
        const char *url = g_ptr_array_index(urls, i);
        g_autoptr(GError) trouble = NULL;
        if (urls->len == 1 || answers_here(session, url, &trouble)) {
            session->url = g_strdup(url);
            return true;
        }
        if (!not_here(trouble)) {
            g_propagate_error(error, g_steal_pointer(&trouble));
            return false;
        }
        g_string_append_printf(tried, "%s%s", i > 0 ? ", " : "", url);
    }
    g_set_error(
        error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
        "no RemoteControl found (tried %s); write its whole address in `url:`, as LimeSurvey "
        "shows it under Global settings → Interfaces",
        tried->str);
    return false;
}

LsSession *ls_session_open(const Source *source, const char *folder, Transport *transport,
                           GError **error)
{
    LsSession *session = g_new0(LsSession, 1);
    *session = (LsSession){.source = source, .folder = folder, .transport = transport};
    if (find_place(session, error) && log_in(session, error))
        return session;
    ls_session_close(session);
    return NULL;
}

void ls_session_close(LsSession *session)
{
    log_out(session);
    g_free(session->url);
    g_free(session);
}

/* --- calls --- */

json_object *ls_session_params(const LsSession *session)
{
    json_object *params = json_object_new_array();
    json_object_array_add(params, NULL);
    json_object_array_add(params,
                          json_object_new_int64(g_ascii_strtoll(session->source->form, NULL, 10)));
    return params;
}

static char *keyed_body(const LsSession *session, const char *method, json_object *params)
{
    json_object_array_put_idx(params, 0, json_object_new_string(session->key));
    char *body = envelope(method, params);
    json_object_array_put_idx(params, 0, NULL);
    return body;
}

/* A session that worked and then ended is renewed, once; one that never worked is not. Keeps
 * `trouble` when it does not help. */
static bool renewed(LsSession *session, GError **trouble)
{
    if (!g_error_matches(*trouble, INNSIKT_ERROR, INNSIKT_ERROR_SESSION) || !session->worked)
        return false;
    g_clear_error(trouble);
    return log_in(session, trouble);
}

static bool call_once(LsSession *session, const char *method, json_object *params, const char *what,
                      json_object **ret, GError **error)
{
    char *body = keyed_body(session, method, params);
    HttpRequest request = post(session->url, body, what);
    request.repeatable = true; /* everything we call only reads */
    json_object *reply = exchange(session, &request, error);
    secret_free(body);
    bool ok = reply && judge_reply(reply, method, ret, error);
    json_object_put(reply);
    session->worked = session->worked || ok;
    return ok;
}

bool ls_session_call(LsSession *session, const char *method, json_object *params, const char *what,
                     json_object **ret, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    json_object *result = NULL;
    while (!call_once(session, method, params, what, &result, &trouble))
        if (!renewed(session, &trouble)) {
            g_propagate_error(error, g_steal_pointer(&trouble));
            return false;
        }
    *ret = result;
    return true;
}

bool ls_session_ask(LsSession *session, const char *method, json_object *params, const char *what,
                    json_object **ret, char **ret_why, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    *ret = NULL;
    if (ls_session_call(session, method, params, what, ret, &trouble))
        return true;
    /* A method that is missing kills the request: status 500. */
    if (!not_here(trouble) && session->status != 500) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    if (ret_why)
        *ret_why = g_strdup(trouble->message);
    return true;
}

static bool feed_sink(const char *bytes, size_t n, gpointer data, GError **error)
{
    return ls_export_feed(data, bytes, n, error);
}

static void feed_restart(gpointer data)
{
    ls_export_restart(data);
}

static bool export_once(LsSession *session, json_object *params, const char *what, LsExport *reader,
                        bool *ret_found, GError **error)
{
    char *body = keyed_body(session, "export_responses", params);
    HttpRequest request = post(session->url, body, what);
    request.repeatable = true;
    HttpReply reply = {0};
    g_autofree char *refusal = NULL;
    ls_export_restart(reader);
    bool sent = session->transport->send(session->transport, &request, feed_sink, feed_restart,
                                         reader, &reply, &refusal, error);
    secret_free(body);
    session->status = reply.status;
    if (!sent)
        return false;
    if (reply.status < 200 || reply.status > 299) {
        transport_refused(&request, &reply, refusal, error);
        return false;
    }
    if (!ls_export_end(reader, ret_found, error))
        return false;
    const char *text = ls_export_envelope(reader);
    json_object *message = parse_reply(text, strlen(text), error), *result = NULL;
    bool ok = message && judge_reply(message, "export_responses", &result, error);
    json_object_put(result);
    json_object_put(message);
    return ok;
}

bool ls_session_export(LsSession *session, json_object *params, const char *what, LsExport *reader,
                       bool *ret_found, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    while (!export_once(session, params, what, reader, ret_found, &trouble))
        if (!renewed(session, &trouble)) {
            g_propagate_error(error, g_steal_pointer(&trouble));
            return false;
        }
    session->worked = true;
    return true;
}
