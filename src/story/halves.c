/* halves.c - a story that turns out to be two; see halves.h.
 *
 * A story's ring is the one its slot falls on; who holds it keeps it while he lives and had a text
 * lately, so of sixteen stories one is watched, and as most stories are one text long, nearly all
 * that grow are.
 */
#include "story/halves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXTS = 24,      /* of a story, the latest */
    TERMS = 24,      /* of a text, the heaviest */
    FIRST_POSTS = 4, /* before, a story has no ring */
    FIRST_PARTING = 12,
    LATELY = 256, /* texts of the stream */
    ROUNDS = 6,
    RING_SHARE = 16, /* stories a ring */
};

/* README.md has the search. */
static const double like_halves = 0.05; /* texts of both groups, on average: no more than this … */
static const double like_inside = 0.3;  /* … nor than this share of what they are inside */

struct noted {
    uint32_t n;
    float length;
    struct {
        uint32_t term;
        float weight;
    } terms[TERMS]; /* by term */
};

struct ring {
    uint32_t holder; /* reference of the story; meaningful while n > 0 */
    uint32_t n, parted;
    struct noted texts[TEXTS];
};

/* Two groups of texts. */
struct parting {
    uint32_t n;
    float like[TEXTS][TEXTS]; /* cosines; nothing on the diagonal */
    float total[TEXTS];       /* of each text to all others */
    bool second[TEXTS];       /* in which group */
};

struct halves {
    uint32_t mask;
    struct ring *rings;
    struct parting parting; /* of the ring that was asked last */
};

struct halves *halves_new(uint32_t stories_max)
{
    struct halves *halves = calloc(1, sizeof *halves);
    uint32_t rings = 1;

    if (!halves)
        return NULL;
    while (rings < stories_max / RING_SHARE)
        rings *= 2;
    halves->mask = rings - 1;
    halves->rings = calloc(rings, sizeof *halves->rings);
    if (halves->rings)
        return halves;
    free(halves);
    return NULL;
}

void halves_free(struct halves *halves)
{
    free(halves->rings);
    free(halves);
}

/* --- whose ring ------------------------------------------------------------------------------- */

void halves_drop(struct halves *halves, const struct living *living, uint32_t slot)
{
    struct ring *ring = &halves->rings[slot & halves->mask];

    if (ring->n && ring->holder == living->alive[slot])
        ring->n = 0;
}

static bool is_held(const struct ring *ring, const struct living *living)
{
    uint32_t slot = ring->holder & SLOT;

    return ring->n && living->alive[slot] == ring->holder &&
           living->terms.texts - living->latest[slot] < LATELY;
}

/* NULL when another story holds it. */
static struct ring *ring_of(struct halves *halves, const struct living *living, uint32_t slot)
{
    struct ring *ring = &halves->rings[slot & halves->mask];
    uint32_t who = living->alive[slot];

    if (ring->n && ring->holder == who)
        return ring;
    if (is_held(ring, living))
        return NULL;
    ring->holder = who;
    ring->n = ring->parted = 0;
    return ring;
}

static void note(struct noted *text, const struct living *living, struct bag *bag)
{
    double squares = 0;

    if (bag->n > TERMS)
        bag_select(bag->terms, (int32_t)bag->n, TERMS);
    text->n = bag->n < TERMS ? bag->n : TERMS;
    for (uint32_t i = 0; i < text->n; i++) {
        uint32_t term = (uint32_t)(bag->terms[i].term - living->terms.slots), at = i;

        for (; at > 0 && text->terms[at - 1].term > term; at--)
            text->terms[at] = text->terms[at - 1];
        text->terms[at].term = term;
        text->terms[at].weight = bag->terms[i].weight;
        squares += (double)bag->terms[i].weight * (double)bag->terms[i].weight;
    }
    text->length = (float)sqrt(squares);
}

/* --- two groups ------------------------------------------------------------------------------- */

static float like(const struct noted *a, const struct noted *b)
{
    float dot = 0;

    for (uint32_t i = 0, j = 0; i < a->n && j < b->n;) {
        uint32_t left = a->terms[i].term, right = b->terms[j].term;

        if (left == right)
            dot += a->terms[i].weight * b->terms[j].weight;
        i += left <= right;
        j += right <= left;
    }
    return dot > 0 ? dot / (a->length * b->length) : 0;
}

/* Every text goes where it is more like the others, on average; false when none moved. */
static bool regroup(struct parting *parting)
{
    float sum[TEXTS] = {0}; /* of each text to those of the second group */
    uint32_t seconds = 0;
    bool moved = false;

    for (uint32_t i = 0; i < parting->n; i++) {
        if (!parting->second[i])
            continue;
        seconds++;
        for (uint32_t j = 0; j < TEXTS; j++)
            sum[j] += parting->like[i][j];
    }
    for (uint32_t i = 0; i < parting->n; i++) {
        uint32_t there = seconds - parting->second[i], here = parting->n - 1 - there;
        bool second = sum[i] * (float)here > (parting->total[i] - sum[i]) * (float)there;

        moved |= second != parting->second[i];
        parting->second[i] = second;
    }
    return moved;
}

/* The seed and the text that is least like it, each with those that are more like it than the
 * other; then regrouped until none moves. */
