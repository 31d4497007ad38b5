/* The dilemmas people registered: shares for each pole, camps, tension, against hand-made numbers.
 */
#include "analyze/dilemmas.h"

#include "tests/analyze/study.h"

static const char framework[] =
    "innsikt: 1\n"
    "id: study\n"
    "title: Study\n"
    "verdict_scale: five\n"
    "default_scale: five\n"
    "missing: {99: dont_know}\n"
    "scales:\n"
    "  - {id: five, steps: [{label: a}, {label: b}, {label: c}, {label: d, agree: true}, "
    "{label: e, agree: true}]}\n"
    "  - {id: pole5, steps: [{label: p}, {label: q}, {label: r}, {label: s}, {label: t}]}\n"
    "  - {id: pole4, steps: [{label: k}, {label: l}, {label: m}, {label: n}]}\n"
    "levels: [{id: lev, label: Level}]\n"
    "questions: [{id: q1, level: lev, label: Question, detail: Claim}]\n"
    "items: [{id: i1, question: q1, label: I}, {id: i2, question: q1, label: J}]\n"
    "groups: [{id: ga, label: A}, {id: gb, label: B}]\n"
    "streams: [{id: st, letter: S, label: Stream}]\n"
    "dilemmas:\n"
    "  - {id: one, level: lev, label: One, pole_a: X, pole_b: Y}\n"
    "  - {id: two, level: lev, label: Two, pole_a: X, pole_b: Y, related: [i1, i2]}\n"
    "  - {id: none, level: lev, label: None, pole_a: X, pole_b: Y}\n";

static const char project[] =
    "innsikt: 1\n"
    "title: Study\n"
    "language: en\n"
    "framework: study.yaml\n"
    "timezone: Europe/Oslo\n"
    "privacy: {key: 'env:INNSIKT_TEST_KEY', smallest_group: 5, quotes: redacted}\n"
    "sources:\n"
    "  svar:\n"
    "    kind: csv\n"
    "    path: svar.csv\n"
    "    method: survey\n"
    "    questions:\n"
    "      ORG: {attribute: organisation}\n"
    "      D5: {dilemma: one, scale: pole5}\n"
    "      D4: {dilemma: one, scale: pole4}\n"
    "      POLE: {dilemma: {id: two}}\n"
    "      SIDE: {dilemma: {id: two, strength_from: HOW}}\n"
    "      I1: {rating: i1}\n"
    "      I2: {rating: i2}\n";

/* Organisation U with two people counts once: a = (1/2 + 1 + 0 + 0)/4, between 1/8, b = the rest.
 */
static void shares_by_organisation(void **state)
{
    (void)state;
    Study *s = study_new(framework, project);
    study_put(s, "1", NULL, "ORG=U;D5=1");
    study_put(s, "2", NULL, "ORG=U;D5=3");
    study_put(s, "3", NULL, "ORG=V;D5=2");
    study_put(s, "4", NULL, "ORG=W;D5=4");
    study_put(s, "5", NULL, "ORG=X;D5=5");
    study_put(s, "6", NULL, "ORG=X;D5=17");
    const Dilemmas *d = results_dilemmas(study_compute(s));
    assert_int_equal(d->answered, 1);
    study_number(s, "dilemma/one/n", 5);
    study_number(s, "dilemma/one/organisations", 4);
    study_number(s, "dilemma/one/for-a", 0.375);
    study_number(s, "dilemma/one/neither", 0.125);
    study_number(s, "dilemma/one/for-b", 0.5);
    study_text(s, "dilemma/one/tension", "too_few");
    study_text(s, "dilemma/one/tension-from", "");
    study_text(s, "dilemma/none/for-a", "no_answers");
    study_text(s, "dilemma/none/agreement", "no_answers");
    assert_int_equal(g_array_index(d->dilemmas, DilemmaResult, 0).unreadable, 1);
    study_free(s);
}

static Study *twelve(const char *const *answers, size_t n)
{
    Study *s = study_new(framework, project);
    for (size_t i = 0; i < n; i++) {
        g_autofree char *id = g_strdup_printf("%zu", i);
        g_autofree char *text = g_strdup_printf("ORG=O%zu;%s", i, answers[i]);
        study_put(s, id, NULL, text);
    }
    study_compute(s);
    return s;
}

