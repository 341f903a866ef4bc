/* trigger_words.h - the words that the first look of redaction asks for; see trigger.h.
 *
 * A word is known by its letters, folded to ASCII and packed into one number, the last letter
 * lowest.  The table knows a word by its slot and its last four letters, so a few other words are
 * taken for one: that costs a second look, never a miss.
 */
#ifndef INTAKE_TRIGGER_WORDS_H
#define INTAKE_TRIGGER_WORDS_H

#include <stdbool.h>
#include <stdint.h>

enum {
    TRIGGER_SAYS_DIGIT = 1,   /* the name of a digit */
    TRIGGER_SAYS_BIRTH = 2,   /* a date of birth may follow */
    TRIGGER_SAYS_FIRST = 4,   /* announces a number only before a second word */
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
    TRIGGER_SAYS_ON = 16384,         /* may stand between a word of birth and its date */
    TRIGGER_SAYS_SECOND = 32768,     /* ... of two that announce a number */
    TRIGGER_SAYS_VEHICLE = 65536,    /* ... of a plate, no other */
    TRIGGER_SAYS_NOUGHT = 131072,    /* zero, or eight: a phone may begin */
    TRIGGER_SAYS_NETWORK = 262144,   /* a host of profiles */
    TRIGGER_SAYS_NAMING = 524288,    /* the first word of "họ và tên", "tôi là" */
    TRIGGER_SAYS_FAMILY = 1048576,   /* a family name */
    TRIGGER_SAYS_TOWN = 2097152,     /* the first word of a place that is no name */
    TRIGGER_SAYS_PLATFORM = 4194304, /* a network of people, by name */
    TRIGGER_SAYS_ROLE = 16777216,    /* the first word of a role, behind which a full name counts */
    TRIGGER_SAYS_LAST = 33554432,    /* ... and its second word */
    TRIGGER_SAYS_ROOM = 67108864,    /* a room, whose building may stand before it */
    TRIGGER_SAYS_FILLER = 8388608,   /* may stand between such a name and an account */
};

enum { TRIGGER_SLOTS = 2048 };

struct trigger_word {
    uint32_t tag;
    uint32_t says;
};
extern const struct trigger_word trigger_words[TRIGGER_SLOTS];

static inline unsigned trigger_word_says(uint64_t letters)
{
    const struct trigger_word *word = &trigger_words[letters * 0x407537A1766C67B9u >> 53];

    return word->tag == (uint32_t)letters ? word->says : 0;
}

/* Words that call somebody, by all their bytes: the first lowest, in lower case. */
enum { TRIGGER_CALLING_SLOTS = 512 };
extern const uint64_t trigger_calling[TRIGGER_CALLING_SLOTS];

static inline bool trigger_calls(uint64_t bytes)
{
    return trigger_calling[bytes * 0x417DF2E8D5564F9Du >> 55] == bytes;
}

#endif
