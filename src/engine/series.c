/* series.c - the memory of series; see series.h. */
#include "engine/series.h"

#include "base/map.h"
#include "store/mergers.h"

#include <stdlib.h>

enum {
    PAST_FIVES = 12 * 24 * 7,
    PAST_DAYS = 63,
    PAST_HOURS = 24 * 35,
    PAST_WEEKS = 26,
    SERIES_MAX = 1 << 16,
    STORY_LEAST = 1,
    MERGERS_MAX = 1 << 20
};

static const int32_t past_of[WINDOWS] = {PAST_FIVES, PAST_HOURS, PAST_DAYS, PAST_WEEKS};
static const int32_t period_of[WINDOWS] = {288, 168, 7, 1}; /* 5 minutes: a day */
/* Windows without an alarm after which a rise is over, and after which one is the new level. */
static const int32_t rest_of[WINDOWS] = {12, 12, 3, 1}, lasting_of[WINDOWS] = {288, 168, 42, 8};

struct past_count {
    int64_t start;
    uint32_t count;
};

/* A ring of the last windows of one series in which it had anything. */
struct series {
    struct past_count *past;
    uint32_t n, capacity;
    bool rose;
    int64_t risen, told; /* starts of the first and the latest window that told its last rise */
};

struct series_memory {
    struct map index;  /* window, place, topic (or story) -> series + 1 */
    struct map merged; /* story -> story that it is told as, link by link */
    struct series *series;
    size_t n, capacity;
};

struct series_memory *series_new(void)
{
    struct series_memory *memory = calloc(1, sizeof *memory);

    MUST(memory);
    map_init(&memory->index, SERIES_MAX);
    map_init(&memory->merged, MERGERS_MAX);
    return memory;
}

void series_free(struct series_memory *memory)
{
    for (size_t i = 0; i < memory->n; i++)
        free(memory->series[i].past);
    free(memory->series);
    map_free(&memory->index);
    map_free(&memory->merged);
    free(memory);
}

int32_t series_period(enum window window)
{
    return period_of[window];
}

static uint64_t told_as(const struct series_memory *memory, uint64_t story)
{
    const uint64_t *into;

    while (story && (into = map_find(&memory->merged, story)))
        story = *into;
    return story;
}

/* The series a cell belongs to, whatever its window's start; NULL when absent and not made. */
static struct series *find_series(struct series_memory *memory, struct cell_key key, bool make)
{
    uint64_t *at;

    key.start = 0;
    key.story = told_as(memory, key.story);
    at = make ? map_put(&memory->index, cell_key_hash(key), NULL)
              : map_find(&memory->index, cell_key_hash(key));
    if (!at)
        return NULL;
    if (*at == 0) {
        if (memory->n == memory->capacity) {
            memory->capacity = memory->capacity ? memory->capacity * 2 : 64;
            memory->series = realloc(memory->series, memory->capacity * sizeof *memory->series);
            MUST(memory->series);
        }
        memory->series[memory->n] = (struct series){0};
        *at = ++memory->n;
    }
    return &memory->series[*at - 1];
}

/* Forgets what is too long ago, then adds a window. */
static void remember(struct series *series, struct cell_key key, uint32_t count)
{
    int64_t oldest = key.start - past_of[key.window] * window_length(key.window);
    uint32_t kept = 0;

    for (uint32_t i = 0; i < series->n; i++)
        if (series->past[i].start >= oldest && series->past[i].start != key.start)
            series->past[kept++] = series->past[i];
    series->n = kept;
    if (series->n == series->capacity) {
        series->capacity = series->capacity ? series->capacity * 2 : 8;
        series->past = realloc(series->past, series->capacity * sizeof *series->past);
        MUST(series->past);
    }
    series->past[series->n++] = (struct past_count){key.start, count};
}

/* Drops the series that had nothing for as long as anything is kept; slots move up. */
static void forget_series(struct series_memory *memory, int64_t now)
{
    struct series *kept = calloc(memory->capacity, sizeof *kept);
    struct map index;
    uint64_t key, slot;
    size_t n = 0;

    MUST(kept);
    map_init(&index, SERIES_MAX);
    for (size_t at = 0; map_next(&memory->index, &at, &key, &slot);) {
        const struct series *series = &memory->series[slot - 1];

        if (series->n == 0 || series->past[series->n - 1].start < now - PAST_DAYS * DAY_MS) {
            free(series->past);
            continue;
        }
        kept[n] = *series;
        *map_put(&index, key, NULL) = ++n;
    }
    map_free(&memory->index);
    free(memory->series);
    memory->index = index;
    memory->series = kept;
    memory->n = n;
}

