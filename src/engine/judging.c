/* judging.c - waiting alarms and thresholds; see judging.h. */
#include "engine/judging.h"

#include "store/thresholds.h"
#include "trend/hindsight.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An alarm that waits. */
struct waiting {
    uint64_t id;
    struct cell_key key;
    int32_t risen; /* as it was asked */
    uint32_t observed, sources;
    double q_max;
    bool told; /* the desk has said what it thinks */
};

/* One kind of window. */
struct bench {
    uint32_t threshold;                    /* millionths */
    enum verdict judged[HINDSIGHT_LATEST]; /* under this threshold, the latest last */
    size_t judged_count;
    struct waiting *waiting;
    size_t n, capacity;
};

struct judging {
    struct bench benches[WINDOWS];
};

struct judging *judging_new(void)
{
    struct judging *judging = calloc(1, sizeof *judging);

    MUST(judging);
    for (int i = 0; i < WINDOWS; i++)
        judging->benches[i].threshold = THRESHOLD_START;
    return judging;
}

void judging_free(struct judging *judging)
{
    for (int i = 0; i < WINDOWS; i++)
        free(judging->benches[i].waiting);
    free(judging);
}

static double share_of(uint32_t millionths)
{
    return millionths / 1e6;
}

double judging_q_max(const struct judging *judging, enum window window)
{
    return share_of(judging->benches[window].threshold);
}

static struct cell_key key_of(const struct alarm *alarm)
{
    return (struct cell_key){(enum window)alarm->window, alarm->start, alarm->place, alarm->topic,
                             alarm->story};
}

static void add_judged(struct bench *bench, enum verdict verdict)
{
    if (bench->judged_count == HINDSIGHT_LATEST)
        memmove(bench->judged, bench->judged + 1, --bench->judged_count * sizeof *bench->judged);
    bench->judged[bench->judged_count++] = verdict;
}

/* `risen`: of the question that the alarm answered. */
static void wait_for(struct bench *bench, const struct alarm *alarm, int32_t risen)
{
    if (bench->n == bench->capacity) {
        bench->capacity = bench->capacity ? bench->capacity * 2 : 16;
        bench->waiting = realloc(bench->waiting, bench->capacity * sizeof *bench->waiting);
        MUST(bench->waiting);
    }
    bench->waiting[bench->n++] = (struct waiting){.id = alarm->id,
                                                  .key = key_of(alarm),
                                                  .risen = risen,
                                                  .observed = alarm->observed,
                                                  .sources = alarm->sources,
                                                  .q_max = alarm->q_max,
                                                  .told = alarm->desk != VERDICT_NONE};
}

static int32_t risen_of(struct series_memory *memory, const struct alarm *alarm,
                        struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    int32_t risen = series_question(memory, key_of(alarm), scratch).risen;

    arena_rewind(scratch, mark);
    return risen;
}

enum rc judging_load(struct judging *judging, struct series_memory *memory, struct store *store,
                     enum window window, struct arena *job, struct err *err)
{
    struct bench *bench = &judging->benches[window];
    struct alarm_list alarms;
    enum rc rc = threshold_in_force(store, window, &bench->threshold, err);

    if (rc != RC_OK)
        return rc;
    rc = store->driver->alarms(store, (struct span){INT64_MIN, INT64_MAX}, job, &alarms, err);
    for (size_t i = 0; rc == RC_OK && i < alarms.n; i++) {
        const struct alarm *alarm = &alarms.v[i];

        if (alarm->window != (uint32_t)window)
            continue;
        if (alarm->q_max != share_of(bench->threshold))
            bench->judged_count = 0; /* given before the threshold became what it is */
        else if (alarm_verdict(alarm) != VERDICT_NONE)
            add_judged(bench, alarm_verdict(alarm));
        if (alarm->verdict == VERDICT_NONE)
            wait_for(bench, alarm, risen_of(memory, alarm, job));
        series_note_rise(memory, key_of(alarm));
    }
    return rc;
}

void judging_note(struct judging *judging, struct series_memory *memory, const struct alarm *alarm,
                  int32_t risen)
{
    wait_for(&judging->benches[alarm->window], alarm, risen);
    series_note_rise(memory, key_of(alarm));
}

static void write_leaf(struct outcome *outcome, enum ledger_action action, const char *detail,
                       struct arena *batch)
{
    size_t n = strlen(detail);

    *vec_push(&outcome->leaves, batch) =
        (struct leaf_to_write){action, {arena_copy(batch, detail, n), n}};
}

static void judge(struct bench *bench, const struct waiting *waiting, struct series_memory *memory,
                  struct arena *batch, struct outcome *outcome)
{
    struct arena_mark mark = arena_mark(batch);
    struct rises_question question = series_question(memory, waiting->key, batch);
    enum verdict verdict;
    char detail[96];

    question.count = waiting->observed;
    question.risen = waiting->risen;
    verdict = hindsight_judge(&question, waiting->q_max, waiting->sources);
    arena_rewind(batch, mark);
    snprintf(detail, sizeof detail, "alarm=%llu verdict=%s by=rule",
             (unsigned long long)waiting->id, verdict_name(verdict));
    write_leaf(outcome, LEDGER_JUDGE, detail, batch);
    *vec_push(&outcome->judgements, batch) = (struct alarm_judgement){waiting->id, verdict};
    if (!waiting->told && waiting->q_max == share_of(bench->threshold))
        add_judged(bench, verdict);
}

/* One step at most for each window that closes. */
static void move_threshold(struct bench *bench, enum window window, struct arena *batch,
                           struct outcome *outcome)
{
    uint32_t next = hindsight_threshold(bench->judged, bench->judged_count, bench->threshold);
    char name[THRESHOLD_NAME], detail[96];
    size_t n;

    if (next == bench->threshold)
        return;
    threshold_name(window, name);
    n = strlen(name);
    snprintf(detail, sizeof detail, "name=%s old=%g new=%g", name, share_of(bench->threshold),
             share_of(next));
    write_leaf(outcome, LEDGER_CHANGE, detail, batch);
    *vec_push(&outcome->settings, batch) =
        (struct moved_setting){{arena_copy(batch, name, n), n}, next};
    bench->threshold = next;
    bench->judged_count = 0;
}

void judging_close(struct judging *judging, struct series_memory *memory, struct cell_key closed,
                   struct arena *batch, struct outcome *outcome)
{
    struct bench *bench = &judging->benches[closed.window];
    int64_t length = window_length(closed.window);
    size_t kept = 0;

    for (size_t i = 0; i < bench->n; i++) {
        struct waiting waiting = bench->waiting[i];

        if (closed.start <
            waiting.key.start + length * hindsight_windows(series_period(closed.window)))
            bench->waiting[kept++] = waiting;
        else
            judge(bench, &waiting, memory, batch, outcome);
    }
    bench->n = kept;
    move_threshold(bench, closed.window, batch, outcome);
}
