/* stories.c - single-pass clustering through an inverted index; see stories.h and README.md.
 *
 * A text becomes at most TERMS weighted terms (syllables, and pairs of neighbouring ones).  The
 * posting lists of its terms add up the dot product with every story that shares one; the story of
 * the largest cosine takes the text in when that reaches the threshold for a text of this length.
 * The centroids exist in the posting lists alone, so a story is forgotten by giving its slot
 * another generation: its postings are swept away later, a few terms with each text.  A generation
 * comes round after 65,536 stories of one slot, and the sweep passes every term much earlier.
 */
#include "story/stories.h"

#include "base/hash.h"
#include "story/nearest.h"
#include "story/postings.h"
#include "story/terms.h"

#include <math.h>
#include <stdlib.h>

enum {
    TERMS = 64,       /* of one text, the most telling */
    SYLLABLES = 4096, /* of one text, the first */
    LIST = 64,        /* postings of a term; a story that is silent long makes room */
    TERM_SLOTS = 32,  /* per story that may live, 32 bytes each */
    BLOCKS = 16,      /* of postings per story, 64 bytes each */
    RINGS = 4,        /* of nearest.h per story, 128 bytes each */
    TABLE_LEAST = 1 << 10,
    SWEEP = 16,        /* term slots looked at with each text */
    SWEEP_HARD = 512,  /* … while few blocks are left */
    SWEEP_STORIES = 2, /* story slots looked at with each text */
    SLOT_BITS = 16,
    SLOT = (1 << SLOT_BITS) - 1, /* of a reference; the rest is the slot's generation */
    STORIES_CAP = 1 << SLOT_BITS,
    NONE = UINT32_MAX,
};

/* Fixed on NTS-mstream and vimds; README.md has the search. */
static const double pair_weight = 0.7;   /* of two neighbouring syllables against one */
static const double idf_exponent = 0.85; /* of the weights that cluster */
static const double short_share = 0.4;   /* of the threshold, for texts up to SHORT syllables */
enum { SHORT = 6, LONG = 20 };           /* … rising to the whole of it at LONG */
/* Novelty: fixed on News by the margin named in README.md. */
static const double novelty_prior = 300, novelty_exponent = 0.7;

const struct stories_config stories_defaults = {
    .threshold = 0.245,
    .silent_posts = 3000,
    .silent_ms = 8 * (int64_t)24 * 3600 * 1000,
    .terms_max = 256,
    .stories_max = 1 << 14,
    .next_id = 1,
    .novelty = true,
};

struct live {
    uint64_t id, latest; /* id 0: free; number of its latest text */
    int64_t time;        /* the latest of its texts */
    double squares;      /* of the centroid's length */
    uint32_t posts, terms;
    uint32_t older, newer; /* by latest text; in the free list: newer is the next free one */
    uint32_t chained;      /* slot + 1 of the next story of the same chain, or 0 */
};

/* What scoring touches for every posting: 8 bytes, all of them within L2. */
struct tally {
    float dot;      /* not 0: touched */
    uint32_t alive; /* the reference of its postings: slot and generation */
};

struct stories {
    struct stories_config config;
    struct terms terms;
    struct postings postings;
    struct nearest *nearest;
    struct idf_power power, novelty_power;
    struct live *live;     /* [stories_max] */
    struct tally *tallies; /* [stories_max] */
    float *inverse;        /* [stories_max]: 1 / length of the centroid */
    uint32_t *touched;     /* [stories_max + 1]: written before it is known to be new */
    uint32_t *chains;      /* [STORIES_CAP], by hash of the id: slot + 1 of a first story, or 0 */
    uint32_t oldest, newest, free_first, free_last, used;
    uint32_t sweep_term, sweep_story;
};

/* A term of the text at hand. */
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

/* A power of two. */
static uint32_t table_size(uint32_t stories, uint32_t per_story)
{
    uint32_t size = TABLE_LEAST;

    while (size < stories * per_story)
        size *= 2;
    return size;
}

