/* batches.c - items in SQLite: sealed batches, their tags, tombstones, and the end of a day.
 *
 * A purge: leaf and mark in one transaction, then the key files, then the rows and the mark, then
 * the write-ahead log is emptied.  Cut off anywhere, the mark says at the next open that it has to
 * go on; the order makes sure that no text outlives its leaf and no key its decision.
 */
#include "store/sqlite_store.h"

#include "base/vec.h"

#include <stdio.h>
#include <string.h>

#define NO_PURGE INT64_MIN
#define OPENINGS_MS (30 * DAY_MS)

struct tombstone {
    uint64_t batch;
    size_t slot;
};

static enum rc list_tombstones(struct sqlite_store *s, struct arena *arena, struct tombstone **out,
                               size_t *n, struct err *err)
{
    VEC(struct tombstone) found = {0};
    sqlite3_stmt *statement = sql_ask(&s->sql, TOMBSTONES, "");
    bool row;
    enum rc rc;

    while ((rc = sql_next(&s->sql, TOMBSTONES, &row, err)) == RC_OK && row)
        *vec_push(&found, arena) = (struct tombstone){(uint64_t)sqlite3_column_int64(statement, 0),
                                                      (size_t)sqlite3_column_int64(statement, 1)};
    *out = found.v;
    *n = found.n;
    return rc;
}

static enum rc load_publication_tags(struct sqlite_store *s, struct err *err)
{
    sqlite3_stmt *statement = sql_ask(&s->sql, PUBLICATION_TAGS, "");
    struct packed packed = {.day = KEY_OF_PUBLICATIONS};
    bool row;
    enum rc rc;

    while ((rc = sql_next(&s->sql, PUBLICATION_TAGS, &row, err)) == RC_OK && row) {
        struct arena_mark mark = arena_mark(&s->vault.scratch);

        rc = vault_run_read(sql_bytes(statement, 0, &s->vault.scratch), &s->vault.scratch, &packed,
                            err);
        if (rc == RC_OK)
            rc = vault_load_run(&s->vault, &packed, err);
        arena_rewind(&s->vault.scratch, mark);
        if (rc != RC_OK)
            break;
    }
    if (rc != RC_OK)
        sql_end(&s->sql, PUBLICATION_TAGS);
    return rc;
}

/* `dead` by batch and slot. */
static void mark_listed(struct packed *packed, const struct tombstone *dead, size_t n)
{
    size_t from = 0, to = n;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (dead[middle].batch < packed->number)
            from = middle + 1;
        else
            to = middle;
    }
    for (; from < n && dead[from].batch == packed->number; from++)
        if (dead[from].slot < packed->n)
            packed->run[dead[from].slot].item = 0;
}

/* In order of items, so that a rewritten batch stands in the stretch where it was before. */
static enum rc load_batch_tags(struct sqlite_store *s, struct err *err)
{
    sqlite3_stmt *statement;
    struct tombstone *dead;
    size_t dead_count;
    struct packed packed = {0};
    bool row;
    enum rc rc = list_tombstones(s, &s->vault.scratch, &dead, &dead_count, err);

    if (rc != RC_OK)
        return rc;
    statement = sql_ask(&s->sql, TAGS, "");
    while ((rc = sql_next(&s->sql, TAGS, &row, err)) == RC_OK && row) {
        struct arena_mark mark = arena_mark(&s->vault.scratch);

        packed.number = (uint64_t)sqlite3_column_int64(statement, 0);
        packed.day = sqlite3_column_int64(statement, 1);
        packed.first = (uint64_t)sqlite3_column_int64(statement, 2);
        packed.last = (uint64_t)sqlite3_column_int64(statement, 3);
        rc = vault_run_read(sql_bytes(statement, 4, &s->vault.scratch), &s->vault.scratch, &packed,
                            err);
        if (rc == RC_OK) {
            mark_listed(&packed, dead, dead_count);
            rc = vault_load_run(&s->vault, &packed, err);
        }
        arena_rewind(&s->vault.scratch, mark);
        if (rc != RC_OK)
            break;
    }
    if (rc != RC_OK)
        sql_end(&s->sql, TAGS);
    return rc;
}

enum rc batches_load_tags(struct sqlite_store *s, struct err *err)
{
    enum rc rc;

