#include "tests/collect/pull_fixture.h"
#include "tests/collect/replay_odk.h"

static const char interviews[] =
    "  intervju:\n"
    "    kind: odk\n"
    "    url: https://odk.example.no/v1/projects/1\n"
    "    form: interessentintervju\n"
    "    user: env:PRUEVE_USER\n"
    "    password: env:PRUEVE_PASSWORD\n"
    "    method: interview\n"
    "    questions:\n"
    "      organisasjon: {attribute: organisation}\n"
    "      likert/samarbeid: {rating: voice-neutral, scale: enig5}\n"
    "      kanaler: {attribute: kanaler}\n"
    "      kanal_annet: {attribute: annet}\n"
    "      anbefaling: {attribute: anbefaling}\n"
    "      swot/styrker: {statement: {quadrant: strength}}\n"
    "      utsagn/tekst: {statement: {origin: external, polarity_from: utsagn/polaritet,\n"
    "        values: {positiv: helpful, negativ: harmful}}}\n";

/* Two rows with repeats in repeats, a place on the map, a field of no known form. */
static const char *const nested =
    "{\"__id\":\"uuid:a\",\"__system\":{\"submissionDate\":\"2026-03-04T13:20:10.123Z\","
    "\"updatedAt\":null,\"deletedAt\":null,\"status\":null,\"reviewState\":null,"
    "\"formVersion\":\"7\"},\"meta\":{\"instanceID\":\"uuid:a\"},"
    "\"sted\":{\"type\":\"Point\",\"coordinates\":[10.75,59.91,0]},\"_r\":\"2021\","
    "\"bord\":[{\"tema\":\"Språk\",\"__id\":\"1\",\"utsagn\":[{\"tekst\":\"Én\"},"
    "{\"tekst\":\"To\"}]},{\"tema\":\"Økonomi\",\"__id\":\"2\","
    "\"utsagn@odata.navigationLink\":\"x\",\"utsagn\":[{\"tekst\":\"Tre\"}]}]}";

static const char nested_fields[] =
    "[{\"path\":\"/sted\",\"name\":\"sted\",\"type\":\"geopoint\"},"
    "{\"path\":\"/_r\",\"name\":\"_r\",\"type\":\"string\"},"
    "{\"path\":\"/bord\",\"name\":\"bord\",\"type\":\"repeat\"},"
    "{\"path\":\"/bord/tema\",\"name\":\"tema\",\"type\":\"string\"},"
    "{\"path\":\"/bord/utsagn\",\"name\":\"utsagn\",\"type\":\"repeat\"},"
    "{\"path\":\"/bord/utsagn/tekst\",\"name\":\"tekst\",\"type\":\"string\"}]";

static const char nested_source[] = "  bord:\n"
                                    "    kind: odk\n"
                                    "    url: https://odk.example.no/projects/7/\n"
                                    "    form: Møte 1:år\n"
                                    "    user: env:PRUEVE_USER\n"
                                    "    password: env:PRUEVE_PASSWORD\n"
                                    "    method: workshop\n"
                                    "    questions:\n"
                                    "      sted: {attribute: sted}\n"
                                    "      år: {attribute: aar}\n"
                                    "      bord/tema: {attribute: tema}\n"
                                    "      bord/utsagn/tekst: {statement: {quadrant: threat}}\n";

