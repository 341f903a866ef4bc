/* source.h - what a connector is: something that finds items in an input.
 *
 * One connector, one file in this folder, which defines `const struct source_driver source_NAME`;
 * the table of all of them is generated (tools/registry).  Copy jsonl.c to begin one.
 * A connector hands on bytes and judges nothing: the gate (intake/gate.h) comes next.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include "intake/raw.h"
#include "source/input.h"

#include "base/arena.h"

/* How sure a connector is that an input is its own, from the first bytes (up to 4 KiB). */
enum sniff { SNIFF_NO, SNIFF_MAYBE, SNIFF_YES };

struct source_driver {
    const char *name; /* as in --as=NAME */
    enum sniff (*sniff)(struct str head);
    /* State lives in `job`. */
    enum rc (*open)(struct input *input, struct arena *job, void **state, struct err *err);
    /* The next item: views that live in `batch` or until the next call.  RC_ABSENT: no more.
     * RC_BAD: one bad record, *item's line set, the next call goes on behind it.  Anything else
     * ends the input. */
    enum rc (*next)(void *state, struct arena *batch, struct raw_item *item, struct err *err);
    void (*close)(void *state);
};

extern const struct source_driver *const source_drivers[]; /* NULL-terminated, generated */

/* By name, or by asking all of them when `as` is empty.  RC_USAGE: no such name; RC_BAD: nobody
 * knows this content. */
enum rc source_choose(struct input *input, struct str as, const struct source_driver **out,
                      struct err *err);

/* Fields of INTERFACE.md by name, for connectors with named fields.  Sets the field of *item, or
 * counts it as unknown; a field that names an author (author*, account, user*, handle, did, email,
 * phone, avatar) other than author_token is dropped without a word. */
void source_set_field(struct raw_item *item, struct str name, struct str value);
/* Notes a field that is unknown, so that a filter may keep it; beyond RAW_EXTRAS they are only
 * counted.
 */
void source_note_extra(struct raw_item *item, struct raw_extra extra);
/* Whether a filter may pass a field of this name on (--keep): never one that names an author. */
bool source_field_names_author(struct str name);

#endif
