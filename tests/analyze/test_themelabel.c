#include "analyze/themelabel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/analyze/near.h"

static char *data = (char *)"data", *deling = (char *)"deling", *press = (char *)"press",
            *economy = (char *)"økonomi";

typedef struct {
    size_t theme, place;
    const char *term;
    double score;
} Want;

static void expect(const GPtrArray *lists, const Want *want, size_t n)
{
    size_t terms = 0;
    for (guint c = 0; c < lists->len; c++)
        terms += ((const GArray *)lists->pdata[c])->len;
    assert_int_equal(terms, n);
    for (size_t i = 0; i < n; i++) {
        const GArray *list = lists->pdata[want[i].theme];
        const ThemeTerm *t = &g_array_index(list, ThemeTerm, want[i].place);
        assert_string_equal(t->term, want[i].term);
        assert_near(t->score, want[i].score, 1e-12);
    }
}

static void scores(void **state)
{
    (void)state;
    static const Want want[] = {
        {0, 0, "data", 0.46209812037329684},  {0, 1, "deling", 0.46209812037329684},
        {1, 0, "press", 0.46209812037329684}, {1, 1, "økonomi", 0.46209812037329684},
        {1, 2, "data", 0.23104906018664842},
    };
    char *a[] = {data, data, deling, NULL}, *b[] = {economy, press, data, NULL};
    char *const *themes[] = {a, b};
    g_autoptr(GPtrArray) lists = theme_ctfidf(themes, 2);
    expect(lists, want, G_N_ELEMENTS(want));
}

/* A theme without terms lowers the mean length and scores nothing. */
static void empty_themes(void **state)
{
    (void)state;
    static const Want want[] = {{0, 0, "data", 0.6931471805599453}};
    char *a[] = {data, NULL}, *b[] = {NULL};
    char *const *themes[] = {a, a, b, b};
    static const Want shared[] = {{0, 0, "data", 0.22314355131420976},
                                  {1, 0, "data", 0.22314355131420976}};
    g_autoptr(GPtrArray) alone = theme_ctfidf(themes, 1);
    g_autoptr(GPtrArray) four = theme_ctfidf(themes, 4);
    g_autoptr(GPtrArray) none = theme_ctfidf(NULL, 0);
    expect(alone, want, 1);
    expect(four, shared, 2);
    assert_int_equal(none->len, 0);
}

static void words_are_surface_forms(void **state)
{
    (void)state;
    static const char *const texts[] = {"Regelverket er gammelt",
                                        "Nytt regelverk, gammelt regelverk",
                                        "Regelverket må endres",
                                        "Kommunene mangler kompetanse",
                                        "Mangel på kompetanse i kommunen",
                                        "",
                                        "Og i det"};
    static const uint32_t first[] = {0, 1, 2}, second[] = {4, 3}, third[] = {5, 6};
    const GArray *members[] = {
        g_array_append_vals(g_array_new(FALSE, FALSE, sizeof(uint32_t)), first, 3),
        g_array_append_vals(g_array_new(FALSE, FALSE, sizeof(uint32_t)), second, 2),
        g_array_append_vals(g_array_new(FALSE, FALSE, sizeof(uint32_t)), third, 2),
    };
    g_autoptr(GPtrArray) words = theme_words(texts, members, 3, 2);
    char *const *a = words->pdata[0], *const *b = words->pdata[1], *const *c = words->pdata[2];
    assert_string_equal(a[0], "regelverk"); /* as often as «regelverket», and before it in bytes */
    assert_string_equal(a[1], "gammelt");
    assert_null(a[2]);
    assert_string_equal(b[0], "kommunen");
    assert_string_equal(b[1], "kompetanse");
    assert_null(c[0]);
    for (size_t m = 0; m < 3; m++)
        g_array_unref((GArray *)members[m]);
}

static void medoids(void **state)
{
    (void)state;
    static const double d[16] = {0,   0.1,  0.6, 0.25, 0.1,  0,    0.65, 0.15,
                                 0.6, 0.65, 0,   0.6,  0.25, 0.15, 0.6,  0};
    static const double tie[9] = {0, 1, 1, 1, 0, 1, 1, 1, 0};
    static const double one[1] = {0};
    assert_int_equal(theme_medoid(d, 4), 1);
    assert_near(theme_distance_sum(d, 4, 1), 0.9, 1e-12);
    assert_int_equal(theme_medoid(tie, 3), 0);
    assert_int_equal(theme_medoid(one, 1), 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores),
        cmocka_unit_test(empty_themes),
        cmocka_unit_test(words_are_surface_forms),
        cmocka_unit_test(medoids),
    };
    return cmocka_run_group_tests_name("themelabel", tests, NULL, NULL);
}
