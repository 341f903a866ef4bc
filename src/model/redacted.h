/* redacted.h - the third text state: text that has passed the gate of intake.
 *
 * Opaque.  It has one maker, redacted_make_(), and `nm` proves that only intake's redact step and
 * the store's seal (which accepts only bytes whose AEAD tag verifies, so they passed the gate once)
 * refer to it.  A reader gets a view of a type of its own; `nm` lists the folders that may take one
 * (never publish, web, release or cmd).
 */
#ifndef MODEL_REDACTED_H
#define MODEL_REDACTED_H

#include "base/arena.h"
#include "base/utf8.h"

struct redacted;

struct redacted_view {
    const char *p; /* valid UTF-8 in NFC, no NUL */
    size_t n;
};

struct redacted_view redacted_view(const struct redacted *redacted);
size_t redacted_length(const struct redacted *redacted);

/* The one maker.  Views `text`, which must live as long as `batch`. */
const struct redacted *redacted_make_(struct text text, struct arena *batch);

#endif
