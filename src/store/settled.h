/* settled.h - tags that lie on the disk alone: 26 bits of memory each say where to look for one.
 *
 * What is in memory of a tag is a piece of it and the stretch of batches in which it lies.  That
 * answers "certainly not here", or "perhaps in that stretch", and then the stretch is read.
 *
 * Method: a fingerprint table that is made once, of a known number of tags, as the static half of a
 * log-structured table (O'Neil et al. 1996 for the order of things; fingerprints as in the cuckoo
 * filter, Fan et al. 2014, but laid out by bucket as in a compressed sparse row, so that none is
 * empty).  A tag is noise, so its upper bits are its bucket (multiply and shift, 16 tags each on
 * average) and its lower ones its piece: 16 bits, and what 8 bits have left beside the number of
 * the stretch (at most 256).
 * Memory: 3.25 bytes a tag.  False: 16 / 2^(24 - bits of the stretches) a look-up and table, so
 * 1 of 16,384 with 64 stretches (a day of 260,000 posts), 1 of 300 posts with 56 such days, and at
 * worst, with 256 stretches, 1 of 4,096; each costs the reading of one stretch, never an answer.
 * Cost: two cache lines a look-up, which may be fetched ahead; making one is linear.
 * Where it fails: tags that somebody chose would crowd a bucket (one SipHash under a secret key
 * stands before); none is taken out, a forgotten tag costs a reading and no more; two tables are
 * never joined, so that a day of ten million posts has some forty of them to be looked into.
 */
#ifndef STORE_SETTLED_H
#define STORE_SETTLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Batches of one day, one behind another. */
struct stretch {
    uint64_t first, last; /* items of the batches */
    size_t tags;
};

struct settled_tag {
    uint64_t half; /* the first of the tag */
    uint32_t stretch;
};

struct settled;

/* NULL: out of memory. */
struct settled *settled_make(const struct settled_tag *tags, size_t n,
                             const struct stretch *stretches, size_t stretch_count);
void settled_free(struct settled *settled);
/* The first of the two lines of a look-up; with that there, the second. */
void settled_prefetch_bucket(const struct settled *settled, uint64_t half);
void settled_prefetch_pieces(const struct settled *settled, uint64_t half);
/* The next stretch in which the tag may lie; *at begins with 0 and says where to go on.  NULL: in
 * no further. */
const struct stretch *settled_find(const struct settled *settled, uint64_t half, size_t *at);

#endif
