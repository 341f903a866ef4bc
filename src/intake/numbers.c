/* numbers.c - phone and identity numbers; see shadow.h and the table of PRIVACY P7.
 *
 * From every place where a number can begin, at most 16 digits are gathered over separators; a
 * number must end where a group of digits ends.  Mobile and fixed prefixes are those of
 * libphonenumber 8.12.57 for Vietnam.  What is no phone (hotlines, prices, dates, case numbers) is
 * told by prefix, grouping and neighbours, each rule below with its reason.
 */
#include "intake/shadow.h"

#include <string.h>

enum { DIGITS = 16, SEPARATORS = 3, CONTEXT = 40 };

/* Digits gathered from one place on. */
struct run {
    char digit[DIGITS];
    size_t index[DIGITS];            /* of each digit in the shadow */
    bool last[DIGITS];               /* ends a group */
    unsigned char size[DIGITS];      /* of each group */
    unsigned char separator[DIGITS]; /* first separator behind each group; 0 behind the last */
    size_t n, groups;
};

static bool is_separator(unsigned char c)
{
    return c == ' ' || c == '.' || c == '-' || c == '(' || c == ')' || c == '_' || c == '*' ||
           c == '~';
}

static void gather(const struct shadow *shadow, size_t at, struct run *run)
{
    run->n = run->groups = 0;
    while (run->n < DIGITS) {
        size_t gap = 0, first = run->n;

        for (; run->n < DIGITS && shadow_is_digit(shadow_code(shadow, at)); at++) {
            run->digit[run->n] = (char)shadow_code(shadow, at);
            run->index[run->n] = at;
            run->last[run->n++] = false;
        }
        run->last[run->n - 1] = !shadow_is_digit(shadow_code(shadow, at));
        run->size[run->groups] = (unsigned char)(run->n - first);
        run->separator[run->groups++] = 0;
        while (gap <= SEPARATORS && is_separator(shadow_code(shadow, at + gap)))
            gap++;
        if (!gap || gap > SEPARATORS || !shadow_is_digit(shadow_code(shadow, at + gap)))
            return;
        run->separator[run->groups - 1] = shadow_code(shadow, at);
        at += gap;
    }
}

static int number_at(const struct run *run, size_t from, size_t digits)
{
    int value = 0;

    for (size_t i = from; i < from + digits; i++)
        value = value * 10 + (run->digit[i] - '0');
    return value;
}

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
    static const char *const second[10] = {"3456789",  "012345689", "01256789", "23456789",
                                           "2345678",  "12456789",  "01239",    "01234567",
                                           "23456789", "01234679"};

    return d[0] == '2' && strchr(second[d[1] - '0'], d[2]) != NULL;
}

/* The letters that stand directly before `at` are a cue such as "sđt" or "lh". */
static bool behind_cue(const struct shadow *shadow, size_t at)
{
    static const char cues[] = " sdt dt tel lh ll zalo phone hotline call alo so goi viber mobile "
                               "sms whatsapp ib dd ";
    char word[14] = "             ";
    size_t n = sizeof word - 3; /* a space stays behind the word */

    for (; n > 0 && shadow_is_letter(shadow_code(shadow, at - 1)); at--)
        word[n--] = (char)shadow_code(shadow, at - 1);
    return n > 0 && !shadow_is_digit(shadow_code(shadow, at - 1)) && strstr(cues, word + n);
}

static bool is_joint(unsigned char c)
{
    return c == '-' || c == '.' || c == '_' || c == '/' || c == ',' || c == '#';
}

enum joined {
    FREE,     /* nothing is attached */
    TO_WORD,  /* "LH-09…", "sđt09…", or another number that was taken */
    TO_COUNT, /* "1.09…": behind a number of at most two digits */
    INSIDE,   /* within something longer: a case number, a UUID, a word */
};

/* How the number that begins at `at` hangs together with what stands before it. */
static enum joined joined_before(const struct shadow *shadow, size_t at)
{
    unsigned char before = shadow_code(shadow, at - 1);
    size_t letters = 0, digits = 0;

