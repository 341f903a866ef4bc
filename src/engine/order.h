/* order.h - the second stage: what depends on order, and its one owner.
 *
 *   known? -> near copy -> story
 *
 * The same items in the same order get the same decisions, however they were batched.
 */
#ifndef ENGINE_ORDER_H
#define ENGINE_ORDER_H

#include "engine/everyday.h"
#include "engine/ingest.h"
#include "engine/reader.h"

enum { BATCHES = 4 }; /* in the line: one for each stage, and one that waits */

struct order;

/* Takes in what the store holds: recent items for copies and stories; `everyday` learns from the
 * same items what is everyday. */
enum rc order_open(const struct ingest_options *options, struct everyday *everyday,
                   struct arena *process, struct order **out, struct err *err);
/* Fills the decisions of one batch.  The last BATCHES - 1 batches may still be on their way to the
 * store. */
enum rc order_batch(struct order *order, struct batch *batch, struct ingest_totals *totals,
                    struct err *err);
/* For sketches, which the reading thread makes ahead. */
const struct dedup *order_dedup(const struct order *order);
void order_free(struct order *order);

#endif
