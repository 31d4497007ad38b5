#include "analyze/random.h"

#include <glib.h>

/* --- MT19937 -------------------------------------------------------------------------------------
 * GSL's own keeps its 624 words in `unsigned long` and tempers one number a call. Here a block is
 * made in loops that the compiler turns into vector instructions. Same seeds, same numbers. */

enum { WORDS = 624, AHEAD = 397 };

typedef struct {
    uint32_t word[WORDS];
    uint32_t number[WORDS]; /* the words, tempered */
    uint32_t next;          /* number that is drawn next; WORDS: a block must be made */
} Twister;

/* A word from itself, the one behind it and the one AHEAD of it. */
static inline uint32_t twist(uint32_t word, uint32_t behind, uint32_t ahead)
{
    const uint32_t high = 0x80000000U, matrix = 0x9908b0dfU;
    return ahead ^ ((word & high) | (behind & ~high)) >> 1 ^ (-(behind & 1U) & matrix);
}

static inline uint32_t temper(uint32_t word)
{
    word ^= word >> 11;
    word ^= word << 7 & 0x9d2c5680U;
    word ^= word << 15 & 0xefc60000U;
    return word ^ word >> 18;
}

static void twister_fill(Twister *t)
{
    uint32_t *w = t->word;
    for (int i = 0; i < WORDS - AHEAD; i++)
        w[i] = twist(w[i], w[i + 1], w[i + AHEAD]);
    for (int i = WORDS - AHEAD; i < WORDS - 1; i++)
        w[i] = twist(w[i], w[i + 1], w[i + AHEAD - WORDS]);
    w[WORDS - 1] = twist(w[WORDS - 1], w[0], w[AHEAD - 1]);
    for (int i = 0; i < WORDS; i++)
        t->number[i] = temper(w[i]);
    t->next = 0;
}

static void twister_set(void *state, unsigned long seed)
{
    Twister *t = state;
    t->word[0] = seed ? (uint32_t)seed : 4357; /* as GSL has it */
    for (uint32_t i = 1; i < WORDS; i++)
        t->word[i] = 1812433253U * (t->word[i - 1] ^ t->word[i - 1] >> 30) + i;
    t->next = WORDS;
}

static inline uint32_t twister_next(Twister *t)
{
    if (t->next == WORDS)
        twister_fill(t);
    return t->number[t->next++];
}

static unsigned long twister_get(void *state)
{
    return twister_next(state);
}

static double twister_get_double(void *state)
{
    return twister_next(state) / 4294967296.0;
}

static const gsl_rng_type twister = {
    .name = "mt19937",
    .max = UINT32_MAX,
    .size = sizeof(Twister),
    .set = twister_set,
    .get = twister_get,
    .get_double = twister_get_double,
};

/* --- streams --- */

uint32_t random_stream_seed(uint64_t seed, const char *label)
{
    uint64_t h = 0xcbf29ce484222325;

    for (const unsigned char *p = (const unsigned char *)label; *p; p++)
        h = (h ^ *p) * 0x100000001b3;
    uint64_t z = (seed ^ h) + 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z ^= z >> 31;
    uint32_t low = (uint32_t)z;
    return low == 0 ? 1 : low;
}

gsl_rng *random_seeded_new(uint32_t seed)
{
    gsl_rng *rng = gsl_rng_alloc(&twister);

    gsl_rng_set(rng, seed);
    return rng;
}

gsl_rng *random_stream_new(uint64_t seed, const char *label)
{
    return random_seeded_new(random_stream_seed(seed, label));
}

/* --- many at once --- */

/* Those of a block's numbers / scale that are below n. An integer + 1/2 is at least 1/(2 scale)
 * from where the quotient steps, far more than two roundings of a number below 2^32: so multiplying
 * by the reciprocal gives the quotient that division gives. Returns how many there are. */
static size_t below_of(const uint32_t *number, size_t count, uint32_t n, double reciprocal,
                       uint32_t *ret)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        ret[kept] = (uint32_t)(int64_t)((number[i] + 0.5) * reciprocal);
        kept += ret[kept] < n;
    }
    return kept;
}

void random_below(gsl_rng *rng, size_t n, size_t count, uint32_t *ret)
{
    if (rng->type != &twister || n > UINT32_MAX) {
        for (size_t i = 0; i < count; i++)
            ret[i] = (uint32_t)gsl_rng_uniform_int(rng, n);
        return;
    }
    Twister *t = rng->state;
    const double reciprocal = 1.0 / (UINT32_MAX / (uint32_t)n);
    for (size_t drawn = 0; drawn < count;) {
        if (t->next == WORDS)
            twister_fill(t);
        const size_t part = MIN(count - drawn, (size_t)(WORDS - t->next));
        drawn += below_of(t->number + t->next, part, (uint32_t)n, reciprocal, ret + drawn);
        t->next += (uint32_t)part;
    }
}
