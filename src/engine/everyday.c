/* everyday.c - uses of syllables in fixed memory; see everyday.h. */
#include "engine/everyday.h"

#include <math.h>

enum { SLOT_BITS = 17 };

struct everyday {
    uint64_t texts;
    uint32_t *uses; /* [1 << SLOT_BITS] */
};

struct everyday *everyday_new(struct arena *process)
{
    struct everyday *everyday = arena_alloc(process, sizeof *everyday);

    everyday->texts = 0;
    everyday->uses = arena_array(process, (size_t)1 << SLOT_BITS, sizeof *everyday->uses);
    return everyday;
}

static uint32_t *slot_of(const struct everyday *everyday, uint64_t key)
{
    return &everyday->uses[(key * 0x9E3779B97F4A7C15u) >> (64 - SLOT_BITS)];
}

void everyday_note(struct everyday *everyday, const struct tokens *tokens)
{
    for (uint32_t i = 0; i < tokens->n; i++)
        ++*slot_of(everyday, tokens->folded[i]);
    if (++everyday->texts < EVERYDAY_TEXTS)
        return;
    everyday->texts /= 2;
    for (uint32_t i = 0; i < 1 << SLOT_BITS; i++)
        everyday->uses[i] /= 2;
}

double everyday_idf(const struct everyday *everyday, uint64_t key)
{
    double idf = log(((double)everyday->texts + 1) / (*slot_of(everyday, key) + 0.5));

    return idf > 0 ? idf : 0;
}
