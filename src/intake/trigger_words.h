/* trigger_words.h - the words that the first look of redaction asks for; see trigger.h.
 *
 * A word is known by its letters, folded to ASCII and packed into one number, the last letter
 * lowest.  The table knows a word by its slot and its last four letters, so a few other words are
 * taken for one: that costs a second look, never a miss.
 */
#ifndef INTAKE_TRIGGER_WORDS_H
#define INTAKE_TRIGGER_WORDS_H

#include <stdint.h>

enum {
    TRIGGER_SAYS_DIGIT = 1,   /* the name of a digit */
    TRIGGER_SAYS_BIRTH = 2,   /* a date of birth may follow */
    TRIGGER_SAYS_PAPER = 4,   /* announces numbers of six digits and more */
    TRIGGER_SAYS_HOST = 8,    /* a mail host */
    TRIGGER_SAYS_A = 16,      /* "a còng" is the sign */
    TRIGGER_SAYS_CONG = 32,   /* ... its second word */
    TRIGGER_SAYS_SELF = 64,   /* "tôi là": who speaks */
    TRIGGER_SAYS_IS = 128,    /* ... and says who it is */
    TRIGGER_SAYS_CALL = 256,  /* a name may follow */
    TRIGGER_SAYS_PLACE = 512, /* the number of a house may follow */
    /* the first word of what a recogniser looks for */
    TRIGGER_SAYS_NAME = 1024,
    TRIGGER_SAYS_DATE = 2048,
    TRIGGER_SAYS_HOUSE = 4096,
    TRIGGER_SAYS_NUMBER = 8192,
    TRIGGER_SAYS_ON = 16384, /* may stand between a word of birth and its date */
};

enum { TRIGGER_SLOTS = 2048 };

struct trigger_word {
    uint32_t tag;
    uint16_t says;
};
extern const struct trigger_word trigger_words[TRIGGER_SLOTS];

static inline unsigned trigger_word_says(uint64_t letters)
{
    const struct trigger_word *word = &trigger_words[letters * 0xE9953EBF30914211u >> 53];

    return word->tag == (uint32_t)letters ? word->says : 0;
}

#endif
