#include "collect/oauth.h"

#include "collect/json_tree.h"
#include "schemas/secret.h"

#include <string.h>

enum { REPLY_BYTES = 64 * 1024 };

/* --- what goes out --------------------------------------------------------------------------- */

/* Writes `text` as in a form (application/x-www-form-urlencoded) and gives the place behind it: at
 * most 3 bytes a byte, into memory of the final size, so that growing leaves no copy. */
static char *form_quote(char *to, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if (g_ascii_isalnum(*p) || strchr("-._*", *p)) {
            *to++ = (char)*p;
        } else if (*p == ' ') {
            *to++ = '+';
        } else {
            *to++ = '%';
            *to++ = digits[*p >> 4];
            *to++ = digits[*p & 15];
        }
    }
    return to;
}

/* Id and secret are quoted before Base64: a `:` or `%` in them must not part or change them. */
static char *authorization(const OauthClient *client)
{
    static const char head[] = "Authorization: Basic ";
    size_t room = 3 * (strlen(client->id) + strlen(client->secret)) + 2;
    char *pair = g_malloc0(room);
    char *end = form_quote(pair, client->id);
    *end++ = ':';
    end = form_quote(end, client->secret);
    char *base64 = g_base64_encode((const guchar *)pair, (gsize)(end - pair));
    char *header = g_strconcat(head, base64, NULL);
    secret_free(pair);
    secret_free(base64);
    return header;
}

static char *form_body(const OauthClient *client)
{
    static const char head[] = "grant_type=client_credentials", scope[] = "&scope=";
    size_t room = sizeof head + (client->scope ? sizeof scope + 3 * strlen(client->scope) : 0);
    char *body = g_malloc0(room + 1);
    char *end = g_stpcpy(body, head);
    if (client->scope)
        form_quote(g_stpcpy(end, scope), client->scope);
    return body;
}

/* --- what comes back ------------------------------------------------------------------------- */

static bool token_sound(const char *token)
{
    for (const char *p = token; *p; p++)
        if (!g_ascii_isgraph(*p))
            return false;
    return *token != '\0';
}

static char *read_token(const char *bytes, size_t n, int64_t *ret_seconds, GError **error)
{
    json_object *reply = json_tree(bytes, n, NULL, NULL);
    const char *token = json_member_text(reply, "access_token");
    const char *type = json_member_text(reply, "token_type");
    const char *seconds = json_member_text(reply, "expires_in");
    char *copy = NULL;
    if (!token || !token_sound(token))
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                            "login: the server answers with no token; check `token_url:`");
    else if (type && g_ascii_strcasecmp(type, "bearer") != 0)
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                            "login: the server gives a token that is no bearer token, which is the "
                            "only kind that is used");
    else
        copy = g_strdup(token);
    *ret_seconds = seconds ? (int64_t)CLAMP(g_ascii_strtod(seconds, NULL), 0, G_MAXINT32) : 0;
    json_object_put(reply);
    return copy;
}

/* The words of the standard, which come with status 400 or 401. */
static const struct {
    const char *word;
    InnsiktError code;
    const char *meaning;
} refusals[] = {
    {"invalid_client", INNSIKT_ERROR_AUTH,
     "the server refuses the client's id or secret; check `user:` and `password:`, and whether the "
     "client has expired"},
    {"unauthorized_client", INNSIKT_ERROR_PERMISSION,
     "this client may not log in by client credentials; ask who runs the server"},
    {"unsupported_grant_type", INNSIKT_ERROR_USAGE,
     "the server does not know client credentials; check `auth:` and `token_url:`"},
    {"invalid_scope", INNSIKT_ERROR_USAGE, "the server does not know the scope; check `scope:`"},
};

static void set_refused(const HttpRequest *request, const HttpReply *reply, const char *refusal,
                        GError **error)
{
    json_object *body =
        json_tree(refusal ? refusal : "", refusal ? strlen(refusal) : 0, NULL, NULL);
    const char *word = json_member_text(body, "error");
    bool known = false;
    for (size_t i = 0; i < G_N_ELEMENTS(refusals) && !known; i++) {
        known = g_strcmp0(word, refusals[i].word) == 0;
        if (known)
            g_set_error(error, INNSIKT_ERROR, refusals[i].code, "login: %s", refusals[i].meaning);
    }
    if (!known && reply->status == 401)
        g_set_error(error, INNSIKT_ERROR, refusals[0].code, "login: %s", refusals[0].meaning);
    else if (!known)
        transport_refused(request, reply, refusal, error);
    json_object_put(body);
}

/* --- the exchange ---------------------------------------------------------------------------- */

typedef struct {
    GByteArray *bytes;
} Reply;

static bool reply_take(const char *bytes, size_t n, gpointer data, GError **error)
{
    Reply *reply = data;
    if (n > REPLY_BYTES - reply->bytes->len) {
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                            "login: the reply is too long to be a token; check `token_url:`");
        return false;
    }
    g_byte_array_append(reply->bytes, (const guint8 *)bytes, (guint)n);
    return true;
}

static void reply_restart(gpointer data)
{
    g_byte_array_set_size(((Reply *)data)->bytes, 0);
}

char *oauth_token(Transport *transport, const OauthClient *client, int64_t *ret_seconds,
                  GError **error)
{
    char *header = authorization(client), *body = form_body(client);
    const char *const headers[] = {header, "Content-Type: application/x-www-form-urlencoded",
                                   "Accept: application/json", NULL};
    /* Asking for a fresh token twice does no harm; a refusal is no reason to ask again. */
    HttpRequest request = {.method = "POST",
                           .url = client->url,
                           .headers = headers,
                           .body = body,
                           .body_length = strlen(body),
                           .repeatable = true,
                           .what = "login"};
    g_autoptr(GByteArray) bytes = g_byte_array_sized_new(REPLY_BYTES);
    Reply taken = {bytes};
    HttpReply reply = {0};
    g_autofree char *refusal = NULL;
    char *token = NULL;
    bool sent = transport->send(transport, &request, reply_take, reply_restart, &taken, &reply,
                                &refusal, error);
    secret_free(header);
    g_free(body);
    if (sent && (reply.status < 200 || reply.status > 299))
        set_refused(&request, &reply, refusal, error);
    else if (sent)
        token = read_token((const char *)bytes->data, bytes->len, ret_seconds, error);
    explicit_bzero(bytes->data, REPLY_BYTES); /* also what came before a restart */
    return token;
}
