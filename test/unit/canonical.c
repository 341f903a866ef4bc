/* canonical.c - tests of shim/json and cmd/canonical: what is accepted, and what it comes to. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cmd/canonical.h"
#include "shim/json.h"
#include "source/input.h"

#include <stdlib.h>
#include <string.h>

static struct buf out;
static struct err err;

static int set_up(void **state)
{
    (void)state;
    buf_init(&out, CANONICAL_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_free(&out);
    return 0;
}

static enum rc take(const char *kind, bool strict, struct str document)
{
    struct arena job;
    enum rc rc;

    buf_clear(&out);
    arena_init(&job, "job", CANONICAL_MEMORY);
    rc = canonical_write(canonical_find(str_of(kind)), document, strict, &job, &out, &err);
    arena_free(&job);
    return rc;
}

static void comes_to(const char *kind, bool strict, struct str document, const char *wanted)
{
    assert_int_equal(take(kind, strict, document), RC_OK);
    assert_string_equal(out.p, wanted);
}

static bool count(void *context, const struct json_event *event)
{
    unsigned *events = context;

    ++*events;
    return event->type != JSON_BOOL; /* a false answer ends the walk */
}

static void events_of_a_document(void **state)
{
    struct json_parser *parser = json_parser_new();
    unsigned events = 0;

    (void)state;
    assert_null(json_parse(parser, STR("[1,{\"a\":[]},\"b\"]")));
    json_walk(parser, count, &events);
    assert_int_equal(events, 8);
    assert_null(json_parse(parser, STR("[[true],2]")));
    events = 0;
    json_walk(parser, count, &events);
    assert_int_equal(events, 3);
    assert_non_null(json_parse(parser, STR("")));
    assert_non_null(json_parse(parser, (struct str){NULL, 0}));
    assert_non_null(json_parse(parser, STR("[1,]")));
    assert_non_null(json_parse(parser, STR("\"\xff\"")));
    json_parser_free(parser);
}

static void nesting_has_a_bound(void **state)
{
    char deep[2 * 1100];

    (void)state;
    for (size_t depth = 1000; depth <= 1100; depth += 100) {
        memset(deep, '[', depth);
        memset(deep + depth, ']', depth);
        assert_int_equal(take("json", true, (struct str){deep, 2 * depth}),
                         depth == 1000 ? RC_OK : RC_BAD);
    }
}

static void json_is_canonical(void **state)
{
    (void)state;
    comes_to(
        "json", true,
        STR(" { \"b\" : [ 1.0, -0, 18446744073709551615, 1e2, true, null ], \"a\":\"e\\u0301\" } "),
        "{\"b\":[1,0,18446744073709551615,100,true,null],\"a\":\"é\"}");
    comes_to("json", true, STR("\"gọi 0912 345 678\""), "\"gọi [SĐT]\"");
    comes_to("json", true, STR("[]"), "[]");
    assert_int_equal(take("json", false, STR("{\"a\":01}")), RC_BAD);
}

static void the_last_member_wins(void **state)
{
    (void)state;
    comes_to("json", true, STR("{\"a\":{\"a\":1,\"b\":2},\"b\":1,\"a\":{\"b\":3,\"b\":4}}"),
             "{\"b\":1,\"a\":{\"b\":4}}");
    comes_to("json", true, STR("[{\"a\":1},{\"a\":2}]"), "[{\"a\":1},{\"a\":2}]");
}

static void authors_are_left_out(void **state)
{
    (void)state;
    comes_to("json", true,
             STR("{\"author\":{\"name\":\"An\",\"x\":[{\"y\":1}]},\"t\":[{\"user_id\":7,\"k\":1}],"
                 "\"dc:creator\":\"An\"}"),
             "{\"t\":[{\"k\":1}]}");
    comes_to("csv", true, STR("text,author_name\nx,An\n"), "[{\"text\":\"x\"}]");
    assert_int_equal(take("xml", true, STR("<r>x<author>An</author></r>")), RC_OK);
    assert_null(strstr(out.p, "An"));
    comes_to("jsonl", true, STR("{\"text\":\"x\",\"nick\":\"An\",\"author_token\":\"An\"}"),
             "{\"id\":\"1\",\"kind\":\"post\",\"text\":\"x\"}\n");
}

