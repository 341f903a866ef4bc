/* release.h - what may leave: k, the frozen grid, complementary suppression.  The only maker of
 * `struct released`.
 *
 * Grid: {day, week} x {city, group, ward} x {all topics, topic}.  Rules (PRIVACY P3, P4):
 *   - a cell is shown with at least k distinct voices (the floor of distinct.h; never an estimate),
 *     k >= K_FLOOR whatever the settings say;
 *   - complementary suppression: in every margin (a parent place over its children, "all topics"
 * over the topics, the week over its days) no hidden cell can be worked out to an interval narrower
 *     than k from the cells shown;
 *   - one release a window, immutable; what comes later counts in the next one.
 * Complementary suppression: Willenborg and de Waal 2001, ch. 4; greedy, smallest loss of messages
 * first, repeated until no margin has a narrow interval.  Deterministic.  Pure.
 */
#ifndef RELEASE_RELEASE_H
#define RELEASE_RELEASE_H

#include "model/place.h"
#include "model/post.h"
#include "model/release_row.h"
#include "model/story.h"

#include "base/err.h"

/* Rows for one closed window, in the order of cell_key_cmp.  `cells` are all cells of that window
 * with story == 0 (place 1: the whole city, whatever has a place or none; groups and wards: service
 * topics only, their topic 0 is the sum), `places` says who is whose parent.  `days` are the rows
 * already released for the days of a week (empty for a day), which the week must not undo.  Every
 * cell of the grid gets a row, also where nothing was said: an absent row would say "zero".  No
 * cells, no rows.  Rows live in `job`. */
struct release_question {
    const struct cell *cells;
    size_t cell_count;
    const struct release_row *days;
    size_t day_count;
    const struct gazetteer *places;
    uint32_t k;
    uint32_t topic_count; /* settings.topics.n; 0: as many as the cells and days speak of */
};
void release_rows(const struct release_question *question, struct arena *job,
                  struct release_row **rows, size_t *row_count);

/* Which number of a row. */
enum measure { MEASURE_VOICES, MEASURE_MESSAGES, MEASURE_COPIES, MEASURE_SOURCES };

/* The makers of `released`.  Each checks its rule again and gives "<k" where it does not hold. */
const struct released *release_number(const struct release_row *row, enum measure measure,
                                      struct arena *request);
/* A phrase of a story: RC_REFUSED unless at least k people used it or a publisher published it. */
enum rc release_phrase(const struct story_phrase *phrase, uint32_t k, struct arena *request,
                       const struct released **out, struct err *err);
/* Words of a publication of a registered publisher. */
const struct released *release_published(const struct publication *publication, bool title,
                                         struct arena *request);
/* Counts of a story or an alarm: the number when at least k voices stand behind it, else "<k". */
const struct released *release_count(uint32_t number, uint32_t voices, uint32_t k,
                                     struct arena *request);
/* Counts of a story: as release_count, rounded down to a multiple of k ("<k" for less) and told as
 * "at least".  Stories are off the grid, so their exact numbers could be taken off a topic's total
 * until fewer than k are left; of a rounded one the rest is known to no better than k. */
const struct released *release_rounded(uint32_t number, uint32_t voices, uint32_t k,
                                       struct arena *request);

#endif
