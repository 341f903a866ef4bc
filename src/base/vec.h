/* vec.h - typed arrays that grow inside an arena.
 *
 *     VEC(struct cell) cells = {0};
 *     *vec_push(&cells, batch) = cell;
 *
 * Growth doubles; the old run stays in the arena until it is reset, so the waste is at most the
 * size.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

#include <string.h>

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *v;                                                                                   \
        size_t n, capacity;                                                                        \
    }

/* The place of one more element, zeroed. */
#define vec_push(vec, arena)                                                                       \
    ((vec)->n < (vec)->capacity                                                                    \
         ? &(vec)->v[(vec)->n++]                                                                   \
         : ((vec)->capacity = (vec)->capacity ? (vec)->capacity * 2 : 16,                          \
            (vec)->v = vec_moved_((arena), (vec)->v, (vec)->n, (vec)->capacity, sizeof *(vec)->v), \
            &(vec)->v[(vec)->n++]))

static inline void *vec_moved_(struct arena *arena, const void *old, size_t n, size_t capacity,
                               size_t size)
{
    void *grown = arena_array(arena, capacity, size);

    if (n)
        memcpy(grown, old, n * size);
    return grown;
}

#endif
