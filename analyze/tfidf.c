#include "analyze/tfidf.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Documents and postings are both compressed rows: entries start[i] … start[i + 1] − 1 of one long
 * array belong to row i, in ascending order. */
typedef struct {
    uint32_t id; /* term in a document, document in a posting */
    double weight;
} Entry;

struct Tfidf {
    size_t n, terms;
    size_t *start, *post_start;
    Entry *entry, *posting;
};

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int by_id(const void *a, const void *b)
{
    const Entry *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* Every distinct term, numbered in byte order. The table borrows the documents' strings. */
static GHashTable *number_terms(char *const *const *documents, size_t n)
{
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < n; i++)
        for (char *const *term = documents[i]; *term; term++)
            g_hash_table_add(ids, *term);

    guint count;
    g_autofree gpointer *terms = g_hash_table_get_keys_as_array(ids, &count);
    if (count > 0)
        qsort(terms, count, sizeof *terms, by_bytes);
    for (guint t = 0; t < count; t++)
        g_hash_table_insert(ids, terms[t], GUINT_TO_POINTER(t));
    return ids;
}

/* The terms of one document with their counts as weights, appended to entries. */
static void append_counts(GArray *entries, char *const *document, GHashTable *ids)
{
    size_t first = entries->len;
    for (char *const *term = document; *term; term++) {
        Entry e = {GPOINTER_TO_UINT(g_hash_table_lookup(ids, *term)), 1};
        g_array_append_val(entries, e);
    }
    if (entries->len == first)
        return;

    Entry *v = &g_array_index(entries, Entry, first);
    size_t read, kept = 0;
    qsort(v, entries->len - first, sizeof *v, by_id);
    for (read = 1; read < entries->len - first; read++) {
        if (v[read].id == v[kept].id)
            v[kept].weight += 1;
        else
            v[++kept] = v[read];
    }
    g_array_set_size(entries, (guint)(first + kept + 1));
}

static void weigh(Tfidf *t)
{
    for (size_t i = 0; i < t->n; i++) {
        double squares = 0;
        for (size_t e = t->start[i]; e < t->start[i + 1]; e++) {
            uint32_t id = t->entry[e].id;
            double df = (double)(t->post_start[id + 1] - t->post_start[id]);
            t->entry[e].weight *= log((1 + (double)t->n) / (1 + df)) + 1;
            squares += t->entry[e].weight * t->entry[e].weight;
        }
        for (size_t e = t->start[i]; e < t->start[i + 1]; e++)
            t->entry[e].weight /= sqrt(squares);
    }
}

static void count_postings(Tfidf *t)
{
    t->post_start = g_new0(size_t, t->terms + 1);
    for (size_t e = 0; e < t->start[t->n]; e++)
        t->post_start[t->entry[e].id + 1]++;
    for (size_t term = 0; term < t->terms; term++)
        t->post_start[term + 1] += t->post_start[term];
}

static void fill_postings(Tfidf *t)
{
    g_autofree size_t *next = g_memdup2(t->post_start, t->terms * sizeof *next);
    t->posting = g_new(Entry, t->start[t->n]);
    for (size_t i = 0; i < t->n; i++)
        for (size_t e = t->start[i]; e < t->start[i + 1]; e++)
            t->posting[next[t->entry[e].id]++] = (Entry){(uint32_t)i, t->entry[e].weight};
}

Tfidf *tfidf_new(char *const *const *documents, size_t n)
{
    g_autoptr(GHashTable) ids = number_terms(documents, n);
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    Tfidf *t = g_new0(Tfidf, 1);

    t->n = n;
    t->terms = g_hash_table_size(ids);
    t->start = g_new0(size_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        append_counts(entries, documents[i], ids);
        t->start[i + 1] = entries->len;
    }
    t->entry = (Entry *)(gpointer)g_array_free(entries, FALSE);
    count_postings(t);
    weigh(t);
    fill_postings(t);
    return t;
}

void tfidf_free(Tfidf *t)
{
    if (!t)
        return;
    g_free(t->start);
    g_free(t->post_start);
    g_free(t->entry);
    g_free(t->posting);
    g_free(t);
}

size_t tfidf_size(const Tfidf *t)
{
    return t->n;
}

double tfidf_add(const Tfidf *t, size_t i, size_t j, double share, double sum)
{
    size_t a = t->start[i], b = t->start[j];
    while (a < t->start[i + 1] && b < t->start[j + 1]) {
        const Entry *x = &t->entry[a], *y = &t->entry[b];
        if (x->id == y->id)
            sum += share * (x->weight * y->weight);
        a += x->id <= y->id;
        b += y->id <= x->id;
    }
    return sum;
}

double tfidf_cosine(const Tfidf *t, size_t i, size_t j)
{
    return fmin(tfidf_add(t, i, j, 1, 0), 1);
}

/* The first posting of a term at document `from` or later. */
static size_t first_posting(const Tfidf *t, uint32_t term, size_t from)
{
    size_t low = t->post_start[term], high = t->post_start[term + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->posting[middle].id < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void tfidf_add_row(const Tfidf *t, size_t i, size_t from, double share, double *row)
{
    for (size_t e = t->start[i]; e < t->start[i + 1]; e++) {
        uint32_t term = t->entry[e].id;
        double weight = t->entry[e].weight;
        for (size_t p = first_posting(t, term, from); p < t->post_start[term + 1]; p++)
            row[t->posting[p].id] += share * (weight * t->posting[p].weight);
    }
}
