/* Whole pulls: the sample form server on the loopback address, the real transport, the real store.
 * Whatever goes wrong, a later pull leaves the store as if nothing had. */
#include "collect/http.h"
#include "tests/collect/pull_fixture.h"
#include "tests/samples/client.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RESPONSES = 720, SURVEY = 284671 };

static const char *folder; /* for the form file */

typedef struct {
    Server *server;
    PullFixture *f;
    int64_t now;
} Pulled;

static int64_t leap_now(gpointer data)
{
    return ((Pulled *)data)->now;
}

static void leap_sleep(int64_t us, gpointer data)
{
    ((Pulled *)data)->now += us;
}

static const char form_head[] =
    "{\"system\":\"limesurvey\",\"sid\":284671,\"title\":\"Prøve\",\"language\":\"nb\","
    "\"additional_languages\":\"\",\"active\":true,\"anonymized\":\"N\",\"datestamp\":\"Y\","
    "\"groups\":[{\"gid\":1,\"name\":\"Alt\",\"description\":\"\"}],\"questions\":["
    "{\"qid\":1,\"gid\":1,\"code\":\"ORG\",\"type\":\"S\",\"text\":\"Hvem?\",\"other\":\"N\"},"
    "{\"qid\":2,\"gid\":1,\"code\":\"SVAR\",\"type\":\"T\",\"text\":\"Hva?\",\"other\":\"N\"}],"
    "\"responses\":[],\"generate\":{\"responses\":%d,\"seed\":77,\"from\":1,\"values\":"
    "{\"ORG\":[\"Nordhav kommune\",\"Ås bygdekvinnelag\"]}}}";

