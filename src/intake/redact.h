/* redact.h - takes identifiers of people out of a text and leaves typed placeholders.
 *
 * Second line of defence: the first is that nothing verbatim leaves (PRIVACY P6, P7).  Recognisers
 * run in a fixed order on a folded shadow of the text, so that prices, dates, case numbers,
 * hotlines and UUIDs survive.  Phones, e-mail, handles, profile links and 9- and 12-digit identity
 * numbers here; the rest of the table of P7 comes with the text core.  Idempotent.  Linear.  Pure.
 */
#ifndef INTAKE_REDACT_H
#define INTAKE_REDACT_H

#include "base/arena.h"
#include "base/utf8.h"
#include "model/redacted.h"

enum redaction {
    REDACTION_PHONE,  /* [SĐT] */
    REDACTION_EMAIL,  /* [EMAIL] */
    REDACTION_HANDLE, /* [TÀI KHOẢN]: @handle, and links to profiles */
    REDACTION_ID,     /* [CCCD]: 9- and 12-digit identity numbers */
    REDACTIONS
};

struct redaction_counts {
    uint32_t n[REDACTIONS];
};

const char *redaction_name(enum redaction redaction); /* "phone", "email", "handle", "id" */

/* What kind of writer: of a publisher's text only mobile phones, handles, profile links and
 * identity numbers go; fixed lines, hotlines, mail addresses and names of offices stay. */
enum redact_scope { REDACT_PEOPLE, REDACT_PUBLICATION };

/* Text with placeholders, in `batch` (or `text` itself when nothing was found). */
struct text redact_text(struct text text, enum redact_scope scope, struct arena *batch,
                        struct redaction_counts *counts);
/* The same, through the one door to the third text state. */
const struct redacted *redact(struct text text, enum redact_scope scope, struct arena *batch,
                              struct redaction_counts *counts);

#endif
