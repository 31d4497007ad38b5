#include "tests/collect/fake_limesurvey.h"
#include "tests/collect/pull_fixture.h"
#include "schemas/instant.h"
static const char elvebakken[] =
    "  innspill:\n"
    "    kind: limesurvey\n"
    "    url: https://skjema.example.no/index.php/admin/remotecontrol\n"
    "    form: 131392\n"
    "    user: env:PRUEVE_USER\n"
    "    password: env:PRUEVE_PASSWORD\n"
    "    method: survey\n"
    "    stream: staff\n"
    "    questions:\n"
    "      ORG: {attribute: organisation}\n"
    "      GRUPPE: {attribute: role}\n"
    "      \"GRUPPE[other]\": {attribute: annet}\n"
    "      EPOST: {person: true}\n"
    "      \"MAL[SQ001]\": {rating: voice-neutral, scale: enig5}\n"
    "      \"KANAL[WEB]\": {attribute: nett}\n"
    "      \"RANG[1]\": {attribute: viktigst}\n"
    "      STYRKER: {statement: {quadrant: strength}}\n"
    "      INTRO: ignore\n";

static const char small[] = "  innspill:\n"
                            "    kind: limesurvey\n"
                            "    url: https://skjema.example.no/index.php/admin/remotecontrol\n"
                            "    form: 99\n"
                            "    user: env:PRUEVE_USER\n"
                            "    password: env:PRUEVE_PASSWORD\n"
                            "    method: survey\n"
                            "    stream: staff\n"
                            "    questions:\n"
                            "      ORG: {attribute: organisation}\n"
                            "      STYRKER: {statement: {quadrant: strength}}\n";

static Fake *replay(void)
{
    static const char *const files[][2] = {
        {"get_session_key", "session-ok.json"},
        {"list_questions", "list_questions.json"},
        {"get_question_properties", "get_question_properties-matrix.json"},
        {"export_responses", "export_responses-json-code-short.json"},
    };
    Fake *fake = fake_new();
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        fake_can(fake, files[i][0], fixture_file(files[i][1]));
    return fake;
}

/* The recorded replies, unchanged, through the same transport. */
static void recorded_replies_are_collected(void **state)
{
    (void)state;
    static const struct {
        const char *question, *due;
    } cases[] = {
        {"GRUPPE[other]",
         "9 complete GRUPPE[other]=!not_shown\n10 complete GRUPPE[other]=!not_shown\n"
         "11 complete GRUPPE[other]=!not_shown\n12 complete GRUPPE[other]=!not_shown\n"
         "13 complete GRUPPE[other]=!not_shown\n14 complete GRUPPE[other]=!not_shown\n"
         "15 complete GRUPPE[other]=Utenlandsk investor (Østersjøen)\n"
         "16 complete GRUPPE[other]=!not_shown\n17 partial GRUPPE[other]=!not_shown\n"
         "18 partial GRUPPE[other]=!not_shown\n19 partial GRUPPE[other]=!not_shown\n"
         "20 complete GRUPPE[other]=!not_shown\n"},
        {"MAL[SQ001]", "9 complete MAL[SQ001]=2\n10 complete MAL[SQ001]=5\n"
                       "11 complete MAL[SQ001]=99\n12 complete MAL[SQ001]=99\n"
                       "13 complete MAL[SQ001]=5\n14 complete MAL[SQ001]=2\n"
                       "15 complete MAL[SQ001]=3\n16 complete MAL[SQ001]=4\n"
                       "17 partial MAL[SQ001]=!not_shown\n18 partial MAL[SQ001]=99\n"
                       "19 partial MAL[SQ001]=!not_shown\n20 complete MAL[SQ001]=3\n"},
    };
    Fake *fake = replay();
    PullFixture *f = pull_fixture(elvebakken, &fake->transport);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 12, 12, 0, 0, 0, 0, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = stored_text(f, cases[i].question);
        assert_string_equal(got, cases[i].due);
    }
    g_autofree char *all = stored_text(f, NULL);
    assert_null(strstr(all, "EPOST"));
    assert_null(strstr(all, "SVAKH"));
    assert_non_null(strstr(all, "STYRKER=Hun sa: \"dette er bra\". Så sa han: 'nei'; og semikolon; "
                                "komma, tab\tslutt."));
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 12, 0, 0, 12, 0, 0, 0);
    assert_int_equal(fake->logins, 2);
    assert_int_equal(fake->logouts, 2);
    pull_fixture_free(f);
    transport_free(&fake->transport);
}

