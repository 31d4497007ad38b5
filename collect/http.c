#include "collect/http.h"

#include <curl/curl.h>
#include <gio/gio.h>
#include <string.h>

enum {
    TRIES = 5,
    REDIRECTS = 3,
    CONNECT_SECONDS = 15,
    REFUSAL_BYTES = 4096, /* of an error page, kept for the message */
    SLICE_US = 100000,
    BUFFER_BYTES = 256 * 1024,
};
static const int64_t BODY_LIMIT = INT64_C(256) * 1024 * 1024;
static const int64_t SECOND = G_USEC_PER_SEC;
static const int64_t SILENCE = INT64_C(60) * G_USEC_PER_SEC;
static const int64_t TOTAL = INT64_C(3600) * G_USEC_PER_SEC; /* ends a reply that trickles on */
static const int64_t BACKOFF_IN_ALL = INT64_C(300) * G_USEC_PER_SEC;
static const int64_t RETRY_AFTER_IN_ALL = INT64_C(900) * G_USEC_PER_SEC;

typedef struct {
    Transport transport;
    HttpOptions options;
    CURL *curl;
    char complaint[CURL_ERROR_SIZE];
} Http;

/* One try of one request. */
typedef struct {
    Http *http;
    const HttpRequest *request;
    HttpSink sink;
    gpointer data;
    GString *refusal;
    CURLcode code;
    int status;
    int64_t bytes, started, moved_at; /* µs; when the last byte moved */
    curl_off_t moved;                 /* bytes up and down then */
    const char *timed_out;            /* which of our clocks ended it */
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
    return http->options.stop ? *http->options.stop : 0;
}

static bool cancelled(const HttpRequest *request, GError **error)
{
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_CANCELLED, "%s: stopped", request->what);
    return false;
}

/* --- addresses --- */

typedef struct {
    char *scheme, *host, *port, *shown;
    bool credentials; /* user or password inside the address */
} Address;

static void address_clear(Address *address)
{
    g_free(address->scheme);
    g_free(address->host);
    g_free(address->port);
    g_free(address->shown);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Address, address_clear)

static char *url_part(CURLU *url, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
        return NULL;
    char *copy = g_strdup(text);
    curl_free(text);
    return copy;
}

/* The address as messages may show it: no user, no query, and no token in the path (ODK Central has
 * …/key/TOKEN/…). */
static char *shown_url(const char *scheme, const char *host, const char *port, const char *path)
{
    g_auto(GStrv) steps = g_strsplit(path ? path : "/", "/", -1);
    for (size_t i = 0; steps[i] && steps[i + 1]; i++)
        if (g_str_equal(steps[i], "key")) {
            g_free(steps[i + 1]);
            steps[i + 1] = g_strdup("…");
        }
    g_autofree char *clean = g_strjoinv("/", steps);
    return g_strdup_printf("%s://%s%s%s%s", scheme, host, port ? ":" : "", port ? port : "", clean);
}

static bool address_parse(const char *text, Address *ret, GError **error)
{
    CURLU *url = curl_url();
    bool ok = curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK;
    if (ok) {
        g_autofree char *user = url_part(url, CURLUPART_USER, 0);
        g_autofree char *port = url_part(url, CURLUPART_PORT, 0);
        g_autofree char *path = url_part(url, CURLUPART_PATH, 0);
        ret->scheme = url_part(url, CURLUPART_SCHEME, 0);
        ret->host = url_part(url, CURLUPART_HOST, 0);
        ret->port = url_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
        ret->credentials = user != NULL;
        ok = ret->scheme && ret->host;
        if (ok)
            ret->shown = shown_url(ret->scheme, ret->host, port, path);
    }
    curl_url_cleanup(url);
    if (!ok)
        g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                            "the address of the form server is no web address; write "
                            "`url: https://…` in project.yaml");
    return ok;
}

