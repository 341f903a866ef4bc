/* tone.h - the tone mark of an open oa, oe, uy on one of the two letters where people write it.
 *
 * "hoà, khoẻ, thuỷ" (style of 1984) and "hòa, khỏe, thủy" (what keyboards and newspapers write) are
 * the same syllables; all become the latter.  Only a whole word that is a Vietnamese syllable
 * changes; "quý" does not, since its u belongs to the onset.  Linear.  Pure.
 */
#ifndef TEXT_TONE_H
#define TEXT_TONE_H

#include "base/arena.h"
#include "base/str.h"

/* Whether the word moves its mark whose o or u stands at `at`; `s` is valid UTF-8 in NFC. */
bool tone_moves(struct str s, size_t at);
/* `s` with every mark moved, in `batch`, or `s` itself; *repairs grows by the number of words. */
struct str tone_place(struct str s, struct arena *batch, uint32_t *repairs);

#endif
