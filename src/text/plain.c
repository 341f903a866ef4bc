/* plain.c - sixty-four bytes at a time; see plain.h.
 *
 * Which set a byte is in, and a byte with the one before it, is looked up by nibbles: a set is a
 * bit, and the entry of a low nibble holds the bits of the sets that have it, the same for high
 * nibbles; ANDed they tell the sets of the byte (J. Keiser and D. Lemire, "Validating UTF-8 in less
 * than one instruction per byte", 2021).  A set is therefore a product of nibbles; what is no
 * product takes two bits.  The bits of sixty-four bytes become masks, and what follows what is a
 * shift of masks.
 *
 * Letters with a tone are T, vowels of ASCII are V, other vowels Q (â, ơ).  In what people mostly
 * write a T is followed by a V that ends the word, or by a consonant; a V or Q before a T that ends
 * the word is the u of "qu" or the i of "gi".  All else is looked at by tone.c.
 */
#include "text/plain.h"

#include <endian.h>
#include <string.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))

enum { BLOCK = 64, CONTEXT = 8 }; /* no rule looks back further than seven bytes */

/* Sets of one byte: what kind of letter. */
enum { AEIO = 1, UY = 2, A_TO_O = 4, P_TO_Z = 8, G = 16 };
static const uint8_t kind_low[16] = {
    [0] = P_TO_Z,
    [1] = AEIO | A_TO_O | P_TO_Z,
    [2 ... 4] = A_TO_O | P_TO_Z,
    [5] = AEIO | UY | A_TO_O | P_TO_Z,
    [6] = A_TO_O | P_TO_Z,
    [7] = A_TO_O | P_TO_Z | G,
    [8] = A_TO_O | P_TO_Z,
    [9] = AEIO | UY | A_TO_O | P_TO_Z,
    [0xA] = A_TO_O | P_TO_Z,
    [0xB ... 0xE] = A_TO_O,
    [0xF] = AEIO | A_TO_O,
};
static const uint8_t kind_high[16] = {
    [4] = AEIO | A_TO_O | G, [5] = UY | P_TO_Z, [6] = AEIO | A_TO_O | G, [7] = UY | P_TO_Z};

/* Sets of one byte that stop: controls, '^', DEL, leads of what is not plain. */
enum { C0_ROW = 1, C1_OR_D = 2, CARET = 4, DELETE = 8, LEAD_C = 16, LEAD_E = 32, LEAD_F = 64 };
static const uint8_t stop_low[16] = {
    [0] = C0_ROW | C1_OR_D | LEAD_C | LEAD_E,
    [1] = C0_ROW | C1_OR_D | LEAD_C | LEAD_F,
    [2] = C0_ROW | C1_OR_D | LEAD_C | LEAD_F,
    [3 ... 6] = C0_ROW | C1_OR_D | LEAD_E | LEAD_F,
    [7 ... 8] = C0_ROW | C1_OR_D | LEAD_C | LEAD_E | LEAD_F,
    [9 ... 0xA] = C1_OR_D | LEAD_C | LEAD_E | LEAD_F,
    [0xB ... 0xD] = C0_ROW | C1_OR_D | LEAD_C | LEAD_E | LEAD_F,
    [0xE] = C0_ROW | C1_OR_D | CARET | LEAD_C | LEAD_E | LEAD_F,
    [0xF] = C0_ROW | C1_OR_D | DELETE | LEAD_C | LEAD_E | LEAD_F,
};
static const uint8_t stop_high[16] = {
    [0] = C0_ROW,   [1] = C1_OR_D,   [5] = CARET,    [7] = DELETE,
    [0xC] = LEAD_C, [0xD] = C1_OR_D, [0xE] = LEAD_E, [0xF] = LEAD_F,
};

/* Sets of two bytes that stop: behind C3 what Vietnamese has not, behind E1 all but BA and BB,
 * behind C6 U+0180..019F (Ɖ is one), behind q what is not ASCII.  And those that end in a vowel
 * that belongs to the onset, "qu" and "gi". */
enum { C3_EVEN = 1, C3_ODD = 2, E1_ROWS = 4, E1_LAST = 8, C6_ROWS = 16, Q_MARKED = 32 };
enum { QU = 64, GI = 128, GLIDES = QU | GI, PAIR_STOPS = 0xFF - GLIDES };
static const uint8_t pair_before_low[16] = {
    [1] = E1_ROWS | E1_LAST | Q_MARKED | QU, [3] = C3_EVEN | C3_ODD, [6] = C6_ROWS, [7] = GI};