    if (shadow_is_alnum(before))
        return behind_cue(shadow, at) ? TO_WORD : INSIDE;
    if (before == SHADOW_TAKEN)
        return INSIDE;
    if (!is_joint(before))
        return FREE;
    if (shadow_code(shadow, at - 2) == SHADOW_TAKEN)
        return TO_WORD;
    for (size_t i = at - 2; letters + digits < 16; i--) {
        unsigned char c = shadow_code(shadow, i);

        if (!shadow_is_alnum(c))
            break;
        letters += shadow_is_letter(c);
        digits += shadow_is_digit(c);
    }
    if (!letters && !digits)
        return FREE;
    if (!letters)
        return digits <= 2 ? TO_COUNT : INSIDE;
    return digits || letters > 15 ? INSIDE : TO_WORD;
}

/* Is what ends before `at` followed by letters and then digits, as in a code? */
static bool code_behind(const struct shadow *shadow, size_t at)
{
    size_t from = at;

    while (at < from + 16 && shadow_is_letter(shadow_code(shadow, at)))
        at++;
    return at > from && shadow_is_digit(shadow_code(shadow, at));
}

/* An identity number must stand alone on its right: no letter, no joint with more behind. */
static bool isolated_behind(const struct shadow *shadow, size_t at)
{
    unsigned char c = shadow_code(shadow, at), next = shadow_code(shadow, at + 1);

    if (shadow_is_alnum(c) || c == SHADOW_TAKEN || c == '%')
        return false;
    return !is_joint(c) || !(shadow_is_alnum(next) || next == SHADOW_TAKEN);
}

/* "08.12.2025 …": day, month and year in front are a date, not the beginning of a phone number. */
static bool begins_with_date(const struct run *run)
{
    int day, month, year;

    if (run->groups < 3 || run->size[0] > 2 || run->size[1] > 2 || run->size[2] != 4 ||
        run->separator[0] != run->separator[1])
        return false;
    day = number_at(run, 0, run->size[0]);
    month = number_at(run, run->size[0], run->size[1]);
    year = number_at(run, (size_t)run->size[0] + run->size[1], 4);
    return day >= 1 && day <= 31 && month >= 1 && month <= 12 && year >= 1900 && year < 2100;
}

