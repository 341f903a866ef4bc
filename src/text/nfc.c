/* nfc.c - cleaning and composing; see nfc.h.
 *
 * The need-check is a shift-based automaton (P. Vognsen, "Shift-based DFAs", 2022): the row of a
 * byte holds the next state of every state, six bits each, so that a step is one load and one
 * shift, whatever the mixture of one-, two- and three-byte letters.  State 0, LOOK, is absorbing:
 * something that may be ill-formed, a control, or not in NFC (a combining class, or NFC_Quick_Check
 * other than Yes).  Everything the automaton lets pass starts a normalisation segment of its own
 * (boundary before), so a segment that needs ICU is one character and the marks behind it.
 *
 * ICU sorts marks by insertion, which is quadratic in a run of marks.  A long run is therefore
 * decomposed and sorted here by counting (stable, 256 classes) before ICU composes it.
 */
#include "text/nfc.h"

#include "base/err.h"
#include "text/syllable.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* States: how many continuation bytes are due, or which lead needs a closer second byte. */
enum {
    LOOK = 0,
    PLAIN = 6, /* between characters */
    TAIL1 = 12,
    TAIL2 = 18,
    LEAD_F0 = 24,    /* only F0 9F, U+1F000..1FFFF: emoji */
    LEAD_E1 = 30,    /* only U+1E00..1EFF: Vietnamese */
    LEAD_E2 = 36,    /* punctuation and symbols without the blocks that hold marks */
    LEAD_E280 = 42,  /* U+2000 and U+2001 are not NFC */
    LEAD_EF = 48,    /* full-width and Arabic forms without compatibility ideographs */
    LEAD_EFB8 = 54,  /* variation selectors but not half marks */
    STATE_BITS = 63, /* shift counts are taken modulo 64 */
};

#define GO(from, to) ((uint64_t)(to) << (from))
#define TAIL (GO(TAIL1, PLAIN) | GO(TAIL2, TAIL1))
#define E1_E2_EF (GO(LEAD_E1, TAIL1) | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1))
#define E280_EFB8 (GO(LEAD_E280, PLAIN) | GO(LEAD_EFB8, PLAIN))

/* Rows that are all zero, LOOK from every state, are left out. */
#define ROWS                                                                                       \
    ['\t'] = GO(PLAIN, PLAIN), ['\n'] = GO(PLAIN, PLAIN), [0x20 ... 0x7E] = GO(PLAIN, PLAIN),      \
    [0x80] = TAIL | GO(LEAD_E2, LEAD_E280) | GO(LEAD_EF, TAIL1) | GO(LEAD_EFB8, PLAIN),            \
    [0x81] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | GO(LEAD_EFB8, PLAIN),                \
    [0x82] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,                           \
    [0x83 ... 0x84] = TAIL | GO(LEAD_EF, TAIL1) | E280_EFB8, /* U+20D0 marks, U+2126 ohm */        \
        [0x85 ... 0x8B] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,              \
    [0x8C] = TAIL | GO(LEAD_EF, TAIL1) | E280_EFB8, /* U+2329 */                                   \
        [0x8D ... 0x9E] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,              \
    [0x9F] = TAIL | GO(LEAD_F0, TAIL2) | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,      \
    [0xA0 ... 0xA3] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | GO(LEAD_E280, PLAIN),       \
    [0xA4 ... 0xAA] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_E280, PLAIN),                            \
    [0xAB] = TAIL | GO(LEAD_E280, PLAIN), /* U+2ADC */                                             \
        [0xAC ... 0xAD] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_E280, PLAIN),                        \
    [0xAE ... 0xAF] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | GO(LEAD_E280, PLAIN),       \
    [0xB0 ... 0xB2] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,                  \
    [0xB3] = TAIL | GO(LEAD_EF, TAIL1) | E280_EFB8, /* U+2CEF */                                   \
        [0xB4] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,                       \
    [0xB5] = TAIL | GO(LEAD_EF, TAIL1) | E280_EFB8, /* U+2D7F */                                   \
        [0xB6] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,                       \
    [0xB7] = TAIL | GO(LEAD_EF, TAIL1) | E280_EFB8, /* U+2DE0 */                                   \
        [0xB8] =                                                                                   \
            TAIL | GO(LEAD_E1, TAIL1) | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, LEAD_EFB8) | E280_EFB8,   \
    [0xB9 ... 0xBB] = TAIL | E1_E2_EF | E280_EFB8,                                                 \
    [0xBC ... 0xBF] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,                  \
    [0xC2 ... 0xCB] = GO(PLAIN, TAIL1),     /* Latin */                                            \
        [0xCF ... 0xD1] = GO(PLAIN, TAIL1), /* Greek and Cyrillic without their marks */           \
        [0xD3 ... 0xD5] = GO(PLAIN, TAIL1), [0xE1] = GO(PLAIN, LEAD_E1),                           \
    [0xE2] = GO(PLAIN, LEAD_E2), [0xE4 ... 0xE9] = GO(PLAIN, TAIL2), /* Han */                     \
        [0xEB ... 0xEC] = GO(PLAIN, TAIL2),                          /* Hangul */                  \
        [0xEE] = GO(PLAIN, TAIL2), [0xEF] = GO(PLAIN, LEAD_EF), [0xF0] = GO(PLAIN, LEAD_F0)

