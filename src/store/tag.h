/* tag.h - what is known of identities: keyed tags, found in memory under every live day key.
 *
 * A tag is SipHash-2-4-128 (Aumasson, Bernstein 2012) of the 32-byte identity digest under a key
 * derived from the day's; `content` is SipHash-2-4 of the content hash under another.  Without the
 * day's key neither tells anything, with the key gone both are noise (PRIVACY P1).
 *
 * Method: a table for each day: entries of 20 bytes in chunks, in order of arrival, and an index of
 * 4 bytes a slot (linear probing, at most 3/4 full) whose upper bits hold a piece of the tag, so
 * that a look-up that finds nothing touches one cache line a day.  Identities go in groups, with
 * the lines of a day fetched ahead.  Memory: 25 to 31 bytes a tag.  Cost: one SipHash and one line
 * a day.  One thread may look up while another adds: they take turns by groups.
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

void tag_make(const struct day_key *key, const struct identity *identity,
              struct tag_record *record);
void tag_write(const struct tag_record *record, unsigned char out[TAG_BYTES]);
void tag_read(const unsigned char in[TAG_BYTES], struct tag_record *record);

struct tag_tables;

struct tag_tables *tag_tables_new(struct arena *process);
void tag_tables_free(struct tag_tables *tables);
/* Makes room, so that the next n adds to the day of `key` (which must outlive the table) cannot
 * fail.  RC_FULL. */
enum rc tag_tables_reserve(struct tag_tables *tables, const struct day_key *key, size_t n,
                           struct err *err);
void tag_tables_add(struct tag_tables *tables, int64_t day, const struct tag_record *record);
void tag_tables_find(struct tag_tables *tables, const struct identity *identities, size_t n,
                     struct acquaintance *known);
/* Forgets the tag under which `item` was known; nothing when there is none. */
void tag_tables_forget(struct tag_tables *tables, const struct identity *identity, uint64_t item);
void tag_tables_drop_day(struct tag_tables *tables, int64_t day);

#endif
