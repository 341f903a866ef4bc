/* order.h - the second stage: what depends on order, and its one owner.
 *
 *   known? -> near copy -> story -> topic -> cells -> group commit
 *
 * Given the secrets, the same items in the same order give the same rows, however they were
 * batched.
 */
#ifndef ENGINE_ORDER_H
#define ENGINE_ORDER_H

#include "engine/ingest.h"
#include "engine/reader.h"

struct order;

/* Takes in what the store holds: recent items for copies and stories, open windows, baselines. */
enum rc order_open(const struct ingest_options *options, struct arena *process, struct order **out,
                   struct err *err);
/* Decides, counts and keeps one batch; durable when it returns. */
enum rc order_batch(struct order *order, struct batch *batch, struct ingest_totals *totals,
                    struct err *err);
/* For sketches, which the reading thread makes ahead. */
const struct dedup *order_dedup(const struct order *order);
/* The end of a run: open windows leave their part. */
enum rc order_close(struct order *order, struct ingest_totals *totals, struct err *err);
void order_free(struct order *order);

#endif
