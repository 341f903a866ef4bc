/* skeleton.h - letters that only look like Latin ones, full-width forms, characters without width.
 *
 * - Soft hyphens, byte order marks and word joiners vanish; other characters without width vanish
 *   behind Latin and at the beginning, and stay behind other scripts and emoji, which need them.
 * - Full-width ASCII becomes ASCII; its punctuation stays behind a letter of East Asia.
 * - Cyrillic and Greek letters of the same form as a Latin one (the single-letter part of UTS #39)
 *   become Latin in a word that holds a Latin letter, when all its foreign letters have such a
 *   form.
 * - Eth (Ð, ð) and Ɖ become đ at the head of what then is a Vietnamese syllable.
 * Linear, never longer than what came.  Pure.
 */
#ifndef TEXT_SKELETON_H
#define TEXT_SKELETON_H

#include "base/arena.h"
#include "base/str.h"

struct skeleton_counts {
    uint32_t invisible, full_width, look_alike; /* characters, characters, words */
};

enum { SKELETON_WORD = 28 }; /* bytes that a syllable has at most */

/* The word at `at` with đ for the eth at its head, as long as it was; 0 when there is none or that
 * makes it no syllable.  `s` is valid UTF-8 to the end of that word. */
size_t skeleton_stroke(struct str s, size_t at, char out[SKELETON_WORD]);
/* `s` is valid UTF-8; the result lives in `batch`. */
struct str skeleton_text(struct str s, struct arena *batch, struct skeleton_counts *counts);

#endif