static const uint8_t pair_before_high[16] = {[4] = GI,
                                             [5] = Q_MARKED | QU,
                                             [6] = GI,
                                             [7] = Q_MARKED | QU,
                                             [0xC] = C3_EVEN | C3_ODD | C6_ROWS,
                                             [0xE] = E1_ROWS | E1_LAST};
#define ALL_LOW (E1_ROWS | C6_ROWS | Q_MARKED)
static const uint8_t pair_low[16] = {
    [0 ... 1] = ALL_LOW | E1_LAST | C3_ODD,
    [2 ... 3] = ALL_LOW | E1_LAST,
    [4] = ALL_LOW | E1_LAST | C3_EVEN,
    [5] = ALL_LOW | E1_LAST | C3_EVEN | QU,
    [6 ... 7] = ALL_LOW | E1_LAST | C3_EVEN | C3_ODD,
    [8] = ALL_LOW | E1_LAST | C3_ODD,
    [9] = ALL_LOW | E1_LAST | GI,
    [0xA] = ALL_LOW,
    [0xB] = ALL_LOW | C3_EVEN | C3_ODD,
    [0xC] = ALL_LOW | E1_LAST | C3_ODD,
    [0xD] = ALL_LOW | E1_LAST,
    [0xE ... 0xF] = ALL_LOW | E1_LAST | C3_EVEN | C3_ODD,
};
static const uint8_t pair_high[16] = {
    [4] = GI,
    [5] = QU,
    [6] = GI,
    [7] = QU,
    [8] = C3_EVEN | E1_ROWS | C6_ROWS,
    [9] = C3_ODD | E1_ROWS | C6_ROWS,
    [0xA] = C3_EVEN | E1_ROWS,
    [0xB] = C3_ODD | E1_LAST,
    [0xC] = Q_MARKED,
    [0xE] = Q_MARKED,
};

/* Sets of two bytes that end a T of two bytes (à á ã ò ó õ ù ú ý; è é ì í ĩ ũ) or of three (ạ ả ẹ
 * ẻ ẽ ụ ủ and others that never stand where it matters; ọ ỏ; ỉ ị), or that are đ. */
enum { TA = 1, TO = 2, TI = 4, TA3 = 8, TO3 = 16, TI3 = 32, STROKE = 128 };
enum { T2 = TA | TO | TI, T3 = TA3 | TO3 | TI3 };
static const uint8_t tone_before_low[16] = {
    [3] = TA | TO | TI, [4] = TI | STROKE, [5] = TI, [0xA] = TA3, [0xB] = TA3 | TO3 | TI3};
static const uint8_t tone_before_high[16] = {
    [0xB] = TA3 | TO3 | TI3, [0xC] = TA | TO | TI | STROKE};
static const uint8_t tone_low[16] = {
    [0] = TA | TA3 | STROKE,
    [1] = TA | TA3 | STROKE,
    [2] = TO | TA3,
    [3] = TA | TO | TA3,
    [4] = TA3,
    [5] = TO | TA3,
    [6 ... 7] = TA3,
    [8] = TI | TA3 | TI3,
    [9] = TI | TO | TA3 | TI3,
    [0xA] = TO | TA3 | TI3,
    [0xB] = TA3 | TI3,
    [0xC] = TI | TA3 | TO3,
    [0xD] = TI | TO | TA3 | TO3,
    [0xE ... 0xF] = TO3,
};
static const uint8_t tone_high[16] = {
    [8] = TA | TI | TO3 | TI3, [9] = TO | STROKE, [0xA] = TA | TI | TA3, [0xB] = TO | TA3};

/* Of sixty-four bytes, the first in the lowest bit. */
struct masks {
    uint64_t high, lead, e1, rare; /* 0x80.., 0xC0.., 0xE1, 0xE2.. */
    uint64_t stop;                 /* in a set that stops */
    uint64_t vowel, letter, g;     /* of ASCII */
    uint64_t glide;                /* the vowel of "qu" and "gi" */
    uint64_t t2, t3, ti, stroke; /* the last byte of a T, of ì í ĩ ỉ ị or ũ è é, of đ */
};