static guint lines(const char *text)
{
    guint n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static guint asked(const Replay *replay, const char *part)
{
    guint n = 0;
    for (guint i = 0; i < replay->asked->len; i++)
        n += strstr(replay->asked->pdata[i], part) != NULL;
    return n;
}

static void finish(PullFixture *f, Replay *replay)
{
    pull_fixture_free(f);
    transport_free(&replay->transport);
}

/* One row: id, stamps and review as given (JSON), one statement. Caller owns. */
static char *row_of(const char *id, const char *updated, const char *deleted, const char *review,
                    const char *rest)
{
    return g_strdup_printf(
        "{\"organisasjon\":\"Vågå bonde- og småbrukarlag\",\"meta\":{\"instanceID\":\"%s\"},"
        "\"__id\":\"%s\",\"__system\":{\"submissionDate\":\"2026-11-22T16:46:00.001Z\","
        "\"updatedAt\":%s,\"deletedAt\":%s,\"status\":null,\"reviewState\":%s,"
        "\"formVersion\":\"2\"}%s}",
        id, id, updated, deleted, review, rest);
}

static void recorded_replies_are_collected(void **state)
{
    (void)state;
    for (size_t piece = 1; piece < 100000; piece = piece * 31 + 6) {
        Replay *replay = replay_new();
        replay->piece = piece;
        PullFixture *f = pull_fixture(interviews, &replay->transport);
        assert_ok(pull_once(f), f->error);
        assert_counts(f, 50, 50, 0, 0, 0, 0, 0);
        g_autofree char *all = stored_text(f, NULL);
        assert_int_equal(lines(all), 50);
        assert_non_null(
            strstr(all, "\nintervju-47-uten-uuid complete organisasjon=Sør-Varanger bedriftsforum "
                        "likert/samarbeid=3 kanaler=mote sosiale_medier annet "
                        "kanal_annet=Fysisk oppmøte swot/styrker=God kjennskap til brukerne "
                        "anbefaling=8 utsagn/tekst=Utsagn 1 fra Sør-Varanger bedriftsforum "
                        "utsagn/tekst=Utsagn 2 fra Sør-Varanger bedriftsforum "
                        "utsagn/polaritet=positiv utsagn/polaritet=noytral\n"));
        assert_non_null(strstr(all, "uuid:fcbf32c0-dcda-49b7-9ab1-dca8ada85c5a rejected "));
        /* No condition on it: left blank. With one, ODK does not tell. */
        assert_non_null(strstr(all, "kanaler=!not_answered kanal_annet=!unknown"));
        assert_null(strstr(all, "instanceName"));
        assert_null(strstr(all, "Nettbrett"));
        assert_int_equal(asked(replay, "POST "), 1);
        assert_int_equal(asked(replay, "DELETE https://odk.example.no/v1/sessions/current"), 1);
        for (guint i = 1; i < replay->asked->len; i++) {
            assert_true(g_str_has_prefix(strchr(replay->asked->pdata[i], ' ') + 1,
                                         "https://odk.example.no/v1/"));
            assert_string_equal(replay->auth->pdata[i],
                                "Authorization: Bearer "
                                "I4ORd0pHxIn5AOr8dGts2wFSWFwayA0l6NfG6a7wvRNIBIrcjfqgvFYK57lcUI6n");
        }
        assert_string_equal(replay->bodies->pdata[0],
                            "{\"email\":\"strategi\",\"password\":\"høst\\\"2026\\\\\"}");
        finish(f, replay);
    }
}

static void changes_are_asked_for(void **state)
{
    (void)state;
    g_setenv("INNSIKT_NOW", "2026-11-22T17:00:00Z", TRUE);
    Replay *replay = replay_new();
    PullFixture *f = pull_fixture(interviews, &replay->transport);
    assert_ok(pull_once(f), f->error);
    g_ptr_array_set_size(replay->asked, 0);
    /* 15 that are known as they are, and one that was deleted before we knew it. */
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 15, 0, 0, 15, 0, 0, 0);
    assert_string_equal(f->notes->str, "");
    assert_int_equal(
        asked(replay, "__system/submissionDate%20ge%202026-11-22T16%3A42%3A37.994Z%20or"), 1);
    assert_int_equal(asked(replay, "skiptoken"), 0);
    finish(f, replay);
}

