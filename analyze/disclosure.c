#include "analyze/disclosure.h"

#include <glib.h>
#include <stdlib.h>

#include "analyze/compare.h"
#include "analyze/undefined.h"

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

Dominance disclosure_dominance(const uint32_t *org, size_t n)
{
    Dominance d = {n, 0, UNDEFINED, true};
    size_t most = 0;

    if (n == 0)
        return d;
    g_autofree uint32_t *sorted = g_memdup2(org, n * sizeof *org);
    qsort(sorted, n, sizeof *sorted, ascending);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && sorted[to] == sorted[from] && sorted[from] != NO_INDEX; to++)
            ;
        d.n_org++;
        most = MAX(most, to - from);
    }
    d.top_share = (double)most / (double)n;
    d.dominated = d.n_org < DISCLOSURE_ORGS || compare_round(d.top_share) > DISCLOSURE_TOP_SHARE;
    return d;
}

bool disclosure_hides(size_t people, size_t k, const Dominance *dominance)
{
    return people < k || dominance->dominated;
}

void disclosure_primary(const uint32_t *count, size_t n, uint32_t k, bool *hidden)
{
    for (size_t i = 0; i < n; i++)
        hidden[i] = count[i] > 0 && count[i] < k;
}

/* The group to hide next; n when all are hidden. */
static size_t next_group(const uint32_t *count, const bool *hidden, size_t n)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++) {
        if (hidden[i])
            continue;
        bool better = best == n || (count[best] == 0 && count[i] > 0) ||
                      (count[i] > 0 && count[i] < count[best]);
        best = better ? i : best;
    }
    return best;
}

bool disclosure_partition(const uint32_t *count, size_t n, uint32_t k, bool hide_empty,
                          bool *hidden)
{
    size_t groups = 0;
    uint64_t people = 0;

    for (size_t i = 0; i < n; i++) {
        hidden[i] = count[i] < k && (count[i] > 0 || hide_empty);
        groups += hidden[i];
        people += hidden[i] ? count[i] : 0;
    }
    if (groups == 0)
        return true;
    while (groups < 2 || people < k) {
        size_t next = next_group(count, hidden, n);
        if (next == n)
            return false;
        hidden[next] = true;
        groups++;
        people += count[next];
    }
    return true;
}
