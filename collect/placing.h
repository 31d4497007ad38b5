/* A select that says where a statement beside it belongs: quadrant, polarity, category … */
#ifndef INNSIKT_COLLECT_PLACING_H
#define INNSIKT_COLLECT_PLACING_H

#include "collect/matching.h"
#include "collect/outline.h"

typedef struct {
    const char *key; /* of the statement role */
    char **to;       /* by choice: the name to give its code; NULL: none is known. n of them */
    guint n, unknown;
} Placing;

/* NULL when its choices place no statement. A choice that nobody knows is counted, if most are
 * known. */
Placing *placing_read(Matcher *matcher, const Framework *framework, const Asked *asked);
void placing_free(Placing *placing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Placing, placing_free)

#endif
