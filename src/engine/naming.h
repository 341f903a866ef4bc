/* naming.h - what a story is called: phrases that at least k different people used.
 *
 * An n-gram of 2 to 4 syllables within one sentence part becomes a candidate at its third use in a
 * story; from then on its people are counted with tags of its own secret, so the number is a lower
 * bound.  A candidate is kept once k people used it; the number kept is rounded down to a multiple
 * of k, so that watching it tells nothing about one more person.  Matching is by folded syllables;
 * what is shown is a form with diacritics if anybody wrote one. Method: counts of uses in a small
 * table with replacement (uses can be missed, never invented). Memory: about 8 KiB a story that has
 * candidates, at most NAMING_STORIES of them.  One owner.
 */
#ifndef ENGINE_NAMING_H
#define ENGINE_NAMING_H

#include "base/map.h"
#include "base/table.h"
#include "engine/carrier.h"
#include "engine/everyday.h"
#include "model/post.h"
#include "model/story.h"
#include "text/token.h"

enum { NAMING_CANDIDATES = 32, NAMING_TEXT = 72, NAMING_USES = 3 };

struct naming;

/* NULL when out of memory.  `secret` keys the tags of all its candidates. */
struct naming *naming_new(uint64_t secret, uint32_t k);
void naming_free(struct naming *naming);
/* One person's text. */
struct utterance {
    const struct tokens *tokens;
    struct redacted_view text;
    struct voice voice;
    const struct everyday *everyday;  /* tells how telling a syllable is */
    const struct map *function_words; /* naming_words() of words that no name begins or ends with */
};
/* Reads the column "words" of the table; false when there is none. */
bool naming_words(const struct table *table, struct map *out);
/* The whole of it, into a new one when reading: for resting.h. */
void naming_carry(struct naming *naming, struct carrier *carrier);
void naming_note(struct naming *naming, const struct utterance *said);
/* The best phrases, best first, none contained in a better one; texts live in `batch`. */
uint32_t naming_best(const struct naming *naming, const struct everyday *everyday,
                     struct story_phrase out[STORY_PHRASES], struct arena *batch);

#endif