/* The series of the largest story of each window. */
static struct cell_key largest_key(enum window window)
{
    return (struct cell_key){.window = window, .story = UINT64_MAX};
}

void series_remember(struct series_memory *memory, const struct cell *rows, size_t n)
{
    struct cell_key largest = largest_key(rows[0].key.window);
    uint32_t most = 0;

    if (memory->n + n + 1 > SERIES_MAX)
        forget_series(memory, rows[0].key.start);
    for (size_t i = 0; i < n; i++) {
        struct series *series = NULL;

        if (!rows[i].key.story || rows[i].fresh >= STORY_LEAST)
            series = find_series(memory, rows[i].key, true);
        if (series)
            remember(series, rows[i].key, rows[i].fresh);
        if (rows[i].key.story && rows[i].fresh > most)
            most = rows[i].fresh;
    }
    largest.start = rows[0].key.start;
    if (most && find_series(memory, largest, true))
        remember(find_series(memory, largest, true), largest, most);
}

enum { THE_CITY = 1 };

static struct cell_key volume_key(enum window window)
{
    return (struct cell_key){.window = window, .place = THE_CITY};
}

static enum rc load_rows(struct series_memory *memory, struct store *store,
                         const struct cell_query *query, struct arena *job, struct err *err)
{
    struct cell_list rows;
    size_t first = 0;
    enum rc rc = store->driver->cells(store, query, job, &rows, err);

    for (size_t i = 1; rc == RC_OK && i <= rows.n; i++)
        if (i == rows.n || rows.v[i].key.start != rows.v[first].key.start) {
            series_remember(memory, rows.v + first, i - first);
            first = i;
        }
    return rc;
}

struct cell_list series_told(const struct series_memory *memory, const struct cell *rows, size_t n,
                             struct arena *batch)
{
    struct cell_list told = {arena_array(batch, n + 1, sizeof *told.v), n};
    bool merged = false;

    for (size_t i = 0; i < n; i++) {
        told.v[i] = rows[i];
        told.v[i].key.story = told_as(memory, rows[i].key.story);
        merged |= told.v[i].key.story != rows[i].key.story;
    }
    if (merged)
        mergers_fold(&told);
    return told;
}

static int by_start(const void *a, const void *b)
{
    const struct past_count *x = a, *y = b;

    return (x->start > y->start) - (x->start < y->start);
}

/* Rises of both that belong together are one, as if each had been told of the one story in turn;
 * else the later stands. */
static void merge_rises(struct series *into, const struct series *from, enum window window)
{
    const struct series *later = into->rose && into->told >= from->told ? into : from;
    const struct series *earlier = later == into ? from : into;
    int64_t rest = rest_of[window] * window_length(window), risen = later->risen;

    if (!from->rose)
        return;
    if (earlier->rose && later->risen - earlier->told <= rest && earlier->risen < risen)
        risen = earlier->risen;
    into->told = later->told;
    into->risen = risen;
    into->rose = true;
}

static void merge_past(struct series *into, const struct series *from, struct cell_key key)
{
    for (uint32_t i = 0; i < from->n; i++) {
        uint32_t at = 0;

        while (at < into->n && into->past[at].start != from->past[i].start)
            at++;
        key.start = from->past[i].start;
        if (at == into->n)
            remember(into, key, from->past[i].count);
        else if (into->past[at].count < from->past[i].count)
            into->past[at].count = from->past[i].count;
    }
    qsort(into->past, into->n, sizeof *into->past, by_start);
    merge_rises(into, from, key.window);
}

