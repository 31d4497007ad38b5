/* Comparing doubles: cmocka's assert_float_equal sees single precision only. */
#ifndef INNSIKT_TESTS_NEAR_H
#define INNSIKT_TESTS_NEAR_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <math.h>

/* Equal to `tolerance`, or both undefined. */
static inline void assert_near(double got, double want, double tolerance)
{
    if (isnan(got) && isnan(want))
        return;
    if (!(fabs(got - want) <= tolerance * fmax(1, fabs(want))))
        fail_msg("got %.17g, want %.17g", got, want);
}

static inline void assert_undefined(double got)
{
    if (!isnan(got))
        fail_msg("got %.17g, want undefined", got);
}

#endif
