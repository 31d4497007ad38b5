/* The dilemmas people registered: who speaks for the one pole and who for the other, whether they
 * are two camps, and the tension between what is wanted (methods.md 4.12; analyze/dilemma.h).
 *
 * An answer is a step between the poles on the mapping's scale (below the middle: the first pole),
 * or one pole, told. Answers that are not all steps of one scale are read as three: one pole,
 * neither, the other. Shares are weighed as ratings are, each person split over their answers
 * (verdict.pool_items), with Wilson's interval on the effective number. */
#ifndef INNSIKT_ANALYZE_DILEMMAS_H
#define INNSIKT_ANALYZE_DILEMMAS_H

#include "analyze/product.h"

typedef enum {
    TENSION_NONE,
    TENSION_POLES, /* the same answers read from both ends: those who want the one and the other */
    TENSION_ITEMS, /* between two of the rated items that the dilemma bears on */
} TensionFrom;

typedef struct {
    char *key; /* "dilemma/focus" */
    int term;  /* TERM_DILEMMA */
    Estimate a, b;
    double neither;                /* undefined without answers */
    double agreement;              /* van der Eijk's A over the steps between the poles */
    double strength_a, strength_b; /* mean of what those who told a pole told beside it */
    double tension;                /* undefined: fewer than DILEMMA_PEOPLE */
    TensionFrom from;
    int item[2];                                 /* TENSION_ITEMS: TERM_ITEM */
    size_t n, people, organisations, unreadable; /* unreadable: answers that are neither */
    GArray *findings; /* of int: those of its themes, and those that explain its items */
    GArray *records;
} DilemmaResult;

typedef struct {
    GArray *dilemmas; /* of DilemmaResult: every declared one */
    size_t answered;  /* how many of them somebody answered */
} Dilemmas;

/* NULL: nobody answered one, and no two items that one bears on were rated by enough people. */
const Dilemmas *results_dilemmas(const Results *results);

#endif
