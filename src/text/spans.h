/* spans.h - the syllables of any bytes, each with its place in these very bytes and its folded
 * form.
 *
 * For indexes, which store keys beside the text as somebody wrote it.  Syllables are those of
 * token.h, with two differences: the words of URLs and of typed placeholders are syllables too, and
 * what is ill-formed separates.  A word in another form of Unicode, with characters without width
 * or with letters that only look Latin gets the key of what it shows, and the place it takes.  Old
 * encodings are not read here: normalise first.
 * Method: text that normalise.h leaves alone is read once; any other a piece at a time, a piece
 * being a run of bytes without an ASCII separator.  Cost: one pass, and the folding.  Linear. Pure.
 */
#ifndef TEXT_SPANS_H
#define TEXT_SPANS_H

#include "base/arena.h"
#include "base/str.h"

struct span {
    uint32_t offset, length; /* in the bytes that were given; in order, never overlapping */
    uint64_t key;            /* as token_key gives it */
    struct str folded;       /* never empty; NUL-terminated */
};

struct spans {
    struct span *at; /* [n] */
    size_t n;
};

/* Fewer than 2^32 bytes; everything lives in `batch`. */
struct spans spans_of(struct str bytes, struct arena *batch);

#endif
