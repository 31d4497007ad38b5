#include "analyze/tows.h"

#include <math.h>

#include "analyze/compare.h"
#include "analyze/undefined.h"

static const double STRONGEST = 3;

static int by_score(gconstpointer a, gconstpointer b)
{
    const TowsPair *x = a, *y = b;
    double sx = compare_round(x->score), sy = compare_round(y->score);
    if (is_defined(sx) && sx != sy)
        return sx > sy ? -1 : 1;
    if (x->together != y->together)
        return x->together > y->together ? -1 : 1;
    if (x->internal != y->internal)
        return x->internal < y->internal ? -1 : 1;
    return (x->external > y->external) - (x->external < y->external);
}

/* The pair of two items; false when they are not one internal and one external. */
static bool pair_of(const TowsItem *items, uint32_t internal, uint32_t external, TowsPair *ret)
{
    SwotQuadrant in = items[internal].quadrant, ex = items[external].quadrant;
    if (swot_origin(in) != SWOT_INTERNAL || swot_origin(ex) != SWOT_EXTERNAL)
        return false;
    *ret = (TowsPair){internal, external, {swot_letter(in), swot_letter(ex), '\0'}, UNDEFINED, 0};
    return true;
}

GArray *tows_pairs(const TowsItem *items, size_t n, const TowsLink *links, size_t n_links)
{
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(TowsPair));
    TowsPair pair;

    for (size_t l = 0; l < n_links; l++) {
        uint32_t i = links[l].internal, e = links[l].external;
        if (i >= n || e >= n || !pair_of(items, i, e, &pair))
            continue;
        pair.score = links[l].strength / STRONGEST * sqrt(items[i].share * items[e].share);
        if (compare_round(pair.score) > 0)
            g_array_append_val(pairs, pair);
    }
    g_array_sort(pairs, by_score);
    return pairs;
}

static size_t count_common(const GArray *a, const GArray *b)
{
    size_t i = 0, j = 0, both = 0;
    while (i < a->len && j < b->len) {
        uint32_t x = g_array_index(a, uint32_t, i), y = g_array_index(b, uint32_t, j);
        both += x == y;
        i += x <= y;
        j += y <= x;
    }
    return both;
}

GArray *tows_together(const TowsItem *items, size_t n, const GArray *const *named)
{
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(TowsPair));
    TowsPair pair;

    for (uint32_t i = 0; i < n; i++)
        for (uint32_t e = 0; e < n; e++)
            if (pair_of(items, i, e, &pair) &&
                (pair.together = count_common(named[i], named[e])) > 0)
                g_array_append_val(pairs, pair);
    g_array_sort(pairs, by_score);
    return pairs;
}
