/* A server of a few scripted replies on the loopback address, byte for byte, each on a connection
 * of its own unless the one before it says otherwise. */
#ifndef INNSIKT_TESTS_LOOPBACK_H
#define INNSIKT_TESTS_LOOPBACK_H

#include <arpa/inet.h>
#include <glib.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    const char *bytes; /* with the status line; NULL: hang up without a word */
    size_t n;          /* 0: strlen */
    bool reset;        /* end with a reset in place of a proper end */
    bool endless;      /* say the last byte again and again until the other side has had enough */
    bool silent;       /* then say no more and hold the line */
    bool keep;         /* the next reply goes over the same connection, if it is asked for there */
} Scripted;

typedef struct {
    int socket, port;
    const Scripted *replies;
    size_t n;
    GThread *thread;
    GPtrArray *requests; /* whole, as text */
    guint connections;
    volatile gint over;
} Loopback;

static inline char *loopback_read(int peer)
{
    GString *request = g_string_new(NULL);
    char part[4096];
    for (;;) {
        ssize_t got = recv(peer, part, sizeof part, 0);
        if (got <= 0)
            break;
        g_string_append_len(request, part, got);
        const char *body = strstr(request->str, "\r\n\r\n");
        const char *length = strstr(request->str, "Content-Length: ");
        size_t due = length ? (size_t)g_ascii_strtoull(length + 16, NULL, 10) : 0;
        if (body && request->len - (size_t)(body + 4 - request->str) >= due)
            break;
    }
    return g_string_free(request, FALSE);
}

static inline void loopback_say(Loopback *server, int peer, const Scripted *reply)
{
    if (!reply->bytes)
        return;
    size_t n = reply->n ? reply->n : strlen(reply->bytes);
    ssize_t sent = send(peer, reply->bytes, n, MSG_NOSIGNAL);
    while (reply->endless && sent > 0) {
        char more[4096];
        memset(more, reply->bytes[n - 1], sizeof more);
        sent = send(peer, more, sizeof more, MSG_NOSIGNAL);
    }
    char nothing;
    while (reply->silent && !g_atomic_int_get(&server->over) && recv(peer, &nothing, 1, 0) > 0)
        ;
}

static inline void loopback_hang_up(int peer, bool reset)
{
    struct linger at_once = {1, 0};
    if (reset)
        setsockopt(peer, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(peer);
}

static inline gpointer loopback_serve(gpointer data)
{
    Loopback *server = data;
    int peer = -1;
    for (size_t i = 0; i < server->n;) {
        if (peer < 0) {
            peer = accept(server->socket, NULL, NULL);
            if (peer < 0)
                return NULL;
            server->connections++;
        }
        char *request = loopback_read(peer);
        if (!*request && i > 0 && server->replies[i - 1].keep) { /* the client hung up first */
            g_free(request);
            close(peer);
            peer = -1;
            continue;
        }
        g_ptr_array_add(server->requests, request);
        loopback_say(server, peer, &server->replies[i]);
        if (!server->replies[i].keep) {
            loopback_hang_up(peer, server->replies[i].reset);
            peer = -1;
        }
        i++;
    }
    if (peer >= 0)
        close(peer);
    return NULL;
}

/* The replies must outlive the server. port 0: a free one. */
static inline Loopback *loopback_start_at(int port, const Scripted *replies, size_t n)
{
    Loopback *server = g_new0(Loopback, 1);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((guint16)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    server->socket = socket(AF_INET, SOCK_STREAM, 0);
    g_assert_cmpint(bind(server->socket, (struct sockaddr *)&address, length), ==, 0);
    g_assert_cmpint(listen(server->socket, 8), ==, 0);
    g_assert_cmpint(getsockname(server->socket, (struct sockaddr *)&address, &length), ==, 0);
    server->port = ntohs(address.sin_port);
    server->replies = replies;
    server->n = n;
    server->requests = g_ptr_array_new_with_free_func(g_free);
    server->thread = g_thread_new("loopback", loopback_serve, server);
    return server;
}

static inline Loopback *loopback_start(const Scripted *replies, size_t n)
{
    return loopback_start_at(0, replies, n);
}

/* Ends it; how many requests came is known from then on. */
static inline guint loopback_end(Loopback *server)
{
    g_atomic_int_set(&server->over, 1);
    shutdown(server->socket, SHUT_RDWR);
    g_thread_join(server->thread);
    close(server->socket);
    return server->requests->len;
}

static inline void loopback_free(Loopback *server)
{
    g_ptr_array_unref(server->requests);
    g_free(server);
}

#endif
