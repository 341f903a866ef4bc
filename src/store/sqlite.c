/* sqlite.c - the record in one SQLite file; see store.h, and sqlite_store.h for the files it is in.
 *
 * A commit works out everything that needs no transaction first (keys made and fsynced, batches
 * sealed, room for tags taken), then writes in one BEGIN IMMEDIATE … COMMIT, then lets memory know.
 * So a failure leaves memory and disk as they were, and the lock is held for writing alone.
 * One process writes (a lock on the folder of keys); others may read beside it and append leaves,
 * so the head of the log is read again inside each transaction that appends.
 */
#include "store/backend.h"
#include "store/sqlite_store.h"

#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REWRITTEN_BY_A_COMMIT = 2, PATH_LONGEST = 4096 };

enum rc sqlite_state(struct sqlite_store *s, struct sqlite_state *out, struct err *err)
{
    sqlite3_stmt *statement = sql_ask(&s->sql, STATE, "");
    bool row;
    enum rc rc = sql_next(&s->sql, STATE, &row, err);

    if (rc != RC_OK)
        return rc;
    if (!row)
        return err_set(err, RC_BROKEN, "%s has lost its state; restore a backup", s->sql.file);
    out->numbering = (struct numbering){.next_item = (uint64_t)sqlite3_column_int64(statement, 0),
                                        .next_story = (uint64_t)sqlite3_column_int64(statement, 1),
                                        .next_alarm = (uint64_t)sqlite3_column_int64(statement, 2),
                                        .last_heard = sqlite3_column_int64(statement, 4)};
    out->next_batch = (uint64_t)sqlite3_column_int64(statement, 3);
    out->purging = sqlite3_column_int64(statement, 5);
    sql_end(&s->sql, STATE);
    return RC_OK;
}

enum rc sqlite_set_state(struct sqlite_store *s, const struct sqlite_state *state, struct err *err)
{
    const struct numbering *numbering = &state->numbering;

    return sql_do(&s->sql, err, SET_STATE, "iiiii", (int64_t)numbering->next_item,
                  (int64_t)numbering->next_story, (int64_t)numbering->next_alarm,
                  (int64_t)state->next_batch, numbering->last_heard);
}

/* Length and head of the log as they are on disk. */
static enum rc read_head(struct sqlite_store *s, struct ledger *ledger, struct err *err)
{
    sqlite3_stmt *statement = sql_ask(&s->sql, LAST_LEAF, "");
    bool row;
    enum rc rc = sql_next(&s->sql, LAST_LEAF, &row, err);

    if (rc != RC_OK)
        return rc;
    if (row && sqlite3_column_bytes(statement, 1) != LEDGER_HASH)
        rc = err_set(err, RC_BROKEN, "%s: the last leaf of the log is damaged", s->sql.file);
    else if (row) {
        ledger->length = (uint64_t)sqlite3_column_int64(statement, 0) + 1;
        memcpy(ledger->head, sqlite3_column_blob(statement, 1), LEDGER_HASH);
    } else {
        ledger->length = 0;
        memset(ledger->head, 0, LEDGER_HASH);
    }
    sql_end(&s->sql, LAST_LEAF);
    return rc;
}

static enum rc prepare_leaf(void *context, struct ledger *ledger, struct err *err)
{
    struct sqlite_store *s = context;
    enum rc rc;

    if (s->committing)
        return RC_OK;
    rc = sql_do(&s->sql, err, BEGIN_WRITE, "");
    if (rc == RC_OK)
        rc = read_head(s, ledger, err);
    if (rc != RC_OK)
        sql_undo(&s->sql);
    return rc;
}

static enum rc keep_leaf(void *context, const struct ledger_leaf *leaf, struct err *err)
{
    struct sqlite_store *s = context;
    enum rc rc = sql_do(&s->sql, err, ADD_LEAF, "iittb", (int64_t)leaf->index, leaf->time,
                        str_of(ledger_action_name(leaf->action)), leaf->detail,
                        (struct str){(const char *)leaf->hash, LEDGER_HASH});

    if (s->committing)
        return rc;
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, COMMIT, "");
    if (rc != RC_OK)
        sql_undo(&s->sql);
    return rc;
}

enum rc sqlite_leaf(struct sqlite_store *s, int64_t now, enum ledger_action action,
                    struct str detail, struct err *err)
{
    enum rc rc = read_head(s, &s->store.ledger, err);

    s->committing = true;
    if (rc == RC_OK)
        rc = ledger_append(&s->store.ledger, now, action, detail, err);
    s->committing = false;
    return rc;
}