static void deletions_and_returns_are_seen(void **state)
{
    (void)state;
    g_setenv("INNSIKT_NOW", "2026-11-22T17:00:00Z", TRUE);
    Replay *replay = replay_new();
    g_autofree char *one = row_of("uuid:1", "null", "null", "null", "");
    g_autofree char *two = row_of("uuid:2", "null", "null", "null", "");
    g_autofree char *gone = row_of("uuid:2", "null", "\"2026-11-22T16:50:00.000Z\"", "null", "");
    g_autofree char *edited =
        row_of("uuid:1", "\"2026-11-22T16:55:00.000Z\"", "null", "\"rejected\"", "");
    g_autofree char *both = g_strdup_printf("%s,%s", one, two);
    replay_add(replay, "%24expand=*", 200, odk_list(both, 2, NULL));
    replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
    PullFixture *f = pull_fixture(interviews, &replay->transport);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 2, 2, 0, 0, 0, 0, 0);

    g_autofree char *changes = g_strdup_printf("%s,%s", gone, edited);
    replay_add(replay, "submissionDate", 200, odk_list(changes, 2, NULL));
    replay_add(replay, "eq%20null", 200, odk_list(gone, 1, NULL));
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 1, 0, 1, 0, 0, 1, 0);
    g_autofree char *left = stored_text(f, "organisasjon");
    assert_string_equal(left, "uuid:1 rejected organisasjon=Vågå bonde- og småbrukarlag\n");

    /* Told again, it is the same. */
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 1, 0, 0, 1, 0, 0, 0);

    /* Restoring stamps nothing: only the list of the deleted tells. */
    replay_add(replay, "submissionDate", 200, odk_list("", 0, NULL));
    replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
    g_autofree char *again = g_strdup_printf("%s,%s", edited, two);
    replay_add(replay, "expand=*", 200, odk_list(again, 2, NULL));
    replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 2, 0, 0, 1, 0, 0, 1);

    /* Purged, so on no list: everything is read after three weeks, and on --full. */
    g_setenv("INNSIKT_NOW", "2026-12-22T17:00:00Z", TRUE);
    replay_add(replay, "expand=*", 200, odk_list(edited, 1, NULL));
    replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 1, 0, 0, 1, 0, 1, 0);
    finish(f, replay);
}

static void an_empty_or_short_list_deletes_nothing(void **state)
{
    (void)state;
    Replay *replay = replay_new();
    PullFixture *f = pull_fixture(interviews, &replay->transport);
    assert_ok(pull_once(f), f->error);
    f->full = true;
    replay_add(replay, "expand=*", 200, odk_list("", 0, NULL));
    replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 0, 0, 0, 0, 0, 0, 0);
    assert_non_null(strstr(f->notes->str, "nothing that was collected before is marked deleted"));
    g_autofree char *one = row_of("uuid:1", "null", "null", "null", "");
    replay_add(replay, "expand=*", 200, odk_list(one, 51, NULL));
    replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 1, 1, 0, 0, 0, 0, 0);
    assert_non_null(strstr(f->notes->str, "says it has 51 submissions but lists 1"));
    finish(f, replay);
}

static void repeats_in_repeats_and_odd_names(void **state)
{
    (void)state;
    Replay *replay = replay_new();
    g_autofree char *odata = g_strdup(nested_fields);
    g_autoptr(GString) original = g_string_new(nested_fields);
    g_string_replace(original, "_r", "år", 0);
    replay_add(replay, "/fields", 200, g_strdup(original->str));
    replay_add(replay, "/fields?odata=true", 200, g_strdup(odata));
    replay_add(replay, "expand=*", 200, odk_list(nested, 1, NULL));
    replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
    PullFixture *f = pull_fixture(nested_source, &replay->transport);
    assert_ok(pull_once(f), f->error);
    g_autofree char *got = stored_text(f, NULL);
    assert_string_equal(
        got, "uuid:a complete sted=Point 10.75 59.91 0 år=2021 bord/tema=Språk bord/tema=Økonomi "
             "bord/utsagn/tekst=Én bord/utsagn/tekst=To bord/utsagn/tekst=Tre\n");
    assert_int_equal(asked(replay, "https://odk.example.no/v1/projects/7/forms/"
                                   "M%C3%B8te%201%3A%C3%A5r/fields?odata=true"),
                     1);
    finish(f, replay);
}

static bool note_instances(const StoredResponse *stored, gpointer data, GError **error)
{
    (void)error;
    GString *text = data;
    for (guint i = 0; i < stored->response->answers->len; i++) {
        const Answer *a = &g_array_index(stored->response->answers, Answer, i);
        g_string_append_printf(text, "%s:%d ", a->text ? a->text : "!", a->instance);
    }
    return true;
}

