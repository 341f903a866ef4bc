/* html.c - HTML to text: blocks, silence, references, and hostile input in linear time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "intake/html.h"

#include <string.h>
#include <time.h>

static struct arena batch;

static int set_up(void **state)
{
    (void)state;
    arena_init(&batch, "batch", (size_t)256 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&batch);
    return 0;
}

static void assert_text(const char *html, const char *want)
{
    struct str got = html_to_text(str_of(html), &batch);

    if (!str_eq(got, str_of(want)))
        fail_msg("%s\n  gave \"%.*s\"", html, STR_ARG(got));
}

static void blocks_and_spaces(void **state)
{
    (void)state;
    assert_text("<p>Nước  yếu</p><p>từ sáng.</p>", "Nước yếu\ntừ sáng.");
    assert_text("một<br>hai<br/>ba", "một\nhai\nba");
    assert_text("ph<b>ường</b> Bến\n\t Đò", "phường Bến Đò");
    assert_text("<table><tr><td>a</td><td>b</td></tr><tr><td>c</table>", "a b\nc");
    assert_text("<pre>a\n  b</pre>c", "a\n  b\nc");
    assert_text("  <div> </div> ", "");
    assert_text("<ul><li>rác<li>đèn</ul>", "rác\nđèn");
}

static void what_gives_nothing(void **state)
{
    (void)state;
    assert_text("a<script>if (x<y) alert('</p>')</script>b", "ab");
    assert_text("a<STYLE type=x>p{}</style >b<!-- c -- > d -->e", "abe");
    assert_text("<head><title>x</title></head><body>y", "y");
    assert_text("<!doctype html><?php x ?>z<template><p>w</p></template>", "z");
    assert_text("x<!-->y", "xy");
    assert_text("x <![CDATA[a & <b>]]>", "x a & <b>");
}

static void links_and_images(void **state)
{
    (void)state;
    assert_text("<a href=\"https://example.org/@hoa\">Hoa</a> ơi", "Hoa ơi");
    assert_text("xem<img src='a>b.png' alt='hố ga &amp; rác'>đây", "xem hố ga & rác đây");
    assert_text("<img alt=kênh>", "kênh");
    assert_text("<a title='x > y'>z</a>", "z");
}

static void references(void **state)
{
    (void)state;
    assert_text("&lt;b&gt; &amp;amp; &quot;&#39;&apos;", "<b> &amp; \"''");
    assert_text("n&#432;&#x1EDB;c &dstrok;&abreve;", "nước đă");
    assert_text("a&#64;b &commat;", "a@b @");
    assert_text("&copy 2026 &unknown; AT&T &;&#;&#x;", "© 2026 &unknown; AT&T &;&#;&#x;");
    assert_text("&#0;&#xD800;&#x110000;&#99999999999;",
                "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    assert_text("&#150; &hellip; &hellip 3", "– … &hellip 3");
}

static void what_is_no_tag_stays(void **state)
{
    (void)state;
    assert_text("5 < 6 và 7 > 3", "5 < 6 và 7 > 3");
    assert_text("giá <b", "giá <b");
    assert_text("a <3 b", "a <3 b");
    assert_text("<p title=\"chưa đóng>chữ còn đây", "chữ còn đây");
    assert_text("<img alt=\"a> b\"", "b\""); /* what an unclosed tag held is told once */
    assert_text("x<!-- chưa đóng > y", "x y");
    assert_text("<script>x", "x");
    assert_text("", "");
}

/* Repeats `unit` n times, then `rest` n times; the text of the end must survive, soon enough. */
static void assert_linear(const char *unit, const char *rest, size_t n)
{
    size_t a = strlen(unit), b = strlen(rest), at = 0;
    char *s = arena_alloc(&batch, n * (a + b) + 8);
    struct str got;
    clock_t from;

    for (size_t i = 0; i < n; i++, at += a)
        memcpy(s + at, unit, a);
    memcpy(s + at, "MID", 3);
    at += 3;
    for (size_t i = 0; i < n; i++, at += b)
        memcpy(s + at, rest, b);
    from = clock();
    got = html_to_text((struct str){s, at}, &batch);
    if (clock() - from > 4 * CLOCKS_PER_SEC)
        fail_msg("%s … %s takes over four seconds of processor time", unit, rest);
    if (str_find(got, STR("MID")) == got.n)
        fail_msg("%s … %s loses text", unit, rest);
    arena_reset(&batch);
}

static void hostile_input_is_linear_and_loses_nothing(void **state)
{
    (void)state;
    assert_linear("<div>", "</div>", 100000);
    assert_linear("<div>", "</b>", 100000);
    assert_linear("<a <a ", "<", 100000);
    assert_linear("<a x=\"", "'", 100000);
    assert_linear("<a x=\">\"", "", 100000);
    assert_linear("<!--", "<!--", 100000);
    assert_linear("<script>", "<style>", 100000);
    assert_linear("<template><head>", "<p ", 100000);
    assert_linear("<![CDATA[", "]]", 100000);
    assert_linear("&", "&#", 100000);
    assert_linear("&amp", "&lt;", 100000);
    assert_linear("<pre>", " ", 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_and_spaces),
        cmocka_unit_test(what_gives_nothing),
        cmocka_unit_test(links_and_images),
        cmocka_unit_test(references),
        cmocka_unit_test(what_is_no_tag_stays),
        cmocka_unit_test(hostile_input_is_linear_and_loses_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