static bool sqlite_knows(struct str where)
{
    return where.n > 0 && where.p[0] != ':' && str_find(where, STR("://")) == where.n;
}

/* Makes the file, for us alone, and its name durable. */
static enum rc make_file(const char *file, struct err *err)
{
    const char *slash = strrchr(file, '/');
    char folder[PATH_LONGEST];
    int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return errno == EEXIST ? RC_OK
                               : err_set(err, errno == ENOSPC ? RC_FULL : RC_USAGE,
                                         "%s cannot be made: %s", file, strerrordesc_np(errno));
    close(fd);
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - file) : 1, slash ? file : ".");
    fd = open(folder[0] ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        if (fd >= 0)
            close(fd);
        return err_set(err, RC_BROKEN, "the folder of %s cannot be made durable: %s", file,
                       strerrordesc_np(errno));
    }
    close(fd);
    return RC_OK;
}

static enum rc load_codes(struct sqlite_store *s, const struct settings *settings,
                          struct arena *process, struct err *err)
{
    VEC(struct code_row) known = {0};
    struct arena *scratch = &s->vault.scratch;
    struct code_row *fresh;
    size_t fresh_count;
    sqlite3_stmt *statement = sql_ask(&s->sql, CODES, "");
    bool row;
    enum rc rc;

    while ((rc = sql_next(&s->sql, CODES, &row, err)) == RC_OK && row)
        *vec_push(&known, scratch) = (struct code_row){
            (enum code_kind)sqlite3_column_int(statement, 0),
            (uint32_t)sqlite3_column_int64(statement, 1), sql_bytes(statement, 2, scratch)};
    if (rc != RC_OK)
        return rc;
    codes_join(&s->vault.codes, settings, known.v, known.n, process);
    fresh_count = codes_fresh(&s->vault.codes, known.v, known.n, scratch, &fresh);
    if (!fresh_count || s->mode == STORE_READ)
        return RC_OK;
    rc = sql_do(&s->sql, err, BEGIN_WRITE, "");
    for (size_t i = 0; rc == RC_OK && i < fresh_count; i++)
        rc = sql_do(&s->sql, err, ADD_CODE, "iit", (int64_t)fresh[i].kind, (int64_t)fresh[i].number,
                    fresh[i].code);
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, COMMIT, "");
    sql_undo(&s->sql);
    return rc;
}

/* The keys are made before the tables: a database without their folder has lost it.  A new folder
 * would hide that until the old one is nowhere to be found. */
static enum rc look_for_keys(struct sqlite_store *s, const char *keys, struct err *err)
{
    struct stat about;
    bool made, sealed = false;
    enum rc rc;

    if (stat(s->sql.file, &about) != 0 || about.st_size == 0)
        return RC_OK;
    if (stat(keys, &about) == 0 || errno != ENOENT)
        return RC_OK;
    rc = sql_open(&s->sql, s->sql.file, false, &made, err);
    if (rc == RC_OK) {
        sql_ask(&s->sql, HAS_SEALED, "");
        rc = sql_next(&s->sql, HAS_SEALED, &sealed, err);
        sql_close(&s->sql);
    }
    if (rc == RC_OK && sealed)
        rc = err_set(err, RC_BROKEN,
                     "the folder %s is missing: put it back, or restore it from the backup of keys",
                     keys);
    return rc;
}

static enum rc open_all(struct sqlite_store *s, const struct settings *settings,
                        struct arena *process, struct err *err)
{
    char keys[PATH_LONGEST];
    bool made = false;
    enum rc rc;

    if (snprintf(keys, sizeof keys, "%s.keys", s->sql.file) >= (int)sizeof keys)
        return err_set(err, RC_USAGE, "the name of the database is too long");
    rc = look_for_keys(s, keys, err);
    if (rc != RC_OK)
        return rc;
    rc = vault_open(&s->vault, str_of(keys), s->mode == STORE_WRITE, process, err);
    if (rc != RC_OK)
        return rc;
    s->vault.zone = settings->zone;
    tag_tables_settle(s->vault.tags, TAGS_HELD, finding_tags, s);
    arena_init(&s->finding, "scratch", 64 * 1024 * 1024);
    rc = sql_open(&s->sql, s->sql.file, s->mode == STORE_WRITE, &made, err);
    if (rc == RC_OK)
        rc = load_codes(s, settings, process, err);
    if (rc == RC_OK)
        rc = read_head(s, &s->store.ledger, err);
    if (rc == RC_OK && s->mode == STORE_WRITE && s->store.ledger.length == 0)
        rc = ledger_append(&s->store.ledger, clock_now(), LEDGER_OPENED, STR("format=2"), err);
    if (rc == RC_OK && s->mode == STORE_WRITE)
        rc = batches_finish_purge(s, err);
    arena_reset(&s->vault.scratch);
    if (rc != RC_OK) {
        sql_close(&s->sql);
        vault_close(&s->vault);
    }
    return rc;
}

