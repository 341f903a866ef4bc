/* utf8.c - decoding and encoding UTF-8; see utf8.h. */
#include "base/utf8.h"

#include <string.h>

uint32_t utf8_next(struct str s, size_t *at, bool *ok)
{
    const unsigned char *p = (const unsigned char *)s.p + *at;
    size_t left = s.n - *at, length;
    uint32_t cp, low = 0x80, high = 0xBF; /* range of the second byte (table 3-7) */

    if (p[0] < 0x80) {
        ++*at;
        return p[0];
    }
    if (p[0] >= 0xC2 && p[0] <= 0xDF) {
        length = 2;
        cp = p[0] & 0x1F;
    } else if ((p[0] & 0xF0) == 0xE0) {
        length = 3;
        cp = p[0] & 0x0F;
        if (p[0] == 0xE0)
            low = 0xA0;
        if (p[0] == 0xED)
            high = 0x9F;
    } else if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        length = 4;
        cp = p[0] & 0x07;
        if (p[0] == 0xF0)
            low = 0x90;
        if (p[0] == 0xF4)
            high = 0x8F;
    } else {
        length = 1;
        cp = 0;
    }
    for (size_t i = 1; i < length; i++) {
        if (i >= left || p[i] < low || p[i] > high) {
            length = i;
            goto ill_formed;
        }
        cp = cp << 6 | (p[i] & 0x3F);
        low = 0x80;
        high = 0xBF;
    }
    if (length > 1) {
        *at += length;
        return cp;
    }
ill_formed:
    *at += length;
    if (ok)
        *ok = false;
    return UTF8_REPLACEMENT;
}

size_t utf8_put(char out[4], uint32_t cp)
{
    unsigned char *o = (unsigned char *)out;

    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = UTF8_REPLACEMENT;
    if (cp < 0x80) {
        o[0] = (unsigned char)cp;
        return 1;
    }
    if (cp < 0x800) {
        o[0] = (unsigned char)(0xC0 | cp >> 6);
        o[1] = (unsigned char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        o[0] = (unsigned char)(0xE0 | cp >> 12);
        o[1] = (unsigned char)(0x80 | (cp >> 6 & 0x3F));
        o[2] = (unsigned char)(0x80 | (cp & 0x3F));
        return 3;
    }
    o[0] = (unsigned char)(0xF0 | cp >> 18);
    o[1] = (unsigned char)(0x80 | (cp >> 12 & 0x3F));
    o[2] = (unsigned char)(0x80 | (cp >> 6 & 0x3F));
    o[3] = (unsigned char)(0x80 | (cp & 0x3F));
    return 4;
}

size_t utf8_ascii_prefix(struct str s)
{
    size_t i = 0;
    uint64_t word;

    for (; i + 8 <= s.n; i += 8) {
        memcpy(&word, s.p + i, 8);
        if (word & 0x8080808080808080u)
            break;
    }
    while (i < s.n && !((unsigned char)s.p[i] & 0x80))
        i++;
    return i;
}

bool utf8_valid(struct str s)
{
    bool ok = true;

    for (size_t at = utf8_ascii_prefix(s); at < s.n && ok;)
        utf8_next(s, &at, &ok);
    return ok;
}

size_t utf8_cut(struct str s, size_t n)
{
    if (n >= s.n)
        return s.n;
    while (n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return n;
}
