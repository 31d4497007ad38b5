#include "analyze/duplicate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/undefined.h"
#include "tests/analyze/near.h"

typedef struct {
    const char *name, *a, *b;
    double want; /* -1: undefined */
} Case;

static const Case cases[] = {
    {"one word more", "Demografiske endringer og press på offentlige finanser",
     "Demografiske endringer og økt press på offentlige finanser", 0.8245614035087719},
    {"unlike", "Begrenset leverandørmarked", "Teknisk gjeld", 0},
    {"other marks, other case", "Mye helsedata, lav bruk!", "MYE helsedata lav bruk", 1},
    {"short texts are one gram", "Data", "data.", 1},
    {"short texts that differ", "Data", "bruk", 0},
    {"short against long", "Data", "data deling", 0},
    {"one without words", "", "data", 0},
    {"both without words", "…", "", -1},
    {"letters count, not bytes", "ærøåæ", "ærøåæ ærøåæ", 1.0 / 6},
};
enum { N = sizeof cases / sizeof cases[0] };

static void resembles(void **state)
{
    const Case *c = *state;
    double ab = duplicate_jaccard(c->a, c->b, DUPLICATE_GRAM);
    double ba = duplicate_jaccard(c->b, c->a, DUPLICATE_GRAM);
    if (c->want < 0) {
        assert_false(is_defined(ab) || is_defined(ba));
        return;
    }
    assert_near(ab, c->want, 1e-12);
    assert_true(ab == ba);
}

/* Variants of a few sentences, so that resemblances lie on both sides of every level. */
static char **random_statements(guint32 seed, size_t n)
{
    static const char *const stock[] = {
        "det er mangel på kompetanse i kommunene og det blir verre",
        "regelverket for deling av helsedata er komplisert og til dels utdatert",
        "mangel på felles styring og finansiering av nasjonale løsninger i sektoren",
        "kort svar",
    };
    static const char *const extra[] = {"svært", "nok", "dessverre", "ofte", ""};
    GRand *rand = g_rand_new_with_seed(seed);
    char **texts = g_new0(char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        g_auto(GStrv) words = g_strsplit(stock[g_rand_int_range(rand, 0, 4)], " ", -1);
        GString *s = g_string_new(NULL);
        for (char **w = words; *w; w++) {
            if (g_rand_int_range(rand, 0, 14) > 0)
                g_string_append_printf(s, "%s ", *w);
            if (g_rand_int_range(rand, 0, 14) == 0)
                g_string_append_printf(s, "%s ", extra[g_rand_int_range(rand, 0, 5)]);
        }
        texts[i] = g_string_free(s, FALSE);
    }
    g_rand_free(rand);
    return texts;
}

/* The quick search finds exactly the groups that comparing every pair would. */
static void groups_are_those_of_all_pairs(void **state)
{
    (void)state;
    enum { SIZE = 90 };
    static const double levels[] = {0.05, 0.3, 0.5, 0.8, 0.95, 1};
    for (size_t l = 0; l < G_N_ELEMENTS(levels); l++) {
        g_auto(GStrv) texts = random_statements((guint32)(77 + l), SIZE);
        g_autoptr(Duplicates) d = duplicates_find((const char *const *)texts, SIZE, levels[l]);
        uint32_t want[SIZE];
        for (uint32_t i = 0; i < SIZE; i++)
            want[i] = i;
        for (size_t i = 0; i < SIZE; i++)
            for (size_t j = 0; j < i; j++)
                if (duplicate_jaccard(texts[i], texts[j], DUPLICATE_GRAM) >= levels[l] - 1e-12) {
                    uint32_t low = MIN(want[i], want[j]), high = MAX(want[i], want[j]);
                    for (size_t m = 0; m < SIZE; m++)
                        want[m] = want[m] == high ? low : want[m];
                }
        assert_memory_equal(d->group, want, sizeof want);
    }
}

static void order_does_not_matter(void **state)
{
    (void)state;
    enum { SIZE = 90 };
    g_auto(GStrv) texts = random_statements(5, SIZE);
    const char *turned[SIZE];
    for (size_t i = 0; i < SIZE; i++)
        turned[i] = texts[(i * 7 + 3) % SIZE];
    g_autoptr(Duplicates) d = duplicates_find((const char *const *)texts, SIZE, DUPLICATE_LIKE);
    g_autoptr(Duplicates) t = duplicates_find(turned, SIZE, DUPLICATE_LIKE);
    for (size_t i = 0; i < SIZE; i++)
        for (size_t j = 0; j < SIZE; j++)
            assert_int_equal(t->group[i] == t->group[j],
                             d->group[(i * 7 + 3) % SIZE] == d->group[(j * 7 + 3) % SIZE]);
}

static void exact_ones_and_empty_ones(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "Lav bruk", "…",       "lav  BRUK!",
                                        "", "Høy bruk", "lav bruk"};
    static const uint32_t want[] = {0, 1, 2, 1, 4, 5, 1};
    g_autoptr(Duplicates) d = duplicates_find(texts, 7, DUPLICATE_LIKE);
    assert_memory_equal(d->first, want, sizeof want);
    assert_memory_equal(d->group, want, sizeof want);
    g_autoptr(Duplicates) none = duplicates_find(NULL, 0, DUPLICATE_LIKE);
    assert_int_equal(none->n, 0);
}

int main(void)
{
    static const struct CMUnitTest others[] = {
        cmocka_unit_test(groups_are_those_of_all_pairs),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(exact_ones_and_empty_ones),
    };
    struct CMUnitTest tests[N + G_N_ELEMENTS(others)];
    for (size_t i = 0; i < N; i++)
        tests[i] = (struct CMUnitTest){cases[i].name, resembles, NULL, NULL, (void *)&cases[i]};
    memcpy(tests + N, others, sizeof others);
    return cmocka_run_group_tests_name("duplicate", tests, NULL, NULL);
}
