#include "collect/http_address.h"

#include "schemas/error.h"

#include <curl/curl.h>
#include <gio/gio.h>
#include <string.h>

void http_address_clear(HttpAddress *address)
{
    g_free(address->scheme);
    g_free(address->host);
    g_free(address->port);
    g_free(address->origin);
    g_free(address->shown);
}

static char *url_part(CURLU *url, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
        return NULL;
    char *copy = g_strdup(text);
    curl_free(text);
    return copy;
}

/* The address as messages may show it: no user, no query, and no token in the path (ODK Central has
 * …/key/TOKEN/…). */
static char *shown_url(const char *scheme, const char *host, const char *port, const char *path)
{
    g_auto(GStrv) steps = g_strsplit(path ? path : "/", "/", -1);
    for (size_t i = 0; steps[i] && steps[i + 1]; i++)
        if (g_str_equal(steps[i], "key")) {
            g_free(steps[i + 1]);
            steps[i + 1] = g_strdup("…");
        }
    g_autofree char *clean = g_strjoinv("/", steps);
    return g_strdup_printf("%s://%s%s%s%s", scheme, host, port ? ":" : "", port ? port : "", clean);
}

static char *origin_of(const HttpAddress *address)
{
    g_autofree char *whole = g_strdup_printf("%s://%s:%s", address->scheme, address->host,
                                             address->port ? address->port : "");
    return g_ascii_strdown(whole, -1);
}

bool http_address_parse(const char *text, HttpAddress *ret, GError **error)
{
    HttpAddress found = {0};
    CURLU *url = curl_url();
    bool ok = curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK;
    if (ok) {
        g_autofree char *user = url_part(url, CURLUPART_USER, 0);
        g_autofree char *port = url_part(url, CURLUPART_PORT, 0);
        g_autofree char *path = url_part(url, CURLUPART_PATH, 0);
        found.scheme = url_part(url, CURLUPART_SCHEME, 0);
        found.host = url_part(url, CURLUPART_HOST, 0);
        found.port = url_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
        found.credentials = user != NULL;
        ok = found.scheme && found.host;
        if (ok) {
            found.shown = shown_url(found.scheme, found.host, port, path);
            found.origin = origin_of(&found);
        }
    }
    curl_url_cleanup(url);
    if (ok)
        *ret = found;
    else
        http_address_clear(&found);
    if (!ok)
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                            "the address of the form server is no web address; write "
                            "`url: https://…` in project.yaml");
    return ok;
}

bool http_address_loopback(const HttpAddress *address)
{
    if (g_ascii_strcasecmp(address->host, "localhost") == 0)
        return true;
    g_autofree char *host = g_strdup(address->host);
    size_t n = strlen(host);
    bool bracketed = n > 2 && host[0] == '[' && host[n - 1] == ']';
    if (bracketed)
        host[n - 1] = '\0';
    g_autoptr(GInetAddress) ip = g_inet_address_new_from_string(bracketed ? host + 1 : host);
    return ip && g_inet_address_get_is_loopback(ip);
}

bool http_address_allowed(const HttpAddress *address, bool insecure, GError **error)
{
    if (g_ascii_strcasecmp(address->scheme, "https") == 0)
        return true;
    if (g_ascii_strcasecmp(address->scheme, "http") != 0) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "%s: form servers are reached over https, not %s", address->shown,
                    address->scheme);
        return false;
    }
    if (insecure || http_address_loopback(address))
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "%s: plain http lets anybody on the way read passwords and answers; write https, "
                "or `insecure: true` for this source",
                address->shown);
    return false;
}
