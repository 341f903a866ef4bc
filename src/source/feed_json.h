/* feed_json.h - JSON Feed 1.0 and 1.1.
 */
#ifndef SOURCE_FEED_JSON_H
#define SOURCE_FEED_JSON_H

#include "base/err.h"
#include "source/feed_items.h"

/* Puts all entries of the document into `items`.  RC_BAD: not JSON, or no JSON Feed; RC_REFUSED:
 * the feed of an account. */
enum rc feed_json_read(struct str document, struct feed_items *items, struct err *err);

#endif
