/* How good a grouping is (methods.md 4.8). Pure functions, safe from any thread. */
#ifndef INNSIKT_ANALYZE_GROUPING_H
#define INNSIKT_ANALYZE_GROUPING_H

#include <glib.h>
#include <stdint.h>

/* How much nearer each item is to its own cluster than to the next (Rousseeuw 1987): (b − a) /
 * max(a, b) with a the mean distance to the others of its cluster, b the smallest mean distance to
 * another cluster; −1 to 1, 0 for an item alone and where a = b. label: any numbers. Writes n
 * values and returns their mean; undefined, all of them, with one cluster or only items alone. */
double grouping_silhouette(const double *distance, const uint32_t *label, size_t n, double *values);

/* A grouping against a reference, for instance hand coding; labels may be any numbers.
 *
 * ari           adjusted Rand index (Hubert & Arabie 1985): 0 as by chance, 1 the same grouping
 * homogeneity   1: each cluster holds members of one reference class only
 * completeness  1: each class lies in one cluster
 * v_measure     harmonic mean of the two (Rosenberg & Hirschberg 2007), 0 when both are 0
 * All undefined for n = 0. Where a formula divides by 0 the reference or candidate has nothing to
 * tell apart, and the measure is 1. */
typedef struct {
    double ari, homogeneity, completeness, v_measure;
} GroupingAgreement;

GroupingAgreement grouping_agreement(const uint32_t *reference, const uint32_t *candidate,
                                     size_t n);

#endif
