/* str_to_store.c - raw bytes cannot be the text of a post, so they cannot reach a store. */
/* expect: incompatible type */
#include "store/store.h"

struct post probe(struct str raw, const struct redacted *gated)
{
#ifdef CORRECT
    (void)raw;
    return (struct post){.text = gated};
#else
    (void)gated;
    return (struct post){.text = raw};
#endif
}
