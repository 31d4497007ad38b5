/* The privacy gate: what may be kept of a response, and what is left of a person. */
#include "collect/gate.h"

#include "tests/collect/project_fixture.h"

static const ProjectKey key = {{0x5A, 0xC3, 0x17, 0x88, 0x04, 0xFE}};

static const char source[] =
    "  prove:\n"
    "    kind: csv\n"
    "    path: svar.csv\n"
    "    questions:\n"
    "      GRUPPE: {attribute: group, values: {A1: kommune, \u00C5: sykehus}}\n"
    "      ROLLE: {attribute: role, values: {L: leder, M: medarbeider}}\n"
    "      ORG: {attribute: organisation}\n"
    "      ORGER: {attribute: organisations, values: {A: Solvik, B: Havgap}}\n"
    "      KARTLAGT: {rating: ledd-SQ1, scale: tre, values: {ja: 3, nei: 1}}\n"
    "      \"R[*]\": {rating: ledd-*, scale: tre}\n"
    "      UTSAGN: {statement: {quadrant_from: FELT, values: {S: strength}}}\n"
    "      EPOST: {person: true}\n"
    "      NAVN: {person: true}\n"
    "      KLADD: ignore\n";

typedef struct {
    char *folder;
    Project *project;
    Gate *gate;
    Response *response;
    int64_t unreadable;
} World;

static int setup(void **state)
{
    World *w = g_new0(World, 1);
    w->folder = fixture_folder();
    w->project = fixture_project(w->folder, source);
    w->gate = gate_new(w->project, project_source(w->project, "prove"), &key);
    w->response = response_new();
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    World *w = *state;
    response_free(w->response);
    gate_free(w->gate);
    project_free(w->project);
    fixture_remove(w->folder);
    g_free(w->folder);
    g_free(w);
    return 0;
}

