/* raw.h - one item as a connector found it: bytes of strangers, not yet through the gate.
 *
 * Every field is `struct str` (the first text state), a view into the connector's buffer that dies
 * with the next item.  An empty field with p == NULL was absent.  Only intake/ reads the contents.
 */
#ifndef INTAKE_RAW_H
#define INTAKE_RAW_H

#include "base/str.h"

/* A field that INTERFACE.md does not know, for a filter's --keep alone. */
struct raw_extra {
    struct str name, value;
    bool bare; /* a number or a truth value: written without quotes */
};

enum { RAW_EXTRAS = 8 };

struct raw_item {
    struct str id, time, text, source, kind, lang, place, title, summary, url;
    struct str author_token; /* used once, for distinct counts, in memory */
    bool html;               /* text, title and summary are HTML (feeds), else plain text */
    bool feed_dates;         /* `time` is written as feeds write dates */
    bool deleted;            /* the source says that the item of this id is gone */
    struct raw_extra extras[RAW_EXTRAS];
    uint32_t extra_count;
    uint32_t unknown_fields; /* how many fields were dropped because INTERFACE.md knows none such */
    uint64_t line;           /* where it stands in its input: line, or number of the feed's entry */
};

#endif