    if (s->tags_loaded)
        return RC_OK;
    rc = load_batch_tags(s, err);
    if (rc == RC_OK)
        rc = load_publication_tags(s, err);
    arena_reset(&s->vault.scratch);
    if (rc != RC_OK)
        tag_tables_free(s->vault.tags);
    s->tags_loaded = rc == RC_OK;
    return rc;
}

static enum rc write_batch(struct sqlite_store *s, const struct packed *packed, struct err *err)
{
    return sql_do(&s->sql, err, ADD_BATCH, "iiiiiibb", (int64_t)packed->number, packed->day,
                  (int64_t)packed->n, (int64_t)packed->first, (int64_t)packed->last, packed->heard,
                  vault_run_bytes(packed, &s->vault.scratch), packed->sealed);
}

/* The slot of an item goes; nothing to do when its day is gone already. */
static enum rc bury(struct sqlite_store *s, uint64_t item, struct err *err)
{
    struct arena *scratch = &s->vault.scratch;
    sqlite3_stmt *statement = sql_ask(&s->sql, BATCHES_WITH_ITEM, "i", (int64_t)item);
    struct packed packed = {0};
    size_t slot = 0;
    bool row, found = false;
    enum rc rc;

    while ((rc = sql_next(&s->sql, BATCHES_WITH_ITEM, &row, err)) == RC_OK && row && !found) {
        struct arena_mark mark = arena_mark(scratch);

        packed.number = (uint64_t)sqlite3_column_int64(statement, 0);
        rc = vault_run_read(sql_bytes(statement, 1, scratch), scratch, &packed, err);
        for (slot = 0; rc == RC_OK && !found && slot < packed.n; slot += !found)
            found = packed.run[slot].item == item;
        arena_rewind(scratch, mark);
        if (rc != RC_OK || found)
            break;
    }
    sql_end(&s->sql, BATCHES_WITH_ITEM);
    if (rc != RC_OK || !found)
        return rc;
    return sql_do(&s->sql, err, ADD_TOMBSTONE, "ii", (int64_t)packed.number, (int64_t)slot);
}

enum rc batches_write(struct sqlite_store *s, const struct packing *packing, struct err *err)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && i < packing->batch_count; i++)
        rc = write_batch(s, &packing->batches[i], err);
    for (size_t i = 0; rc == RC_OK && i < packing->replacing_count; i++)
        rc = bury(s, packing->replacing[i]->replaces, err);
    return rc;
}

enum rc batches_mark_dead(struct sql *sql, struct packed *packed, struct err *err)
{
    sqlite3_stmt *statement = sql_ask(sql, TOMBSTONES_OF, "i", (int64_t)packed->number);
    bool row;
    enum rc rc;

    while ((rc = sql_next(sql, TOMBSTONES_OF, &row, err)) == RC_OK && row) {
        uint64_t slot = (uint64_t)sqlite3_column_int64(statement, 0);

        if (slot < packed->n)
            packed->run[slot].item = 0;
    }
    return rc;
}

enum rc batches_load(void *store, uint64_t number, struct arena *batch, struct packed *out,
                     struct err *err)
{
    struct sqlite_store *s = store;
    sqlite3_stmt *statement = sql_ask(&s->sql, BATCH, "i", (int64_t)number);
    bool row;
    enum rc rc = sql_next(&s->sql, BATCH, &row, err);

    if (rc != RC_OK)
        return rc;
    if (!row)
        return err_set(err, RC_AGAIN, "batch %llu went away meanwhile; try again",
                       (unsigned long long)number);
    *out = (struct packed){.number = number, .day = sqlite3_column_int64(statement, 0)};
    out->sealed = sql_bytes(statement, 2, batch);
    rc = vault_run_read(sql_bytes(statement, 1, batch), batch, out, err);
    sql_end(&s->sql, BATCH);
    return rc == RC_OK ? batches_mark_dead(&s->sql, out, err) : rc;
}

static enum rc rewrite_one(struct sqlite_store *s, uint64_t number, uint64_t *next, struct err *err)
{
    struct packed old, packed;
    enum rc rc = batches_load(s, number, &s->vault.scratch, &old, err);

