/* held.h - what lies sealed of windows that are still open, until their next run or their close.
 *
 * The engine seals it under secrets that no disk ever holds (engine/holder.h); the store keeps the
 * bytes and knows nothing of what is in them.
 */
#ifndef STORE_HELD_H
#define STORE_HELD_H

#include "base/err.h"
#include "base/str.h"
#include "model/cell.h"

struct held_window {
    enum window window;
    int64_t start;
};

/* One of the parts that a window lies in, from 0 on. */
struct held_chunk {
    struct held_window of;
    uint32_t part;
    struct str sealed;
};

/* Chunks of a commit, made one at a time so that they never lie in memory together.  Part 0 of a
 * window replaces all that lay there of it. */
struct held_writer {
    /* False: that was all; the view lives until the next call. */
    bool (*next)(void *context, struct held_chunk *out);
    void *context;
};

typedef enum rc held_visit(void *context, const struct held_chunk *chunk, struct err *err);

#endif
