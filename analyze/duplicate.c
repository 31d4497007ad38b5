#include "analyze/duplicate.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/token.h"
#include "analyze/undefined.h"

/* The grams of one text as ascending numbers without repeats. */
typedef struct {
    uint32_t *gram;
    size_t n;
    uint32_t index; /* of the text */
} GramSet;

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static uint32_t gram_number(GHashTable *numbers, const char *gram, size_t bytes)
{
    g_autofree char *key = g_strndup(gram, bytes);
    gpointer known = g_hash_table_lookup(numbers, key);
    if (!known) {
        known = GUINT_TO_POINTER(g_hash_table_size(numbers) + 1);
        g_hash_table_insert(numbers, g_steal_pointer(&key), known);
    }
    return GPOINTER_TO_UINT(known) - 1;
}

static size_t sort_unique(uint32_t *v, size_t n)
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

/* The set of k-grams of a text already joined from tokens; numbers grows with new grams. */
static GramSet grams_of(const char *joined, size_t k, GHashTable *numbers)
{
    GramSet set = {NULL, 0, 0};
    const char *end = joined;
    size_t head = 0;

    if (!*joined)
        return set;
    for (; head < k && *end; head++)
        end = g_utf8_next_char(end);
    set.gram = g_new(uint32_t, strlen(end) + 1);
    for (const char *p = joined;; p = g_utf8_next_char(p), end = g_utf8_next_char(end)) {
        set.gram[set.n++] = gram_number(numbers, p, (size_t)(end - p));
        if (!*end)
            break;
    }
    set.n = sort_unique(set.gram, set.n);
    set.gram = g_renew(uint32_t, set.gram, set.n);
    return set;
}

static double resemblance(const GramSet *a, const GramSet *b)
{
    size_t i = 0, j = 0, both = 0;
    while (i < a->n && j < b->n) {
        uint32_t x = a->gram[i], y = b->gram[j];
        both += x == y;
        i += x <= y;
        j += y <= x;
    }
    return (double)both / (double)(a->n + b->n - both);
}

static char *joined_tokens(const char *text)
{
    g_auto(GStrv) tokens = token_split(text);
    return g_strjoinv(" ", tokens);
}

double duplicate_jaccard(const char *a, const char *b, size_t k)
{
    g_autoptr(GHashTable) numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *x = joined_tokens(a), *y = joined_tokens(b);
    GramSet sa = grams_of(x, k, numbers), sb = grams_of(y, k, numbers);
    double result = sa.n + sb.n > 0 ? resemblance(&sa, &sb) : UNDEFINED;
    g_free(sa.gram);
    g_free(sb.gram);
    return result;
}

/* Renumbers grams so that rare ones come first (ties by first appearance) and sorts each set so. */
static void rare_first(GramSet *sets, size_t n, size_t n_grams)
{
    g_autofree uint32_t *df = g_new0(uint32_t, n_grams);
    g_autofree size_t *at = g_new0(size_t, n + 2); /* n + 2: df runs from 0 to n */
    g_autofree uint32_t *rank = g_new(uint32_t, n_grams);

    for (size_t s = 0; s < n; s++)
        for (size_t g = 0; g < sets[s].n; g++)
            df[sets[s].gram[g]]++;
    for (size_t g = 0; g < n_grams; g++)
        at[df[g] + 1]++;
    for (size_t d = 0; d <= n; d++)
        at[d + 1] += at[d];
    for (size_t g = 0; g < n_grams; g++)
        rank[g] = (uint32_t)at[df[g]]++;
    for (size_t s = 0; s < n; s++) {
        for (size_t g = 0; g < sets[s].n; g++)
            sets[s].gram[g] = rank[sets[s].gram[g]];
        if (sets[s].n > 0)
            qsort(sets[s].gram, sets[s].n, sizeof(uint32_t), ascending);
    }
}

