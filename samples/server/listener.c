#include "samples/server/listener.h"

#include "samples/server/control.h"
#include "samples/server/journal.h"
#include "samples/server/wire.h"

#include <arpa/inet.h>
#include <glib-unix.h>
#include <netinet/in.h>
#include <string.h>

enum { LARGEST_REQUEST = 16 << 20 };

struct Listener {
    Site *site;
    const System *const *systems;
    bool gzip;
    struct MHD_Daemon *daemon;
    Wire wire;
    guint watch, timer; /* source ids; 0: none */
    GHashTable *last;   /* call → GString, the last body sent for it */
};

/* One request while it arrives. */
typedef struct {
    GString *body, *headers; /* headers: all values, one a line */
    bool answered;
} Exchange;

static const char *reason(unsigned status)
{
    static const struct {
        unsigned status;
        const char *text;
    } REASONS[] = {
        {404, "Not Found"},    {429, "Too Many Requests"},   {500, "Internal Server Error"},
        {502, "Bad Gateway"},  {503, "Service Unavailable"}, {504, "Gateway Time-out"},
        {401, "Unauthorized"}, {403, "Forbidden"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(REASONS); i++) {
        if (REASONS[i].status == status) {
            return REASONS[i].text;
        }
    }
    return "";
}

static void put_error_page(Reply *reply, unsigned status)
{
    reply->status = status;
    reply->content_type = "text/html; charset=UTF-8";
    g_string_printf(reply->body,
                    "<html>\r\n<head><title>%u %s</title></head>\r\n<body>\r\n<center><h1>%u "
                    "%s</h1></center>\r\n</body>\r\n</html>\r\n",
                    status, reason(status), status, reason(status));
}

static void put_status(Reply *reply, const Fault *fault)
{
    put_error_page(reply, (unsigned)CLAMP(fault_number(fault, 500, 599), 200, 599));
    const char *comma = strchr(fault->value, ',');
    reply->retry_after = comma == NULL ? NULL : g_strdup(comma + 1);
}

static void put_login_page(Reply *reply, const Fault *fault)
{
    (void)fault;
    reply->content_type = "text/html; charset=UTF-8";
    g_string_assign(reply->body,
                    "<!DOCTYPE html>\n<html lang=\"nb\"><head><title>Logg inn</title></head>\n"
                    "<body><form method=\"post\" action=\"/login\"><label>Brukernavn <input "
                    "name=\"user\"></label><label>Passord <input type=\"password\" "
                    "name=\"password\"></label><button>Logg inn</button></form></body></html>\n");
}

static void put_nothing(Reply *reply, const Fault *fault)
{
    (void)reply;
    (void)fault;
}

static void put_redirect(Reply *reply, const Fault *fault)
{
    reply->status = 302;
    reply->location = g_strdup(fault->value);
}

static void put_body(Reply *reply, const Fault *fault)
{
    reply->content_type = "application/json";
    g_string_assign(reply->body, fault->value);
}

static void put_nested(Reply *reply, const Fault *fault)
{
    const gint64 depth = fault_number(fault, 100000, 10000000);
    reply->content_type = "application/json";
    for (gint64 i = 0; i < 2 * depth; i++) {
        g_string_append_c(reply->body, i < depth ? '[' : ']');
    }
}

/* The faults that put another reply in place of the call's. */
static const struct {
    FaultKind kind;
    void (*put)(Reply *reply, const Fault *fault);
} REPLACEMENTS[] = {
    {FAULT_STATUS, put_status},     {FAULT_EMPTY, put_nothing}, {FAULT_LOGIN_PAGE, put_login_page},
    {FAULT_REDIRECT, put_redirect}, {FAULT_BODY, put_body},     {FAULT_NEST, put_nested},
};

static bool replace_reply(const FaultSet *faults, Reply *reply)
{
    for (size_t i = 0; i < G_N_ELEMENTS(REPLACEMENTS); i++) {
        const Fault *fault = faults->of[REPLACEMENTS[i].kind];
        if (fault != NULL) {
            REPLACEMENTS[i].put(reply, fault);
            return true;
        }
    }
    return false;
}

static const System *system_of(const Listener *listener, const char *path)
{
    for (const System *const *system = listener->systems; *system != NULL; system++) {
        if ((*system)->owns(path)) {
            return *system;
        }
    }
    return NULL;
}

/* --- the faults of the text --- */

static void keep_or_repeat(GHashTable *last, const char *call, bool again, GString *body)
{
    const GString *before = g_hash_table_lookup(last, call);
    if (again && before != NULL) {
        g_string_truncate(body, 0);
        g_string_append_len(body, before->str, (gssize)before->len);
    }
    g_hash_table_insert(last, g_strdup(call), g_string_new_len(body->str, (gssize)body->len));
}

static void break_utf8(GString *body)
{
    for (gsize i = 0; i < body->len; i++) {
        if ((body->str[i] & 0x80) != 0) {
            const gunichar letter = g_utf8_get_char(body->str + i);
            g_string_erase(body, (gssize)i, g_unichar_to_utf8(letter, NULL));
            g_string_insert_c(body, (gssize)i, (gchar)0xE5);
            return;
        }
    }
}

static void put_charset(Reply *reply, const char *charset, bool also)
{
    gsize n;
    g_autofree char *text = also ? g_convert(reply->body->str, (gssize)reply->body->len, charset,
                                             "UTF-8", NULL, &n, NULL)
                                 : NULL;
    if (text != NULL) {
        g_string_truncate(reply->body, 0);
        g_string_append_len(reply->body, text, (gssize)n);
    }
    const char *type = reply->content_type == NULL ? "text/plain" : reply->content_type;
    const char *semicolon = strchr(type, ';');
    g_autofree char *line = g_strdup_printf(
        "%.*s; charset=%s", (int)(semicolon == NULL ? strlen(type) : (gsize)(semicolon - type)),
        type, charset);
    reply->content_type = g_intern_string(line);
}

static void spoil_text(GHashTable *last, const char *call, const FaultSet *faults, Reply *reply)
{
    keep_or_repeat(last, call, faults->of[FAULT_AGAIN] != NULL, reply->body);
    if (faults->of[FAULT_REPLACE] != NULL) {
        fault_replace(faults->of[FAULT_REPLACE], reply->body);
    }
    if (faults->of[FAULT_NOT_UTF8] != NULL) {
        break_utf8(reply->body);
    }
    if (faults->of[FAULT_CHARSET] != NULL) {
        put_charset(reply, faults->of[FAULT_CHARSET]->value, true);
    }
    if (faults->of[FAULT_WRONG_CHARSET] != NULL) {
        put_charset(reply, faults->of[FAULT_WRONG_CHARSET]->value, false);
    }
}

/* The orders may take away every fault, this one too. */
static void carry_out_order(Site *site, Request *request)
{
    const Fault *order = request->faults.of[FAULT_ORDER];
    if (order == NULL) {
        return;
    }
    g_autofree char *orders = g_strdup(order->value);
    control_carry_out(site, orders);
    if (site->faults->len == 0) {
        request->faults = (FaultSet){{NULL}};
    }
}

static void answer(Listener *listener, Request *request, const char *headers, Reply *reply)
{
    Site *site = listener->site;
    if (control_owns(request->path)) {
        control_answer(site, request, reply);
        return;
    }
    const System *system = system_of(listener, request->path);
    g_autofree char *call = system == NULL ? g_strdup("unknown") : system->call(request);
    request->faults = faults_meet(site->faults, call);
    journal_note(site->journal, site, call, request, headers,
                 system != NULL && strcmp(call, system->login) == 0);
    carry_out_order(site, request);
    if (replace_reply(&request->faults, reply)) {
        return;
    }
    if (system == NULL) {
        put_error_page(reply, 404);
    } else {
        system->answer(site, request, reply);
        spoil_text(listener->last, call, &request->faults, reply);
    }
}

static enum MHD_Result collect_header(void *data, enum MHD_ValueKind kind, const char *key,
                                      const char *value)
{
    (void)kind;
    (void)key;
    g_string_append(data, value == NULL ? "" : value);
    g_string_append_c(data, '\n');
    return MHD_YES;
}

static enum MHD_Result collect_argument(void *data, enum MHD_ValueKind kind, const char *key,
                                        const char *value)
{
    (void)kind;
    g_string_append_printf(data, "%s%s=%s", ((GString *)data)->len > 0 ? "&" : "", key,
                           value == NULL ? "" : value);
    return MHD_YES;
}

static bool accepts_gzip(struct MHD_Connection *connection)
{
    const char *accepted =
        MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept-Encoding");
    return accepted != NULL && strstr(accepted, "gzip") != NULL;
}

static enum MHD_Result take_whole(Listener *listener, struct MHD_Connection *connection,
                                  const char *path, const char *method, Exchange *exchange)
{
    g_autoptr(GString) query = g_string_new(NULL);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, collect_argument, query);
    MHD_get_connection_values(connection, MHD_HEADER_KIND, collect_header, exchange->headers);
    Request request = {
        .method = method,
        .path = path,
        .query = query->len == 0 ? NULL : query->str,
        .content_type = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Type"),
        .headers = exchange->headers->str,
        .body = exchange->body->str,
        .body_length = exchange->body->len,
    };
    Reply reply = {.status = 200, .body = g_string_new(NULL)};
    answer(listener, &request, exchange->headers->str, &reply);
    return wire_send(&listener->wire, connection, &reply, &request.faults,
                     listener->gzip && accepts_gzip(connection));
}