void series_merge(struct series_memory *memory, uint64_t from, uint64_t into)
{
    struct series *series[WINDOWS], *other;
    uint64_t *place;

    if (told_as(memory, from) == told_as(memory, into))
        return;
    for (int window = 0; window < WINDOWS; window++) { /* made first: that may move them all */
        struct cell_key key = {.window = (enum window)window, .story = from};

        if (!find_series(memory, key, false))
            continue;
        key.story = into;
        find_series(memory, key, true);
    }
    for (int window = 0; window < WINDOWS; window++)
        series[window] = find_series(
            memory, (struct cell_key){.window = (enum window)window, .story = from}, false);
    place = map_put(&memory->merged, from, NULL);
    if (!place)
        return;
    *place = into;
    for (int window = 0; window < WINDOWS; window++) {
        struct cell_key key = {.window = (enum window)window, .story = into};

        other = find_series(memory, key, false);
        if (other && series[window] && series[window]->n)
            merge_past(other, series[window], key);
    }
}

static enum rc load_mergers(struct series_memory *memory, struct store *store, struct arena *job,
                            struct err *err)
{
    struct merger_list mergers;
    enum rc rc = store->driver->mergers(store, job, &mergers, err);

    for (size_t i = 0; rc == RC_OK && i < mergers.n; i++) {
        uint64_t *into = told_as(memory, mergers.v[i].into) == mergers.v[i].from
                             ? NULL /* a damaged row must hang nobody */
                             : map_put(&memory->merged, mergers.v[i].from, NULL);

        if (into)
            *into = mergers.v[i].into;
    }
    return rc;
}

enum rc series_load(struct series_memory *memory, struct store *store, enum window window,
                    int64_t last_heard, struct arena *job, struct err *err)
{
    struct cell_query query = {.window = window,
                               /* two more than are kept: none that one run would have is missing */
                               .from = last_heard - (past_of[window] + 2) * window_length(window)};
    enum rc rc = load_mergers(memory, store, job, err);

    if (rc != RC_OK)
        return rc;
    query.to = last_heard - window_length(window) - HOUR_MS + 1;
    rc = load_rows(memory, store, &query, job, err);
    query.stories = true;
    return rc == RC_OK ? load_rows(memory, store, &query, job, err) : rc;
}

static uint32_t count_at(const struct series *series, int64_t start)
{
    for (uint32_t i = series ? series->n : 0; i-- > 0;)
        if (series->past[i].start == start)
            return series->past[i].count;
    return 0;
}

static int64_t began(const struct series *series)
{
    int64_t first = INT64_MAX;

    for (uint32_t i = 0; series && i < series->n; i++)
        if (series->past[i].start < first)
            first = series->past[i].start;
    return first;
}

/* What the series had in another window. */
static double past_count_of(struct series_memory *memory, struct cell_key key,
                            const struct series *series, int64_t start)
{
    if (key.story && start < began(series))
        series = find_series(memory, largest_key(key.window), false);
    return count_at(series, start);
}

void series_note_rise(struct series_memory *memory, struct cell_key key)
{
    struct series *series = find_series(memory, key, true); /* its first window may be this */
    int64_t start = key.start;

    if (!series)
        return;
    if (!series->rose || start - series->told > rest_of[key.window] * window_length(key.window))
        series->risen = start;
    series->rose = true;
    series->told = start;
}

/* How many windows back a rise that still lasts was told first; 0: none lasts. */
static int32_t risen_since(const struct series *series, enum window window, int64_t start)
{
    int64_t length = window_length(window), since;

    if (!series || !series->rose || start - series->told > rest_of[window] * length)
        return 0;
    since = (start - series->risen) / length;
    return since <= lasting_of[window] ? (int32_t)since : 0;
}

struct rises_question series_question(struct series_memory *memory, struct cell_key key,
                                      struct arena *scratch)
{
    const struct series *volume = find_series(memory, volume_key(key.window), false);
    const struct series *series = find_series(memory, key, false);
    int64_t length = window_length(key.window);
    struct rises_past *past = arena_array(scratch, volume ? volume->n + 1 : 1, sizeof *past);
    struct rises_question question = {.count = count_at(series, key.start),
                                      .volume = count_at(volume, key.start),
                                      .period = period_of[key.window],
                                      .risen = risen_since(series, key.window, key.start),
                                      .past = past};

    for (uint32_t i = 0; volume && i < volume->n; i++) {
        int64_t ago = (key.start - volume->past[i].start) / length;

        if (ago != 0)
            past[question.past_count++] = (struct rises_past){
                .ago = (int32_t)ago,
                .count = past_count_of(memory, key, series, volume->past[i].start),
                .volume = volume->past[i].count};
    }
    return question;
}
