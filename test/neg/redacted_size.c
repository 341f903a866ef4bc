/* redacted_size.c - nobody can take memory for a redacted text of his own. */
/* expect: sizeof.* incomplete type */
#include "intake/redact.h"

const struct redacted *probe(struct text text, struct arena *batch, struct redaction_counts *counts)
{
#ifdef CORRECT
    return redact(text, REDACT_PEOPLE, batch, counts);
#else
    (void)text;
    (void)counts;
    return arena_alloc(batch, sizeof(struct redacted));
#endif
}
