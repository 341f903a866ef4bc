/* xml_bounds.h - whether a document stays within what libxml2 reads in linear time.
 *
 * libxml2 2.9 takes time square in the attributes and namespaces of one element, in the length of a
 * tag or name that it is given piecewise, and in the declarations of a DTD, and adds declared
 * attributes to each element; its reader keeps a node for every reference.  (16 MiB of attribute
 * declarations took 13 s, of namespaces over a minute, of references 800 MiB.)  One pass over the
 * bytes finds such documents before it does.  Linear. Pure.
 */
#ifndef SOURCE_XML_BOUNDS_H
#define SOURCE_XML_BOUNDS_H

#include "base/str.h"

enum {
    XML_TAG_MAX = 64 * 1024,     /* bytes of one tag */
    XML_ATTRIBUTES_MAX = 128,    /* of one element */
    XML_NAMESPACES_MAX = 128,    /* declared by an element and those around it */
    XML_DTD_MAX = 64 * 1024,     /* bytes of an internal subset */
    XML_NAME_MAX = 1024,         /* bytes of the name of a reference */
    XML_REFERENCES_MAX = 50000,  /* to entities of the document's own */
    XML_OPAQUE_MAX = 256 * 1024, /* bytes of a document in an encoding that hides its markup */
    XML_WORK_MAX = 30000000,     /* comparisons of names, all elements together */
};

/* NULL, or which bound is broken (static). */
const char *xml_bounds_broken(struct str document);

#endif
