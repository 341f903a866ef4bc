/* fold.c - folding by table and by ICU; see fold.h.
 *
 * What vanishes is what has a combining class, and the marks that belong to no script of their own
 * (variation selectors, the keycap).  A letter whose canonical decomposition is a base and such
 * marks becomes its base; Hangul syllables and Indic vowels, which decompose into letters, stay.
 */
#include "text/fold.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

/* Han and Hangul: most of a text that is not Latin, and nothing to fold. */
static bool folds_to_itself(uint32_t cp)
{
    return (cp >= 0x3400 && cp <= 0x9FFF) || (cp >= 0xAC00 && cp <= 0xD7A3);
}

static bool vanishes(UChar32 cp)
{
    UErrorCode status = U_ZERO_ERROR;

    if (u_getCombiningClass(cp))
        return true;
    return (U_GET_GC_MASK(cp) & (U_GC_MN_MASK | U_GC_ME_MASK)) &&
           uscript_getScript(cp, &status) == USCRIPT_INHERITED;
}

/* The base of a letter with marks, or the letter itself. */
static UChar32 base_of(UChar32 cp)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar units[16];
    UChar32 parts[16];
    int32_t n = unorm2_getRawDecomposition(unorm2_getNFCInstance(&status), cp, units, 16, &status);

    if (n <= 0)
        return cp;
    u_strToUTF32(parts, 16, &n, units, n, &status);
    for (int32_t i = 1; i < n; i++)
        if (!vanishes(parts[i]))
            return cp;
    return U_SUCCESS(status) ? parts[0] : cp;
}

static uint32_t fold_by_icu(uint32_t cp)
{
    UChar32 c = (UChar32)cp, base;

    if (folds_to_itself(cp) || cp > 0x10FFFF)
        return cp;
    if (vanishes(c))
        return 0;
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        c = (UChar32)(cp - 0xFF01 + '!');
    for (base = base_of(c); base != c; base = base_of(c)) /* ế -> ê -> e */
        c = base;
    if (vanishes(c))
        return 0; /* two marks in one, as in Tibetan */
    c = u_foldCase(c, U_FOLD_CASE_DEFAULT);
    return c == 0x111 || c == 0xF0 || c == 0x256 ? 'd' : (uint32_t)c;
}

static bool is_word_by_icu(uint32_t cp)
{
    return U_GET_GC_MASK((UChar32)cp) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK | U_GC_NL_MASK);
}

uint32_t fold_code_point(uint32_t cp)
{
    if (cp >= FOLD_TABLE)
        return fold_by_icu(cp);
    return fold_table[cp] == FOLD_SEPARATOR ? cp : fold_table[cp];
}

uint32_t fold_case(uint32_t cp)
{
    if (cp < 0x80)
        return cp >= 'A' && cp <= 'Z' ? cp + ('a' - 'A') : cp;
    if (cp >= 0x1EA0 && cp < 0x1EFA) /* most of Vietnamese */
        return cp | 1;
    if (cp >= 0xE0 && cp <= 0xFF)
        return cp;
    return (uint32_t)u_foldCase((UChar32)cp, U_FOLD_CASE_DEFAULT);
}

bool fold_is_word(uint32_t cp)
{
    return cp < FOLD_TABLE ? fold_table[cp] != FOLD_SEPARATOR : is_word_by_icu(cp);
}

size_t fold_into(struct str s, char *out)
{
    size_t n = 0;

    for (size_t at = 0; at < s.n;) {
        uint32_t folded;
        char unwanted[4];

        if ((unsigned char)s.p[at] < 0x80)
            folded = fold_code_point((unsigned char)s.p[at++]);
        else
            folded = fold_code_point(utf8_next(s, &at, NULL));
        if (folded >= 0x80)
            n += utf8_put(out ? out + n : unwanted, folded);
        else if (folded && out)
            out[n++] = (char)folded;
        else
            n += folded > 0;
    }
    return n;
}

struct str fold_text(struct str s, struct arena *arena)
{
    size_t n = fold_into(s, NULL);
    char *out = arena_alloc(arena, n + 1);

    return (struct str){out, fold_into(s, out)};
}
