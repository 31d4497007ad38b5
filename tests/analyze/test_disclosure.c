#include "analyze/disclosure.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/undefined.h"
#include "tests/analyze/near.h"

static void dominance(void **state)
{
    (void)state;
    static const struct {
        uint32_t org[20];
        size_t n, n_org;
        double top;
        bool dominated;
    } rows[] = {
        {{4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 1, 2}, 20, 3, 0.9, true},
        {{4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 1, 1, 2}, 20, 3, 0.85, false},
        {{7, 7, 1, 2, 3}, 5, 4, 0.4, false},
        {{7, 1, 7, 1}, 4, 2, 0.5, true},
        {{NO_INDEX, NO_INDEX, NO_INDEX}, 3, 3, 1.0 / 3, false},
        {{0}, 0, 0, -1, true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        Dominance d = disclosure_dominance(rows[i].org, rows[i].n);
        assert_int_equal(d.n, rows[i].n);
        assert_int_equal(d.n_org, rows[i].n_org);
        assert_int_equal(d.dominated, rows[i].dominated);
        assert_near(d.top_share, rows[i].top < 0 ? UNDEFINED : rows[i].top, 1e-12);
        assert_true(disclosure_hides(4, 5, &d));
        assert_int_equal(disclosure_hides(5, 5, &d), rows[i].dominated);
    }
}

static void primary(void **state)
{
    (void)state;
    static const uint32_t count[] = {12, 2, 9, 0, 3, 1};
    static const bool want[] = {false, true, false, false, false, true};
    bool hidden[6];
    disclosure_primary(count, 6, 3, hidden);
    assert_memory_equal(hidden, want, sizeof want);
}

typedef struct {
    const char *name;
    uint32_t count[5];
    size_t n;
    bool hide_empty;
    unsigned hidden; /* bit i: group i */
    bool enough;
} Case;

static const Case cases[] = {
    {"one small", {12, 3, 8, 20}, 4, false, 0x6, true},
    {"none small", {6, 7, 9}, 3, false, 0, true},
    {"two small with a small sum", {2, 2, 9, 30}, 4, false, 0x7, true},
    {"two small with enough", {3, 9, 4}, 3, false, 0x5, true},
    {"ties go to the first", {3, 9, 9, 9}, 4, false, 0x3, true},
    {"empty stands", {0, 12, 20}, 3, false, 0, true},
    {"empty stands beside a small one", {0, 3, 20}, 3, false, 0x6, true},
    {"empty is no partner while others are", {0, 4, 20, 6}, 4, false, 0xA, true},
    {"empty hidden", {0, 12, 20}, 3, true, 0x3, true},
    {"one group", {3}, 1, false, 0x1, false},
    {"all too small", {1, 2, 0}, 3, false, 0x7, false},
    {"no groups", {0}, 0, false, 0, true},
};
enum { N = sizeof cases / sizeof cases[0] };

static void partition(void **state)
{
    const Case *c = *state;
    bool hidden[5] = {false};
    assert_int_equal(disclosure_partition(c->count, c->n, 5, c->hide_empty, hidden), c->enough);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(hidden[i], c->hidden >> i & 1);
}

/* Whatever the counts: small ones hidden, at least two hidden, at least k people among them. */
static void partitions_hold(void **state)
{
    (void)state;
    GRand *rand = g_rand_new_with_seed(5150);
    for (int round = 0; round < 5000; round++) {
        uint32_t count[8];
        bool hidden[8];
        size_t n = (size_t)g_rand_int_range(rand, 1, 9), groups = 0;
        uint64_t people = 0;
        for (size_t i = 0; i < n; i++)
            count[i] = (uint32_t)g_rand_int_range(rand, 0, 15);
        bool enough = disclosure_partition(count, n, 5, false, hidden);
        for (size_t i = 0; i < n; i++) {
            assert_true(hidden[i] || count[i] == 0 || count[i] >= 5);
            groups += hidden[i];
            people += hidden[i] ? count[i] : 0;
        }
        assert_true(groups == 0 || !enough || (groups >= 2 && people >= 5));
        assert_true(enough || groups == n);
    }
    g_rand_free(rand);
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(dominance),
        cmocka_unit_test(primary),
        cmocka_unit_test(partitions_hold),
    };
    struct CMUnitTest tests[N + G_N_ELEMENTS(others)];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, partition, NULL, NULL, (void *)&cases[i]};
    memcpy(tests + N, others, sizeof others);
    return cmocka_run_group_tests_name("disclosure", tests, NULL, NULL);
}
