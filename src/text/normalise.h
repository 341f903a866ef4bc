/* normalise.h - text as it was meant: the form in which matching reads it.
 *
 * On top of NFC (nfc.h): Vietnamese of old encodings and UTF-8 encoded twice are read (legacy.h),
 * characters that pretend become what they look like (skeleton.h), and tone marks stand where the
 * newspapers put them: hòa, hoàn, quá (tone.h).  What a person is shown is the original, which the
 * caller keeps.  Method: one scan passes whatever needs none of it (plain.h); the
 * repairs run where it stopped for a reason, until nothing changes.  Linear.  Pure.  Idempotent.
 */
#ifndef TEXT_NORMALISE_H
#define TEXT_NORMALISE_H

#include "base/arena.h"
#include "base/utf8.h"

enum normalise_kind {
    NORMALISE_NFC,        /* places: ill-formed, controls, not composed */
    NORMALISE_TWICE,      /* runs of UTF-8 encoded twice */
    NORMALISE_TCVN3,      /* lines */
    NORMALISE_VNI,        /* lines */
    NORMALISE_VISCII,     /* lines */
    NORMALISE_1258,       /* lines */
    NORMALISE_VIQR,       /* lines */
    NORMALISE_INVISIBLE,  /* characters without width */
    NORMALISE_FULL_WIDTH, /* characters */
    NORMALISE_LOOK_ALIKE, /* words with letters of another script */
    NORMALISE_TONE,       /* words */
    NORMALISE_KINDS
};
/* As the filter prints them. */
extern const char *const normalise_names[NORMALISE_KINDS];

struct normalise_counts {
    uint32_t of[NORMALISE_KINDS];
};

/* Any bytes.  The result may view `bytes` itself when nothing had to change, else memory of
 * `batch`.  *counts grows. */
struct text normalise_text(struct str bytes, struct arena *batch, struct normalise_counts *counts);

#endif
