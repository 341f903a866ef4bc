/* closing.h - what is asked of a window once it is closed: did something rise, and what may leave?
 */
#ifndef ENGINE_CLOSING_H
#define ENGINE_CLOSING_H

#include "engine/windows.h"

struct closing;

struct closing *closing_new(const struct settings *settings, uint64_t next_alarm,
                            struct arena *process);
void closing_free(struct closing *closing);
/* Takes in the closed windows of one kind that the store holds. */
enum rc closing_load(struct closing *closing, struct store *store, enum window window,
                     int64_t last_heard, struct arena *job, struct err *err);
/* From now on the story `from` is told as `into`. */
void closing_merge(struct closing *closing, uint64_t from, uint64_t into);
/* A window that has just closed; rows in the order of cell_key_cmp. */
struct closed_window {
    enum window window;
    int64_t start;
    const struct cell *rows;
    size_t n;
};
/* Alarms, rows of a release and leaves go to *outcome. */
void closing_window(struct closing *closing, const struct closed_window *closed,
                    struct arena *batch, struct outcome *outcome);

#endif
