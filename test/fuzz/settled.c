/* settled.c - any bytes as the run of a batch: refused, or read as it is, and a tag of it is found
 * where it stands, by its fingerprint and among candidates. */
#include "base/err.h"
#include "store/settled.h"
#include "store/vault.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int by_half(const void *a, const void *b)
{
    const struct tag_candidate *x = a, *y = b;

    return (x->tag[0] > y->tag[0]) - (x->tag[0] < y->tag[0]);
}

static void look_for_each(const struct packed *packed, struct arena *arena)
{
    struct tag_candidate *all = arena_array(arena, packed->n + 1, sizeof *all);

    for (size_t i = 0; i < packed->n; i++) {
        all[i].tag[0] = packed->run[i].tag[0];
        all[i].tag[1] = packed->run[i].tag[1] ^ (i % 3 == 0);
    }
    qsort(all, packed->n, sizeof *all, by_half);
    MUST(tag_candidates_meet(all, packed->n, packed->run, packed->n) == (packed->n > 0));
    tag_candidates_take(all, packed->n, packed->run, packed->n);
    for (size_t i = 0; i < packed->n; i++) {
        bool there = false;

        for (size_t j = 0; j < packed->n; j++)
            there |= packed->run[j].item && packed->run[j].tag[0] == all[i].tag[0] &&
                     packed->run[j].tag[1] == all[i].tag[1] && (all[i].tag[0] || all[i].tag[1]);
        MUST(there == (all[i].found.item != 0));
    }
}

/* Every `length` tags a stretch. */
static void settle(const struct packed *packed, size_t length, struct arena *arena)
{
    size_t count = packed->n / length + 1;
    struct settled_tag *tags = arena_array(arena, packed->n + 1, sizeof *tags);
    struct stretch *stretches = arena_array(arena, count, sizeof *stretches);
    struct settled *settled;

    for (size_t i = 0; i < count; i++)
        stretches[i] = (struct stretch){i * length, (i + 1) * length - 1, length};
    for (size_t i = 0; i < packed->n; i++)
        tags[i] = (struct settled_tag){packed->run[i].tag[0], (uint32_t)(i / length)};
    settled = settled_make(tags, packed->n, stretches, count);
    MUST(settled);
    for (size_t i = 0; i < packed->n; i++) {
        const struct stretch *stretch;
        bool found = false;

        for (size_t at = 0; (stretch = settled_find(settled, tags[i].half, &at));)
            found |= stretch->first <= i && i <= stretch->last;
        MUST(found);
    }
    settled_free(settled);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;
    struct packed packed = {.number = 1};
    struct err err = {.text = ""};
    enum rc rc;

    if (!arena.max)
        arena_init(&arena, "request", (size_t)1 << 28);
    rc = vault_run_read((struct str){(const char *)data, size}, &arena, &packed, &err);
    MUST(rc == RC_OK || (rc == RC_BROKEN && err.text[0]));
    if (rc == RC_OK) {
        struct str again = vault_run_bytes(&packed, &arena);

        MUST(again.n == size && (!size || memcmp(again.p, data, size) == 0));
        look_for_each(&packed, &arena);
        settle(&packed, 1, &arena);
        settle(&packed, 5, &arena);
    }
    arena_reset(&arena);
    return 0;
}
