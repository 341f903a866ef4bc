/* bursts.c - a sequential test in tumbling windows; see bursts.h and README.md.
 *
 * The clock of every baseline is the volume of the stream: "so many messages of anybody later".
 * A series begins with its first message, which is taken for granted; what comes after it in `v`
 * messages of the stream is negative binomial, its share gamma (a + own past, b + volume heard
 * since its birth).  a and b are learned from how all young series fared.  A window that is still
 * open can only gain messages, so its test may be put at each of them.
 */
#include "trend/bursts.h"

#include "base/err.h"
#include "base/map.h"
#include "trend/rises.h"

#include <math.h>
#include <stdlib.h>

enum {
    KINDS_ASKED = 3,
    YOUTH = 256,        /* messages of the stream over which a young series is watched */
    VOLUME_LEAST = 500, /* messages before anything may rise */
    MESSAGES_LEAST = 4, /* in one window */
    WEEK_HOURS = 168,
    LEARNED_MAX = 1 << 17, /* young series after which the older ones weigh half */
    SERIES_MAX = 1 << 20,
    YOUTH_CLASSES = 4
};

static const enum window kinds[KINDS_ASKED] = {WINDOW_5MIN, WINDOW_HOUR, WINDOW_DAY};
/* What a p of each window costs: shares 1/2.1 + 1/2.1 + 1/60 of one error (Genovese et al. 2006).
 * A day leans most on the model: a slow drift of what a story is about looks like a rise. */
static const double cost[KINDS_ASKED] = {2.1, 2.1, 60};
/* Variance of a share over its square, whatever was heard: over a day topics drift. */
static const double spread[KINDS_ASKED] = {0.2, 0.2, 1};
static const double lent[3] = {2, 0.3, 0.06}; /* young series with 0, 1, 2 more, before any */

/* A series in the window of one kind that it was last heard in. */
struct slice {
    int64_t number;  /* of the window */
    uint64_t volume; /* of the stream at its first message there */
    uint32_t before; /* own messages before that one */
};

struct series {
    int64_t risen_at;     /* the last alarm */
    uint64_t birth, last; /* volume at the first and the last message */
    uint64_t risen;       /* and at the last alarm; 0: never */
    uint32_t n, n_risen;  /* messages; at the last alarm */
    uint32_t young;       /* messages after the first in its youth */
    struct slice slices[KINDS_ASKED];
};

struct bursts {
    struct map index; /* series -> place + 1 */
    struct series *series;
    size_t n, capacity;
    uint64_t volume;
    int64_t first, latest;
    uint64_t born[YOUTH + 1];    /* by volume: the series born then, or 0 */
    double fared[YOUTH_CLASSES]; /* young series by messages after the first: 0, 1, 2, more */
    double shape, rate;          /* a, b */
    struct {
        int64_t hour;
        uint32_t asked;
    } asked[WEEK_HOURS];
    uint64_t asked_of_week;
};

struct bursts *bursts_new(void)
{
    struct bursts *bursts = calloc(1, sizeof *bursts);

    if (bursts)
        map_init(&bursts->index, SERIES_MAX);
    return bursts;
}

void bursts_free(struct bursts *bursts)
{
    map_free(&bursts->index);
    free(bursts->series);
    free(bursts);
}

/* Drops what was silent for half as many messages as there may be series: half of them at least. */
static void forget_silent(struct bursts *bursts)
{
    struct series *kept = calloc(bursts->capacity, sizeof *kept);
    struct map index;
    uint64_t key, place;
    size_t n = 0;

    MUST(kept);
    map_init(&index, SERIES_MAX);
    for (size_t at = 0; map_next(&bursts->index, &at, &key, &place);) {
        if (bursts->series[place - 1].last + SERIES_MAX / 2 < bursts->volume)
            continue;
        kept[n] = bursts->series[place - 1];
        *map_put(&index, key, NULL) = ++n;
    }
    map_free(&bursts->index);
    free(bursts->series);
    bursts->index = index;
    bursts->series = kept;
    bursts->n = n;
}

static struct series *find_series(struct bursts *bursts, uint64_t key)
{
    uint64_t *place = map_find(&bursts->index, key);

    if (place)
        return &bursts->series[*place - 1];
    if (bursts->n == SERIES_MAX)
        forget_silent(bursts);
    if (bursts->n == bursts->capacity) {
        bursts->capacity = bursts->capacity ? bursts->capacity * 2 : 1024;
        bursts->series = realloc(bursts->series, bursts->capacity * sizeof *bursts->series);
        MUST(bursts->series);
    }
    bursts->series[bursts->n] = (struct series){.birth = bursts->volume};
    bursts->born[bursts->volume % (YOUTH + 1)] = key;
    place = map_put(&bursts->index, key, NULL);
    *place = ++bursts->n;
    return &bursts->series[bursts->n - 1];
}

