/* Maturity against the UN goals: which answers are read, that each organisation counts once, and
 * that little is not enough to say. */
#include "analyze/goal.h"

#include "tests/analyze/product_fixture.h"

static const char project_text[] =
    PRODUCT_HEAD "sources:\n"
                 "  folk:\n"
                 "    kind: csv\n"
                 "    path: folk.csv\n"
                 "    method: survey\n"
                 "    questions:\n"
                 "      ORG: {attribute: organisation}\n"
                 "      GRUPPE: {attribute: group}\n"
                 "      M3: {goal: un-03, scale: modenhet5}\n"
                 "      R3: {rating: un-03, scale: modenhet5}\n"
                 "      H5: {goal: {id: un-05, maturity_from: M5}, scale: modenhet5}\n"
                 "      M9: {goal: un-09, scale: modenhet5}\n"
                 "      M10: {goal: un-10, scale: modenhet5}\n"
                 "      T12: {goal: un-12}\n"
                 "      AREA: {rating: {area: '3', criterion: maturity}, scale: modenhet5}\n"
                 "      FOKUS: {rating: {area: '1.1', criterion: maturity}, scale: modenhet5}\n"
                 "      PLAIN: {rating: clear-direction, scale: grad5}\n";

/* Of goal 3 Alm says 5 three times over and counts once; the others say 3. */
static const Said everybody[] = {
    {"folk", 0, "ORG=Alm M3=5 H5=Rekruttering M5=2 M9=4 AREA=2 PLAIN=5"},
    {"folk", 0, "ORG=Alm M3=5 M10=1"},
    {"folk", 0, "ORG=Alm R3=5 M10=1"},
    {"folk", 0, "ORG=Bjørk M3=3 H5=Lønn M5=2 M10=5 FOKUS=4"},
    {"folk", 0, "ORG=Gran M3=3 H5=rekruttering M5=2 M10=1"},
    {"folk", 0, "ORG=Hegg M3=3 M10=5"},
    {"folk", 0, "ORG=Lind M3=3 H5=!not_answered M5=2 M10=5"},
    {"folk", 0, "ORG=Furu M3=3 M10=1"},
    {"folk", 0, "ORG=Osp M3=!dont_know T12=Fint M10=3"},
    {"folk", 0, "ORG=Pil M3=99 M10=x"},
    {"folk", 0, "GRUPPE=innbygger M3=1"},
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

static void each_organisation_counts_once(void **state)
{
    const Answers *a = *state;
    expect_number(a, "goal/un-03/n", 8);
    expect_number(a, "goal/un-03/asked", 10);
    expect_number(a, "goal/un-03/organisations", 6);
    expect_number(a, "goal/un-03/missing-dont-know", 2); /* «dont_know» and the code 99 */
    expect_number(a, "goal/un-03/count-5", 3);
    expect_number(a, "goal/un-03/share-5", 1.0 / 6);
    expect_number(a, "goal/un-03/share-3", 5.0 / 6);
    expect_number(a, "goal/un-03/mean", 20.0 / 6);
    expect_text(a, "goal/un-03/verdict", "firm");
    expect_number(a, "goal/un-03/step-low", 3);
    expect_text(a, "goal/un-03/scale", "modenhet5");
    expect_number(a, "goal/un-03/group=innbygger/n", 1);
}

static void maturity_may_stand_beside_the_answer(void **state)
{
    const Answers *a = *state;
    const int goal = framework_find(a->project->framework, TERM_SDG, "un-05");
    g_autoptr(GPtrArray) reasons = goal_reasons(a->data, goal);
    expect_number(a, "goal/un-05/n", 4);
    expect_number(a, "goal/un-05/share-2", 1);
    assert_int_equal(reasons->len, 2);
    assert_string_equal(reasons->pdata[0], "Rekruttering"); /* two organisations */
    assert_string_equal(reasons->pdata[1], "Lønn");
    assert_null(results_figure(a->results, "goal/un-12/n")); /* no scale: a text, no maturity */
}

static void few_and_divided_answers_are_no_step(void **state)
{
    const Answers *a = *state;
    expect_text(a, "goal/un-09/verdict", "insufficient");
    expect_text(a, "goal/un-09/reasons", "n org neff");
    expect_text(a, "goal/un-09/mean-low", "few_organisations");
    expect_text(a, "goal/un-10/verdict", "divided");
    expect_number(a, "goal/un-10/missing-unreadable", 1);
    assert_null(results_figure(a->results, "goal/un-17/n")); /* nobody was asked */
}

static void areas_may_be_rated_for_maturity(void **state)
{
    const Answers *a = *state;
    expect_number(a, "goal/area=3/mean", 2);
    expect_number(a, "goal/area=1.1/mean", 4);
    /* … and what is rated plainly is no maturity, nor a goal an item. */
    expect_number(a, "distribution/clear-direction/n", 1);
    assert_null(results_figure(a->results, "goal/clear-direction/n"));
    assert_null(results_figure(a->results, "distribution/un-03/n"));
}

static void basis_names_question_and_answers(void **state)
{
    const Answers *a = *state;
    const Figure *figure = answers_figure(a, "goal/un-03/mean");
    const Basis *basis = &g_array_index(a->results->bases, Basis, figure->basis);
    assert_string_equal(basis->sheet, "sustainability");
    assert_int_equal(basis->n, 8);
    assert_int_equal(basis->organisations, 6);
    size_t read = 0;
    for (guint i = 0; i < a->data->variables->len; i++)
        read += basis->reads(a->results, basis->subject, a->data->variables->pdata[i]);
    assert_int_equal(read, 1); /* both roles lead to one column */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_organisation_counts_once, setup, teardown),
        cmocka_unit_test_setup_teardown(maturity_may_stand_beside_the_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(few_and_divided_answers_are_no_step, setup, teardown),
        cmocka_unit_test_setup_teardown(areas_may_be_rated_for_maturity, setup, teardown),
        cmocka_unit_test_setup_teardown(basis_names_question_and_answers, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
