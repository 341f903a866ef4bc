/* tone.h - the tone mark of a syllable on the letter where most people write it.
 *
 * "hoà, khoẻ, thuỷ" (style of 1984) and "hòa, khỏe, thủy" (what keyboards and newspapers write) are
 * the same syllables, and so are what slow fingers make of them: "hòan", "gíup", "qúa", "ngươì".
 * All become what newspapers write (syllable_tone_place).  Only a whole word that is a Vietnamese
 * syllable changes; a vowel pair such as that of "muà" or of Italian "più" only in a text that
 * holds a letter which other languages lack.  Linear.  Pure.
 */
#ifndef TEXT_TONE_H
#define TEXT_TONE_H

#include "text/syllable.h"

enum tone_move {
    TONE_STAYS,
    TONE_MOVES,
    TONE_MOVES_IN_VIETNAMESE /* where tone_is_vietnamese */
};

struct tone_word {
    size_t start, end; /* of the word in the text */
    size_t n;          /* bytes of `moved` */
    char moved[SYLLABLE_LETTERS * 3 + 1];
};

/* What becomes of the word that holds the character at `at`, or that ends there; `s` is valid
 * UTF-8 up to the end of that word.  *out is the word with its mark where it belongs, and is
 * written when the mark moves. */
enum tone_move tone_moves(struct str s, size_t at, struct tone_word *out);
/* Whether a letter of Vietnamese alone occurs: ă, đ, ơ, ư, or one that takes three bytes. */
bool tone_is_vietnamese(struct str s);

#endif
