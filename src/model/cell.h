/* cell.h - the counts of one cell of the grid: window x place x (topic or story).
 *
 * Windows tumble: day and week begin at midnight (Monday) of the desk's zone, hour and 5 minutes on
 * the clock.  A cell's voices are counted in memory and become readable when its window has closed
 * (PRIVACY P2, P4).  One run of the program is one *part* of a window; several parts only when a
 * run ended before the window did: then voices lie between the largest part and their sum.
 */
#ifndef MODEL_CELL_H
#define MODEL_CELL_H

#include "base/clock.h"

enum window { WINDOW_5MIN, WINDOW_HOUR, WINDOW_DAY, WINDOW_WEEK };
enum { WINDOWS = 4 };

struct cell_key {
    enum window window;
    int64_t start;  /* ms, UTC, of the window's first instant */
    uint32_t place; /* 0: not told by place (all of the city and what has no place) */
    uint32_t topic; /* 0: all topics together */
    uint64_t story; /* 0: not told by story; else place and topic are 0 */
};

struct cell {
    struct cell_key key;
    uint32_t messages;   /* items new in this window, copies included */
    uint32_t copies;     /* of these, near copies of an earlier one */
    uint32_t tokenless;  /* of these, without an author token: messages, never voices */
    uint32_t sources;    /* distinct families of sources */
    uint32_t top_source; /* messages of the source that sent most: concentration */
    uint32_t voices;     /* distinct people, largest part: a floor below k, an estimate above */
    uint32_t voices_sum; /* sum over parts: the upper bound; equal to voices with one part */
    uint32_t fresh;      /* distinct people with something that is not a copy, largest part */
    uint32_t parts;      /* 0 while open */
    bool interrupted;    /* a run ended before the window did */
    bool replayed;
};

int64_t window_length(enum window window); /* ms */
/* The start of the window that `ms` falls into. */
int64_t window_start(enum window window, int64_t ms, struct zone zone);
const char *window_name(enum window window); /* "5min", "hour", "day", "week" */
uint64_t cell_key_hash(struct cell_key key);
/* Order of keys in every listing: window, start, place, topic, story. */
int cell_key_cmp(struct cell_key a, struct cell_key b);

#endif
