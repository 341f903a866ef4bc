/* redact.h - takes identifiers of people out of a text and leaves typed placeholders.
 *
 * Second line of defence: the first is that nothing verbatim leaves (PRIVACY P6, P7).  One look at
 * the bytes (trigger.h) passes most texts; the others get a folded shadow (shadow.h), on which the
 * recognisers (recognise.h) run in a fixed order, so that prices, dates, case numbers, hotlines and
 * UUIDs survive.  Names go only behind a word that announces one, so they are never complete; ages
 * stay, since behind a name that went they say of whom no more than the matter needs.
 * Idempotent.  Linear.  Pure.
 */
#ifndef INTAKE_REDACT_H
#define INTAKE_REDACT_H

#include "base/arena.h"
#include "base/utf8.h"
#include "model/redacted.h"

enum redaction {
    REDACTION_PHONE,     /* [SĐT] */
    REDACTION_EMAIL,     /* [EMAIL] */
    REDACTION_HANDLE,    /* [TÀI KHOẢN]: @handle, and links to profiles */
    REDACTION_ID,        /* [CCCD]: 9- and 12-digit identity numbers */
    REDACTION_TAX,       /* [MST] */
    REDACTION_INSURANCE, /* [BHXH]: social and health insurance */
    REDACTION_PASSPORT,  /* [HỘ CHIẾU] */
    REDACTION_LICENCE,   /* [GPLX] */
    REDACTION_PLATE,     /* [BIỂN SỐ] */
    REDACTION_ACCOUNT,   /* [STK]: bank accounts */
    REDACTION_CARD,      /* [THẺ] */
    REDACTION_ADDRESS, /* [ĐỊA CHỈ]: what is finer than the ward: houses, coordinates, links to maps
                        */
    REDACTION_BIRTH, /* [NGÀY SINH] */
    REDACTION_NAME,  /* [TÊN] */
    REDACTIONS
};

struct redaction_counts {
    uint32_t n[REDACTIONS];
};

const char *redaction_name(enum redaction redaction); /* "phone", "email", …, "name" */

/* What kind of writer: of a publisher's text only mobile phones, handles, profile links, cards and
 * numbers of identity papers go; the rest is of offices, or news. */
enum redact_scope { REDACT_PEOPLE, REDACT_PUBLICATION };

/* Text with placeholders, in `batch` (or `text` itself when nothing was found). */
struct text redact_text(struct text text, enum redact_scope scope, struct arena *batch,
                        struct redaction_counts *counts);
/* The same, through the one door to the third text state. */
const struct redacted *redact(struct text text, enum redact_scope scope, struct arena *batch,
                              struct redaction_counts *counts);

#endif
