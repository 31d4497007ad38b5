/* What statements are about (methods.md 3.12): the codebook first, then the most alike coded
 * statement, then clusters of what is left. All of it is proposed; people decide. */
#ifndef INNSIKT_ANALYZE_THEME_H
#define INNSIKT_ANALYZE_THEME_H

#include "analyze/results.h"
#include "analyze/similarity.h"

/* Fills results->statements (all but findings) and results->themes from the data set. `index` holds
 * the statements' texts, in their order. */
bool theme_compute(Results *results, const Similarity *index, GError **error);

/* The member nearest to all the others, the first on ties: index into `members`, which are n > 0
 * statements of the index. */
size_t theme_central(const Similarity *index, const uint32_t *members, size_t n);

/* Frees what a StatementResult or a Theme holds; for g_array_set_clear_func. */
void statement_result_clear(gpointer statement);
void theme_clear(gpointer theme);

#endif
