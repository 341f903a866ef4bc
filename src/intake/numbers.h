/* numbers.h - runs of digits in the shadow of a text, however their digits are written.
 *
 * A digit is '0' to '9' (the shadow has folded those of other scripts), a digit's name in
 * Vietnamese or English ("chín", "chin", "nine"), or one of o, l, i in a word that else holds
 * digits.  Digits hang together over up to three spaces, dots, dashes, brackets or symbols.
 * Cost: bounded for each place asked, so that asking at every place is linear.  Pure.
 */
#ifndef INTAKE_NUMBERS_H
#define INTAKE_NUMBERS_H

#include "intake/shadow.h"

enum { RUN_DIGITS = 20, RUN_SEPARATORS = 3 };

/* Digits gathered from one place on; at most RUN_DIGITS of them. */
struct run {
    char digit[RUN_DIGITS];
    size_t index[RUN_DIGITS], end[RUN_DIGITS]; /* of each digit in the shadow */
    bool last[RUN_DIGITS];                     /* ends a group */
    unsigned char size[RUN_DIGITS];            /* of each group */
    unsigned char separator[RUN_DIGITS];       /* behind each group, rather no space; 0: the last */
    size_t n, groups;
    bool disguised; /* some digit is written with letters */
};

/* False when no digit stands at `at`. */
bool run_gather(const struct shadow *shadow, size_t at, struct run *run);
/* The value of `digits` digits (at most 9). */
int run_number(const struct run *run, size_t from, size_t digits);
/* Do groups of at least `smallest` digits end after exactly `digits`? */
bool run_ends_at(const struct run *run, size_t digits, size_t smallest);

/* How a number hangs together with what stands before it. */
enum joined {
    JOINED_FREE,     /* nothing is attached */
    JOINED_TO_WORD,  /* "LH-09…", "sđt09…", or another number that was taken */
    JOINED_TO_COUNT, /* "1.09…": behind a number of at most two digits */
    JOINED_INSIDE,   /* within something longer: a case number, a UUID, a word */
};
enum joined run_joined(const struct shadow *shadow, size_t at);

/* "08.12.2025 …": day, month and year in front. */
bool run_begins_with_date(const struct run *run);
/* "0.345678901": one digit, a point, one long group. */
bool run_is_fraction(const struct run *run);
/* "202603021530": a moment to the minute. */
bool run_is_moment(const struct run *run);
/* A sum: a currency stands on one of its sides, or it ends in three zeros, or it is written in
 * groups of three with points. */
bool run_is_money(const struct shadow *shadow, const struct run *run, size_t digits);
/* "05 12 23 31 40 44 …": pairs that go on are a list of small numbers.  Where the list that begins
 * at i ends; i when there is none. */
size_t run_pairs_end(const struct shadow *shadow, size_t i);

#endif
