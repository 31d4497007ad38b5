#include "collect/transport.h"

#include "collect/plain.h"

#include <string.h>

/* The first printable characters of a refusal that are shown to the user. */
enum { SHOWN_CHARS = 200 };

typedef struct {
    GByteArray *bytes;
    size_t limit;
    const char *what;
} Fetch;

static bool fetch_take(const char *bytes, size_t n, gpointer data, GError **error)
{
    Fetch *fetch = data;
    if (n > fetch->limit - fetch->bytes->len) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT,
                    "%s: the reply is longer than the %zu bytes that are read", fetch->what,
                    fetch->limit);
        return false;
    }
    g_byte_array_append(fetch->bytes, (const guint8 *)bytes, (guint)n);
    return true;
}

static void fetch_restart(gpointer data)
{
    Fetch *fetch = data;
    g_byte_array_set_size(fetch->bytes, 0);
}

static GBytes *fetch_finish(GByteArray *bytes)
{
    gsize n = bytes->len;
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    return g_bytes_new_take(g_byte_array_free(bytes, FALSE), n);
}

GBytes *transport_fetch(Transport *transport, const HttpRequest *request, size_t limit,
                        HttpReply *ret, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    Fetch fetch = {bytes, limit, request->what};
    g_autofree char *refusal = NULL;
    HttpReply reply = {0};
    if (!transport->send(transport, request, fetch_take, fetch_restart, &fetch, &reply, &refusal,
                         error))
        return NULL;
    if (ret)
        *ret = reply;
    if (reply.status < 200 || reply.status > 299) {
        transport_refused(request, &reply, refusal, error);
        return NULL;
    }
    return fetch_finish(g_steal_pointer(&bytes));
}

void transport_free(Transport *transport)
{
    if (transport)
        transport->free(transport);
}

/* --- watching the clock --- */

typedef struct {
    Transport transport;
    Transport *inner;
    int64_t *ahead;
} Watch;

static bool watch_send(Transport *self, const HttpRequest *request, HttpSink sink,
                       HttpRestart restart, gpointer data, HttpReply *ret, char **ret_refusal,
                       GError **error)
{
    Watch *watch = (Watch *)self;
    if (!watch->inner->send(watch->inner, request, sink, restart, data, ret, ret_refusal, error))
        return false;
    if (ret->ahead)
        *watch->ahead = ret->ahead;
    return true;
}

static void watch_free(Transport *self)
{
    g_free(self);
}

Transport *transport_watch(Transport *inner, int64_t *ahead)
{
    Watch *watch = g_new(Watch, 1);
    *watch = (Watch){.transport = {.send = watch_send, .free = watch_free, .logins = inner->logins},
                     .inner = inner,
                     .ahead = ahead};
    return &watch->transport;
}

/* --- what a server says --- */

bool transport_is_page(const char *text)
{
    static const char *const signs[] = {"<!doctype html", "<html", "<head", "<body", "<script"};
    text += g_str_has_prefix(text, "\xEF\xBB\xBF") ? 3 : 0;
    while (g_ascii_isspace(*text))
        text++;
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
        if (!g_ascii_strncasecmp(text, signs[i], strlen(signs[i])))
            return true;
    return false;
}

/* The title of a page, or all its text. */
static char *page_text(const char *page)
{
    g_autofree char *lower = g_ascii_strdown(page, -1);
    const char *begin = strstr(lower, "<title"), *end = begin ? strstr(begin, "</title") : NULL;
    g_autofree char *title = end ? g_strndup(page + (begin - lower), (gsize)(end - begin)) : NULL;
    g_autofree char *said = title ? plain_text(title) : NULL;
    return said && *said ? g_steal_pointer(&said) : plain_text(page);
}

char *transport_excerpt(const char *text)
{
    g_autofree char *sound = g_utf8_make_valid(text, -1);
    g_autofree char *valid = transport_is_page(sound) ? page_text(sound) : g_steal_pointer(&sound);
    GString *shown = g_string_new(NULL);
    glong chars = 0;
    for (const char *p = valid; *p && chars < SHOWN_CHARS; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        bool blank = g_unichar_isspace(c) || !g_unichar_isprint(c);
        if (blank && (shown->len == 0 || shown->str[shown->len - 1] == ' '))
            continue;
        g_string_append_unichar(shown, blank ? ' ' : c);
        chars++;
    }
    g_strchomp(shown->str);
    return g_string_free(shown, FALSE);
}

typedef struct {
    int status;
    InnsiktError code;
    const char *meaning;
} Refusal;

static const Refusal refusals[] = {
    {401, INNSIKT_ERROR_AUTH, "the server wants a login, or refused the one it got"},
    {403, INNSIKT_ERROR_PERMISSION, "the server does not let this user in here"},
    {404, INNSIKT_ERROR_NOT_FOUND, "there is nothing at this address; check `url:`"},
    {405, INNSIKT_ERROR_NOT_FOUND, "this address takes no such request; check `url:`"},
    {407, INNSIKT_ERROR_AUTH, "the proxy wants a login"},
    {408, INNSIKT_ERROR_NETWORK, "the server gave up waiting; try again later"},
    {410, INNSIKT_ERROR_NOT_FOUND, "what was at this address is gone"},
    {413, INNSIKT_ERROR_LIMIT, "the server finds the request too large"},
    {429, INNSIKT_ERROR_RATE, "the server asks for fewer requests; try again later"},
    {500, INNSIKT_ERROR_NETWORK, "the server failed; try again later, or ask who runs it"},
    {502, INNSIKT_ERROR_NETWORK, "the server behind the gateway failed; try again later"},
    {503, INNSIKT_ERROR_NETWORK, "the server is not available; try again later"},
    {504, INNSIKT_ERROR_NETWORK, "the server behind the gateway was too slow; try again later"},
};

static Refusal refusal_of(int status)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++)
        if (refusals[i].status == status)
            return refusals[i];
    if (status >= 500)
        return (Refusal){status, INNSIKT_ERROR_NETWORK, "the server failed; try again later"};
    return (Refusal){status, INNSIKT_ERROR_PROTOCOL, "the server refused the request"};
}

void transport_refused(const HttpRequest *request, const HttpReply *reply, const char *refusal,
                       GError **error)
{
    Refusal known = refusal_of(reply->status);
    g_autofree char *words = transport_excerpt(refusal ? refusal : "");
    GString *message = g_string_new(NULL);
    g_string_append_printf(message, "%s: HTTP %d: %s", request->what, reply->status, known.meaning);
    if (reply->tries > 1)
        g_string_append_printf(message, " (%d tries)", reply->tries);
    if (*words)
        g_string_append_printf(message, "; it says: «%s»", words);
    g_set_error_literal(error, INNSIKT_ERROR, known.code, message->str);
    g_string_free(message, TRUE);
}
