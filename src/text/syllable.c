/* syllable.c - onsets, rimes and letters; see syllable.h.
 *
 * In a shape every letter is one byte: ASCII for itself, A ă, X â, E ê, O ô, W ơ, U ư, D đ.
 */
#include "text/syllable.h"

#include "base/utf8.h"

#include <endian.h>
#include <string.h>

enum { VOWELS = 12, TONES = 6, STROKE = 1 + SYLLABLE_VOWELS };

/* Number of the vowel (capitals from 12 on), then the letter with every tone. */
#define LETTERS(ROW)                                                                               \
    ROW(0, 0x61, 0xE0, 0xE1, 0x1EA3, 0xE3, 0x1EA1)                                                 \
    ROW(12, 0x41, 0xC0, 0xC1, 0x1EA2, 0xC3, 0x1EA0)                                                \
    ROW(1, 0x103, 0x1EB1, 0x1EAF, 0x1EB3, 0x1EB5, 0x1EB7)                                          \
    ROW(13, 0x102, 0x1EB0, 0x1EAE, 0x1EB2, 0x1EB4, 0x1EB6)                                         \
    ROW(2, 0xE2, 0x1EA7, 0x1EA5, 0x1EA9, 0x1EAB, 0x1EAD)                                           \
    ROW(14, 0xC2, 0x1EA6, 0x1EA4, 0x1EA8, 0x1EAA, 0x1EAC)                                          \
    ROW(3, 0x65, 0xE8, 0xE9, 0x1EBB, 0x1EBD, 0x1EB9)                                               \
    ROW(15, 0x45, 0xC8, 0xC9, 0x1EBA, 0x1EBC, 0x1EB8)                                              \
    ROW(4, 0xEA, 0x1EC1, 0x1EBF, 0x1EC3, 0x1EC5, 0x1EC7)                                           \
    ROW(16, 0xCA, 0x1EC0, 0x1EBE, 0x1EC2, 0x1EC4, 0x1EC6)                                          \
    ROW(5, 0x69, 0xEC, 0xED, 0x1EC9, 0x129, 0x1ECB)                                                \
    ROW(17, 0x49, 0xCC, 0xCD, 0x1EC8, 0x128, 0x1ECA)                                               \
    ROW(6, 0x6F, 0xF2, 0xF3, 0x1ECF, 0xF5, 0x1ECD)                                                 \
    ROW(18, 0x4F, 0xD2, 0xD3, 0x1ECE, 0xD5, 0x1ECC)                                                \
    ROW(7, 0xF4, 0x1ED3, 0x1ED1, 0x1ED5, 0x1ED7, 0x1ED9)                                           \
    ROW(19, 0xD4, 0x1ED2, 0x1ED0, 0x1ED4, 0x1ED6, 0x1ED8)                                          \
    ROW(8, 0x1A1, 0x1EDD, 0x1EDB, 0x1EDF, 0x1EE1, 0x1EE3)                                          \
    ROW(20, 0x1A0, 0x1EDC, 0x1EDA, 0x1EDE, 0x1EE0, 0x1EE2)                                         \
    ROW(9, 0x75, 0xF9, 0xFA, 0x1EE7, 0x169, 0x1EE5)                                                \
    ROW(21, 0x55, 0xD9, 0xDA, 0x1EE6, 0x168, 0x1EE4)                                               \
    ROW(10, 0x1B0, 0x1EEB, 0x1EE9, 0x1EED, 0x1EEF, 0x1EF1)                                         \
    ROW(22, 0x1AF, 0x1EEA, 0x1EE8, 0x1EEC, 0x1EEE, 0x1EF0)                                         \
    ROW(11, 0x79, 0x1EF3, 0xFD, 0x1EF7, 0x1EF9, 0x1EF5)                                            \
    ROW(23, 0x59, 0x1EF2, 0xDD, 0x1EF6, 0x1EF8, 0x1EF4)

#define BY_NUMBER(v, a, b, c, d, e, f) [v] = {a, b, c, d, e, f},
#define NUMBER(v, tone) (1 + (v)*TONES + (tone))
#define BY_LETTER(v, a, b, c, d, e, f)                                                             \
    [a] = NUMBER(v, 0), [b] = NUMBER(v, 1), [c] = NUMBER(v, 2), [d] = NUMBER(v, 3),                \
    [e] = NUMBER(v, 4), [f] = NUMBER(v, 5),

