/* Term vectors: n documents as sparse vectors of term weights (Salton & Buckley 1988), with an
 * inverted index, so that comparing one document with all costs what they share.
 *
 *     weight = count · (ln((1 + n)/(1 + df)) + 1),   each vector then scaled to length 1
 *
 * Immutable once built: any number of threads may read. Memory is linear in the tokens. */
#ifndef INNSIKT_ANALYZE_TFIDF_H
#define INNSIKT_ANALYZE_TFIDF_H

#include <glib.h>
#include <stdint.h>

typedef struct Tfidf Tfidf;

/* documents: n NULL-terminated lists of terms, read only during the call. Terms are numbered in
 * byte order, so every figure is the same to the last bit in whatever order the documents come. */
Tfidf *tfidf_new(char *const *const *documents, size_t n);
void tfidf_free(Tfidf *t); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Tfidf, tfidf_free)

size_t tfidf_size(const Tfidf *t); /* n */

/* The cosine of documents i and j, 0 to 1 (text.tfidf_cosine); 0 when either has no terms, also
 * with itself. */
double tfidf_cosine(const Tfidf *t, size_t i, size_t j);

/* sum + share · cosine(i, j), term by term in order: the same bits as tfidf_add_row gives. */
double tfidf_add(const Tfidf *t, size_t i, size_t j, double share, double sum);

/* Adds share · cosine(i, j) to row[j] for every j from `from` up; row has n entries. Costs what i
 * shares with the others. */
void tfidf_add_row(const Tfidf *t, size_t i, size_t from, double share, double *row);

#endif