static void tables(void **state)
{
    (void)state;
    comes_to("csv", true, STR("a,,a\n1,2,3\n"), "[{\"column 2\":\"2\",\"a\":\"3\"}]");
    assert_int_equal(take("csv", true, STR("a,b\n1\n2,3\n")), RC_BAD);
    assert_string_equal(err.text, "line 2: 1 fields where the header has 2");
    comes_to("csv", false, STR("a,b\n1\n2,3\n"), "[{\"a\":\"2\",\"b\":\"3\"}]");
}

static void items(void **state)
{
    (void)state;
    comes_to(
        "jsonl", true,
        STR("{\"id\":\"https://x.example/"
            "1\",\"text\":\"x\",\"time\":\"2026-03-02\",\"kind\":\"tip\"}\n"
            "{\"id\":\"b-2\",\"text\":\"y\",\"lang\":\"vi\",\"place\":\"An\",\"url\":\"u\"}\n"),
        "{\"id\":\"1\",\"time\":\"2026-03-02T00:00:00+07:00\",\"kind\":\"tip\",\"text\":\"x\"}\n"
        "{\"id\":\"b-2\",\"kind\":\"post\",\"lang\":\"vi\",\"text\":\"y\"}\n");
    assert_int_equal(take("jsonl", true, STR("{\"text\":\"x\"}\n{\"text\":\"\"}\n")), RC_BAD);
    assert_string_equal(err.text, "line 2: the item has no text");
    assert_int_equal(take("jsonl", true, STR("{\"text\":\"x\",\"kind\":\"rumour\"}")), RC_BAD);
    assert_int_equal(take("jsonl", true, STR("{\"text\":\"x\",\"time\":\"soon\"}")), RC_BAD);
    comes_to("jsonl", false, STR("?\n{\"text\":\"x\"}\n{}\n"),
             "{\"id\":\"2\",\"kind\":\"post\",\"text\":\"x\"}\n");
    comes_to("feed", true,
             STR("<rss><channel><item><guid>g</guid><title>A &amp;amp; B</title>"
                 "<pubDate>soon</pubDate></item></channel></rss>"),
             "[{\"id\":\"g\",\"kind\":\"post\",\"title\":\"A & B\"}]");
}

static void plain_kinds(void **state)
{
    (void)state;
    comes_to("html", true, STR("<p>a<br>b<script>x</script>"), "{\"text\":\"a\\nb\"}");
    comes_to("utf8", true, STR("đường"), "{\"text\":\"đường\"}");
    assert_int_equal(take("utf8", true, STR("ab\xC3")), RC_BAD);
    assert_string_equal(err.text, "not UTF-8 at byte 2");
    comes_to("utf8", false, STR("ab\xC3"), "{\"text\":\"ab\xEF\xBF\xBD\"}");
    comes_to("xml", true, STR("<a><b/>x</a>"),
             "{\"root\":\"a\",\"elements\":2,\"depth\":2,\"text\":\"x\"}");
    assert_null(canonical_find(STR("pdf")));
}

static void documents_have_a_maximum(void **state)
{
    static const struct {
        const char *kind;
        size_t max;
    } kinds[] = {{"json", JSON_DOCUMENT_MAX}, {"csv", DOCUMENT_MAX}, {"utf8", RECORD_MAX}};
    char *bytes = malloc(DOCUMENT_MAX + 1);

    (void)state;
    memset(bytes, '1', DOCUMENT_MAX + 1);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        assert_int_equal(take(kinds[i].kind, true, (struct str){bytes, kinds[i].max + 1}), RC_BAD);
        assert_non_null(strstr(err.text, "split it"));
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_of_a_document),
        cmocka_unit_test(nesting_has_a_bound),
        cmocka_unit_test(json_is_canonical),
        cmocka_unit_test(the_last_member_wins),
        cmocka_unit_test(authors_are_left_out),
        cmocka_unit_test(tables),
        cmocka_unit_test(items),
        cmocka_unit_test(plain_kinds),
        cmocka_unit_test(documents_have_a_maximum),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
