/* What the sample form server remembers: sessions, refused logins, edits and deletions, the log,
 * and responses made up on demand; and how it starts and ends. */
#include "tests/samples/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define FORM  "tests/samples/elvebakken.json"
#define TYPES "tests/samples/types.json"

static const char *const FILES[] = {FORM, TYPES, NULL};

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

static bool session_works(Server *server)
{
    json_object *result = server_result(server, "list_groups", "[\"$KEY\",131392]");
    const bool works = json_object_is_type(result, json_type_array);
    json_object_put(result);
    return works;
}

static void test_session_ends_by_the_clock(void **state)
{
    Server *server = *state;
    server_order(server, "{\"clock\":7190}");
    assert_true(session_works(server)); /* which does not prolong it */
    server_order(server, "{\"clock\":20}");
    assert_false(session_works(server));
    assert_int_equal(server_log(server, "sessions_open"), 0);
}

static void test_session_ends_on_request(void **state)
{
    Server *server = *state;
    json_object *ok = server_result(server, "release_session_key", "[\"$KEY\"]");
    assert_string_equal(json_object_get_string(ok), "OK");
    json_object_put(ok);
    assert_false(session_works(server));
    json_object_put(server_result(server, "release_session_key", "[\"$KEY\"]"));
    assert_int_equal(server_log(server, "sessions_released"), 1);
    assert_int_equal(server_log(server, "sessions_opened"), 1);
}

static void test_sessions_expire_on_order(void **state)
{
    assert_true(session_works(*state));
    server_order(*state, "{\"expire-sessions\":true}");
    assert_false(session_works(*state));
}

static void test_lock_out(void **state)
{
    static const char *const LOCKED = "You have exceeded the number of maximum login attempts. "
                                      "Please wait 10 minutes before trying again.";
    Server *server = *state;
    for (int i = 0; i < 3; i++) {
        assert_refused(server_result(server, "get_session_key", "[\"innsikt\",\"feil-%d\"]", i),
                       "Invalid user name or password");
    }
    assert_refused(
        server_result(server, "get_session_key", "[\"innsikt\",\"%s\"]", CLIENT_PASSWORD), LOCKED);
    assert_true(session_works(server)); /* only the login is locked */
    server_order(server, "{\"clock\":590}");
    assert_refused(
        server_result(server, "get_session_key", "[\"innsikt\",\"%s\"]", CLIENT_PASSWORD), LOCKED);
    server_order(server, "{\"clock\":11}");
    json_object *key =
        server_result(server, "get_session_key", "[\"innsikt\",\"%s\"]", CLIENT_PASSWORD);
    assert_true(json_object_is_type(key, json_type_string));
    json_object_put(key);
    assert_int_equal(server_log(server, "logins"), 7);
    assert_int_equal(server_log(server, "logins_refused"), 3);
    assert_int_equal(server_log(server, "logins_locked"), 2);
    assert_int_equal(server_log(server, "logins_after_refusal"), 5);
}

static void test_a_good_login_clears_the_count(void **state)
{
    for (int i = 0; i < 5; i++) {
        assert_refused(server_result(*state, "get_session_key", "[\"innsikt\",\"feil\"]"),
                       "Invalid user name or password");
        json_object_put(server_result(*state, "get_session_key", "[\"%s\",\"%s\"]", CLIENT_USER,
                                      CLIENT_PASSWORD));
    }
    assert_int_equal(server_log(*state, "logins_locked"), 0);
}

static char *organisations(Server *server, int from, int to)
{
    return server_export(server,
                         "[\"$KEY\",131392,\"json\",null,\"all\",\"code\",\"short\",%d,%d,[\"id\","
                         "\"datestamp\",\"131392X1X1\"]]",
                         from, to);
}

