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
static const uint64_t rows[256] = {
    ['\t'] = GO(PLAIN, PLAIN),
    ['\n'] = GO(PLAIN, PLAIN),
    [0x20 ... 0x7E] = GO(PLAIN, PLAIN),
    [0x80] = TAIL | GO(LEAD_E2, LEAD_E280) | GO(LEAD_EF, TAIL1) | GO(LEAD_EFB8, PLAIN),
    [0x81] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | GO(LEAD_EFB8, PLAIN),
    [0x82] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,
    [0x83 ... 0x84] = TAIL | GO(LEAD_EF, TAIL1) | E280_EFB8, /* U+20D0 marks, U+2126 ohm */
    [0x85 ... 0x8B] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,
    [0x8C] = TAIL | GO(LEAD_EF, TAIL1) | E280_EFB8, /* U+2329 */
    [0x8D ... 0x9E] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,
    [0x9F] = TAIL | GO(LEAD_F0, TAIL2) | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,
    [0xA0 ... 0xA3] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | GO(LEAD_E280, PLAIN),
    [0xA4 ... 0xAA] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_E280, PLAIN),
    [0xAB] = TAIL | GO(LEAD_E280, PLAIN), /* U+2ADC */
    [0xAC ... 0xAD] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_E280, PLAIN),
    [0xAE ... 0xAF] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | GO(LEAD_E280, PLAIN),
    [0xB0 ... 0xB2] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,
    [0xB3] = TAIL | GO(LEAD_EF, TAIL1) | E280_EFB8, /* U+2CEF */
    [0xB4] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,
    [0xB5] = TAIL | GO(LEAD_EF, TAIL1) | E280_EFB8, /* U+2D7F */
    [0xB6] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,
    [0xB7] = TAIL | GO(LEAD_EF, TAIL1) | E280_EFB8, /* U+2DE0 */
    [0xB8] = TAIL | GO(LEAD_E1, TAIL1) | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, LEAD_EFB8) | E280_EFB8,
    [0xB9 ... 0xBB] = TAIL | E1_E2_EF | E280_EFB8,
    [0xBC ... 0xBF] = TAIL | GO(LEAD_E2, TAIL1) | GO(LEAD_EF, TAIL1) | E280_EFB8,
    [0xC2 ... 0xCB] = GO(PLAIN, TAIL1), /* Latin */
    [0xCF ... 0xD1] = GO(PLAIN, TAIL1), /* Greek and Cyrillic without their marks */
    [0xD3 ... 0xD5] = GO(PLAIN, TAIL1),
    [0xE1] = GO(PLAIN, LEAD_E1),
    [0xE2] = GO(PLAIN, LEAD_E2),
    [0xE4 ... 0xE9] = GO(PLAIN, TAIL2), /* Han */
    [0xEB ... 0xEC] = GO(PLAIN, TAIL2), /* Hangul */
    [0xEE] = GO(PLAIN, TAIL2),
    [0xEF] = GO(PLAIN, LEAD_EF),
    [0xF0] = GO(PLAIN, LEAD_F0),
};

size_t nfc_until(struct str s, size_t at)
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

static bool is_control(uint32_t cp)
{
    return (cp < 0x20 && cp != '\t' && cp != '\n') || cp == 0x7F;
}

static void put(char *out, size_t *n, const char *bytes, size_t length)
{
    if (out)
        memcpy(out + *n, bytes, length);
    *n += length;
}

/* Repairs what is ill-formed or a control into `out` (NULL: only measures).  Returns the length.
 * *closer becomes true when there is anything else that the automaton does not let pass. */
