/* What the requests of a run share: connections, and what is known of servers that are down. Time
 * leaps; nothing waits. */
#include "collect/http.h"
#include "tests/collect/loopback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define KEPT "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nja"

typedef struct {
    int64_t now, step, slept;
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
}

static Leap leap_new(void)
{
    return (Leap){.now = INT64_C(1800000000) * G_USEC_PER_SEC};
}

static Transport *transport_on(HttpPool *pool, Leap *leap, const char *ca_file)
{
    return http_transport_new(
        &(HttpOptions){.pool = pool, .ca_file = ca_file, .clock = {leap_now, leap_sleep, leap}});
}

static char *url_of(int port)
{
    return g_strdup_printf("http://127.0.0.1:%d/skjema", port);
}

/* One small request; the text, or NULL with an error. */
static char *ask(Transport *transport, const char *url, bool repeatable, GError **error)
{
    HttpRequest request = {.method = "GET", .url = url, .repeatable = repeatable, .what = "prøven"};
    g_autoptr(GBytes) body = transport_fetch(transport, &request, 100, NULL, error);
    return body ? g_strdup(g_bytes_get_data(body, NULL)) : NULL;
}

static void assert_answer(Transport *transport, const char *url)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = ask(transport, url, true, &error);
    if (error)
        fail_msg("%s", error->message);
    assert_string_equal(text, "ja");
}

/* The failure must say this. */
static void assert_failure(Transport *transport, const char *url, bool repeatable, const char *part)
{
    g_autoptr(GError) error = NULL;
    assert_null(ask(transport, url, repeatable, &error));
    if (!strstr(error->message, part))
        fail_msg("«%s» says nothing of «%s»", error->message, part);
}

/* A port of this machine where nobody listens until somebody does. */
static int silent_port(int *ret_socket)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    *ret_socket = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(*ret_socket, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(*ret_socket, (struct sockaddr *)&address, &length), 0);
    return ntohs(address.sin_port);
}

/* --- connections --- */

static void connections_are_used_again(void **state)
{
    (void)state;
    enum { REQUESTS = 6 };
    static const Scripted replies[REQUESTS] = {
        {.bytes = KEPT, .keep = true}, {.bytes = KEPT, .keep = true}, {.bytes = KEPT, .keep = true},
        {.bytes = KEPT, .keep = true}, {.bytes = KEPT, .keep = true}, {.bytes = KEPT}};
    Loopback *server = loopback_start(replies, REQUESTS);
    g_autofree char *url = url_of(server->port);
    g_autoptr(HttpPool) pool = http_pool_new();
    Leap leap = leap_new();
    for (int source = 0; source < 2; source++) {
        g_autoptr(Transport) transport = transport_on(pool, &leap, NULL);
        for (int i = 0; i < REQUESTS / 2; i++)
            assert_answer(transport, url);
    }
    assert_int_equal(loopback_end(server), REQUESTS);
    assert_int_equal(server->connections, 1);
    loopback_free(server);
}

/* A connection made under another trust is another connection. */
static void connections_stay_with_who_trusts_the_same(void **state)
{
    (void)state;
    static const Scripted replies[] = {{.bytes = KEPT, .keep = true}, {.bytes = KEPT}};
    Loopback *server = loopback_start(replies, 1);
    g_autofree char *url = url_of(server->port);
    HttpPool *pool = http_pool_new();
    Leap leap = leap_new();
    Transport *one = transport_on(pool, &leap, NULL);
    Transport *other = transport_on(pool, &leap, "/nowhere/ca.pem");
    assert_answer(one, url);
    loopback_end(server);
    assert_failure(other, url, false, "no connection");
    transport_free(one);
    transport_free(other);
    http_pool_free(pool);
    loopback_free(server);
}

/* --- time --- */

