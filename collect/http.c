#include "collect/http_private.h"

#include "schemas/secret.h"

#include <string.h>

enum {
    TRIES = 5,
    CONNECT_SECONDS = 15,
    REDIRECTS = 3,
    REFUSAL_BYTES = 4096, /* of an error page, kept for the message */
    SLICE_US = 100000,
    BUFFER_BYTES = 256 * 1024,
};
static const int64_t SECOND = G_USEC_PER_SEC;
static const int64_t BODY_LIMIT = INT64_C(256) * 1024 * 1024;
static const int64_t CONNECT = INT64_C(15) * G_USEC_PER_SEC;
static const int64_t SILENCE = INT64_C(60) * G_USEC_PER_SEC;
static const int64_t TOTAL = INT64_C(3600) * G_USEC_PER_SEC; /* ends a reply that trickles on */
static const int64_t BACKOFF_IN_ALL = INT64_C(300) * G_USEC_PER_SEC;
static const int64_t RETRY_AFTER_IN_ALL = INT64_C(900) * G_USEC_PER_SEC;

typedef struct {
    Transport transport;
    HttpOptions options;
    HttpPool *own; /* when it was given none */
    char *proxy_user, *proxy_password;
    CURL *curl; /* lent by the pool for one request */
    char complaint[CURL_ERROR_SIZE];
} Http;

/* One try of one request. */
typedef struct {
    Http *http;
    const HttpRequest *request;
    const HttpAddress *asked; /* of the request, whatever it is sent on to */
    HttpSink sink;
    gpointer data;
    GString *refusal;
    CURLcode code;
    int status;
    int64_t bytes, started, moved_at; /* µs; when the last byte moved */
    curl_off_t moved;                 /* bytes up and down then */
    const char *timed_out;            /* which of our clocks ended it */
    int64_t leave_alone;              /* µs the server asked for, longer than we wait */
    bool connected;                   /* the request is on its way */
    bool given;                       /* the sink got bytes */
    bool cut;                         /* enough of an error page */
    GError *error;                    /* ours or the sink's: final, never tried again */
} Exchange;

static int64_t clock_now(const Http *http)
{
    const HttpClock *clock = &http->options.clock;
    return clock->now ? clock->now(clock->data) : g_get_real_time();
}

/* For durations: never jumps when somebody sets the clock. */
static int64_t clock_ticks(const Http *http)
{
    const HttpClock *clock = &http->options.clock;
    return clock->now ? clock->now(clock->data) : g_get_monotonic_time();
}

static int stopped(const Http *http)
{
    return http->options.stop ? g_atomic_int_get(http->options.stop) : 0;
}

static bool cancelled(const HttpRequest *request, GError **error)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_CANCELLED, "%s: stopped", request->what);
    return false;
}

/* --- one exchange --- */

static size_t keep_refusal(Exchange *x, const char *bytes, size_t n)
{
    size_t room = REFUSAL_BYTES - x->refusal->len;
    g_string_append_len(x->refusal, bytes, (gssize)MIN(n, room));
    if (n < room)
        return n;
    x->cut = true; /* an error page may be endless; what is kept is enough */
    return CURL_WRITEFUNC_ERROR;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
    Exchange *x = data;
    size_t n = size * count;
    long status = 0;
    curl_easy_getinfo(x->http->curl, CURLINFO_RESPONSE_CODE, &status);
    x->bytes += (int64_t)n;
    if (status < 200 || status > 299)
        return keep_refusal(x, bytes, n);
    if (x->bytes > x->http->options.body_limit) {
        g_set_error(&x->error, INNSIKT_ERROR, INNSIKT_ERROR_LIMIT,
                    "%s: the reply is longer than %" G_GINT64_FORMAT
                    " bytes unpacked; not read further",
                    x->request->what, x->http->options.body_limit);
        return CURL_WRITEFUNC_ERROR;
    }
    x->given = true;
    return x->sink(bytes, n, x->data, &x->error) ? n : CURL_WRITEFUNC_ERROR;
}

