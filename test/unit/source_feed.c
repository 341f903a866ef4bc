/* source_feed.c - tests of source/feed: what each kind of feed comes to, and what is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "connectors.h"
#include "source/feed.h"
#include "source/wellformed.h"

#include <stdlib.h>
#include <string.h>

static struct buf out;

static int set_up(void **state)
{
    (void)state;
    buf_init(&out, (size_t)1 << 26);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_free(&out);
    return 0;
}

#define TELLS(bytes, wanted) assert_string_equal(told("feed", STR(bytes), &out), wanted)

static void rss(void **state)
{
    (void)state;
    TELLS(
        "<rss version='2.0' xmlns:c='http://purl.org/rss/1.0/modules/content/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:m='http://search.yahoo.com/mrss/'>"
        "<channel><title>Bản tin</title><language>vi</language><image><title>i</title></image>"
        "<item><title>Một</title><link>https://t.example/1</link><guid>g1</guid>"
        "<author>an@t.example</author><dc:creator>An</dc:creator><m:title>khác</m:title>"
        "<pubDate>Mon, 02 Mar 2026 07:00:00 +0700</pubDate><description>Ngắn &amp;lt;</description>"
        "<c:encoded><![CDATA[<p>Dài</p>]]></c:encoded></item>"
        "<item><title>Hai</title><link>https://t.example/2</link>"
        "<description>Chỉ <b>tóm</b> tắt</description></item></channel></rss>",
        "1 id=g1 time=Mon, 02 Mar 2026 07:00:00 +0700 lang=vi url=https://t.example/1 title=Một "
        "summary=Ngắn &lt; text=<p>Dài</p>\n"
        "2 id=link: https://t.example/2 Hai lang=vi url=https://t.example/2 title=Hai "
        "text=Chỉ <b>tóm</b> tắt\n");
}

static void atom(void **state)
{
    (void)state;
    TELLS(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'><title>f</title>"
        "<link rel='self' href='https://h.example/atom?a=1&amp;b=2'/>"
        "<entry xml:lang='vi'><id>t1</id><title>1 &lt; 2</title><author><name>An</name></author>"
        "<link rel='edit' href='https://h.example/e'/><link href='https://h.example/1?a&amp;b'/>"
        "<updated>2026-03-03T00:00:00Z</updated><published>2026-03-02T00:00:00Z</published>"
        "<summary type='html'>&lt;i&gt;s&lt;/i&gt;</summary><content type='xhtml'>"
        "<div xmlns='http://www.w3.org/1999/xhtml'><p>a &amp; b</p><img alt='cầu'/></div></content>"
        "<source><id>khác</id><title>khác</title></source></entry>"
        "<entry><id>t2</id><title>ảnh</title><updated>2026-03-03T00:00:00Z</updated>"
        "<content type='image/png'>AAAA</content></entry></feed>",
        "1 id=t1 time=2026-03-02T00:00:00Z lang=vi url=https://h.example/1?a&b title=1 &lt; 2 "
        "summary=<i>s</i> text=<div><p>a &amp; b</p><img alt=\"cầu\"></img></div>\n"
        "2 id=t2 time=2026-03-03T00:00:00Z lang=en title=ảnh\n");
    TELLS("<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><id>o</id>"
          "<title mode='escaped' type='text/html'>&lt;b&gt;x&lt;/b&gt;</title>"
          "<issued>2026-03-02</issued></entry></feed>",
          "1 id=o time=2026-03-02 title=<b>x</b>\n");
}

static void rdf_and_sitemaps(void **state)
{
    (void)state;
    TELLS("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
          "xmlns='http://purl.org/rss/1.0/' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
          "<channel rdf:about='https://r.example/'><dc:language>vi</dc:language></channel>"
          "<item rdf:about='https://r.example/7'><title>Cầu</title><dc:date>2026-03-01</dc:date>"
          "</item></rdf:RDF>",
          "1 id=https://r.example/7 time=2026-03-01 lang=vi title=Cầu\n");
    TELLS("<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
          "xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url>"
          "<loc>https://s.example/9</loc><n:news><n:publication><n:name>Báo</n:name>"
          "<n:language>vi</n:language></n:publication><n:publication_date>2026-03-02"
          "</n:publication_date><n:title>Triều &lt;cường&gt;</n:title></n:news></url></urlset>",
          "1 id=link: https://s.example/9 Triều &lt;cường&gt; time=2026-03-02 lang=vi "
          "url=https://s.example/9 title=Triều &lt;cường&gt;\n");
}

static void json_feed(void **state)
{
    (void)state;
    TELLS(
        "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"f\",\"items\":[{\"id\":7,"
        "\"title\":\"T & T\",\"content_html\":\"<p>ok</p>\",\"content_text\":\"ok\",\"authors\":[{"
        "\"name\":\"An\",\"url\":\"https://x.example/@an\"}],\"date_published\":\"2026-03-02\"},"
        "{\"id\":\"b\",\"content_text\":\"a < "
        "b\"}],\"language\":\"vi\",\"extra\":[{\"id\":\"no\"}]}",
        "1 id=7 time=2026-03-02 title=T &amp; T text=<p>ok</p>\n2 id=b text=a &lt; b\n");
    told("feed", STR("{\"version\":\"2\",\"items\":[]}"), &out);
    assert_non_null(strstr(out.p, "not a JSON Feed"));
}

static void feeds_of_accounts_are_refused(void **state)
{
    static const char *const feeds[] = {
        "<rss><channel><link>https://mang.example/@ai-do</link><item><title>x</title></item>"
        "</channel></rss>",
        /* the link stands behind the items */
        "<rss><channel><item><title>x</title></item><link> https://m.example/users/an </link>"
        "</channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><link rel='self' "
        "href='https://v.example/feed?a=1&amp;channel_id=U1'/><entry><title>x</title></entry></"
        "feed>",
        "<rss xmlns:atom='http://www.w3.org/2005/Atom'><channel><atom:link rel='self' "
        "href='https://m.example/@an.rss'/><item><title>x</title></item></channel></rss>",
        "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":\"1\",\"content_text\":"
        "\"x\"}],\"home_page_url\":\"https://bsky.example/profile/an\"}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof feeds / sizeof *feeds; i++) {
        told("feed", str_of(feeds[i]), &out);
        assert_true(str_starts(buf_str(&out), STR("open 4 "))); /* RC_REFUSED */
        assert_null(strstr(out.p, "example"));
    }
}

