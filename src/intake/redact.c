/* redact.c - finds, takes out, leaves placeholders; see redact.h.
 *
 * Most texts hold nothing, which one look at their bytes decides (trigger.h).  The others get a
 * shadow (shadow.h).  Accounts are found first, from their sign outwards.  Then one pass goes from
 * left to right and asks the recognisers at the begin of every word and number, so that what stands
 * before a place is the same whether it was taken in this redaction or in an earlier one.  What was
 * taken can still open a way for its neighbours; a few more rounds end that.
 */
#include "intake/redact.h"

#include "intake/recognise.h"
#include "intake/trigger.h"
#include "intake/trigger_words.h"
#include "text/token.h"

#include <string.h>

#define SAME(kind) ((int)REDACTION_##kind == (int)PLACEHOLDER_##kind)
_Static_assert(SAME(PHONE) && SAME(EMAIL) && SAME(HANDLE) && SAME(ID) && SAME(TAX) &&
                   SAME(INSURANCE) && SAME(PASSPORT) && SAME(LICENCE) && SAME(PLATE) &&
                   SAME(ACCOUNT) && SAME(CARD) && SAME(ADDRESS) && SAME(BIRTH) && SAME(NAME) &&
                   (int)REDACTIONS == (int)PLACEHOLDERS,
               "one placeholder for each kind of redaction");

enum { DIGITS_FEWEST = 6, PHONE_FEWEST = 9, ROUNDS = 4 };

const char *redaction_name(enum redaction redaction)
{
    static const char *const names[REDACTIONS] = {
        "phone",   "email", "handle",  "id",   "tax",     "insurance", "passport",
        "licence", "plate", "account", "card", "address", "birth",     "name"};

    return names[redaction];
}

/* What the first look knows about the word that begins at i; its letters in *n. */
static unsigned word_says(const struct shadow *shadow, size_t i, size_t *n)
{
    uint64_t letters = 0;
    size_t at = i;

    for (; at < shadow->n && !shadow->taken[at] && shadow_is_letter(shadow->c[at]); at++)
        letters = letters << 8 | shadow->c[at];
    *n = at - i;
    return trigger_word_says(letters);
}

static bool is_digit_near(const struct shadow *shadow, size_t i)
{
    for (size_t at = i; at <= i + RUN_SEPARATORS; at++)
        if (shadow_is_digit(shadow_code(shadow, at)))
            return true;
    return false;
}

/* A word of n letters begins at i, of which the table says `says`. */
static bool take_word(struct shadow *shadow, size_t i, size_t n, unsigned says,
                      enum redact_scope scope, struct announced *announced)
{
    if (says & TRIGGER_SAYS_NUMBER && papers_announced(shadow, i, announced))
        return false;
    if (scope == REDACT_PEOPLE && ((says & TRIGGER_SAYS_NAME && names_take(shadow, i)) ||
                                   (says & TRIGGER_SAYS_DATE && births_take(shadow, i)) ||
                                   (says & TRIGGER_SAYS_HOUSE && addresses_take(shadow, i))))
        return true;
    if (n > 2 || !is_digit_near(shadow, i + n))
        return false;
    return (scope == REDACT_PEOPLE && plates_take(shadow, i, announced)) ||
           papers_take_lettered(shadow, i, announced, scope);
}

/* Digits begin at i, as such or by name; `list` is where a list of pairs ends that was seen. */
static bool take_number(struct shadow *shadow, size_t i, enum redact_scope scope,
                        const struct announced *announced, size_t *list)
{
    struct run run;

    if (!run_gather(shadow, i, &run))
        return false;
    if (scope == REDACT_PEOPLE && !run.disguised &&
        (plates_take(shadow, i, announced) || addresses_take(shadow, i)))
        return true;
    if (run.n < DIGITS_FEWEST)
        return false;
    *list = *list > i ? *list : run_pairs_end(shadow, i);
    if (*list > i && !papers_is_announced(shadow, i, announced))
        return false;
    if (papers_take(shadow, &run, announced, scope))
        return true;
    if (run.n < PHONE_FEWEST)
        return false;
    return phones_take(shadow, &run, scope) ||
           (scope == REDACT_PEOPLE && papers_take_tax(shadow, &run));
}

static void take_words(struct shadow *shadow, enum redact_scope scope)
{
    struct announced announced = {.end = 0};
    size_t list = 0;

    for (size_t i = 0; i < shadow->n;) {
        size_t n = 1;
        unsigned char c = shadow_code(shadow, i);

        if (shadow_is_letter(c)) {
            unsigned says = word_says(shadow, i, &n);

            if (!shadow_is_digit(shadow_code(shadow, i - 1)) &&
                !take_word(shadow, i, n, says, scope, &announced) &&
                (says & TRIGGER_SAYS_DIGIT || shadow_is_one_of(c, "oil")))
                take_number(shadow, i, scope, &announced, &list);
        } else if (shadow_is_digit(c)) {
            take_number(shadow, i, scope, &announced, &list);
            while (shadow_is_digit(shadow_code(shadow, i + n)))
                n++;
        }
        i += n;
    }
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
    enum trigger trigger = trigger_look(text, scope);
    struct shadow shadow;
    size_t n, before = 0;
    char *out;

    if (trigger == TRIGGER_NOTHING)
        return text;
    shadow_make(&shadow, text, batch);
    for (int round = 0; round < ROUNDS && (!round || shadow.spans > before); round++) {
        before = shadow.spans;
        if (trigger == TRIGGER_ACCOUNTS)
            accounts_take(&shadow, scope);
        take_words(&shadow, scope);
    }
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
