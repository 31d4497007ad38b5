/* How sure are the robustness classes? Organisations are resampled, every cell and metric is
 * computed anew, and the share of replicates in each class is its chance (methods.md 3.9, 4.1). */
#ifndef INNSIKT_ANALYZE_ROBUSTNESS_CHANCE_H
#define INNSIKT_ANALYZE_ROBUSTNESS_CHANCE_H

#include <gsl/gsl_rng.h>

#include "analyze/robustness.h"

typedef struct {
    const double *mean; /* n_org x (priorities x scenarios): each organisation's mean in each cell,
                           NaN where it did not answer */
    size_t n_org, priorities, scenarios;
    const uint32_t *group; /* per organisation, below n_group; read only with target */
    const double *target;  /* declared share per group; NULL: every organisation counts the same */
    size_t n_group;
} RobustnessAnswers;

typedef struct {
    double threshold;  /* the scale's middle unless declared */
    double soft;       /* 2/3 */
    size_t min_cell;   /* organisations behind a cell: 3 */
    size_t min_org;    /* organisations behind a chance: 8 */
    size_t replicates; /* 10,000 */
    size_t first;      /* «among the first»: 3 */
} RobustnessRules;

/* Thresholds as methods.md has them; threshold is for a scale of k steps. */
RobustnessRules robustness_rules_default(int k);

/* Writes f[priorities x scenarios]: mean over organisations, NaN below min_cell. */
void robustness_cells(const RobustnessAnswers *in, size_t min_cell, double *ret_f);

typedef struct {
    double robust, conditional, fragile; /* sum to 1 */
    double among_first;                  /* by regret, ties sharing their mean rank */
    Undefined why;                       /* INCOMPLETE: the priority is; FEW_ORGS: below min_org */
} RobustnessChance;

/* Writes ret[priorities]. Replicates in which a priority is incomplete are left out of its shares.
 * O(replicates x n_org x cells). */
void robustness_chances(const RobustnessAnswers *in, const RobustnessRules *rules, gsl_rng *rng,
                        RobustnessChance *ret);

#endif
