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

/* Adds who stands behind a statement to `mentions` (of SupportMention): one for every organisation
 * the response speaks for. A document has an organisation and a stream, but no respondent. */
void finding_mentions(const Dataset *data, const Statement *statement, GArray *mentions);

void finding_clear(gpointer finding); /* for g_array_set_clear_func */

#endif
