/* Organisations spelt in several ways: names near enough to be one, for people to judge. Nothing is
 * joined by it; `organisations:` in project.yaml does that. */
#ifndef INNSIKT_COLLECT_SPELLING_H
#define INNSIKT_COLLECT_SPELLING_H

#include "schemas/project.h"
#include "schemas/store.h"

typedef struct {
    char *name;                 /* as it was written most often */
    int64_t times;              /* in all spellings that differ by case and blanks alone */
    const Organisation *listed; /* in project.yaml under this name or an alias; NULL: not */
} Spelling;

/* The organisations named in the stored responses of these sources (of Source*), by attribute
 * `organisation` or `organisations`, renamed as their mappings say: of Spelling, by bytes of the
 * folded name. Of very many responses it reads 50,000, the same share of every source. Caller
 * unrefs. */
GPtrArray *spellings_stored(const Project *project, const GPtrArray *sources, Store *store,
                            GError **error);

/* Spellings (borrowed) that look like one organisation and are not yet joined: each group has two
 * or more, the one to keep first. Groups in order of that name. What looks alike: the same letters
 * without blanks, points and hyphens; the same words in another order; one word with a slip of the
 * pen or cut short («komm.»); one word more at the end, if it is short («HF») or ends other names
 * too («kommune»). Two listed organisations are never one group. Caller unrefs. */
GPtrArray *spellings_alike(const GPtrArray *spellings);

#endif
