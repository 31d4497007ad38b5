/* Groups against the others, methods against each other, waves and coders: what is stated, what is
 * not, and every degenerate case, against numbers worked out by hand. */
#include "analyze/difference.h"

#include "analyze/change.h"
#include "analyze/coder.h"
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
    "levels: [{id: lev, label: Level}]\n"
    "questions: [{id: q1, level: lev, label: Question, detail: Claim}]\n"
    "items: [{id: i1, question: q1, label: I}, {id: i2, question: q1, label: J}]\n"
    "groups: [{id: ga, label: A}, {id: gb, label: B}, {id: gc, label: C}]\n"
    "streams: [{id: st, letter: S, label: Stream}]\n";

static const char project[] =
    "innsikt: 1\n"
    "title: Study\n"
    "language: en\n"
    "framework: study.yaml\n"
    "timezone: Europe/Oslo\n"
    "privacy: {key: 'env:INNSIKT_TEST_KEY', smallest_group: 3, quotes: redacted}\n"
    "analysis: {weight: organisation, bootstrap: 300, seed: 7}\n"
    "sources:\n"
    "  svar:\n"
    "    kind: csv\n"
    "    path: svar.csv\n"
    "    method: survey\n"
    "    questions:\n"
    "      ORG: {attribute: organisation}\n"
    "      GRP: {attribute: group}\n"
    "      CODER: {attribute: coder}\n"
    "      I1: {rating: i1}\n"
    "      I2: {rating: i2}\n"
    "      OLD: {rating: {item: i1, wave: w1}}\n"
    "      NEW: {rating: {item: i1, wave: w2}}\n";

/* --- groups --- */

/* A: 5 5 5 4 5, B: 1 2 1 2 1 — from ten organisations: nobody of B is above anybody of A. */
static void groups_apart(void **state)
{
    (void)state;
    static const int a[5] = {5, 5, 5, 4, 5}, b[5] = {1, 2, 1, 2, 1};
    Study *s = study_new(framework, project);
    for (int i = 0; i < 5; i++) {
        g_autofree char *one = g_strdup_printf("ORG=A%d;GRP=ga;I1=%d", i, a[i]);
        g_autofree char *other = g_strdup_printf("ORG=B%d;GRP=gb;I1=%d", i, b[i]);
        g_autofree char *id = g_strdup_printf("a%d", i), *to = g_strdup_printf("b%d", i);
        study_put(s, id, NULL, one);
        study_put(s, to, NULL, other);
    }
    study_compute(s);
    study_number(s, "difference/q1/group=ga/delta", 1);
    study_text(s, "difference/q1/group=ga/delta-low", "no_spread");
    study_text(s, "difference/q1/group=ga/size", "large");
    study_number(s, "difference/q1/group=ga/mean-difference", 4.8 - 1.4);
    study_number(s, "difference/q1/group=ga/supported", 1);
    study_number(s, "difference/q1/group=gb/delta", -1);
    study_number(s, "difference/q1/group=gb/n-others", 5);
    study_number(s, "difference/q1/groups", 2);
    assert_null(results_figure(s->results, "difference/q1/group=gc/n"));
    study_free(s);
}

/* Forty of one house say otherwise than ten others: delta is large, and nothing may be said. */
static void one_house(void **state)
{
    (void)state;
    Study *s = study_new(framework, project);
    for (int i = 0; i < 50; i++) {
        g_autofree char *id = g_strdup_printf("%d", i);
        g_autofree char *text = i < 40 ? g_strdup_printf("ORG=House;GRP=ga;I1=%d", 4 + i % 2)
                                       : g_strdup_printf("ORG=O%d;GRP=gb;I1=%d", i, 1 + i % 4);
        study_put(s, id, NULL, text);
    }
    study_compute(s);
    assert_true(study_figure(s, "difference/q1/group=ga/delta-low")->number > 0.5);
    study_number(s, "difference/q1/group=ga/organisations", 1);
    study_number(s, "difference/q1/group=ga/supported", 0);
    study_number(s, "difference/q1/group=gb/supported", 0);
    study_text(s, "difference/q1/group=ga/mean-difference-low", "few_organisations");
    study_free(s);
}

