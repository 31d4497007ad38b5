#include "analyze/cluster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include "tests/analyze/near.h"

static const double five[25] = {0,    0.1,  0.6,  0.75, 0.9, 0.1,  0,    0.65, 0.7,
                                0.95, 0.6,  0.65, 0,    0.3, 0.8,  0.75, 0.7,  0.3,
                                0,    0.85, 0.9,  0.95, 0.8, 0.85, 0};

/* Same merges and heights as SciPy's linkage(method="average"). */
static void five_points(void **state)
{
    (void)state;
    static const ClusterMerge want[] = {
        {0, 1, 0.1, 2}, {2, 3, 0.3, 2}, {5, 6, 0.675, 4}, {4, 7, 0.875, 5}};
    static const struct {
        double cut;
        uint32_t labels[5], n;
    } cuts[] = {
        {0.05, {1, 2, 3, 4, 5}, 5},
        {0.1, {1, 1, 2, 3, 4}, 4},
        {0.7, {1, 1, 1, 1, 2}, 2},
        {2, {1, 1, 1, 1, 1}, 1},
    };
    ClusterMerge merges[4];
    cluster_average(five, 5, merges);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(merges[i].a, want[i].a);
        assert_int_equal(merges[i].b, want[i].b);
        assert_int_equal(merges[i].size, want[i].size);
        assert_near(merges[i].height, want[i].height, 1e-12);
    }
    for (size_t c = 0; c < G_N_ELEMENTS(cuts); c++) {
        uint32_t label[5];
        assert_int_equal(cluster_cut(merges, 5, cuts[c].cut, label), cuts[c].n);
        assert_memory_equal(label, cuts[c].labels, sizeof label);
    }
}

