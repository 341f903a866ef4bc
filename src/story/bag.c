/* bag.c - a text as weighted terms; see bag.h. */
#include "story/bag.h"

#include <math.h>

enum { SYLLABLES = 4096 }; /* of one text, the first */

static const double pair_weight = 0.7; /* of two neighbouring syllables against one (README.md) */

struct gathering {
    const struct terms *terms; /* to be asked for them soon */
    struct bag bag;
    uint32_t *places, mask; /* by hash of the key: 1 + where in the bag, or 0 */
};

static void put_term(struct gathering *gathering, uint64_t key, bool pair)
{
    struct bag *bag = &gathering->bag;
    uint32_t *places = gathering->places, mask = gathering->mask;
    uint32_t at = (uint32_t)((key * 0x9E3779B97F4A7C15u) >> 40) & mask;

    for (; places[at]; at = (at + 1) & mask)
        if (bag->terms[places[at] - 1].key == key) {
            bag->terms[places[at] - 1].times++;
            return;
        }
    bag->terms[bag->n] = (struct weighted){.key = key, .times = 1, .pair = pair};
    places[at] = ++bag->n;
    terms_prefetch(gathering->terms, key);
}

/* Whether syllables i and i + 1 are read together: where words are known, within one word. */
static bool are_pair(const struct tokens *tokens, uint32_t i)
{
    return tokens->inside ? tokens->inside[i + 1] : tokens->sentence[i] == tokens->sentence[i + 1];
}

struct bag bag_of(const struct terms *terms, const struct tokens *tokens, struct arena *scratch)
{
    uint32_t n = tokens->n < SYLLABLES ? tokens->n : SYLLABLES, size = 16;
    struct gathering gathering = {.terms = terms};

    while (size < 4 * n)
        size *= 2;
    gathering.bag.terms = arena_room(scratch, (size_t)2 * n + 1, sizeof *gathering.bag.terms);
    gathering.places = arena_array(scratch, size, sizeof *gathering.places);
    gathering.mask = size - 1;
    for (uint32_t i = 0; i < n; i++) {
        put_term(&gathering, tokens->folded[i], false);
        if (i + 1 < n && are_pair(tokens, i))
            put_term(&gathering, token_ngram(&tokens->folded[i], 2), true);
    }
    return gathering.bag;
}

/* 1 + ln(times) without asking the library for the usual case. */
static float frequency(uint32_t times)
{
    return times == 1 ? 1 : (float)(1 + log(times));
}

static void weigh(struct bag *bag, const struct terms *terms, const struct idf_power *power)
{
    float log_texts = terms_log_texts(terms, 0);

    for (uint32_t i = 0; i < bag->n; i++) {
        struct weighted *it = &bag->terms[i];
        float idf = terms_idf(terms, it->term->count, log_texts);

        it->weight =
            frequency(it->times) * idf_power(power, idf) * (it->pair ? (float)pair_weight : 1);
    }
}

static bool heavier(const struct weighted *a, const struct weighted *b)
{
    return a->weight > b->weight || (a->weight == b->weight && a->key < b->key);
}

/* Moves the `want` heaviest to the front (Hoare's selection; the order is total, so the same ones
 * whatever the order they came in). */
void bag_select(struct weighted *terms, int32_t n, int32_t want)
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

void bag_weigh(struct bag *bag, const struct terms *terms, const struct idf_power *power)
{
    double squares = 0;

    weigh(bag, terms, power);
    if (bag->n > BAG_TERMS) {
        bag_select(bag->terms, (int32_t)bag->n, BAG_TERMS);
        bag->n = BAG_TERMS;
    }
    for (uint32_t i = 0; i < bag->n; i++)
        squares += (double)bag->terms[i].weight * (double)bag->terms[i].weight;
    bag->length = sqrt(squares);
}
