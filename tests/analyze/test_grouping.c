#include "analyze/grouping.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/undefined.h"
#include "tests/analyze/near.h"

static const double five[25] = {0,    0.1,  0.6,  0.75, 0.9, 0.1,  0,    0.65, 0.7,
                                0.95, 0.6,  0.65, 0,    0.3, 0.8,  0.75, 0.7,  0.3,
                                0,    0.85, 0.9,  0.95, 0.8, 0.85, 0};

/* Same values as scikit-learn's silhouette_samples(metric="precomputed"). */
static void silhouettes(void **state)
{
    (void)state;
    static const uint32_t label[] = {41, 41, 7, 7, 3};
    static const double want[] = {0.8518518518518519, 0.8518518518518519, 0.52, 0.5862068965517241,
                                  0};
    double values[5];
    assert_near(grouping_silhouette(five, label, 5, values), 0.5619821200510856, 1e-12);
    for (size_t i = 0; i < 5; i++)
        assert_near(values[i], want[i], 1e-12);
}

static void nothing_to_tell_apart(void **state)
{
    (void)state;
    static const uint32_t one[] = {2, 2, 2, 2, 2}, alone[] = {5, 4, 3, 2, 1};
    double values[5];
    assert_false(is_defined(grouping_silhouette(five, one, 5, values)) || is_defined(values[3]));
    assert_false(is_defined(grouping_silhouette(five, alone, 5, values)) || is_defined(values[0]));
    assert_false(is_defined(grouping_silhouette(NULL, NULL, 0, NULL)));

    static const double same[16] = {0};
    static const uint32_t two[] = {1, 1, 2, 2};
    assert_near(grouping_silhouette(same, two, 4, values), 0, 0);
}

typedef struct {
    const char *name;
    size_t n;
    uint32_t reference[6], candidate[6];
    double ari, homogeneity, completeness, v;
} Case;

/* From scikit-learn 1.2: adjusted_rand_score, homogeneity_completeness_v_measure. */
static const Case cases[] = {
    {"manual's example", 4, {0, 0, 1, 2}, {0, 0, 1, 1}, 0.5714285714285714, 2.0 / 3, 1, 0.8},
    {"other names", 4, {0, 0, 1, 1}, {5, 5, 3, 3}, 1, 1, 1, 1},
    {"worse than chance", 4, {0, 0, 1, 1}, {0, 1, 0, 1}, -0.5, 0, 0, 0},
    {"all in one", 5, {1, 1, 2, 2, 3}, {9, 9, 9, 9, 9}, 0, 0, 1, 0},
    {"all alone",
     5,
     {1, 1, 2, 2, 3},
     {1, 2, 3, 4, 5},
     0,
     1,
     0.6554587535412857,
     0.7918756684685218},
    {"both in one", 3, {4, 4, 4}, {1, 1, 1}, 1, 1, 1, 1},
    {"both alone", 3, {4, 5, 6}, {1, 2, 3}, 1, 1, 1, 1},
    {"one item", 1, {4}, {1}, 1, 1, 1, 1},
};
enum { N = sizeof cases / sizeof cases[0] };

static void agrees(void **state)
{
    const Case *c = *state;
    GroupingAgreement a = grouping_agreement(c->reference, c->candidate, c->n);
    GroupingAgreement b = grouping_agreement(c->candidate, c->reference, c->n);
    assert_near(a.ari, c->ari, 1e-9);
    assert_near(a.homogeneity, c->homogeneity, 1e-6);
    assert_near(a.completeness, c->completeness, 1e-6);
    assert_near(a.v_measure, c->v, 1e-6);
    assert_near(a.ari, b.ari, 1e-12);
    assert_near(a.homogeneity, b.completeness, 1e-12);
    assert_near(a.v_measure, b.v_measure, 1e-12);
}

static void nobody_grouped(void **state)
{
    (void)state;
    GroupingAgreement a = grouping_agreement(NULL, NULL, 0);
    assert_false(is_defined(a.ari) || is_defined(a.homogeneity) || is_defined(a.completeness) ||
                 is_defined(a.v_measure));
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(silhouettes),
        cmocka_unit_test(nothing_to_tell_apart),
        cmocka_unit_test(nobody_grouped),
    };
    struct CMUnitTest tests[N + G_N_ELEMENTS(others)];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, agrees, NULL, NULL, (void *)&cases[i]};
    memcpy(tests + N, others, sizeof others);
    return cmocka_run_group_tests_name("grouping", tests, NULL, NULL);
}
