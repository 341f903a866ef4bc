/* shadow.c - folding a text for the recognisers; see shadow.h. */
#include "intake/shadow.h"

#include "text/fold.h"
#include "text/token.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

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
    return u_charType(cp) == U_DASH_PUNCTUATION ? '-' : SHADOW_OTHER;
}

/* The character of a code point beyond ASCII; SHADOW_END: it is invisible. */
static unsigned char beyond_ascii(uint32_t code_point)
{
    UChar32 cp = (UChar32)code_point;
    uint32_t folded = fold_code_point(code_point), ascii;
    int32_t digit;

    if (folded < 0x80)
        return (unsigned char)folded;
    if (code_point < 0x250 && code_point >= 0xC0)
        return SHADOW_LETTER;
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

void shadow_make(struct shadow *shadow, struct text text, struct arena *batch)
{
    struct str s = {text.p, text.n};
    size_t n = 0;

    shadow->c = arena_alloc(batch, s.n);
    shadow->taken = arena_alloc(batch, s.n);
    shadow->at = arena_array(batch, s.n + 1, sizeof *shadow->at);
    for (size_t at = 0, next; at < s.n; at = next) {
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
            c = beyond_ascii(utf8_next(s, &next, NULL));
            if (c == SHADOW_END)
                continue;
        }
        shadow->c[n] = c;
        shadow->at[n++] = (uint32_t)at;
    }
    shadow->at[n] = (uint32_t)s.n;
    shadow->n = n;
    shadow->spans = 0;
}

void shadow_take(struct shadow *shadow, size_t from, size_t to, enum redaction redaction)
{
    for (size_t i = from; i < to; i++)
        shadow->taken[i] = (unsigned char)(redaction + 1);
    shadow->taken[from] |= SHADOW_FIRST;
    shadow->spans++;
}
