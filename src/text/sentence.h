/* sentence.h - the sentences of a text.
 *
 * A sentence ends behind . ! ? … and the quotes and brackets that close behind them, unless what
 * follows goes on in lower case; and at a line break.  Full stops of abbreviations (TP., ThS.,
 * v.v.), numbers (1.000,5) and addresses end nothing: they are within a piece (text/pieces.h).
 * Cost: linear.  Pure.
 */
#ifndef TEXT_SENTENCE_H
#define TEXT_SENTENCE_H

#include "text/pieces.h"

struct sentences {
    uint32_t n;
    uint32_t *offset, *length; /* [n] bytes, without spaces at either end */
};

/* Sentences cover every byte that is no space, in order.  Arrays live in `batch`. */
struct sentences sentences_of(struct text text, const struct pieces *pieces, struct arena *batch);

#endif
