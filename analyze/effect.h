/* How much two groups differ on an ordinal question. */
#ifndef INNSIKT_ANALYZE_EFFECT_H
#define INNSIKT_ANALYZE_EFFECT_H

#include <stddef.h>

#include "analyze/undefined.h"

typedef struct {
    double delta;     /* P(x > y) - P(x < y), -1..1; undefined when a group is empty */
    double low, high; /* undefined for delta = +-1 and for a group of one */
    double var;       /* of delta; undefined for a group of one */
} CliffDelta;

/* effect.cliff_delta: Cliff's delta (Cliff 1996) with the asymmetric interval of Feng & Cliff
 * (2004); m, n group sizes, d_i., d_.j row and column means of sign(x - y):
 *     s^2 = max{ [n^2 sum(d_i. - d)^2 + m^2 sum(d_.j - d)^2 - sum sum(d_ij - d)^2]
 *                / (mn(m - 1)(n - 1)),  (1 - d^2) / (mn - 1) },
 *     (d - d^3 +- z s sqrt((1 - d^2)^2 + z^2 s^2)) / (1 - d^2 + z^2 s^2).
 * x[k], y[k]: unweighted counts of answers per step. Ignores that answers share organisations.
 * O(k^2) */
CliffDelta effect_cliff_delta(const size_t *x, const size_t *y, size_t k, double conf);

/* Romano et al. 2006. */
typedef enum {
    EFFECT_NONE,
    EFFECT_NEGLIGIBLE,
    EFFECT_SMALL,
    EFFECT_MEDIUM,
    EFFECT_LARGE
} EffectWord;

typedef struct {
    double small, medium, large; /* |delta| from which the word holds: 0.147, 0.33, 0.474 */
} EffectRules;

EffectRules effect_rules_default(void);
EffectWord effect_word(double delta, const EffectRules *rules); /* NONE when undefined */
const char *effect_word_key(EffectWord word); /* "negligible", "small" …; "" for NONE */

#endif
