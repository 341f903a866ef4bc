/* shape.h - how many items each story sends at each time of the stream.
 *
 * Over the span of the stream (times as shares of it, lengths as in eight weeks):
 *   sudden     next to nothing, then at 85 % within hours to ten times a steady story; it lasts
 *   slow       a little, growing over the last 40 %
 *   seasonal   every Friday from 16 to 19 h, and a little in the rush hours; never a rise
 *   claim      at 60 % (the next one at 75 %) a burst that dies down over five days
 *   campaign   two days at 70 %, next to nothing else; never a rise, for they are copies
 *   steady, noise   always
 * All follow the hour of day and the weekday.  No function of the mathematical library is called,
 * so that every machine gets the same bits.  Pure.
 */
#ifndef SIM_SHAPE_H
#define SIM_SHAPE_H

#include "base/clock.h"
#include "sim/grammar.h"

enum { SHAPE_BUCKETS = 8192 };

struct timetable {
    int64_t start, span; /* ms */
    uint32_t stories;
    double *cumulative; /* [SHAPE_BUCKETS + 1]: items before a bucket, not scaled */
    double *upto;       /* [SHAPE_BUCKETS][stories]: rates of the stories so far, summed */
    double *onset;      /* [stories]: share of the span at which the event begins; 0: none */
    double *length;     /* [stories]: share of the span that it takes */
};

void timetable_make(const struct grammar *grammar, int64_t start, int64_t end, struct zone zone,
                    struct arena *job, struct timetable *out);
/* The bucket and time at which the share `x` (0 <= x < 1) of all items has come; *bucket is where
 * the last question ended. */
int64_t timetable_time(const struct timetable *timetable, double x, uint32_t *bucket);
/* Which story speaks in a bucket, given a number 0 <= x < 1. */
uint32_t timetable_story(const struct timetable *timetable, uint32_t bucket, double x);
/* Whether a story's rate at a time is part of a planted rise. */
bool timetable_rising(const struct timetable *timetable, const struct grammar *grammar,
                      uint32_t story, int64_t time);

#endif
