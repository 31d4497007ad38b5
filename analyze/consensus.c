#include "analyze/consensus.h"

#include "analyze/compare.h"
#include "analyze/proportion.h"

Consensus consensus_group_informed(const ConsensusVotes *group, size_t groups, double *ret_p)
{
    Consensus c = {UNDEFINED, UNDEFINED, UNDEFINED, NO_INDEX};
    double product = 1;

    for (uint32_t g = 0; g < groups; g++) {
        double agree = (double)group[g].agree, n = (double)group[g].n, p = (agree + 1) / (n + 2);
        double low = proportion_wilson(agree, n, 0.95).low;
        product *= p;
        if (ret_p)
            ret_p[g] = p;
        if (is_defined(low) &&
            (!is_defined(c.weakest) || compare_round(low) < compare_round(c.weakest))) {
            c.weakest = low;
            c.weakest_group = g;
        }
    }
    if (groups > 0) {
        c.product = product;
        c.geometric = pow(product, 1 / (double)groups);
    }
    return c;
}
