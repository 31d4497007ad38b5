/* Do coders who saw the same units agree? Not for respondents: they are allowed to disagree.
 *
 * krippendorff.alpha (Krippendorff 2018), over units with at least two values, m_u of them:
 *     o_ck = sum_u #(c, k ordered pairs in u) / (m_u - 1),  n_c = sum_k o_ck,  n = sum n_c,
 *     D_o = sum o_ck d2_ck / n,  D_e = sum n_c n_k d2_ck / (n (n - 1)),  alpha = 1 - D_o / D_e;
 *     d2: nominal 1, interval (c - k)^2, ordinal (n_c/2 + n_(c+1) + … + n_k/2)^2.
 * An ordinal difference is one of positions on the line of all values, so every level costs
 * O(values) per unit and no pair of coders is visited. */
#ifndef INNSIKT_ANALYZE_KRIPPENDORFF_H
#define INNSIKT_ANALYZE_KRIPPENDORFF_H

#include <gsl/gsl_rng.h>
#include <stddef.h>

#include "analyze/undefined.h"

typedef enum {
    KRIPPENDORFF_NOMINAL, /* quadrants, themes */
    KRIPPENDORFF_ORDINAL, /* ratings */
    KRIPPENDORFF_INTERVAL,
} KrippendorffLevel;

typedef struct {
    double alpha;              /* at most 1, may be negative; undefined: see why */
    size_t n_pairable;         /* values in units with at least two */
    size_t n_units;            /* these units */
    double observed, expected; /* D_o, D_e; undefined when nothing is pairable */
    Undefined why;             /* TOO_FEW: nothing pairable; NO_SPREAD: one value only */
} Krippendorff;

/* data: coders x units, row by row, NaN where missing. */
Krippendorff krippendorff_alpha(const double *data, size_t coders, size_t units,
                                KrippendorffLevel level);

typedef struct {
    double low, high;       /* type-7 percentiles; undefined: see why */
    size_t used, undefined; /* replicates; those with one value only are counted and left out */
    size_t n_pairs;         /* within units, of bootstrap_pairs */
    Undefined why;          /* TOO_FEW: pairable units below min_units; NO_SPREAD */
} KrippendorffInterval;

/* krippendorff.bootstrap_units: b replicates of `units` draws among all units, in order. min_units
 * is 10 unless the project says otherwise. O(b units values). */
KrippendorffInterval krippendorff_bootstrap_units(const double *data, size_t coders, size_t units,
                                                  KrippendorffLevel level, gsl_rng *rng, size_t b,
                                                  double conf, size_t min_units);

/* krippendorff.bootstrap_pairs (Hayes & Krippendorff 2007): per replicate every pair within a unit
 * is exchanged for one drawn among all observed pairs; D_e is held fixed, so the interval is
 * narrower: alpha_b = 1 - sum 2 d2 / (n D_e (m_u - 1)),  not below -1. Pairs stand unit by unit,
 * coders in order. O(b pairs). */
KrippendorffInterval krippendorff_bootstrap_pairs(const double *data, size_t coders, size_t units,
                                                  KrippendorffLevel level, gsl_rng *rng, size_t b,
                                                  double conf);

#endif
