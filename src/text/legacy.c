/* legacy.c - reading the encodings from before Unicode; see legacy.h.
 *
 * Each encoding turns the units of a line (bytes, or code points that windows-1252 has) into code
 * points, marks as combining characters, and NFC composes them.  Whether the result is Vietnamese
 * is asked of its words (syllable.h).  Random letters seldom make four Vietnamese syllables in a
 * row: text in French, German or Danish, whatever its encoding, fails on its words without marks.
 */
#include "text/legacy.h"

#include "base/utf8.h"
#include "text/fold.h"
#include "text/nfc.h"
#include "text/syllable.h"

#include <string.h>

/* What windows-1252 has at 0x80..0x9F; the five free places are controls, as browsers do it. */
static const uint16_t windows_1252[] = {
    0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
    0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};
static const uint16_t tcvn3[] =
    {
        0x102,  0xC2,   0xCA,   0xD4,   0x1A0,  0x1AF,  0x110,  0x103,  0xE2,   0xEA,   0xF4,
        0x1A1,  0x1B0,  0x111,  0x1EB0, 0,      0,      0,      0,      0,      0xE0,   0x1EA3,
        0xE3,   0xE1,   0x1EA1, 0x1EB2, 0x1EB1, 0x1EB3, 0x1EB5, 0x1EAF, 0x1EB4, 0x1EAE, 0x1EA6,
        0x1EA8, 0x1EAA, 0x1EA4, 0x1EC0, 0x1EB7, 0x1EA7, 0x1EA9, 0x1EAB, 0x1EA5, 0x1EAD, 0xE8,
        0x1EC2, 0x1EBB, 0x1EBD, 0xE9,   0x1EB9, 0x1EC1, 0x1EC3, 0x1EC5, 0x1EBF, 0x1EC7, 0xEC,
        0x1EC9, 0x1EC4, 0x1EBE, 0x1ED2, 0x129,  0xED,   0x1ECB, 0xF2,   0x1ED4, 0x1ECF, 0xF5,
        0xF3,   0x1ECD, 0x1ED3, 0x1ED5, 0x1ED7, 0x1ED1, 0x1ED9, 0x1EDD, 0x1EDF, 0x1EE1, 0x1EDB,
        0x1EE3, 0xF9,   0x1ED6, 0x1EE7, 0x169,  0xFA,   0x1EE5, 0x1EEB, 0x1EED, 0x1EEF, 0x1EE9,
        0x1EF1, 0x1EF3, 0x1EF7, 0x1EF9, 0xFD,   0x1EF5, 0x1ED0}; /* from 0xA1 */
static const uint16_t viscii[] = {
    0x1EA0, 0x1EAE, 0x1EB0, 0x1EB6, 0x1EA4, 0x1EA6, 0x1EA8, 0x1EAC, 0x1EBC, 0x1EB8, 0x1EBE, 0x1EC0,
    0x1EC2, 0x1EC4, 0x1EC6, 0x1ED0, 0x1ED2, 0x1ED4, 0x1ED6, 0x1ED8, 0x1EE2, 0x1EDA, 0x1EDC, 0x1EDE,
    0x1ECA, 0x1ECE, 0x1ECC, 0x1EC8, 0x1EE6, 0x168,  0x1EE4, 0x1EF2, 0xD5,   0x1EAF, 0x1EB1, 0x1EB7,
    0x1EA5, 0x1EA7, 0x1EA9, 0x1EAD, 0x1EBD, 0x1EB9, 0x1EBF, 0x1EC1, 0x1EC3, 0x1EC5, 0x1EC7, 0x1ED1,
    0x1ED3, 0x1ED5, 0x1ED7, 0x1EE0, 0x1A0,  0x1ED9, 0x1EDD, 0x1EDF, 0x1ECB, 0x1EF0, 0x1EE8, 0x1EEA,
    0x1EEC, 0x1A1,  0x1EDB, 0x1AF,  0xC0,   0xC1,   0xC2,   0xC3,   0x1EA2, 0x102,  0x1EB3, 0x1EB5,
    0xC8,   0xC9,   0xCA,   0x1EBA, 0xCC,   0xCD,   0x128,  0x1EF3, 0x110,  0x1EE9, 0xD2,   0xD3,
    0xD4,   0x1EA1, 0x1EF7, 0x1EEB, 0x1EED, 0xD9,   0xDA,   0x1EF9, 0x1EF5, 0xDD,   0x1EE1, 0x1B0,
    0xE0,   0xE1,   0xE2,   0xE3,   0x1EA3, 0x103,  0x1EEF, 0x1EAB, 0xE8,   0xE9,   0xEA,   0x1EBB,
    0xEC,   0xED,   0x129,  0x1EC9, 0x111,  0x1EF1, 0xF2,   0xF3,   0xF4,   0xF5,   0x1ECF, 0x1ECD,
    0x1EE5, 0xF9,   0xFA,   0x169,  0x1EE7, 0xFD,   0x1EE3, 0x1EEE}; /* from 0x80 */
