#include "collect/http.h"
#include "tests/collect/loopback.h"

#include <gio/gio.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#define OK(body) "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" body
#define SAY(text)                                                                                  \
    {                                                                                              \
        .bytes = text                                                                              \
    }
#define HEAD(text) "HTTP/1.1 " text "\r\nConnection: close\r\n"

/* A clock that leaps: every look at it is `step` later, a sleep is its length later. */
typedef struct {
    int64_t now, step, slept;
    guint sleeps;
} Leap;

static int64_t leap_now(gpointer data)
{
    Leap *leap = data;
    return leap->now += leap->step;
}

static void leap_sleep(int64_t us, gpointer data)
{
    Leap *leap = data;
    leap->now += us;
    leap->slept += us;
    leap->sleeps++;
}

typedef struct {
    GString *body;
    guint restarts;
    Leap *hurry;         /* whose clock runs a minute a look once the first bytes are here */
    size_t refuse_after; /* bytes the sink takes before it fails; 0: all */
} Taken;

static bool take(const char *bytes, size_t n, gpointer data, GError **error)
{
    Taken *taken = data;
    g_string_append_len(taken->body, bytes, (gssize)n);
    if (taken->hurry)
        taken->hurry->step = 61 * G_USEC_PER_SEC;
    if (!taken->refuse_after || taken->body->len <= taken->refuse_after)
        return true;
    g_set_error_literal(error, INNSIKT_ERROR, INNSIKT_ERROR_PROTOCOL, "sink has had enough");
    return false;
}

static void restart(gpointer data)
{
    Taken *taken = data;
    g_string_truncate(taken->body, 0);
    taken->restarts++;
}

/* One exchange with the scripted server and all that came of it. */
typedef struct {
    HttpOptions options;
    HttpRequest request;
    Leap leap;
    Taken taken;
    HttpReply reply;
    char *refusal;
    GError *error;
    GString *trace;
    Loopback *server;
    guint requests;
} Trial;

static void trace_line(const HttpTrace *line, gpointer data)
{
    g_string_append_printf(data, "%d %s %s %d\n", line->attempt, line->method, line->url,
                           line->status);
}

static Trial trial(const Scripted *replies, size_t n, const char *method, const char *path)
{
    Trial t = {.server = loopback_start(replies, n)};
    t.taken.body = g_string_new(NULL);
    t.trace = g_string_new(NULL);
    t.leap.now = INT64_C(1800000000) * G_USEC_PER_SEC;
    t.request = (HttpRequest){.method = method,
                              .url = g_strdup_printf("http://127.0.0.1:%d%s", t.server->port, path),
                              .body = "spørsmål",
                              .body_length = strlen("spørsmål"),
                              .repeatable = true,
                              .what = "prøven"};
    return t;
}

static bool trial_run(Trial *t)
{
    t->options.clock = (HttpClock){leap_now, leap_sleep, &t->leap};
    t->options.trace = trace_line;
    t->options.trace_data = t->trace;
    Transport *transport = http_transport_new(&t->options);
    bool ok = transport->send(transport, &t->request, take, restart, &t->taken, &t->reply,
                              &t->refusal, &t->error);
    transport_free(transport);
    t->requests = loopback_end(t->server);
    assert_true(ok == !t->error);
    return ok;
}

static void trial_clear(Trial *t)
{
    loopback_free(t->server);
    g_string_free(t->taken.body, TRUE);
    g_string_free(t->trace, TRUE);
    g_free((char *)t->request.url);
    g_free(t->refusal);
    g_clear_error(&t->error);
}

/* What a row of replies must come to. */
typedef struct {
    const char *name, *method;
    Scripted replies[6];
    size_t n;
    bool once; /* not repeatable */
    /* What is due: a body and its status, or an error. */
    int status;
    const char *body;
    int code;
    const char *part;
    guint requests;
} Case;

