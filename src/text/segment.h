/* segment.h - Vietnamese words: which neighbouring syllables are one.
 *
 * Method: each gap between two syllables is joined or not by the sign of a sum of learned integers;
 * segment.c says which and what was tried.  Words of Vietnamese and names; a text of which most
 * syllables are not Vietnamese has its words between spaces, and a character each in scripts
 * without spaces.  Text without diacritics has a model of its own.  Cost: linear, two passes over
 * pieces, the tables (0.7 MiB) stay in a second-level cache.  Pure.
 * Source of the weights: data/models/SOURCE.
 */
#ifndef TEXT_SEGMENT_H
#define TEXT_SEGMENT_H

#include "base/err.h"
#include "text/pieces.h"
#include "text/token.h"

struct segmenter;

/* Reads what `soundings train segment` wrote.  RC_BAD: it is something else. */
enum rc segmenter_read(struct str model, struct arena *process, const struct segmenter **out,
                       struct err *err);

struct words {
    uint32_t n;
    uint32_t *offset, *length; /* [n] bytes */
};

/* Words cover every byte that is no space, in order; signs are words; a word may hold spaces.
 * Arrays live in `batch`. */
struct words segment_text(const struct segmenter *segmenter, struct text text, struct arena *batch);
/* A text by its syllables: the tokens are those of tokens_of(), read in one pass with the pieces.
 * In `batch`.  Without a segmenter there are no pieces. */
struct syllables {
    struct tokens tokens;
    struct pieces pieces;
};
struct syllables segment_read(const struct segmenter *segmenter, struct text text,
                              struct arena *batch);
/* Writes tokens->inside, in `batch`; the tokens are those of the text, or what its shorthand stands
 * for. */
void segment_tokens(const struct segmenter *segmenter, struct text text,
                    const struct pieces *pieces, struct tokens *tokens, struct arena *batch);

#endif
