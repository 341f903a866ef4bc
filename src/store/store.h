/* store.h - the record: what is kept, one contract for every backend.
 *
 * Kept: aggregates (cells), stories, publications, alarms, releases, coverage, the log; and the
 * text of items as sealed batches that serve re-computation and that nobody reads (PRIVACY P8). Not
 * kept: authors, ids of items (only keyed tags), any index of words of posts. A backend is one file
 * here that defines `const struct store_backend store_NAME`; all of them pass test/conformance.  A
 * store belongs to one thread.  "Durable" means fsynced when the call returns. Views handed out
 * live in the arena that was passed.  Places, topics and sources are indexes into the settings
 * given at open; at rest they go by their codes, so that a table may be reordered: what has lost
 * its code is read as 0 (items, publications, stories) or not at all (cells, alarms, releases).
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "model/post.h"
#include "model/settings.h"
#include "store/held.h"
#include "store/lists.h"

struct store;

/* What the store knows of an identity. */
enum familiarity { ITEM_NEW, ITEM_KNOWN, ITEM_EDITED, ITEM_DELETED };
struct acquaintance {
    enum familiarity familiarity;
    uint64_t item, story; /* of the stored one; 0 when new */
};

/* One item to be kept, or given back by each_item (identity is NULL then).  A publication comes as
 * an item, whose text expires with its day, and as a stored_publication of the same number, which
 * does not: its identity stays known as long as that row.  With CONTENT_DELETED and no text: in the
 * place of what was deleted, so that whoever comes with a text is ITEM_DELETED. */
struct stored_item {
    const struct post *post;
    const struct identity *identity;
    uint64_t item;     /* serial number, given by the engine, growing */
    uint64_t first;    /* the item it is a near copy of, or itself */
    uint64_t story;    /* 0: none */
    uint64_t replaces; /* item that this edit replaces (of this commit or an earlier one), or 0 */
};

struct stored_publication {
    struct publication publication;
    uint64_t item, story;
    int64_t time, heard;
    uint32_t source;
};
struct publication_list {
    struct stored_publication *v;
    size_t n;
};

/* The validators of a feed as it was fetched last: what a conditional GET needs. */
struct feed_visit {
    struct str source, etag, modified;
    uint64_t body_hash;
};

/* What opens the commitment of a LEDGER_SEARCH leaf; kept sealed, for 30 days at most. */
struct search_opening {
    char commitment[65]; /* hex */
    unsigned char salt[16];
    struct str term;
    int64_t time;
};

struct leaf_to_write {
    enum ledger_action action;
    struct str detail;
};

/* What the rule of trend/hindsight.h says of an alarm that is kept. */
struct alarm_judgement {
    uint64_t id;
    enum verdict verdict;
};

/* One that the program itself moves; its leaf is among the commit's. */
struct moved_setting {
    struct str name;
    int64_t value;
};

/* Everything one group commit makes durable, in one transaction: all of it or nothing. */
struct commit {
    int64_t now;
    int64_t passed; /* windows that ended an hour before are closed; like a time heard */
    const struct stored_item *items;
    size_t item_count;
    const struct stored_publication *publications;
    size_t publication_count;
    const struct story_row *stories; /* whole rows; replace; merged into one that is merged
                                      * itself, before or after, they are told as the last */
    size_t story_count;
    const struct story_turn *turns; /* at most one an item */
    size_t turn_count;
    const struct cell *cells; /* whole rows; replace */
    size_t cell_count;
    const struct alarm *alarms; /* id given by the engine */
    size_t alarm_count;
    const struct alarm_judgement *judgements;
    size_t judgement_count;
    const struct moved_setting *settings;
    size_t setting_count;
    const struct release_row *releases; /* RC_BROKEN when one of them exists already */
    size_t release_count;
    const struct coverage *coverage; /* items, bad, failures are added to what is there */
    size_t coverage_count;
    const struct leaf_to_write *leaves; /* appended to the log first */
    size_t leaf_count;
    const struct held_writer *held;   /* may be NULL */
    const struct held_window *closed; /* of which nothing lies sealed any more, before `held` */
    size_t closed_count;
};

struct store_counters {
    uint64_t next_item, next_story, next_alarm;
    uint64_t items; /* held now (posts, tips, requests) */
    uint64_t publications, stories, releases, leaves;
    int64_t last_heard; /* or up to when windows were closed; TIME_UNKNOWN: never anything */
    int64_t oldest_day, newest_day; /* of sealed batches */
    uint64_t bytes;                 /* on disk */
    uint64_t database;              /* drawn when it was made; 0: it ends with the process */
};

struct cell_query {
    enum window window;
    int64_t from, to; /* start in [from, to) */
    bool stories;     /* cells of stories, else of places and topics */
    uint64_t story;   /* with stories: 0 all */
    bool as_counted;  /* else a story that was merged is told as the other (mergers.h) */
};

/* From `from` up to but without `to`: instants in ms, or days where a reader says so. */
struct span {
    int64_t from, to;
};

/* By id: all; by the others: without those merged into another. */
enum story_order { STORIES_BY_ID, STORIES_BY_LAST, STORIES_BY_MESSAGES };

