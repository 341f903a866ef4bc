/* mem.c - the record in memory, for tests and for what must leave nothing behind; see store.h.
 *
 * The same contract by the same vault: items are sealed here too, under keys that live in memory,
 * so what a test gets back passed the seal.  Rows lie in arrays with a map of hashes in front; a
 * commit looks for what would break it before it changes anything.
 */
#include "store/mergers.h"
#include "store/backend.h"
#include "store/vault.h"
#include "store/words.h"

#include "base/hash.h"
#include "base/map.h"
#include "base/vec.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 1 << 28 };

struct mem_publication {
    struct stored_publication row;
    struct str words;
    bool gone;
};

struct mem_opening {
    struct str commitment;
    int64_t day;
    struct str sealed;
};

struct mem_held {
    struct held_chunk chunk;
    bool gone;
};

struct mem_setting {
    struct str name;
    int64_t value;
};

struct mem_store {
    struct store store; /* first: a store is cast to what it is */
    struct vault vault;
    struct arena *process;
    VEC(struct packed) batches; /* in order of first item */
    VEC(struct cell) cells;
    VEC(struct story_row) stories;
    VEC(struct story_turn) turns;
    VEC(struct str) story_words;
    VEC(struct mem_publication) publications;
    VEC(struct alarm) alarms;
    VEC(struct release_row) releases;
    VEC(struct coverage) coverage;
    VEC(struct ledger_leaf) leaves;
    VEC(struct mem_opening) openings;
    VEC(struct feed_visit) visits;
    VEC(struct mem_setting) settings;
    VEC(struct mem_held) held;
    struct map cell_of, story_of, publication_of, release_of;
    struct numbering numbering;
    uint64_t next_batch;
};

static struct mem_store *of(struct store *store)
{
    return (struct mem_store *)store;
}

static bool mem_knows(struct str where)
{
    return str_eq(where, STR(":memory:"));
}

static struct str kept(struct mem_store *m, struct str s)
{
    return (struct str){arena_copy(m->process, s.p, s.n), s.n};
}

static struct text kept_text(struct mem_store *m, struct text text)
{
    return (struct text){arena_copy(m->process, text.p, text.n), text.n};
}

static enum rc mem_leaf(void *context, const struct ledger_leaf *leaf, struct err *err)
{
    struct mem_store *m = context;
    struct ledger_leaf *place = vec_push(&m->leaves, m->process);

    (void)err;
    *place = *leaf;
    place->detail = kept(m, leaf->detail);
    return RC_OK;
}

static struct feed_visit *find_visit(struct mem_store *m, struct str source)
{
    for (size_t i = 0; i < m->visits.n; i++)
        if (str_eq(m->visits.v[i].source, source))
            return &m->visits.v[i];
    return NULL;
}

static enum rc mem_visit(struct store *store, struct str source, struct arena *request,
                         struct feed_visit *out, struct err *err)
{
    const struct feed_visit *visit = find_visit(of(store), source);

    (void)request;
    if (!visit)
        return err_set(err, RC_ABSENT, "%.*s was never fetched", STR_ARG(source));
    *out = *visit;
    return RC_OK;
}

static enum rc mem_keep_visit(struct store *store, const struct feed_visit *visit, struct err *err)
{
    struct mem_store *m = of(store);
    struct feed_visit *there = find_visit(m, visit->source);

    (void)err;
    if (!there)
        there = vec_push(&m->visits, m->process);
    *there = (struct feed_visit){kept(m, visit->source), kept(m, visit->etag),
                                 kept(m, visit->modified), visit->body_hash};
    return RC_OK;
}

static struct mem_setting *find_setting(struct mem_store *m, struct str name)
{
    for (size_t i = 0; i < m->settings.n; i++)
        if (str_eq(m->settings.v[i].name, name))
            return &m->settings.v[i];
    return NULL;
}

static enum rc mem_setting(struct store *store, struct str name, int64_t *value, struct err *err)
{
    const struct mem_setting *there = find_setting(of(store), name);

    if (!there)
        return err_set(err, RC_ABSENT, "%.*s was never set", STR_ARG(name));
    *value = there->value;
    return RC_OK;
}

static void put_setting(struct mem_store *m, struct str name, int64_t value)
{
    struct mem_setting *there = find_setting(m, name);

    if (!there) {
        there = vec_push(&m->settings, m->process);
        there->name = kept(m, name);
    }
    there->value = value;
}

