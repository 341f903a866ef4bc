/* closing.c - rises and releases of a closed window; see closing.h.
 *
 * Memory of the past: for each series (place x topic) the people of its last PAST windows, and for
 * the city as a whole how much was heard at all, so that a day on which nothing was heard is a gap
 * in every baseline and not calm.  A story has the past that it has; for the windows before it
 * began it is measured against the largest story of each, or everything new would be a rise.
 */
#include "engine/closing.h"

#include "base/hash.h"
#include "base/map.h"
#include "release/release.h"
#include "store/mergers.h"
#include "trend/rises.h"

#include <stdio.h>
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

struct closing {
    const struct settings *settings;
    uint64_t next_alarm;
    struct map index;  /* window, place, topic (or story) -> series + 1 */
    struct map merged; /* story -> story that it is told as, link by link */
    struct series *series;
    size_t n, capacity;
    /* Rows released for days whose week is not closed yet: the week must not undo them. */
    struct release_row *days;
    size_t day_count, day_capacity;
};

struct closing *closing_new(const struct settings *settings, uint64_t next_alarm,
                            struct arena *process)
{
    struct closing *closing = arena_alloc(process, sizeof *closing);

    closing->settings = settings;
    closing->next_alarm = next_alarm;
    map_init(&closing->index, SERIES_MAX);
    map_init(&closing->merged, MERGERS_MAX);
    return closing;
}

void closing_free(struct closing *closing)
{
    for (size_t i = 0; i < closing->n; i++)
        free(closing->series[i].past);
    free(closing->series);
    map_free(&closing->index);
    map_free(&closing->merged);
    free(closing->days);
}

static uint64_t told_as(const struct closing *closing, uint64_t story)
{
    const uint64_t *into;

    while (story && (into = map_find(&closing->merged, story)))
        story = *into;
    return story;
}

/* The series a cell belongs to, whatever its window's start; NULL when absent and not made. */
static struct series *find_series(struct closing *closing, struct cell_key key, bool make)
{
    uint64_t *at;

    key.start = 0;
    at = make ? map_put(&closing->index, cell_key_hash(key), NULL)
              : map_find(&closing->index, cell_key_hash(key));
    if (!at)
        return NULL;
    if (*at == 0) {
        if (closing->n == closing->capacity) {
            closing->capacity = closing->capacity ? closing->capacity * 2 : 64;
            closing->series = realloc(closing->series, closing->capacity * sizeof *closing->series);
            MUST(closing->series);
        }
        closing->series[closing->n] = (struct series){0};
        *at = ++closing->n;
    }
    return &closing->series[*at - 1];
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
static void forget_series(struct closing *closing, int64_t now)
{
    struct series *kept = calloc(closing->capacity, sizeof *kept);
    struct map index;
    uint64_t key, slot;
    size_t n = 0;

    MUST(kept);
    map_init(&index, SERIES_MAX);
    for (size_t at = 0; map_next(&closing->index, &at, &key, &slot);) {
        const struct series *series = &closing->series[slot - 1];

        if (series->n == 0 || series->past[series->n - 1].start < now - PAST_DAYS * DAY_MS) {
            free(series->past);
            continue;
        }
        kept[n] = *series;
        *map_put(&index, key, NULL) = ++n;
    }
    map_free(&closing->index);
    free(closing->series);
    closing->index = index;
    closing->series = kept;
    closing->n = n;
}

/* The series of the largest story of each window. */
static struct cell_key largest_key(enum window window)
{
    return (struct cell_key){.window = window, .story = UINT64_MAX};
}

/* Puts the rows of one window where the next windows look for their past. */
static void remember_window(struct closing *closing, const struct cell *rows, size_t n)
{
    struct cell_key largest = largest_key(rows[0].key.window);
    uint32_t most = 0;

    if (closing->n + n + 1 > SERIES_MAX)
        forget_series(closing, rows[0].key.start);
    for (size_t i = 0; i < n; i++) {
        struct series *series = NULL;

        if (!rows[i].key.story || rows[i].fresh >= STORY_LEAST)
            series = find_series(closing, rows[i].key, true);
        if (series)
            remember(series, rows[i].key, rows[i].fresh);
        if (rows[i].key.story && rows[i].fresh > most)
            most = rows[i].fresh;
    }
    largest.start = rows[0].key.start;
    if (most && find_series(closing, largest, true))
        remember(find_series(closing, largest, true), largest, most);
}

enum { THE_CITY = 1 };

static struct cell_key volume_key(enum window window)
{
    return (struct cell_key){.window = window, .place = THE_CITY};
}

static void keep_days(struct closing *closing, const struct release_row *rows, size_t n)
{
    if (closing->day_count + n > closing->day_capacity) {
        closing->day_capacity = 2 * (closing->day_count + n);
        closing->days = realloc(closing->days, closing->day_capacity * sizeof *closing->days);
        MUST(closing->days);
    }
    for (size_t i = 0; i < n; i++)
        closing->days[closing->day_count++] = rows[i];
}

/* The days already released of the week that is still open. */
static enum rc load_days(struct closing *closing, struct store *store, int64_t last_heard,
                         struct arena *job, struct err *err)
{
    int64_t week =
        window_start(WINDOW_WEEK, last_heard - WINDOWS_LATENESS_MS, closing->settings->zone);
    struct release_list rows;
    enum rc rc =
        store->driver->releases(store, WINDOW_DAY, (struct span){week, INT64_MAX}, job, &rows, err);

