#include "analyze/tfidf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/analyze/near.h"

/* A collection of n documents of up to 12 terms out of 40, some of them empty. */
static char ***random_documents(GRand *rand, size_t n)
{
    char ***documents = g_new(char **, n);
    for (size_t i = 0; i < n; i++) {
        size_t terms = (size_t)g_rand_int_range(rand, 0, 13);
        documents[i] = g_new0(char *, terms + 1);
        for (size_t t = 0; t < terms; t++)
            documents[i][t] = g_strdup_printf("t%d", g_rand_int_range(rand, 0, 40));
    }
    return documents;
}

static void free_documents(char ***documents, size_t n)
{
    for (size_t i = 0; i < n; i++)
        g_strfreev(documents[i]);
    g_free(documents);
}

/* Same values as scikit-learn's TfidfVectorizer on these documents (smooth idf, l2). */
static void three_documents(void **state)
{
    (void)state;
    char *a[] = {(char *)"helsedata", (char *)"deling", (char *)"regelverk", NULL};
    char *b[] = {(char *)"regelverk", (char *)"deling", (char *)"data", NULL};
    char *c[] = {(char *)"kompetanse", (char *)"digital", NULL};
    char *const *documents[] = {a, b, c};
    g_autoptr(Tfidf) t = tfidf_new(documents, 3);
    assert_near(tfidf_cosine(t, 0, 1), 0.5363499141045835, 1e-12);
    assert_near(tfidf_cosine(t, 0, 2), 0, 0);
    assert_near(tfidf_cosine(t, 2, 2), 1, 1e-12);
}

/* One row at a time, pair by pair, in any order of the documents: the same bits. */
static void every_way_gives_the_same_bits(void **state)
{
    (void)state;
    enum { SIZE = 60 };
    GRand *rand = g_rand_new_with_seed(8171);
    char ***documents = random_documents(rand, SIZE);
    char **turned[SIZE];
    for (size_t i = 0; i < SIZE; i++)
        turned[i] = documents[(i * 37 + 11) % SIZE];

    g_autoptr(Tfidf) t = tfidf_new((char *const *const *)documents, SIZE);
    g_autoptr(Tfidf) u = tfidf_new((char *const *const *)turned, SIZE);
    for (size_t i = 0; i < SIZE; i++) {
        double row[SIZE] = {0};
        tfidf_add_row(t, (i * 37 + 11) % SIZE, 0, 0.5, row);
        for (size_t j = 0; j < SIZE; j++) {
            size_t x = (i * 37 + 11) % SIZE, y = (j * 37 + 11) % SIZE;
            assert_true(row[y] == tfidf_add(t, x, y, 0.5, 0));
            assert_true(tfidf_cosine(t, x, y) == tfidf_cosine(t, y, x));
            assert_true(tfidf_cosine(t, x, y) == tfidf_cosine(u, i, j));
            assert_true(tfidf_cosine(t, x, y) >= 0 && tfidf_cosine(t, x, y) <= 1);
        }
    }
    free_documents(documents, SIZE);
    g_rand_free(rand);
}

static void nothing_at_all(void **state)
{
    (void)state;
    char *empty[] = {NULL};
    char *const *documents[] = {empty, empty};
    g_autoptr(Tfidf) none = tfidf_new(NULL, 0);
    g_autoptr(Tfidf) two = tfidf_new(documents, 2);
    assert_int_equal(tfidf_size(none), 0);
    assert_near(tfidf_cosine(two, 0, 1), 0, 0);
    assert_near(tfidf_cosine(two, 1, 1), 0, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_documents),
        cmocka_unit_test(every_way_gives_the_same_bits),
        cmocka_unit_test(nothing_at_all),
    };
    return cmocka_run_group_tests_name("tfidf", tests, NULL, NULL);
}