static const uint16_t windows_1258[64] = {
    [0x3] = 0x102,  [0xC] = 0x300,  [0x10] = 0x110, [0x12] = 0x309, [0x15] = 0x1A0,
    [0x1D] = 0x1AF, [0x1E] = 0x303, [0x23] = 0x103, [0x2C] = 0x301, [0x30] = 0x111,
    [0x32] = 0x323, [0x35] = 0x1A1, [0x3D] = 0x1B0, [0x3E] = 0x20AB}; /* from 0xC0 */
static const uint16_t vni_letters[64] = {
    [0x6] = 0x1EC8,  [0xC] = 0xCC,   [0xD] = 0xCD,    [0xE] = 0x1EF4, [0x11] = 0x110,
    [0x12] = 0x1ECA, [0x13] = 0x128, [0x14] = 0x1A0,  [0x16] = 0x1AF, [0x26] = 0x1EC9,
    [0x2C] = 0xEC,   [0x2D] = 0xED,  [0x2E] = 0x1EF5, [0x31] = 0x111, [0x32] = 0x1ECB,
    [0x33] = 0x129,  [0x34] = 0x1A1, [0x36] = 0x1B0}; /* from 0xC0 */
/* Small ones, from 0xE0; capitals are 0x20 lower. */
static const uint16_t vni_marks[32][2] = {
    [0x0] = {0x302, 0x300}, [0x1] = {0x302, 0x301}, [0x2] = {0x302},         [0x3] = {0x302, 0x303},
    [0x4] = {0x302, 0x323}, [0x5] = {0x302, 0x309}, [0x8] = {0x306, 0x300},  [0x9] = {0x306, 0x301},
    [0xA] = {0x306},        [0xB] = {0x306, 0x323}, [0xF] = {0x323},         [0x15] = {0x303},
    [0x18] = {0x300},       [0x19] = {0x301},       [0x1A] = {0x306, 0x309}, [0x1B] = {0x309},
    [0x1C] = {0x306, 0x303}};

struct line {
    struct str bytes;
    bool raw; /* not UTF-8: every byte is a unit */
};

/* The byte that windows-1252 has for a code point; 0 when there is none. */
static uint8_t byte_of(uint32_t cp)
{
    if (cp < 0x100)
        return (uint8_t)cp;
    for (size_t i = 0; i < sizeof windows_1252 / sizeof *windows_1252; i++)
        if (windows_1252[i] == cp)
            return (uint8_t)(0x80 + i);
    return 0;
}

/* The unit at *at: its code point, and its byte. */
static uint32_t next_unit(const struct line *line, size_t *at, uint8_t *byte)
{
    uint32_t cp;

    if (line->raw) {
        *byte = (uint8_t)line->bytes.p[(*at)++];
        return *byte >= 0x80 && *byte < 0xA0 ? windows_1252[*byte - 0x80] : *byte;
    }
    cp = utf8_next(line->bytes, at, NULL);
    *byte = byte_of(cp);
    return cp;
}