static void shapes_of_all_versions_are_read(void **state)
{
    (void)state;
    for (int shape = 0; shape < 32; shape++) {
        Fake *fake = fake_new();
        fake_fill(fake, 9, 5);
        fake->wrapped = shape & 1;
        fake->id_texts = shape & 2;
        fake->no_fieldmap = shape & 4;
        fake->stamped = shape & 8;
        fake->list_in_disorder = shape & 16;
        fake->piece = (size_t)shape + 1;
        PullFixture *f = pull_fixture(small, &fake->transport);
        assert_ok(pull_once(f), f->error);
        assert_counts(f, 5, 5, 0, 0, 0, 0, 0);
        g_autofree char *got = stored_text(f, "STYRKER");
        assert_non_null(
            strstr(got, "13 complete STYRKER=Må samordnes med kommunene på Nordmøre 🌊\n"));
        pull_fixture_free(f);
        transport_free(&fake->transport);
    }
}

/* What nobody mapped is not even asked for. */
static void unmapped_columns_stay_on_the_server(void **state)
{
    (void)state;
    Fake *fake = fake_new();
    fake_fill(fake, 1, 3);
    PullFixture *f = pull_fixture(small, &fake->transport);
    assert_ok(pull_once(f), f->error);
    for (guint i = 0; i < fake->bodies->len; i++) {
        const char *body = g_ptr_array_index(fake->bodies, i);
        if (strstr(body, "export_responses")) {
            assert_non_null(strstr(body, "[\"id\",\"submitdate\"") ? body
                                                                   : strstr(body, "\"id\"]"));
            assert_null(strstr(body, "99X1X3"));
        }
    }
    pull_fixture_free(f);
    transport_free(&fake->transport);
}

static void edits_deletions_and_returns_are_seen(void **state)
{
    (void)state;
    static const bool stamping[] = {true, false};
    for (size_t i = 0; i < G_N_ELEMENTS(stamping); i++) {
        Fake *fake = fake_new();
        fake->stamped = stamping[i];
        fake_fill(fake, 101, 40);
        fake_at(fake, 130)->submitdate = NULL;
        PullFixture *f = pull_fixture(small, &fake->transport);
        assert_ok(pull_once(f), f->error);
        assert_counts(f, 40, 40, 0, 0, 0, 0, 0);
        FakeRow gone = *fake_at(fake, 117);
        fake_at(fake, 104)->text = "Endret";
        fake_at(fake, 104)->datestamp = "2026-03-05 08:00:00";
        fake_at(fake, 130)->submitdate = "2026-03-06 08:00:00";
        fake_drop(fake, 117);
        fake_fill(fake, 150, 2);
        assert_ok(pull_once(f), f->error);
        assert_counts(f, 41, 2, 2, 37, 0, 1, 0);
        g_array_append_val(fake->rows, gone);
        assert_ok(pull_once(f), f->error);
        assert_counts(f, 42, 0, 0, 41, 0, 0, 1);
        pull_fixture_free(f);
        transport_free(&fake->transport);
    }
}

/* A large survey that stamps its dates is read by what has changed. */
static void only_what_changed_is_fetched(void **state)
{
    (void)state;
    Fake *fake = fake_new();
    fake_fill(fake, 1, 2600);
    fake->piece = 65536;
    PullFixture *f = pull_fixture(small, &fake->transport);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 2600, 2600, 0, 0, 0, 0, 0);
    int exports = fake->exports;
    fake_at(fake, 40)->datestamp = "2026-04-01 00:00:01";
    fake_at(fake, 44)->datestamp = "2026-04-01 00:00:01";
    fake_at(fake, 44)->text = "Ny";
    fake_at(fake, 1999)->datestamp = "2026-04-01 00:00:01";
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 3, 0, 1, 2, 0, 0, 0);
    assert_int_equal(fake->exports - exports, 4); /* witnesses, index, 40–44, 1999 */
    f->full = true;
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 2600, 0, 0, 2600, 0, 0, 0);
    pull_fixture_free(f);
    transport_free(&fake->transport);
}

