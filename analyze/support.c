#include "analyze/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/compare.h"
#include "analyze/proportion.h"

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static size_t sort_unique(uint64_t *v, size_t n)
{
    size_t kept = 0;
    if (n == 0)
        return 0;
    qsort(v, n, sizeof *v, ascending);
    for (size_t i = 1; i < n; i++)
        if (v[i] != v[kept])
            v[++kept] = v[i];
    return kept + 1;
}

/* How many different numbers stand in one column of the mentions; v has room for n. */
static size_t distinct(const SupportMention *m, size_t n, size_t offset, uint64_t *v)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t number = *(const uint32_t *)((const char *)&m[i] + offset);
        if (number != NO_INDEX)
            v[kept++] = number;
    }
    return sort_unique(v, kept);
}

static double stream_entropy(const SupportMention *m, size_t n, uint64_t *v)
{
    size_t pairs = 0;
    double entropy = 0;

    for (size_t i = 0; i < n; i++)
        if (m[i].stream != NO_INDEX && m[i].respondent != NO_INDEX)
            v[pairs++] = (uint64_t)m[i].stream << 32 | m[i].respondent;
    pairs = sort_unique(v, pairs);
    if (pairs == 0)
        return UNDEFINED;
    for (size_t from = 0, to; from < pairs; from = to) {
        for (to = from; to < pairs && v[to] >> 32 == v[from] >> 32; to++)
            ;
        double q = (double)(to - from) / (double)pairs;
        entropy -= q * log(q);
    }
    return entropy;
}

Support support_count(const SupportMention *m, size_t n, size_t org_total)
{
    g_autofree uint64_t *v = g_new(uint64_t, n);
    Support s = {
        .mentions = n,
        .respondents = distinct(m, n, offsetof(SupportMention, respondent), v),
        .orgs = distinct(m, n, offsetof(SupportMention, org), v),
        .streams = distinct(m, n, offsetof(SupportMention, stream), v),
        .org_share = UNDEFINED,
        .org_share_lo = UNDEFINED,
        .stream_entropy = stream_entropy(m, n, v),
    };
    s.effective_streams = exp(s.stream_entropy);
    if (org_total > 0 && s.orgs <= org_total) {
        Estimate share = proportion_wilson((double)s.orgs, (double)org_total, 0.95);
        s.org_share = share.value;
        s.org_share_lo = share.low;
    }
    return s;
}

typedef struct {
    const Support *support;
    const char *const *ids;
} Ranked;

static int larger_first(double a, double b)
{
    return (b > a) - (b < a);
}

static int best_first(gconstpointer a, gconstpointer b, gpointer ranked)
{
    const Ranked *r = ranked;
    uint32_t i = *(const uint32_t *)a, j = *(const uint32_t *)b;
    const Support *x = &r->support[i], *y = &r->support[j];
    double lo_x = is_defined(x->org_share_lo) ? compare_round(x->org_share_lo) : -1;
    double lo_y = is_defined(y->org_share_lo) ? compare_round(y->org_share_lo) : -1;

    int by = larger_first(lo_x, lo_y);
    by = by ? by : larger_first((double)x->streams, (double)y->streams);
    by = by ? by : larger_first((double)x->respondents, (double)y->respondents);
    return by ? by : strcmp(r->ids[i], r->ids[j]);
}

void support_rank(const Support *support, const char *const *ids, size_t n, uint32_t *order)
{
    Ranked ranked = {support, ids};
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    /* Stable, unlike qsort: equal ids keep the caller's order. */
    g_qsort_with_data(order, (gint)n, sizeof *order, best_first, &ranked);
}