static int on_progress(void *data, curl_off_t dltotal, curl_off_t dlnow, curl_off_t ultotal,
                       curl_off_t ulnow)
{
    (void)dltotal;
    (void)ultotal;
    Exchange *x = data;
    if (stopped(x->http) >= 2) {
        cancelled(x->request, &x->error);
        return 1;
    }
    int64_t now = clock_ticks(x->http);
    if (!x->connected)
        x->timed_out = now - x->started >= CONNECT ? "no connection within 15 seconds" : NULL;
    if (!x->connected)
        return x->timed_out != NULL;
    if (dlnow + ulnow != x->moved) {
        x->moved = dlnow + ulnow;
        x->moved_at = now;
    }
    if (now - x->moved_at >= SILENCE)
        x->timed_out = "the server fell silent";
    else if (now - x->started >= TOTAL)
        x->timed_out = "the server took more than an hour over one reply";
    return x->timed_out != NULL;
}

static int on_connected(void *data, char *their_ip, char *our_ip, int their_port, int our_port)
{
    (void)their_ip;
    (void)our_ip;
    (void)their_port;
    (void)our_port;
    Exchange *x = data;
    x->connected = true;
    x->moved_at = clock_ticks(x->http);
    return CURL_PREREQFUNC_OK;
}

/* Memory that is short ends the program, as everywhere with GLib: a request must not go without
 * one of its headers. */
static struct curl_slist *header_add(struct curl_slist *list, const char *header)
{
    struct curl_slist *longer = curl_slist_append(list, header);
    if (!longer)
        g_error("out of memory");
    return longer;
}

static struct curl_slist *request_headers(const HttpRequest *request)
{
    struct curl_slist *list = header_add(NULL, "Expect:");
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        list = header_add(list, request->headers[i]);
    return list;
}

static void headers_free(struct curl_slist *list)
{
    for (struct curl_slist *each = list; each; each = each->next)
        explicit_bzero(each->data, strlen(each->data)); /* it may hold a token */
    curl_slist_free_all(list);
}

/* The proxy that the source names serves every address; the environment's none on this machine. */
static void set_proxy(const Http *http, const HttpAddress *address)
{
    const char *named = http->options.proxy;
    const char *proxy = named ? named : http_address_loopback(address) ? "" : NULL;
    curl_easy_setopt(http->curl, CURLOPT_PROXY, proxy);
    curl_easy_setopt(http->curl, CURLOPT_NOPROXY, named ? "" : NULL);
    if (!http->proxy_user)
        return;
    curl_easy_setopt(http->curl, CURLOPT_PROXYAUTH, (long)CURLAUTH_ANY);
    curl_easy_setopt(http->curl, CURLOPT_PROXYUSERNAME, http->proxy_user);
    curl_easy_setopt(http->curl, CURLOPT_PROXYPASSWORD, http->proxy_password);
}

static void set_request(Http *http, const HttpRequest *request, const char *url,
                        const HttpAddress *address)
{
    CURL *curl = http->curl;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    set_proxy(http, address);
    if (g_str_equal(request->method, "GET")) {
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, NULL);
        curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
        return;
    }
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST,
                     g_str_equal(request->method, "POST") ? NULL : request->method);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body ? request->body : "");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
}

static void exchange_run(Exchange *x, const char *url, const HttpAddress *address)
{
    Http *http = x->http;
    struct curl_slist *headers = request_headers(x->request);
    x->started = x->moved_at = clock_ticks(http);
    http->complaint[0] = '\0';
    set_request(http, x->request, url, address);
    curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(http->curl, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(http->curl, CURLOPT_XFERINFODATA, x);
    curl_easy_setopt(http->curl, CURLOPT_PREREQDATA, x);
    x->code = curl_easy_perform(http->curl);
    curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, NULL); /* it may have held a password */
    curl_easy_setopt(http->curl, CURLOPT_PROXYUSERNAME, NULL);
    curl_easy_setopt(http->curl, CURLOPT_PROXYPASSWORD, NULL);
    headers_free(headers);
    long status = 0;
    curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
    x->status = (int)status;
    if (x->cut && !x->error)
        x->code = CURLE_OK;
}

