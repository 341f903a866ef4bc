/* token_read.h - tokens_of() by steps, for who reads the same bytes to another end: what that one
 * knows already of a syllable need not be found a second time.
 *
 * The state after any step is that of tokens_of() at this byte, so that steps of both kinds may
 * follow each other.  Pure.
 */
#ifndef TEXT_TOKEN_READ_H
#define TEXT_TOKEN_READ_H

#include "base/hash.h"
#include "text/token.h"

struct token_reader {
    const char *p;
    size_t n, at; /* what is before `at` has been read */
    struct tokens tokens;
    uint64_t packed, chain; /* of the syllable at hand */
    uint32_t start;
    bool open;   /* there is a syllable at hand */
    bool alone;  /* ... and it is a character of a script without spaces */
    bool broken; /* a sentence part ended since the last syllable */
    uint16_t sentence;
};

/* With arrays for the most tokens that the text can have, in `batch`. */
struct token_reader token_reader_of(struct text text, struct arena *batch);
/* Reads up to the byte `to`, or beyond it; at the end of the text the last syllable ends. */
void token_read_to(struct token_reader *reader, size_t to);

/* The folded letters of a syllable are packed: a 1, then a byte each, up to seven. */
enum { TOKEN_PACKED = 7 };

/* Whether of packed letters two neighbours are the same: a byte of `differ` is zero where they are.
 * Digits, and what is above the letters, have neither of their two highest bits. */
static inline bool token_has_double(uint64_t packed)
{
    const uint64_t each = UINT64_MAX / 0xFF;
    uint64_t differ = packed ^ packed >> 8, same = (differ - each) & ~differ & 0x80 * each;

    return same & (packed | packed << 1);
}

static inline void token_note_double(struct token_reader *r, bool found)
{
    r->tokens.doubled |= (uint64_t)found << r->tokens.n % 64;
}

static inline void token_push(struct token_reader *r, size_t from, size_t to, uint64_t key)
{
    struct tokens *t = &r->tokens;
    uint32_t n = t->n;

    if (r->broken && r->sentence < UINT16_MAX)
        r->sentence++;
    r->broken = false;
    t->folded[n] = key ? key : 1;
    t->offset[n] = (uint32_t)from;
    t->length[n] = (uint16_t)(to - from);
    t->sentence[n] = r->sentence;
    t->n = n + 1;
}

/* A step: the syllable of which the letters are packed, when none is open; it ends before the byte
 * `to`, and a space there is read with it. */
static inline void token_push_packed(struct token_reader *r, size_t to, uint64_t packed)
{
    token_note_double(r, token_has_double(packed));
    token_push(r, r->at, to, hash_pair(0, packed));
    r->at = to + (to < r->n && r->p[to] == ' ');
}

#endif
