/* judging.h - alarms that wait for what comes after them, and the thresholds that follow.
 *
 * An alarm is judged when the last of its following windows (trend/hindsight.h) has closed; each
 * verdict, and each step of a threshold, has its leaf.  The desk's own word counts from the next
 * run on.  One owner.
 */
#ifndef ENGINE_JUDGING_H
#define ENGINE_JUDGING_H

#include "engine/series.h"
#include "engine/windows.h"

struct judging;

struct judging *judging_new(void);
void judging_free(struct judging *judging);
/* Threshold and alarms of one kind of window, the rises of which are noted in *memory too. */
enum rc judging_load(struct judging *judging, struct series_memory *memory, struct store *store,
                     enum window window, struct arena *job, struct err *err);
/* The most that q may be for an alarm. */
double judging_q_max(const struct judging *judging, enum window window);
/* An alarm was given, to a question of rises.h with this `risen`; its rise is noted in *memory. */
void judging_note(struct judging *judging, struct series_memory *memory, const struct alarm *alarm,
                  int32_t risen);
/* A window has closed and is remembered: whoever waited for it is judged. */
void judging_close(struct judging *judging, struct series_memory *memory, struct cell_key closed,
                   struct arena *batch, struct outcome *outcome);

#endif
