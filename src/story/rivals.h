/* rivals.h - two stories that turn out to be one.
 *
 * A text that joins one story and would have joined another as well is evidence that both are the
 * same: a vote.  Each story counts the votes for one rival (majority vote, Boyer, Moore 1991), the
 * smaller of two for the larger.  When votes are enough the centroids are compared, and the two
 * merge when texts of one are on average as like those of the other as texts of one event are
 * (average linkage, Sokal, Michener 1958): what has grown into a mixture merges with nothing more.
 * Pure.
 */
#ifndef STORY_RIVALS_H
#define STORY_RIVALS_H

#include "story/living.h"

/* A text joined *slot and would have joined *rival.  True when they are one: then *slot is the one
 * that ends, *rival the one that stays. */
bool rivals_meet(struct living *living, uint32_t *slot, uint32_t *rival);

#endif
