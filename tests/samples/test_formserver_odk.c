/* What the sample form server answers as ODK Central, against the recorded replies of 2026.2.2. */
#include "tests/samples/client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define RECORDED "tests/fixtures/odk/"
#define FORM     "/v1/projects/1/forms/interessentintervju"
#define SINCE    "2026-11-22T16:46:50.421Z"

static const char *const FILES[] = {"tests/samples/intervju.json", NULL};

static int start(void **state)
{
    *state = server_start(FILES, false);
    return 0;
}

static int stop(void **state)
{
    server_stop(*state);
    return 0;
}

static char *recorded(const char *file)
{
    g_autofree char *path = g_strconcat(RECORDED, file, NULL);
    char *text = NULL;
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static ServerAnswer ask(const Server *server, const char *path, const char *body,
                        const char *header)
{
    const Ask question = {.path = path, .body = body, .header = header};
    return server_ask(server, &question);
}

/* The Authorization header of a fresh session. */
static char *log_in(const Server *server)
{
    ServerAnswer answer =
        ask(server, "/v1/sessions",
            "{\"email\":\"" CLIENT_USER "\",\"password\":\"" CLIENT_PASSWORD "\"}", NULL);
    assert_int_equal(answer.status, 200);
    json_object *reply = json_tokener_parse(answer.body->str);
    char *header =
        g_strconcat("Authorization: Bearer ",
                    json_object_get_string(json_object_object_get(reply, "token")), NULL);
    json_object_put(reply);
    answer_clear(&answer);
    return header;
}

static void test_recorded_replies(void **state)
{
    static const struct {
        const char *file, *path;
    } CASES[] = {
        {"forms.json", "/v1/projects/1/forms"},
        {"form-fields.json", FORM "/fields?odata=true"},
        {"form.xml", FORM ".xml"},
        {"submissions-page1.json", FORM ".svc/Submissions?%24top=25&%24count=true&%24expand=*"},
        {"submissions-page2.json",
         FORM ".svc/Submissions?%24top=25&%24count=true&%24expand=*&%24skiptoken="
              "01eyJpbnN0YW5jZUlkIjoidXVpZDo1ODc1MTIyYS1kYzliLTRlMTYtOWM0YS0xNTA0Njg4MmNjYTkifQ"
              "%3D%3D"},
        {"submissions-changed-since.json",
         FORM ".svc/Submissions?%24filter=__system/submissionDate%20ge%20" SINCE
              "%20or%20__system/updatedAt%20ge%20" SINCE "%20or%20__system/deletedAt%20ge%20" SINCE
              "&%24expand=*&%24count=true&%24top=250"},
    };
    g_autofree char *header = log_in(*state);
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *theirs = recorded(CASES[i].file);
        ServerAnswer answer = ask(*state, CASES[i].path, NULL, header);
        assert_int_equal(answer.status, 200);
        if (strcmp(answer.body->str, theirs) != 0) {
            size_t at = 0;
            while (answer.body->str[at] == theirs[at]) {
                at++;
            }
            fail_msg("%s differs at byte %zu: «%.60s», recorded «%.60s»", CASES[i].file, at,
                     answer.body->str + at, theirs + at);
        }
        answer_clear(&answer);
    }
}

/* The body of a recorded reply in chunks, joined. */
static char *unchunked(const char *file)
{
    g_autofree char *all = recorded(file);
    const char *at = strstr(all, "\r\n\r\n") + 4;
    GString *body = g_string_new(NULL);
    for (;;) {
        char *line;
        const gsize n = (gsize)g_ascii_strtoull(at, &line, 16);
        if (n == 0) {
            return g_string_free(body, FALSE);
        }
        at = strchr(line, '\n') + 1;
        g_string_append_len(body, at, (gssize)n);
        at += n + 2;
    }
}

