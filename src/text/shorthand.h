/* shorthand.h - social spelling: ko, dc, vs, j, ntn, quáaaa, as what it stands for.
 *
 * Method: a list of the project's own tells what a written form stands for, with the words beside
 * it that decide where there are several; letters written again and again are written once where
 * that leaves a Vietnamese syllable.  A single letter is read only where it is neither beside a
 * number nor a name ("lớp A", "5 k"); a form in capitals only among capitals; nothing is read in
 * text that is not Vietnamese.  Cost: one bit a syllable where no form can stand, linear.  Pure.
 */
#ifndef TEXT_SHORTHAND_H
#define TEXT_SHORTHAND_H

#include "base/err.h"
#include "text/reading.h"

struct shorthand;

/* The list from data/social-spelling.tsv; *out in `process`, with views into `table`.  RC_BAD: a
 * column is missing, a form stands twice or has no reading, a condition is not known. */
enum rc shorthand_read(struct str table, struct arena *process, const struct shorthand **out,
                       struct err *err);
/* Readings of the tokens of `text`, in `batch`: keys of the standard spelling, see reading.h.
 * Where nothing is read otherwise than written, the arrays are those of `tokens`. */
struct readings shorthand_readings(const struct shorthand *shorthand, struct text text,
                                   const struct tokens *tokens, struct arena *batch);
/* Their tokens alone. */
struct tokens shorthand_tokens(const struct shorthand *shorthand, struct text text,
                               const struct tokens *tokens, struct arena *batch);

#endif
