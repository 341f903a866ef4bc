/* markup.h - writing HTML and SVG in which everything is escaped and everything is closed.
 *
 *     struct markup page = {.out = &buf};
 *     markup_open(&page, "a");
 *     markup_attr(&page, "href", url);
 *     markup_text(&page, title);
 *     markup_close(&page);                     -> <a href="…">…</a>
 *
 * Names of elements and attributes are literals of ours; there is no way to write text or a value
 * that is not escaped.  Control characters become spaces.  Linear.  Pure.
 */
#ifndef PUBLISH_MARKUP_H
#define PUBLISH_MARKUP_H

#include "base/buf.h"

enum { MARKUP_DEPTH = 32 };

struct markup {
    struct buf *out;
    const char *open[MARKUP_DEPTH];
    int depth;
    bool in_tag; /* ">" of the last element is still due: attributes may come */
};

void markup_open(struct markup *markup, const char *element);
/* Only behind markup_open or markup_void, before anything else. */
void markup_attr(struct markup *markup, const char *name, struct str value);
void markup_number(struct markup *markup, const char *name, double value); /* two decimals */
void markup_text(struct markup *markup, struct str text);
void markup_close(struct markup *markup); /* the element opened last */
/* An element without content that has no end tag (meta, br). */
void markup_void(struct markup *markup, const char *element);
/* An element with a class (may be NULL) and a text. */
void markup_leaf(struct markup *markup, const char *element, const char *class_name,
                 struct str text);
/* Our own style sheet, as it stands. */
void markup_style(struct markup *markup, const char *css);

#endif
