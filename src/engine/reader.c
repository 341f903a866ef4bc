/* reader.c - the read stage; see reader.h.
 *
 * Pure but for the input: everything that needs order, the store or a secret of a window comes in
 * the next stage, so that this one may run ahead.
 */
#include "engine/reader.h"

#include "text/segment.h"
#include "text/shorthand.h"

enum { PATIENCE_MS = 1000 }; /* how long a batch fills, and how soon a stop is heeded */

void batch_init(struct batch *batch)
{
    *batch = (struct batch){0};
    arena_init(&batch->arena, "batch", BATCH_MEMORY);
}

void batch_free(struct batch *batch)
{
    arena_wipe(&batch->arena);
    arena_free(&batch->arena);
}

void batch_empty(struct batch *batch)
{
    struct arena arena = batch->arena;

    arena_wipe(&arena);
    *batch = (struct batch){.arena = arena};
}

static enum rc content_name(void *context, struct str *name, struct err *err)
{
    struct reader *reader = context;

    if (!reader->content_name[0]) {
        enum rc rc = input_content_name(reader->input, reader->content_name, err);

        if (rc != RC_OK)
            return rc;
    }
    *name = str_of(reader->content_name);
    return RC_OK;
}

void reader_open(struct reader *reader)
{
    gate_init(&reader->gate);
    reader->gate.content_name = content_name;
    reader->gate.context = reader;
}

void reader_close(struct reader *reader)
{
    gate_free(&reader->gate);
    if (reader->state)
        reader->driver->close(reader->state);
}

/* The connector is chosen by the first bytes. */
static enum rc find_driver(struct reader *reader, struct err *err)
{
    enum rc rc = RC_OK;

    if (!reader->driver)
        rc = source_choose(reader->input, reader->as, &reader->driver, err);
    if (rc == RC_OK && !reader->state)
        rc = reader->driver->open(reader->input, reader->job, &reader->state, err);
    return rc;
}

/* Waits for the first record of a batch; false: there is none, but time to tell, or to stop. */
static bool wait_for_record(struct reader *reader)
{
    while (!input_at_hand(reader->input, PATIENCE_MS)) {
        int64_t since = run_clock_now(reader->clock) - reader->told;

        if (atomic_load(reader->stop))
            return false;
        if (since < 0 || since >= MINUTE_MS) {
            input_wipe(reader->input);
            return false;
        }
    }
    return true;
}

/* Whether the batch goes on filling: the next record comes before its second is over. */
static bool more_at_hand(struct input *input, uint64_t started)
{
    uint64_t passed = (clock_ticks_ns() - started) / 1000000;

    return input_at_hand(input, passed < PATIENCE_MS ? PATIENCE_MS - (int)passed : 0);
}

struct tokens reader_tokens(const struct settings *settings, struct text text,
                            const struct syllables *known, struct arena *batch)
{
    size_t most = tokens_most(text);
    void *room = arena_room(batch, most, TOKEN_BYTES);
    struct arena_mark mark = arena_mark(batch);
    struct syllables syllables =
        known && known->tokens.n ? *known : segment_read(settings->segmenter, text, batch);
    struct tokens tokens = syllables.tokens;

    if (settings->shorthand)
        tokens = shorthand_tokens(settings->shorthand, text, &syllables.tokens, batch);
    if (settings->segmenter)
        segment_tokens(settings->segmenter, text, &syllables.pieces, &tokens, batch);
    if (tokens.n > most)
        return tokens; /* shorthand of shorthand: it may stay where it is */
    tokens = tokens_together(&tokens, room);
    arena_rewind(batch, mark);
    arena_trim(batch, room, tokens.n * (size_t)TOKEN_BYTES);
    return tokens;
}

static void add_item(struct reader *reader, struct batch *batch, const struct gated *gated)
{
    struct batch_item *item = &batch->items[batch->n++];
    struct redacted_view view = redacted_view(gated->post.text);
    struct text text = {view.p, view.n};

    item->gated = *gated;
    item->tokens =
        reader_tokens(reader->gate.settings, text, &reader->gate.syllables, &batch->arena);
    item->sketch = dedup_sketch(reader->dedup, &item->tokens, &batch->arena);
    item->topic = services_topic(reader->services, text, &item->tokens, &batch->arena);
}

/* One record: RC_OK and RC_BAD go on, anything else ends the input. */
static enum rc read_item(struct reader *reader, struct batch *batch, struct err *err)
{
    struct raw_item raw = {0};
    struct gated gated;
    enum rc rc = reader->driver->next(reader->state, &batch->arena, &raw, err);

    if (rc == RC_OK)
        rc = gate_item(&reader->gate, &raw, &batch->arena, &gated, err);
    if (rc == RC_OK)
        add_item(reader, batch, &gated);
    if (rc == RC_OK || rc == RC_BAD) {
        batch->read++;
        batch->last_line = raw.line;
    }
    if (rc == RC_BAD) {
        batch->bad++;
        if (reader->bad)
            reader->bad(reader->context, reader->input->name, raw.line, err->text);
    }
    return rc;
}

/* A run that goes on past midnight forgets as a new one would. */
static void turn_day(struct reader *reader, int64_t now)
{
    const struct settings *settings = reader->gate.settings;
    int64_t day = time_day(now, settings->zone);

    if (reader->told && day != time_day(reader->told, settings->zone))
        gate_forget(&reader->gate, day - settings->retention_days);
}

void reader_fill(struct reader *reader, struct batch *batch)
{
    uint64_t from = reader->input->offset, started;
    bool more = wait_for_record(reader);

    started = clock_ticks_ns();
    batch->now = run_clock_now(reader->clock);
    turn_day(reader, batch->now);
    reader->gate.now = reader->told = batch->now;
    if (more)
        batch->items = arena_array(&batch->arena, BATCH_ITEMS, sizeof *batch->items);
    while (more && batch->n < BATCH_ITEMS && reader->input->offset - from < BATCH_BYTES) {
        enum rc rc;

        if (atomic_load(reader->stop) || (batch->read && !more_at_hand(reader->input, started)))
            break;
        rc = find_driver(reader, &batch->err);
        if (rc != RC_OK) {
            batch->last = true;
            batch->rc = rc;
            break;
        }
        rc = read_item(reader, batch, &batch->err);
        if (rc != RC_OK && rc != RC_BAD) {
            batch->last = true;
            batch->rc = rc == RC_ABSENT ? RC_OK : rc;
            break;
        }
    }
    if (atomic_load(reader->stop))
        batch->last = true;
    batch->bytes_read = reader->input->offset - from;
}
