/* htmltext.c - text of HTML against html5lib: the character tokens of its documents.
 *
 * The tests are of tokenisers and serialisers; what a reader sees are their character tokens.  Left
 * out are white space and NUL (ours collapses the one and leaves the other to NFC) and tests that
 * begin within an element or a CDATA section, as no document does.  A difference must have one of
 * three reasons: a character reference of HTML 5 that writes none of our letters; markup that the
 * file ends in, which ours shows as text and the standard drops; script, style and CDATA, which
 * mean something else to a reader than to a tokeniser.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "intake/html.h"
#include "run/outside.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 1 << 20 };

static struct arena job;

static int set_up(void **state)
{
    (void)state;
    arena_init(&job, "job", (size_t)1 << 28);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&job);
    return 0;
}

/* What became of the tests. */
struct tally {
    unsigned tests, equal, names, unclosed, elements, unexplained;
};

/* A walk over one file of tests; a test is an object at depth 3. */
struct reading {
    bool serializer; /* "input" are the tokens and "expected" the HTML, else "output", "input" */
    struct tally *tally;
    unsigned depth;
    /* of the test at hand */
    struct str html;
    struct buf text;               /* its character tokens */
    bool escaped;                  /* \uXXXX stands for a character */
    bool within;                   /* begins in another state than the data of a document */
    bool tokens, states, expected; /* which of its arrays is open */
    struct str token;              /* name of the token at hand */
    unsigned nth;                  /* string of the token */
};

/* \uXXXX becomes the character; a surrogate U+FFFD. */
static struct str unescaped(struct str s)
{
    char *out = arena_alloc(&job, s.n + 1);
    size_t n = 0;

    for (size_t at = 0; at < s.n;) {
        if (str_starts(str_from(s, at), STR("\\u")) && at + 6 <= s.n) {
            uint32_t cp = 0xFFFD;

            str_to_hex(str_part(s, at + 2, 4), &cp);
            n += utf8_put(out + n, cp);
            at += 6;
        } else {
            out[n++] = s.p[at++];
        }
    }
    return (struct str){out, n};
}

/* Without white space and NUL. */
static struct str squeezed(struct str s)
{
    char *out = arena_alloc(&job, s.n + 1);
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] && !strchr(" \t\n\r\f\v", s.p[i]))
            out[n++] = s.p[i];
    return (struct str){out, n};
}

static bool holds(struct str s, struct str what)
{
    return str_find(s, what) < s.n;
}

static bool ends_in_markup(struct str html)
{
    size_t last = html.n;

    while (last > 0 && html.p[last - 1] != '<')
        last--;
    return last > 0 && !holds(str_from(html, last), STR(">"));
}

static void judge(struct reading *r)
{
    struct tally *t = r->tally;
    struct str html = r->escaped ? unescaped(r->html) : r->html;
    struct str want = r->escaped ? unescaped(buf_str(&r->text)) : buf_str(&r->text);
    struct str got = squeezed(html_to_text(html, &job));

    t->tests++;
    if (str_eq(got, squeezed(want)))
        t->equal++;
    else if (str_starts(html, STR("&")) && str_ends(html, STR(";")))
        t->names++;
    else if (ends_in_markup(html))
        t->unclosed++;
    else if (holds(html, STR("<script")) || holds(html, STR("<style")) ||
             holds(html, STR("<![CDATA[")))
        t->elements++;
    else if (t->unexplained++ < 10)
        print_message("%.*s\n  gave %.*s\n  for  %.*s\n", STR_ARG(html), STR_ARG(got),
                      STR_ARG(want));
}

static void begin_test(struct reading *r)
{
    buf_clear(&r->text);
    r->html = (struct str){NULL, 0};
    r->escaped = r->within = false;
}

static void on_container(struct reading *r, const struct json_event *event)
{
    if (event->end) {
        if (r->depth == 3 && r->html.p && !r->within)
            judge(r);
        if (r->depth == 4)
            r->tokens = r->states = r->expected = false;
        r->depth--;
        return;
    }
    r->depth++;
    if (r->depth == 3)
        begin_test(r);
    if (r->depth == 4) {
        r->tokens = str_eq(event->key, r->serializer ? STR("input") : STR("output"));
        r->states = str_eq(event->key, STR("initialStates"));
        r->expected = r->serializer && str_eq(event->key, STR("expected"));
        r->within = r->within || r->states;
    }
    if (r->depth == 5)
        r->nth = 0;
}

