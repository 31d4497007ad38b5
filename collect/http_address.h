/* Addresses of the web as the transport sees them: what may be asked, what may be shown, and
 * whether two are of one server. Only collect/http*.c include this. */
#ifndef INNSIKT_COLLECT_HTTP_ADDRESS_H
#define INNSIKT_COLLECT_HTTP_ADDRESS_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
    char *scheme, *host, *port; /* the port also where it is the scheme's own */
    char *origin;               /* scheme://host:port, in small letters */
    char *shown; /* for messages: no user, no query, no token in the path (…/key/TOKEN/…) */
    bool credentials; /* user or password inside the address */
} HttpAddress;

void http_address_clear(HttpAddress *address);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HttpAddress, http_address_clear)

/* USAGE when it is no web address. *ret is written on success only. */
bool http_address_parse(const char *text, HttpAddress *ret, GError **error);

/* localhost, or an address of this machine's loopback network. */
bool http_address_loopback(const HttpAddress *address);

/* https, or plain http on this machine or where it is allowed; else USAGE. */
bool http_address_allowed(const HttpAddress *address, bool insecure, GError **error);

#endif
