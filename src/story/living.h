/* living.h - the stories that may still grow: who they are, and their centroids.
 *
 * A centroid is the sum of its texts' weights, stored in the posting lists of its terms
 * (postings.h) and nowhere else; `links` says in which lists to look.  A story is forgotten by
 * giving its slot another generation: its postings are swept away later, where scoring meets them
 * or a few terms with each text.  A generation comes round after 65,536 stories of one slot, and
 * the sweep passes every term much earlier.  Free slots are taken before new ones, so that those
 * in use lie close together and can be looked through.
 * Cost: a step of the sweep each text; merging, a walk through the shorter story's lists.  Memory:
 * see stories_config.stories_max.  Pure.
 */
#ifndef STORY_LIVING_H
#define STORY_LIVING_H

#include "story/bag.h"
#include "story/links.h"
#include "story/postings.h"
#include "story/stories.h"

enum { SLOT_BITS = 16, SLOT = (1 << SLOT_BITS) - 1, NO_SLOT = UINT32_MAX };
enum { STORY_GROUP = 8 }; /* stories are looked through by so many slots at once */

struct live {
    uint64_t id;    /* 0: free */
    int64_t time;   /* the latest of its texts */
    double lengths; /* sum of its texts' lengths */
    uint32_t posts;
    uint32_t older, newer;        /* by latest text; in the free list: newer is the next free one */
    uint32_t chained;             /* slot + 1 of the next story of the same chain, or 0 */
    uint32_t links;               /* where it stands: links.h */
    uint32_t rival, votes, asked; /* reshape.c: the story that texts of this one also fit */
};

/* What changes with every posting. */
struct centroid {
    double squares; /* of its length */
    uint32_t terms;
};

struct living {
    struct stories_config config;
    struct terms terms;
    struct postings postings;
    struct links links;
    struct live *live; /* [stories_max] */
    uint32_t *alive;   /* [stories_max]: reference of its postings: slot, generation above it */
    uint64_t *latest;  /* [stories_max]: number of its latest text */
    struct centroid *centroids; /* [stories_max] */
    float *squares;   /* [stories_max + STORY_GROUP]: those of the centroids, to look through */
    uint32_t *chains; /* by hash of the id: slot + 1 of a first story, or 0 */
    struct posting **marked; /* [2 * terms_max + 1], of living_dot */
    uint32_t oldest, newest, free_first, free_last, used;
    uint32_t sweep_term, sweep_story;
};

/* A power of two, of at least 1,024. */
uint32_t living_table(uint32_t stories, uint32_t per_story);
/* False when out of memory; to be freed either way. */
bool living_init(struct living *living, const struct stories_config *config);
void living_free(struct living *living);
/* NO_SLOT when it does not live. */
uint32_t living_find(const struct living *living, uint64_t id);
/* The slot of a new story, without texts; the longest silent one may go for it. */
uint32_t living_make(struct living *living, uint64_t id);
/* It lives no more; its postings go when its terms are cleaned. */
void living_forget(struct living *living, uint32_t slot);
/* How far a story is on its way to be forgotten: 0 a moment ago, above 1 forgotten. */
double living_silence(const struct living *living, uint32_t slot, int64_t time);
/* Of the centroid. */
double living_length(const struct living *living, uint32_t slot);
/* Counts each term of the next text; what made room for one leaves the centroids. */
void living_count(struct living *living, struct bag *bag);
/* Whether the term is the one it was: it may have made room for a later one of the same text. */
static inline bool living_has(const struct weighted *it)
{
    return it->term->key == it->key && it->term->count;
}
/* The text joins the story. */
void living_join(struct living *living, uint32_t slot, const struct bag *bag, int64_t time);
/* A few terms and stories are looked through with each text, so that everything comes up in turn.
 */
/* Takes what belongs to forgotten stories out of a term's list. */
void living_clean(struct living *living, struct term *term);
void living_sweep(struct living *living, int64_t time);
/* Dot product of two centroids. */
double living_dot(struct living *living, uint32_t slot, uint32_t other);
/* All that `from` was is `into` now. */
void living_merge(struct living *living, uint32_t from, uint32_t into);
/* Moves the weight of one term, as far as it is there. */
void living_move(struct living *living, uint32_t from, uint32_t into, uint32_t term, float weight);
/* After moves of all terms of `posts` texts: their numbers follow. */
void living_moved(struct living *living, uint32_t from, uint32_t into, uint32_t posts,
                  double lengths);

#endif
