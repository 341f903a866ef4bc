/* lattice.h - rows of releases in memory, and what may be told of an alarm without undoing them.
 *
 * An alarm knows a count of its own (people with something that is no copy).  Told beside the
 * released voices of the same cell it could undo what release/ hides: a cell hidden for a
 * neighbour's sake would be shown after all, and two counts of people that differ by one would
 * point at one person.  The rules are here, once.  Pure.
 */
#ifndef PUBLISH_LATTICE_H
#define PUBLISH_LATTICE_H

#include "model/alarm.h"
#include "release/release.h"

/* Rows of one window length, in the order of cell_key_cmp. */
struct lattice {
    const struct release_row *rows;
    size_t n;
};

/* The row of a cell, or NULL when its window was never released (nothing was heard then). */
const struct release_row *lattice_find(const struct lattice *lattice, struct cell_key key);
/* People of an alarm of a place: "<k" where the row is hidden or absent, and for windows shorter
 * than a day, of which no number is ever public.  The count differs from the row's voices only
 * where at least k people stand between the two. */
const struct released *lattice_people(const struct release_row *row, const struct alarm *alarm,
                                      uint32_t k, struct arena *request);
/* The same for an alarm of a story, whose cell is `cell` (NULL: not kept): in multiples of k, as
 * all that is told of stories (release.h). */
const struct released *lattice_story_people(const struct cell *cell, const struct alarm *alarm,
                                            uint32_t k, struct arena *request);
/* What was expected, beside the alarm's `people`: "<k" below k, and wherever those are not told. */
const struct released *lattice_expected(const struct alarm *alarm, const struct released *people,
                                        uint32_t k, struct arena *request);
/* The edge of what would have been nothing unusual, `deviations` from the expected, by that rule.
 */
const struct released *lattice_edge(const struct alarm *alarm, const struct released *people,
                                    int deviations, uint32_t k, struct arena *request);
/* Independent kinds of sources, by the same rule. */
const struct released *lattice_sources(const struct alarm *alarm, uint32_t k,
                                       struct arena *request);
/* The smallest of 0.001, 0.01, 0.05, 0.1 and 1 that q does not exceed.  q itself, like score and
 * p, would give away an expected number below k. */
double lattice_q_at_most(double q);

#endif
