/* redacted_inside.c - what is inside a redacted text is reached through its view alone. */
/* expect: undefined type|incomplete definition */
#include "model/redacted.h"

size_t probe(const struct redacted *redacted)
{
#ifdef CORRECT
    return redacted_length(redacted);
#else
    return redacted->text.n;
#endif
}
