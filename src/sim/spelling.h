/* spelling.h - the ways in which people write the same sentence.
 *
 * Each function appends a rewritten copy of `s`, which is valid UTF-8 in NFC, to *out.  Linear.
 * Pure: what is random comes from the caller's generator.
 */
#ifndef SIM_SPELLING_H
#define SIM_SPELLING_H

#include "base/buf.h"
#include "base/rng.h"

/* Without tone marks and hooks, case kept: "Nước Đục" -> "Nuoc Duc". */
void spell_plain(struct str s, struct buf *out);
/* With the abbreviations of chats: "không được" -> "ko dc". */
void spell_short(struct str s, struct buf *out);
/* One or two slips of the finger: letters swapped, doubled or left out; ASCII letters only. */
void spell_slipped(struct str s, struct rng *rng, struct buf *out);
/* Vietnamese letters decomposed into letter and marks (NFD). */
void spell_decomposed(struct str s, struct buf *out);
/* A JSON string with \u escapes for whatever is not ASCII, quotes included. */
void spell_escaped_json(struct str s, struct buf *out);

#endif
