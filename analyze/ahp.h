/* Weights from comparisons in pairs. A two-hour workshop cannot fill the matrices of thirty
 * findings; an inconsistency above 0.1 is then the rule. */
#ifndef INNSIKT_ANALYZE_AHP_H
#define INNSIKT_ANALYZE_AHP_H

#include <stddef.h>

#include "analyze/undefined.h"

typedef struct {
    double lambda_max;
    double ci;     /* (lambda_max - n) / (n - 1); 0 for one item */
    double cr;     /* ci by Saaty's random index; 0 for n <= 2, undefined above 10 */
    Undefined why; /* NO_ANSWERS: no item; INCOMPLETE: a comparison is missing or not positive */
} AhpPriorities;

/* ahp.priorities (Saaty 1980): principal eigenvector of matrix[n x n] (how much more row weighs
 * than column), summing to 1, to ret_weight[n]; all undefined when why is not UNDEFINED_NOT. */
AhpPriorities ahp_priorities(const double *matrix, size_t n, double *ret_weight);

/* A group's matrix: geometric mean of `people` matrices of n x n, cell by cell, over those that
 * have the cell; NaN where nobody has. */
void ahp_group_matrix(const double *matrices, size_t people, size_t n, double *ret);

/* awot.global (Kurttila et al. 2000): global weight = weight of the item's group x its weight
 * inside the group. group[n] indexes group_weight. */
void ahp_global_weights(const double *group_weight, const uint32_t *group, const double *local,
                        size_t n, double *ret);

#endif
