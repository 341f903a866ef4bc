/* living.c - the stories that may still grow, and their centroids; see living.h. */
#include "story/living.h"

#include "base/hash.h"

#include <math.h>
#include <stdlib.h>

enum {
    LIST = 64,       /* postings of a term; a story that is silent long makes room */
    TERM_SLOTS = 32, /* per story that may live, 32 bytes each */
    BLOCKS = 16,     /* of postings per story, 64 bytes each */
    LINKS = 8,       /* blocks of links per story, 64 bytes each */
    TABLE_LEAST = 1 << 10,
    SWEEP = 16,        /* term slots looked at with each text */
    SWEEP_HARD = 512,  /* … while few blocks are left */
    SWEEP_STORIES = 2, /* story slots looked at with each text */
    STORIES_CAP = 1 << SLOT_BITS,
};

uint32_t living_table(uint32_t stories, uint32_t per_story)
{
    uint32_t size = TABLE_LEAST;

    while (size < stories * per_story)
        size *= 2;
    return size;
}

bool living_init(struct living *living, const struct stories_config *config)
{
    uint32_t max = config->stories_max;

    max = max < 1 ? 1 : max > STORIES_CAP ? STORIES_CAP : max;
    *living = (struct living){
        .config = *config,
        .chains = calloc(STORIES_CAP, sizeof *living->chains),
        .live = calloc(max, sizeof *living->live),
        .alive = calloc(max, sizeof *living->alive),
        .latest = calloc(max, sizeof *living->latest),
        .centroids = calloc(max, sizeof *living->centroids),
        .squares = calloc(max + STORY_GROUP, sizeof *living->squares),
        .marked = calloc(2 * (size_t)config->terms_max + 1, sizeof(struct posting *)),
        .oldest = NO_SLOT,
        .newest = NO_SLOT,
        .free_first = NO_SLOT,
        .free_last = NO_SLOT};
    living->config.stories_max = max;
    return terms_init(&living->terms, living_table(max, TERM_SLOTS)) &&
           postings_init(&living->postings, living_table(max, BLOCKS)) &&
           links_init(&living->links, living_table(max, LINKS)) && living->chains && living->live &&
           living->alive && living->marked && living->latest && living->centroids &&
           living->squares;
}

void living_free(struct living *living)
{
    terms_free(&living->terms);
    postings_free(&living->postings);
    links_free(&living->links);
    free(living->chains);
    free(living->live);
    free(living->alive);
    free(living->marked);
    free(living->latest);
    free(living->centroids);
    free(living->squares);
}

/* --- who lives -------------------------------------------------------------------------------- */

static void unlink_story(struct living *living, uint32_t slot)
{
    struct live *story = &living->live[slot];

    if (story->older == NO_SLOT)
        living->oldest = story->newer;
    else
        living->live[story->older].newer = story->newer;
    if (story->newer == NO_SLOT)
        living->newest = story->older;
    else
        living->live[story->newer].older = story->older;
}

static void link_newest(struct living *living, uint32_t slot)
{
    living->live[slot].older = living->newest;
    living->live[slot].newer = NO_SLOT;
    if (living->newest == NO_SLOT)
        living->oldest = slot;
    else
        living->live[living->newest].newer = slot;
    living->newest = slot;
}

/* Where the slot + 1 of a story is written: the head of its chain or a link in it; the end of the
 * chain when it does not live. */
static uint32_t *find_story(const struct living *living, uint64_t id)
{
    uint32_t *at = &living->chains[hash_pair(id, 0) & (STORIES_CAP - 1)];

    while (*at && living->live[*at - 1].id != id)
        at = &living->live[*at - 1].chained;
    return at;
}

uint32_t living_find(const struct living *living, uint64_t id)
{
    return *find_story(living, id) - 1;
}

/* The slot goes to the end of the free ones, so that its generations last longest. */
void living_forget(struct living *living, uint32_t slot)
{
    *find_story(living, living->live[slot].id) = living->live[slot].chained;
    unlink_story(living, slot);
    links_drop(&living->links, &living->live[slot].links);
    living->live[slot] = (struct live){.newer = NO_SLOT};
    living->alive[slot] += 1 << SLOT_BITS;
    if (living->free_last == NO_SLOT)
        living->free_first = slot;
    else
        living->live[living->free_last].newer = slot;
    living->free_last = slot;
}