/* An administrator's edit stamps nothing: it is seen within a week. */
static void unstamped_edits_are_seen_within_a_week(void **state)
{
    (void)state;
    static const struct {
        const char *now;
        int changed, received;
    } cases[] = {
        {"2026-11-22T17:00:00Z", 0, 0},    {"2026-11-29T16:59:59Z", 0, 0},
        {"2026-11-29T17:00:01Z", 1, 2100}, {"2026-12-02T09:00:00Z", 0, 0},
        {"2026-11-01T09:00:00Z", 0, 2100}, {"2026-11-01T10:00:00Z", 0, 0},
    };
    Fake *fake = fake_new();
    fake_fill(fake, 1, 2100);
    fake->piece = 65536;
    PullFixture *f = pull_fixture(small, &fake->transport);
    g_setenv("INNSIKT_NOW", "2026-11-22T17:00:00Z", TRUE);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 2100, 2100, 0, 0, 0, 0, 0);
    fake_at(fake, 1777)->text = "Rettet av en administrator";
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_setenv("INNSIKT_NOW", cases[i].now, TRUE);
        assert_ok(pull_once(f), f->error);
        assert_counts(f, cases[i].received, 0, cases[i].changed,
                      cases[i].received - cases[i].changed, 0, 0, 0);
    }
    g_unsetenv("INNSIKT_NOW");
    pull_fixture_free(f);
    transport_free(&fake->transport);
}

static void one_unreadable_response_is_one(void **state)
{
    (void)state;
    static const int troubles[] = {ROW_EMPTY, ROW_LETTERS, ROW_QUOTE};
    for (size_t i = 0; i < G_N_ELEMENTS(troubles); i++)
        for (int whole = 0; whole < 2; whole++)
            for (int64_t id = 9; id <= 39; id += 15) {
                Fake *fake = fake_new();
                fake_fill(fake, 9, 31);
                fake->no_fieldmap = whole;
                fake_at(fake, id)->trouble = troubles[i];
                PullFixture *f = pull_fixture(small, &fake->transport);
                assert_ok(pull_once(f), f->error);
                assert_counts(f, 31, 30, 0, 0, 1, 0, 0);
                assert_ok(pull_once(f), f->error);
                assert_counts(f, 31, 0, 0, 30, 1, 0, 0);
                fake_at(fake, id)->trouble = ROW_GOOD;
                assert_ok(pull_once(f), f->error);
                assert_counts(f, 31, 1, 0, 30, 0, 0, 0);
                pull_fixture_free(f);
                transport_free(&fake->transport);
            }
}

static void nothing_readable_at_all_fails(void **state)
{
    (void)state;
    Fake *fake = fake_new();
    fake_fill(fake, 1, 60);
    for (int64_t id = 1; id <= 60; id++)
        fake_at(fake, id)->trouble = ROW_LETTERS;
    PullFixture *f = pull_fixture(small, &fake->transport);
    assert_false(pull_once(f));
    assert_error(f->error, INNSIKT_ERROR_PROTOCOL, "more than 20 responses in a row");
    assert_int_equal(fake->logouts, 1);
    pull_fixture_free(f);
    transport_free(&fake->transport);
}

/* A proxy that cuts every reply at the same length: shorter ones get through. */
static void cut_replies_are_asked_for_in_parts(void **state)
{
    (void)state;
    Fake *fake = fake_new();
    fake_fill(fake, 1, 60);
    fake->cut = 6500;
    PullFixture *f = pull_fixture(small, &fake->transport);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 60, 60, 0, 0, 0, 0, 0);
    pull_fixture_free(f);
    transport_free(&fake->transport);
}