/* No two rows of nested repeats share a number unless they stand beside each other. */
static void instances_are_told_apart(void **state)
{
    (void)state;
    Replay *replay = replay_new();
    replay_add(replay, "/fields", 200, g_strdup(nested_fields));
    replay_add(replay, "expand=*", 200, odk_list(nested, 1, NULL));
    replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
    PullFixture *f = pull_fixture(nested_source, &replay->transport);
    assert_ok(pull_once(f), f->error);
    g_autoptr(GString) got = g_string_new(NULL);
    assert_ok(store_each(f->store, NULL, note_instances, got, &f->error), f->error);
    assert_string_equal(got->str, "Point 10.75 59.91 0:-1 Språk:0 Økonomi:3 Én:1 To:2 Tre:4 ");
    finish(f, replay);
}

/* Central builds the link from the address it was told to have, or somebody else did. */
static void links_lead_nowhere_else(void **state)
{
    (void)state;
    static const char *const links[] = {
        "http://evil.example.org/v1/projects/1/forms/x.svc/Submissions?%24skiptoken=01abc%3D",
        "https://odk.example.no.evil.org:8443/?$skiptoken=01abc%3D&%24top=1",
        "//evil.example.org/?%24top=250&%24skiptoken=01abc=",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
        Replay *replay = replay_new();
        g_autofree char *more = g_strdup_printf(",\"@odata.nextLink\":\"%s\"", links[i]);
        g_autofree char *one = row_of("uuid:1", "null", "null", "null", "");
        g_autofree char *two = row_of("uuid:2", "null", "null", "null", "");
        replay_add(replay, "expand=*", 200, odk_list(one, 2, more));
        replay_add(replay, "&%24skiptoken=01abc%3D", 200, odk_list(two, 2, NULL));
        replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
        PullFixture *f = pull_fixture(interviews, &replay->transport);
        assert_ok(pull_once(f), f->error);
        assert_counts(f, 2, 2, 0, 0, 0, 0, 0);
        assert_int_equal(asked(replay, "evil"), 0);
        finish(f, replay);
    }
}

static void a_stale_place_begins_anew(void **state)
{
    (void)state;
    Replay *replay = replay_new();
    replay_times(replay, "skiptoken", 400, g_strdup("{\"message\":\"x\",\"code\":400.34}"), 1);
    PullFixture *f = pull_fixture(interviews, &replay->transport);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 75, 50, 0, 25, 0, 0, 0);
    replay_add(replay, "skiptoken", 400, g_strdup("{\"message\":\"x\",\"code\":400.34}"));
    f->full = true;
    assert_false(pull_once(f));
    assert_error(f->error, INNSIKT_ERROR_PROTOCOL, "the list changed while it was read");
    finish(f, replay);
}

static void a_page_that_breaks_off_is_asked_for_again(void **state)
{
    (void)state;
    Replay *replay = replay_new();
    g_autofree char *whole = odk_file("submissions-page1.json");
    replay_times(replay, "expand=*", 200, g_strndup(whole, 30000), 1);
    replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
    PullFixture *f = pull_fixture(interviews, &replay->transport);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 50, 50, 0, 0, 0, 0, 0);
    finish(f, replay);

    /* The same when the transport notices and begins anew. */
    replay = replay_new();
    replay->break_off = 40000;
    f = pull_fixture(interviews, &replay->transport);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 50, 50, 0, 0, 0, 0, 0);
    finish(f, replay);
}

static void an_old_server_is_read_whole(void **state)
{
    (void)state;
    Replay *replay = replay_new();
    replay_error(replay, "eq%20null", "$filter on a question", -1);
    PullFixture *f = pull_fixture(interviews, &replay->transport);
    assert_ok(pull_once(f), f->error);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 50, 0, 0, 50, 0, 0, 0);
    finish(f, replay);
}

static void a_session_that_worked_is_renewed(void **state)
{
    (void)state;
    Replay *replay = replay_new();
    replay_error(replay, "skiptoken", "token of an ended session", 1);
    PullFixture *f = pull_fixture(interviews, &replay->transport);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 50, 50, 0, 0, 0, 0, 0);
    assert_int_equal(asked(replay, "POST "), 2);
    /* Once: a server that ends every session is not asked for more. */
    replay_error(replay, "skiptoken", "token of an ended session", -1);
    f->full = true;
    assert_false(pull_once(f));
    assert_error(f->error, INNSIKT_ERROR_AUTH, "session has ended");
    assert_int_equal(asked(replay, "POST "), 4);
    finish(f, replay);
}

