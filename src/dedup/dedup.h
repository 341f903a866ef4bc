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

enum { DEDUP_WORDS = 6, DEDUP_BANDS = 10 };

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

/* A text made comparable: what can be done before its turn comes, by any thread. */
struct dedup_sketch {
    uint64_t signature[DEDUP_WORDS];
    uint64_t bands[DEDUP_BANDS];
    uint16_t size; /* 0: a text without syllables, which is like nothing */
};

struct dedup *dedup_new(const struct dedup_config *config, struct arena *process);
/* Reads only what never changes in `dedup`. */
struct dedup_sketch dedup_sketch(const struct dedup *dedup, const struct tokens *tokens,
                                 struct arena *scratch);
/* Fetches into the cache what dedup_add() of this sketch will look at. */
void dedup_prefetch(const struct dedup *dedup, const struct dedup_sketch *sketch);
/* `item` grows from call to call (the caller's number of the post). */
struct dedup_answer dedup_add(struct dedup *dedup, const struct dedup_sketch *sketch,
                              uint64_t item);
/* Nothing is compared any more with posts of groups whose first came before `item`. */
void dedup_forget(struct dedup *dedup, uint64_t item);
/* Puts back what was decided before a restart; decides nothing. */
void dedup_restore(struct dedup *dedup, const struct dedup_sketch *sketch, uint64_t first);

#endif
