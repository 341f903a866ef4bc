/* links.c - chained blocks of numbers from one pool; see links.h. */
#include "story/links.h"

#include "story/lines.h"

#include <stdlib.h>

bool links_init(struct links *links, uint32_t capacity)
{
    *links = (struct links){.capacity = capacity, .fresh = 1};
    links->memory = calloc(capacity + 1, sizeof *links->blocks);
    links->blocks = lines_in(links->memory, sizeof *links->blocks);
    return links->memory;
}

void links_free(struct links *links)
{
    free(links->memory);
}

void links_add(struct links *links, uint32_t *list, uint32_t term)
{
    struct link_block *block = &links->blocks[*list];

    if (!*list || block->n == LINK_BLOCK) {
        uint32_t taken = links->free;

        if (taken)
            links->free = links->blocks[taken].next;
        else if (links->fresh < links->capacity)
            taken = links->fresh++;
        else
            return;
        block = &links->blocks[taken];
        block->n = 0;
        block->next = *list;
        *list = taken;
    }
    block->terms[block->n++] = term;
}

void links_drop(struct links *links, uint32_t *list)
{
    uint32_t last = *list;

    if (!last)
        return;
    while (links->blocks[last].next)
        last = links->blocks[last].next;
    links->blocks[last].next = links->free;
    links->free = *list;
    *list = 0;
}
