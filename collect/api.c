#include "collect/api.h"

#include "collect/login.h"
#include "collect/oauth.h"
#include "schemas/instant.h"
#include "schemas/secret.h"

#include <string.h>

enum {
    JSON_BYTES = 16 * 1024 * 1024,
    JSON_VALUES = 1000 * 1000,
};

struct Api {
    const Source *source;
    const char *folder;
    Transport *transport;
    ApiRules rules;
    char *login;   /* the header with the credential; NULL: none */
    int64_t renew; /* when to ask for another token, µs; INT64_MAX: when it is refused */
    int status;
};

/* --- logging in ------------------------------------------------------------------------------ */

/* A token goes into a header: nothing in it may end the line. */
static bool token_sound(const Api *api, const char *token, GError **error)
{
    for (const char *p = token; *p; p++)
        if (!g_ascii_isgraph(*p)) {
            g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                        "the token of source %s holds blanks or other letters that no token has; "
                        "check `token:`",
                        api->source->name);
            return false;
        }
    return true;
}

static bool take_token(Api *api, const char *head, GError **error)
{
    const Source *source = api->source;
    if (!source->token_ref) {
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                            "`token:` is missing, and the form server asks for it; add `token: "
                            "env:NAME`");
        return false;
    }
    char *token = secret_read(source->token_ref, api->folder, error);
    bool sound = token && token_sound(api, token, error);
    if (sound)
        api->login = g_strconcat(head, token, NULL);
    secret_free(token);
    return sound;
}

/* In time before the token ends, so that no reply is lost to it. */
static int64_t renewal(int64_t seconds)
{
    return seconds > 0 ? instant_now() + seconds * G_USEC_PER_SEC / 10 * 9 : INT64_MAX;
}

static bool ask_for_token(Api *api, GError **error)
{
    char *id, *secret;
    if (!login_read(api->source, api->folder, &id, &secret, error))
        return false;
    const OauthClient client = {api->rules.token_url, id, secret, api->source->scope};
    int64_t seconds;
    char *token = oauth_token(api->transport, &client, &seconds, error);
    secret_free(id);
    secret_free(secret);
    if (!token)
        return false;
    secret_free(api->login);
    api->login = g_strconcat("Authorization: Bearer ", token, NULL);
    api->renew = renewal(seconds);
    secret_free(token);
    return true;
}

static bool log_in(Api *api, GError **error)
{
    switch (api->rules.auth) {
    case AUTH_NONE:
        return true;
    case AUTH_BASIC:
        api->login = login_basic(api->source, api->folder, error);
        return api->login != NULL;
    case AUTH_BEARER:
        return take_token(api, "Authorization: Bearer ", error);
    case AUTH_HEADER:
        return take_token(api, api->rules.token_header, error);
    case AUTH_CLIENT:
        return ask_for_token(api, error);
    }
    g_return_val_if_reached(false);
}

Api *api_open(const CollectContext *context, const ApiRules *rules, GError **error)
{
    Api *api = g_new0(Api, 1);
    *api = (Api){.source = context->source,
                 .folder = context->project->folder,
                 .transport = context->transport,
                 .rules = *rules,
                 .renew = INT64_MAX};
    if (log_in(api, error))
        return api;
    api_close(api);
    return NULL;
}

void api_close(Api *api)
{
    if (!api)
        return;
    secret_free(api->login);
    g_free(api);
}

/* --- what refusals mean ---------------------------------------------------------------------- */

/* What servers call their own words, the most telling first (form-systems.md 8.3). */
static const char *words_of(json_object *body)
{
    static const char *const places[] = {
        "/detail",        "/title",       "/message", "/error_description",
        "/error/message", "/description", "/error",   "/status"};
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        const char *words = json_text(json_at(body, places[i]));
        if (words && *words)
            return words;
    }
    return NULL;
}

static void set_refused(const Api *api, const HttpRequest *request, const HttpReply *reply,
                        const char *refusal, GError **error)
{
    json_object *body = refusal ? json_tree(refusal, strlen(refusal), NULL, NULL) : NULL;
    const char *words = words_of(body);
    const ApiMeaning *meaning = api->rules.meanings;
    while (meaning && meaning->status && meaning->status != reply->status)
        meaning++;
    if (meaning && meaning->status) {
        g_autofree char *said = transport_excerpt(words ? words : "");
        g_set_error(error, INNSIKT_ERROR, meaning->code, "%s: HTTP %d: %s%s%s%s", request->what,
                    reply->status, meaning->meaning, *said ? "; it says: «" : "", said,
                    *said ? "»" : "");
    } else {
        transport_refused(request, reply, words ? words : refusal, error);
    }
    json_object_put(body);
}

