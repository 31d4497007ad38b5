#include "analyze/agreement.h"

#include <glib.h>
#include <gsl/gsl_statistics_double.h>

#include "analyze/compare.h"
#include "analyze/ordinal.h"

#define SPLIT_BELOW -1e-9 /* A of an even spread may come out as -1e-17 */

/* A of one layer: a pattern of empty and non-empty steps, `filled` of them. */
static double layer_agreement(const bool *on, int k, int filled)
{
    double tu = 0, tdu = 0;

    if (filled == 1)
        return 1;
    if (filled == k)
        return 0;
    for (int i = 0; i < k; i++)
        for (int j = i + 1; j < k; j++)
            for (int l = j + 1; l < k; l++) {
                tdu += on[i] && !on[j] && on[l];
                tu += on[j] && on[i] != on[l];
            }
    double u = ((k - 2) * tu - (k - 1) * tdu) / ((k - 2) * (tu + tdu));
    return u * (1 - (filled - 1) / (k - 1.0));
}

double agreement_vdeijk_a(const double *count, int k)
{
    double left[STEPS_MAX], total = 0, a = 0;
    bool on[STEPS_MAX];

    g_assert(k <= STEPS_MAX);
    for (int s = 0; s < k; s++)
        total += left[s] = count[s];
    if (k < 3 || !(total > 0))
        return UNDEFINED;
    for (;;) {
        double least = total;
        int filled = 0;
        for (int s = 0; s < k; s++) {
            on[s] = left[s] > COMPARE_EPSILON * total;
            filled += on[s];
            least = on[s] ? fmin(least, left[s]) : least;
        }
        if (filled == 0)
            return a;
        a += least * filled / total * layer_agreement(on, k, filled);
        for (int s = 0; s < k; s++)
            left[s] = on[s] ? left[s] - least : 0;
    }
}

double agreement_cns(const double *count, int k)
{
    double total = 0, mean = 0, cns = 1;

    for (int s = 0; s < k; s++) {
        total += count[s];
        mean += (s + 1) * count[s];
    }
    if (k < 2 || !(total > 0))
        return UNDEFINED;
    mean /= total;
    for (int s = 0; s < k; s++)
        if (count[s] > 0)
            cns += count[s] / total * log2(1 - fabs(s + 1 - mean) / (k - 1));
    return cns;
}

static Rwg rwg_undefined(int k)
{
    return (Rwg){UNDEFINED, (k * k - 1) / 12.0, UNDEFINED, UNDEFINED};
}

Rwg agreement_rwg(const int8_t *x, size_t n, int k)
{
    g_autofree double *value = g_new(double, n + 1);
    size_t valid = 0;
    Rwg r = rwg_undefined(k);

    for (size_t i = 0; i < n; i++)
        if (x[i] > 0)
            value[valid++] = x[i];
    if (valid < 2)
        return r;
    r.s2 = gsl_stats_variance(value, 1, valid);
    r.raw = 1 - r.s2 / r.sigma_eu;
    r.rwg = fmax(0, r.raw);
    return r;
}

Rwg agreement_rwg_j(const int8_t *x, size_t n, size_t items, int k)
{
    g_autofree double *value = g_new(double, n *items + 1);
    size_t valid = 0;
    Rwg r = rwg_undefined(k);

    for (size_t i = 0; i < n; i++) {
        bool complete = true;
        for (size_t j = 0; j < items; j++) {
            value[valid * items + j] = x[i * items + j];
            complete = complete && x[i * items + j] > 0;
        }
        valid += complete;
    }
    if (valid < 2 || items == 0)
        return r;
    r.s2 = 0;
    for (size_t j = 0; j < items; j++)
        r.s2 += gsl_stats_variance(value + j, items, valid) / (double)items;
    r.raw = 1 - r.s2 / r.sigma_eu;
    double q = fmax(0, r.raw), j = (double)items;
    r.rwg = j * q / (j * q + 1 - q);
    return r;
}

bool agreement_is_split(double a)
{
    return a < SPLIT_BELOW;
}
