#include "analyze/dilemma.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analyze/undefined.h"
#include "tests/analyze/near.h"

enum { TOP = 0xC }; /* steps 3 and 4 */

static const int8_t x[] = {4, 4, 3, 4, 1, 2, 1, 3, 4, 2, 1, 1};
static const int8_t y[] = {1, 2, 2, 1, 4, 3, 4, 2, 1, 3, 4, 3};

/* τ_b from SciPy. */
static void opposed(void **state)
{
    (void)state;
    Tension t = dilemma_tension(x, y, 12, TOP);
    assert_int_equal(t.n, 12);
    assert_near(t.tau, -0.9058216273156766, 1e-12);
    assert_near(t.qx, 0.5, 1e-12);
    assert_near(t.qy, 0.5, 1e-12);
    assert_near(t.tension, 0.4529108136578383, 1e-12);
    assert_near(dilemma_tension(y, x, 12, TOP).tension, t.tension, 1e-12);
    assert_near(dilemma_tension(x, x, 12, TOP).tension, 0, 0);
}

static void missing_ratings_drop_out(void **state)
{
    (void)state;
    int8_t a[15], b[15];
    memcpy(a, x, sizeof x);
    memcpy(b, y, sizeof y);
    a[12] = 0, b[12] = 4;
    a[13] = 2, b[13] = -5;
    a[14] = -1, b[14] = 0;
    assert_near(dilemma_tension(a, b, 15, TOP).tension, 0.4529108136578383, 1e-12);
}

static void too_few_or_all_alike(void **state)
{
    (void)state;
    Tension nine = dilemma_tension(x, y, 9, TOP);
    assert_true(is_defined(nine.tau) && is_defined(nine.qx));
    assert_false(is_defined(nine.tension));
    static const int8_t same[12] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3};
    Tension flat = dilemma_tension(x, same, 12, TOP);
    assert_false(is_defined(flat.tau) || is_defined(flat.tension));
    Tension none = dilemma_tension(NULL, NULL, 0, TOP);
    assert_false(is_defined(none.qx) || is_defined(none.tension));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(opposed),
        cmocka_unit_test(missing_ratings_drop_out),
        cmocka_unit_test(too_few_or_all_alike),
    };
    return cmocka_run_group_tests_name("dilemma", tests, NULL, NULL);
}
