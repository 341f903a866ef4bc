/* dedup.c - b-bit MinHash with banding over a ring of posts; see dedup.h,
 * README.md.
 *
 * A text is the set of its pairs of neighbouring folded syllables.  Each pair is hashed once and
 * thrown into one of BINS bins, which keeps its least value; rounds with other bins follow until no
 * bin is empty.  BITS of every bin are kept: the signature.  Ten bands, keyed by three or two whole
 * bin values each, find candidates; signatures decide.
 *
 *     a post:  48 signature + 8 first + 2 size + 40 bands = 98 bytes
 */
#include "dedup/dedup.h"

#include "base/err.h"
#include "base/hash.h"

#include <math.h>
#include <string.h>

enum {
    BINS = 192,
    BITS = 2,
    ROUNDS = 96,     /* of throwing pairs into bins */
    THREES = 6,      /* the first bands have three bins, the others two */
    WAYS = 4,        /* posts a bucket of a band holds; the oldest makes room */
    PLACE_BITS = 20, /* of a bucket's entry; the rest is a tag of the band's key */
    WINDOW_MAX = 1 << PLACE_BITS,
    SHORT = 0x8000, /* in a size: no set, but the digest of a short text */
};

/* A text that lies within another (truncated, or with a head and a tail around it): this share of
 * the smaller set, at least this Jaccard, and enough of it that it is not one common sentence. */
static const double within = 0.9, within_jaccard = 0.5, within_pairs = 12;

const struct dedup_config dedup_defaults = {
    .window = 1 << 18,
    .seed = 0x536F6E67,
    .min_tokens = 6,
    .threshold = 0.7,
};

struct signature {
    uint64_t words[DEDUP_WORDS];
};

enum { POST_BYTES = sizeof(struct signature) + 8 + DEDUP_BANDS * 4 + 2 };
_Static_assert(POST_BYTES <= 104, "the promise of dedup.h");

struct dedup {
    struct dedup_config config;
    uint32_t cursor; /* ring place of the next post */
    struct signature *signatures;
    uint64_t *first;
    uint16_t *sizes;
    uint32_t *buckets;        /* [DEDUP_BANDS][window]: tag and place + 1; 0 empty */
    uint64_t factors[ROUNDS]; /* odd, one a round */
};

_Static_assert(DEDUP_WORDS * 64 == BINS * BITS, "a signature is BITS of every bin");

struct dedup *dedup_new(const struct dedup_config *config, struct arena *process)
{
    struct dedup *dedup = arena_alloc(process, sizeof *dedup);
    uint32_t window = config->window < WAYS ? WAYS : config->window;
    uint64_t *posts;

    if (window >= WINDOW_MAX)
        window = WINDOW_MAX - WAYS;
    window -= window % WAYS;
    dedup->config = *config;
    dedup->config.window = window;
    posts = arena_array(process, window, POST_BYTES);
    dedup->signatures = (struct signature *)posts;
    dedup->first = (uint64_t *)(dedup->signatures + window);
    dedup->buckets = (uint32_t *)(dedup->first + window);
    dedup->sizes = (uint16_t *)(dedup->buckets + (size_t)DEDUP_BANDS * window);
    for (uint32_t round = 0; round < ROUNDS; round++)
        dedup->factors[round] = hash_pair(config->seed, round) | 1;
    return dedup;
}

/* One round of throwing the pairs into bins; a value of an earlier round always wins.  Returns how
 * many bins it filled. */
static uint32_t throw_pairs(const uint64_t *pairs, uint32_t n, uint32_t round, uint64_t factor,
                            uint64_t bins[BINS])
{
    uint32_t filled = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint64_t h = pairs[i] * factor;
        uint64_t *bin = &bins[(h >> 32) * BINS >> 32];
        uint64_t value = (uint64_t)round << 32 | (uint32_t)(h >> 16);

        filled += *bin == UINT64_MAX;
        *bin = value < *bin ? value : *bin;
    }
    return filled;
}

/* Least values of all bins (Dahlgaard, Knudsen, Thorup 2017): rounds until none is empty.  What is
 * empty after the last round takes the least of all pairs under a hash of its own. */
