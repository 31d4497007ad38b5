/* Groups of statements by likeness (methods.md 4.8). Proposals: nothing is merged on a machine's
 * authority. Pure functions, safe from any thread. */
#ifndef INNSIKT_ANALYZE_CLUSTER_H
#define INNSIKT_ANALYZE_CLUSTER_H

#include <glib.h>
#include <stdint.h>

#include "analyze/similarity.h"

/* One step of the dendrogram. Leaves are 0 … n − 1, step s makes cluster n + s; a < b. */
typedef struct {
    uint32_t a, b;
    double height; /* mean distance between the members of a and those of b */
    uint32_t size; /* leaves in the new cluster */
} ClusterMerge;

/* Average linkage (Sokal & Michener 1958, UPGMA): joins the two nearest clusters until one is left.
 * Distances equal to 12 decimals go to the smallest ids (cluster.average).
 *
 * distance  n × n, symmetric, row by row; the diagonal is not read.
 * ret       room for n − 1 steps (none for n = 0).
 * Memory n²/2 doubles; time n² unless very many distances tie. */
void cluster_average(const double *distance, size_t n, ClusterMerge *ret);

/* The grouping at a height: steps up to and including `cut` (12 decimals) are carried out. label
 * has n entries, 1 … in order of first member. Returns the number of clusters. */
uint32_t cluster_cut(const ClusterMerge *merges, size_t n, double cut, uint32_t *label);

/* Average linkage on 1 − similarity of n of an index's statements, cut at `cut` < 1: their labels,
 * 1 … in order of first member, freed with g_free. A statement without content words is alone.
 *
 * Exactly the cut of cluster_average on those distances (ties aside: statements of the same words
 * count as joined from the start), but only statements that a chain of likenesses ≥ 1 − cut joins
 * are compared, so that memory is the square of the largest such chain's distinct statements. */
uint32_t *cluster_similar(const Similarity *index, const uint32_t *members, size_t n, double cut);

#endif