static bool is_plain_symbol(struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    size_t left = s.n - at;

    if (p[0] == 0xE2)
        return left > 2 && p[1] == 0x80 && p[2] >= 0x90 && p[2] <= 0xA7;
    return p[0] == 0xF0 && left > 3 && p[1] == 0x9F;
}

/* Where characters that E2 or a higher byte begins end and what tails they ask for, into *ends and
 * *due; returns those that are not plain. */
static uint64_t check_symbols(struct str s, size_t at, uint64_t leads, uint64_t *ends,
                              uint64_t *due)
{
    uint64_t stop = 0;

    for (; leads; leads &= leads - 1) {
        size_t start = at + (size_t)__builtin_ctzll(leads);
        uint64_t lead = leads & -leads;
        uint64_t end = lead << ((unsigned char)s.p[start] < 0xF0 ? 2 : 3);

        stop |= is_plain_symbol(s, start) ? 0 : lead;
        *ends |= end;
        *due |= lead << 2 | end;
    }
    return stop;
}

/* The bytes of the block that the scan stops at; *broken are those where a character is not whole.
 */
INLINE uint64_t find_stop(struct str s, size_t at, const struct masks *m, uint64_t *broken)
{
    uint64_t tail = m->high & ~m->lead, lead_letter = m->lead & ~m->rare, symbol_end = 0;
    uint64_t due = m->lead << 1 | m->e1 << 2, letter = m->letter | lead_letter;
    uint64_t stop = m->stop;
    uint64_t marked_vowel, vowels, any_vowel, toned, ends, gi;

    if (m->rare)
        stop |= check_symbols(s, at, m->rare, &symbol_end, &due);
    marked_vowel = tail & ~m->stroke & ~symbol_end;
    vowels = m->vowel & marked_vowel << 1;
    any_vowel = (m->vowel & ~m->glide) | marked_vowel;
    toned = (m->t2 & any_vowel << 2) | (m->t3 & any_vowel << 3);
    ends = ~(letter | tail) & toned << 1; /* "hoà", not "quá" */
    gi = m->ti & ((m->t2 & m->g << 2) | (m->t3 & m->g << 3));
    *broken = due ^ tail;
    return stop | *broken | (letter & vowels << 1) | (lead_letter & (m->t2 << 1 | m->e1 << 3)) |
           ends | (m->vowel & gi << 1); /* "gìa" */
}

/* The block at `at`, from the text or filled up with spaces. */
INLINE const unsigned char *block_at(struct str s, size_t at, unsigned char padded[BLOCK])
{
    if (s.n - at >= BLOCK)
        return (const unsigned char *)s.p + at;
    memset(padded, ' ', BLOCK);
    memcpy(padded, s.p + at, s.n - at);
    return padded;
}

/* Whether the character that the text ends with is not whole; `s` has a block at least. */
INLINE bool ends_broken(struct str s)
{
    const unsigned char *end = (const unsigned char *)s.p + s.n;

    return end[-1] >= 0xC0 || end[-2] >= 0xE0 || end[-3] >= 0xF0;
}

/* Reads blocks with `READ(text, offset, masks)` from `at` on until one has a stop there or behind.
 * Every block is read anew, with the end of the one before as its context: that costs an eighth of
 * the bytes twice and saves carrying bits over.  The last block ends with the text. */
#define SCAN(READ)                                                                                 \
    struct str s = scan->s;                                                                        \
    size_t last = s.n < BLOCK ? 0 : s.n - BLOCK, pos = at < CONTEXT ? 0 : at - CONTEXT;            \
    uint64_t stop, broken;                                                                         \
    struct masks masks;                                                                            \
                                                                                                   \
    for (pos = pos < last ? pos : last;; pos = pos < last ? pos : last) {                          \
        READ(s, pos, &masks);                                                                      \
        stop = find_stop(s, pos, &masks, &broken);                                                 \
        if (s.n < BLOCK)                                                                           \
            stop &= broken | ((UINT64_C(1) << s.n) - 1);                                           \
        else if (pos == last && ends_broken(s))                                                    \
            stop |= UINT64_C(1) << (BLOCK - 1);                                                    \
        stop &= ~UINT64_C(0) << (at - pos);                                                        \
        at = pos + BLOCK;                                                                          \
        if (stop || at >= s.n)                                                                     \
            break;                                                                                 \
        pos = at - CONTEXT;                                                                        \
    }                                                                                              \
    scan->block = pos;                                                                             \
    scan->stops = stop;                                                                            \
    scan->broken = broken;

