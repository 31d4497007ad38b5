/* User needs: who names which, where two groups need the same, and by segment (methods.md 3.16,
 * needs.overlap). A source (a person, a table, a document) counts once for a need and group,
 * however many places it names it in. The share is of the group's sources that named any need,
 * since an answer nobody gave is not known to have been asked for.
 *
 * Frameworks may declare any number of need groups. Every group with data has its shares; classes,
 * overlap and difference are those of the first two declared that are large enough, or else of the
 * first two that have data at all. */
#ifndef INNSIKT_ANALYZE_NEEDMAP_H
#define INNSIKT_ANALYZE_NEEDMAP_H

#include "analyze/mention.h"
#include "analyze/needs.h"
#include "analyze/product.h"

typedef enum { NEED_PRACTICAL, NEED_UNDERLYING, N_NEED_KINDS } NeedKind;
const char *need_kind_word(NeedKind kind); /* as project.yaml and frameworks write it */

typedef struct {
    char *key; /* "need/own-data" */
    const Mention *mention;
    int kind;       /* NeedKind, or NO_TERM: nobody said */
    size_t sources; /* distinct, over all groups and of none */
    size_t *named;  /* by TERM_NEED_GROUP: sources of the group that name it */
    Estimate
        *share; /* by TERM_NEED_GROUP, with Wilson's 95 % interval; undefined without sources */
    size_t *segment; /* by TERM_SEGMENT: sources */
    Need pair;       /* of the two groups compared; unclassed without two */
    size_t rank;     /* among the shared ones, from 1; 0: not shared */
} NeedRow;

typedef struct {
    GArray *mentions;   /* of Mention */
    GArray *rows;       /* of NeedRow: shared ones by overlap; then by the largest share, people */
    size_t n_groups;    /* of TERM_NEED_GROUP */
    size_t *sources;    /* by group: the denominators */
    GArray **records;   /* by group, of uint32_t: whose answers they are made of */
    size_t n_segments;  /* of TERM_SEGMENT */
    size_t *in_segment; /* by segment: sources */
    int first, second;  /* the groups compared; NO_TERM: fewer than two have data */
    size_t n_shared;
    double ruzicka; /* over all needs; undefined without two groups or anything named */
    double ruzicka_of[N_NEED_KINDS];
    size_t ungrouped; /* answers that tell no group */
} NeedMap;

/* NULL: nobody named a need. */
const NeedMap *results_needs(const Results *results);

#endif
