/* Every fault that the sample form server can play, met in the middle of a pull: ODK Central's
 * pages and LimeSurvey's exports, over the real transport into the real store, with a clock that
 * leaps. A fault ends in a clear error or in nothing at all, and the next pull leaves the store as
 * a newcomer would find it. */
#include "collect/http.h"
#include "tests/collect/pull_fixture.h"
#include "tests/samples/client.h"

enum { SUBMISSIONS = 600, RESPONSES = 600, SURVEY = 284671 };

static char *folder; /* for the servers' data */

/* --- what the server holds --- */

static void copy_fixture(const char *name)
{
    g_autofree char *from = g_build_filename("tests/fixtures/odk", name, NULL);
    g_autofree char *to = g_build_filename(folder, name, NULL);
    g_autofree char *text = NULL;
    gsize n;
    assert_true(g_file_get_contents(from, &text, &n, NULL));
    assert_true(g_file_set_contents(to, text, (gssize)n, NULL));
}

static void append_submission(GString *out, int i)
{
    g_string_append_printf(
        out,
        "%s{\"organisasjon\":\"Ås kommune\",\"swot\":{\"styrker\":\"Styrke nr. %d på øya\"},"
        "\"meta\":{\"instanceID\":\"uuid:%04d\"},\"__id\":\"uuid:%04d\",\"__system\":{"
        "\"submissionDate\":\"2026-03-04T12:%02d:%02d.000Z\",\"updatedAt\":null,"
        "\"submitterId\":\"5\",\"submitterName\":\"kari\",\"attachmentsPresent\":0,"
        "\"attachmentsExpected\":0,\"status\":null,\"reviewState\":null,\"deviceId\":null,"
        "\"edits\":0,\"formVersion\":\"2026110101\",\"deletedAt\":null},\"utsagn\":["
        "{\"tekst\":\"Utsagn %d\",\"polaritet\":\"positiv\",\"__id\":\"r%d\"}]}",
        i ? "," : "", i, i, i, i / 60, i % 60, i, i);
}

static void write_odk(const char *path)
{
    copy_fixture("form.xml");
    copy_fixture("form-fields.json");
    copy_fixture("forms.json");
    GString *text = g_string_new(
        "{\"system\":\"odk\",\"project\":1,\"xmlFormId\":\"interessentintervju\",\"name\":"
        "\"Prøve\","
        "\"domain\":\"https://odk.example.no\",\"form_xml_file\":\"form.xml\","
        "\"fields_file\":\"form-fields.json\",\"forms_file\":\"forms.json\",\"submissions\":[");
    for (int i = 0; i < SUBMISSIONS; i++)
        append_submission(text, i);
    g_string_append(text, "]}");
    assert_true(g_file_set_contents(path, text->str, -1, NULL));
    g_string_free(text, TRUE);
}