static const Case cases[] = {
    {.name = "plain",
     .method = "GET",
     .replies = {SAY(OK("æøå"))},
     .n = 1,
     .status = 200,
     .body = "æøå",
     .requests = 1},
    {.name = "503 then 200",
     .method = "POST",
     .replies = {SAY(HEAD("503 Service Unavailable") "Retry-After: 7\r\n\r\nsenere"),
                 SAY(OK("ja"))},
     .n = 2,
     .status = 200,
     .body = "ja",
     .requests = 2},
    {.name = "503 is not for everything",
     .method = "POST",
     .once = true,
     .replies = {SAY(HEAD("503 Service Unavailable") "\r\nsenere")},
     .n = 1,
     .status = 503,
     .body = "",
     .requests = 1},
    {.name = "500 is tried twice",
     .method = "POST",
     .replies = {SAY(HEAD("500 Oops") "\r\n"), SAY(HEAD("500 Oops") "\r\n<h1>PHP</h1>")},
     .n = 2,
     .status = 500,
     .body = "",
     .requests = 2},
    {.name = "404 is final",
     .method = "GET",
     .replies = {SAY(HEAD("404 Not Found") "\r\nborte")},
     .n = 1,
     .status = 404,
     .body = "",
     .requests = 1},
    {.name = "five tries",
     .method = "GET",
     .replies = {SAY(HEAD("502 Bad Gateway") "\r\n"), SAY(HEAD("504 Slow") "\r\n"),
                 SAY(HEAD("408 Slow") "\r\n"), SAY(HEAD("429 Slow") "\r\n"),
                 SAY(HEAD("503 Later") "\r\n")},
     .n = 5,
     .status = 503,
     .body = "",
     .requests = 5},
    {.name = "cut body with a length",
     .method = "POST",
     .replies = {SAY(HEAD("200 OK") "Content-Length: 50\r\n\r\nhalv"), SAY(OK("hel"))},
     .n = 2,
     .status = 200,
     .body = "hel",
     .requests = 2},
    {.name = "cut body is not for everything",
     .method = "POST",
     .once = true,
     .replies = {SAY(HEAD("200 OK") "Content-Length: 50\r\n\r\nhalv")},
     .n = 1,
     .code = INNSIKT_ERROR_NETWORK,
     .part = "cut short",
     .requests = 1},
    {.name = "cut chunks",
     .method = "GET",
     .replies = {SAY(HEAD("200 OK") "Transfer-Encoding: chunked\r\n\r\n8\r\nha"), SAY(OK("hel"))},
     .n = 2,
     .status = 200,
     .body = "hel",
     .requests = 2},
    {.name = "no word",
     .method = "GET",
     .replies = {SAY(NULL), SAY(OK("hel"))},
     .n = 2,
     .status = 200,
     .body = "hel",
     .requests = 2},
    {.name = "reset",
     .method = "GET",
     .replies = {{.bytes = HEAD("200 OK") "Content-Length: 9\r\n\r\nha", .reset = true},
                 SAY(OK("hel"))},
     .n = 2,
     .status = 200,
     .body = "hel",
     .requests = 2},
    {.name = "no web server",
     .method = "GET",
     .replies = {SAY("SSH-2.0-OpenSSH_9.2\r\n")},
     .n = 1,
     .code = INNSIKT_ERROR_PROTOCOL,
     .part = "no web server",
     .requests = 1},
    {.name = "silence",
     .method = "GET",
     .once = true,
     .replies = {{.bytes = HEAD("200 OK") "\r\nha", .silent = true}},
     .n = 1,
     .code = INNSIKT_ERROR_NETWORK,
     .part = "fell silent",
     .requests = 1},
    {.name = "endless body",
     .method = "GET",
     .replies = {{.bytes = OK("a"), .endless = true}},
     .n = 1,
     .code = INNSIKT_ERROR_LIMIT,
     .part = "longer than 5000 bytes",
     .requests = 1},
    {.name = "endless error page",
     .method = "GET",
     .replies = {{.bytes = HEAD("403 No") "\r\na", .endless = true}},
     .n = 1,
     .status = 403,
     .body = "",
     .requests = 1},
    {.name = "long wait",
     .method = "GET",
     .replies = {SAY(HEAD("503 Later") "Retry-After: 1800\r\n\r\n")},
     .n = 1,
     .code = INNSIKT_ERROR_RATE,
     .part = "come back at",
     .requests = 1},
    {.name = "redirect of a post",
     .method = "POST",
     .replies = {SAY(HEAD("302 Found") "Location: https://skjema.example.no/ny?x=1\r\n\r\n")},
     .n = 1,
     .code = INNSIKT_ERROR_NOT_FOUND,
     .part = "on to https://skjema.example.no/ny;",
     .requests = 1},
    {.name = "redirect to plain http elsewhere",
     .method = "GET",
     .replies = {SAY(HEAD("302 Found") "Location: http://skjema.example.no/\r\n\r\n")},
     .n = 1,
     .code = INNSIKT_ERROR_USAGE,
     .part = "plain http",
     .requests = 1},
    {.name = "redirect to a file",
     .method = "GET",
     .replies = {SAY(HEAD("302 Found") "Location: file:///etc/passwd\r\n\r\n")},
     .n = 1,
     .code = INNSIKT_ERROR_USAGE,
     .part = "",
     .requests = 1},
    {.name = "redirect on the same server",
     .method = "GET",
     .replies = {SAY(HEAD("307 There") "Location: /der\r\n\r\n"), SAY(OK("der"))},
     .n = 2,
     .status = 200,
     .body = "der",
     .requests = 2},
    {.name = "circle",
     .method = "GET",
     .replies = {SAY(HEAD("302 Found") "Location: /\r\n\r\n"),
                 SAY(HEAD("302 Found") "Location: /\r\n\r\n"),
                 SAY(HEAD("302 Found") "Location: /\r\n\r\n"),
                 SAY(HEAD("302 Found") "Location: /\r\n\r\n")},
     .n = 4,
     .code = INNSIKT_ERROR_PROTOCOL,
     .part = "circles",
     .requests = 4},
};

