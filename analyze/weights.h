/* Weights of the answers to one question.
 *
 * weights.equal_org: each organisation counts once, split over its people (Kish 1965; Groves et al.
 * 2009). With M organisations, m_o people from organisation o and n in all:
 *     w_i = n / (M m_o),                 with declared group shares t_g:  w_i = n t_g / (M_g m_o).
 * weights.poststrat: known population counts per cell (Holt & Smith 1979): w_i = (N_h/N)(n/n_h).
 * In both the weights sum to n. */
#ifndef INNSIKT_ANALYZE_WEIGHTS_H
#define INNSIKT_ANALYZE_WEIGHTS_H

#include <glib.h>
#include <stddef.h>

#include "analyze/undefined.h"

typedef struct {
    size_t n;            /* people asked, or answers when a person has several */
    const int8_t *x;     /* step, 0 or less where missing; NULL: everybody answered */
    const double *share; /* part of the person's voice in the answer; NULL: 1 each */
    const uint32_t *org; /* below n_org */
    size_t n_org;
    const uint32_t *group; /* below n_group, or NO_INDEX; read only when target is given */
    size_t n_group;
    const double *target; /* declared share per group, need not sum to 1; NULL: none declared */
} WeightInput;

/* Writes ret_w[n]: 0 for missing answers and for groups without a target. Targets of groups without
 * answers are shared out over the others, and the group is marked in ret_absent[n_group] (may be
 * NULL when no targets are given). False, with all weights 0, when nobody counts. O(n + n_org). */
bool weights_equal_org(const WeightInput *in, double *ret_w, bool *ret_absent);

/* cell[n] is below n_cell or NO_INDEX (no answer: weight 0); population[n_cell] counts members.
 * Fails with INNSIKT_ERROR_DATA when a cell has members but no answers, or answers but no members
 * (cells are numbered from 1 in the message), and when nobody answered. Writes ret_w[n]. */
bool weights_poststrat(const uint32_t *cell, size_t n, const double *population, size_t n_cell,
                       double *ret_w, GError **error);

#endif
