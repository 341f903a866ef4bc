/* feed_items.h - entries of a feed on their way: fields being collected, entries that wait.
 *
 * XML and JSON feeds both come as events; they put bytes into slots and say when an entry ends.
 */
#ifndef SOURCE_FEED_ITEMS_H
#define SOURCE_FEED_ITEMS_H

#include "base/arena.h"
#include "base/vec.h"
#include "base/buf.h"
#include "intake/raw.h"

enum slot {
    SLOT_TITLE,
    SLOT_SUMMARY,
    SLOT_CONTENT,
    SLOT_ID,
    SLOT_LINK,
    SLOT_TIME,  /* when it was published */
    SLOT_LATER, /* or changed, when that is all there is */
    SLOT_LANG,
    SLOTS,
    SLOT_NONE = SLOTS,
};

struct feed_entry {
    size_t start;    /* in `ready` */
    size_t n[SLOTS]; /* lengths of the fields, one behind the other */
    bool too_long;
};

struct feed_items {
    struct arena *job;
    struct buf slots[SLOTS]; /* the entry that is being read */
    struct buf lang;         /* of the feed: for entries that say none */
    struct buf ready;        /* bytes of the entries that wait */
    VEC(struct feed_entry) entries;
    size_t handed_on;
    bool refused; /* a link of the feed itself names an account */
};

void feed_items_init(struct feed_items *items, struct arena *job);
void feed_items_free(struct feed_items *items);
/* Adds bytes so that they mean themselves in HTML. */
void feed_items_escape(struct buf *slot, struct str bytes);
/* The link of the feed itself: refused when it names an account. */
void feed_items_own_link(struct feed_items *items, struct str url);
void feed_items_begin(struct feed_items *items);
void feed_items_end(struct feed_items *items);
/* The next entry that waits, as views into `ready`, alive until the next call.  False: none. */
bool feed_items_next(struct feed_items *items, struct raw_item *item, bool *too_long);

#endif
