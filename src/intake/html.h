/* html.h - HTML to plain text.
 *
 * Method: one pass over the tags, no tree: script, style, template, head and comments give nothing;
 * block elements and <br> give a newline, table cells a space; img gives its alt text; a link gives
 * its text only.  White space collapses except in <pre>; character references are decoded.  Any
 * bytes are accepted; what is no tag stays as text, so nothing that a reader would see is lost.
 * Cost: linear at any nesting and with anything left unclosed.  Pure.
 * Differs from the HTML standard, 13.2 (parsing): misnesting is not repaired, because text does not
 * depend on it; an unclosed comment or quote ends at the next '>' instead of taking all that
 * follows.
 */
#ifndef INTAKE_HTML_H
#define INTAKE_HTML_H

#include "base/arena.h"
#include "base/str.h"

/* Never fails: what cannot be parsed comes out as text without tags.  Result in `batch`. */
struct str html_to_text(struct str html, struct arena *batch);

#endif
