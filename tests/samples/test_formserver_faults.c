/* Everything the sample form server can do wrong on request: each fault is ordered, met by exactly
 * the requests it was ordered for, and leaves the server sound. */
#include "tests/samples/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FORM  "tests/samples/elvebakken.json"
#define EMPTY "tests/samples/empty.json"

static const char *const FILES[] = {FORM, EMPTY, NULL};

static int start(void **state)
{
    *state = server_start(FILES, true);
    return 0;
}

static int stop(void **state)
{
    server_stop(*state);
    return 0;
}

static char *list_groups_body(const Server *server)
{
    return g_strdup_printf("{\"method\":\"list_groups\",\"params\":[\"%s\",131392],\"id\":1}",
                           server->key);
}

static ServerAnswer list_groups(const Server *server)
{
    g_autofree char *body = list_groups_body(server);
    const Ask ask = {.body = body};
    return server_ask(server, &ask);
}

static GString *good_body(const Server *server)
{
    ServerAnswer answer = list_groups(server);
    assert_int_equal(answer.code, CURLE_OK);
    assert_true(g_str_has_prefix(answer.body->str, "{\"id\":1,\"result\":[{"));
    GString *body = g_string_new_len(answer.body->str, (gssize)answer.body->len);
    answer_clear(&answer);
    return body;
}

/* The server answers as before: nothing of the fault stays behind. */
static void assert_sound(const Server *server, const GString *good)
{
    ServerAnswer answer = list_groups(server);
    assert_int_equal(answer.code, CURLE_OK);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.content_type, "application/json");
    assert_string_equal(answer.body->str, good->str);
    answer_clear(&answer);
}

/* Faults of the transport: what libcurl makes of them, and how much of the body comes. */
static const struct {
    const char *order;
    CURLcode code;
    long status;
    gssize bytes; /* -1: all, -2: not known (a reset may take what was sent with it) */
} TRANSPORT[] = {
    {"list_groups:1:reset-before", CURLE_RECV_ERROR, 0, 0},
    {"list_groups:1:reset-within:70", CURLE_RECV_ERROR, -1, -2},
    {"list_groups:1:reset-within", CURLE_RECV_ERROR, -1, -2},
    {"list_groups:1:cut-length:71", CURLE_PARTIAL_FILE, 200, 71},
    {"list_groups:1:cut-length:0", CURLE_PARTIAL_FILE, 200, 0},
    {"list_groups:1:cut-length:999999", CURLE_OK, 200, -1},
    {"list_groups:1:cut-chunked:72", CURLE_PARTIAL_FILE, 200, 72},
    {"list_groups:1:cut-close:73", CURLE_OK, 200, 73},
    {"list_groups:1:drip:1", CURLE_OK, 200, -1},
};

static void test_transport(void **state)
{
    const Server *server = *state;
    g_autoptr(GString) good = good_body(server);
    for (size_t i = 0; i < G_N_ELEMENTS(TRANSPORT); i++) {
        server_order(server, "{\"fault\":\"%s\"}", TRANSPORT[i].order);
        ServerAnswer answer = list_groups(server);
        if (answer.code != TRANSPORT[i].code) {
            fail_msg("%s: %s", TRANSPORT[i].order, curl_easy_strerror(answer.code));
        }
        if (TRANSPORT[i].status >= 0) {
            assert_int_equal(answer.status, TRANSPORT[i].status);
        }
        const gsize whole = TRANSPORT[i].bytes == -1 ? good->len : (gsize)TRANSPORT[i].bytes;
        if (TRANSPORT[i].bytes != -2) {
            assert_int_equal(answer.body->len, whole);
        }
        assert_true(answer.body->len <= good->len);
        assert_memory_equal(answer.body->str, good->str, answer.body->len);
        answer_clear(&answer);
        assert_sound(server, good);
    }
}