static const uint64_t composed_rows[256] = {ROWS};
/* With the combining marks from U+0300 to U+033F, among them all of Vietnamese. */
static const uint64_t marked_rows[256] = {ROWS, [0xCC] = GO(PLAIN, TAIL1)};

static inline size_t pass(const uint64_t rows[256], struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p;
    uint64_t state = PLAIN, before = PLAIN;
    size_t boundary = at;

    while (at + 16 <= s.n) {
        before = state;
        for (int i = 0; i < 16; i++)
            state = rows[p[at + (size_t)i]] >> (state & STATE_BITS);
        state &= STATE_BITS;
        if (state == LOOK)
            break;
        at += 16;
        before = state;
    }
    /* The character that lies across the last step began at most three bytes before it. */
    state = before;
    boundary = at;
    if (state != PLAIN)
        do
            boundary--;
        while ((p[boundary] & 0xC0) == 0x80);
    while (at < s.n) {
        state = rows[p[at++]] >> state & STATE_BITS;
        if (state == LOOK)
            return boundary;
        if (state == PLAIN)
            boundary = at;
    }
    return boundary;
}

size_t nfc_until(struct str s, size_t at)
{
    return pass(composed_rows, s, at);
}

static bool is_control(uint32_t cp)
{
    return (cp < 0x20 && cp != '\t' && cp != '\n') || cp == 0x7F;
}

static bool has_boundary_before(const UNormalizer2 *nfc, struct str s, size_t at)
{
    return unorm2_hasBoundaryBefore(nfc, (UChar32)utf8_next(s, &at, NULL));
}

/* The quick check of UAX #15, section 9, Maybe taken for No. */
static bool segment_is_nfc(struct str s)
{
    uint8_t last = 0;

    for (size_t at = 0; at < s.n;) {
        UChar32 cp = (UChar32)utf8_next(s, &at, NULL);
        uint8_t combining = u_getCombiningClass(cp);

        if ((combining && combining < last) ||
            u_getIntPropertyValue(cp, UCHAR_NFC_QUICK_CHECK) != UNORM_YES)
            return false;
        last = combining;
    }
    return true;
}

/* How many code points, and how many UTF-16 units, n bytes of UTF-8 decompose to at most: two bytes
 * to three (U+01D5), three to four (U+1F82), four to three supplementary ones (U+1D160). */
static size_t decomposed_room(size_t n)
{
    return n + n / 2 + 16;
}

/* Canonical decomposition of `s` as code points; returns how many. */
static size_t decompose(const UNormalizer2 *nfc, struct str s, UChar32 *out)
{
    UChar parts[16];
    size_t n = 0;

    for (size_t at = 0; at < s.n;) {
        UErrorCode status = U_ZERO_ERROR;
        UChar32 cp = (UChar32)utf8_next(s, &at, NULL);
        int32_t units = unorm2_getDecomposition(nfc, cp, parts, 16, &status), length = 1;

        if (units < 0)
            out[n] = cp;
        else
            u_strToUTF32(out + n, 8, &length, parts, units, &status);
        MUST(U_SUCCESS(status));
        n += (size_t)length;
    }
    return n;
}

/* Sorts a run of marks by combining class, stable. */
static void sort_marks(UChar32 *run, size_t n, UChar32 *sorted)
{
    size_t starts[257] = {0};

    for (size_t i = 0; i < n; i++)
        starts[u_getCombiningClass(run[i]) + 1]++;
    for (size_t c = 1; c <= 256; c++)
        starts[c] += starts[c - 1];
    for (size_t i = 0; i < n; i++)
        sorted[starts[u_getCombiningClass(run[i])]++] = run[i];
    memcpy(run, sorted, n * sizeof *run);
}

static void sort_all_marks(UChar32 *cps, size_t n, struct arena *scratch)
{
    UChar32 *sorted = arena_array(scratch, n, sizeof *sorted);

    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && u_getCombiningClass(cps[end]);)
            end++;
        if (end > i)
            sort_marks(cps + i, end - i, sorted);
        else
            end++;
    }
}

