/* postings.c - chained blocks of postings from one pool; see postings.h. */
#include "story/postings.h"

#include <stdlib.h>

bool postings_init(struct postings *postings, uint32_t capacity)
{
    *postings = (struct postings){.capacity = capacity, .fresh = 1};
    postings->memory = calloc(capacity + 1, sizeof *postings->blocks);
    postings->blocks =
        (struct posting_block *)(((uintptr_t)postings->memory + 63) & ~(uintptr_t)63);
    return postings->memory;
}

void postings_free(struct postings *postings)
{
    free(postings->memory);
}

uint32_t postings_left(const struct postings *postings)
{
    return postings->free_count + (postings->capacity - postings->fresh);
}

/* An empty block in front of *list; false when there is none left. */
static bool put_block(struct postings *postings, uint32_t *list)
{
    uint32_t block = postings->free;

    if (block) {
        postings->free = postings->blocks[block].next;
        postings->free_count--;
    } else if (postings->fresh < postings->capacity) {
        block = postings->fresh++;
    } else {
        return false;
    }
    postings->blocks[block].next = *list;
    postings->blocks[block].n = 0;
    *list = block;
    return true;
}

struct posting *postings_add(struct postings *postings, uint32_t *list, struct posting posting)
{
    struct posting_block *block;

    if ((!*list || postings->blocks[*list].n == POSTING_BLOCK) && !put_block(postings, list))
        return NULL;
    block = &postings->blocks[*list];
    block->entries[block->n] = posting;
    return &block->entries[block->n++];
}

struct posting *postings_find(struct postings *postings, uint32_t list, uint32_t story)
{
    struct posting_block *first = &postings->blocks[list];

    for (; list; list = postings->blocks[list].next) {
        struct posting_block *block = &postings->blocks[list];

        for (uint32_t i = 0; i < block->n; i++) {
            struct posting found = block->entries[i], *front = &first->entries[story % first->n];

            if (found.story != story)
                continue;
            if (block == first)
                return &block->entries[i];
            block->entries[i] = *front;
            *front = found;
            return front;
        }
    }
    return NULL;
}

void postings_remove(struct postings *postings, uint32_t *list, struct posting *at)
{
    struct posting_block *first = &postings->blocks[*list];
    uint32_t emptied = *list;

    *at = first->entries[--first->n];
    if (first->n)
        return;
    *list = first->next;
    first->next = postings->free;
    postings->free = emptied;
    postings->free_count++;
}
