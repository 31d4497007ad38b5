/* An ODK Central behind the Transport interface that answers with recorded or made-up replies: the
 * first row whose text is in the address. */
#ifndef INNSIKT_TESTS_REPLAY_ODK_H
#define INNSIKT_TESTS_REPLAY_ODK_H

#include "collect/transport.h"

#include <stdlib.h>
#include <string.h>

#define ODK "tests/fixtures/odk/"

typedef struct {
    char *part; /* of «METHOD address» */
    int status;
    char *body;
    int times; /* left; -1: always */
    const char *etag;
} Route;

typedef struct {
    Transport transport;
    GArray *routes;   /* of Route: later ones come first */
    GPtrArray *asked; /* «METHOD address» of every request */
    GPtrArray *auth;  /* its Authorization header, "" without */
    GPtrArray *bodies;
    size_t piece; /* bytes given to the sink at a time */
    size_t
        break_off; /* give so many bytes of the next list of submissions, then begin anew; 0: no */
} Replay;

G_NO_INLINE static char *odk_file(const char *name)
{
    g_autofree char *path = g_strconcat(ODK, name, NULL);
    char *text = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &text, NULL, &error))
        g_error("%s (run tests from the top folder)", error->message);
    return text;
}

/* Status and body of the exchange in login-and-errors.http whose title begins so. */
static inline char *odk_recorded(const char *title, int *ret_status)
{
    g_autofree char *all = odk_file("login-and-errors.http");
    g_autofree char *mark = g_strconcat("### ", title, NULL);
    const char *at = strstr(all, mark);
    g_assert_nonnull(at);
    const char *status = strstr(at, "\nHTTP/1.1 ");
    *ret_status = atoi(status + strlen("\nHTTP/1.1 "));
    const char *crlf = strstr(status, "\r\n\r\n"), *lf = strstr(status, "\n\n");
    const char *body = crlf && (!lf || crlf < lf) ? crlf + 4 : lf + 2;
    const char *end = strstr(body, "\n### ");
    return g_strchomp(end ? g_strndup(body, (gsize)(end - body)) : g_strdup(body));
}

/* The body of submissions-chunked.http, its chunks joined. */
static inline char *odk_unchunked(void)
{
    g_autofree char *all = odk_file("submissions-chunked.http");
    char *at = strstr(all, "\r\n\r\n") + 4;
    GString *body = g_string_new(NULL);
    for (;;) {
        char *line;
        gsize n = (gsize)g_ascii_strtoull(at, &line, 16);
        if (n == 0)
            return g_string_free(body, FALSE);
        line = strchr(line, '\n') + 1;
        g_string_append_len(body, line, (gssize)n);
        at = line + n + 2;
    }
}

/* Takes the body. */
static inline void replay_times(Replay *replay, const char *part, int status, char *body, int times)
{
    Route route = {g_strdup(part), status, body, times, NULL};
    g_array_prepend_val(replay->routes, route);
}

static inline void replay_add(Replay *replay, const char *part, int status, char *body)
{
    replay_times(replay, part, status, body, -1);
}

static inline void replay_error(Replay *replay, const char *part, const char *title, int times)
{
    int status;
    char *body = odk_recorded(title, &status);
    replay_times(replay, part, status, body, times);
}

static inline Route *replay_find(Replay *replay, const char *line)
{
    for (guint i = 0; i < replay->routes->len; i++) {
        Route *route = &g_array_index(replay->routes, Route, i);
        if (route->times != 0 && strstr(line, route->part)) {
            route->times -= route->times > 0;
            return route;
        }
    }
    g_error("nothing is recorded for %s", line);
}

