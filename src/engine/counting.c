/* counting.c - counting and keeping one batch after the other; see counting.h. */
#include "engine/counting.h"

#include "base/map.h"
#include "base/vec.h"
#include "engine/chronicle.h"
#include "engine/naming.h"
#include "engine/resting.h"

#include <sodium.h>

enum { AGAIN_MAX = 1 << 22, ASSIGNED_MASK = (1 << 18) - 1 };

struct counting {
    const struct ingest_options *options;
    struct holder *holder;
    struct store *store;
    struct everyday *everyday;
    struct chronicle *chronicle;
    struct windows *windows;
    struct map function_words;
    struct map again;   /* known items whose voice was counted once more in this run */
    uint64_t next_item; /* behind all that were counted */
    int64_t now;        /* of the latest batch */
    struct assigned {   /* where items of this run were counted: a ring by item number */
        uint64_t item;
        uint32_t place;
        uint16_t topic, named; /* the topic that it named itself */
    } * assigned;
};

/* What one batch adds up to before it is committed. */
struct pending {
    struct arena *batch;
    VEC(struct stored_item) items;
    VEC(struct stored_publication) publications;
    VEC(struct coverage) coverage;
    VEC(struct story_turn) turns;
    struct outcome outcome;
    const struct held_writer *held;
};

static enum rc load(struct counting *counting, struct arena *process, struct err *err)
{
    const struct ingest_options *options = counting->options;
    struct store_counters counters;
    struct chronicle_config chronicle_config = {.k = options->settings->k,
                                                .zone = options->settings->zone,
                                                .store = counting->store,
                                                .everyday = counting->everyday,
                                                .function_words = &counting->function_words};
    struct windows_config windows_config = {.settings = options->settings,
                                            .history = options->history,
                                            .reproducible = options->reproducible};
    enum rc rc = counting->store->driver->counters(counting->store, &counters, err);

    if (rc != RC_OK)
        return rc;
    if (counters.database && !options->reproducible)
        windows_config.holder = counting->holder;
    counting->next_item = windows_config.next_item = counters.next_item;
    chronicle_config.next_story = counters.next_story;
    windows_config.next_alarm = counters.next_alarm;
    if (!options->reproducible)
        randombytes_buf(&chronicle_config.secret, sizeof chronicle_config.secret);
    MUST(naming_words(&options->settings->function_words, &counting->function_words));
    counting->chronicle = chronicle_new(&chronicle_config, process);
    counting->windows = windows_new(&windows_config, process);
    if (counters.last_heard == TIME_UNKNOWN)
        return RC_OK;
    rc = windows_load(counting->windows, counting->store, counters.last_heard, err);
    return rc == RC_OK
               ? resting_take_back(counting->windows, counting->chronicle, counting->store, err)
               : rc;
}

enum rc counting_open(const struct ingest_options *options, struct holder *holder,
                      struct everyday *everyday, struct arena *process, struct counting **out,
                      struct err *err)
{
    struct counting *counting = arena_alloc(process, sizeof *counting);
    enum rc rc;

    *counting = (struct counting){.options = options,
                                  .holder = holder,
                                  .store = options->store,
                                  .everyday = everyday,
                                  .now = options->now};
    map_init(&counting->again, AGAIN_MAX);
    counting->assigned = arena_array(process, ASSIGNED_MASK + 1, sizeof *counting->assigned);
    rc = load(counting, process, err);
    if (rc == RC_OK)
        *out = counting;
    else
        counting_free(counting);
    return rc;
}

void counting_free(struct counting *counting)
{
    if (counting->windows)
        windows_free(counting->windows);
    if (counting->chronicle)
        chronicle_free(counting->chronicle);
    map_free(&counting->function_words);
    map_free(&counting->again);
}