static const struct store_driver sqlite_driver;

static enum rc sqlite_open(struct str where, enum store_mode mode, const struct settings *settings,
                           struct arena *process, struct store **out, struct err *err)
{
    struct sqlite_store *s = arena_alloc(process, sizeof *s);
    enum rc rc = RC_OK;

    s->mode = mode;
    s->sql.file = arena_copy(process, where.p, where.n);
    s->store = (struct store){.driver = &sqlite_driver,
                              .ledger = {.prepare = prepare_leaf, .sink = keep_leaf, .context = s},
                              .zone = settings->zone};
    if (mode == STORE_READ && access(s->sql.file, F_OK) != 0)
        return err_set(err, RC_ABSENT, "%s is not there; `soundings ingest` makes it", s->sql.file);
    if (mode == STORE_WRITE)
        rc = make_file(s->sql.file, err);
    if (rc == RC_OK)
        rc = open_all(s, settings, process, err);
    if (rc == RC_OK)
        *out = &s->store;
    return rc;
}

static enum rc sqlite_lookup(struct store *store, const struct identity *identities, size_t n,
                             struct acquaintance *known, struct err *err)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    enum rc rc = batches_load_tags(s, err);

    return rc == RC_OK ? tag_tables_find(s->vault.tags, identities, n, known, err) : rc;
}

static enum rc write_leaves(struct sqlite_store *s, const struct commit *commit, struct err *err)
{
    enum rc rc = read_head(s, &s->store.ledger, err);

    for (size_t i = 0; rc == RC_OK && i < commit->leaf_count; i++)
        rc = ledger_append(&s->store.ledger, commit->now, commit->leaves[i].action,
                           commit->leaves[i].detail, err);
    return rc;
}

static enum rc write_all(struct sqlite_store *s, const struct commit *commit,
                         const struct packing *packing, struct sqlite_state *state, struct err *err)
{
    enum rc rc = sql_do(&s->sql, err, BEGIN_WRITE, "");

    if (rc == RC_OK && commit->leaf_count)
        rc = write_leaves(s, commit, err);
    if (rc == RC_OK)
        rc = batches_write(s, packing, err);
    if (rc == RC_OK)
        rc = aggregates_write(s, commit, packing, err);
    if (rc == RC_OK)
        rc = batches_rewrite(s, REWRITTEN_BY_A_COMMIT, &state->next_batch, err);
    numbering_advance(&state->numbering, commit);
    if (rc == RC_OK)
        rc = sqlite_set_state(s, state, err);
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, COMMIT, "");
    if (rc != RC_OK)
        sql_undo(&s->sql);
    return rc;
}

static enum rc sqlite_commit(struct store *store, const struct commit *commit, struct err *err)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    struct ledger kept = store->ledger;
    struct sqlite_state state;
    struct packing packing;
    enum rc rc;

    if (s->mode != STORE_WRITE)
        return err_set(err, RC_USAGE, "%s was opened to be read", s->sql.file);
    if (s->sql.broken)
        return err_set(err, RC_BROKEN, "%s: a write failed earlier: nothing more is acknowledged",
                       s->sql.file);
    rc = batches_load_tags(s, err);
    if (rc == RC_OK)
        rc = sqlite_state(s, &state, err);
    if (rc == RC_OK)
        rc = vault_pack(&s->vault, commit, state.next_batch, &packing, err);
    if (rc == RC_OK) {
        state.next_batch += packing.batch_count;
        s->committing = true;
        rc = write_all(s, commit, &packing, &state, err);
        s->committing = false;
    }
    if (rc == RC_OK)
        vault_learn(&s->vault, &packing, commit);
    else
        store->ledger = kept;
    arena_wipe(&s->vault.scratch);
    return rc;
}

static uint64_t bytes_of(const char *file, const char *suffix)
{
    char path[PATH_LONGEST];
    struct stat about;

    snprintf(path, sizeof path, "%s%s", file, suffix);
    return stat(path, &about) == 0 ? (uint64_t)about.st_size : 0;
}

