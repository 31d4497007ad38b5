/* OAuth 2 client credentials (RFC 6749, section 4.4): a token for an id and a secret. */
#ifndef INNSIKT_COLLECT_OAUTH_H
#define INNSIKT_COLLECT_OAUTH_H

#include "collect/transport.h"

typedef struct {
    const char *url; /* of the token endpoint */
    const char *id, *secret;
    const char *scope; /* NULL: none is asked for */
} OauthClient;

/* Asks for a token; the caller frees it with secret_free. *ret_seconds: how long it lasts by what
 * the server says, 0 when it does not say. AUTH when the client is refused, which is never tried
 * again; PROTOCOL when the reply holds no token that fits into a header. */
char *oauth_token(Transport *transport, const OauthClient *client, int64_t *ret_seconds,
                  GError **error);

#endif
