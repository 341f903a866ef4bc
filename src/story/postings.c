/* postings.c - chained blocks of postings from one pool; see postings.h. */
#include "story/postings.h"

#include "story/lines.h"

#include <stdlib.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

bool postings_init(struct postings *postings, uint32_t capacity)
{
    *postings = (struct postings){.capacity = capacity, .fresh = 1};
    postings->memory = calloc(capacity + 1, sizeof *postings->blocks);
    postings->blocks = lines_in(postings->memory, sizeof *postings->blocks);
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

/* Where in the block the story stands: a bit for each place. */
static inline uint32_t places_of(const struct posting_block *block, uint32_t story)
{
    uint32_t places = 0;

#ifdef __SSE2__
    const __m128i *at = (const __m128i *)(const void *)block, want = _mm_set1_epi32((int)story);

    for (int i = 0; i < 4; i += 2) { /* the first of each pair of numbers */
        __m128 pairs = _mm_castsi128_ps(_mm_load_si128(&at[i])),
               more = _mm_castsi128_ps(_mm_load_si128(&at[i + 1]));
        __m128i four = _mm_castps_si128(_mm_shuffle_ps(pairs, more, 0x88));

        places |= (uint32_t)_mm_movemask_ps(_mm_castsi128_ps(_mm_cmpeq_epi32(four, want))) << 2 * i;
    }
#else
    for (uint32_t i = 0; i < POSTING_BLOCK; i++)
        places |= (uint32_t)(block->entries[i].story == story) << i;
#endif
    return places & ((1u << block->n) - 1);
}

struct posting *postings_find(struct postings *postings, uint32_t list, uint32_t story)
{
    struct posting_block *first = &postings->blocks[list];

    for (; list; list = postings->blocks[list].next) {
        struct posting_block *block = &postings->blocks[list];
        uint32_t places = places_of(block, story);
        struct posting *at, *front, found;

        if (!places)
            continue;
        at = &block->entries[__builtin_ctz(places)];
        if (block == first)
            return at;
        front = &first->entries[story % first->n];
        found = *at;
        *at = *front;
        *front = found;
        return front;
    }
    return NULL;
}

void postings_pair(const struct postings *postings, uint32_t list, const uint32_t stories[2],
                   struct posting *pair[2])
{
    pair[0] = pair[1] = NULL;
    for (; list && !(pair[0] && pair[1]); list = postings->blocks[list].next) {
        struct posting_block *block = &postings->blocks[list];

        for (int i = 0; i < 2; i++) {
            uint32_t places = places_of(block, stories[i]);

            if (places)
                pair[i] = &block->entries[__builtin_ctz(places)];
        }
    }
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
