/* stories.c - single-pass clustering through an inverted index; see stories.h and README.md.
 *
 * A text becomes at most BAG_TERMS weighted terms.  The posting lists of its terms add up the dot
 * product with every story that shares one; the story of the largest cosine takes the text in when
 * that reaches the threshold for a text of this length.
 */
#include "story/stories.h"

#include "story/halves.h"
#include "story/living.h"
#include "story/nearest.h"
#include "story/rivals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Fixed on NTS-mstream and vimds; README.md has the search. */
static const double idf_exponent = 0.85; /* of the weights that cluster */
static const double short_share = 0.4;   /* of the threshold, for texts up to SHORT syllables */
enum { SHORT = 6, LONG = 20 };           /* … rising to the whole of it at LONG */
/* Novelty: fixed on News by the margin named in README.md. */
static const double novelty_prior = 300, novelty_exponent = 0.7;
enum { RINGS = 4 }; /* of nearest.h per story, 128 bytes each */

const struct stories_config stories_defaults = {
    .threshold = 0.245,
    .silent_posts = 3000,
    .silent_ms = 8 * (int64_t)24 * 3600 * 1000,
    .terms_max = 256,
    .stories_max = 1 << 14,
    .next_id = 1,
    .novelty = true,
};

struct stories {
    struct living living;
    struct nearest *nearest;
    struct halves *halves;
    struct idf_power power, novelty_power;
    float *dots; /* [stories_max + STORY_GROUP]: of the text with each story; 0 between texts */
};

struct stories *stories_new(const struct stories_config *config)
{
    struct stories *stories = calloc(1, sizeof *stories);
    bool made = stories && living_init(&stories->living, config);
    uint32_t max;

    if (!stories)
        return NULL;
    max = stories->living.config.stories_max;
    stories->dots = calloc(max + STORY_GROUP, sizeof *stories->dots);
    stories->halves = halves_new(max);
    if (config->novelty)
        stories->nearest = nearest_new(living_table(max, RINGS));
    idf_power_init(&stories->power, idf_exponent);
    idf_power_init(&stories->novelty_power, novelty_exponent);
    if (made && stories->dots && stories->halves && !stories->nearest == !config->novelty)
        return stories;
    stories_free(stories);
    return NULL;
}

void stories_free(struct stories *stories)
{
    living_free(&stories->living);
    if (stories->nearest)
        nearest_free(stories->nearest);
    if (stories->halves)
        halves_free(stories->halves);
    free(stories->dots);
    free(stories);
}

/* Adds a block of postings, n of them, to the dot products; returns whether one is of a forgotten
 * story. */
static inline bool add_block(struct stories *stories, const struct posting_block *block, uint32_t n,
                             float weight)
{
    const uint32_t *alive = stories->living.alive;
    float *dots = stories->dots;
    bool stale = false;

#pragma GCC unroll 7
    for (uint32_t i = 0; i < n; i++) {
        uint32_t slot = block->entries[i].story & SLOT;

        if (__builtin_expect(alive[slot] != block->entries[i].story, false))
            stale = true;
        else
            dots[slot] += weight * block->entries[i].weight;
    }
    return stale;
}

/* A list that is being walked. */
struct walk {
    uint32_t block, term; /* in the bag */
    float weight;
};

/* Dot products with every story that shares a term.  The lists are walked side by side, the first
 * blocks of all, then the second: while one is added up the next ones are on their way.  Where
 * forgotten stories were met they are taken away: a posting of theirs is a guess gone wrong. */
static void score(struct stories *stories, const struct bag *bag)
{
    const struct postings *postings = &stories->living.postings;
    struct walk walks[BAG_TERMS];
    uint64_t stale = 0; /* terms, by bit */
    uint32_t open = 0;

    for (uint32_t t = 0; t < bag->n; t++) {
        const struct weighted *it = &bag->terms[t];

        if (it->weight > 0 && living_has(it) && it->term->postings) {
            walks[open++] = (struct walk){it->term->postings, t, it->weight};
            __builtin_prefetch(&postings->blocks[it->term->postings]);
        }
    }
    while (open) {
        uint32_t left = 0;

        for (uint32_t i = 0; i < open; i++) {
            struct walk walk = walks[i];
            const struct posting_block *block = &postings->blocks[walk.block];
            bool met = block->n == POSTING_BLOCK /* nearly all: so many are counted beforehand */
                           ? add_block(stories, block, POSTING_BLOCK, walk.weight)
                           : add_block(stories, block, block->n, walk.weight);

            stale |= (uint64_t)met << walk.term;
            walk.block = block->next;
            __builtin_prefetch(&postings->blocks[block->next]);
            walks[left] = walk;
            left += walk.block != 0;
        }
        open = left;
    }
    for (; stale; stale &= stale - 1)
        living_clean(&stories->living, bag->terms[__builtin_ctzll(stale)].term);
}

