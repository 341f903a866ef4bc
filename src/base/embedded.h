/* embedded.h - the project's own data, which tools/embed puts into the binary.
 */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include "base/str.h"

/* The bytes of a file by its path in the tree ("data/topics.tsv", "data/demo/stories.tsv"), alive
 * for ever; empty with p == NULL when there is none of that name. */
struct str embedded_file(const char *path);

#endif