static void fill_bins(const struct dedup *dedup, const uint64_t *pairs, uint32_t n,
                      uint64_t bins[BINS])
{
    uint32_t empty = BINS;

    memset(bins, 0xFF, BINS * sizeof *bins);
    for (uint32_t round = 0; empty && round < ROUNDS; round++)
        empty -= throw_pairs(pairs, n, round, dedup->factors[round], bins);
    for (uint32_t bin = 0; empty && bin < BINS; bin++) {
        if (bins[bin] != UINT64_MAX)
            continue;
        for (uint32_t i = 0; i < n; i++) {
            uint64_t value = hash_pair(pairs[i], bin) >> 1;

            bins[bin] = value < bins[bin] ? value : bins[bin];
        }
        empty--;
    }
}

static void sketch_set(const struct dedup *dedup, const struct tokens *tokens,
                       struct dedup_sketch *sketch, struct arena *scratch)
{
    uint64_t bins[BINS];
    uint32_t n = tokens->n - 1, bin = 0;
    uint64_t *pairs = arena_array(scratch, n, sizeof *pairs);

    for (uint32_t i = 0; i < n; i++)
        pairs[i] = hash_pair(token_ngram(&tokens->folded[i], 2), dedup->config.seed);
    fill_bins(dedup, pairs, n, bins);
    sketch->size = (uint16_t)(n < SHORT ? n : SHORT - 1);
    memset(sketch->signature, 0, sizeof sketch->signature);
    for (uint32_t i = 0; i < BINS; i++)
        sketch->signature[i * BITS / 64] |= (bins[i] & ((1 << BITS) - 1)) << (i * BITS % 64);
    for (uint32_t band = 0; band < DEDUP_BANDS; band++) {
        uint64_t key = hash_pair(bins[bin], bins[bin + 1]);

        bin += 2;
        sketch->bands[band] = band < THREES ? hash_pair(key, bins[bin++]) : key;
    }
}

/* A short text has a digest for a signature and is equal to another or nothing. */
static void sketch_short(const struct dedup *dedup, const struct tokens *tokens,
                         struct dedup_sketch *sketch)
{
    uint64_t whole = hash_pair(dedup->config.seed, tokens->n);

    for (uint32_t i = 0; i < tokens->n; i++)
        whole = hash_pair(whole, tokens->folded[i]);
    for (uint32_t i = 0; i < DEDUP_WORDS; i++)
        sketch->signature[i] = hash_pair(whole, i);
    for (uint32_t band = 0; band < DEDUP_BANDS; band++)
        sketch->bands[band] = hash_pair(whole, DEDUP_WORDS + band);
    sketch->size = SHORT;
}

struct dedup_sketch dedup_sketch(const struct dedup *dedup, const struct tokens *tokens,
                                 struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    struct dedup_sketch sketch = {.size = 0};

    if (tokens->n && (tokens->n < 2 || tokens->n < dedup->config.min_tokens))
        sketch_short(dedup, tokens, &sketch);
    else if (tokens->n)
        sketch_set(dedup, tokens, &sketch, scratch);
    arena_rewind(scratch, mark);
    return sketch;
}

_Static_assert(DEDUP_WORDS == 6 && BITS == 2, "jaccard() adds up six words of fields of two bits");

/* Counts the bins that differ, in all words together: without a processor's own instruction, six
 * counts of bits are six calls. */
static double jaccard(const uint64_t a[DEDUP_WORDS], const uint64_t b[DEDUP_WORDS])
{
    uint64_t fields[2] = {0}, sum = 0; /* of two bits: three words add up to 3 at most */
    uint32_t different;
    double equal;

    for (uint32_t i = 0; i < DEDUP_WORDS; i++) {
        uint64_t x = a[i] ^ b[i];

        fields[i / 3] += (x | x >> 1) & 0x5555555555555555u;
    }
    for (uint32_t i = 0; i < 2; i++)
        sum += (fields[i] & 0x3333333333333333u) + (fields[i] >> 2 & 0x3333333333333333u);
    sum = (sum & 0x0F0F0F0F0F0F0F0Fu) + (sum >> 4 & 0x0F0F0F0F0F0F0F0Fu);
    different = (uint32_t)(sum * 0x0101010101010101u >> 56);
    equal = 1 - (double)different / BINS; /* of which 1 in 2^BITS by chance */
    return fmax(0, (equal - 1.0 / (1 << BITS)) / (1 - 1.0 / (1 << BITS)));
}

