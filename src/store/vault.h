/* vault.h - what every backend does with items: sort them by day, tag them, seal them, know them.
 *
 * Keys, tags and seals together.  A backend keeps the packed batches, each a sealed text and a run
 * of tag records in order of slots; the vault holds the tags in memory and opens batches again.
 */
#ifndef STORE_VAULT_H
#define STORE_VAULT_H

#include "store/seal.h"
#include "store/tag.h"

struct vault {
    struct key_ring *keys;
    struct tag_tables *tags;
    struct seal *seal;
    struct codes codes;
    struct zone zone;
    struct arena scratch; /* plain text passes through: wiped after use */
};

/* `keys`: folder, or empty; `alone` as key_ring_open.  codes must have been joined. */
enum rc vault_open(struct vault *vault, struct str keys, bool alone, struct arena *process,
                   struct err *err);
void vault_close(struct vault *vault);

/* The numbers to be given next, and the latest time heard. */
struct numbering {
    uint64_t next_item, next_story, next_alarm;
    int64_t last_heard;
};
void numbering_advance(struct numbering *numbering, const struct commit *commit);

/* A batch as it lies at rest. */
struct packed {
    uint64_t number;
    int64_t day;
    size_t n;
    struct tag_record *run; /* [n]; item 0: a tombstone */
    uint64_t first, last;   /* items */
    int64_t heard;          /* latest */
    struct str sealed;
};

/* What a commit does to items, worked out before anything is written: batches of the new ones, made
 * under durable keys, tags of publications, and what is replaced.  All of it in vault->scratch. */
struct packing {
    struct packed *batches;
    size_t batch_count;
    struct tag_record *publication_tags;  /* [commit->publication_count]; item 0: none */
    const struct stored_item **replacing; /* items that replace one of an earlier commit */
    size_t replacing_count;
};
enum rc vault_pack(struct vault *vault, const struct commit *commit, uint64_t next_number,
                   struct packing *out, struct err *err);
/* After the commit: the tags are known from now on. */
void vault_learn(struct vault *vault, const struct packing *packing, const struct commit *commit);

/* At loading: the tags of a batch's run; RC_BROKEN names the day when its key is missing. */
enum rc vault_load_run(struct vault *vault, const struct packed *packed, struct err *err);

/* The same batch without its tombstones, under a new number.  n == 0: nothing is left. */
enum rc vault_repack(struct vault *vault, const struct packed *from, uint64_t number,
                     struct packed *out, struct err *err);

/* Hands the items of batches to `visit`, in order of item.  `load` fetches a batch by number into
 * memory of the arena, its tombstones marked. */
struct vault_batch {
    uint64_t number, first, last;
};
struct vault_walk {
    const struct vault_batch *batches; /* by first item */
    size_t n;
    enum rc (*load)(void *context, uint64_t number, struct arena *batch, struct packed *out,
                    struct err *err);
    void *load_context;
    uint64_t from; /* item */
    enum rc (*visit)(void *context, const struct stored_item *item, struct err *err);
    void *visit_context;
};
enum rc vault_each(struct vault *vault, const struct vault_walk *walk, struct err *err);
/* Whether a batch opens and agrees with its run. */
enum rc vault_check(struct vault *vault, const struct packed *packed, struct arena *scratch,
                    struct err *err);
struct str vault_run_bytes(const struct packed *packed, struct arena *arena);
enum rc vault_run_read(struct str bytes, struct arena *arena, struct packed *packed,
                       struct err *err);

#endif
