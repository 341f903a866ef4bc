/* normalise.c - which repairs a text needs, and their order; see normalise.h.
 *
 * One scan (plain.h) over the bytes as they came passes nearly all text; what it stops at is looked
 * at here: whether it is valid and in NFC, a trace of a wrong encoding, without width, of another
 * script's form, or part of a word whose tone mark moves.  Tone marks, line ends and controls are
 * mended in that same reading: the text in between is copied, and what comes out asks for nothing
 * more, because no mend reaches beyond its word.  All else is repaired in order and read again.
 */
#include "text/normalise.h"

#include "text/legacy.h"
#include "text/nfc.h"
#include "text/plain.h"
#include "text/skeleton.h"
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
    NEED_TONE = 8 /* a word waited for the text to be Vietnamese, which a moved mark can decide */
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
    return cp == 0xAD || (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x202A && cp <= 0x202E) ||
           cp == 0x2060 || (cp >= 0x2066 && cp <= 0x2069);
}

static bool may_be_legacy(uint32_t cp)
{
    return cp == '^' || (cp > 0x7F && cp < 0x100 && cp != 0xA0 && cp != 0xB0 && cp != 0xB2 &&
                         !syllable_letter(cp));
}

/* A reading of a text: what it asks for, and the text as mended on the way. */
struct reading {
    struct str s;
    int needs;
    struct arena *batch;
    char *out; /* NULL while nothing is mended; then s[0, done) is in it */
    size_t n, done;
    uint32_t places, tones, strokes;
    enum { UNKNOWN, OTHER, VIETNAMESE } tongue;
};

/* `bytes` stand for s[start, end). */
static void mend(struct reading *r, size_t start, size_t end, struct str bytes)
{
    if (!r->out) /* oá, three bytes, becomes óa or ọa, four */
        r->out = arena_room(r->batch, r->s.n + r->s.n / 2 + 4, 1);
    memcpy(r->out + r->n, r->s.p + r->done, start - r->done);
    r->n += start - r->done;
    memcpy(r->out + r->n, bytes.p, bytes.n);
    r->n += bytes.n;
    r->done = end;
}

static bool is_vietnamese(struct reading *r)
{
    if (r->tongue == UNKNOWN)
        r->tongue = tone_is_vietnamese(r->s) ? VIETNAMESE : OTHER;
    return r->tongue == VIETNAMESE;
}

/* Whether the bytes before `end`, which no letter follows, end in a vowel with a tone behind
 * another vowel, which alone can have to move there. */
static bool may_end_misplaced(struct str s, size_t end)
{
    size_t last = end, at;
    uint32_t cp;

    if (end == 0 || (unsigned char)s.p[end - 1] < 0x80)
        return false;
    do
        last--;
    while (last > 0 && ((unsigned char)s.p[last] & 0xC0) == 0x80);
    at = last;
    cp = utf8_next(s, &at, NULL);
    return last > 0 &&
           ((unsigned char)s.p[last - 1] >= 0x80 ||
            syllable_numbers[(unsigned char)s.p[last - 1]]) &&
           syllable_with_tone(cp, 0) != cp;
}

/* Whether the word at *at, or before it, is mended; *at then moves behind it. */
static bool mend_tone(struct reading *r, size_t *at)
{
    struct tone_word word;
    enum tone_move move;

    if ((r->out && *at == r->done) ||
        (*at < r->s.n && (unsigned char)r->s.p[*at] < 'A' && !may_end_misplaced(r->s, *at)))
        return false;
    move = tone_moves(r->s, *at, &word);
    if (move == TONE_MOVES_IN_VIETNAMESE && !is_vietnamese(r)) {
        r->needs |= NEED_TONE;
        return false;
    }
    if (move == TONE_STAYS)
        return false;
    mend(r, word.start, word.end, (struct str){word.moved, word.n});
    r->tones++;
    *at = word.end;
    return true;
}

/* The same of a line end or a control at *at; nfc.h tells what they become. */
static bool mend_control(struct reading *r, size_t *at)
{
    unsigned char byte = (unsigned char)r->s.p[*at];
    size_t end = *at + 1;

    if ((byte >= ' ' && byte != 0x7F) || byte == '\n' || byte == '\t')
        return false;
    if (byte == '\r' && end < r->s.n && r->s.p[end] == '\n')
        end++;
    mend(r, *at, end, byte == '\r' ? STR("\n") : STR(" "));
    r->places++;
    *at = end;
    return true;
}

