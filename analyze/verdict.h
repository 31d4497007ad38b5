/* The verdict: where does the middle organisation stand on the declared scale, and how sure is it?
 *
 * verdict.posterior: weighted shares p_k, effective n and Jeffreys' prior of 1/2 per step (Jeffreys
 * 1946; Gelman et al. 2013, ch. 3) make the share at or below k a Beta(A_k, T - A_k), so that
 *     alpha_k = prior + neff p_k,  A_k = alpha_1 + … + alpha_k,  T = A_K,
 *     F_k = P(median <= k) = P{Beta(A_k, T - A_k) >= 1/2},  pi_k = F_k - F_(k-1).
 * Exact: no simulation, no seed. */
#ifndef INNSIKT_ANALYZE_VERDICT_H
#define INNSIKT_ANALYZE_VERDICT_H

#include <glib.h>

#include "analyze/neff.h"
#include "analyze/ordinal.h"
#include "analyze/undefined.h"

/* Every threshold of the verdict, set from project.yaml. */
typedef struct {
    size_t min_n;       /* answers: 5 */
    size_t min_org;     /* named organisations: 3 */
    double min_neff;    /* 4 */
    double max_missing; /* share of those asked: 0.5 */
    double p_firm;      /* one step: 0.80 */
    double p_range;     /* two neighbouring steps: 0.80 */
    double prior;       /* answers per step before anyone has answered: 0.5 */
    double rho;         /* correlation inside an organisation, before the answers tell: 0.20 */
    double rho_weight;  /* organisations that prior is worth (icc.shrunk): 10 */
} VerdictRules;

VerdictRules verdict_rules_default(void);

typedef enum {
    VERDICT_INSUFFICIENT, /* not enough to say */
    VERDICT_DIVIDED,      /* two camps: no honest middle */
    VERDICT_FIRM,         /* one step */
    VERDICT_RANGE,        /* two neighbouring steps */
    VERDICT_INCONCLUSIVE, /* evidence, but spread over more than two steps */
} VerdictOutcome;

/* Why a verdict is insufficient: bits, all that hold. */
enum {
    VERDICT_FEW_ANSWERS = 1 << 0,
    VERDICT_FEW_ORGS = 1 << 1,
    VERDICT_LOW_NEFF = 1 << 2,
    VERDICT_MANY_MISSING = 1 << 3,
};

typedef struct {
    int k;
    const double *share; /* of k steps, summing to 1; not read when n is 0 */
    double neff;         /* undefined when n is 0 */
    size_t n;            /* respondents with a valid answer */
    size_t n_org;        /* named organisations among them */
    size_t n_missing;    /* respondents asked without a valid answer */
} VerdictInput;

typedef struct {
    VerdictOutcome outcome;
    unsigned reasons;             /* bits, 0 unless insufficient */
    int low, high;                /* steps; equal when firm, 0 unless firm or range */
    double probability;           /* of low..high; undefined unless firm or range */
    int likeliest, runner_up;     /* most and second most probable step; 0 without answers */
    double runner_up_probability; /* undefined without answers */
    double pi[STEPS_MAX];         /* by step - 1; undefined without answers */
    double agreement;             /* van der Eijk's A; undefined without answers, for k < 3 */
} Verdict;

/* verdict.decide, in this order: insufficient; divided (A < -1e-9); firm when the largest pi is at
 * least p_firm; range when the best neighbouring pair is at least p_range; else inconclusive.
 * Probabilities are compared to 12 decimals and ties go to the lower step. O(K^4) for A. */
Verdict verdict_decide(const VerdictInput *in, const VerdictRules *rules);

/* "firm", "range", "divided", "inconclusive", "insufficient": in labels and results. */
const char *verdict_outcome_key(VerdictOutcome outcome);

/* "n", "org", "neff", "missing" for one VERDICT_… bit. */
const char *verdict_reason_key(unsigned bit);

/* Writes alpha_k, F_k and pi_k to ret_alpha, ret_below and ret_pi (each may be NULL); neff >= 0. */
void verdict_posterior(const double *share, int k, double neff, double prior, double *ret_alpha,
                       double *ret_below, double *ret_pi);

/* Two verdicts, firm or range, that share no step. */
bool verdict_disagree(const Verdict *a, const Verdict *b);

/* One declared code of an answer scale and the verdict step it stands for; 0: missing («don't
 * know»). Several codes may share a step. */
typedef struct {
    int code;
    int8_t step;
} ScaleEntry;

#define VERDICT_NO_CODE INT_MIN /* no answer, in an array of codes */

/* verdict.map_scale: writes ret_step[n], 0 for VERDICT_NO_CODE and codes declared missing. Fails
 * with INNSIKT_ERROR_DATA when a code is not declared; with INNSIKT_ERROR_USAGE when the map is not
 * one: a code declared twice, or steps that both rise and fall in declared order. */
bool verdict_map_scale(const ScaleEntry *entry, size_t entries, const int *code, size_t n,
                       int8_t *ret_step, GError **error);

/* Several answers per respondent to be read as one: the items behind a question, or one person's
 * answers in several streams. */
typedef struct {
    int k;
    const int8_t *x;     /* n_answers steps, 0 or less where missing */
    const uint32_t *who; /* whose: below n_who */
    size_t n_answers;
    const uint32_t *org; /* of each respondent: below n_org */
    size_t n_who, n_org;
    const double *w; /* of each respondent; NULL: each organisation once */
    double rho;
} PoolInput;

typedef struct {
    Tally tally; /* n and n_missing count respondents, raw counts answers */
    Neff size;   /* of respondents; undefined when nobody answered */
    size_t n_answers;
} Pool;

/* verdict.pool_items: each respondent's weight is split evenly over the J_i items answered,
 *     p_k = sum_i (w_i / J_i) #{j: x_ij = k} / sum w,
 * and neff counts respondents, not answers. A respondent with
 * missing answers only is missing, one without any was not asked. */
Pool verdict_pool_items(const PoolInput *in);

#endif
