/* links.h - in which posting lists a story stands: numbers of terms, a chain of blocks a story.
 *
 * A hint: what was dropped from a posting list stays named here until the story ends, and a term
 * that came back is named twice.  A list is the number of its first block, 0 without any.
 * Cost: O(1) to add.  Memory: 64 bytes a block of fourteen.  Pure.
 */
#ifndef STORY_LINKS_H
#define STORY_LINKS_H

#include <stdbool.h>
#include <stdint.h>

enum { LINK_BLOCK = 14 };

struct link_block {
    uint32_t terms[LINK_BLOCK];
    uint32_t n, next;
};

struct links {
    void *memory;
    struct link_block *blocks; /* [capacity], in it on cache lines; [0] is never used */
    uint32_t capacity, fresh, free;
};

bool links_init(struct links *links, uint32_t capacity); /* false when out of memory */
void links_free(struct links *links);
/* Nothing happens when the pool is empty. */
void links_add(struct links *links, uint32_t *list, uint32_t term);
void links_drop(struct links *links, uint32_t *list);

#endif