    if (rc == RC_OK)
        rc = vault_repack(&s->vault, &old, *next, &packed, err);
    if (rc == RC_OK && packed.n) {
        rc = write_batch(s, &packed, err);
        ++*next;
    }
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, DROP_TOMBSTONES, "i", (int64_t)number);
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, DROP_BATCH, "i", (int64_t)number);
    return rc;
}

enum rc batches_rewrite(struct sqlite_store *s, size_t most, uint64_t *next, struct err *err)
{
    VEC(uint64_t) numbers = {0};
    sqlite3_stmt *statement = sql_ask(&s->sql, BATCHES_WITH_TOMBSTONES, "i", (int64_t)most);
    bool row;
    enum rc rc;

    while ((rc = sql_next(&s->sql, BATCHES_WITH_TOMBSTONES, &row, err)) == RC_OK && row)
        *vec_push(&numbers, &s->vault.scratch) = (uint64_t)sqlite3_column_int64(statement, 0);
    for (size_t i = 0; rc == RC_OK && i < numbers.n; i++)
        rc = rewrite_one(s, numbers.v[i], next, err);
    return rc;
}

enum rc batches_each_item(struct store *store, uint64_t from,
                          enum rc (*visit)(void *context, const struct stored_item *item,
                                           struct err *err),
                          void *context, struct err *err)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    struct vault_walk walk = {.load = batches_load,
                              .load_context = s,
                              .from = from,
                              .visit = visit,
                              .visit_context = context};
    VEC(struct vault_batch) found = {0};
    sqlite3_stmt *statement = sql_ask(&s->sql, BATCHES_FROM, "i", (int64_t)from);
    struct arena listing;
    bool row;
    enum rc rc;

    arena_init(&listing, "scratch", 256 * 1024 * 1024);
    while ((rc = sql_next(&s->sql, BATCHES_FROM, &row, err)) == RC_OK && row)
        *vec_push(&found, &listing) =
            (struct vault_batch){(uint64_t)sqlite3_column_int64(statement, 0),
                                 (uint64_t)sqlite3_column_int64(statement, 1),
                                 (uint64_t)sqlite3_column_int64(statement, 2)};
    walk.batches = found.v;
    walk.n = found.n;
    if (rc == RC_OK)
        rc = vault_each(&s->vault, &walk, err);
    arena_free(&listing);
    return rc;
}

/* Days with a key or with batches that end before `before`. */
static enum rc days_before(struct sqlite_store *s, int64_t before, struct arena *arena,
                           int64_t **out, size_t *n, struct err *err)
{
    VEC(int64_t) days = {0};
    int64_t *keyed;
    size_t keyed_count, at = 0;
    sqlite3_stmt *statement;
    bool row;
    enum rc rc = key_ring_days(s->vault.keys, arena, &keyed, &keyed_count, err);

    if (rc != RC_OK)
        return rc;
    statement = sql_ask(&s->sql, LOST_DAYS, "");
    while ((rc = sql_next(&s->sql, LOST_DAYS, &row, err)) == RC_OK && row) {
        int64_t day = sqlite3_column_int64(statement, 0);

        for (; at < keyed_count && keyed[at] < day && keyed[at] < before; at++)
            *vec_push(&days, arena) = keyed[at];
        if (at < keyed_count && keyed[at] == day)
            at++;
        if (day < before)
            *vec_push(&days, arena) = day;
    }
    for (; at < keyed_count && keyed[at] < before; at++)
        *vec_push(&days, arena) = keyed[at];
    *out = days.v;
    *n = days.n;
    return rc;
}

/* The leaf and the mark, before anything is destroyed. */
static enum rc announce(struct sqlite_store *s, int64_t before, const int64_t *days, size_t n,
                        int64_t now, struct err *err)
{
    struct ledger kept = s->store.ledger;
    char detail[256], first[TIME_TEXT], last[TIME_TEXT];
    enum rc rc = sql_do(&s->sql, err, BEGIN_WRITE, "");

    if (rc != RC_OK)
        return rc;
    snprintf(detail, sizeof detail, "days=%zu from=%s to=%s", n, day_format(days[0], first),
             day_format(days[n - 1], last));
    rc = sqlite_leaf(s, now, LEDGER_PURGE, str_of(detail), err);
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, SET_PURGING, "i", before);
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, COMMIT, "");
    if (rc != RC_OK) {
        sql_undo(&s->sql);
        s->store.ledger = kept;
    }
    return rc;
}

