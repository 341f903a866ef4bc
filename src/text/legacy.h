/* legacy.h - Vietnamese in the encodings from before Unicode, and UTF-8 that was encoded twice.
 *
 * Read are bytes that are no UTF-8, and the same bytes after somebody took them for windows-1252
 * and wrote them as UTF-8 ("Tr­êng ®¹i häc").  A line changes when what it becomes is clearly
 * Vietnamese and what it was is not: see `is_convincing` in legacy.c.  A line at a time, so that a
 * quotation may be old and the rest not.  Linear (every line is read once an encoding).  Pure.
 */
#ifndef TEXT_LEGACY_H
#define TEXT_LEGACY_H

#include "base/arena.h"
#include "base/str.h"

enum legacy {
    LEGACY_TCVN3, /* TCVN 5712, as the ABC fonts have it */
    LEGACY_VNI,   /* VNI-Windows: marks are letters of their own behind the vowel */
    LEGACY_VISCII,
    LEGACY_1258, /* windows-1258: tone marks are combining */
    LEGACY_VIQR, /* RFC 1456: vie^.t */
    LEGACIES
};

struct legacy_counts {
    uint32_t lines[LEGACIES];
    uint32_t twice; /* runs of UTF-8 encoded twice */
};

/* Whether legacy_repair could change anything. */
bool legacy_may_be(struct str s);
/* Any bytes; the result lives in `batch` and is ill-formed where `s` was and no encoding fits. */
struct str legacy_repair(struct str s, struct arena *batch, struct legacy_counts *counts);

#endif
