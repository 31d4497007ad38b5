#include "collect/odk_form.h"
#include "tests/collect/pull_fixture.h"
#include "tests/collect/replay_odk.h"

static void the_form_is_told_in_its_default_language(void **state)
{
    (void)state;
    g_autofree char *list = odk_file("form-fields.json"), *xml = odk_file("form.xml");
    g_autoptr(GError) error = NULL;
    g_autoptr(OdkFields) fields = odk_fields_read(list, list, &error);
    assert_ok(fields, error);
    g_autoptr(OdkXForm) xform = odk_xform_read(xml, strlen(xml), &error);
    assert_ok(xform, error);
    g_autoptr(Form) form = odk_form_build("interessentintervju", fields, xform);
    static const struct {
        const char *name, *text;
        FormKind kind;
        guint choices;
        const char *first; /* choice: «code text» */
    } cases[] = {
        {"organisasjon", "Hvilken organisasjon representerer du?", FORM_TEXT, 0, NULL},
        {"gruppe", "Interessentgruppe", FORM_SINGLE, 6, "bruker Bruker eller pårørende"},
        {"dato", "Dato for intervjuet", FORM_DATE, 0, NULL},
        {"antall_deltakere", "Antall deltakere", FORM_NUMBER, 0, NULL},
        {"likert/kommunikasjon", "Kommunikasjonen er tydelig & forutsigbar", FORM_SINGLE, 6,
         "1 1 – Helt uenig"},
        {"kanaler", "Hvilke kanaler bruker dere? (flere valg)", FORM_MULTI, 6, "e-post E-post"},
        {"utsagn/polaritet", "Polaritet", FORM_SINGLE, 3, "positiv Positiv"},
        {"meta/instanceName", "meta/instanceName", FORM_COMPUTED, 0, NULL},
        {"start", "start", FORM_COMPUTED, 0, NULL},
    };
    assert_string_equal(form->title, "Interessentintervju – tjenesteutvikling");
    assert_string_equal(form->language, "Norsk (nb)");
    assert_string_equal(form->version, "2026110101");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const FormQuestion *question = form_find(form, cases[i].name);
        if (!question)
            fail_msg("%s is missing", cases[i].name);
        assert_string_equal(question->text, cases[i].text);
        if (question->kind != cases[i].kind)
            fail_msg("%s is of kind %s", cases[i].name, form_kind_word(question->kind));
        assert_int_equal(question->choices->len, cases[i].choices);
        if (!cases[i].first)
            continue;
        const FormChoice *choice = &g_array_index(question->choices, FormChoice, 0);
        g_autofree char *first = g_strdup_printf("%s %s", choice->code, choice->text);
        assert_string_equal(first, cases[i].first);
    }
}

