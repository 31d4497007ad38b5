/* How collectors reach a server. http.c answers with libcurl, tests answer from recorded replies,
 * and a collector cannot tell which. Bodies are streamed, so that memory does not grow with the
 * answer. */
#ifndef INNSIKT_COLLECT_TRANSPORT_H
#define INNSIKT_COLLECT_TRANSPORT_H

#include "schemas/error.h"

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *method; /* "GET", "POST" */
    const char *url;
    const char *const *headers; /* "Name: value", NULL-terminated; may be NULL */
    const char *body;           /* may be NULL */
    size_t body_length;
    bool repeatable;  /* sending it twice does no harm: may be retried */
    bool parting;     /* gives a session back: tried once even if the server seems to be down */
    const char *what; /* for messages and progress: "responses 501–1000"; never a secret */
} HttpRequest;

typedef struct {
    int status;
    int tries; /* 1: at the first */
    char content_type[128];
    char etag[256], last_modified[64]; /* as the server wrote them; "" when it did not */
    char link[2048];    /* all Link headers, commas between; "" when there is none, or too much */
    int64_t body_bytes; /* after decompression */
    int64_t ahead;      /* s the server's clock (header Date) is ahead of ours; 0: not told */
} HttpReply;

/* Takes body bytes as they come; false with an error stops the transfer. */
typedef bool (*HttpSink)(const char *bytes, size_t n, gpointer data, GError **error);

/* Called before a request is repeated, so that a sink can forget what it got. */
typedef void (*HttpRestart)(gpointer data);

typedef struct LoginBook LoginBook; /* login.h */

typedef struct Transport Transport;
struct Transport {
    /* Sends and waits. True when a whole reply arrived, whatever its status; the body of a status
     * other than 2xx is not given to the sink but kept, cut, in *ret_refusal (caller owns). */
    bool (*send)(Transport *self, const HttpRequest *request, HttpSink sink, HttpRestart restart,
                 gpointer data, HttpReply *ret, char **ret_refusal, GError **error);
    void (*free)(Transport *self);
    LoginBook *logins; /* shared by the transports of a run; NULL: each logs in for itself */
};

/* The whole body at once, at most `limit` bytes, for small replies. NUL-terminated. */
GBytes *transport_fetch(Transport *transport, const HttpRequest *request, size_t limit,
                        HttpReply *ret, GError **error);
void transport_free(Transport *transport);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transport, transport_free)

/* Another's replies, unchanged, while *ahead becomes the `ahead` of the last that told its time.
 * Both must outlive the result; freeing it leaves `inner`. */
Transport *transport_watch(Transport *inner, int64_t *ahead);

/* Whether a text begins as a web page does. */
bool transport_is_page(const char *text);
/* The first printable characters of what a server said, blanks collapsed, for messages; of a web
 * page its title, or what it says without one. Caller owns. */
char *transport_excerpt(const char *text);

/* The error a refused request ends in: status line, the server's own words (first printable
 * characters of the body), kind by status. */
void transport_refused(const HttpRequest *request, const HttpReply *reply, const char *refusal,
                       GError **error);

#endif
