/* What each figure is computed with: the table in schemas/methods.yaml, for `why`. */
#ifndef INNSIKT_ANALYZE_METHODS_H
#define INNSIKT_ANALYZE_METHODS_H

#include "schemas/project.h"

typedef struct {
    char *name;        /* "verdict.decide", as vectors and headers name it */
    char *section;     /* of methods.md */
    char *source;      /* author and year */
    char *formula;     /* one line of plain text */
    char **thresholds; /* keys of project.yaml's thresholds that it reads; NULL-terminated */
    bool seeded;       /* draws random numbers */
} Method;

/* NULL: the table does not know it. */
const Method *method_find(const char *name);

/* The method of one figure by its key; `basis` (the method of its family, may be NULL) where the
 * table names none of its own for the statistic. NULL: the table does not know it either. */
const Method *method_of_figure(const char *key, const char *basis);

/* Whether answers with this role feed the figures of a key's family. */
bool method_family_reads(const char *key, Role role);

#endif