static int connect_to(const Server *server)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(server->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void send_call(int fd, const char *body)
{
    g_autofree char *request =
        g_strdup_printf("POST /index.php/admin/remotecontrol HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                        strlen(body), body);
    assert_int_equal(write(fd, request, strlen(request)), strlen(request));
}

/* Reads until the request has been noted, so that what did not come by then does not come. */
static void wait_until_noted(const Server *server, gint64 count)
{
    while (server_log(server, "calls/list_groups") < count) {
    }
}

static void test_silence(void **state)
{
    const Server *server = *state;
    server_order(server, "{\"fault\":\"list_groups:1:silence\"}");
    g_autofree char *body = list_groups_body(server);
    const int fd = connect_to(server);
    send_call(fd, body);
    wait_until_noted(server, 1);
    struct pollfd silent = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&silent, 1, 0), 0);
    g_autoptr(GString) good = good_body(server);
    assert_sound(server, good);
    assert_int_equal(poll(&silent, 1, 0), 0);
    close(fd);
    const int left_open = connect_to(server); /* when the server ends, this one ends too */
    server_order(server, "{\"fault\":\"list_groups:1:silence\"}");
    send_call(left_open, body);
    wait_until_noted(server, 4);
    close(left_open);
}

static void test_drip_waits_between_bytes(void **state)
{
    const Server *server = *state;
    server_order(server, "{\"fault\":\"list_groups:1:drip:3600000\"}");
    g_autofree char *body = list_groups_body(server);
    const int fd = connect_to(server);
    send_call(fd, body);
    char seen[4096];
    size_t length = 0;
    const char *end = NULL;
    while (end == NULL || seen + length < end + 5) {
        const ssize_t n = read(fd, seen + length, sizeof seen - 1 - length);
        assert_true(n > 0);
        length += (size_t)n;
        seen[length] = '\0';
        end = strstr(seen, "\r\n\r\n");
    }
    assert_string_equal(end, "\r\n\r\n{");
    g_autoptr(GString) good = good_body(server);
    assert_sound(server, good);
    struct pollfd dripping = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&dripping, 1, 0), 0);
    close(fd);
}

static void test_endless(void **state)
{
    const Server *server = *state;
    g_autoptr(GString) good = good_body(server);
    server_order(server, "{\"fault\":\"list_groups:1:endless\"}");
    g_autofree char *body = list_groups_body(server);
    const Ask ask = {.body = body, .most = 8 << 20};
    ServerAnswer answer = server_ask(server, &ask);
    assert_int_equal(answer.code, CURLE_WRITE_ERROR);
    assert_memory_equal(answer.body->str, good->str, good->len);
    assert_int_equal(answer.body->str[8 << 20], ' ');
    answer_clear(&answer);
    assert_sound(server, good);
}

static void test_bomb(void **state)
{
    const Server *server = *state;
    g_autoptr(GString) good = good_body(server);
    server_order(server, "{\"fault\":\"list_groups:1:bomb:5\"}");
    g_autofree char *body = list_groups_body(server);
    const Ask ask = {.body = body, .encoding = "gzip"};
    ServerAnswer answer = server_ask(server, &ask);
    assert_int_equal(answer.code, CURLE_OK);
    assert_int_equal(answer.body->len, good->len + (5 << 20));
    assert_memory_equal(answer.body->str, good->str, good->len);
    assert_true(answer.wire_bytes < 64 << 10);
    answer_clear(&answer);
    assert_sound(server, good);
}

/* Faults that put another reply in place of the call's. */
static const struct {
    const char *order;
    long status;
    const char *content_type, *retry_after, *location;
    const char *body; /* what it begins with */
} REPLACED[] = {
    {"status:429,7", 429, "text/html; charset=UTF-8", "7", "", "<html>"},
    {"status:503,Wed, 21 Oct 2026 07:28:00 GMT", 503, "text/html; charset=UTF-8",
     "Wed, 21 Oct 2026 07:28:00 GMT", "", "<html>"},
    {"status:500", 500, "text/html; charset=UTF-8", "", "", "<html>"},
    {"status:502", 502, "text/html; charset=UTF-8", "", "",
     "<html>\r\n<head><title>502 Bad Gateway</title></head>"},
    {"empty", 200, "", "", "", ""},
    {"login-page", 200, "text/html; charset=UTF-8", "", "", "<!DOCTYPE html>"},
    {"redirect:http://127.0.0.2:9/elsewhere", 302, "", "", "http://127.0.0.2:9/elsewhere", ""},
    {"body:{\\\"id\\\":1,\\\"res", 200, "application/json", "", "", "{\"id\":1,\"res"},
    {"nest:3", 200, "application/json", "", "", "[[[]]]"},
    {"replace:{=[{", 200, "application/json", "", "", "[{\"id\":1,"},
    {"wrong-charset:UTF-16", 200, "application/json; charset=UTF-16", "", "", "{\"id\":1,"},
    {"charset:UTF-16BE", 200, "application/json; charset=UTF-16BE", "", "", ""},
};

