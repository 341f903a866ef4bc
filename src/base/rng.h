/* rng.h - reproducible random numbers: the seed is an argument, the stream is the same everywhere.
 *
 * xoshiro256** (Blackman, Vigna 2018), seeded by splitmix64.  For simulation and tests only;
 * secrets come from libsodium in store/ and engine/.
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdint.h>

struct rng {
    uint64_t s[4];
};

void rng_seed(struct rng *rng, uint64_t seed);
uint64_t rng_next(struct rng *rng);
/* 0 .. n-1, without bias (Lemire 2019); n > 0. */
uint64_t rng_below(struct rng *rng, uint64_t n);
double rng_unit(struct rng *rng); /* [0, 1) */

#endif