static inline uint8_t of(const uint8_t low[16], const uint8_t high[16], uint8_t byte)
{
    return low[byte & 15] & high[byte >> 4];
}

/* A bit for each of sixty-four bytes that has any of `bits`. */
static uint64_t mask_of(const uint8_t bytes[BLOCK], uint8_t bits)
{
    uint64_t mask = 0, eight;

    for (int i = 0; i < BLOCK / 8; i++) {
        memcpy(&eight, bytes + (size_t)i * 8, 8);
        eight = le64toh(eight) & bits * 0x0101010101010101u;
        eight = (((eight & 0x7F7F7F7F7F7F7F7Fu) + 0x7F7F7F7F7F7F7F7Fu) | eight) >> 7 &
                0x0101010101010101u;
        mask |= (eight * 0x0102040810204080u >> 56) << (i * 8);
    }
    return mask;
}

static void read_by_tables(struct str s, size_t at, struct masks *out)
{
    unsigned char padded[BLOCK], last = 0;
    const unsigned char *p = block_at(s, at, padded);
    uint8_t kind[BLOCK], stop[BLOCK], pair[BLOCK], tone[BLOCK], e1[BLOCK], rare[BLOCK];

    for (int i = 0; i < BLOCK; last = p[i++]) {
        kind[i] = of(kind_low, kind_high, p[i]);
        pair[i] = of(pair_before_low, pair_before_high, last) & of(pair_low, pair_high, p[i]);
        stop[i] = of(stop_low, stop_high, p[i]) | (pair[i] & PAIR_STOPS);
        tone[i] = of(tone_before_low, tone_before_high, last) & of(tone_low, tone_high, p[i]);
        e1[i] = p[i] == 0xE1;
        rare[i] = p[i] > 0xE1;
    }
    out->high = mask_of(p, 0x80);
    out->lead = out->high & mask_of(p, 0x40);
    out->e1 = mask_of(e1, 1);
    out->rare = mask_of(rare, 1);
    out->stop = mask_of(stop, 0xFF);
    out->vowel = mask_of(kind, AEIO | UY);
    out->letter = mask_of(kind, A_TO_O | P_TO_Z);
    out->g = mask_of(kind, G);
    out->glide = mask_of(pair, GLIDES);
    out->t2 = mask_of(tone, T2);
    out->t3 = mask_of(tone, T3);
    out->ti = mask_of(tone, TI | TI3);
    out->stroke = mask_of(tone, STROKE);
}

static void scan_by_tables(struct plain_scan *scan, size_t at){SCAN(read_by_tables)}

#ifdef __x86_64__
#define AVX2 __attribute__((target("avx2,bmi,bmi2")))

AVX2 INLINE __m256i look_up(const uint8_t table[16], __m256i nibbles)
{
    return _mm256_shuffle_epi8(
        _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)table)),
        nibbles);
}

AVX2 INLINE uint32_t bits_of(__m256i v)
{
    return (uint32_t)_mm256_movemask_epi8(v);
}

/* Bytes that have any of `bits`. */
AVX2 INLINE uint32_t any_of(__m256i v, uint8_t bits)
{
    return ~bits_of(_mm256_cmpeq_epi8(_mm256_and_si256(v, _mm256_set1_epi8((char)bits)),
                                      _mm256_setzero_si256()));
}

