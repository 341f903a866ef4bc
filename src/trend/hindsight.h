/* hindsight.h - was an alarm right, now that one knows what came after it, and what follows from
 * that for the next?
 *
 * Read README.md beside this file for the rule, how it was chosen and where it fails.  Pure.
 */
#ifndef TREND_HINDSIGHT_H
#define TREND_HINDSIGHT_H

#include "model/alarm.h"
#include "trend/rises.h"

#include <stddef.h>

/* Windows after an alarm that must be over before it is judged. */
int32_t hindsight_windows(int32_t period);
/* Of an alarm that fired with at most `q_max` and was told by so many families of sources; the
 * question is asked about its window and knows those after it. */
enum verdict hindsight_judge(const struct rises_question *question, double q_max, uint32_t sources);

/* The threshold of a kind of window, in millionths: how it moves with what proved right. */
enum {
    HINDSIGHT_FLOOR = 2500,
    HINDSIGHT_CEILING = 50000,
    HINDSIGHT_LATEST = 40, /* alarms that are looked at; so many before it rises */
    HINDSIGHT_LEAST = 10,  /* of them right or wrong, before it falls */
};
/* `judged`: verdicts of alarms given under the threshold `q_max`, the latest last. */
uint32_t hindsight_threshold(const enum verdict *judged, size_t n, uint32_t q_max);

#endif