static void set_trouble(const Exchange *x, const HttpAddress *address, int tries, GError **error)
{
    HttpTrouble trouble = http_trouble(x->code, x->http->complaint);
    GString *message = g_string_new(NULL);
    g_string_printf(message, "%s: %s: %s", x->request->what, address->shown,
                    x->timed_out ? x->timed_out : trouble.meaning);
    /* With a sign @ it may quote a proxy's address with its password. */
    if (!x->timed_out && x->http->complaint[0] && !strchr(x->http->complaint, '@'))
        g_string_append_printf(message, " (%s)", x->http->complaint);
    if (tries > 1)
        g_string_append_printf(message, " (%d tries)", tries);
    g_set_error_literal(error, INNSIKT_ERROR, trouble.kind, message->str);
    g_string_free(message, TRUE);
}

/* One header of the last reply, or NULL. Borrowed. */
static const char *reply_header(const Exchange *x, const char *name)
{
    struct curl_header *header = NULL;
    return curl_easy_header(x->http->curl, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK
               ? header->value
               : NULL;
}

/* A header Date has whole seconds, and is of some moment between asking and the answer. */
static int64_t clock_ahead(const Exchange *x)
{
    const char *date = x->code == CURLE_OK ? reply_header(x, "Date") : NULL;
    time_t theirs = date ? curl_getdate(date, NULL) : -1;
    return theirs == -1 ? 0 : (int64_t)theirs - clock_now(x->http) / SECOND;
}

static const char *http_version(CURL *curl)
{
    long version = 0;
    curl_easy_getinfo(curl, CURLINFO_HTTP_VERSION, &version);
    switch (version) {
    case CURL_HTTP_VERSION_1_0:
        return "HTTP/1.0";
    case CURL_HTTP_VERSION_1_1:
        return "HTTP/1.1";
    case CURL_HTTP_VERSION_2_0:
        return "HTTP/2";
    default:
        return NULL;
    }
}

static void trace(const Exchange *x, const HttpAddress *address, int attempt)
{
    const HttpOptions *options = &x->http->options;
    if (!options->trace)
        return;
    const char *trouble = NULL;
    if (x->error)
        trouble = x->error->message;
    else if (x->code != CURLE_OK)
        trouble = x->timed_out ? x->timed_out : http_trouble(x->code, x->http->complaint).meaning;
    long fresh = 0;
    curl_easy_getinfo(x->http->curl, CURLINFO_NUM_CONNECTS, &fresh);
    HttpTrace line = {
        .method = x->request->method,
        .url = address->shown,
        .what = x->request->what,
        .attempt = attempt,
        .status = x->status,
        .bytes = x->bytes,
        .ms = (clock_ticks(x->http) - x->started) / 1000,
        .ahead = clock_ahead(x),
        .fresh = fresh > 0,
        .version = http_version(x->http->curl),
        .trouble = trouble,
    };
    options->trace(&line, options->trace_data);
}

static bool is_redirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static void exchange_again(Exchange *x)
{
    g_string_truncate(x->refusal, 0);
    x->bytes = x->moved = 0;
    x->status = 0;
    x->cut = false;
    x->timed_out = NULL;
    x->connected = false;
}

/* One try with its redirects. False: over, with an error; true: code and status say how it went. */
static bool exchange_follow(Exchange *x, int attempt, HttpAddress *address, GError **error)
{
    g_autofree char *url = g_strdup(x->request->url);
    for (int hop = 0;; hop++) {
        exchange_again(x);
        exchange_run(x, url, address);
        trace(x, address, attempt);
        if (x->error) {
            g_propagate_error(error, g_steal_pointer(&x->error));
            return false;
        }
        char *target = NULL;
        curl_easy_getinfo(x->http->curl, CURLINFO_REDIRECT_URL, &target);
        if (x->code != CURLE_OK || !is_redirect(x->status) || !target)
            return true;
        if (hop == REDIRECTS) {
            g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL,
                        "%s: the server sends us in circles; check `url:`", address->shown);
            return false;
        }
        g_auto(HttpAddress) next = {0};
        if (!http_address_parse(target, &next, error) ||
            !http_redirect_allowed(x->request, address, &next, x->http->options.insecure, error))
            return false;
        g_free(url);
        url = g_strdup(target);
        http_address_clear(address);
        *address = next;
        next = (HttpAddress){0};
    }
}

