#include "analyze/krippendorff.h"

#include <glib.h>
#include <gsl/gsl_sort.h>
#include <string.h>

#include "analyze/bootstrap.h"
#include "analyze/random.h"

enum { FEW_VALUES = 32 };

/* The data as counts: count[u * values + v] codings of unit u with the v-th value, rising. */
typedef struct {
    size_t units, values;
    double *value, *count;
    double *size; /* of each unit */
    bool *mixed;  /* codings of the unit differ */
} Table;

static void table_clear(Table *t)
{
    g_free(t->value);
    g_free(t->count);
    g_free(t->size);
    g_free(t->mixed);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Table, table_clear)

/* The distinct values of a scale, rising: few, so each is looked up among those met. Returns
 * FEW_VALUES + 1 when there are more than that. */
static size_t few_values(const double *data, size_t n, double *ret)
{
    size_t met = 0;

    for (size_t i = 0; i < n; i++) {
        size_t at = 0;
        if (!is_defined(data[i]))
            continue;
        while (at < met && ret[at] < data[i])
            at++;
        if (at < met && !(ret[at] > data[i]))
            continue;
        if (met == FEW_VALUES)
            return FEW_VALUES + 1;
        memmove(ret + at + 1, ret + at, (met - at) * sizeof *ret);
        ret[at] = data[i];
        met++;
    }
    return met;
}

static size_t distinct_values(const double *data, size_t n, double *ret)
{
    size_t defined = 0, distinct = few_values(data, n, ret);

    if (distinct <= FEW_VALUES)
        return distinct;
    distinct = 0;

    for (size_t i = 0; i < n; i++)
        if (is_defined(data[i]))
            ret[defined++] = data[i];
    gsl_sort(ret, 1, defined);
    for (size_t i = 0; i < defined; i++)
        if (distinct == 0 || ret[i] > ret[distinct - 1])
            ret[distinct++] = ret[i];
    return distinct;
}