static void part_from(struct parting *parting, uint32_t seed)
{
    uint32_t least = seed ? 0 : 1;

    for (uint32_t i = 0; i < parting->n; i++)
        if (i != seed && parting->like[seed][i] < parting->like[seed][least])
            least = i;
    for (uint32_t i = 0; i < parting->n; i++)
        parting->second[i] = parting->like[least][i] > parting->like[seed][i];
    parting->second[least] = true;
    for (int round = 0; round < ROUNDS && regroup(parting); round++)
        ;
}

/* What the groups have in common, against what each has inside; 1 when that is too much, or one
 * group is less than a quarter. */
static double in_common(const struct parting *parting)
{
    double sum[3] = {0}, mean[3], pairs[3] = {0}; /* within the first, the second, across */
    uint32_t size[2] = {0};

    for (uint32_t i = 0; i < parting->n; i++) {
        size[parting->second[i]]++;
        for (uint32_t j = i + 1; j < parting->n; j++) {
            int which = parting->second[i] != parting->second[j] ? 2 : parting->second[i];

            sum[which] += (double)parting->like[i][j];
            pairs[which]++;
        }
    }
    if (4 * size[0] < parting->n || 4 * size[1] < parting->n)
        return 1;
    for (int i = 0; i < 3; i++)
        mean[i] = pairs[i] > 0 ? sum[i] / pairs[i] : 0;
    return mean[2] < like_halves ? mean[2] / (sqrt(mean[0] * mean[1]) + 1e-9) : 1;
}

/* Between two groups are at least three of eight pairs; if those are below like_halves on average,
 * then half of them are below twice that.  Most stories have fewer such pairs, and are done. */
static bool may_part(const struct parting *parting)
{
    uint32_t unlike = 0, pairs = parting->n * (parting->n - 1) / 2;

    for (uint32_t i = 0; i < parting->n; i++)
        for (uint32_t j = i + 1; j < parting->n; j++)
            unlike += (double)parting->like[i][j] < 2 * like_halves;
    return 16 * unlike >= 3 * pairs;
}

/* Whether the texts are of two stories; `parting` says how. */
static bool part(const struct ring *ring, struct parting *parting)
{
    struct parting best = {0};
    double least = like_inside;

    *parting = (struct parting){0};
    parting->n = ring->n < TEXTS ? ring->n : TEXTS;
    for (uint32_t i = 0; i < parting->n; i++)
        for (uint32_t j = i + 1; j < parting->n; j++) {
            parting->like[i][j] = parting->like[j][i] = like(&ring->texts[i], &ring->texts[j]);
            parting->total[i] += parting->like[i][j];
            parting->total[j] += parting->like[i][j];
        }
    if (!may_part(parting))
        return false;
    for (uint32_t seed = 0; seed < parting->n; seed++) {
        double common;

        part_from(parting, seed);
        common = in_common(parting);
        if (common < least) {
            least = common;
            best = *parting;
        }
    }
    *parting = best;
    return best.n;
}

/* --- parting ---------------------------------------------------------------------------------- */

/* Moves the smaller group to a new story, with its texts and their weight; the story's older texts,
 * which nobody remembers, are taken to have gone the same two ways. */
uint32_t halves_part(struct halves *halves, struct living *living, uint32_t slot, uint64_t id)
{
    const struct parting *parting = &halves->parting;
    struct ring *ring = &halves->rings[slot & halves->mask], *its;
    uint32_t other = living_make(living, id), kept = 0, moved = 0, seconds = 0;
    double lengths = 0, share = (double)living->live[slot].posts / parting->n;

    its = &halves->rings[other & halves->mask] == ring ? NULL : ring_of(halves, living, other);
    for (uint32_t i = 0; i < parting->n; i++)
        seconds += parting->second[i];
    for (uint32_t i = 0; i < parting->n; i++) {
        const struct noted *text = &ring->texts[i];

        if (parting->second[i] != (2 * seconds <= parting->n)) {
            ring->texts[kept++] = *text;
            continue;
        }
        for (uint32_t t = 0; t < text->n; t++)
            living_move(living, slot, other, text->terms[t].term,
                        text->terms[t].weight * (float)share);
        lengths += (double)text->length * share;
        moved++;
        if (its)
            its->texts[its->n++] = *text;
    }
    living_moved(living, slot, other, (uint32_t)(moved * share), lengths);
    ring->n = ring->parted = kept;
    if (its)
        its->parted = its->n;
    return other;
}

bool halves_note(struct halves *halves, const struct living *living, uint32_t slot, struct bag *bag)
{
    struct ring *ring;
    uint32_t parting;

    if (living->live[slot].posts < FIRST_POSTS || living->config.stories_max < 2)
        return false;
    ring = ring_of(halves, living, slot);
    if (!ring)
        return false;
    parting = ring->parted > FIRST_PARTING / 2 ? 2 * ring->parted : FIRST_PARTING;
    if (ring->n + TEXTS >= parting) /* the others would be forgotten before anybody asks */
        note(&ring->texts[ring->n % TEXTS], living, bag);
    if (++ring->n < parting)
        return false;
    ring->parted = ring->n;
    return part(ring, &halves->parting);
}