static void every_row_of_replies(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Case *c = &cases[i];
        Trial t = trial(c->replies, c->n, c->method, "/");
        t.request.repeatable = !c->once;
        t.options.body_limit = 5000;
        t.taken.hurry = g_str_equal(c->name, "silence") ? &t.leap : NULL;
        bool ok = trial_run(&t);
        g_autofree char *got =
            ok ? g_strdup_printf("status %d, «%s»", t.reply.status, t.taken.body->str)
               : g_strdup_printf("error %d: %s", t.error->code, t.error->message);
        bool right =
            c->part ? !ok && t.error->code == c->code && strstr(t.error->message, c->part)
                    : ok && t.reply.status == c->status && g_str_equal(t.taken.body->str, c->body);
        if (!right)
            fail_msg("%s: %s", c->name, got);
        assert_int_equal(t.requests, c->requests);
        trial_clear(&t);
    }
}

static void waiting_follows_the_rule(void **state)
{
    (void)state;
    static const Scripted asked[] = {SAY(HEAD("503 Later") "Retry-After: 7\r\n\r\n"), SAY(OK(""))};
    Trial t = trial(asked, 2, "GET", "/");
    assert_true(trial_run(&t));
    assert_int_equal(t.leap.slept, 7 * G_USEC_PER_SEC);
    assert_int_equal(t.reply.tries, 2);
    trial_clear(&t);
    static const Scripted busy[] = {SAY(HEAD("503 Later") "\r\n"), SAY(HEAD("503 Later") "\r\n"),
                                    SAY(HEAD("503 Later") "\r\n"), SAY(HEAD("503 Later") "\r\n"),
                                    SAY(HEAD("503 Later") "\r\nTa det med ro")};
    t = trial(busy, 5, "POST", "/index.php?secret=1");
    assert_true(trial_run(&t));
    assert_int_equal(t.leap.sleeps, 4);
    assert_true(t.leap.slept >= 15 * G_USEC_PER_SEC / 2);
    assert_true(t.leap.slept <= 15 * G_USEC_PER_SEC * 3 / 2);
    assert_string_equal(t.refusal, "Ta det med ro");
    transport_refused(&t.request, &t.reply, t.refusal, &t.error);
    assert_int_equal(t.error->code, INNSIKT_ERROR_NETWORK);
    assert_non_null(strstr(t.error->message, "(5 tries); it says: «Ta det med ro»"));
    assert_null(strstr(t.trace->str, "secret"));
    trial_clear(&t);
}

