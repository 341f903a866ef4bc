/* number_as_released.c - a bare number may not leave in place of a released one. */
/* expect: integer without a cast|integer to pointer */
#include "model/released.h"

uint32_t probe(uint32_t count, const struct released *released)
{
#ifdef CORRECT
    (void)count;
    return released_number(released);
#else
    (void)released;
    return released_number(count);
#endif
}
