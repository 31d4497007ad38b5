#include "analyze/cluster.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/compare.h"
#include "analyze/undefined.h"

/* Clusters live in slots 0 … n − 1: a merge keeps one slot and empties the other. Live slots form a
 * list in order of id; a new cluster has the highest id, so it goes to the end. */
typedef struct {
    size_t n;
    double *distance;      /* condensed: pair (i, j), i < j */
    uint32_t *id, *size;   /* per slot */
    uint32_t *next, *prev; /* the list; slot n is both its ends */
    uint32_t *nearest;     /* slot of the nearest other cluster, lowest id on ties */
    double *near;          /* its distance, to 12 decimals */
} Linkage;

static double *cell(const Linkage *l, size_t i, size_t j)
{
    size_t low = i < j ? i : j, high = i < j ? j : i;
    return &l->distance[low * (2 * l->n - low - 1) / 2 + high - low - 1];
}

/* Looks for the nearest neighbour of a slot. Nothing is nearer than `bound`, so the first cluster
 * at that distance ends the search: what keeps many equal distances from costing n³. */
static void find_nearest(Linkage *l, uint32_t slot, double bound)
{
    l->near[slot] = INFINITY;
    l->nearest[slot] = slot;
    for (uint32_t o = l->next[l->n]; o != l->n && l->near[slot] > bound; o = l->next[o]) {
        double d = o == slot ? INFINITY : compare_round(*cell(l, slot, o));
        if (d < l->near[slot]) {
            l->near[slot] = d;
            l->nearest[slot] = o;
        }
    }
}

static void linkage_init(Linkage *l, size_t n)
{
    l->n = n;
    l->distance = g_new(double, n *(n - 1) / 2);
    l->id = g_new(uint32_t, n);
    l->size = g_new(uint32_t, n);
    l->next = g_new(uint32_t, n + 1);
    l->prev = g_new(uint32_t, n + 1);
    l->nearest = g_new(uint32_t, n);
    l->near = g_new(double, n);
    for (uint32_t i = 0; i <= n; i++) {
        l->next[i] = i < n ? i + 1 : 0;
        l->prev[i] = i > 0 ? i - 1 : (uint32_t)n;
    }
    for (uint32_t i = 0; i < n; i++) {
        l->id[i] = i;
        l->size[i] = 1;
    }
}

static void linkage_clear(Linkage *l)
{
    g_free(l->distance);
    g_free(l->id);
    g_free(l->size);
    g_free(l->next);
    g_free(l->prev);
    g_free(l->nearest);
    g_free(l->near);
}

/* The slot whose nearest neighbour makes the pair to merge: smallest distance, then smallest ids.
 */
static uint32_t best_slot(const Linkage *l)
{
    uint32_t best = l->next[l->n];
    for (uint32_t s = l->next[best]; s != l->n; s = l->next[s]) {
        uint32_t low_s = MIN(l->id[s], l->id[l->nearest[s]]);
        uint32_t low_best = MIN(l->id[best], l->id[l->nearest[best]]);
        uint32_t high_s = MAX(l->id[s], l->id[l->nearest[s]]);
        uint32_t high_best = MAX(l->id[best], l->id[l->nearest[best]]);
        bool same = l->near[s] == l->near[best];
        if (l->near[s] < l->near[best] || (same && low_s < low_best) ||
            (same && low_s == low_best && high_s < high_best))
            best = s;
    }
    return best;
}

static void unlink_slot(Linkage *l, uint32_t slot)
{
    l->next[l->prev[slot]] = l->next[slot];
    l->prev[l->next[slot]] = l->prev[slot];
}

static void append_slot(Linkage *l, uint32_t slot)
{
    uint32_t last = l->prev[l->n];
    l->next[last] = l->prev[l->n] = slot;
    l->prev[slot] = last;
    l->next[slot] = (uint32_t)l->n;
}