/* How alike, and whether that makes a copy. */
static double compare(const struct dedup *dedup, const struct dedup_sketch *sketch, uint32_t place,
                      bool *copy)
{
    double a = sketch->size, b = dedup->sizes[place], j, share;

    if ((sketch->size | dedup->sizes[place]) & SHORT) {
        *copy =
            sketch->size == dedup->sizes[place] &&
            !memcmp(sketch->signature, dedup->signatures[place].words, sizeof sketch->signature);
        return *copy;
    }
    j = jaccard(sketch->signature, dedup->signatures[place].words);
    share = fmin(1, j / (1 + j) * (a + b) / fmin(a, b));
    *copy = j >= dedup->config.threshold;
    if (!*copy && share >= within && j >= within_jaccard && fmin(a, b) >= within_pairs) {
        *copy = true;
        return share;
    }
    return j;
}

static uint32_t *bucket_of(const struct dedup *dedup, uint32_t band, uint64_t key)
{
    uint64_t sets = dedup->config.window / WAYS;

    return &dedup->buckets[(size_t)band * dedup->config.window + ((key >> 32) * sets >> 32) * WAYS];
}

/* What an entry of a bucket for this key starts with. */
static uint32_t tag_of(uint64_t key)
{
    return (uint32_t)(key & 0xFFF) << PLACE_BITS;
}

static struct dedup_answer nearest(const struct dedup *dedup, const struct dedup_sketch *sketch,
                                   uint64_t item)
{
    struct dedup_answer answer = {.first = item};

    for (uint32_t band = 0; band < DEDUP_BANDS; band++) {
        const uint32_t *bucket = bucket_of(dedup, band, sketch->bands[band]);

        for (uint32_t way = 0; way < WAYS; way++) {
            uint32_t place = (bucket[way] & (WINDOW_MAX - 1)) - 1;
            bool copy;
            double alike;

            if (!bucket[way] || (bucket[way] ^ tag_of(sketch->bands[band])) >> PLACE_BITS)
                continue;
            alike = compare(dedup, sketch, place, &copy);
            if (copy < answer.copy || (copy == answer.copy && alike <= answer.similarity))
                continue;
            answer.similarity = alike;
            answer.copy = copy;
            answer.first = copy ? dedup->first[place] : item;
        }
    }
    return answer;
}

static void remember(struct dedup *dedup, const struct dedup_sketch *sketch, uint64_t first)
{
    uint32_t place = dedup->cursor, window = dedup->config.window;

    memcpy(dedup->signatures[place].words, sketch->signature, sizeof sketch->signature);
    dedup->sizes[place] = sketch->size;
    dedup->first[place] = first;
    for (uint32_t band = 0; band < DEDUP_BANDS; band++) {
        uint32_t *bucket = bucket_of(dedup, band, sketch->bands[band]), *oldest = bucket;
        uint32_t oldest_age = 0;

        for (uint32_t way = 0; way < WAYS; way++) {
            uint32_t at = (bucket[way] & (WINDOW_MAX - 1)) - 1;
            uint32_t age = place > at ? place - at : place + window - at;

            if (!bucket[way])
                age = window + 1;

            if (age > oldest_age) {
                oldest = &bucket[way];
                oldest_age = age;
            }
        }
        *oldest = tag_of(sketch->bands[band]) | (place + 1);
    }
    dedup->cursor = (place + 1) % window;
}

void dedup_prefetch(const struct dedup *dedup, const struct dedup_sketch *sketch)
{
    if (sketch->size)
        for (uint32_t band = 0; band < DEDUP_BANDS; band++)
            __builtin_prefetch(bucket_of(dedup, band, sketch->bands[band]), 1);
}

struct dedup_answer dedup_add(struct dedup *dedup, const struct dedup_sketch *sketch, uint64_t item)
{
    struct dedup_answer answer = {.first = item};

    if (sketch->size) {
        answer = nearest(dedup, sketch, item);
        remember(dedup, sketch, answer.first);
    }
    return answer;
}

void dedup_restore(struct dedup *dedup, const struct dedup_sketch *sketch, uint64_t first)
{
    if (sketch->size)
        remember(dedup, sketch, first);
}