static void test_recorded_chunks(void **state)
{
    /* Recorded before the three newest came. */
    static const char *const later[] = {"uuid:5d167f4b-1c08-497f-bcad-01436fa218af",
                                        "uuid:7ec235b6-11c0-4137-8069-a58bf3f6a39d",
                                        "uuid:5ccec58f-0e70-4378-a129-7842bc337b8d"};
    for (size_t i = 0; i < G_N_ELEMENTS(later); i++) {
        server_order(*state, "{\"odk\":{\"form\":\"interessentintervju\",\"purge\":\"%s\"}}",
                     later[i]);
    }
    g_autofree char *header = log_in(*state);
    g_autofree char *theirs = unchunked("submissions-chunked.http");
    ServerAnswer answer = ask(*state, FORM ".svc/Submissions?%24top=3&%24count=true", NULL, header);
    assert_string_equal(answer.body->str, theirs);
    answer_clear(&answer);
}

/* Status and body of the exchange whose title begins so. */
static char *exchange(const char *all, const char *title, long *ret_status)
{
    g_autofree char *mark = g_strconcat("### ", title, NULL);
    const char *at = strstr(all, mark);
    if (at == NULL) {
        fail_msg("%s is not recorded", title);
    }
    const char *status = strstr(at, "\nHTTP/1.1 ");
    const char *body = strstr(status, "\r\n\r\n") + 4, *end = strstr(body, "\n\n### ");
    *ret_status = strtol(status + strlen("\nHTTP/1.1 "), NULL, 10);
    return end == NULL ? g_strdup(body) : g_strndup(body, (gsize)(end - body));
}

static void test_recorded_errors(void **state)
{
    static const struct {
        const char *title, *path, *body;
        const char *header; /* NULL: a session's */
    } CASES[] = {
        {"login, wrong password", "/v1/sessions", "{\"email\":\"x\",\"password\":\"feil\"}",
         "X: y"},
        {"login, password missing", "/v1/sessions", "{\"email\":\"leder@innsikt.example\"}",
         "X: y"},
        {"no token: GET", "/v1/projects", NULL, "X: y"},
        {"token of an ended session", "/v1/projects", NULL, "Authorization: Bearer abc"},
        {"Basic authentication", "/v1/projects", NULL, "Authorization: Basic bGVkZXI6eA=="},
        {"project that does not exist", "/v1/projects/999", NULL, NULL},
        {"no token, on an XML resource", FORM ".svc/$metadata", NULL, "X: y"},
        {"$expand other than *", FORM ".svc/Submissions?$expand=utsagn", NULL, NULL},
        {"$filter on a question", FORM ".svc/Submissions?$filter=organisasjon%20eq%20'x'", NULL,
         NULL},
        {"$filter with a +",
         FORM ".svc/Submissions?$filter=__system/submissionDate%20ge%202026-11-22T17:00:00+01:00",
         NULL, NULL},
        {"project the user has no role in", "/v1/projects/1", NULL, NULL},
    };
    g_autofree char *all = recorded("login-and-errors.http");
    g_autofree char *session = log_in(*state);
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        long status;
        g_autofree char *theirs = exchange(all, CASES[i].title, &status);
        const bool forbid = strstr(CASES[i].title, "no role") != NULL;
        server_order(*state, "{\"odk\":{\"form\":\"interessentintervju\",\"forbid\":%s}}",
                     forbid ? "true" : "false");
        ServerAnswer answer = ask(*state, CASES[i].path, CASES[i].body,
                                  CASES[i].header == NULL ? session : CASES[i].header);
        assert_string_equal(answer.body->str, g_strchomp(theirs));
        assert_int_equal(answer.status, status);
        answer_clear(&answer);
    }
    server_order(*state, "{\"odk\":{\"form\":\"interessentintervju\",\"forbid\":false}}");
    /* All of them but the login that succeeds, whose token is random, and the 304. */
    guint titles = 0;
    for (const char *at = all; (at = strstr(at, "### ")) != NULL; at++) {
        titles++;
    }
    assert_int_equal(titles, G_N_ELEMENTS(CASES) + 2);
}

