/* tag.h - what is known of identities: keyed tags, looked for under every live day key.
 *
 * A tag is SipHash-2-4-128 (Aumasson, Bernstein 2012) of the 32-byte identity digest under a key
 * derived from the day's; `content` is SipHash-2-4 of the content hash under another.  Without the
 * day's key neither tells anything, with the key gone both are noise (PRIVACY P1).
 *
 * Method: a log-structured table (O'Neil et al. 1996).  The latest tags stand in memory whole, a
 * table for each day: entries of 20 bytes in chunks, in order of arrival, and an index of 4 bytes a
 * slot (linear probing, at most 3/4 full) whose upper bits hold a piece of the tag, so that a
 * look-up that finds nothing touches one cache line a day; 25 to 31 bytes a tag.  When they are
 * more than TAGS_HELD, the day that has most of them settles: of its tags memory keeps 3.25 bytes
 * each (settled.h), and what these do not rule out is read from the runs of the batches, where all
 * tags lie anyway.  So nothing more lies at rest than before, and a day's tags go with its batches.
 * Of new identities about one of 300 asks the disk (56 days of 260,000 posts; fewer with less),
 * some 70 us each (finding.c); of settled ones all do, those of one stretch of batches together, so
 * that a million posts read again take 13.0 s instead of 11.2.  Where it is worst: known identities
 * from everywhere, a stretch each; a disk that answers slowly.
 * Identities go in groups, with the lines of a day fetched ahead.  Cost: one SipHash and one line
 * or two a day and table.  One thread may look up while another adds: they take turns by groups,
 * and the disk is read outside of that.
 */
#ifndef STORE_TAG_H
#define STORE_TAG_H

#include "store/keys.h"
#include "store/store.h"

/* As it lies at rest: 40 bytes, little-endian, in runs that belong to a batch, in order of slots.
 */
struct tag_record {
    uint64_t tag[2]; /* both 0: a slot without a tag (a publication) */
    uint64_t content;
    uint64_t item;
    uint64_t story;
};
enum { TAG_BYTES = 40 };
enum { TAGS_HELD = 256 * 1024 };

void tag_make(const struct day_key *key, const struct identity *identity,
              struct tag_record *record);
void tag_write(const struct tag_record *record, unsigned char out[TAG_BYTES]);
void tag_read(const unsigned char in[TAG_BYTES], struct tag_record *record);

/* An identity that may be among the tags of batches whose first item is in first..last. */
struct tag_candidate {
    int64_t day;
    uint64_t first, last;
    uint64_t tag[2];
    size_t asked;            /* the identity's place in the question */
    struct tag_record found; /* item 0: it is not there */
};
/* Looks for candidates of one day and one stretch, in order of tag[0], in what lies at rest, and
 * fills `found` where a tag stands in a slot without a tombstone. */
typedef enum rc tag_reader(void *context, struct tag_candidate *candidates, size_t n,
                           struct err *err);
/* What a reader needs: whether candidates (in order of tag[0]) may be in a run, and which are. */
bool tag_candidates_meet(const struct tag_candidate *candidates, size_t n,
                         const struct tag_record *run, size_t length);
void tag_candidates_take(struct tag_candidate *candidates, size_t n, const struct tag_record *run,
                         size_t length);

struct tag_tables;

struct tag_tables *tag_tables_new(struct arena *process);
void tag_tables_free(struct tag_tables *tables);
/* From now on at most about `held` tags stand in memory whole; without it all do. */
void tag_tables_settle(struct tag_tables *tables, size_t held, tag_reader *reader, void *context);
/* Makes room, so that the next n adds to the day of `key` (which must outlive the table) cannot
 * fail.  RC_FULL. */
enum rc tag_tables_reserve(struct tag_tables *tables, const struct day_key *key, size_t n,
                           struct err *err);
/* The tags of one batch, whose items are first..last. */
void tag_tables_add(struct tag_tables *tables, int64_t day, const struct tag_record *run, size_t n,
                    uint64_t first, uint64_t last);
/* Lets days settle while more is held than may be; whoever reserved has added before. */
void tag_tables_trim(struct tag_tables *tables);
/* Fails as the reader does. */
enum rc tag_tables_find(struct tag_tables *tables, const struct identity *identities, size_t n,
                        struct acquaintance *known, struct err *err);
/* Forgets the tag under which `item` was known; nothing when there is none.  What has settled is
 * forgotten by its tombstone. */
void tag_tables_forget(struct tag_tables *tables, const struct identity *identity, uint64_t item);
void tag_tables_drop_day(struct tag_tables *tables, int64_t day);

#endif
