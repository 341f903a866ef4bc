/* str_past_the_gate.c - the gate takes text, not bytes that nobody checked. */
/* expect: incompatible type */
#include "intake/redact.h"
#include "text/nfc.h"

const struct redacted *probe(struct str raw, struct arena *batch, struct redaction_counts *counts)
{
#ifdef CORRECT
    return redact(nfc_text(raw, batch, NULL), REDACT_PEOPLE, batch, counts);
#else
    return redact(raw, REDACT_PEOPLE, batch, counts);
#endif
}
