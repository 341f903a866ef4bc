/* series.h - what is remembered of every series: its people in the last windows, and its last rise.
 *
 * For each series (place x topic, or story) of each kind of window the people with something that
 * is no copy, and for the city as a whole how much was heard at all, so that a day on which nothing
 * was heard is a gap in every baseline and not calm.  A story has the past that it has; for the
 * windows before it began it is measured against the largest story of each, or everything new would
 * be a rise.  One owner.
 */
#ifndef ENGINE_SERIES_H
#define ENGINE_SERIES_H

#include "store/store.h"
#include "trend/rises.h"

struct series_memory;

struct series_memory *series_new(void);
void series_free(struct series_memory *memory);
/* Windows in a season, as rises.h wants it. */
int32_t series_period(enum window window);
/* Puts the rows of one window where other windows look for their past. */
void series_remember(struct series_memory *memory, const struct cell *rows, size_t n);
/* Takes in the closed windows of one kind that the store holds. */
enum rc series_load(struct series_memory *memory, struct store *store, enum window window,
                    int64_t last_heard, struct arena *job, struct err *err);
/* From now on the story `from` is told as `into`: of each window the larger of both is the past. */
void series_merge(struct series_memory *memory, uint64_t from, uint64_t into);
/* The rows of a window as they are told (store/mergers.h), in `batch`. */
struct cell_list series_told(const struct series_memory *memory, const struct cell *rows, size_t n,
                             struct arena *batch);
/* What is to be asked of a series at key.start: what lies before it, and after it where that is
 * known; the count and volume of the window itself when they are remembered.  `risen` is that of
 * the rise which lasts then, as far as rises were noted. */
struct rises_question series_question(struct series_memory *memory, struct cell_key key,
                                      struct arena *scratch);
/* A window told that the series rises: the rise goes on, or it is another. */
void series_note_rise(struct series_memory *memory, struct cell_key key);

#endif