static void on_string(struct reading *r, const struct json_event *event)
{
    if (r->depth == 3 && !r->serializer && str_eq(event->key, STR("input")))
        r->html = event->string;
    else if (r->depth == 4 && r->expected && !r->html.p)
        r->html = event->string; /* the first of "expected" */
    else if (r->states && str_eq(event->string, STR("Data state")))
        r->within = false;
    else if (r->tokens && r->depth == 5 && r->nth++ == 0)
        r->token = event->string;
    else if (r->tokens && r->depth == 5 && r->nth == 2 && str_starts(r->token, STR("Character")))
        buf_add(&r->text, event->string);
}

static bool on_value(void *context, const struct json_event *event)
{
    struct reading *r = context;

    if (event->type == JSON_ARRAY || event->type == JSON_OBJECT)
        on_container(r, event);
    else if (event->type == JSON_STRING)
        on_string(r, event);
    else if (event->type == JSON_BOOL && str_eq(event->key, STR("doubleEscaped")))
        r->escaped = event->truth;
    return true;
}

static void read_tests(const char *folder, const char *name, struct tally *tally)
{
    struct reading r = {.serializer = str_ends(str_of(folder), STR("serializer")), .tally = tally};
    struct str all = outside_file(outside_path(&job, folder, name), &job);

    assert_non_null(all.p);
    buf_init(&r.text, TEXT_MAX);
    outside_walk(all, on_value, &r);
    buf_free(&r.text);
    arena_reset(&job);
}

static void as_html5lib(void **state)
{
    static const char *const tokenizer[] = {"contentModelFlags",
                                            "domjs",
                                            "entities",
                                            "escapeFlag",
                                            "namedEntities",
                                            "numericEntities",
                                            "pendingSpecChanges",
                                            "test1",
                                            "test2",
                                            "test3",
                                            "test4",
                                            "unicodeChars",
                                            "unicodeCharsProblematic"};
    static const char *const serializer[] = {"core", "injectmeta", "optionaltags", "options",
                                             "whitespace"};
    struct tally t = {0};
    char name[100];

    (void)state;
    if (!outside_has(&job, "html5lib")) {
        print_message("there is no data/badinput/html5lib beside the repository: skipped\n");
        skip();
    }
    for (size_t i = 0; i < sizeof tokenizer / sizeof *tokenizer; i++) {
        snprintf(name, sizeof name, "%s.test", tokenizer[i]);
        read_tests("html5lib/tokenizer", name, &t);
    }
    for (size_t i = 0; i < sizeof serializer / sizeof *serializer; i++) {
        snprintf(name, sizeof name, "%s.test", serializer[i]);
        read_tests("html5lib/serializer", name, &t);
    }
    print_message("# measured: htmltext html5lib: %u of %u texts equal; %u names that write none "
                  "of our letters, %u end in markup, %u elements, %u unexplained\n",
                  t.equal, t.tests, t.names, t.unclosed, t.elements, t.unexplained);
    assert_true(t.tests >= 6900 && t.equal >= 4100);
    assert_int_equal(t.unexplained, 0);
}

static void assert_text(const char *html, const char *want)
{
    struct str got = html_to_text(str_of(html), &job);

    if (!str_eq(got, str_of(want)))
        fail_msg("%s\n  gave \"%.*s\"", html, STR_ARG(got));
}

/* What a reader sees in one piece must not come to redaction in two. */
static void disguises_by_markup(void **state)
{
    (void)state;
    assert_text("0912<!-- x -->345678", "0912345678");
    assert_text("0912</>345678", "0912345678");
    assert_text("0912</ 1>345678", "0912345678");
    assert_text("0912<b></b>345678", "0912345678");
    assert_text("0912&nbsp345678", "0912\xC2\xA0"
                                   "345678");
    assert_text("0912&shy345678", "0912\xC2\xAD"
                                  "345678");
    assert_text("0912&ZeroWidthSpace;345678", "0912\xE2\x80\x8B"
                                              "345678");
    assert_text("0912&NoBreak;345678", "0912\xE2\x81\xA0"
                                       "345678");
    assert_text("0912&period;345&semi;678", "0912.345;678");
    assert_text("ba&commat;thu&period;example", "ba@thu.example");
}

/* Every first and last name of the lists is found, and names end where they should. */
static void names_of_references(void **state)
{
    (void)state;
    assert_text("&AElig &yuml &copyright &notit; &ampx &LTx", "Æ ÿ ©right ¬it; &x <x");
    assert_text("&AMP;&amp;&lt;", "&&<");
    assert_text("&Abreve;&zdot;&ApplyFunction;&ZeroWidthSpace;", "Ăż\xE2\x81\xA1\xE2\x80\x8B");
    assert_text("&apos &commat &Abreve &hellip", "&apos &commat &Abreve &hellip");
    assert_text("&Amp; &NegativeVeryThinSpaceAndMore;", "&Amp; &NegativeVeryThinSpaceAndMore;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_html5lib),
        cmocka_unit_test(disguises_by_markup),
        cmocka_unit_test(names_of_references),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
