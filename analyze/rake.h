/* weights.rake: weights that meet the declared shares of two variables at once, by turns (Deming &
 * Stephan 1940). Only with targets from a register and at least ten answers a cell. */
#ifndef INNSIKT_ANALYZE_RAKE_H
#define INNSIKT_ANALYZE_RAKE_H

#include <glib.h>

#include "analyze/undefined.h"

typedef struct {
    const uint32_t *category; /* per answer, below n_category */
    const double *target;     /* share per category; need not sum to 1 */
    size_t n_category;
} RakeMargin;

typedef struct {
    size_t rounds;  /* until every margin was within 1e-12 n */
    size_t trimmed; /* weights cut at `trim` times the mean; margins then hold roughly: say so */
} RakeReport;

/* Writes ret_w[n], summing to n. trim is 5 times the mean (0: none). Fails with INNSIKT_ERROR_DATA
 * when a category has answers but no target or a target but no answers, and when the margins cannot
 * both be met; categories are numbered from 1 in the message. O(n rounds). */
bool weights_rake(const RakeMargin margin[2], size_t n, double trim, double *ret_w,
                  RakeReport *ret_report, GError **error);

#endif
