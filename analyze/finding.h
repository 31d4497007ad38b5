/* Findings: a theme within a quadrant, who stands behind it, and an id that outlives regrouping. */
#ifndef INNSIKT_ANALYZE_FINDING_H
#define INNSIKT_ANALYZE_FINDING_H

#include "analyze/results.h"
#include "analyze/similarity.h"

/* Fills results->findings, by quadrant and rank, and the findings of results->statements. Ids are
 * inherited from the store's findings and written back to it, unless it was opened for reading
 * only; without a store they are made anew. */
bool finding_compute(Results *results, const Similarity *index, const ProjectKey *key, Store *store,
                     GError **error);

void finding_clear(gpointer finding); /* for g_array_set_clear_func */

#endif
