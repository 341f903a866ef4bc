/* feed.h - opening a feed strictly or with repair; the connector itself is source_feed.
 */
#ifndef SOURCE_FEED_H
#define SOURCE_FEED_H

#include "source/source.h"

/* As source_feed.open, which repairs.  Strict: RC_BAD for a feed that is not well-formed or not in
 * the encoding that it declares.  RC_REFUSED: the feed says that it is an account's. */
enum rc feed_open(struct input *input, bool strict, struct arena *job, void **state,
                  struct err *err);

#endif
