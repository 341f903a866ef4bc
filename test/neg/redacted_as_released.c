/* redacted_as_released.c - a text that passed the gate may be kept, but may not leave. */
/* expect: incompatible pointer type */
#include "model/redacted.h"
#include "model/released.h"

struct text probe(const struct redacted *redacted, const struct released *released)
{
#ifdef CORRECT
    (void)redacted;
    return released_text(released);
#else
    (void)released;
    return released_text(redacted);
#endif
}
