/* faces.h - the three faces of one content.
 */
#ifndef PUBLISH_FACES_H
#define PUBLISH_FACES_H

#include "publish/brief.h"
#include "publish/telling.h"

void brief_text(const struct teller *teller, const struct brief_options *options, struct buf *out);
void brief_html(const struct teller *teller, struct buf *out);
void brief_json(const struct teller *teller, struct buf *out);

#endif
