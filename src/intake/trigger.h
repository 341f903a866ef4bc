/* trigger.h - the first look at a text: where may an identifier be in it?
 *
 * One pass over the bytes, 64 at a time as masks: what begins with a digit, what is a capital
 * behind a gap, what is a sign.  Only there are the words around asked for, each folded to ASCII
 * and packed into one number, so that asking is one look at a small table.  Names a window wherever
 * a recogniser could take something, and seldom else.  Linear.  Pure.
 */
#ifndef INTAKE_TRIGGER_H
#define INTAKE_TRIGGER_H

#include "intake/redact.h"

/* What may be found in a window. */
enum {
    WINDOW_NAMES = 1,
    WINDOW_BIRTHS = 2,
    WINDOW_HOUSES = 4,
    WINDOW_NUMBERS = 8,  /* of phones, papers, plates */
    WINDOW_HANDLES = 16, /* behind the name of a network */
    WINDOW_ALL = 31,
};

/* Bytes of the text: what the recognisers may see, and the places at which they are asked.  Every
 * place has all around it that decides there. */
struct window {
    size_t from, to;
    size_t begin, end; /* from <= begin <= end <= to; a word or a number begins at begin */
    unsigned asks;
};

enum { WINDOWS_MOST = 128 };

struct trigger {
    struct window windows[WINDOWS_MOST]; /* apart from each other, from left to right */
    size_t n;
    bool accounts; /* maybe an account; then the one window is the whole text */
};

void trigger_look(struct text text, enum redact_scope scope, struct trigger *out);

#endif