/* The same of the eth at *at that should be đ; skeleton.h tells which. */
static bool mend_stroke(struct reading *r, size_t *at)
{
    char stroked[SKELETON_WORD];
    size_t n = skeleton_stroke(r->s, *at, stroked);
    struct str word = {stroked, n};
    struct tone_word moved;

    if (n == 0)
        return false;
    if (r->tongue == OTHER) { /* which it no longer is */
        r->needs |= NEED_SKELETON;
        return false;
    }
    r->tongue = VIETNAMESE;
    if (tone_moves(word, 0, &moved) != TONE_STAYS) {
        word = (struct str){moved.moved, moved.n};
        r->tones++;
    }
    mend(r, *at, *at + n, word);
    r->strokes++;
    *at += n;
    return true;
}

/* What the characters from *at on ask for where the scan stopped; moves *at to where it goes on. */
static int needs_at(struct str s, size_t *at, bool composed)
{
    size_t end = plain_resume(s, *at);
    int needs = 0;

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

/* Goes on at `at`, where the scan stopped.  `composed`: known to be valid and in NFC.  With
 * NEED_NFC the reading ends where that shows. */
static void read_on(struct reading *r, struct plain_scan *scan, size_t at, bool composed)
{
    for (; at < r->s.n; at = plain_until(scan, at)) {
        if (mend_tone(r, &at) || mend_control(r, &at) || mend_stroke(r, &at))
            continue;
        r->needs |= needs_at(r->s, &at, composed);
        if (r->needs & NEED_NFC)
            return;
    }
    if (may_end_misplaced(r->s, r->s.n))
        mend_tone(r, &(size_t){r->s.n});
    if (!r->tones)
        r->needs &= ~NEED_TONE;
    if ((r->needs & NEED_LEGACY) && !legacy_may_be(r->s))
        r->needs &= ~NEED_LEGACY;
}

static struct reading read_text(struct str s, bool composed, struct arena *batch)
{
    struct plain_scan scan = {.s = s};
    struct reading r = {.s = s, .batch = batch};

    read_on(&r, &scan, plain_until(&scan, 0), composed);
    return r;
}

/* What came of the reading. */
static struct text mended(struct reading *r, struct normalise_counts *counts)
{
    counts->of[NORMALISE_NFC] += r->places;
    counts->of[NORMALISE_TONE] += r->tones;
    counts->of[NORMALISE_LOOK_ALIKE] += r->strokes;
    if (!r->out)
        return (struct text){r->s.n ? r->s.p : "", r->s.n};
    memcpy(r->out + r->n, r->s.p + r->done, r->s.n - r->done);
    return (struct text){r->out, r->n + r->s.n - r->done};
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

    /* Ill-formed bytes leave U+FFFD, EF BF BD. */
    if (places && memchr(text.p, 0xEF, text.n) && !utf8_valid(bytes)) {
        places = 0;
        text = nfc_text(repair_legacy(bytes, batch, counts), batch, &places);
    }
    counts->of[NORMALISE_NFC] += places;
    return text;
}

static struct str repair(struct str s, int needs, struct arena *batch,
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
    return s;
}

struct text normalise_text(struct str bytes, struct arena *batch, struct normalise_counts *counts)
{
    struct plain_scan scan = {.s = bytes};
    struct reading r;
    struct text text = {bytes.p ? bytes.p : "", bytes.n};
    bool is_in = false; /* whether `text` has what the last reading mended */
    size_t at = plain_until(&scan, 0);

    if (at == bytes.n && !may_end_misplaced(bytes, at))
        return text;
    r = (struct reading){.s = bytes, .batch = batch};
    read_on(&r, &scan, at, false);
    if ((r.needs & NEED_NFC) || (r.needs && r.places)) {
        text = compose(bytes, batch, counts);
        r = read_text((struct str){text.p, text.n}, true, batch);
    }
    if (!r.needs)
        return mended(&r, counts);
    for (int round = 0; r.needs && round < ROUNDS; round++) {
        struct str before = {text.p, text.n}, repaired = repair(before, r.needs, batch, counts);

        bool due = r.tones > 0 && !is_in;

        r = read_text(repaired, true, batch);
        text = (struct text){repaired.p, repaired.n};
        is_in = due || !r.needs || str_eq(before, repaired);
        if (!is_in)
            continue; /* what pretends may yet join two words */
        text = mended(&r, counts);
        if (str_eq(before, (struct str){text.p, text.n}))
            break;
    }
    return text;
}