/* --- again --- */

int64_t http_retry_after(const char *value, int64_t now)
{
    char *end = NULL;
    guint64 seconds = g_ascii_strtoull(value, &end, 10);
    if (end != value && *end == '\0' && g_ascii_isdigit(value[0]))
        return (int64_t)MIN(seconds, (guint64)G_MAXINT32);
    time_t when = curl_getdate(value, NULL);
    return when == -1 ? -1 : MAX((int64_t)when - now / G_USEC_PER_SEC, 0);
}

/* Seconds the server asked to wait, or -1. */
static int64_t asked_wait(const Exchange *x)
{
    const char *wait = x->code == CURLE_OK ? reply_header(x, "Retry-After") : NULL;
    return wait ? http_retry_after(wait, clock_now(x->http)) : -1;
}

static bool worth_again(const Exchange *x, int attempt)
{
    if (!x->request->repeatable)
        return false;
    if (x->code != CURLE_OK)
        return http_trouble(x->code, x->http->complaint).again;
    switch (x->status) {
    case 408:
    case 429:
    case 502:
    case 503:
    case 504:
        return true;
    case 500:
        return attempt == 1;
    default:
        return false;
    }
}

typedef struct {
    int64_t backoff, asked; /* µs waited so far, by our own rule and at the server's wish */
} Patience;

static void set_too_long(const Exchange *x, const HttpAddress *address, int64_t seconds,
                         GError **error)
{
    g_autoptr(GDateTime) when =
        g_date_time_new_from_unix_local(clock_now(x->http) / G_USEC_PER_SEC + seconds);
    g_autofree char *text = when ? g_date_time_format(when, "%Y-%m-%d %H:%M") : g_strdup("later");
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_RATE,
                "%s: %s: the server asks us to come back at %s; run this again then",
                x->request->what, address->shown, text);
}

static bool wait_slices(Http *http, int64_t us, const HttpRequest *request, GError **error)
{
    const HttpClock *clock = &http->options.clock;
    while (us > 0) {
        if (stopped(http))
            return cancelled(request, error);
        /* An injected clock leaps. */
        int64_t slice = clock->sleep ? us : MIN(us, SLICE_US);
        if (clock->sleep)
            clock->sleep(slice, clock->data);
        else
            g_usleep((gulong)slice);
        us -= slice;
    }
    return true;
}

/* Waits before the next try. *ret_over: our patience has an end, the reply stands. */
static bool wait_for_next(Exchange *x, const HttpAddress *address, int attempt, Patience *patience,
                          bool *ret_over, GError **error)
{
    int64_t asked = asked_wait(x), us;
    *ret_over = false;
    if (asked >= 0) {
        us = asked * SECOND;
        patience->asked += us;
        if (patience->asked > RETRY_AFTER_IN_ALL) {
            x->leave_alone = us;
            set_too_long(x, address, asked, error);
            return false;
        }
    } else {
        double jitter = g_random_double_range(0.5, 1.5);
        us = (int64_t)(jitter * (double)(SECOND << (attempt - 1)));
        patience->backoff += us;
        *ret_over = patience->backoff > BACKOFF_IN_ALL;
    }
    return *ret_over || wait_slices(x->http, us, x->request, error);
}

