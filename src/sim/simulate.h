/* simulate.h - grows the hand-written corpus into a stream of any size with known truth.
 *
 * A story has a shape (sudden, slow, seasonal, claim, campaign, steady, noise: data/demo/SOURCE)
 * that says how many items it sends at each time of the stream; each item is put together from
 * hand-written parts and then written as people write (without diacritics, abbreviated, mistyped).
 * The last item comes at `end`; the time between items follows the rate, the hour of day and the
 * weekday. Pure: the seed is an argument; the same arguments give the same bytes on every machine.
 */
#ifndef SIM_SIMULATE_H
#define SIM_SIMULATE_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/table.h"
#include "model/place.h"

struct simulate_config {
    uint64_t seed, posts;
    double rate; /* items a second of simulated time, on average; > 0 */
    int64_t end; /* time of the last item, ms */
    struct zone zone;
};

struct simulation;

/* The corpus as tables: stories.tsv, grammar.tsv, messages.jsonl is not needed. */
struct simulate_corpus {
    struct str stories, grammar; /* bytes of the tables */
    const struct gazetteer *places;
};

enum rc simulate_open(const struct simulate_config *config, const struct simulate_corpus *corpus,
                      struct arena *job, struct simulation **out, struct err *err);
/* Appends one line of JSON (an item of INTERFACE.md) and one line of JSON of truth (id, story,
 * concern, unit, copy_of, rising).  RC_ABSENT after the last. */
enum rc simulate_next(struct simulation *simulation, struct buf *item, struct buf *truth,
                      struct err *err);

#endif
