/* order.c - deciding one batch after the other; see order.h.
 *
 * A restart rebuilds the windows of dedup and story from the sealed batches: each stored item knows
 * its story and the item it copies, so nothing is decided twice.  It goes back by a number of texts
 * and not by days, as copies are remembered by: where fewer are held, the state is the very one
 * that the last run ended with (unit/restart).
 *
 * The next stage may still be keeping batches that were decided here, so what the store does not
 * know yet is remembered: the identities of the last BATCHES batches, which is as many as there are
 * in the line.
 *
 * A stored item names the story that it joined at the time, and what that was merged into since is
 * followed here.  While the windows are rebuilt the turns that stories took are taken again at the
 * same items (stories_again).
 */
#include "engine/order.h"

#include "base/map.h"
#include "dedup/dedup.h"
#include "engine/queue.h"

#include <string.h>

enum { RECENT_MASK = (1 << 18) - 1, MERGERS_MAX = 1 << 20, HEARD_DAYS = 128 };

_Static_assert(HEARD_DAYS > (int)RETENTION_DAYS_CAP, "days are told apart");

_Static_assert(BATCHES *BATCH_ITEMS < RECENT_MASK, "items in the line are remembered");

struct order {
    const struct ingest_options *options;
    struct store *store;
    struct dedup *dedup;
    struct stories *stories;
    uint64_t next_item;
    struct recent { /* items that a copy or a repeat may point to: a ring by item number */
        uint64_t item, story, content;
        struct counted_as as;
    } * recent;
    struct map seen[BATCHES]; /* identities of the latest batches -> item, as that is now */
    uint64_t batches;
    struct heard_day { /* a ring by day: items of a day come before `behind` */
        int64_t day;
        uint64_t behind;
    } heard[HEARD_DAYS];
    int64_t today;
    struct map merged; /* story -> story that it is told as, link by link */
    struct arena scratch;
};

static void remember(struct order *order, struct recent recent)
{
    order->recent[recent.item & RECENT_MASK] = recent;
}

static void note_day(struct order *order, int64_t day, uint64_t item)
{
    order->heard[(uint64_t)day % HEARD_DAYS] = (struct heard_day){day, item + 1};
}

static const struct recent *recent_of(const struct order *order, uint64_t item)
{
    const struct recent *recent = &order->recent[item & RECENT_MASK];

    return recent->item == item ? recent : NULL;
}

/* Whether the item was remembered still when another came. */
static bool was_recent(uint64_t item, uint64_t then)
{
    return then - item <= RECENT_MASK + 1;
}

static struct counted_as counted_as(const struct batch_item *item)
{
    const struct post *post = &item->gated.post;

    return (struct counted_as){.heard = post->heard,
                               .item = item->decision.item,
                               .source = post->source,
                               .copy = item->decision.copy,
                               .voiced = item->gated.voice.known,
                               .publication = post->kind == KIND_PUBLICATION};
}

static uint64_t told_as(const struct order *order, uint64_t story)
{
    const uint64_t *into;

    while ((into = map_find(&order->merged, story)))
        story = *into;
    return story;
}

/* False when both are one already. */
static bool merge(struct order *order, uint64_t from, uint64_t into)
{
    uint64_t *place;

    from = told_as(order, from);
    into = told_as(order, into);
    place = from == into ? NULL : map_put(&order->merged, from, NULL);
    if (place)
        *place = into;
    return place;
}

/* A restart goes through everything that an item to come may point to. */
struct rebuilding {
    struct order *order;
    struct everyday *everyday;
    struct turn_list turns;
    size_t turned;       /* how many of them have come about again */
    struct batch *batch; /* being filled */
    struct queue empty, filled;
};

/* The next turn, when it came to light with an item before this one (whether that came back or
 * not), or with this one. */
static const struct story_turn *next_turn(struct rebuilding *rebuilding, uint64_t item)
{
    const struct story_turn *turn = &rebuilding->turns.v[rebuilding->turned];

    if (rebuilding->turned == rebuilding->turns.n || turn->item > item)
        return NULL;
    rebuilding->turned++;
    if (!turn->split)
        merge(rebuilding->order, turn->from, turn->into);
    return turn;
}