/* The series whose youth ends now tells how young series fare.  Negative binomial from the first
 * three classes alone (Panjer's recursion: r1 = a t, r2 = (a + 1) t), so that a few great bursts
 * teach nothing. */
static void learn(struct bursts *bursts)
{
    uint64_t *born = &bursts->born[bursts->volume % (YOUTH + 1)];
    const uint64_t *place = *born ? map_find(&bursts->index, *born) : NULL;
    double sum = 0, first, second, chance;

    *born = 0;
    if (!place || bursts->series[*place - 1].risen)
        return;
    bursts->fared[bursts->series[*place - 1].young]++;
    for (int i = 0; i < YOUTH_CLASSES; i++)
        sum += bursts->fared[i];
    for (int i = 0; sum > LEARNED_MAX && i < YOUTH_CLASSES; i++)
        bursts->fared[i] /= 2;
    first = (bursts->fared[1] + lent[1]) / (bursts->fared[0] + lent[0]);
    second = 2 * (bursts->fared[2] + lent[2]) / (bursts->fared[1] + lent[1]);
    chance = fmin(0.95, fmax(0.02, second - first));
    bursts->shape = first / chance;
    bursts->rate = YOUTH * (1 - chance) / chance;
}

/* Another question; all of the last seven days are one family. */
static void count_question(struct bursts *bursts)
{
    int64_t hour = bursts->latest / HOUR_MS;
    size_t at = (size_t)(((hour % WEEK_HOURS) + WEEK_HOURS) % WEEK_HOURS);

    if (bursts->asked[at].hour != hour || !bursts->asked[at].asked) {
        bursts->asked_of_week = 0;
        bursts->asked[at].hour = hour;
        bursts->asked[at].asked = 0;
        for (int i = 0; i < WEEK_HOURS; i++)
            if (bursts->asked[i].hour > hour - WEEK_HOURS)
                bursts->asked_of_week += bursts->asked[i].asked;
    }
    bursts->asked[at].asked++;
    bursts->asked_of_week++;
}

/* Is this slice of the series more than its past, or what young series do? */
static bool ask(const struct bursts *bursts, const struct series *series, int kind,
                struct burst *out)
{
    const struct slice *slice = &series->slices[kind];
    uint32_t more = series->n - slice->before - 1;
    double own = slice->before, heard = (double)(slice->volume - series->birth), doubt, expected;

    if (more + 1 < MESSAGES_LEAST || /* one alarm a rise: the next belongs to another day */
        (series->risen && slice->number * window_length(kinds[kind]) < series->risen_at + DAY_MS) ||
        (slice->number - 1) * window_length(kinds[kind]) < bursts->first)
        return false;
    if (series->risen) { /* a rise that lasts is the new past */
        double since = slice->before - series->n_risen;
        double heard_since = (double)(slice->volume - series->risen);

        if (since / (heard_since + bursts->rate) > own / (heard + bursts->rate)) {
            own = since;
            heard = heard_since;
        }
    }
    expected =
        (bursts->shape + own) / (bursts->rate + heard) * (double)(bursts->volume - slice->volume);
    if (more < rises_ratio_min * expected)
        return false;
    doubt = 1 / (bursts->shape + own) + spread[kind];
    *out = (struct burst){.window = kinds[kind],
                          .observed = more + 1,
                          .expected = 1 + expected,
                          .score = rises_score(more, expected, doubt),
                          .p = rises_tail(more, expected, doubt)};
    out->q = fmin(1, out->p * cost[kind] * (double)bursts->asked_of_week);
    return out->q <= rises_q_max;
}

static void place_in_windows(const struct bursts *bursts, struct series *series)
{
    for (int i = 0; i < KINDS_ASKED; i++) {
        int64_t number = bursts->latest / window_length(kinds[i]);

        if (series->n == 0 || series->slices[i].number != number)
            series->slices[i] = (struct slice){number, bursts->volume, series->n};
    }
}

bool bursts_add(struct bursts *bursts, uint64_t key, int64_t *time, struct burst *out)
{
    struct series *series;

    if (bursts->volume++ == 0)
        bursts->first = bursts->latest = *time;
    if (*time > bursts->latest)
        bursts->latest = *time;
    *time = bursts->latest;
    learn(bursts);
    count_question(bursts);
    series = find_series(bursts, key);
    place_in_windows(bursts, series);
    if (series->n && bursts->volume - series->birth <= YOUTH && series->young < YOUTH_CLASSES - 1)
        series->young++;
    series->n++;
    series->last = bursts->volume;
    for (int i = 0; bursts->volume >= VOLUME_LEAST && i < KINDS_ASKED; i++)
        if (ask(bursts, series, i, out)) {
            series->risen = bursts->volume;
            series->risen_at = bursts->latest;
            series->n_risen = series->n;
            return true;
        }
    return false;
}