static void empty_answers_never_empty_the_store(void **state)
{
    (void)state;
    for (int shape = 0; shape < 3; shape++) {
        Fake *fake = fake_new();
        fake_fill(fake, 1, 4);
        PullFixture *f = pull_fixture(small, &fake->transport);
        assert_ok(pull_once(f), f->error);
        fake->zero_status = shape == 1;
        if (shape < 2)
            g_array_set_size(fake->rows, 0);
        else
            fake_drop(fake, 4);
        fake->summary = 4;
        assert_ok(pull_once(f), f->error);
        assert_int_equal(f->counts.deleted, 0);
        assert_non_null(strstr(f->notes->str, "nothing that was collected before"));
        g_autofree char *got = stored_text(f, "ORG");
        assert_non_null(strstr(got, "4 complete"));
        pull_fixture_free(f);
        transport_free(&fake->transport);
    }
}

static void a_survey_without_responses_is_no_failure(void **state)
{
    (void)state;
    Fake *fake = replay();
    fake_can(fake, "export_responses", fixture_file("no-data.json"));
    PullFixture *f = pull_fixture(elvebakken, &fake->transport);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 0, 0, 0, 0, 0, 0, 0);
    pull_fixture_free(f);
    transport_free(&fake->transport);
}

static void a_session_that_worked_is_renewed(void **state)
{
    (void)state;
    for (int dies = 2; dies < 12; dies++) {
        Fake *fake = fake_new();
        fake_fill(fake, 1, 3);
        fake->dies_after = dies;
        PullFixture *f = pull_fixture(small, &fake->transport);
        assert_ok(pull_once(f), f->error);
        assert_counts(f, 3, 3, 0, 0, 0, 0, 0);
        assert_int_equal(fake->logouts, 1);
        assert_int_equal(fake->exports, 3);
        pull_fixture_free(f);
        transport_free(&fake->transport);
    }
    Fake *fake = fake_new();
    fake_can(fake, "list_questions", fixture_file("invalid-session.json"));
    PullFixture *f = pull_fixture(small, &fake->transport);
    assert_false(pull_once(f));
    assert_error(f->error, INNSIKT_ERROR_SESSION, "the session has ended");
    assert_int_equal(fake->logins, 1);
    assert_int_equal(fake->logouts, 1);
    pull_fixture_free(f);
    transport_free(&fake->transport);
}

static void a_refused_login_is_never_repeated(void **state)
{
    (void)state;
    Fake *fake = fake_new();
    fake->password = "et annet";
    PullFixture *f = pull_fixture(small, &fake->transport);
    assert_false(pull_once(f));
    assert_non_null(strstr(f->error->message, "wrong user name or password"));
    assert_null(strstr(f->error->message, "2026"));
    assert_error(f->error, INNSIKT_ERROR_AUTH, "not tried again");
    assert_int_equal(fake->logins, 1);
    assert_int_equal(fake->bodies->len, 1);
    assert_string_equal(
        g_ptr_array_index(fake->bodies, 0),
        "{\"method\":\"get_session_key\",\"params\":[\"strategi\",\"høst\\\"2026\\\\\"],"
        "\"id\":1}");
    pull_fixture_free(f);
    transport_free(&fake->transport);
}

/* A known person's id under which another one answers: the survey was activated anew. */
static void numbers_that_begin_anew_overwrite_nobody(void **state)
{
    (void)state;
    Fake *fake = fake_new();
    fake_fill(fake, 1, 5);
    PullFixture *f = pull_fixture(small, &fake->transport);
    assert_ok(pull_once(f), f->error);
    fake_at(fake, 1)->datestamp = "2026-03-09 12:00:00"; /* an edit is no other person */
    assert_ok(pull_once(f), f->error);
    assert_int_equal(f->notes->len, 0);
    g_array_set_size(fake->rows, 0);
    fake_fill(fake, 1, 2);
    fake_at(fake, 1)->seed = "77";
    fake_at(fake, 2)->seed = "78";
    assert_ok(pull_once(f), f->error);
    assert_non_null(strstr(f->notes->str, "deactivated and activated again"));
    g_autofree char *got = stored_text(f, "ORG");
    assert_string_equal(got, "e1:000000000000000001 complete ORG=Nordfjord Næringsforum\n"
                             "e1:000000000000000002 complete ORG=Nordfjord Næringsforum\n");
    fake_fill(fake, 3, 1);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 3, 1, 0, 2, 0, 0, 0);
    assert_int_equal(f->notes->len, 0);
    pull_fixture_free(f);
    transport_free(&fake->transport);
}