static size_t clean(struct str s, char *out, uint32_t *repairs, bool *closer)
{
    size_t n = 0;

    for (size_t at = 0; at < s.n;) {
        size_t plain = nfc_until(s, at), from = plain;
        bool ok = true;
        uint32_t cp;

        put(out, &n, s.p + at, plain - at);
        at = plain;
        if (at == s.n)
            break;
        cp = utf8_next(s, &at, &ok);
        if (!ok) {
            put(out, &n, "\xEF\xBF\xBD", 3);
        } else if (cp == '\r') {
            at += at < s.n && s.p[at] == '\n';
            put(out, &n, "\n", 1);
        } else if (is_control(cp)) {
            put(out, &n, " ", 1);
        } else {
            put(out, &n, s.p + from, at - from);
            *closer = true;
            continue;
        }
        ++*repairs;
    }
    return n;
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

struct sink {
    char *p;
    size_t n, room;
    uint32_t changes;
};

static bool sink_add(struct sink *sink, const char *bytes, size_t n)
{
    if (n > sink->room - sink->n)
        return false;
    if (n)
        memcpy(sink->p + sink->n, bytes, n);
    sink->n += n;
    return true;
}

/* Composes valid text; false when the sink's room does not suffice. */
static bool compose_into(const UNormalizer2 *nfc, struct str s, struct arena *scratch,
                         struct sink *sink)
{
    size_t done = 0;

    for (size_t at = nfc_until(s, 0); at < s.n; at = nfc_until(s, at)) {
        size_t start = at, end;
        struct str segment, composed;
        struct arena_mark mark = arena_mark(scratch);
        bool fits;

        if (!has_boundary_before(nfc, s, start)) /* a mark: its base is part of the segment */
            while (start > done && ((unsigned char)s.p[--start] & 0xC0) == 0x80)
                continue;
        end = segment_end(nfc, s, start);
        at = end;
        segment = str_part(s, start, end - start);
        if (segment_is_nfc(segment))
            continue;
        composed = compose(nfc, segment, scratch);
        fits = sink_add(sink, s.p + done, start - done) && sink_add(sink, composed.p, composed.n);
        sink->changes += !str_eq(segment, composed);
        arena_rewind(scratch, mark);
        if (!fits)
            return false;
        done = end;
    }
    return sink_add(sink, s.p + done, s.n - done);
}

static struct str compose_all(struct str s, struct arena *batch, uint32_t *repairs)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    size_t room = s.n;

    MUST(U_SUCCESS(status)); /* its data is linked into ICU */
    for (;;) {
        struct arena_mark mark = arena_mark(batch);
        struct sink sink = {.p = arena_alloc(batch, room + 1), .room = room};

        if (compose_into(nfc, s, batch, &sink)) {
            *repairs += sink.changes;
            if (sink.changes)
                return (struct str){sink.p, sink.n};
            arena_rewind(batch, mark);
            return s;
        }
        arena_rewind(batch, mark);
        room = s.n * 3; /* the most that NFC lengthens UTF-8 (UAX #15, FAQ) */
    }
}

/* The letter that `letter` and a mark behind it are in NFC, whatever else `letter` came from; 0
 * when that is none of Vietnamese.  `low` is the second byte of the mark, CC the first. */
static uint32_t with_mark(uint32_t letter, unsigned char low)
{
    switch (low) {
    case 0x80:
        return syllable_with_mark(letter, SYLLABLE_GRAVE);
    case 0x81:
        return syllable_with_mark(letter, SYLLABLE_ACUTE);
    case 0x82:
        return syllable_with_mark(letter, SYLLABLE_CIRCUMFLEX);
    case 0x83:
        return syllable_with_mark(letter, SYLLABLE_TILDE);
    case 0x86:
        return syllable_with_mark(letter, SYLLABLE_BREVE);
    case 0x89:
        return syllable_with_mark(letter, SYLLABLE_HOOK);
    case 0x9B:
        return syllable_with_mark(letter, SYLLABLE_HORN);
    case 0xA3:
        return syllable_with_mark(letter, SYLLABLE_DOT);
    default:
        return 0;
    }
}

/* Composes the last character of `out` with the mark; false when that is nothing of Vietnamese. */
static bool compose_last(struct sink *out, unsigned char low, size_t *changed)
{
    size_t start = out->n, at;
    uint32_t letter;

    if (start == 0)
        return false;
    do
        start--;
    while (((unsigned char)out->p[start] & 0xC0) == 0x80);
    at = start;
    letter = (unsigned char)out->p[start];
    if (letter >= 0x80)
        letter = utf8_next((struct str){out->p, out->n}, &at, NULL);
    letter = with_mark(letter, low);
    if (!letter)
        return false;
    out->changes += start != *changed;
    *changed = start;
    out->n = start + utf8_put(out->p + start, letter);
    return true;
}

/* Text that is plain but for the marks of Vietnamese letters, composed in one pass; false when it
 * is not so.  What is composed is never longer. */
static bool compose_vietnamese(struct str s, struct sink *out)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t changed = SIZE_MAX;
    uint64_t state = PLAIN;

    for (size_t at = 0; at < s.n; at++) {
        out->p[out->n++] = s.p[at];
        state = rows[p[at]] >> state & STATE_BITS;
        if (state != LOOK)
            continue;
        out->n--;
        if (p[at] != 0xCC || ++at == s.n || !compose_last(out, p[at], &changed))
            return false;
        state = PLAIN;
    }
    return state == PLAIN;
}

struct text nfc_text(struct str s, struct arena *batch, uint32_t *repairs)
{
    struct arena_mark mark = arena_mark(batch);
    struct sink sink = {.p = NULL};
    uint32_t unwanted = 0, changed = 0;
    bool closer = false;
    size_t n;

    if (!repairs)
        repairs = &unwanted;
    if (nfc_until(s, 0) == s.n)
        return (struct text){s.n ? s.p : "", s.n};
    sink.p = arena_alloc(batch, s.n + 4);
    if (compose_vietnamese(s, &sink)) {
        *repairs += sink.changes;
        return (struct text){sink.p, sink.n};
    }
    arena_rewind(batch, mark);
    n = clean(s, NULL, &changed, &closer);
    if (changed) {
        char *out = arena_alloc(batch, n + 1);

        clean(s, out, &unwanted, &closer);
        s = (struct str){out, n};
    }
    *repairs += changed;
    if (closer)
        s = compose_all(s, batch, repairs);
    return (struct text){s.p, s.n};
}
