/* distinct.c - distinct counts of a cell; see distinct.h and README.md.
 *
 * Tags are SipHash-2-4 (Aumasson, Bernstein 2012) of the voice under the cell's secret.  A mixing
 * function would not do: with an invertible one, the tags of one person in two cells differ by a
 * constant, and the cells can be intersected without the secrets.  While exact they stand in a
 * table with open addressing, at most three quarters full; 0 marks a free slot.
 */
#include "trend/distinct.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { INDEX_BITS = 10, FIRST_TAGS = 4 };

static uint64_t rotate(uint64_t x, int by)
{
    return x << by | x >> (64 - by);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] = rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] = rotate(v[2], 32);
}

uint64_t distinct_tag(struct voice voice, uint64_t cell_secret)
{
    /* the key is the secret and 64 zero bits; the message the 16 bytes of the voice */
    uint64_t v[4] = {cell_secret ^ 0x736f6d6570736575u, 0x646f72616e646f6du,
                     cell_secret ^ 0x6c7967656e657261u, 0x7465646279746573u};
    const uint64_t message[3] = {voice.h[0], voice.h[1], (uint64_t)16 << 56};

    for (int word = 0; word < 3; word++) {
        v[3] ^= message[word];
        sip_round(v);
        sip_round(v);
        v[0] ^= message[word];
    }
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

static void add_to_sketch(struct distinct *distinct, uint64_t tag)
{
    uint64_t rest = tag << INDEX_BITS | (uint64_t)1 << (INDEX_BITS - 1);
    uint8_t rank = (uint8_t)(__builtin_clzll(rest) + 1);
    uint8_t *it = &distinct->registers[tag >> (64 - INDEX_BITS)];

    if (!*it)
        distinct->filled++;
    if (rank > *it)
        *it = rank;
}

static void wipe_tags(uint64_t *tags, size_t n)
{
    if (tags)
        explicit_bzero(tags, n * sizeof *tags);
    free(tags);
}

static bool become_sketch(struct distinct *distinct)
{
    uint8_t *registers = calloc(DISTINCT_REGISTERS, 1);
    uint64_t *tags = distinct->tags;

    if (!registers)
        return false;
    distinct->registers = registers;
    distinct->sketch = true;
    for (uint32_t i = 0; i < distinct->capacity; i++)
        if (tags[i])
            add_to_sketch(distinct, tags[i]);
    wipe_tags(tags, distinct->capacity);
    distinct->capacity = 0;
    return true;
}

/* Where the tag is, or the free slot where it belongs. */
static uint64_t *slot_of(const struct distinct *distinct, uint64_t tag)
{
    uint32_t mask = distinct->capacity - 1u, at = (uint32_t)tag & mask;

    while (distinct->tags[at] && distinct->tags[at] != tag)
        at = (at + 1) & mask;
    return &distinct->tags[at];
}

static bool grow(struct distinct *distinct)
{
    struct distinct wider = *distinct;
    size_t capacity = distinct->capacity ? distinct->capacity * 2u : FIRST_TAGS;

    wider.tags = calloc(capacity, sizeof *wider.tags);
    if (!wider.tags)
        return false;
    wider.capacity = (uint16_t)capacity;
    for (uint32_t i = 0; i < distinct->capacity; i++)
        if (distinct->tags[i])
            *slot_of(&wider, distinct->tags[i]) = distinct->tags[i];
    wipe_tags(distinct->tags, distinct->capacity);
    *distinct = wider;
    return true;
}

void distinct_prefetch(const struct distinct *distinct, uint64_t tag)
{
    if (distinct->sketch)
        __builtin_prefetch(&distinct->registers[tag >> (64 - INDEX_BITS)], 1);
    else if (distinct->capacity)
        __builtin_prefetch(&distinct->tags[tag & (distinct->capacity - 1u)], 1);
}

bool distinct_add(struct distinct *distinct, uint64_t tag)
{
    tag += !tag; /* 0 marks a free slot */
    if (distinct->sketch) {
        add_to_sketch(distinct, tag);
        return true;
    }
    if (distinct->capacity && *slot_of(distinct, tag))
        return true;
    if (distinct->n == DISTINCT_EXACT) {
        if (!become_sketch(distinct))
            return false;
        distinct->n++; /* one more than were exact: still a truth, and kept as a floor */
        add_to_sketch(distinct, tag);
        return true;
    }
    if (distinct->n + 1 > distinct->capacity / 4 * 3 && !grow(distinct))
        return false;
    *slot_of(distinct, tag) = tag;
    distinct->n++;
    return true;
}

uint32_t distinct_floor(const struct distinct *distinct)
{
    return distinct->filled > distinct->n ? distinct->filled : distinct->n;
}

uint32_t distinct_estimate(const struct distinct *distinct)
{
    const double m = DISTINCT_REGISTERS, alpha = 0.7213 / (1 + 1.079 / m);
    double sum = 0, estimate;
    uint32_t zeros, least = distinct_floor(distinct);

    if (!distinct->sketch)
        return least;
    for (int i = 0; i < DISTINCT_REGISTERS; i++)
        sum += ldexp(1, -distinct->registers[i]);
    estimate = alpha * m * m / sum;
    zeros = (DISTINCT_REGISTERS - (uint32_t)distinct->filled);
    if (estimate <= 2.5 * m && zeros)
        estimate = m * log(m / zeros);
    if (estimate > UINT32_MAX)
        return UINT32_MAX;
    return estimate > least ? (uint32_t)(estimate + 0.5) : least;
}

void distinct_free(struct distinct *distinct)
{
    if (distinct->sketch) {
        explicit_bzero(distinct->registers, DISTINCT_REGISTERS);
        free(distinct->registers);
    } else {
        wipe_tags(distinct->tags, distinct->capacity);
    }
    *distinct = (struct distinct){0};
}

/* As packed: n, then whether it is a sketch, then tags or registers, then zeros. */
enum { PACKED_HEAD = 5 };

size_t distinct_packed(uint32_t most)
{
    return PACKED_HEAD + (most < DISTINCT_EXACT ? most : DISTINCT_EXACT) * sizeof(uint64_t);
}

void distinct_pack(const struct distinct *distinct, uint32_t most, unsigned char *out)
{
    memset(out, 0, distinct_packed(most));
    memcpy(out, &distinct->n, sizeof distinct->n);
    out[PACKED_HEAD - 1] = distinct->sketch;
    out += PACKED_HEAD;
    if (distinct->sketch) {
        memcpy(out, distinct->registers, DISTINCT_REGISTERS);
        return;
    }
    for (uint32_t i = 0; i < distinct->capacity; i++)
        if (distinct->tags[i]) {
            memcpy(out, &distinct->tags[i], sizeof *distinct->tags);
            out += sizeof *distinct->tags;
        }
}

static bool unpack_sketch(struct distinct *distinct, uint32_t n, const unsigned char *in)
{
    uint8_t *registers = malloc(DISTINCT_REGISTERS);

    if (!registers)
        return false;
    memcpy(registers, in, DISTINCT_REGISTERS);
    *distinct = (struct distinct){.n = n, .sketch = true, .registers = registers};
    for (uint32_t i = 0; i < DISTINCT_REGISTERS; i++)
        distinct->filled = (uint16_t)(distinct->filled + (registers[i] != 0));
    return true;
}

bool distinct_unpack(struct distinct *distinct, uint32_t most, const unsigned char *in)
{
    uint32_t n;

    memcpy(&n, in, sizeof n);
    if (in[PACKED_HEAD - 1])
        return most > DISTINCT_EXACT && unpack_sketch(distinct, n, in + PACKED_HEAD);
    if (n > most || n > DISTINCT_EXACT)
        return false;
    in += PACKED_HEAD;
    for (uint32_t i = 0; i < n; i++, in += sizeof(uint64_t)) {
        uint64_t tag;

        memcpy(&tag, in, sizeof tag);
        if (!distinct_add(distinct, tag))
            return false;
    }
    return true;
}
