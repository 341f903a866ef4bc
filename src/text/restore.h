/* restore.h - the marks that a Vietnamese text lacks: "ngap nuoc" is read as "ngập nước".
 *
 * For search, titles and suggestions: what a person wrote is never changed in its place.  Method:
 * each folded syllable has the few spellings that newspapers use; the syllables beside it (folded
 * too, up to two on either side) shift the odds among them by counts learned from news; the best
 * one is taken, each syllable by itself (restore.c tells the papers, and what lost).  A mark that
 * is written stays; a syllable without marks in a text that has them must be very unlikely as it
 * stands before it changes; words that are no Vietnamese syllables stay, and so does what stands
 * among them.  Cost: six look-ups a syllable, linear.  Memory of the model: 8 MiB; reading it takes
 * some 15 ms.  Pure.
 */
#ifndef TEXT_RESTORE_H
#define TEXT_RESTORE_H

#include "base/arena.h"
#include "base/err.h"
#include "text/reading.h"

struct restore_model;

/* The model from data/models/restore.bin; *out in `process`, nothing stays in `bytes`.  RC_BAD:
 * these are not the bytes of a model. */
enum rc restore_read(struct str bytes, struct arena *process, const struct restore_model **out,
                     struct err *err);
/* Puts marks on the readings of `text` that are not settled and lack them; new texts in `batch`. */
void restore_readings(const struct restore_model *model, struct text text,
                      struct readings *readings, struct arena *batch);

#endif
