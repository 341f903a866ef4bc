/* look.h - what the first look shares: reading a text around a place, and naming windows.
 *
 * The parts of trigger.c.  Words are read backwards and forwards as folded letters, eight of them
 * packed into one number.  Nothing here looks further than one word, or than a bound.  Pure.
 */
#ifndef INTAKE_LOOK_H
#define INTAKE_LOOK_H

#include "intake/trigger.h"

struct look {
    const unsigned char *p;
    size_t n;
    bool people;       /* the scope asks for names, addresses, births, plates */
    bool whole;        /* something may be invisible, or a placeholder is there */
    size_t run_end;    /* of the last run of digits that was measured */
    size_t number_end; /* of the last that a window is for: what announces was looked for there */
    uint64_t picked;   /* words of this block that may be names of digits */
    uint64_t picked_ahead; /* ... of the next */
    size_t base;           /* ... where it begins */
    size_t domain, space;  /* behind the last dot of what may be a domain, the last space; 0 none */
    struct trigger *out;
};

/* What may stand in a gap: before a name, between digits, between a word and its number. */
enum { GAP_NAME = 1, GAP_DIGITS = 2, GAP_NUMBER = 4 };
enum { GAP_MOST = 32 }; /* bytes */
extern const unsigned char look_gaps[256];
/* Letters of ASCII, folded; 0: none. */
extern const unsigned char look_letters[256];

/* The byte at i, 0 behind the end. */
static inline unsigned char look_byte(const struct look *l, size_t i)
{
    return i < l->n ? l->p[i] : 0;
}

static inline bool look_is_digit(unsigned char c)
{
    return (unsigned)c - '0' < 10;
}

/* Valid UTF-8 beyond ASCII at p. */
static inline uint32_t look_decode(const unsigned char *p, size_t *n)
{
    if (p[0] < 0xE0) {
        *n = 2;
        return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
    }
    if (p[0] < 0xF0) {
        *n = 3;
        return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    }
    *n = 4;
    return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
}

/* What is neither Latin, Greek, Cyrillic, Vietnamese, punctuation, Han nor an emoji may hide a
 * digit, a sign or nothing at all. */
bool look_is_disguise(uint32_t cp);
/* Does this code point stay in the shadow, and may it be no disguise?  What is not known to may
 * make any stretch of bytes invisible. */
bool look_is_visible(uint32_t cp);

/* The letter that ends before *at, folded (0: a mark), *at moved before it; -1: none ends there. */
int look_letter_before(const struct look *l, size_t *at);
/* Where the letter that begins at i ends; i: none does. */
size_t look_letter_end(const struct look *l, size_t i);
/* The last eight letters of the word that ends before `end`, and where it begins; end: none. */
size_t look_word_back(const struct look *l, size_t end, uint64_t *letters);
/* Where the word that begins at i ends, and its last eight letters; i: none begins. */
size_t look_word_ahead(const struct look *l, size_t i, uint64_t *letters);
/* So many characters back or ahead of i. */
size_t look_back(const struct look *l, size_t i, size_t characters);
size_t look_ahead(const struct look *l, size_t i, size_t characters);
/* The begin of the gap that ends before i. */
size_t look_gap_back(const struct look *l, size_t i, unsigned gap);
/* The begin of the word `words` words before the one that begins at i. */
size_t look_words_back(const struct look *l, size_t i, int words);

/* Recognisers are to be asked at begin .. end-1.  Windows that touch become one. */
void look_window(struct look *l, size_t begin, size_t end, unsigned asks);

/* At i stands what no word has: is it in the name of an account, behind that of a network? */
void look_at_account(struct look *l, size_t i);
/* Digits begin at i, or a word that was picked out: the name of a digit? */
void look_at_number(struct look *l, size_t i);

#endif
