#include "tests/collect/fake_limesurvey.h"
#include "tests/collect/pull_fixture.h"

static const char asked[] = "  inviterte:\n"
                            "    kind: limesurvey\n"
                            "    participants: true\n"
                            "    url: https://skjema.example.no/index.php/admin/remotecontrol\n"
                            "    form: 99\n"
                            "    user: env:PRUEVE_USER\n"
                            "    password: env:PRUEVE_PASSWORD\n"
                            "    questions:\n"
                            "      invited: {invited: {group_from: attribute_1}}\n"
                            "      answered: {attribute: svart}\n";

static void finish(PullFixture *f, Fake *fake)
{
    pull_fixture_free(f);
    transport_free(&fake->transport);
}

static bool note_all(const StoredResponse *stored, gpointer data, GError **error)
{
    (void)error;
    GString *text = data;
    const Response *r = stored->response;
    g_string_append_printf(text, "%s %s", r->id, state_word(r->state));
    for (guint i = 0; i < r->answers->len; i++) {
        const Answer *a = &g_array_index(r->answers, Answer, i);
        g_string_append_printf(text, " %s=%s", a->question, a->text ? a->text : "!");
    }
    g_string_append_c(text, '\n');
    return true;
}

static void assert_stored(PullFixture *f, const char *due)
{
    g_autoptr(GString) text = g_string_new(NULL);
    assert_ok(store_each(f->store, NULL, note_all, text, &f->error), f->error);
    assert_string_equal(text->str, due);
}

/* Over several pages, and without anything that tells who they are. */
static void participants_are_numbers(void **state)
{
    (void)state;
    Fake *fake = fake_new();
    fake->people = 2501;
    PullFixture *f = pull_fixture(asked, &fake->transport);
    assert_int_equal(f->source->method, METHOD_DOCUMENT);
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 2, 2, 0, 0, 0, 0, 0);
    assert_stored(f, "attribute_1=A complete invited=2000 answered=667 attribute_1=A\n"
                     "attribute_1=B complete invited=501 answered=167 attribute_1=B\n");
    assert_null(strstr(fake->asked->str, "export_responses"));
    g_autofree char *file = NULL;
    gsize n;
    assert_true(g_file_get_contents(f->project->store_path, &file, &n, NULL));
    assert_null(g_strstr_len(file, (gssize)n, "Ragnhild"));
    assert_null(g_strstr_len(file, (gssize)n, "example.org"));
    assert_null(g_strstr_len(file, (gssize)n, "tk17"));
    fake->people = 2502;
    assert_ok(pull_once(f), f->error);
    assert_counts(f, 2, 0, 1, 1, 0, 0, 0);
    finish(f, fake);
}

static void without_attributes_all_are_one(void **state)
{
    (void)state;
    g_autoptr(GString) source = g_string_new(asked);
    g_string_replace(source, "{group_from: attribute_1}", "partner", 0);
    Fake *fake = fake_new();
    fake->people = 7;
    PullFixture *f = pull_fixture(source->str, &fake->transport);
    assert_ok(pull_once(f), f->error);
    assert_stored(f, "all complete invited=7 answered=3\n");
    finish(f, fake);
}

/* No table, no right to it: a note. What was counted before stays. */
static void no_list_is_no_failure(void **state)
{
    (void)state;
    for (int how = 0; how < 3; how++) {
        Fake *fake = fake_new();
        fake->people = 10;
        PullFixture *f = pull_fixture(asked, &fake->transport);
        assert_ok(pull_once(f), f->error);
        assert_counts(f, 2, 2, 0, 0, 0, 0, 0);
        fake->people = how == 0 ? -1 : how == 1 ? 0 : 10;
        if (how == 2) {
            fake_can(fake, "list_participants", fake_status("No permission"));
            fake_can(fake, "get_session_key", fixture_file("session-ok.json"));
        }
        assert_ok(pull_once(f), f->error);
        assert_non_null(strstr(f->notes->str, "no participants are counted: "));
        assert_non_null(
            strstr(f->notes->str, how == 2 ? "survey participants: read" : "no list of"));
        assert_counts(f, 0, 0, 0, 0, 0, 0, 0);
        assert_stored(f, "attribute_1=A complete invited=8 answered=3 attribute_1=A\n"
                         "attribute_1=B complete invited=2 answered=1 attribute_1=B\n");
        finish(f, fake);
    }
}

/* A list that is cut short would make the rate of answers look high. */
static void a_short_list_changes_nothing(void **state)
{
    (void)state;
    Fake *fake = fake_new();
    fake->people = 20;
    PullFixture *f = pull_fixture(asked, &fake->transport);
    assert_ok(pull_once(f), f->error);
    fake->people = 12;
    fake->people_due = 20;
    assert_false(pull_once(f));
    assert_error(f->error, INNSIKT_ERROR_PROTOCOL, "has 20 participants but lists 12");
    assert_stored(f, "attribute_1=A complete invited=16 answered=5 attribute_1=A\n"
                     "attribute_1=B complete invited=4 answered=2 attribute_1=B\n");
    finish(f, fake);
}

static void captions_become_questions(void **state)
{
    (void)state;
    static const struct {
        const char *method, *reply;
    } cases[] = {
        {"get_language_properties",
         "{\"surveyls_attributecaptions\":\"{\\\"attribute_1\\\":\\\"Gruppe &amp; r\\\\u00f8r\\\","
         "\\\"firstname\\\":\\\"x\\\"}\"}"},
        {"get_survey_properties",
         "{\"attributedescriptions\":{\"attribute_1\":{\"description\":\"Gruppe & rør\"}}}"},
        {"get_survey_properties", "{\"attributedescriptions\":\"a:1:{s:11:\"}"},
        {"get_survey_properties", "[]"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Fake *fake = fake_new();
        fake_can(fake, "get_session_key", fixture_file("session-ok.json"));
        fake_can(fake, cases[i].method, fake_result(cases[i].reply));
        fake->people = 3;
        PullFixture *f = pull_fixture(asked, &fake->transport);
        assert_ok(pull_once(f), f->error);
        g_autoptr(Form) form = store_form(f->store, "inviterte", &f->error);
        assert_ok(form, f->error);
        const FormQuestion *question = form_find(form, "attribute_1");
        assert_non_null(question);
        assert_string_equal(question->text, i < 2 ? "Gruppe & rør" : "attribute_1");
        assert_null(form_find(form, "firstname"));
        assert_non_null(form_find(form, "answered"));
        finish(f, fake);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(participants_are_numbers),
        cmocka_unit_test(without_attributes_all_are_one),
        cmocka_unit_test(no_list_is_no_failure),
        cmocka_unit_test(a_short_list_changes_nothing),
        cmocka_unit_test(captions_become_questions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
