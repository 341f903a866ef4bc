/* shadow.c - folding a text for the recognisers; see shadow.h. */
#include "intake/shadow.h"

#include "text/fold.h"
#include "text/token.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

/* Valid UTF-8 beyond ASCII at p[*at], *at moved behind it. */
static uint32_t decode(const char *text, size_t *at)
{
    const unsigned char *p = (const unsigned char *)text + *at;
    size_t n = p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    uint32_t cp = p[0] & (0x7Fu >> n);

    *at += n;
    for (size_t k = 1; k < n; k++)
        cp = cp << 6 | (p[k] & 0x3Fu);
    return cp;
}

/* The ASCII character that a compatibility form stands for (circled digits, mathematical letters,
 * superscripts), or 0. */
static uint32_t compatible_ascii(UChar32 cp)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar units[32];
    const UNormalizer2 *nfkc = unorm2_getNFKCInstance(&status);
    int32_t n = unorm2_getDecomposition(nfkc, cp, units, 32, &status);

    return U_SUCCESS(status) && n == 1 && units[0] < 0x80 ? units[0] : 0;
}

static unsigned char symbol(UChar32 cp)
{
    switch (cp) {
    case 0xB7:
    case 0x2022:
    case 0x2027:
    case 0x2219:
    case 0x22C5:
    case 0x3002:
    case 0x30FB:
    case 0xFF61:
        return '.';
    case 0x2044:
    case 0x2215:
        return '/';
    case 0x2212:
        return '-';
    case 0x2795:
        return '+';
    default:
        break;
    }
    if (u_isUWhiteSpace(cp))
        return ' ';
    switch (u_charType(cp)) {
    case U_DASH_PUNCTUATION:
        return '-';
    case U_INITIAL_PUNCTUATION:
    case U_FINAL_PUNCTUATION:
        return '"';
    default:
        return SHADOW_OTHER;
    }
}

/* Letters of other scripts that pass for a Latin one (the single-letter part of UTS #39). */
static unsigned char look_alike(uint32_t folded)
{
    static const char greek[] = "ab..ezh.ik.mn.o.p..ty.x";
    static const char cyrillic[] = "a.b..e....k.mho.pcty.x";

    if (folded >= 0x3B1 && folded < 0x3B1 + sizeof greek - 1)
        return greek[folded - 0x3B1] == '.' ? 0 : (unsigned char)greek[folded - 0x3B1];
    if (folded >= 0x430 && folded < 0x430 + sizeof cyrillic - 1)
        return cyrillic[folded - 0x430] == '.' ? 0 : (unsigned char)cyrillic[folded - 0x430];
    switch (folded) {
    case 0x455:
        return 's';
    case 0x456:
        return 'i';
    case 0x458:
        return 'j';
    case 0x4CF:
        return 'l';
    case 0x501:
        return 'd';
    default:
        return 0;
    }
}

/* The character of a code point beyond ASCII that does not fold to ASCII. */
static unsigned char rare_character(uint32_t code_point)
{
    UChar32 cp = (UChar32)code_point;
    uint32_t folded = fold_code_point(code_point), ascii;
    int32_t digit;

    if (folded < 0x80)
        return (unsigned char)folded;
    if (code_point < 0x250 && code_point >= 0xC0)
        return SHADOW_LETTER;
    if (folded >= 0x370 && folded < 0x530 && look_alike(folded))
        return look_alike(folded);
    if (u_hasBinaryProperty(cp, UCHAR_DEFAULT_IGNORABLE_CODE_POINT))
        return SHADOW_END;
    digit = u_charDigitValue(cp);
    if (digit >= 0)
        return (unsigned char)('0' + digit);
    ascii = compatible_ascii(cp);
    if (ascii)
        return (unsigned char)fold_code_point(ascii);
    return fold_is_word(code_point) ? SHADOW_LETTER : symbol(cp);
}

static unsigned char ascii(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return (unsigned char)(c + ('a' - 'A'));
    return c == '\t' ? ' ' : c;
}

/* The character of a code point; SHADOW_END: it is invisible. */
static unsigned char beyond_ascii(uint32_t cp)
{
    uint32_t folded = cp < FOLD_TABLE ? fold_table[cp] : 0;

    return folded && folded < 0x80 ? (unsigned char)folded : rare_character(cp);
}

void shadow_make(struct shadow *shadow, struct text text, size_t from, size_t to,
                 struct arena *batch)
{
    struct str s = {text.p, to};
    size_t n = 0;