static enum rc mem_set_setting(struct store *store, struct str name, int64_t value, int64_t now,
                               struct err *err)
{
    struct mem_store *m = of(store);
    const struct mem_setting *there = find_setting(m, name);
    char detail[CHANGE_DETAIL];
    enum rc rc;

    change_detail(name, there ? &there->value : NULL, value, detail);
    rc = ledger_append(&store->ledger, now, LEDGER_CHANGE, str_of(detail), err);
    if (rc == RC_OK)
        put_setting(m, name, value);
    return rc;
}

static struct alarm *find_alarm(struct mem_store *m, uint64_t id)
{
    for (size_t i = 0; i < m->alarms.n; i++)
        if (m->alarms.v[i].id == id)
            return &m->alarms.v[i];
    return NULL;
}

static enum rc mem_judge(struct store *store, uint64_t alarm, enum verdict desk, int64_t now,
                         struct err *err)
{
    struct alarm *there = find_alarm(of(store), alarm);
    char detail[CHANGE_DETAIL];
    enum rc rc;

    if (!there)
        return err_set(err, RC_ABSENT, "there is no alarm %llu", (unsigned long long)alarm);
    judge_detail(alarm, desk, detail);
    rc = ledger_append(&store->ledger, now, LEDGER_JUDGE, str_of(detail), err);
    if (rc == RC_OK)
        there->desk = desk;
    return rc;
}

static const struct store_driver mem_driver;

static enum rc mem_open(struct str where, enum store_mode mode, const struct settings *settings,
                        struct arena *process, struct store **out, struct err *err)
{
    struct mem_store *m = arena_alloc(process, sizeof *m);
    enum rc rc;

    (void)where;
    (void)mode;
    rc = vault_open(&m->vault, STR(""), false, process, err);
    if (rc != RC_OK)
        return rc;
    codes_join(&m->vault.codes, settings, NULL, 0, process);
    m->vault.zone = settings->zone;
    m->process = process;
    m->store = (struct store){
        .driver = &mem_driver, .ledger = {.sink = mem_leaf, .context = m}, .zone = settings->zone};
    map_init(&m->cell_of, ROWS_MAX);
    map_init(&m->story_of, ROWS_MAX);
    map_init(&m->publication_of, ROWS_MAX);
    map_init(&m->release_of, ROWS_MAX);
    m->numbering = (struct numbering){1, 1, 1, TIME_UNKNOWN};
    m->next_batch = 1;
    *out = &m->store;
    return ledger_append(&m->store.ledger, clock_now(), LEDGER_OPENED, STR("format=2"), err);
}

static void mem_close(struct store *store)
{
    struct mem_store *m = of(store);

    map_free(&m->cell_of);
    map_free(&m->story_of);
    map_free(&m->publication_of);
    map_free(&m->release_of);
    vault_close(&m->vault);
}

static enum rc mem_lookup(struct store *store, const struct identity *identities, size_t n,
                          struct acquaintance *known, struct err *err)
{
    return tag_tables_find(of(store)->vault.tags, identities, n, known, err);
}

/* The place of a row, made where there is none; *fresh says so. */
static size_t place_of(struct map *map, uint64_t key, size_t next, bool *fresh)
{
    uint64_t *slot = map_put(map, key, fresh);

    MUST(slot);
    if (*fresh)
        *slot = next;
    return (size_t)*slot;
}

static void keep_cell(struct mem_store *m, const struct cell *cell)
{
    bool fresh;
    size_t at = place_of(&m->cell_of, cell_key_hash(cell->key), m->cells.n, &fresh);

    if (fresh)
        vec_push(&m->cells, m->process);
    MUST(fresh || cell_key_cmp(m->cells.v[at].key, cell->key) == 0);
    m->cells.v[at] = *cell;
}

/* As which story the story is told. */
static uint64_t told_as(const struct mem_store *m, uint64_t story)
{
    const uint64_t *at = map_find(&m->story_of, story);

    return at && m->stories.v[*at].merged_into ? m->stories.v[*at].merged_into : story;
}