static void alike_few_and_nobody(void **state)
{
    (void)state;
    Study *s = study_new(framework, project);
    for (int i = 0; i < 8; i++) {
        g_autofree char *id = g_strdup_printf("%d", i);
        g_autofree char *text = g_strdup_printf("ORG=O%d;GRP=%s;I1=3", i, i < 4 ? "ga" : "gb");
        study_put(s, id, NULL, text);
    }
    study_put(s, "c", NULL, "ORG=C;GRP=gc;I1=5"); /* one person: below the smallest group */
    study_put(s, "d", NULL, "ORG=D;GRP=gc;I1=99");
    study_compute(s);
    study_number(s, "difference/q1/group=ga/delta", -0.2); /* of five others one is higher */
    study_number(s, "difference/q1/group=ga/supported", 0);
    study_number(s, "difference/q1/group=gc/n", 1);
    study_text(s, "difference/q1/group=gc/delta", "too_few");
    study_text(s, "difference/q1/group=gc/p", "too_few");
    study_text(s, "difference/q1/group=gc/size", "");
    study_free(s);

    s = study_new(framework, project);
    study_put(s, "1", NULL, "ORG=U");
    assert_null(results_differences(study_compute(s)));
    assert_null(results_changes(s->results));
    assert_null(results_coders(s->results));
    study_free(s);
}

static void all_equal(void **state)
{
    (void)state;
    Study *s = study_new(framework, project);
    for (int i = 0; i < 8; i++) {
        g_autofree char *id = g_strdup_printf("%d", i);
        g_autofree char *text = g_strdup_printf("ORG=O%d;GRP=%s;I1=3", i, i < 4 ? "ga" : "gb");
        study_put(s, id, NULL, text);
    }
    study_compute(s);
    study_number(s, "difference/q1/group=ga/delta", 0);
    study_text(s, "difference/q1/group=ga/size", "negligible");
    study_text(s, "difference/q1/group=ga/p", "no_spread");
    study_text(s, "difference/q1/kruskal-p", "no_spread");
    study_number(s, "difference/q1/group=ga/supported", 0);
    study_free(s);
}

/* --- waves --- */

static Study *waves(int n, const char *form)
{
    Study *s = study_new(framework, project);
    for (int i = 0; i < n; i++) {
        g_autofree char *id = g_strdup_printf("%d", i), *person = g_strdup_printf("p%d", i);
        g_autofree char *text = g_strdup_printf(form, i, 1 + i % 3, 2 + i % 3);
        study_put(s, id, person, text);
    }
    study_compute(s);
    return s;
}

/* Twelve people of twelve organisations, each one step up. */
static void paired_people(void **state)
{
    (void)state;
    Study *s = waves(12, "ORG=O%d;OLD=%d;NEW=%d");
    study_text(s, "change/q1/from=w1/to=w2/way", "people");
    study_number(s, "change/q1/from=w1/to=w2/pairs", 12);
    study_number(s, "change/q1/from=w1/to=w2/change", 1);
    study_number(s, "change/q1/from=w1/to=w2/supported", 1);
    study_number(s, "change-level/lev/from=w1/to=w2/change", 1);
    assert_true(study_figure(s, "change/q1/from=w1/to=w2/p")->number < 0.01);
    study_free(s);

    s = waves(6, "ORG=O%d;OLD=%d;NEW=%d"); /* too few people: over the organisations */
    study_text(s, "change/q1/from=w1/to=w2/way", "organisations");
    study_number(s, "change/q1/from=w1/to=w2/change", 1);
    study_number(s, "change/q1/from=w1/to=w2/supported", 1);
    study_text(s, "change/q1/from=w1/to=w2/p", "too_few");
    study_free(s);

    s = waves(2, "ORG=O%d;OLD=%d;NEW=%d");
    study_text(s, "change/q1/from=w1/to=w2/way", "unpaired");
    study_text(s, "change/q1/from=w1/to=w2/change-low", "few_organisations");
    study_number(s, "change/q1/from=w1/to=w2/supported", 0);
    study_free(s);
}

