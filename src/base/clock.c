/* clock.c - the calendar; see clock.h. */
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int64_t read_clock(clockid_t id, int64_t unit_ns)
{
    struct timespec now;

    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * (1000000000 / unit_ns) + now.tv_nsec / unit_ns;
}

int64_t clock_real(void)
{
    return read_clock(CLOCK_REALTIME, 1000000);
}

/* The time that stands in a file, so that a test can move the clock of a process that runs. */
static bool read_clock_file(const char *path, int64_t *out)
{
    struct zone utc = {0};
    char text[TIME_TEXT];
    FILE *file = fopen(path, "re");
    size_t n;

    if (!file)
        return false;
    n = fread(text, 1, sizeof text, file);
    fclose(file);
    return time_parse((struct str){text, n}, utc, out) == PRECISION_TIME;
}

static bool read_set_clock(int64_t *out)
{
    struct zone utc = {0};
    const char *set = getenv("SOUNDINGS_NOW");

    if (set && set[0] == '@')
        return read_clock_file(set + 1, out);
    return time_parse(str_of(set), utc, out) == PRECISION_TIME;
}

int64_t clock_now(void)
{
    int64_t set;

    return read_set_clock(&set) ? set : clock_real();
}

bool clock_is_set(void)
{
    const char *set = getenv("SOUNDINGS_NOW");
    int64_t time;

    return (set && set[0] == '@') || read_set_clock(&time);
}