/* --- the transport --- */

/* A header that may come several times. Half of one would lead elsewhere. */
static void copy_links(const Exchange *x, char *to, size_t size)
{
    struct curl_header *header = NULL;
    g_autoptr(GString) links = g_string_new(NULL);
    for (size_t i = 0;
         curl_easy_header(x->http->curl, "Link", i, CURLH_HEADER, -1, &header) == CURLHE_OK; i++)
        g_string_append_printf(links, "%s%s", i ? ", " : "", header->value);
    g_strlcpy(to, links->len < size ? links->str : "", size);
}

static void fill_reply(const Exchange *x, int tries, HttpReply *ret)
{
    *ret = (HttpReply){
        .status = x->status, .tries = tries, .ahead = clock_ahead(x), .body_bytes = x->bytes};
    char *type = NULL;
    curl_easy_getinfo(x->http->curl, CURLINFO_CONTENT_TYPE, &type);
    g_strlcpy(ret->content_type, type ? type : "", sizeof ret->content_type);
    const char *etag = reply_header(x, "ETag"), *modified = reply_header(x, "Last-Modified");
    g_strlcpy(ret->etag, etag ? etag : "", sizeof ret->etag);
    g_strlcpy(ret->last_modified, modified ? modified : "", sizeof ret->last_modified);
    copy_links(x, ret->link, sizeof ret->link);
}

/* Is the server there, whatever it answers? An error of its own (500) may be of this request alone.
 */
static bool is_there(const Exchange *x)
{
    if (x->code != CURLE_OK)
        return !http_trouble(x->code, x->http->complaint).again;
    return x->status != 502 && x->status != 503 && x->status != 504;
}

static bool exchange_try(Exchange *x, HttpAddress *address, HttpRestart restart, HttpReply *ret,
                         GError **error)
{
    Patience patience = {0};
    for (int attempt = 1;; attempt++) {
        if (stopped(x->http) >= 2)
            return cancelled(x->request, error);
        if (!exchange_follow(x, attempt, address, error)) {
            if (x->status > 0) /* it answered, whatever became of that */
                http_circuit_note(x->http->options.pool, x->asked, true);
            return false;
        }
        http_circuit_note(x->http->options.pool, x->asked, is_there(x));
        bool over = attempt == TRIES || !worth_again(x, attempt) || (x->given && !restart);
        if (!over && !wait_for_next(x, address, attempt, &patience, &over, error))
            return false;
        if (over && x->code != CURLE_OK) {
            set_trouble(x, address, attempt, error);
            return false;
        }
        if (over) {
            fill_reply(x, attempt, ret);
            return true;
        }
        if (x->given)
            restart(x->data);
        x->given = false;
        http_address_clear(address);
        *address = (HttpAddress){0};
        if (!http_address_parse(x->request->url, address, error))
            return false;
    }
}

/* What keeps a request safe: without it nothing may be sent. */
static void insist(CURLcode code)
{
    if (code != CURLE_OK)
        g_error("this libcurl cannot be made safe: %s", curl_easy_strerror(code));
}

/* curl the program reads these; libcurl leaves them to us. */
static void set_trust(CURL *curl, const HttpOptions *options)
{
    const char *file = g_getenv("CURL_CA_BUNDLE");
    if (!file || !*file)
        file = g_getenv("SSL_CERT_FILE");
    const char *folder = g_getenv("SSL_CERT_DIR");
    if (file && *file) {
        insist(curl_easy_setopt(curl, CURLOPT_CAINFO, file));
        curl_easy_setopt(curl, CURLOPT_PROXY_CAINFO, file);
    }
    if (folder && *folder)
        insist(curl_easy_setopt(curl, CURLOPT_CAPATH, folder));
    if (options->ca_file) {
        insist(curl_easy_setopt(curl, CURLOPT_CAINFO, options->ca_file));
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL); /* in place of the system's */
    }
    if (options->pin)
        insist(curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, options->pin));
}