/* libmicrohttpd calls this once for the headers, for each piece of the body, and once at its end;
 * for a connection that was left in silence, once more when the server ends. */
static enum MHD_Result handle(void *data, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **state)
{
    (void)version;
    Exchange *exchange = *state;
    if (exchange == NULL) {
        *state = exchange = g_new0(Exchange, 1);
        exchange->body = g_string_new(NULL);
        exchange->headers = g_string_new(NULL);
        return MHD_YES;
    }
    if (*upload_size > 0) {
        if (exchange->body->len + *upload_size > LARGEST_REQUEST) {
            return MHD_NO;
        }
        g_string_append_len(exchange->body, upload, (gssize)*upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    if (exchange->answered) {
        return MHD_NO;
    }
    exchange->answered = true;
    return take_whole(data, connection, path, method, exchange);
}

static void pump(Listener *listener);

static gboolean on_timer(gpointer data)
{
    Listener *listener = data;
    listener->timer = 0;
    pump(listener);
    return G_SOURCE_REMOVE;
}

/* Lets the daemon do what it can, and sees to it that it runs again in time. */
static void pump(Listener *listener)
{
    MHD_run(listener->daemon);
    MHD_UNSIGNED_LONG_LONG wait;
    if (listener->timer == 0 && MHD_get_timeout(listener->daemon, &wait) == MHD_YES) {
        listener->timer =
            g_timeout_add((guint)MIN(wait, (MHD_UNSIGNED_LONG_LONG)G_MAXINT32), on_timer, listener);
    }
}

static gboolean on_ready(gint fd, GIOCondition condition, gpointer data)
{
    (void)fd;
    (void)condition;
    pump(data);
    return G_SOURCE_CONTINUE;
}

static void on_woken(gpointer data)
{
    Listener *listener = data;
    if (listener->timer == 0) {
        listener->timer = g_idle_add(on_timer, listener);
    }
}

/* A connection that was given up is closed in the daemon's next run, of which MHD_get_timeout()
 * says nothing. */
static void forget(void *data, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode why)
{
    (void)connection;
    (void)why;
    Exchange *exchange = *state;
    if (exchange != NULL) {
        g_string_free(exchange->body, TRUE);
        g_string_free(exchange->headers, TRUE);
        g_free(exchange);
    }
    on_woken(data);
}

static void free_text(gpointer text)
{
    g_string_free(text, TRUE);
}

static void count_connection(void *data, struct MHD_Connection *connection, void **state,
                             enum MHD_ConnectionNotificationCode what)
{
    (void)connection;
    (void)state;
    ((Site *)data)->connections += what == MHD_CONNECTION_NOTIFY_STARTED;
}

Listener *listener_start(Site *site, const System *const *systems, guint16 port, bool gzip)
{
    Listener *listener = g_new0(Listener, 1);
    *listener = (Listener){.site = site, .systems = systems, .gzip = gzip};
    listener->last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_text);
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    /* Turbo: a connection is closed without shutdown(), which would announce the end of a reply in
     * good order just where a fault wants a reset. */
    listener->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO, port, NULL, NULL, handle,
        listener, MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)&address,
        MHD_OPTION_NOTIFY_COMPLETED, forget, listener, MHD_OPTION_NOTIFY_CONNECTION,
        count_connection, site, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)262144,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
    if (listener->daemon == NULL) {
        g_hash_table_unref(listener->last);
        g_free(listener);
        return NULL;
    }
    wire_open(&listener->wire, on_woken, listener);
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(listener->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    listener->watch = g_unix_fd_add(info->epoll_fd, G_IO_IN, on_ready, listener);
    return listener;
}

guint16 listener_port(const Listener *listener)
{
    return MHD_get_daemon_info(listener->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void listener_stop(Listener *listener)
{
    g_source_remove(listener->watch);
    wire_close(&listener->wire);
    MHD_stop_daemon(listener->daemon);
    if (listener->timer != 0) {
        g_source_remove(listener->timer);
    }
    g_hash_table_unref(listener->last);
    g_free(listener);
}