struct stories *stories_new(const struct stories_config *config)
{
    struct stories *stories = calloc(1, sizeof *stories);
    uint32_t max = config->stories_max;

    if (!stories)
        return NULL;
    max = max < 1 ? 1 : max > STORIES_CAP ? STORIES_CAP : max;
    stories->config = *config;
    stories->config.stories_max = max;
    stories->chains = calloc(STORIES_CAP, sizeof *stories->chains);
    stories->live = calloc(max, sizeof *stories->live);
    stories->tallies = calloc(max, sizeof *stories->tallies);
    stories->inverse = calloc(max, sizeof *stories->inverse);
    stories->touched = calloc(max + 1, sizeof *stories->touched);
    if (config->novelty)
        stories->nearest = nearest_new(table_size(max, RINGS));
    stories->oldest = stories->newest = stories->free_first = stories->free_last = NONE;
    idf_power_init(&stories->power, idf_exponent);
    idf_power_init(&stories->novelty_power, novelty_exponent);
    if (terms_init(&stories->terms, table_size(max, TERM_SLOTS)) &&
        postings_init(&stories->postings, table_size(max, BLOCKS)) && stories->chains &&
        stories->live && stories->tallies && stories->inverse && stories->touched &&
        !stories->nearest == !config->novelty)
        return stories;
    stories_free(stories);
    return NULL;
}

void stories_free(struct stories *stories)
{
    terms_free(&stories->terms);
    postings_free(&stories->postings);
    if (stories->nearest)
        nearest_free(stories->nearest);
    free(stories->chains);
    free(stories->live);
    free(stories->tallies);
    free(stories->inverse);
    free(stories->touched);
    free(stories);
}

/* --- the living stories ----------------------------------------------------------------------- */

static void unlink_story(struct stories *stories, uint32_t slot)
{
    struct live *story = &stories->live[slot];

    if (story->older == NONE)
        stories->oldest = story->newer;
    else
        stories->live[story->older].newer = story->newer;
    if (story->newer == NONE)
        stories->newest = story->older;
    else
        stories->live[story->newer].older = story->older;
}

static void link_newest(struct stories *stories, uint32_t slot)
{
    stories->live[slot].older = stories->newest;
    stories->live[slot].newer = NONE;
    if (stories->newest == NONE)
        stories->oldest = slot;
    else
        stories->live[stories->newest].newer = slot;
    stories->newest = slot;
}

/* Where the slot + 1 of a story is written: the head of its chain or a link in it; the end of the
 * chain when it does not live. */
static uint32_t *find_story(const struct stories *stories, uint64_t id)
{
    uint32_t *at = &stories->chains[hash_pair(id, 0) & (STORIES_CAP - 1)];

    while (*at && stories->live[*at - 1].id != id)
        at = &stories->live[*at - 1].chained;
    return at;
}

/* The slot goes to the end of the free ones, so that its generations last longest. */
static void forget(struct stories *stories, uint32_t slot)
{
    *find_story(stories, stories->live[slot].id) = stories->live[slot].chained;
    unlink_story(stories, slot);
    stories->live[slot] = (struct live){.newer = NONE};
    stories->tallies[slot].alive += 1 << SLOT_BITS;
    if (stories->free_last == NONE)
        stories->free_first = slot;
    else
        stories->live[stories->free_last].newer = slot;
    stories->free_last = slot;
}

/* How far a story is on its way to be forgotten: 0 a moment ago, above 1 forgotten. */
static double silence(const struct stories *stories, const struct live *story, int64_t time)
{
    double by_posts = (double)(stories->terms.texts - story->latest) / stories->config.silent_posts;
    double by_time = stories->config.silent_ms && time > story->time
                         ? ((double)time - (double)story->time) / (double)stories->config.silent_ms
                         : 0;

    return by_posts > by_time ? by_posts : by_time;
}

