#include "analyze/support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/analyze/near.h"

/* r1 (A, interview and workshop), r2 (B, interview), r3 (B, survey); Wilson from statsmodels. */
static const SupportMention four[] = {{1, 0, 0}, {1, 0, 1}, {2, 1, 0}, {3, 1, 2}};

static void counts_distinct_units(void **state)
{
    (void)state;
    Support s = support_count(four, 4, 8);
    assert_int_equal(s.mentions, 4);
    assert_int_equal(s.respondents, 3);
    assert_int_equal(s.orgs, 2);
    assert_int_equal(s.streams, 3);
    assert_near(s.org_share, 0.25, 1e-12);
    assert_near(s.org_share_lo, 0.071479212752109, 1e-9);
    assert_near(s.effective_streams, 2.82842712474619, 1e-9);
}

static void repeats_and_order_change_only_mentions(void **state)
{
    (void)state;
    SupportMention twice[8];
    for (size_t i = 0; i < 8; i++)
        twice[i] = four[(i * 3 + 1) % 4];
    Support a = support_count(four, 4, 8), b = support_count(twice, 8, 8);
    assert_int_equal(b.mentions, 8);
    b.mentions = a.mentions;
    assert_memory_equal(&a, &b, sizeof a);
}

static void documents_have_no_respondent(void **state)
{
    (void)state;
    static const SupportMention documents[] = {
        {NO_INDEX, 5, 3}, {NO_INDEX, 6, 3}, {NO_INDEX, NO_INDEX, 4}};
    Support s = support_count(documents, 3, 10);
    assert_int_equal(s.respondents, 0);
    assert_int_equal(s.orgs, 2);
    assert_int_equal(s.streams, 2);
    assert_near(s.org_share, 0.2, 1e-12);
    assert_false(is_defined(s.stream_entropy) || is_defined(s.effective_streams));
}

static void share_needs_a_total(void **state)
{
    (void)state;
    static const size_t totals[] = {0, 1};
    for (size_t i = 0; i < G_N_ELEMENTS(totals); i++) {
        Support s = support_count(four, 4, totals[i]);
        assert_false(is_defined(s.org_share) || is_defined(s.org_share_lo));
    }
    Support none = support_count(NULL, 0, 8);
    assert_int_equal(none.mentions, 0);
    assert_near(none.org_share, 0, 0);
    assert_false(is_defined(none.effective_streams));
}

static void ranks_column_by_column(void **state)
{
    (void)state;
    static const Support themes[] = {
        {.org_share_lo = UNDEFINED, .streams = 9, .respondents = 99},
        {.org_share_lo = 0.2, .streams = 2, .respondents = 4},
        {.org_share_lo = 0.2 + 1e-14, .streams = 2, .respondents = 5},
        {.org_share_lo = 0.2, .streams = 3, .respondents = 1},
        {.org_share_lo = 0.31, .streams = 1, .respondents = 1},
        {.org_share_lo = 0.2, .streams = 2, .respondents = 5},
        {.org_share_lo = 0.2, .streams = 2, .respondents = 5},
    };
    static const char *const ids[] = {"a", "b", "z", "d", "e", "y", "Y"};
    static const uint32_t want[] = {4, 3, 6, 5, 2, 1, 0};
    uint32_t order[7];
    support_rank(themes, ids, 7, order);
    assert_memory_equal(order, want, sizeof want);
    support_rank(NULL, NULL, 0, NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_distinct_units),
        cmocka_unit_test(repeats_and_order_change_only_mentions),
        cmocka_unit_test(documents_have_no_respondent),
        cmocka_unit_test(share_needs_a_total),
        cmocka_unit_test(ranks_column_by_column),
    };
    return cmocka_run_group_tests_name("support", tests, NULL, NULL);
}
