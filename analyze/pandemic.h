/* Effects of the pandemic: what developed, what has a better starting point, what has become a
 * challenge, and how many say so. Counts of what was named, by the framework's effects or in
 * people's own words; no inference. */
#ifndef INNSIKT_ANALYZE_PANDEMIC_H
#define INNSIKT_ANALYZE_PANDEMIC_H

#include "analyze/mention.h"
#include "analyze/product.h"

typedef enum { EFFECT_DEVELOPMENT, EFFECT_START, EFFECT_CHALLENGE, N_EFFECT_KINDS } EffectKind;
const char *effect_kind_word(EffectKind kind); /* as project.yaml and frameworks write it */

typedef struct {
    char *key; /* "effect/p-digital-use" */
    EffectKind kind;
    const char *direction; /* as the first who named one wrote it; NULL: nobody did */
    const Mention *mention;
} PandemicEffect;

typedef struct {
    GArray *mentions; /* of Mention */
    GArray
        *effects; /* of PandemicEffect: by kind, then people (most first), then order of mentions */
} Pandemic;

/* NULL: no effects were named. */
const Pandemic *results_pandemic(const Results *results);

#endif
