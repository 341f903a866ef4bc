/* text_as_released.c - text may not leave in place of a released value. */
/* expect: incompatible pointer type */
#include "model/released.h"

struct text probe(const struct text *text, const struct released *released)
{
#ifdef CORRECT
    (void)text;
    return released_text(released);
#else
    (void)released;
    return released_text(text);
#endif
}