static enum rc remove_rows(struct sqlite_store *s, int64_t before, int64_t now, struct err *err)
{
    struct sqlite_state state;
    enum rc rc = sql_do(&s->sql, err, BEGIN_WRITE, "");

    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, PURGE_TOMBSTONES, "i", before);
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, PURGE_BATCHES, "i", before);
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, PURGE_WORDS, "i", day_start(before, s->store.zone));
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, PURGE_STORIES, "i", day_start(before, s->store.zone));
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, DROP_OPENINGS, "ii", now - OPENINGS_MS, before);
    if (rc == RC_OK)
        rc = sqlite_state(s, &state, err);
    if (rc == RC_OK)
        rc = batches_rewrite(s, INT32_MAX, &state.next_batch, err);
    if (rc == RC_OK)
        rc = sqlite_set_state(s, &state, err);
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, SET_PURGING, "i", NO_PURGE);
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, COMMIT, "");
    sql_undo(&s->sql);
    arena_wipe(&s->vault.scratch);
    return rc;
}

static enum rc destroy_days(struct sqlite_store *s, const int64_t *days, size_t n, struct err *err)
{
    enum rc rc = RC_OK;

    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        tag_tables_drop_day(s->vault.tags, days[i]);
        rc = key_ring_destroy(s->vault.keys, days[i], err);
    }
    return rc;
}

/* Empties the log of SQLite, in which removed rows may still stand (sealed as they are). */
static enum rc empty_log(struct sqlite_store *s, struct err *err)
{
    sqlite3_stmt *statement = sql_ask(&s->sql, CHECKPOINT, "");
    bool row, busy = false;
    enum rc rc = sql_next(&s->sql, CHECKPOINT, &row, err);

    if (rc == RC_OK && row)
        busy = sqlite3_column_int(statement, 0) != 0;
    sql_end(&s->sql, CHECKPOINT);
    return rc == RC_OK && busy
               ? err_set(err, RC_AGAIN,
                         "%s: keys and rows are gone, but another process reads: its log is "
                         "emptied by the next purge",
                         s->sql.file)
               : rc;
}

static enum rc purge_days(struct sqlite_store *s, int64_t before, int64_t now, struct arena *job,
                          uint32_t *days, struct err *err)
{
    int64_t *gone;
    size_t n;
    enum rc rc = days_before(s, before, job, &gone, &n, err);

    if (rc == RC_OK && n)
        rc = announce(s, before, gone, n, now, err);
    if (rc == RC_OK && n)
        rc = destroy_days(s, gone, n, err);
    if (rc == RC_OK)
        rc = remove_rows(s, before, now, err);
    if (rc == RC_OK)
        *days = (uint32_t)n;
    return rc == RC_OK ? empty_log(s, err) : rc;
}

enum rc batches_purge(struct store *store, int64_t before_day, int64_t now, uint32_t *days,
                      struct err *err)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    struct arena job;
    enum rc rc;

    if (s->mode != STORE_WRITE)
        return err_set(err, RC_USAGE, "%s was opened to be read", s->sql.file);
    arena_init(&job, "job", 64 * 1024 * 1024);
    rc = purge_days(s, before_day, now, &job, days, err);
    arena_free(&job);
    return rc;
}

enum rc batches_finish_purge(struct sqlite_store *s, struct err *err)
{
    struct sqlite_state state;
    struct arena job;
    int64_t *gone;
    size_t n;
    enum rc rc = sqlite_state(s, &state, err);

    if (rc != RC_OK || state.purging == NO_PURGE)
        return rc;
    arena_init(&job, "job", 64 * 1024 * 1024);
    rc = days_before(s, state.purging, &job, &gone, &n, err);
    if (rc == RC_OK)
        rc = destroy_days(s, gone, n, err);
    if (rc == RC_OK)
        rc = remove_rows(s, state.purging, INT64_MIN + OPENINGS_MS, err);
    arena_free(&job);
    return rc == RC_OK ? empty_log(s, err) : rc;
}
