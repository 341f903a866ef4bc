/* lists.h - what a reader of the store hands out: rows in the arena of the request, the caller's
 * own to sort or change.
 *
 * Lists of rows that are defined elsewhere; those of store.h's rows stand beside them.
 */
#ifndef STORE_LISTS_H
#define STORE_LISTS_H

#include "ledger/ledger.h"
#include "model/alarm.h"
#include "model/release_row.h"
#include "model/story.h"

struct cell_list {
    struct cell *v;
    size_t n;
};
struct story_row_list {
    struct story_row *v;
    size_t n;
};
/* From then on `from` is told as `into`. */
struct story_merger {
    uint64_t from, into;
};
/* When and how stories changed: with which item it came to light. */
struct story_turn {
    uint64_t item, from, into;
    bool split; /* a part of `from` is told as `into`; else all of it */
};
struct turn_list {
    struct story_turn *v;
    size_t n;
};
struct merger_list {
    struct story_merger *v;
    size_t n;
};
struct alarm_list {
    struct alarm *v;
    size_t n;
};
struct release_list {
    struct release_row *v;
    size_t n;
};
struct leaf_list {
    struct ledger_leaf *v;
    size_t n;
};
struct search_hit {
    bool is_story; /* else a publication */
    uint64_t id;   /* story id, or item of the publication */
    double score;
};
struct hit_list {
    struct search_hit *v;
    size_t n;
};

/* From one source on one day (of the desk's zone): "what was not heard" is told from it. */
struct coverage {
    struct str source; /* registered name or "file" */
    int64_t day;
    uint32_t items, bad, failures;
    int64_t last_heard; /* ms */
};
struct coverage_list {
    struct coverage *v;
    size_t n;
};

#endif
