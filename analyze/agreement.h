/* How far those who answered agree with each other. */
#ifndef INNSIKT_ANALYZE_AGREEMENT_H
#define INNSIKT_ANALYZE_AGREEMENT_H

#include <stddef.h>

#include "analyze/undefined.h"

/* agreement.vdeijk_a: van der Eijk's A (van der Eijk 2001). The counts are peeled into layers, each
 * with S non-empty steps; with TU and TDU the triples of steps with patterns 110 or 011, and 101,
 *     U = ((K - 2) TU - (K - 1) TDU) / ((K - 2)(TU + TDU)),  A_layer = U (1 - (S - 1)/(K - 1)),
 * A = sum of layers by their weight. 1 all alike, 0 evenly spread, -1 half at each end. Uses order
 * only. count[k] weighted counts or shares, any scale; undefined for k < 3 or no answers. */
double agreement_vdeijk_a(const double *count, int k);

/* agreement.cns: consensus (Tastle & Wierman 2007), mu the mean:
 *     1 + sum p_k log2(1 - |k - mu| / (K - 1)).
 * Assumes equal spacing. Undefined for k < 2 or no answers. */
double agreement_cns(const double *count, int k);

typedef struct {
    double s2;       /* sample variance, or its mean over items */
    double sigma_eu; /* variance of an even spread, (K^2 - 1) / 12 */
    double raw;      /* 1 - s2 / sigma_eu; may be negative */
    double rwg;      /* the same, not below 0; of several items: r_wg(J) */
} Rwg;

/* agreement.rwg (James, Demaree & Wolf 1984). x[n] steps 1..k, 0 or less where missing. All but
 * sigma_eu undefined with fewer than two answers. */
Rwg agreement_rwg(const int8_t *x, size_t n, int k);

/* agreement.rwg_j: n respondents of `items` items, row by row; respondents with a missing item are
 * left out. With q = 1 - mean s2 / sigma_eu not below 0: J q / (J q + 1 - q). */
Rwg agreement_rwg_j(const int8_t *x, size_t n, size_t items, int k);

/* Two camps: A below zero by more than rounding. False when undefined. */
bool agreement_is_split(double a);

#endif
