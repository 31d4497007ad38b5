#include "analyze/similarity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/compare.h"
#include "analyze/tfidf.h"
#include "analyze/token.h"

enum { GRAM = 4 }; /* characters */

static const double HALF = 0.5;

struct Similarity {
    size_t n;
    Tfidf *stems, *grams;
    uint32_t *twin;
};

/* The 4-grams of one padded token, kept once each in the chunk. */
static void append_grams(GPtrArray *grams, const char *token, GStringChunk *chunk)
{
    g_autofree char *padded = g_strconcat("_", token, "_", NULL);
    const char *end = padded;
    for (int k = 0; k < GRAM && *end; k++)
        end = g_utf8_next_char(end);

    for (const char *p = padded;; p = g_utf8_next_char(p), end = g_utf8_next_char(end)) {
        char *gram = g_strndup(p, (gsize)(end - p));
        g_ptr_array_add(grams, g_string_chunk_insert_const(chunk, gram));
        g_free(gram);
        if (!*end)
            return;
    }
}

static char **grams_of(char *const *words, GStringChunk *chunk)
{
    GPtrArray *grams = g_ptr_array_new();
    for (char *const *w = words; *w; w++)
        append_grams(grams, *w, chunk);
    g_ptr_array_add(grams, NULL);
    return (char **)g_ptr_array_free(grams, FALSE);
}

static char **stems_of(char *const *words, Stemmer *stemmer, GStringChunk *chunk)
{
    GPtrArray *stems = g_ptr_array_new();
    for (char *const *w = words; *w; w++) {
        g_autofree char *stem = stemmer_stem(stemmer, *w);
        g_ptr_array_add(stems, g_string_chunk_insert_const(chunk, stem));
    }
    g_ptr_array_add(stems, NULL);
    return (char **)g_ptr_array_free(stems, FALSE);
}

/* The number of the first statement with these words; known holds those met so far. */
static uint32_t find_twin(GHashTable *known, char *const *words, size_t i)
{
    g_autofree char *joined = g_strjoinv(" ", (char **)words);
    gpointer first = g_hash_table_lookup(known, joined);

    if (first)
        return GPOINTER_TO_UINT(first) - 1;
    if (*joined)
        g_hash_table_insert(known, g_steal_pointer(&joined), GUINT_TO_POINTER(i + 1));
    return (uint32_t)i;
}

static void free_lists(char ***lists, size_t n)
{
    for (size_t i = 0; i < n; i++)
        g_free(lists[i]);
    g_free(lists);
}

Similarity *similarity_new(const char *const *texts, size_t n)
{
    g_autoptr(Stemmer) stemmer = stemmer_new();
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GStringChunk *chunk = g_string_chunk_new(1 << 16);
    char ***stems = g_new(char **, n), ***grams = g_new(char **, n);
    Similarity *s = g_new(Similarity, 1);

    s->twin = g_new(uint32_t, n);
    for (size_t i = 0; i < n; i++) {
        g_auto(GStrv) words = token_content(texts[i]);
        s->twin[i] = find_twin(known, words, i);
        stems[i] = stems_of(words, stemmer, chunk);
        grams[i] = grams_of(words, chunk);
    }
    s->n = n;
    s->stems = tfidf_new((char *const *const *)stems, n);
    s->grams = tfidf_new((char *const *const *)grams, n);
    free_lists(stems, n);
    free_lists(grams, n);
    g_string_chunk_free(chunk);
    return s;
}

void similarity_free(Similarity *s)
{
    if (!s)
        return;
    tfidf_free(s->stems);
    tfidf_free(s->grams);
    g_free(s->twin);
    g_free(s);
}

size_t similarity_size(const Similarity *s)
{
    return s->n;
}

uint32_t similarity_twin(const Similarity *s, size_t i)
{
    return s->twin[i];
}

double similarity_of(const Similarity *s, size_t i, size_t j)
{
    double stems = tfidf_add(s->stems, i, j, HALF, 0);
    return fmin(tfidf_add(s->grams, i, j, HALF, stems), 1);
}

/* row[j] for j ≥ from, which must be zero before; the same bits as similarity_of. */
static void fill_row(const Similarity *s, size_t i, size_t from, double *row)
{
    tfidf_add_row(s->stems, i, from, HALF, row);
    tfidf_add_row(s->grams, i, from, HALF, row);
    for (size_t j = from; j < s->n; j++)
        row[j] = fmin(row[j], 1);
}

void similarity_row(const Similarity *s, size_t i, double *row)
{
    memset(row, 0, s->n * sizeof *row);
    fill_row(s, i, 0, row);
}

GArray *similarity_pairs(const Similarity *s, double least)
{
    GArray *pairs = g_array_new(FALSE, FALSE, sizeof(SimilarityPair));
    g_autofree double *row = g_new(double, s->n);

    for (size_t i = 0; i < s->n; i++) {
        memset(row + i, 0, (s->n - i) * sizeof *row);
        fill_row(s, i, i + 1, row);
        for (size_t j = i + 1; j < s->n; j++) {
            SimilarityPair pair = {(uint32_t)i, (uint32_t)j, row[j]};
            if (compare_round(row[j]) >= least)
                g_array_append_val(pairs, pair);
        }
    }
    return pairs;
}

/* Puts a neighbour in its place among the found best ones, of which there is room for k. */
static size_t keep_best(SimilarityNeighbour *best, size_t found, size_t k, SimilarityNeighbour new)
{
    size_t at = found;
    while (at > 0 && compare_round(best[at - 1].value) < compare_round(new.value))
        at--;
    if (at == k)
        return found;
    size_t moved = (found < k ? found : k - 1) - at;
    memmove(best + at + 1, best + at, moved * sizeof *best);
    best[at] = new;
    return found < k ? found + 1 : k;
}

size_t similarity_nearest(const Similarity *s, size_t i, const bool *among, size_t k, double least,
                          SimilarityNeighbour *ret)
{
    g_autofree double *row = g_new(double, s->n);
    size_t found = 0;

    similarity_row(s, i, row);
    for (size_t j = 0; j < s->n; j++)
        if (j != i && (!among || among[j]) && compare_round(row[j]) >= least)
            found = keep_best(ret, found, k, (SimilarityNeighbour){(uint32_t)j, row[j]});
    return found;
}
