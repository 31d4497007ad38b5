/* Who was heard, against who was meant to be. Counts carry no uncertainty. */
#ifndef INNSIKT_ANALYZE_COVERAGE_H
#define INNSIKT_ANALYZE_COVERAGE_H

#include <stddef.h>

#include "analyze/undefined.h"

typedef struct {
    size_t persons, orgs; /* distinct */
} CoverageCount;

/* coverage.counts: n contributions by person, organisation and part (an activity, a group);
 * NO_INDEX where not known, which counts nothing; spellings of one organisation share an index
 * (label_fold). Writes the distinct of each part to ret[parts] and returns those of all
 * contributions, where a person in two parts counts once. O(n + parts). */
CoverageCount coverage_counts(const uint32_t *person, const uint32_t *org, const uint32_t *part,
                              size_t n, size_t persons, size_t orgs, size_t parts,
                              CoverageCount *ret);

/* coverage.dissimilarity (Duncan & Duncan 1955): D = 1/2 sum |p_g - t_g|, 0 as planned, 1 nothing
 * right. Both sides are brought to sum 1; undefined when either is empty. */
double coverage_dissimilarity(const double *observed, const double *target, size_t n);

/* Outcomes of a survey with a frame, in AAPOR's letters. */
typedef struct {
    double complete, partial;                /* I, P */
    double refusal, no_contact, other;       /* R, NC, O */
    double unknown_household, unknown_other; /* UH, UO */
    double e; /* declared share of the unknown that is eligible; undefined: not declared */
} AaporInput;

typedef struct {
    double rr[6]; /* RR1 to RR6; undefined for an empty denominator, RR3 and RR4 without e */
} Aapor;

/* coverage.aapor: response rates of the AAPOR Standard Definitions. An open link has none. */
Aapor coverage_aapor(const AaporInput *in);

typedef struct {
    double n_members, n_answers;
} CoverageStratum;

typedef struct {
    double rate;   /* of response, over all members */
    double s;      /* standard deviation of the strata's rates over the members */
    double r;      /* 1 - 2 s: 1 when all strata answer alike */
    Undefined why; /* NO_FRAME: fewer than two members */
} RIndicator;

/* coverage.r_indicator (Schouten, Cobben & Bethlehem 2009). Writes each stratum's partial
 * indicator, sqrt(N_h / N)(rate_h - rate), to ret_partial[n] when it is not NULL; undefined for an
 * empty one. */
RIndicator coverage_r_indicator(const CoverageStratum *stratum, size_t n, double *ret_partial);

#endif
