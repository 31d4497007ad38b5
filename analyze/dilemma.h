/* Dilemmas: themes in tension (methods.md 4.12). A search help; people register dilemmas. Pure
 * function, safe from any thread. */
#ifndef INNSIKT_ANALYZE_DILEMMA_H
#define INNSIKT_ANALYZE_DILEMMA_H

#include <stddef.h>
#include <stdint.h>

#define DILEMMA_PEOPLE 10 /* who must have rated both themes */

typedef struct {
    size_t n;      /* people who rated both */
    double tau;    /* Kendall's τ_b of their ratings; undefined when a side does not vary */
    double qx, qy; /* share of them on the top steps of each; undefined for n = 0 */
    double tension; /* max(0, −τ_b) · √(qx · qy): both wanted, by different people; undefined below
                       DILEMMA_PEOPLE or when τ_b is */
} Tension;

/* Ratings of two themes by the same people, steps 1 …, below 1 for missing; x and y have n entries.
 * top: bit s − 1 is set when step s is a top step. */
Tension dilemma_tension(const int8_t *x, const int8_t *y, size_t n, unsigned top);

#endif
