#include "analyze/grouping.h"

#include <math.h>
#include <stdlib.h>

#include "analyze/undefined.h"

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Any labels as 0 … k − 1 in order of first appearance; returns k. */
static uint32_t number_labels(const uint32_t *label, size_t n, uint32_t *ret)
{
    g_autoptr(GHashTable) numbers = g_hash_table_new(NULL, NULL);
    for (size_t i = 0; i < n; i++) {
        gpointer key = GUINT_TO_POINTER(label[i]);
        if (!g_hash_table_contains(numbers, key))
            g_hash_table_insert(numbers, key, GUINT_TO_POINTER(g_hash_table_size(numbers)));
        ret[i] = GPOINTER_TO_UINT(g_hash_table_lookup(numbers, key));
    }
    return g_hash_table_size(numbers);
}

/* The silhouette of item i; sum has room for k. */
static double silhouette_of(const double *distance, const uint32_t *group, size_t n,
                            const size_t *size, uint32_t k, size_t i, double *sum)
{
    double own, next = INFINITY;

    if (size[group[i]] == 1)
        return 0;
    for (uint32_t g = 0; g < k; g++)
        sum[g] = 0;
    for (size_t j = 0; j < n; j++)
        if (j != i)
            sum[group[j]] += distance[i * n + j];
    own = sum[group[i]] / (double)(size[group[i]] - 1);
    for (uint32_t g = 0; g < k; g++)
        if (g != group[i])
            next = fmin(next, sum[g] / (double)size[g]);
    return own == next ? 0 : (next - own) / fmax(own, next);
}

double grouping_silhouette(const double *distance, const uint32_t *label, size_t n, double *values)
{
    g_autofree uint32_t *group = g_new(uint32_t, n);
    uint32_t k = number_labels(label, n, group);
    g_autofree size_t *size = g_new0(size_t, k);
    g_autofree double *sum = g_new(double, k);
    double total = 0;

    for (size_t i = 0; i < n; i++) {
        size[group[i]]++;
        values[i] = UNDEFINED;
    }
    if (k < 2 || k == n)
        return UNDEFINED;
    for (size_t i = 0; i < n; i++) {
        values[i] = silhouette_of(distance, group, n, size, k, i, sum);
        total += values[i];
    }
    return total / (double)n;
}

/* Ends of the runs of equal numbers in a sorted array are what both measures below are made of:
 * each run is one cell, class or cluster. */
typedef struct {
    double pairs;   /* Σ c (c − 1) / 2 over the runs' lengths c */
    double entropy; /* −Σ (c/n) ln(c/n) */
} Runs;

static Runs measure_runs(uint64_t *v, size_t n)
{
    Runs runs = {0, 0};

    qsort(v, n, sizeof *v, ascending);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from; to < n && v[to] == v[from]; to++)
            ;
        double count = (double)(to - from), share = count / (double)n;
        runs.pairs += count * (count - 1) / 2;
        runs.entropy -= share * log(share);
    }
    return runs;
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 1;
}

GroupingAgreement grouping_agreement(const uint32_t *reference, const uint32_t *candidate, size_t n)
{
    g_autofree uint64_t *v = g_new(uint64_t, n);
    GroupingAgreement a = {UNDEFINED, UNDEFINED, UNDEFINED, UNDEFINED};

    if (n == 0)
        return a;
    for (size_t i = 0; i < n; i++)
        v[i] = reference[i];
    Runs classes = measure_runs(v, n);
    for (size_t i = 0; i < n; i++)
        v[i] = candidate[i];
    Runs clusters = measure_runs(v, n);
    for (size_t i = 0; i < n; i++)
        v[i] = (uint64_t)reference[i] << 32 | candidate[i];
    Runs cells = measure_runs(v, n);

    double all = (double)n * ((double)n - 1) / 2;
    double chance = all > 0 ? classes.pairs * clusters.pairs / all : 0;
    double most = (classes.pairs + clusters.pairs) / 2;
    double shared = fmax(classes.entropy + clusters.entropy - cells.entropy, 0);
    a.ari = most > chance || most < chance ? (cells.pairs - chance) / (most - chance) : 1;
    a.homogeneity = fmin(ratio(shared, classes.entropy), 1);
    a.completeness = fmin(ratio(shared, clusters.entropy), 1);
    double sum = a.homogeneity + a.completeness;
    a.v_measure = sum > 0 ? 2 * a.homogeneity * a.completeness / sum : 0;
    return a;
}
