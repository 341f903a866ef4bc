/* reading.h - how the syllables of a text may be read, beside how they are written.
 *
 * Readings are for keys that match ("ko co nuoc" and "không có nước") and for suggestions that a
 * person may take; nothing here changes what somebody wrote.  shorthand.h reads social spelling,
 * restore.h missing diacritics.  Pure.
 */
#ifndef TEXT_READING_H
#define TEXT_READING_H

#include "text/token.h"

struct reading {
    struct str text; /* in place of what is written; n == 0: as it is written */
    bool settled;    /* nobody may add marks to it */
};

/* Every token with its reading.  The keys of the tokens are those of the readings, offset and
 * length tell what is written.  A shorthand for several syllables ("ntn") has one token for each;
 * the first has the whole text of the reading, the others length 0 and no text. */
struct readings {
    struct tokens tokens;
    struct reading *of; /* [tokens.n] */
};

struct suggestion {
    uint32_t offset, length; /* what is written, bytes */
    struct str text;         /* what may stand there instead */
};

struct suggestions {
    struct suggestion *v; /* in order, never overlapping */
    uint32_t n;
};

/* Whether a word belongs to a handle, a tag or an address: @nam, #ngapnuoc, anh_nam. */
bool reading_is_bound(struct text text, uint32_t offset, uint32_t length);
/* `word` in lower case, written like `as`: in capitals, with one, or without; in `batch`. */
struct str reading_in_case(struct str word, struct str as, struct arena *batch);
/* What the readings suggest; the array in `batch`, texts are those of the readings. */
struct suggestions reading_suggest(const struct readings *readings, struct arena *batch);
/* The text with all suggestions taken, in `batch`. */
struct text reading_apply(struct text text, const struct suggestions *suggestions,
                          struct arena *batch);

#endif
