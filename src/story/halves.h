/* halves.h - a story that turns out to be two.
 *
 * Of each story that grows the latest texts are remembered, in one of a fixed number of rings.
 * When they have doubled in number, they are parted into two groups such that each text is on
 * average more like its own (two means with average linkage, from every text as a seed); where the
 * groups have next to nothing in common, the smaller leaves with the weight of its texts.
 * Cost: a copy a text; a parting, 24^3 steps and at most 24^4 in the worst case.  Memory: 5 KiB a
 * ring, of which there is one for sixteen stories.  Pure.
 */
#ifndef STORY_HALVES_H
#define STORY_HALVES_H

#include "story/living.h"

struct halves;

/* NULL when out of memory. */
struct halves *halves_new(uint32_t stories_max);
void halves_free(struct halves *halves);
/* The story ends. */
void halves_drop(struct halves *halves, const struct living *living, uint32_t slot);
/* A text joined the story.  True when its texts are of two stories.  Orders the bag anew. */
bool halves_note(struct halves *halves, const struct living *living, uint32_t slot,
                 struct bag *bag);
/* After that: the smaller part leaves, and is the story `id`, in the slot returned. */
uint32_t halves_part(struct halves *halves, struct living *living, uint32_t slot, uint64_t id);

#endif