static void keep_story(struct mem_store *m, const struct story_row *row)
{
    bool fresh;
    size_t at = place_of(&m->story_of, row->id, m->stories.n, &fresh);
    struct arena_mark mark = arena_mark(&m->vault.scratch);
    struct story_row *place;

    if (fresh) {
        vec_push(&m->stories, m->process);
        vec_push(&m->story_words, m->process);
    }
    place = &m->stories.v[at];
    *place = *row;
    place->merged_into = row->merged_into ? told_as(m, row->merged_into) : 0;
    for (size_t i = 0; row->merged_into && i < m->stories.n; i++)
        if (m->stories.v[i].merged_into == row->id)
            m->stories.v[i].merged_into = place->merged_into;
    for (uint32_t i = 0; i < row->phrase_count; i++)
        place->phrases[i].text = kept_text(m, row->phrases[i].text);
    m->story_words.v[at] =
        row->merged_into ? (struct str){0} : kept(m, words_of_story(row, &m->vault.scratch));
    arena_rewind(&m->vault.scratch, mark);
}

static void keep_publication(struct mem_store *m, const struct stored_publication *row)
{
    bool fresh;
    size_t at = place_of(&m->publication_of, row->item, m->publications.n, &fresh);
    struct mem_publication *place = vec_push(&m->publications, m->process);

    MUST(fresh && place == &m->publications.v[at]);
    place->row = *row;
    place->row.publication.id = kept(m, row->publication.id);
    place->row.publication.url = kept(m, row->publication.url);
    place->row.publication.title = kept_text(m, row->publication.title);
    place->row.publication.summary = kept_text(m, row->publication.summary);
    place->words = kept(m, words_of_publication(&row->publication, &m->vault.scratch));
}

static void keep_coverage(struct mem_store *m, const struct coverage *row)
{
    struct coverage *place = NULL;

    for (size_t i = 0; i < m->coverage.n && !place; i++)
        if (m->coverage.v[i].day == row->day && str_eq(m->coverage.v[i].source, row->source))
            place = &m->coverage.v[i];
    if (!place) {
        place = vec_push(&m->coverage, m->process);
        *place = (struct coverage){
            .source = kept(m, row->source), .day = row->day, .last_heard = row->last_heard};
    }
    place->items += row->items;
    place->bad += row->bad;
    place->failures += row->failures;
    if (row->last_heard > place->last_heard)
        place->last_heard = row->last_heard;
}

static void keep_batch(struct mem_store *m, const struct packed *packed)
{
    struct packed *place = vec_push(&m->batches, m->process);

    *place = *packed;
    place->sealed = kept(m, packed->sealed);
    place->run = arena_array(m->process, packed->n, sizeof *place->run);
    memcpy(place->run, packed->run, packed->n * sizeof *place->run);
    while (place > m->batches.v && place[-1].first > place->first) {
        struct packed later = place[-1];

        place[-1] = *place;
        *place-- = later;
    }
}

/* An edited text goes at once: its batch is sealed again without it. */
static enum rc bury(struct mem_store *m, uint64_t item, struct err *err)
{
    for (size_t i = 0; i < m->batches.n; i++)
        for (size_t slot = 0; slot < m->batches.v[i].n; slot++) {
            struct packed packed;
            enum rc rc;

            if (m->batches.v[i].run[slot].item != item)
                continue;
            m->batches.v[i].run[slot].item = 0;
            rc = vault_repack(&m->vault, &m->batches.v[i], m->next_batch++, &packed, err);
            if (rc != RC_OK)
                return rc;
            memmove(&m->batches.v[i], &m->batches.v[i + 1],
                    (--m->batches.n - i) * sizeof *m->batches.v);
            if (packed.n)
                keep_batch(m, &packed);
            return RC_OK;
        }
    return RC_OK;
}

static enum rc check_releases(struct mem_store *m, const struct commit *commit, struct err *err)
{
    for (size_t i = 0; i < commit->release_count; i++)
        if (map_find(&m->release_of, cell_key_hash(commit->releases[i].key)))
            return err_set(err, RC_BROKEN,
                           "this cell was released already: a release never changes, what came "
                           "later counts in the next one");
    return RC_OK;
}

static void drop_held(struct mem_store *m, struct held_window window)
{
    for (size_t i = 0; i < m->held.n; i++)
        if (m->held.v[i].chunk.of.window == window.window &&
            m->held.v[i].chunk.of.start == window.start)
            m->held.v[i].gone = true;
}