static void test_replaced(void **state)
{
    const Server *server = *state;
    g_autoptr(GString) good = good_body(server);
    for (size_t i = 0; i < G_N_ELEMENTS(REPLACED); i++) {
        server_order(server, "{\"fault\":\"list_groups:1:%s\"}", REPLACED[i].order);
        ServerAnswer answer = list_groups(server);
        assert_int_equal(answer.code, CURLE_OK);
        assert_int_equal(answer.status, REPLACED[i].status);
        assert_string_equal(answer.content_type, REPLACED[i].content_type);
        assert_string_equal(answer.retry_after, REPLACED[i].retry_after);
        assert_string_equal(answer.location, REPLACED[i].location);
        assert_true(g_str_has_prefix(answer.body->str, REPLACED[i].body));
        assert_true((*REPLACED[i].body == '\0') == (*answer.body->str == '\0'));
        answer_clear(&answer);
        assert_sound(server, good);
    }
}

/* Orders that a fault carries out before the call is answered, and a reply that comes again. */
static void test_orders_and_repeated_replies(void **state)
{
    const Server *server = *state;
    server_order(server, "{\"fault\":\"list_groups:2:order:{\\\"clock\\\":-90}\"}");
    g_autoptr(GString) good = good_body(server);
    assert_int_equal(server_log(server, "clock_ahead"), 0);
    assert_sound(server, good);
    assert_int_equal(server_log(server, "clock_ahead"), -90);
    server_order(server, "{\"clock\":90,\"fault\":\"list_groups:1:again\"}");
    g_autofree char *other = server_call(server, "list_groups", "[\"$KEY\",1]");
    assert_string_equal(other, good->str);
    assert_sound(server, good);
    server_order(server, "{\"fault\":\"list_groups:1:order:{\\\"clear-faults\\\":true}\"}");
    assert_sound(server, good);
    assert_true(server_log(server, "connections") > 3);
}

static void test_a_replaced_login_opens_no_session(void **state)
{
    server_order(*state, "{\"fault\":{\"call\":\"get_session_key\",\"kind\":\"status\",\"value\":"
                         "\"503\"}}");
    g_autofree char *refused =
        server_call(*state, "get_session_key", "[\"%s\",\"%s\"]", CLIENT_USER, CLIENT_PASSWORD);
    assert_true(g_str_has_prefix(refused, "<html>"));
    assert_int_equal(server_log(*state, "sessions_opened"), 1);
    assert_int_equal(server_log(*state, "faults/status"), 1);
}

