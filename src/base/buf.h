/* buf.h - a growable run of bytes that owns its memory and knows its maximum.
 *
 * Once something did not fit, the buffer is `full`: later writes do nothing, and the caller asks
 * once at the end instead of after every call.  What is in it stays a valid prefix.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/str.h"

struct buf {
    char *p; /* always NUL-terminated once anything was written */
    size_t n, capacity, max;
    bool full;
};

/* `max` is the largest length in bytes.  Takes no memory yet. */
void buf_init(struct buf *buf, size_t max);
void buf_add(struct buf *buf, struct str s);
void buf_add_byte(struct buf *buf, char c);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Makes room for n more bytes behind the end and returns it (NULL: full); the caller adds to n. */
char *buf_reserve(struct buf *buf, size_t n);
/* Empty again; memory kept, `full` taken back. */
void buf_clear(struct buf *buf);
void buf_free(struct buf *buf);
struct str buf_str(const struct buf *buf);

#endif
