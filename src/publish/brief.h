/* brief.h - the briefing: what rises, where, how sure, how many voices and how many copies, and
 * what was not heard.
 *
 * Every number in it is a `struct released`.  Three faces of one content: text for a terminal, one
 * self-contained HTML file (charts are SVG written here, each with its table and its sentence),
 * JSON. Vietnamese or English.  Reads the store; the leaf (LEDGER_BRIEF) is written first.
 */
#ifndef PUBLISH_BRIEF_H
#define PUBLISH_BRIEF_H

#include "base/buf.h"
#include "store/store.h"

enum brief_face { BRIEF_TEXT, BRIEF_HTML, BRIEF_JSON };

struct brief_options {
    enum brief_face face;
    bool english;
    bool colour; /* BRIEF_TEXT: ANSI */
    int width;   /* BRIEF_TEXT: columns */
    int64_t now; /* the briefing tells of the last closed windows before it */
};

/* Appends to *out.  RC_ABSENT when nothing was ever heard. */
enum rc brief_write(struct store *store, const struct settings *settings,
                    const struct brief_options *options, struct arena *job, struct buf *out,
                    struct err *err);

#endif
