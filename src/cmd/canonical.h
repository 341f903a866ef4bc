/* canonical.h - any document of a known kind as canonical JSON, behind the gate.
 *
 * What passes is in Unicode NFC with identifiers of people redacted; keys keep the document's
 * order; a member whose name names an author is left out.  Same bytes, same output.  Pure but for
 * libxml2's tables.
 */
#ifndef CMD_CANONICAL_H
#define CMD_CANONICAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum {
    CANONICAL_MAX = 24 * 1024 * 1024,    /* bytes of output */
    CANONICAL_MEMORY = 48 * 1024 * 1024, /* a good maximum for `job` */
};

struct canonical_kind {
    const char *name;
    size_t max; /* bytes of a document */
    enum rc (*write)(struct str document, bool strict, struct arena *job, struct buf *out,
                     struct err *err);
};

/* By name, or NULL. */
const struct canonical_kind *canonical_find(struct str name);
/* Writes to `out`.  RC_BAD: rejected, with the reason; RC_REFUSED: an account's feed. */
enum rc canonical_write(const struct canonical_kind *kind, struct str document, bool strict,
                        struct arena *job, struct buf *out, struct err *err);

#endif
