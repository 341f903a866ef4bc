/* settled.c - where to look for tags that lie on the disk alone; see settled.h. */
#include "store/settled.h"

#include <stdlib.h>
#include <string.h>

enum { IN_A_BUCKET = 16, STRETCHES_MAX = 256, REST_BITS = 8 };

struct settled {
    uint32_t *starts; /* [buckets + 1] */
    uint64_t buckets;
    uint16_t *pieces;
    uint8_t *rests; /* more of the tag above the number of the stretch */
    unsigned stretch_bits;
    struct stretch *stretches;
};

static uint64_t bucket_of(const struct settled *settled, uint64_t half)
{
    return (half >> 32) * settled->buckets >> 32;
}

/* The part of `rests` that is of the tag. */
static uint8_t rest_of(const struct settled *settled, uint64_t half)
{
    return (uint8_t)((half >> 16 & 0xFF) << settled->stretch_bits);
}

/* Joins neighbours until they are few enough; gives by how many bits their numbers were cut. */
static unsigned join_stretches(struct settled *settled, const struct stretch *stretches, size_t n)
{
    unsigned cut = 0;

    while ((n - 1) >> cut >= STRETCHES_MAX)
        cut++;
    for (size_t i = 0; i < n; i++) {
        struct stretch *joined = &settled->stretches[i >> cut];

        if (!(i & (((size_t)1 << cut) - 1)))
            *joined = (struct stretch){.first = stretches[i].first};
        joined->last = stretches[i].last;
        joined->tags += stretches[i].tags;
    }
    while ((n - 1) >> cut >> settled->stretch_bits)
        settled->stretch_bits++;
    return cut;
}

/* Counts the tags of each bucket, then puts each at its place. */
static void place_tags(struct settled *settled, const struct settled_tag *tags, size_t n,
                       unsigned cut)
{
    uint32_t *starts = settled->starts;

    for (size_t i = 0; i < n; i++)
        starts[bucket_of(settled, tags[i].half)]++;
    for (uint64_t bucket = 1; bucket <= settled->buckets; bucket++)
        starts[bucket] += starts[bucket - 1];
    for (size_t i = 0; i < n; i++) { /* each start is the end until its last tag came */
        uint32_t at = --starts[bucket_of(settled, tags[i].half)];

        settled->pieces[at] = (uint16_t)tags[i].half;
        settled->rests[at] = (uint8_t)(rest_of(settled, tags[i].half) | tags[i].stretch >> cut);
    }
}

struct settled *settled_make(const struct settled_tag *tags, size_t n,
                             const struct stretch *stretches, size_t stretch_count)
{
    struct settled *settled = calloc(1, sizeof *settled);

    if (!settled)
        return NULL;
    settled->buckets = n / IN_A_BUCKET + 1;
    settled->starts = calloc(settled->buckets + 1, sizeof *settled->starts);
    settled->pieces = malloc(n * sizeof *settled->pieces);
    settled->rests = malloc(n);
    settled->stretches = calloc(stretch_count < STRETCHES_MAX ? stretch_count : STRETCHES_MAX,
                                sizeof *settled->stretches);
    if (!settled->starts || !settled->pieces || !settled->rests || !settled->stretches) {
        settled_free(settled);
        return NULL;
    }
    place_tags(settled, tags, n, join_stretches(settled, stretches, stretch_count));
    return settled;
}

void settled_free(struct settled *settled)
{
    free(settled->starts);
    free(settled->pieces);
    free(settled->rests);
    free(settled->stretches);
    free(settled);
}

void settled_prefetch_bucket(const struct settled *settled, uint64_t half)
{
    __builtin_prefetch(&settled->starts[bucket_of(settled, half)]);
}

void settled_prefetch_pieces(const struct settled *settled, uint64_t half)
{
    __builtin_prefetch(&settled->pieces[settled->starts[bucket_of(settled, half)]]);
}

const struct stretch *settled_find(const struct settled *settled, uint64_t half, size_t *at)
{
    uint64_t bucket = bucket_of(settled, half);
    uint32_t end = settled->starts[bucket + 1];
    uint8_t stretch_mask = (uint8_t)((1U << settled->stretch_bits) - 1);

    for (size_t i = settled->starts[bucket] + *at; i < end; i++)
        if (settled->pieces[i] == (uint16_t)half &&
            (uint8_t)(settled->rests[i] & ~stretch_mask) == rest_of(settled, half)) {
            *at = i + 1 - settled->starts[bucket];
            return &settled->stretches[settled->rests[i] & stretch_mask];
        }
    return NULL;
}