static void keep_held(struct mem_store *m, const struct commit *commit)
{
    struct held_chunk chunk;

    for (size_t i = 0; i < commit->closed_count; i++)
        drop_held(m, commit->closed[i]);
    while (commit->held && commit->held->next(commit->held->context, &chunk)) {
        if (chunk.part == 0)
            drop_held(m, chunk.of);
        chunk.sealed = kept(m, chunk.sealed);
        *vec_push(&m->held, m->process) = (struct mem_held){.chunk = chunk};
    }
}

static int by_window_and_part(const void *a, const void *b)
{
    const struct held_chunk *x = &((const struct mem_held *)a)->chunk;
    const struct held_chunk *y = &((const struct mem_held *)b)->chunk;

    if (x->of.window != y->of.window)
        return (int)x->of.window - (int)y->of.window;
    return x->of.start != y->of.start ? (x->of.start > y->of.start) - (x->of.start < y->of.start)
                                      : (int)x->part - (int)y->part;
}

static enum rc mem_held(struct store *store, held_visit *visit, void *context, struct err *err)
{
    struct mem_store *m = of(store);
    enum rc rc = RC_OK;

    if (m->held.n)
        qsort(m->held.v, m->held.n, sizeof *m->held.v, by_window_and_part);
    for (size_t i = 0; rc == RC_OK && i < m->held.n; i++)
        if (!m->held.v[i].gone)
            rc = visit(context, &m->held.v[i].chunk, err);
    return rc;
}

static void keep_rows(struct mem_store *m, const struct commit *commit)
{
    for (size_t i = 0; i < commit->publication_count; i++)
        keep_publication(m, &commit->publications[i]);
    for (size_t i = 0; i < commit->item_count; i++) {
        const struct stored_item *item = &commit->items[i];
        bool published =
            item->post->kind == KIND_PUBLICATION || item->identity->content == CONTENT_DELETED;
        const uint64_t *at =
            published && item->replaces ? map_find(&m->publication_of, item->replaces) : NULL;

        if (at)
            m->publications.v[*at].gone = true;
    }
    for (size_t i = 0; i < commit->story_count; i++)
        keep_story(m, &commit->stories[i]);
    for (size_t i = 0; i < commit->turn_count; i++)
        *vec_push(&m->turns, m->process) = commit->turns[i];
    for (size_t i = 0; i < commit->cell_count; i++)
        keep_cell(m, &commit->cells[i]);
    for (size_t i = 0; i < commit->alarm_count; i++)
        *vec_push(&m->alarms, m->process) = commit->alarms[i];
    for (size_t i = 0; i < commit->judgement_count; i++) {
        struct alarm *alarm = find_alarm(m, commit->judgements[i].id);

        if (alarm)
            alarm->verdict = commit->judgements[i].verdict;
    }
    for (size_t i = 0; i < commit->setting_count; i++)
        put_setting(m, commit->settings[i].name, commit->settings[i].value);
    for (size_t i = 0; i < commit->release_count; i++) {
        *map_put(&m->release_of, cell_key_hash(commit->releases[i].key), NULL) = m->releases.n;
        *vec_push(&m->releases, m->process) = commit->releases[i];
    }
    for (size_t i = 0; i < commit->coverage_count; i++)
        keep_coverage(m, &commit->coverage[i]);
    keep_held(m, commit);
}

static enum rc mem_commit(struct store *store, const struct commit *commit, struct err *err)
{
    struct mem_store *m = of(store);
    struct packing packing;
    enum rc rc = check_releases(m, commit, err);

    if (rc == RC_OK)
        rc = vault_pack(&m->vault, commit, m->next_batch, &packing, err);
    for (size_t i = 0; rc == RC_OK && i < commit->leaf_count; i++)
        rc = ledger_append(&store->ledger, commit->now, commit->leaves[i].action,
                           commit->leaves[i].detail, err);
    if (rc == RC_OK) {
        m->next_batch += packing.batch_count;
        for (size_t i = 0; i < packing.batch_count; i++)
            keep_batch(m, &packing.batches[i]);
        for (size_t i = 0; rc == RC_OK && i < packing.replacing_count; i++)
            rc = bury(m, packing.replacing[i]->replaces, err);
        keep_rows(m, commit);
        numbering_advance(&m->numbering, commit);
        vault_learn(&m->vault, &packing, commit);
    }
    arena_wipe(&m->vault.scratch);
    return rc;
}

static enum rc load_batch(void *context, uint64_t number, struct arena *batch, struct packed *out,
                          struct err *err)
{
    struct mem_store *m = context;

