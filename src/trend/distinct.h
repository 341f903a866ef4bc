/* distinct.h - how many different people: exact keyed tags up to 256, HyperLogLog above.
 *
 * PRIVACY P2, made exact.  The caller keys each voice with the cell's secret, so that two cells
 * cannot be intersected.  `distinct_floor` never exceeds the truth (exact count, or the number of
 * non-zero registers, p = 10); only it may be compared with k.  `distinct_estimate` is Flajolet et
 * al. 2007 with linear counting below 2.5 m (error 3.3 %).  Memory: 32 bytes, growing to 4 KiB,
 * then 1 KiB of registers.  Cost: one or two cache lines.  Pure.
 */
#ifndef TREND_DISTINCT_H
#define TREND_DISTINCT_H

#include "model/post.h"

enum { DISTINCT_EXACT = 256, DISTINCT_REGISTERS = 1024 };

struct distinct {
    uint32_t n;        /* tags, while exact */
    uint16_t capacity; /* of the table of tags; 0 with registers set: sketch */
    uint16_t filled;   /* registers that are not zero */
    bool sketch;
    union {
        uint64_t *tags;
        uint8_t *registers;
    };
};

/* The voice's tag in a cell: keyed by the cell's secret. */
uint64_t distinct_tag(struct voice voice, uint64_t cell_secret);
/* Fetches what distinct_add will look at. */
void distinct_prefetch(const struct distinct *distinct, uint64_t tag);
/* False when out of memory; nothing changed then. */
bool distinct_add(struct distinct *distinct, uint64_t tag);
uint32_t distinct_floor(const struct distinct *distinct);
uint32_t distinct_estimate(const struct distinct *distinct);
void distinct_free(struct distinct *distinct); /* wipes, then frees */

/* A set as bytes, to be sealed.  The length follows from `most` alone, how often at most something
 * was added, so that it does not tell how many different people there are. */
size_t distinct_packed(uint32_t most);
void distinct_pack(const struct distinct *distinct, uint32_t most, unsigned char *out);
/* Into an empty set.  False: out of memory, or bytes that distinct_pack did not write. */
bool distinct_unpack(struct distinct *distinct, uint32_t most, const unsigned char *in);

#endif
