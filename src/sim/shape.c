/* shape.c - rates of stories over time; see shape.h. */
#include "sim/shape.h"

/* How much is written in each hour of the day and on each weekday from Monday, in percent. */
static const int hour_percent[24] = {30,  18,  10,  8,   10,  25,  60,  105, 130, 130, 125, 120,
                                     115, 105, 110, 115, 125, 135, 140, 160, 180, 175, 130, 70};
static const int weekday_percent[7] = {108, 104, 102, 100, 106, 92, 88};

static const double weeks8 = 56.0 * 24 * 60 * 60 * 1000; /* lengths are told for a stream so long */

static double length_of(enum shape shape)
{
    switch (shape) {
    case SHAPE_SUDDEN:
        return 0.15;
    case SHAPE_SLOW:
        return 0.40;
    case SHAPE_CLAIM:
        return 5.0 * DAY_MS / weeks8;
    case SHAPE_CAMPAIGN:
        return 2.0 * DAY_MS / weeks8;
    default:
        return 0;
    }
}

/* Claims after the first begin 15 % later each. */
static double onset_of(enum shape shape, uint32_t earlier_claims)
{
    switch (shape) {
    case SHAPE_SUDDEN:
        return 0.85;
    case SHAPE_SLOW:
        return 0.60;
    case SHAPE_CLAIM:
        return 0.60 + 0.15 * (earlier_claims % 3);
    case SHAPE_CAMPAIGN:
        return 0.70;
    default:
        return 0;
    }
}

/* `age` is the share of the event that is over, below 0 before it and above 1 behind it. */
static double event_rate(enum shape shape, double age)
{
    static const double hours = 6.0 / (0.15 * 56 * 24); /* the sudden one takes six to grow */
    bool on = age >= 0 && age < 1;

    switch (shape) {
    case SHAPE_SUDDEN:
        return age < 0 ? 0.02 : age < hours ? 1.3 * age / hours : 1.3;
    case SHAPE_SLOW:
        return on ? 0.25 + 1.75 * age : 0.25;
    case SHAPE_CLAIM:
        return on ? 0.1 + 6 * (1 - age) * (1 - age) : age < 0 ? 0.02 : 0.1;
    case SHAPE_CAMPAIGN:
        return on ? 14 : 0.01;
    default:
        return 1;
    }
}

static double seasonal_rate(int weekday, int hour)
{
    bool rush = (hour >= 7 && hour < 9) || (hour >= 16 && hour < 19);

    if (weekday == 4 && hour >= 16 && hour < 19)
        return 18;
    return rush ? 0.6 : 0.2;
}

/* Sums the rates of all stories in one bucket, rhythm left out; returns the sum. */
static double fill_bucket(const struct timetable *timetable, const struct grammar *grammar,
                          uint32_t bucket, double seasonal)
{
    double share = (bucket + 0.5) / SHAPE_BUCKETS, sum = 0;
    double *upto = timetable->upto + (size_t)bucket * timetable->stories;

    for (uint32_t s = 0; s < timetable->stories; s++) {
        const struct sim_story *story = &grammar->stories[s];
        double rate = seasonal;

        if (story->shape != SHAPE_SEASONAL) {
            double length = timetable->length[s];
            double age = length > 0 ? (share - timetable->onset[s]) / length : 0;

            rate = event_rate(story->shape, age);
        }
        sum += story->weight * rate;
        upto[s] = sum;
    }
    return sum;
}

void timetable_make(const struct grammar *grammar, int64_t start, int64_t end, struct zone zone,
                    struct arena *job, struct timetable *out)
{
    uint32_t claims = 0;

    *out = (struct timetable){.start = start, .span = end - start, .stories = grammar->n};
    out->cumulative = arena_array(job, SHAPE_BUCKETS + 1, sizeof *out->cumulative);
    out->upto = arena_array(job, (size_t)SHAPE_BUCKETS * grammar->n, sizeof *out->upto);
    out->onset = arena_array(job, grammar->n, sizeof *out->onset);
    out->length = arena_array(job, grammar->n, sizeof *out->length);
    for (uint32_t s = 0; s < grammar->n; s++) {
        out->onset[s] = onset_of(grammar->stories[s].shape, claims);
        out->length[s] = length_of(grammar->stories[s].shape);
        claims += grammar->stories[s].shape == SHAPE_CLAIM;
    }
    for (uint32_t b = 0; b < SHAPE_BUCKETS; b++) {
        int64_t middle = start + (int64_t)((b + 0.5) / SHAPE_BUCKETS * (double)out->span);
        int64_t day = time_day(middle, zone);
        int weekday = day_weekday(day), hour = (int)((middle - day_start(day, zone)) / HOUR_MS);
        double rhythm = hour_percent[hour] * weekday_percent[weekday] * 1e-4;

        out->cumulative[b + 1] =
            out->cumulative[b] +
            rhythm * fill_bucket(out, grammar, b, seasonal_rate(weekday, hour));
    }
}

int64_t timetable_time(const struct timetable *timetable, double x, uint32_t *bucket)
{
    double at = x * timetable->cumulative[SHAPE_BUCKETS], within;
    const double *c = timetable->cumulative;

    while (*bucket + 1 < SHAPE_BUCKETS && c[*bucket + 1] <= at)
        ++*bucket;
    within = (at - c[*bucket]) / (c[*bucket + 1] - c[*bucket]);
    return timetable->start +
           (int64_t)((*bucket + within) / SHAPE_BUCKETS * (double)timetable->span);
}

uint32_t timetable_story(const struct timetable *timetable, uint32_t bucket, double x)
{
    const double *upto = timetable->upto + (size_t)bucket * timetable->stories;
    double at = x * upto[timetable->stories - 1];
    uint32_t s = 0;

    while (s + 1 < timetable->stories && upto[s] <= at)
        s++;
    return s;
}

bool timetable_rising(const struct timetable *timetable, const struct grammar *grammar,
                      uint32_t story, int64_t time)
{
    enum shape shape = grammar->stories[story].shape;
    double share, age;

    if (shape != SHAPE_SUDDEN && shape != SHAPE_SLOW && shape != SHAPE_CLAIM)
        return false;
    share = timetable->span > 0 ? (double)(time - timetable->start) / (double)timetable->span : 1;
    age = (share - timetable->onset[story]) / timetable->length[story];
    return age >= 0 && (age < 1 || shape != SHAPE_CLAIM);
}