static void write_limesurvey(const char *path)
{
    g_autofree char *text = g_strdup_printf(
        "{\"system\":\"limesurvey\",\"sid\":%d,\"title\":\"Prøve\",\"language\":\"nb\","
        "\"additional_languages\":\"\",\"active\":true,\"anonymized\":\"N\",\"datestamp\":\"Y\","
        "\"groups\":[{\"gid\":1,\"name\":\"Alt\",\"description\":\"\"}],\"questions\":["
        "{\"qid\":1,\"gid\":1,\"code\":\"ORG\",\"type\":\"S\",\"text\":\"Hvem?\",\"other\":\"N\"},"
        "{\"qid\":2,\"gid\":1,\"code\":\"SVAR\",\"type\":\"T\",\"text\":\"Hva?\",\"other\":\"N\"}],"
        "\"responses\":[],\"generate\":{\"responses\":%d,\"seed\":77,\"from\":1,\"values\":"
        "{\"ORG\":[\"Nordhav kommune\",\"Ås bygdekvinnelag\"]}}}",
        SURVEY, RESPONSES);
    assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* --- the two systems --- */

typedef struct {
    const char *name;
    void (*write)(const char *path);
    const char *source; /* with the server's address put in */
} System;

static const System odk = {
    "odk", write_odk,
    "  svar:\n    kind: odk\n    url: %s/v1/projects/1\n    form: interessentintervju\n"
    "    user: " CLIENT_USER "\n    password: env:INNSIKT_SAMPLE_PASSWORD\n"
    "    method: interview\n    stream: staff\n    questions:\n"
    "      organisasjon: {attribute: organisation}\n"
    "      swot/styrker: {statement: {quadrant: strength}}\n"
    "      utsagn/tekst: {statement: {quadrant: opportunity}}\n"};

static const System limesurvey = {
    "limesurvey", write_limesurvey,
    "  svar:\n    kind: limesurvey\n    url: %s/index.php/admin/remotecontrol\n    form: 284671\n"
    "    user: " CLIENT_USER "\n    password: env:INNSIKT_SAMPLE_PASSWORD\n"
    "    method: survey\n    stream: staff\n    questions:\n"
    "      ORG: {attribute: organisation}\n      SVAR: {statement: {quadrant: strength}}\n"};

/* --- a pull --- */

typedef struct {
    const System *system;
    Server *server;
    PullFixture *f;
    int64_t now, slept;
} Pulled;

static int64_t leap_now(gpointer data)
{
    return ((Pulled *)data)->now;
}

static void leap_sleep(int64_t us, gpointer data)
{
    Pulled *p = data;
    p->now += us;
    p->slept += us;
}

static Server *serve(const System *system)
{
    g_autofree char *path = g_build_filename(folder, "form.json", NULL);
    system->write(path);
    const char *const arguments[] = {"--gzip", path, NULL};
    return server_start(arguments, false);
}

static Pulled *pulled_new(const System *system, Server *server)
{
    Pulled *p = g_new0(Pulled, 1);
    p->system = system;
    p->server = server;
    p->now = fixture_now();
    g_autofree char *source = g_strdup_printf(system->source, server->base);
    p->f = pull_fixture(source, NULL);
    return p;
}

static void pulled_free(Pulled *p)
{
    pull_fixture_free(p->f);
    g_free(p);
}

/* Each over a transport of its own, as in a run of its own. */
static bool pull(Pulled *p)
{
    p->f->transport = http_transport_new(
        &(HttpOptions){.body_limit = 4 << 20, .clock = {leap_now, leap_sleep, p}});
    bool ok = pull_once(p->f);
    transport_free(p->f->transport);
    return ok;
}

/* What somebody who never saw a fault has stored. */
static char *newcomer(const System *system, Server *server)
{
    Pulled *p = pulled_new(system, server);
    assert_ok(pull(p), p->f->error);
    char *text = stored_text(p->f, NULL);
    pulled_free(p);
    return text;
}

/* --- the faults --- */

typedef struct {
    const char *call, *kind, *value;
    int from, to; /* of the requests for the call; to 0: all from there on */
    int code;     /* -1: it ends well */
    const char *part;
    const char *note; /* what is said of it though it ends well */
} Case;

/* What was told wrong stands until everything is read anew: nothing at the server has changed. */
static bool lies(const Case *c)
{
    return g_str_equal(c->kind, "replace") || g_str_equal(c->kind, "not-utf8") ||
           g_str_equal(c->kind, "charset");
}

static void order_fault(Server *server, const Case *c)
{
    json_object *orders = json_object_new_object(), *fault = json_object_new_object();
    json_object_object_add(fault, "call", json_object_new_string(c->call));
    json_object_object_add(fault, "kind", json_object_new_string(c->kind));
    json_object_object_add(fault, "from", json_object_new_int(c->from));
    json_object_object_add(fault, "to", json_object_new_int(c->to ? c->to : 1000000));
    if (c->value)
        json_object_object_add(fault, "value", json_object_new_string(c->value));
    json_object_object_add(orders, "fault", fault);
    server_order(server, "%s", json_object_to_json_string(orders));
    json_object_put(orders);
}

static GString *complaints; /* of all rows, so that one failure hides no other */

#define EXPECT(holds, ...)                                                                         \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            g_string_append_printf(complaints, "\n%s: ", name);                                    \
            g_string_append_printf(complaints, __VA_ARGS__);                                       \
        }                                                                                          \
    } while (0)

