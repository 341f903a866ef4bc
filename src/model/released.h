/* released.h - the fourth text state: what may leave the desk.
 *
 * Opaque.  A released value is a number of the frozen grid, a rounded one of a story, "<k", or a
 * text that PRIVACY P6 allows (said by at least k people, or published by a registered publisher).
 * Its one maker, released_make_(), is referred to by release/ alone (`nm` proves it).  Pages,
 * feeds, exports and mail accept no other type for anything that was heard.
 */
#ifndef MODEL_RELEASED_H
#define MODEL_RELEASED_H

#include "base/arena.h"
#include "base/utf8.h"

enum released_kind {
    RELEASED_NUMBER,    /* a count of the grid that passed k and suppression */
    RELEASED_BELOW,     /* shown as "<k" */
    RELEASED_RANGE,     /* an interrupted window: from..to */
    RELEASED_AT_LEAST,  /* a count of a story, rounded down: this many or some more */
    RELEASED_PHRASE,    /* words that at least k people used */
    RELEASED_PUBLISHED, /* words of a registered publisher or an office */
};

struct released;

enum released_kind released_kind(const struct released *released);
/* NUMBER, AT_LEAST: the count; RANGE: its lower end; BELOW: k itself, "fewer than this". */
uint32_t released_number(const struct released *released);
uint32_t released_upper(const struct released *released);   /* RANGE: its upper end */
struct text released_text(const struct released *released); /* PHRASE, PUBLISHED; else empty */

const struct released *released_make_(enum released_kind kind, uint32_t number, uint32_t upper,
                                      struct text text, struct arena *request);

#endif