#define UTF8(cp)                                                                                   \
    {                                                                                              \
        {(char)((cp) < 0x80    ? (cp)                                                              \
                : (cp) < 0x800 ? 0xC0 | (cp) >> 6                                                  \
                               : 0xE0 | (cp) >> 12),                                               \
         (char)((cp) < 0x80 ? 0 : 0x80 | ((cp) < 0x800 ? (cp)&0x3F : (cp) >> 6 & 0x3F)),           \
         (char)((cp) < 0x800 ? 0 : 0x80 | ((cp)&0x3F))},                                           \
            (cp) < 0x80    ? 1                                                                     \
            : (cp) < 0x800 ? 2                                                                     \
                           : 3                                                                     \
    }
#define BY_BYTES(v, a, b, c, d, e, f)                                                              \
    [NUMBER(v, 0)] = UTF8(a), [NUMBER(v, 1)] = UTF8(b), [NUMBER(v, 2)] = UTF8(c),                  \
               [NUMBER(v, 3)] = UTF8(d), [NUMBER(v, 4)] = UTF8(e), [NUMBER(v, 5)] = UTF8(f),

static const uint16_t vowels[2 * VOWELS][TONES] = {LETTERS(BY_NUMBER)};
const uint8_t syllable_numbers[] = {LETTERS(BY_LETTER)[0x111] = STROKE, [0x110] = STROKE + 1};
static const char shapes[] = "aAXeEioOWuUy";

const struct syllable_bytes syllable_utf8[] = {LETTERS(BY_BYTES)};

/* Marks above compose in their order only: of a letter with a tone, the dot below and the horn,
 * which come before them in canonical order, leave way for another. */
enum { GRAVE = 0, ACUTE = 1, CIRCUMFLEX = 2, TILDE = 3, BREVE = 6, HOOK = 9, HORN = 27, DOT = 35 };
#define TONED(v)                                                                                   \
    [GRAVE] = NUMBER(v, 1), [ACUTE] = NUMBER(v, 2), [HOOK] = NUMBER(v, 3), [TILDE] = NUMBER(v, 4), \
    [DOT] = NUMBER(v, 5)
#define A_SHAPED(v, t) [BREVE] = NUMBER((v) + 1, t), [CIRCUMFLEX] = NUMBER((v) + 2, t)
#define E_SHAPED(v, t) [CIRCUMFLEX] = NUMBER((v) + 1, t)
#define O_SHAPED(v, t) [CIRCUMFLEX] = NUMBER((v) + 1, t), [HORN] = NUMBER((v) + 2, t)
#define U_SHAPED(v, t) [HORN] = NUMBER((v) + 1, t)
#define ROWS_OF(v, SHAPED)                                                                         \
    [NUMBER(v, 0)] = {TONED(v), SHAPED(v, 0)}, [NUMBER(v, 5)] = {SHAPED(v, 5)}
#define HORNED(v, by)                                                                              \
    [NUMBER(v, 1)] = {[HORN] = NUMBER((v) + (by), 1)},                                             \
               [NUMBER(v, 2)] = {[HORN] = NUMBER((v) + (by), 2)},                                  \
               [NUMBER(v, 3)] = {[HORN] = NUMBER((v) + (by), 3)},                                  \
               [NUMBER(v, 4)] = {[HORN] = NUMBER((v) + (by), 4)}
#define COMPOSED(v)                                                                                \
    ROWS_OF(v, A_SHAPED), ROWS_OF((v) + 3, E_SHAPED), ROWS_OF((v) + 6, O_SHAPED),                  \
        ROWS_OF((v) + 9, U_SHAPED), HORNED((v) + 6, 2), HORNED((v) + 9, 1),                        \
        [NUMBER((v) + 1, 0)] = {TONED((v) + 1)}, [NUMBER((v) + 2, 0)] = {TONED((v) + 2)},          \
                         [NUMBER((v) + 4, 0)] = {TONED((v) + 4)},                                  \
                         [NUMBER((v) + 5, 0)] = {TONED((v) + 5)},                                  \
                         [NUMBER((v) + 7, 0)] = {TONED((v) + 7)},                                  \
                         [NUMBER((v) + 8, 0)] = {TONED((v) + 8)},                                  \
                         [NUMBER((v) + 10, 0)] = {TONED((v) + 10)},                                \
                         [NUMBER((v) + 11, 0)] = {TONED((v) + 11)}