struct fit {
    uint32_t slot; /* NO_SLOT: none */
    double cosine;
};

/* Which of a group of stories have a dot product whose square is at least such a share of theirs: a
 * bit for each. */
static uint32_t which_reach(const float *dots, const float *squares, float share)
{
    uint32_t which = 0;

#ifdef __SSE2__
    for (int i = 0; i < STORY_GROUP; i += 4) {
        __m128 dot = _mm_loadu_ps(&dots[i]),
               least = _mm_mul_ps(_mm_loadu_ps(&squares[i]), _mm_set1_ps(share));

        which |= (uint32_t)_mm_movemask_ps(_mm_cmpgt_ps(_mm_mul_ps(dot, dot), least)) << i;
    }
#else
    for (int i = 0; i < STORY_GROUP; i++)
        which |= (uint32_t)(dots[i] * dots[i] > squares[i] * share) << i;
#endif
    return which;
}

/* The two best of the stories above `least` that are not forgotten; leaves all dot products 0.  The
 * cosine fades linearly while a story is silent: an old one must fit better. */
static void best_stories(struct stories *stories, int64_t time, double least, struct fit best[2])
{
    const struct living *living = &stories->living;
    float share = (float)(least * least * (1 - 1e-5)); /* rounding loses nobody */

    best[0] = best[1] = (struct fit){NO_SLOT, least};
    for (uint32_t group = 0; group < living->used; group += STORY_GROUP) {
        float *dots = &stories->dots[group];
        uint32_t which = which_reach(dots, &living->squares[group], share);

        for (; which; which &= which - 1) {
            uint32_t i = (uint32_t)__builtin_ctz(which), slot = group + i;
            double cosine = (double)dots[i] / living_length(living, slot) *
                            (1 - living_silence(living, slot, time));

            if (cosine > best[0].cosine) {
                best[1] = best[0];
                best[0] = (struct fit){slot, cosine};
            } else if (cosine > best[1].cosine) {
                best[1] = (struct fit){slot, cosine};
            }
        }
    }
    memset(stories->dots, 0, living->used * sizeof *stories->dots);
}

static double threshold(const struct stories *stories, uint32_t syllables)
{
    double share = syllables <= SHORT  ? 0
                   : syllables >= LONG ? 1
                                       : (double)(syllables - SHORT) / (LONG - SHORT);

    return stories->living.config.threshold * (short_share + (1 - short_share) * share);
}

/* Similarity to the nearest recent text, by single syllables alone. */
static double similarity(struct stories *stories, const struct bag *bag, struct arena *scratch)
{
    struct weighted *single = arena_array(scratch, bag->n + 1, sizeof *single);
    struct nearest_term terms[NEAREST_TERMS];
    float log_texts = terms_log_texts(&stories->living.terms, novelty_prior);
    int32_t n = 0;

    for (uint32_t i = 0; i < bag->n; i++)
        if (!bag->terms[i].pair) {
            float idf = terms_idf(&stories->living.terms, bag->terms[i].term->count, log_texts);

            single[n] = bag->terms[i];
            single[n++].weight = idf_power(&stories->novelty_power, idf);
        }
    if (n > NEAREST_TERMS) {
        bag_select(single, n, NEAREST_TERMS);
        n = NEAREST_TERMS;
    }
    for (int32_t i = 0; i < n; i++)
        terms[i] = (struct nearest_term){single[i].key, single[i].weight};
    return nearest_add(stories->nearest, terms, (uint32_t)n);
}

/* The next text of the stream, counted and weighed. */
static struct bag take_text(struct stories *stories, const struct tokens *tokens, double *novelty,
                            struct arena *scratch)
{
    struct bag bag = bag_of(&stories->living.terms, tokens, scratch);

    living_count(&stories->living, &bag);
    if (stories->nearest)
        *novelty = 1 - similarity(stories, &bag, scratch);
    bag_weigh(&bag, &stories->living.terms, &stories->power);
    return bag;
}

static void merge(struct stories *stories, uint32_t from, uint32_t into)
{
    halves_drop(stories->halves, &stories->living, from);
    living_merge(&stories->living, from, into);
}

