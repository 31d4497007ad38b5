#include "analyze/needs.h"

#include <glib.h>
#include <math.h>

#include "analyze/compare.h"
#include "analyze/proportion.h"

static NeedClass classify(const Need *need, double n1, double n2, double shared, double people)
{
    if (!(n1 >= people && n2 >= people))
        return NEED_UNCLASSED;
    bool first = compare_round(need->p1) >= compare_round(shared);
    bool second = compare_round(need->p2) >= compare_round(shared);
    if (first && second)
        return NEED_SHARED;
    return first ? NEED_FIRST : second ? NEED_SECOND : NEED_WEAK;
}

Need needs_overlap(double x1, double n1, double x2, double n2, double shared, double people)
{
    Need need = {n1 > 0 ? x1 / n1 : UNDEFINED, n2 > 0 ? x2 / n2 : UNDEFINED, UNDEFINED,
                 ESTIMATE_UNDEFINED, NEED_UNCLASSED};

    if (is_defined(need.p1) && is_defined(need.p2)) {
        need.overlap = fmin(need.p1, need.p2);
        need.diff = proportion_newcombe_diff(x1, n1, x2, n2, 0.95);
    }
    need.cls = classify(&need, n1, n2, shared, people);
    return need;
}

double needs_ruzicka(const Need *needs, size_t n)
{
    double low = 0, high = 0;

    for (size_t i = 0; i < n; i++) {
        if (!is_defined(needs[i].overlap))
            continue;
        low += needs[i].overlap;
        high += fmax(needs[i].p1, needs[i].p2);
    }
    return high > 0 ? low / high : UNDEFINED;
}

static int best_first(gconstpointer a, gconstpointer b, gpointer needs)
{
    const Need *x = &((const Need *)needs)[*(const uint32_t *)a];
    const Need *y = &((const Need *)needs)[*(const uint32_t *)b];
    bool shared_x = x->cls == NEED_SHARED, shared_y = y->cls == NEED_SHARED;

    if (shared_x != shared_y)
        return shared_x ? -1 : 1;
    if (!shared_x)
        return 0;
    double ox = compare_round(x->overlap), oy = compare_round(y->overlap);
    return (oy > ox) - (oy < ox);
}

void needs_rank(const Need *needs, size_t n, uint32_t *order)
{
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    /* Stable, unlike qsort: ties keep the given order. */
    g_qsort_with_data(order, (gint)n, sizeof *order, best_first, (gpointer)needs);
}

const char *needs_class_key(NeedClass cls)
{
    static const char *const keys[] = {
        [NEED_UNCLASSED] = NULL,  [NEED_SHARED] = "shared", [NEED_FIRST] = "group1",
        [NEED_SECOND] = "group2", [NEED_WEAK] = "weak",
    };
    return keys[cls];
}
