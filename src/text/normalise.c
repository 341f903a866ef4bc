/* normalise.c - which repairs a text needs, and their order; see normalise.h.
 *
 * The need-check is a shift-based automaton as in nfc.c, over text that is known to be NFC.  Its
 * state LOOK is absorbing and means: a character that may be a trace of a wrong encoding, may have
 * no width or another script's form, or ends a word behind oà and its like.
 */
#include "text/normalise.h"

#include "text/legacy.h"
#include "text/nfc.h"
#include "text/skeleton.h"
#include "text/syllable.h"
#include "text/tone.h"

#include <string.h>

const char *const normalise_names[NORMALISE_KINDS] = {
    [NORMALISE_NFC] = "nfc",
    [NORMALISE_TWICE] = "utf8_twice",
    [NORMALISE_TCVN3] = "tcvn3",
    [NORMALISE_VNI] = "vni",
    [NORMALISE_VISCII] = "viscii",
    [NORMALISE_1258] = "windows_1258",
    [NORMALISE_VIQR] = "viqr",
    [NORMALISE_INVISIBLE] = "invisible",
    [NORMALISE_FULL_WIDTH] = "full_width",
    [NORMALISE_LOOK_ALIKE] = "look_alike",
    [NORMALISE_TONE] = "tone",
};

/* States: what the last bytes were. */
enum {
    LOOK = 0,
    PLAIN = 6,
    OU = 12, /* o or u, of either case */
    OU_C3 = 18,
    OU_E1 = 24,
    OU_BA = 30,
    OU_BB = 36,
    ANY_C3 = 42,
    E2 = 48,
    E2_80 = 54, /* or 81 */
    TONED = 60, /* a toned a, e, y behind o, u; its field has four bits: LOOK, PLAIN or OU */
    STATE_BITS = 63,
};

#define GO(from, to) ((uint64_t)(to) << (from))
#define OFF(from) GO(from, STATE_BITS)
/* Between characters, and within. */
#define LEAD(to, behind_ou) (GO(PLAIN, to) | GO(OU, behind_ou))
#define TAIL                                                                                       \
    (GO(PLAIN, PLAIN) | GO(OU_C3, PLAIN) | GO(OU_E1, PLAIN) | GO(OU_BA, PLAIN) |                   \
     GO(OU_BB, PLAIN) | GO(ANY_C3, PLAIN) | GO(E2, PLAIN) | GO(E2_80, PLAIN))

/* Stops are: behind C3 what Vietnamese has not; behind E2 80 and 81 what has no width (and some
 * punctuation); behind a toned a, e, y that follows o, u all but an ASCII letter.  Rows that are
 * all zero are left out: '^', C2, Greek and Cyrillic (CE to D4), EF. */