/* Thirty-two bytes: their masks are the lower half of each. */
AVX2 INLINE void read_half(__m256i v, __m256i before, struct masks *out)
{
    const __m256i nibble = _mm256_set1_epi8(15);
    __m256i low = _mm256_and_si256(v, nibble), last_low = _mm256_and_si256(before, nibble);
    __m256i high = _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble);
    __m256i last_high = _mm256_and_si256(_mm256_srli_epi16(before, 4), nibble);
    __m256i kind = _mm256_and_si256(look_up(kind_low, low), look_up(kind_high, high));
    __m256i stop = _mm256_and_si256(look_up(stop_low, low), look_up(stop_high, high));
    __m256i pair = _mm256_and_si256(
        _mm256_and_si256(look_up(pair_before_low, last_low), look_up(pair_before_high, last_high)),
        _mm256_and_si256(look_up(pair_low, low), look_up(pair_high, high)));
    __m256i tone = _mm256_and_si256(
        _mm256_and_si256(look_up(tone_before_low, last_low), look_up(tone_before_high, last_high)),
        _mm256_and_si256(look_up(tone_low, low), look_up(tone_high, high)));
    out->high = bits_of(v);
    out->lead = bits_of(_mm256_and_si256(v, _mm256_slli_epi16(v, 1)));
    out->e1 = bits_of(_mm256_cmpeq_epi8(v, _mm256_set1_epi8((char)0xE1)));
    out->rare = bits_of(_mm256_cmpeq_epi8(v, _mm256_max_epu8(v, _mm256_set1_epi8((char)0xE2))));
    out->stop = any_of(stop, 0xFF) | any_of(pair, PAIR_STOPS);
    out->glide = any_of(pair, GLIDES);
    out->vowel = any_of(kind, AEIO | UY);
    out->letter = any_of(kind, A_TO_O | P_TO_Z);
    out->g = bits_of(_mm256_slli_epi16(kind, 3));
    out->t2 = any_of(tone, T2);
    out->t3 = any_of(tone, T3);
    out->ti = any_of(tone, TI | TI3);
    out->stroke = bits_of(tone);
}

AVX2 INLINE void read_by_vectors(struct str s, size_t at, struct masks *out)
{
    unsigned char padded[BLOCK];
    const unsigned char *p = block_at(s, at, padded);
    __m256i first = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i second = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    __m256i zero = _mm256_setzero_si256();
    struct masks upper;

    read_half(first, _mm256_alignr_epi8(first, _mm256_permute2x128_si256(zero, first, 0x21), 15),
              out);
    read_half(second,
              _mm256_alignr_epi8(second, _mm256_permute2x128_si256(first, second, 0x21), 15),
              &upper);
    out->high |= upper.high << 32;
    out->lead |= upper.lead << 32;
    out->e1 |= upper.e1 << 32;
    out->rare |= upper.rare << 32;
    out->stop |= upper.stop << 32;
    out->vowel |= upper.vowel << 32;
    out->letter |= upper.letter << 32;
    out->g |= upper.g << 32;
    out->glide |= upper.glide << 32;
    out->t2 |= upper.t2 << 32;
    out->t3 |= upper.t3 << 32;
    out->ti |= upper.ti << 32;
    out->stroke |= upper.stroke << 32;
}

AVX2 static void scan_by_vectors(struct plain_scan *scan, size_t at){SCAN(read_by_vectors)}

/* For processors before AVX2. */
#define SSSE3 __attribute__((target("ssse3")))

SSSE3 INLINE __m128i look_up_16(const uint8_t table[16], __m128i nibbles)
{
    return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)table), nibbles);
}

SSSE3 INLINE uint32_t bits_of_16(__m128i v)
{
    return (uint32_t)_mm_movemask_epi8(v);
}

/* Bytes that have any of `bits`. */
SSSE3 INLINE uint32_t any_of_16(__m128i v, uint8_t bits)
{
    return 0xFFFF & ~bits_of_16(_mm_cmpeq_epi8(_mm_and_si128(v, _mm_set1_epi8((char)bits)),
                                               _mm_setzero_si128()));
}

/* Sixteen bytes: their masks are the lowest quarter of each. */
SSSE3 INLINE void read_quarter(__m128i v, __m128i before, struct masks *out)
{
    const __m128i nibble = _mm_set1_epi8(15);
    __m128i low = _mm_and_si128(v, nibble), last_low = _mm_and_si128(before, nibble);
    __m128i high = _mm_and_si128(_mm_srli_epi16(v, 4), nibble);
    __m128i last_high = _mm_and_si128(_mm_srli_epi16(before, 4), nibble);
    __m128i kind = _mm_and_si128(look_up_16(kind_low, low), look_up_16(kind_high, high));
    __m128i stop = _mm_and_si128(look_up_16(stop_low, low), look_up_16(stop_high, high));
    __m128i pair =
        _mm_and_si128(_mm_and_si128(look_up_16(pair_before_low, last_low),
                                    look_up_16(pair_before_high, last_high)),
                      _mm_and_si128(look_up_16(pair_low, low), look_up_16(pair_high, high)));
    __m128i tone =
        _mm_and_si128(_mm_and_si128(look_up_16(tone_before_low, last_low),
                                    look_up_16(tone_before_high, last_high)),
                      _mm_and_si128(look_up_16(tone_low, low), look_up_16(tone_high, high)));
    out->high = bits_of_16(v);
    out->lead = bits_of_16(_mm_and_si128(v, _mm_slli_epi16(v, 1)));
    out->e1 = bits_of_16(_mm_cmpeq_epi8(v, _mm_set1_epi8((char)0xE1)));
    out->rare = bits_of_16(_mm_cmpeq_epi8(v, _mm_max_epu8(v, _mm_set1_epi8((char)0xE2))));
    out->stop = any_of_16(stop, 0xFF) | any_of_16(pair, PAIR_STOPS);
    out->glide = any_of_16(pair, GLIDES);
    out->vowel = any_of_16(kind, AEIO | UY);
    out->letter = any_of_16(kind, A_TO_O | P_TO_Z);
    out->g = bits_of_16(_mm_slli_epi16(kind, 3));
    out->t2 = any_of_16(tone, T2);
    out->t3 = any_of_16(tone, T3);
    out->ti = any_of_16(tone, TI | TI3);
    out->stroke = bits_of_16(tone);
}

