/* publication_author.c - not even a publication keeps who wrote it. */
/* expect: no member named|does not refer to any field */
#include "model/post.h"

struct publication probe(struct str name, struct str id)
{
#ifdef CORRECT
    (void)name;
    return (struct publication){.id = id};
#else
    (void)id;
    return (struct publication){.author = name};
#endif
}
