/* How alike statements are (methods.md 3.11, text.hybrid_similarity): half the cosine of their
 * stems, half the cosine of the 4-grams of their content words, each padded to «_word_» (a padded
 * word shorter than 4 is its own gram). The grams carry compounds, definite forms and Nynorsk.
 *
 * 0 nothing in common, 1 the same content words. A statement without content words has similarity 0
 * to all and to itself.
 *
 * An index is immutable: any number of threads may read it. Memory is linear in the text. */
#ifndef INNSIKT_ANALYZE_SIMILARITY_H
#define INNSIKT_ANALYZE_SIMILARITY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Similarity Similarity;

/* texts: n statements, read only during the call. Weights depend on the whole collection: two
 * statements are more or less alike beside other statements. */
Similarity *similarity_new(const char *const *texts, size_t n);
void similarity_free(Similarity *s); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Similarity, similarity_free)

size_t similarity_size(const Similarity *s);

double similarity_of(const Similarity *s, size_t i, size_t j);

/* The first statement with exactly the content words of i, in the same order: as like i as can be.
 * i itself when there is none before it, or when it has no content words. */
uint32_t similarity_twin(const Similarity *s, size_t i);

/* row[j] = similarity of i and j for all n. */
void similarity_row(const Similarity *s, size_t i, double *row);

typedef struct {
    uint32_t i, j; /* i < j */
    double value;
} SimilarityPair;

/* Every pair with similarity ≥ least > 0 (12 decimals), ordered by i, then j: SimilarityPair, freed
 * with g_array_unref. Through the inverted index, without loss: 0.3 s for 5,000 statements, 1.5 s
 * for 10,000, where comparing only pairs with a rare gram in common (methods.md 3.11) took 13 s.
 * Many copies make many pairs: collapse exact duplicates first. */
GArray *similarity_pairs(const Similarity *s, double least);

typedef struct {
    uint32_t id;
    double value;
} SimilarityNeighbour;

/* The at most k statements most like i with similarity ≥ least, best first (12 decimals), then
 * lowest id; i itself is never one. among: n flags that say who may be named; NULL for all. Writes
 * to ret (room for k), returns how many. */
size_t similarity_nearest(const Similarity *s, size_t i, const bool *among, size_t k, double least,
                          SimilarityNeighbour *ret);

#endif