static void judge(Pulled *p, const Case *c, const char *name, bool ok)
{
    const char *said = ok ? "" : p->f->error->message;
    EXPECT(ok == (c->code < 0), "%s", ok ? "ends well" : said);
    EXPECT(!p->f->counts.set_aside, "%d set aside", (int)p->f->counts.set_aside);
    EXPECT(!c->note || strstr(p->f->notes->str, c->note), "says only «%s»", p->f->notes->str);
    EXPECT(!strstr(said, CLIENT_PASSWORD), "the password is told");
    EXPECT(ok || c->code < 0 || (p->f->error->code == c->code && strstr(said, c->part)),
           "error %d: %s", p->f->error->code, said);
    EXPECT(!server_log(p->server, "credentials_elsewhere"), "credentials went elsewhere");
}

static void meet(const System *system, const Case *c)
{
    Server *server = serve(system);
    Pulled *p = pulled_new(system, server);
    g_autofree char *name = g_strdup_printf("%s %s:%d:%s:%.40s", system->name, c->call, c->from,
                                            c->kind, c->value ? c->value : "");
    g_autofree char *met = g_strconcat("faults/", c->kind, NULL);
    order_fault(server, c);
    judge(p, c, name, pull(p));
    EXPECT(server_log(server, met) > 0, "never met");
    server_order(server, "{\"clear-faults\":true}");
    p->f->full = lies(c);
    assert_ok(pull(p), p->f->error);
    g_autofree char *got = stored_text(p->f, NULL), *due = newcomer(system, server);
    EXPECT(g_str_equal(got, due), "the store is another afterwards");
    EXPECT(!server_log(server, "sessions_open"), "a session was not given back");
    pulled_free(p);
    server_stop(server);
}

static void meet_all(const System *system, const Case *cases, size_t n)
{
    complaints = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        meet(system, &cases[i]);
    if (complaints->len)
        fail_msg("%s", complaints->str);
    g_string_free(complaints, TRUE);
}

#define ODK        "interessentintervju"
#define MOVE(what) "{\"odk\":{\"form\":\"" ODK "\"," what "}}"

static const Case odk_faults[] = {
    {"submissions", "status", "429,1", 2, 2, -1, NULL, NULL},
    {"submissions", "status", "500", 2, 2, -1, NULL, NULL},
    {"submissions", "status", "502", 2, 5, -1, NULL, NULL},
    {"submissions", "status", "502", 2, 0, INNSIKT_ERROR_NETWORK, "HTTP 502", NULL},
    {"submissions", "status", "503,Thu, 14 Jan 2027 08:01:40 GMT", 1, 4, -1, NULL, NULL},
    {"submissions", "status", "503,3600", 2, 0, INNSIKT_ERROR_RATE, "come back at", NULL},
    {"submissions", "reset-before", NULL, 2, 2, -1, NULL, NULL},
    {"submissions", "reset-within", NULL, 2, 2, -1, NULL, NULL},
    {"submissions", "cut-length", NULL, 3, 3, -1, NULL, NULL},
    {"submissions", "cut-chunked", NULL, 2, 2, -1, NULL, NULL},
    {"submissions", "cut-close", NULL, 2, 2, -1, NULL, NULL},
    {"submissions", "endless", NULL, 2, 2, INNSIKT_ERROR_LIMIT, "longer than", NULL},
    {"fields", "endless", NULL, 1, 1, INNSIKT_ERROR_LIMIT, "longer than", NULL},
    {"fields", "bomb", "64", 1, 1, INNSIKT_ERROR_LIMIT, "longer than", NULL},
    {"submissions", "bomb", "64", 2, 2, INNSIKT_ERROR_LIMIT, "longer than", NULL},
    {"submissions", "login-page", NULL, 2, 2, INNSIKT_ERROR_PROTOCOL, "no answer of ODK", NULL},
    {"submissions", "empty", NULL, 2, 2, -1, NULL, NULL},
    {"submissions", "session-expired", NULL, 2, 2, -1, NULL, NULL},
    {"submissions", "nest", NULL, 2, 2, INNSIKT_ERROR_PROTOCOL, "", NULL},
    {"fields", "nest", NULL, 1, 1, INNSIKT_ERROR_PROTOCOL, "", NULL},
    {"submissions", "again", NULL, 3, 3, INNSIKT_ERROR_PROTOCOL, "leads to the same page", NULL},
    {"submissions", "again", NULL, 2, 2, -1, NULL, NULL},
    {"submissions", "charset", "UTF-16", 2, 2, INNSIKT_ERROR_PROTOCOL, "", NULL},
    {"submissions", "charset", "ISO-8859-1", 2, 2, -1, NULL, "not UTF-8"},
    {"submissions", "wrong-charset", "ISO-8859-1", 2, 2, -1, NULL, NULL},
    {"submissions", "not-utf8", NULL, 2, 2, -1, NULL, "1 answer held bytes that are not UTF-8"},
    {"submissions", "replace", "\"edits\":0=\"edits\":0,\"edits\":7", 2, 2, -1, NULL, NULL},
    {"submissions", "replace", "Styrke nr.=Styrke\\u0000nr.", 2, 2, -1, NULL, NULL},
    {"submissions", "replace", "Styrke nr.=\\ud83d Styrke nr.", 2, 2, -1, NULL, NULL},
    {"submissions", "replace", "\"submitterId\":\"5\"=\"submitterId\":1e99999", 2, 2, -1, NULL,
     NULL},
    {"submissions", "order", "{\"clock\":-86400}", 2, 2, -1, NULL, NULL},
    {"submissions", "order", MOVE("\"delete\":\"uuid:0001\""), 2, 2, -1, NULL, NULL},
    {"submissions", "order", MOVE("\"delete\":\"uuid:0599\""), 3, 3, -1, NULL, NULL},
    {"submissions", "order", MOVE("\"purge\":\"uuid:0400\""), 2, 2, -1, NULL, NULL},
    {"submissions", "order",
     MOVE("\"add\":{\"__id\":\"uuid:ny\",\"organisasjon\":\"Ny\",\"meta\":{\"instanceID\":"
          "\"uuid:ny\"}}"),
     2, 2, -1, NULL, NULL},
};

