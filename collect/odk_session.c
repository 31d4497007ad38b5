#include "collect/odk_session.h"

#include "collect/login.h"
#include "schemas/secret.h"

#include <json-c/json.h>
#include <string.h>

enum { LOGIN_BYTES = 64 * 1024 };

struct OdkSession {
    const Source *source;
    const char *folder;
    Transport *transport;
    char *root; /* https://HOST/v1 */
    char *form; /* …/projects/1/forms/FORM */
    char *bearer;
    int problem;
    bool worked; /* a request succeeded since the login */
    bool tagged; /* the server has tags of events */
};

/* --- what refusals mean --- */

typedef struct {
    int problem;
    InnsiktError code;
    const char *meaning;
} Meaning;

static const Meaning meanings[] = {
    {40120, INNSIKT_ERROR_SESSION, "the session has ended"},
    {40130, INNSIKT_ERROR_USAGE, "ODK Central wants https; write https:// in `url:`"},
    {40150, INNSIKT_ERROR_DISABLED,
     "this ODK Central logs in by single sign-on and takes no passwords; ask who runs it for an "
     "account with a password"},
    {40310, INNSIKT_ERROR_PERMISSION,
     "this user may not read the form; give it the role Project Viewer in the project"},
    {40410, INNSIKT_ERROR_NOT_FOUND,
     "there is no such project or form, or this user cannot see it; check `url:` and `form:`, and "
     "that the user has a role in the project"},
    {40420, INNSIKT_ERROR_NOT_FOUND, "the address lacks /v1; check `url:`"},
    {40430, INNSIKT_ERROR_NOT_FOUND, "the address lacks /v1; check `url:`"},
    {ODK_TOKEN_STALE, INNSIKT_ERROR_PROTOCOL, "the list changed while it was read; try again"},
    {ODK_TOKEN_INVALID, INNSIKT_ERROR_PROTOCOL, "the list changed while it was read; try again"},
};

/* 401.2 is 40120, 400.18 is 40018: no code ends in a zero, so that these stay apart. Read from the
 * text, since a refusal may come cut, and as JSON or XML. */
static int problem_of(const char *refusal)
{
    static const char *const places[] = {"\"code\":", "code=\""};
    for (size_t i = 0; refusal && i < G_N_ELEMENTS(places); i++) {
        const char *p = strstr(refusal, places[i]);
        if (!p)
            continue;
        p += strlen(places[i]);
        while (*p == ' ')
            p++;
        if (strspn(p, "0123456789") != 3 || p[3] != '.' || !g_ascii_isdigit(p[4]))
            continue;
        int second = g_ascii_isdigit(p[5]) ? p[5] - '0' : 0;
        return (int)g_ascii_strtoll(p, NULL, 10) * 100 + (p[4] - '0') * 10 + second;
    }
    return 0;
}

static void set_refused(OdkSession *session, const HttpRequest *request, const HttpReply *reply,
                        const char *refusal, GError **error)
{
    session->problem = problem_of(refusal);
    for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++)
        if (meanings[i].problem == session->problem) {
            g_set_error(error, INNSIKT_ERROR, meanings[i].code, "%s: %s", request->what,
                        meanings[i].meaning);
            return;
        }
    transport_refused(request, reply, refusal, error);
}

void odk_session_alien(const char *what, const char *text, GError **error)
{
    g_autofree char *words = transport_excerpt(text);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                "%s: this is no answer of ODK Central; check `url:`. The server says: «%s»", what,
                words);
}

/* --- sending --- */

/* Other tags tell of a reply's bytes alone, which of a mere number say next to nothing. */
static bool tells_events(const HttpReply *reply)
{
    return g_str_has_prefix(reply->etag, "W/\"eventhash:");
}

static bool send_request(OdkSession *session, const HttpRequest *request, HttpSink sink,
                         HttpRestart restart, gpointer data, GError **error)
{
    HttpReply reply = {0};
    g_autofree char *refusal = NULL;
    session->problem = 0;
    if (!session->transport->send(session->transport, request, sink, restart, data, &reply,
                                  &refusal, error))
        return false;
    session->tagged = session->tagged || tells_events(&reply);
    if (reply.status >= 200 && reply.status <= 299)
        return true;
    set_refused(session, request, &reply, refusal, error);
    return false;
}

typedef struct {
    GByteArray *bytes;
    size_t limit;
    const char *what;
} Body;

static bool body_take(const char *bytes, size_t n, gpointer data, GError **error)
{
    Body *body = data;
    if (n > body->limit - body->bytes->len) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT,
                    "%s: the reply is longer than the %zu bytes that are read", body->what,
                    body->limit);
        return false;
    }
    g_byte_array_append(body->bytes, (const guint8 *)bytes, (guint)n);
    return true;
}

