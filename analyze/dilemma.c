#include "analyze/dilemma.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>

#include "analyze/rank.h"
#include "analyze/undefined.h"

static bool is_top(int8_t step, unsigned top)
{
    return step <= 31 && (top >> (step - 1) & 1U);
}

Tension dilemma_tension(const int8_t *x, const int8_t *y, size_t n, unsigned top)
{
    g_autofree double *a = g_new(double, n), *b = g_new(double, n);
    size_t both = 0, top_x = 0, top_y = 0;

    for (size_t i = 0; i < n; i++) {
        if (x[i] < 1 || y[i] < 1)
            continue;
        a[both] = x[i];
        b[both++] = y[i];
        top_x += is_top(x[i], top);
        top_y += is_top(y[i], top);
    }
    Tension t = {both, rank_tau_b(a, b, both), UNDEFINED, UNDEFINED, UNDEFINED};
    if (both > 0) {
        t.qx = (double)top_x / (double)both;
        t.qy = (double)top_y / (double)both;
    }
    if (both >= DILEMMA_PEOPLE && is_defined(t.tau))
        t.tension = fmax(0, -t.tau) * sqrt(t.qx * t.qy);
    return t;
}