double living_silence(const struct living *living, uint32_t slot, int64_t time)
{
    const struct live *story = &living->live[slot];
    double by_posts =
        (double)(living->terms.texts - living->latest[slot]) / living->config.silent_posts;
    double by_time = living->config.silent_ms && time > story->time
                         ? ((double)time - (double)story->time) / (double)living->config.silent_ms
                         : 0;

    return by_posts > by_time ? by_posts : by_time;
}

uint32_t living_make(struct living *living, uint64_t id)
{
    uint32_t slot;

    if (living->free_first == NO_SLOT && living->used == living->config.stories_max)
        living_forget(living, living->oldest);
    if (living->free_first == NO_SLOT) {
        slot = living->used++;
        living->alive[slot] = slot;
    } else {
        slot = living->free_first;
        living->free_first = living->live[slot].newer;
        if (living->free_first == NO_SLOT)
            living->free_last = NO_SLOT;
    }
    *find_story(living, id) = slot + 1;
    living->centroids[slot] = (struct centroid){0};
    living->squares[slot] = 0;
    living->live[slot] = (struct live){.id = id, .time = INT64_MIN};
    living->latest[slot] = living->terms.texts;
    link_newest(living, slot);
    if (id >= living->config.next_id)
        living->config.next_id = id + 1;
    return slot;
}

/* --- the weight of centroids ------------------------------------------------------------------ */

static bool is_alive(const struct living *living, const struct posting *posting)
{
    return living->alive[posting->story & SLOT] == posting->story;
}

/* The centroid gets a square more and another less. */
static void add_square(struct living *living, uint32_t slot, double more, double less)
{
    struct centroid *centroid = &living->centroids[slot];

    centroid->squares += more - less;
    living->squares[slot] = (float)centroid->squares;
}

static void lose_weight(struct living *living, const struct posting *posting)
{
    uint32_t slot = posting->story & SLOT;

    if (!is_alive(living, posting))
        return;
    add_square(living, slot, 0, (double)posting->weight * (double)posting->weight);
    living->centroids[slot].terms--;
}

static void drop_list(struct living *living, uint32_t list)
{
    while (list) {
        struct posting *first = living->postings.blocks[list].entries;

        lose_weight(living, first);
        postings_remove(&living->postings, &list, first);
    }
}

void living_count(struct living *living, struct bag *bag)
{
    struct term gone;

    living->terms.texts++;
    for (uint32_t i = 0; i < bag->n; i++) {
        bag->terms[i].term =
            terms_count(&living->terms, bag->terms[i].key, living->terms.texts, &gone);
        if (gone.count)
            drop_list(living, gone.postings);
    }
}

/* How far from its first block room is made in a full list: another block with each text, but not
 * the first, where those stand that were found again. */
static uint32_t room_distance(const struct living *living)
{
    return 1 + (uint32_t)(living->terms.texts % (LIST / POSTING_BLOCK));
}

/* The block where room is to be made. */
static uint32_t room_of(const struct living *living, const struct term *term)
{
    uint32_t block = term->postings;

    for (uint32_t left = room_distance(living); left; left--)
        block = living->postings.blocks[block].next;
    return block;
}

/* Room in a full list: of that block the posting of the story that is silent longest goes. */
static void make_room(struct living *living, struct term *term, uint32_t room)
{
    struct posting_block *block = &living->postings.blocks[room];
    uint64_t least_latest = UINT64_MAX;
    uint32_t least = 0;

    for (uint32_t i = 0; i < block->n; i++) {
        uint64_t latest = is_alive(living, &block->entries[i])
                              ? living->latest[block->entries[i].story & SLOT]
                              : 0;

        if (latest < least_latest) {
            least = i;
            least_latest = latest;
        }
    }
    lose_weight(living, &block->entries[least]);
    postings_remove(&living->postings, &term->postings, &block->entries[least]);
    term->held--;
}

/* A new posting of a story in a term's list; NULL where there is no room.  `room`: room_of. */
static struct posting *add_posting(struct living *living, uint32_t slot, struct term *term,
                                   uint32_t room)
{
    struct live *story = &living->live[slot];
    struct posting *posting;

    if (living->centroids[slot].terms >= 2 * living->config.terms_max)
        return NULL;
    if (term->held >= LIST)
        make_room(living, term, room);
    posting = postings_add(&living->postings, &term->postings,
                           (struct posting){.story = living->alive[slot]});
    if (!posting)
        return NULL;
    term->held++;
    living->centroids[slot].terms++;
    links_add(&living->links, &story->links, (uint32_t)(term - living->terms.slots));
    return posting;
}

