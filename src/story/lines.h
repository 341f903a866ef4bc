/* lines.h - where in a piece of memory the first cache line begins.
 *
 * What is asked for at random should not lie on two lines: each is fetched by itself.  Pure.
 */
#ifndef STORY_LINES_H
#define STORY_LINES_H

#include <stddef.h>
#include <stdint.h>

/* The first address in `memory` that is a multiple of `size`, a power of two; of so many bytes more
 * than are used `memory` must be. */
static inline void *lines_in(void *memory, size_t size)
{
    return (char *)memory + (-(uintptr_t)memory & (size - 1));
}

#endif
