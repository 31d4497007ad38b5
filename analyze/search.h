/* Finding statements by words: Okapi BM25 (Robertson & Walker 1994; methods.md 5, text.bm25). Pure
 * function, safe from any thread. */
#ifndef INNSIKT_ANALYZE_SEARCH_H
#define INNSIKT_ANALYZE_SEARCH_H

#include <stddef.h>

#define SEARCH_K1 1.2
#define SEARCH_B  0.75

/* How well each of n documents answers a query, both lists of terms (stems or tokens;
 * NULL-terminated, read only):
 *
 *     Σ_t idf · tf (k1 + 1) / (tf + k1 (1 − b + b · length / mean length))
 *     idf = ln(1 + (n − df + ½) / (df + ½))
 *
 * over the terms of the query, a repeated one counted as often as it stands. 0: nothing in common.
 * scores has room for n. */
void search_bm25(char *const *const *documents, size_t n, char *const *query, double *scores);

#endif