static bool address_loopback(const Address *address)
{
    if (g_ascii_strcasecmp(address->host, "localhost") == 0)
        return true;
    g_autofree char *host = g_strdup(address->host);
    size_t n = strlen(host);
    bool bracketed = n > 2 && host[0] == '[' && host[n - 1] == ']';
    if (bracketed)
        host[n - 1] = '\0';
    g_autoptr(GInetAddress) ip = g_inet_address_new_from_string(bracketed ? host + 1 : host);
    return ip && g_inet_address_get_is_loopback(ip);
}

static bool address_allowed(const Http *http, const Address *address, GError **error)
{
    if (g_ascii_strcasecmp(address->scheme, "https") == 0)
        return true;
    if (g_ascii_strcasecmp(address->scheme, "http") != 0) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                    "%s: form servers are reached over https, not %s", address->shown,
                    address->scheme);
        return false;
    }
    if (http->options.insecure || address_loopback(address))
        return true;
    g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_USAGE,
                "%s: plain http lets anybody on the way read passwords and answers; write https, "
                "or `insecure: true` for this source",
                address->shown);
    return false;
}

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

static bool carries_credentials(const HttpRequest *request, const Address *address)
{
    if (address->credentials)
        return true;
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        if (!header_harmless(request->headers[i]))
            return true;
    return false;
}

