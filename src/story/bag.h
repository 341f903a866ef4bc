/* bag.h - a text as its most telling weighted terms: syllables, and pairs of syllables.
 *
 * Weight: (1 + ln tf) x a power of idf (terms.h), pairs less.  Pure.
 */
#ifndef STORY_BAG_H
#define STORY_BAG_H

#include "base/arena.h"
#include "story/terms.h"
#include "text/token.h"

enum { BAG_TERMS = 64 }; /* kept of a text */

struct weighted {
    uint64_t key;
    float weight;
    uint32_t times; /* in this text */
    struct term *term;
    bool pair;
};

struct bag {
    struct weighted *terms;
    uint32_t n;
    double length; /* of the vector of weights */
};

/* All terms with how often they occur; those to be counted next are on their way to the cache. */
struct bag bag_of(const struct terms *terms, const struct tokens *tokens, struct arena *scratch);
/* Weighs counted terms and keeps the heaviest. */
void bag_weigh(struct bag *bag, const struct terms *terms, const struct idf_power *power);
/* Moves the `want` heaviest to the front. */
void bag_select(struct weighted *terms, int32_t n, int32_t want);

#endif
