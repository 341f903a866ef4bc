/* phones.c - telephone numbers; see recognise.h and the table of PRIVACY P7.
 *
 * Mobile and fixed prefixes are those of libphonenumber 8.12.57 for Vietnam; test/perf/phones
 * compares.  Hotlines (1800, 1900, 113, 1022) have no such prefix and stay.
 */
#include "intake/recognise.h"

#include <string.h>

static bool is_mobile(const char *d)
{
    switch (d[0]) {
    case '3':
        return true;
    case '5':
        return d[1] == '6' || d[1] == '8' || (d[1] == '9') ||
               (d[1] == '2' && (d[2] == '2' || d[2] == '3' || d[2] == '8')) ||
               (d[1] == '5' && d[2] == '9');
    case '7':
        return d[1] == '0' || d[1] >= '6';
    case '8':
        return (d[1] >= '1' && d[1] <= '8') || (d[1] == '9' && d[2] >= '6');
    case '9':
        return d[1] <= '8' || d[2] <= '1' || d[2] >= '3';
    default:
        return false;
    }
}

/* Behind the leading 2: area codes by their first and second digit. */
static bool is_fixed(const char *d)
{
    static const char *const second[10] = {"3456789", "012345689", "01256789", "23456789",
                                           "2345678", "12456789",  "01239",    "01234567",
                                           "2345679", "01234679"};

    return d[0] == '2' && strchr(second[d[1] - '0'], d[2]) != NULL;
}

/* Is what ends before `at` followed by letters and then digits, as in a code? */
static bool code_behind(const struct shadow *shadow, size_t at)
{
    size_t from = at;
    unsigned char c;

    while (at < from + 16 && shadow_is_letter(shadow_code(shadow, at)))
        at++;
    c = shadow_code(shadow, at);
    return at > from && (shadow_is_digit(c) || c == SHADOW_TAKEN);
}

/* How many digits stand before the national number: 0, 84, 0084, "84 (0)"; 0 none. */
static size_t prefix_length(const struct run *run)
{
    const char *d = run->digit;
    size_t n = 0;

    if (memcmp(d, "0084", 4) == 0)
        n = 4;
    else if (d[0] == '8' && d[1] == '4' && run->n >= 11)
        n = 2;
    else
        return d[0] == '0';
    return n + (d[n] == '0');
}

/* How many digits of the run, from its begin, are a phone number; 0 none. */
static size_t phone_length(const struct run *run, bool plus, enum redact_scope scope)
{
    size_t from = prefix_length(run), end;
    const char *d = run->digit + from;

    if (!from || run->n < from + 9)
        return 0;
    if (is_mobile(d))
        end = from + 9;
    else if (scope == REDACT_PEOPLE && is_fixed(d))
        end = from + 10;
    else
        return 0;
    if (end > run->n || !run->last[end - 1])
        return 0;
    return plus || (!run_begins_with_date(run) && !run_is_fraction(run)) ? end : 0;
}

/* "+1 415 …": with a plus in front, 10 to 15 digits are a number of some country, unless they are
 * money in groups of three. */
static size_t foreign_length(const struct run *run)
{
    size_t end = 0, groups = 0, triples = 0;

    for (size_t n = run->size[0]; n <= 15 && run->last[n - 1]; n += run->size[groups]) {
        triples += groups && run->size[groups] == 3 && run->separator[groups - 1] == '.';
        end = n;
        if (++groups == run->groups)
            break;
    }
    if (end < 10 || run->digit[0] == '0' || (groups > 1 && triples == groups - 1))
        return 0;
    return end;
}

bool phones_take(struct shadow *shadow, const struct run *run, enum redact_scope scope)
{
    size_t from = run->index[0], length;
    bool plus = shadow_code(shadow, from - 1) == '+';
    enum joined joined;

    length = phone_length(run, plus, scope);
    if (!length && plus && scope == REDACT_PEOPLE && !run->disguised)
        length = foreign_length(run);
    if (!length)
        return false;
    joined = run_joined(shadow, from);
    if (joined == JOINED_INSIDE || (joined == JOINED_TO_COUNT && run->size[0] < length) ||
        code_behind(shadow, run->end[length - 1]))
        return false;
    if (plus)
        from--;
    else if (shadow_code(shadow, from - 1) == '(')
        from -= memchr(run->separator, ')', run->groups) != NULL; /* "(024) …" */
    shadow_take(shadow, from, run->end[length - 1], REDACTION_PHONE);
    return true;
}
