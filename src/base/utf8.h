/* utf8.h - UTF-8 (RFC 3629, Unicode 15 table 3-7), and the second text state.
 *
 * Ill-formed bytes become U+FFFD by maximal subparts (Unicode 15, section 3.9, practice of
 * substitution; W3C Encoding does the same).  Linear time, nothing allocated.  Pure.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/str.h"

/* Valid UTF-8 in NFC: the second text state.  Only text/nfc.c makes one from bytes. */
struct text {
    const char *p;
    size_t n;
};

enum { UTF8_REPLACEMENT = 0xFFFD };

/* Reads the code point at *at (< s.n) and moves *at behind it; U+FFFD for a maximal ill-formed
 * subpart.  *ok (may be NULL) becomes false then and is left alone otherwise. */
uint32_t utf8_next(struct str s, size_t *at, bool *ok);
/* Writes 1 to 4 bytes, returns how many; a surrogate or a too large value is written as U+FFFD. */
size_t utf8_put(char out[4], uint32_t code_point);
bool utf8_valid(struct str s);
/* Length of the longest prefix that is ASCII. */
size_t utf8_ascii_prefix(struct str s);
/* Where s can be cut so that at most n bytes stay and no code point is split; s is valid. */
size_t utf8_cut(struct str s, size_t n);

#endif
