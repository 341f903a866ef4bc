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

/* The highest bits of 64 bytes. */
static inline uint64_t bits(__m128i a, __m128i b, __m128i c, __m128i d)
{
    return (uint64_t)(uint32_t)_mm_movemask_epi8(a) |
           (uint64_t)(uint32_t)_mm_movemask_epi8(b) << 16 |
           (uint64_t)(uint32_t)_mm_movemask_epi8(c) << 32 |
           (uint64_t)(uint32_t)_mm_movemask_epi8(d) << 48;
}

static inline __m128i is_sign(__m128i v, __m128i lower)
{
    return _mm_or_si128(_mm_or_si128(equal(v, '@'), equal(lower, '{')),
                        _mm_or_si128(equal(v, '_'), _mm_or_si128(equal(v, '('), equal(v, '<'))));
}

static inline __m128i is_odd(__m128i v)
{
    return _mm_andnot_si128(_mm_or_si128(equal(v, 0xE1), in_range(v, 0xC3, 4)),
                            in_range(v, 0xC0, 0x40));
}

/* Of the four quarters a to d of a block. */
#define BITS(test, ...)                                                                            \
    bits(test(a, __VA_ARGS__), test(b, __VA_ARGS__), test(c, __VA_ARGS__), test(d, __VA_ARGS__))

/* A mask at a time: all of them together, sixteen bytes at a time, are more than there are
 * registers. */
static inline void read_block(struct masks *m, const unsigned char *p)
{
    const __m128i *from = (const __m128i *)(const void *)p, case_bit = _mm_set1_epi8(0x20);
    __m128i a = _mm_loadu_si128(from), b = _mm_loadu_si128(from + 1);
    __m128i c = _mm_loadu_si128(from + 2), d = _mm_loadu_si128(from + 3);
    uint64_t high = bits(a, b, c, d);

    m->capital = high | BITS(in_range, 'A', 26);
    m->digit = BITS(in_range, '0', 10);
    m->space = BITS(in_range, 0, 0x21);
    m->tail = BITS(in_range, 0xB8, 4);
    m->dot = BITS(equal, '.');
    m->slash = BITS(equal, '/');
    m->colon = BITS(equal, ':');
    m->lead = BITS(equal, 0xE1);
    m->odd = bits(is_odd(a), is_odd(b), is_odd(c), is_odd(d));
    m->sign = bits(is_sign(a, _mm_or_si128(a, case_bit)), is_sign(b, _mm_or_si128(b, case_bit)),
                   is_sign(c, _mm_or_si128(c, case_bit)), is_sign(d, _mm_or_si128(d, case_bit)));
    a = _mm_or_si128(a, case_bit);
    b = _mm_or_si128(b, case_bit);
    c = _mm_or_si128(c, case_bit);
    d = _mm_or_si128(d, case_bit);
    m->letter = high | BITS(in_range, 'a', 26);
    m->a = BITS(equal, 'a');
    m->o = BITS(equal, 'o');
}
#undef BITS
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
