/* text_value_to_store.c - nor can it reach one by value. */
/* expect: incompatible type */
#include "store/store.h"

struct post probe(struct text text, const struct redacted *gated)
{
#ifdef CORRECT
    (void)text;
    return (struct post){.text = gated};
#else
    (void)gated;
    return (struct post){.text = text};
#endif
}
