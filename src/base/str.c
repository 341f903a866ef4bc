/* str.c - views of bytes; see str.h. */
#include "base/str.h"

#include <string.h>

struct str str_of(const char *c_string)
{
    return (struct str){c_string, c_string ? strlen(c_string) : 0};
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq(str_part(s, 0, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_from(s, s.n - suffix.n), suffix);
}

int str_cmp(struct str a, struct str b)
{
    size_t shared = a.n < b.n ? a.n : b.n;
    int order = shared ? memcmp(a.p, b.p, shared) : 0;

    return order ? order : (a.n > b.n) - (a.n < b.n);
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.n && is_space(s.p[0]))
        s.p++, s.n--;
    while (s.n && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

struct str str_from(struct str s, size_t offset)
{
    if (offset >= s.n)
        return (struct str){NULL, 0};
    return (struct str){s.p + offset, s.n - offset};
}

struct str str_part(struct str s, size_t offset, size_t n)
{
    struct str tail = str_from(s, offset);

    if (tail.n > n)
        tail.n = n;
    return tail;
}

size_t str_find(struct str s, struct str what)
{
    const char *hit;

    if (what.n == 0)
        return 0;
    hit = s.n ? memmem(s.p, s.n, what.p, what.n) : NULL;
    return hit ? (size_t)(hit - s.p) : s.n;
}

size_t str_find_byte(struct str s, char c)
{
    const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;

    return hit ? (size_t)(hit - s.p) : s.n;
}

struct str str_cut(struct str *rest, char separator)
{
    size_t at = str_find_byte(*rest, separator);
    struct str head = {rest->p, at};

    if (at == rest->n)
        *rest = (struct str){NULL, 0};
    else
        *rest = (struct str){rest->p + at + 1, rest->n - at - 1};
    return head;
}

bool str_to_int(struct str s, int64_t *out)
{
    bool negative = s.n && s.p[0] == '-';
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+');
    int64_t value = 0; /* built up as a negative number: its range is the larger one */

    if (i == s.n)
        return false;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, s.p[i] - '0', &value))
            return false;
    }
    if (!negative && __builtin_sub_overflow(0, value, &value))
        return false;
    *out = value;
    return true;
}

/* Digits of s from *i on, scaled by `scale` a digit; false when there is none. */
static bool digits(struct str s, size_t *i, double *value, int *count)
{
    size_t from = *i;

    for (; *i < s.n && s.p[*i] >= '0' && s.p[*i] <= '9'; ++*i)
        *value = *value * 10 + (s.p[*i] - '0');
    *count = (int)(*i - from);
    return *i > from;
}

bool str_to_hex(struct str s, uint32_t *out)
{
    uint32_t value = 0;

    if (!s.n || s.n > 8)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i], lower = (char)(c | 0x20);

        if (c >= '0' && c <= '9')
            value = value << 4 | (uint32_t)(c - '0');
        else if (lower >= 'a' && lower <= 'f')
            value = value << 4 | (uint32_t)(lower - 'a' + 10);
        else
            return false;
    }
    *out = value;
    return true;
}

bool str_to_double(struct str s, double *out)
{
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+');
    double value = 0;
    int whole = 0, fraction = 0;
    int64_t exponent = 0;

    if (s.n > 64 || !digits(s, &i, &value, &whole))
        return false;
    if (i < s.n && s.p[i] == '.') {
        i++;
        if (!digits(s, &i, &value, &fraction))
            return false;
    }
    if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
        if (!str_to_int(str_from(s, i + 1), &exponent) || exponent > 300 || exponent < -300)
            return false;
        i = s.n;
    }
    if (i != s.n)
        return false;
    exponent -= fraction;
    for (; exponent > 0; exponent--)
        value *= 10;
    for (; exponent < 0; exponent++)
        value /= 10;
    *out = s.p[0] == '-' ? -value : value;
    return true;
}
