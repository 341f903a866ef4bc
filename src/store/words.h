/* words.h - words as they are searched for: folded syllables, separated by one space.
 *
 * The same cutting for what is kept and for what is asked, so that case and diacritics do not
 * matter, and what no user can type into it is syntax.  Linear.
 */
#ifndef STORE_WORDS_H
#define STORE_WORDS_H

#include "base/arena.h"
#include "base/utf8.h"
#include "store/store.h"

struct str words_folded(struct str raw, struct arena *arena);
struct str words_of_story(const struct story_row *story, struct arena *arena);
struct str words_of_publication(const struct publication *publication, struct arena *arena);
/* The FTS5 expression for a query: every word quoted, the last one a prefix; empty for no words. */
struct str words_expression(struct str query, struct arena *arena);

#endif