static uint32_t make_story(struct stories *stories, uint64_t id)
{
    uint32_t slot;

    if (stories->free_first == NONE && stories->used == stories->config.stories_max)
        forget(stories, stories->oldest);
    if (stories->used < stories->config.stories_max) {
        slot = stories->used++;
        stories->tallies[slot].alive = slot;
    } else {
        slot = stories->free_first;
        stories->free_first = stories->live[slot].newer;
        if (stories->free_first == NONE)
            stories->free_last = NONE;
    }
    *find_story(stories, id) = slot + 1;
    stories->live[slot] = (struct live){.id = id, .time = INT64_MIN};
    link_newest(stories, slot);
    if (id >= stories->config.next_id)
        stories->config.next_id = id + 1;
    return slot;
}

/* The living story of a posting, or NULL. */
static struct live *story_of(const struct stories *stories, const struct posting *posting)
{
    uint32_t slot = posting->story & SLOT;

    return stories->tallies[slot].alive == posting->story ? &stories->live[slot] : NULL;
}

/* --- taking weight out of centroids ----------------------------------------------------------- */

static void lose_weight(struct stories *stories, const struct posting *posting)
{
    struct live *story = story_of(stories, posting);

    if (!story)
        return;
    story->squares -= (double)posting->weight * (double)posting->weight;
    story->terms--;
    stories->inverse[story - stories->live] =
        story->terms ? (float)(1 / sqrt(fmax(story->squares, 1e-12))) : 0;
}

static void drop_list(struct stories *stories, uint32_t list)
{
    while (list) {
        struct posting *first = stories->postings.blocks[list].entries;

        lose_weight(stories, first);
        postings_remove(&stories->postings, &list, first);
    }
}

/* A story that holds more terms than it may loses those that weigh less than half the mean. */
static bool superfluous(const struct stories *stories, const struct posting *posting)
{
    const struct live *story = story_of(stories, posting);
    double square = (double)posting->weight * (double)posting->weight;

    return !story || (story->terms > stories->config.terms_max &&
                      4 * square * (double)story->terms < story->squares);
}

static void sweep_list(struct stories *stories, struct term *term)
{
    for (uint32_t list = term->postings, next; list; list = next) {
        struct posting_block *block = &stories->postings.blocks[list];

        next = block->next; /* the block itself may be given back */
        for (uint32_t i = block->n; i-- > 0;)
            if (superfluous(stories, &block->entries[i])) {
                lose_weight(stories, &block->entries[i]);
                postings_remove(&stories->postings, &term->postings, &block->entries[i]);
                term->held--;
            }
    }
}

/* A few terms and stories with each text, so that everything comes up in turn. */
static void sweep(struct stories *stories, int64_t time)
{
    int terms =
        postings_left(&stories->postings) < stories->postings.capacity / 8 ? SWEEP_HARD : SWEEP;

    for (int i = 0; i < terms; i++) {
        stories->sweep_term = (stories->sweep_term + 1) & (uint32_t)(stories->terms.capacity - 1);
        if (stories->terms.slots[stories->sweep_term].held)
            sweep_list(stories, &stories->terms.slots[stories->sweep_term]);
    }
    for (int i = 0; i < SWEEP_STORIES && stories->used; i++) {
        stories->sweep_story = (stories->sweep_story + 1) % stories->used;
        if (stories->live[stories->sweep_story].id &&
            silence(stories, &stories->live[stories->sweep_story], time) > 1)
            forget(stories, stories->sweep_story);
    }
}

/* --- a text as a bag of weighted terms -------------------------------------------------------- */

static void put_term(struct bag *bag, uint32_t *places, uint32_t mask, uint64_t key, bool pair)
{
    uint32_t at = (uint32_t)((key * 0x9E3779B97F4A7C15u) >> 40) & mask;

    for (; places[at]; at = (at + 1) & mask)
        if (bag->terms[places[at] - 1].key == key) {
            bag->terms[places[at] - 1].times++;
            return;
        }
    bag->terms[bag->n] = (struct weighted){.key = key, .times = 1, .pair = pair};
    places[at] = ++bag->n;
}

