/* Who was heard, by stakeholder group and by the way they were heard, against who was meant to be
 * (methods.md 3.17, 4.13). Counts carry no uncertainty. */
#ifndef INNSIKT_ANALYZE_INVOLVEMENT_H
#define INNSIKT_ANALYZE_INVOLVEMENT_H

#include "analyze/product.h"
#include "analyze/saturation.h"

typedef enum {
    COVERAGE_UNKNOWN, /* neither a target nor a number invited */
    COVERAGE_NONE,    /* nobody */
    COVERAGE_WEAK,
    COVERAGE_FAIR,
    COVERAGE_GOOD,
} CoverageLevel;
const char *coverage_level_key(CoverageLevel level); /* "unknown", "none", "weak", "fair", "good" */

/* One stakeholder group. People around a table that speaks for several groups are divided among
 * them, so that groups add up. */
typedef struct {
    char *key;            /* "involvement/all/group=kommune", "involvement/no-group" */
    int group;            /* TERM_GROUP; NO_TERM: those whose group nobody knows */
    size_t people;        /* distinct over all ways */
    size_t organisations; /* named */
    size_t interviews;    /* people interviewed */
    size_t workshop;      /* people around tables */
    size_t survey;        /* people who answered a survey */
    size_t documents;
    double invited;       /* people asked; UNDEFINED: not told */
    double invited_share; /* people / invited; UNDEFINED without a frame, or when more came */
    double target;        /* declared share of the panel; UNDEFINED: none declared */
    double observed;      /* share of the people of groups with a target; likewise */
    double ratio;         /* heard against what was meant: observed / target, else invited_share */
    CoverageLevel level;
    GArray *records; /* of uint32_t */
} GroupHeard;

/* An organisation that agreed to be named. */
typedef struct {
    const char *name;
} Actor;

typedef struct {
    GArray *groups; /* of GroupHeard: declared order, then NO_TERM; only those heard, invited or
                       with a target */
    double dissimilarity;          /* D between people and targets; UNDEFINED without targets */
    double invited, invited_share; /* of all groups with a frame */
    GArray *actors;                /* of Actor, by the bytes of their names */
    Saturation saturation;         /* of the interviews' themes, in order of submission */
    double saturation_shuffled;    /* median over random orders; UNDEFINED: see coverage */
    GArray *interview_records;     /* of uint32_t */
} InvolvementDetail;

/* NULL: nobody was heard. */
const InvolvementDetail *results_involvement(const Results *results);

#endif