static void test_edits(void **state)
{
    server_order(*state, "{\"edit\":{\"sid\":131392,\"id\":17,\"submitdate\":\"2026-11-09 "
                         "08:00:00\",\"datestamp\":\"2026-11-09 08:00:00\",\"answers\":{\"ORG\":"
                         "\"Ny \\u2028\\\"/\\\\\\u0001\\ud83d\\ude00\"}}}");
    g_autofree char *file = organisations(*state, 17, 17);
    assert_string_equal(file, "{\"responses\": [{\"id\":17,\"datestamp\":\"2026-11-09 08:00:00\","
                              "\"ORG\":\"Ny \\u2028\\\"\\/\\\\\\u0001\\ud83d\\ude00\"}]}");
    json_object *summary =
        server_result(*state, "get_summary", "[\"$KEY\",131392,\"completed_responses\"]");
    assert_int_equal(json_object_get_int(summary), 10);
    json_object_put(summary);
    g_autofree char *kept = server_export(
        *state,
        "[\"$KEY\",131392,\"json\",null,\"all\",\"code\",\"short\",17,17,[\"131392X1X3\"]]");
    assert_string_equal(kept, "{\"responses\": [{\"EPOST\":\"kontakt17@example.org\"}]}");
}

static void test_deletions_and_additions(void **state)
{
    server_order(*state,
                 "{\"delete\":{\"sid\":131392,\"id\":10},\"add\":{\"sid\":131392,\"id\":2200,"
                 "\"submitdate\":\"2026-12-01 00:00:00\",\"lastpage\":3,\"answers\":{\"ORG\":"
                 "\"Ås\"}}}");
    g_autofree char *file =
        server_export(*state, "[\"$KEY\",131392,\"json\",null,\"complete\",\"code\",\"short\"]");
    g_autofree char *ids = export_ids(file);
    assert_string_equal(ids, "9 11 12 13 14 15 16 20 2200");
    server_order(*state, "{\"clear\":{\"sid\":131392}}");
    assert_refused(server_result(*state, "export_responses", "[\"$KEY\",131392,\"json\"]"),
                   "No Data, could not get max id.");
    server_order(*state, "{\"add\":{\"sid\":131392,\"id\":1}}");
    g_autofree char *again = organisations(*state, 1, 100);
    assert_string_equal(again, "{\"responses\": [{\"id\":1,\"datestamp\":null,\"ORG\":null}]}");
}

static void test_refused_orders(void **state)
{
    static const char *const ORDERS[] = {
        "[]",
        "{\"explode\":true}",
        "{\"edit\":{\"sid\":1,\"id\":9}}",
        "{\"edit\":{\"sid\":131392,\"id\":8}}",
        "{\"edit\":{\"sid\":131392,\"id\":9,\"answers\":{\"NONE\":\"x\"}}}",
        "{\"delete\":{\"sid\":131392,\"id\":21}}",
        "{\"add\":{\"sid\":131392}}",
        "{\"clock\":\"soon\"}",
        "{\"fault\":\"*:1:explode\"}",
        "{\"fault\":\"*:0:empty\"}",
        "{\"fault\":\"*:3-2:empty\"}",
        "{\"fault\":\"empty\"}",
        "{\"fault\":{\"call\":\"*\"}}",
        "{\"fault\":7}",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(ORDERS); i++) {
        const Ask ask = {.path = "/_control", .body = ORDERS[i]};
        ServerAnswer answer = server_ask(*state, &ask);
        if (answer.status != 400 || !g_str_has_prefix(answer.body->str, "{\"error\":")) {
            fail_msg("%s was carried out: %s", ORDERS[i], answer.body->str);
        }
        answer_clear(&answer);
    }
}

