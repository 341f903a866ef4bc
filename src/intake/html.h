/* html.h - HTML to plain text.
 *
 * Method: libxml2's HTML parser on memory (XML_PARSE_HUGE off the network), own walk over the
 * nodes: script, style, template, head and comments give nothing; block elements and <br> give a
 * newline; img gives its alt text; a link to a profile gives its text only.  Depth is bounded by
 * our own walk (no recursion).  Any bytes are accepted.  Cost: linear.  Pure.
 */
#ifndef INTAKE_HTML_H
#define INTAKE_HTML_H

#include "base/arena.h"
#include "base/str.h"

/* Never fails: what cannot be parsed comes out as text without tags.  Result in `batch`. */
struct str html_to_text(struct str html, struct arena *batch);

#endif
