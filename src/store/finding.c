/* finding.c - tags that lie on the disk alone, read by who looks up while another commits.
 *
 * Through a connection of its own, which is opened when the first such tag is asked for: the other
 * one is in the middle of a commit.  One stretch of batches a call, in one reading transaction,
 * which lives no longer than that: a longer one would keep the write-ahead log from starting anew.
 * What was committed since the tag settled shows as it is: a slot with a tombstone is not found, a
 * rewritten batch stands within the items that the old one had.
 * Cost: some 70 us for 4,096 tags in two batches (40 bytes each are read, from the system's cache),
 * memory for one run and half a MiB of pages.  Worst: a stretch of many small batches (a live run
 * has one a second), of which tag.c puts 64 into one, or more where a day has more than 256.
 * Fails as the other connection would: damage is RC_BROKEN, another process in the way RC_AGAIN.
 */
#include "store/sqlite_store.h"

static enum rc open_finder(struct sqlite_store *s, struct err *err)
{
    bool made;
    enum rc rc;

    if (s->finder.db)
        return RC_OK;
    rc = sql_open(&s->finder, s->sql.file, false, &made, err);
    return rc == RC_OK ? sql_shrink(&s->finder, err) : rc;
}

/* The run's tags into `found`, but for slots with a tombstone. */
static enum rc find_in_run(struct sqlite_store *s, struct packed *packed,
                           struct tag_candidate *candidates, size_t n, struct err *err)
{
    enum rc rc = RC_OK;

    if (!tag_candidates_meet(candidates, n, packed->run, packed->n))
        return RC_OK;
    rc = batches_mark_dead(&s->finder, packed, err);
    if (rc == RC_OK)
        tag_candidates_take(candidates, n, packed->run, packed->n);
    return rc;
}

enum rc finding_tags(void *store, struct tag_candidate *candidates, size_t n, struct err *err)
{
    struct sqlite_store *s = store;
    sqlite3_stmt *statement;
    bool row;
    enum rc rc = open_finder(s, err);

    if (rc != RC_OK)
        return rc;
    statement = sql_ask(&s->finder, TAGS_OF_STRETCH, "iii", (int64_t)candidates->first,
                        (int64_t)candidates->last, candidates->day);
    while ((rc = sql_next(&s->finder, TAGS_OF_STRETCH, &row, err)) == RC_OK && row) {
        struct packed packed = {.number = (uint64_t)sqlite3_column_int64(statement, 0)};
        struct str bytes = {sqlite3_column_blob(statement, 1),
                            (size_t)sqlite3_column_bytes(statement, 1)};

        rc = vault_run_read(bytes, &s->finding, &packed, err);
        if (rc == RC_OK)
            rc = find_in_run(s, &packed, candidates, n, err);
        arena_reset(&s->finding);
        if (rc != RC_OK)
            break;
    }
    sql_end(&s->finder, TAGS_OF_STRETCH);
    return rc;
}
