/* TOWS: from SWOT to choices (methods.md 4.11; Weihrich 1982). Pure functions, safe from any
 * thread. */
#ifndef INNSIKT_ANALYZE_TOWS_H
#define INNSIKT_ANALYZE_TOWS_H

#include <glib.h>
#include <stdint.h>

#include "analyze/swot.h"

/* One finding: its quadrant and the share of all organisations behind it, 0 to 1. */
typedef struct {
    SwotQuadrant quadrant;
    double share;
} TowsItem;

/* A link the team has set between item `internal` (S or W) and item `external` (O or T). */
typedef struct {
    uint32_t internal, external;
    double strength; /* 0 none … 3 strong */
} TowsLink;

typedef struct {
    uint32_t internal, external;
    char cell[3];    /* "SO", "ST", "WO", "WT" */
    double score;    /* undefined in tows_together */
    size_t together; /* respondents who named both; 0 in tows_pairs */
} TowsPair;

/* The linked pairs by score strength/3 · √(share·share), largest first (12 decimals), then
 * internal, external; zeros and links that do not join an internal to an external item are left
 * out: TowsPair, freed with g_array_unref (swot.tows). */
GArray *tows_pairs(const TowsItem *items, size_t n, const TowsLink *links, size_t n_links);

/* Without links: the pairs that the same respondents named, most respondents first, then internal,
 * external. named[i] lists the distinct respondents of item i, ascending uint32_t. */
GArray *tows_together(const TowsItem *items, size_t n, const GArray *const *named);

#endif
