/* xml_declaration.h - what the first line of an XML document says of its encoding.
 */
#ifndef SOURCE_XML_DECLARATION_H
#define SOURCE_XML_DECLARATION_H

#include "base/str.h"

/* The encoding's name as written, a view; n == 0: none.  For encodings that keep ASCII bytes. */
struct str xml_declared_encoding(struct str document);
/* Whether a byte order mark and the declaration contradict each other: a fatal error (XML 1.0,
 * 4.3.3), which libxml2 passes over. */
bool xml_encoding_contradicts(struct str document);

#endif
