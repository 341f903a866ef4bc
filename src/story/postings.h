/* postings.h - which stories have a term, and with what weight: the centroids, stored by term.
 *
 * A list is a chain of blocks of one cache line out of a pool taken at birth; only the first block
 * of a list may have room left.  Nothing else keeps a story's words.  Cost: adding and removing are
 * O(1) given the place, finding is a walk.  Memory: 64 bytes a block of seven.  Pure.
 */
#ifndef STORY_POSTINGS_H
#define STORY_POSTINGS_H

#include <stdbool.h>
#include <stdint.h>

enum { POSTING_BLOCK = 7 };

struct posting {
    uint32_t story; /* slot and generation, see stories.c */
    float weight;   /* sum over the story's texts */
};

struct posting_block {
    struct posting entries[POSTING_BLOCK];
    uint32_t next, n;
};

struct postings {
    void *memory;
    struct posting_block *blocks; /* [capacity], in it on cache lines; [0] is never used */
    uint32_t capacity, fresh;     /* blocks from `fresh` on were never given out */
    uint32_t free, free_count;    /* chain of blocks given back */
};

bool postings_init(struct postings *postings, uint32_t capacity); /* false when out of memory */
void postings_free(struct postings *postings);
/* Blocks that can still be given out. */
uint32_t postings_left(const struct postings *postings);
/* NULL when the pool is empty. */
struct posting *postings_add(struct postings *postings, uint32_t *list, struct posting posting);
/* Moves what it finds into the first block: who is asked for once will be again. */
struct posting *postings_find(struct postings *postings, uint32_t list, uint32_t story);
/* The postings of two stories, moving nothing; NULL for what is not there. */
void postings_pair(const struct postings *postings, uint32_t list, const uint32_t stories[2],
                   struct posting *pair[2]);
/* Takes `at` (of this list) away; the first entry of the list moves into its place. */
void postings_remove(struct postings *postings, uint32_t *list, struct posting *at);

#endif