static void other_forms_are_read(void **state)
{
    (void)state;
    static const char xml[] =
        "<h:html xmlns='http://www.w3.org/2002/xforms' xmlns:h='http://www.w3.org/1999/xhtml' "
        "xmlns:odk='http://www.opendatakit.org/xforms' "
        "xmlns:jr='http://openrosa.org/javarosa'><h:head><h:title>A &amp; B</h:title><model>"
        "<itext><translation lang='en'><text id='q'><value>English</value></text></translation>"
        "<translation lang='nb' default='true()'><text id='q'><value form='image'>jr://x</value>"
        "<value>Norsk <output value='/d/n'/>?</value></text></translation></itext>"
        "<instance><d id='x' version='3'><a/></d></instance>"
        "<instance id='steder' src='jr://file-csv/steder.csv'/>"
        "<bind nodeset='/d/g' relevant='/d/a = 1'/><bind nodeset='/d/g/b' required='true()'/>"
        "<bind nodeset='/d/g/c'/><bind nodeset='/d/s' calculate='1+1'/></model></h:head>"
        "<h:body><input ref='/d/a'><label ref=\"jr:itext('q')\"/></input>"
        "<group ref='/d/g' appearance='field-list'><label>Hvor enig?</label>"
        "<select1 ref='/d/g/b' appearance='list-nolabel'><label>Rad <output value='/d/a'/></label>"
        "<item><label>Ja &lt;b&gt;visst&lt;/b&gt;</label><value> ja </value></item>"
        "<item><label>Nei</label><value>nei</value></item></select1>"
        "<odk:rank ref='/d/g/c'><label>R</label><item><label>1</label><value>x</value></item>"
        "</odk:rank></group><upload ref='/d/f' mediatype='image/*'/>"
        "<range ref='/d/r' start='0' end='10' step='1'><label>NPS</label></range></h:body>"
        "</h:html>";
    static const char list[] =
        "[{\"path\":\"/a\",\"name\":\"a\",\"type\":\"string\"},"
        "{\"path\":\"/g\",\"name\":\"g\",\"type\":\"structure\"},"
        "{\"path\":\"/g/b\",\"name\":\"b\",\"type\":\"string\"},"
        "{\"path\":\"/g/c\",\"name\":\"c\",\"type\":\"string\"},"
        "{\"path\":\"/f\",\"name\":\"f\",\"type\":\"binary\",\"binary\":true},"
        "{\"path\":\"/r\",\"name\":\"r\",\"type\":\"int\"},"
        "{\"path\":\"/s\",\"name\":\"s\",\"type\":\"string\"},"
        "{\"path\":\"/_\",\"name\":\"å\",\"type\":\"string\"},"
        "{\"path\":\"/_\",\"name\":\"ø\",\"type\":\"string\"}]";
    g_autoptr(GError) error = NULL;
    g_autoptr(OdkFields) fields = odk_fields_read(list, list, &error);
    assert_ok(fields, error);
    g_autoptr(OdkXForm) xform = odk_xform_read(xml, strlen(xml), &error);
    assert_ok(xform, error);
    g_autoptr(Form) form = odk_form_build("x", fields, xform);
    odk_form_blanks(fields, xform);
    static const struct {
        const char *text;
        FormKind kind;
        guint choices;
        Missing blank;
        bool ambiguous;
    } cases[] = {
        {"Norsk …?", FORM_TEXT, 0, MISSING_NOT_ANSWERED, false},
        {"Hvor enig? – Rad …", FORM_SINGLE, 2, MISSING_NOT_SHOWN, false},
        {"R", FORM_RANKING, 1, MISSING_UNKNOWN, false},
        {"f", FORM_FILE, 0, MISSING_NOT_ANSWERED, false},
        {"NPS", FORM_RATING, 0, MISSING_NOT_ANSWERED, false},
        {"s", FORM_COMPUTED, 0, MISSING_NOT_ANSWERED, false},
        {"å", FORM_COMPUTED, 0, MISSING_NOT_ANSWERED, true},
        {"ø", FORM_COMPUTED, 0, MISSING_NOT_ANSWERED, true},
    };
    assert_int_equal(form->questions->len, G_N_ELEMENTS(cases));
    assert_string_equal(form->title, "A & B");
    assert_string_equal(form->language, "nb");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const FormQuestion *question = form->questions->pdata[i];
        const OdkNode *node = fields->leaves->pdata[i];
        assert_string_equal(question->text, cases[i].text);
        assert_int_equal(question->kind, cases[i].kind);
        assert_int_equal(question->choices->len, cases[i].choices);
        assert_int_equal(node->blank, cases[i].blank);
        assert_int_equal(node->ambiguous, cases[i].ambiguous);
    }
    const FormQuestion *row = form_find(form, "g/b");
    assert_string_equal(g_array_index(row->choices, FormChoice, 0).code, "ja");
    assert_string_equal(g_array_index(row->choices, FormChoice, 0).text, "Ja visst");
}

static const char alike_source[] = "  bord:\n"
                                   "    kind: odk\n"
                                   "    url: https://odk.example.no/v1/projects/7\n"
                                   "    form: f\n"
                                   "    user: env:PRUEVE_USER\n"
                                   "    password: env:PRUEVE_PASSWORD\n"
                                   "    method: workshop\n"
                                   "    questions:\n"
                                   "      by: {attribute: by}\n"
                                   "      må: {attribute: maa}\n"
                                   "      mø: {attribute: moe}\n"
                                   "      bord/å: {attribute: aa}\n"
                                   "      bord/ø: {attribute: oe}\n";