static void retry_after_has_two_forms(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int64_t seconds;
    } forms[] = {
        {"0", 0},
        {"120", 120},
        {"Fri, 15 Jan 2027 08:01:40 GMT", 100},
        {"Friday, 15-Jan-27 08:01:40 GMT", 100},
        {"Fri Jan 15 08:01:40 2027", 100},
        {"Thu, 14 Jan 2027 08:01:40 GMT", 0},
        {"snart", -1},
        {"-5", -1},
        {"", -1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
        assert_int_equal(http_retry_after(forms[i].value, INT64_C(1800000000) * G_USEC_PER_SEC),
                         forms[i].seconds);
}

/* A second server listens where the first one points to: nobody may call there. */
static void credentials_stay_with_their_server(void **state)
{
    (void)state;
    static const char *const bearer[] = {"Authorization: Bearer 4f9a2c", NULL};
    static const char *const harmless[] = {"Accept: application/json", NULL};
    static const Scripted there[] = {SAY(OK("der"))};
    for (int with = 0; with < 2; with++) {
        Loopback *other = loopback_start(there, 1);
        g_autofree char *reply = g_strdup_printf(
            HEAD("302 Found") "Location: http://127.0.0.1:%d/\r\n\r\n", other->port);
        const Scripted here[] = {SAY(reply)};
        Trial t = trial(here, 1, "GET", "/");
        t.request.headers = with ? bearer : harmless;
        assert_int_equal(trial_run(&t), !with);
        if (with)
            assert_non_null(strstr(t.error->message, "credentials are not taken"));
        assert_int_equal(loopback_end(other), !with);
        loopback_free(other);
        trial_clear(&t);
    }
}

static void plain_http_is_for_this_machine(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        bool allowed; /* it is sent, and fails on the way */
    } urls[] = {
        {"http://127.0.0.1:1/x", true},
        {"http://localhost:1/x", true},
        {"http://[::1]:1/x", true},
        {"http://127.0.0.1.example.invalid/x", false},
        {"http://user@skjema.invalid/", false},
        {"ftp://127.0.0.1/x", false},
        {"file:///etc/passwd", false},
        {"http://", false},
        {"", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(urls); i++) {
        Transport *transport = http_transport_new(&(HttpOptions){0});
        HttpRequest request = {.method = "GET", .url = urls[i].url, .what = "prøven"};
        g_autoptr(GError) error = NULL;
        assert_null(transport_fetch(transport, &request, 100, NULL, &error));
        assert_int_equal(error->code,
                         urls[i].allowed ? INNSIKT_ERROR_NETWORK : INNSIKT_ERROR_USAGE);
        transport_free(transport);
    }
}

static void packed_bodies_are_limited_unpacked(void **state)
{
    (void)state;
    g_autoptr(GZlibCompressor) gzip = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
    gsize room = 1 << 22, n = 0, read = 0;
    g_autofree char *zeros = g_malloc0(room), *packed = g_malloc(room);
    static const char head[] = HEAD("200 OK") "Content-Encoding: gzip\r\n\r\n";
    memcpy(packed, head, sizeof head - 1);
    assert_int_equal(g_converter_convert(G_CONVERTER(gzip), zeros, room, packed + sizeof head - 1,
                                         room - sizeof head, G_CONVERTER_INPUT_AT_END, &read, &n,
                                         NULL),
                     G_CONVERTER_FINISHED);
    const Scripted bomb[] = {{.bytes = packed, .n = n + sizeof head - 1}};
    assert_true(bomb[0].n < 10000);
    for (int limited = 0; limited < 2; limited++) {
        Trial t = trial(bomb, 1, "GET", "/");
        t.options.body_limit = limited ? 1 << 20 : 0;
        assert_int_equal(trial_run(&t), !limited);
        if (limited)
            assert_int_equal(t.error->code, INNSIKT_ERROR_LIMIT);
        else
            assert_int_equal(t.reply.body_bytes, room);
        trial_clear(&t);
    }
}

/* brotli -q 11 and zstd -19, of one sentence and of four MiB of NULs. */
#define SENTENCE "Æ, ø og å: åtte ganger det samme, åtte ganger det samme, åtte ganger det samme"
#define PACKED(bytes)                                                                              \
    {                                                                                              \
        bytes, sizeof(bytes) - 1                                                                   \
    }
static const struct {
    const char *encoding;
    struct {
        const char *bytes;
        size_t n;
    } sentence, bomb;
} packings[] = {
    {"br",
     PACKED("\x1b\x53\x00\xf8\x8d\xd4\x51\x8d\xcb\xdd\xa0\xdc\x96\xea\xd1\x17\x92\xad\x0d\x7c"
            "\x96\xa6\xa0\x0b\xa1\x7d\x96\x1a\xe2\x86\x59\x71\xc2\xa4\x0b\x3c\xb7\xb0\x85\xcd"
            "\x88\xca\x53\x7a\x6c\x0d\x3f\xbb\x15"),
     PACKED("\x9b\xff\xff\x3f\x00\x24\x00\xe2\xb1\x40\x72\xef\x7f\x00")},
    {"zstd",
     PACKED("\x28\xb5\x2f\xfd\x00\x68\x6d\x01\x00\x54\x02\xc3\x86\x2c\x20\xc3\xb8\x20\x6f\x67"
            "\x20\xc3\xa5\x3a\x20\xc3\xa5\x74\x74\x65\x20\x67\x61\x6e\x67\x65\x72\x20\x64\x65"
            "\x74\x20\x73\x61\x6d\x6d\x65\x2c\x01\x00\x65\xa3\xf9\x04"),
     PACKED("\x28\xb5\x2f\xfd\x00\x68\x4c\x00\x00\x08\x00\x01\x00\xfc\xff\x39\x10\x02\x02\x00"
            "\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00"
            "\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00"
            "\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00"
            "\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00"
            "\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00"
            "\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x02\x00\x10\x00\x03\x00"
            "\x10\x00")},
};

static Scripted packed_reply(GString *text, const char *encoding, const char *bytes, size_t n)
{
    g_string_printf(text, HEAD("200 OK") "Content-Encoding: %s\r\n\r\n", encoding);
    g_string_append_len(text, bytes, (gssize)n);
    return (Scripted){.bytes = text->str, .n = text->len};
}

static void every_packing_is_unpacked(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(packings); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        const Scripted sentence[] = {packed_reply(
            text, packings[i].encoding, packings[i].sentence.bytes, packings[i].sentence.n)};
        Trial t = trial(sentence, 1, "GET", "/");
        assert_true(trial_run(&t));
        assert_string_equal(t.taken.body->str, SENTENCE);
        trial_clear(&t);
        const Scripted bomb[] = {
            packed_reply(text, packings[i].encoding, packings[i].bomb.bytes, packings[i].bomb.n)};
        t = trial(bomb, 1, "GET", "/");
        t.options.body_limit = 1 << 20;
        assert_false(trial_run(&t));
        assert_int_equal(t.error->code, INNSIKT_ERROR_LIMIT);
        trial_clear(&t);
    }
}

