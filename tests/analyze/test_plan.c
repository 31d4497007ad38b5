/* The plan: importance against practice in numbers worked out by hand, and which report of a state
 * stands. */
#include "analyze/plan.h"

#include "tests/analyze/product_fixture.h"

#define RATED(question, area, criterion, scale)                                                    \
    "      " question ": {rating: {area: \"" area "\", criterion: " criterion "}, scale: " scale   \
    "}\n"

static const char project_text[] = PRODUCT_HEAD "sources:\n"
                                                "  folk:\n"
                                                "    kind: csv\n"
                                                "    path: folk.csv\n"
                                                "    method: survey\n"
                                                "    questions:\n"
                                                "      ORG: {attribute: organisation}\n"
                                                "      GRUPPE: {attribute: group}\n"
    /* clang-format off */
    RATED("V11", "1.1", "importance", "viktig5") RATED("P11", "1.1", "practice", "praksis5")
    RATED("V12", "1.2", "importance", "viktig5") RATED("P12", "1.2", "practice", "praksis5")
    RATED("V21", "2.1", "importance", "viktig5") RATED("P21", "2.1", "practice", "grad4")
    RATED("V22", "2.2", "importance", "viktig5") RATED("P22", "2.2", "practice", "praksis5")
    RATED("V31", "3.1", "importance", "viktig5") RATED("P31", "3.1", "practice", "praksis5")
    RATED("V32", "3.2", "importance", "viktig5") RATED("P32", "3.2", "practice", "praksis5")
    RATED("V6", "6", "importance", "viktig5")
    /* clang-format on */
    "      VA: {rating: {activity: 4.1.2, criterion: importance}, scale: viktig5}\n"
    "      PA: {rating: {activity: 4.1.2, criterion: practice}, scale: praksis5}\n"
    "  plan:\n"
    "    kind: csv\n"
    "    path: plan.csv\n"
    "    method: document\n"
    "    questions:\n"
    "      ORG: {attribute: organisation}\n"
    "      TILSTAND: {activity: {id_from: ID, goal_from: MAAL, reached_from: NADD}}\n";

static const Said everybody[] = {
    {"folk", 0, "ORG=Alm V11=5 P11=2 V31=5 P31=1 V32=4 P32=4 VA=3 PA=3"},
    {"folk", 0, "ORG=Alm V11=4 P11=3 V12=4 V31=4 P31=2"},
    {"folk", 0, "ORG=Bjørk V11=4 P11=4 P12=2 V32=4 P32=4"},
    {"folk", 0, "ORG=Gran V11=3 P11=1 V21=5 P21=2 V32=4 P32=4"},
    {"folk", 0, "ORG=Hegg V11=2 P11=5 V22=!dont_know P22=!not_answered"},
    {"folk", 0, "ORG=Lind V11=5 P11=!dont_know V6=2"},
    {"folk", 0, "GRUPPE=innbygger V11=5 P11=1 V32=1 P32=5"},
    /* One organisation tells again; three tell different things; two are as many, with a time and
     * without; a word that is no state. */
    {"plan", 1000, "ORG=Alm ID=1.1.1 TILSTAND=ongoing MAAL=1.1.g1 NADD=no"},
    {"plan", 2000, "ORG=Alm ID=1.1.1 TILSTAND=done MAAL=1.1.g1 NADD=partly"},
    {"plan", 0, "ORG=Alm ID=1.1.2 TILSTAND=done MAAL=1.1.g2 NADD=yes"},
    {"plan", 0, "ORG=Bjørk ID=1.1.2 TILSTAND=ongoing MAAL=1.1.g2 NADD=yes"},
    {"plan", 0, "ORG=Gran ID=1.1.2 TILSTAND=ongoing MAAL=1.1.g2 NADD=no"},
    {"plan", 500, "ORG=Alm ID=1.1.3 TILSTAND=stopped"},
    {"plan", 900, "ORG=Bjørk ID=1.1.3 TILSTAND=done"},
    {"plan", 0, "ORG=Alm ID=1.2.1 TILSTAND=done"},
    {"plan", 0, "ORG=Bjørk ID=1.2.1 TILSTAND=not-started"},
    {"plan", 0, "ORG=Alm ID=1.2.2 TILSTAND=kanskje MAAL=1.2.g1 NADD=ja"},
    {NULL, 0, NULL},
};

static int setup(void **state)
{
    *state = answers_new(project_text, everybody);
    return 0;
}