static bool redirect_allowed(const Http *http, const HttpRequest *request, const Address *from,
                             const Address *to, GError **error)
{
    if (!g_str_equal(request->method, "GET")) {
        g_set_error(error, INNSIKT_ERROR, INNSIKT_ERROR_NOT_FOUND,
                    "%s: the server sends us on to %s; what is posted is not sent on. If that is "
                    "where the form server is now, write it in `url:`",
                    from->shown, to->shown);
        return false;
    }
    bool same = g_ascii_strcasecmp(from->scheme, to->scheme) == 0 &&
                g_ascii_strcasecmp(from->host, to->host) == 0 &&
                g_strcmp0(from->port, to->port) == 0;
    if (!same && carries_credentials(request, from)) {
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
    return address_allowed(http, to, error);
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

static struct curl_slist *request_headers(const HttpRequest *request)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        list = curl_slist_append(list, request->headers[i]);
    return list;
}

static void set_request(Http *http, const HttpRequest *request, const char *url,
                        const Address *address)
{
    CURL *curl = http->curl;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    /* A proxy reaches no server on this machine. */
    curl_easy_setopt(curl, CURLOPT_PROXY, address_loopback(address) ? "" : NULL);
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

static void exchange_run(Exchange *x, const char *url, const Address *address)
{
    Http *http = x->http;
    struct curl_slist *headers = request_headers(x->request);
    x->started = x->moved_at = clock_ticks(http);
    http->complaint[0] = '\0';
    set_request(http, x->request, url, address);
    curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(http->curl, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(http->curl, CURLOPT_XFERINFODATA, x);
    x->code = curl_easy_perform(http->curl);
    curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(http->curl, CURLOPT_POSTFIELDS, NULL); /* it may have held a password */
    curl_slist_free_all(headers);
    long status = 0;
    curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
    x->status = (int)status;
    if (x->cut && !x->error)
        x->code = CURLE_OK;
}

typedef struct {
    CURLcode code;
    InnsiktError kind;
    bool again;
    const char *meaning;
} Trouble;

static const Trouble troubles[] = {
    {CURLE_COULDNT_RESOLVE_HOST, INNSIKT_ERROR_NOT_FOUND, true,
     "there is no such host; check `url:` and the network"},
    {CURLE_COULDNT_RESOLVE_PROXY, INNSIKT_ERROR_NETWORK, true,
     "there is no such proxy; check https_proxy"},
    {CURLE_COULDNT_CONNECT, INNSIKT_ERROR_NETWORK, true,
     "no connection; check `url:` and that the server is up"},
    {CURLE_OPERATION_TIMEDOUT, INNSIKT_ERROR_NETWORK, true, "no connection within 15 seconds"},
    {CURLE_ABORTED_BY_CALLBACK, INNSIKT_ERROR_NETWORK, true, "the server fell silent"},
    {CURLE_GOT_NOTHING, INNSIKT_ERROR_NETWORK, true, "the server hung up without a word"},
    {CURLE_SEND_ERROR, INNSIKT_ERROR_NETWORK, true, "the connection broke"},
    {CURLE_RECV_ERROR, INNSIKT_ERROR_NETWORK, true, "the connection broke"},
    {CURLE_PARTIAL_FILE, INNSIKT_ERROR_NETWORK, true, "the reply was cut short"},
    {CURLE_HTTP2, INNSIKT_ERROR_NETWORK, true, "the connection broke"},
    {CURLE_HTTP2_STREAM, INNSIKT_ERROR_NETWORK, true, "the connection broke"},
    {CURLE_SSL_CONNECT_ERROR, INNSIKT_ERROR_NETWORK, true, "no secure connection came about"},
    {CURLE_PEER_FAILED_VERIFICATION, INNSIKT_ERROR_NETWORK, false,
     "the server's certificate is not one we trust; if it is your own authority's, name its file "
     "in "
     "SSL_CERT_FILE"},
    {CURLE_SSL_CACERT_BADFILE, INNSIKT_ERROR_USAGE, false,
     "the file of trusted certificates cannot be read; check SSL_CERT_FILE and CURL_CA_BUNDLE"},
    {CURLE_BAD_CONTENT_ENCODING, INNSIKT_ERROR_PROTOCOL, false, "the reply cannot be unpacked"},
    {CURLE_WEIRD_SERVER_REPLY, INNSIKT_ERROR_PROTOCOL, false, "this is no web server"},
    {CURLE_UNSUPPORTED_PROTOCOL, INNSIKT_ERROR_PROTOCOL, false, "this is no web server"},
    {CURLE_OUT_OF_MEMORY, INNSIKT_ERROR_SYSTEM, false, "out of memory"},
};

static Trouble trouble_of(CURLcode code)
{
    for (size_t i = 0; i < G_N_ELEMENTS(troubles); i++)
        if (troubles[i].code == code)
            return troubles[i];
    return (Trouble){code, INNSIKT_ERROR_NETWORK, false, curl_easy_strerror(code)};
}

static void set_trouble(const Exchange *x, const Address *address, int tries, GError **error)
{
    Trouble trouble = trouble_of(x->code);
    GString *message = g_string_new(NULL);
    g_string_printf(message, "%s: %s: %s", x->request->what, address->shown,
                    x->timed_out ? x->timed_out : trouble.meaning);
    if (!x->timed_out && x->http->complaint[0])
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

static void trace(const Exchange *x, const Address *address, int attempt)
{
    const HttpOptions *options = &x->http->options;
    if (!options->trace)
        return;
    const char *trouble = NULL;
    if (x->error)
        trouble = x->error->message;
    else if (x->code != CURLE_OK)
        trouble = x->timed_out ? x->timed_out : trouble_of(x->code).meaning;
    HttpTrace line = {
        .method = x->request->method,
        .url = address->shown,
        .what = x->request->what,
        .attempt = attempt,
        .status = x->status,
        .bytes = x->bytes,
        .ms = (clock_ticks(x->http) - x->started) / 1000,
        .ahead = clock_ahead(x),
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
}

/* One try with its redirects. False: over, with an error; true: code and status say how it went. */
static bool exchange_follow(Exchange *x, int attempt, Address *address, GError **error)
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
        g_auto(Address) next = {0};
        if (!address_parse(target, &next, error) ||
            !redirect_allowed(x->http, x->request, address, &next, error))
            return false;
        g_free(url);
        url = g_strdup(target);
        address_clear(address);
        *address = next;
        next = (Address){0};
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
        return trouble_of(x->code).again;
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

static void set_too_long(const Exchange *x, const Address *address, int64_t seconds, GError **error)
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
static bool wait_for_next(const Exchange *x, const Address *address, int attempt,
                          Patience *patience, bool *ret_over, GError **error)
{
    int64_t asked = asked_wait(x), us;
    *ret_over = false;
    if (asked >= 0) {
        us = asked * SECOND;
        patience->asked += us;
        if (patience->asked > RETRY_AFTER_IN_ALL) {
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
    *ret = (HttpReply){.status = x->status, .tries = tries, .body_bytes = x->bytes};
    char *type = NULL;
    curl_easy_getinfo(x->http->curl, CURLINFO_CONTENT_TYPE, &type);
    g_strlcpy(ret->content_type, type ? type : "", sizeof ret->content_type);
    const char *etag = reply_header(x, "ETag"), *modified = reply_header(x, "Last-Modified");
    g_strlcpy(ret->etag, etag ? etag : "", sizeof ret->etag);
    g_strlcpy(ret->last_modified, modified ? modified : "", sizeof ret->last_modified);
    copy_links(x, ret->link, sizeof ret->link);
}

static bool exchange_try(Exchange *x, Address *address, HttpRestart restart, HttpReply *ret,
                         GError **error)
{
    Patience patience = {0};
    for (int attempt = 1;; attempt++) {
        if (stopped(x->http) >= 2)
            return cancelled(x->request, error);
        if (!exchange_follow(x, attempt, address, error))
            return false;
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
        address_clear(address);
        *address = (Address){0};
        if (!address_parse(x->request->url, address, error))
            return false;
    }
}

static bool http_send(Transport *self, const HttpRequest *request, HttpSink sink,
                      HttpRestart restart, gpointer data, HttpReply *ret, char **ret_refusal,
                      GError **error)
{
    Http *http = (Http *)self;
    g_auto(Address) address = {0};
    if (!address_parse(request->url, &address, error) || !address_allowed(http, &address, error))
        return false;
    g_autoptr(GString) refusal = g_string_new(NULL);
    Exchange x = {.http = http, .request = request, .sink = sink, .data = data, .refusal = refusal};
    if (!exchange_try(&x, &address, restart, ret, error))
        return false;
    if (ret_refusal && (ret->status < 200 || ret->status > 299))
        *ret_refusal = g_strdup(refusal->str);
    return true;
}

static void http_free(Transport *self)
{
    Http *http = (Http *)self;
    curl_easy_cleanup(http->curl);
    g_free(http);
}

/* curl the program reads these; libcurl leaves them to us. */
static void set_trust(CURL *curl)
{
    const char *file = g_getenv("CURL_CA_BUNDLE");
    if (!file || !*file)
        file = g_getenv("SSL_CERT_FILE");
    const char *folder = g_getenv("SSL_CERT_DIR");
    if (file && *file)
        curl_easy_setopt(curl, CURLOPT_CAINFO, file);
    if (folder && *folder)
        curl_easy_setopt(curl, CURLOPT_CAPATH, folder);
}

static CURL *curl_handle(Http *http)
{
    CURL *curl = curl_easy_init();
    if (!curl)
        g_error("libcurl cannot start");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, (long)BUFFER_BYTES);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "innsikt");
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, http->complaint);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    set_trust(curl);
    return curl;
}

Transport *http_transport_new(const HttpOptions *options)
{
    static gsize ready = 0;
    if (g_once_init_enter(&ready)) {
        curl_global_init(CURL_GLOBAL_DEFAULT);
        g_once_init_leave(&ready, 1);
    }
    Http *http = g_new0(Http, 1);
    http->transport = (Transport){.send = http_send, .free = http_free};
    http->options = *options;
    if (http->options.body_limit <= 0)
        http->options.body_limit = BODY_LIMIT;
    http->curl = curl_handle(http);
    return &http->transport;
}
