/* Resampling, for statistics that have no formula (robustness classes, Krippendorff's alpha). Units
 * are organisations, in order of first appearance. Percentiles are of type 7 (Efron & Tibshirani
 * 1993). Results depend on the generator's state only; see random.h. */
#ifndef INNSIKT_ANALYZE_BOOTSTRAP_H
#define INNSIKT_ANALYZE_BOOTSTRAP_H

#include <gsl/gsl_rng.h>
#include <stddef.h>

#include "analyze/interval.h"
#include "analyze/undefined.h"

/* One resample of n units, by random_below: without groups n draws of all; with group[n] (below
 * groups) as many draws inside each group as it has members, groups in order; units of no group are
 * not drawn. Writes ret[n]; returns how many were drawn. */
size_t bootstrap_draw(gsl_rng *rng, const uint32_t *group, size_t n, size_t groups, uint32_t *ret);

typedef struct {
    double theta, se;       /* se is the replicates' standard deviation */
    double low, high;       /* percentiles (1 - conf)/2 and (1 + conf)/2 */
    size_t used, undefined; /* replicates; undefined ones are counted and left out */
    Undefined why;          /* TOO_FEW: fewer than two units or two defined replicates */
} Bootstrap;

/* Percentile interval of b replicates, undefined ones among them. */
Bootstrap bootstrap_percentile(double theta, const double *replicate, size_t b, double conf);

/* bootstrap.mean_percentile of x[n], all defined. Writes the b replicate means to ret_replicate
 * when it is not NULL. O(n b). */
Bootstrap bootstrap_mean(const double *x, size_t n, gsl_rng *rng, size_t b, double conf,
                         double *ret_replicate);

/* bootstrap.cluster_mean_percentile: the same of organisation means, drawn inside groups and
 * weighed by targets when these are given (see interval.h). Below 20 organisations the interval is
 * too narrow, and is to be marked so. */
Bootstrap bootstrap_org_mean(const OrgMean *unit, size_t n, const double *target, size_t groups,
                             gsl_rng *rng, size_t b, double conf);

typedef struct {
    double z0, a;         /* bias and acceleration */
    double p_low, p_high; /* which percentiles the ends are */
    double low, high;
    Undefined why; /* NO_SPREAD: no variation in the replicates or the jackknife */
} BootstrapBca;

/* bootstrap.bca: bias-corrected and accelerated ends. Half of the ties count as below, since
 * ordinal data tie:  z0 = Phi^-1{(#(< theta) + #(= theta)/2) / b},  a = sum L^3 / {6 (sum
 * L^2)^(3/2)}, L = jackknife mean - jackknife,  ends at Phi{z0 + (z0 + z)/(1 - a (z0 + z))}. */
BootstrapBca bootstrap_bca(double theta, const double *replicate, size_t b, const double *jackknife,
                           size_t n, double conf);

#endif