static void test_log_finds_credentials(void **state)
{
    Server *server = *state;
    assert_true(session_works(server));
    assert_int_equal(server_log(server, "credentials_elsewhere"), 0);
    g_autofree char *in_path =
        g_strdup_printf("/index.php/admin/remotecontrol?key=%s", server->key);
    g_autofree char *in_header = g_strconcat("X-Key: ", CLIENT_PASSWORD, NULL);
    const Ask asks[] = {
        {.path = in_path, .body = "{}"},
        {.header = in_header, .body = "{}"},
        {.body = "{\"method\":\"list_groups\",\"params\":[\"" CLIENT_PASSWORD "\",1],\"id\":1}"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(asks); i++) {
        ServerAnswer answer = server_ask(server, &asks[i]);
        answer_clear(&answer);
        assert_int_equal(server_log(server, "credentials_elsewhere"), i + 1);
    }
    assert_int_equal(server_log(server, "requests"), 5);
    server_order(server, "{\"clear-log\":true}");
    assert_int_equal(server_log(server, "requests"), 0);
}

static void test_generated_responses(void **state)
{
    g_autofree char *page = server_export(
        *state, "[\"$KEY\",284671,\"json\",null,\"all\",\"code\",\"short\",10400,10410]");
    g_autofree char *again = server_export(
        *state, "[\"$KEY\",284671,\"json\",null,\"all\",\"code\",\"short\",10400,10410]");
    g_autofree char *one = server_export(
        *state, "[\"$KEY\",284671,\"json\",null,\"all\",\"code\",\"short\",10405,10405]");
    assert_string_equal(page, again);
    g_autofree char *row =
        g_strndup(one + strlen("{\"responses\": ["), strlen(one) - strlen("{\"responses\": []}"));
    assert_non_null(strstr(page, row));
    g_autofree char *ids = export_ids(page);
    assert_string_equal(ids, "10400 10401 10402 10403 10404 10405 10406 10407 10408 10409 10410");
    g_autofree char *last = server_export(
        *state, "[\"$KEY\",284671,\"json\",null,\"all\",\"code\",\"short\",12999,null]");
    g_autofree char *last_ids = export_ids(last);
    assert_string_equal(last_ids, "12999 13000");
}

static gint64 summary(Server *server, const char *statistic)
{
    json_object *result =
        server_result(server, "get_summary", "[\"$KEY\",284671,\"%s\"]", statistic);
    const gint64 number = json_object_get_int64(result);
    json_object_put(result);
    return number;
}

static void test_generated_counts(void **state)
{
    assert_int_equal(summary(*state, "full_responses"), 3002);
    const gint64 partial = summary(*state, "incomplete_responses");
    assert_in_range(partial, 240, 360);
    g_autofree char *file =
        server_export(*state, "[\"$KEY\",284671,\"json\",null,\"incomplete\",\"code\",\"short\"]");
    g_autofree char *ids = export_ids(file);
    g_auto(GStrv) each = g_strsplit(ids, " ", -1);
    assert_int_equal(g_strv_length(each), partial);
    server_order(*state,
                 "{\"delete\":{\"sid\":284671,\"id\":%s},\"edit\":{\"sid\":284671,\"id\":%s,"
                 "\"submitdate\":\"2026-06-06 06:06:06\"}}",
                 each[1], each[2]);
    assert_int_equal(summary(*state, "incomplete_responses"), partial - 2);
    assert_int_equal(summary(*state, "full_responses"), 3001);
}

/* Every generated value is one that the question's type allows (form-systems.md 1.8). */
static void test_generated_values(void **state)
{
    static const struct {
        const char *heading, *pattern;
    } CASES[] = {
        {"rolle", "^(0|1|-oth-)$"},
        {"valg", "^A1$"},
        {"tiltak[SQ001]", "^Y?$"},
        {"dobbel[SQ001][1]", "^V1$"},
        {"dobbel[SQ001][2]", "^U1$"},
        {"rang[1]", "^T[12]$"},
        {"fem", "^[1-5]$"},
        {"janei", "^[YN]$"},
        {"kjonn", "^[MF]$"},
        {"b10[SQ001]", "^([1-9]|10)$"},
        {"c3[SQ001]", "^[YNU]$"},
        {"e3[SQ001]", "^[ISD]$"},
        {"antall", "^[0-9]{1,3}$"},
        {"naar", "^2026-[01][0-9]-[0-2][0-9] 00:00:00$"},
        {"kort", "^(Sørlia kommune|Fjordhelse HF)$"},
        {"lang", "^\\pL+( \\pL+){7,39}$"},
        {"startlanguage", "^nb$"},
    };
    g_autofree char *file = server_export(
        *state, "[\"$KEY\",284671,\"json\",null,\"complete\",\"code\",\"short\",10001,10200]");
    json_object *export = json_tokener_parse(file);
    json_object *rows = json_object_object_get(export, "responses");
    assert_in_range(json_object_array_length(rows), 160, 200);
    for (size_t i = 0; i < json_object_array_length(rows); i++) {
        json_object *row = json_object_array_get_idx(rows, i);
        for (size_t j = 0; j < G_N_ELEMENTS(CASES); j++) {
            const char *value =
                json_object_get_string(json_object_object_get(row, CASES[j].heading));
            if (value == NULL || !g_regex_match_simple(CASES[j].pattern, value, 0, 0)) {
                fail_msg("%s: «%s»", CASES[j].heading, value);
            }
        }
        json_object *first = json_object_object_get(row, "rang[1]");
        assert_false(json_object_equal(first, json_object_object_get(row, "rang[2]")));
        json_object *other = json_object_object_get(row, "rolle[other]");
        const char *role = json_object_get_string(json_object_object_get(row, "rolle"));
        assert_true((strcmp(role, "-oth-") == 0) == (other != NULL));
    }
    json_object_put(export);
}

/* Two forms may come with the same ids; on one server they are told apart. */
static void test_ids_are_unique_on_a_server(void **state)
{
    (void)state;
    static const char *const TEXT =
        "{\"system\":\"limesurvey\",\"sid\":9,\"active\":true,\"groups\":[{\"gid\":2}],"
        "\"questions\":[{\"qid\":7,\"gid\":2,\"code\":\"X7\",\"type\":\"Q\",\"subquestions\":[{"
        "\"qid\":21,\"code\":\"R\"}]}],\"responses\":[{\"id\":5,\"answers\":{\"X7[R]\":\"ja\"}}]}";
    g_autofree char *path = NULL;
    close(g_file_open_tmp("formserver-XXXXXX.json", &path, NULL));
    assert_true(g_file_set_contents(path, TEXT, -1, NULL));
    const char *const arguments[] = {FORM, path, NULL};
    Server *server = server_start(arguments, true);
    g_remove(path);
    json_object *list = server_result(server, "list_questions", "[\"$KEY\",9]");
    json_object *question = json_object_array_get_idx(list, 0);
    const int qid = json_object_get_int(json_object_object_get(question, "qid"));
    const int gid = json_object_get_int(json_object_object_get(question, "gid"));
    assert_int_equal(qid, 47); /* above the other form's highest, 40 */
    assert_int_equal(gid, 5);
    static const char *const TITLES[] = {"MAL", "X7"};
    const int qids[] = {7, 47};
    for (size_t i = 0; i < G_N_ELEMENTS(qids); i++) {
        json_object *found =
            server_result(server, "get_question_properties", "[\"$KEY\",%d,[\"title\"]]", qids[i]);
        assert_string_equal(json_object_get_string(json_object_object_get(found, "title")),
                            TITLES[i]);
        json_object_put(found);
    }
    g_autofree char *file = server_export(server, "[\"$KEY\",9,\"json\",null,\"all\",\"code\","
                                                  "\"short\",5,5,[\"9X5X47R\"]]");
    assert_string_equal(file, "{\"responses\": [{\"X7[R]\":\"ja\"}]}");
    json_object_put(list);
    server_stop(server);
}

static void test_refused_files(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } CASES[] = {
        {"{", "not a JSON object"},
        {"[]", "not a JSON object"},
        {"\"\xe5\"", "UTF-8"},
        {"{\"system\":\"telepathy\",\"sid\":1}", "\"telepathy\" is not played here"},
        {"{\"system\":\"limesurvey\",\"sid\":131392}", "served from another file"},
        {"{\"system\":\"limesurvey\",\"sid\":1,\"questions\":7}", "\"questions\" is not an array"},
        {"{\"system\":\"limesurvey\",\"sid\":1,\"questions\":[{\"code\":\"A\"}]}", "\"qid\""},
        {"{\"system\":\"limesurvey\",\"sid\":1,\"questions\":[{\"qid\":1,\"code\":\"A\",\"type\":"
         "\"z\"}]}",
         "question A: no type \"z\""},
        {"{\"system\":\"limesurvey\",\"sid\":1,\"questions\":[{\"qid\":1,\"gid\":5,\"code\":\"A\","
         "\"type\":\"S\"}]}",
         "group 5, which is not listed"},
        {"{\"system\":\"limesurvey\",\"sid\":1,\"participants\":[7]}", "\"participants\"[0]"},
        {"{\"system\":\"limesurvey\",\"sid\":1,\"participants\":[{}]}", "without \"tid\""},
        {"{\"system\":\"limesurvey\",\"sid\":1,\"generate\":{\"responses\":-1}}", "counts up to"},
        {"{\"system\":\"limesurvey\",\"sid\":1,\"generate\":{\"values\":7}}", "not an object"},
        {"{\"system\":\"limesurvey\",\"sid\":1,\"generate\":{\"values\":{\"Q\":[]}}}", "of Q"},
        {"{\"system\":\"limesurvey\",\"sid\":1,\"responses\":[{\"id\":3,\"answers\":{\"B\":\"x\"}}]"
         "}",
         "response 3: \"answers\" names B"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *path = NULL;
        close(g_file_open_tmp("formserver-XXXXXX.json", &path, NULL));
        assert_true(g_file_set_contents(path, CASES[i].text, -1, NULL));
        const char *const arguments[] = {FORM, path, NULL};
        int status;
        g_autofree char *message = server_refusal(arguments, &status);
        g_remove(path);
        assert_int_equal(status, 2);
        if (strstr(message, CASES[i].message) == NULL) {
            fail_msg("%s, expected «%s»", message, CASES[i].message);
        }
    }
}

static void test_options(void **state)
{
    (void)state;
    g_setenv("OTHER_PASSWORD", "Høst-3-ærfugl", TRUE);
    const char *const arguments[] = {
        FORM, "--user", "kari", "--password-env", "OTHER_PASSWORD", "--session-seconds", "5", NULL};
    Server *server = server_start(arguments, false);
    assert_refused(server_result(server, "get_session_key", "[\"innsikt\",\"Høst-3-ærfugl\"]"),
                   "Invalid user name or password");
    json_object *key = server_result(server, "get_session_key", "[\"kari\",\"Høst-3-ærfugl\"]");
    g_free(server->key);
    server->key = g_strdup(json_object_get_string(key));
    json_object_put(key);
    assert_true(session_works(server));
    server_order(server, "{\"clock\":7}");
    assert_false(session_works(server));
    assert_int_equal(kill(server->pid, SIGTERM), 0); /* ends as well as when its input closes */
    server_stop(server);
}

static void test_refused_options(void **state)
{
    (void)state;
    static const struct {
        const char *arguments[4], *message;
    } CASES[] = {
        {{NULL}, "at least one form file"},
        {{FORM, "--port", "65536", NULL}, "a port between 0 and 65535"},
        {{FORM, "--password-env", "NO_SUCH_VARIABLE", NULL}, "NO_SUCH_VARIABLE holds no password"},
        {{FORM, "--explode", NULL}, "--explode"},
        {{"no/such/file.json", NULL}, "no/such/file.json"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        int status;
        g_autofree char *message = server_refusal(CASES[i].arguments, &status);
        assert_int_equal(status, 2);
        if (strstr(message, CASES[i].message) == NULL) {
            fail_msg("%s, expected «%s»", message, CASES[i].message);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_session_ends_by_the_clock, start, stop),
        cmocka_unit_test_setup_teardown(test_session_ends_on_request, start, stop),
        cmocka_unit_test_setup_teardown(test_sessions_expire_on_order, start, stop),
        cmocka_unit_test_setup_teardown(test_lock_out, start, stop),
        cmocka_unit_test_setup_teardown(test_a_good_login_clears_the_count, start, stop),
        cmocka_unit_test_setup_teardown(test_edits, start, stop),
        cmocka_unit_test_setup_teardown(test_deletions_and_additions, start, stop),
        cmocka_unit_test_setup_teardown(test_refused_orders, start, stop),
        cmocka_unit_test_setup_teardown(test_log_finds_credentials, start, stop),
        cmocka_unit_test_setup_teardown(test_generated_responses, start, stop),
        cmocka_unit_test_setup_teardown(test_generated_counts, start, stop),
        cmocka_unit_test_setup_teardown(test_generated_values, start, stop),
        cmocka_unit_test(test_ids_are_unique_on_a_server),
        cmocka_unit_test(test_refused_files),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_refused_options),
    };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