/* The posting of a story in a term's list, found or made. */
static struct posting *posting_of(struct living *living, uint32_t slot, struct term *term)
{
    struct posting *posting = postings_find(&living->postings, term->postings, living->alive[slot]);

    return posting
               ? posting
               : add_posting(living, slot, term, term->held >= LIST ? room_of(living, term) : 0);
}

static void add_weight(struct living *living, uint32_t slot, struct posting *posting, float weight)
{
    double before = (double)posting->weight;

    posting->weight += weight;
    add_square(living, slot, (double)posting->weight * (double)posting->weight, before * before);
}

double living_length(const struct living *living, uint32_t slot)
{
    return sqrt(fmax(living->centroids[slot].squares, 1e-12));
}

/* room_of for all terms of a text, side by side: each is on its way while the others are asked. */
static void rooms_of(const struct living *living, const struct bag *bag, uint32_t *rooms)
{
    for (uint32_t t = 0; t < bag->n; t++)
        rooms[t] = bag->terms[t].term->held >= LIST ? bag->terms[t].term->postings : 0;
    for (uint32_t left = room_distance(living); left; left--)
        for (uint32_t t = 0; t < bag->n; t++)
            rooms[t] = living->postings.blocks[rooms[t]].next;
}

void living_join(struct living *living, uint32_t slot, const struct bag *bag, int64_t time)
{
    struct live *story = &living->live[slot];
    bool is_new = !living->centroids[slot].terms; /* nothing to look for */
    uint32_t rooms[BAG_TERMS];

    if (is_new)
        rooms_of(living, bag, rooms);
    for (uint32_t t = 0; t < bag->n; t++) {
        const struct weighted *it = &bag->terms[t];
        struct posting *posting = !living_has(it) || it->weight <= 0 ? NULL
                                  : is_new ? add_posting(living, slot, it->term, rooms[t])
                                           : posting_of(living, slot, it->term);

        if (posting)
            add_weight(living, slot, posting, it->weight);
    }
    story->lengths += bag->length;
    story->posts += story->posts < UINT32_MAX;
    living->latest[slot] = living->terms.texts;
    if (time > story->time)
        story->time = time;
    unlink_story(living, slot);
    link_newest(living, slot);
}

/* --- two stories ------------------------------------------------------------------------------ */

/* Takes the story's posting out of the list of a term, if it has one; returns its weight. */
static float take_posting(struct living *living, uint32_t slot, struct term *term)
{
    struct posting *posting = postings_find(&living->postings, term->postings, living->alive[slot]);
    float weight = posting ? posting->weight : 0;

    if (posting) {
        lose_weight(living, posting);
        postings_remove(&living->postings, &term->postings, posting);
        term->held--;
    }
    return weight;
}

/* The lists that a block of links names, on their way to the cache. */
static void lists_of(const struct living *living, uint32_t links, uint32_t lists[LINK_BLOCK])
{
    const struct link_block *block = &living->links.blocks[links];

    for (uint32_t i = 0; i < block->n; i++)
        lists[i] = living->terms.slots[block->terms[i]].postings;
    for (uint32_t i = 0; i < block->n; i++)
        __builtin_prefetch(&living->postings.blocks[lists[i]]);
}

/* A term that is named twice is told by a mark in its weight while the walk lasts.  Links that lead
 * nowhere any more, half of them, are forgotten. */
double living_dot(struct living *living, uint32_t slot, uint32_t other)
{
    uint32_t stories[2] = {living->alive[slot], living->alive[other]}, marked = 0, now = 0;
    uint32_t lists[2][LINK_BLOCK];
    double dot = 0;

    lists_of(living, living->live[slot].links, lists[now]);
    for (uint32_t b = living->live[slot].links; b; b = living->links.blocks[b].next, now = !now) {
        struct link_block *block = &living->links.blocks[b];
        uint32_t kept = 0;

        lists_of(living, block->next, lists[!now]);
        for (uint32_t i = 0; i < block->n; i++) {
            struct posting *pair[2]; /* mine, its */

            postings_pair(&living->postings, lists[now][i], stories, pair);
            if (!pair[0] || pair[0]->weight < 0)
                continue;
            dot += pair[1] ? (double)pair[0]->weight * (double)pair[1]->weight : 0;
            pair[0]->weight = -pair[0]->weight;
            living->marked[marked++] = pair[0];
            block->terms[kept++] = block->terms[i];
        }
        block->n = kept;
    }
    while (marked)
        living->marked[--marked]->weight *= -1;
    return dot;
}

