/* xml_decode.h - a document in whatever encoding as UTF-8, and libxml2 kept quiet.
 *
 * UTF-16 and UTF-32 are told by their first bytes.  A document that is valid UTF-8 is UTF-8,
 * whatever it declares.  One that declares another encoding, which iconv knows, is decoded from it.
 * Of the rest, one whose bytes above ASCII are mostly UTF-8 is repaired, any other is read as
 * windows-1258 (Vietnamese) or windows-1252.  What stands for no character becomes U+FFFD.  Linear.
 */
#ifndef SOURCE_XML_DECODE_H
#define SOURCE_XML_DECODE_H

#include "base/buf.h"

/* UTF-8, whatever it goes on declaring: a view of the document, or of `out`, which the caller has
 * set up. */
struct str xml_decode(struct str document, struct buf *out);
/* libxml2 prints errors of encoding, bytes of the document in them, whatever handlers its parser
 * has: this thread is told to drop them (PRIVACY P14). */
void xml_keep_quiet(void);

#endif
