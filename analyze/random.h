/* Random numbers that do not depend on threads or order: every task draws from a stream of its own,
 * named by the project's seed and a label such as "verdict/Q1/kommune". */
#ifndef INNSIKT_ANALYZE_RANDOM_H
#define INNSIKT_ANALYZE_RANDOM_H

#include <gsl/gsl_rng.h>
#include <stdint.h>

/* rng.stream_seed: FNV-1a-64 of the label's UTF-8 bytes, xored with the seed, through one step of
 * SplitMix64 (Steele, Lea & Flood 2014); the low 32 bits, and 1 for 0 (GSL turns 0 into 4357). */
uint32_t random_stream_seed(uint64_t seed, const char *label);

/* MT19937 (Matsumoto & Nishimura 1998) started with stream_seed: the numbers of gsl_rng_mt19937,
 * made a block at a time. Free with gsl_rng_free. Integers below n are drawn with
 * gsl_rng_uniform_int, or many at once with random_below. */
gsl_rng *random_stream_new(uint64_t seed, const char *label);

/* The same generator started with a 32-bit seed as it stands. */
gsl_rng *random_seeded_new(uint32_t seed);

/* Writes `count` integers below n, each what gsl_rng_uniform_int(rng, n) would have given, from any
 * generator. n > 0. */
void random_below(gsl_rng *rng, size_t n, size_t count, uint32_t *ret);

#endif