/* One segment through ICU; the result lives in `scratch`. */
static struct str compose(const UNormalizer2 *nfc, struct str s, struct arena *scratch)
{
    UErrorCode status = U_ZERO_ERROR;
    size_t room = decomposed_room(s.n), n;
    UChar32 *cps = arena_array(scratch, room, sizeof *cps);
    UChar *wide = arena_array(scratch, room, sizeof *wide);
    UChar *composed = arena_array(scratch, room, sizeof *composed);
    char *out = arena_alloc(scratch, room * 3);
    int32_t length = 0, bytes = 0;

    n = decompose(nfc, s, cps);
    sort_all_marks(cps, n, scratch);
    u_strFromUTF32(wide, (int32_t)room, &length, cps, (int32_t)n, &status);
    length = unorm2_normalize(nfc, wide, length, composed, (int32_t)room, &status);
    u_strToUTF8(out, (int32_t)room * 3, &bytes, composed, length, &status);
    MUST(U_SUCCESS(status)); /* room suffices: composing never lengthens what is decomposed */
    return (struct str){out, (size_t)bytes};
}

/* Where the segment ends whose first character stands at `at`. */
static size_t segment_end(const UNormalizer2 *nfc, struct str s, size_t at)
{
    utf8_next(s, &at, NULL);
    while (at < s.n && !has_boundary_before(nfc, s, at))
        utf8_next(s, &at, NULL);
    return at;
}

/* Text on its way to NFC.  Of `out`, s[0, at) is composed; all of it is valid and in NFC. */
struct composing {
    struct str s;
    struct arena *batch;
    const UNormalizer2 *nfc;
    char *out;
    size_t n, room;
    size_t changed; /* where in `out` the last letter that a mark changed begins */
    uint32_t places;
};

enum { SLACK = 32 }; /* bytes behind the room, which copying by words overwrites */

static void make_room(struct composing *c, size_t more)
{
    char *out;

    if (more <= c->room - c->n)
        return;
    /* The most that NFC and U+FFFD lengthen UTF-8 (UAX #15, FAQ), and a character put back. */
    c->room = c->s.n * 3 + SLACK;
    MUST(more <= c->room - c->n);
    out = arena_alloc(c->batch, c->room + SLACK);
    memcpy(out, c->out, c->n);
    c->out = out;
}

static void put(struct composing *c, const char *bytes, size_t n)
{
    make_room(c, n);
    memcpy(c->out + c->n, bytes, n);
    c->n += n;
}

/* Where the last character of the n bytes begins. */
static size_t last_character(const char *p, size_t n)
{
    do
        n--;
    while (((unsigned char)p[n] & 0xC0) == 0x80);
    return n;
}

/* Takes a mark, by its second byte, to the letter that ends at `n`, by decoding it; 0 when both are
 * no letter of Vietnamese.  The letter begins at *start. */
static uint8_t compose_closer(const struct composing *c, size_t n, char mark, size_t *start)
{
    uint32_t letter;

    if (n == 0)
        return 0;
    *start = last_character(c->out, n);
    n = *start;
    letter = utf8_next((struct str){c->out, c->room + SLACK}, &n, NULL);
    letter = letter < sizeof syllable_numbers ? syllable_numbers[letter] : 0;
    return syllable_composed[letter][mark & 0x3F];
}

enum { BLOCK = 64, STEP = 16 };

/* A bit for each of the bytes of a block that begins a mark (CC). */
static inline uint64_t marks_of(const char *block)
{
    uint64_t marks = 0;

#ifdef __SSE2__
    for (int i = 0; i < BLOCK; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + i));
        int found = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8((char)0xCC)));

        marks |= (uint64_t)(unsigned)found << i;
    }
#else
    for (int i = 0; i < BLOCK; i++)
        marks |= (uint64_t)(block[i] == (char)0xCC) << i;
#endif
    return marks;
}

/* The first `size` bytes of a block, whose marks are `marks`, composed; behind the block stand STEP
 * bytes more.  Returns how many it took: a byte more when a mark lies across the end, less before
 * one that is none of Vietnamese.  Free of branches that depend on how many marks a letter has: the
 * last letter and its number are carried along. */