static void body_restart(gpointer data)
{
    g_byte_array_set_size(((Body *)data)->bytes, 0);
}

/* NUL-terminated behind its size. */
static GBytes *body_bytes(GByteArray *bytes)
{
    gsize n = bytes->len;
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    return g_bytes_new_take(g_byte_array_free(bytes, FALSE), n);
}

/* --- logging in and out --- */

static char *login_body(const char *user, const char *password)
{
    static const char head[] = "{\"email\":", middle[] = ",\"password\":";
    char *body = g_malloc0(sizeof head + sizeof middle + 6 * (strlen(user) + strlen(password)) + 8);
    char *to = g_stpcpy(body, head);
    to = login_quote(to, user);
    to = g_stpcpy(to, middle);
    to = login_quote(to, password);
    g_stpcpy(to, "}");
    return body;
}

/* A token goes into a header: nothing in it may end the line. */
static bool token_sound(const char *token)
{
    for (const char *p = token; *p; p++)
        if (!g_ascii_isgraph(*p))
            return false;
    return *token != '\0';
}

static bool keep_token(OdkSession *session, const char *reply, GError **error)
{
    json_object *value = json_tokener_parse(reply), *token = NULL;
    bool found = json_object_is_type(value, json_type_object) &&
                 json_object_object_get_ex(value, "token", &token) &&
                 json_object_is_type(token, json_type_string) &&
                 token_sound(json_object_get_string(token));
    if (found) {
        secret_free(session->bearer);
        session->bearer =
            g_strconcat("Authorization: Bearer ", json_object_get_string(token), NULL);
        session->worked = false;
    } else if (value) {
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                            "the server answers the login with no token");
    } else {
        odk_session_alien("login", reply, error);
    }
    json_object_put(value);
    return found;
}

/* The words for a login that was refused: a wrong password is no ended session, and a server
 * without passwords has no such address. */
static void judge_login(const OdkSession *session, GError **error)
{
    if (session->problem == 40120) {
        g_clear_error(error);
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_AUTH,
                    "login: ODK Central refuses the user or the password; check `user:` and "
                    "`password:` of source %s",
                    session->source->name);
    } else if (session->problem == 40410) {
        g_clear_error(error);
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_DISABLED,
                            "login: this ODK Central takes no passwords, perhaps for single "
                            "sign-on; ask who runs it for an account with a password");
    }
}

static bool send_login(gpointer data, const char *user, const char *password, GError **error)
{
    OdkSession *session = data;
    static const char *const headers[] = {"Content-Type: application/json",
                                          "Accept: application/json", NULL};
    g_autofree char *url = g_strconcat(session->root, "/sessions", NULL);
    char *text = login_body(user, password);
    /* Never repeated: servers count refused logins. */
    HttpRequest request = {.method = "POST",
                           .url = url,
                           .headers = headers,
                           .body = text,
                           .body_length = strlen(text),
                           .what = "login"};
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    Body body = {bytes, LOGIN_BYTES, request.what};
    g_autoptr(GError) trouble = NULL;
    bool ok = send_request(session, &request, body_take, body_restart, &body, &trouble);
    secret_free(text);
    if (!ok) {
        judge_login(session, &trouble);
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    char *reply = g_strndup((const char *)bytes->data, bytes->len);
    ok = keep_token(session, reply, error);
    secret_free(reply);
    explicit_bzero(bytes->data, bytes->len);
    return ok;
}

static bool log_in(OdkSession *session, GError **error)
{
    return login_send(session->source, session->folder, session->transport, session->root,
                      send_login, session, error);
}

static void log_out(OdkSession *session)
{
    if (!session->bearer)
        return;
    g_autofree char *url = g_strconcat(session->root, "/sessions/current", NULL);
    const char *const headers[] = {session->bearer, "Accept: application/json", NULL};
    HttpRequest request = {
        .method = "DELETE", .url = url, .headers = headers, .parting = true, .what = "logout"};
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    Body body = {bytes, LOGIN_BYTES, request.what};
    /* If it fails, the session dies by itself within a day. */
    send_request(session, &request, body_take, body_restart, &body, NULL);
}

/* --- addresses --- */

/* `…/v1/projects/1` from that, or from the address that Central shows in the browser:
 * `https://HOST/projects/1/forms`, `https://HOST/#/projects/1`. */
static bool find_project(OdkSession *session, GError **error)
{
    static const char *const tails[] = {"/", "/#!", "/#", "/v1", "/"};
    const char *url = session->source->url ? session->source->url : "";
    g_autofree char *whole = g_strconcat(strstr(url, "://") ? "" : "https://", url, NULL);
    char *projects = strstr(whole, "/projects/");
    const char *number = projects ? projects + strlen("/projects/") : "";
    size_t digits = strspn(number, "0123456789");
    if (!projects || !digits) {
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                            "an ODK source's `url:` ends in its project, like "
                            "https://odk.example.no/v1/projects/1");
        return false;
    }
    g_autofree char *project = g_strndup(number, digits);
    *projects = '\0';
    for (size_t i = 0; i < G_N_ELEMENTS(tails); i++)
        if (g_str_has_suffix(whole, tails[i]))
            whole[strlen(whole) - strlen(tails[i])] = '\0';
    g_autofree char *form = g_uri_escape_string(session->source->form, NULL, FALSE);
    session->root = g_strconcat(whole, "/v1", NULL);
    session->form = g_strdup_printf("%s/projects/%s/forms/%s", session->root, project, form);
    return true;
}

