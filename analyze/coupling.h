/* TOWS: which internal finding goes with which external one (methods.md 4.11, swot.tows; Weihrich
 * 1982). Where the team has set links (role `pair`), a pair has the mean strength that was set, 0
 * to 3, and a score; without any link it is told how many of the same respondents named both.
 *
 * A side of a link names a finding by its id or title, or by its theme's id or label; of a theme
 * with several findings the one that fits the other side, ranked first. */
#ifndef INNSIKT_ANALYZE_COUPLING_H
#define INNSIKT_ANALYZE_COUPLING_H

#include "analyze/product.h"
#include "analyze/tows.h"

enum { COUPLING_MOST = 8 }; /* findings of a quadrant in the matrix */

typedef struct {
    char *key;              /* "tows/<internal id>/with=<external id>" */
    int internal, external; /* into Results.findings */
    char cell[3];           /* "SO", "ST", "WO", "WT" */
    double strength;        /* mean of the links, 0 … 3; undefined without links */
    double score;           /* likewise */
    size_t links;           /* how many were set */
    size_t together;        /* respondents who named both */
    GArray *records;        /* of uint32_t: of the links, else of both findings' statements */
} Coupling;

typedef struct {
    bool linked;       /* links were set */
    GArray *couplings; /* of Coupling: strongest first */
    GArray *internal;  /* of int: the matrix's findings, by quadrant and rank */
    GArray *external;
    size_t unknown; /* links that name no such pair, or no strength from 0 to 3 */
} Couplings;

/* NULL: nothing goes together. */
const Couplings *results_couplings(const Results *results);

/* The coupling of two findings; NULL: they do not go together. */
const Coupling *coupling_of(const Couplings *couplings, int internal, int external);

#endif