static const uint64_t rows[256] = {
    [0x00 ... 0x40] = LEAD(PLAIN, PLAIN),
    ['A' ... 'N'] = LEAD(PLAIN, PLAIN) | GO(TONED, PLAIN),
    ['O'] = LEAD(OU, OU) | GO(TONED, OU),
    ['P' ... 'T'] = LEAD(PLAIN, PLAIN) | GO(TONED, PLAIN),
    ['U'] = LEAD(OU, OU) | GO(TONED, OU),
    ['V' ... 'Z'] = LEAD(PLAIN, PLAIN) | GO(TONED, PLAIN),
    [0x5B ... 0x5D] = LEAD(PLAIN, PLAIN),
    [0x5F ... 0x60] = LEAD(PLAIN, PLAIN),
    ['a' ... 'n'] = LEAD(PLAIN, PLAIN) | GO(TONED, PLAIN),
    ['o'] = LEAD(OU, OU) | GO(TONED, OU),
    ['p' ... 't'] = LEAD(PLAIN, PLAIN) | GO(TONED, PLAIN),
    ['u'] = LEAD(OU, OU) | GO(TONED, OU),
    ['v' ... 'z'] = LEAD(PLAIN, PLAIN) | GO(TONED, PLAIN),
    [0x7B ... 0x7F] = LEAD(PLAIN, PLAIN),
    [0x80 ... 0x81] = (TAIL & ~(OFF(OU_C3) | OFF(E2))) | GO(OU_C3, TONED) | GO(E2, E2_80),
    [0x82] = TAIL,
    [0x83] = (TAIL & ~OFF(OU_C3)) | GO(OU_C3, TONED),
    [0x84 ... 0x87] = TAIL & ~(OFF(OU_C3) | OFF(ANY_C3)),
    [0x88 ... 0x89] = (TAIL & ~OFF(OU_C3)) | GO(OU_C3, TONED),
    [0x8A] = TAIL,
    [0x8B] = TAIL & ~(OFF(OU_C3) | OFF(ANY_C3) | OFF(E2_80)),
    [0x8C ... 0x8D] = TAIL & ~OFF(E2_80),
    [0x8E ... 0x8F] = TAIL & ~(OFF(OU_C3) | OFF(ANY_C3) | OFF(E2_80)),
    [0x90 ... 0x91] = TAIL & ~(OFF(OU_C3) | OFF(ANY_C3)),
    [0x92 ... 0x95] = TAIL,
    [0x96 ... 0x98] = TAIL & ~(OFF(OU_C3) | OFF(ANY_C3)),
    [0x99 ... 0x9A] = TAIL,
    [0x9B ... 0x9C] = TAIL & ~(OFF(OU_C3) | OFF(ANY_C3)),
    [0x9D] = (TAIL & ~OFF(OU_C3)) | GO(OU_C3, TONED),
    [0x9E ... 0x9F] = TAIL & ~(OFF(OU_C3) | OFF(ANY_C3)),
    [0xA0] = (TAIL & ~(OFF(OU_C3) | OFF(OU_BA) | OFF(E2_80))) | GO(OU_C3, TONED) | GO(OU_BA, TONED),
    [0xA1] = (TAIL & ~(OFF(OU_C3) | OFF(OU_BA))) | GO(OU_C3, TONED) | GO(OU_BA, TONED),
    [0xA2] = (TAIL & ~OFF(OU_BA)) | GO(OU_BA, TONED),
    [0xA3] = (TAIL & ~(OFF(OU_C3) | OFF(OU_BA))) | GO(OU_C3, TONED) | GO(OU_BA, TONED),
    [0xA4 ... 0xA5] = TAIL & ~(OFF(OU_C3) | OFF(ANY_C3)),
    [0xA6 ... 0xA7] = TAIL & ~(OFF(OU_C3) | OFF(ANY_C3) | OFF(E2_80)),
    [0xA8 ... 0xA9] = (TAIL & ~(OFF(OU_C3) | OFF(E2_80))) | GO(OU_C3, TONED),
    [0xAA] = TAIL & ~OFF(E2_80),
    [0xAB] = TAIL & ~(OFF(OU_C3) | OFF(ANY_C3) | OFF(E2_80)),
    [0xAC ... 0xAD] = TAIL & ~OFF(E2_80),
    [0xAE] = TAIL & ~(OFF(OU_C3) | OFF(ANY_C3) | OFF(E2_80)),
    [0xAF ... 0xB1] = TAIL & ~(OFF(OU_C3) | OFF(ANY_C3)),
    [0xB2 ... 0xB5] = (TAIL & ~OFF(OU_BB)) | GO(OU_BB, TONED),
    [0xB6 ... 0xB7] = (TAIL & ~(OFF(OU_C3) | OFF(ANY_C3) | OFF(OU_BB))) | GO(OU_BB, TONED),
    [0xB8] = (TAIL & ~(OFF(OU_C3) | OFF(ANY_C3) | OFF(OU_BA) | OFF(OU_BB))) | GO(OU_BA, TONED) |
             GO(OU_BB, TONED),
    [0xB9] = (TAIL & ~(OFF(OU_BA) | OFF(OU_BB))) | GO(OU_BA, TONED) | GO(OU_BB, TONED),
    [0xBA] = (TAIL & ~(OFF(OU_BA) | OFF(OU_E1))) | GO(OU_BA, TONED) | GO(OU_E1, OU_BA),
    [0xBB] = (TAIL & ~(OFF(OU_C3) | OFF(ANY_C3) | OFF(OU_BA) | OFF(OU_E1))) | GO(OU_BA, TONED) |
             GO(OU_E1, OU_BB),
    [0xBC] = (TAIL & ~(OFF(OU_C3) | OFF(ANY_C3) | OFF(OU_BA))) | GO(OU_BA, TONED),
    [0xBD] = (TAIL & ~(OFF(OU_C3) | OFF(OU_BA))) | GO(OU_C3, TONED) | GO(OU_BA, TONED),
    [0xBE ... 0xBF] = TAIL & ~(OFF(OU_C3) | OFF(ANY_C3)),
    [0xC3] = LEAD(ANY_C3, OU_C3),
    [0xC4 ... 0xCD] = LEAD(PLAIN, PLAIN),
    [0xD5 ... 0xE0] = LEAD(PLAIN, PLAIN),
    [0xE1] = LEAD(PLAIN, OU_E1),
    [0xE2] = LEAD(E2, E2),
    [0xE3 ... 0xEE] = LEAD(PLAIN, PLAIN),
    [0xF0 ... 0xF4] = LEAD(PLAIN, PLAIN),
};

/* Offset of the first character at or behind `at` that the automaton stops at; s.n without one. */
static size_t find_look(struct str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p;
    uint64_t state = PLAIN, before = PLAIN;

    if (at > 0 && strchr("oOuU", p[at - 1]))
        before = state = OU;
    while (at + 16 <= s.n) {
        for (int i = 0; i < 16; i++)
            state = rows[p[at + (size_t)i]] >> (state & STATE_BITS);
        state &= STATE_BITS;
        if (state == LOOK)
            break;
        at += 16;
        before = state;
    }
    for (state = before; at < s.n; at++) {
        state = rows[p[at]] >> state & STATE_BITS;
        if (state == LOOK)
            break;
    }
    while (at < s.n && (p[at] & 0xC0) == 0x80)
        at--;
    return at;
}

