#include "analyze/similarity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/analyze/near.h"

static const char *const words[] = {
    "helsedata", "deling",    "regelverk", "kompetanse", "digital",   "legacy",     "styring",
    "kommune",   "fastlege",  "sykehus",   "pasient",    "innbygger", "journal",    "finansiere",
    "drift",     "sikkerhet", "tilgang",   "marked",     "ledelse",   "samhandling"};

/* Statements of up to 10 words, inflected and joined at random; some empty, some of stop words. */
static char **random_statements(guint32 seed, size_t n)
{
    static const char *const endings[] = {"", "en", "er", "ene", "ens"};
    GRand *rand = g_rand_new_with_seed(seed);
    char **texts = g_new0(char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        GString *s = g_string_new(NULL);
        for (int w = g_rand_int_range(rand, 0, 11); w > 0; w--) {
            if (g_rand_int_range(rand, 0, 4) == 0)
                g_string_append(s, "og i ");
            g_string_append(s, words[g_rand_int_range(rand, 0, G_N_ELEMENTS(words))]);
            if (g_rand_int_range(rand, 0, 5) == 0)
                g_string_append(s, words[g_rand_int_range(rand, 0, G_N_ELEMENTS(words))]);
            g_string_append_printf(s, "%s ", endings[g_rand_int_range(rand, 0, 5)]);
        }
        texts[i] = g_string_free(s, FALSE);
    }
    g_rand_free(rand);
    return texts;
}

/* Same values as scikit-learn on stems and on padded character 4-grams. */
static void three_statements(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "Mye helsedata men lav tilgjengelighet og bruk",
        "Utfordrende å dele og få tilgang til data på tvers i sektoren",
        "Det genereres og samles mye helsedata til helseregistrene"};
    g_autoptr(Similarity) s = similarity_new(texts, 3);
    assert_near(similarity_of(s, 0, 1), 0.03390288187474817, 1e-9);
    assert_near(similarity_of(s, 2, 0), 0.2631141788346791, 1e-9);
    assert_near(similarity_of(s, 2, 1), 0.010517787812513425, 1e-9);
    assert_near(similarity_of(s, 1, 1), 1, 1e-12);
}

static void pairs_are_all_there(void **state)
{
    (void)state;
    enum { SIZE = 150 };
    static const double levels[] = {1e-9, 0.15, 0.3, 0.75, 1};
    g_auto(GStrv) texts = random_statements(314159, SIZE);
    g_autoptr(Similarity) s = similarity_new((const char *const *)texts, SIZE);
    for (size_t l = 0; l < G_N_ELEMENTS(levels); l++) {
        g_autoptr(GArray) pairs = similarity_pairs(s, levels[l]);
        guint at = 0;
        for (uint32_t i = 0; i < SIZE; i++)
            for (uint32_t j = i + 1; j < SIZE; j++) {
                if (similarity_of(s, i, j) < levels[l] - 1e-12)
                    continue;
                SimilarityPair p = g_array_index(pairs, SimilarityPair, at++);
                assert_int_equal(p.i, i);
                assert_int_equal(p.j, j);
                assert_true(p.value == similarity_of(s, j, i));
            }
        assert_int_equal(at, pairs->len);
    }
}

static void nearest_are_the_best_of_the_row(void **state)
{
    (void)state;
    enum { SIZE = 80, K = 3 };
    g_auto(GStrv) texts = random_statements(2718, SIZE);
    g_autoptr(Similarity) s = similarity_new((const char *const *)texts, SIZE);
    bool among[SIZE];
    for (size_t i = 0; i < SIZE; i++)
        among[i] = i % 3 != 1;

    for (size_t i = 0; i < SIZE; i++) {
        SimilarityNeighbour best[K];
        double row[SIZE];
        size_t found = similarity_nearest(s, i, among, K, 0.15, best), better = 0;
        similarity_row(s, i, row);
        for (size_t f = 0; f < found; f++) {
            assert_true(among[best[f].id] && best[f].id != i);
            assert_true(best[f].value == row[best[f].id] && best[f].value >= 0.15);
            assert_true(f == 0 || best[f - 1].value >= best[f].value - 1e-12);
        }
        for (size_t j = 0; j < SIZE; j++)
            better += j != i && among[j] && row[j] >= 0.15 &&
                      (found < K || row[j] > best[K - 1].value + 1e-12);
        assert_true(found < K ? better == found : better < K);
    }
}

static void ties_go_to_the_first(void **state)
{
    (void)state;
    static const char *const texts[] = {"helsedata", "bruk", "Helsedata!", "helsedata",
                                        "HELSEDATA"};
    g_autoptr(Similarity) s = similarity_new(texts, 5);
    SimilarityNeighbour best[2];
    assert_int_equal(similarity_nearest(s, 3, NULL, 2, 0.5, best), 2);
    assert_int_equal(best[0].id, 0);
    assert_int_equal(best[1].id, 2);
    assert_int_equal(similarity_nearest(s, 1, NULL, 2, 0.5, best), 0);
    assert_int_equal(similarity_nearest(s, 0, NULL, 0, 0.5, best), 0);
}

/* Statements without content words are like nothing, themselves included. */
static void empty_is_like_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "og i det", "😀 \x01", "data", "\xFF\xFE"};
    g_autoptr(Similarity) s = similarity_new(texts, 5);
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 5; j++)
            assert_near(similarity_of(s, i, j), i == 3 && j == 3, 1e-12);
    g_autoptr(Similarity) none = similarity_new(NULL, 0);
    g_autoptr(GArray) pairs = similarity_pairs(none, 0.1);
    assert_int_equal(pairs->len, 0);
}

/* Short words are their own gram: «_eu_» has four characters, «_a_» three. */
static void short_words_and_long_ones(void **state)
{
    (void)state;
    g_autofree char *word = g_strnfill(1 << 20, 'x');
    const char *const texts[] = {"eu", "x", "EU x", word};
    g_autoptr(Similarity) s = similarity_new(texts, 4);
    assert_true(similarity_of(s, 0, 2) > 0.4 && similarity_of(s, 1, 2) > 0.4);
    assert_near(similarity_of(s, 0, 1), 0, 0);
    assert_near(similarity_of(s, 3, 3), 1, 1e-9);
    assert_near(similarity_of(s, 1, 3), 0, 0);
}

/* Twins have the same content words in the same order, whatever stands between them. */
static void twins(void **state)
{
    (void)state;
    static const char *const texts[] = {"",   "data bruk", "bruk data", "Og data, i bruk!",
                                        "og", "Data bruk"};
    static const uint32_t want[] = {0, 1, 2, 1, 4, 1};
    g_autoptr(Similarity) s = similarity_new(texts, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(similarity_twin(s, i), want[i]);
    assert_near(similarity_of(s, 1, 3), 1, 1e-12);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_statements),
        cmocka_unit_test(pairs_are_all_there),
        cmocka_unit_test(nearest_are_the_best_of_the_row),
        cmocka_unit_test(ties_go_to_the_first),
        cmocka_unit_test(empty_is_like_nothing),
        cmocka_unit_test(short_words_and_long_ones),
        cmocka_unit_test(twins),
    };
    return cmocka_run_group_tests_name("similarity", tests, NULL, NULL);
}
