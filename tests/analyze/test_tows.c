#include "analyze/tows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/undefined.h"
#include "tests/analyze/near.h"

static const TowsItem items[] = {
    {SWOT_STRENGTH, 0.8}, {SWOT_OPPORTUNITY, 0.6}, {SWOT_WEAKNESS, 0.5},
    {SWOT_THREAT, 0.4},   {SWOT_STRENGTH, 0},      {SWOT_UNCLASSIFIED, 0.9},
};
enum { N_ITEMS = sizeof items / sizeof items[0] };

static void best_links_first(void **state)
{
    (void)state;
    static const TowsLink links[] = {
        {0, 3, 1}, {2, 3, 2}, {0, 1, 3}, {4, 1, 3}, /* the last has nobody behind it */
        {2, 1, 0}, {1, 0, 3}, {0, 2, 3}, {0, 5, 3},
        {0, 9, 3} /* no link, wrong ends, no such item */
    };
    g_autoptr(GArray) pairs = tows_pairs(items, N_ITEMS, links, G_N_ELEMENTS(links));
    static const char *const cells[] = {"SO", "WT", "ST"};
    static const double scores[] = {0.6928203230275509, 0.2981423969999719, 0.1885618083164127};
    assert_int_equal(pairs->len, 3);
    for (guint i = 0; i < 3; i++) {
        const TowsPair *p = &g_array_index(pairs, TowsPair, i);
        assert_string_equal(p->cell, cells[i]);
        assert_near(p->score, scores[i], 1e-12);
    }
}

static void equal_scores_keep_declared_order(void **state)
{
    (void)state;
    static const TowsItem even[] = {
        {SWOT_THREAT, 0.3}, {SWOT_STRENGTH, 0.3}, {SWOT_WEAKNESS, 0.3}, {SWOT_OPPORTUNITY, 0.3}};
    static const TowsLink links[] = {{2, 3, 2}, {2, 0, 2}, {1, 3, 2}, {1, 0, 2}};
    static const char *const cells[] = {"ST", "SO", "WT", "WO"};
    g_autoptr(GArray) pairs = tows_pairs(even, 4, links, 4);
    assert_int_equal(pairs->len, 4);
    for (guint i = 0; i < 4; i++)
        assert_string_equal(g_array_index(pairs, TowsPair, i).cell, cells[i]);
}

static void those_named_together(void **state)
{
    (void)state;
    static const uint32_t who[N_ITEMS][3] = {{1, 4, 7}, {4, 7, 9},   {9, 10, 11},
                                             {1, 2, 3}, {9, 12, 13}, {1, 4, 7}};
    const GArray *named[N_ITEMS];
    for (size_t i = 0; i < N_ITEMS; i++) {
        GArray *list = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        named[i] = g_array_append_vals(list, who[i], 3);
    }
    g_autoptr(GArray) pairs = tows_together(items, N_ITEMS, named);
    static const TowsPair want[] = {
        {0, 1, "SO", 0, 2}, {0, 3, "ST", 0, 1}, {2, 1, "WO", 0, 1}, {4, 1, "SO", 0, 1}};
    assert_int_equal(pairs->len, 4);
    for (guint i = 0; i < 4; i++) {
        const TowsPair *p = &g_array_index(pairs, TowsPair, i);
        assert_int_equal(p->internal, want[i].internal);
        assert_int_equal(p->external, want[i].external);
        assert_int_equal(p->together, want[i].together);
        assert_string_equal(p->cell, want[i].cell);
        assert_false(is_defined(p->score));
    }
    for (size_t i = 0; i < N_ITEMS; i++)
        g_array_unref((GArray *)named[i]);
}

static void nothing_linked(void **state)
{
    (void)state;
    g_autoptr(GArray) pairs = tows_pairs(items, N_ITEMS, NULL, 0);
    g_autoptr(GArray) together = tows_together(NULL, 0, NULL);
    assert_int_equal(pairs->len + together->len, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(best_links_first),
        cmocka_unit_test(equal_scores_keep_declared_order),
        cmocka_unit_test(those_named_together),
        cmocka_unit_test(nothing_linked),
    };
    return cmocka_run_group_tests_name("tows", tests, NULL, NULL);
}
