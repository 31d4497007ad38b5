/* What `innsikt status` says: what the store holds of each source, what went wrong, what is missing
 * for an analysis. */
#ifndef INNSIKT_SCHEMAS_STATUS_H
#define INNSIKT_SCHEMAS_STATUS_H

#include "schemas/project.h"
#include "schemas/store.h"

/* Lines for people and programs: a source's name, then its facts, each behind two blanks and a word
 * with a colon; at the end `missing` with one line each for targets nobody answered for and main
 * questions without a rating. Names questions and reasons, no answers. Caller owns. */
char *status_report(const Project *project, Store *store, GError **error);

#endif
