/* The transport over libcurl: what every form system reached by HTTP shares. Decompresses, limits,
 * times out, retries and redirects by the rules of form-systems.md 8.3; proxy and CA come from the
 * source or from the environment as curl users know them (http_proxy, no_proxy …; CURL_CA_BUNDLE,
 * SSL_CERT_FILE, SSL_CERT_DIR). TLS is 1.2 or newer, over which HTTP/2 is spoken where the server
 * can.
 *
 * A request is sent again only when it says that this does no harm, after failure to connect,
 * silence, a body cut short, or status 408, 429, 500 (once), 502, 503, 504: at most 5 tries,
 * waiting 1, 2, 4, 8 s (± half) or as long as Retry-After says. Redirects are followed for GET
 * only, at most 3, never to plain http, and only to the same scheme, host and port when the request
 * carries credentials.
 *
 * A server that was not there 5 times in a row, the last of them at the end of a request's
 * patience, is left alone: for a minute every further request to it fails at once, then one is let
 * through to see. So is one that asks for a longer wait than we grant. */
#ifndef INNSIKT_COLLECT_HTTP_H
#define INNSIKT_COLLECT_HTTP_H

#include "collect/transport.h"

/* What -v shows of one exchange: never headers, bodies, queries or credentials. */
typedef struct {
    const char *method, *url, *what;
    int attempt;         /* from 1 */
    int status;          /* 0: no reply */
    int64_t bytes, ms;   /* bytes of the body after decompression */
    int64_t ahead;       /* s the server's clock (header Date) is ahead of ours; 0: not told */
    const char *version; /* "HTTP/2"; NULL: none came about */
    bool fresh;          /* a connection was opened for it */
    const char *trouble; /* why it failed; NULL when it did not */
} HttpTrace;

/* Time, so that tests need not wait. */
typedef struct {
    int64_t (*now)(gpointer data);            /* µs since 1970 UTC */
    void (*sleep)(int64_t us, gpointer data); /* called in slices, so that a stop is noticed */
    gpointer data;
} HttpClock;

/* Connections, TLS sessions and looked-up names that the transports of a run share, and which of
 * its servers are down. Any number of threads may use it, each with a transport of its own. */
typedef struct HttpPool HttpPool;
HttpPool *http_pool_new(void);
void http_pool_free(HttpPool *pool); /* after all its transports */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HttpPool, http_pool_free)

typedef struct {
    HttpPool *pool;    /* NULL: one of its own */
    LoginBook *logins; /* as in Transport */
    /* These three must outlive the transport; NULL: the environment's. */
    const char *ca_file, *pin;               /* as libcurl takes them */
    const char *proxy;                       /* ""; none, whatever the environment says */
    const char *proxy_user, *proxy_password; /* copied, and wiped at the end; NULL: none */
    bool insecure;                           /* plain http beyond loopback allowed */
    int64_t body_limit;                      /* bytes of one body after decompression; 0: 256 MiB */
    const volatile int *stop; /* read atomically. 1: try nothing again, wait for nothing; 2 or more:
                                 break off what is under way (CANCELLED); may be NULL */
    void (*trace)(const HttpTrace *trace, gpointer data); /* may be NULL */
    gpointer trace_data;
    HttpClock clock; /* functions NULL: the real one */
} HttpOptions;

/* Free with transport_free. Use it from one thread at a time. */
Transport *http_transport_new(const HttpOptions *options);

/* Seconds a Retry-After value asks to wait from `now` (µs UTC): whole seconds or one of the three
 * HTTP date forms; -1 when it is neither. A date that is past is 0. */
int64_t http_retry_after(const char *value, int64_t now);

#endif