static int teardown(void **state)
{
    answers_free(*state);
    return 0;
}

/* d by organisation: Alm (3 + 1)/2, Bjørk 0, Gran 2, Hegg −3; Lind said one side only, and the
 * citizen has a column of their own. v = (16.75 + 0.25·2·(0.2 + 0.8·0.875))/3.25; t(3) at 95 %. */
static void gap_is_of_those_who_said_both(void **state)
{
    const Answers *a = *state;
    const double half = 2.3533634348018264 * sqrt(17.2 / 3.25 / 4);
    expect_number(a, "plan/1.1/n", 5);
    expect_number(a, "plan/1.1/organisations", 4);
    expect_number(a, "plan/1.1/importance-n", 6);
    expect_number(a, "plan/1.1/practice-n", 5);
    expect_number(a, "plan/1.1/one-sided", 1);
    expect_number(a, "plan/1.1/importance", 3.375);
    expect_number(a, "plan/1.1/practice", 3.125);
    expect_number(a, "plan/1.1/gap", 0.25);
    assert_near(answers_figure(a, "plan/1.1/gap-low")->number, 0.25 - half, 1e-9);
    assert_near(answers_figure(a, "plan/1.1/gap-high")->number, 0.25 + half, 1e-9);
    assert_near(answers_figure(a, "plan/1.1/gap-margin")->number, half, 1e-9);
    expect_number(a, "plan/1.1/gap-share", 0.5);
    expect_number(a, "plan/1.1/surplus-share", 0.25);
    expect_number(a, "plan/1.1/dominance", 0.25);
    expect_text(a, "plan/1.1/corner", "keep_up");
    expect_number(a, "plan/1.1/wilcoxon-v", 6.5);
    expect_text(a, "plan/1.1/difference", "paired");
}

static void without_pairs_there_is_no_gap(void **state)
{
    const Answers *a = *state;
    expect_number(a, "plan/1.2/n", 2);
    expect_number(a, "plan/1.2/organisations", 2);
    expect_number(a, "plan/1.2/importance", 4);
    expect_number(a, "plan/1.2/practice", 2);
    expect_number(a, "plan/1.2/difference", 2);
    expect_text(a, "plan/1.2/gap", "unpaired");
    expect_text(a, "plan/1.2/gap-margin", "unpaired");
    expect_text(a, "plan/1.2/corner", "concentrate");
    expect_text(a, "plan/2.1/gap", "scales_differ");
    expect_text(a, "plan/2.1/corner", "undefined");
    expect_text(a, "plan/2.1/difference", "scales_differ");
    expect_number(a, "plan/2.1/practice", 2);
}

static void little_or_nothing_has_a_word(void **state)
{
    const Answers *a = *state;
    expect_number(a, "plan/2.2/n", 0);
    expect_text(a, "plan/2.2/gap", "no_answers");
    expect_text(a, "plan/2.2/importance", "no_answers");
    expect_text(a, "plan/2.2/gap-share", "no_answers");
    expect_number(a, "plan/3.1/gap", 3);
    expect_text(a, "plan/3.1/gap-low", "few_organisations");
    expect_text(a, "plan/3.1/gap-margin", "few_organisations");
    expect_number(a, "plan/3.2/gap", 0);
    expect_number(a, "plan/3.2/gap-share", 0);
    expect_text(a, "plan/3.2/wilcoxon-p", "no_spread");
    assert_true(answers_figure(a, "plan/3.2/gap-margin")->number > 0);
    expect_number(a, "plan/area=6/importance", 2);
    expect_text(a, "plan/area=6/practice", "no_answers");
    expect_text(a, "plan/area=6/gap", "no_answers");
    expect_number(a, "plan/4.1/activity=4.1.2/gap", 0);
    assert_null(results_figure(a->results, "plan/5.1/n"));
    assert_null(results_figure(a->results, "plan/area=1/n"));
}

