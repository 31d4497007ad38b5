#include "analyze/round.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>
#include <stdlib.h>

#include "analyze/compare.h"
#include "analyze/proportion.h"

RoundRules round_rules_default(void)
{
    return (RoundRules){.accept = 0.75,
                        .drop = 0.25,
                        .majority = 0.5,
                        .min_votes = 5,
                        .min_group = 3,
                        .group_floor = 0.5,
                        .max_rounds = 3,
                        .stable = 0.15,
                        .conf = 0.95};
}

const char *round_decision_key(RoundDecision decision)
{
    static const char *const key[] = {"insufficient", "accept", "drop", "report_disagreement",
                                      "revise"};

    return key[decision];
}

static bool is_low(const RoundVotes *votes, const RoundRules *rules)
{
    size_t n = votes->agree + votes->disagree;

    return n >= rules->min_group && n > 0 &&
           compare_round((double)votes->agree / (double)n) < rules->group_floor;
}

RoundAcceptance round_accept(const RoundVotes *group, size_t groups, size_t objections,
                             size_t round, bool stable, const RoundRules *rules, bool *ret_low)
{
    RoundAcceptance a = {.decision = ROUND_REVISE};
    size_t agree = 0, low = 0;

    for (size_t g = 0; g < groups; g++) {
        bool below = is_low(&group[g], rules);
        agree += group[g].agree;
        a.n += group[g].agree + group[g].disagree;
        low += below;
        if (ret_low)
            ret_low[g] = below;
    }
    a.share = proportion_wilson((double)agree, (double)a.n, rules->conf);
    double p = compare_round(a.share.value);
    if (a.n < rules->min_votes || a.n == 0)
        a.decision = ROUND_INSUFFICIENT;
    else if (p >= rules->accept && a.share.low > rules->majority && low == 0 && objections == 0)
        a.decision = ROUND_ACCEPT;
    else if (p <= rules->drop && a.share.high < rules->majority)
        a.decision = ROUND_DROP;
    else if (round >= rules->max_rounds || stable)
        a.decision = ROUND_REPORT_DISAGREEMENT;
    return a;
}

RoundStability round_stability(const int8_t *r1, const int8_t *r2, size_t n, double limit)
{
    long moved[INT8_MAX + 1] = {0}; /* second round's answers less the first's, by step */
    size_t first = 0, changed = 0, net = 0;
    RoundStability s = {0, UNDEFINED, UNDEFINED, UNDEFINED, false};

    for (size_t i = 0; i < n; i++) {
        first += r1[i] > 0;
        if (r1[i] <= 0 || r2[i] <= 0)
            continue;
        s.n++;
        changed += r1[i] != r2[i];
        moved[r1[i]]--;
        moved[r2[i]]++;
    }
    for (size_t step = 0; step < G_N_ELEMENTS(moved); step++)
        net += (size_t)labs(moved[step]);
    if (first > 0)
        s.attrition = (double)(first - s.n) / (double)first;
    if (s.n > 0) {
        s.changed = (double)changed / (double)s.n;
        s.net_change = (double)net / 2 / (double)s.n;
        s.stable = compare_round(s.changed) <= compare_round(limit);
    }
    return s;
}

double round_mcnemar_exact(size_t b, size_t c)
{
    if (b + c == 0)
        return 1;
    return fmin(1, 2 * gsl_cdf_binomial_P((unsigned)MIN(b, c), 0.5, (unsigned)(b + c)));
}
