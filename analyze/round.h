/* Rounds of validation: is a statement accepted, and have the answers settled? */
#ifndef INNSIKT_ANALYZE_ROUND_H
#define INNSIKT_ANALYZE_ROUND_H

#include <stddef.h>

#include "analyze/undefined.h"

/* Set before the round. 75 % is the median threshold of published Delphis (Diamond et al. 2014). */
typedef struct {
    double accept, drop; /* share for, at or above 0.75, at or below 0.25 */
    double majority;     /* Wilson's bound must lie beyond it: 0.5 */
    size_t min_votes;    /* 5 */
    size_t min_group;    /* votes before a group can hold a statement back: 3 */
    double group_floor;  /* share for below which it does: 0.5 */
    size_t max_rounds;   /* 3 */
    double stable;       /* share of changed answers at most: 0.15 (Scheibe et al. 1975) */
    double conf;         /* 0.95 */
} RoundRules;

RoundRules round_rules_default(void);

typedef struct {
    size_t agree, disagree; /* no opinion is missing */
} RoundVotes;

typedef enum {
    ROUND_INSUFFICIENT,
    ROUND_ACCEPT,
    ROUND_DROP,
    ROUND_REPORT_DISAGREEMENT, /* print both views and who holds them */
    ROUND_REVISE,
} RoundDecision;

const char *round_decision_key(RoundDecision decision); /* "accept", "report_disagreement" … */

typedef struct {
    size_t n;
    Estimate share; /* for, with Wilson's interval; undefined without votes */
    RoundDecision decision;
} RoundAcceptance;

/* round.accept, in this order: insufficient below min_votes; accept when the share and its lower
 * bound allow, no group stands below the floor and no formal objection is open; drop; report
 * disagreement in the last round or when answers are stable; else revise. Marks the groups below
 * the floor in ret_low[groups] when it is not NULL. */
RoundAcceptance round_accept(const RoundVotes *group, size_t groups, size_t objections,
                             size_t round, bool stable, const RoundRules *rules, bool *ret_low);

typedef struct {
    size_t n;          /* answered both rounds */
    double changed;    /* share with another answer (Chaffin & Talley 1980); undefined for n = 0 */
    double net_change; /* half the sum of |f1 - f2| over the answers, by n (Scheibe et al. 1975) */
    double attrition;  /* share of the first round's that did not come back; undefined for none */
    bool stable;       /* changed at most the limit; false for n = 0 */
} RoundStability;

/* round.stability: r1[n], r2[n] are the same people's steps, 0 or less where missing. */
RoundStability round_stability(const int8_t *r1, const int8_t *r2, size_t n, double limit);

/* round.mcnemar_exact (McNemar 1947): b changed one way, c the other;
 *     min{1, 2 P(Bin(b + c, 1/2) <= min(b, c))}.  Nobody changed: 1. */
double round_mcnemar_exact(size_t b, size_t c);

#endif
