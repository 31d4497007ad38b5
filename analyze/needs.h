/* Where the needs of two groups meet (methods.md 3.16). Pure functions, safe from any thread. */
#ifndef INNSIKT_ANALYZE_NEEDS_H
#define INNSIKT_ANALYZE_NEEDS_H

#include <stddef.h>

#include "analyze/undefined.h"

typedef enum {
    NEED_UNCLASSED, /* a group has too few people or sources */
    NEED_SHARED,    /* both groups name it */
    NEED_FIRST,     /* only the first */
    NEED_SECOND,    /* only the second */
    NEED_WEAK,      /* neither */
} NeedClass;

typedef struct {
    double p1, p2;  /* share of each group naming it; undefined for an empty group */
    double overlap; /* the smaller; undefined when either is */
    Estimate diff;  /* p1 − p2 with Newcombe's 95 % interval; undefined when either is */
    NeedClass cls;
} Need;

/* One need, named by x1 of n1 people (or sources) of the first group and x2 of n2 of the second
 * (needs.overlap; Newcombe 1998b). shared: the share from which a group is said to name it; people:
 * a smaller group gives no class. Both are the project's thresholds. */
Need needs_overlap(double x1, double n1, double x2, double n2, double shared, double people);

/* The whole picture, Σ min(p1, p2) / Σ max(p1, p2) over the needs (Ružička 1958): 1 the same needs,
 * 0 none in common. Needs with an undefined share are left out; undefined when nobody names any. */
double needs_ruzicka(const Need *needs, size_t n);

/* Shared needs first, largest overlap (12 decimals) first; then the others in given order. order
 * has room for n. */
void needs_rank(const Need *needs, size_t n, uint32_t *order);

const char *
needs_class_key(NeedClass cls); /* "shared", "group1", "group2", "weak"; NULL: no class */

#endif
