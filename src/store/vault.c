/* vault.c - items to batches and back; see vault.h.
 *
 * Batches of one commit may overlap in their item numbers (one batch a day), those of different
 * commits do not, and a rewritten batch lies within the range it had.  So the walk reads batches by
 * first item, takes together what overlaps, sorts that and hands it on: memory for one commit.
 */
#include "store/vault.h"

#include "base/map.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum { SCRATCH_MAX = 1024 * 1024 * 1024 };
#define REPLACED INT64_MAX /* day of a waiting item that a later one of its commit replaces */

enum rc vault_open(struct vault *vault, struct str keys, bool alone, struct arena *process,
                   struct err *err)
{
    enum rc rc;

    arena_init(&vault->scratch, "batch", SCRATCH_MAX);
    rc = key_ring_open(keys, alone, process, &vault->keys, err);
    if (rc == RC_OK)
        rc = seal_open(&vault->codes, process, &vault->seal, err);
    if (rc != RC_OK)
        vault_close(vault);
    else
        vault->tags = tag_tables_new(process);
    return rc;
}

void vault_close(struct vault *vault)
{
    if (vault->tags)
        tag_tables_free(vault->tags);
    if (vault->seal)
        seal_close(vault->seal);
    if (vault->keys)
        key_ring_close(vault->keys);
    arena_wipe(&vault->scratch);
    arena_free(&vault->scratch);
}

static void pass(uint64_t *next, uint64_t used)
{
    if (used >= *next)
        *next = used + 1;
}

void numbering_advance(struct numbering *numbering, const struct commit *commit)
{
    for (size_t i = 0; i < commit->item_count; i++) {
        pass(&numbering->next_item, commit->items[i].item);
        pass(&numbering->next_story, commit->items[i].story);
        if (commit->items[i].post->heard > numbering->last_heard &&
            commit->items[i].identity->content != CONTENT_DELETED) /* it closes no window */
            numbering->last_heard = commit->items[i].post->heard;
    }
    for (size_t i = 0; i < commit->publication_count; i++) {
        pass(&numbering->next_item, commit->publications[i].item);
        if (commit->publications[i].heard > numbering->last_heard)
            numbering->last_heard = commit->publications[i].heard;
    }
    for (size_t i = 0; i < commit->story_count; i++)
        pass(&numbering->next_story, commit->stories[i].id);
    for (size_t i = 0; i < commit->alarm_count; i++)
        pass(&numbering->next_alarm, commit->alarms[i].id);
    if (numbering->last_heard != TIME_UNKNOWN && commit->passed > numbering->last_heard)
        numbering->last_heard = commit->passed;
}

/* An item on its way into a batch. */
struct waiting {
    int64_t day;
    size_t order;
    const struct stored_item *item;
};

