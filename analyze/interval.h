/* mean.org_interval: a mean in which each organisation counts once, with an interval over
 * organisations that holds from five of them up (Satterthwaite 1946; Cameron, Gelbach & Miller
 * 2008). Organisation means y_o; in group g with M_g organisations and share t_g
 *     v_g = (sum_o (y_o - y_g)^2 + lambda s_u^2 (rho + (1 - rho) mean(1/m))) / (M_g - 1 + lambda),
 *     s_u^2 = (K^2 - 1) / 12,   theta = sum t_g y_g,   se^2 = sum t_g^2 v_g / M_g,
 * theta +- t_df se, df by Satterthwaite with max(1, M_g - 1) per group; without groups M - 1. */
#ifndef INNSIKT_ANALYZE_INTERVAL_H
#define INNSIKT_ANALYZE_INTERVAL_H

#include "analyze/units.h"

typedef struct {
    double rho, lambda; /* the stabiliser: 0.2, 0.25 */
    double conf;        /* 0.90 on the sheets */
    size_t min_org;     /* fewer organisations: no interval (3) */
} IntervalRules;

IntervalRules interval_rules_default(void);

/* One organisation's answers to one question, in one group. */
typedef struct {
    double mean;
    double m;       /* people behind it, > 0 */
    uint32_t group; /* below n_group; 0 without groups */
} OrgMean;

typedef struct {
    const OrgMean *unit;
    size_t n;             /* units */
    const double *target; /* declared share per group; NULL: one group of all */
    size_t n_group;       /* read only with target */
    int k;                /* steps of the scale: sets s_u^2 */
    double low, high;     /* the interval is clipped to this: 1..K, differences -(K-1)..K-1 */
} IntervalInput;

typedef struct {
    double theta;     /* undefined without answers (in a group with a target) */
    double se, df;    /* undefined below min_org */
    double low, high; /* likewise */
    size_t n_org;     /* units that count */
    Undefined why;    /* no interval: NO_ANSWERS or FEW_ORGS */
} OrgInterval;

/* Targets need not sum to 1; those of groups without answers are shared out over the others. O(n)
 */
OrgInterval interval_mean(const IntervalInput *in, const IntervalRules *rules);

/* theta of a - theta of b, of two panels that are not paired, within low … high: variances add, df
 * by Welch and Satterthwaite (1946). Undefined where a theta is; no interval where one has none. */
Estimate interval_difference(const OrgInterval *a, const OrgInterval *b, double conf, double low,
                             double high);

/* Organisation means of n answers, in order of first appearance: x NaN where missing, share as in
 * units_number or NULL for 1 each, group or NULL. ret has room for n. Returns how many. */
size_t interval_org_means(const double *x, const double *share, const uint32_t *org,
                          const uint32_t *group, size_t n, size_t n_org, OrgMean *ret);

#endif
