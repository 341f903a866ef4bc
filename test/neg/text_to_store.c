/* text_to_store.c - text that has not passed the gate cannot reach a store. */
/* expect: incompatible pointer type */
#include "store/store.h"

struct post probe(const struct text *text, const struct redacted *gated)
{
#ifdef CORRECT
    (void)text;
    return (struct post){.text = gated};
#else
    (void)gated;
    return (struct post){.text = text};
#endif
}