static int by_day_and_order(const void *a, const void *b)
{
    const struct waiting *x = a, *y = b;

    if (x->day != y->day)
        return x->day < y->day ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* The items to be kept, by day: without those that a later one of the same commit replaces. */
static struct waiting *sort_items(struct vault *vault, const struct commit *commit,
                                  struct packing *out, size_t *n)
{
    struct waiting *waiting = arena_array(&vault->scratch, commit->item_count + 1, sizeof *waiting);
    VEC(const struct stored_item *) replacing = {0};
    struct map own; /* item -> index in waiting */
    size_t kept = 0;

    map_init(&own, commit->item_count);
    for (size_t i = 0; i < commit->item_count; i++) {
        const struct stored_item *item = &commit->items[i];
        const uint64_t *replaced = item->replaces ? map_find(&own, item->replaces) : NULL;

        MUST(item->item > 0 && item->identity && item->replaces != item->item);
        waiting[i] = (struct waiting){time_day(item->post->heard, vault->zone), i, item};
        if (replaced)
            waiting[*replaced].day = REPLACED;
        else if (item->replaces)
            *vec_push(&replacing, &vault->scratch) = item;
        *map_put(&own, item->item, NULL) = i;
    }
    map_free(&own);
    for (size_t i = 0; i < commit->item_count; i++)
        if (waiting[i].day != REPLACED)
            waiting[kept++] = waiting[i];
    if (kept)
        qsort(waiting, kept, sizeof *waiting, by_day_and_order);
    out->replacing = replacing.v;
    out->replacing_count = replacing.n;
    *n = kept;
    return waiting;
}

/* Fills what a batch says of its items, but for the tags. */
static void describe(struct packed *packed, const struct stored_item *const *items, size_t n,
                     struct arena *arena)
{
    packed->n = n;
    packed->run = arena_array(arena, n, sizeof *packed->run);
    packed->heard = INT64_MIN;
    packed->first = UINT64_MAX;
    packed->last = 0;
    for (size_t i = 0; i < n; i++) {
        packed->run[i].item = items[i]->item;
        packed->run[i].story = items[i]->story;
        if (items[i]->item < packed->first)
            packed->first = items[i]->item;
        if (items[i]->item > packed->last)
            packed->last = items[i]->item;
        if (items[i]->post->heard > packed->heard)
            packed->heard = items[i]->post->heard;
    }
}

/* `day_items`: how many of the day waited up to the end of this batch. */
static enum rc pack_run(struct vault *vault, const struct waiting *waiting, size_t n,
                        size_t day_items, struct packed *packed, struct err *err)
{
    const struct stored_item **items = arena_array(&vault->scratch, n, sizeof *items);
    const struct day_key *key;
    enum rc rc = key_ring_make(vault->keys, packed->day, &key, err);

    if (rc == RC_OK)
        rc = tag_tables_reserve(vault->tags, key, day_items, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < n; i++)
        items[i] = waiting[i].item;
    describe(packed, items, n, &vault->scratch);
    for (size_t i = 0; i < n; i++)
        if (items[i]->post->kind != KIND_PUBLICATION)
            tag_make(key, items[i]->identity, &packed->run[i]);
    return seal_items(vault->seal, &(struct seal_place){key, packed->number, &vault->scratch},
                      items, n, &packed->sealed, err);
}

/* How many of the waiting ones make the next batch: one day, and not too much. */
static size_t batch_length(const struct waiting *waiting, size_t n)
{
    size_t text = 0, i;

    for (i = 0; i < n && i < SEAL_ITEMS_MAX && text < SEAL_TEXT_MAX; i++) {
        if (waiting[i].day != waiting[0].day)
            break;
        text += redacted_length(waiting[i].item->post->text);
    }
    return i;
}

/* Publications stay known by a tag under a key that does not expire. */
static enum rc tag_publications(struct vault *vault, const struct commit *commit,
                                struct packing *out, struct err *err)
{
    struct tag_record *tags =
        arena_array(&vault->scratch, commit->publication_count + 1, sizeof *tags);
    const struct day_key *key;
    struct map rows; /* item -> index */
    enum rc rc;

    out->publication_tags = tags;
    if (!commit->publication_count)
        return RC_OK;
    rc = key_ring_make(vault->keys, KEY_OF_PUBLICATIONS, &key, err);
    if (rc == RC_OK)
        rc = tag_tables_reserve(vault->tags, key, commit->publication_count, err);
    if (rc != RC_OK)
        return rc;
    map_init(&rows, commit->publication_count);
    for (size_t i = 0; i < commit->publication_count; i++)
        *map_put(&rows, commit->publications[i].item, NULL) = i;
    for (size_t i = 0; i < commit->item_count; i++) {
        const struct stored_item *item = &commit->items[i];
        const uint64_t *row = map_find(&rows, item->item);
        const uint64_t *replaced = item->replaces ? map_find(&rows, item->replaces) : NULL;

        if (replaced)
            tags[*replaced] = (struct tag_record){0};
        if (item->post->kind != KIND_PUBLICATION || !row)
            continue;
        tag_make(key, item->identity, &tags[*row]);
        tags[*row].item = item->item;
        tags[*row].story = item->story;
    }
    map_free(&rows);
    return RC_OK;
}

enum rc vault_pack(struct vault *vault, const struct commit *commit, uint64_t next_number,
                   struct packing *out, struct err *err)
{
    VEC(struct packed) batches = {0};
    struct waiting *waiting;
    size_t n, length, day_items = 0;
    enum rc rc;

    *out = (struct packing){0};
    waiting = sort_items(vault, commit, out, &n);
    for (size_t at = 0; at < n; at += length) {
        struct packed *packed = vec_push(&batches, &vault->scratch);

        length = batch_length(waiting + at, n - at);
        packed->number = next_number++;
        packed->day = waiting[at].day;
        day_items = at && waiting[at - 1].day == packed->day ? day_items + length : length;
        rc = pack_run(vault, waiting + at, length, day_items, packed, err);
        if (rc != RC_OK)
            return rc;
    }
    out->batches = batches.v;
    out->batch_count = batches.n;
    return tag_publications(vault, commit, out, err);
}

void vault_learn(struct vault *vault, const struct packing *packing, const struct commit *commit)
{
    for (size_t i = 0; i < packing->replacing_count; i++)
        tag_tables_forget(vault->tags, packing->replacing[i]->identity,
                          packing->replacing[i]->replaces);
    for (size_t i = 0; i < packing->batch_count; i++)
        tag_tables_add(vault->tags, packing->batches[i].day, packing->batches[i].run,
                       packing->batches[i].n, packing->batches[i].first, packing->batches[i].last);
    for (size_t i = 0; i < commit->publication_count; i++)
        if (packing->publication_tags[i].item)
            tag_tables_add(vault->tags, KEY_OF_PUBLICATIONS, &packing->publication_tags[i], 1, 0,
                           0);
    tag_tables_trim(vault->tags);
}

enum rc vault_load_run(struct vault *vault, const struct packed *packed, struct err *err)
{
    const struct day_key *key;
    enum rc rc = key_ring_need(vault->keys, packed->day, &key, err);

    if (rc == RC_OK)
        rc = tag_tables_reserve(vault->tags, key, packed->n, err);
    if (rc != RC_OK)
        return rc;
    tag_tables_add(vault->tags, packed->day, packed->run, packed->n, packed->first, packed->last);
    tag_tables_trim(vault->tags);
    return RC_OK;
}

/* Opens a batch; RC_BROKEN also when it does not agree with its run. */
static enum rc open_batch(struct vault *vault, const struct packed *packed, struct arena *batch,
                          struct stored_item **items, struct err *err)
{
    const struct day_key *key;
    size_t n;
    enum rc rc = key_ring_need(vault->keys, packed->day, &key, err);

    if (rc == RC_OK)
        rc = unseal_items(vault->seal, &(struct seal_place){key, packed->number, batch},
                          packed->sealed, items, &n, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; n == packed->n && i < n; i++)
        if (packed->run[i].item && packed->run[i].item != (*items)[i].item)
            n = packed->n + 1;
    if (n != packed->n)
        return err_set(err, RC_BROKEN, "batch %llu does not agree with its tags",
                       (unsigned long long)packed->number);
    return RC_OK;
}

enum rc vault_check(struct vault *vault, const struct packed *packed, struct arena *scratch,
                    struct err *err)
{
    struct stored_item *items;

    return open_batch(vault, packed, scratch, &items, err);
}

enum rc vault_repack(struct vault *vault, const struct packed *from, uint64_t number,
                     struct packed *out, struct err *err)
{
    struct arena *scratch = &vault->scratch;
    const struct stored_item **kept = arena_array(scratch, from->n + 1, sizeof *kept);
    struct tag_record *run = arena_array(scratch, from->n + 1, sizeof *run);
    struct stored_item *items;
    const struct day_key *key;
    size_t n = 0;
    enum rc rc = open_batch(vault, from, scratch, &items, err);

    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < from->n; i++)
        if (from->run[i].item) {
            run[n] = from->run[i];
            kept[n++] = &items[i];
        }
    *out = (struct packed){.number = number, .day = from->day};
    if (!n)
        return RC_OK;
    describe(out, kept, n, scratch);
    out->run = run;
    rc = key_ring_find(vault->keys, from->day, &key, err);
    return rc == RC_OK ? seal_items(vault->seal, &(struct seal_place){key, number, scratch}, kept,
                                    n, &out->sealed, err)
                       : rc;
}

