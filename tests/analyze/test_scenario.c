/* Robustness of the priorities: cells, metrics, classes, what breaks them and how stable it is,
 * against numbers worked out by hand. */
#include "analyze/scenario.h"

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
    "  - {id: three, steps: [{label: x}, {label: y}, {label: z}]}\n"
    "levels: [{id: lev, label: Level}]\n"
    "questions: [{id: q1, level: lev, label: Question, detail: Claim}]\n"
    "groups: [{id: ga, label: A}, {id: gb, label: B}]\n"
    "streams: [{id: st, letter: S, label: Stream}]\n"
    "areas: [{id: '1', label: Area}]\n"
    "focus_areas: [{id: f1, area: '1', label: One}, {id: f2, area: '1', label: Two}, "
    "{id: f3, area: '1', label: Three}, {id: f4, area: '1', label: Nobody}]\n"
    "scenarios: [{id: S1, label: Good}, {id: S2, label: Bad}, {id: S3, label: Odd}, "
    "{id: S4, label: Unasked}]\n";

#define PROJECT(more)                                                                              \
    "innsikt: 1\n"                                                                                 \
    "title: Study\n"                                                                               \
    "language: en\n"                                                                               \
    "framework: study.yaml\n"                                                                      \
    "timezone: Europe/Oslo\n"                                                                      \
    "privacy: {key: 'env:INNSIKT_TEST_KEY', smallest_group: 5, quotes: redacted}\n" more           \
    "sources:\n"                                                                                   \
    "  svar:\n"                                                                                    \
    "    kind: csv\n"                                                                              \
    "    path: svar.csv\n"                                                                         \
    "    method: survey\n"                                                                         \
    "    questions:\n"                                                                             \
    "      ORG: {attribute: organisation}\n"                                                       \
    "      GRP: {attribute: group}\n"                                                              \
    "      A1: {rating: {area: f1, scenario: S1}}\n"                                               \
    "      A2: {rating: {area: f1, scenario: S2}}\n"                                               \
    "      A3: {rating: {area: f1, scenario: S3}}\n"                                               \
    "      B1: {rating: {area: f2, scenario: S1}}\n"                                               \
    "      B2: {rating: {area: f2, scenario: S2}}\n"                                               \
    "      B3: {rating: {area: f2, scenario: S3}}\n"                                               \
    "      C1: {rating: {area: f3, scenario: S1}}\n"                                               \
    "      C2: {rating: {area: f3, scenario: S2}}\n"                                               \
    "      C3: {rating: {area: f3, scenario: S3}}\n"                                               \
    "      P1: {rating: {area: f1, criterion: practice}}\n"

static const char plain[] = PROJECT("analysis: {weight: organisation, bootstrap: 400, seed: 7}\n");

/* Four organisations, two of each group, the last with two people: cells by hand
 *          S1                S2                S3
 *   f1     (5+5+4+4)/4 4.5   (3+3+3+4)/4 3.25  (4+4+4+5)/4 4.25     mean 4.0
 *   f2     (5+5+5+5)/4 5     (2+2+2+1)/4 1.75  (3+3+4+4)/4 3.5      mean 41/12
 *   f3     (1+2+2+1)/4 1.5   (3+4+4+3)/4 3.5   (1+1+2+2)/4 1.5      mean 13/6 */
static void put_four(Study *s)
{
    study_put(s, "1", NULL, "ORG=U;GRP=ga;A1=5;A2=3;A3=4;B1=5;B2=2;B3=3;C1=1;C2=3;C3=1;P1=1");
    study_put(s, "2", NULL, "ORG=V;GRP=ga;A1=5;A2=3;A3=4;B1=5;B2=2;B3=3;C1=2;C2=4;C3=1");
    study_put(s, "3", NULL, "ORG=W;GRP=gb;A1=4;A2=3;A3=4;B1=5;B2=2;B3=4;C1=2;C2=4;C3=2");
    study_put(s, "4", NULL, "ORG=X;GRP=gb;A1=3;A2=4;A3=5;B1=5;B2=1;B3=4;C1=1;C2=3;C3=2");
    study_put(s, "5", NULL, "ORG=X;GRP=gb;A1=5;A2=4;A3=5;B1=5;B2=1;B3=4;C1=1;C2=3;C3=99");
}

