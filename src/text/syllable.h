/* syllable.h - the Vietnamese syllable: which there can be, and where its tone mark stands.
 *
 * A syllable is an onset and a rime with one of six tones; both are short closed lists (L. C.
 * Thompson, "A Vietnamese Reference Grammar", 1965; the spelling rules of the Ministry of
 * Education, 1984).  What fits them may be Vietnamese; what does not is not.  Cost: two searches in
 * lists of fewer than 200 entries.  Pure.
 */
#ifndef TEXT_SYLLABLE_H
#define TEXT_SYLLABLE_H

#include "base/str.h"

enum { SYLLABLE_LETTERS = 7 }; /* nghiêng */

struct syllable {
    uint8_t letters; /* how many */
    uint8_t onset;   /* how many of them come before the rime; "qu" and "gi" are onsets */
    uint8_t toned;   /* index of the letter that has the tone mark */
    uint8_t tone;    /* 0 none, 1 huyền, 2 sắc, 3 hỏi, 4 ngã, 5 nặng */
    bool marked;     /* some letter is not ASCII */
    uint32_t letter[SYLLABLE_LETTERS];
    char shape[SYLLABLE_LETTERS + 1]; /* without case and tone, one byte a letter; see syllable.c */
};

/* Combining marks; the tones by their number. */
enum syllable_mark {
    SYLLABLE_GRAVE = 1,
    SYLLABLE_ACUTE,
    SYLLABLE_HOOK,
    SYLLABLE_TILDE,
    SYLLABLE_DOT,
    SYLLABLE_CIRCUMFLEX,
    SYLLABLE_BREVE,
    SYLLABLE_HORN
};

/* False when the word (valid UTF-8 in NFC) cannot be a Vietnamese syllable; *out untouched then. */
bool syllable_read(struct str word, struct syllable *out);
/* Index of the letter where newspapers put the tone mark: hòa, hoàn, quá, giúp, thuế. */
uint8_t syllable_tone_place(const struct syllable *syllable);
/* 0 for what is no Vietnamese letter beyond ASCII, else a number of its own. */
uint8_t syllable_letter(uint32_t code_point);
/* The vowel with another tone; as it is when it is no vowel. */
uint32_t syllable_with_tone(uint32_t code_point, uint8_t tone);
/* The vowel that the vowel and a combining mark behind it are in NFC; 0 when there is none. */
uint32_t syllable_with_mark(uint32_t code_point, enum syllable_mark mark);

#endif
