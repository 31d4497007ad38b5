/* Do groups, and do ways of being heard, say different things on a main question? Each group is
 * held against all others, each method against each other one (triangulation): Cliff's delta with
 * its word (methods.md 3.8), beside it the difference of the means over organisations (3.6), since
 * delta's interval does not see that answers share organisations. Mann-Whitney and Kruskal-Wallis
 * with Holm's correction are checks for sheet Metode (4.3).
 *
 * A difference is stated only when it is supported: both intervals lie on one side of zero, and
 * enough organisations stand on both sides. */
#ifndef INNSIKT_ANALYZE_DIFFERENCE_H
#define INNSIKT_ANALYZE_DIFFERENCE_H

#include "analyze/effect.h"
#include "analyze/grouptest.h"
#include "analyze/product.h"

/* One side against the other: positive is higher on the verdict scale. */
typedef struct {
    char *key;        /* "difference/choices-clear/group=kommune" */
    int question;     /* TERM_QUESTION */
    Facet facet;      /* FACET_GROUP or FACET_METHOD */
    int index, other; /* group and NO_TERM: the rest; or two methods */
    size_t n, n_other, organisations, organisations_other;
    CliffDelta delta; /* undefined: see why */
    Estimate mean;    /* difference of the means over organisations */
    double p, p_holm; /* Mann-Whitney; Holm over all questions of the facet */
    Undefined why;    /* TOO_FEW: a side has fewer people than the smallest group */
    Undefined p_why;
    bool supported;
} Difference;

/* All groups of one question at once. */
typedef struct {
    char *key; /* "difference/choices-clear" */
    int question;
    size_t n, organisations, groups;
    KruskalWallis test;
    double p_holm;
} DifferenceTest;

typedef struct {
    GArray *differences; /* of Difference: by question, groups then methods */
    GArray *tests;       /* of DifferenceTest: by question */
} Differences;

/* NULL: no main question was rated by anybody of a group, nor by two methods. */
const Differences *results_differences(const Results *results);
/* The word for a delta by the project's limits. */
EffectWord difference_word(const Difference *difference, const Thresholds *thresholds);

#endif