static void metrics_and_classes(void **state)
{
    (void)state;
    Study *s = study_new(framework, plain);
    put_four(s);
    const Scenarios *table = results_scenarios(study_compute(s));
    assert_int_equal(table->n_priorities, 3);
    assert_int_equal(table->n_scenarios, 3);
    study_number(s, "scenario/f1/scenario=S1/mean", 4.5);
    study_number(s, "scenario/f1/scenario=S1/distance", 1.5);
    study_number(s, "scenario/f1/scenario=S1/n", 5);
    study_number(s, "scenario/f1/scenario=S1/organisations", 4);
    study_number(s, "scenario/f1/scenario=S2/distance", 0.3); /* 0.25, half away from zero */
    study_number(s, "scenario/f2/scenario=S2/distance", -1.3);
    study_number(s, "scenario/f3/scenario=S3/mean", 1.5);

    study_number(s, "scenario/f1/worst", 3.25);
    study_text(s, "scenario/f1/worst-scenario", "S2");
    study_number(s, "scenario/f1/mean", 4);
    study_number(s, "scenario/f2/mean", 41.0 / 12);
    study_number(s, "scenario/f1/regret", 0.5); /* S1: 5 − 4.5 */
    study_text(s, "scenario/f1/regret-scenario", "S1");
    study_number(s, "scenario/f1/regret-in-S2", 0.25);
    study_number(s, "scenario/f2/regret", 1.75);
    study_number(s, "scenario/f3/regret", 3.5);
    study_number(s, "scenario/f2/passed", 2.0 / 3);
    study_number(s, "scenario/f3/passed", 1.0 / 3);
    study_text(s, "scenario/f1/class", "robust");
    study_text(s, "scenario/f2/class", "conditional");
    study_text(s, "scenario/f2/failing", "S2");
    study_text(s, "scenario/f3/class", "fragile");
    study_text(s, "scenario/f3/failing", "S1 S3");
    study_number(s, "scenarios/all/robust", 1);
    study_number(s, "scenarios/all/fragile", 1);
    study_number(s, "scenarios/all/incomplete", 0);
    study_free(s);
}

/* f1 against f2, weight on S1: r_a − r_b = 3.75 − 2.625 = 1.125, f_as − f_bs = −0.5, so p* =
 * 1.125 / 1.625. f3 overtakes on S2: r = 4.375 − 1.5 = 2.875 against −0.25: 2.875 / 3.125. */
static void what_breaks_it(void **state)
{
    (void)state;
    Study *s = study_new(framework, plain);
    put_four(s);
    study_compute(s);
    study_text(s, "scenario/f1/rival", "f2");
    study_text(s, "scenario/f1/rival-scenario", "S1");
    study_number(s, "scenario/f1/rival-weight", 1.125 / 1.625);
    study_text(s, "scenario/f2/rival", "f3"); /* on S2: 2.75 / (2.75 + 1.75) */
    study_number(s, "scenario/f2/rival-weight", 2.75 / 4.5);
    study_text(s, "scenario/f3/rival", "");
    study_text(s, "scenario/f3/rival-weight", "outside");
    study_free(s);
}

/* By people X counts twice: f1 S1 (5+5+4+3+5)/5 = 4.4, S2 3.4; no class changes, nor the order. */
static void stability(void **state)
{
    (void)state;
    Study *s = study_new(framework, plain);
    put_four(s);
    const Scenarios *table = results_scenarios(study_compute(s));
    study_number(s, "scenarios/all/tau-worst-mean", 1); /* f1 f2 f3 by 3.25 1.75 1.5 */
    study_text(s, "scenarios/all/first-by-worst", "f1");
    assert_int_equal(table->n_weights, 3);
    study_number(s, "scenarios/all/weight=organisation/tau", 1);
    study_number(s, "scenarios/all/weight=none/tau", 1);
    study_number(s, "scenarios/all/weight=none/changed", 0);
    study_number(s, "scenarios/all/weight=group/changed", 0);
    /* Two organisations are left: nothing can be said. */
    study_number(s, "scenarios/all/without=ga/changed", 3);
    study_text(s, "scenarios/all/without=ga/tau", "no_spread");
    study_text(s, "scenarios/all/without=ga/first", "");
    study_text(s, "scenarios/all/kept", "few_organisations");
    study_text(s, "scenario/f1/chance-robust", "few_organisations");
    study_free(s);
}