static int by_item(const void *a, const void *b)
{
    const struct stored_item *const *x = a, *const *y = b;

    return ((*x)->item > (*y)->item) - ((*x)->item < (*y)->item);
}

/* The batches from *at that overlap, sorted and handed on; *at moves behind them. */
static enum rc visit_overlapping(struct vault *vault, const struct vault_walk *walk, size_t *at,
                                 struct arena *batch, struct err *err)
{
    VEC(const struct stored_item *) items = {0};
    uint64_t last = walk->batches[*at].last;
    struct stored_item *opened;
    struct packed packed;
    enum rc rc = RC_OK;

    for (; rc == RC_OK && *at < walk->n && walk->batches[*at].first <= last; ++*at) {
        if (walk->batches[*at].last > last)
            last = walk->batches[*at].last;
        rc = walk->load(walk->load_context, walk->batches[*at].number, batch, &packed, err);
        if (rc == RC_OK)
            rc = open_batch(vault, &packed, batch, &opened, err);
        for (size_t i = 0; rc == RC_OK && i < packed.n; i++)
            if (packed.run[i].item && packed.run[i].item >= walk->from)
                *vec_push(&items, batch) = &opened[i];
    }
    if (items.n)
        qsort(items.v, items.n, sizeof(const struct stored_item *), by_item);
    for (size_t i = 0; rc == RC_OK && i < items.n; i++)
        rc = walk->visit(walk->visit_context, items.v[i], err);
    return rc;
}

enum rc vault_each(struct vault *vault, const struct vault_walk *walk, struct err *err)
{
    struct arena batch;
    enum rc rc = RC_OK;

    arena_init(&batch, "batch", SCRATCH_MAX);
    for (size_t at = 0; rc == RC_OK && at < walk->n;) {
        rc = visit_overlapping(vault, walk, &at, &batch, err);
        arena_reset(&batch);
    }
    arena_wipe(&batch);
    arena_free(&batch);
    return rc;
}

struct str vault_run_bytes(const struct packed *packed, struct arena *arena)
{
    unsigned char *bytes = arena_array(arena, packed->n, TAG_BYTES);

    for (size_t i = 0; i < packed->n; i++)
        tag_write(&packed->run[i], bytes + i * TAG_BYTES);
    return (struct str){(const char *)bytes, packed->n * TAG_BYTES};
}

enum rc vault_run_read(struct str bytes, struct arena *arena, struct packed *packed,
                       struct err *err)
{
    if (bytes.n % TAG_BYTES != 0 || bytes.n / TAG_BYTES > SEAL_ITEMS_MAX)
        return err_set(err, RC_BROKEN, "the tags of batch %llu are damaged",
                       (unsigned long long)packed->number);
    packed->n = bytes.n / TAG_BYTES;
    packed->run = arena_array(arena, packed->n, sizeof *packed->run);
    for (size_t i = 0; i < packed->n; i++)
        tag_read((const unsigned char *)bytes.p + i * TAG_BYTES, &packed->run[i]);
    return RC_OK;
}
