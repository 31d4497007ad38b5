/* How priorities stand under scenarios. f is priorities x scenarios, row by row; higher is better;
 * NaN where too few organisations rated the cell, which leaves that priority without any metric. */
#ifndef INNSIKT_ANALYZE_ROBUSTNESS_H
#define INNSIKT_ANALYZE_ROBUSTNESS_H

#include <stddef.h>

#include "analyze/undefined.h"

/* Metrics of one priority (all in McPhail et al. 2018). Every number is undefined and every
 * scenario NO_INDEX when the priority is incomplete. Of tied scenarios the first declared is named.
 */
typedef struct {
    double maximin, maximax; /* worst and best case (Wald 1950) */
    uint32_t worst, best;    /* their scenarios */
    double hurwicz;          /* alpha worst + (1 - alpha) best */
    double laplace;          /* mean */
    double max_regret;       /* (Savage 1951); >= 0, smaller is better */
    uint32_t regretted;      /* its scenario */
    double p90_regret;       /* type-7 quantile of the regrets; means little below 10 scenarios */
    double starr;            /* share of scenarios with f >= threshold (Starr 1963) */
    double undesirable_deviation; /* mean of the worse half of f - median */
    double mean_variance;         /* (mean + 1) / (sd + 1); undefined for one scenario */
} RobustnessMetrics;

/* robustness.metrics: writes ret[priorities], and ret_regret[priorities x scenarios] when it is not
 * NULL: best cell of the scenario - own cell. A cell of an incomplete priority still shows what
 * would have been possible in its scenario. O(priorities x scenarios log scenarios). */
void robustness_metrics(const double *f, size_t priorities, size_t scenarios, double threshold,
                        double alpha, RobustnessMetrics *ret, double *ret_regret);

typedef enum {
    ROBUSTNESS_INCOMPLETE,
    ROBUSTNESS_FRAGILE,
    ROBUSTNESS_CONDITIONAL, /* passes at least `soft` of the scenarios */
    ROBUSTNESS_ROBUST,      /* passes all */
} RobustnessClass;

/* robustness.classify of one priority's cells: threshold is the scale's middle unless declared,
 * soft is 2/3. Writes which scenarios fail to ret_failing[scenarios] when it is not NULL. */
RobustnessClass robustness_classify(const double *cell, size_t scenarios, double threshold,
                                    double soft, bool *ret_failing);
const char *robustness_class_key(RobustnessClass c); /* "robust" … "incomplete" */

typedef struct {
    double p;      /* weight on the scenario at which b catches up with a; undefined: see why */
    bool b_above;  /* b is ahead for weights above p, else for weights below it */
    Undefined why; /* OUTSIDE: parallel or not in [0, 1]; INCOMPLETE; TOO_FEW: one scenario */
} BreakEven;

/* robustness.break_even: weight p on `scenario`, the rest shared evenly, r the mean of the others:
 *     p = (r_a - r_b) / ((r_a - r_b) - (f_as - f_bs)). */
BreakEven robustness_break_even(const double *a, const double *b, size_t scenarios,
                                size_t scenario);

typedef struct {
    double skew; /* (p50 - (p90 + p10)/2) / ((p90 - p10)/2) */
    double peak; /* (p90 - p10) / (p75 - p25) */
} PercentileShape;

/* robustness.percentile_shape of one priority's cells (type-7 quantiles). Not to be shown below 10
 * scenarios. Undefined for an incomplete priority and where the spread is zero. */
PercentileShape robustness_percentile_shape(const double *cell, size_t scenarios);

/* Ranks by one metric, 1 the best, to 9 decimals, ties sharing the mean; for rank_tau_b between
 * metrics. Undefined values have undefined ranks. */
void robustness_ranks(const double *metric, size_t n, bool smaller_is_better, double *ret_rank);

#endif