const uint8_t syllable_composed[][64] = {COMPOSED(0), COMPOSED(VOWELS), [SYLLABLE_LAST] = {0}};

/* Sorted; of at most four letters each, so that a search compares words. */
enum { KEY = 4 };
static const char onsets[][KEY] = {"D",  "b",  "c", "ch", "d", "g",  "gh",  "gi", "h",
                                   "k",  "kh", "l", "m",  "n", "ng", "ngh", "nh", "p",
                                   "ph", "qu", "r", "s",  "t", "th", "tr",  "v",  "x"};
static const char rimes[][KEY] = {
    "Ac",   "Am",  "An",  "Ang",  "Ap",   "At",   "E",    "Ech",  "Em",   "En",   "Enh",  "Ep",
    "Et",   "Eu",  "O",   "Oc",   "Oi",   "Om",   "On",   "Ong",  "Op",   "Ot",   "U",    "UWc",
    "UWi",  "UWm", "UWn", "UWng", "UWp",  "UWt",  "UWu",  "Ua",   "Uc",   "Ui",   "Um",   "Un",
    "Ung",  "Ut",  "Uu",  "W",    "Wi",   "Wm",   "Wn",   "Wp",   "Wt",   "Xc",   "Xm",   "Xn",
    "Xng",  "Xp",  "Xt",  "Xu",   "Xy",   "a",    "ac",   "ach",  "ai",   "am",   "an",   "ang",
    "anh",  "ao",  "ap",  "at",   "au",   "ay",   "e",    "ec",   "em",   "en",   "eng",  "eo",
    "ep",   "et",  "i",   "iEc",  "iEm",  "iEn",  "iEng", "iEp",  "iEt",  "iEu",  "ia",   "ich",
    "im",   "in",  "inh", "ip",   "it",   "iu",   "o",    "oAc",  "oAm",  "oAn",  "oAng", "oAp",
    "oAt",  "oa",  "oac", "oach", "oai",  "oam",  "oan",  "oang", "oanh", "oao",  "oap",  "oat",
    "oay",  "oc",  "oe",  "oem",  "oen",  "oeo",  "oet",  "oi",   "om",   "on",   "ong",  "ooc",
    "oong", "op",  "ot",  "u",    "uE",   "uEch", "uEn",  "uEnh", "uOc",  "uOi",  "uOm",  "uOn",
    "uOng", "uOt", "uW",  "uXn",  "uXng", "uXt",  "uXy",  "ua",   "uc",   "ui",   "um",   "un",
    "ung",  "up",  "ut",  "uy",   "uyEn", "uyEt", "uya",  "uych", "uyn",  "uynh", "uyp",  "uyt",
    "uyu",  "y",   "yEm", "yEn",  "yEng", "yEt",  "yEu"};

static uint32_t key_of(const char letters[KEY])
{
    uint32_t key;

    memcpy(&key, letters, KEY);
    return be32toh(key);
}

static bool is_listed(uint32_t key, const char list[][KEY], size_t n)
{
    size_t low = 0;

    while (n > 1) {
        size_t half = n / 2;

        low += key_of(list[low + half]) <= key ? half : 0;
        n -= half;
    }
    return key_of(list[low]) == key;
}

/* `rime` ends with a shape, behind which there are zeros. */
static bool is_rime(const char *rime)
{
    return strnlen(rime, KEY + 1) <= KEY &&
           is_listed(key_of(rime), rimes, sizeof rimes / sizeof *rimes);
}

static bool is_onset(const char *shape, size_t n)
{
    char onset[KEY] = {0};

    memcpy(onset, shape, n);
    return is_listed(key_of(onset), onsets, sizeof onsets / sizeof *onsets);
}

uint8_t syllable_letter(uint32_t cp)
{
    return cp >= 0x80 && cp < sizeof syllable_numbers ? syllable_numbers[cp] : 0;
}

uint32_t syllable_with_tone(uint32_t cp, uint8_t tone)
{
    uint8_t number = cp < sizeof syllable_numbers ? syllable_numbers[cp] : 0;

    return number && number < STROKE ? vowels[(number - 1) / TONES][tone] : cp;
}