#define EDIT(what) "{\"edit\":{\"sid\":284671," what "}}"

static const Case limesurvey_faults[] = {
    {"export_responses", "charset", "UTF-16", 2, 2, INNSIKT_ERROR_PROTOCOL, "", NULL},
    {"export_responses", "wrong-charset", "ISO-8859-1", 2, 2, -1, NULL, NULL},
    {"list_questions", "wrong-charset", "UTF-16", 1, 1, -1, NULL, NULL},
    {"export_responses", "nest", NULL, 2, 2, INNSIKT_ERROR_PROTOCOL, "", NULL},
    {"export_responses", "again", NULL, 3, 3, -1, NULL, NULL},
    {"export_responses", "replace", "\"ORG\":=\"ORG\":\"Fjell\",\"ORG\":", 2, 2, -1, NULL, NULL},
    {"export_responses", "replace", "\"SVAR\":\"=\"SVAR\":\"\\u0000", 2, 2, -1, NULL, NULL},
    {"export_responses", "replace", "\"SVAR\":\"=\"SVAR\":\"\\udc00 ", 2, 2, -1, NULL, NULL},
    {"export_responses", "replace", "\"id\":3,=\"id\":1e99999,", 2, 2, -1, NULL, NULL},
    {"export_responses", "replace", "\"id\":3,=\"id\":99999999999999999999,", 2, 2, -1, NULL, NULL},
    {"export_responses", "order", "{\"clock\":-86400}", 2, 2, -1, NULL, NULL},
    {"export_responses", "order", "{\"delete\":{\"sid\":284671,\"id\":7}}", 2, 2, -1, NULL, NULL},
    {"export_responses", "order", EDIT("\"id\":7,\"answers\":{\"SVAR\":\"midt i\"}"), 2, 2, -1,
     NULL, NULL},
};

static void odk_meets_every_fault(void **state)
{
    (void)state;
    meet_all(&odk, odk_faults, G_N_ELEMENTS(odk_faults));
}

static void limesurvey_meets_every_fault(void **state)
{
    (void)state;
    meet_all(&limesurvey, limesurvey_faults, G_N_ELEMENTS(limesurvey_faults));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odk_meets_every_fault),
        cmocka_unit_test(limesurvey_meets_every_fault),
    };
    folder = g_dir_make_tmp("innsikt-faults-XXXXXX", NULL);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    static const char *const files[] = {"form.json", "form.xml", "form-fields.json", "forms.json"};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(folder, files[i], NULL);
        g_remove(path);
    }
    g_rmdir(folder);
    g_free(folder);
    return failed;
}
