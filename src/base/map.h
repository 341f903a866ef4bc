/* map.h - from a 64-bit key to a 64-bit value, in memory.
 *
 * Method: open addressing with linear probing on a power of two, at most three quarters full; no
 * key is ever removed.  Keys are hashes already, spread once more by a multiplication.  Cost: one
 * or two cache lines a question.  Iteration order depends only on the history of calls, so equal
 * histories give equal orders.  Memory: 16 bytes a slot.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_slot {
    uint64_t key, value;
};

struct map {
    struct map_slot *slots;
    size_t n, capacity, max;
    bool has_zero; /* key 0 marks a free slot; its value lives beside the table */
    uint64_t zero_value;
};

/* At most `max` keys. */
void map_init(struct map *map, size_t max);
void map_free(struct map *map);
void map_clear(struct map *map);
/* The value's place, or NULL.  Valid until the next put. */
uint64_t *map_find(const struct map *map, uint64_t key);
/* The value's place, made (with value 0, *fresh true) where absent.  NULL when `max` is reached.
 * `fresh` may be NULL. */
uint64_t *map_put(struct map *map, uint64_t key, bool *fresh);
/* for (size_t at = 0; map_next(map, &at, &key, &value);) visits every pair once. */
bool map_next(const struct map *map, size_t *at, uint64_t *key, uint64_t *value);

#endif
