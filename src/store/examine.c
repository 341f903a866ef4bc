/* examine.c - whether everything in the SQLite store is readable and agrees: doctor's questions. */
#include "store/sqlite_store.h"

#include "base/vec.h"

#include <stdio.h>

struct examination {
    struct sqlite_store *s;
    void (*say)(void *context, const char *line);
    void *context;
    bool damage;
};

static void __attribute__((format(printf, 2, 3)))
found(struct examination *e, const char *format, ...)
{
    char line[512];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    e->damage = true;
    e->say(e->context, line);
}

/* SQLite's own check reads every page, so every page's checksum is compared as well. */
static void examine_pages(struct examination *e)
{
    struct sql *sql = &e->s->sql;
    sqlite3_stmt *statement = sql_ask(sql, INTEGRITY, "");
    struct err err;
    bool row;
    enum rc rc;

    while ((rc = sql_next(sql, INTEGRITY, &row, &err)) == RC_OK && row) {
        const char *line = (const char *)sqlite3_column_text(statement, 0);

        if (!str_eq(str_of(line), STR("ok")))
            found(e, "database: %s", line ? line : "out of memory");
    }
    if (rc != RC_OK)
        found(e, "database: %s", err.text);
    if (e->s->mode == STORE_WRITE && sql_do(sql, &err, CHECK_WORDS, "") != RC_OK)
        found(e, "search index: %s", err.text);
}

static void examine_leaves(struct examination *e)
{
    enum { AT_ONCE = 1000 };
    struct ledger chain = {0};
    struct leaf_list leaves;
    struct arena request;
    struct err err;
    enum rc rc;

    arena_init(&request, "request", 64 * 1024 * 1024);
    do {
        arena_reset(&request);
        rc = read_leaves(&e->s->store, chain.length, AT_ONCE, &request, &leaves, &err);
        for (size_t i = 0; rc == RC_OK && i < leaves.n; i++)
            rc = ledger_verify_next(&chain, &leaves.v[i], &err);
    } while (rc == RC_OK && leaves.n == AT_ONCE);
    arena_free(&request);
    if (rc != RC_OK)
        found(e, "log: %s", err.text);
    else if (chain.length == 0)
        found(e, "log: it is empty, but the first leaf is written when a database is made");
}

static void examine_batches(struct examination *e)
{
    VEC(struct vault_batch) batches = {0};
    struct sqlite_store *s = e->s;
    sqlite3_stmt *statement = sql_ask(&s->sql, BATCHES_FROM, "i", (int64_t)0);
    struct arena listing, job;
    struct packed packed;
    struct err err;
    bool row;
    enum rc rc;

    arena_init(&listing, "job", 256 * 1024 * 1024);
    arena_init(&job, "job", 1024 * 1024 * 1024);
    while ((rc = sql_next(&s->sql, BATCHES_FROM, &row, &err)) == RC_OK && row)
        vec_push(&batches, &listing)->number = (uint64_t)sqlite3_column_int64(statement, 0);
    if (rc != RC_OK)
        found(e, "batches: %s", err.text);
    for (size_t i = 0; rc == RC_OK && i < batches.n; i++) {
        if (batches_load(s, batches.v[i].number, &job, &packed, &err) != RC_OK ||
            vault_check(&s->vault, &packed, &job, &err) != RC_OK)
            found(e, "items: %s", err.text);
        arena_reset(&job);
    }
    arena_wipe(&job);
    arena_free(&job);
    arena_free(&listing);
}

static void examine_openings(struct examination *e)
{
    struct sqlite_store *s = e->s;
    sqlite3_stmt *statement = sql_ask(&s->sql, OPENINGS, "");
    const struct day_key *key;
    struct arena job;
    struct err err;
    bool row;
    enum rc rc;

    arena_init(&job, "job", 64 * 1024 * 1024);
    while ((rc = sql_next(&s->sql, OPENINGS, &row, &err)) == RC_OK && row) {
        struct str commitment = sql_bytes(statement, 0, &job);

        if (key_ring_find(s->vault.keys, sqlite3_column_int64(statement, 1), &key, &err) != RC_OK ||
            !seal_opening_holds(key, commitment, sql_bytes(statement, 2, &job), &job))
            found(e, "searches: an opening does not open its commitment");
    }
    if (rc != RC_OK)
        found(e, "searches: %s", err.text);
    arena_wipe(&job);
    arena_free(&job);
}

static void examine_keys(struct examination *e)
{
    struct arena job;
    int64_t *days;
    size_t n;
    const struct day_key *key;
    struct err err;

    arena_init(&job, "job", 1024 * 1024);
    if (key_ring_days(e->s->vault.keys, &job, &days, &n, &err) != RC_OK)
        found(e, "keys: %s", err.text);
    else
        for (size_t i = 0; i < n; i++)
            if (key_ring_find(e->s->vault.keys, days[i], &key, &err) != RC_OK)
                found(e, "keys: %s", err.text);
    if (!key_ring_private(e->s->vault.keys))
        found(e, "keys: others on this machine may open the folder; chmod 700 %s.keys",
              e->s->sql.file);
    arena_free(&job);
}

enum rc examine(struct store *store, void (*say)(void *context, const char *line), void *context,
                struct err *err)
{
    struct examination e = {(struct sqlite_store *)store, say, context, false};

    examine_pages(&e);
    examine_leaves(&e);
    examine_keys(&e);
    examine_batches(&e);
    examine_openings(&e);
    return e.damage ? err_set(err, RC_BROKEN, "%s is damaged; restore a backup", e.s->sql.file)
                    : RC_OK;
}
