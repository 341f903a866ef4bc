/* ingest.c - the main job: a thread that reads, one that decides, one that counts and keeps; see
 * ingest.h.
 *
 * A failure goes down the line with its batch: what stands before it is kept, what comes behind is
 * only emptied, so that every thread comes to its end.
 */
#include "engine/ingest.h"

#include "engine/counting.h"
#include "engine/order.h"
#include "engine/queue.h"
#include "engine/reader.h"

#include <sodium.h>

struct ingest {
    struct ingest_options options;
    struct order *order;
    struct counting *counting;
    struct locator *locator;
    struct services services;
    struct holder *holder;
    struct batch batches[BATCHES];
    struct ingest_totals totals;
    struct run_clock clock; /* the reading thread's */
    int64_t day;            /* of the desk, whose end of retention is done … */
    int64_t forgotten;      /* … or was tried at this time */
    uint64_t started;
};

/* What the threads share about one input. */
struct run {
    struct ingest *ingest;
    struct reader reader;
    struct queue empty, filled, decided;
    uint64_t ns_read;              /* written by the reading thread alone, … */
    struct ingest_totals deciding; /* … and by the deciding one */
};

static enum rc open_stages(struct ingest *ingest, struct arena *process, struct err *err)
{
    struct everyday *everyday = everyday_new(process);
    enum rc rc = order_open(&ingest->options, everyday, process, &ingest->order, err);

    if (rc != RC_OK)
        return rc;
    rc = counting_open(&ingest->options, ingest->holder, everyday, process, &ingest->counting, err);
    if (rc != RC_OK)
        order_free(ingest->order);
    return rc;
}

enum rc ingest_open(const struct ingest_options *options, struct arena *process,
                    struct ingest **out, struct err *err)
{
    struct ingest *ingest = arena_alloc(process, sizeof *ingest);
    struct store_counters counters;
    enum rc rc;

    if (sodium_init() < 0)
        return err_set(err, RC_BROKEN, "libsodium cannot find random numbers on this machine");
    ingest->options = *options;
    ingest->started = clock_ticks_ns();
    ingest->clock = (struct run_clock){
        .ask = options->clock, .log = options->log, .now = options->now, .ticks = ingest->started};
    ingest->day = time_day(options->now, options->settings->zone);
    rc = options->store->driver->counters(options->store, &counters, err);
    if (rc != RC_OK)
        return rc;
    ingest->holder = holder_new(counters.database, options->reproducible, process);
    rc = open_stages(ingest, process, err);
    if (rc != RC_OK) {
        holder_free(ingest->holder);
        return rc;
    }
    ingest->locator = locator_new(&options->settings->places, process);
    services_init(&ingest->services, options->settings, process);
    for (int i = 0; i < BATCHES; i++)
        batch_init(&ingest->batches[i]);
    *out = ingest;
    return RC_OK;
}

static void *read_ahead(void *context)
{
    struct run *run = context;
    bool last;

    do {
        struct batch *batch = queue_take(&run->empty);
        uint64_t started = clock_ticks_ns();

        reader_fill(&run->reader, batch);
        last = batch->last;
        run->ns_read += clock_ticks_ns() - started;
        queue_put(&run->filled, batch);
    } while (!last);
    return NULL;
}

static void *decide_ahead(void *context)
{
    struct run *run = context;
    enum rc rc = RC_OK;
    bool last;

    do {
        struct batch *batch = queue_take(&run->filled);
        struct err err;

        last = batch->last;
        if (rc == RC_OK) {
            rc = order_batch(run->ingest->order, batch, &run->deciding, &err);
            if (rc != RC_OK) {
                batch->rc = rc;
                batch->err = err;
            }
        }
        batch->lost = rc != RC_OK;
        queue_put(&run->decided, batch);
    } while (!last);
    return NULL;
}

/* Counts and keeps one batch and says so.  The batch's own failure comes after what it holds,
 * unless that could not be decided: then nothing of it is kept or acknowledged. */
static enum rc keep_batch(struct ingest *ingest, struct batch *batch, struct err *err)
{
    enum rc rc = RC_OK;

    if (!batch->lost)
        rc = counting_batch(ingest->counting, batch, &ingest->totals, err);
    if (rc == RC_OK && !batch->lost && batch->read && ingest->options.acked)
        ingest->options.acked(ingest->options.context, batch->last_line);
    if (rc == RC_OK && batch->rc != RC_OK) {
        *err = batch->err;
        rc = batch->rc;
    }
    return rc;
}

/* A run that goes on past midnight ends the retention of a day as a new one would.  Of the threads
 * this is the one that writes to the store. */
