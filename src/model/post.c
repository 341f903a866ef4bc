/* post.c - names of the kinds of items; see post.h. */
#include "model/post.h"

static const char *const names[KINDS] = {"post", "publication", "tip", "request"};

const char *kind_name(enum kind kind)
{
    return names[kind];
}

bool kind_find(struct str name, enum kind *out)
{
    for (int i = 0; i < KINDS; i++)
        if (str_eq(name, str_of(names[i]))) {
            *out = (enum kind)i;
            return true;
        }
    return false;
}
