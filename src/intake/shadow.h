/* shadow.h - the form of a text in which identifiers of people are looked for.
 *
 * One byte a character: ASCII in lower case, letters with marks as their base, letters of other
 * scripts that look like Latin ones as these, digits of every script, full-width, circled and
 * keycap forms as ASCII digits, spaces, dashes, dots and slashes of every kind as ' ', '-', '.',
 * '/'; what is invisible (zero-width, bidi, variation selectors) is left out, so that it cannot
 * hide anything.  A placeholder of an earlier redaction is one character, which the recognisers
 * treat as what they have taken: that makes redaction idempotent.
 * Cost: linear, 6 bytes a character.  Pure.
 */
#ifndef INTAKE_SHADOW_H
#define INTAKE_SHADOW_H

#include "base/arena.h"
#include "base/utf8.h"
#include "intake/redact.h"

#include <string.h>

enum {
    SHADOW_END = 0,    /* before the first and behind the last character */
    SHADOW_LETTER = 1, /* a letter without an ASCII base */
    SHADOW_OTHER = 2,  /* a symbol */
    SHADOW_TAKEN = 3,  /* a placeholder, or part of what a recogniser took */
};

struct shadow {
    struct text text;
    size_t n, spans;      /* characters; spans taken */
    unsigned char *c;     /* [n] */
    uint32_t *at;         /* [n + 1] where it stands in the text */
    unsigned char *taken; /* [n] 0, or 1 + enum redaction; SHADOW_FIRST on the first of a span */
};

enum { SHADOW_FIRST = 0x80 };

/* Of the bytes from .. to-1 of the text, whose ends split no character. */
void shadow_make(struct shadow *shadow, struct text text, size_t from, size_t to,
                 struct arena *batch);
/* The first character that stands at the byte `at` of the text, or behind. */
size_t shadow_index(const struct shadow *shadow, size_t at);
/* Characters from .. to-1 are an identifier. */
void shadow_take(struct shadow *shadow, size_t from, size_t to, enum redaction redaction);

/* The character at i, seen by a recogniser; i may be one off either end (also (size_t)-1). */
static inline unsigned char shadow_code(const struct shadow *shadow, size_t i)
{
    if (i >= shadow->n)
        return SHADOW_END;
    return shadow->taken[i] ? SHADOW_TAKEN : shadow->c[i];
}

static inline bool shadow_is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static inline bool shadow_is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || c == SHADOW_LETTER;
}

static inline bool shadow_is_alnum(unsigned char c)
{
    return shadow_is_letter(c) || shadow_is_digit(c);
}

static inline bool shadow_is_one_of(unsigned char c, const char *set)
{
    return c > SHADOW_TAKEN && strchr(set, c) != NULL;
}

/* What joins two parts of one code: a case number, a UUID, an address of the web. */
static inline bool shadow_is_joint(unsigned char c)
{
    return c == '-' || c == '.' || c == '_' || c == '/' || c == ',' || c == '#';
}

/* What is written at i (< n); full-width letters as ASCII. */
uint32_t shadow_written(const struct shadow *shadow, size_t i);
/* The letter at i is written as a capital. */
bool shadow_is_upper(const struct shadow *shadow, size_t i);
/* Do the characters from i on spell `word`, folded to ASCII?  Its ends are not looked at. */
bool shadow_spells(const struct shadow *shadow, size_t i, const char *word);
/* How many characters from i on are `cue` (Vietnamese words in lower case with their marks), in any
 * case, with all its marks or with none, as a whole word; 0: it is not there.  A cue that begins
 * with '=' is another word without its marks, and counts with them alone. */
size_t shadow_cue(const struct shadow *shadow, size_t i, const char *cue);
/* The length of the first of a list of cues, ended by NULL, that stands at i; 0 none. */
size_t shadow_any_cue(const struct shadow *shadow, size_t i, const char *const *cues);
/* Behind the spaces (and a colon among them) that stand at i. */
size_t shadow_skip_gap(const struct shadow *shadow, size_t i);
/* Does what ends before i stand alone on its right: no letter, no joint with more behind it? */
bool shadow_ends_at(const struct shadow *shadow, size_t i);

#endif
