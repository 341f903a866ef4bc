/* map.c - open addressing with linear probing; see map.h. */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

static size_t home(const struct map *map, uint64_t key)
{
    return (size_t)((key * 0x9E3779B97F4A7C15u) >> 20) & (map->capacity - 1);
}

void map_init(struct map *map, size_t max)
{
    *map = (struct map){.max = max};
}

void map_free(struct map *map)
{
    free(map->slots);
    map_init(map, map->max);
}

void map_clear(struct map *map)
{
    if (map->slots)
        memset(map->slots, 0, map->capacity * sizeof *map->slots);
    map->n = 0;
    map->has_zero = false;
}

/* The slot of `key`, or the free one where it would go.  The table is never full. */
static size_t probe(const struct map *map, uint64_t key)
{
    size_t at = home(map, key);

    while (map->slots[at].key && map->slots[at].key != key)
        at = (at + 1) & (map->capacity - 1);
    return at;
}

uint64_t *map_find(const struct map *map, uint64_t key)
{
    size_t at;

    if (key == 0)
        return map->has_zero ? (uint64_t *)&map->zero_value : NULL;
    if (!map->capacity)
        return NULL;
    at = probe(map, key);
    return map->slots[at].key ? &map->slots[at].value : NULL;
}

static bool grow(struct map *map)
{
    struct map old = *map;

    map->capacity = old.capacity ? old.capacity * 2 : 16;
    map->slots = calloc(map->capacity, sizeof *map->slots);
    if (!map->slots) {
        *map = old;
        return false;
    }
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i].key)
            map->slots[probe(map, old.slots[i].key)] = old.slots[i];
    free(old.slots);
    return true;
}

uint64_t *map_put(struct map *map, uint64_t key, bool *fresh)
{
    uint64_t *found = map_find(map, key);
    size_t at;

    if (fresh)
        *fresh = !found;
    if (found)
        return found;
    if (map->n == map->max)
        return NULL;
    if (key == 0) {
        map->has_zero = true;
        map->zero_value = 0;
        map->n++;
        return &map->zero_value;
    }
    if ((map->n + 1) * 4 > map->capacity * 3 && !grow(map))
        return NULL;
    at = probe(map, key);
    map->slots[at] = (struct map_slot){key, 0};
    map->n++;
    return &map->slots[at].value;
}

bool map_next(const struct map *map, size_t *at, uint64_t *key, uint64_t *value)
{
    for (; *at < map->capacity; ++*at)
        if (map->slots[*at].key) {
            *key = map->slots[*at].key;
            *value = map->slots[*at].value;
            ++*at;
            return true;
        }
    if (*at == map->capacity && map->has_zero) {
        *key = 0;
        *value = map->zero_value;
        ++*at;
        return true;
    }
    return false;
}