/* Whether syllables i and i + 1 are read together: where words are known, within one word. */
static bool are_pair(const struct tokens *tokens, uint32_t i)
{
    return tokens->inside ? tokens->inside[i + 1] : tokens->sentence[i] == tokens->sentence[i + 1];
}

static struct bag bag_of(const struct stories *stories, const struct tokens *tokens,
                         struct arena *scratch)
{
    uint32_t n = tokens->n < SYLLABLES ? tokens->n : SYLLABLES, size = 16;
    struct bag bag = {.terms = arena_array(scratch, (size_t)2 * n + 1, sizeof *bag.terms)};
    uint32_t *places;

    while (size < 4 * n)
        size *= 2;
    places = arena_array(scratch, size, sizeof *places);
    for (uint32_t i = 0; i < n; i++) {
        put_term(&bag, places, size - 1, tokens->folded[i], false);
        if (i + 1 < n && are_pair(tokens, i))
            put_term(&bag, places, size - 1, token_ngram(&tokens->folded[i], 2), true);
    }
    for (uint32_t i = 0; i < bag.n; i++)
        terms_prefetch(&stories->terms, bag.terms[i].key);
    return bag;
}

static void count_terms(struct stories *stories, struct bag *bag)
{
    struct term gone;

    stories->terms.texts++;
    for (uint32_t i = 0; i < bag->n; i++) {
        bag->terms[i].term =
            terms_count(&stories->terms, bag->terms[i].key, stories->terms.texts, &gone);
        if (gone.count)
            drop_list(stories, gone.postings);
    }
}

/* 1 + ln(times) without asking the library for the usual case. */
static float frequency(uint32_t times)
{
    return times == 1 ? 1 : (float)(1 + log(times));
}

static void weigh(const struct stories *stories, struct bag *bag)
{
    float log_texts = terms_log_texts(&stories->terms, 0);

    for (uint32_t i = 0; i < bag->n; i++) {
        struct weighted *it = &bag->terms[i];
        float idf = terms_idf(&stories->terms, it->term->count, log_texts);

        it->weight = frequency(it->times) * idf_power(&stories->power, idf) *
                     (it->pair ? (float)pair_weight : 1);
    }
}

static bool heavier(const struct weighted *a, const struct weighted *b)
{
    return a->weight > b->weight || (a->weight == b->weight && a->key < b->key);
}

/* Moves the `want` heaviest to the front (Hoare's selection; the order is total, so the same ones
 * whatever the order they came in). */
static void select_heaviest(struct weighted *terms, int32_t n, int32_t want)
{
    int32_t from = 0, to = n;

    while (from < want && want < to) {
        struct weighted pivot = terms[from + (to - from) / 2];
        int32_t i = from, j = to - 1;

        while (i <= j) {
            while (heavier(&terms[i], &pivot))
                i++;
            while (heavier(&pivot, &terms[j]))
                j--;
            if (i <= j) {
                struct weighted swap = terms[i];

                terms[i++] = terms[j];
                terms[j--] = swap;
            }
        }
        if (want <= j + 1)
            to = j + 1;
        else if (want >= i)
            from = i;
        else
            return;
    }
}

static void shorten(struct bag *bag)
{
    double squares = 0;

    if (bag->n > TERMS) {
        select_heaviest(bag->terms, (int32_t)bag->n, TERMS);
        bag->n = TERMS;
    }
    for (uint32_t i = 0; i < bag->n; i++)
        squares += (double)bag->terms[i].weight * (double)bag->terms[i].weight;
    bag->length = sqrt(squares);
}

/* --- scoring and joining ---------------------------------------------------------------------- */

/* A term may have made room for a later one of the same text. */
static bool still_there(const struct weighted *it)
{
    return it->term->key == it->key && it->term->count;
}