/* Joins the cluster of slot y to that of slot x, under a new id. */
static void merge_slots(Linkage *l, uint32_t x, uint32_t y, uint32_t id)
{
    double sx = l->size[x], sy = l->size[y];

    unlink_slot(l, x);
    unlink_slot(l, y);
    for (uint32_t o = l->next[l->n]; o != l->n; o = l->next[o])
        *cell(l, x, o) = (sx * *cell(l, x, o) + sy * *cell(l, y, o)) / (sx + sy);
    append_slot(l, x);
    l->id[x] = id;
    l->size[x] += l->size[y];

    find_nearest(l, x, -INFINITY);
    /* A mean is never below the smaller of its parts, so others keep their neighbour, or find one
     * no nearer than the one they lost. */
    for (uint32_t o = l->next[l->n]; o != x; o = l->next[o])
        if (l->nearest[o] == x || l->nearest[o] == y)
            find_nearest(l, o, l->near[o]);
}

/* Merges up to and including the height `stop`; returns how many merges were made. */
static size_t link_all(Linkage *l, double stop, ClusterMerge *ret)
{
    size_t steps = 0;

    for (uint32_t s = 0; s < l->n; s++)
        find_nearest(l, s, -INFINITY);
    for (; steps + 1 < l->n; steps++) {
        uint32_t x = best_slot(l), y = l->nearest[x];
        if (l->near[x] > stop)
            break;
        ret[steps] = (ClusterMerge){MIN(l->id[x], l->id[y]), MAX(l->id[x], l->id[y]),
                                    *cell(l, x, y), l->size[x] + l->size[y]};
        merge_slots(l, x, y, (uint32_t)(l->n + steps));
    }
    return steps;
}

