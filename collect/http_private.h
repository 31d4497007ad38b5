/* What the files of the transport share: this is the border to libcurl. Only collect/http*.c
 * include it. */
#ifndef INNSIKT_COLLECT_HTTP_PRIVATE_H
#define INNSIKT_COLLECT_HTTP_PRIVATE_H

#include "collect/http.h"
#include "collect/http_address.h"

#include <curl/curl.h>

/* --- the pool (http_pool.c); every function may be called from any thread --- */

/* A handle for one request, with the connections it was given back with under the same key, or a
 * new one (*ret_new). Give it back. */
CURL *http_pool_take(HttpPool *pool, const char *key, bool *ret_new);
void http_pool_give(HttpPool *pool, const char *key, CURL *handle);

/* --- the circuit of each server (http_pool.c); times are µs of a clock that never jumps back ---
 */

/* Asked before a request's first try. False with an error (NETWORK or RATE) while the circuit is
 * open; when it has been open long enough, one request at a time is let through to see. */
bool http_circuit_enter(HttpPool *pool, const HttpAddress *address, const char *what, int64_t now,
                        GError **error);
/* What one try came to: whether the server is there. */
void http_circuit_note(HttpPool *pool, const HttpAddress *address, bool there);
/* After the last try, whatever it came to. `wait`: µs for which the server asked to be left alone,
 * 0 for none. */
void http_circuit_leave(HttpPool *pool, const HttpAddress *address, int64_t now, int64_t wait);

/* --- redirects (http_redirect.c) --- */

/* Whether a request may be sent on: GET only, never down to plain http, with credentials only to
 * the same scheme, host and port. */
bool http_redirect_allowed(const HttpRequest *request, const HttpAddress *from,
                           const HttpAddress *to, bool insecure, GError **error);

/* --- what libcurl's failures mean (http_trouble.c) --- */

typedef struct {
    CURLcode code;
    InnsiktError kind;
    bool again; /* may pass by itself */
    const char *meaning;
} HttpTrouble;

/* `complaint` is libcurl's own text, which tells apart what shares a code. */
HttpTrouble http_trouble(CURLcode code, const char *complaint);

#endif