static void refusals_are_explained(void **state)
{
    (void)state;
    static const struct {
        const char *part, *title;
        int code;
        const char *says;
    } cases[] = {
        {"POST ", "login, wrong password", INNSIKT_ERROR_AUTH, "refuses the user or the password"},
        {"POST ", "project that does not exist", INNSIKT_ERROR_DISABLED, "single sign-on"},
        {"/fields", "project the user has no role in", INNSIKT_ERROR_PERMISSION, "Project Viewer"},
        {"/fields", "project that does not exist", INNSIKT_ERROR_NOT_FOUND, "check `url:`"},
        {".xml", "no token, on an XML resource", INNSIKT_ERROR_AUTH, "session has ended"},
        {"/fields", "Basic authentication over plain HTTP", INNSIKT_ERROR_USAGE, "https"},
        {"expand=*", "$expand other than *", INNSIKT_ERROR_NETWORK, "501"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Replay *replay = replay_new();
        replay_error(replay, cases[i].part, cases[i].title, -1);
        if (g_str_equal(cases[i].part, "expand=*"))
            replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
        PullFixture *f = pull_fixture(interviews, &replay->transport);
        assert_false(pull_once(f));
        /* The session worked before form.xml was asked for, so it is renewed, once. */
        if (g_str_equal(cases[i].part, ".xml"))
            assert_int_equal(asked(replay, "POST "), 2);
        else
            assert_int_equal(asked(replay, "POST "), 1);
        assert_null(strstr(f->error->message, "høst"));
        assert_error(f->error, cases[i].code, cases[i].says);
        finish(f, replay);
    }
}

static char *deep_list(void)
{
    GString *deep = g_string_new("{\"value\":[{\"__id\":\"a\",\"x\":");
    for (int i = 0; i < 100000; i++)
        g_string_append_c(deep, '[');
    for (int i = 0; i < 100000; i++)
        g_string_append_c(deep, ']');
    g_string_append(deep, "}]}");
    return g_string_free(deep, FALSE);
}

static void hostile_replies(void **state)
{
    (void)state;
    const struct {
        const char *part;
        int status;
        char *body;
        int code;
        const char *says;
    } cases[] = {
        {"POST ", 401, g_strdup("{\"message\":\"x\",\"code\":401.5}"), INNSIKT_ERROR_DISABLED,
         "single sign-on"},
        {"POST ", 200, g_strdup("<html>Logg inn</html>"), INNSIKT_ERROR_PROTOCOL, "Logg inn"},
        {"POST ", 200, g_strdup("{\"token\":\"a\\r\\nX: y\"}"), INNSIKT_ERROR_PROTOCOL, "no token"},
        {"/fields", 200, g_strdup("<html>Logg inn</html>"), INNSIKT_ERROR_PROTOCOL, "fields"},
        {".xml", 200, g_strdup("{}"), INNSIKT_ERROR_PROTOCOL, "XML"},
        {".xml", 200, g_strdup("<a><b/></a>"), INNSIKT_ERROR_PROTOCOL, "no XForm"},
        {".xml", 200,
         g_strdup("<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>"),
         INNSIKT_ERROR_LIMIT, "DOCTYPE"},
        {"expand=*", 200, g_strdup("<html>\n<h1>Gateway</h1>"), INNSIKT_ERROR_PROTOCOL,
         "no answer of ODK Central"},
        {"expand=*", 502, g_strdup("<html>502 Bad Gateway</html>"), INNSIKT_ERROR_NETWORK, "502"},
        {"expand=*", 200, g_strdup(""), INNSIKT_ERROR_PROTOCOL, "empty"},
        {"expand=*", 200, g_strdup("{}"), INNSIKT_ERROR_PROTOCOL, "no list"},
        {"expand=*", 200, g_strdup("{\"value\":{}}"), INNSIKT_ERROR_PROTOCOL, "no list"},
        {"expand=*", 200, g_strdup("{\"value\":[]"), INNSIKT_ERROR_PROTOCOL, "in the middle"},
        {"expand=*", 200, g_strdup("{\"value\":[{\"a\":tru}]}"), INNSIKT_ERROR_PROTOCOL, "read"},
        {"expand=*", 200, g_strdup("{\"value\":[]} x"), INNSIKT_ERROR_PROTOCOL, "read"},
        {"expand=*", 200, deep_list(), INNSIKT_ERROR_PROTOCOL, "64 deep"},
        {"expand=*", 200, odk_list("", 9, ",\"@odata.nextLink\":\"x?%24skiptoken=01\""),
         INNSIKT_ERROR_PROTOCOL, "empty page"},
        {"expand=*", 200, odk_list("{\"__id\":\"a\"}", 9, ",\"@odata.nextLink\":\"http://y/\""),
         INNSIKT_ERROR_PROTOCOL, "names no place"},
        {"expand=*", 200,
         odk_list("{\"__id\":\"a\"}", 9, ",\"@odata.nextLink\":\"x?%24skiptoken=01\""),
         INNSIKT_ERROR_PROTOCOL, "same page"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (size_t piece = 1; piece < 1000; piece += 976) {
            Replay *replay = replay_new();
            replay->piece = piece;
            replay_add(replay, cases[i].part, cases[i].status, g_strdup(cases[i].body));
            if (g_str_equal(cases[i].part, "expand=*"))
                replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
            PullFixture *f = pull_fixture(interviews, &replay->transport);
            assert_false(pull_once(f));
            assert_error(f->error, cases[i].code, cases[i].says);
            assert_int_equal(asked(replay, "POST "), 1);
            finish(f, replay);
        }
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_free(cases[i].body);
}

/* What is wrong with one submission costs that one. */
static void one_unreadable_submission_is_one(void **state)
{
    (void)state;
    g_autofree char *good = row_of("uuid:1", "null", "null", "null", "");
    g_autofree char *twice =
        row_of("uuid:2", "null", "null", "null", ",\"anbefaling\":1,\"anbefaling\":2");
    g_autofree char *encrypted = row_of("uuid:3", "null", "null", "null", "");
    g_autoptr(GString) locked = g_string_new(encrypted);
    g_string_replace(locked, "\"status\":null", "\"status\":\"notDecrypted\"", 0);
    g_autofree char *odd = row_of("uuid:4", "null", "null", "null",
                                  ",\"swot\":{\"styrker\":\"a\\u0000b \\ud800 1e999\"},"
                                  "\"anbefaling\":123456789012345678901234567890,"
                                  "\"utsagn\":[null,7,{\"tekst\":\"Ny\",\"polaritet\":null}]");
    g_autofree char *rows = g_strdup_printf("%s,%s,%s,%s,{\"organisasjon\":\"uten id\"},null", good,
                                            twice, locked->str, odd);
    Replay *replay = replay_new();
    replay_add(replay, "expand=*", 200, odk_list(rows, 6, NULL));
    replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
    PullFixture *f = pull_fixture(interviews, &replay->transport);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 6, 2, 0, 0, 4, 0, 0);
    g_autofree char *styrker = stored_text(f, "swot/styrker");
    assert_non_null(strstr(styrker, "uuid:4 complete swot/styrker=a\xEF\xBF\xBD"
                                    "b "));
    g_autofree char *number = stored_text(f, "anbefaling");
    assert_non_null(strstr(number, "anbefaling=123456789012345678901234567890\n"));
    finish(f, replay);
}

static void the_recorded_chunks_join(void **state)
{
    (void)state;
    Replay *replay = replay_new();
    replay_add(replay, "expand=*", 200, odk_unchunked());
    replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
    g_autofree char *body = odk_unchunked();
    assert_non_null(strstr(body, "skiptoken"));
    replay_add(replay, "skiptoken", 200, odk_list("", 50, NULL));
    PullFixture *f = pull_fixture(interviews, &replay->transport);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 3, 3, 0, 0, 0, 0, 0);
    finish(f, replay);
}

/* The recorded form is of the second version; the first had neither of two questions. */
static void blanks_of_earlier_versions_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *fields;
        int status;
        const char *old_group, *old_note; /* of the submission to the first version */
    } cases[] = {
        {"[{\"path\":\"/organisasjon\"},{\"path\":\"/kanaler\"}]", 200, "!not_answered",
         "!not_in_version"},
        {"{\"message\":\"x\",\"code\":404.1}", 404, "!unknown", "!unknown"},
        {"<html>", 200, "!unknown", "!unknown"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Replay *replay = replay_new();
        const char *rest = ",\"kanaler\":null,\"anbefaling\":null";
        g_autofree char *old = row_of("uuid:1", "null", "null", "null", rest);
        g_autofree char *new = row_of("uuid:2", "null", "null", "null", rest);
        g_autoptr(GString) rows = g_string_new(NULL);
        g_string_printf(rows, "%s,%s", old, new);
        g_string_replace(rows, "\"formVersion\":\"2\"", "\"formVersion\":\"2026110101\"", 0);
        g_string_replace(rows, "\"2026110101\"", "\"1 å\"", 1);
        replay_add(replay, "/versions", 200,
                   g_strdup("[{\"version\":\"2026110101\"},{\"version\":\"1 å\"},"
                            "{\"version\":\"\"},{\"version\":null},7]"));
        replay_add(replay, "/versions/___/fields", 200, g_strdup("[]"));
        replay_add(replay, "/versions/1%20%C3%A5/fields", cases[i].status,
                   g_strdup(cases[i].fields));
        replay_add(replay, "expand=*", 200, odk_list(rows->str, 2, NULL));
        replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
        PullFixture *f = pull_fixture(interviews, &replay->transport);
        assert_ok(pull_once(f), f->error);
        g_autofree char *group = stored_text(f, "kanaler"), *note = stored_text(f, "anbefaling");
        g_autofree char *groups = g_strdup_printf("uuid:1 complete kanaler=%s\n"
                                                  "uuid:2 complete kanaler=!not_answered\n",
                                                  cases[i].old_group);
        g_autofree char *notes = g_strdup_printf("uuid:1 complete anbefaling=%s\n"
                                                 "uuid:2 complete anbefaling=!not_answered\n",
                                                 cases[i].old_note);
        assert_string_equal(group, groups);
        assert_string_equal(note, notes);
        assert_int_equal(asked(replay, "/versions/2026110101"), 0);
        finish(f, replay);
    }
}