/* Coverage: what was heard from each source on each day, and what was bad. */
static struct coverage *coverage_of(struct counting *counting, struct pending *pending,
                                    uint32_t source, int64_t heard)
{
    const struct settings *settings = counting->options->settings;
    struct str name = settings->sources[source].name;
    int64_t day = time_day(heard, settings->zone);
    struct coverage *coverage;

    for (size_t i = pending->coverage.n; i-- > 0;)
        if (pending->coverage.v[i].day == day && str_eq(pending->coverage.v[i].source, name))
            return &pending->coverage.v[i];
    coverage = vec_push(&pending->coverage, pending->batch);
    *coverage =
        (struct coverage){.source = name, .day = day, .last_heard = day_start(day, settings->zone)};
    return coverage;
}

static enum rc count(struct counting *counting, struct pending *pending,
                     const struct batch_item *item, struct counted *counted, struct err *err)
{
    struct chapter chapter = {0};

    if (counted->story) {
        enum rc rc = chronicle_note(counting->chronicle, item, counted, &chapter, err);

        if (rc != RC_OK)
            return rc;
    }
    windows_count(counting->windows, counted, pending->batch, &pending->outcome);
    for (size_t i = 0; i < chapter.early_count; i++) {
        struct counted early = chapter.early[i];

        early.known = counted->known; /* the killed run counted them with this one */
        windows_count_story(counting->windows, &early);
    }
    if (chapter.has_cells)
        windows_count_story(counting->windows, counted);
    return RC_OK;
}

static struct counted counted_of(const struct counting *counting, const struct batch_item *item)
{
    const struct post *post = &item->gated.post;

    return (struct counted){.heard = post->heard,
                            .story = item->decision.story,
                            .copy = item->decision.copy,
                            .voice = item->gated.voice,
                            .place = post->place,
                            .topic = item->topic,
                            .source = post->source,
                            .language =
                                counting->options->by_language ? language_number(post->lang) : 0,
                            .replayed = post->replayed};
}

static void keep_item(struct pending *pending, const struct batch_item *item)
{
    const struct decision *decision = &item->decision;
    const struct post *post = &item->gated.post;

    *vec_push(&pending->items, pending->batch) =
        (struct stored_item){.post = post,
                             .identity = &item->gated.identity,
                             .item = decision->item,
                             .first = decision->first,
                             .story = decision->story,
                             .replaces = decision->replaces};
    if (post->kind == KIND_PUBLICATION)
        *vec_push(&pending->publications, pending->batch) =
            (struct stored_publication){.publication = item->gated.publication,
                                        .item = decision->item,
                                        .story = decision->story,
                                        .time = post->time,
                                        .heard = post->heard,
                                        .source = post->source};
}

/* A known item whose story is as the store has it: its voice alone counts once more. */
static enum rc count_voice(struct counting *counting, struct pending *pending,
                           struct counted *counted, struct err *err)
{
    enum rc rc = RC_OK;

    if (counted->story) {
        rc = chronicle_assign(counting->chronicle, counted, err);
        if (rc == RC_OK)
            windows_count_story(counting->windows, counted);
    }
    if (rc == RC_OK)
        windows_count(counting->windows, counted, pending->batch, &pending->outcome);
    return rc;
}

/* Known already: no message more, but its voice counts once more in windows still open.  What a
 * killed run noted last is told once more. */
static enum rc count_known(struct counting *counting, struct pending *pending,
                           const struct batch_item *item, struct err *err)
{
    struct counted counted = counted_of(counting, item);
    bool publication = item->gated.post.kind == KIND_PUBLICATION, first_time, owes = false;
    enum rc rc = RC_OK;

    if (!windows_open_at(counting->windows, counted.heard) ||
        !map_put(&counting->again, item->decision.item, &first_time) || !first_time)
        return RC_OK;
    counted.known = true;
    counted.item = item->decision.item;
    if (counted.story)
        rc = chronicle_owes(counting->chronicle, counted.story, counted.item, publication, &owes,
                            err);
    if (rc != RC_OK)
        return rc;
    if (publication)
        return owes ? chronicle_publish(counting->chronicle, item, counted.story, err) : RC_OK;
    return owes ? count(counting, pending, item, &counted, err)
                : count_voice(counting, pending, &counted, err);
}

