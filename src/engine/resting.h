/* resting.h - open windows between two runs: sealed at the end of one, taken back by the next.
 *
 * What is sealed: of each open window its cells (tags or registers of people, families and tallies
 * of sources) under a key that follows from the window's secret, which holder.h keeps; and of the
 * stories being told what a restart would forget, under the secret of the oldest open week.  Given
 * all of it, the next run goes on as if the last had never ended.  Where the secret is gone the
 * bytes are deleted, and the run counts a new part.  If a run was killed, what it committed is in
 * the rows and not here: exact again once those items are read again, else "interrupted".
 *
 * The length of what is sealed follows from counts of messages, never of people.  Method: libsodium
 * secretstream (XChaCha20-Poly1305), a chunk of at most RESTING_CHUNK at a time.
 */
#ifndef ENGINE_RESTING_H
#define ENGINE_RESTING_H

#include "engine/chronicle.h"

enum { RESTING_CHUNK = 512 * 1024 };

struct resting;

/* At the end of a run, after windows_interrupt: gives the holder the secrets of the open windows;
 * those it does not take are let go and counted in *unkept.  NULL: there is nothing to seal,
 * because nothing was counted or nothing can be kept. `next_item`: the next number of an item. */
struct resting *resting_new(struct windows *windows, struct chronicle *chronicle,
                            uint64_t next_item, uint64_t *unkept);
/* For the commit; lives as long as `resting`. */
const struct held_writer *resting_writer(const struct resting *resting);
/* Wipes and frees. */
void resting_free(struct resting *resting);
/* At the start of a run, after windows_load. */
enum rc resting_take_back(struct windows *windows, struct chronicle *chronicle, struct store *store,
                          struct err *err);

#endif