void living_merge(struct living *living, uint32_t from, uint32_t into)
{
    struct live *source = &living->live[from], *story = &living->live[into];

    for (uint32_t b = source->links; b; b = living->links.blocks[b].next)
        for (uint32_t i = 0; i < living->links.blocks[b].n; i++) {
            struct term *term = &living->terms.slots[living->links.blocks[b].terms[i]];
            float weight = take_posting(living, from, term);
            struct posting *posting = weight > 0 ? posting_of(living, into, term) : NULL;

            if (posting)
                add_weight(living, into, posting, weight);
        }
    story->lengths += source->lengths;
    story->posts += source->posts;
    story->rival = story->votes = 0;
    if (source->time > story->time)
        story->time = source->time;
    if (living->latest[from] > living->latest[into]) {
        living->latest[into] = living->latest[from];
        unlink_story(living, into);
        link_newest(living, into);
    }
    living_forget(living, from);
}

void living_move(struct living *living, uint32_t from, uint32_t into, uint32_t term, float weight)
{
    struct term *it = &living->terms.slots[term];
    float there = take_posting(living, from, it), moved = there < weight ? there : weight;
    struct posting *posting = moved > 0 ? posting_of(living, into, it) : NULL;

    if (posting)
        add_weight(living, into, posting, moved);
    posting = there > moved ? posting_of(living, from, it) : NULL;
    if (posting)
        add_weight(living, from, posting, there - moved);
}

void living_moved(struct living *living, uint32_t from, uint32_t into, uint32_t posts,
                  double lengths)
{
    struct live *source = &living->live[from], *story = &living->live[into];

    story->posts += posts;
    source->posts -= posts < source->posts ? posts : source->posts;
    story->lengths += lengths;
    source->lengths = fmax(source->lengths - lengths, 0);
    story->time = source->time;
    source->rival = source->votes = 0;
}

/* --- forgetting ------------------------------------------------------------------------------- */

/* A story that holds more terms than it may loses those that weigh less than half the mean. */
static bool superfluous(const struct living *living, const struct posting *posting)
{
    const struct centroid *centroid = &living->centroids[posting->story & SLOT];
    double square = (double)posting->weight * (double)posting->weight;

    return centroid->terms > living->config.terms_max &&
           4 * square * (double)centroid->terms < centroid->squares;
}

/* Takes out of a list what belongs to forgotten stories, and what living ones may lose. */
static void sweep_list(struct living *living, struct term *term, bool superfluous_too)
{
    for (uint32_t list = term->postings, next; list; list = next) {
        struct posting_block *block = &living->postings.blocks[list];

        next = block->next; /* the block itself may be given back */
        for (uint32_t i = block->n; i-- > 0;)
            if (!is_alive(living, &block->entries[i]) ||
                (superfluous_too && superfluous(living, &block->entries[i]))) {
                lose_weight(living, &block->entries[i]);
                postings_remove(&living->postings, &term->postings, &block->entries[i]);
                term->held--;
            }
    }
}

void living_clean(struct living *living, struct term *term)
{
    sweep_list(living, term, false);
}

void living_sweep(struct living *living, int64_t time)
{
    int terms =
        postings_left(&living->postings) < living->postings.capacity / 8 ? SWEEP_HARD : SWEEP;

    for (int i = 0; i < terms; i++) {
        living->sweep_term = (living->sweep_term + 1) & (uint32_t)(living->terms.capacity - 1);
        if (living->terms.slots[living->sweep_term].held)
            sweep_list(living, &living->terms.slots[living->sweep_term], true);
    }
    for (int i = 0; i < SWEEP_STORIES && living->used; i++) {
        living->sweep_story = (living->sweep_story + 1) % living->used;
        if (living->live[living->sweep_story].id &&
            living_silence(living, living->sweep_story, time) > 1)
            living_forget(living, living->sweep_story);
    }
}