/* --- requests -------------------------------------------------------------------------------- */

typedef struct {
    const char *url, *accept, *what;
    HttpSink sink;
    HttpRestart restart;
    gpointer data;
} Ask;

static bool send_once(Api *api, const Ask *ask, HttpReply *ret_reply, GError **error)
{
    g_autofree char *accept = g_strconcat("Accept: ", ask->accept, NULL);
    const char *const headers[] = {accept, api->login, NULL};
    HttpRequest request = {.method = "GET",
                           .url = ask->url,
                           .headers = headers,
                           .repeatable = true,
                           .what = ask->what};
    g_autofree char *refusal = NULL;
    *ret_reply = (HttpReply){0};
    api->status = 0;
    if (!api->transport->send(api->transport, &request, ask->sink, ask->restart, ask->data,
                              ret_reply, &refusal, error))
        return false;
    api->status = ret_reply->status;
    if (api->status >= 200 && api->status <= 299)
        return true;
    set_refused(api, &request, ret_reply, refusal, error);
    return false;
}

static bool send_renewing(Api *api, const Ask *ask, HttpReply *ret_reply, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    if (instant_now() >= api->renew && !ask_for_token(api, error))
        return false;
    if (send_once(api, ask, ret_reply, &trouble))
        return true;
    if (api->status == 401 && api->rules.auth == AUTH_CLIENT)
        return ask_for_token(api, error) && send_once(api, ask, ret_reply, error);
    g_propagate_error(error, g_steal_pointer(&trouble));
    return false;
}

static bool feed(const char *bytes, size_t n, gpointer data, GError **error)
{
    return records_feed(data, bytes, n, error);
}

static void restart(gpointer data)
{
    records_restart(data);
}

bool api_records(Api *api, const char *url, const char *what, Records *records,
                 HttpReply *ret_reply, GError **error)
{
    Ask ask = {url,     api->rules.accept ? api->rules.accept : "application/json",
               what,    feed,
               restart, records};
    HttpReply reply;
    for (int again = 1;; again--) {
        g_autoptr(GError) trouble = NULL;
        records_restart(records);
        if (send_renewing(api, &ask, ret_reply ? ret_reply : &reply, &trouble) &&
            records_end(records, &trouble))
            return true;
        if (again > 0 && records_broken(records))
            continue;
        if (g_error_matches(trouble, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL) &&
            !g_str_has_prefix(trouble->message, what))
            g_prefix_error(&trouble, "%s: ", what);
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
}

typedef struct {
    GByteArray *bytes;
    const char *what;
} Whole;

static bool whole_take(const char *bytes, size_t n, gpointer data, GError **error)
{
    Whole *whole = data;
    if (n > JSON_BYTES - whole->bytes->len) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT,
                    "%s: the reply is longer than the 16 MiB that are read", whole->what);
        return false;
    }
    g_byte_array_append(whole->bytes, (const guint8 *)bytes, (guint)n);
    return true;
}

static void whole_restart(gpointer data)
{
    g_byte_array_set_size(((Whole *)data)->bytes, 0);
}

json_object *api_json(Api *api, const char *url, const char *what, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    Whole whole = {bytes, what};
    Ask ask = {url, "application/json", what, whole_take, whole_restart, &whole};
    HttpReply reply;
    if (!send_renewing(api, &ask, &reply, error))
        return NULL;
    const char *text = bytes->len ? (const char *)bytes->data : "", *why;
    size_t n = bytes->len;
    if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        n -= 3;
    }
    json_object *value = json_tree_large(text, n, JSON_VALUES, &why);
    if (value)
        return value;
    /* A page for people may be shown; anything else may be answers. */
    bool page = n > 0 && *text == '<';
    g_autofree char *copy = g_strndup(text, page ? n : 0);
    g_autofree char *words = transport_excerpt(copy);
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                "%s: the reply %s; check `url:`%s%s%s", what,
                page ? "is no JSON but a web page" : why, *words ? ". The server says: «" : "",
                words, *words ? "»" : "");
    return NULL;
}

int api_status(const Api *api)
{
    return api->status;
}

char *api_address(const char *url, const char *name, const char *value)
{
    g_autofree char *key = g_uri_escape_string(name, NULL, FALSE);
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
    const char *mark = strchr(url, '?');
    const char *joint = !mark ? "?" : mark[1] ? "&" : "";
    return g_strconcat(url, joint, key, "=", escaped, NULL);
}