static void rebuild_item(struct rebuilding *rebuilding, const struct batch_item *item)
{
    struct order *order = rebuilding->order;
    struct arena *scratch = &order->scratch;
    const struct decision *was = &item->decision;
    int64_t heard = item->gated.post.heard;
    uint64_t story;

    while (next_turn(rebuilding, was->item - 1))
        ;
    story = told_as(order, was->story);
    if (item->gated.post.kind != KIND_PUBLICATION)
        dedup_restore(order->dedup, &item->sketch, was->first);
    if (story && was->copy && was_recent(was->first, was->item)) {
        stories_join(order->stories, &item->tokens, heard, story, scratch);
    } else if (story) {
        const struct story_turn *turn = next_turn(rebuilding, was->item);
        struct stories_answer answer = {.story = story};

        if (turn)
            answer.change = (struct stories_change){turn->split ? STORIES_SPLIT : STORIES_MERGED,
                                                    turn->from, turn->into};
        stories_again(order->stories, &item->tokens, heard, &answer, scratch);
    }
    everyday_note(rebuilding->everyday, &item->tokens);
    note_day(order, time_day(heard, order->options->settings->zone), was->item);
    remember(order,
             (struct recent){.item = was->item, .story = was->story, .as = counted_as(item)});
}

static void *rebuild_ahead(void *context)
{
    struct rebuilding *rebuilding = context;
    bool last;

    do {
        struct batch *batch = queue_take(&rebuilding->filled);

        last = batch->last;
        for (size_t i = 0; i < batch->n; i++) {
            if (i + 1 < batch->n)
                dedup_prefetch(rebuilding->order->dedup, &batch->items[i + 1].sketch);
            rebuild_item(rebuilding, &batch->items[i]);
        }
        batch_empty(batch);
        queue_put(&rebuilding->empty, batch);
    } while (!last);
    return NULL;
}

/* Makes ready in the store's thread what the other takes in; the text itself stays here. */
static enum rc read_item(void *context, const struct stored_item *stored, struct err *err)
{
    struct rebuilding *rebuilding = context;
    const struct order *order = rebuilding->order;
    struct batch *batch = rebuilding->batch;
    struct redacted_view view = redacted_view(stored->post->text);
    struct batch_item *item;

    (void)err;
    if (!batch->n)
        batch->items = arena_array(&batch->arena, BATCH_ITEMS, sizeof *batch->items);
    item = &batch->items[batch->n++];
    item->gated.post = *stored->post;
    item->gated.post.text = NULL; /* it lives during this call */
    item->tokens =
        reader_tokens(order->options->settings, (struct text){view.p, view.n}, NULL, &batch->arena);
    item->sketch = dedup_sketch(order->dedup, &item->tokens, &batch->arena);
    item->decision = (struct decision){.item = stored->item,
                                       .first = stored->first,
                                       .story = stored->story,
                                       .copy = stored->first != stored->item};
    if (batch->n < BATCH_ITEMS)
        return RC_OK;
    queue_put(&rebuilding->filled, batch);
    rebuilding->batch = queue_take(&rebuilding->empty);
    return RC_OK;
}

/* Two threads, because making texts comparable takes as long as comparing them. */
static enum rc rebuild(struct rebuilding *rebuilding, struct err *err)
{
    struct order *order = rebuilding->order;
    struct batch batches[2];
    pthread_t ahead;
    enum rc rc;

    queue_init(&rebuilding->empty);
    queue_init(&rebuilding->filled);
    batch_init(&batches[0]);
    batch_init(&batches[1]);
    queue_put(&rebuilding->empty, &batches[0]);
    rebuilding->batch = &batches[1];
    MUST(pthread_create(&ahead, NULL, rebuild_ahead, rebuilding) == 0);
    rc = order->store->driver->each_item(
        order->store, order->next_item > RECENT_MASK ? order->next_item - RECENT_MASK - 1 : 0,
        read_item, rebuilding, err);
    rebuilding->batch->last = true;
    queue_put(&rebuilding->filled, rebuilding->batch);
    pthread_join(ahead, NULL);
    batch_free(&batches[0]);
    batch_free(&batches[1]);
    queue_free(&rebuilding->empty);
    queue_free(&rebuilding->filled);
    return rc;
}

/* What was merged long ago, or with an item that did not come back. */
static enum rc load_mergers(struct order *order, struct err *err)
{
    struct arena_mark mark = arena_mark(&order->scratch);
    struct merger_list stored;
    enum rc rc = order->store->driver->mergers(order->store, &order->scratch, &stored, err);