/* Six at each end: two camps, A = −0.5 of five steps; tension sqrt(1/2 · 1/2). */
static void two_camps(void **state)
{
    (void)state;
    static const char *const answers[12] = {"D5=1", "D5=1", "D5=1", "D5=1", "D5=1", "D5=1",
                                            "D5=5", "D5=5", "D5=5", "D5=5", "D5=5", "D5=5"};
    Study *s = twelve(answers, 12);
    study_text(s, "dilemma/one/agreement-word", "divided");
    study_number(s, "dilemma/one/agreement", -1);
    study_number(s, "dilemma/one/tension", 0.5);
    study_text(s, "dilemma/one/tension-from", "poles");
    study_free(s);
}

/* Two scales: three camps are all they share. Four of ten for A, five for B. */
static void scales_that_differ(void **state)
{
    (void)state;
    static const char *const answers[10] = {"D5=1", "D5=2", "D4=1", "D4=2", "D5=3",
                                            "D4=3", "D4=4", "D5=4", "D5=5", "D4=4"};
    Study *s = twelve(answers, 10);
    study_number(s, "dilemma/one/for-a", 0.4);
    study_number(s, "dilemma/one/neither", 0.1);
    study_number(s, "dilemma/one/for-b", 0.5);
    study_number(s, "dilemma/one/tension", sqrt(0.4 * 0.5));
    study_free(s);
}

static void poles_told(void **state)
{
    (void)state;
    static const char *const answers[10] = {
        "SIDE=a;HOW=3", "SIDE=A;HOW=1", "SIDE=a", "SIDE=b;HOW=5", "POLE=a",
        "POLE=a",       "POLE=a",       "POLE=a", "POLE=a",       "POLE=a"};
    Study *s = twelve(answers, 10);
    study_number(s, "dilemma/two/n", 10);
    study_number(s, "dilemma/two/for-a", 0.9);
    study_number(s, "dilemma/two/for-b", 0.1);
    study_number(s, "dilemma/two/strength-a", 2);
    study_number(s, "dilemma/two/strength-b", 5);
    study_number(s, "dilemma/two/tension", 0.3);
    study_free(s);
}

/* Nobody answered the dilemma, but its two items pull apart: tau −1, six of twelve high on each. */
static void items_in_tension(void **state)
{
    (void)state;
    static const char *const answers[12] = {"I1=5;I2=1", "I1=5;I2=1", "I1=5;I2=1", "I1=5;I2=1",
                                            "I1=5;I2=1", "I1=5;I2=1", "I1=1;I2=5", "I1=1;I2=5",
                                            "I1=1;I2=5", "I1=1;I2=5", "I1=1;I2=5", "I1=1;I2=5"};
    Study *s = twelve(answers, 12);
    const DilemmaResult *d =
        &g_array_index(results_dilemmas(s->results)->dilemmas, DilemmaResult, 1);
    study_number(s, "dilemma/two/tension", 0.5);
    study_text(s, "dilemma/two/tension-from", "items");
    assert_int_equal(d->item[0], 0);
    assert_int_equal(d->item[1], 1);
    assert_int_equal(d->records->len, 24);
    study_free(s);
}

static void nobody_and_alike(void **state)
{
    (void)state;
    static const char *const nothing[1] = {"I1=3"};
    Study *s = twelve(nothing, 1);
    assert_null(results_dilemmas(s->results));
    study_free(s);
    static const char *const alike[10] = {"D5=4", "D5=4", "D5=4", "D5=4", "D5=4",
                                          "D5=4", "D5=4", "D5=4", "D5=4", "D5=4"};
    s = twelve(alike, 10);
    study_number(s, "dilemma/one/tension", 0);
    study_number(s, "dilemma/one/for-b", 1);
    study_number(s, "dilemma/one/for-b-high", 1);
    study_number(s, "dilemma/one/agreement", 1);
    study_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_by_organisation), cmocka_unit_test(two_camps),
        cmocka_unit_test(scales_that_differ),     cmocka_unit_test(poles_told),
        cmocka_unit_test(items_in_tension),       cmocka_unit_test(nobody_and_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
