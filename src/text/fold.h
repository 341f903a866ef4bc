/* fold.h - the accent-folded form of text, in which matching happens.
 *
 * Folding lower-cases (Unicode simple case folding), strips combining marks (Vietnamese tone and
 * vowel marks included; vowel signs that spell a syllable in Thai or Devanagari stay), maps đ and
 * its look-alike ð to d by hand (they have no decomposition) and full-width forms to ASCII.  "Ngập
 * NƯỚC" and "ngap nuoc" fold to the same bytes.  The folded form is for keys only: it is never
 * shown. Method: a constant table over U+0000..U+1EFF that tools/foldtable made from ICU, other
 * code points through ICU itself.  Cost: one load a code point.  Pure.
 */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include "base/arena.h"
#include "base/utf8.h"

enum { FOLD_TABLE = 0x1F00, FOLD_SEPARATOR = 0xFFFF };

/* For loops that cannot afford a call: 0 for a mark that vanishes, FOLD_SEPARATOR for what is no
 * letter, mark or digit (it folds to itself), else the folded code point. */
extern const uint16_t fold_table[FOLD_TABLE];

/* The folded code point; 0 for a combining mark (it vanishes). */
uint32_t fold_code_point(uint32_t code_point);
/* Letters, marks and digits: what a syllable is made of. */
bool fold_is_word(uint32_t code_point);
/* Lower case alone: marks stay (Unicode simple case folding). */
uint32_t fold_case(uint32_t code_point);
/* Writes folded UTF-8 to `out` unless it is NULL; its length either way, at most twice s.n where s
 * is valid. */
size_t fold_into(struct str s, char *out);
/* Folded UTF-8, in `arena`. */
struct str fold_text(struct str s, struct arena *arena);

#endif