    (void)batch;
    for (size_t i = 0; i < m->batches.n; i++)
        if (m->batches.v[i].number == number) {
            *out = m->batches.v[i];
            return RC_OK;
        }
    return err_set(err, RC_AGAIN, "batch %llu went away meanwhile", (unsigned long long)number);
}

static enum rc mem_each_item(struct store *store, uint64_t from,
                             enum rc (*visit)(void *context, const struct stored_item *item,
                                              struct err *err),
                             void *context, struct err *err)
{
    struct mem_store *m = of(store);
    struct vault_walk walk = {.load = load_batch,
                              .load_context = m,
                              .from = from,
                              .visit = visit,
                              .visit_context = context};
    VEC(struct vault_batch) batches = {0};
    struct arena listing;
    enum rc rc;

    arena_init(&listing, "scratch", 64 * 1024 * 1024);
    for (size_t i = 0; i < m->batches.n; i++)
        if (m->batches.v[i].last >= from)
            *vec_push(&batches, &listing) = (struct vault_batch){
                m->batches.v[i].number, m->batches.v[i].first, m->batches.v[i].last};
    walk.batches = batches.v;
    walk.n = batches.n;
    rc = vault_each(&m->vault, &walk, err);
    arena_free(&listing);
    return rc;
}

static int by_from(const void *a, const void *b)
{
    const struct story_merger *x = a, *y = b;

    return (x->from > y->from) - (x->from < y->from);
}

static bool asked_for(const struct cell *cell, const struct cell_query *query)
{
    return cell->key.window == query->window && cell->key.start >= query->from &&
           cell->key.start < query->to && (cell->key.story != 0) == query->stories;
}

static enum rc mem_mergers(struct store *store, struct arena *request, struct merger_list *out,
                           struct err *err)
{
    struct mem_store *m = of(store);
    struct story_merger *found = arena_array(request, m->stories.n + 1, sizeof *found);
    size_t n = 0;

    (void)err;
    for (size_t i = 0; i < m->stories.n; i++)
        if (m->stories.v[i].merged_into)
            found[n++] = (struct story_merger){m->stories.v[i].id, m->stories.v[i].merged_into};
    qsort(found, n, sizeof *found, by_from);
    *out = (struct merger_list){found, n};
    return RC_OK;
}

static enum rc mem_cells(struct store *store, const struct cell_query *query, struct arena *request,
                         struct cell_list *out, struct err *err)
{
    struct mem_store *m = of(store);
    VEC(struct cell) found = {0};
    struct merger_list mergers;
    enum rc rc;

    for (size_t i = 0; i < m->cells.n; i++)
        if (asked_for(&m->cells.v[i], query) &&
            (!query->story || told_as(m, m->cells.v[i].key.story) == told_as(m, query->story)))
            *vec_push(&found, request) = m->cells.v[i];
    *out = (struct cell_list){found.v, found.n};
    if (!query->stories || query->as_counted) {
        mergers_fold(out);
        return RC_OK;
    }
    rc = mem_mergers(store, request, &mergers, err);
    mergers_tell(out, &mergers);
    return rc;
}

static enum rc mem_turns(struct store *store, uint64_t first_item, struct arena *request,
                         struct turn_list *out, struct err *err)
{
    struct mem_store *m = of(store);
    VEC(struct story_turn) found = {0};

    (void)err;
    for (size_t i = 0; i < m->turns.n; i++)
        if (m->turns.v[i].item >= first_item)
            *vec_push(&found, request) = m->turns.v[i];
    *out = (struct turn_list){found.v, found.n};
    return RC_OK;
}