static uint32_t letter_of(enum legacy encoding, uint8_t byte)
{
    if (encoding == LEGACY_TCVN3)
        return byte >= 0xA1 ? tcvn3[byte - 0xA1] : 0;
    if (encoding == LEGACY_VISCII)
        return byte >= 0x80 ? viscii[byte - 0x80] : 0;
    if (byte < 0xC0)
        return 0;
    return encoding == LEGACY_VNI ? vni_letters[byte - 0xC0] : windows_1258[byte - 0xC0];
}

/* Writes the marks that the byte stands for behind a vowel; returns the length. */
static size_t put_vni_marks(char *out, uint8_t byte)
{
    const uint16_t *marks = vni_marks[byte & 0x1F];
    size_t n = 0;

    for (int i = 0; byte >= 0xC0 && i < 2 && marks[i]; i++)
        n += utf8_put(out + n, marks[i]);
    return n;
}

static bool takes_vni_marks(uint8_t byte)
{
    return byte && strchr("aeouyAEOUY\xF4\xF6\xD4\xD6", byte);
}

/* Returns the length; at most four bytes a unit. */
static size_t decode(enum legacy encoding, const struct line *line, char *out)
{
    uint8_t byte, before = 0;
    size_t n = 0;

    for (size_t at = 0; at < line->bytes.n; before = byte) {
        uint32_t cp = next_unit(line, &at, &byte), letter;
        size_t marks = 0;

        if (encoding == LEGACY_VNI && takes_vni_marks(before))
            marks = put_vni_marks(out + n, byte);
        n += marks;
        if (marks)
            continue;
        letter = letter_of(encoding, byte);
        n += utf8_put(out + n, letter ? letter : cp);
    }
    return n;
}

/* Whether the stop, question mark or quote at `at` may be a tone: no sentence ends there. */
static bool may_be_tone(struct str s, size_t at)
{
    if (s.p[at] == '`' || s.p[at] == '~')
        return true;
    if (!strchr("'?.", s.p[at]) || at + 1 == s.n)
        return false;
    if (s.p[at] == '\'' || s.p[at + 1] != ' ' || at + 2 == s.n)
        return s.p[at + 1] != '.';
    return s.p[at + 2] >= 'a' && s.p[at + 2] <= 'z';
}

/* The combining character of a VIQR mark behind `vowel`; 0 when it is none. */
static uint32_t viqr_mark(char vowel, char mark)
{
    vowel |= 0x20;
    if (mark == '^' && strchr("aeo", vowel))
        return 0x302;
    if (mark == '(' && vowel == 'a')
        return 0x306;
    return (mark == '+' || mark == '*') && strchr("ou", vowel) ? 0x31B : 0;
}

static uint32_t viqr_tone(char tone)
{
    switch (tone) {
    case '`':
        return 0x300;
    case '\'':
        return 0x301;
    case '?':
        return 0x309;
    case '~':
        return 0x303;
    default:
        return 0x323;
    }
}

static size_t decode_viqr(struct str s, char *out)
{
    size_t n = 0;

    for (size_t at = 0; at < s.n;) {
        char c = s.p[at++];
        uint32_t mark;

        if ((c | 0x20) == 'd' && at < s.n && (s.p[at] | 0x20) == 'd') {
            n += utf8_put(out + n, c == 'd' ? 0x111 : 0x110);
            at++;
            continue;
        }
        out[n++] = c;
        if (c < 'A' || !strchr("aeiouy", c | 0x20))
            continue;
        mark = at < s.n ? viqr_mark(c, s.p[at]) : 0;
        if (mark) {
            n += utf8_put(out + n, mark);
            at++;
        }
        if (at < s.n && may_be_tone(s, at))
            n += utf8_put(out + n, viqr_tone(s.p[at++]));
    }
    return n;
}

