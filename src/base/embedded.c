/* embedded.c - finds a file in the table that tools/embed makes; see embedded.h. */
#include "base/embedded.h"

struct embedded {
    const char *path, *begin, *end;
};
extern const struct embedded embedded_table[]; /* ends with a path of NULL */

struct str embedded_file(const char *path)
{
    for (const struct embedded *file = embedded_table; file->path; file++)
        if (str_eq(str_of(file->path), str_of(path)))
            return (struct str){file->begin, (size_t)(file->end - file->begin)};
    return (struct str){NULL, 0};
}