/* A draft has no fields: the server says that the form is not found. */
static void a_draft_is_called_a_draft(void **state)
{
    (void)state;
    Replay *replay = replay_new();
    g_autofree char *form = odk_first_form();
    g_autoptr(GString) draft = g_string_new(form);
    g_string_replace(draft, "\"publishedAt\":\"2026-11-22T16:45:43.833Z\"", "\"publishedAt\":null",
                     0);
    replay_error(replay, "/fields", "project that does not exist", -1);
    PullFixture *f = pull_fixture(interviews, &replay->transport);
    assert_false(pull_once(f));
    assert_error(f->error, INNSIKT_ERROR_NOT_FOUND, "there is no such project or form");
    replay_add(replay, "GET https://odk.example.no/v1/projects/1/forms/interessentintervju", 200,
               g_strdup(draft->str));
    replay_error(replay, "/fields", "project that does not exist", -1);
    assert_false(pull_once(f));
    assert_error(f->error, INNSIKT_ERROR_NOT_FOUND, "is a draft; publish it");
    finish(f, replay);
}

static void encryption_is_said_once(void **state)
{
    (void)state;
    Replay *replay = replay_new();
    g_autofree char *one = row_of("uuid:1", "null", "null", "null", "");
    g_autofree char *two = row_of("uuid:2", "null", "null", "null", "");
    g_autoptr(GString) rows = g_string_new(NULL);
    g_string_printf(rows, "%s,%s", one, two);
    g_string_replace(rows, "\"status\":null", "\"status\":\"notDecrypted\"", 1);
    g_string_replace(rows, "\"status\":null", "\"status\":\"missingEncryptedFormData\"", 1);
    replay_add(replay, "expand=*", 200, odk_list(rows->str, 2, NULL));
    replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
    PullFixture *f = pull_fixture(interviews, &replay->transport);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 2, 0, 0, 0, 2, 0, 0);
    assert_non_null(strstr(f->notes->str, "2 submissions are encrypted"));
    finish(f, replay);
}

