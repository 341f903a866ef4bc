/* dedup.h - near copies: the same text pasted, with small changes, within a bounded window.
 *
 * Read README.md beside this file for the method, its paper and where it fails.  Order-dependent:
 * one owner.  Same input, same output.  Pure; memory: at most 104 bytes a post of the window, all
 * taken at birth.
 */
#ifndef DEDUP_DEDUP_H
#define DEDUP_DEDUP_H

#include "base/arena.h"
#include "text/token.h"

struct dedup;

struct dedup_config {
    uint32_t window;     /* posts remembered */
    uint64_t seed;       /* of the hash functions; fixed, part of golden files */
    uint32_t min_tokens; /* shorter texts are copies only when identical in their folded form */
    double threshold;    /* estimated Jaccard of syllable shingles at which two texts are copies */
};
extern const struct dedup_config dedup_defaults;

struct dedup_answer {
    bool copy;
    uint64_t first;    /* item of the first of its group; the item itself when no copy */
    double similarity; /* 0..1 to the nearest remembered text */
};

struct dedup *dedup_new(const struct dedup_config *config, struct arena *process);
/* `item` grows from call to call (the caller's number of the post). */
struct dedup_answer dedup_add(struct dedup *dedup, const struct tokens *tokens, uint64_t item,
                              struct arena *scratch);
/* Puts back what was decided before a restart; decides nothing. */
void dedup_restore(struct dedup *dedup, const struct tokens *tokens, uint64_t item, uint64_t first,
                   struct arena *scratch);

#endif
