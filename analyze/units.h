/* Organisations as units. An organisation with answers in two groups is two units, so that each
 * group's figure stands on its own. */
#ifndef INNSIKT_ANALYZE_UNITS_H
#define INNSIKT_ANALYZE_UNITS_H

#include <stddef.h>

#include "analyze/undefined.h"

typedef struct {
    uint32_t org, group; /* group is 0 when groups are not used */
    double persons;      /* sum of the shares of its answers: the people who answered */
} Unit;

/* Numbers the units of n answers in order of first appearance.
 *
 * org    per answer, below n_org.
 * group  per answer, or NULL for none; an answer with NO_INDEX belongs to no unit.
 * share  per answer: the part of its person's voice it carries (1, or 1 / that person's answers to
 *        the question); 0 for an answer that is missing: it belongs to no unit.
 * Writes ret_unit[n], NO_INDEX for answers of no unit, and the units themselves to ret[], which has
 * room for n. Returns the number of units. O(n + n_org), times the groups of one organisation. */
size_t units_number(const uint32_t *org, const uint32_t *group, const double *share, size_t n,
                    size_t n_org, uint32_t *ret_unit, Unit *ret);

#endif
