/* restore_file.h - how the counts behind restore.h lie in their file, and by what they are found.
 *
 * The file: the eight bytes of RESTORE_MAGIC; four little-endian 32-bit numbers: syllables,
 * contexts, their items, and the parameter of their gaps; then bits, the lowest of a byte first;
 * then eight bytes of zeros.
 *   syllable   32 bits of its folded key (the upper ones), ascending; candidates - 1 in 4 bits; for
 *              each candidate its marks (RESTORE_MARKS bits) and its cost in 8 bits
 *   context    gap to the context before it, Rice coded (R. F. Rice, 1979); then items: the
 *              candidate, Rice coded with parameter 1, its level in 4 bits, one bit: another item?
 * Nothing in it can be read as a word.  Shared by restore.c, which reads, and the trainer, which
 * writes.  Pure.
 */
#ifndef TEXT_RESTORE_FILE_H
#define TEXT_RESTORE_FILE_H

#include "base/str.h"

#define RESTORE_MAGIC "sdgrest1"

enum {
    RESTORE_CANDIDATES = 16, /* of a folded syllable; the most frequent ones */
    RESTORE_MARKS = 20,      /* two bits a letter for its shape, three for the tone, three for
                                the letter that has it */
    RESTORE_CONTEXT = 31,    /* bits of a context's key */
    RESTORE_NAT = 16,        /* costs and weights count in sixteenths of a nat */
    RESTORE_COST_MAX = 255,
    RESTORE_LEVELS = 15,
    RESTORE_STEP = 12 /* what a level weighs */
};

/* The syllable with the one before it, behind it, both, the two before, the two behind. */
enum restore_kind {
    RESTORE_LEFT,
    RESTORE_RIGHT,
    RESTORE_BOTH,
    RESTORE_LEFT_TWO,
    RESTORE_RIGHT_TWO,
    RESTORE_KINDS
};

/* The key of a syllable (around[2]) among its neighbours, folded keys; 0 stands for a border of
 * sentence parts.  0 when there is no such context: it would reach behind a border. */
static inline uint32_t restore_context(enum restore_kind kind, const uint64_t around[5])
{
    static const uint64_t factor[RESTORE_KINDS][5] = {
        [RESTORE_LEFT] = {0, 0x9E3779B97F4A7C15u, 0xD6E8FEB86659FD93u, 0, 0},
        [RESTORE_RIGHT] = {0, 0, 0xC2B2AE3D27D4EB4Fu, 0x165667B19E3779F9u, 0},
        [RESTORE_BOTH] = {0, 0xFF51AFD7ED558CCDu, 0x94D049BB133111EBu, 0xC4CEB9FE1A85EC53u, 0},
        [RESTORE_LEFT_TWO] = {0xBF58476D1CE4E5B9u, 0xA0761D6478BD642Fu, 0xE7037ED1A0B428DBu, 0, 0},
        [RESTORE_RIGHT_TWO] = {0, 0, 0x8EBC6AF09C88C6E3u, 0x589965CC75374CC3u, 0x1D8E4E27C47D124Fu},
    };
    uint64_t z = 0;

    if ((kind == RESTORE_LEFT_TWO && !around[1]) || (kind == RESTORE_RIGHT_TWO && !around[3]))
        return 0;
    for (int i = 0; i < 5; i++)
        z += around[i] * factor[kind][i];
    z = (z ^ z >> 32) * 0xD6E8FEB86659FD93u;
    return (uint32_t)(z >> (64 - RESTORE_CONTEXT));
}

/* The marks of a word's letters, without case; false for what is not up to seven Vietnamese
 * letters.  A word without a mark gives 0. */
bool restore_marks(struct str word, uint32_t *marks);

#endif