/* Words of a line. */
struct score {
    uint32_t good, bad;            /* with marks: Vietnamese syllables, or not; stray symbols */
    uint32_t plain, plain_foreign; /* in ASCII: Vietnamese syllables, or not */
    uint64_t seen;                 /* which letters beyond ASCII, hashed to bits */
};

static void score_word(struct score *score, struct str word, bool ascii)
{
    struct syllable syllable;
    bool valid = syllable_read(word, &syllable);

    if (ascii)
        *(valid ? &score->plain : &score->plain_foreign) += 1;
    else
        *(valid ? &score->good : &score->bad) += 1;
}

static bool is_stray(uint32_t cp)
{
    return cp == UTF8_REPLACEMENT || (cp >= 0x80 && cp < 0xC0 && cp != 0xA0 && cp != 0xAB &&
                                      cp != 0xBB && cp != 0xB0 && cp != 0xB7);
}

static struct score score_of(struct str s)
{
    struct score score = {0};
    size_t start = 0;
    bool ascii = true;

    for (size_t at = 0, next = 0; at <= s.n; at = next) {
        uint32_t cp = at < s.n ? utf8_next(s, &next, NULL) : ' ';

        if (fold_is_word(cp)) {
            ascii = ascii && cp < 0x80;
            if (syllable_letter(cp))
                score.seen |= UINT64_C(1) << (syllable_letter(cp) & 63);
            continue;
        }
        if (at > start)
            score_word(&score, str_part(s, start, at - start), ascii);
        if (at == s.n)
            break;
        score.bad += is_stray(cp);
        start = next;
        ascii = true;
    }
    return score;
}

/* At least three syllables with marks (four in VIQR, whose marks are punctuation) of at least three
 * letters; nine in ten are syllables; they are a third of all words (half in VIQR), and words
 * without marks are not mostly foreign.  And twice as many as before. */
static bool is_convincing(enum legacy encoding, const struct score *s, uint32_t good_before)
{
    bool viqr = encoding == LEGACY_VIQR;
    uint32_t words = s->good + s->bad + s->plain + s->plain_foreign;

    return s->good >= (viqr ? 4u : 3u) && __builtin_popcountll(s->seen) >= 3 &&
           s->bad * 9 <= s->good && s->good * (viqr ? 2 : 3) >= words &&
           s->plain_foreign <= s->plain + s->good / 2 && s->good > 2 * good_before;
}

/* The best reading of the line in `batch`, or the line's bytes. */
static struct str repair_line(const struct line *line, struct arena *batch,
                              struct legacy_counts *counts)
{
    bool ascii = utf8_ascii_prefix(line->bytes) == line->bytes.n;
    struct score before = score_of(line->bytes);
    enum legacy best_encoding = LEGACIES;
    struct str best = line->bytes;
    struct score best_score = {0};

    if (before.good * 2 >= before.good + before.bad + before.plain + before.plain_foreign)
        return best; /* no reading can have twice as many */
    for (enum legacy encoding = 0; encoding < LEGACIES; encoding++) {
        char *out;
        struct text text;
        struct score score;

        if (ascii != (encoding == LEGACY_VIQR))
            continue;
        out = arena_alloc(batch, line->bytes.n * 4 + 4);
        text = nfc_text(
            (struct str){out, ascii ? decode_viqr(line->bytes, out) : decode(encoding, line, out)},
            batch, NULL);
        score = score_of((struct str){text.p, text.n});
        if (!is_convincing(encoding, &score, before.good) ||
            (best_encoding != LEGACIES &&
             score.good + best_score.bad <= best_score.good + score.bad))
            continue;
        best_encoding = encoding;
        best_score = score;
        best = (struct str){text.p, text.n};
    }
    if (best_encoding != LEGACIES)
        counts->lines[best_encoding]++;
    return best;
}