SSSE3 INLINE void read_by_quarters(struct str s, size_t at, struct masks *out)
{
    unsigned char padded[BLOCK];
    const unsigned char *p = block_at(s, at, padded);
    __m128i last = _mm_setzero_si128();

    *out = (struct masks){0};
    for (int i = 0; i < BLOCK; i += 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        struct masks part;

        read_quarter(v, _mm_alignr_epi8(v, last, 15), &part);
        last = v;
        out->high |= part.high << i;
        out->lead |= part.lead << i;
        out->e1 |= part.e1 << i;
        out->rare |= part.rare << i;
        out->stop |= part.stop << i;
        out->vowel |= part.vowel << i;
        out->letter |= part.letter << i;
        out->g |= part.g << i;
        out->glide |= part.glide << i;
        out->t2 |= part.t2 << i;
        out->t3 |= part.t3 << i;
        out->ti |= part.ti << i;
        out->stroke |= part.stroke << i;
    }
}

SSSE3 static void scan_by_quarters(struct plain_scan *scan, size_t at)
{
    SCAN(read_by_quarters)
}

#define AVX512 __attribute__((target("avx512bw,bmi,bmi2")))

/* Tables are read from memory each time: to widen what is in a register costs a shuffle. */
AVX512 INLINE __m512i look_up_wide(const uint8_t table[16], __m512i nibbles)
{
    __m512i wide;

    __asm__("vbroadcasti32x4 %1, %0" : "=v"(wide) : "m"(*(const __m128i *)(const void *)table));
    return _mm512_shuffle_epi8(wide, nibbles);
}

/* The mask in a general register, where the rules are cheaper than among mask registers. */
AVX512 INLINE uint64_t general(__mmask64 mask)
{
    uint64_t bits = mask;

    __asm__("" : "+r"(bits));
    return bits;
}

/* A byte in every place, from memory: left to itself the compiler makes it anew for every block. */
AVX512 INLINE __m512i wide(uint8_t byte)
{
    static const uint8_t bytes[256] = {
        [15] = 15,
        [0xC0] = 0xC0,
        [0xE1] = 0xE1,
        [0xE2] = 0xE2,

        [AEIO | UY] = AEIO | UY,
        [A_TO_O | P_TO_Z] = A_TO_O | P_TO_Z,
        [T2] = T2,
        [G] = G,
        [PAIR_STOPS] = PAIR_STOPS,
        [T3] = T3,
        [TI | TI3] = TI | TI3,
    };
    __m512i all;

    __asm__("vpbroadcastb %1, %0" : "=v"(all) : "m"(bytes[byte]));
    return all;
}

AVX512 INLINE uint64_t wide_any_of(__m512i v, uint8_t bits)
{
    return general(_mm512_test_epi8_mask(v, wide(bits)));
}

AVX512 INLINE uint64_t at_least(__m512i v, uint8_t byte)
{
    return general(_mm512_cmpge_epu8_mask(v, wide(byte)));
}

AVX512 INLINE __m512i sets_of(const uint8_t low[16], const uint8_t high[16], __m512i v)
{
    const __m512i nibble = wide(15);

    return _mm512_and_si512(look_up_wide(low, _mm512_and_si512(v, nibble)),
                            look_up_wide(high, _mm512_and_si512(_mm512_srli_epi16(v, 4), nibble)));
}

