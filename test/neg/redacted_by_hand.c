/* redacted_by_hand.c - a redacted text has one maker, and an initialiser is not it. */
/* expect: incomplete type */
#include "intake/redact.h"

const struct redacted *probe(struct text text, struct arena *batch, struct redaction_counts *counts)
{
#ifdef CORRECT
    return redact(text, REDACT_PEOPLE, batch, counts);
#else
    struct redacted redacted = {text};

    (void)batch;
    (void)counts;
    return &redacted;
#endif
}
