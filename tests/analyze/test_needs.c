#include "analyze/needs.h"

#include <glib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/analyze/near.h"

static const double SHARED = 0.3, PEOPLE = 5;

/* Intervals from an independent implementation of Newcombe's method 10. */
static void three_needs(void **state)
{
    (void)state;
    static const double x[3][2] = {{14, 9}, {8, 1}, {1, 11}};
    static const char *const cls[] = {"shared", "group1", "group2"};
    static const double overlap[] = {0.6, 0.06666666666666667, 0.05};
    static const double low[] = {-0.19774853613873444, 0.039355971345085894, -0.8462981890293935};
    static const double high[] = {0.3875741761241619, 0.5536750469001226, -0.3693720132418261};
    Need needs[3];
    for (size_t i = 0; i < 3; i++) {
        needs[i] = needs_overlap(x[i][0], 20, x[i][1], 15, SHARED, PEOPLE);
        assert_string_equal(needs_class_key(needs[i].cls), cls[i]);
        assert_near(needs[i].overlap, overlap[i], 1e-12);
        assert_near(needs[i].diff.value, needs[i].p1 - needs[i].p2, 1e-12);
        assert_near(needs[i].diff.low, low[i], 1e-9);
        assert_near(needs[i].diff.high, high[i], 1e-9);

        Need turned = needs_overlap(x[i][1], 15, x[i][0], 20, SHARED, PEOPLE);
        assert_near(turned.overlap, needs[i].overlap, 0);
        assert_near(turned.diff.low, -needs[i].diff.high, 1e-12);
    }
    assert_near(needs_ruzicka(needs, 3), 0.3909090909090909, 1e-12);
}

static void small_and_empty_groups(void **state)
{
    (void)state;
    Need small = needs_overlap(4, 4, 9, 10, SHARED, PEOPLE);
    assert_null(needs_class_key(small.cls));
    assert_near(small.overlap, 0.9, 1e-12);
    Need empty = needs_overlap(0, 0, 9, 10, SHARED, PEOPLE);
    assert_int_equal(empty.cls, NEED_UNCLASSED);
    assert_false(is_defined(empty.overlap) || is_defined(empty.diff.value) || is_defined(empty.p1));
    assert_near(empty.p2, 0.9, 1e-12);

    Need nobody = needs_overlap(0, 10, 0, 10, SHARED, PEOPLE);
    assert_string_equal(needs_class_key(nobody.cls), "weak");
    Need both[] = {empty, nobody};
    assert_false(is_defined(needs_ruzicka(both, 2)));
    assert_false(is_defined(needs_ruzicka(NULL, 0)));
}

/* 3 of 10 is 0.3, whatever the last bit says. */
static void the_threshold_belongs_to_it(void **state)
{
    (void)state;
    assert_int_equal(needs_overlap(3, 10, 6, 20, 0.1 + 0.2, PEOPLE).cls, NEED_SHARED);
    assert_int_equal(needs_overlap(3, 10, 5, 20, 0.3, PEOPLE).cls, NEED_FIRST);
}

static void shared_ones_first(void **state)
{
    (void)state;
    Need needs[] = {
        needs_overlap(1, 10, 1, 10, 0.3, PEOPLE), needs_overlap(4, 10, 5, 10, 0.3, PEOPLE),
        needs_overlap(9, 10, 0, 10, 0.3, PEOPLE), needs_overlap(9, 10, 8, 10, 0.3, PEOPLE),
        needs_overlap(5, 10, 4, 10, 0.3, PEOPLE),
    };
    static const uint32_t want[] = {3, 1, 4, 0, 2};
    uint32_t order[5];
    needs_rank(needs, 5, order);
    assert_memory_equal(order, want, sizeof want);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_needs),
        cmocka_unit_test(small_and_empty_groups),
        cmocka_unit_test(the_threshold_belongs_to_it),
        cmocka_unit_test(shared_ones_first),
    };
    return cmocka_run_group_tests_name("needs", tests, NULL, NULL);
}