/* Links of single entries and of pictures say nothing of the feed. */
static void links_of_entries_refuse_nothing(void **state)
{
    (void)state;
    TELLS(
        "<rss><channel><link>https://t.example/</link><image><link>https://t.example/@x</link>"
        "</image><item><title>a</title><link>https://m.example/@an/1</link></item></channel></rss>",
        "1 id=link: https://m.example/@an/1 a url=https://m.example/@an/1 title=a\n");
}

static void no_entity_is_expanded(void **state)
{
    (void)state;
    told(
        "feed",
        STR("<!DOCTYPE rss [<!ENTITY a 'lo'><!ENTITY b '&a;&a;&a;'><!ENTITY x SYSTEM "
            "'file:///etc/passwd'>]><rss><channel><item><title>[&b;&x;&eacute;&amp;]</title></item>"
            "</channel></rss>"),
        &out);
    assert_non_null(strstr(out.p, "title=[é&]\n"));
    assert_null(strstr(out.p, "root:"));
}

static void encodings(void **state)
{
    static const char latin[] =
        "<?xml version='1.0' encoding='utf-8'?><rss><channel><item><title>caf\xE9"
        "\x8D!</title></item></channel></rss>";
    static const char viet[] = "<rss><channel><language>vi</language><item><title>\xF0\xDD\xF5ng"
                               "</title></item></channel></rss>";
    static const char lies[] = "<?xml version='1.0' encoding='iso-8859-1'?><rss><channel><item>"
                               "<title>đường</title></item></channel></rss>";
    static const char bad[] = "<?xml version='1.0' encoding='utf-8'?><rss><channel><item>"
                              "<title>đường\xFF ngập</title></item></channel></rss>";
    static const char japanese[] = "<?xml version='1.0' encoding='euc-jp'?><rss><channel><item>"
                                   "<title>\xC5\xEC\xB5\xFE</title></item></channel></rss>";

    (void)state;
    TELLS(latin, "1 id=link:  café\xEF\xBF\xBD! title=café\xEF\xBF\xBD!\n");
    TELLS(viet, "1 id=link:  đƯơng lang=vi title=đƯơng\n");
    TELLS(lies, "1 id=link:  đường title=đường\n");
    TELLS(bad, "1 id=link:  đường\xEF\xBF\xBD ngập title=đường\xEF\xBF\xBD ngập\n");
    TELLS(japanese, "1 id=link:  東京 title=東京\n");
}

static void a_broken_feed_is_read_as_far_as_it_goes(void **state)
{
    (void)state;
    told("feed",
         STR("<rss><channel><item><title>Một</title></item>\n<item><title>Hai & ba &amp; "
             "bốn</title></item>"),
         &out);
    assert_non_null(strstr(out.p, "1 id=link:  Một title=Một\n2 id=link:  Hai "));
    assert_non_null(strstr(out.p, "\n3 !the feed is not well-formed at line 2"));
    assert_non_null(strstr(out.p, "ba & bốn"));
    assert_null(strstr(out.p, "\n4"));
}

static void strict_is_strict(void **state)
{
    static const char *const broken[] = {
        "<rss><channel><item><title>a & b</title></item></channel></rss>",
        "<rss><channel>",
        "<rss><channel><item><title>\xFF</title></item></channel></rss>",
        "<rss><channel><item><title>&nbsp;</title></item></channel></rss>",
    };

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct arena job;
        struct input input;
        struct err err;
        void *feed;

        arena_init(&job, "job", (size_t)1 << 20);
        input_memory(&input, "input", str_of(broken[i]));
        assert_int_equal(feed_open(&input, true, &job, &feed, &err), RC_BAD);
        assert_non_null(strstr(err.text, "line 1"));
        arena_free(&job);
    }
}

