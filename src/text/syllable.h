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

/* Letters by number: 1 to SYLLABLE_VOWELS the vowels with their tones, behind them đ and Đ; 0 is
 * none. The tables are for who composes text in bulk. */
enum { SYLLABLE_VOWELS = 144, SYLLABLE_LAST = SYLLABLE_VOWELS + 2 };
extern const uint8_t syllable_numbers[0x1F00]; /* by code point; ASCII vowels are among them */
/* By number and by the second byte of a combining mark (CC xx) less 0x80: the vowel that both are
 * in NFC, whatever else the first came from; 0 when that is none. */
extern const uint8_t syllable_composed[SYLLABLE_LAST + 1][64];
/* The vowel in UTF-8. */
extern const struct syllable_bytes {
    char bytes[3];
    uint8_t n;
} syllable_utf8[SYLLABLE_VOWELS + 1];

/* False when the word (valid UTF-8 in NFC) cannot be a Vietnamese syllable; *out untouched then. */
bool syllable_read(struct str word, struct syllable *out);
/* Index of the letter where newspapers put the tone mark: hòa, hoàn, quá, giúp, thuế. */
uint8_t syllable_tone_place(const struct syllable *syllable);
/* 0 for what is no Vietnamese letter beyond ASCII, else a number of its own. */
uint8_t syllable_letter(uint32_t code_point);
/* The vowel with another tone; as it is when it is no vowel. */
uint32_t syllable_with_tone(uint32_t code_point, uint8_t tone);

#endif
