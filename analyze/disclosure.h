/* Keeping people from being found in figures that leave the house (methods.md 3.19; Hundepool et
 * al. 2012): which figures may not be shown at all. Two-way tables with their totals are in
 * analyze/suppression.h. Pure functions, safe from any thread. */
#ifndef INNSIKT_ANALYZE_DISCLOSURE_H
#define INNSIKT_ANALYZE_DISCLOSURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISCLOSURE_GROUP     5    /* smallest group by default */
#define DISCLOSURE_CELL      3    /* counts below this are hidden in cross tables */
#define DISCLOSURE_ORGS      3    /* organisations a figure must rest on */
#define DISCLOSURE_TOP_SHARE 0.85 /* an organisation giving more owns the figure */

/* Who a figure rests on. */
typedef struct {
    size_t n, n_org;
    double top_share; /* of the organisation with most answers; undefined for n = 0 */
    bool dominated;   /* fewer than DISCLOSURE_ORGS organisations, or top_share above
                         DISCLOSURE_TOP_SHARE: the figure is that organisation's */
} Dominance;

/* org: organisation of each of n answers; one without (NO_INDEX) is a person who counts as an
 * organisation of their own (sdc.dominance). */
Dominance disclosure_dominance(const uint32_t *org, size_t n);

/* Whether a figure on so many people must be hidden: fewer than k, or dominated. */
bool disclosure_hides(size_t people, size_t k, const Dominance *dominance);

/* Counts 1 … k − 1 of a table of n cells are hidden; 0 may stand (sdc.primary). */
void disclosure_primary(const uint32_t *count, size_t n, uint32_t k, bool *hidden);

/* Groups whose total is shown (sdc.partition): those of fewer than k are hidden, then the smallest
 * others (the first on ties, empty ones last) until at least two are hidden and together hold k.
 *
 * hide_empty  whether a group of 0 is hidden like other small ones; else it stands.
 * Returns false when all are hidden and that is not enough: the total must be hidden too. True, and
 * nothing hidden, when no group is small. */
bool disclosure_partition(const uint32_t *count, size_t n, uint32_t k, bool hide_empty,
                          bool *hidden);

#endif