    if (rc == RC_OK)
        keep_days(closing, rows.v, rows.n);
    return rc;
}

/* A window told that the series rises: the rise goes on, or it is another. */
static void note_rise(struct series *series, enum window window, int64_t start)
{
    if (!series->rose || start - series->told > rest_of[window] * window_length(window))
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

/* The rises that lasted when the last run ended. */
static enum rc load_rises(struct closing *closing, struct store *store, enum window window,
                          int64_t last_heard, struct arena *job, struct err *err)
{
    struct span span = {last_heard - past_of[window] * window_length(window), INT64_MAX};
    struct alarm_list alarms;
    enum rc rc = store->driver->alarms(store, span, job, &alarms, err);

    for (size_t i = 0; rc == RC_OK && i < alarms.n; i++) {
        const struct alarm *alarm = &alarms.v[i];
        struct cell_key key = {window, 0, alarm->place, alarm->topic,
                               told_as(closing, alarm->story)};
        struct series *series = alarm->window == window ? find_series(closing, key, false) : NULL;

        if (series)
            note_rise(series, window, alarm->start);
    }
    return rc;
}

static enum rc load_windows(struct closing *closing, struct store *store,
                            const struct cell_query *query, struct arena *job, struct err *err)
{
    struct cell_list rows;
    size_t first = 0;
    enum rc rc = store->driver->cells(store, query, job, &rows, err);

    for (size_t i = 1; rc == RC_OK && i <= rows.n; i++)
        if (i == rows.n || rows.v[i].key.start != rows.v[first].key.start) {
            remember_window(closing, rows.v + first, i - first);
            first = i;
        }
    return rc;
}

static enum rc load_mergers(struct closing *closing, struct store *store, struct arena *job,
                            struct err *err)
{
    struct merger_list mergers;
    enum rc rc = store->driver->mergers(store, job, &mergers, err);

    for (size_t i = 0; rc == RC_OK && i < mergers.n; i++) {
        uint64_t *into = map_put(&closing->merged, mergers.v[i].from, NULL);

        if (into)
            *into = mergers.v[i].into;
    }
    return rc;
}

static int by_start(const void *a, const void *b)
{
    const struct past_count *x = a, *y = b;

    return (x->start > y->start) - (x->start < y->start);
}

/* Each window of the past of one series is worth what the larger of both had; a rise that lasts in
 * one lasts in both. */
static void merge_series(struct series *into, const struct series *from, struct cell_key key)
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
    if (!from->rose)
        return;
    into->risen = into->rose && into->risen < from->risen ? into->risen : from->risen;
    into->told = into->rose && into->told > from->told ? into->told : from->told;
    into->rose = true;
}

void closing_merge(struct closing *closing, uint64_t from, uint64_t into)
{
    uint64_t *place = told_as(closing, into) == from ? NULL : map_put(&closing->merged, from, NULL);

    if (!place)
        return;
    *place = into;
    for (int window = 0; window < WINDOWS; window++) {
        struct cell_key key = {.window = (enum window)window, .story = from};
        struct series *series = find_series(closing, key, false), *other;

        if (!series || !series->n)
            continue;
        key.story = into;
        find_series(closing, key, true); /* may move them all */
        other = find_series(closing, key, false);
        key.story = from;
        series = find_series(closing, key, false);
        if (other && series)
            merge_series(other, series, key);
    }
}

enum rc closing_load(struct closing *closing, struct store *store, enum window window,
                     int64_t last_heard, struct arena *job, struct err *err)
{
    int64_t length = window_length(window);
    struct cell_query query = {.window = window};
    enum rc rc;

    rc = load_mergers(closing, store, job, err);
    if (rc != RC_OK)
        return rc;
    query.from = last_heard - past_of[window] * length;
    query.to = last_heard - length - WINDOWS_LATENESS_MS + 1;
    rc = load_windows(closing, store, &query, job, err);
    query.stories = true;
    if (rc == RC_OK)
        rc = load_windows(closing, store, &query, job, err);
    if (rc == RC_OK)
        rc = load_rises(closing, store, window, last_heard, job, err);
    return rc == RC_OK && window == WINDOW_DAY ? load_days(closing, store, last_heard, job, err)
                                               : rc;
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

/* What the series had in an earlier window. */
static double past_count_of(struct closing *closing, const struct cell *cell,
                            const struct series *series, int64_t start)
{
    if (cell->key.story && start < began(series))
        series = find_series(closing, largest_key(cell->key.window), false);
    return count_at(series, start);
}

/* The past of a series against the windows in which anything was heard at all. */
static struct rises_answer ask(struct closing *closing, const struct cell *cell, double volume_now,
                               struct arena *scratch)
{
    const struct series *volume = find_series(closing, volume_key(cell->key.window), false);
    const struct series *series = find_series(closing, cell->key, false);
    int64_t length = window_length(cell->key.window);
    struct rises_past *past = arena_array(scratch, volume ? volume->n + 1 : 1, sizeof *past);
    struct rises_question question = {.count = cell->fresh,
                                      .volume = volume_now,
                                      .period = period_of[cell->key.window],
                                      .risen =
                                          risen_since(series, cell->key.window, cell->key.start),
                                      .past = past};

    for (uint32_t i = 0; volume && i < volume->n; i++) {
        int64_t ago = (cell->key.start - volume->past[i].start) / length;

        if (ago <= 0)
            continue;
        past[question.past_count++] = (struct rises_past){
            .ago = (int32_t)ago,
            .count = past_count_of(closing, cell, series, volume->past[i].start),
            .volume = volume->past[i].count};
    }
    return rises_ask(&question);
}

/* Series that may alarm: something of a service, or a story, that at least k people spoke of. */
static bool may_alarm(const struct closing *closing, const struct cell *cell)
{
    return (cell->key.topic || cell->key.story) && cell->fresh >= closing->settings->k;
}

static void add_leaf(struct outcome *outcome, enum ledger_action action, const char *detail,
                     struct arena *batch)
{
    struct str text = str_of(detail);

    *vec_push(&outcome->leaves, batch) =
        (struct leaf_to_write){action, {arena_copy(batch, text.p, text.n), text.n}};
}

static void add_alarm(struct closing *closing, const struct cell *cell,
                      const struct rises_answer *answer, double q, struct arena *batch,
                      struct outcome *outcome)
{
    struct alarm *alarm = vec_push(&outcome->alarms, batch);
    char detail[256], known[TIME_TEXT];

    *alarm = (struct alarm){
        .id = closing->next_alarm++,
        .known = cell->key.start + window_length(cell->key.window) + WINDOWS_LATENESS_MS,
        .window = cell->key.window,
        .start = cell->key.start,
        .place = cell->key.place,
        .topic = cell->key.topic,
        .story = cell->key.story,
        .observed = cell->fresh,
        .sources = cell->sources,
        .expected = answer->expected,
        .score = answer->score,
        .p = answer->p,
        .q = q,
        .doubt = answer->doubt,
        .q_max = rises_q_max,
        .ratio_min = rises_ratio_min,
        .replayed = cell->replayed,
    };
    snprintf(detail, sizeof detail, "alarm=%llu window=%s place=%u topic=%u story=%llu known=%s",
             (unsigned long long)alarm->id, window_name(cell->key.window), alarm->place,
             alarm->topic, (unsigned long long)alarm->story,
             time_format(alarm->known, closing->settings->zone, known));
    add_leaf(outcome, LEDGER_ALARM, detail, batch);
}

static void find_rises(struct closing *closing, const struct closed_window *closed, double volume,
                       struct arena *batch, struct outcome *outcome)
{
    size_t n = closed->n, m = 0;
    const struct cell **asked = arena_array(batch, n + 1, sizeof *asked);
    struct rises_answer *answers = arena_array(batch, n + 1, sizeof *answers);
    double *p = arena_array(batch, n + 1, sizeof *p), *q = arena_array(batch, n + 1, sizeof *q);

    for (size_t i = 0; i < n; i++) {
        if (!may_alarm(closing, &closed->rows[i]))
            continue;
        answers[m] = ask(closing, &closed->rows[i], volume, batch);
        asked[m] = &closed->rows[i];
        p[m] = answers[m].p;
        m += answers[m].ready;
    }
    rises_control(p, m, q, batch);
    for (size_t i = 0; i < m; i++)
        if (q[i] <= rises_q_max && asked[i]->fresh >= rises_ratio_min * answers[i].expected) {
            struct series *series = find_series(closing, asked[i]->key, false);

            if (series)
                note_rise(series, closed->window, closed->start);
            add_alarm(closing, asked[i], &answers[i], q[i], batch, outcome);
        }
}

/* Moves the days before `end` out of what is kept, into `batch`. */
static void take_days(struct closing *closing, int64_t end, struct arena *batch,
                      struct release_question *question)
{
    struct release_row *taken = arena_array(batch, closing->day_count + 1, sizeof *taken);
    size_t kept = 0;

    for (size_t i = 0; i < closing->day_count; i++) {
        if (closing->days[i].key.start < end)
            taken[question->day_count++] = closing->days[i];
        else
            closing->days[kept++] = closing->days[i];
    }
    closing->day_count = kept;
    question->days = taken;
}

static void make_release(struct closing *closing, const struct closed_window *closed,
                         struct arena *batch, struct outcome *outcome)
{
    struct release_question question = {.places = &closing->settings->places,
                                        .k = closing->settings->k,
                                        .topic_count = closing->settings->topics.n};
    struct release_row *released;
    size_t released_count, stories = 0;
    char detail[128], when[TIME_TEXT];

    while (stories < closed->n && !closed->rows[stories].key.place) /* and languages */
        stories++;
    question.cells = closed->rows + stories;
    question.cell_count = closed->n - stories;
    if (closed->window == WINDOW_WEEK)
        take_days(closing, closed->start + WEEK_MS, batch, &question);
    release_rows(&question, batch, &released, &released_count);
    for (size_t i = 0; i < released_count; i++)
        *vec_push(&outcome->releases, batch) = released[i];
    if (closed->window == WINDOW_DAY)
        keep_days(closing, released, released_count);
    snprintf(detail, sizeof detail, "window=%s start=%s rows=%zu k=%u", window_name(closed->window),
             time_format(closed->start, closing->settings->zone, when), released_count,
             closing->settings->k);
    add_leaf(outcome, LEDGER_RELEASE, detail, batch);
}

/* The rows as they are told: those of merged stories with the stories that took them in. */
static struct closed_window as_told(const struct closing *closing,
                                    const struct closed_window *closed, struct arena *batch)
{
    struct cell_list rows = {arena_array(batch, closed->n + 1, sizeof *rows.v), closed->n};
    bool merged = false;

    for (size_t i = 0; i < rows.n; i++) {
        rows.v[i] = closed->rows[i];
        rows.v[i].key.story = told_as(closing, rows.v[i].key.story);
        merged |= rows.v[i].key.story != closed->rows[i].key.story;
    }
    if (merged)
        mergers_fold(&rows);
    return (struct closed_window){closed->window, closed->start, rows.v, rows.n};
}

void closing_window(struct closing *closing, const struct closed_window *counted,
                    struct arena *batch, struct outcome *outcome)
{
    struct closed_window told = as_told(closing, counted, batch), *closed = &told;
    double volume = 0;

    for (size_t i = 0; i < closed->n; i++) {
        const struct cell_key *key = &closed->rows[i].key;

        if (key->place == THE_CITY && !key->topic && !key->story)
            volume = closed->rows[i].fresh;
    }
    find_rises(closing, closed, volume, batch, outcome);
    if (closed->n)
        remember_window(closing, closed->rows, closed->n);
    if (closed->window == WINDOW_DAY || closed->window == WINDOW_WEEK)
        make_release(closing, closed, batch, outcome);
}
