/* Invented answers for property tests: the same for the same seed. */
#ifndef INNSIKT_TESTS_GENERATE_H
#define INNSIKT_TESTS_GENERATE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>
#include <glib.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "analyze/ordinal.h"
#include "analyze/random.h"
#include "tests/analyze/near.h"

enum { PEOPLE_MAX = 90, ORGS_MAX = 12, GROUPS = 3 };

typedef struct {
    int k;
    size_t n, n_org;
    int8_t x[PEOPLE_MAX * 2]; /* 0: missing */
    uint32_t org[PEOPLE_MAX * 2], group[PEOPLE_MAX * 2];
} People;

/* 20 to PEOPLE_MAX people of up to ORGS_MAX organisations, unevenly filled, one in eight without an
 * answer; at least one answers. */
static inline People people_make(uint32_t seed)
{
    gsl_rng *rng = random_seeded_new(seed);
    People p = {.k = 2 + (int)gsl_rng_uniform_int(rng, STEPS_MAX - 1), .n_org = ORGS_MAX};

    p.n = 20 + gsl_rng_uniform_int(rng, PEOPLE_MAX - 19);
    for (size_t i = 0; i < p.n; i++) {
        double u = gsl_rng_uniform(rng);
        p.org[i] = (uint32_t)(u * u * ORGS_MAX);
        p.group[i] = p.org[i] % GROUPS;
        p.x[i] = (int8_t)(1 + gsl_rng_uniform_int(rng, (unsigned long)p.k));
        if (i > 0 && gsl_rng_uniform_int(rng, 8) == 0)
            p.x[i] = 0;
    }
    gsl_rng_free(rng);
    return p;
}

/* The same people in another order. */
static inline People people_shuffled(const People *p, uint32_t seed)
{
    gsl_rng *rng = random_seeded_new(seed);
    size_t order[PEOPLE_MAX * 2];
    People q = *p;

    for (size_t i = 0; i < p->n; i++)
        order[i] = i;
    gsl_ran_shuffle(rng, order, p->n, sizeof *order);
    for (size_t i = 0; i < p->n; i++) {
        q.x[i] = p->x[order[i]];
        q.org[i] = p->org[order[i]];
        q.group[i] = p->group[order[i]];
    }
    gsl_rng_free(rng);
    return q;
}

/* The same people on the scale read from its other end. */
static inline People people_reversed(const People *p)
{
    People q = *p;

    for (size_t i = 0; i < p->n; i++)
        q.x[i] = (int8_t)(p->x[i] ? p->k + 1 - p->x[i] : 0);
    return q;
}

/* Every organisation twice, the second under a number of its own. */
static inline People people_doubled(const People *p)
{
    People q = *p;

    q.n = 2 * p->n;
    q.n_org = 2 * p->n_org;
    for (size_t i = 0; i < p->n; i++) {
        q.x[p->n + i] = p->x[i];
        q.org[p->n + i] = p->org[i] + (uint32_t)p->n_org;
        q.group[p->n + i] = p->group[i];
    }
    return q;
}

#endif
