/* nearest.c - nearest neighbour among recent texts through rings of text numbers; see nearest.h.
 *
 * A term's ring lies in one of two places its key allows; where both are taken by others, the one
 * whose latest text is older is cleared for it.  Weights are those of the asking text on both sides
 * (texts hold a term or not), so that an old text is judged by what its words are worth now; only
 * its length is the one it had.  What two texts share in a single word is trusted less.
 */
#include "story/nearest.h"

#include "story/lines.h"

#include <math.h>
#include <stdlib.h>

enum { TALLY = 1024 };
static const double single_word = 0.3; /* of the similarity is lost at one shared term, then 1/n */

struct ring {
    uint64_t key;
    uint32_t n, unused;
    uint32_t texts[NEAREST_RING];
};

struct tally {
    uint32_t text, shared;
    float dot;
};

struct nearest {
    uint32_t count; /* of rings, and of texts remembered */
    void *memory;
    struct ring *rings; /* [count], in it on pairs of cache lines */
    float *lengths;     /* [count], of text number modulo count */
    uint32_t texts;     /* next number; starts at 1 */
    struct tally tallies[TALLY];
};

struct nearest *nearest_new(uint32_t rings)
{
    struct nearest *nearest = calloc(1, sizeof *nearest);

    if (!nearest)
        return NULL;
    nearest->texts = 1;
    nearest->count = rings;
    nearest->memory = calloc(rings + 1, sizeof *nearest->rings);
    nearest->lengths = calloc(rings, sizeof *nearest->lengths);
    if (!nearest->memory || !nearest->lengths) {
        nearest_free(nearest);
        return NULL;
    }
    nearest->rings = lines_in(nearest->memory, sizeof *nearest->rings);
    return nearest;
}

void nearest_free(struct nearest *nearest)
{
    free(nearest->memory);
    free(nearest->lengths);
    free(nearest);
}

static struct ring *place_of(const struct nearest *nearest, uint64_t key, int which)
{
    return &nearest->rings[(key * 0x9E3779B97F4A7C15u) >> (which ? 48 : 32) & (nearest->count - 1)];
}

static uint32_t latest(const struct ring *ring)
{
    return ring->n ? ring->texts[(ring->n - 1) % NEAREST_RING] : 0;
}

static struct ring *ring_of(const struct nearest *nearest, uint64_t key)
{
    struct ring *a = place_of(nearest, key, 0), *b = place_of(nearest, key, 1);

    if (a->key == key)
        return a;
    if (b->key == key)
        return b;
    if (latest(b) < latest(a))
        a = b;
    a->key = key;
    a->n = 0;
    return a;
}

/* The tally of a text; at most half of the table is ever in use. */
static struct tally *tally_of(struct nearest *nearest, uint32_t text)
{
    uint32_t at = text * 0x9E3779B9u >> 22;

    while (nearest->tallies[at].text && nearest->tallies[at].text != text)
        at = (at + 1) % TALLY;
    return &nearest->tallies[at];
}

static uint32_t collect(struct nearest *nearest, const struct ring *ring, float square,
                        struct tally **touched, uint32_t n)
{
    uint32_t held = ring->n < NEAREST_RING ? ring->n : NEAREST_RING;

    for (uint32_t i = 0; i < held; i++) {
        struct tally *tally;

        if (nearest->texts - ring->texts[i] > nearest->count - 1)
            continue;
        tally = tally_of(nearest, ring->texts[i]);
        if (!tally->text) {
            *tally = (struct tally){.text = ring->texts[i]};
            touched[n++] = tally;
        }
        tally->shared++;
        tally->dot += square;
    }
    return n;
}

static double closest(struct nearest *nearest, struct tally **touched, uint32_t n, double length)
{
    double best = 0;

    for (uint32_t i = 0; i < n; i++) {
        double other = (double)nearest->lengths[touched[i]->text % nearest->count];
        double similarity = (double)touched[i]->dot / (length * other) *
                            (1 - single_word / (double)touched[i]->shared);

        if (similarity > best)
            best = similarity;
        touched[i]->text = 0;
    }
    return best < 1 ? best : 1;
}

double nearest_add(struct nearest *nearest, const struct nearest_term *terms, uint32_t n)
{
    struct tally *touched[NEAREST_TERMS * NEAREST_RING];
    struct ring *rings[NEAREST_TERMS];
    double squares = 0, best;
    uint32_t found = 0;

    for (uint32_t i = 0; i < n; i++) {
        for (int which = 0; which < 2; which++) {
            __builtin_prefetch(place_of(nearest, terms[i].key, which));
            __builtin_prefetch((char *)place_of(nearest, terms[i].key, which) + 64);
        }
        squares += (double)(terms[i].weight * terms[i].weight);
    }
    for (uint32_t i = 0; i < n; i++) {
        rings[i] = ring_of(nearest, terms[i].key);
        found = collect(nearest, rings[i], terms[i].weight * terms[i].weight, touched, found);
    }
    best = closest(nearest, touched, found, sqrt(squares));
    for (uint32_t i = 0; i < n; i++)
        if (rings[i]->key == terms[i].key)
            rings[i]->texts[rings[i]->n++ % NEAREST_RING] = nearest->texts;
    nearest->lengths[nearest->texts % nearest->count] = (float)sqrt(squares);
    if (!++nearest->texts)
        nearest->texts = 1; /* 0 marks a free tally */
    return best;
}