static enum rc sqlite_counters(struct store *store, struct store_counters *out, struct err *err)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    struct store_counters counters = {0};
    struct sqlite_state state;
    sqlite3_stmt *statement;
    bool row;
    enum rc rc = sqlite_state(s, &state, err);

    if (rc != RC_OK)
        return rc;
    counters.next_item = state.numbering.next_item;
    counters.next_story = state.numbering.next_story;
    counters.next_alarm = state.numbering.next_alarm;
    counters.last_heard = state.numbering.last_heard;
    statement = sql_ask(&s->sql, COUNT_ITEMS, "");
    rc = sql_next(&s->sql, COUNT_ITEMS, &row, err);
    if (rc != RC_OK)
        return rc;
    counters.items = (uint64_t)sqlite3_column_int64(statement, 0);
    counters.oldest_day = sqlite3_column_int64(statement, 1);
    counters.newest_day = sqlite3_column_int64(statement, 2);
    sql_end(&s->sql, COUNT_ITEMS);
    statement = sql_ask(&s->sql, COUNT_ROWS, "");
    rc = sql_next(&s->sql, COUNT_ROWS, &row, err);
    if (rc != RC_OK)
        return rc;
    counters.publications = (uint64_t)sqlite3_column_int64(statement, 0);
    counters.stories = (uint64_t)sqlite3_column_int64(statement, 1);
    counters.releases = (uint64_t)sqlite3_column_int64(statement, 2);
    counters.leaves = (uint64_t)sqlite3_column_int64(statement, 3);
    sql_end(&s->sql, COUNT_ROWS);
    statement = sql_ask(&s->sql, DATABASE, "");
    rc = sql_next(&s->sql, DATABASE, &row, err);
    if (rc != RC_OK)
        return rc;
    counters.database = (uint64_t)sqlite3_column_int64(statement, 0);
    sql_end(&s->sql, DATABASE);
    counters.bytes = bytes_of(s->sql.file, "") + bytes_of(s->sql.file, "-wal");
    *out = counters;
    return RC_OK;
}

static enum rc sqlite_keep_opening(struct store *store, const struct search_opening *opening,
                                   struct err *err)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    int64_t day = time_day(opening->time, store->zone);
    const struct day_key *key;
    bool sealed = false;
    enum rc rc;

    sql_ask(&s->sql, BATCH_OF_DAY, "i", day);
    rc = sql_next(&s->sql, BATCH_OF_DAY, &sealed, err);
    sql_end(&s->sql, BATCH_OF_DAY);
    if (rc == RC_OK)
        rc = sealed ? key_ring_need(s->vault.keys, day, &key, err)
                    : key_ring_make(s->vault.keys, day, &key, err);

    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, ADD_OPENING, "tiib", str_of(opening->commitment), day,
                    opening->time, seal_opening(key, opening, &s->vault.scratch));
    arena_wipe(&s->vault.scratch);
    return rc;
}

static enum rc sqlite_visit(struct store *store, struct str source, struct arena *request,
                            struct feed_visit *out, struct err *err)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    sqlite3_stmt *rows = sql_ask(&s->sql, FIND_VISIT, "t", source);
    bool row;
    enum rc rc = sql_next(&s->sql, FIND_VISIT, &row, err);

    if (rc == RC_OK && !row)
        rc = err_set(err, RC_ABSENT, "%.*s was never fetched", STR_ARG(source));
    if (rc != RC_OK)
        return rc;
    *out = (struct feed_visit){.source = source,
                               .etag = sql_bytes(rows, 0, request),
                               .modified = sql_bytes(rows, 1, request),
                               .body_hash = (uint64_t)sqlite3_column_int64(rows, 2)};
    sql_end(&s->sql, FIND_VISIT);
    return RC_OK;
}

static enum rc sqlite_keep_visit(struct store *store, const struct feed_visit *visit,
                                 struct err *err)
{
    struct sqlite_store *s = (struct sqlite_store *)store;

    return sql_do(&s->sql, err, PUT_VISIT, "ttti", visit->source, visit->etag, visit->modified,
                  (int64_t)visit->body_hash);
}

static enum rc sqlite_setting(struct store *store, struct str name, int64_t *value, struct err *err)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    sqlite3_stmt *rows = sql_ask(&s->sql, SETTING, "t", name);
    bool row;
    enum rc rc = sql_next(&s->sql, SETTING, &row, err);

    if (rc == RC_OK && !row)
        rc = err_set(err, RC_ABSENT, "%.*s was never set", STR_ARG(name));
    if (rc != RC_OK)
        return rc;
    *value = sqlite3_column_int64(rows, 0);
    sql_end(&s->sql, SETTING);
    return RC_OK;
}

