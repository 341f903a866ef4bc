/* margins.h - what an outsider can work out about unpublished counts from the published ones.
 *
 * A margin is an equation: a total and the parts that make it up.  Messages, copies and firsts
 * (what is not a copy) add up; voices and sources do not (one person counts once in the total), yet
 * the total lies between its largest part and the sum of its parts.  Every count of every cell is
 * held as the interval that the published numbers leave open; `margins_solve` narrows them by all
 * margins until nothing moves (bounds propagation: Fourer and Gay 1994, "presolve").  Cost: linear
 * in the members of the margins a sweep, a handful of sweeps.  Pure.
 */
#ifndef RELEASE_MARGINS_H
#define RELEASE_MARGINS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum count {
    COUNT_MESSAGES,
    COUNT_COPIES,
    COUNT_FIRSTS,
    COUNT_VOICES,
    COUNT_SOURCES,
    COUNTS /* how many there are */
};

#define COUNT_UNLIMITED ((int64_t)1 << 40)

struct interval {
    int64_t low, high; /* high >= COUNT_UNLIMITED: nothing is known */
};

struct margins {
    uint32_t cells, equations, members_used;
    uint32_t *first;     /* [equations + 1] into members */
    uint32_t *members;   /* cells; the total stands first in its margin */
    uint32_t *of_first;  /* [cells + 1] into of */
    uint32_t *of;        /* margins that a cell stands in */
    struct interval *at; /* [cells][COUNTS] */
    uint32_t *queue;     /* [equations + 1], a ring, for margins_follow */
    uint32_t queued;
    uint8_t *due;      /* [equations]: counts in which members moved; not 0: in the queue */
    bool *settled;     /* [cells]: narrowing the cell alone moved nothing, and nothing came since */
    bool contradicted; /* since margins_forget: then where it ends depends on the order */
    bool *fixed;       /* [cells]: told to be single numbers, which nothing moves */
    struct interval *kept; /* [cells][COUNTS], of margins_keep */
    bool *kept_fixed;
    /* What moved since margins_watch. */
    bool watching;
    uint32_t touched_count, *touched; /* [cells] */
    bool *noted;                      /* [cells]: is in `touched` */
    struct was *was;                  /* [cells]: in the order of `touched` */
};

/* A cell as it was. */
struct was {
    struct interval at[COUNTS];
    bool settled, fixed;
};

/* Room for `equations` margins with `members` cells in all.  Memory of `job`. */
void margins_init(struct margins *margins, uint32_t cells, uint32_t equations, uint32_t members,
                  struct arena *job);
/* A margin is written by adding its total, then its parts, then ending it. */
void margins_member(struct margins *margins, uint32_t cell);
void margins_end(struct margins *margins);
/* After the last margin: finds the margins of each cell. */
void margins_index(struct margins *margins, struct arena *job);

static inline struct interval *margins_at(const struct margins *margins, uint32_t cell,
                                          enum count count)
{
    return &margins->at[(size_t)cell * COUNTS + count];
}

/* Nothing is known of any cell but that counts are not negative. */
void margins_forget(struct margins *margins);
/* All counts of one cell, as published. */
void margins_tell(struct margins *margins, uint32_t cell, const struct interval told[COUNTS]);
/* Narrows all intervals by all margins.  An inference that would contradict the published numbers
 * (voices above 256 are lower bounds) is left out. */
void margins_solve(struct margins *margins);
/* In a solved state: one cell more is told; what follows from all that were is for margins_follow.
 * It ends where solving everything afresh ends, unless something is contradicted. */
void margins_learn(struct margins *margins, uint32_t cell, const struct interval told[COUNTS]);
void margins_follow(struct margins *margins);
/* A solved state without a contradiction, to which margins_restore comes back. */
void margins_keep(struct margins *margins);
void margins_restore(struct margins *margins);
/* From a solved state on: what moves is noted, and margins_take_back undoes it. */
void margins_watch(struct margins *margins);
void margins_take_back(struct margins *margins);
/* What one margin alone says of a cell, given what is known of its other members. */
struct interval margins_implied(const struct margins *margins, uint32_t equation, uint32_t cell,
                                enum count count);

#endif