static void test_recorded_session(void **state)
{
    g_autofree char *all = recorded("login-and-errors.http");
    long status;
    g_autofree char *text = exchange(all, "login, right password", &status);
    json_object *theirs = json_tokener_parse(text);
    ServerAnswer answer =
        ask(*state, "/v1/sessions",
            "{\"email\":\"" CLIENT_USER "\",\"password\":\"" CLIENT_PASSWORD "\"}", NULL);
    json_object *mine = json_tokener_parse(answer.body->str);
    json_object_object_foreach(theirs, name, value)
    {
        json_object *same = NULL;
        assert_true(json_object_object_get_ex(mine, name, &same));
        assert_int_equal(strlen(json_object_get_string(same)),
                         strlen(json_object_get_string(value)));
    }
    assert_int_equal(json_object_object_length(mine), json_object_object_length(theirs));
    json_object_put(mine);
    json_object_put(theirs);
    answer_clear(&answer);
}

static void test_every_recording_is_compared(void **state)
{
    (void)state;
    static const char *const known[] = {"README.md",
                                        "form-fields.json",
                                        "form.xml",
                                        "forms.json",
                                        "login-and-errors.http",
                                        "submissions-changed-since.json",
                                        "submissions-chunked.http",
                                        "submissions-page1.json",
                                        "submissions-page2.json",
                                        NULL};
    GDir *folder = g_dir_open(RECORDED, 0, NULL);
    assert_non_null(folder);
    const char *name;
    while ((name = g_dir_read_name(folder)) != NULL) {
        if (!g_strv_contains(known, name)) {
            fail_msg("%s is compared with nothing", name);
        }
    }
    g_dir_close(folder);
}

/* How many submissions a list holds, by its own count. */
static gint64 count(const Server *server, const char *filter)
{
    g_autofree char *header = log_in(server);
    g_autofree char *path =
        g_strconcat(FORM ".svc/Submissions?%24top=0&%24count=true&%24filter=", filter, NULL);
    ServerAnswer answer = ask(server, path, NULL, header);
    json_object *reply = json_tokener_parse(answer.body->str);
    const gint64 number = json_object_get_int64(json_object_object_get(reply, "@odata.count"));
    json_object_put(reply);
    answer_clear(&answer);
    return number;
}

static void test_orders(void **state)
{
    static const char deleted[] = "not%20__system/deletedAt%20eq%20null";
    assert_int_equal(count(*state, ""), 50);
    assert_int_equal(count(*state, deleted), 1);
    server_order(*state, "{\"odk\":{\"form\":\"interessentintervju\","
                         "\"delete\":\"intervju-47-uten-uuid\"}}");
    assert_int_equal(count(*state, ""), 49);
    assert_int_equal(count(*state, deleted), 2);
    server_order(*state, "{\"odk\":{\"form\":\"interessentintervju\","
                         "\"restore\":\"intervju-47-uten-uuid\"}}");
    assert_int_equal(count(*state, ""), 50);
    assert_int_equal(count(*state, "__system/updatedAt%20ge%202026-11-22T16:52:37.995Z"), 0);
    server_order(*state, "{\"odk\":{\"form\":\"interessentintervju\",\"edit\":{"
                         "\"__id\":\"intervju-47-uten-uuid\",\"anbefaling\":3}}}");
    assert_int_equal(count(*state, "__system/updatedAt%20ge%202026-11-22T16:52:37.995Z"), 1);
    server_order(*state, "{\"odk\":{\"form\":\"interessentintervju\",\"review\":{"
                         "\"__id\":\"intervju-47-uten-uuid\",\"reviewState\":\"rejected\"}}}");
    assert_int_equal(count(*state, "__system/reviewState%20eq%20'rejected'"), 3);
    server_order(*state, "{\"odk\":{\"form\":\"interessentintervju\",\"add\":{\"__id\":\"ny\"}}}");
    assert_int_equal(count(*state, ""), 51);
    server_order(*state, "{\"odk\":{\"form\":\"interessentintervju\",\"purge\":\"ny\"}}");
    assert_int_equal(count(*state, ""), 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_recorded_replies, start, stop),
        cmocka_unit_test_setup_teardown(test_recorded_chunks, start, stop),
        cmocka_unit_test_setup_teardown(test_recorded_errors, start, stop),
        cmocka_unit_test_setup_teardown(test_recorded_session, start, stop),
        cmocka_unit_test(test_every_recording_is_compared),
        cmocka_unit_test_setup_teardown(test_orders, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
