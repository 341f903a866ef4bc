/* bursts.h - which series of a stream has just begun to burst, told at the message that shows it.
 *
 * For streams without people or sources (`rises --unchecked`): messages count.  Read README.md
 * beside this file for the method, its papers and where it fails.  Order-dependent: one owner.
 * Memory: 144 bytes a series, at most 2^20 of them.  Cost: a table look-up a message, three tails
 * when at least four came in one window.  Pure: time is an argument.
 */
#ifndef TREND_BURSTS_H
#define TREND_BURSTS_H

#include "model/cell.h"

struct bursts;

struct burst {
    enum window window;        /* the shortest that showed it: 5 minutes, hour or day */
    uint32_t observed;         /* messages of the series so far in that window */
    double expected, score, p; /* as in rises.h */
    double q;                  /* p over all that was asked in the last seven days */
};

struct bursts *bursts_new(void);
void bursts_free(struct bursts *bursts);
/* Takes in one message; true when it makes its series rise, *out is set then.  `series` is a
 * well-mixed hash; a time before the latest counts as the latest, and *time becomes that.  Windows
 * begin where UTC's do. */
bool bursts_add(struct bursts *bursts, uint64_t series, int64_t *time, struct burst *out);

#endif
