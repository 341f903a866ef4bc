/* columns.h - text in the columns of a terminal: width, padding, wrapping.
 *
 * Width by UAX #11 in blocks: combining marks 0, East Asian wide and emoji 2, all else 1.  Linear.
 * Pure.
 */
#ifndef PUBLISH_COLUMNS_H
#define PUBLISH_COLUMNS_H

#include "base/buf.h"

int columns_width(struct str text);
/* Adds the text cut ("…") or padded to `width` columns; `right`: padding in front. */
void columns_cell(struct buf *out, struct str text, int width, bool right);
/* Adds the text as lines of at most `width` columns, broken at spaces; each begins with `indent`
 * spaces but the first, which stands at column `at` already. */
void columns_wrap(struct buf *out, struct str text, int width, int indent, int at);

#endif
