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

/* What is asked for in a shadow, and at which characters. */
struct asked {
    size_t begin, end;
    unsigned asks; /* of trigger.h */
    enum redact_scope scope;
};

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
                      const struct asked *asked, struct announced *announced)
{
    unsigned asks = asked->asks;

    if (says & TRIGGER_SAYS_NUMBER && papers_announced(shadow, i, announced))
        return false;
    if ((says & TRIGGER_SAYS_NAME && asks & WINDOW_NAMES && names_take(shadow, i, says)) ||
        (says & TRIGGER_SAYS_DATE && asks & WINDOW_BIRTHS && births_take(shadow, i)) ||
        (says & TRIGGER_SAYS_HOUSE && asks & WINDOW_HOUSES && addresses_take(shadow, i)) ||
        (says & TRIGGER_SAYS_PLATFORM && asks & WINDOW_HANDLES && accounts_take_named(shadow, i)))
        return true;
    if (!(asks & WINDOW_NUMBERS) || n > 2 || !is_digit_near(shadow, i + n))
        return false;
    return (asked->scope == REDACT_PEOPLE && plates_take(shadow, i, announced)) ||
           papers_take_lettered(shadow, i, announced, asked->scope);
}

/* Digits begin at i, as such or by name; `list` is where a list of pairs ends that was seen. */
static bool take_number(struct shadow *shadow, size_t i, const struct asked *asked,
                        const struct announced *announced, size_t *list)
{
    enum redact_scope scope = asked->scope;
    struct run run;

    if (asked->asks & WINDOW_HOUSES && positions_take(shadow, i))
        return true;
    if (!(asked->asks & (WINDOW_HOUSES | WINDOW_NUMBERS)) || !run_gather(shadow, i, &run))
        return false;
    if (scope == REDACT_PEOPLE && !run.disguised &&
        ((asked->asks & WINDOW_NUMBERS && plates_take(shadow, i, announced)) ||
         (asked->asks & WINDOW_HOUSES && addresses_take(shadow, i))))
        return true;
    if (run.n < DIGITS_FEWEST || !(asked->asks & WINDOW_NUMBERS))
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

static void take_words(struct shadow *shadow, const struct asked *asked)
{
    struct announced announced = {.end = 0};
    size_t list = 0;

    for (size_t i = asked->begin; i < asked->end;) {
        size_t n = 1;
        unsigned char c = shadow_code(shadow, i);

        if (shadow_is_letter(c)) {
            unsigned says = word_says(shadow, i, &n);

            if (!shadow_is_digit(shadow_code(shadow, i - 1)) &&
                !take_word(shadow, i, n, says, asked, &announced) &&
                (says & TRIGGER_SAYS_DIGIT || shadow_is_one_of(c, "oil")))
                take_number(shadow, i, asked, &announced, &list);
        } else if (shadow_is_digit(c)) {
            take_number(shadow, i, asked, &announced, &list);
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

/* Where a text with placeholders is written: nowhere yet, when `out` is NULL. */
struct writing {
    struct text text;
    char *out;
    size_t n, done; /* bytes written; of the text */
};

/* What stands in the text before the byte `to`. */
static void write_text(struct writing *w, size_t to)
{
    if (w->out)
        memcpy(w->out + w->n, w->text.p + w->done, to - w->done);
    w->n += to - w->done;
    w->done = to;
}

static void write_shadow(struct writing *w, const struct shadow *shadow,
                         struct redaction_counts *counts)
{
    for (size_t i = 0; i < shadow->n;) {
        unsigned char kind = (unsigned char)(shadow->taken[i] & (SHADOW_FIRST - 1));

        if (!kind) {
            i++;
            continue;
        }
        write_text(w, shadow->at[i]);
        if (w->out) {
            memcpy(w->out + w->n, placeholders[kind - 1].p, placeholders[kind - 1].n);
            counts->n[kind - 1]++;
        }
        w->n += placeholders[kind - 1].n;
        i = span_end(shadow, i);
        w->done = shadow->at[i];
    }
}

/* The length of the text with placeholders, which is written to `out` unless it is NULL. */
static size_t write_all(struct text text, const struct shadow *shadows, size_t n, char *out,
                        struct redaction_counts *counts)
{
    struct writing w = {.text = text, .out = out};

    for (size_t i = 0; i < n; i++)
        if (shadows[i].spans)
            write_shadow(&w, &shadows[i], counts);
    write_text(&w, text.n);
    return w.n;
}

/* Makes the shadow of a window and takes what is in it. */
static void take_window(struct shadow *shadow, const struct window *window, bool accounts,
                        enum redact_scope scope)
{
    struct asked asked = {.begin = shadow_index(shadow, window->begin),
                          .end = shadow_index(shadow, window->end),
                          .asks = window->asks,
                          .scope = scope};
    size_t before = 0;

    if (scope == REDACT_PUBLICATION)
        asked.asks &= WINDOW_NUMBERS | WINDOW_HANDLES;
    for (int round = 0; round < ROUNDS && (!round || shadow->spans > before); round++) {
        before = shadow->spans;
        if (accounts)
            accounts_take(shadow, scope);
        take_words(shadow, &asked);
    }
}

struct text redact_text(struct text text, enum redact_scope scope, struct arena *batch,
                        struct redaction_counts *counts)
{
    struct arena_mark mark = arena_mark(batch);
    struct trigger trigger;
    struct shadow *shadows;
    size_t n, spans = 0;
    char *out;

    trigger_look(text, scope, &trigger);
    if (!trigger.n)
        return text;
    shadows = arena_array(batch, trigger.n, sizeof *shadows);
    for (size_t i = 0; i < trigger.n; i++) {
        const struct window *window = &trigger.windows[i];

        shadow_make(&shadows[i], text, window->from, window->to, batch);
        take_window(&shadows[i], window, trigger.accounts, scope);
        spans += shadows[i].spans;
    }
    if (!spans) {
        arena_rewind(batch, mark);
        return text;
    }
    n = write_all(text, shadows, trigger.n, NULL, counts);
    out = arena_alloc(batch, n + 1);
    write_all(text, shadows, trigger.n, out, counts);
    return (struct text){out, n};
}

const struct redacted *redact(struct text text, enum redact_scope scope, struct arena *batch,
                              struct redaction_counts *counts)
{
    return redacted_make_(redact_text(text, scope, batch, counts), batch);
}
