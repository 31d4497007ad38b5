#include "collect/http_private.h"

#include <string.h>

/* Headers that give nothing away; any other may hold a credential. */
static bool header_harmless(const char *header)
{
    static const char *const names[] = {"accept:",     "accept-language:", "content-type:",
                                        "user-agent:", "if-none-match:",   "if-modified-since:"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strncasecmp(header, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

static bool carries_credentials(const HttpRequest *request, const HttpAddress *address)
{
    if (address->credentials)
        return true;
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        if (!header_harmless(request->headers[i]))
            return true;
    return false;
}

bool http_redirect_allowed(const HttpRequest *request, const HttpAddress *from,
                           const HttpAddress *to, bool insecure, GError **error)
{
    if (!g_str_equal(request->method, "GET")) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
                    "%s: the server sends us on to %s; what is posted is not sent on. If that is "
                    "where the form server is now, write it in `url:`",
                    from->shown, to->shown);
        return false;
    }
    if (!g_str_equal(from->origin, to->origin) && carries_credentials(request, from)) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                    "%s: the server sends us on to %s; credentials are not taken to another "
                    "server. If that is where the form server is now, write it in `url:`",
                    from->shown, to->shown);
        return false;
    }
    bool down = g_ascii_strcasecmp(from->scheme, "https") == 0 &&
                g_ascii_strcasecmp(to->scheme, "https") != 0;
    if (down) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                    "%s: the server sends us on from https to plain http (%s); not followed",
                    from->shown, to->shown);
        return false;
    }
    return http_address_allowed(to, insecure, error);
}
