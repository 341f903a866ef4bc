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

/* A text of a registered publisher, to be told again, once at most, at a time of the stream. */
struct simulate_publication {
    struct str text, title, summary, source, url, lang;
    struct str story, ward; /* codes of the truth; may be empty */
    int64_t time;           /* when it was published in the corpus: its place in the order */
};

/* The corpus: two tables, the gazetteer, and what publishers wrote (in the order of time; none is
 * fine).  Everything must live as long as the simulation. */
struct simulate_corpus {
    struct str stories, grammar; /* bytes of the tables */
    const struct gazetteer *places;
    const struct simulate_publication *publications;
    size_t publication_count;
};

enum {
    SIMULATE_POSTS_PER_PUBLICATION = 200,
    SIMULATE_SPAN_DAYS_MAX = 36525, /* posts / rate may not be longer */
};

/* RC_USAGE: a rate or a span that cannot be; RC_BAD: a mistake in a table, by line. */
enum rc simulate_open(const struct simulate_config *config, const struct simulate_corpus *corpus,
                      struct arena *job, struct simulation **out, struct err *err);
/* Appends one line of JSON (an item of INTERFACE.md) and one line of JSON of truth (id, story,
 * concern, unit, ward, copy_of, rising).  RC_ABSENT after the last; RC_FULL when a buffer is. */
enum rc simulate_next(struct simulation *simulation, struct buf *item, struct buf *truth,
                      struct err *err);
/* Gives back what does not lie in `job`. */
void simulate_close(struct simulation *simulation);

#endif