static int by_id(const void *a, const void *b)
{
    const struct story_row *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static int by_last(const void *a, const void *b)
{
    const struct story_row *x = a, *y = b;

    return x->last != y->last ? (x->last < y->last) - (x->last > y->last) : by_id(a, b);
}

static int by_messages(const void *a, const void *b)
{
    const struct story_row *x = a, *y = b;

    return x->messages != y->messages ? (x->messages < y->messages) - (x->messages > y->messages)
                                      : by_id(a, b);
}

static enum rc mem_stories(struct store *store, enum story_order order, size_t limit,
                           struct arena *request, struct story_row_list *out, struct err *err)
{
    struct mem_store *m = of(store);
    struct story_row *rows = arena_array(request, m->stories.n + 1, sizeof *rows);
    size_t n = 0;

    (void)err;
    for (size_t i = 0; i < m->stories.n; i++)
        if (order == STORIES_BY_ID || !m->stories.v[i].merged_into)
            rows[n++] = m->stories.v[i];
    qsort(rows, n, sizeof *rows,
          order == STORIES_BY_LAST       ? by_last
          : order == STORIES_BY_MESSAGES ? by_messages
                                         : by_id);
    *out = (struct story_row_list){rows, n < limit ? n : limit};
    return RC_OK;
}

static enum rc mem_story(struct store *store, uint64_t id, struct arena *request,
                         struct story_row *out, struct err *err)
{
    struct mem_store *m = of(store);
    const uint64_t *at = map_find(&m->story_of, id);

    (void)request;
    if (!at)
        return err_set(err, RC_ABSENT, "there is no story %llu", (unsigned long long)id);
    *out = m->stories.v[*at];
    return RC_OK;
}

static int newest_first(const void *a, const void *b)
{
    const struct stored_publication *x = a, *y = b;

    return x->heard != y->heard ? (x->heard < y->heard) - (x->heard > y->heard)
                                : (x->item < y->item) - (x->item > y->item);
}

static enum rc mem_publications(struct store *store, uint64_t story, size_t limit,
                                struct arena *request, struct publication_list *out,
                                struct err *err)
{
    struct mem_store *m = of(store);
    VEC(struct stored_publication) found = {0};

    (void)err;
    for (size_t i = 0; i < m->publications.n; i++)
        if (!m->publications.v[i].gone &&
            (!story || told_as(m, m->publications.v[i].row.story) == told_as(m, story)))
            *vec_push(&found, request) = m->publications.v[i].row;
    if (found.n)
        qsort(found.v, found.n, sizeof *found.v, newest_first);
    *out = (struct publication_list){found.v, found.n < limit ? found.n : limit};
    return RC_OK;
}

static enum rc mem_publication(struct store *store, uint64_t item, struct arena *request,
                               struct stored_publication *out, struct err *err)
{
    struct mem_store *m = of(store);
    const uint64_t *at = map_find(&m->publication_of, item);

    (void)request;
    if (!at || m->publications.v[*at].gone)
        return err_set(err, RC_ABSENT, "there is no publication %llu", (unsigned long long)item);
    *out = m->publications.v[*at].row;
    return RC_OK;
}

static int by_known(const void *a, const void *b)
{
    const struct alarm *x = a, *y = b;

    return x->known != y->known ? (x->known > y->known) - (x->known < y->known)
                                : (x->id > y->id) - (x->id < y->id);
}

static enum rc mem_alarms(struct store *store, struct span known, struct arena *request,
                          struct alarm_list *out, struct err *err)
{
    struct mem_store *m = of(store);
    VEC(struct alarm) found = {0};

    (void)err;
    for (size_t i = 0; i < m->alarms.n; i++)
        if (m->alarms.v[i].known >= known.from && m->alarms.v[i].known < known.to)
            *vec_push(&found, request) = m->alarms.v[i];
    if (found.n)
        qsort(found.v, found.n, sizeof *found.v, by_known);
    *out = (struct alarm_list){found.v, found.n};
    return RC_OK;
}

static int by_key_of_release(const void *a, const void *b)
{
    return cell_key_cmp(((const struct release_row *)a)->key, ((const struct release_row *)b)->key);
}

static enum rc mem_releases(struct store *store, enum window window, struct span starts,
                            struct arena *request, struct release_list *out, struct err *err)
{
    struct mem_store *m = of(store);
    VEC(struct release_row) found = {0};

    (void)err;
    for (size_t i = 0; i < m->releases.n; i++) {
        const struct cell_key *key = &m->releases.v[i].key;

        if (key->window == window && key->start >= starts.from && key->start < starts.to)
            *vec_push(&found, request) = m->releases.v[i];
    }
    if (found.n)
        qsort(found.v, found.n, sizeof *found.v, by_key_of_release);
    *out = (struct release_list){found.v, found.n};
    return RC_OK;
}

static int by_day_and_source(const void *a, const void *b)
{
    const struct coverage *x = a, *y = b;

    return x->day != y->day ? (x->day > y->day) - (x->day < y->day) : str_cmp(x->source, y->source);
}

static enum rc mem_coverage(struct store *store, struct span days, struct arena *request,
                            struct coverage_list *out, struct err *err)
{
    struct mem_store *m = of(store);
    VEC(struct coverage) found = {0};

    (void)err;
    for (size_t i = 0; i < m->coverage.n; i++)
        if (m->coverage.v[i].day >= days.from && m->coverage.v[i].day < days.to)
            *vec_push(&found, request) = m->coverage.v[i];
    if (found.n)
        qsort(found.v, found.n, sizeof *found.v, by_day_and_source);
    *out = (struct coverage_list){found.v, found.n};
    return RC_OK;
}

/* Whether one of the words is `word`, or begins with it. */
static bool has_word(struct str words, struct str word, bool prefix)
{
    while (words.p) {
        struct str one = str_cut(&words, ' ');

        if (prefix ? str_starts(one, word) : str_eq(one, word))
            return true;
    }
    return false;
}

static bool has_all_words(struct str words, struct str query)
{
    while (query.p) {
        struct str word = str_cut(&query, ' ');

        if (!has_word(words, word, query.p == NULL))
            return false;
    }
    return true;
}

static enum rc mem_search(struct store *store, struct str query, size_t limit,
                          struct arena *request, struct hit_list *out, struct err *err)
{
    struct mem_store *m = of(store);
    struct str folded = words_folded(query, request);
    VEC(struct search_hit) found = {0};

    (void)err;
    for (size_t i = 0; folded.n && i < m->stories.n; i++)
        if (has_all_words(m->story_words.v[i], folded))
            *vec_push(&found, request) = (struct search_hit){true, m->stories.v[i].id, 1.0};
    for (size_t i = 0; folded.n && i < m->publications.n; i++)
        if (!m->publications.v[i].gone && has_all_words(m->publications.v[i].words, folded))
            *vec_push(&found, request) =
                (struct search_hit){false, m->publications.v[i].row.item, 1.0};
    *out = (struct hit_list){found.v, found.n < limit ? found.n : limit};
    return RC_OK;
}

static enum rc mem_counters(struct store *store, struct store_counters *out, struct err *err)
{
    struct mem_store *m = of(store);

    (void)err;
    *out = (struct store_counters){.next_item = m->numbering.next_item,
                                   .next_story = m->numbering.next_story,
                                   .next_alarm = m->numbering.next_alarm,
                                   .stories = m->stories.n,
                                   .releases = m->releases.n,
                                   .leaves = m->leaves.n,
                                   .last_heard = m->numbering.last_heard};
    for (size_t i = 0; i < m->publications.n; i++)
        out->publications += !m->publications.v[i].gone;
    for (size_t i = 0; i < m->batches.n; i++) {
        const struct packed *packed = &m->batches.v[i];

        out->items += packed->n;
        out->bytes += packed->sealed.n;
        if (i == 0 || packed->day < out->oldest_day)
            out->oldest_day = packed->day;
        if (i == 0 || packed->day > out->newest_day)
            out->newest_day = packed->day;
    }
    return RC_OK;
}

static enum rc mem_leaves(struct store *store, uint64_t from, size_t limit, struct arena *request,
                          struct leaf_list *out, struct err *err)
{
    struct mem_store *m = of(store);
    size_t there = from < m->leaves.n ? m->leaves.n - (size_t)from : 0;

    (void)err;
    out->n = there < limit ? there : limit;
    out->v = arena_array(request, out->n + 1, sizeof *out->v);
    if (out->n)
        memcpy(out->v, m->leaves.v + from, out->n * sizeof *out->v);
    return RC_OK;
}

static bool has_publication(const struct mem_store *m, const struct story_row *story)
{
    if (story->publications)
        return true;
    for (size_t i = 0; i < m->publications.n; i++)
        if (!m->publications.v[i].gone && m->publications.v[i].row.story == story->id)
            return true;
    return false;
}

/* Stories over before `start` of which nothing is kept that may be seen; their words with them. */
static void drop_ended_stories(struct mem_store *m, int64_t start)
{
    size_t left = 0;

    map_clear(&m->story_of);
    for (size_t i = 0; i < m->stories.n; i++) {
        const struct story_row *row = &m->stories.v[i];

        if (row->last < start && !row->phrase_count && !has_publication(m, row))
            continue;
        *map_put(&m->story_of, row->id, NULL) = left;
        m->stories.v[left] = *row;
        m->story_words.v[left++] = m->story_words.v[i];
    }
    m->stories.n = m->story_words.n = left;
}

static enum rc mem_purge(struct store *store, int64_t before_day, int64_t now, uint32_t *days,
                         struct err *err)
{
    struct mem_store *m = of(store);
    char detail[128], first[TIME_TEXT], last[TIME_TEXT];
    size_t n, gone = 0, left = 0, openings_left = 0;
    int64_t *keyed;
    enum rc rc = key_ring_days(m->vault.keys, &m->vault.scratch, &keyed, &n, err);

    while (rc == RC_OK && gone < n && keyed[gone] < before_day)
        gone++;
    if (rc == RC_OK && gone) {
        snprintf(detail, sizeof detail, "days=%zu from=%s to=%s", gone, day_format(keyed[0], first),
                 day_format(keyed[gone - 1], last));
        rc = ledger_append(&store->ledger, now, LEDGER_PURGE, str_of(detail), err);
    }
    for (size_t i = 0; rc == RC_OK && i < gone; i++) {
        tag_tables_drop_day(m->vault.tags, keyed[i]);
        rc = key_ring_destroy(m->vault.keys, keyed[i], err);
    }
    for (size_t i = 0; rc == RC_OK && i < m->batches.n; i++)
        if (m->batches.v[i].day >= before_day)
            m->batches.v[left++] = m->batches.v[i];
    for (size_t i = 0; rc == RC_OK && i < m->openings.n; i++)
        if (m->openings.v[i].day >= before_day)
            m->openings.v[openings_left++] = m->openings.v[i];
    arena_reset(&m->vault.scratch);
    if (rc == RC_OK) {
        m->batches.n = left;
        m->openings.n = openings_left;
        drop_ended_stories(m, day_start(before_day, store->zone));
        *days = (uint32_t)gone;
    }
    return rc;
}

static enum rc check_opening(struct mem_store *m, const struct mem_opening *opening,
                             struct err *err)
{
    const struct day_key *key;
    enum rc rc = key_ring_find(m->vault.keys, opening->day, &key, err);

    if (rc == RC_OK &&
        !seal_opening_holds(key, opening->commitment, opening->sealed, &m->vault.scratch))
        rc = err_set(err, RC_BROKEN, "an opening does not open its commitment");
    return rc;
}

static enum rc mem_check(struct store *store, void (*say)(void *context, const char *line),
                         void *context, struct err *err)
{
    struct mem_store *m = of(store);
    struct ledger chain = {0};
    enum rc rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && i < m->leaves.n; i++)
        rc = ledger_verify_next(&chain, &m->leaves.v[i], err);
    for (size_t i = 0; rc == RC_OK && i < m->batches.n; i++)
        rc = vault_check(&m->vault, &m->batches.v[i], &m->vault.scratch, err);
    for (size_t i = 0; rc == RC_OK && i < m->openings.n; i++)
        rc = check_opening(m, &m->openings.v[i], err);
    arena_wipe(&m->vault.scratch);
    if (rc != RC_OK)
        say(context, err->text);
    return rc;
}

