/* The situation by category: what the sector itself brings (internal categories) and what comes
 * from outside (PESTEL), which way each category points, what people say it means, and the trends
 * that cut across the categories (methods.md 3.10 and 3.13). Counts of what was said; which way a
 * category points is settled, leaning or contested as swot.contested says of a theme. */
#ifndef INNSIKT_ANALYZE_SITUATION_H
#define INNSIKT_ANALYZE_SITUATION_H

#include "analyze/product.h"
#include "analyze/support.h"

typedef enum { SIDE_INTERNAL, SIDE_EXTERNAL, N_SIDES } Side;
const char *side_word(Side side);                    /* "internal", "external" */
SwotQuadrant side_quadrant(Side side, bool helpful); /* of the side's two */

/* What one finding says within one category. */
typedef struct {
    char *key;          /* "internal/resources/finding=5f0c…" */
    int finding;        /* into Results.findings */
    GArray *statements; /* of uint32_t, data order; never empty */
    Support support;
    char *meaning; /* what its statements are said to mean, distinct, joined; NULL: nobody said */
} SituationRow;

typedef struct {
    char *key;    /* "internal/resources"; "internal/-" for statements without a category of this
                     side */
    int category; /* TERM_CATEGORY, or NO_TERM */
    GArray *statements;            /* of uint32_t: all of the category, placed or not */
    size_t placed[SWOT_QUADRANTS]; /* statements by quadrant; only the side's two are counted */
    size_t findings[SWOT_QUADRANTS];
    size_t organisations[SWOT_QUADRANTS]; /* named ones */
    size_t unplaced;                      /* statements without a quadrant */
    Support support;                      /* of all its statements */
    SwotDispute points;                   /* which way: by its placed statements */
    guint first, n;                       /* its rows */
} SituationCategory;

typedef struct {
    GArray *categories; /* of SituationCategory: the framework's of this side in declared order,
                           also those nobody spoke of; then the one without, when it has any */
    GArray *rows;       /* of SituationRow: by category, then organisations (most first), people,
                           and the findings' order */
    size_t n_findings;  /* of this side */
    size_t n_statements;
    bool spoken; /* somebody said something */
} SituationSide;

/* A trend that statements name. */
typedef struct {
    char *key; /* "trend/privacy" */
    int trend;
    GArray *statements; /* of uint32_t */
    bool *touches; /* by TERM_CATEGORY: declared by the framework, or external and named with it */
    Support support;
    SwotDispute points; /* by opportunity and threat only */
    size_t placed[SWOT_QUADRANTS];
    char *meaning;
} SituationTrend;

typedef struct {
    SituationSide side[N_SIDES];
    GArray *trends; /* of SituationTrend: those named, most organisations first */
} Situation;

/* NULL: no statement was placed, has a category or names a trend. */
const Situation *results_situation(const Results *results);

/* The share of a theme's placed statements that stand in one quadrant is published under
 * «theme/<key>/share-<quadrant>»; it is undefined below three statements. Caller owns. */
char *situation_theme_key(const Results *results, int theme);

#endif
