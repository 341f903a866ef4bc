/* paper.h - paragraphs, headings and bars on a terminal: what the text faces are written with.
 */
#ifndef PUBLISH_PAPER_H
#define PUBLISH_PAPER_H

#include "publish/telling.h"

enum { PAPER_WIDTH_MIN = 60, PAPER_WIDTH_MAX = 120 };

struct paper {
    const struct teller *teller;
    struct buf *out;
    int width;
    bool colour;
};

enum ink { INK_HEADING, INK_STRONG, INK_ALARM, INK_FAINT };

void paper_add(struct paper *paper, struct str text);
void paper_ink_on(struct paper *paper, enum ink ink);
void paper_ink_off(struct paper *paper);
void paper_spaces(struct paper *paper, int n);
/* A paragraph behind `indent` spaces; nothing for an empty one. */
void paper_paragraph(struct paper *paper, struct str text, int indent);
void paper_faint(struct paper *paper, struct str text, int indent);
void paper_heading(struct paper *paper, enum word word);
/* `part` of `whole` as a bar in `columns` columns, padded. */
void paper_bar(struct paper *paper, uint64_t part, uint64_t whole, int columns);
/* What was published about a story. */
void paper_titles(struct paper *paper, const struct told_story *story, int indent);

#endif