    shadow->text = text;
    shadow->c = arena_alloc(batch, to - from);
    shadow->taken = arena_alloc(batch, to - from);
    shadow->at = arena_array(batch, to - from + 1, sizeof *shadow->at);
    for (size_t at = from, next; at < to; at = next) {
        unsigned char c = (unsigned char)s.p[at];
        size_t placeholder = c == '[' ? placeholder_at(s, at) : 0;

        next = at;
        if (placeholder) {
            c = SHADOW_TAKEN;
            next += placeholder;
        } else if (c < 0x80) {
            c = ascii(c);
            next++;
        } else {
            c = beyond_ascii(decode(s.p, &next));
            if (c == SHADOW_END)
                continue;
        }
        shadow->c[n] = c;
        shadow->at[n++] = (uint32_t)at;
    }
    shadow->at[n] = (uint32_t)to;
    shadow->n = n;
    shadow->spans = 0;
}

size_t shadow_index(const struct shadow *shadow, size_t at)
{
    size_t low = 0, high = shadow->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (shadow->at[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void shadow_take(struct shadow *shadow, size_t from, size_t to, enum redaction redaction)
{
    for (size_t i = from; i < to; i++)
        shadow->taken[i] = (unsigned char)(redaction + 1);
    shadow->taken[from] |= SHADOW_FIRST;
    shadow->spans++;
}

uint32_t shadow_written(const struct shadow *shadow, size_t i)
{
    size_t at = shadow->at[i];
    unsigned char c = (unsigned char)shadow->text.p[at];
    uint32_t cp;

    if (c < 0x80)
        return c;
    cp = decode(shadow->text.p, &at);
    return cp > 0xFF20 && cp < 0xFF5B ? cp - 0xFF01 + '!' : cp;
}

bool shadow_is_upper(const struct shadow *shadow, size_t i)
{
    uint32_t written;

    if (!shadow_is_letter(shadow_code(shadow, i)))
        return false;
    written = shadow_written(shadow, i);
    return fold_case(written) != written;
}

bool shadow_spells(const struct shadow *shadow, size_t i, const char *word)
{
    for (; *word; word++, i++)
        if (shadow_code(shadow, i) != (unsigned char)*word)
            return false;
    return true;
}

/* May the cue stand where the characters c and `next` do?  A look at its first letter (a rule of
 * thumb where that is beyond ASCII) and its second tells of most that they do not. */
static inline bool may_stand(unsigned char c, unsigned char next, const char *cue)
{
    unsigned char first = (unsigned char)cue[0], second = (unsigned char)cue[1];

    if (first >= 0x80)
        return shadow_is_one_of(c, "adeiouy");
    return first == c && (second >= 0x80 || !second || second == next);
}

size_t shadow_cue(const struct shadow *shadow, size_t i, const char *cue)
{
    bool exact_only = *cue == '=', exact = true, plain = !exact_only;
    struct str s;
    size_t n = 0;

    cue += exact_only;
    if (!may_stand(shadow_code(shadow, i), shadow_code(shadow, i + 1), cue))
        return 0;
    s = str_of(cue);
    for (size_t at = 0; at < s.n; n++) {
        unsigned char c = (unsigned char)s.p[at];
        uint32_t wanted = c < 0x80 ? (at++, c) : decode(s.p, &at), written;

        if (shadow_code(shadow, i + n) != (c < 0x80 ? c : fold_code_point(wanted)))
            return 0;
        if (wanted == ' ' || (c < 0x80 && (unsigned char)shadow->text.p[shadow->at[i + n]] < 0x80))
            continue; /* the same letter, and no mark on either side */
        written = shadow_written(shadow, i + n);
        exact = exact && fold_case(written) == wanted;
        plain = plain && written < 0x80;
        if (!exact && !plain)
            return 0;
    }
    return shadow_is_letter(shadow_code(shadow, i + n)) ? 0 : n;
}

size_t shadow_any_cue(const struct shadow *shadow, size_t i, const char *const *cues)
{
    unsigned char c = shadow_code(shadow, i), next = shadow_code(shadow, i + 1);
    size_t n = 0;

    for (; *cues && !n; cues++)
        if (may_stand(c, next, *cues + (**cues == '=')))
            n = shadow_cue(shadow, i, *cues);
    return n;
}

size_t shadow_skip_gap(const struct shadow *shadow, size_t i)
{
    size_t end = i;

    while (end < i + 4 && (shadow_code(shadow, end) == ' ' || shadow_code(shadow, end) == ':'))
        end++;
    return end;
}

bool shadow_ends_at(const struct shadow *shadow, size_t i)
{
    unsigned char c = shadow_code(shadow, i), next = shadow_code(shadow, i + 1);

    if (shadow_is_alnum(c) || c == SHADOW_TAKEN || c == '%')
        return false;
    return !shadow_is_joint(c) || !(shadow_is_alnum(next) || next == SHADOW_TAKEN);
}
