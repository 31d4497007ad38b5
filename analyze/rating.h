/* From columns of ratings to summaries: which answers belong to a subject within a facet, whose
 * they are, what they weigh; then the methods. */
#ifndef INNSIKT_ANALYZE_RATING_H
#define INNSIKT_ANALYZE_RATING_H

#include "analyze/results.h"
#include "analyze/speakers.h"

/* Every summary of the data set, in the order of RatingSummary* in Results.ratings: family,
 * declared order of subject, then all, groups, methods, waves. Subjects and facets nobody was asked
 * about are left out. Caller owns the array, which owns its summaries. */
GPtrArray *rating_summaries(const Dataset *data);

/* Adds the records whose answers, or reasons for none, a summary was computed from; repeats are
 * possible. O(answers). */
void rating_records(const Dataset *data, const RatingSummary *summary, GArray *records);
/* Whether the column is one of those. */
bool rating_summary_reads(const Dataset *data, const RatingSummary *summary,
                          const Variable *column);
/* The main question that a column rates, itself or an item of it; NO_TERM: none, or it rates
 * something else (an area, a scenario …). */
int rating_question_of(const Framework *framework, const Variable *column);
/* Those whose answers a summary was computed from, each with the mean of their answers on its
 * scale; without records, which rating_records gives. O(answers). */
Speakers *rating_speakers(const Dataset *data, const RatingSummary *summary);

#endif