static size_t put_block(struct composing *c, const char *block, size_t size, uint64_t marks)
{
    size_t n = c->n, start = 0, done = 0;
    uint8_t number = 0;

    for (; marks; marks &= marks - 1) {
        size_t mark = (size_t)__builtin_ctzll(marks), gap = mark - done;
        size_t fresh = 0 - (size_t)(gap > 0); /* all bits, unless behind the letter just composed */

        memcpy(c->out + n, block + done, STEP);
        if (gap > STEP)
            memcpy(c->out + n + STEP, block + done + STEP, gap - STEP);
        n += gap;
        start = ((n - 1) & fresh) | (start & ~fresh);
        number = (uint8_t)((syllable_numbers[(unsigned char)block[mark - (mark > 0)]] & fresh) |
                           (number & ~fresh));
        number = syllable_composed[number][block[mark + 1] & 0x3F];
        if (!number)
            number = compose_closer(c, n, block[mark + 1], &start);
        if (!number) {
            c->n = n;
            return mark;
        }
        memcpy(c->out + start, &syllable_utf8[number], sizeof syllable_utf8[number]);
        n = start + syllable_utf8[number].n;
        done = mark + 2;
        c->places += start != c->changed;
        c->changed = start;
    }
    if (done < size) {
        memcpy(c->out + n, block + done, size - done);
        n += size - done;
        done = size;
    }
    c->n = n;
    return done;
}

/* s[at, end), which marked_rows let pass, with the marks of Vietnamese composed.  Returns where it
 * ends or a mark stands that is none of these. */
static size_t put_marked(struct composing *c, size_t at, size_t end)
{
    make_room(c, end - at);
    while (at < end) {
        char padded[BLOCK + STEP] = {0};
        const char *block = c->s.p + at;
        size_t size = end - at < BLOCK ? end - at : BLOCK, took;
        uint64_t within = ~UINT64_C(0) >> (BLOCK - size);

        if (c->s.n - at < sizeof padded)
            block = memcpy(padded, block, c->s.n - at);
        took = put_block(c, block, size, marks_of(block) & within);
        at += took;
        if (took < size)
            break;
    }
    return at;
}

/* The segment that goes on at `at` and begins there or with the last character composed; ICU
 * composes it.  Returns where it ends. */
static size_t put_segment(struct composing *c, size_t at)
{
    size_t end = segment_end(c->nfc, c->s, at), start = c->n;
    struct arena_mark mark;
    struct str segment, composed;
    char *joined;

    if (start > 0 && !has_boundary_before(c->nfc, c->s, at))
        start = last_character(c->out, start);
    make_room(c, (end - at) * 3 + 3 * (c->n - start));
    mark = arena_mark(c->batch);
    joined = arena_alloc(c->batch, c->n - start + end - at);
    memcpy(joined, c->out + start, c->n - start);
    memcpy(joined + (c->n - start), c->s.p + at, end - at);
    segment = (struct str){joined, c->n - start + end - at};
    composed = segment_is_nfc(segment) ? segment : compose(c->nfc, segment, c->batch);
    c->places += start != c->changed && !str_eq(segment, composed);
    c->n = start;
    put(c, composed.p, composed.n);
    arena_rewind(c->batch, mark);
    return end;
}

/* What marked_rows stop at; returns what comes behind it. */
static size_t put_stop(struct composing *c, size_t at)
{
    size_t next = at;
    bool ok = true;
    uint32_t cp = utf8_next(c->s, &next, &ok);

    if (!ok) {
        put(c, "\xEF\xBF\xBD", 3);
    } else if (cp == '\r') {
        next += next < c->s.n && c->s.p[next] == '\n';
        put(c, "\n", 1);
    } else if (is_control(cp)) {
        put(c, " ", 1);
    } else {
        return put_segment(c, at);
    }
    c->places++;
    return next;
}

struct text nfc_text(struct str s, struct arena *batch, uint32_t *repairs)
{
    UErrorCode status = U_ZERO_ERROR;
    struct composing c = {.s = s, .batch = batch, .room = s.n, .changed = SIZE_MAX};
    struct arena_mark mark = arena_mark(batch);
    size_t at = nfc_until(s, 0), passed = 0;

    if (at == s.n)
        return (struct text){s.n ? s.p : "", s.n};
    c.nfc = unorm2_getNFCInstance(&status);
    MUST(U_SUCCESS(status)); /* its data is linked into ICU */
    c.out = arena_alloc(batch, c.room + SLACK);
    put(&c, s.p, at);
    while (at < s.n) {
        if (passed <=
            at) /* else it would be walked again behind each mark of no Vietnamese letter */
            passed = pass(marked_rows, s, at);
        at = put_marked(&c, at, passed);
        if (at < s.n)
            at = put_stop(&c, at);
    }
    if (repairs)
        *repairs += c.places;
    if (c.places)
        return (struct text){c.out, c.n};
    arena_rewind(batch, mark);
    return (struct text){s.p, s.n};
}