static enum rc mem_keep_opening(struct store *store, const struct search_opening *opening,
                                struct err *err)
{
    struct mem_store *m = of(store);
    int64_t day = time_day(opening->time, store->zone);
    const struct day_key *key;
    enum rc rc = key_ring_make(m->vault.keys, day, &key, err);

    if (rc == RC_OK)
        *vec_push(&m->openings, m->process) = (struct mem_opening){
            kept(m, str_of(opening->commitment)), day, seal_opening(key, opening, m->process)};
    return rc;
}

static const struct store_driver mem_driver = {
    .name = "mem",
    .close = mem_close,
    .lookup = mem_lookup,
    .commit = mem_commit,
    .each_item = mem_each_item,
    .cells = mem_cells,
    .stories = mem_stories,
    .story = mem_story,
    .mergers = mem_mergers,
    .turns = mem_turns,
    .publications = mem_publications,
    .publication = mem_publication,
    .alarms = mem_alarms,
    .releases = mem_releases,
    .coverage = mem_coverage,
    .search = mem_search,
    .held = mem_held,
    .counters = mem_counters,
    .leaves = mem_leaves,
    .purge = mem_purge,
    .check = mem_check,
    .keep_opening = mem_keep_opening,
    .visit = mem_visit,
    .keep_visit = mem_keep_visit,
    .setting = mem_setting,
    .set_setting = mem_set_setting,
    .judge = mem_judge,
};

const struct store_backend store_mem = {.name = "mem", .knows = mem_knows, .open = mem_open};