/* The run of code points at *at that are bytes from 0x80 on in windows-1252, as these bytes. */
static size_t read_run(struct str s, size_t *at, char *bytes)
{
    size_t n = 0;

    for (size_t next = *at; next < s.n; *at = next) {
        uint8_t byte = byte_of(utf8_next(s, &next, NULL));

        if (byte < 0x80)
            break;
        bytes[n++] = (char)byte;
    }
    return n;
}

static bool has_vietnamese(struct str s)
{
    for (size_t at = 0; at < s.n;)
        if (syllable_letter(utf8_next(s, &at, NULL)))
            return true;
    return false;
}

/* Undoes one level of double encoding into `out`, never longer; returns the length.  *runs counts
 * what changed; *vietnamese tells whether any run is. */
static size_t undo_once(struct str s, char *out, uint32_t *runs, bool *vietnamese)
{
    size_t n = 0;

    for (size_t at = 0, next; at < s.n; at = next) {
        struct str run = {out + n, 0};

        next = at;
        run.n = read_run(s, &next, out + n);
        if (run.n && utf8_valid(run)) {
            ++*runs;
            *vietnamese = *vietnamese || has_vietnamese(run);
            n += run.n;
            continue;
        }
        if (next == at)
            utf8_next(s, &next, NULL);
        memcpy(out + n, s.p + at, next - at);
        n += next - at;
    }
    return n;
}

static struct str undo_twice(struct str s, struct arena *batch, struct legacy_counts *counts)
{
    for (;;) {
        char *out = arena_alloc(batch, s.n + 1);
        uint32_t runs = 0;
        bool vietnamese = false;
        size_t n = undo_once(s, out, &runs, &vietnamese);

        if (!vietnamese)
            return s;
        counts->twice += runs;
        s = (struct str){out, n}; /* shorter: a run has two bytes a byte */
    }
}

/* Whether letters that no old encoding has, taken for western or not, are in at least one of so
 * many bytes, as in Vietnamese of today; and nothing looks like UTF-8 encoded twice: a letter of
 * U+00C2..U+00F4 before one that stands for 0x80..0xBF. */
static bool is_of_today(struct str s)
{
    enum { BYTES_A_LETTER = 24 };
    const unsigned char *p = (const unsigned char *)s.p;
    size_t letters = 0, twice = 0;

    for (size_t at = 2; at < s.n; at++) {
        letters += p[at - 1] == 0xE1 && (p[at] & 0xFE) == 0xBA;
        twice += p[at - 2] == 0xC3 && p[at] >= 0xC2;
    }
    return letters * BYTES_A_LETTER >= s.n && twice == 0;
}

/* Whether it is worth a look: not plain ASCII, or with the mark that dense VIQR cannot do without.
 */
static bool is_suspect(struct str line)
{
    return (utf8_ascii_prefix(line) < line.n || str_find_byte(line, '^') < line.n) &&
           !is_of_today(line);
}

bool legacy_may_be(struct str s)
{
    for (struct str rest = s; rest.p;)
        if (is_suspect(str_cut(&rest, '\n')))
            return true;
    return false;
}

struct str legacy_repair(struct str s, struct arena *batch, struct legacy_counts *counts)
{
    char *out = arena_alloc(batch, s.n * 4 + 4);
    size_t n = 0;

    for (struct str rest = s; rest.p;) {
        struct arena_mark mark = arena_mark(batch);
        struct line line = {.bytes = str_cut(&rest, '\n')};

        if (is_suspect(line.bytes)) {
            line.raw = !utf8_valid(line.bytes);
            if (!line.raw)
                line.bytes = undo_twice(line.bytes, batch, counts);
            line.bytes = repair_line(&line, batch, counts);
        }
        if (line.bytes.n)
            memcpy(out + n, line.bytes.p, line.bytes.n);
        n += line.bytes.n;
        if (rest.p)
            out[n++] = '\n';
        arena_rewind(batch, mark);
    }
    return (struct str){out, n};
}