    for (size_t i = 0; rc == RC_OK && i < stored.n; i++)
        merge(order, stored.v[i].from, stored.v[i].into);
    arena_rewind(&order->scratch, mark);
    return rc;
}

static enum rc load(struct order *order, struct everyday *everyday, struct arena *process,
                    struct err *err)
{
    struct store_counters counters;
    struct rebuilding rebuilding = {.order = order, .everyday = everyday};
    struct stories_config stories_config = stories_defaults;
    enum rc rc = order->store->driver->counters(order->store, &counters, err);

    if (rc != RC_OK)
        return rc;
    order->next_item = counters.next_item;
    stories_config.novelty = false;
    order->dedup = dedup_new(&dedup_defaults, process);
    order->stories = stories_new(&stories_config);
    if (!order->stories)
        return err_set(err, RC_FULL, "out of memory for stories");
    if (counters.last_heard != TIME_UNKNOWN)
        rc = order->store->driver->turns(order->store, 0, process, &rebuilding.turns, err);
    if (rc == RC_OK)
        rc = rebuild(&rebuilding, err);
    stories_number_from(order->stories, counters.next_story);
    return rc == RC_OK ? load_mergers(order, err) : rc;
}

enum rc order_open(const struct ingest_options *options, struct everyday *everyday,
                   struct arena *process, struct order **out, struct err *err)
{
    struct order *order = arena_alloc(process, sizeof *order);
    enum rc rc;

    order->options = options;
    order->store = options->store;
    order->today = time_day(options->now, options->settings->zone);
    order->recent = arena_array(process, RECENT_MASK + 1, sizeof *order->recent);
    for (int i = 0; i < BATCHES; i++)
        map_init(&order->seen[i], BATCH_ITEMS);
    map_init(&order->merged, MERGERS_MAX);
    arena_init(&order->scratch, "scratch", 64 * 1024 * 1024);
    rc = load(order, everyday, process, err);
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
    if (order->stories)
        stories_free(order->stories);
    for (int i = 0; i < BATCHES; i++)
        map_free(&order->seen[i]);
    map_free(&order->merged);
    arena_wipe(&order->scratch);
    arena_free(&order->scratch);
}

static uint64_t key_of(const struct identity *identity)
{
    uint64_t key;

    memcpy(&key, identity->digest, sizeof key);
    return key;
}

/* Corrects what the store said by what it has not been given yet. */
static void see_repeats(const struct order *order, const struct identity *identity,
                        struct acquaintance *known)
{
    for (uint64_t back = 0; back < BATCHES && back < order->batches; back++) {
        const uint64_t *item =
            map_find(&order->seen[(order->batches - 1 - back) % BATCHES], key_of(identity));

        const struct recent *earlier = item ? recent_of(order, *item) : NULL;

        if (earlier) {
            *known = (struct acquaintance){.familiarity =
                                               earlier->content == identity->content ? ITEM_KNOWN
                                               : earlier->content == CONTENT_DELETED ? ITEM_DELETED
                                                                                     : ITEM_EDITED,
                                           .item = earlier->item,
                                           .story = earlier->story};
            return;
        }
    }
}

/* A new item: near copy?  Which story? */
static void decide_new(struct order *order, const struct batch_item *item,
                       struct decision *decision)
{
    struct arena_mark mark = arena_mark(&order->scratch);
    int64_t heard = item->gated.post.heard;
    struct dedup_answer copy = {.first = decision->item};
    const struct recent *first = NULL;

    if (item->gated.post.kind != KIND_PUBLICATION)
        copy = dedup_add(order->dedup, &item->sketch, decision->item);
    if (copy.copy)
        first = recent_of(order, copy.first);
    decision->copy = copy.copy;
    decision->first = copy.first;
    decision->story = first ? told_as(order, first->story) : 0;
    if (decision->story) {
        stories_join(order->stories, &item->tokens, heard, decision->story, &order->scratch);
    } else {
        struct stories_answer answer =
            stories_add(order->stories, &item->tokens, heard, &order->scratch);

        decision->story = told_as(order, answer.story);
        if (answer.change.turn != STORIES_MERGED ||
            merge(order, answer.change.from, answer.change.into))
            decision->change = answer.change;
    }
    arena_rewind(&order->scratch, mark);
}