/* Adds one block of postings to the tallies; returns how many stories are touched now. */
static uint32_t add_block(struct stories *stories, const struct posting_block *block, float weight,
                          uint32_t touched)
{
    for (uint32_t i = 0; i < block->n; i++) {
        uint32_t slot = block->entries[i].story & SLOT;
        struct tally *tally = &stories->tallies[slot];

        if (tally->alive != block->entries[i].story)
            continue;
        stories->touched[touched] = slot;
        touched += tally->dot == 0;
        tally->dot += weight * block->entries[i].weight;
    }
    return touched;
}

/* Dot products with every story that shares a term.  The lists are walked side by side, the first
 * blocks of all, then the second: while one is added up the next ones are on their way. */
static uint32_t score(struct stories *stories, const struct bag *bag)
{
    uint32_t list[TERMS], touched = 0, open = 0;
    float weight[TERMS];

    for (uint32_t t = 0; t < bag->n; t++)
        if (bag->terms[t].weight > 0 && still_there(&bag->terms[t]) &&
            bag->terms[t].term->postings) {
            list[open] = bag->terms[t].term->postings;
            weight[open] = bag->terms[t].weight;
            __builtin_prefetch(&stories->postings.blocks[list[open++]]);
        }
    while (open) {
        uint32_t left = 0;

        for (uint32_t t = 0; t < open; t++) {
            const struct posting_block *block = &stories->postings.blocks[list[t]];

            touched = add_block(stories, block, weight[t], touched);
            if (!block->next)
                continue;
            __builtin_prefetch(&stories->postings.blocks[block->next]);
            list[left] = block->next;
            weight[left++] = weight[t];
        }
        open = left;
    }
    return touched;
}

/* The best of the touched stories that are not forgotten, and its cosine, which fades linearly
 * while a story is silent: an old one must fit better.  NONE without any. */
static uint32_t best_story(struct stories *stories, uint32_t touched, int64_t time, double *cosine)
{
    uint32_t best = NONE;

    *cosine = 0;
    for (uint32_t i = 0; i < touched; i++) {
        uint32_t slot = stories->touched[i];
        struct tally *tally = &stories->tallies[slot];
        double it = (double)(tally->dot * stories->inverse[slot]);

        if (it > *cosine) {
            double old = silence(stories, &stories->live[slot], time);

            it *= 1 - old;
            if (it > *cosine) {
                *cosine = it;
                best = slot;
            }
        }
        tally->dot = 0;
    }
    return best;
}

/* Room in a full list: of one of its blocks, another with each text, the posting of the story that
 * is silent longest goes.  Not of the first: there stand those that were found again. */
static void make_room(struct stories *stories, struct term *term)
{
    uint32_t list = term->postings, least = 0;
    uint64_t least_latest = UINT64_MAX;
    struct posting_block *block;

    for (uint64_t skip = 1 + stories->terms.texts % (LIST / POSTING_BLOCK); skip; skip--)
        list = stories->postings.blocks[list].next;
    block = &stories->postings.blocks[list];
    for (uint32_t i = 0; i < block->n; i++) {
        const struct live *story = story_of(stories, &block->entries[i]);
        uint64_t latest = story ? story->latest : 0;

        if (latest < least_latest) {
            least = i;
            least_latest = latest;
        }
    }
    lose_weight(stories, &block->entries[least]);
    postings_remove(&stories->postings, &term->postings, &block->entries[least]);
    term->held--;
}

static void add_weight(struct stories *stories, uint32_t slot, const struct weighted *it)
{
    struct live *story = &stories->live[slot];
    uint32_t who = stories->tallies[slot].alive;
    struct posting *posting = postings_find(&stories->postings, it->term->postings, who);
    double before;

    if (!posting) {
        if (story->terms >= 2 * stories->config.terms_max)
            return;
        if (it->term->held >= LIST)
            make_room(stories, it->term);
        posting =
            postings_add(&stories->postings, &it->term->postings, (struct posting){.story = who});
        if (!posting)
            return;
        it->term->held++;
        story->terms++;
    }
    before = (double)posting->weight;
    posting->weight += it->weight;
    story->squares += (double)posting->weight * (double)posting->weight - before * before;
}

