/* names.h - capitalised syllables of which Vietnamese names are made.  Pure. */
#ifndef INTAKE_NAMES_H
#define INTAKE_NAMES_H

#include "intake/shadow.h"

/* Does a capitalised syllable of Vietnamese names begin at i?  Streets are named after people. */
bool names_is_syllable(const struct shadow *shadow, size_t i);
/* Where the name that begins at i ends, after at most five syllables; i: none does. */
size_t names_end(const struct shadow *shadow, size_t i);

#endif
