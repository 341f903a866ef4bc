/* counting.h - the third stage: what was decided is counted, and kept; and its one owner.
 *
 *   service, phrases -> cells -> windows that close -> group commit
 *
 * Given the secrets, the same decisions in the same order give the same rows, however they were
 * batched.
 */
#ifndef ENGINE_COUNTING_H
#define ENGINE_COUNTING_H

#include "engine/everyday.h"
#include "engine/holder.h"
#include "engine/ingest.h"
#include "engine/reader.h"

struct counting;

/* Takes in what the store holds: open windows, baselines. */
enum rc counting_open(const struct ingest_options *options, struct holder *holder,
                      struct everyday *everyday, struct arena *process, struct counting **out,
                      struct err *err);
/* Counts and keeps one batch; durable when it returns. */
enum rc counting_batch(struct counting *counting, struct batch *batch, struct ingest_totals *totals,
                       struct err *err);
/* The end of a run: open windows leave their part, and rest sealed for the next. */
enum rc counting_close(struct counting *counting, struct ingest_totals *totals, struct err *err);
void counting_free(struct counting *counting);

#endif