static char *form_file(int responses)
{
    g_autofree char *text = g_strdup_printf(form_head, responses);
    char *path = g_build_filename(folder, "form.json", NULL);
    assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static Transport *transport_of(Pulled *p)
{
    HttpOptions options = {
        .body_limit = 4 << 20, .stop = &p->f->stop, .clock = {leap_now, leap_sleep, p}};
    return http_transport_new(&options);
}

static Pulled *pulled_new(int responses)
{
    g_autofree char *path = form_file(responses);
    const char *const arguments[] = {path, NULL};
    Pulled *p = g_new0(Pulled, 1);
    p->server = server_start(arguments, false);
    p->now = fixture_now();
    g_autofree char *source = g_strdup_printf("  svar:\n"
                                              "    kind: limesurvey\n"
                                              "    url: %s/index.php/admin/remotecontrol\n"
                                              "    form: %d\n"
                                              "    user: %s\n"
                                              "    password: env:INNSIKT_SAMPLE_PASSWORD\n"
                                              "    method: survey\n"
                                              "    stream: staff\n"
                                              "    questions:\n"
                                              "      ORG: {attribute: organisation}\n"
                                              "      SVAR: {statement: {quadrant: strength}}\n",
                                              p->server->base, SURVEY, CLIENT_USER);
    p->f = pull_fixture(source, NULL);
    p->f->transport = transport_of(p);
    return p;
}

static void pulled_free(Pulled *p)
{
    transport_free(p->f->transport);
    pull_fixture_free(p->f);
    server_stop(p->server);
    g_free(p);
}

/* What a pull without trouble leaves behind. */
static char *undisturbed(int responses)
{
    Pulled *p = pulled_new(responses);
    assert_ok(pull_once(p->f), p->f->error);
    assert_counts(p->f, responses, responses, 0, 0, 0, 0, 0);
    char *text = stored_text(p->f, NULL);
    pulled_free(p);
    return text;
}

/* One fault, and what becomes of the pull that meets it. */
static const struct {
    const char *fault;
    int code; /* -1: it ends well */
    const char *part;
    int aside;
} faults[] = {
    {"export_responses:3:status:503,2", -1, NULL, 0},
    {"*:4:status:429,1", -1, NULL, 0},
    {"export_responses:1:status:500", -1, NULL, 0},
    {"export_responses:1-4:status:502", -1, NULL, 0},
    {"export_responses:*:status:502", INNSIKT_ERROR_NETWORK, "HTTP 502", 0},
    {"export_responses:*:status:503,3600", INNSIKT_ERROR_RATE, "come back at", 0},
    {"list_questions:1:status:404", INNSIKT_ERROR_NOT_FOUND, "check `url:`", 0},
    {"get_session_key:1:status:503", INNSIKT_ERROR_NETWORK, "HTTP 503", 0},
    {"export_responses:3:reset-before", -1, NULL, 0},
    {"export_responses:1:reset-within", -1, NULL, 0},
    {"export_responses:3:reset-within", -1, NULL, 0},
    {"export_responses:3:cut-length", -1, NULL, 0},
    {"export_responses:1:cut-chunked", -1, NULL, 0},
    {"export_responses:1:cut-close", INNSIKT_ERROR_PROTOCOL, "in the middle", 0},
    {"export_responses:3:cut-close", -1, NULL, 0},
    {"export_responses:1:endless", INNSIKT_ERROR_PROTOCOL, "goes on after its end", 0},
    {"list_questions:1:endless", INNSIKT_ERROR_LIMIT, "longer than 4194304 bytes", 0},
    {"export_responses:3:endless", -1, NULL, 0},
    {"export_responses:1:bomb:64", INNSIKT_ERROR_PROTOCOL, "goes on after its end", 0},
    {"list_questions:1:bomb:64", INNSIKT_ERROR_LIMIT, "longer than 4194304 bytes", 0},
    {"list_questions:1:empty", INNSIKT_ERROR_DISABLED, "switched off", 0},
    {"get_session_key:1:login-page", INNSIKT_ERROR_PROTOCOL, "no answer of LimeSurvey's", 0},
    {"export_responses:3:login-page", INNSIKT_ERROR_PROTOCOL, "no answer of LimeSurvey's", 0},
    {"list_questions:1:redirect:https://example.org/x", INNSIKT_ERROR_NOT_FOUND,
     "on to https://example.org/x", 0},
    {"list_questions:1:deep", INNSIKT_ERROR_PROTOCOL, "cannot be read", 0},
    {"export_responses:3:refuse:No permission", INNSIKT_ERROR_PERMISSION, "«responses: export»", 0},
    {"list_questions:1:refuse:Error: Invalid survey ID", INNSIKT_ERROR_NOT_FOUND, "`form:`", 0},
    {"export_responses:3:session-expired", -1, NULL, 0},
    {"list_questions:1-2:session-expired", INNSIKT_ERROR_SESSION, "has ended", 0},
    {"export_responses:3:wrong-id", INNSIKT_ERROR_PROTOCOL, "another question", 0},
    {"export_responses:4:duplicate", -1, NULL, 0},
    {"*:*:string-ids", -1, NULL, 0},
    {"*:*:v7", -1, NULL, 0},
    {"export_responses:*:wrapped", -1, NULL, 0},
    {"export_responses:3-:empty-row:600", -1, NULL, 1},
    {"export_responses:*:empty-row:600", -1, NULL, 1},
    {"export_responses:*:odd-row:720", -1, NULL, 1},
    {"export_responses:3-:latin1:601", -1, NULL, 1},
    {"export_responses:3:deep-export", -1, NULL, 0},
    {"get_fieldmap:*:refuse:No permission", -1, NULL, 0},
    {"get_summary:*:status:500", -1, NULL, 0},
};

static void every_fault_passes(void **state)
{
    (void)state;
    g_autofree char *due = undisturbed(RESPONSES);
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
        Pulled *p = pulled_new(RESPONSES);
        server_order(p->server, "{\"fault\":\"%s\"}", faults[i].fault);
        bool ok = pull_once(p->f);
        if (ok != (faults[i].code < 0))
            fail_msg("%s: %s", faults[i].fault, ok ? "ends well" : p->f->error->message);
        if (ok && p->f->counts.set_aside != faults[i].aside)
            fail_msg("%s: %d set aside", faults[i].fault, (int)p->f->counts.set_aside);
        if (ok && p->f->counts.received != RESPONSES)
            fail_msg("%s: %d received", faults[i].fault, (int)p->f->counts.received);
        if (!ok)
            assert_error(p->f->error, faults[i].code, faults[i].part);
        server_order(p->server, "{\"clear-faults\":true}");
        transport_free(p->f->transport); /* another run, which knows nothing of this one */
        p->f->transport = transport_of(p);
        assert_ok(pull_once(p->f), p->f->error);
        g_autofree char *got = stored_text(p->f, NULL);
        if (!g_str_equal(got, due))
            fail_msg("%s: the store is another afterwards", faults[i].fault);
        assert_int_equal(server_log(p->server, "sessions_open"), 0);
        pulled_free(p);
    }
}