/* The server takes the connection and says nothing to a client that waits for its certificate. */
static void connecting_has_its_time(void **state)
{
    (void)state;
    static const Scripted replies[] = {{.bytes = NULL}};
    Loopback *server = loopback_start(replies, 1);
    g_autofree char *url = g_strdup_printf("https://127.0.0.1:%d/", server->port);
    Leap leap = leap_new();
    leap.step = 4 * G_USEC_PER_SEC;
    Transport *transport = transport_on(NULL, &leap, NULL);
    assert_failure(transport, url, false, "no connection within 15 seconds");
    transport_free(transport);
    loopback_end(server);
    loopback_free(server);
}

/* Once the first bytes are here, every look at the clock is three seconds later. */
static bool drop(const char *bytes, size_t n, gpointer data, GError **error)
{
    (void)bytes;
    (void)n;
    (void)error;
    ((Leap *)data)->step = 3 * G_USEC_PER_SEC;
    return true;
}

/* Something comes all the time, and it never ends: an hour is the most. */
static void a_reply_that_trickles_on_has_its_time(void **state)
{
    (void)state;
    static const Scripted replies[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\na", .endless = true}};
    Loopback *server = loopback_start(replies, 1);
    g_autofree char *url = url_of(server->port);
    Leap leap = leap_new();
    Transport *transport = http_transport_new(
        &(HttpOptions){.body_limit = INT64_C(1) << 40, .clock = {leap_now, leap_sleep, &leap}});
    HttpRequest request = {.method = "GET", .url = url, .what = "prøven"};
    HttpReply reply;
    g_autoptr(GError) error = NULL;
    assert_false(transport->send(transport, &request, drop, NULL, &leap, &reply, NULL, &error));
    if (!strstr(error->message, "more than an hour"))
        fail_msg("%s", error->message);
    transport_free(transport);
    assert_int_equal(loopback_end(server), 1);
    loopback_free(server);
}

/* --- the circuit --- */

static void a_server_that_is_down_is_left_alone(void **state)
{
    (void)state;
    int unused;
    const int port = silent_port(&unused);
    g_autofree char *url = url_of(port);
    g_autoptr(HttpPool) pool = http_pool_new();
    Leap leap = leap_new();
    g_autoptr(Transport) one = transport_on(pool, &leap, NULL);
    g_autoptr(Transport) other = transport_on(pool, &leap, NULL);
    assert_failure(one, url, true, "(5 tries)");
    assert_true(leap.slept > 7 * G_USEC_PER_SEC);
    leap.slept = 0;
    /* Every other source of the run fails at once, without a try. */
    for (int i = 0; i < 3; i++)
        assert_failure(other, url, true, "did not answer the last 5 times");
    assert_int_equal(leap.slept, 0);
    /* After a minute one is let through; it fails, and the minute begins again. */
    leap.now += 61 * G_USEC_PER_SEC;
    assert_failure(other, url, true, "(5 tries)");
    assert_failure(one, url, true, "not asked again for another 60 seconds");
    leap.now += 61 * G_USEC_PER_SEC;
    static const Scripted replies[] = {{.bytes = KEPT, .keep = true}, {.bytes = KEPT}};
    close(unused);
    Loopback *server = loopback_start_at(port, replies, 2);
    assert_answer(one, url);
    assert_answer(other, url);
    assert_int_equal(loopback_end(server), 2);
    loopback_free(server);
}

/* An answer that is of no use is an answer. */
static void a_server_that_talks_nonsense_is_up(void **state)
{
    (void)state;
    int unused;
    const int port = silent_port(&unused);
    g_autofree char *url = url_of(port);
    g_autoptr(HttpPool) pool = http_pool_new();
    Leap leap = leap_new();
    g_autoptr(Transport) transport = transport_on(pool, &leap, NULL);
    assert_failure(transport, url, true, "(5 tries)");
    leap.now += 61 * G_USEC_PER_SEC;
    static const Scripted replies[] = {
        {.bytes = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\na", .endless = true},
        {.bytes = KEPT}};
    close(unused);
    Loopback *server = loopback_start_at(port, replies, 2);
    assert_failure(transport, url, true, "longer than the 100 bytes");
    assert_answer(transport, url);
    assert_int_equal(loopback_end(server), 2);
    loopback_free(server);
}

/* Another port is another server, and a farewell is always tried. */
static void others_are_asked_as_ever(void **state)
{
    (void)state;
    int unused;
    g_autofree char *down = url_of(silent_port(&unused));
    static const Scripted replies[] = {{.bytes = KEPT}};
    Loopback *server = loopback_start(replies, 1);
    g_autofree char *url = url_of(server->port);
    g_autoptr(HttpPool) pool = http_pool_new();
    Leap leap = leap_new();
    g_autoptr(Transport) transport = transport_on(pool, &leap, NULL);
    assert_failure(transport, down, true, "(5 tries)");
    assert_failure(transport, down, true, "did not answer");
    HttpRequest farewell = {.method = "GET", .url = down, .parting = true, .what = "logout"};
    g_autoptr(GError) error = NULL;
    assert_null(transport_fetch(transport, &farewell, 100, NULL, &error));
    assert_non_null(strstr(error->message, "no connection"));
    assert_answer(transport, url);
    assert_int_equal(loopback_end(server), 1);
    loopback_free(server);
    close(unused);
}

/* What may not be repeated counts too; an error of the server's own says that it is there. */
static void what_counts_as_down(void **state)
{
    (void)state;
    static const struct {
        const char *status;
        bool opens;
    } kinds[] = {{"503 Later", true}, {"502 Bad", true},   {"504 Slow", true}, {"500 Oops", false},
                 {"404 No", false},   {"429 Easy", false}, {"401 Who", false}};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        enum { TIMES = 6 };
        g_autofree char *text = g_strdup_printf(
            "HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", kinds[i].status);
        Scripted replies[TIMES];
        for (int r = 0; r < TIMES; r++)
            replies[r] = (Scripted){.bytes = text};
        Loopback *server = loopback_start(replies, TIMES);
        g_autofree char *url = url_of(server->port);
        Leap leap = leap_new();
        g_autoptr(Transport) transport = transport_on(NULL, &leap, NULL);
        for (int r = 0; r < 5; r++)
            assert_failure(transport, url, false, kinds[i].status[0] == '5' ? "HTTP 5" : "HTTP 4");
        assert_failure(transport, url, false, kinds[i].opens ? "did not answer" : "HTTP");
        assert_int_equal(loopback_end(server), kinds[i].opens ? 5 : 6);
        loopback_free(server);
    }
}

static void a_long_wait_asked_for_holds_for_all(void **state)
{
    (void)state;
    static const Scripted replies[] = {
        {.bytes = "HTTP/1.1 429 Easy\r\nRetry-After: 1800\r\nContent-Length: 0\r\n\r\n"},
        {.bytes = KEPT}};
    Loopback *server = loopback_start(replies, 2);
    g_autofree char *url = url_of(server->port);
    g_autoptr(HttpPool) pool = http_pool_new();
    Leap leap = leap_new();
    g_autoptr(Transport) one = transport_on(pool, &leap, NULL);
    g_autoptr(Transport) other = transport_on(pool, &leap, NULL);
    assert_failure(one, url, true, "come back at");
    leap.now += 1000 * G_USEC_PER_SEC;
    assert_failure(other, url, true, "left alone for another 800 seconds");
    leap.now += 801 * G_USEC_PER_SEC;
    assert_answer(other, url);
    assert_int_equal(leap.slept, 0);
    assert_int_equal(loopback_end(server), 2);
    loopback_free(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_are_used_again),
        cmocka_unit_test(connections_stay_with_who_trusts_the_same),
        cmocka_unit_test(connecting_has_its_time),
        cmocka_unit_test(a_reply_that_trickles_on_has_its_time),
        cmocka_unit_test(a_server_that_is_down_is_left_alone),
        cmocka_unit_test(a_server_that_talks_nonsense_is_up),
        cmocka_unit_test(others_are_asked_as_ever),
        cmocka_unit_test(what_counts_as_down),
        cmocka_unit_test(a_long_wait_asked_for_holds_for_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
