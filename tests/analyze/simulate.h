/* Panels simulated from a known truth, for test_promise and the calibration program: organisations
 * of one population whose members' answers are correlated, and what the analysis says of them. */
#ifndef INNSIKT_TESTS_ANALYZE_SIMULATE_H
#define INNSIKT_TESTS_ANALYZE_SIMULATE_H

#include "analyze/interval.h"
#include "analyze/neff.h"
#include "analyze/ordinal.h"
#include "analyze/proportion.h"
#include "analyze/random.h"
#include "analyze/verdict.h"
#include "analyze/weights.h"

#include <gsl/gsl_randist.h>
#include <math.h>

enum { K = 4, ANSWERS_MOST = 640 };

/* How many answer. */
typedef struct {
    const char *name;
    size_t orgs, each; /* answers of every organisation but the first */
    size_t first;      /* answers of the first */
} Shape;

/* One simulated panel. */
typedef struct {
    double p[K]; /* the truth: shares of the steps in the population */
    int8_t x[ANSWERS_MOST];
    uint32_t org[ANSWERS_MOST];
    size_t n, orgs;
} Sample;

/* What is said of it. */
typedef struct {
    Verdict verdict;
    double agree, neff; /* share of the two upper steps, as «andel enige» */
} Saying;

/* Shares drawn evenly from all there are (Dirichlet with ones). */
static inline void draw_truth(gsl_rng *rng, double *ret_p)
{
    static const double ones[K] = {1, 1, 1, 1};

    gsl_ran_dirichlet(rng, K, ones, ret_p);
}

static inline int8_t draw_step(gsl_rng *rng, const double *p)
{
    double u = gsl_rng_uniform(rng), below = 0;

    for (int8_t s = 1; s < K; s++) {
        below += p[s - 1];
        if (u < below)
            return s;
    }
    return K;
}

/* Answers that are each the organisation's own draw with probability sqrt(rho): any two of one
 * organisation then correlate by rho, and every answer has the shares p. */
static inline void draw_sample(gsl_rng *rng, const Shape *s, double rho, Sample *ret)
{
    const double *p = ret->p;
    size_t n = 0;

    draw_truth(rng, ret->p);
    ret->orgs = s->orgs;

    for (uint32_t o = 0; o < s->orgs; o++) {
        int8_t common = draw_step(rng, p);
        for (size_t i = 0; i < (o == 0 ? s->first : s->each); i++) {
            int8_t own = draw_step(rng, p);
            ret->x[n] = gsl_rng_uniform(rng) < sqrt(rho) ? common : own;
            ret->org[n++] = o;
        }
    }
    ret->n = n;
}

static inline int true_median(const double *p)
{
    double below = 0;
    int step = 0;

    while (below < 0.5)
        below += p[step++];
    return step;
}

static inline Saying say_of(const Sample *s)
{
    VerdictRules rules = verdict_rules_default();
    Icc icc = neff_icc1(s->x, s->org, s->n, s->orgs);
    double w[ANSWERS_MOST], share[K], rho = neff_icc_shrunk(&icc, rules.rho_weight, rules.rho);
    Saying said;
    Tally t;

    weights_equal_org(&(WeightInput){.n = s->n, .x = s->x, .org = s->org, .n_org = s->orgs}, w,
                      NULL);
    ordinal_tally(s->x, w, s->n, K, &t);
    ordinal_shares(&t, share);
    said.neff = neff_of_weights(w, s->org, s->n, s->orgs, rho).neff;
    said.agree = share[K - 2] + share[K - 1];
    said.verdict = verdict_decide(
        &(VerdictInput){.k = K, .share = share, .neff = said.neff, .n = s->n, .n_org = s->orgs},
        &rules);
    return said;
}

/* Does the 95 % interval of the mean hold the true mean? */
static inline bool mean_is_covered(const Sample *s)
{
    IntervalRules rules = interval_rules_default();
    double value[ANSWERS_MOST], truth = 0;
    OrgMean unit[ANSWERS_MOST];

    rules.conf = 0.95;
    for (size_t i = 0; i < s->n; i++)
        value[i] = s->x[i];
    for (int k = 0; k < K; k++)
        truth += (k + 1) * s->p[k];
    size_t units = interval_org_means(value, NULL, s->org, NULL, s->n, s->orgs, unit);
    OrgInterval e = interval_mean(
        &(IntervalInput){.unit = unit, .n = units, .k = K, .low = 1, .high = K}, &rules);
    return e.low <= truth && truth <= e.high;
}

/* And the 95 % interval of the share of the two upper steps the true share? */
static inline bool share_is_covered(const Sample *s, const Saying *said)
{
    const double truth = s->p[K - 2] + s->p[K - 1];
    Estimate e = proportion_wilson(said->agree * said->neff, said->neff, 0.95);
    return e.low <= truth && truth <= e.high;
}

#endif
