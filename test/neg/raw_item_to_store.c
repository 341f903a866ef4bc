/* raw_item_to_store.c - an item as a connector found it cannot be stored in place of a post. */
/* expect: incompatible pointer type */
#include "intake/raw.h"
#include "store/store.h"

struct stored_item probe(const struct raw_item *raw, const struct post *post)
{
#ifdef CORRECT
    (void)raw;
    return (struct stored_item){.post = post};
#else
    (void)post;
    return (struct stored_item){.post = raw};
#endif
}
