/* trigger.h - the first look at a text: may an identifier be in it at all?
 *
 * One pass over the bytes.  Words are folded to ASCII and packed into one number each while they
 * are read, so that asking for a word ("chín", "sinh", "gmail") is one look at a small table; what
 * stands before a number or a capital is asked for only there.  Says yes whenever a recogniser
 * could take something, and seldom else.  Linear.  Pure.
 */
#ifndef INTAKE_TRIGGER_H
#define INTAKE_TRIGGER_H

#include "intake/redact.h"

enum trigger {
    TRIGGER_NOTHING,  /* no identifier is in the text */
    TRIGGER_WORDS,    /* numbers, addresses, dates of birth, names; no accounts */
    TRIGGER_ACCOUNTS, /* accounts, and maybe the others */
};

enum trigger trigger_look(struct text text, enum redact_scope scope);

#endif