/* Two stories turned out to be one, or one to be two. */
static enum rc count_change(struct counting *counting, struct pending *pending,
                            const struct decision *decision, struct err *err)
{
    const struct stories_change *change = &decision->change;
    struct chapter chapter;
    enum rc rc;

    if (change->turn == STORIES_STAY)
        return RC_OK;
    *vec_push(&pending->turns, pending->batch) = (struct story_turn){
        decision->item, change->from, change->into, change->turn == STORIES_SPLIT};
    if (change->turn == STORIES_SPLIT)
        return RC_OK;
    rc = chronicle_merge(counting->chronicle, change->from, change->into, &chapter, err);
    if (rc != RC_OK)
        return rc;
    windows_merge(counting->windows, change->from, change->into);
    for (size_t i = 0; i < chapter.early_count; i++) {
        struct counted early = chapter.early[i];

        early.story = change->into;
        windows_count_story(counting->windows, &early);
    }
    return RC_OK;
}

/* A deleted item is none of the messages of windows that are still open, nor of its story's.  By
 * what its story is about now nobody knows where it was counted: what this run did not count leaves
 * topics and places as they are, so that nobody takes with his own what others said. */
static enum rc uncount(struct counting *counting, const struct decision *decision, struct err *err)
{
    const struct counted_as *was = &decision->was;
    const struct assigned *assigned = &counting->assigned[was->item & ASSIGNED_MASK];
    struct counted counted = {.heard = was->heard,
                              .story = decision->story,
                              .voice.known = was->voiced,
                              .source = was->source,
                              .copy = was->copy};
    bool remembered = assigned->item == was->item;
    enum rc rc;

    if (!decision->replaces || was->heard == TIME_UNKNOWN || was->publication)
        return RC_OK;
    if (remembered) {
        counted.place = assigned->place;
        counted.topic = assigned->topic;
    }
    rc = chronicle_withdraw(counting->chronicle, &counted, remembered ? assigned->named : 0, err);
    if (rc == RC_OK)
        windows_withdraw(counting->windows, &counted);
    return rc;
}

static enum rc count_item(struct counting *counting, struct pending *pending,
                          const struct batch_item *item, struct err *err)
{
    const struct decision *decision = &item->decision;
    const struct post *post = &item->gated.post;
    struct counted counted;
    enum rc rc;

    if (decision->familiarity == ITEM_DELETED ||
        (decision->familiarity == ITEM_KNOWN && item->gated.deleted))
        return RC_OK;
    if (decision->familiarity == ITEM_KNOWN)
        return count_known(counting, pending, item, err);
    coverage_of(counting, pending, post->source, post->heard)->items++;
    keep_item(pending, item);
    counting->next_item = decision->item + 1;
    if (item->gated.deleted)
        return uncount(counting, decision, err);
    windows_advance(counting->windows, post->heard, pending->batch, &pending->outcome);
    if (decision->familiarity == ITEM_EDITED) /* counts already taken stay */
        return RC_OK;
    everyday_note(counting->everyday, &item->tokens);
    if (post->kind == KIND_PUBLICATION)
        return decision->story ? chronicle_publish(counting->chronicle, item, decision->story, err)
                               : RC_OK;
    counted = counted_of(counting, item);
    rc = count(counting, pending, item, &counted, err);
    counting->assigned[decision->item & ASSIGNED_MASK] = (struct assigned){
        decision->item, counted.place, (uint16_t)counted.topic, (uint16_t)item->topic};
    return rc;
}

static enum rc keep(struct counting *counting, struct pending *pending,
                    struct ingest_totals *totals, struct err *err)
{
    struct story_row *rows;
    struct commit commit = {.now = counting->now, .passed = windows_latest(counting->windows)};
    enum rc rc;

