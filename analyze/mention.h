/* What people named under one role (needs, effects …): the framework's own terms, or texts of their
 * own, with who stands behind each. */
#ifndef INNSIKT_ANALYZE_MENTION_H
#define INNSIKT_ANALYZE_MENTION_H

#include "analyze/dataset.h"

typedef struct {
    int term;             /* in the framework's list, or NO_TERM: a text of their own */
    const char *text;     /* NO_TERM: as it was first written; borrowed from the data set */
    char *id;             /* of the term, else 32 hex digits made from the folded text */
    GPtrArray *entries;   /* of const Entry*, data order; never empty */
    GArray *records;      /* of uint32_t beside them */
    size_t people;        /* distinct, with those around a table */
    size_t organisations; /* distinct named ones */
    size_t citizens;      /* people among them without organisation, of the citizen group */
} Mention;

/* The mentions that `takes` accepts (NULL: all) of a role: an answer that names a term of `kind` by
 * id or label is that term; other answers are the same when they fold alike. Terms in declared
 * order, then texts by their bytes. Free with g_array_unref. */
GArray *mentions_of(const Dataset *data, Role role, TermKind kind,
                    bool (*takes)(const Dataset *data, const Entry *entry, gconstpointer user),
                    gconstpointer user);

#endif
