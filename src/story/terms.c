/* terms.c - document frequencies in a set-associative table; see terms.h.
 *
 * Which term makes room: the one whose "worth until" is lowest, the number of the text that had it
 * last plus WORTH texts for each time it was seen.  A term seen twenty times outlives 20,000 texts
 * without it; one seen once (most are: typing errors, names) goes first.
 */
#include "story/terms.h"

#include "story/lines.h"

#include <math.h>
#include <stdlib.h>

enum { WAYS = 4, SET = WAYS * sizeof(struct term), WORTH = 1000 };

bool terms_init(struct terms *terms, size_t capacity)
{
    *terms = (struct terms){.capacity = capacity,
                            .memory = calloc(capacity + WAYS, sizeof *terms->slots),
                            .logs = malloc(IDF_LOGS * sizeof *terms->logs)};
    terms->slots = lines_in(terms->memory, SET);
    if (!terms->memory || !terms->logs)
        return false;
    for (int n = 0; n < IDF_LOGS; n++)
        terms->logs[n] = (float)log(n + 0.5);
    return true;
}

void terms_free(struct terms *terms)
{
    free(terms->memory);
    free(terms->logs);
}

static struct term *set_of(const struct terms *terms, uint64_t key)
{
    size_t set = (size_t)((key * 0x9E3779B97F4A7C15u) >> 24) & (terms->capacity / WAYS - 1);

    return &terms->slots[set * WAYS];
}

void terms_prefetch(const struct terms *terms, uint64_t key)
{
    const struct term *set = set_of(terms, key);

    __builtin_prefetch(set);
    __builtin_prefetch(set + WAYS / 2);
}

static uint64_t worth_until(const struct term *term)
{
    return term->count ? term->seen + (uint64_t)term->count * WORTH : 0;
}

struct term *terms_count(struct terms *terms, uint64_t key, uint64_t now, struct term *gone)
{
    struct term *set = set_of(terms, key), *least = set;

    gone->count = 0;
    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == key && set[i].count) {
            set[i].seen = now;
            set[i].count += set[i].count < UINT32_MAX;
            return &set[i];
        }
        if (worth_until(&set[i]) < worth_until(least))
            least = &set[i];
    }
    *gone = *least;
    *least = (struct term){.key = key, .seen = now, .count = 1};
    return least;
}

float terms_log_texts(const struct terms *terms, double prior)
{
    return (float)log((double)terms->texts + 1 + prior);
}

void idf_power_init(struct idf_power *power, double exponent)
{
    for (int i = 0; i < IDF_RANGE * IDF_STEPS + 2; i++)
        power->at[i] = (float)pow((double)i / IDF_STEPS, exponent);
}
