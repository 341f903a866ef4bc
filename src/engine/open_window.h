/* open_window.h - windows from inside: shared by windows.c, which counts, and resting.c, which
 * seals what was counted between two runs.
 */
#ifndef ENGINE_OPEN_WINDOW_H
#define ENGINE_OPEN_WINDOW_H

#include "base/map.h"
#include "engine/holder.h"
#include "engine/windows.h"
#include "trend/distinct.h"

#include <sodium.h>

/* Messages by source, the largest kept (space-saving, Metwally et al. 2005): for concentration. */
struct tally {
    uint32_t source, messages;
};
enum { TALLIES = 4, OPEN_WINDOWS = 28, CELLS_MAX = 1 << 22 };

/* What runs left whose sets are lost: their parts. */
struct parts {
    uint32_t n, voices, voices_sum, fresh;
};

struct open_cell {
    struct cell row;
    struct distinct people, fresh;
    uint64_t families, secret;
    uint32_t added; /* how often somebody was added to the sets */
    struct tally tallies[TALLIES];
    struct parts lost;
    uint32_t before; /* messages whose people no set holds … */
    uint32_t again;  /* … and how many known items were counted once more in this run */
    bool changed;
    bool touched;  /* since it was loaded */
    bool restored; /* its sets came from an earlier run */
};

/* In locked memory. */
struct window_secret {
    unsigned char whole[HOLDER_SECRET];            /* what the holder keeps */
    unsigned char tags[crypto_shorthash_KEYBYTES]; /* of it: keys the tags */
};

struct open_window {
    bool used;
    enum window window;
    int64_t start;
    struct window_secret *secret;
    uint64_t fresh_items; /* new in this run */
    /* Items from gap_from up to gap_to may be in cells that do not hold their people. */
    uint64_t gap_from, gap_to;
    struct open_cell *cells;
    size_t n, capacity;
    struct map index;
};

/* Somebody who is about to be added to the sets of a cell. */
struct voiced {
    struct open_window *open;
    size_t cell; /* number, for cells move */
    uint64_t tag;
    bool copy;
};
enum { VOICED_MAX = 32 }; /* more than the cells of an item */

struct windows {
    struct windows_config config;
    struct closing *closing;
    struct window_secret *secrets; /* [OPEN_WINDOWS], locked memory */
    struct open_window open[OPEN_WINDOWS];
    uint64_t late;
    int64_t latest; /* largest time heard */
    enum window kinds[WINDOWS];
    size_t kind_count;
    uint64_t family_of[SOURCES_MAX]; /* bit of each source's family */
    bool touched;                    /* anything was counted in this run */
    struct voiced voiced[VOICED_MAX];
    size_t voiced_count;
    /* Windows whose close is not committed yet, or whose secret is gone: [closed_count]. */
    struct held_window *closed;
    size_t closed_count, closed_capacity;
};

/* The open window of that start, or NULL. */
struct open_window *windows_find(struct windows *windows, enum window window, int64_t start);
/* Keys the tags of an empty window with a secret that an earlier run drew. */
void windows_rekey(struct open_window *open, const unsigned char whole[HOLDER_SECRET]);
/* A cell of the window, made where there is none. */
struct open_cell *windows_cell(struct open_window *open, struct cell_key key);
/* Whether the sets of a cell hold everybody it counted. */
bool windows_is_whole(const struct open_cell *cell);
/* Notes that nothing of a window is to lie sealed after the next commit, nor its secret. */
void windows_let_go(struct windows *windows, enum window window, int64_t start);

#endif
