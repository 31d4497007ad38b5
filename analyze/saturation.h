/* saturation.base_run: do further interviews still bring themes? (Guest, Namey & Chen 2020.) The
 * first `base` interviews give the base themes; each window of the `run` interviews after them is
 * measured by the themes that none before it had, divided by the base themes. Saturated at the
 * interview before the first window at or below the threshold. */
#ifndef INNSIKT_ANALYZE_SATURATION_H
#define INNSIKT_ANALYZE_SATURATION_H

#include <gsl/gsl_rng.h>
#include <stddef.h>

#include "analyze/undefined.h"

typedef struct {
    size_t base, run; /* 4, 2 */
    double threshold; /* 0.05 */
} SaturationRules;

SaturationRules saturation_rules_default(void);

/* Interviews in order: theme[start[i]] … theme[start[i + 1] - 1] are the themes of interview i. */
typedef struct {
    const uint32_t *theme; /* below n_theme */
    const size_t *start;   /* n + 1 */
    size_t n, n_theme;
} SaturationInput;

typedef struct {
    size_t base_themes;
    size_t windows;    /* n - base - run + 1 */
    size_t reached_at; /* number of that interview, from 1; 0: not reached */
    Undefined why;     /* TOO_FEW interviews; NO_SPREAD: no theme in the base */
} Saturation;

/* Writes the windows' ratios to ret_ratio, which has room for n, when it is not NULL. */
Saturation saturation_base_run(const SaturationInput *in, const SaturationRules *rules,
                               double *ret_ratio);

/* The result depends on the order of the interviews: median of reached_at over `shuffles` random
 * orders (200), where not reached counts as last. Undefined when it is not reached in half of them.
 */
double saturation_shuffled(const SaturationInput *in, const SaturationRules *rules, gsl_rng *rng,
                           size_t shuffles);

#endif