static void newest_then_commonest_report_stands(void **state)
{
    static const struct {
        const char *path, *state;
        double n, otherwise, superseded;
    } rows[] = {
        {"plan/1.1/activity=1.1.1/part=state", "done", 1, 0, 1},
        {"plan/1.1/activity=1.1.2/part=state", "ongoing", 3, 1, 0},
        {"plan/1.1/activity=1.1.3/part=state", "done", 2, 1, 0},
        {"plan/1.2/activity=1.2.1/part=state", "not-started", 2, 1, 0},
        {"plan/1.2/activity=1.2.2/part=state", "unknown", 0, 0, 0},
        {"plan/1.1/goal=1.1.g1", "partly", 1, 0, 1},
        {"plan/1.1/goal=1.1.g2", "yes", 3, 1, 0},
        {"plan/1.2/goal=1.2.g1", "unknown", 0, 0, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *word = strstr(rows[i].path, "/goal=") ? "reached" : "state";
        g_autofree char *told = g_strconcat(rows[i].path, "/", word, NULL);
        g_autofree char *n = g_strconcat(rows[i].path, "/n", NULL);
        g_autofree char *otherwise = g_strconcat(rows[i].path, "/otherwise", NULL);
        g_autofree char *superseded = g_strconcat(rows[i].path, "/superseded", NULL);
        expect_text(*state, told, rows[i].state);
        expect_number(*state, n, rows[i].n);
        expect_number(*state, otherwise, rows[i].otherwise);
        expect_number(*state, superseded, rows[i].superseded);
    }
}

static void activities_and_goals_are_counted(void **state)
{
    const Answers *a = *state;
    expect_number(a, "plan/1.1/part=activities/done", 2);
    expect_number(a, "plan/1.1/part=activities/ongoing", 1);
    expect_number(a, "plan/1.1/part=activities/contested", 2);
    expect_number(a, "plan/1.1/part=activities/unknown", 0);
    expect_number(a, "plan/1.2/part=activities/not-started", 1);
    expect_number(a, "plan/1.2/part=activities/unknown", 2);
    expect_number(a, "plan/all/part=activities/n", 49);
    expect_number(a, "plan/all/part=activities/unknown", 45);
    expect_number(a, "plan/all/part=goals/n", 35);
    expect_number(a, "plan/all/part=goals/yes", 1);
    expect_number(a, "plan/all/part=goals/partly", 1);
    expect_number(a, "plan/all/part=goals/unknown", 33);
}

static void basis_names_the_answers(void **state)
{
    const Answers *a = *state;
    const Figure *gap = answers_figure(a, "plan/1.1/gap");
    const Basis *basis = &g_array_index(a->results->bases, Basis, gap->basis);
    assert_string_equal(basis->key, "plan/1.1");
    assert_int_equal(basis->n, 5);
    assert_int_equal(basis->organisations, 4);
    assert_string_equal(basis->left_out, "1 svarte bare på det ene av de to");
    assert_int_equal(basis->records->len, 6); /* the citizen's answers change nothing */
    const Figure *state_told = answers_figure(a, "plan/1.1/activity=1.1.1/part=state/state");
    const Basis *reports = &g_array_index(a->results->bases, Basis, state_told->basis);
    assert_int_equal(reports->records->len, 2);
}

static void earlier_measurements_are_history(void **state)
{
    static const Said said[] = {{"folk", 0, "ORG=Alm V11=5 P11=2"},
                                {"plan", 0, "ORG=Alm ID=1.1.1 TILSTAND=done"},
                                {NULL, 0, NULL}};
    g_autoptr(GString) text = g_string_new(project_text);
    g_string_replace(text, "    path: folk.csv\n", "    path: folk.csv\n    wave: før\n", 1);
    g_string_append(text, "analysis: {earlier: [før]}\n");
    g_autoptr(Answers) a = answers_new(text->str, said);
    (void)state;
    expect_number(a, "plan/1.1/n", 0);
    expect_text(a, "plan/1.1/gap", "no_answers");
    expect_number(a, "plan/1.1/part=activities/done", 1);
}

static void without_ratings_and_reports_there_is_no_plan(void **state)
{
    static const Said nothing[] = {{"folk", 0, "ORG=Alm GRUPPE=kommune"}, {NULL, 0, NULL}};
    g_autoptr(Answers) a = answers_new(project_text, nothing);
    (void)state;
    assert_null(results_plan(a->results));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gap_is_of_those_who_said_both, setup, teardown),
        cmocka_unit_test_setup_teardown(without_pairs_there_is_no_gap, setup, teardown),
        cmocka_unit_test_setup_teardown(little_or_nothing_has_a_word, setup, teardown),
        cmocka_unit_test_setup_teardown(newest_then_commonest_report_stands, setup, teardown),
        cmocka_unit_test_setup_teardown(activities_and_goals_are_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(basis_names_the_answers, setup, teardown),
        cmocka_unit_test(earlier_measurements_are_history),
        cmocka_unit_test(without_ratings_and_reports_there_is_no_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
