/* skeleton.c - characters that pretend; see skeleton.h. */
#include "text/skeleton.h"

#include "base/utf8.h"
#include "text/fold.h"
#include "text/syllable.h"

#include <string.h>

struct pair {
    uint16_t from, to;
};

/* Sorted.  Greek small letters but omicron have forms of their own (TNFα stays). */
static const struct pair look_alikes[] = {
    {0x391, 'A'}, {0x392, 'B'},  {0x395, 'E'},  {0x396, 'Z'},  {0x397, 'H'},  {0x399, 'I'},
    {0x39A, 'K'}, {0x39C, 'M'},  {0x39D, 'N'},  {0x39F, 'O'},  {0x3A1, 'P'},  {0x3A4, 'T'},
    {0x3A5, 'Y'}, {0x3A7, 'X'},  {0x3BF, 'o'},  {0x3CC, 0xF3}, {0x401, 0xCB}, {0x405, 'S'},
    {0x406, 'I'}, {0x407, 0xCF}, {0x408, 'J'},  {0x410, 'A'},  {0x412, 'B'},  {0x415, 'E'},
    {0x41A, 'K'}, {0x41C, 'M'},  {0x41D, 'H'},  {0x41E, 'O'},  {0x420, 'P'},  {0x421, 'C'},
    {0x422, 'T'}, {0x423, 'Y'},  {0x425, 'X'},  {0x430, 'a'},  {0x435, 'e'},  {0x43E, 'o'},
    {0x440, 'p'}, {0x441, 'c'},  {0x443, 'y'},  {0x445, 'x'},  {0x450, 0xE8}, {0x451, 0xEB},
    {0x455, 's'}, {0x456, 'i'},  {0x457, 0xEF}, {0x458, 'j'},  {0x4BB, 'h'},  {0x4CF, 'l'},
    {0x501, 'd'}, {0x51B, 'q'},  {0x51D, 'w'},
};

static uint32_t latin_look(uint32_t cp)
{
    size_t low = 0, high = sizeof look_alikes / sizeof *look_alikes;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (look_alikes[middle].from < cp)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof look_alikes / sizeof *look_alikes && look_alikes[low].from == cp
               ? look_alikes[low].to
               : 0;
}

static bool is_latin(uint32_t cp)
{
    return ((cp | 0x20) >= 'a' && (cp | 0x20) <= 'z') || (cp >= 0xC0 && cp < 0x250) ||
           (cp >= 0x1E00 && cp < 0x1F00);
}

static bool is_foreign(uint32_t cp)
{
    return cp >= 0x370 && cp < 0x530;
}

/* Whether a character without width goes, behind `last` (0: at the beginning). */
static bool is_dropped(uint32_t cp, uint32_t last)
{
    if (cp == 0xAD || cp == 0xFEFF || cp == 0x2060)
        return true;
    if (!((cp >= 0x200B && cp <= 0x200F) || (cp >= 0x202A && cp <= 0x202E) ||
          (cp >= 0x2066 && cp <= 0x2069)))
        return false;
    return last < 0x370 || (last >= 0x1E00 && last < 0x1F00);
}

static uint32_t narrow(uint32_t cp, uint32_t last)
{
    uint32_t ascii = cp - 0xFF01 + '!';

    if (cp < 0xFF01 || cp > 0xFF5E)
        return cp;
    return last >= 0x2E80 && fold_table[ascii] == FOLD_SEPARATOR ? cp : ascii;
}

/* Characters alone: from `s` to `out`; returns the length. */
static size_t narrow_all(struct str s, char *out, struct skeleton_counts *counts)
{
    uint32_t last = 0;
    size_t n = 0;

    for (size_t at = 0; at < s.n;) {
        uint32_t cp = utf8_next(s, &at, NULL), narrowed = narrow(cp, last);

        if (is_dropped(cp, last)) {
            counts->invisible++;
            continue;
        }
        counts->full_width += narrowed != cp;
        n += utf8_put(out + n, narrowed);
        last = narrowed;
    }
    return n;
}

/* The end of the word at `at`; *mixed when it is Latin but for letters that look so. */
static size_t read_word(struct str s, size_t at, bool *mixed)
{
    bool latin = false, foreign = false, other = false;

    for (size_t next = at; next < s.n; at = next) {
        uint32_t cp = utf8_next(s, &next, NULL);

        if (!fold_is_word(cp))
            break;
        latin = latin || is_latin(cp);
        foreign = foreign || is_foreign(cp);
        other = other || (is_foreign(cp) && !latin_look(cp));
    }
    *mixed = latin && foreign && !other;
    return at;
}

static bool has_other_stroke(uint32_t cp)
{
    return cp == 0xD0 || cp == 0xF0 || cp == 0x189;
}

static uint32_t with_stroke(uint32_t cp)
{
    return !has_other_stroke(cp) ? cp : cp == 0xF0 ? 0x111 : 0x110;
}

/* Ð and ð (eth), Ɖ (of African languages) to đ; returns the length.  They are as long as it. */
static size_t put_strokes(struct str word, char *out)
{
    size_t n = 0;

    for (size_t at = 0; at < word.n;)
        n += utf8_put(out + n, with_stroke(utf8_next(word, &at, NULL)));
    return n;
}

/* Whether it would be a Vietnamese syllable if an eth in it were đ; `out` is what it would be. */
static bool is_syllable_with_stroke(struct str word, char out[SKELETON_WORD])
{
    struct syllable syllable;
    size_t at = 0;

    return word.n <= SKELETON_WORD && word.n > 2 && has_other_stroke(utf8_next(word, &at, NULL)) &&
           syllable_read((struct str){out, put_strokes(word, out)}, &syllable);
}

static bool follows_word(struct str s, size_t at)
{
    size_t before = at;

    if (at == 0)
        return false;
    do
        before--;
    while (before > 0 && ((unsigned char)s.p[before] & 0xC0) == 0x80);
    return fold_is_word(utf8_next(s, &before, NULL));
}

size_t skeleton_stroke(struct str s, size_t at, char out[SKELETON_WORD])
{
    size_t next = at;
    struct str word;
    bool mixed;

    if (!has_other_stroke(utf8_next(s, &next, NULL)) || follows_word(s, at))
        return 0;
    word = str_part(s, at, read_word(s, at, &mixed) - at);
    return is_syllable_with_stroke(word, out) ? word.n : 0;
}

/* Words, in place: what looks Latin is shorter or as long. */
static size_t latinise(char *text, size_t length, struct skeleton_counts *counts)
{
    struct str s = {text, length};
    size_t n = 0;

    for (size_t at = 0, end; at < length; at = end) {
        char stroked[SKELETON_WORD];
        bool mixed;

        end = read_word(s, at, &mixed);
        if (end == at) {
            utf8_next(s, &end, NULL);
        } else if (mixed) {
            counts->look_alike++;
            while (at < end) {
                uint32_t cp = utf8_next(s, &at, NULL), look = latin_look(cp);

                n += utf8_put(text + n, look ? look : cp);
            }
            continue;
        } else if (is_syllable_with_stroke(str_part(s, at, end - at), stroked)) {
            counts->look_alike++;
            memcpy(text + at, stroked, end - at);
        }
        memmove(text + n, text + at, end - at);
        n += end - at;
    }
    return n;
}

struct str skeleton_text(struct str s, struct arena *batch, struct skeleton_counts *counts)
{
    char *out = arena_alloc(batch, s.n + 1);
    size_t n = narrow_all(s, out, counts);

    return (struct str){out, latinise(out, n, counts)};
}