#define FIELD(path, name, type)                                                                    \
    "{\"path\":\"" path "\",\"name\":\"" name "\",\"type\":\"" type "\"}"
static const char alike_odata[] =
    "[" FIELD("/by", "by", "string") "," FIELD("/m_", "m_", "string") "," FIELD(
        "/m_", "m_", "string") "," FIELD("/bord", "bord",
                                         "repeat") "," FIELD("/bord/_", "_",
                                                             "string") "," FIELD("/bord/_", "_",
                                                                                 "string") "]";
static const char alike_names[] =
    "[" FIELD("/by", "by", "string") "," FIELD("/må", "må", "string") "," FIELD(
        "/mø", "mø", "string") "," FIELD("/bord", "bord",
                                         "repeat") "," FIELD("/bord/å", "å",
                                                             "string") "," FIELD("/bord/ø", "ø",
                                                                                 "string") "]";

static bool note_answers(const StoredResponse *stored, gpointer data, GError **error)
{
    (void)error;
    g_string_append(data, stored->response->id);
    for (guint i = 0; i < stored->response->answers->len; i++) {
        const Answer *a = &g_array_index(stored->response->answers, Answer, i);
        g_string_append_printf(data, " %s#%d=%s", a->question, a->instance,
                               a->text ? a->text : missing_word(a->missing));
    }
    g_string_append_c(data, '\n');
    return true;
}

/* Names that OData makes one: the answers are in each submission's XML. */
static void names_alike_in_odata_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *xml, *due;
        int aside;
    } cases[] = {
        {200,
         "<?xml version='1.0'?><data id='f' xmlns:x='http://x'><by>Bø</by><må>Ja &amp; nei</må>"
         "<mø/><x:meta><å>annet</å></x:meta><bord><å>1</å><ø>2</ø></bord><bord><ø>4</ø></bord>"
         "</data>",
         "uuid:a b by#-1=Bø må#-1=Ja & nei mø#-1=not_answered bord/å#0=1 bord/ø#0=2 bord/ø#1=4\n",
         0},
        {200, "<data><by>Bø</by></data>",
         "uuid:a b by#-1=Bø må#-1=not_answered mø#-1=not_answered\n", 0},
        {200, "<html>", "", 1},
        {200, "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "", 1},
        {404, "{\"message\":\"x\",\"code\":404.1}", "", 1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        Replay *replay = replay_new();
        replay_add(replay, "/fields", 200, g_strdup(alike_names));
        replay_add(replay, "/fields?odata=true", 200, g_strdup(alike_odata));
        replay_add(replay, "/f.xml", 200,
                   g_strdup("<html><head><model><instance><data version='1'/></instance></model>"
                            "</head><body/></html>"));
        replay_add(replay, "/submissions/uuid%3Aa%20b.xml", cases[i].status,
                   g_strdup(cases[i].xml));
        replay_add(
            replay, "expand=*", 200,
            odk_list("{\"__id\":\"uuid:a b\",\"__system\":{\"submissionDate\":"
                     "\"2026-03-04T13:20:10.123Z\",\"formVersion\":\"1\"},\"by\":\"Bø\","
                     "\"m_\":\"galt\",\"m_\":\"galt\",\"bord\":[{\"_\":\"x\"},{\"_\":null}]}",
                     1, NULL));
        replay_add(replay, "eq%20null", 200, odk_list("", 0, NULL));
        PullFixture *f = pull_fixture(alike_source, &replay->transport);
        assert_ok(pull_once(f), f->error);
        assert_counts(f, 1, !cases[i].aside, 0, 0, cases[i].aside, 0, 0);
        assert_non_null(strstr(f->notes->str, "every submission is asked for by itself"));
        g_autoptr(GString) got = g_string_new(NULL);
        assert_ok(store_each(f->store, NULL, note_answers, got, &f->error), f->error);
        assert_string_equal(got->str, cases[i].due);
        pull_fixture_free(f);
        transport_free(&replay->transport);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_form_is_told_in_its_default_language),
        cmocka_unit_test(other_forms_are_read),
        cmocka_unit_test(names_alike_in_odata_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
