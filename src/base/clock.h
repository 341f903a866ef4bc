/* clock.h - points in time, written and read.
 *
 * A time is `int64_t` milliseconds since 1970-01-01T00:00:00Z, a day is whole days since then *in a
 * zone* (windows of a day are days of the desk's zone).  All functions but clock_now are pure;
 * proleptic Gregorian calendar, days by Hinnant's algorithm ("chrono-compatible low-level date
 * algorithms", 2013); leap seconds are read (…:60) and fall on the next second.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/str.h"

#define TIME_UNKNOWN INT64_MIN

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS, HOUR_MS = 60 * MINUTE_MS };
#define DAY_MS (24 * (int64_t)HOUR_MS)
#define WEEK_MS (7 * DAY_MS)

/* A zone without daylight saving: the offset of local time from UTC. */
struct zone {
    int32_t offset_ms;
};

/* The machine's clock, or what SOUNDINGS_NOW sets (tests): a time (RFC 3339 or ms), or @FILE, which
 * holds one and is read each time. */
int64_t clock_now(void);
/* Whether SOUNDINGS_NOW sets the clock: then nothing is purged, whatever the time. */
bool clock_is_set(void);
int64_t clock_real(void);
/* Monotonic nanoseconds for measuring how long something took, a machine's sleep included. */
uint64_t clock_ticks_ns(void);

/* "UTC", "Asia/Ho_Chi_Minh", "Asia/Bangkok", "+07:00"; false for any other name. */
bool zone_find(struct str name, struct zone *out);

/* How much of a time the text gave. */
enum precision { PRECISION_NONE, PRECISION_DAY, PRECISION_TIME };

/* RFC 3339 (also with a space for T, without zone, without time: then local to `zone`, at 00:00) or
 * integer milliseconds.  PRECISION_NONE: not a time, *out untouched.  Years 1 to 9999. */
enum precision time_parse(struct str s, struct zone zone, int64_t *out);
/* As time_parse for the dates of feeds: RFC 822 and its common misspellings, then RFC 3339. */
enum precision time_parse_feed(struct str s, struct zone zone, int64_t *out);

/* Day number of a time in a zone, and the time at which that day begins. */
int64_t time_day(int64_t ms, struct zone zone);
int64_t day_start(int64_t day, struct zone zone);
/* 0 = Monday. */
int day_weekday(int64_t day);
int64_t day_of_date(int year, int month, int day_of_month);
void date_of_day(int64_t day, int *year, int *month, int *day_of_month);

enum { TIME_TEXT = 40 }; /* room for any of the texts below */
/* 2026-03-02T07:00:00+07:00, milliseconds only when there are any. */
const char *time_format(int64_t ms, struct zone zone, char out[TIME_TEXT]);
const char *day_format(int64_t day, char out[TIME_TEXT]); /* 2026-03-02 */

#endif