static enum rc sqlite_set_setting(struct store *store, struct str name, int64_t value, int64_t now,
                                  struct err *err)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    struct ledger kept = store->ledger;
    char detail[CHANGE_DETAIL];
    int64_t old = 0;
    enum rc rc;

    if (s->mode != STORE_WRITE)
        return err_set(err, RC_USAGE, "%s was opened to be read", s->sql.file);
    rc = sqlite_setting(store, name, &old, err);
    if (rc != RC_OK && rc != RC_ABSENT)
        return rc;
    change_detail(name, rc == RC_OK ? &old : NULL, value, detail);
    rc = sql_do(&s->sql, err, BEGIN_WRITE, "");
    if (rc == RC_OK)
        rc = sqlite_leaf(s, now, LEDGER_CHANGE, str_of(detail), err);
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, PUT_SETTING, "ti", name, value);
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, COMMIT, "");
    if (rc != RC_OK) {
        sql_undo(&s->sql);
        store->ledger = kept;
    }
    return rc;
}

static enum rc sqlite_judge(struct store *store, uint64_t alarm, enum verdict desk, int64_t now,
                            struct err *err)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    struct ledger kept = store->ledger;
    char detail[CHANGE_DETAIL];
    enum rc rc = sql_do(&s->sql, err, BEGIN_WRITE, "");

    judge_detail(alarm, desk, detail);
    if (rc == RC_OK)
        rc = sqlite_leaf(s, now, LEDGER_JUDGE, str_of(detail), err);
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, OVERRULE_ALARM, "ii", (int64_t)desk, (int64_t)alarm);
    if (rc == RC_OK && sqlite3_changes(s->sql.db) == 0)
        rc = err_set(err, RC_ABSENT, "there is no alarm %llu", (unsigned long long)alarm);
    if (rc == RC_OK)
        rc = sql_do(&s->sql, err, COMMIT, "");
    if (rc != RC_OK) {
        sql_undo(&s->sql);
        store->ledger = kept;
    }
    return rc;
}

/* Edited texts do not wait for the next commit, nor removed pages for the next writer. */
static void tidy(struct sqlite_store *s)
{
    struct sqlite_state state;
    struct err err;

    if (s->mode != STORE_WRITE || s->sql.broken || sql_do(&s->sql, &err, BEGIN_WRITE, "") != RC_OK)
        return;
    if (sqlite_state(s, &state, &err) == RC_OK &&
        batches_rewrite(s, INT32_MAX, &state.next_batch, &err) == RC_OK &&
        sqlite_set_state(s, &state, &err) == RC_OK)
        sql_do(&s->sql, &err, COMMIT, "");
    sql_undo(&s->sql);
    sql_do(&s->sql, &err, CHECKPOINT, "");
}

static void sqlite_close(struct store *store)
{
    struct sqlite_store *s = (struct sqlite_store *)store;

    sql_close(&s->finder);
    arena_free(&s->finding);
    tidy(s);
    sql_close(&s->sql);
    vault_close(&s->vault);
}

static enum rc sqlite_freeze(struct store *store, struct err *err)
{
    return sql_do(&((struct sqlite_store *)store)->sql, err, BEGIN_READ, "");
}

static void sqlite_thaw(struct store *store)
{
    sql_undo(&((struct sqlite_store *)store)->sql);
}

static const struct store_driver sqlite_driver = {
    .name = "sqlite",
    .close = sqlite_close,
    .lookup = sqlite_lookup,
    .commit = sqlite_commit,
    .each_item = batches_each_item,
    .cells = read_cells,
    .stories = read_stories,
    .story = read_story,
    .mergers = read_mergers,
    .turns = read_turns,
    .publications = read_publications,
    .publication = read_publication,
    .alarms = read_alarms,
    .releases = read_releases,
    .coverage = read_coverage,
    .search = read_search,
    .held = read_held,
    .counters = sqlite_counters,
    .leaves = read_leaves,
    .purge = batches_purge,
    .freeze = sqlite_freeze,
    .thaw = sqlite_thaw,
    .check = examine,
    .keep_opening = sqlite_keep_opening,
    .visit = sqlite_visit,
    .keep_visit = sqlite_keep_visit,
    .setting = sqlite_setting,
    .set_setting = sqlite_set_setting,
    .judge = sqlite_judge,
};

const struct store_backend store_sqlite = {
    .name = "sqlite", .knows = sqlite_knows, .open = sqlite_open};