/* A repair seldom uncovers another: look-alikes in double encoding, then the tone. */
enum { ROUNDS = 8 };
enum { NEED_LEGACY = 1, NEED_SKELETON = 2, NEED_TONE = 4 };

static bool is_latin_lead(unsigned char byte)
{
    return ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || (byte >= 0xC3 && byte <= 0xC9) ||
           byte == 0xE1;
}

/* Skips Greek and Cyrillic from *at on; whether Latin touches them. */
static bool mixes_scripts(struct str s, size_t *at)
{
    bool mixes = *at > 0 && ((unsigned char)s.p[*at - 1] >= 0x80 ||
                             is_latin_lead((unsigned char)s.p[*at - 1]));

    while (*at < s.n && (unsigned char)s.p[*at] >= 0xCD && (unsigned char)s.p[*at] <= 0xD4)
        *at += 2;
    return mixes || (*at < s.n && is_latin_lead((unsigned char)s.p[*at]));
}

/* Whether a word ends before `at` whose tone mark has to move. */
static bool moves_before(struct str s, size_t at)
{
    size_t last = at;

    if (at < 3 || (unsigned char)s.p[at - 1] < 0x80)
        return false;
    do
        last--;
    while (((unsigned char)s.p[last] & 0xC0) == 0x80);
    return last > 0 && strchr("oOuU", s.p[last - 1]) && tone_moves(s, last - 1);
}

static bool may_pretend(uint32_t cp)
{
    if (cp >= 0xFEFF)
        return cp == 0xFEFF || (cp >= 0xFF01 && cp <= 0xFF5E);
    return cp == 0xAD || (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x202A && cp <= 0x202E) ||
           cp == 0x2060 || (cp >= 0x2066 && cp <= 0x2069);
}

/* What the character at *at, where the automaton stopped, asks for; moves *at on. */
static int need_at(struct str s, size_t *at)
{
    size_t start = *at;
    uint32_t cp = utf8_next(s, at, NULL);
    int needs = moves_before(s, start) ? NEED_TONE : 0;

    if (cp >= 0x370 && cp < 0x530) {
        *at = start;
        return needs | (mixes_scripts(s, at) ? NEED_SKELETON : 0);
    }
    if (cp == '^' ||
        (cp > 0x7F && cp < 0x100 && cp != 0xA0 && cp != 0xB0 && cp != 0xB2 && !syllable_letter(cp)))
        needs |= NEED_LEGACY;
    return needs | (may_pretend(cp) ? NEED_SKELETON : 0);
}

static int needs_of(struct str s)
{
    int needs = 0;

    for (size_t at = find_look(s, 0); at < s.n; at = find_look(s, at))
        needs |= need_at(s, &at);
    return needs | (moves_before(s, s.n) ? NEED_TONE : 0);
}

static struct str repair_legacy(struct str s, struct arena *batch, struct normalise_counts *counts)
{
    static const enum normalise_kind kinds[LEGACIES] = {
        [LEGACY_TCVN3] = NORMALISE_TCVN3,   [LEGACY_VNI] = NORMALISE_VNI,
        [LEGACY_VISCII] = NORMALISE_VISCII, [LEGACY_1258] = NORMALISE_1258,
        [LEGACY_VIQR] = NORMALISE_VIQR,
    };
    struct legacy_counts legacy = {.twice = 0};

    s = legacy_repair(s, batch, &legacy);
    for (int i = 0; i < LEGACIES; i++)
        counts->of[kinds[i]] += legacy.lines[i];
    counts->of[NORMALISE_TWICE] += legacy.twice;
    return s;
}

static struct str repair_skeleton(struct str s, struct arena *batch,
                                  struct normalise_counts *counts)
{
    struct skeleton_counts skeleton = {.invisible = 0};

    s = skeleton_text(s, batch, &skeleton);
    counts->of[NORMALISE_INVISIBLE] += skeleton.invisible;
    counts->of[NORMALISE_FULL_WIDTH] += skeleton.full_width;
    counts->of[NORMALISE_LOOK_ALIKE] += skeleton.look_alike;
    return s;
}

struct text normalise_text(struct str bytes, struct arena *batch, struct normalise_counts *counts)
{
    uint32_t places = 0;
    struct text text = nfc_text(bytes, batch, &places);

    if (places && !utf8_valid(bytes)) {
        places = 0;
        text = nfc_text(repair_legacy(bytes, batch, counts), batch, &places);
    }
    counts->of[NORMALISE_NFC] += places;
    for (int round = 0; round < ROUNDS; round++) {
        struct str s = {text.p, text.n}, repaired = s;
        int needs = needs_of(s);

        if (!needs)
            break;
        if (needs & NEED_LEGACY)
            repaired = repair_legacy(repaired, batch, counts);
        if (needs & NEED_SKELETON)
            repaired = repair_skeleton(repaired, batch, counts);
        text = nfc_text(repaired, batch, NULL);
        if (needs & NEED_TONE)
            text = nfc_text(
                tone_place((struct str){text.p, text.n}, batch, &counts->of[NORMALISE_TONE]), batch,
                NULL);
        if (str_eq(s, (struct str){text.p, text.n}))
            break;
    }
    return text;
}
