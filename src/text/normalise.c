/* normalise.c - which repairs a text needs, and their order; see normalise.h.
 *
 * One scan (plain.h) over the bytes as they came passes nearly all text; what it stops at is looked
 * at here: whether it is valid and in NFC, a trace of a wrong encoding, without width, of another
 * script's form, or part of a word whose tone mark moves.
 */
#include "text/normalise.h"

#include "text/legacy.h"
#include "text/nfc.h"
#include "text/plain.h"
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

/* A repair seldom uncovers another: look-alikes in double encoding, then the tone. */
enum { ROUNDS = 8 };
enum {
    NEED_NFC = 1,
    NEED_LEGACY = 2,
    NEED_SKELETON = 4,
    NEED_TONE = 8,
    NEED_TONE_IF_VIETNAMESE = 16
};

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

    while (*at + 1 < s.n && (unsigned char)s.p[*at] >= 0xCD && (unsigned char)s.p[*at] <= 0xD4)
        *at += 2;
    return mixes || (*at < s.n && is_latin_lead((unsigned char)s.p[*at]));
}

/* Of what the scan stops at. */
static bool may_pretend(uint32_t cp)
{
    if (cp >= 0xFEFF)
        return cp == 0xFEFF || (cp >= 0xFF01 && cp <= 0xFF5E);
    return cp == 0xAD || cp == 0xD0 || cp == 0xF0 || cp == 0x189 ||
           (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x202A && cp <= 0x202E) || cp == 0x2060 ||
           (cp >= 0x2066 && cp <= 0x2069);
}

static bool may_be_legacy(uint32_t cp)
{
    return cp == '^' || (cp > 0x7F && cp < 0x100 && cp != 0xA0 && cp != 0xB0 && cp != 0xB2 &&
                         !syllable_letter(cp));
}

static int need_of_tone(struct str s, size_t at)
{
    static const int needs[] = {[TONE_STAYS] = 0,
                                [TONE_MOVES] = NEED_TONE,
                                [TONE_MOVES_IN_VIETNAMESE] = NEED_TONE_IF_VIETNAMESE};

    return needs[tone_moves(s, at)];
}

/* What the characters from *at on ask for where the scan stopped; moves *at to where it goes on. */
static int needs_at(struct str s, size_t *at, bool composed)
{
    int needs = need_of_tone(s, *at);
    size_t end = plain_resume(s, *at);

    if (!composed && nfc_until((struct str){s.p, end}, *at) < end)
        return NEED_NFC;
    while (*at < end) {
        size_t start = *at;
        uint32_t cp = utf8_next(s, at, NULL);

        if (cp >= 0x370 && cp < 0x530) {
            *at = start;
            needs |= mixes_scripts(s, at) ? NEED_SKELETON : 0;
            if (*at == start)
                utf8_next(s, at, NULL);
        }
        needs |= (may_be_legacy(cp) ? NEED_LEGACY : 0) | (may_pretend(cp) ? NEED_SKELETON : 0);
    }
    return needs;
}

/* What a text asks for; at least NEED_NFC when it may be ill-formed or not `composed`. */
static int needs_of(struct str s, bool composed)
{
    int needs = 0;

    for (size_t at = plain_until(s, 0, PLAIN_BEST); at < s.n; at = plain_until(s, at, PLAIN_BEST)) {
        needs |= needs_at(s, &at, composed);
        if (needs & NEED_NFC)
            return needs;
    }
    if (s.n && (unsigned char)s.p[s.n - 1] >= 0x80)
        needs |= need_of_tone(s, s.n);
    if ((needs & NEED_TONE_IF_VIETNAMESE) && !(needs & NEED_TONE) && tone_is_vietnamese(s))
        needs |= NEED_TONE;
    return needs & ~NEED_TONE_IF_VIETNAMESE;
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

/* Text in NFC of any bytes, the encodings before Unicode read where it is no UTF-8. */
static struct text compose(struct str bytes, struct arena *batch, struct normalise_counts *counts)
{
    uint32_t places = 0;
    struct text text = nfc_text(bytes, batch, &places);

    if (places && !utf8_valid(bytes)) {
        places = 0;
        text = nfc_text(repair_legacy(bytes, batch, counts), batch, &places);
    }
    counts->of[NORMALISE_NFC] += places;
    return text;
}

/* Moving marks leaves NFC what it was; the other repairs do not. */
static struct text repair(struct str s, int needs, struct arena *batch,
                          struct normalise_counts *counts)
{
    if (needs & NEED_LEGACY)
        s = repair_legacy(s, batch, counts);
    if (needs & NEED_SKELETON)
        s = repair_skeleton(s, batch, counts);
    if (needs & (NEED_LEGACY | NEED_SKELETON)) {
        struct text text = nfc_text(s, batch, NULL);

        s = (struct str){text.p, text.n};
    }
    if (needs & NEED_TONE)
        s = tone_place(s, batch, &counts->of[NORMALISE_TONE]);
    return (struct text){s.p, s.n};
}

struct text normalise_text(struct str bytes, struct arena *batch, struct normalise_counts *counts)
{
    struct text text = {bytes.n ? bytes.p : "", bytes.n};
    int needs = bytes.n ? needs_of(bytes, false) : 0;

    if (needs & NEED_NFC) {
        text = compose(bytes, batch, counts);
        needs = needs_of((struct str){text.p, text.n}, true);
    }
    for (int round = 0; needs && round < ROUNDS; round++) {
        struct str s = {text.p, text.n};

        text = repair(s, needs, batch, counts);
        if (str_eq(s, (struct str){text.p, text.n}))
            break;
        needs = needs_of((struct str){text.p, text.n}, true);
    }
    return text;
}
