/* plain.h - how far text is so plain that nothing has to be asked of it: a scan by bytes.
 *
 * Plain are ASCII without controls and '^', the letters of Vietnamese in NFC, Latin Extended-A, the
 * quotes and dashes of U+2010..2027 and U+1F000..1FFFF (emoji), as long as no word may have its
 * tone mark on an unusual letter ("hoà", "hòan", "qúa").  Method: sixty-four bytes at a time to
 * bit masks, with AVX-512, AVX2 or SSSE3 where the processor has it, else with tables; one set of
 * rules on the masks, so that all stop at the same places.  Linear.  Pure.
 */
#ifndef TEXT_PLAIN_H
#define TEXT_PLAIN_H

#include "base/str.h"

/* Each falls back to the next where the processor lacks it. */
enum plain_way {
    PLAIN_BEST, /* what the processor does fastest */
    PLAIN_AVX2,
    PLAIN_SSSE3,
    PLAIN_TABLES
};

/* Begin with the text and the way, all else zero. */
struct plain_scan {
    struct str s;
    enum plain_way way;
    bool is_begun;
    size_t block;           /* where the last block read begins */
    uint64_t stops, broken; /* in it: where to stop, and where a character is not whole */
};

/* The start of the first character at or behind `at` that is not plain, or that stands in or
 * behind a word whose tone mark may have to move; s.n without one.  What ends with the text is not
 * looked at: a word there may yet have to move.  Any bytes; a character begins at `at`, which never
 * goes back. */
size_t plain_until(struct plain_scan *scan, size_t at);
/* Behind the character at `at` and those that follow it and are not Latin. */
size_t plain_resume(struct str s, size_t at);

#endif