static void join(struct stories *stories, uint32_t slot, const struct bag *bag, int64_t time)
{
    struct live *story = &stories->live[slot];

    for (uint32_t t = 0; t < bag->n; t++)
        if (still_there(&bag->terms[t]) && bag->terms[t].weight > 0)
            add_weight(stories, slot, &bag->terms[t]);
    stories->inverse[slot] = story->terms ? (float)(1 / sqrt(fmax(story->squares, 1e-12))) : 0;
    story->posts += story->posts < UINT32_MAX;
    story->latest = stories->terms.texts;
    if (time > story->time)
        story->time = time;
    unlink_story(stories, slot);
    link_newest(stories, slot);
}

static double threshold(const struct stories *stories, uint32_t syllables)
{
    double share = syllables <= SHORT  ? 0
                   : syllables >= LONG ? 1
                                       : (double)(syllables - SHORT) / (LONG - SHORT);

    return stories->config.threshold * (short_share + (1 - short_share) * share);
}

/* Similarity to the nearest recent text, by single syllables alone. */
static double similarity(struct stories *stories, const struct bag *bag, struct arena *scratch)
{
    struct weighted *single = arena_array(scratch, bag->n + 1, sizeof *single);
    struct nearest_term terms[NEAREST_TERMS];
    float log_texts = terms_log_texts(&stories->terms, novelty_prior);
    int32_t n = 0;

    for (uint32_t i = 0; i < bag->n; i++)
        if (!bag->terms[i].pair) {
            float idf = terms_idf(&stories->terms, bag->terms[i].term->count, log_texts);

            single[n] = bag->terms[i];
            single[n++].weight = idf_power(&stories->novelty_power, idf);
        }
    if (n > NEAREST_TERMS) {
        select_heaviest(single, n, NEAREST_TERMS);
        n = NEAREST_TERMS;
    }
    for (int32_t i = 0; i < n; i++)
        terms[i] = (struct nearest_term){single[i].key, single[i].weight};
    return nearest_add(stories->nearest, terms, (uint32_t)n);
}

struct stories_answer stories_add(struct stories *stories, const struct tokens *tokens,
                                  int64_t time, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    struct stories_answer answer = {0};
    struct bag bag;
    double cosine;
    uint32_t slot;

    if (!tokens->n)
        return answer;
    bag = bag_of(stories, tokens, scratch);
    count_terms(stories, &bag);
    if (stories->nearest)
        answer.novelty = 1 - similarity(stories, &bag, scratch);
    weigh(stories, &bag);
    shorten(&bag);
    slot = best_story(stories, score(stories, &bag), time, &cosine);
    if (slot == NONE || cosine < threshold(stories, tokens->n) * bag.length) {
        slot = make_story(stories, stories->config.next_id);
        answer.first = true;
    }
    join(stories, slot, &bag, time);
    answer.story = stories->live[slot].id;
    sweep(stories, time);
    arena_rewind(scratch, mark);
    return answer;
}

void stories_join(struct stories *stories, const struct tokens *tokens, int64_t time,
                  uint64_t story, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    uint32_t slot = *find_story(stories, story);
    struct bag bag;

    if (!tokens->n)
        return;
    bag = bag_of(stories, tokens, scratch);
    count_terms(stories, &bag);
    if (stories->nearest)
        similarity(stories, &bag, scratch);
    weigh(stories, &bag);
    shorten(&bag);
    join(stories, slot ? slot - 1 : make_story(stories, story), &bag, time);
    sweep(stories, time);
    arena_rewind(scratch, mark);
}
