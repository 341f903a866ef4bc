/* hash.h - fast hashes for tables and fingerprints (XXH3; not for secrets, see store and ledger).
 *
 * Values are part of golden files: the same bytes and seed give the same number on every machine.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

struct hash128 {
    uint64_t high, low;
};

uint64_t hash_bytes(struct str s, uint64_t seed);
struct hash128 hash128_bytes(struct str s, uint64_t seed);
/* Mixes two numbers into one; order matters.  The finaliser of splitmix64 (Steele, Lea, Flood 2014)
 * over an odd combination; here because it is called once a syllable. */
static inline uint64_t hash_pair(uint64_t a, uint64_t b)
{
    uint64_t z = a * 0x9E3779B97F4A7C15u + (b ^ (b >> 29)) * 0xBF58476D1CE4E5B9u + 1;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* A hash over bytes that come in pieces. */
struct hash_stream;
struct hash_stream *hash_stream_new(uint64_t seed); /* NULL when out of memory */
void hash_stream_add(struct hash_stream *stream, struct str s);
/* The value so far; the stream may go on. */
struct hash128 hash_stream_value(const struct hash_stream *stream);
void hash_stream_free(struct hash_stream *stream);

#endif