OdkSession *odk_session_open(const Source *source, const char *folder, Transport *transport,
                             GError **error)
{
    OdkSession *session = g_new0(OdkSession, 1);
    *session = (OdkSession){.source = source, .folder = folder, .transport = transport};
    if (find_project(session, error) && log_in(session, error))
        return session;
    odk_session_close(session);
    return NULL;
}

void odk_session_close(OdkSession *session)
{
    log_out(session);
    secret_free(session->bearer);
    g_free(session->root);
    g_free(session->form);
    g_free(session);
}

/* --- requests --- */

static bool get_once(OdkSession *session, const char *url, const char *what, HttpSink sink,
                     HttpRestart restart, gpointer data, GError **error)
{
    /* Errors come as JSON whatever is asked for; form.xml wants any kind accepted. */
    const char *const headers[] = {session->bearer, "Accept: application/json, */*", NULL};
    HttpRequest request = {
        .method = "GET", .url = url, .headers = headers, .repeatable = true, .what = what};
    if (!send_request(session, &request, sink, restart, data, error))
        return false;
    session->worked = true;
    return true;
}

bool odk_session_stream(OdkSession *session, const char *suffix, const char *what, HttpSink sink,
                        HttpRestart restart, gpointer data, GError **error)
{
    g_autofree char *url = g_strconcat(session->form, suffix, NULL);
    g_autoptr(GError) trouble = NULL;
    while (!get_once(session, url, what, sink, restart, data, &trouble)) {
        bool ended = g_error_matches(trouble, INNSIKT_ERROR, INNSIKT_ERROR_SESSION);
        if (ended && session->worked) {
            g_clear_error(&trouble);
            if (log_in(session, &trouble))
                continue;
        } else if (ended) {
            trouble->code = INNSIKT_ERROR_AUTH;
        }
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    return true;
}

GBytes *odk_session_fetch(OdkSession *session, const char *suffix, const char *what, size_t limit,
                          GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    Body body = {bytes, limit, what};
    if (!odk_session_stream(session, suffix, what, body_take, body_restart, &body, error))
        return NULL;
    return body_bytes(g_steal_pointer(&bytes));
}

static bool drop(const char *bytes, size_t n, gpointer data, GError **error)
{
    (void)bytes;
    (void)n;
    (void)data;
    (void)error;
    return true;
}

static void drop_restart(gpointer data)
{
    (void)data;
}

bool odk_session_same(OdkSession *session, const char *suffix, const char *known, char **ret_tag)
{
    g_autofree char *url = g_strconcat(session->form, suffix, NULL), *refusal = NULL;
    g_autofree char *condition = known ? g_strconcat("If-None-Match: ", known, NULL) : NULL;
    const char *const headers[] = {session->bearer, "Accept: application/json, */*", condition,
                                   NULL};
    HttpRequest request = {.method = "GET",
                           .url = url,
                           .headers = headers,
                           .repeatable = true,
                           .what = "whether anything has changed"};
    HttpReply reply = {0};
    *ret_tag = NULL;
    if (!session->transport->send(session->transport, &request, drop, drop_restart, NULL, &reply,
                                  &refusal, NULL))
        return false;
    session->worked = session->worked || reply.status == 200 || reply.status == 304;
    if (reply.status == 200 && tells_events(&reply))
        *ret_tag = g_strdup(reply.etag);
    return known && reply.status == 304;
}

bool odk_session_tagged(const OdkSession *session)
{
    return session->tagged;
}

int odk_session_problem(const OdkSession *session)
{
    return session->problem;
}