static size_t value_index(const Table *t, double x)
{
    size_t low = 0, high = t->values - 1;
    const double steps = x - t->value[0];

    /* The steps of a scale mostly follow each other, and then there is nothing to search. */
    if (steps < (double)t->values && t->value[(size_t)steps] == x)
        return (size_t)steps;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (t->value[middle] < x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void table_fill(Table *t, const double *data, size_t coders, size_t units)
{
    t->units = units;
    t->value = g_new(double, coders *units + FEW_VALUES + 1);
    t->values = distinct_values(data, coders * units, t->value);
    t->count = g_new0(double, units * t->values + 1);
    t->size = g_new0(double, units + 1);
    for (size_t c = 0; c < coders; c++)
        for (size_t u = 0; u < units; u++) {
            const double x = data[c * units + u];
            if (!is_defined(x))
                continue;
            t->count[u * t->values + value_index(t, x)]++;
            t->size[u]++;
        }
    t->mixed = g_new0(bool, units + 1);
    for (size_t u = 0; u < units; u++)
        for (size_t v = 0; v < t->values; v++)
            t->mixed[u] |=
                t->count[u * t->values + v] > 0 && t->count[u * t->values + v] < t->size[u];
}

/* Sum over ordered pairs of d2 among n[] values at positions `at`. */
static double pair_differences(const double *n, const double *at, size_t values, double size,
                               KrippendorffLevel level)
{
    double first = 0, second = 0;

    if (level == KRIPPENDORFF_NOMINAL) {
        for (size_t v = 0; v < values; v++)
            first += n[v] * (size - n[v]);
        return first;
    }
    for (size_t v = 0; v < values; v++) {
        const double weighted = n[v] * at[v];
        first += weighted;
        second += weighted * at[v];
    }
    return 2 * (size * second - first * first);
}

/* Where each value lies, itself or on the line of all pairable values, seen from the middle of them
 * all: small numbers, of which little is lost when squares are subtracted. */
static void positions(const Table *t, const double *n, double total, KrippendorffLevel level,
                      double *ret_at)
{
    double below = 0, middle = 0;

    for (size_t v = 0; v < t->values; v++) {
        ret_at[v] = level == KRIPPENDORFF_ORDINAL ? below + n[v] / 2 : t->value[v];
        below += n[v];
        middle += n[v] * ret_at[v] / total;
    }
    for (size_t v = 0; v < t->values; v++)
        ret_at[v] -= middle;
}

/* Alpha of every unit taken times[unit] times; n and at are room for one number a value. */
static Krippendorff alpha_of(const Table *t, const uint32_t *times, KrippendorffLevel level,
                             double *n, double *at)
{
    Krippendorff k = {UNDEFINED, 0, 0, UNDEFINED, UNDEFINED, UNDEFINED_TOO_FEW};
    double total = 0, within = 0;

    memset(n, 0, t->values * sizeof *n);
    for (size_t u = 0; u < t->units; u++) {
        const double *count = t->count + u * t->values;
        if (times[u] == 0 || t->size[u] < 2)
            continue;
        k.n_units += times[u];
        total += times[u] * t->size[u];
        for (size_t v = 0; v < t->values; v++)
            n[v] += times[u] * count[v];
    }
    if (k.n_units == 0)
        return k;
    positions(t, n, total, level, at);
    for (size_t u = 0; u < t->units; u++) {
        const double size = t->size[u];
        if (times[u] && t->mixed[u]) /* else all its codings are the same */
            within += times[u] *
                      pair_differences(t->count + u * t->values, at, t->values, size, level) /
                      (size - 1);
    }
    size_t present = 0;
    for (size_t v = 0; v < t->values; v++)
        present += n[v] > 0;
    k.n_pairable = (size_t)total;
    k.observed = within / total;
    k.expected =
        present < 2 ? 0 : pair_differences(n, at, t->values, total, level) / (total * (total - 1));
    k.why = present < 2 ? UNDEFINED_NO_SPREAD : UNDEFINED_NOT;
    if (k.why == UNDEFINED_NOT)
        k.alpha = 1 - k.observed / k.expected;
    return k;
}

static uint32_t *every_unit_once(size_t units)
{
    uint32_t *times = g_new(uint32_t, units + 1);

    for (size_t u = 0; u < units; u++)
        times[u] = 1;
    return times;
}

Krippendorff krippendorff_alpha(const double *data, size_t coders, size_t units,
                                KrippendorffLevel level)
{
    g_auto(Table) t = {0};

    table_fill(&t, data, coders, units);
    g_autofree uint32_t *times = every_unit_once(units);
    g_autofree double *n = g_new(double, t.values + 1);
    g_autofree double *at = g_new(double, t.values + 1);
    return alpha_of(&t, times, level, n, at);
}

static KrippendorffInterval interval_of(const double *replicate, size_t b, double conf)
{
    Bootstrap r = bootstrap_percentile(0, replicate, b, conf);

    return (KrippendorffInterval){.low = r.low,
                                  .high = r.high,
                                  .used = r.used,
                                  .undefined = r.undefined,
                                  .why =
                                      r.why == UNDEFINED_NOT ? UNDEFINED_NOT : UNDEFINED_NO_SPREAD};
}

KrippendorffInterval krippendorff_bootstrap_units(const double *data, size_t coders, size_t units,
                                                  KrippendorffLevel level, gsl_rng *rng, size_t b,
                                                  double conf, size_t min_units)
{
    g_auto(Table) t = {0};

    table_fill(&t, data, coders, units);
    g_autofree uint32_t *times = every_unit_once(units);
    g_autofree uint32_t *pick = g_new(uint32_t, units + 1);
    g_autofree double *n = g_new(double, t.values + 1);
    g_autofree double *at = g_new(double, t.values + 1);
    g_autofree double *replicate = g_new(double, b + 1);
    Krippendorff whole = alpha_of(&t, times, level, n, at);
    if (whole.why != UNDEFINED_NOT || whole.n_units < min_units)
        return (KrippendorffInterval){.low = UNDEFINED,
                                      .high = UNDEFINED,
                                      .why = whole.why != UNDEFINED_NOT ? whole.why
                                                                        : UNDEFINED_TOO_FEW};
    for (size_t r = 0; r < b; r++) {
        random_below(rng, units, units, pick);
        memset(times, 0, units * sizeof *times);
        for (size_t i = 0; i < units; i++)
            times[pick[i]]++;
        replicate[r] = alpha_of(&t, times, level, n, at).alpha;
    }
    return interval_of(replicate, b, conf);
}

typedef struct {
    double d2;    /* of the pair's values */
    double share; /* 2 / (m_u - 1) of its unit */
} Pair;

static double squared_difference(const Table *t, const double *at, double x, double y,
                                 KrippendorffLevel level)
{
    double d = at[value_index(t, x)] - at[value_index(t, y)];

    return level == KRIPPENDORFF_NOMINAL ? x != y : d * d;
}

/* Every pair of codings within a unit, unit by unit, coders in order. */
static GArray *observed_pairs(const Table *t, const double *data, size_t coders, const double *at,
                              KrippendorffLevel level)
{
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(Pair));

    for (size_t u = 0; u < t->units; u++)
        for (size_t i = 0; i < coders; i++)
            for (size_t j = i + 1; j < coders; j++) {
                double x = data[i * t->units + u], y = data[j * t->units + u];
                if (!is_defined(x) || !is_defined(y))
                    continue;
                Pair p = {squared_difference(t, at, x, y, level), 2 / (t->size[u] - 1)};
                g_array_append_val(pairs, p);
            }
    return pairs;
}

KrippendorffInterval krippendorff_bootstrap_pairs(const double *data, size_t coders, size_t units,
                                                  KrippendorffLevel level, gsl_rng *rng, size_t b,
                                                  double conf)
{
    g_auto(Table) t = {0};

    table_fill(&t, data, coders, units);
    g_autofree uint32_t *times = every_unit_once(units);
    g_autofree double *n = g_new(double, t.values + 1);
    g_autofree double *at = g_new(double, t.values + 1);
    g_autofree double *replicate = g_new(double, b + 1);
    Krippendorff whole = alpha_of(&t, times, level, n, at);
    if (whole.why != UNDEFINED_NOT)
        return (KrippendorffInterval){.low = UNDEFINED, .high = UNDEFINED, .why = whole.why};
    g_autoptr(GArray) pairs = observed_pairs(&t, data, coders, at, level);
    const Pair *pair = (const Pair *)(void *)pairs->data;
    for (size_t r = 0; r < b; r++) {
        double sum = 0;
        for (guint i = 0; i < pairs->len; i++)
            sum += pair[i].share * pair[gsl_rng_uniform_int(rng, pairs->len)].d2;
        replicate[r] = fmax(-1, 1 - sum / ((double)whole.n_pairable * whole.expected));
    }
    KrippendorffInterval interval = interval_of(replicate, b, conf);
    interval.n_pairs = pairs->len;
    return interval;
}