void cluster_average(const double *distance, size_t n, ClusterMerge *ret)
{
    Linkage l;

    if (n < 2)
        return;
    linkage_init(&l, n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            *cell(&l, i, j) = distance[i * n + j];
    link_all(&l, INFINITY, ret);
    linkage_clear(&l);
}

/* Labels of n leaves after the given steps, 1 … in order of first member. */
static uint32_t label_leaves(const ClusterMerge *merges, size_t steps, size_t n, uint32_t *label)
{
    g_autofree uint32_t *parent = g_new(uint32_t, n + steps);
    g_autofree uint32_t *number = g_new0(uint32_t, n + steps);
    uint32_t clusters = 0;

    for (uint32_t i = 0; i < n + steps; i++)
        parent[i] = i;
    for (size_t s = 0; s < steps; s++)
        parent[merges[s].a] = parent[merges[s].b] = (uint32_t)(n + s);
    for (size_t i = n + steps; i-- > 0;) /* parents have higher numbers: top down */
        parent[i] = parent[parent[i]];
    for (size_t i = 0; i < n; i++) {
        if (number[parent[i]] == 0)
            number[parent[i]] = ++clusters;
        label[i] = number[parent[i]];
    }
    return clusters;
}

uint32_t cluster_cut(const ClusterMerge *merges, size_t n, double cut, uint32_t *label)
{
    size_t steps = 0;
    while (steps + 1 < n && compare_round(merges[steps].height) <= cut)
        steps++;
    return label_leaves(merges, steps, n, label);
}

static uint32_t find_root(uint32_t *group, uint32_t i)
{
    while (group[i] != i)
        i = group[i] = group[group[i]];
    return i;
}

static void join(uint32_t *group, uint32_t a, uint32_t b)
{
    uint32_t x = find_root(group, a), y = find_root(group, b);
    group[x > y ? x : y] = x > y ? y : x;
}

/* Distinct statements among the members. place[m]: which of them member m is; weight: how many
 * members each stands for. */
typedef struct {
    size_t n;
    uint32_t *statement, *weight, *place;
} Distinct;

static Distinct distinct_members(const Similarity *index, const uint32_t *members, size_t n)
{
    Distinct d = {0, g_new(uint32_t, n), g_new0(uint32_t, n), g_new(uint32_t, n)};
    g_autofree uint32_t *known = g_new0(uint32_t, similarity_size(index)); /* by twin, plus 1 */

    for (size_t m = 0; m < n; m++) {
        uint32_t *place = &known[similarity_twin(index, members[m])];
        if (*place == 0) {
            d.statement[d.n++] = members[m];
            *place = (uint32_t)d.n;
        }
        d.place[m] = *place - 1;
        d.weight[*place - 1]++;
    }
    return d;
}

/* Joins distinct statements that are alike enough to be in one cluster: lowest place of each chain.
 */
static uint32_t *find_chains(const Similarity *index, const Distinct *d, double least)
{
    g_autofree double *row = g_new(double, similarity_size(index));
    uint32_t *chain = g_new(uint32_t, d->n);

    for (uint32_t i = 0; i < d->n; i++)
        chain[i] = i;
    for (uint32_t i = 0; i < d->n; i++) {
        similarity_row(index, d->statement[i], row);
        for (uint32_t j = i + 1; j < d->n; j++)
            if (compare_round(row[d->statement[j]]) >= least)
                join(chain, i, j);
    }
    for (uint32_t i = 0; i < d->n; i++)
        chain[i] = find_root(chain, i);
    return chain;
}

/* Clusters the distinct statements at `place` (n of them) and writes to head[] of each the place of
 * the first in its cluster. */
static void cluster_chain(const Similarity *index, const Distinct *d, const uint32_t *place,
                          size_t n, double cut, uint32_t *head)
{
    g_autofree ClusterMerge *merges = g_new(ClusterMerge, n);
    g_autofree uint32_t *label = g_new(uint32_t, n), *first = g_new(uint32_t, n + 1);
    g_autofree double *row = g_new(double, similarity_size(index));
    Linkage l;

    linkage_init(&l, n);
    for (size_t i = 0; i < n; i++) {
        l.size[i] = d->weight[place[i]];
        similarity_row(index, d->statement[place[i]], row);
        for (size_t j = i + 1; j < n; j++)
            *cell(&l, i, j) = 1 - row[d->statement[place[j]]];
    }
    label_leaves(merges, link_all(&l, cut, merges), n, label);
    linkage_clear(&l);
    for (size_t i = n; i-- > 0;)
        first[label[i]] = place[i];
    for (size_t i = 0; i < n; i++)
        head[place[i]] = first[label[i]];
}

static void cluster_chains(const Similarity *index, const Distinct *d, uint32_t *chain, double cut,
                           uint32_t *head)
{
    g_autofree uint32_t *start = g_new0(uint32_t, d->n + 1), *place = g_new(uint32_t, d->n);

    for (size_t i = 0; i < d->n; i++)
        start[chain[i] + 1]++;
    for (size_t i = 0; i < d->n; i++)
        start[i + 1] += start[i];
    g_autofree uint32_t *at = g_memdup2(start, (d->n + 1) * sizeof *start);
    for (uint32_t i = 0; i < d->n; i++)
        place[at[chain[i]]++] = i;
    for (size_t c = 0; c < d->n; c++)
        if (start[c + 1] > start[c])
            cluster_chain(index, d, place + start[c], start[c + 1] - start[c], cut, head);
}

uint32_t *cluster_similar(const Similarity *index, const uint32_t *members, size_t n, double cut)
{
    Distinct d = distinct_members(index, members, n);
    g_autofree uint32_t *chain = find_chains(index, &d, compare_round(1 - cut));
    g_autofree uint32_t *head = g_new(uint32_t, d.n), *number = g_new0(uint32_t, d.n);
    uint32_t *label = g_new(uint32_t, n), clusters = 0;

    cluster_chains(index, &d, chain, cut, head);
    for (size_t m = 0; m < n; m++) {
        uint32_t *known = &number[head[d.place[m]]];
        if (*known == 0)
            *known = ++clusters;
        label[m] = *known;
    }
    g_free(d.statement);
    g_free(d.weight);
    g_free(d.place);
    return label;
}