struct store_driver {
    const char *name;
    void (*close)(struct store *store);
    /* known[i] for identities[i]; looks under every live day key.  An identity that occurs twice in
     * the call is new at the first place only once it was committed: the engine minds that. */
    enum rc (*lookup)(struct store *store, const struct identity *identities, size_t n,
                      struct acquaintance *known, struct err *err);
    enum rc (*commit)(struct store *store, const struct commit *commit, struct err *err);
    /* Every item held whose number is at least `from`, in order of `item`; views live during the
     * call. */
    enum rc (*each_item)(struct store *store, uint64_t from,
                         enum rc (*visit)(void *context, const struct stored_item *item,
                                          struct err *err),
                         void *context, struct err *err);
    enum rc (*cells)(struct store *store, const struct cell_query *query, struct arena *request,
                     struct cell_list *out, struct err *err);
    enum rc (*stories)(struct store *store, enum story_order order, size_t limit,
                       struct arena *request, struct story_row_list *out, struct err *err);
    enum rc (*story)(struct store *store, uint64_t id, struct arena *request, struct story_row *out,
                     struct err *err); /* RC_ABSENT */
    /* All of them, by `from`; no `into` is merged itself. */
    enum rc (*mergers)(struct store *store, struct arena *request, struct merger_list *out,
                       struct err *err);
    enum rc (*turns)(struct store *store, uint64_t first_item, struct arena *request,
                     struct turn_list *out, struct err *err); /* by item */
    enum rc (*publications)(struct store *store, uint64_t story, size_t limit,
                            struct arena *request, struct publication_list *out,
                            struct err *err); /* story 0: all, newest first; else with those of
                                               * what it took in */
    enum rc (*publication)(struct store *store, uint64_t item, struct arena *request,
                           struct stored_publication *out, struct err *err);
    enum rc (*alarms)(struct store *store, struct span known, struct arena *request,
                      struct alarm_list *out, struct err *err); /* by known, id */
    /* The desk's word on an alarm (VERDICT_NONE takes it back), its leaf first; RC_ABSENT. */
    enum rc (*judge)(struct store *store, uint64_t alarm, enum verdict desk, int64_t now,
                     struct err *err);
    enum rc (*releases)(struct store *store, enum window window, struct span starts,
                        struct arena *request, struct release_list *out,
                        struct err *err); /* in order of cell_key_cmp */
    enum rc (*coverage)(struct store *store, struct span days, struct arena *request,
                        struct coverage_list *out, struct err *err);
    /* Words that may be seen only: phrases kept of stories, publications.  All words of the query,
     * the last one as a prefix; case and diacritics do not matter. */
    enum rc (*search)(struct store *store, struct str query, size_t limit, struct arena *request,
                      struct hit_list *out, struct err *err);
    /* What lies sealed of open windows, by window, start and part. */
    enum rc (*held)(struct store *store, held_visit *visit, void *context, struct err *err);
    enum rc (*counters)(struct store *store, struct store_counters *out, struct err *err);
    /* The log: append through ledger_append(store_ledger(store), …). */
    enum rc (*leaves)(struct store *store, uint64_t from, size_t limit, struct arena *request,
                      struct leaf_list *out, struct err *err);
    /* Destroys the keys and rows of days before `before_day` (desk zone), leaf first.  The rows of
     * stories that ended before it go too, unless a phrase or a publication of theirs is kept. */
    enum rc (*purge)(struct store *store, int64_t before_day, int64_t now, uint32_t *days,
                     struct err *err);
    /* For store_freeze; NULL where no other process can write. */
    enum rc (*freeze)(struct store *store, struct err *err);
    void (*thaw)(struct store *store);
    /* Whether everything is readable: keys, seals, log chain, SQLite's own check; calls `say` with
     * a line for each finding.  RC_BROKEN when one of them is damage. */
    enum rc (*check)(struct store *store, void (*say)(void *context, const char *line),
                     void *context, struct err *err);
    /* What the last fetch of a source's feed left for the next; RC_ABSENT before the first. */
    enum rc (*visit)(struct store *store, struct str source, struct arena *request,
                     struct feed_visit *out, struct err *err);
    enum rc (*keep_visit)(struct store *store, const struct feed_visit *visit, struct err *err);
    /* Durable; through store_log_search. */
    enum rc (*keep_opening)(struct store *store, const struct search_opening *opening,
                            struct err *err);
    /* A number that decides what may be seen ("k", "retention_days") or what alarms ("q_max_day",
     * in millionths), as it was set last; RC_ABSENT when it never was. */
    enum rc (*setting)(struct store *store, struct str name, int64_t *value, struct err *err);
    /* Writes a LEDGER_CHANGE leaf ("name=k old=20 new=24", old=none at first), then the value, in
     * one transaction. */
    enum rc (*set_setting)(struct store *store, struct str name, int64_t value, int64_t now,
                           struct err *err);
};

struct store {
    const struct store_driver *driver;
    struct ledger ledger; /* sink given by the backend */
    struct zone zone;     /* days of keys are days of this zone */
};

/* STORE_WRITE: the one process that commits and purges.  STORE_READ: any number of others, beside
 * it too; they write nothing but leaves, openings and the desk's word on an alarm: a reader leaves
 * his trace (PRIVACY P10). */
enum store_mode { STORE_READ, STORE_WRITE };

/* `where`: a file name (made on STORE_WRITE, with FILE.keys/ beside it, mode 0700) or ":memory:".
 * RC_ABSENT (read, no file), RC_AGAIN (another writer), RC_BROKEN, RC_FULL, RC_USAGE (cannot be
 * written, not a database of ours, postgresql://). */
enum rc store_open(struct str where, enum store_mode mode, const struct settings *settings,
                   struct arena *process, struct store **out, struct err *err);

/* Until the thaw, what is read is of one moment, whatever a writer commits meanwhile; the reader
 * writes nothing between. */
enum rc store_freeze(struct store *store, struct err *err);
void store_thaw(struct store *store);

/* Before every search: keeps what opens its commitment, then writes the leaf.  The search does not
 * happen when this fails.  `term` as typed. */
enum rc store_log_search(struct store *store, struct str term, int64_t now, struct err *err);

#endif