AVX512 INLINE void read_by_wide_vectors(struct str s, size_t at, struct masks *out)
{
    __m512i v = s.n - at >= BLOCK
                    ? _mm512_loadu_si512(s.p + at)
                    : _mm512_mask_loadu_epi8(_mm512_set1_epi8(' '), (UINT64_C(1) << (s.n - at)) - 1,
                                             s.p + at);
    __m512i before = _mm512_alignr_epi8(v, _mm512_alignr_epi64(v, _mm512_setzero_si512(), 6), 15);
    __m512i kind = sets_of(kind_low, kind_high, v), stop = sets_of(stop_low, stop_high, v);
    __m512i pair = _mm512_and_si512(sets_of(pair_before_low, pair_before_high, before),
                                    sets_of(pair_low, pair_high, v));
    __m512i tone = _mm512_and_si512(sets_of(tone_before_low, tone_before_high, before),
                                    sets_of(tone_low, tone_high, v));

    stop = _mm512_or_si512(stop, _mm512_and_si512(pair, wide(PAIR_STOPS)));
    out->high = general(_mm512_movepi8_mask(v));
    out->lead = at_least(v, 0xC0);
    out->e1 = general(_mm512_cmpeq_epi8_mask(v, wide(0xE1)));
    out->rare = at_least(v, 0xE2);
    out->stop = general(_mm512_test_epi8_mask(stop, stop));
    out->vowel = wide_any_of(kind, AEIO | UY);
    out->letter = wide_any_of(kind, A_TO_O | P_TO_Z);
    out->g = wide_any_of(kind, G);
    out->glide = wide_any_of(pair, GLIDES);
    out->t2 = wide_any_of(tone, T2);
    out->t3 = wide_any_of(tone, T3);
    out->ti = wide_any_of(tone, TI | TI3);
    out->stroke = general(_mm512_movepi8_mask(tone));
}

AVX512 static void scan_by_wide_vectors(struct plain_scan *scan, size_t at)
{
    SCAN(read_by_wide_vectors)
}
#endif

/* Reads from `at` on, to the first block with a stop. */
static void scan_on(struct plain_scan *scan, size_t at)
{
#ifdef __x86_64__
    bool bits = __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");

    if (scan->way == PLAIN_BEST && bits && __builtin_cpu_supports("avx512bw"))
        scan_by_wide_vectors(scan, at);
    else if (scan->way <= PLAIN_AVX2 && bits && __builtin_cpu_supports("avx2"))
        scan_by_vectors(scan, at);
    else if (scan->way <= PLAIN_SSSE3 && __builtin_cpu_supports("ssse3"))
        scan_by_quarters(scan, at);
    else
#endif
        scan_by_tables(scan, at);
}

/* Where the character begins that the scan stops at. */
static size_t stop_at(struct str s, size_t from, size_t at, bool broken)
{
    const unsigned char *p = (const unsigned char *)s.p;

    if (at >= s.n || (broken && (p[at] & 0xC0) != 0x80))
        at = (at < s.n ? at : s.n) - 1;
    while (at > from && (p[at] & 0xC0) == 0x80)
        at--;
    return at > from ? at : from;
}

size_t plain_until(struct plain_scan *scan, size_t at)
{
    size_t from = at, end = scan->block + BLOCK;
    uint64_t first;

    /* Stops of the block read last stay what they are when the ones before have been passed. */
    if (scan->stops)
        scan->stops &= at < end ? ~UINT64_C(0) << (at - scan->block) : 0;
    if (!scan->stops) {
        at = scan->is_begun && at < end ? end : at;
        if (at >= scan->s.n)
            return scan->s.n;
        scan->is_begun = true;
        scan_on(scan, at);
        if (!scan->stops)
            return scan->s.n;
    }
    first = scan->stops & -scan->stops;
    return stop_at(scan->s, from, scan->block + (size_t)__builtin_ctzll(first),
                   (scan->broken & first) != 0);
}

static bool begins_latin(struct str s, size_t at)
{
    unsigned char lead = (unsigned char)s.p[at];

    if (lead == 0xE1)
        return at + 1 < s.n && ((unsigned char)s.p[at + 1] & 0xFE) == 0xBA;
    return lead < 0x80 || (lead >= 0xC3 && lead <= 0xC6);
}

size_t plain_resume(struct str s, size_t at)
{
    do
        at++;
    while (at < s.n && !begins_latin(s, at));
    return at;
}
