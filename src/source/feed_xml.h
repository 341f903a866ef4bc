/* feed_xml.h - RSS 0.9x to 2.0, RSS 1.0 and 1.1 (RDF), Atom 0.3 and 1.0, news sitemaps.
 *
 * Method: libxml2's SAX2 push parser on memory, a few KiB at a time, so that memory does not grow
 * with the document.  No DTD is loaded and no entity is ever expanded but the five of XML and the
 * names of HTML characters: there is nothing to fetch and nothing to blow up.  Two passes: the
 * first reads only what the feed says of itself (an account's feed is refused before its first
 * entry).  Linear.
 */
#ifndef SOURCE_FEED_XML_H
#define SOURCE_FEED_XML_H

#include "base/err.h"
#include "source/feed_items.h"

struct feed_xml;

/* Lives in `job`, views `document`.  RC_BAD: no feed, or (strict) not well-formed; then nothing is
 * left to close.  RC_REFUSED: an account's feed. */
enum rc feed_xml_open(struct str document, bool strict, struct feed_items *items,
                      struct feed_xml **out, struct err *err);
/* Reads on until an entry ended; false at the end of the document. */
bool feed_xml_more(struct feed_xml *xml);
/* Line of the first error so far that a strict parser would not have passed over; 0: none. */
unsigned long feed_xml_error_line(const struct feed_xml *xml);
void feed_xml_close(struct feed_xml *xml);

#endif
