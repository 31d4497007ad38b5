/* consensus.group_informed: what every group can live with (Small et al. 2021; Polis), a_g of n_g
 * agreeing in group g:  p_g = (a_g + 1) / (n_g + 2),  product over groups. */
#ifndef INNSIKT_ANALYZE_CONSENSUS_H
#define INNSIKT_ANALYZE_CONSENSUS_H

#include <stddef.h>

#include "analyze/undefined.h"

typedef struct {
    size_t agree, n; /* votes for, votes */
} ConsensusVotes;

typedef struct {
    double product;   /* a group without votes contributes 1/2; undefined without groups */
    double geometric; /* its root by the number of groups: comparable between numbers of groups */
    double weakest;   /* smallest lower Wilson bound (95 %) of the groups with votes */
    uint32_t weakest_group; /* first such group, or NO_INDEX */
} Consensus;

/* Writes p_g to ret_p[groups] when it is not NULL. */
Consensus consensus_group_informed(const ConsensusVotes *group, size_t groups, double *ret_p);

#endif