/* Twelve organisations that all say the same: every panel does. */
static void chances(void **state)
{
    (void)state;
    double first[2] = {0, 0};
    for (int run = 0; run < 2; run++) {
        Study *s = study_new(framework, plain);
        for (int i = 0; i < 12; i++) {
            g_autofree char *id = g_strdup_printf("%d", i);
            g_autofree char *answers =
                g_strdup_printf("ORG=O%d;GRP=g%c;A1=4;A2=4;A3=%d;B1=4;B2=2;B3=4;C1=2;C2=2;C3=2", i,
                                "ab"[i % 2], i % 2 ? 1 : 5);
            study_put(s, id, NULL, answers);
        }
        study_compute(s);
        study_number(s, "scenario/f2/chance-conditional", 1);
        study_number(s, "scenario/f3/chance-fragile", 1);
        study_number(s, "scenario/f3/chance-robust", 0);
        study_number(s, "scenario/f1/chance-fragile", 0);
        study_number(s, "scenario/f1/chance-first", 1); /* three of three are among three */
        const Figure *robust = study_figure(s, "scenario/f1/chance-robust");
        assert_true(robust->number > 0.4 && robust->number < 0.8); /* S3 is 3 on average */
        study_number(s, "scenario/f1/chance-conditional", 1 - robust->number);
        first[run] = robust->number;
        study_free(s);
    }
    assert_true(first[0] == first[1]);
}

static void few_and_missing(void **state)
{
    (void)state;
    Study *s = study_new(framework, plain);
    study_put(s, "1", NULL, "ORG=U;A1=5;A2=3;A3=4;B1=5;B2=2;B3=3");
    study_put(s, "2", NULL, "ORG=V;A1=5;A2=3;A3=4;B1=5;B2=2;B3=99");
    study_put(s, "3", NULL, "ORG=W;A1=5;A2=3;A3=4;B1=5;B2=2;C1=1");
    study_put(s, "4", NULL, "ORG=W;A1=5;A2=3;A3=4;B1=5;B2=2;C1=1");
    study_compute(s);
    study_text(s, "scenario/f1/class", "robust"); /* three organisations are enough */
    study_number(s, "scenario/f1/regret", 0);
    study_text(s, "scenario/f2/class", "incomplete");
    study_text(s, "scenario/f2/scenario=S3/mean", "few_organisations");
    study_text(s, "scenario/f2/regret", "incomplete");
    study_text(s, "scenario/f2/failing", "S2"); /* what is known is said */
    study_text(s, "scenario/f3/scenario=S2/mean", "no_answers");
    study_text(s, "scenario/f1/rival-weight", "outside");
    study_text(s, "scenarios/all/tau-worst-mean", "no_spread");
    study_number(s, "scenarios/all/incomplete", 2);
    study_free(s);
}

static void nobody(void **state)
{
    (void)state;
    Study *s = study_new(framework, plain);
    study_put(s, "1", NULL, "ORG=U;GRP=ga;P1=3");
    assert_null(results_scenarios(study_compute(s)));
    study_free(s);

    s = study_new(framework, plain);
    study_put(s, "1", NULL, "ORG=U;A1=3");
    const Scenarios *table = results_scenarios(study_compute(s));
    assert_int_equal(table->n_priorities, 1);
    assert_int_equal(table->n_scenarios, 1);
    study_text(s, "scenario/f1/class", "incomplete");
    study_text(s, "scenario/f1/mean", "incomplete");
    study_free(s);
}

static void own_limits(void **state)
{
    (void)state;
    Study *s = study_new(
        framework, PROJECT("analysis: {weight: organisation, bootstrap: 100, seed: 7}\n"
                           "thresholds: {scenario-passed: 1.75, scenario-conditional: 0.3}\n"));
    put_four(s);
    study_compute(s);
    study_text(s, "scenario/f2/class", "robust"); /* 1.75 is enough */
    study_text(s, "scenario/f3/class", "conditional");
    study_number(s, "scenarios/all/threshold", 1.75);
    study_free(s);
}

/* Targets: group a weighs three quarters. f1 S1: 0.75 · 5 + 0.25 · 4. */
static void targets(void **state)
{
    (void)state;
    Study *s = study_new(
        framework, PROJECT("analysis: {weight: group, targets: {ga: 0.75, gb: 0.25}, seed: 7, "
                           "bootstrap: 100}\n"));
    put_four(s);
    study_compute(s);
    study_number(s, "scenario/f1/scenario=S1/mean", 4.75);
    study_number(s, "scenario/f3/scenario=S1/mean", 1.5);
    study_number(s, "scenario/f2/scenario=S2/mean", 0.75 * 2 + 0.25 * 1.5);
    study_number(s, "scenarios/all/weight=group/changed", 0);
    study_number(s, "scenarios/all/weight=group/tau", 1);
    study_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_and_classes), cmocka_unit_test(what_breaks_it),
        cmocka_unit_test(stability),           cmocka_unit_test(chances),
        cmocka_unit_test(few_and_missing),     cmocka_unit_test(nobody),
        cmocka_unit_test(own_limits),          cmocka_unit_test(targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
