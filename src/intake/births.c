/* births.c - dates of birth behind the words that announce them; see recognise.h and PRIVACY P7.
 *
 * The date alone goes, whatever its form: "12/03/1990", "12-3-90", "12 tháng 3 năm 1990",
 * "1990-03-12", "1990", behind "sn" also "90".  "Hy sinh ngày", "phát sinh ngày" announce others.
 */
#include "intake/recognise.h"

#include <string.h>

enum { OTHER_LONGEST = 8 };

static const char *const announcing[] = {"ngày tháng năm sinh",
                                         "ngày sinh",
                                         "năm sinh",
                                         "sinh ngày",
                                         "sinh năm",
                                         "sinh nhật",
                                         "date of birth",
                                         "date of birth",
                                         "=sn",
                                         "sn",
                                         "dob",
                                         "born on",
                                         "born",
                                         "sinh",
                                         NULL};
static const char *const between[] = {"là", "vào", "ngày", "năm", "của em", "của mình", NULL};

/* Up to `most` digits at *at: their value, *at moved behind them; -1 none or more. */
static int number_at(const struct shadow *shadow, size_t *at, size_t most)
{
    size_t n = 0;
    int value = 0;

    for (; n <= most && shadow_is_digit(shadow_code(shadow, *at + n)); n++)
        value = value * 10 + shadow_code(shadow, *at + n) - '0';
    if (!n || n > most)
        return -1;
    *at += n;
    return value;
}

static bool is_year(int value)
{
    return value >= 1900 && value < 2100;
}

static size_t skip(const struct shadow *shadow, size_t at, const char *set)
{
    size_t end = at;

    while (end < at + 3 && shadow_is_one_of(shadow_code(shadow, end), set))
        end++;
    return end;
}

/* Behind "/", "-", ".", " " or " tháng ", " năm " between two numbers of a date; `at` when none
 * stands there. */
static size_t joint_end(const struct shadow *shadow, size_t at, const char *word)
{
    size_t from = skip(shadow, at, " "), n = shadow_cue(shadow, from, word);

    return n ? skip(shadow, from + n, " ") : skip(shadow, at, "/-. ");
}

/* "90", "1990", "1990-03-12". */
static size_t year_end(const struct shadow *shadow, size_t i, bool short_year)
{
    size_t at = i, next;
    int year = number_at(shadow, &at, 4);

    if (at - i == 4 && is_year(year)) {
        next = skip(shadow, at, "-/");
        if (next == at + 1 && number_at(shadow, &next, 2) > 0 &&
            shadow_code(shadow, next) == shadow_code(shadow, at)) {
            next++;
            if (number_at(shadow, &next, 2) > 0)
                return next;
        }
        return at;
    }
    return short_year && at - i == 2 && (year >= 30 || year <= 15) ? at : 0;
}

/* A day and a month, and mostly a year. */
static size_t day_end(const struct shadow *shadow, size_t i)
{
    size_t at = i, end, joint;
    int day = number_at(shadow, &at, 2), month, year;

    joint = day > 0 && day <= 31 ? joint_end(shadow, at, "tháng") : at;
    if (joint == at)
        return 0;
    month = number_at(shadow, &joint, 2);
    if (month < 1 || month > 12 || shadow_is_digit(shadow_code(shadow, joint)))
        return 0;
    end = joint;
    at = joint_end(shadow, end, "năm");
    if (at == end)
        return end;
    year = number_at(shadow, &at, 4);
    return is_year(year) || (year >= 0 && year < 100) ? at : end;
}

/* "12031990". */
static size_t solid_end(const struct shadow *shadow, size_t i)
{
    size_t at = i;
    int all = number_at(shadow, &at, 8);

    return at - i == 8 && is_year(all % 10000) && all / 1000000 <= 31 ? at : 0;
}

/* The word before i, a space between, makes "sinh" mean something else. */
static bool means_other(const struct shadow *shadow, size_t i)
{
    static const char others[] = " hy phat nay hoc ve giao tai thi tuyen ky gia moi hi sat ";
    char word[OTHER_LONGEST + 3] = " ";
    size_t n = 0, at = i - 1;

    if (shadow_code(shadow, at) != ' ')
        return false;
    while (n < OTHER_LONGEST && shadow_is_letter(shadow_code(shadow, at - 1 - n)))
        n++;
    for (size_t k = 0; k < n; k++)
        word[1 + k] = (char)shadow_code(shadow, at - n + k);
    word[1 + n] = ' ';
    return n && strstr(others, word);
}

bool births_take(struct shadow *shadow, size_t i)
{
    size_t n, at, end, filler;
    bool is_short;

    n = shadow_any_cue(shadow, i, announcing);
    if (!n || (shadow_code(shadow, i) == 's' && means_other(shadow, i)))
        return false;
    is_short = n == 2 || n == 8; /* "sn", "sinh năm" */
    at = shadow_skip_gap(shadow, skip(shadow, i + n, "."));
    for (int k = 0; k < 2 && (filler = shadow_any_cue(shadow, at, between)); k++)
        at = shadow_skip_gap(shadow, at + filler);
    end = day_end(shadow, at);
    end = end ? end : year_end(shadow, at, is_short);
    end = end ? end : solid_end(shadow, at);
    if (!end || shadow_is_alnum(shadow_code(shadow, end)))
        return false;
    shadow_take(shadow, at, end, REDACTION_BIRTH);
    return true;
}
