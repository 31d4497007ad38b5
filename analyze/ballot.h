/* Which answers belong to a rated subject, and to each of its facets: the rules of decisions.md on
 * who counts where, before anything is computed. */
#ifndef INNSIKT_ANALYZE_BALLOT_H
#define INNSIKT_ANALYZE_BALLOT_H

#include "analyze/results.h"

/* One rating on its way into a summary. */
typedef struct {
    const Record *record;
    uint32_t voice;
    int item;    /* TERM_ITEM; NO_TERM: the question rated as a whole */
    int8_t step; /* on the summary's scale, or −Missing */
    const char *wave;
} Ballot;

/* The question of a column that rates an item or a question as a whole. */
int ballot_question(const Framework *framework, const Variable *v);
/* Plain ratings of items and questions; ratings of areas, scenarios and criteria are other
 * products. */
bool ballot_rates_item(const Variable *v);
/* What a column says the maturity of: a UN goal, else a focus area or area. False: of nothing. */
bool ballot_rates_maturity(const Variable *v, TermKind *ret_kind, int *ret_index);
/* Whether a column belongs to the subject (family, subject_kind, subject, scale). */
bool ballot_reads(const Framework *framework, const Variable *v, const RatingSummary *subject);

/* The ballots of a subject, one for every voice an answer is given with, on the subject's scale;
 * of Ballot, in the order of columns and records. Caller owns. */
GArray *ballots_new(const Dataset *data, const RatingSummary *subject);
/* Does it count in the facet of this summary? */
bool ballot_in_facet(const Dataset *data, const Ballot *ballot, const RatingSummary *s);
bool ballot_was_asked(const Ballot *ballot);
/* The project's targets where they apply to this facet, else NULL. */
const double *ballot_targets(const Project *project, const RatingSummary *s);
/* The waves that ballots name, each once, by its bytes. Borrowed strings; caller owns the array. */
GPtrArray *ballots_waves(const GArray *ballots);

/* Ballots that may belong to each group, and to each method: a facet reads its own only. Where all
 * are of one method, that part is the array itself. */
typedef struct {
    GPtrArray *group;  /* of GArray*, by TERM_GROUP */
    GPtrArray *method; /* of GArray*, by SourceMethod */
} BallotParts;

BallotParts ballot_parts_new(const Dataset *data, GArray *ballots);
void ballot_parts_clear(BallotParts *parts);

#endif