static void an_entry_has_a_maximum(void **state)
{
    struct buf feed;

    (void)state;
    buf_init(&feed, (size_t)1 << 24);
    buf_add(&feed, STR("<rss><channel><item><title>"));
    memset(buf_reserve(&feed, RECORD_MAX + 1), 'a', RECORD_MAX + 1);
    feed.n += RECORD_MAX + 1;
    buf_add(&feed, STR("</title></item><item><title>b</title></item></channel></rss>"));
    assert_string_equal(told("feed", buf_str(&feed), &out),
                        "1 !the entry is longer than 1 MiB\n2 id=link:  b title=b\n");
    buf_free(&feed);
}

static void repeat(struct buf *out_document, const char *before, const char *what, size_t n)
{
    buf_clear(out_document);
    buf_add(out_document, str_of(before));
    for (size_t i = 0; i < n; i++)
        buf_add(out_document, str_of(what));
}

/* Documents on which libxml2 takes square time or unbounded memory: each is told in an instant. */
static void bombs(void **state)
{
    static const struct {
        const char *before, *what;
        size_t n;
    } cases[] = {
        {"<rss ", "xmlns:a='u' ", 100000},
        {"<rss ", "a='b' ", 100000},
        {"<rss a='", ">", 2000000},
        {"<rss><channel><item><title>&", "a", 2000000},
        {"<!DOCTYPE rss [", "<!ATTLIST a b CDATA 'x'>", 100000},
        {"<!DOCTYPE r [<!ENTITY e 'x'>]><rss>", "&e;", 300000},
        {"<!DOCTYPE r [<!ATTLIST b a1 CDATA '' a2 CDATA '' a3 CDATA '' a4 CDATA ''"
         " a5 CDATA '' a6 CDATA '' a7 CDATA '' a8 CDATA '' a9 CDATA ''>]><rss>",
         "<b/>", 1000000},
        {"<!DOCTYPE r [<!ENTITY % a ''><!ENTITY % b '&#37;a;&#37;a;&#37;a;&#37;a;&#37;a;&#37;a;'>"
         "<!ENTITY % c '&#37;b;&#37;b;&#37;b;&#37;b;&#37;b;&#37;b;&#37;b;&#37;b;&#37;b;&#37;b;'>"
         "<!ENTITY % d '&#37;c;&#37;c;&#37;c;&#37;c;&#37;c;&#37;c;&#37;c;&#37;c;&#37;c;&#37;c;'>"
         "<!ENTITY % e '&#37;d;&#37;d;&#37;d;&#37;d;&#37;d;&#37;d;&#37;d;&#37;d;&#37;d;&#37;d;'> ",
         "%e;", 100},
    };
    struct buf document;

    (void)state;
    buf_init(&document, (size_t)1 << 25);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct xml_facts facts = {0};
        struct err err;

        repeat(&document, cases[i].before, cases[i].what, cases[i].n);
        buf_init(&facts.root, 64);
        buf_init(&facts.text, 64);
        assert_int_equal(wellformed_read(buf_str(&document), &facts, &err), RC_BAD);
        assert_true(i == 6 || strstr(err.text, "not read: "));
        told("feed", buf_str(&document), &out);
        buf_free(&facts.root);
        buf_free(&facts.text);
    }
    buf_free(&document);
}

static void facts_of_a_document(void **state)
{
    struct xml_facts facts = {0};
    struct err err;

    (void)state;
    buf_init(&facts.root, 64);
    buf_init(&facts.text, 64);
    assert_int_equal(wellformed_read(STR("<a>x<b><c/></b><author>An<i>h</i></author><d>y</d></a>"),
                                     &facts, &err),
                     RC_OK);
    assert_int_equal(facts.elements, 6);
    assert_int_equal(facts.depth, 3);
    assert_string_equal(facts.root.p, "a");
    assert_null(strstr(facts.text.p, "An"));
    assert_null(strstr(facts.text.p, "h"));
    assert_non_null(strstr(facts.text.p, "y"));
    buf_free(&facts.root);
    buf_free(&facts.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rss),
        cmocka_unit_test(atom),
        cmocka_unit_test(rdf_and_sitemaps),
        cmocka_unit_test(json_feed),
        cmocka_unit_test(feeds_of_accounts_are_refused),
        cmocka_unit_test(links_of_entries_refuse_nothing),
        cmocka_unit_test(no_entity_is_expanded),
        cmocka_unit_test(encodings),
        cmocka_unit_test(a_broken_feed_is_read_as_far_as_it_goes),
        cmocka_unit_test(strict_is_strict),
        cmocka_unit_test(an_entry_has_a_maximum),
        cmocka_unit_test(bombs),
        cmocka_unit_test(facts_of_a_document),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
