/* nfc.h - any bytes to valid UTF-8 in NFC: from the first text state to the second.
 *
 * Method: one automaton over the bytes passes what is valid and surely in NFC (all of composed
 * Vietnamese); what it stops at is looked at more closely.  The marks
 * of Vietnamese are composed on the way.  Ill-formed bytes become U+FFFD by
 * maximal subparts; NUL, DEL and C0 controls but tab and newline become a space, CR LF and CR a
 * newline; marks and what may compose go through ICU (unorm2, Unicode 15), one run of marks at a
 * time.  Cost: linear, also on 1 MiB of combining marks.  Pure.  Idempotent.
 */
#ifndef TEXT_NFC_H
#define TEXT_NFC_H

#include "base/arena.h"
#include "base/utf8.h"

/* The result may view `s` itself when nothing had to change, else memory of `batch`.
 * *repairs (may be NULL) grows by the number of places that changed. */
struct text nfc_text(struct str s, struct arena *batch, uint32_t *repairs);
/* Offset of the first character at or behind `at`, where one begins, that the automaton does not
 * let pass: all before it is valid and in NFC.  Any bytes; s.n when it lets all pass. */
size_t nfc_until(struct str s, size_t at);

#endif
