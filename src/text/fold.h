/* fold.h - the accent-folded form of text, in which matching happens.
 *
 * Folding lower-cases, strips every combining mark (Vietnamese tone and vowel marks included), maps
 * đ to d by hand (it has no decomposition) and full-width forms to ASCII.  "Ngập NƯỚC" and
 * "ngap nuoc" fold to the same bytes.  The folded form is for keys only: it is never shown.
 * Method: a table over U+0000..U+1EFF made from ICU once at build of the tables, other code points
 * through ICU case folding.  Cost: linear.  Pure.
 */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include "base/arena.h"
#include "base/utf8.h"

/* The folded code point; 0 for a combining mark (it vanishes). */
uint32_t fold_code_point(uint32_t code_point);
/* Folded UTF-8, in `arena`. */
struct str fold_text(struct str s, struct arena *arena);

#endif