/* Other organisations in each wave, far apart; `groups` of them. */
static Study *other_panels(const char *old_group, const char *new_group)
{
    Study *s = study_new(framework, project);
    for (int i = 0; i < 16; i++) {
        g_autofree char *id = g_strdup_printf("%d", i);
        g_autofree char *text =
            i < 8 ? g_strdup_printf("ORG=O%d;GRP=%s;OLD=%d", i, old_group, 1 + i % 2)
                  : g_strdup_printf("ORG=O%d;GRP=%s;NEW=%d", i, new_group, 4 + i % 2);
        study_put(s, id, NULL, text);
    }
    study_compute(s);
    return s;
}

static void panels_that_differ(void **state)
{
    (void)state;
    Study *s = other_panels("ga", "ga");
    study_text(s, "change/q1/from=w1/to=w2/way", "unpaired");
    study_number(s, "change/q1/from=w1/to=w2/change", 3);
    study_number(s, "change/q1/from=w1/to=w2/dissimilarity", 0);
    study_number(s, "change/q1/from=w1/to=w2/supported", 1);
    study_free(s);
    s = other_panels("ga", "gb"); /* other people were asked: a difference, no change */
    study_number(s, "change/q1/from=w1/to=w2/change", 3);
    study_number(s, "change/q1/from=w1/to=w2/dissimilarity", 1);
    study_number(s, "change/q1/from=w1/to=w2/supported", 0);
    study_free(s);
}

/* --- coders --- */

static Study *coded(int units, bool agree, int steps)
{
    Study *s = study_new(framework, project);
    for (int i = 0; i < units; i++)
        for (int c = 0; c < 2; c++) {
            g_autofree char *id = g_strdup_printf("%d-%d", i, c);
            g_autofree char *person = g_strdup_printf("p%d", i);
            const int step = 1 + (i + (agree ? 0 : 2 * c)) % steps;
            g_autofree char *text =
                g_strdup_printf("ORG=O%d;CODER=%s;I1=%d", i, c ? "Kari" : "Ola", step);
            study_put(s, id, person, text);
        }
    study_put(s, "alone", "px", "ORG=X;CODER=Ola;I1=2");
    study_put(s, "nobody", "py", "ORG=Y;I1=2");
    study_compute(s);
    return s;
}

static void coders_agree(void **state)
{
    (void)state;
    Study *s = coded(15, true, 5);
    study_number(s, "coder/q1/n", 15);
    study_number(s, "coder/q1/coders", 2);
    study_number(s, "coder/q1/values", 30);
    study_number(s, "coder/q1/alpha", 1);
    study_number(s, "coder/q1/alpha-low", 1);
    study_text(s, "coder/q1/word", "rely");
    study_free(s);

    s = coded(15, false, 4); /* always two steps apart */
    assert_true(study_figure(s, "coder/q1/alpha")->number < 0);
    study_text(s, "coder/q1/word", "discuss");
    study_free(s);

    s = coded(4, true, 4); /* too few units for an interval */
    study_number(s, "coder/q1/alpha", 1);
    study_text(s, "coder/q1/alpha-low", "too_few");
    study_free(s);

    s = coded(12, true, 1); /* one value only */
    study_text(s, "coder/q1/alpha", "no_spread");
    study_text(s, "coder/q1/word", "undefined");
    study_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_apart),         cmocka_unit_test(one_house),
        cmocka_unit_test(alike_few_and_nobody), cmocka_unit_test(all_equal),
        cmocka_unit_test(paired_people),        cmocka_unit_test(panels_that_differ),
        cmocka_unit_test(coders_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
