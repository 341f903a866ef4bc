/* sqlite_store.h - the SQLite store from inside: shared by the files that make it up.
 *
 * sqlite.c opens, commits and closes; batches.c keeps items; finding.c looks for tags among them;
 * aggregates.c keeps rows of numbers; readings.c gives them back; examine.c is doctor's.
 */
#ifndef STORE_SQLITE_STORE_H
#define STORE_SQLITE_STORE_H

#include "store/sql.h"
#include "store/vault.h"

struct sqlite_store {
    struct store store; /* first: a store is cast to what it is */
    struct sql sql;
    struct vault vault;
    enum store_mode mode;
    bool tags_loaded;
    struct sql finder; /* of who looks up; not open until something is to be read */
    struct arena finding;
    bool committing; /* leaves go into the transaction that is open */
};

/* The one row of table state. */
struct sqlite_state {
    struct numbering numbering;
    uint64_t next_batch;
    int64_t purging;
};
enum rc sqlite_state(struct sqlite_store *s, struct sqlite_state *out, struct err *err);
/* All of it but `purging`. */
enum rc sqlite_set_state(struct sqlite_store *s, const struct sqlite_state *state, struct err *err);

/* A leaf in the open transaction, behind whatever other processes appended. */
enum rc sqlite_leaf(struct sqlite_store *s, int64_t now, enum ledger_action action,
                    struct str detail, struct err *err);

/* batches.c */
enum rc batches_load_tags(struct sqlite_store *s, struct err *err);
enum rc batches_write(struct sqlite_store *s, const struct packing *packing, struct err *err);
/* Rewrites at most `most` batches that have tombstones, oldest first; numbers from *next. */
enum rc batches_rewrite(struct sqlite_store *s, size_t most, uint64_t *next, struct err *err);
/* Marks the slots of a batch that have a tombstone. */
enum rc batches_mark_dead(struct sql *sql, struct packed *packed, struct err *err);
enum rc batches_load(void *store, uint64_t number, struct arena *batch, struct packed *out,
                     struct err *err);
enum rc batches_each_item(struct store *store, uint64_t from,
                          enum rc (*visit)(void *context, const struct stored_item *item,
                                           struct err *err),
                          void *context, struct err *err);
enum rc batches_purge(struct store *store, int64_t before_day, int64_t now, uint32_t *days,
                      struct err *err);
/* What a purge that was cut off left to be done. */
enum rc batches_finish_purge(struct sqlite_store *s, struct err *err);

/* finding.c: a tag_reader; may run while another thread is in any other function. */
enum rc finding_tags(void *store, struct tag_candidate *candidates, size_t n, struct err *err);

/* aggregates.c, in an open transaction */
enum rc aggregates_write(struct sqlite_store *s, const struct commit *commit,
                         const struct packing *packing, struct err *err);

/* readings.c: the readers of struct store_driver */
enum rc read_cells(struct store *store, const struct cell_query *query, struct arena *request,
                   struct cell_list *out, struct err *err);
enum rc read_stories(struct store *store, enum story_order order, size_t limit,
                     struct arena *request, struct story_row_list *out, struct err *err);
enum rc read_story(struct store *store, uint64_t id, struct arena *request, struct story_row *out,
                   struct err *err);
enum rc read_mergers(struct store *store, struct arena *request, struct merger_list *out,
                     struct err *err);
enum rc read_turns(struct store *store, uint64_t first_item, struct arena *request,
                   struct turn_list *out, struct err *err);
enum rc read_publications(struct store *store, uint64_t story, size_t limit, struct arena *request,
                          struct publication_list *out, struct err *err);
enum rc read_publication(struct store *store, uint64_t item, struct arena *request,
                         struct stored_publication *out, struct err *err);
enum rc read_alarms(struct store *store, struct span known, struct arena *request,
                    struct alarm_list *out, struct err *err);
enum rc read_releases(struct store *store, enum window window, struct span starts,
                      struct arena *request, struct release_list *out, struct err *err);
enum rc read_coverage(struct store *store, struct span days, struct arena *request,
                      struct coverage_list *out, struct err *err);
enum rc read_search(struct store *store, struct str query, size_t limit, struct arena *request,
                    struct hit_list *out, struct err *err);
enum rc read_held(struct store *store, held_visit *visit, void *context, struct err *err);
enum rc read_leaves(struct store *store, uint64_t from, size_t limit, struct arena *request,
                    struct leaf_list *out, struct err *err);

/* examine.c */
enum rc examine(struct store *store, void (*say)(void *context, const char *line), void *context,
                struct err *err);

#endif
