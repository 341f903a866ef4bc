/* arena.h - memory by named lifetime.
 *
 * Nothing in the tree frees a single object: memory belongs to one of five lifetimes and goes with
 * it.  A parameter is named after its lifetime, so that a signature says how long the result lives:
 *
 *     process   from start to exit: tables, configuration
 *     batch     one group of items, from reading to commit
 *     request   one question and its answer (a command, an HTTP request)
 *     job       one long task: a briefing, an export, an evaluation
 *     scratch   within one function call; the callee rewinds it before it returns
 *
 * Method: blocks of doubling size, bump allocation, 16-byte alignment.  Cost: a few instructions an
 * allocation; reset keeps the blocks for the next round.  Every arena has a maximum, set at birth;
 * reaching it (or the machine's end of memory) leaves by the arena's way out where it has one, and
 * else calls the handler of `arena_on_full`, which must not return: by default it says so and ends
 * the process with status 75.  Not thread-safe: one owner.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <setjmp.h>
#include <stddef.h>

struct arena_block;

struct arena {
    const char *lifetime; /* one of the five names, for messages */
    struct arena_block *first, *at;
    size_t used;          /* bytes handed out in block `at` */
    size_t reserved, max; /* bytes taken from the system, and how many at most */
    jmp_buf *way_out; /* where exhaustion jumps with 1 (what is allocated stays); NULL: nowhere */
};

struct arena_mark {
    struct arena_block *at;
    size_t used;
};

/* `max` in bytes.  Takes nothing from the system yet. */
void arena_init(struct arena *arena, const char *lifetime, size_t max);
/* Zeroed bytes, 16-aligned, alive until reset, rewind or free.  Never NULL. */
void *arena_alloc(struct arena *arena, size_t bytes);
/* As arena_alloc for n objects of `size` bytes; an overflowing product counts as exhaustion. */
void *arena_array(struct arena *arena, size_t n, size_t size);
/* As arena_array, but the bytes may have any value: for what is written before it is read. */
void *arena_room(struct arena *arena, size_t n, size_t size);
/* What was handed out last keeps its first `bytes`; the rest of it is given back. */
void arena_trim(struct arena *arena, void *last, size_t bytes);
/* A copy of n bytes with a NUL behind it. */
char *arena_copy(struct arena *arena, const void *bytes, size_t n);
/* Everything handed out since the mark is dead after rewind. */
struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);
/* Everything is dead; the memory is kept for the next round. */
void arena_reset(struct arena *arena);
/* As reset, and the bytes are overwritten first: for memory that held what people wrote. */
void arena_wipe(struct arena *arena);
/* Gives the memory back.  The arena may be used again. */
void arena_free(struct arena *arena);

/* The process-wide reaction to exhaustion; must not return.  NULL restores the default. */
typedef void arena_full_fn(const char *lifetime, size_t wanted, size_t max);
void arena_on_full(arena_full_fn *reaction);

#endif