static int shorter_first(const void *a, const void *b)
{
    const GramSet *x = a, *y = b;
    if (x->n != y->n)
        return x->n < y->n ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

static uint32_t find_root(uint32_t *group, uint32_t i)
{
    while (group[i] != i)
        i = group[i] = group[group[i]];
    return i;
}

/* Joins two groups under their lowest index. */
static void join(uint32_t *group, uint32_t a, uint32_t b)
{
    uint32_t x = find_root(group, a), y = find_root(group, b);
    group[x > y ? x : y] = x > y ? y : x;
}

/* Joins all sets that resemble each other. Two sets with |A ∩ B| ≥ least · |A ∪ B| share one of the
 * |A| − ⌈least · |A|⌉ + 1 rarest grams of either, so only those are indexed and looked up
 * (Chaudhuri, Ganti & Kaushik 2006, prefix filtering; Bayardo, Ma & Srikant 2007). */
static void join_alike(GramSet *sets, size_t n, size_t n_grams, double least, uint32_t *group)
{
    g_autofree GArray **seen = g_new0(GArray *, n_grams); /* per gram: earlier sets, by position */
    g_autofree size_t *met = g_new0(size_t, n); /* the last set compared with it, plus 1 */

    if (n > 0)
        qsort(sets, n, sizeof *sets, shorter_first);
    for (size_t s = 0; s < n; s++) {
        double size = (double)sets[s].n;
        size_t prefix = sets[s].n - (size_t)ceil(least * size - 1e-9) + 1;
        for (size_t g = 0; g < prefix && g < sets[s].n; g++) {
            GArray **list = &seen[sets[s].gram[g]];
            if (!*list)
                *list = g_array_new(FALSE, FALSE, sizeof(size_t));
            for (guint l = 0; l < (*list)->len; l++) {
                size_t o = g_array_index(*list, size_t, l);
                if (met[o] == s + 1 || (double)sets[o].n < least * size - 1e-9)
                    continue;
                met[o] = s + 1;
                if (find_root(group, sets[o].index) != find_root(group, sets[s].index) &&
                    resemblance(&sets[o], &sets[s]) >= least - 1e-12)
                    join(group, sets[o].index, sets[s].index);
            }
            g_array_append_val(*list, s);
        }
    }
    for (size_t g = 0; g < n_grams; g++)
        if (seen[g])
            g_array_unref(seen[g]);
}

/* Fills first[] and returns the sets of the distinct texts that have tokens, with their count. */
static GramSet *collapse(const char *const *texts, size_t n, GHashTable *numbers, uint32_t *first,
                         size_t *ret_n)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GramSet *sets = g_new(GramSet, n);
    size_t distinct = 0;

    for (size_t i = 0; i < n; i++) {
        g_autofree char *joined = joined_tokens(texts[i]);
        gpointer earlier = g_hash_table_lookup(known, joined);
        first[i] = earlier ? GPOINTER_TO_UINT(earlier) - 1 : (uint32_t)i;
        if (earlier || !*joined)
            continue;
        sets[distinct] = grams_of(joined, DUPLICATE_GRAM, numbers);
        sets[distinct++].index = (uint32_t)i;
        g_hash_table_insert(known, g_steal_pointer(&joined), GUINT_TO_POINTER(i + 1));
    }
    *ret_n = distinct;
    return sets;
}

Duplicates *duplicates_find(const char *const *texts, size_t n, double least)
{
    g_autoptr(GHashTable) numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Duplicates *d = g_new(Duplicates, 1);
    size_t distinct;

    d->n = n;
    d->first = g_new(uint32_t, n);
    d->group = g_new(uint32_t, n);
    g_autofree GramSet *sets = collapse(texts, n, numbers, d->first, &distinct);
    for (size_t i = 0; i < n; i++)
        d->group[i] = d->first[i];

    rare_first(sets, distinct, g_hash_table_size(numbers));
    join_alike(sets, distinct, g_hash_table_size(numbers), least, d->group);
    for (size_t i = 0; i < n; i++)
        d->group[i] = find_root(d->group, (uint32_t)i);
    for (size_t s = 0; s < distinct; s++)
        g_free(sets[s].gram);
    return d;
}

void duplicates_free(Duplicates *d)
{
    if (!d)
        return;
    g_free(d->first);
    g_free(d->group);
    g_free(d);
}