/* The answers as `question=text/missing`, in order. */
static char *told(const Response *response)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < response->answers->len; i++) {
        const Answer *answer = &g_array_index(response->answers, Answer, i);
        g_string_append_printf(out, "%s=%s/%s ", answer->question,
                               answer->text ? answer->text : "-", missing_word(answer->missing));
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void one(void **state, const char *question, const char *text, const char *expected,
                int unreadable)
{
    World *w = *state;
    response_reset(w->response);
    w->unreadable = 1000;
    response_answer(w->response, question, INSTANCE_NONE, text, MISSING_NOT_SHOWN);
    gate_pass(w->gate, w->response, &w->unreadable);
    g_autofree char *out = told(w->response);
    assert_string_equal(out, expected);
    assert_int_equal(w->unreadable, 1000 + unreadable);
    assert_null(w->response->pseudonym);
}

static void keeps_and_judges(void **state)
{
    static const struct {
        const char *question, *text, *expected;
        int unreadable;
    } cases[] = {
        /* what is not mapped ends here */
        {"ANNET", "hemmelig", "", 0},
        {"KLADD", "hemmelig", "", 0},
        {"R", "3", "", 0},
        {"R[SQ1][1]", "3", "", 0},
        {"R[comment]", "fritekst", "", 0},
        {"ipaddr", "10.1.2.3", "", 0},
        /* codes of a scale */
        {"R[SQ1]", "3", "R[SQ1]=3/ ", 0},
        {"R[SQ2]", "A3", "R[SQ2]=A3/ ", 0},
        {"R[SQ2]", "99", "R[SQ2]=99/dont_know ", 0},
        {"R[SQ2]", "98", "R[SQ2]=98/not_applicable ", 0},
        {"R[SQ2]", "7", "R[SQ2]=7/unreadable ", 1},
        {"R[SQ2]", NULL, "R[SQ2]=-/not_shown ", 0},
        {"KARTLAGT", "ja", "KARTLAGT=ja/ ", 0},
        {"KARTLAGT", "2", "KARTLAGT=2/ ", 0},
        {"KARTLAGT", "tja", "KARTLAGT=tja/unreadable ", 1},
        /* declared lists, and lists of the mapping's own */
        {"GRUPPE", "A1", "GRUPPE=A1/ ", 0},
        {"GRUPPE", "A\u030A", "GRUPPE=\u00C5/ ", 0},
        {"GRUPPE", "sykehus", "GRUPPE=sykehus/ ", 0},
        {"GRUPPE", "Kommunar", "GRUPPE=Kommunar/ ", 0},
        {"GRUPPE", "A9", "GRUPPE=A9/unreadable ", 1},
        {"ROLLE", "L", "ROLLE=L/ ", 0},
        {"ROLLE", "X", "ROLLE=X/unreadable ", 1},
        {"ORGER", "A; B;", "ORGER=A; B;/ ", 0},
        {"ORGER", "A;C", "ORGER=A;C/unreadable ", 1},
        {"ORG", "Fjelldal kommune", "ORG=Fjelldal kommune/ ", 0},
        /* what another question reads, and free text as it was written */
        {"FELT", "S", "FELT=S/ ", 0},
        {"UTSAGN", "a\u030A \"x\"\n=1", "UTSAGN=a\u030A \"x\"\n=1/ ", 0},
        {"UTSAGN", "\uFEFFtekst", "UTSAGN=tekst/ ", 0},
        {"UTSAGN", "a\xE6\xFFz", "UTSAGN=a\uFFFD\uFFFDz/ ", 0},
        /* blanks of all kinds */
        {"UTSAGN", "", "UTSAGN=-/not_answered ", 0},
        {"UTSAGN", " \t\r\n\v\f", "UTSAGN=-/not_answered ", 0},
        {"UTSAGN", "\u00A0\u2003\u202F\u3000", "UTSAGN=-/not_answered ", 0},
        {"UTSAGN", "\uFEFF\u200B\u200D\u2060\u00AD\u202E", "UTSAGN=-/not_answered ", 0},
        {"UTSAGN", "\u3164\u2800\u115F\uFFA0", "UTSAGN=-/not_answered ", 0},
        {"UTSAGN", "\u00A0.", "UTSAGN=\u00A0./ ", 0},
        {"R[SQ2]", " ", "R[SQ2]=-/not_answered ", 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        one(state, cases[i].question, cases[i].text, cases[i].expected, cases[i].unreadable);
}

static void counts_what_a_collector_marked(void **state)
{
    World *w = *state;
    response_answer(w->response, "ORG", INSTANCE_NONE, "03/04/2026", MISSING_NONE);
    response_answer(w->response, "ANNET", INSTANCE_NONE, "03/04/2026", MISSING_NONE);
    for (guint i = 0; i < 2; i++)
        g_array_index(w->response->answers, Answer, i).missing = MISSING_UNREADABLE;
    gate_pass(w->gate, w->response, &w->unreadable);
    g_autofree char *out = told(w->response);
    assert_string_equal(out, "ORG=03/04/2026/unreadable ");
    assert_int_equal(w->unreadable, 1);
}

static void a_person_leaves_only_a_pseudonym(void **state)
{
    World *w = *state;
    static const struct {
        const char *email, *name, *normal; /* NULL normal: nobody */
    } cases[] = {
        {"kari.nordmann@example.no", "Kari", "kari.nordmann@example.no"},
        {" \u00A0KARI.Nordmann@Example.NO\u200B\n", NULL, "kari.nordmann@example.no"},
        {"\u200B ", "  Kari\u00A0 \tNORDMANN ", "kari nordmann"},
        {NULL, "Ka\u00ADri Stra\u00DFe", "kari strasse"},
        {NULL, "A\u030Age \u00C6rlig", "\u00E5ge \u00E6rlig"},
        {"I\u0130@example.no", NULL, "ii@example.no"},
        {NULL, "", NULL},
        {NULL, NULL, NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        response_reset(w->response);
        /* the order of the answers does not count, that of the mappings does */
        response_answer(w->response, "NAVN", INSTANCE_NONE, cases[i].name, MISSING_NOT_SHOWN);
        response_answer(w->response, "EPOST", INSTANCE_NONE, cases[i].email, MISSING_NOT_SHOWN);
        gate_pass(w->gate, w->response, &w->unreadable);
        assert_int_equal(w->response->answers->len, 0);
        if (!cases[i].normal) {
            assert_null(w->response->pseudonym);
            continue;
        }
        g_autofree char *expected = project_key_id(&key, "person", cases[i].normal, NULL);
        assert_string_equal(w->response->pseudonym, expected);
    }
    assert_int_equal(w->unreadable, 0);
    assert_null(gate_pseudonym(&key, " \u2003"));
}

static void an_endless_form_does_not_fill_memory(void **state)
{
    World *w = *state;
    for (int i = 0; i < 200000; i++) {
        char name[32];
        g_snprintf(name, sizeof name, "Q%d", i);
        response_reset(w->response);
        response_answer(w->response, name, INSTANCE_NONE, "x", MISSING_NONE);
        response_answer(w->response, "R[SQ1]", INSTANCE_NONE, "2", MISSING_NONE);
        gate_pass(w->gate, w->response, &w->unreadable);
        assert_int_equal(w->response->answers->len, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_and_judges, setup, teardown),
        cmocka_unit_test_setup_teardown(counts_what_a_collector_marked, setup, teardown),
        cmocka_unit_test_setup_teardown(a_person_leaves_only_a_pseudonym, setup, teardown),
        cmocka_unit_test_setup_teardown(an_endless_form_does_not_fill_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
