/* order.c - deciding, counting and keeping one batch after the other; see order.h.
 *
 * A restart rebuilds the windows of dedup and story from the sealed batches: each stored item knows
 * its story and the item it copies, so nothing is decided twice.
 */
#include "engine/order.h"

#include "base/map.h"
#include "base/vec.h"
#include "dedup/dedup.h"
#include "engine/chronicle.h"
#include "engine/naming.h"
#include "engine/windows.h"
#include "story/stories.h"

#include <sodium.h>
#include <string.h>

enum { RECENT_MASK = (1 << 18) - 1, REBUILD_DAYS = 7, AGAIN_MAX = 1 << 22 };

struct order {
    const struct ingest_options *options;
    struct store *store;
    struct dedup *dedup;
    struct stories *stories;
    struct chronicle *chronicle;
    struct windows *windows;
    uint64_t next_item;
    struct recent { /* story of the items that a copy may point to: a ring by item number */
        uint64_t item, story;
    } * recent;
    struct map function_words;
    struct map again; /* known items whose voice was counted once more in this run */
    struct arena scratch;
};

/* What one batch adds up to before it is committed. */
struct pending {
    struct arena *batch;
    VEC(struct stored_item) items;
    VEC(struct stored_publication) publications;
    VEC(struct coverage) coverage;
    struct outcome outcome;
    struct map seen; /* identities of this batch -> index of items, for repeats within it */
};

static void remember(struct order *order, uint64_t item, uint64_t story)
{
    order->recent[item & RECENT_MASK] = (struct recent){item, story};
}

static uint64_t story_of(const struct order *order, uint64_t item)
{
    const struct recent *recent = &order->recent[item & RECENT_MASK];

    return recent->item == item ? recent->story : 0;
}

static enum rc rebuild_item(void *context, const struct stored_item *item, struct err *err)
{
    struct order *order = context;
    struct arena_mark mark = arena_mark(&order->scratch);
    struct redacted_view view = redacted_view(item->post->text);
    struct tokens tokens =
        reader_tokens(order->options->settings, (struct text){view.p, view.n}, &order->scratch);
    struct dedup_sketch sketch = dedup_sketch(order->dedup, &tokens, &order->scratch);

    (void)err;
    dedup_restore(order->dedup, &sketch, item->first);
    if (item->story)
        stories_join(order->stories, &tokens, item->post->heard, item->story, &order->scratch);
    remember(order, item->item, item->story);
    arena_rewind(&order->scratch, mark);
    return RC_OK;
}

static enum rc load(struct order *order, struct arena *process, struct err *err)
{
    struct store_counters counters;
    struct stories_config stories_config = stories_defaults;
    struct chronicle_config chronicle_config = {.k = order->options->settings->k,
                                                .zone = order->options->settings->zone,
                                                .store = order->store};
    struct windows_config windows_config = {.settings = order->options->settings,
                                            .history = order->options->history,
                                            .reproducible = order->options->reproducible};
    enum rc rc = order->store->driver->counters(order->store, &counters, err);

    if (rc != RC_OK)
        return rc;
    order->next_item = counters.next_item;
    stories_config.next_id = counters.next_story;
    stories_config.novelty = false;
    windows_config.next_alarm = counters.next_alarm;
    order->dedup = dedup_new(&dedup_defaults, process);
    order->stories = stories_new(&stories_config);
    if (!order->stories)
        return err_set(err, RC_FULL, "out of memory for stories");
    if (!order->options->reproducible)
        randombytes_buf(&chronicle_config.secret, sizeof chronicle_config.secret);
    chronicle_config.stories = order->stories;
    MUST(naming_words(&order->options->settings->function_words, &order->function_words));
    chronicle_config.function_words = &order->function_words;
    order->chronicle = chronicle_new(&chronicle_config, process);
    order->windows = windows_new(&windows_config, process);
    if (counters.last_heard == TIME_UNKNOWN)
        return RC_OK;
    rc = order->store->driver->each_item(order->store, counters.last_heard - REBUILD_DAYS * DAY_MS,
                                         rebuild_item, order, err);
    return rc == RC_OK ? windows_load(order->windows, order->store, counters.last_heard, err) : rc;
}

