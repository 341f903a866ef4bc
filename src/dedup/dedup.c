/* dedup.c - b-bit MinHash with banding over a ring of posts; see dedup.h,
 * README.md.
 *
 * A text is the set of its pairs of neighbouring folded syllables.  Each pair is hashed once, and
 * multiplied by FACTORS odd numbers; the least and the greatest product of each factor are two
 * drawings from the set.  A bit of each drawing is kept: the signature.  Ten bands, keyed by three
 * or two whole drawings of wider products each, find candidates; signatures decide.
 *
 *     a post:  48 signature + 8 first + 2 size + 40 bands = 98 bytes
 */
#include "dedup/dedup.h"

#include "base/err.h"
#include "base/hash.h"

#include <math.h>
#include <string.h>

enum {
    LANES = 16,    /* products that are made together */
    FACTORS = 192, /* of the signature: each gives two bits */
    PARTS = 4,     /* 16 bits of a pair's hash, each with a quarter of the factors */
    WIDE_LANES = 8,
    WIDE_FACTORS = 16, /* of the bands: each gives two drawings */
    THREES = 6,        /* the first bands have three drawings, the others two */
    WAYS = 4,          /* posts a bucket of a band holds; the oldest makes room */
    PLACE_BITS = 20,   /* of a bucket's entry; the rest is a tag of the band's key */
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
    uint32_t *buckets; /* [DEDUP_BANDS][window]: tag and place + 1; 0 empty */
    int16_t factors[FACTORS];
    int32_t wide_factors[WIDE_FACTORS];
};

_Static_assert(DEDUP_WORDS * 64 == 2 * FACTORS, "a signature is one bit of every drawing");
_Static_assert(3 * THREES + 2 * (DEDUP_BANDS - THREES) <= 2 * WIDE_FACTORS, "enough for the bands");

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
    for (uint32_t i = 0; i < FACTORS; i++)
        dedup->factors[i] = (int16_t)(hash_pair(config->seed, i) | 1);
    for (uint32_t i = 0; i < WIDE_FACTORS; i++)
        dedup->wide_factors[i] = (int32_t)(hash_pair(config->seed, FACTORS + i) | 1);
    return dedup;
}

/* What is drawn from a set. */
struct drawn {
    int16_t narrow[2 * FACTORS]; /* the least products, then the greatest */
    int32_t wide[2 * WIDE_FACTORS];
};

/* The pairs of a text, cut for products of 16 and of 32 bits. */
struct pairs {
    uint32_t n;
    int16_t *narrow[PARTS];
    int32_t *wide;
};

#define INLINE static inline __attribute__((always_inline))

/* These two loops are all the work: a product, a least, a greatest, each one instruction for all
 * lanes where the compiler may use AVX2, two with SSE2; it makes them of the same lines, so the
 * results are the same.  The arrays are local to stay in registers. */
INLINE void draw_narrow(const int16_t *restrict pairs, uint32_t n, const int16_t *restrict factors,
                        int16_t *restrict least, int16_t *restrict greatest)
{
    int16_t low[LANES], high[LANES];

    for (int k = 0; k < LANES; k++)
        low[k] = INT16_MAX, high[k] = INT16_MIN;
    for (uint32_t i = 0; i < n; i++)
        for (int k = 0; k < LANES; k++) {
            int16_t product = (int16_t)(pairs[i] * factors[k]);

            low[k] = product < low[k] ? product : low[k];
            high[k] = product > high[k] ? product : high[k];
        }
    for (int k = 0; k < LANES; k++)
        least[k] = low[k], greatest[k] = high[k];
}

INLINE void draw_wide(const int32_t *restrict pairs, uint32_t n, const int32_t *restrict factors,
                      int32_t *restrict least, int32_t *restrict greatest)
{
    int32_t low[WIDE_LANES], high[WIDE_LANES];

    for (int k = 0; k < WIDE_LANES; k++)
        low[k] = INT32_MAX, high[k] = INT32_MIN;
    for (uint32_t i = 0; i < n; i++)
        for (int k = 0; k < WIDE_LANES; k++) {
            int32_t product = (int32_t)((uint32_t)pairs[i] * (uint32_t)factors[k]);

            low[k] = product < low[k] ? product : low[k];
            high[k] = product > high[k] ? product : high[k];
        }
    for (int k = 0; k < WIDE_LANES; k++)
        least[k] = low[k], greatest[k] = high[k];
}

/* One bit of each drawing, from a product that spreads what is near the ends. */
INLINE void sign(const int16_t drawn[2 * FACTORS], uint64_t signature[DEDUP_WORDS])
{
    enum { FIELDS = 2 * FACTORS / 16, SPREAD = 0x9E37 };
    uint16_t fields[FIELDS] = {0};

    for (int bit = 0; bit < 16; bit++)
        for (int i = 0; i < FIELDS; i++)
            fields[i] |= (uint16_t)(((uint16_t)(drawn[bit * FIELDS + i] * SPREAD) >> 15) << bit);
    memcpy(signature, fields, sizeof fields);
}

