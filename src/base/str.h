/* str.h - a view of bytes that somebody else owns, and small questions about it.
 *
 * `struct str` is the first of the four text states: any bytes, nothing promised (not UTF-8, not
 * NUL-terminated).  Views are passed by value.  Nothing here allocates; all is O(length).  Pure.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *p; /* may be NULL when n is 0 */
    size_t n;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
/* For printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).n, (s).p

struct str str_of(const char *c_string); /* NULL gives the empty view */
bool str_eq(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
int str_cmp(struct str a, struct str b);                    /* byte order, shorter first */
struct str str_trim(struct str s);                          /* ASCII white space off both ends */
struct str str_from(struct str s, size_t offset);           /* offset may pass the end */
struct str str_part(struct str s, size_t offset, size_t n); /* clipped to s */
/* Offset of the first occurrence, or s.n. */
size_t str_find(struct str s, struct str what);
size_t str_find_byte(struct str s, char c);
/* Cuts *rest at the first `separator`: returns what stood before it and leaves what stood behind.
 * Without a separator returns all and leaves *rest empty with p == NULL, so that
 * `while (rest.p) { field = str_cut(&rest, '\t'); ... }` sees every field, empty ones included. */
struct str str_cut(struct str *rest, char separator);
/* Whole decimal number with an optional sign; false when anything else stands there or it does
 * not fit; *out untouched then. */
bool str_to_int(struct str s, int64_t *out);
/* One to eight hexadecimal digits in lower or upper case. */
bool str_to_hex(struct str s, uint32_t *out);
/* Whole decimal number with optional fraction and exponent, '.' whatever the locale. */
bool str_to_double(struct str s, double *out);

#endif