static void an_empty_list_is_no_proof(void **state)
{
    (void)state;
    static const char *const kinds[] = {"zero-list", "zero-record", "zero-status"};
    g_autofree char *due = undisturbed(30);
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        Pulled *p = pulled_new(30);
        assert_ok(pull_once(p->f), p->f->error);
        server_order(p->server, "{\"fault\":\"export_responses:*:%s\"}", kinds[i]);
        server_order(p->server, "{\"clear\":{\"sid\":%d}}", SURVEY);
        assert_ok(pull_once(p->f), p->f->error);
        assert_counts(p->f, 0, 0, 0, 0, 0, 0, 0);
        assert_non_null(strstr(p->f->notes->str, "nothing that was collected before"));
        g_autofree char *got = stored_text(p->f, NULL);
        assert_string_equal(got, due);
        pulled_free(p);
    }
}

static void a_survey_that_is_not_active_keeps_what_was_collected(void **state)
{
    (void)state;
    Pulled *p = pulled_new(30);
    assert_ok(pull_once(p->f), p->f->error);
    server_order(p->server, "{\"active\":{\"sid\":%d,\"active\":false}}", SURVEY);
    assert_false(pull_once(p->f));
    assert_error(p->f->error, INNSIKT_ERROR_DISABLED, "not active");
    g_autofree char *got = stored_text(p->f, NULL);
    assert_non_null(strstr(got, "\n30 "));
    pulled_free(p);
}

static void edits_deletions_and_newcomers(void **state)
{
    (void)state;
    Pulled *p = pulled_new(40);
    assert_ok(pull_once(p->f), p->f->error);
    server_order(p->server,
                 "{\"edit\":{\"sid\":%d,\"id\":7,\"answers\":{\"SVAR\":\"Endret etterpå\"}}}",
                 SURVEY);
    server_order(p->server, "{\"delete\":{\"sid\":%d,\"id\":12}}", SURVEY);
    server_order(p->server,
                 "{\"add\":{\"sid\":%d,\"id\":41,\"answers\":{\"ORG\":\"Nyvik\",\"SVAR\":\"Ny\"}}}",
                 SURVEY);
    assert_ok(pull_once(p->f), p->f->error);
    assert_counts(p->f, 40, 1, 1, 38, 0, 1, 0);
    g_autofree char *got = stored_text(p->f, "SVAR");
    assert_non_null(strstr(got, "SVAR=Endret etterpå"));
    assert_null(strstr(got, "\n12 "));
    pulled_free(p);
}

static void a_wrong_password_is_sent_once(void **state)
{
    (void)state;
    Pulled *p = pulled_new(3);
    g_setenv("INNSIKT_SAMPLE_PASSWORD", "Feil-7-hemmelig", TRUE);
    assert_false(pull_once(p->f));
    assert_null(strstr(p->f->error->message, "Feil-7"));
    assert_error(p->f->error, INNSIKT_ERROR_AUTH, "not tried again");
    assert_int_equal(server_log(p->server, "logins"), 1);
    assert_int_equal(server_log(p->server, "logins_refused"), 1);
    pulled_free(p);
}

/* Kills the process when the nth byte group of a body has come. */
typedef struct {
    Transport transport;
    Transport *real;
    HttpSink sink;
    gpointer data;
    guint left;
} Killer;

static bool kill_sink(const char *bytes, size_t n, gpointer data, GError **error)
{
    Killer *killer = data;
    if (killer->left-- == 0)
        raise(SIGKILL);
    return killer->sink(bytes, n, killer->data, error);
}