/* What stands for an item that was heard before: its edit, or that it is gone. */
static struct counted_as replace(const struct order *order, const struct batch_item *item,
                                 struct decision *decision, struct ingest_totals *totals)
{
    const struct recent *before = recent_of(order, decision->replaces);
    struct counted_as as = before ? before->as : (struct counted_as){.heard = TIME_UNKNOWN};

    if (item->gated.deleted) {
        decision->was = as;
        totals->deleted++;
    } else {
        totals->edited++;
    }
    return as;
}

static void decide(struct order *order, struct batch_item *item, const struct acquaintance *known,
                   struct ingest_totals *totals)
{
    const struct identity *identity = &item->gated.identity;
    struct decision *decision = &item->decision;
    struct counted_as as;

    /* what is known stays with the story that it was counted with */
    *decision = (struct decision){
        .familiarity = known->familiarity, .item = known->item, .story = known->story};
    if (known->familiarity == ITEM_KNOWN || known->familiarity == ITEM_DELETED) {
        const struct recent *recent = recent_of(order, known->item);

        decision->copy = !recent || recent->as.copy; /* too old to say: nobody new */
        totals->known++;
        return;
    }
    decision->item = decision->first = order->next_item++;
    if (known->familiarity == ITEM_EDITED) {
        decision->replaces = known->item;
        as = replace(order, item, decision, totals);
    } else if (item->gated.deleted) { /* before it was heard of */
        as = (struct counted_as){.heard = TIME_UNKNOWN};
        totals->deleted++;
    } else {
        totals->fresh++;
        decide_new(order, item, decision);
        as = counted_as(item);
    }
    remember(order, (struct recent){.item = decision->item,
                                    .story = decision->story,
                                    .content = identity->content,
                                    .as = as});
    *map_put(&order->seen[(order->batches - 1) % BATCHES], key_of(identity), NULL) = decision->item;
}

/* What was heard before that day is compared with nothing any more, and its traces go. */
static void forget(struct order *order, int64_t before)
{
    uint64_t item = 0;

    for (int i = 0; i < HEARD_DAYS; i++)
        if (order->heard[i].day < before && order->heard[i].behind > item)
            item = order->heard[i].behind;
    for (size_t i = 0; i <= RECENT_MASK; i++)
        if (order->recent[i].item < item)
            order->recent[i] = (struct recent){0};
    dedup_forget(order->dedup, item);
    stories_forget(order->stories, day_start(before, order->options->settings->zone));
    arena_wipe(&order->scratch);
}

/* A run that goes on past midnight forgets as a new one would. */
static void turn_day(struct order *order, int64_t now)
{
    const struct settings *settings = order->options->settings;
    int64_t day = time_day(now, settings->zone);

    if (order->options->history)
        return;
    if (day != order->today)
        forget(order, day - settings->retention_days);
    order->today = day;
}

/* Everything but what came too late to be kept. */
static void drop_expired(struct batch *batch, struct ingest_totals *totals)
{
    size_t kept = 0;

    for (size_t i = 0; i < batch->n; i++) {
        if (batch->items[i].gated.expired)
            totals->expired++;
        else
            batch->items[kept++] = batch->items[i];
    }
    batch->n = kept;
}

enum rc order_batch(struct order *order, struct batch *batch, struct ingest_totals *totals,
                    struct err *err)
{
    uint64_t started = clock_ticks_ns();
    struct identity *identities;
    struct acquaintance *known;
    enum rc rc;

    turn_day(order, batch->now);
    drop_expired(batch, totals);
    identities = arena_array(&batch->arena, batch->n + 1, sizeof *identities);
    known = arena_array(&batch->arena, batch->n + 1, sizeof *known);
    map_clear(&order->seen[order->batches++ % BATCHES]);
    for (size_t i = 0; i < batch->n; i++)
        identities[i] = batch->items[i].gated.identity;
    rc = order->store->driver->lookup(order->store, identities, batch->n, known, err);
    for (size_t i = 0; rc == RC_OK && i < batch->n; i++) {
        if (i + 1 < batch->n)
            dedup_prefetch(order->dedup, &batch->items[i + 1].sketch);
        see_repeats(order, &identities[i], &known[i]);
        decide(order, &batch->items[i], &known[i], totals);
    }
    if (!order->options->history)
        note_day(order, order->today, order->next_item - 1);
    totals->ns_order += clock_ticks_ns() - started;
    return rc;
}
