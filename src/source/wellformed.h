/* wellformed.h - whether a document is well-formed XML, and the text that is in it.
 *
 * Method: libxml2's reader on memory, strict, no network, no DTD from outside, no entity
 * substituted: memory does not grow with the document.  Linear.
 */
#ifndef SOURCE_WELLFORMED_H
#define SOURCE_WELLFORMED_H

#include "base/buf.h"
#include "base/err.h"

struct xml_facts {
    uint64_t elements;
    uint32_t depth;  /* of the deepest element; the root is 1 */
    struct buf root; /* its name */
    struct buf text; /* character data outside elements that name an author, up to its maximum */
};

/* Adds to *facts, whose buffers the caller has set up.  RC_BAD: not well-formed; names the line. */
enum rc wellformed_read(struct str document, struct xml_facts *facts, struct err *err);

#endif