static bool kill_send(Transport *self, const HttpRequest *request, HttpSink sink,
                      HttpRestart restart, gpointer data, HttpReply *ret, char **ret_refusal,
                      GError **error)
{
    (void)restart;
    Killer *killer = (Killer *)self;
    killer->sink = sink;
    killer->data = data;
    return killer->real->send(killer->real, request, kill_sink, NULL, killer, ret, ret_refusal,
                              error);
}

/* A child pulls and is killed; true when it was, false when it came to the end. */
static bool killed_after(Pulled *p, guint groups)
{
    pid_t child = fork();
    if (child == 0) {
        Killer killer = {.transport = {.send = kill_send}, .left = groups};
        g_autoptr(Store) store = store_open(p->f->project->store_path, NULL);
        p->f->store = store;
        killer.real = transport_of(p);
        p->f->transport = &killer.transport;
        _exit(pull_once(p->f) ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

/* Killed wherever bytes come in; the next pull ends with the same store as one left in peace. */
static void killed_and_resumed_is_as_if_nothing_had_been(void **state)
{
    (void)state;
    g_autofree char *due = undisturbed(RESPONSES);
    Pulled *p = pulled_new(RESPONSES);
    store_close(g_steal_pointer(&p->f->store));
    guint kills = 0;
    for (guint groups = 0; groups < 400; groups += 1 + groups / 6)
        kills += killed_after(p, groups);
    assert_true(kills > 5);
    p->f->store = store_open(p->f->project->store_path, &p->f->error);
    assert_ok(p->f->store, p->f->error);
    assert_ok(pull_once(p->f), p->f->error);
    g_autofree char *got = stored_text(p->f, NULL);
    assert_string_equal(got, due);
    pulled_free(p);
}

/* The form's columns are those that the server's field map and exports name. */
static void every_type_is_named_as_the_server_names_it(void **state)
{
    (void)state;
    static const char *const arguments[] = {"tests/samples/types.json", NULL};
    Server *server = server_start(arguments, true);
    json_object *map = server_result(server, "get_fieldmap", "[\"$KEY\",%d]", SURVEY);
    g_autofree char *url = g_strdup_printf("%s/index.php/admin/remotecontrol", server->base);
    g_autofree char *source = g_strdup_printf(
        "  svar:\n    kind: limesurvey\n    url: %s\n    form: %d\n    user: %s\n"
        "    password: env:INNSIKT_SAMPLE_PASSWORD\n    method: survey\n    stream: staff\n"
        "    questions: {fritekst: {statement: {quadrant: strength}}}\n",
        url, SURVEY, CLIENT_USER);
    PullFixture *f = pull_fixture(source, NULL);
    f->transport = http_transport_new(&(HttpOptions){0});
    assert_ok(pull_once(f), f->error);
    g_autoptr(Form) form = store_form(f->store, "svar", &f->error);
    assert_ok(form, f->error);
    g_autofree char *file =
        server_export(server, "[\"$KEY\",%d,\"json\",null,\"all\",\"code\",\"short\"]", SURVEY);
    for (guint i = 0; i < form->questions->len; i++) {
        const FormQuestion *question = g_ptr_array_index(form->questions, i);
        g_autofree char *key = g_strdup_printf("\"%s\":", question->name);
        if (!strstr(file, key))
            fail_msg("no column %s", question->name);
    }
    assert_true(form->questions->len > 30);
    json_object_put(map);
    transport_free(f->transport);
    pull_fixture_free(f);
    server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_passes),
        cmocka_unit_test(an_empty_list_is_no_proof),
        cmocka_unit_test(a_survey_that_is_not_active_keeps_what_was_collected),
        cmocka_unit_test(edits_deletions_and_newcomers),
        cmocka_unit_test(a_wrong_password_is_sent_once),
        cmocka_unit_test(killed_and_resumed_is_as_if_nothing_had_been),
        cmocka_unit_test(every_type_is_named_as_the_server_names_it),
    };
    g_autofree char *made = g_dir_make_tmp("innsikt-forms-XXXXXX", NULL);
    folder = made;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    g_autofree char *path = g_build_filename(folder, "form.json", NULL);
    g_remove(path);
    g_rmdir(folder);
    return failed;
}
