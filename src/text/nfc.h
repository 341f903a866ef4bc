/* nfc.h - any bytes to valid UTF-8 in NFC: from the first text state to the second.
 *
 * Method: ill-formed bytes become U+FFFD by maximal subparts; a need-check (only bytes that can
 * start a combining mark or a composable letter matter) passes most text unchanged; the rest goes
 * through ICU (unorm2, Unicode 15).  NUL and other C0 controls but tab and newline become a space.
 * Cost: linear, also on 1 MiB of combining marks.  Pure.  Idempotent.
 */
#ifndef TEXT_NFC_H
#define TEXT_NFC_H

#include "base/arena.h"
#include "base/utf8.h"

/* The result may view `s` itself when nothing had to change, else memory of `batch`.
 * *repairs (may be NULL) grows by the number of places that changed. */
struct text nfc_text(struct str s, struct arena *batch, uint32_t *repairs);

#endif