/* "0.345678901": one digit, a point, one long group is a fraction. */
static bool is_fraction(const struct run *run)
{
    return run->groups >= 2 && run->size[0] == 1 && run->separator[0] == '.' && run->size[1] > 5;
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
    return plus || (!begins_with_date(run) && !is_fraction(run)) ? end : 0;
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

static void take(struct shadow *shadow, const struct run *run, size_t from, size_t digits,
                 enum redaction redaction)
{
    shadow_take(shadow, from, run->index[digits - 1] + 1, redaction);
}

static bool take_phone(struct shadow *shadow, const struct run *run, enum joined joined,
                       enum redact_scope scope)
{
    size_t from = run->index[0], length;
    bool plus = shadow_code(shadow, from - 1) == '+';

    length = phone_length(run, plus, scope);
    if (!length && plus && scope == REDACT_PEOPLE)
        length = foreign_length(run);
    if (!length || joined == INSIDE || (joined == TO_COUNT && run->size[0] < length) ||
        code_behind(shadow, run->index[length - 1] + 1))
        return false;
    if (plus)
        from--;
    else if (shadow_code(shadow, from - 1) == '(')
        from -= memchr(run->separator, ')', run->groups) != NULL; /* "(024) …" */
    take(shadow, run, from, length, REDACTION_PHONE);
    return true;
}

/* A word of identity papers within reach before `at`; the reach ends at what is taken. */
static bool in_context(const struct shadow *shadow, size_t at)
{
    static const char *const words[] = {"cmnd",       "cmt",       "cccd",    "can cuoc",
                                        "chung minh", "dinh danh", "ho chieu"};
    size_t from = at;

    while (at - from < CONTEXT && from > 0 && shadow_code(shadow, from - 1) != SHADOW_TAKEN)
        from--;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (at > from && memmem(shadow->c + from, at - from, words[i], strlen(words[i])))
            return true;
    return false;
}

/* Twelve digits of a citizen's number: province 001..096, century and sex, year of birth. */
static bool is_citizen_number(const struct run *run)
{
    int province = number_at(run, 0, 3);

    return province >= 1 && province <= 96 && run->digit[3] <= '3';
}

/* "202603021530": a moment to the minute. */
static bool is_moment(const struct run *run)
{
    int year = number_at(run, 0, 4), month = number_at(run, 4, 2), day = number_at(run, 6, 2);

    return year >= 1900 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
           number_at(run, 8, 2) < 24 && number_at(run, 10, 2) < 60;
}

/* A sum: a currency stands on one of its sides, or it ends in three zeros. */
static bool is_money(const struct shadow *shadow, const struct run *run, size_t digits)
{
    static const char units[] = " d dong vnd vn usd k tr trieu ty ti nghin ngan euro eur ";
    char word[12] = " ";
    size_t at = run->index[digits - 1] + 1, n = 1, before = run->index[0] - 1;

    if (memcmp(run->digit + digits - 3, "000", 3) == 0 || shadow_code(shadow, at) == '$')
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

/* Do groups of at least `smallest` digits end after exactly `digits`? */
static bool groups_end_at(const struct run *run, size_t digits, size_t smallest)
{
    size_t n = 0;

    for (size_t g = 0; g < run->groups && n < digits; g++) {
        if (run->size[g] < smallest)
            return false;
        n += run->size[g];
    }
    return n == digits && run->last[n - 1];
}

/* How many digits of the run are an identity number; 0 none. */
static size_t identity_length(const struct shadow *shadow, const struct run *run)
{
    if (run->size[0] == 12)
        return is_moment(run) && !in_context(shadow, run->index[0]) ? 0 : 12;
    if (run->size[0] == 9)
        return is_money(shadow, run, 9) && !in_context(shadow, run->index[0]) ? 0 : 9;
    if (groups_end_at(run, 12, 3) && is_citizen_number(run))
        return 12;
    if (groups_end_at(run, 12, 1) && in_context(shadow, run->index[0]))
        return 12;
    return groups_end_at(run, 9, 2) && in_context(shadow, run->index[0]) ? 9 : 0;
}

static bool take_identity(struct shadow *shadow, const struct run *run, enum joined joined)
{
    bool free = joined == FREE || (joined == TO_WORD && in_context(shadow, run->index[0]));
    size_t length = free ? identity_length(shadow, run) : 0;

    if (!length || shadow_code(shadow, run->index[0] - 1) == '#' ||
        !isolated_behind(shadow, run->index[length - 1] + 1))
        return false;
    take(shadow, run, run->index[0], length, REDACTION_ID);
    return true;
}

/* "05 12 23 31 40 44 …": pairs that go on are a list of small numbers.  Where the list that begins
 * at i ends; i when there is none. */
static size_t pairs_end(const struct shadow *shadow, size_t i)
{
    size_t pairs = 0, at = i, end = i, gap;

    while (shadow_is_digit(shadow_code(shadow, at)) &&
           shadow_is_digit(shadow_code(shadow, at + 1)) &&
           !shadow_is_digit(shadow_code(shadow, at + 2))) {
        pairs++;
        end = at += 2;
        for (gap = 0; gap < SEPARATORS && is_separator(shadow_code(shadow, at));)
            gap++, at++;
        if (!gap)
            break;
    }
    return pairs > 5 ? end : i;
}

void numbers_take(struct shadow *shadow, enum redact_scope scope)
{
    struct run run;
    enum joined joined;
    size_t list = 0;

    for (size_t i = 0; i < shadow->n; i++) {
        if (!shadow_is_digit(shadow_code(shadow, i)) || shadow_is_digit(shadow_code(shadow, i - 1)))
            continue;
        gather(shadow, i, &run);
        if (run.n < 9)
            continue;
        list = list > i ? list : pairs_end(shadow, i);
        if (list > i)
            continue;
        joined = joined_before(shadow, i);
        if (!take_identity(shadow, &run, joined))
            take_phone(shadow, &run, joined, scope);
    }
}
