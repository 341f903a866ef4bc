/* run_clock.h - the time of a run, which a jump of the clock does not take along.
 *
 * A pipe stays open for weeks; the clock of its machine may be set meanwhile.  What the clock says
 * holds as long as it is within a day of what has passed since it was asked last (so much an item's
 * own time may be off as well); else the run counts on by itself until the clock is back.  A wrong
 * year would close every window, refuse every item and destroy every key; a right one is believed
 * by the next run.  One owner.
 */
#ifndef ENGINE_RUN_CLOCK_H
#define ENGINE_RUN_CLOCK_H

#include "base/log.h"

struct run_clock {
    int64_t (*ask)(void); /* clock_now; NULL: the time stands still at `now` */
    const struct log *log;
    int64_t now;    /* as told last */
    uint64_t ticks; /* clock_ticks_ns() at that moment */
    bool doubted;   /* the clock jumped and is not back */
};

int64_t run_clock_now(struct run_clock *clock);

#endif