static void a_stop_is_noticed(void **state)
{
    (void)state;
    static const Scripted busy[] = {SAY(HEAD("503 Later") "Retry-After: 600\r\n\r\n")};
    volatile int stop = 1;
    Trial t = trial(busy, 1, "GET", "/");
    t.options.stop = &stop;
    assert_false(trial_run(&t));
    assert_int_equal(t.error->code, INNSIKT_ERROR_CANCELLED);
    assert_int_equal(t.leap.slept, 0);
    trial_clear(&t);
    stop = 2;
    t = trial(busy, 1, "GET", "/");
    t.options.stop = &stop;
    assert_false(trial_run(&t));
    assert_int_equal(t.error->code, INNSIKT_ERROR_CANCELLED);
    assert_int_equal(t.requests, 0);
    trial_clear(&t);
}

static void a_sink_that_fails_ends_the_transfer(void **state)
{
    (void)state;
    static const Scripted replies[] = {{.bytes = OK("a"), .endless = true}};
    Trial t = trial(replies, 1, "GET", "/");
    t.taken.refuse_after = 10;
    assert_false(trial_run(&t));
    assert_string_equal(t.error->message, "sink has had enough");
    assert_int_equal(t.requests, 1);
    trial_clear(&t);
}

static void what_is_sent_and_shown(void **state)
{
    (void)state;
    static const Scripted replies[] = {SAY(OK(""))};
    Trial t = trial(replies, 1, "POST", "/v1/key/hemmelig/x?q=hemmelig#h");
    assert_true(trial_run(&t));
    const char *sent = g_ptr_array_index(t.server->requests, 0);
    assert_true(g_str_has_prefix(sent, "POST /v1/key/hemmelig/x?q=hemmelig HTTP/1.1\r\n"));
    assert_non_null(strstr(sent, "Accept-Encoding: deflate, gzip, br, zstd\r\n"));
    assert_null(strstr(sent, "Expect:"));
    assert_true(g_str_has_suffix(sent, "\r\n\r\nspørsmål"));
    assert_null(strstr(t.trace->str, "hemmelig"));
    assert_non_null(strstr(t.trace->str, "/v1/key/…/x 200\n"));
    trial_clear(&t);
}