/* With the tag of all submissions as it was, nothing else is asked for. A server that shows no such
 * tag is never asked for it. */
static void an_unchanged_tag_spares_the_rest(void **state)
{
    (void)state;
    static const char *const tags[] = {"W/\"eventhash:ac23b3c35ea005d2ec5798f9a69d3478\"",
                                       "W/\"2f-abc\"", NULL};
    g_setenv("INNSIKT_NOW", "2026-11-22T17:00:00Z", TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
        Replay *replay = replay_new();
        PullFixture *f = pull_fixture(interviews, &replay->transport);
        for (guint r = 0; r < replay->routes->len; r++)
            g_array_index(replay->routes, Route, r).etag = tags[i];
        assert_ok(pull_once(f), f->error);
        assert_counts(f, 50, 50, 0, 0, 0, 0, 0);
        assert_int_equal(asked(replay, "%24top=0&"), 0);
        assert_ok(pull_once(f), f->error);
        assert_counts(f, 15, 0, 0, 15, 0, 0, 0);
        assert_int_equal(asked(replay, "%24top=0&"), i == 0);
        replay_error(replay, "%24top=0", "If-None-Match with the current ETag", -1);
        g_ptr_array_set_size(replay->asked, 0);
        assert_ok(pull_once(f), f->error);
        if (i == 0) {
            assert_int_equal(replay->asked->len, 3); /* login, the tag, logout */
            assert_non_null(strstr(f->notes->str, "nothing has changed"));
            assert_counts(f, 0, 0, 0, 0, 0, 0, 0);
        } else {
            /* One of the recorded changes was a deletion, and is on no list of them any more. */
            assert_counts(f, 50, 0, 0, 50, 0, 0, 0);
        }
        f->full = true;
        assert_ok(pull_once(f), f->error);
        assert_counts(f, 50, 0, 0, 50, 0, 0, 0);
        f->full = false;
        g_setenv("INNSIKT_NOW", "2026-12-22T17:00:00Z", TRUE);
        assert_ok(pull_once(f), f->error);
        assert_counts(f, 50, 0, 0, 50, 0, 0, 0);
        g_setenv("INNSIKT_NOW", "2026-11-22T17:00:00Z", TRUE);
        finish(f, replay);
    }
}

