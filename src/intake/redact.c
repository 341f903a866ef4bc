/* redact.c - finds, takes out, leaves placeholders; see redact.h.
 *
 * Most texts hold nothing: one look at their bytes decides (no '@', no path, fewer than nine
 * digits, no letter of a script that could hide one).  The others get a shadow (shadow.h), on which
 * the recognisers work: accounts.c, then numbers.c.
 */
#include "intake/redact.h"

#include "intake/shadow.h"
#include "text/token.h"

#include <string.h>

_Static_assert((int)REDACTION_PHONE == PLACEHOLDER_PHONE &&
                   (int)REDACTION_EMAIL == PLACEHOLDER_EMAIL &&
                   (int)REDACTION_HANDLE == PLACEHOLDER_HANDLE &&
                   (int)REDACTION_ID == PLACEHOLDER_ID && (int)REDACTIONS == PLACEHOLDERS,
               "one placeholder for each kind of redaction");

enum { FEWEST_DIGITS = 9 };

const char *redaction_name(enum redaction redaction)
{
    static const char *const names[REDACTIONS] = {"phone", "email", "handle", "id"};

    return names[redaction];
}

/* What a byte says about its text, and what it asks of the byte behind it. */
enum {
    SAYS_AT = 1,
    SAYS_SLASH = 2,
    ASKS_COLON = 4,    /* a letter behind a colon: a DID? */
    SAYS_DISGUISE = 8, /* leads the digits and signs of other scripts */
    SAYS_SIGN = 16,    /* leads signs that can stand for a dot */
    ASKS_DOT = 32,     /* a letter behind a dot: a domain? */
    ASKS_C2 = 64,
    ASKS_E1 = 128,
    ASKS_E2 = 256,
    ASKS_EF = 512,
    ASKS_F0 = 1024,
};

/* What leads neither Latin, Greek, Cyrillic, Vietnamese, punctuation, Han nor emoji is a disguise;
 * four leads depend on their second byte. */
static const uint16_t says[256] = {
    ['.'] = ASKS_DOT,
    ['/'] = SAYS_SLASH,
    [':'] = ASKS_COLON,
    ['@'] = SAYS_AT,
    [0xC2] = ASKS_C2 | SAYS_SIGN,
    [0xD6 ... 0xE0] = SAYS_DISGUISE,
    [0xE1] = ASKS_E1,
    [0xE2] = ASKS_E2 | SAYS_SIGN,
    [0xE3] = SAYS_SIGN,
    [0xEA] = SAYS_DISGUISE,
    [0xEF] = ASKS_EF,
    [0xF0] = ASKS_F0,
    [0xF1 ... 0xF4] = SAYS_DISGUISE,
};

/* Second bytes that make a lead a disguise: C2 superscripts; E1 scripts other than Vietnamese; E2
 * superscripts, circled and dingbat digits; EF small and full-width forms; F0 all but emoji. */
static const uint16_t answers[256] = {
    ['A' ... 'Z'] = ASKS_DOT | ASKS_COLON,
    ['a' ... 'z'] = ASKS_DOT | ASKS_COLON,
    [0x80] = ASKS_E1 | ASKS_F0,
    [0x81 ... 0x9E] = ASKS_E1 | ASKS_E2 | ASKS_F0,
    [0x9F] = ASKS_E1 | ASKS_E2,
    [0xA0 ... 0xB1] = ASKS_E1 | ASKS_E2 | ASKS_F0,
    [0xB2 ... 0xB3] = ASKS_E1 | ASKS_E2 | ASKS_F0 | ASKS_C2,
    [0xB4 ... 0xB7] = ASKS_E1 | ASKS_E2 | ASKS_F0,
    [0xB8] = ASKS_E2 | ASKS_F0,
    [0xB9] = ASKS_E2 | ASKS_F0 | ASKS_C2 | ASKS_EF,
    [0xBA ... 0xBB] = ASKS_E2 | ASKS_F0,
    [0xBC ... 0xBD] = ASKS_E2 | ASKS_F0 | ASKS_EF,
    [0xBE ... 0xBF] = ASKS_E2 | ASKS_F0,
};

static bool may_hold_identifiers(struct text text)
{
    const unsigned char *p = (const unsigned char *)text.p;
    uint32_t digits = 0, seen = 0, answered = 0, last = 0;

    for (size_t i = 0; i < text.n; i++) {
        digits += (unsigned)p[i] - '0' < 10;
        answered |= last & answers[p[i]];
        last = says[p[i]];
        seen |= last;
    }
    if (digits >= FEWEST_DIGITS || seen & (SAYS_AT | SAYS_DISGUISE) ||
        answered & ~(uint32_t)ASKS_DOT)
        return true;
    return seen & SAYS_SLASH && (answered || seen & SAYS_SIGN);
}

/* Where the span that begins at i ends. */
static size_t span_end(const struct shadow *shadow, size_t i)
{
    unsigned char kind = shadow->taken[i++] & (SHADOW_FIRST - 1);

    while (i < shadow->n && shadow->taken[i] == kind)
        i++;
    return i;
}

/* Writes the text with placeholders when `out` is not NULL; its length either way. */
static size_t write_out(struct text text, const struct shadow *shadow, char *out,
                        struct redaction_counts *counts)
{
    size_t n = 0, done = 0;

    for (size_t i = 0; i < shadow->n;) {
        struct str placeholder;

        if (!shadow->taken[i]) {
            i++;
            continue;
        }
        placeholder = placeholders[(shadow->taken[i] & (SHADOW_FIRST - 1)) - 1];
        if (out) {
            memcpy(out + n, text.p + done, shadow->at[i] - done);
            memcpy(out + n + (shadow->at[i] - done), placeholder.p, placeholder.n);
            counts->n[(shadow->taken[i] & (SHADOW_FIRST - 1)) - 1]++;
        }
        n += shadow->at[i] - done + placeholder.n;
        i = span_end(shadow, i);
        done = shadow->at[i];
    }
    if (out && text.n > done)
        memcpy(out + n, text.p + done, text.n - done);
    return n + text.n - done;
}

struct text redact_text(struct text text, enum redact_scope scope, struct arena *batch,
                        struct redaction_counts *counts)
{
    struct arena_mark mark = arena_mark(batch);
    struct shadow shadow;
    char *out;
    size_t n;

    if (!may_hold_identifiers(text))
        return text;
    shadow_make(&shadow, text, batch);
    accounts_take(&shadow, scope);
    numbers_take(&shadow, scope);
    if (!shadow.spans) {
        arena_rewind(batch, mark);
        return text;
    }
    n = write_out(text, &shadow, NULL, counts);
    out = arena_alloc(batch, n + 1);
    write_out(text, &shadow, out, counts);
    return (struct text){out, n};
}

const struct redacted *redact(struct text text, enum redact_scope scope, struct arena *batch,
                              struct redaction_counts *counts)
{
    return redacted_make_(redact_text(text, scope, batch, counts), batch);
}