static enum rc turn_day(struct ingest *ingest, int64_t now, struct err *err)
{
    const struct ingest_options *options = &ingest->options;
    int64_t day = time_day(now, options->settings->zone);
    enum rc rc;

    if (!options->forget || day == ingest->day ||
        (now >= ingest->forgotten && now < ingest->forgotten + MINUTE_MS))
        return RC_OK;
    ingest->forgotten = now;
    rc = options->forget(options->context, now, err);
    if (rc == RC_AGAIN) { /* somebody reads: no reason to end */
        log_line(options->log, LOG_WARN, "event=purge.again: %s", err->text);
        return RC_OK;
    }
    ingest->day = day;
    return rc;
}

/* Takes batches until the last; after a failure they are only emptied, so that the other threads
 * can end. */
static enum rc take_batches(struct ingest *ingest, struct run *run, struct err *err)
{
    struct progress progress;
    const struct input *input = run->reader.input;
    enum rc rc = RC_OK;
    bool last;

    progress_start(&progress, "ingest", input->size, ingest->options.progress);
    do {
        struct batch *batch = queue_take(&run->decided);

        last = batch->last;
        ingest->totals.read += batch->read;
        ingest->totals.bad += batch->bad;
        ingest->totals.bytes += batch->bytes_read;
        if (rc == RC_OK)
            rc = keep_batch(ingest, batch, err);
        if (rc == RC_OK)
            rc = turn_day(ingest, batch->now, err);
        if (rc != RC_OK)
            atomic_store(ingest->options.stop, 1);
        progress_draw(&progress, ingest->totals.bytes, ingest->totals.read);
        batch_empty(batch);
        queue_put(&run->empty, batch);
    } while (!last);
    progress_done(&progress);
    return rc;
}

static void fill_gate(const struct ingest *ingest, struct gate *gate)
{
    gate->settings = ingest->options.settings;
    gate->locator = ingest->locator;
    gate->voice_key = holder_voice_key(ingest->holder);
    gate->history = ingest->options.history;
    gate->wants_syllables = true;
    gate->source_name = ingest->options.source_name;
}

/* Reads, decides and keeps all of an opened input. */
static enum rc run_stages(struct ingest *ingest, struct run *run, struct err *err)
{
    pthread_t reading, deciding;
    enum rc rc;

    queue_init(&run->empty);
    queue_init(&run->filled);
    queue_init(&run->decided);
    for (int i = 0; i < BATCHES; i++)
        queue_put(&run->empty, &ingest->batches[i]);
    MUST(pthread_create(&reading, NULL, read_ahead, run) == 0);
    MUST(pthread_create(&deciding, NULL, decide_ahead, run) == 0);
    rc = take_batches(ingest, run, err);
    pthread_join(reading, NULL);
    pthread_join(deciding, NULL);
    queue_free(&run->empty);
    queue_free(&run->filled);
    queue_free(&run->decided);
    ingest->totals.fresh += run->deciding.fresh;
    ingest->totals.known += run->deciding.known;
    ingest->totals.edited += run->deciding.edited;
    ingest->totals.deleted += run->deciding.deleted;
    ingest->totals.expired += run->deciding.expired;
    ingest->totals.ns_order += run->deciding.ns_order;
    ingest->totals.ns_read += run->ns_read;
    return rc;
}

enum rc ingest_input(struct ingest *ingest, struct input *input, struct err *err)
{
    struct arena job;
    struct run run = {.ingest = ingest,
                      .reader = {.input = input,
                                 .as = ingest->options.as,
                                 .job = &job,
                                 .clock = &ingest->clock,
                                 .services = &ingest->services,
                                 .dedup = order_dedup(ingest->order),
                                 .bad = ingest->options.bad,
                                 .context = ingest->options.context,
                                 .stop = ingest->options.stop}};
    enum rc rc;

    arena_init(&job, "job", 64 * 1024 * 1024);
    fill_gate(ingest, &run.reader.gate);
    reader_open(&run.reader);
    rc = run_stages(ingest, &run, err);
    reader_close(&run.reader);
    arena_wipe(&job);
    arena_free(&job);
    return rc;
}

enum rc ingest_close(struct ingest *ingest, struct ingest_totals *totals, struct err *err)
{
    enum rc rc = counting_close(ingest->counting, &ingest->totals, err);

    counting_free(ingest->counting);
    order_free(ingest->order);
    locator_free(ingest->locator);
    services_free(&ingest->services);
    for (int i = 0; i < BATCHES; i++)
        batch_free(&ingest->batches[i]);
    holder_free(ingest->holder);
    ingest->totals.ns_wall = clock_ticks_ns() - ingest->started;
    *totals = ingest->totals;
    return rc;
}
