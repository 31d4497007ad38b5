/* Who answered: people, the organisations they speak for, and what counts as one when none is named
 * (methods.md 2.1; decisions.md, «People, organisations, weights»).
 *
 * A person is known by a pseudonym over all sources; one without is somebody new. At a workshop
 * nobody says who they are: the table, with the organisations around it, is the one who speaks,
 * however many rows it fills in. A table speaks once for each organisation it names. Where no
 * organisation is named, a table counts as one; a person speaks for the organisation they named
 * elsewhere, else for themselves, as one of their own over all sources and, without a group, as a
 * citizen. */
#ifndef INNSIKT_ANALYZE_RESPONDENT_H
#define INNSIKT_ANALYZE_RESPONDENT_H

#include "analyze/dataset.h"

/* What a response tells of who gave it; NULL for what it does not. Borrowed strings. */
typedef struct {
    const char *organisation, *organisations, *group, *participants, *table, *workshop, *consent,
        *coder;
} Attributes;

typedef struct Respondents Respondents;

/* Fills the records, voices, units, n_persons and n_speakers of a data set, whose project is set.
 */
Respondents *respondents_new(Dataset *data);
void respondents_free(Respondents *respondents); /* accepts NULL */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Respondents, respondents_free)

/* Adds a record of which all but person, group, participants, workshop and voices is set; these are
 * filled in here. Returns its index. */
uint32_t respondents_add(Respondents *respondents, Record record, const Attributes *attributes);

/* After the last record: gives everybody who named no organisation the one they speak for. */
void respondents_settle(Respondents *respondents);

#endif
