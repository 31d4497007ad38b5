#include "analyze/effect.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>

#include "analyze/compare.h"

typedef struct {
    double m, n; /* sizes */
    double delta;
    double rows, columns, cells; /* sums of squares around delta */
} Dominance;

static int sign_of(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* Mean of sign(a - step) over the answers y: how step a stands against the other group. */
static double dominance_of(size_t a, const size_t *y, size_t k, double n)
{
    double sum = 0;

    for (size_t b = 0; b < k; b++)
        sum += sign_of(a, b) * (double)y[b];
    return sum / n;
}

static Dominance dominance(const size_t *x, const size_t *y, size_t k)
{
    Dominance d = {0};
    double sum = 0;

    for (size_t a = 0; a < k; a++) {
        d.m += (double)x[a];
        d.n += (double)y[a];
    }
    if (!(d.m > 0 && d.n > 0)) {
        d.delta = UNDEFINED;
        return d;
    }
    for (size_t a = 0; a < k; a++)
        for (size_t b = 0; b < k; b++)
            sum += sign_of(a, b) * (double)x[a] * (double)y[b];
    d.delta = sum / (d.m * d.n);
    for (size_t a = 0; a < k; a++) {
        double row = dominance_of(a, y, k, d.n) - d.delta;
        double column = -dominance_of(a, x, k, d.m) - d.delta;
        d.rows += (double)x[a] * row * row;
        d.columns += (double)y[a] * column * column;
        for (size_t b = 0; b < k; b++) {
            double cell = sign_of(a, b) - d.delta;
            d.cells += (double)x[a] * (double)y[b] * cell * cell;
        }
    }
    return d;
}

CliffDelta effect_cliff_delta(const size_t *x, const size_t *y, size_t k, double conf)
{
    Dominance d = dominance(x, y, k);
    double mn = d.m * d.n, rest = 1 - d.delta * d.delta;
    CliffDelta e = {d.delta, UNDEFINED, UNDEFINED, UNDEFINED};

    if (!is_defined(d.delta) || d.m < 2 || d.n < 2)
        return e;
    e.var =
        fmax((d.n * d.n * d.rows + d.m * d.m * d.columns - d.cells) / (mn * (d.m - 1) * (d.n - 1)),
             rest / (mn - 1));
    if (rest < COMPARE_EPSILON)
        return e;
    double z = gsl_cdf_ugaussian_Pinv(0.5 + conf / 2), zs = z * sqrt(e.var);
    double centre = d.delta - d.delta * d.delta * d.delta;
    double half = zs * sqrt(rest * rest + zs * zs);
    e.low = (centre - half) / (rest + zs * zs);
    e.high = (centre + half) / (rest + zs * zs);
    return e;
}

EffectRules effect_rules_default(void)
{
    return (EffectRules){.small = 0.147, .medium = 0.33, .large = 0.474};
}

EffectWord effect_word(double delta, const EffectRules *rules)
{
    double size = compare_round(fabs(delta));

    if (!is_defined(delta))
        return EFFECT_NONE;
    if (size >= rules->large)
        return EFFECT_LARGE;
    if (size >= rules->medium)
        return EFFECT_MEDIUM;
    return size >= rules->small ? EFFECT_SMALL : EFFECT_NEGLIGIBLE;
}

const char *effect_word_key(EffectWord word)
{
    static const char *const key[] = {"", "negligible", "small", "medium", "large"};

    return key[word];
}
