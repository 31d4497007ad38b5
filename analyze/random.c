#include "analyze/random.h"

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
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);

    gsl_rng_set(rng, seed);
    return rng;
}

gsl_rng *random_stream_new(uint64_t seed, const char *label)
{
    return random_seeded_new(random_stream_seed(seed, label));
}
