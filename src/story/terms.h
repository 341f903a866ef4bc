/* terms.h - how many texts of the stream had each term, in fixed memory, and what that is worth.
 *
 * Method: a table of sets of four slots; where a set is full, the term that was seen least and
 * longest ago makes room.  A term also carries the head of its posting list (postings.h).
 * Weights are powers of the running inverse document frequency ln((N+1)/(n+1/2)) (Robertson,
 * Spärck Jones 1976, without relevance), from tables made at birth.
 * Cost: one set, two cache lines, a term.  Memory: 32 bytes a slot.  Pure.
 */
#ifndef STORY_TERMS_H
#define STORY_TERMS_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct term {
    uint64_t key, seen; /* number of the latest text that had it */
    uint32_t count;     /* texts that had it; 0: the slot is free */
    uint32_t postings;  /* first block of its list, 0: none */
    uint32_t held;      /* postings in the list */
};

enum { IDF_LOGS = 4096, IDF_STEPS = 32, IDF_RANGE = 32 };

/* x to a fixed power for 0 <= x < IDF_RANGE, by linear interpolation. */
struct idf_power {
    float at[IDF_RANGE * IDF_STEPS + 2];
};

struct terms {
    void *memory;
    struct term *slots; /* [capacity], in it on pairs of cache lines */
    size_t capacity;    /* a power of two, at least 4 */
    uint64_t texts;     /* texts counted */
    float *logs;        /* ln(n + 1/2), n < IDF_LOGS */
};

/* False when out of memory. */
bool terms_init(struct terms *terms, size_t capacity);
void terms_free(struct terms *terms);
void terms_prefetch(const struct terms *terms, uint64_t key);
/* Counts the term for text number `now`.  Where another had to go for it, *gone is what that was
 * (count > 0), so that the caller takes its postings away; else gone->count is 0. */
struct term *terms_count(struct terms *terms, uint64_t key, uint64_t now, struct term *gone);
float terms_log_texts(const struct terms *terms, double prior);
void idf_power_init(struct idf_power *power, double exponent);

/* ln((texts + 1 + prior) / (count + 1/2)), not below 0.  `log_texts` is terms_log_texts. */
static inline float terms_idf(const struct terms *terms, uint32_t count, float log_texts)
{
    float idf = log_texts - (count < IDF_LOGS ? terms->logs[count] : (float)log(count + 0.5));

    return idf > 0 ? idf : 0;
}

static inline float idf_power(const struct idf_power *power, float idf)
{
    float x = (idf < IDF_RANGE ? idf : IDF_RANGE) * IDF_STEPS;
    int i = (int)x;

    return power->at[i] + (x - (float)i) * (power->at[i + 1] - power->at[i]);
}

#endif
