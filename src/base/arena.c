/* arena.c - bump allocation in blocks of doubling size; see arena.h.
 *
 * Under AddressSanitizer what is not handed out is out of bounds: an index one too far, or a look
 * at what was rewound, ends a test as it would with memory from malloc.
 *
 * A table of a MiB or more comes from calloc, whose pages the system zeroes when they are touched:
 * a short run touches a small part of its tables.
 */
#include "base/arena.h"

#include "base/err.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __has_feature
#define CLANG_ASAN __has_feature(address_sanitizer)
#else
#define CLANG_ASAN 0
#endif
#if CLANG_ASAN || defined __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
enum { GUARD = 16 }; /* bytes behind each object that are nobody's */
#else
enum { GUARD = 0 };
#define ASAN_POISON_MEMORY_REGION(bytes, n) ((void)(bytes), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(bytes, n) ((void)(bytes), (void)(n))
#endif

enum { ALIGN = 16, FIRST_BLOCK = 16 * 1024, LARGEST_STEP = 8 * 1024 * 1024, LARGE = 1024 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t size;   /* usable bytes behind this header */
    size_t soiled; /* of these, at most, were handed out since the last wipe; see note_use() */
    size_t clean;  /* from here on they are zero, but for what was handed out since note_use() */
    _Alignas(ALIGN) unsigned char bytes[];
};

static _Noreturn void say_and_end(const char *lifetime, size_t wanted, size_t max)
{
    fprintf(stderr,
            "soundings: out of memory: %zu bytes more for a %s, at most %zu allowed; "
            "nothing acknowledged is lost, run again with less at a time\n",
            wanted, lifetime, max);
    exit(75);
}

/* The one mutable global of base/: set once by main or a test, before any thread starts. */
static arena_full_fn *full_reaction = say_and_end;

void arena_on_full(arena_full_fn *reaction)
{
    full_reaction = reaction ? reaction : say_and_end;
}

static _Noreturn void full(const struct arena *arena, size_t wanted)
{
    if (arena->way_out)
        /* lint: banned: a library comes back to its host; what it calls owns arenas alone */
        longjmp(*arena->way_out, 1);
    full_reaction(arena->lifetime, wanted, arena->max);
    err_abort(__FILE__, __LINE__, "the reaction to exhaustion must not return");
}

void arena_init(struct arena *arena, const char *lifetime, size_t max)
{
    *arena = (struct arena){.lifetime = lifetime, .max = max};
}

static struct arena_block *block_new(struct arena *arena, size_t bytes)
{
    size_t size = arena->reserved < FIRST_BLOCK ? FIRST_BLOCK : arena->reserved;
    struct arena_block *block;
    bool large;

    if (size > LARGEST_STEP)
        size = LARGEST_STEP;
    if (size < bytes)
        size = bytes;
    if (arena->reserved + size > arena->max)
        size = bytes;
    if (bytes > arena->max || arena->reserved > arena->max - bytes)
        full(arena, bytes);
    /* (Memory that was used before is written to: no more of it than twice what is wanted.) */
    large = bytes >= LARGE && bytes >= size / 2;
    block = large ? calloc(1, sizeof *block + size) : malloc(sizeof *block + size);
    if (!block)
        full(arena, bytes);
    block->size = size;
    block->soiled = 0;
    block->clean = large ? 0 : size;
    block->next = NULL;
    ASAN_POISON_MEMORY_REGION(block->bytes, size);
    arena->reserved += size;
    return block;
}

static size_t rounded_up(size_t bytes)
{
    return (bytes + GUARD + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

/* Before the arena leaves its block, or goes back in it: how far it had come.  One batch that
 * needed much (a week is released in it) must not make the wipes of all later ones longer: that
 * swept out the caches, and touched pages that nobody had used. */
static void note_use(struct arena *arena)
{
    if (arena->at && arena->used > arena->at->soiled)
        arena->at->soiled = arena->used;
    if (arena->at && arena->used > arena->at->clean)
        arena->at->clean = arena->used;
}

static void *take(struct arena *arena, size_t bytes)
{
    size_t rounded = rounded_up(bytes);
    struct arena_block *block = arena->at;
    void *result;

    if (rounded < bytes)
        full(arena, bytes);
    while (!block || arena->used + rounded > block->size) {
        struct arena_block *next = block ? block->next : arena->first;

        if (!next || next->size < rounded) { /* a block that fits goes in before the small one */
            next = block_new(arena, rounded);
            next->next = block ? block->next : arena->first;
            if (block)
                block->next = next;
            else
                arena->first = next;
        }
        note_use(arena);
        arena->at = block = next;
        arena->used = 0;
    }
    result = block->bytes + arena->used;
    arena->used += rounded;
    ASAN_UNPOISON_MEMORY_REGION(result, bytes);
    return result;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
    unsigned char *result = take(arena, bytes);
    size_t at = (size_t)(result - arena->at->bytes), clean = arena->at->clean;

    if (clean > at)
        memset(result, 0, bytes < clean - at ? bytes : clean - at);
    return result;
}

static size_t product(const struct arena *arena, size_t n, size_t size)
{
    if (size && n > (size_t)-1 / size)
        full(arena, (size_t)-1);
    return n * size;
}

void *arena_array(struct arena *arena, size_t n, size_t size)
{
    return arena_alloc(arena, product(arena, n, size));
}

void *arena_room(struct arena *arena, size_t n, size_t size)
{
    return take(arena, product(arena, n, size));
}

void arena_trim(struct arena *arena, void *last, size_t bytes)
{
    size_t at = (size_t)((unsigned char *)last - arena->at->bytes);

    MUST(at + bytes <= arena->used);
    note_use(arena);
    ASAN_POISON_MEMORY_REGION(arena->at->bytes + at + bytes, arena->used - at - bytes);
    arena->used = at + rounded_up(bytes);
}

char *arena_copy(struct arena *arena, const void *bytes, size_t n)
{
    char *copy = arena_alloc(arena, n + 1);

    if (n)
        memcpy(copy, bytes, n);
    return copy;
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->at, arena->used};
}

/* What was handed out since the mark is nobody's again; only that, so a rewind costs what it
 * undoes. */
static void forbid_since(const struct arena *arena, struct arena_mark mark)
{
    struct arena_block *block = mark.at ? mark.at : arena->first;
    size_t from = mark.at ? mark.used : 0;

    for (; GUARD > 0 && arena->at && block != arena->at; block = block->next, from = 0)
        ASAN_POISON_MEMORY_REGION(block->bytes + from, block->size - from);
    if (GUARD > 0 && arena->at)
        ASAN_POISON_MEMORY_REGION(block->bytes + from, arena->used - from);
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    forbid_since(arena, mark);
    note_use(arena);
    arena->at = mark.at;
    arena->used = mark.used;
}

void arena_reset(struct arena *arena)
{
    arena_rewind(arena, (struct arena_mark){NULL, 0});
}

void arena_wipe(struct arena *arena)
{
    arena_reset(arena);
    for (struct arena_block *block = arena->first; block; block = block->next) {
        ASAN_UNPOISON_MEMORY_REGION(block->bytes, block->soiled);
        explicit_bzero(block->bytes, block->soiled);
        ASAN_POISON_MEMORY_REGION(block->bytes, block->soiled);
        block->soiled = 0;
    }
}

void arena_free(struct arena *arena)
{
    struct arena_block *next;

    for (struct arena_block *block = arena->first; block; block = next) {
        next = block->next;
        free(block);
    }
    arena_init(arena, arena->lifetime, arena->max);
}
