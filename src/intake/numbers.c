/* numbers.c - gathering digits over separators and disguises; see numbers.h.
 *
 * What is no identifier (prices, dates, fractions, lists, codes) is told by grouping and
 * neighbours, each rule below with its reason.
 */
#include "intake/numbers.h"

#include <string.h>

enum { WORD_REACH = 16, PAIRS_FEWEST = 6, WRITTEN_LEAST = 7, WRITTEN_PAIRED = 10 };

static bool is_separator(unsigned char c)
{
    return c == ' ' || c == '.' || c == '-' || c == '(' || c == ')' || c == '_' || c == '*' ||
           c == '~' || c == SHADOW_OTHER;
}

/* The digit whose name stands at i, its length in *n; -1 none.  "k" and "ko" are how people
 * shorten "không". */
static int named_digit(const struct shadow *shadow, size_t i, size_t *n)
{
    static const struct {
        const char *name;
        int digit;
    } names[] = {
        {"khong", 0}, {"ko", 0},    {"mot", 1},  {"hai", 2}, {"ba", 3},    {"bon", 4},
        {"tu", 4},    {"nam", 5},   {"lam", 5},  {"sau", 6}, {"bay", 7},   {"tam", 8},
        {"chin", 9},  {"zero", 0},  {"one", 1},  {"two", 2}, {"three", 3}, {"four", 4},
        {"five", 5},  {"seven", 7}, {"nine", 9}, {"six", 6}, {"eight", 8},
    };
    unsigned char first = shadow_code(shadow, i);

    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        if ((unsigned char)names[k].name[0] != first || !shadow_spells(shadow, i, names[k].name))
            continue;
        *n = strlen(names[k].name);
        if (!shadow_is_alnum(shadow_code(shadow, i + *n)))
            return names[k].digit;
    }
    return -1;
}

static int digit_like(unsigned char c)
{
    switch (c) {
    case 'o':
        return 0;
    case 'i':
    case 'l':
        return 1;
    default:
        return -1;
    }
}

/* "O9l2": the word around i consists of digits and letters that look like them. */
static bool in_disguised_word(const struct shadow *shadow, size_t i)
{
    size_t from = i, to = i, digits = 0;

    while (i - from < WORD_REACH && shadow_is_alnum(shadow_code(shadow, from - 1)))
        from--;
    while (to - i < WORD_REACH && shadow_is_alnum(shadow_code(shadow, to)))
        to++;
    for (size_t k = from; k < to; k++) {
        unsigned char c = shadow_code(shadow, k);

        digits += shadow_is_digit(c);
        if (!shadow_is_digit(c) && digit_like(c) < 0)
            return false;
    }
    return digits > 0 || (to - from == 1 && shadow_code(shadow, i) == 'o');
}

/* The digit that stands at i, its length in *n; -1 none. */
static int digit_at(const struct shadow *shadow, size_t i, size_t *n)
{
    unsigned char c = shadow_code(shadow, i);

    *n = 1;
    if (shadow_is_digit(c))
        return c - '0';
    if (c < 'a' || c > 'z')
        return -1;
    if (digit_like(c) >= 0 && in_disguised_word(shadow, i))
        return digit_like(c);
    return shadow_is_alnum(shadow_code(shadow, i - 1)) ? -1 : named_digit(shadow, i, n);
}

/* Behind what separates two groups at `at`; `at` when it is nothing, or too much.  Single digits
 * may stand in a list with commas. */
static size_t gap_end(const struct shadow *shadow, size_t at, bool single)
{
    size_t end = at;

    if (single && shadow_code(shadow, at) == ',' && shadow_code(shadow, at + 1) == ' ')
        return at + 2;
    while (end <= at + RUN_SEPARATORS && is_separator(shadow_code(shadow, end)))
        end++;
    return end - at > RUN_SEPARATORS ? at : end;
}

/* What separates two groups at `at`: the first that is no space. */
static unsigned char separator_at(const struct shadow *shadow, size_t at)
{
    for (size_t i = at; i < at + RUN_SEPARATORS; i++)
        if (shadow_code(shadow, i) != ' ')
            return is_separator(shadow_code(shadow, i)) ? shadow_code(shadow, i) : ' ';
    return ' ';
}

/* "028 3829 5678 không ai nghe", "0912345678 ba lần": behind a number that is written in groups of
 * digits and long enough to be one, a word is a word.  `next` is where it begins, `n` its length.
 */
static bool is_word_behind(const struct shadow *shadow, const struct run *run, size_t next,
                           size_t n)
{
    size_t group = run->size[run->groups - 1];

    if (run->disguised || shadow_is_digit(shadow_code(shadow, next)) ||
        (n == 1 && shadow_is_alnum(shadow_code(shadow, next + 1))))
        return false;
    return (run->n >= WRITTEN_LEAST && group > 2) || (run->n >= WRITTEN_PAIRED && group > 1);
}

bool run_gather(const struct shadow *shadow, size_t at, struct run *run)
{
    size_t length, next;
    int digit = digit_at(shadow, at, &length);

    run->n = run->groups = 0;
    run->disguised = false;
    while (digit >= 0 && run->n < RUN_DIGITS) {
        size_t first = run->n;

        for (; digit >= 0 && run->n < RUN_DIGITS; digit = digit_at(shadow, at, &length)) {
            run->disguised |= !shadow_is_digit(shadow_code(shadow, at));
            run->digit[run->n] = (char)('0' + digit);
            run->index[run->n] = at;
            run->end[run->n] = at += length;
            run->last[run->n++] = false;
        }
        run->last[run->n - 1] = digit < 0;
        run->size[run->groups] = (unsigned char)(run->n - first);
        run->separator[run->groups++] = 0;
        next = gap_end(shadow, at, run->n - first == 1);
        digit = next > at ? digit_at(shadow, next, &length) : -1;
        if (digit >= 0 && is_word_behind(shadow, run, next, length))
            break;
        if (digit >= 0)
            run->separator[run->groups - 1] = separator_at(shadow, at);
        at = next;
    }
    return run->n > 0;
}