static void links_are_told(void **state)
{
    (void)state;
    const Scripted replies[] = {
        SAY("HTTP/1.1 200 OK\r\nConnection: close\r\nlink: <https://a.no/?p=2>; rel=next\r\n"
            "Link: <https://a.no/?p=9>; rel=last\r\n\r\n{}"),
        SAY(OK("{}"))};
    Loopback *server = loopback_start(replies, G_N_ELEMENTS(replies));
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/", server->port);
    HttpOptions options = {0};
    g_autoptr(Transport) transport = http_transport_new(&options);
    HttpRequest request = {.method = "GET", .url = url, .what = "a page"};
    HttpReply reply;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) first = transport_fetch(transport, &request, 10, &reply, &error);
    assert_non_null(first);
    assert_string_equal(reply.link, "<https://a.no/?p=2>; rel=next, <https://a.no/?p=9>; rel=last");
    g_autoptr(GBytes) second = transport_fetch(transport, &request, 10, &reply, &error);
    assert_non_null(second);
    assert_string_equal(reply.link, "");
    loopback_end(server);
    loopback_free(server);
}

static void small_replies_are_fetched_whole(void **state)
{
    (void)state;
    static const Scripted replies[] = {SAY(HEAD("200 OK") "Content-Length: 8\r\n\r\nhalv"),
                                       SAY(OK("1234")), SAY(OK("12345")),
                                       SAY(HEAD("403 No") "\r\nnei")};
    static const char *const due[] = {"1234", "longer than the 4 bytes", "it says: «nei»"};
    Loopback *server = loopback_start(replies, 4);
    g_autofree char *url = g_strdup_printf("http://127.0.0.1:%d/", server->port);
    Leap leap = {0};
    Transport *transport =
        http_transport_new(&(HttpOptions){.clock = {leap_now, leap_sleep, &leap}});
    for (int i = 0; i < 3; i++) {
        g_autoptr(GError) error = NULL;
        HttpRequest request = {.method = "GET", .url = url, .repeatable = true, .what = "prøven"};
        g_autoptr(GBytes) body = transport_fetch(transport, &request, 4, NULL, &error);
        assert_true((i == 0) == (body != NULL));
        if (body)
            assert_string_equal(g_bytes_get_data(body, NULL), due[i]);
        else
            assert_non_null(strstr(error->message, due[i]));
    }
    transport_free(transport);
    assert_int_equal(loopback_end(server), 4);
    loopback_free(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_replies),
        cmocka_unit_test(waiting_follows_the_rule),
        cmocka_unit_test(retry_after_has_two_forms),
        cmocka_unit_test(credentials_stay_with_their_server),
        cmocka_unit_test(plain_http_is_for_this_machine),
        cmocka_unit_test(packed_bodies_are_limited_unpacked),
        cmocka_unit_test(every_packing_is_unpacked),
        cmocka_unit_test(a_stop_is_noticed),
        cmocka_unit_test(a_sink_that_fails_ends_the_transfer),
        cmocka_unit_test(what_is_sent_and_shown),
        cmocka_unit_test(links_are_told),
        cmocka_unit_test(small_replies_are_fetched_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