enum rc order_open(const struct ingest_options *options, struct arena *process, struct order **out,
                   struct err *err)
{
    struct order *order = arena_alloc(process, sizeof *order);
    enum rc rc;

    order->options = options;
    order->store = options->store;
    order->recent = arena_array(process, RECENT_MASK + 1, sizeof *order->recent);
    map_init(&order->again, AGAIN_MAX);
    arena_init(&order->scratch, "scratch", 64 * 1024 * 1024);
    rc = load(order, process, err);
    if (rc != RC_OK) {
        order_free(order);
        return rc;
    }
    *out = order;
    return RC_OK;
}

const struct dedup *order_dedup(const struct order *order)
{
    return order->dedup;
}

void order_free(struct order *order)
{
    if (order->windows)
        windows_free(order->windows);
    if (order->chronicle)
        chronicle_free(order->chronicle);
    if (order->stories)
        stories_free(order->stories);
    map_free(&order->function_words);
    map_free(&order->again);
    arena_wipe(&order->scratch);
    arena_free(&order->scratch);
}

/* Coverage: what was heard from each source on each day, and what was bad. */
static struct coverage *coverage_of(struct order *order, struct pending *pending, uint32_t source,
                                    int64_t heard)
{
    const struct settings *settings = order->options->settings;
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

static enum rc count(struct order *order, struct pending *pending, const struct batch_item *item,
                     struct counted *counted, struct err *err)
{
    struct chapter chapter = {0};

    if (counted->story) {
        enum rc rc = chronicle_note(order->chronicle, item, counted, &chapter, err);

        if (rc != RC_OK)
            return rc;
    } else {
        counted->topic = item->topic;
    }
    windows_count(order->windows, counted, pending->batch, &pending->outcome);
    for (size_t i = 0; i < chapter.early_count; i++)
        windows_count_story(order->windows, &chapter.early[i]);
    if (chapter.has_cells)
        windows_count_story(order->windows, counted);
    return RC_OK;
}

static struct counted counted_of(const struct batch_item *item)
{
    const struct post *post = &item->gated.post;

    return (struct counted){.heard = post->heard,
                            .voice = item->gated.voice,
                            .place = post->place,
                            .topic = item->topic,
                            .source = post->source,
                            .replayed = post->replayed};
}

/* A new item: near copy? which story? then counted and put down to be kept. */
static enum rc take_new(struct order *order, struct pending *pending, const struct batch_item *item,
                        struct ingest_totals *totals, struct err *err)
{
    struct counted counted = counted_of(item);
    struct arena_mark mark = arena_mark(&order->scratch);
    uint64_t number = order->next_item++;
    struct dedup_answer copy = dedup_add(order->dedup, &item->sketch, number);

    counted.copy = copy.copy;
    if (copy.copy)
        counted.story = story_of(order, copy.first);
    if (counted.story) {
        stories_join(order->stories, &item->tokens, counted.heard, counted.story, &order->scratch);
    } else {
        struct stories_answer answer =
            stories_add(order->stories, &item->tokens, counted.heard, &order->scratch);

        counted.story = answer.story;
    }
    arena_rewind(&order->scratch, mark);
    remember(order, number, counted.story);
    totals->fresh++;
    *vec_push(&pending->items, pending->batch) =
        (struct stored_item){.post = &item->gated.post,
                             .identity = &item->gated.identity,
                             .item = number,
                             .first = copy.copy ? copy.first : number,
                             .story = counted.story};
    return count(order, pending, item, &counted, err);
}

static enum rc take_publication(struct order *order, struct pending *pending,
                                const struct batch_item *item, struct ingest_totals *totals,
                                struct err *err)
{
    const struct post *post = &item->gated.post;
    struct arena_mark mark = arena_mark(&order->scratch);
    struct stories_answer answer =
        stories_add(order->stories, &item->tokens, post->heard, &order->scratch);
    uint64_t number = order->next_item++;

    arena_rewind(&order->scratch, mark);
    totals->fresh++;
    *vec_push(&pending->items, pending->batch) =
        (struct stored_item){.post = post,
                             .identity = &item->gated.identity,
                             .item = number,
                             .first = number,
                             .story = answer.story};
    *vec_push(&pending->publications, pending->batch) =
        (struct stored_publication){.publication = item->gated.publication,
                                    .item = number,
                                    .story = answer.story,
                                    .time = post->time,
                                    .heard = post->heard,
                                    .source = post->source};
    return answer.story ? chronicle_publish(order->chronicle, item, answer.story, err) : RC_OK;
}

/* Known already: no message more, but its voice counts once more in windows still open. */
static enum rc take_known(struct order *order, struct pending *pending,
                          const struct batch_item *item, const struct acquaintance *old,
                          struct err *err)
{
    struct counted counted = counted_of(item);
    uint64_t number = old->item, story = old->story;
    bool first_time;

    if (!windows_open_at(order->windows, counted.heard) ||
        !map_put(&order->again, number, &first_time) || !first_time)
        return RC_OK;
    counted.known = true;
    counted.story = story;
    if (item->gated.post.kind == KIND_PUBLICATION)
        return RC_OK;
    if (story) {
        enum rc rc = chronicle_topic(order->chronicle, story, &counted.topic, err);

        if (rc != RC_OK)
            return rc;
        windows_count_story(order->windows, &counted);
    }
    windows_count(order->windows, &counted, pending->batch, &pending->outcome);
    return RC_OK;
}

/* Another text under a known identity: the newer replaces, counts already taken stay. */
static void take_edit(struct order *order, struct pending *pending, const struct batch_item *item,
                      const struct acquaintance *old)
{
    uint64_t number = order->next_item++;

    *vec_push(&pending->items, pending->batch) =
        (struct stored_item){.post = &item->gated.post,
                             .identity = &item->gated.identity,
                             .item = number,
                             .first = number,
                             .story = old->story,
                             .replaces = old->item};
    if (item->gated.post.kind == KIND_PUBLICATION)
        *vec_push(&pending->publications, pending->batch) =
            (struct stored_publication){.publication = item->gated.publication,
                                        .item = number,
                                        .story = old->story,
                                        .time = item->gated.post.time,
                                        .heard = item->gated.post.heard,
                                        .source = item->gated.post.source};
    remember(order, number, old->story);
}

/* Corrects what the store said by what this batch holds already. */
static void see_repeats(struct pending *pending, const struct batch_item *item,
                        struct acquaintance *known)
{
    uint64_t key;
    const uint64_t *at;

    memcpy(&key, item->gated.identity.digest, sizeof key);
    at = map_find(&pending->seen, key);
    if (at) {
        const struct stored_item *earlier = &pending->items.v[*at];

        known->familiarity =
            earlier->identity->content == item->gated.identity.content ? ITEM_KNOWN : ITEM_EDITED;
        known->item = earlier->item;
        known->story = earlier->story;
    }
    if (known->familiarity != ITEM_KNOWN)
        *map_put(&pending->seen, key, NULL) = pending->items.n;
}

static enum rc take_item(struct order *order, struct pending *pending,
                         const struct batch_item *item, struct acquaintance *known,
                         struct ingest_totals *totals, struct err *err)
{
    see_repeats(pending, item, known);
    if (known->familiarity == ITEM_KNOWN) {
        totals->known++;
        return take_known(order, pending, item, known, err);
    }
    coverage_of(order, pending, item->gated.post.source, item->gated.post.heard)->items++;
    if (known->familiarity == ITEM_EDITED) {
        totals->edited++;
        take_edit(order, pending, item, known);
        return RC_OK;
    }
    return item->gated.post.kind == KIND_PUBLICATION
               ? take_publication(order, pending, item, totals, err)
               : take_new(order, pending, item, totals, err);
}

static enum rc keep(struct order *order, struct pending *pending, struct ingest_totals *totals,
                    struct err *err)
{
    struct story_row *rows;
    struct commit commit = {.now = order->options->now};

    windows_changed(order->windows, pending->batch, &pending->outcome);
    chronicle_changed(order->chronicle, pending->batch, &rows, &commit.story_count);
    commit.stories = rows;
    commit.items = pending->items.v;
    commit.item_count = pending->items.n;
    commit.publications = pending->publications.v;
    commit.publication_count = pending->publications.n;
    commit.cells = pending->outcome.cells.v;
    commit.cell_count = pending->outcome.cells.n;
    commit.alarms = pending->outcome.alarms.v;
    commit.alarm_count = pending->outcome.alarms.n;
    commit.releases = pending->outcome.releases.v;
    commit.release_count = pending->outcome.releases.n;
    commit.coverage = pending->coverage.v;
    commit.coverage_count = pending->coverage.n;
    commit.leaves = pending->outcome.leaves.v;
    commit.leaf_count = pending->outcome.leaves.n;
    totals->alarms += commit.alarm_count;
    totals->releases += commit.release_count;
    if (!commit.item_count && !commit.story_count && !commit.cell_count && !commit.leaf_count &&
        !commit.coverage_count)
        return RC_OK;
    log_line(order->options->log, LOG_DEBUG,
             "event=commit items=%zu stories=%zu cells=%zu alarms=%zu releases=%zu",
             commit.item_count, commit.story_count, commit.cell_count, commit.alarm_count,
             commit.release_count);
    return order->store->driver->commit(order->store, &commit, err);
}

/* Everything but what came too late to be kept; acquaintances[i] belongs to items[i]. */
static size_t drop_expired(struct batch *batch, struct ingest_totals *totals)
{
    size_t kept = 0;

    for (size_t i = 0; i < batch->n; i++) {
        if (batch->items[i].gated.expired)
            totals->expired++;
        else
            batch->items[kept++] = batch->items[i];
    }
    return kept;
}

enum rc order_batch(struct order *order, struct batch *batch, struct ingest_totals *totals,
                    struct err *err)
{
    struct pending pending = {.batch = &batch->arena};
    size_t n = drop_expired(batch, totals);
    struct identity *identities = arena_array(&batch->arena, n + 1, sizeof *identities);
    struct acquaintance *known = arena_array(&batch->arena, n + 1, sizeof *known);
    uint64_t started = clock_ticks_ns(), decided;
    enum rc rc;

    batch->n = n;
    for (size_t i = 0; i < n; i++)
        identities[i] = batch->items[i].gated.identity;
    rc = order->store->driver->lookup(order->store, identities, n, known, err);
    map_init(&pending.seen, BATCH_ITEMS);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        if (i + 1 < n)
            dedup_prefetch(order->dedup, &batch->items[i + 1].sketch);
        rc = take_item(order, &pending, &batch->items[i], &known[i], totals, err);
    }
    map_free(&pending.seen);
    if (batch->bad)
        coverage_of(order, &pending, 0, order->options->now)->bad += (uint32_t)batch->bad;
    decided = clock_ticks_ns();
    if (rc == RC_OK)
        rc = keep(order, &pending, totals, err);
    totals->late = windows_late(order->windows);
    totals->ns_order += decided - started;
    totals->ns_keep += clock_ticks_ns() - decided;
    return rc;
}

enum rc order_close(struct order *order, struct ingest_totals *totals, struct err *err)
{
    struct arena batch;
    struct pending pending = {.batch = &batch};
    enum rc rc;

    arena_init(&batch, "batch", BATCH_MEMORY);
    windows_interrupt(order->windows, &batch, &pending.outcome);
    rc = keep(order, &pending, totals, err);
    arena_free(&batch);
    return rc;
}
