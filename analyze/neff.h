/* How many independent answers the weighted answers are worth, and how alike answers from one
 * organisation are.
 *
 * neff: variance ratio of a weighted mean under exchangeable correlation rho inside organisations
 * (Kish 1965), W_o the weight of organisation o:
 *     n_eff = (sum w)^2 / ((1 - rho) sum w^2 + rho sum W_o^2);
 *     rho = 0 is Kish's n, rho = 1 the effective number of organisations.
 * icc1: one-way analysis of variance (Bliese 2000), m_o answers of organisation o, N in all, M
 * orgs: ICC(1) = (MSB - MSW) / (MSB + (k0 - 1) MSW),  k0 = (N - sum m_o^2 / N) / (M - 1).
 * icc.shrunk: drawn to a prior worth `prior_weight` organisations:
 *     rho = (M2 clip(ICC, 0, 1) + prior_weight prior_rho) / (M2 + prior_weight). */
#ifndef INNSIKT_ANALYZE_NEFF_H
#define INNSIKT_ANALYZE_NEFF_H

#include <stddef.h>

#include "analyze/undefined.h"

typedef struct {
    double neff;
    double kish; /* rho = 0 */
    double orgs; /* rho = 1 */
} Neff;

/* w[n] >= 0 (0 counts as absent), org[n] below n_org. All three are undefined when no weight is
 * above 0. A factor on all weights changes nothing. O(n + n_org). */
Neff neff_of_weights(const double *w, const uint32_t *org, size_t n, size_t n_org, double rho);

typedef struct {
    double icc;           /* undefined: see why */
    double msb, msw, k0;  /* each undefined when its own denominator is 0 */
    size_t n_org;         /* organisations with an answer */
    size_t n_org_several; /* of these with two answers or more: M2 */
    Undefined why;        /* NO_ANSWERS, FEW_ORGS, SINGLE_ORGS or NO_SPREAD */
} Icc;

/* x[n] steps, 0 or less where missing. Exact in the integers it sums, so the order of answers is
 * nothing.
 */
Icc neff_icc1(const int8_t *x, const uint32_t *org, size_t n, size_t n_org);

/* The same over means of several answers: x[n] any number, UNDEFINED where missing. */
Icc neff_icc1_means(const double *x, const uint32_t *org, size_t n, size_t n_org);

/* Always defined: without information, prior_rho. */
double neff_icc_shrunk(const Icc *icc, double prior_weight, double prior_rho);

#endif
