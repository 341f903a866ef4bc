/* recognise.h - the recognisers of identifiers, one kind a file; redact.c says in which order.
 *
 * Each looks at one place of a shadow (shadow.h), from left to right: what stands before the place
 * is final.  What it finds it takes (shadow_take), at that place or a little behind it; it says
 * whether it did.  Nothing that was taken may make something else look like an identifier: then
 * redacting twice is redacting once.  Cost: bounded for each place, but for accounts_take, which
 * reads all and is linear.  Pure.
 */
#ifndef INTAKE_RECOGNISE_H
#define INTAKE_RECOGNISE_H

#include "intake/numbers.h"

/* E-mail addresses, handles, links to profiles; the whole text. */
void accounts_take(struct shadow *shadow, enum redact_scope scope);
/* A word begins at i: a network, and then who somebody is there, "ig hoa_92"? */
bool accounts_take_named(struct shadow *shadow, size_t i);

/* What the word that was read last announces: "STK", "hộ chiếu". */
struct announced {
    enum redaction kind;
    size_t end;  /* of the word */
    bool strong; /* it names a number of this kind; a weak one ("ACB") may stand for itself */
};
enum { ANNOUNCED_REACH = 30 }; /* characters between such a word and its number */

/* A word begins at i: does it announce a number? */
bool papers_announced(const struct shadow *shadow, size_t i, struct announced *announced);
/* Was the number that begins at `at` announced?  What is taken in between ends the reach. */
bool papers_is_announced(const struct shadow *shadow, size_t at, const struct announced *announced);
/* A number that was announced, or that tells by itself what it is. */
bool papers_take(struct shadow *shadow, const struct run *run, const struct announced *announced,
                 enum redact_scope scope);
/* A word begins at i: passport, health insurance, IBAN, which begin with letters. */
bool papers_take_lettered(struct shadow *shadow, size_t i, const struct announced *announced,
                          enum redact_scope scope);
/* Ten digits that nothing announced, with the check digit of a tax code. */
bool papers_take_tax(struct shadow *shadow, const struct run *run);
bool phones_take(struct shadow *shadow, const struct run *run, enum redact_scope scope);
bool plates_take(struct shadow *shadow, size_t i, const struct announced *announced);
bool addresses_take(struct shadow *shadow, size_t i);
bool positions_take(struct shadow *shadow, size_t i);
bool births_take(struct shadow *shadow, size_t i);
/* Behind a word that announces a name; `says` of trigger_words.h. */
bool names_take(struct shadow *shadow, size_t i, unsigned says);

#endif
