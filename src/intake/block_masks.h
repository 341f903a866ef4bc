/* block_masks.h - 64 bytes of a text as masks: which begin what the first look asks about.
 *
 * The same bits come out with and without vector instructions.  Pure.
 */
#ifndef INTAKE_BLOCK_MASKS_H
#define INTAKE_BLOCK_MASKS_H

#include <stdbool.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BLOCK = 64 };

/* A bit for each byte of a block. */
struct masks {
    uint64_t letter;  /* of ASCII, and every byte beyond */
    uint64_t capital; /* of ASCII, and every byte beyond */
    uint64_t digit, space, dot, slash, colon, sign, a, o;
    uint64_t odd;  /* begins a character beyond ASCII and the usual letters */
    uint64_t lead; /* 0xE1 */
    uint64_t tail; /* what may follow there in Vietnamese */
};
#ifdef __SSE2__
/* Bytes from `low` on, `n` of them. */
static inline __m128i in_range(__m128i v, int low, int n)
{
    return _mm_cmplt_epi8(_mm_add_epi8(v, _mm_set1_epi8((char)(0x80 - low))),
                          _mm_set1_epi8((char)(n - 0x80)));
}

static inline __m128i equal(__m128i v, int c)
{
    return _mm_cmpeq_epi8(v, _mm_set1_epi8((char)c));
}

static inline uint64_t bits(__m128i v, int at)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(v) << at;
}

static inline void read_block(struct masks *m, const unsigned char *p)
{
    *m = (struct masks){0};
    for (int at = 0; at < BLOCK; at += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + at));
        __m128i lower = _mm_or_si128(v, _mm_set1_epi8(0x20));
        __m128i lead = equal(v, 0xE1), usual = _mm_or_si128(lead, in_range(v, 0xC3, 4));
        uint64_t high = bits(v, at);

        m->letter |= high | bits(in_range(lower, 'a', 26), at);
        m->capital |= high | bits(in_range(v, 'A', 26), at);
        m->digit |= bits(in_range(v, '0', 10), at);
        m->space |= bits(in_range(v, 0, 0x21), at);
        m->dot |= bits(equal(v, '.'), at);
        m->slash |= bits(equal(v, '/'), at);
        m->colon |= bits(equal(v, ':'), at);
        m->sign |= bits(
            _mm_or_si128(_mm_or_si128(equal(v, '@'), equal(lower, '{')),
                         _mm_or_si128(equal(v, '_'), _mm_or_si128(equal(v, '('), equal(v, '<')))),
            at);
        m->a |= bits(equal(lower, 'a'), at);
        m->o |= bits(equal(lower, 'o'), at);
        m->odd |= bits(_mm_andnot_si128(usual, in_range(v, 0xC0, 0x40)), at);
        m->lead |= bits(lead, at);
        m->tail |= bits(in_range(v, 0xB8, 4), at);
    }
}
#else
static inline void read_block(struct masks *m, const unsigned char *p)
{
    *m = (struct masks){0};
    for (int at = 0; at < BLOCK; at++) {
        unsigned char c = p[at], lower = c | 0x20;
        uint64_t bit = (uint64_t)1 << at;
        bool letter = lower >= 'a' && lower <= 'z';

        m->letter |= letter || c >= 0x80 ? bit : 0;
        m->capital |= (letter && c < 'a') || c >= 0x80 ? bit : 0;
        m->digit |= c >= '0' && c <= '9' ? bit : 0;
        m->space |= c <= ' ' ? bit : 0;
        m->dot |= c == '.' ? bit : 0;
        m->slash |= c == '/' ? bit : 0;
        m->colon |= c == ':' ? bit : 0;
        m->sign |= c == '@' || c == '_' || lower == '{' || c == '(' || c == '<' ? bit : 0;
        m->a |= lower == 'a' ? bit : 0;
        m->o |= lower == 'o' ? bit : 0;
        m->odd |= c >= 0xC0 && c != 0xE1 && (c < 0xC3 || c > 0xC6) ? bit : 0;
        m->lead |= c == 0xE1 ? bit : 0;
        m->tail |= c >= 0xB8 && c < 0xBC ? bit : 0;
    }
}
#endif

#endif