int run_number(const struct run *run, size_t from, size_t digits)
{
    int value = 0;

    for (size_t i = from; i < from + digits; i++)
        value = value * 10 + (run->digit[i] - '0');
    return value;
}

bool run_ends_at(const struct run *run, size_t digits, size_t smallest)
{
    size_t n = 0;

    for (size_t g = 0; g < run->groups && n < digits; g++) {
        if (run->size[g] < smallest)
            return false;
        n += run->size[g];
    }
    return n == digits && run->last[n - 1];
}

/* The letters that stand directly before `at` are a cue such as "sđt" or "lh". */
static bool behind_cue(const struct shadow *shadow, size_t at)
{
    static const char cues[] = " sdt dt tel lh ll zalo phone hotline call alo so goi viber mobile "
                               "sms whatsapp ib dd stk tk mst cccd cmnd cmt ";
    char word[14] = "             ";
    size_t n = sizeof word - 3; /* a space stays behind the word */

    for (; n > 0 && shadow_is_letter(shadow_code(shadow, at - 1)); at--)
        word[n--] = (char)shadow_code(shadow, at - 1);
    return n > 0 && !shadow_is_digit(shadow_code(shadow, at - 1)) && strstr(cues, word + n);
}

enum joined run_joined(const struct shadow *shadow, size_t at)
{
    unsigned char before = shadow_code(shadow, at - 1);
    size_t letters = 0, digits = 0;

    if (shadow_is_alnum(before))
        return behind_cue(shadow, at) ? JOINED_TO_WORD : JOINED_INSIDE;
    if (before == SHADOW_TAKEN)
        return JOINED_INSIDE;
    if (!shadow_is_joint(before))
        return JOINED_FREE;
    if (shadow_code(shadow, at - 2) == SHADOW_TAKEN)
        return JOINED_TO_WORD;
    for (size_t i = at - 2; letters + digits < WORD_REACH; i--) {
        unsigned char c = shadow_code(shadow, i);

        if (!shadow_is_alnum(c))
            break;
        letters += shadow_is_letter(c);
        digits += shadow_is_digit(c);
    }
    if (!letters && !digits)
        return JOINED_FREE;
    if (!letters)
        return digits <= 2 ? JOINED_TO_COUNT : JOINED_INSIDE;
    return digits || letters >= WORD_REACH ? JOINED_INSIDE : JOINED_TO_WORD;
}

bool run_begins_with_date(const struct run *run)
{
    int day, month, year;

    if (run->groups < 3 || run->size[0] > 2 || run->size[1] > 2 || run->size[2] != 4 ||
        run->separator[0] != run->separator[1])
        return false;
    day = run_number(run, 0, run->size[0]);
    month = run_number(run, run->size[0], run->size[1]);
    year = run_number(run, (size_t)run->size[0] + run->size[1], 4);
    return day >= 1 && day <= 31 && month >= 1 && month <= 12 && year >= 1900 && year < 2100;
}

bool run_is_fraction(const struct run *run)
{
    return run->groups >= 2 && run->size[0] == 1 && run->separator[0] == '.' && run->size[1] > 5;
}

bool run_is_moment(const struct run *run)
{
    int year, month, day;

    if (run->n < 12)
        return false;
    year = run_number(run, 0, 4), month = run_number(run, 4, 2), day = run_number(run, 6, 2);
    return year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
           run_number(run, 8, 2) < 24 && run_number(run, 10, 2) < 60;
}

/* "1.200.000": groups of three behind one to three digits, with points. */
static bool is_in_thousands(const struct run *run)
{
    if (run->groups < 2 || run->size[0] > 3)
        return false;
    for (size_t g = 1; g < run->groups; g++)
        if (run->size[g] != 3 || run->separator[g - 1] != '.')
            return false;
    return true;
}

bool run_is_money(const struct shadow *shadow, const struct run *run, size_t digits)
{
    static const char units[] = " d dong vnd vn usd k tr trieu ty ti nghin ngan euro eur ";
    char word[12] = " ";
    size_t at = run->end[digits - 1], n = 1, before = run->index[0] - 1;

    if (memcmp(run->digit + digits - 3, "000", 3) == 0 || shadow_code(shadow, at) == '$' ||
        (run->n == digits && is_in_thousands(run)))
        return true;
    if (shadow_code(shadow, before) == ' ')
        before--;
    if (shadow_code(shadow, before) == '$')
        return true;
    at += shadow_code(shadow, at) == ' ';
    for (; n < sizeof word - 2 && shadow_is_letter(shadow_code(shadow, at)); at++)
        word[n++] = (char)shadow_code(shadow, at);
    word[n++] = ' ';
    return n > 2 && memmem(units, sizeof units - 1, word, n) != NULL;
}

size_t run_pairs_end(const struct shadow *shadow, size_t i)
{
    size_t pairs = 0, at = i, end = i, gap;

    while (shadow_is_digit(shadow_code(shadow, at)) &&
           shadow_is_digit(shadow_code(shadow, at + 1)) &&
           !shadow_is_digit(shadow_code(shadow, at + 2))) {
        pairs++;
        end = at += 2;
        gap = gap_end(shadow, at, false);
        if (gap == at)
            break;
        at = gap;
    }
    return pairs >= PAIRS_FEWEST ? end : i;
}