/* Neither closing a form nor an empty one is a failure. */
static void an_empty_form_is_no_failure(void **state)
{
    (void)state;
    Replay *replay = replay_new();
    replay_add(replay, "expand=*", 200, odk_list("", 0, NULL));
    replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
    PullFixture *f = pull_fixture(interviews, &replay->transport);
    for (int i = 0; i < 2; i++) {
        assert_ok(pull_once(f), f->error);
        assert_counts(f, 0, 0, 0, 0, 0, 0, 0);
        assert_string_equal(f->notes->str, "");
    }
    finish(f, replay);
}

static void an_address_without_project_is_refused(void **state)
{
    (void)state;
    g_autoptr(GString) source = g_string_new(interviews);
    g_string_replace(source, "/v1/projects/1", "", 0);
    Replay *replay = replay_new();
    PullFixture *f = pull_fixture(source->str, &replay->transport);
    assert_false(pull_once(f));
    assert_error(f->error, INNSIKT_ERROR_USAGE, "/v1/projects/1");
    assert_int_equal(replay->asked->len, 0);
    finish(f, replay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_replies_are_collected),
        cmocka_unit_test(changes_are_asked_for),
        cmocka_unit_test(deletions_and_returns_are_seen),
        cmocka_unit_test(an_empty_or_short_list_deletes_nothing),
        cmocka_unit_test(repeats_in_repeats_and_odd_names),
        cmocka_unit_test(instances_are_told_apart),
        cmocka_unit_test(links_lead_nowhere_else),
        cmocka_unit_test(a_stale_place_begins_anew),
        cmocka_unit_test(a_page_that_breaks_off_is_asked_for_again),
        cmocka_unit_test(an_old_server_is_read_whole),
        cmocka_unit_test(a_session_that_worked_is_renewed),
        cmocka_unit_test(refusals_are_explained),
        cmocka_unit_test(hostile_replies),
        cmocka_unit_test(one_unreadable_submission_is_one),
        cmocka_unit_test(the_recorded_chunks_join),
        cmocka_unit_test(blanks_of_earlier_versions_are_told_apart),
        cmocka_unit_test(a_draft_is_called_a_draft),
        cmocka_unit_test(encryption_is_said_once),
        cmocka_unit_test(an_unchanged_tag_spares_the_rest),
        cmocka_unit_test(an_empty_form_is_no_failure),
        cmocka_unit_test(an_address_without_project_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
