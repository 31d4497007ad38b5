/* Help for a name that is not known: the nearest one that is, or what there is to choose from. */
#ifndef INNSIKT_SCHEMAS_NEAREST_H
#define INNSIKT_SCHEMAS_NEAREST_H

#include <glib.h>

/* The known name at most two typing errors away (letters left out, put in, replaced or swapped;
 * case does not count), or that begins the wanted one or is begun by it; the first of the nearest.
 * NULL when none is near. `known` is NULL-terminated; the result is one of its strings. */
const char *nearest_name(const char *wanted, const char *const *known);

/* Typing errors between two words: letters left out, put in, replaced or swapped; case does not
 * count, nor what stands beyond 64 letters. */
int nearest_distance(const char *a, const char *b);

/* The mend of a complaint: `did you mean "x"?`, else `known here: a, b, c` with at most a dozen
 * names and the number of the others. Caller owns. */
char *nearest_help(const char *wanted, const char *const *known);

#endif