/* c, g, ng and k, gh, ngh share the vowels among them. */
static bool agree(const char *shape, size_t onset)
{
    bool front = strchr("eEiy", shape[onset]);
    bool hard = onset > 1 && shape[onset - 1] == 'h' && shape[onset - 2] == 'g';

    if (hard || (onset == 1 && shape[0] == 'k'))
        return front;
    if (onset == 1 && shape[0] == 'g')
        return !front || shape[onset] == 'i';
    return !front || !((onset == 1 && shape[0] == 'c') || (onset == 2 && shape[1] == 'g'));
}

/* "qu" and "gi" lend their vowel to rimes that begin with it: quyên, giêng. */
static bool fits(const char *shape, size_t onset)
{
    if (shape[onset] == '\0')
        return false;
    if (onset == 2 && (shape[0] == 'q' || shape[1] == 'i'))
        return is_rime(shape + 2) || is_rime(shape + 1);
    return is_rime(shape + onset) && agree(shape, onset);
}

static bool is_vowel(char shape)
{
    static const bool vowel[128] = {
        ['a'] = true, ['e'] = true, ['i'] = true, ['o'] = true, ['u'] = true, ['y'] = true,
        ['A'] = true, ['E'] = true, ['O'] = true, ['U'] = true, ['W'] = true, ['X'] = true};

    return vowel[(unsigned char)shape];
}

/* The longest onset that leaves a rime; false when there is none.  Every rime begins with a vowel
 * and no onset but "gi" and "qu" has one, so that one or two places are left to try. */
static bool split(struct syllable *s)
{
    size_t onset = 0;

    while (onset <= 3 && s->shape[onset] && !is_vowel(s->shape[onset]))
        onset++;
    if (onset > 3)
        return false;
    if (onset == 1 && (s->shape[0] == 'q' || s->shape[1] == 'i') && is_onset(s->shape, 2) &&
        fits(s->shape, 2))
        onset = 2;
    else if ((onset > 0 && !is_onset(s->shape, onset)) || !fits(s->shape, onset))
        return false;
    s->onset = (uint8_t)onset;
    return true;
}

static bool ends_in_stop(const struct syllable *s)
{
    char last = s->shape[s->letters - 1];

    return strchr("cpt", last) || (last == 'h' && s->shape[s->letters - 2] == 'c');
}

static bool add_letter(struct syllable *s, uint32_t cp)
{
    uint8_t number = cp < sizeof syllable_numbers ? syllable_numbers[cp] : 0, tone = 0;
    char shape;

    if (s->letters == SYLLABLE_LETTERS)
        return false;
    if (number >= STROKE) {
        shape = 'D';
    } else if (number) {
        shape = shapes[(number - 1) / TONES % VOWELS];
        tone = (uint8_t)((number - 1) % TONES);
    } else if ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z') {
        shape = (char)(cp | 0x20);
    } else {
        return false;
    }
    if (tone && s->tone)
        return false;
    if (tone) {
        s->tone = tone;
        s->toned = s->letters;
    }
    s->marked = s->marked || cp >= 0x80;
    s->shape[s->letters] = shape;
    s->letter[s->letters++] = cp;
    return true;
}

bool syllable_read(struct str word, struct syllable *out)
{
    struct syllable s = {0};

    for (size_t at = 0; at < word.n;) {
        bool ascii = (unsigned char)word.p[at] < 0x80;

        if (!add_letter(&s, ascii ? (unsigned char)word.p[at++] : utf8_next(word, &at, NULL)))
            return false;
    }
    if (s.letters == 0 || !split(&s))
        return false;
    if (s.marked && ends_in_stop(&s) && s.tone != 2 && s.tone != 5)
        return false;
    *out = s;
    return true;
}

/* The last vowel with a mark of its own (ă, ê, ơ); else before a consonant the last, of three the
 * second, of two the first. */
uint8_t syllable_tone_place(const struct syllable *s)
{
    uint8_t first = s->onset, end;

    if (first > 0 && !is_vowel(s->shape[first])) /* gìn: the i is onset and vowel */
        first--;
    for (end = first; is_vowel(s->shape[end]);)
        end++;
    for (uint8_t at = end; at > first; at--)
        if (s->shape[at - 1] <= 'Z')
            return at - 1;
    if (end < s->letters)
        return end - 1;
    return end - first == 3 ? first + 1 : first;
}