    windows_changed(counting->windows, pending->batch, &pending->outcome);
    chronicle_changed(counting->chronicle, pending->batch, &rows, &commit.story_count);
    commit.stories = rows;
    commit.items = pending->items.v;
    commit.item_count = pending->items.n;
    commit.publications = pending->publications.v;
    commit.publication_count = pending->publications.n;
    commit.turns = pending->turns.v;
    commit.turn_count = pending->turns.n;
    commit.cells = pending->outcome.cells.v;
    commit.cell_count = pending->outcome.cells.n;
    commit.alarms = pending->outcome.alarms.v;
    commit.alarm_count = pending->outcome.alarms.n;
    commit.judgements = pending->outcome.judgements.v;
    commit.judgement_count = pending->outcome.judgements.n;
    commit.settings = pending->outcome.settings.v;
    commit.setting_count = pending->outcome.settings.n;
    commit.releases = pending->outcome.releases.v;
    commit.release_count = pending->outcome.releases.n;
    commit.coverage = pending->coverage.v;
    commit.coverage_count = pending->coverage.n;
    commit.leaves = pending->outcome.leaves.v;
    commit.leaf_count = pending->outcome.leaves.n;
    commit.held = pending->held;
    commit.closed_count = windows_closed(counting->windows, &commit.closed);
    totals->alarms += commit.alarm_count;
    totals->releases += commit.release_count;
    if (!commit.item_count && !commit.story_count && !commit.cell_count && !commit.leaf_count &&
        !commit.coverage_count && !commit.held && !commit.closed_count)
        return RC_OK;
    log_line(counting->options->log, LOG_DEBUG,
             "event=commit items=%zu stories=%zu cells=%zu alarms=%zu releases=%zu",
             commit.item_count, commit.story_count, commit.cell_count, commit.alarm_count,
             commit.release_count);
    rc = counting->store->driver->commit(counting->store, &commit, err);
    if (rc == RC_OK)
        windows_kept(counting->windows);
    return rc;
}

/* A run that goes on past midnight forgets as a new one would. */
static void turn_day(struct counting *counting, int64_t now)
{
    const struct settings *settings = counting->options->settings;
    int64_t day = time_day(now, settings->zone);

    if (day != time_day(counting->now, settings->zone))
        chronicle_forget(counting->chronicle,
                         day_start(day - settings->retention_days, settings->zone));
    counting->now = now;
}

enum rc counting_batch(struct counting *counting, struct batch *batch, struct ingest_totals *totals,
                       struct err *err)
{
    struct pending pending = {.batch = &batch->arena};
    uint64_t started = clock_ticks_ns(), counted;
    enum rc rc = RC_OK;

    turn_day(counting, batch->now);
    if (!counting->options->history) /* whether somebody speaks or not */
        windows_advance(counting->windows, batch->now, pending.batch, &pending.outcome);
    for (size_t i = 0; rc == RC_OK && i < batch->n; i++) {
        rc = count_item(counting, &pending, &batch->items[i], err);
        if (rc == RC_OK)
            rc = count_change(counting, &pending, &batch->items[i].decision, err);
    }
    if (batch->bad)
        coverage_of(counting, &pending, 0, batch->now)->bad += (uint32_t)batch->bad;
    counted = clock_ticks_ns();
    if (rc == RC_OK)
        rc = keep(counting, &pending, totals, err);
    totals->late = windows_late(counting->windows);
    totals->ns_count += counted - started;
    totals->ns_keep += clock_ticks_ns() - counted;
    return rc;
}

enum rc counting_close(struct counting *counting, struct ingest_totals *totals, struct err *err)
{
    struct arena batch;
    struct pending pending = {.batch = &batch};
    struct resting *resting;
    enum rc rc;

    arena_init(&batch, "batch", BATCH_MEMORY);
    windows_interrupt(counting->windows, &batch, &pending.outcome);
    resting =
        resting_new(counting->windows, counting->chronicle, counting->next_item, &totals->unkept);
    pending.held = resting ? resting_writer(resting) : NULL;
    rc = keep(counting, &pending, totals, err);
    resting_free(resting);
    arena_free(&batch);
    return rc;
}