/* What a text that joined teaches of the stories: two are one, or one is two. */
static struct stories_change learn(struct stories *stories, uint32_t slot, uint32_t rival,
                                   struct bag *bag)
{
    struct living *living = &stories->living;
    uint64_t story = living->live[slot].id;
    uint32_t other;

    if (rival != NO_SLOT && rivals_meet(living, &slot, &rival)) {
        struct stories_change change = {STORIES_MERGED, living->live[slot].id,
                                        living->live[rival].id};

        merge(stories, slot, rival);
        return change;
    }
    if (!halves_note(stories->halves, living, slot, bag))
        return (struct stories_change){0};
    other = halves_part(stories->halves, living, slot, living->config.next_id);
    return (struct stories_change){STORIES_SPLIT, story, living->live[other].id};
}

/* The same after a restart, when what came about is known: the evidence is gathered as it was then,
 * and judged no more, because not all of it may have come back. */
static void learn_again(struct stories *stories, uint32_t slot, uint32_t rival, struct bag *bag,
                        const struct stories_change *known)
{
    struct living *living = &stories->living;
    bool halves;

    if (rival != NO_SLOT) {
        uint32_t less = slot, more = rival;

        rivals_meet(living, &less, &more);
    }
    if (known->turn == STORIES_MERGED) {
        uint32_t from = living_find(living, known->from), into = living_find(living, known->into);

        if (from != NO_SLOT && into != NO_SLOT && from != into)
            merge(stories, from, into);
        return;
    }
    halves = halves_note(stories->halves, living, slot, bag);
    if (known->turn == STORIES_SPLIT && halves && living_find(living, known->into) == NO_SLOT)
        halves_part(stories->halves, living, slot, known->into);
}

/* `was`: what was answered before a restart, NULL: decide. */
static struct stories_answer decide(struct stories *stories, const struct tokens *tokens,
                                    int64_t time, const struct stories_answer *was,
                                    struct arena *scratch)
{
    struct living *living = &stories->living;
    struct arena_mark mark = arena_mark(scratch);
    struct stories_answer answer = {0};
    struct fit best[2];
    struct bag bag;
    double least;
    uint32_t slot, rival;

    if (!tokens->n)
        return answer;
    bag = take_text(stories, tokens, &answer.novelty, scratch);
    least = threshold(stories, tokens->n) * bag.length;
    score(stories, &bag);
    best_stories(stories, time, least, best);
    slot = was ? living_find(living, was->story) : best[0].slot;
    if (slot == NO_SLOT) {
        slot = living_make(living, was ? was->story : living->config.next_id);
        answer.first = true;
    }
    living_join(living, slot, &bag, time);
    answer.story = living->live[slot].id;
    rival = slot == best[0].slot ? best[1].slot : NO_SLOT;
    if (was)
        learn_again(stories, slot, rival, &bag, &was->change);
    else
        answer.change = learn(stories, slot, rival, &bag);
    living_sweep(living, time);
    arena_rewind(scratch, mark);
    return answer;
}

struct stories_answer stories_add(struct stories *stories, const struct tokens *tokens,
                                  int64_t time, struct arena *scratch)
{
    return decide(stories, tokens, time, NULL, scratch);
}

void stories_again(struct stories *stories, const struct tokens *tokens, int64_t time,
                   const struct stories_answer *was, struct arena *scratch)
{
    decide(stories, tokens, time, was, scratch);
}

void stories_number_from(struct stories *stories, uint64_t id)
{
    if (stories->living.config.next_id < id)
        stories->living.config.next_id = id;
}

void stories_join(struct stories *stories, const struct tokens *tokens, int64_t time,
                  uint64_t story, struct arena *scratch)
{
    struct living *living = &stories->living;
    struct arena_mark mark = arena_mark(scratch);
    uint32_t slot;
    struct bag bag;
    double novelty;

    if (!tokens->n)
        return;
    bag = take_text(stories, tokens, &novelty, scratch);
    slot = living_find(living, story);
    living_join(living, slot == NO_SLOT ? living_make(living, story) : slot, &bag, time);
    living_sweep(living, time);
    arena_rewind(scratch, mark);
}

void stories_forget(struct stories *stories, int64_t time)
{
    struct living *living = &stories->living;

    for (uint32_t slot = 0; slot < living->used; slot++)
        if (living->live[slot].id && living->live[slot].time < time) {
            halves_drop(stories->halves, living, slot);
            living_forget(living, slot);
        }
    for (size_t i = 0; i < living->terms.capacity; i++)
        if (living->terms.slots[i].held)
            living_clean(living, &living->terms.slots[i]);
}