static double *random_distances(GRand *rand, size_t n, int levels)
{
    double *d = g_new0(double, n *n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            d[i * n + j] = d[j * n + i] =
                levels ? g_rand_int_range(rand, 1, levels + 1) / (double)levels
                       : g_rand_double(rand);
    return d;
}

/* The definition, carried out by looking at every pair of clusters at every step. */
static void link_plainly(const double *distance, size_t n, ClusterMerge *ret)
{
    g_autofree uint32_t *cluster = g_new(uint32_t, n);
    for (uint32_t i = 0; i < n; i++)
        cluster[i] = i;
    for (size_t s = 0; s + 1 < n; s++) {
        ClusterMerge best = {0, 0, INFINITY, 0};
        for (uint32_t a = 0; a < n + s; a++)
            for (uint32_t b = a + 1; b < n + s; b++) {
                double sum = 0;
                uint32_t pairs = 0, in_a = 0, in_b = 0;
                for (size_t i = 0; i < n; i++) {
                    in_a += cluster[i] == a;
                    in_b += cluster[i] == b;
                    for (size_t j = 0; j < n; j++)
                        if (cluster[i] == a && cluster[j] == b) {
                            sum += distance[i * n + j];
                            pairs++;
                        }
                }
                if (pairs && round(sum / pairs * 1e12) < round(best.height * 1e12))
                    best = (ClusterMerge){a, b, sum / pairs, in_a + in_b};
            }
        for (size_t i = 0; i < n; i++)
            if (cluster[i] == best.a || cluster[i] == best.b)
                cluster[i] = (uint32_t)(n + s);
        ret[s] = best;
    }
}

/* Also with many ties: few levels of distance, down to one. */
static void merges_are_those_of_the_definition(void **state)
{
    (void)state;
    enum { SIZE = 13 };
    static const int levels[] = {0, 0, 0, 7, 3, 3, 2, 2, 1};
    GRand *rand = g_rand_new_with_seed(4711);
    for (size_t l = 0; l < G_N_ELEMENTS(levels); l++) {
        for (int round = 0; round < 10; round++) {
            g_autofree double *d = random_distances(rand, SIZE, levels[l]);
            ClusterMerge got[SIZE - 1], want[SIZE - 1];
            cluster_average(d, SIZE, got);
            link_plainly(d, SIZE, want);
            for (size_t s = 0; s < SIZE - 1; s++) {
                assert_int_equal(got[s].a, want[s].a);
                assert_int_equal(got[s].b, want[s].b);
                assert_int_equal(got[s].size, want[s].size);
                assert_near(got[s].height, want[s].height, 1e-9);
                assert_true(s == 0 || got[s].height >= got[s - 1].height - 1e-12);
            }
        }
    }
    g_rand_free(rand);
}

/* The same items in another order: the same groups, whatever they are called. */
static void order_does_not_matter(void **state)
{
    (void)state;
    enum { SIZE = 60 };
    GRand *rand = g_rand_new_with_seed(60);
    g_autofree double *d = random_distances(rand, SIZE, 0);
    double turned[SIZE * SIZE];
    for (size_t i = 0; i < SIZE; i++)
        for (size_t j = 0; j < SIZE; j++)
            turned[i * SIZE + j] = d[(i * 17 + 5) % SIZE * SIZE + (j * 17 + 5) % SIZE];
    ClusterMerge a[SIZE - 1], b[SIZE - 1];
    uint32_t la[SIZE], lb[SIZE];
    cluster_average(d, SIZE, a);
    cluster_average(turned, SIZE, b);
    for (int c = 1; c < 20; c++) {
        assert_int_equal(cluster_cut(a, SIZE, c / 20.0, la), cluster_cut(b, SIZE, c / 20.0, lb));
        for (size_t i = 0; i < SIZE; i++)
            for (size_t j = 0; j < i; j++)
                assert_int_equal(lb[i] == lb[j],
                                 la[(i * 17 + 5) % SIZE] == la[(j * 17 + 5) % SIZE]);
    }
    g_rand_free(rand);
}

static void none_and_one(void **state)
{
    (void)state;
    ClusterMerge merges[1];
    uint32_t label[1] = {77};
    double one = 0;
    cluster_average(NULL, 0, NULL);
    assert_int_equal(cluster_cut(NULL, 0, 0.5, NULL), 0);
    cluster_average(&one, 1, merges);
    assert_int_equal(cluster_cut(merges, 1, 0.5, label), 1);
    assert_int_equal(label[0], 1);
}

/* Thousands of equal distances must not cost the cube. */
static void equal_distances_are_quick(void **state)
{
    (void)state;
    enum { SIZE = 1500 };
    g_autofree double *d = g_new(double, SIZE *SIZE);
    g_autofree ClusterMerge *merges = g_new(ClusterMerge, SIZE);
    g_autofree uint32_t *label = g_new(uint32_t, SIZE);
    for (size_t i = 0; i < SIZE * SIZE; i++)
        d[i] = 1;
    gint64 start = g_get_monotonic_time();
    cluster_average(d, SIZE, merges);
    assert_true(g_get_monotonic_time() - start < 20 * G_USEC_PER_SEC);
    assert_int_equal(cluster_cut(merges, SIZE, 0.99, label), SIZE);
    assert_int_equal(cluster_cut(merges, SIZE, 1, label), 1);
}

static char **random_statements(guint32 seed, size_t n)
{
    static const char *const words[] = {"helsedata", "deling",  "regelverk", "kompetanse",
                                        "digital",   "styring", "kommune",   "fastlege",
                                        "sykehus",   "pasient", "journal",   "drift",
                                        "sikkerhet", "tilgang", "marked"};
    GRand *rand = g_rand_new_with_seed(seed);
    char **texts = g_new0(char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        GString *s = g_string_new("og ");
        for (int w = g_rand_int_range(rand, 0, 7); w > 0; w--)
            g_string_append_printf(s, "%s%d ",
                                   words[g_rand_int_range(rand, 0, G_N_ELEMENTS(words))],
                                   g_rand_int_range(rand, 0, 3));
        texts[i] = g_string_free(s, FALSE);
    }
    g_rand_free(rand);
    return texts;
}

/* Cutting chain by chain gives the groups of the whole dendrogram. Members are every other one. */
static void statements_as_in_the_dendrogram(void **state)
{
    (void)state;
    enum { ALL = 240, SIZE = ALL / 2 };
    static const double cuts[] = {0.2, 0.5, 0.75, 0.9, 0.999};
    g_auto(GStrv) texts = random_statements(1848, ALL);
    g_autoptr(Similarity) index = similarity_new((const char *const *)texts, ALL);
    uint32_t members[SIZE], want[SIZE];
    double d[SIZE * SIZE];
    ClusterMerge merges[SIZE];
    for (uint32_t i = 0; i < SIZE; i++)
        members[i] = 2 * i;
    for (size_t i = 0; i < SIZE; i++)
        for (size_t j = 0; j < SIZE; j++)
            d[i * SIZE + j] = 1 - similarity_of(index, members[i], members[j]);
    cluster_average(d, SIZE, merges);
    for (size_t c = 0; c < G_N_ELEMENTS(cuts); c++) {
        g_autofree uint32_t *got = cluster_similar(index, members, SIZE, cuts[c]);
        cluster_cut(merges, SIZE, cuts[c], want);
        assert_memory_equal(got, want, sizeof want);
    }
}

static void copies_and_empty_statements(void **state)
{
    (void)state;
    enum { SIZE = 4000 };
    const char *texts[SIZE];
    uint32_t members[SIZE];
    for (uint32_t i = 0; i < SIZE; i++) {
        texts[i] = i % 4 == 0   ? "Mye helsedata"
                   : i % 4 == 1 ? "Teknisk gjeld"
                   : i % 4 == 2 ? "MYE HELSEDATA!"
                                : "";
        members[i] = i;
    }
    g_autoptr(Similarity) index = similarity_new(texts, SIZE);
    g_autofree uint32_t *label = cluster_similar(index, members, SIZE, 0.75);
    for (uint32_t i = 0; i < SIZE; i++)
        assert_int_equal(label[i], i % 4 == 3 ? 3 + i / 4 : i % 4 == 1 ? 2 : 1);
    g_autofree uint32_t *none = cluster_similar(index, NULL, 0, 0.75);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_points),
        cmocka_unit_test(merges_are_those_of_the_definition),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(none_and_one),
        cmocka_unit_test(equal_distances_are_quick),
        cmocka_unit_test(statements_as_in_the_dendrogram),
        cmocka_unit_test(copies_and_empty_statements),
    };
    return cmocka_run_group_tests_name("cluster", tests, NULL, NULL);
}