static void a_stopped_pull_goes_on_where_it_was(void **state)
{
    (void)state;
    Fake *fake = fake_new();
    fake_fill(fake, 1, 2300);
    fake->piece = 65536;
    PullFixture *f = pull_fixture(small, &fake->transport);
    f->stop_after = 3; /* the index and two pages */
    assert_false(pull_once(f));
    assert_error(f->error, INNSIKT_ERROR_CANCELLED, "stopped after 1000 responses");
    assert_int_equal(fake->logouts, 1);
    f->stop_after = 0;
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 1300, 1300, 0, 0, 0, 0, 0);
    pull_fixture_free(f);
    transport_free(&fake->transport);
}

/* Whatever comes in place of an answer: the right kind of error, and nothing stored. */
static void hostile_replies(void **state)
{
    (void)state;
    static const struct {
        const char *method, *reply;
        InnsiktError code;
        const char *part;
    } cases[] = {
        {"get_session_key", "", INNSIKT_ERROR_DISABLED, "RemoteControl is switched off"},
        {"get_session_key", " \n", INNSIKT_ERROR_DISABLED, "RemoteControl is switched off"},
        {"get_session_key", "<!DOCTYPE html><title>Logg inn</title>", INNSIKT_ERROR_PROTOCOL,
         "«Logg inn»"},
        {"get_session_key", "{\"id\":1,\"result\":null,\"error\":null}", INNSIKT_ERROR_PROTOCOL,
         "no session key"},
        {"get_session_key", "{\"id\":1,\"result\":\"abc", INNSIKT_ERROR_PROTOCOL, "in the middle"},
        {"get_session_key", "{\"id\":2,\"result\":\"abc\",\"error\":null}", INNSIKT_ERROR_PROTOCOL,
         "another question"},
        {"get_session_key",
         "{\"id\":1,\"result\":{\"status\":\"You have exceeded the number of maximum login "
         "attempts. Please wait 10 minutes before trying again\"},\"error\":null}",
         INNSIKT_ERROR_AUTH, "Please wait 10 minutes"},
        {"list_questions", "{\"id\":1,\"result\":{\"status\":\"No permission\"},\"error\":null}",
         INNSIKT_ERROR_PERMISSION, "«survey: read»"},
        {"list_questions",
         "{\"id\":1,\"result\":{\"status\":\"Error: Invalid survey ID\"},\"error\":null}",
         INNSIKT_ERROR_NOT_FOUND, "check `form:`"},
        {"list_questions",
         "{\"id\":1,\"result\":{\"status\":\"Noe nytt\",\"error_code\":\"ERR_INVALID_SURVEY\"},"
         "\"error\":null}",
         INNSIKT_ERROR_NOT_FOUND, "check `form:`"},
        {"list_questions", "{\"id\":1,\"result\":\"hei\",\"error\":null}", INNSIKT_ERROR_PROTOCOL,
         "something else"},
        {"list_questions",
         "{\"id\":null,\"result\":null,\"error\":\"unable to decode malformed json\"}",
         INNSIKT_ERROR_PROTOCOL, "malformed json"},
        {"export_responses",
         "{\"id\":1,\"result\":{\"status\":\"No Data, survey table does not exist.\"},"
         "\"error\":null}",
         INNSIKT_ERROR_DISABLED, "not active"},
        {"export_responses",
         "{\"id\":1,\"result\":{\"status\":\"No Data, survey table does not exist.\","
         "\"error_code\":\"ERR_NO_DATA\"},\"error\":null}",
         INNSIKT_ERROR_DISABLED, "not active"},
        {"export_responses",
         "{\"id\":1,\"result\":{\"status\":\"Language code not found for this survey.\"},"
         "\"error\":null}",
         INNSIKT_ERROR_PROTOCOL, "Language code not found"},
        {"export_responses", "A language code must be supplied.", INNSIKT_ERROR_PROTOCOL,
         "A language code must be supplied."},
        {"export_responses", "", INNSIKT_ERROR_DISABLED, "switched off"},
        {"export_responses", "{\"id\":1,\"result\":\"eyJyZXNwb25zZXMiOiBbXX0\"",
         INNSIKT_ERROR_PROTOCOL, "in the middle"},
        {"export_responses", "{\"id\":1,\"result\":\"eyJyZXNwb25z\",\"error\":null}",
         INNSIKT_ERROR_PROTOCOL, "in the middle"},
        {"export_responses", "{\"id\":1,\"result\":\"<b>feil</b>\",\"error\":null}",
         INNSIKT_ERROR_PROTOCOL, "in the middle"},
        {"export_responses", "{\"id\":1,\"result\":\"eyJhIjpbMV19\",\"error\":null}",
         INNSIKT_ERROR_PROTOCOL, "list of responses"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (size_t piece = 1; piece < 4; piece += 2) {
            Fake *fake = replay();
            fake->piece = piece;
            fake_can(fake, cases[i].method, g_strdup(cases[i].reply));
            PullFixture *f = pull_fixture(elvebakken, &fake->transport);
            assert_false(pull_once(f));
            assert_error(f->error, cases[i].code, cases[i].part);
            g_autofree char *got = stored_text(f, NULL);
            assert_string_equal(got, "");
            assert_int_equal(fake->logins, 1);
            pull_fixture_free(f);
            transport_free(&fake->transport);
        }
}

/* Every text of form-systems.md 1.3, in both spellings where there are two. */
static void every_status_has_its_meaning(void **state)
{
    (void)state;
    enum { NOTHING = -1 };
    static const struct {
        const char *status;
        int code;
    } cases[] = {
        {"Invalid session key", INNSIKT_ERROR_SESSION},
        {"Invalid Session key", INNSIKT_ERROR_SESSION},
        {"Invalid user name or password", INNSIKT_ERROR_AUTH},
        {"You have exceeded the number of maximum login attempts. Please wait 9 minutes before",
         INNSIKT_ERROR_AUTH},
        {"No permission", INNSIKT_ERROR_PERMISSION},
        {"No surveys found", NOTHING},
        {"No questions found", NOTHING},
        {"No groups found", NOTHING},
        {"No survey participants found.", NOTHING},
        {"Error: No survey participants table", NOTHING},
        {"Error: No survey participant list", NOTHING},
        {"No Data, survey table does not exist.", INNSIKT_ERROR_DISABLED},
        {"No Data, could not get max id.", NOTHING},
        {"Language code not found for this survey.", INNSIKT_ERROR_PROTOCOL},
        {"Error: Invalid survey ID", INNSIKT_ERROR_NOT_FOUND},
        {"Invalid surveyid", INNSIKT_ERROR_NOT_FOUND},
        {"Error: Mismatch in surveyid and groupid", INNSIKT_ERROR_NOT_FOUND},
        {"Error: Invalid questionid", INNSIKT_ERROR_PROTOCOL},
        {"Error: Invalid language", INNSIKT_ERROR_PROTOCOL},
        {"Error: group not found", INNSIKT_ERROR_PROTOCOL},
        {"No available data", NOTHING},
        {"No valid Data", NOTHING},
        {"No Response found for Token", NOTHING},
        {"Invalid summary key", INNSIKT_ERROR_PROTOCOL},
        {"Illegal operator: LIKE", INNSIKT_ERROR_PROTOCOL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fake *fake = replay();
        fake_can(fake, "list_questions", fake_status(cases[i].status));
        PullFixture *f = pull_fixture(elvebakken, &fake->transport);
        bool ok = pull_once(f);
        if (ok != (cases[i].code == NOTHING))
            fail_msg("%s: %s", cases[i].status, ok ? "ends well" : f->error->message);
        if (!ok) /* the server's own words are passed on */
            assert_error(f->error, cases[i].code, cases[i].status);
        pull_fixture_free(f);
        transport_free(&fake->transport);
    }
}

static bool note_time(const StoredResponse *stored, gpointer data, GError **error)
{
    (void)error;
    const Response *r = stored->response;
    g_autofree char *when = instant_iso(r->submitted);
    g_string_append_printf(data, "%s %s %s\n", state_word(r->state), when ? when : "unknown",
                           r->zone_known ? "zone" : "no zone");
    return true;
}

static void times_are_local_and_may_be_unknown(void **state)
{
    (void)state;
    static const struct {
        const char *submitdate, *due;
    } cases[] = {
        {"1980-01-01 00:00:00", "complete unknown no zone\n"},
        {"2026-03-04 10:15:22", "complete 2026-03-04T09:15:22Z no zone\n"},
        {"2026-07-04 10:15:22.000", "complete 2026-07-04T08:15:22Z no zone\n"},
        {"2026-02-30 10:15:22", "complete unknown no zone\n"},
        {"i går", "complete unknown no zone\n"},
        {"", "partial unknown no zone\n"},
        {NULL, "partial unknown no zone\n"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fake *fake = fake_new();
        fake_fill(fake, 1, 1);
        fake->stamped = false;
        fake_at(fake, 1)->submitdate = cases[i].submitdate;
        PullFixture *f = pull_fixture(small, &fake->transport);
        assert_ok(pull_once(f), f->error);
        GString *told = g_string_new(NULL);
        assert_true(store_each(f->store, NULL, note_time, told, NULL));
        assert_string_equal(told->str, cases[i].due);
        g_string_free(told, TRUE);
        pull_fixture_free(f);
        transport_free(&fake->transport);
    }
}

/* The site's address in place of RemoteControl's: the usual places are tried, without the
 * password. */
static void the_address_may_be_the_site(void **state)
{
    (void)state;
    static const struct {
        const char *url, *answers; /* where RemoteControl is, to the end of the address */
        int looked;                /* places that were tried; 0: the address was whole */
    } cases[] = {
        {"https://skjema.example.no", "no/index.php/admin/remotecontrol", 1},
        {"https://skjema.example.no/", "no/admin/remotecontrol", 2},
        {"https://skjema.example.no/ls/index.php/12345?lang=nb",
         "no/ls/index.php?r=admin/remotecontrol", 3},
        {"https://skjema.example.no/ls/index.php?r=admin/remotecontrol",
         "no/ls/index.php?r=admin/remotecontrol", 0},
        {"https://skjema.example.no/admin/remotecontrol", "no/admin/remotecontrol", 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fake *fake = fake_new();
        fake_fill(fake, 1, 1);
        fake->place = cases[i].answers;
        g_autoptr(GString) site = g_string_new(small);
        g_string_replace(site, "https://skjema.example.no/index.php/admin/remotecontrol",
                         cases[i].url, 0);
        PullFixture *f = pull_fixture(site->str, &fake->transport);
        assert_ok(pull_once(f), f->error);
        for (int n = 0; n < cases[i].looked; n++)
            assert_true(g_str_has_prefix(fake->asked->str + n * strlen("list_surveys\n"),
                                         "list_surveys\n"));
        assert_true(
            g_str_has_prefix(fake->asked->str + (size_t)cases[i].looked * strlen("list_surveys\n"),
                             "get_session_key\n"));
        pull_fixture_free(f);
        transport_free(&fake->transport);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_replies_are_collected),
        cmocka_unit_test(shapes_of_all_versions_are_read),
        cmocka_unit_test(unmapped_columns_stay_on_the_server),
        cmocka_unit_test(edits_deletions_and_returns_are_seen),
        cmocka_unit_test(only_what_changed_is_fetched),
        cmocka_unit_test(unstamped_edits_are_seen_within_a_week),
        cmocka_unit_test(one_unreadable_response_is_one),
        cmocka_unit_test(nothing_readable_at_all_fails),
        cmocka_unit_test(cut_replies_are_asked_for_in_parts),
        cmocka_unit_test(empty_answers_never_empty_the_store),
        cmocka_unit_test(a_survey_without_responses_is_no_failure),
        cmocka_unit_test(a_session_that_worked_is_renewed),
        cmocka_unit_test(a_refused_login_is_never_repeated),
        cmocka_unit_test(numbers_that_begin_anew_overwrite_nobody),
        cmocka_unit_test(a_stopped_pull_goes_on_where_it_was),
        cmocka_unit_test(hostile_replies),
        cmocka_unit_test(every_status_has_its_meaning),
        cmocka_unit_test(times_are_local_and_may_be_unknown),
        cmocka_unit_test(the_address_may_be_the_site),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