static inline bool replay_send(Transport *self, const HttpRequest *request, HttpSink sink,
                               HttpRestart restart, gpointer data, HttpReply *ret,
                               char **ret_refusal, GError **error)
{
    Replay *replay = (Replay *)self;
    char *line = g_strdup_printf("%s %s", request->method, request->url);
    const char *auth = "";
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        if (g_str_has_prefix(request->headers[i], "Authorization: "))
            auth = request->headers[i];
    g_ptr_array_add(replay->asked, line);
    g_ptr_array_add(replay->auth, g_strdup(auth));
    g_ptr_array_add(replay->bodies, g_strndup(request->body, request->body_length));
    const Route *route = replay_find(replay, line);
    *ret = (HttpReply){.status = route->status, .tries = 1};
    g_strlcpy(ret->etag, route->etag ? route->etag : "", sizeof ret->etag);
    if (route->status < 200 || route->status > 299) {
        *ret_refusal = g_strdup(route->body);
        return true;
    }
    size_t n = strlen(route->body);
    if (replay->break_off && strstr(line, "submissionDate") == NULL && strstr(line, ".svc") &&
        !strstr(line, "deletedAt")) {
        if (!sink(route->body, MIN(n, replay->break_off), data, error))
            return false;
        replay->break_off = 0;
        restart(data);
    }
    for (size_t at = 0; at < n; at += replay->piece)
        if (!sink(route->body + at, MIN(replay->piece, n - at), data, error))
            return false;
    ret->body_bytes = (int64_t)n;
    return true;
}

static inline void replay_free(Transport *self)
{
    Replay *replay = (Replay *)self;
    for (guint i = 0; i < replay->routes->len; i++) {
        g_free(g_array_index(replay->routes, Route, i).part);
        g_free(g_array_index(replay->routes, Route, i).body);
    }
    g_array_unref(replay->routes);
    g_ptr_array_unref(replay->asked);
    g_ptr_array_unref(replay->auth);
    g_ptr_array_unref(replay->bodies);
    g_free(replay);
}

/* A list of submissions: the rows as JSON, with commas between. Caller owns. */
static inline char *odk_list(const char *rows, int count, const char *more)
{
    return g_strdup_printf("{\"value\":[%s],\"@odata.context\":\"x\"%s,\"@odata.count\":%d}", rows,
                           more ? more : "", count);
}

/* The first of the recorded forms. Caller owns. */
static inline char *odk_first_form(void)
{
    g_autofree char *all = odk_file("forms.json");
    return g_strndup(all + 1, (gsize)(strstr(all, "},{") - all));
}

/* The recorded Central: form, fields, all submissions on two pages, nothing deleted. */
static inline Replay *replay_new(void)
{
    Replay *replay = g_new0(Replay, 1);
    replay->transport = (Transport){.send = replay_send, .free = replay_free};
    replay->routes = g_array_new(FALSE, FALSE, sizeof(Route));
    replay->asked = g_ptr_array_new_with_free_func(g_free);
    replay->auth = g_ptr_array_new_with_free_func(g_free);
    replay->bodies = g_ptr_array_new_with_free_func(g_free);
    replay->piece = 977;
    replay_add(replay, "GET https://", 200, odk_first_form());
    replay_add(replay, ".svc/Submissions?", 200, odk_file("submissions-page1.json"));
    replay_add(replay, "%24skiptoken=", 200, odk_file("submissions-page2.json"));
    replay_add(replay, "submissionDate", 200, odk_file("submissions-changed-since.json"));
    replay_add(replay, "filter=not%20__system/deletedAt%20eq%20null", 200, odk_list("", 0, NULL));
    replay_add(replay, "%24top=0&%24count=true", 200, odk_list("", 50, NULL));
    replay_add(replay, "/versions", 200, g_strdup("[{\"version\":\"2026110101\"}]"));
    replay_add(replay, "/fields", 200, odk_file("form-fields.json"));
    replay_add(replay, ".xml", 200, odk_file("form.xml"));
    replay_add(replay, "DELETE ", 200, g_strdup("{\"success\":true}"));
    replay_error(replay, "POST ", "login, right password", -1);
    return replay;
}

#endif
