/* closing.c - rises and releases of a closed window; see closing.h. */
#include "engine/closing.h"

#include "engine/judging.h"
#include "engine/series.h"
#include "release/release.h"

#include <stdio.h>
#include <stdlib.h>

struct closing {
    const struct settings *settings;
    uint64_t next_alarm;
    struct series_memory *memory;
    struct judging *judging;
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
    closing->memory = series_new();
    closing->judging = judging_new();
    return closing;
}

void closing_free(struct closing *closing)
{
    series_free(closing->memory);
    judging_free(closing->judging);
    free(closing->days);
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

enum rc closing_load(struct closing *closing, struct store *store, enum window window,
                     int64_t last_heard, struct arena *job, struct err *err)
{
    enum rc rc = series_load(closing->memory, store, window, last_heard, job, err);

    if (rc == RC_OK)
        rc = judging_load(closing->judging, closing->memory, store, window, job, err);
    return rc == RC_OK && window == WINDOW_DAY ? load_days(closing, store, last_heard, job, err)
                                               : rc;
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

/* What was asked of a cell, and what came of it. */
struct asked {
    const struct cell *cell;
    struct rises_answer answer;
    int32_t risen;
};

static void add_alarm(struct closing *closing, const struct asked *asked, double q,
                      struct arena *batch, struct outcome *outcome)
{
    struct alarm *alarm = vec_push(&outcome->alarms, batch);
    const struct cell *cell = asked->cell;
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
        .expected = asked->answer.expected,
        .score = asked->answer.score,
        .p = asked->answer.p,
        .q = q,
        .doubt = asked->answer.doubt,
        .q_max = judging_q_max(closing->judging, cell->key.window),
        .ratio_min = rises_ratio_min,
        .replayed = cell->replayed,
    };
    snprintf(detail, sizeof detail, "alarm=%llu window=%s place=%u topic=%u story=%llu known=%s",
             (unsigned long long)alarm->id, window_name(cell->key.window), alarm->place,
             alarm->topic, (unsigned long long)alarm->story,
             time_format(alarm->known, closing->settings->zone, known));
    add_leaf(outcome, LEDGER_ALARM, detail, batch);
    judging_note(closing->judging, closing->memory, alarm, asked->risen);
}

static bool ask(struct closing *closing, const struct cell *cell, double volume,
                struct arena *batch, struct asked *out)
{
    struct arena_mark mark = arena_mark(batch);
    struct rises_question question = series_question(closing->memory, cell->key, batch);

    question.count = cell->fresh;
    question.volume = volume;
    *out = (struct asked){cell, rises_ask(&question), question.risen};
    arena_rewind(batch, mark);
    return out->answer.ready;
}

static void find_rises(struct closing *closing, const struct closed_window *closed, double volume,
                       struct arena *batch, struct outcome *outcome)
{
    double q_max = judging_q_max(closing->judging, closed->window);
    size_t n = closed->n, m = 0;
    struct asked *asked = arena_array(batch, n + 1, sizeof *asked);
    double *p = arena_array(batch, n + 1, sizeof *p), *q = arena_array(batch, n + 1, sizeof *q);

    for (size_t i = 0; i < n; i++)
        if (may_alarm(closing, &closed->rows[i]))
            m += ask(closing, &closed->rows[i], volume, batch, &asked[m]);
    for (size_t i = 0; i < m; i++)
        p[i] = asked[i].answer.p;
    rises_control(p, m, q, batch);
    for (size_t i = 0; i < m; i++)
        if (q[i] <= q_max && asked[i].cell->fresh >= rises_ratio_min * asked[i].answer.expected)
            add_alarm(closing, &asked[i], q[i], batch, outcome);
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

enum { THE_CITY = 1 };

void closing_merge(struct closing *closing, uint64_t from, uint64_t into)
{
    series_merge(closing->memory, from, into);
}

void closing_window(struct closing *closing, const struct closed_window *counted,
                    struct arena *batch, struct outcome *outcome)
{
    struct cell_list rows = series_told(closing->memory, counted->rows, counted->n, batch);
    struct closed_window told = {counted->window, counted->start, rows.v, rows.n}, *closed = &told;
    double volume = 0;

    for (size_t i = 0; i < closed->n; i++) {
        const struct cell_key *key = &closed->rows[i].key;

        if (key->place == THE_CITY && !key->topic && !key->story)
            volume = closed->rows[i].fresh;
    }
    find_rises(closing, closed, volume, batch, outcome);
    if (closed->n) {
        series_remember(closing->memory, closed->rows, closed->n);
        judging_close(closing->judging, closing->memory, closed->rows[0].key, batch, outcome);
    }
    if (closed->window == WINDOW_DAY || closed->window == WINDOW_WEEK)
        make_release(closing, closed, batch, outcome);
}