/* Which of eight calls meet a fault: list_groups and list_questions in turn. */
static void test_counting(void **state)
{
    static const struct {
        const char *order, *met;
    } CASES[] = {
        {"\"list_groups:2:empty\"", "..x....."},
        {"\"list_groups:2-3:empty\"", "..x.x..."},
        {"\"list_questions:3-:empty\"", ".....x.x"},
        {"\"*:4-6:empty\"", "...xxx.."},
        {"\"list_groups:*:empty\"", "x.x.x.x."},
        {"{\"call\":\"list_questions\",\"from\":2,\"to\":4,\"kind\":\"empty\"}", "...x.x.x"},
        {"{\"kind\":\"empty\"}", "x......."},
        {"\"export_responses:*:empty\"", "........"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        server_order(*state, "{\"clear-faults\":true,\"fault\":%s}", CASES[i].order);
        char met[9] = "";
        for (int k = 0; k < 8; k++) {
            g_autofree char *body = server_call(
                *state, k % 2 == 0 ? "list_groups" : "list_questions", "%s", "[\"$KEY\",131392]");
            met[k] = *body == '\0' ? 'x' : '.';
        }
        assert_string_equal(met, CASES[i].met);
    }
}

static void test_faults_on_the_command_line(void **state)
{
    (void)state;
    const char *const arguments[] = {
        FORM, "--fault", "list_groups:1:empty", "--fault", "list_groups:2:status:504", NULL};
    Server *server = server_start(arguments, true);
    ServerAnswer first = list_groups(server);
    ServerAnswer second = list_groups(server);
    assert_int_equal(first.status, 200);
    assert_int_equal(first.body->len, 0);
    assert_int_equal(second.status, 504);
    answer_clear(&first);
    answer_clear(&second);
    g_autoptr(GString) good = good_body(server);
    server_stop(server);
    const char *const wrong[] = {FORM, "--fault", "list_groups:1:explode", NULL};
    int status;
    g_autofree char *message = server_refusal(wrong, &status);
    assert_int_equal(status, 2);
    assert_string_equal(message, "formserver: no fault is called \"explode\"\n");
}

/* Faults in what a call answers, as the bytes of list_surveys or of a small export. */
#define TWO_ROWS                                                                                   \
    "[\"$KEY\",131392,\"json\",null,\"all\",\"code\",\"short\",15,16,[\"id\",\"lastpage\","        \
    "\"131392X1X4\"]]"

static void test_exports(void **state)
{
    static const struct {
        const char *fault, *file;
    } CASES[] = {
        {"wrapped", "{\"responses\": [{\"15\":{\"id\":15,\"lastpage\":3,\"ANSATTE\":\"3\"}},"
                    "{\"16\":{\"id\":16,\"lastpage\":3,\"ANSATTE\":\"12.5\"}}]}"},
        {"string-ids", "{\"responses\": [{\"id\":\"15\",\"lastpage\":\"3\",\"ANSATTE\":\"3\"},"
                       "{\"id\":\"16\",\"lastpage\":\"3\",\"ANSATTE\":\"12.5\"}]}"},
        {"zero-list", "{\"responses\": []}"},
        {"zero-record", "{\"responses\": [{\"id\":\"\",\"lastpage\":\"\",\"ANSATTE\":\"\"}]}"},
        {"empty-row", "{\"responses\": [,{\"id\":16,\"lastpage\":3,\"ANSATTE\":\"12.5\"}]}"},
        {"empty-row:16", "{\"responses\": [{\"id\":15,\"lastpage\":3,\"ANSATTE\":\"3\"},]}"},
        {"odd-row:15", "{\"responses\": [\"?\",{\"id\":16,\"lastpage\":3,\"ANSATTE\":\"12.5\"}]}"},
        {"odd-answer:16", "{\"responses\": [{\"id\":15,\"lastpage\":3,\"ANSATTE\":\"3\"},"
                          "{\"id\":16,\"lastpage\":3,\"ANSATTE\":{\"0\":[\"?\"]}}]}"},
        {"latin1:16", "{\"responses\": [{\"id\":15,\"lastpage\":3,\"ANSATTE\":\"3\"},{\"id\":16,"
                      "\"lastpage\":3,\"ANSATTE\":\"bl\xe5"
                      "b\xe6r og s\xf8t\"}]}"},
        {"empty-row:17", "{\"responses\": [{\"id\":15,\"lastpage\":3,\"ANSATTE\":\"3\"},"
                         "{\"id\":16,\"lastpage\":3,\"ANSATTE\":\"12.5\"}]}"},
        {"deep-export:3", "{\"responses\": [[[[]]]]}"},
        /* the names of question columns that the request gives are not known in version 7 */
        {"v7", "{\"responses\": [{\"id\":15,\"lastpage\":3},{\"id\":16,\"lastpage\":3}]}"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        server_order(*state, "{\"fault\":\"export_responses:1:%s\"}", CASES[i].fault);
        g_autofree char *file = server_export(*state, TWO_ROWS);
        assert_string_equal(file, CASES[i].file);
    }
    g_autofree char *good = server_export(*state, TWO_ROWS);
    assert_string_equal(good, "{\"responses\": [{\"id\":15,\"lastpage\":3,\"ANSATTE\":\"3\"},"
                              "{\"id\":16,\"lastpage\":3,\"ANSATTE\":\"12.5\"}]}");
}

/* A row inside a long page: the middle of [{…},,{…}]. */
static void test_a_missing_row_between_commas(void **state)
{
    server_order(*state, "{\"fault\":\"export_responses:1:empty-row:12\"}");
    g_autofree char *file = server_export(*state, "[\"$KEY\",131392,\"json\",null,\"all\",\"code\","
                                                  "\"short\",11,13,[\"id\"]]");
    assert_string_equal(file, "{\"responses\": [{\"id\":11},,{\"id\":13}]}");
}

static void test_results(void **state)
{
    static const struct {
        const char *fault, *method, *parameters, *reply;
    } CASES[] = {
        {"refuse:No permission", "list_groups", "[\"$KEY\",131392]",
         "{\"id\":1,\"result\":{\"status\":\"No permission\"},\"error\":null}"},
        {"session-expired", "export_responses", "[\"$KEY\",131392,\"json\"]",
         "{\"id\":1,\"result\":{\"status\":\"Invalid session key\"},\"error\":null}"},
        {"zero-status", "export_responses", "[\"$KEY\",131392,\"json\"]",
         "{\"id\":1,\"result\":{\"status\":\"No Data, could not get max id.\"},\"error\":null}"},
        {"wrong-id", "get_summary", "[\"$KEY\",131392,\"full_responses\"]",
         "{\"id\":-2,\"result\":12,\"error\":null}"},
        {"string-ids", "get_summary", "[\"$KEY\",131392,\"all\"]",
         "{\"id\":1,\"result\":{\"completed_responses\":\"9\",\"incomplete_responses\":\"3\","
         "\"full_responses\":\"12\"},\"error\":null}"},
        {"deep:4", "get_summary", "[\"$KEY\",131392,\"all\"]",
         "{\"id\":1,\"result\":[[[[]]]],\"error\":null}"},
        {"v7", "list_groups", "[\"$KEY\",1]",
         "{\"id\":1,\"result\":{\"status\":\"Error: Invalid survey ID\",\"error_code\":\"ERR_"
         "INVALID_SURVEY\"},\"error\":null}"},
        {"v7", "export_responses", "[\"$KEY\",682336,\"json\"]",
         "{\"id\":1,\"result\":{\"status\":\"No Data, could not get max id.\",\"error_code\":\"ERR_"
         "NO_DATA\"},\"error\":null}"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        Server *server = server_start(FILES, true);
        server_order(server, "{\"fault\":\"%s:1:%s\"}", CASES[i].method, CASES[i].fault);
        g_autofree char *reply = server_call(server, CASES[i].method, "%s", CASES[i].parameters);
        assert_string_equal(reply, CASES[i].reply);
        server_stop(server);
    }
    (void)state;
}

static void test_session_expired_in_mid_pull(void **state)
{
    Server *server = *state;
    server_order(server, "{\"fault\":\"export_responses:2:session-expired\"}");
    g_autofree char *first = server_export(server, TWO_ROWS);
    g_autofree char *second = server_export(server, TWO_ROWS);
    assert_non_null(first);
    assert_null(second);
    json_object *key =
        server_result(server, "get_session_key", "[\"%s\",\"%s\"]", CLIENT_USER, CLIENT_PASSWORD);
    g_free(server->key);
    server->key = g_strdup(json_object_get_string(key));
    json_object_put(key);
    g_autofree char *third = server_export(server, TWO_ROWS);
    assert_string_equal(third, first);
}

static void test_duplicate_page(void **state)
{
    server_order(*state, "{\"fault\":\"export_responses:2:duplicate\"}");
    static const char *const PAGE = "[\"$KEY\",131392,\"json\",null,\"all\",\"code\",\"short\","
                                    "%d,%d,[\"id\"]]";
    g_autofree char *first = server_export(*state, PAGE, 9, 10);
    g_autofree char *second = server_export(*state, PAGE, 11, 12);
    g_autofree char *third = server_export(*state, PAGE, 11, 12);
    assert_string_equal(first, "{\"responses\": [{\"id\":9},{\"id\":10}]}");
    assert_string_equal(second, first);
    assert_string_equal(third, "{\"responses\": [{\"id\":11},{\"id\":12}]}");
}

static void test_field_names_of_version_7(void **state)
{
    static const char *const FIELDS[] = {"id",     "Q1",     "Q2",     "Q2_Cother",   "Q6_S19",
                                         "Q7_S21", "Q12_R1", "Q12_R5", "Q11_Ccomment"};
    server_order(*state, "{\"fault\":\"*:*:v7\"}");
    json_object *map = server_result(*state, "get_fieldmap", "[\"$KEY\",131392]");
    for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
        json_object *entry = NULL;
        assert_true(json_object_object_get_ex(map, FIELDS[i], &entry));
        assert_string_equal(json_object_get_string(json_object_object_get(entry, "fieldname")),
                            FIELDS[i]);
    }
    json_object_put(map);
    g_autofree char *file = server_export(*state, "[\"$KEY\",131392,\"json\",null,\"all\",\"code\","
                                                  "\"short\",15,15,[\"Q7_S21\",\"Q12_R1\"]]");
    assert_string_equal(file, "{\"responses\": [{\"MAL[SQ001]\":\"3\",\"RANG[1]\":\"R2\"}]}");
}

static void test_comma_csv(void **state)
{
    server_order(*state, "{\"fault\":\"export_responses:1:comma-csv\"}");
    g_autofree char *file = server_export(*state, "[\"$KEY\",131392,\"csv\",null,\"all\",\"code\","
                                                  "\"short\",15,15,[\"id\",\"131392X1X4\"]]");
    assert_string_equal(file, "\xef\xbb\xbf\"id\",\"ANSATTE\"\r\n\"15\",\"3\"\r\n\r\n");
}

/* Compressed where both sides want it; what is unpacked is the same. */
static void test_gzip(void **state)
{
    (void)state;
    const char *const arguments[] = {FORM, "--gzip", NULL};
    Server *server = server_start(arguments, true);
    g_autofree char *body = g_strdup_printf(
        "{\"method\":\"list_questions\",\"params\":[\"%s\",131392],\"id\":1}", server->key);
    const Ask plain = {.body = body};
    const Ask packed = {.body = body, .encoding = "gzip"};
    ServerAnswer first = server_ask(server, &plain);
    ServerAnswer second = server_ask(server, &packed);
    assert_int_equal(first.wire_bytes, first.body->len);
    assert_string_equal(first.body->str, second.body->str);
    assert_true(second.wire_bytes < first.wire_bytes / 4);
    answer_clear(&first);
    answer_clear(&second);
    server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_transport, start, stop),
        cmocka_unit_test_setup_teardown(test_silence, start, stop),
        cmocka_unit_test_setup_teardown(test_drip_waits_between_bytes, start, stop),
        cmocka_unit_test_setup_teardown(test_endless, start, stop),
        cmocka_unit_test_setup_teardown(test_bomb, start, stop),
        cmocka_unit_test_setup_teardown(test_replaced, start, stop),
        cmocka_unit_test_setup_teardown(test_orders_and_repeated_replies, start, stop),
        cmocka_unit_test_setup_teardown(test_a_replaced_login_opens_no_session, start, stop),
        cmocka_unit_test_setup_teardown(test_counting, start, stop),
        cmocka_unit_test(test_faults_on_the_command_line),
        cmocka_unit_test_setup_teardown(test_exports, start, stop),
        cmocka_unit_test_setup_teardown(test_a_missing_row_between_commas, start, stop),
        cmocka_unit_test(test_results),
        cmocka_unit_test_setup_teardown(test_session_expired_in_mid_pull, start, stop),
        cmocka_unit_test_setup_teardown(test_duplicate_page, start, stop),
        cmocka_unit_test_setup_teardown(test_field_names_of_version_7, start, stop),
        cmocka_unit_test_setup_teardown(test_comma_csv, start, stop),
        cmocka_unit_test(test_gzip),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