/* What stays the same for every request that a handle may serve. */
static void handle_set_up(CURL *curl, const HttpOptions *options)
{
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    insist(curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https"));
    insist(curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(curl, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, ""); /* all that this libcurl can unpack */
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, (long)BUFFER_BYTES);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "innsikt");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, on_connected);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    set_trust(curl, options);
}

/* Handles are lent again only to who trusts and goes through the same. */
static char *handle_key(const Http *http, const HttpAddress *address)
{
    const char *const parts[] = {address->origin, http->options.ca_file, http->options.pin,
                                 http->options.proxy, http->proxy_user};
    GString *key = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        g_string_append_printf(key, "%s\n", parts[i] ? parts[i] : "-");
    return g_string_free(key, FALSE);
}

/* One request, with its tries and redirects, on a handle of the pool's. */
static bool send_on_handle(Exchange *x, HttpAddress *address, HttpRestart restart, HttpReply *ret,
                           GError **error)
{
    Http *http = x->http;
    HttpPool *pool = http->options.pool;
    g_autofree char *key = handle_key(http, address);
    bool is_new;
    http->curl = http_pool_take(pool, key, &is_new);
    if (is_new)
        handle_set_up(http->curl, &http->options);
    curl_easy_setopt(http->curl, CURLOPT_ERRORBUFFER, http->complaint);
    bool ok = exchange_try(x, address, restart, ret, error);
    curl_easy_setopt(http->curl, CURLOPT_ERRORBUFFER, NULL);
    http_pool_give(pool, key, g_steal_pointer(&http->curl));
    return ok;
}

static bool may_be_asked(const Http *http, const HttpAddress *address, GError **error)
{
    if (!http_address_allowed(address, http->options.insecure, error))
        return false;
    if (!http->options.pin || g_ascii_strcasecmp(address->scheme, "https") == 0)
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "%s: over plain http there is no key that `pin:` could name; write https, or leave "
                "it out",
                address->shown);
    return false;
}

/* --- the transport --- */

static bool http_send(Transport *self, const HttpRequest *request, HttpSink sink,
                      HttpRestart restart, gpointer data, HttpReply *ret, char **ret_refusal,
                      GError **error)
{
    Http *http = (Http *)self;
    HttpPool *pool = http->options.pool;
    g_auto(HttpAddress) asked = {0}, address = {0};
    if (!http_address_parse(request->url, &asked, error) ||
        !http_address_parse(request->url, &address, error) || !may_be_asked(http, &asked, error) ||
        (!request->parting &&
         !http_circuit_enter(pool, &asked, request->what, clock_ticks(http), error)))
        return false;
    g_autoptr(GString) refusal = g_string_new(NULL);
    Exchange x = {.http = http,
                  .request = request,
                  .asked = &asked,
                  .sink = sink,
                  .data = data,
                  .refusal = refusal};
    bool ok = send_on_handle(&x, &address, restart, ret, error);
    http_circuit_leave(pool, &asked, clock_ticks(http), x.leave_alone);
    if (ok && ret_refusal && (ret->status < 200 || ret->status > 299))
        *ret_refusal = g_strdup(refusal->str);
    return ok;
}

static void http_free(Transport *self)
{
    Http *http = (Http *)self;
    http_pool_free(http->own);
    secret_free(http->proxy_user);
    secret_free(http->proxy_password);
    g_free(http);
}

Transport *http_transport_new(const HttpOptions *options)
{
    Http *http = g_new0(Http, 1);
    http->transport = (Transport){.send = http_send, .free = http_free, .logins = options->logins};
    http->options = *options;
    http->proxy_user = g_strdup(options->proxy_user);
    http->proxy_password = g_strdup(options->proxy_password);
    if (!options->pool)
        http->options.pool = http->own = http_pool_new();
    if (http->options.body_limit <= 0)
        http->options.body_limit = BODY_LIMIT;
    return &http->transport;
}