uint64_t clock_ticks_ns(void)
{
    return (uint64_t)read_clock(CLOCK_BOOTTIME, 1);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* lint: exports: the inverse of date_of_day; a calendar has both */
int64_t day_of_date(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = floor_div(y, 400);
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void date_of_day(int64_t day, int *year, int *month, int *day_of_month)
{
    int64_t z = day + 719468, era = floor_div(z, 146097), doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

    *day_of_month = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

int64_t time_day(int64_t ms, struct zone zone)
{
    return floor_div(ms + zone.offset_ms, DAY_MS);
}

int64_t day_start(int64_t day, struct zone zone)
{
    return day * DAY_MS - zone.offset_ms;
}

int day_weekday(int64_t day)
{
    return (int)(day + 3 - 7 * floor_div(day + 3, 7));
}

/* Exactly `count` digits at *s; consumes them. */
static bool take_number(struct str *s, size_t count, int *out)
{
    int value = 0;

    if (s->n < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        value = value * 10 + (s->p[i] - '0');
    }
    *out = value;
    *s = (struct str){s->p + count, s->n - count};
    return true;
}

static bool take_byte(struct str *s, char c)
{
    if (!s->n || s->p[0] != c)
        return false;
    *s = (struct str){s->p + 1, s->n - 1};
    return true;
}

/* "Z", "+07:00", "+0700", "GMT", "UT", "UTC", "EST"…; an empty rest keeps *offset_ms. */
static bool take_zone(struct str s, int32_t *offset_ms)
{
    static const struct {
        const char *name;
        int hours;
    } names[] = {{"Z", 0},    {"UT", 0},   {"UTC", 0},  {"GMT", 0},  {"EST", -5},
                 {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6},
                 {"PST", -8}, {"PDT", -7}, {"ICT", 7}};
    int sign, hours, minutes = 0;

    if (!s.n)
        return true;
    if (s.p[0] != '+' && s.p[0] != '-') {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (str_eq_nocase(s, str_of(names[i].name))) {
                *offset_ms = names[i].hours * HOUR_MS;
                return true;
            }
        return false;
    }
    sign = s.p[0] == '-' ? -1 : 1;
    s = str_from(s, 1);
    if (!take_number(&s, 2, &hours))
        return false;
    take_byte(&s, ':');
    if (s.n && (!take_number(&s, 2, &minutes) || s.n))
        return false;
    if (hours > 14 || minutes > 59)
        return false;
    *offset_ms = sign * (hours * HOUR_MS + minutes * MINUTE_MS);
    return true;
}

bool zone_find(struct str name, struct zone *out)
{
    int32_t offset = 7 * HOUR_MS;

    if (!str_eq(name, STR("Asia/Ho_Chi_Minh")) && !str_eq(name, STR("Asia/Bangkok")) &&
        (!name.n || !take_zone(name, &offset)))
        return false;
    out->offset_ms = offset;
    return true;
}

static bool date_exists(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] + (month == 2 && leap);
}

/* ".123456" of a second; digits behind the third are read and dropped. */
static bool take_fraction(struct str *s, int64_t *ms)
{
    int scale = 100, digit;

    if (!take_byte(s, '.') && !take_byte(s, ','))
        return true;
    if (!take_number(s, 1, &digit))
        return false;
    do {
        *ms += digit * scale;
        scale /= 10;
    } while (take_number(s, 1, &digit));
    return true;
}

/* "07:05", "07:05:09", "07:05:09.123456"; the rest of s after it. */
static bool take_clock(struct str *s, int64_t *ms)
{
    int hour, minute, second = 0;

    if (!take_number(s, 2, &hour) || !take_byte(s, ':') || !take_number(s, 2, &minute))
        return false;
    if (take_byte(s, ':') && !take_number(s, 2, &second))
        return false;
    if (hour > 24 || minute > 59 || second > 60 || (hour == 24 && (minute || second)))
        return false;
    *ms = hour * (int64_t)HOUR_MS + minute * MINUTE_MS + second * SECOND_MS;
    return take_fraction(s, ms);
}

enum precision time_parse(struct str s, struct zone zone, int64_t *out)
{
    int year, month, day;
    int64_t ms = 0, number;

    s = str_trim(s);
    /* Integer milliseconds: more than a year's digits, so that "2026" is not one. */
    if (s.n > 4 && str_to_int(s, &number)) {
        *out = number;
        return number == TIME_UNKNOWN ? PRECISION_NONE : PRECISION_TIME;
    }
    if (!take_number(&s, 4, &year) || !take_byte(&s, '-') || !take_number(&s, 2, &month) ||
        !take_byte(&s, '-') || !take_number(&s, 2, &day) || !date_exists(year, month, day))
        return PRECISION_NONE;
    if (!s.n) {
        *out = day_start(day_of_date(year, month, day), zone);
        return PRECISION_DAY;
    }
    if (!take_byte(&s, 'T') && !take_byte(&s, 't') && !take_byte(&s, ' '))
        return PRECISION_NONE;
    if (!take_clock(&s, &ms) || !take_zone(str_trim(s), &zone.offset_ms))
        return PRECISION_NONE;
    *out = day_start(day_of_date(year, month, day), zone) + ms;
    return PRECISION_TIME;
}

static int month_of(struct str name)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

    for (int i = 0; i < 12; i++)
        if (name.n >= 3 && str_eq_nocase(str_part(name, 0, 3), (struct str){months + 3 * i, 3}))
            return i + 1;
    return 0;
}

/* The next run of bytes without a space or comma. */
static struct str take_word(struct str *s)
{
    size_t n = 0;

    while (s->n && (s->p[0] == ' ' || s->p[0] == ','))
        *s = str_from(*s, 1);
    while (n < s->n && s->p[n] != ' ' && s->p[n] != ',')
        n++;
    struct str word = str_part(*s, 0, n);
    *s = str_from(*s, n);
    return word;
}

enum precision time_parse_feed(struct str s, struct zone zone, int64_t *out)
{
    struct str rest = str_trim(s), word = take_word(&rest);
    int64_t day, year, ms = 0;
    int month;
    enum precision precision = time_parse(s, zone, out);

    if (precision != PRECISION_NONE)
        return precision;
    if (!str_to_int(word, &day)) /* a weekday, in whatever spelling */
        word = take_word(&rest);
    month = month_of(word); /* "Mar 02 2026" as well as "02 Mar 2026" */
    if (month)
        word = take_word(&rest);
    if (!str_to_int(word, &day))
        return PRECISION_NONE;
    if (!month)
        month = month_of(take_word(&rest));
    if (!month || !str_to_int(take_word(&rest), &year))
        return PRECISION_NONE;
    if (year < 100)
        year += year < 70 ? 2000 : 1900;
    if (year < 1 || year > 9999 || day < 1 || day > 31 || !date_exists((int)year, month, (int)day))
        return PRECISION_NONE;
    zone.offset_ms = 0; /* RFC 822 without zone is UTC */
    rest = str_trim(rest);
    precision = rest.n ? PRECISION_TIME : PRECISION_DAY;
    if (rest.n && (!take_clock(&rest, &ms) || !take_zone(str_trim(rest), &zone.offset_ms)))
        return PRECISION_NONE;
    *out = day_start(day_of_date((int)year, month, (int)day), zone) + ms;
    return precision;
}

const char *day_format(int64_t day, char out[TIME_TEXT])
{
    int year, month, of_month;

    date_of_day(day, &year, &month, &of_month);
    snprintf(out, TIME_TEXT, "%04d-%02d-%02d", year, month, of_month);
    return out;
}

const char *time_format(int64_t ms, struct zone zone, char out[TIME_TEXT])
{
    int64_t day = time_day(ms, zone), rest = ms - day_start(day, zone);
    int year, month, of_month, n, offset = zone.offset_ms / MINUTE_MS;

    date_of_day(day, &year, &month, &of_month);
    n = snprintf(out, TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", year, month, of_month,
                 (int)(rest / HOUR_MS), (int)(rest / MINUTE_MS % 60), (int)(rest / SECOND_MS % 60));
    if (rest % SECOND_MS)
        n += snprintf(out + n, (size_t)(TIME_TEXT - n), ".%03d", (int)(rest % SECOND_MS));
    if (offset)
        snprintf(out + n, (size_t)(TIME_TEXT - n), "%c%02d:%02d", offset < 0 ? '-' : '+',
                 abs(offset) / 60, abs(offset) % 60);
    else
        snprintf(out + n, (size_t)(TIME_TEXT - n), "Z");
    return out;
}