INLINE void draw(const struct dedup *dedup, const struct pairs *pairs, struct drawn *drawn,
                 uint64_t signature[DEDUP_WORDS])
{
    for (uint32_t i = 0; i < FACTORS; i += LANES)
        draw_narrow(pairs->narrow[i * PARTS / FACTORS], pairs->n, dedup->factors + i,
                    drawn->narrow + i, drawn->narrow + FACTORS + i);
    for (uint32_t i = 0; i < WIDE_FACTORS; i += WIDE_LANES)
        draw_wide(pairs->wide, pairs->n, dedup->wide_factors + i, drawn->wide + i,
                  drawn->wide + WIDE_FACTORS + i);
    sign(drawn->narrow, signature);
}

/* With what every processor of this kind has. */
static void draw_anywhere(const struct dedup *dedup, const struct pairs *pairs, struct drawn *drawn,
                          uint64_t signature[DEDUP_WORDS])
{
    draw(dedup, pairs, drawn, signature);
}

#ifdef __x86_64__
__attribute__((target("avx2"))) static void draw_by_vectors(const struct dedup *dedup,
                                                            const struct pairs *pairs,
                                                            struct drawn *drawn,
                                                            uint64_t signature[DEDUP_WORDS])
{
    draw(dedup, pairs, drawn, signature);
}
#endif

static struct pairs pairs_of(const struct tokens *tokens, struct arena *scratch)
{
    struct pairs pairs = {.n = tokens->n - 1};

    pairs.wide = arena_room(scratch, pairs.n, sizeof *pairs.wide);
    for (int part = 0; part < PARTS; part++)
        pairs.narrow[part] = arena_room(scratch, pairs.n, sizeof *pairs.narrow[part]);
    for (uint32_t i = 0; i < pairs.n; i++) {
        uint64_t pair = hash_pair(tokens->folded[i], tokens->folded[i + 1]);

        pairs.wide[i] = (int32_t)pair;
        for (int part = 0; part < PARTS; part++)
            pairs.narrow[part][i] = (int16_t)(pair >> 16 * part);
    }
    return pairs;
}

static void sketch_set(const struct dedup *dedup, const struct tokens *tokens,
                       struct dedup_sketch *sketch, struct arena *scratch)
{
    struct pairs pairs = pairs_of(tokens, scratch);
    struct drawn drawn;
    const int32_t *next = drawn.wide;

#ifdef __x86_64__
    if (__builtin_cpu_supports("avx2"))
        draw_by_vectors(dedup, &pairs, &drawn, sketch->signature);
    else
#endif
        draw_anywhere(dedup, &pairs, &drawn, sketch->signature);
    sketch->size = (uint16_t)(pairs.n < SHORT ? pairs.n : SHORT - 1);
    for (uint32_t band = 0; band < DEDUP_BANDS; band++) {
        uint64_t key = (uint64_t)(uint32_t)next[0] << 32 | (uint32_t)next[1];

        next += 2;
        sketch->bands[band] = hash_pair(key, band < THREES ? (uint32_t)*next++ : 0);
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

_Static_assert(DEDUP_WORDS == 6, "jaccard() adds up two times three words");

/* Counts the bits that differ, in three words together: without a processor's own instruction, six
 * counts of bits are six calls. */
static double jaccard(const uint64_t a[DEDUP_WORDS], const uint64_t b[DEDUP_WORDS])
{
    uint32_t different = 0;

    for (uint32_t i = 0; i < DEDUP_WORDS; i += 3) {
        uint64_t sum = 0; /* in fields of four bits: 12 at most */

        for (uint32_t k = i; k < i + 3; k++) {
            uint64_t x = a[k] ^ b[k];

            x -= x >> 1 & 0x5555555555555555u;
            sum += (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
        }
        sum = (sum & 0x0F0F0F0F0F0F0F0Fu) + (sum >> 4 & 0x0F0F0F0F0F0F0F0Fu);
        different += (uint32_t)(sum * 0x0101010101010101u >> 56);
    }
    return fmax(0, 1 - (double)different / FACTORS); /* one bit in two is equal by chance */
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

void dedup_forget(struct dedup *dedup, uint64_t item)
{
    for (uint32_t place = 0; place < dedup->config.window; place++)
        if (dedup->first[place] < item) {
            dedup->signatures[place] = (struct signature){0};
            dedup->sizes[place] = 0;
        }
    for (size_t i = 0; i < (size_t)DEDUP_BANDS * dedup->config.window; i++)
        if (dedup->buckets[i] && !dedup->sizes[(dedup->buckets[i] & (WINDOW_MAX - 1)) - 1])
            dedup->buckets[i] = 0;
}
