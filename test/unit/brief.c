/* brief.c - the three faces of a briefing: golden bytes, nothing below k, charts with tables. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "publish/brief.h"
#include "run/told_city.h"

#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>
#include <stdio.h>

struct written {
    struct told_city *city;
    struct arena job;
    struct buf out;
};

static enum rc write_brief(struct written *written, const struct brief_options *wanted,
                           struct told_city *city, struct err *err)
{
    struct brief_options options = *wanted;

    written->city = city;
    arena_init(&written->job, "job", 64 << 20);
    buf_init(&written->out, 8 << 20);
    options.now = city->now;
    options.width = options.width ? options.width : 92;
    return brief_write(&city->store, &city->settings, &options, &written->job, &written->out, err);
}

static void drop(struct written *written)
{
    buf_free(&written->out);
    arena_free(&written->job);
    city_free(written->city);
}

static struct written written_brief(enum brief_face face, bool english, uint32_t whisper)
{
    struct brief_options options = {.face = face, .english = english};
    struct written written;
    struct err err;

    if (write_brief(&written, &options, city_new(whisper, true), &err) != RC_OK)
        fail_msg("%s", err.text);
    return written;
}

static bool says(const struct written *written, const char *what)
{
    return str_find(buf_str(&written->out), str_of(what)) < written->out.n;
}

/* Compares with test/golden/brief/NAME, or writes it there when BLESS is set. */
static void assert_golden(const struct written *written, const char *name)
{
    char path[256];
    struct buf golden;
    FILE *file;
    size_t n;

    snprintf(path, sizeof path, "test/golden/brief/%s", name);
    if (getenv("BLESS")) {
        file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(written->out.p, 1, written->out.n, file), written->out.n);
        assert_int_equal(fclose(file), 0);
        return;
    }
    file = fopen(path, "rb");
    if (!file)
        fail_msg("%s is not there; BLESS=1 writes it", path);
    buf_init(&golden, 8 << 20);
    do {
        char *end = buf_reserve(&golden, 65536);

        assert_non_null(end);
        n = fread(end, 1, 65536, file);
        golden.n += n;
    } while (n);
    fclose(file);
    for (size_t i = 0; i < golden.n && i < written->out.n; i++)
        if (golden.p[i] != written->out.p[i])
            fail_msg("%s: differs from byte %zu on", path, i);
    assert_int_equal(golden.n, written->out.n);
    buf_free(&golden);
}

static void test_golden(void **state)
{
    static const struct {
        const char *name;
        enum brief_face face;
        bool english;
    } faces[] = {{"vi.txt", BRIEF_TEXT, false},
                 {"en.txt", BRIEF_TEXT, true},
                 {"vi.html", BRIEF_HTML, false},
                 {"vi.json", BRIEF_JSON, false}};

    (void)state;
    for (size_t i = 0; i < sizeof faces / sizeof *faces; i++) {
        struct written written = written_brief(faces[i].face, faces[i].english, 0);

        assert_golden(&written, faces[i].name);
        drop(&written);
    }
}

/* Everything below k is changed: no byte of any face may know. */
static void test_nothing_below_k(void **state)
{
    (void)state;
    for (int face = BRIEF_TEXT; face <= BRIEF_JSON; face++)
        for (int english = 0; english < 2; english++) {
            struct written a = written_brief((enum brief_face)face, english, 0);
            struct written b = written_brief((enum brief_face)face, english, 3);

            assert_int_equal(a.out.n, b.out.n);
            assert_memory_equal(a.out.p, b.out.p, a.out.n);
            assert_false(says(&a, "đầu hẻm"));
            assert_false(says(&a, "loa kéo"));
            drop(&a);
            drop(&b);
        }
}

static void test_no_small_number_in_json(void **state)
{
    static const char *const keys[] = {"voices", "people", "expected", "messages", "city"};
    struct written written = written_brief(BRIEF_JSON, false, 0);
    char pattern[64];

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        for (int number = 0; number < 20; number++)
            for (const char *end = ",}]"; *end; end++) {
                snprintf(pattern, sizeof pattern, "\"%s\":%d%c", keys[i], number, *end);
                if (says(&written, pattern))
                    fail_msg("%s", pattern);
            }
    assert_true(says(&written, "\"voices\":{\"below\":20}"));
    assert_true(says(&written, "\"voices\":null")); /* a day on which nothing was heard */
    drop(&written);
}

static void test_hostile_titles(void **state)
{
    struct written page = written_brief(BRIEF_HTML, false, 0);
    struct written plain = written_brief(BRIEF_TEXT, false, 0);

    (void)state;
    assert_false(says(&page, "<script"));
    assert_false(says(&page, "javascript:"));
    assert_true(says(&page, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;nước"));
    assert_true(says(&page, "href=\"https://bao.bentruc.example/nuoc-duc?a=1&amp;b=2\""));
    for (int i = 0; i < 2; i++) {
        assert_false(says(i ? &page : &plain, "\033"));
        assert_false(says(i ? &page : &plain, "\xE2\x80\xAE"));
    }
    drop(&page);
    drop(&plain);
}

static void test_words_by_sources(void **state)
{
    struct written vi = written_brief(BRIEF_TEXT, false, 0);
    struct written en = written_brief(BRIEF_TEXT, true, 0);

    (void)state;
    assert_true(says(&vi, "Hôm qua nổi lên 2 việc: Nước sạch"));
    assert_true(says(&vi, "[nhiều hơn thường lệ, một nguồn]"));
    assert_true(says(&vi, "[nhiều hơn thường lệ, hai nguồn]"));
    assert_true(
        says(&vi, "Ít nhất 60 người và 260 tin, trong đó ít nhất 220 bản chép lại; một loại"));
    assert_true(says(&vi, "chưa nghe được gì"));
    assert_true(says(&vi, "im 4 ngày"));
    assert_true(says(&vi, "Những ngày không nghe được gì: 28/2."));
    assert_true(says(&en, "Yesterday 2 things rose: Water supply"));
    assert_true(says(&en, "[more than usual, one source]"));
    assert_true(says(&vi, "Chép lại hàng loạt: ít nhất 220 tin"));
    assert_true(says(&en, "Copied in bulk: at least 220 messages are copies"));
    assert_true(says(&en, "At least 60 people and 260 messages"));
    assert_false(says(&en, "người"));
    drop(&vi);
    drop(&en);
}

/* An hour is on no public grid: its alarm is told, neither its number nor that of the day. */
static void test_hour_has_no_number(void **state)
{
    struct brief_options options = {.face = BRIEF_TEXT};
    struct told_city *city = city_new(0, true);
    struct written written;
    struct err err;

    (void)state;
    city->alarms.n = 0;
    *vec_push(&city->alarms, &city->arena) =
        (struct alarm){.id = 1,
                       .known = city->first + (CITY_DAYS - 1) * DAY_MS + 12 * HOUR_MS,
                       .window = WINDOW_HOUR,
                       .start = city->first + (CITY_DAYS - 1) * DAY_MS + 10 * HOUR_MS,
                       .place = 1,
                       .topic = 1,
                       .observed = 41,
                       .expected = 22,
                       .q = 0.004,
                       .sources = 3};
    assert_int_equal(write_brief(&written, &options, city, &err), RC_OK);
    assert_true(says(&written, "Nhiều hơn thường lệ trong giờ 10:00 22/3; không nêu con số"));
    assert_true(says(&written, "Số tin và số bản chép lại không nêu."));
    assert_false(says(&written, "41"));
    drop(&written);
}

/* The text face keeps to its width (links may be longer). */
static void test_width(void **state)
{
    struct brief_options options = {.face = BRIEF_TEXT, .width = 80};
    struct written written;
    struct err err;
    struct str rest;

    (void)state;
    assert_int_equal(write_brief(&written, &options, city_new(0, true), &err), RC_OK);
    for (rest = buf_str(&written.out); rest.p;) {
        struct str line = str_cut(&rest, '\n');
        int width = 0;

        for (size_t at = 0; at < line.n; width++)
            utf8_next(line, &at, NULL);
        if (width > 80 && str_find(line, STR("https://")) == line.n)
            fail_msg("%d columns: %.*s", width, STR_ARG(line));
    }
    drop(&written);
}

static int count_nodes(xmlDocPtr page, const char *path)
{
    xmlXPathContextPtr context = xmlXPathNewContext(page);
    xmlXPathObjectPtr found = xmlXPathEvalExpression((const xmlChar *)path, context);
    int n = found && found->nodesetval ? found->nodesetval->nodeNr : 0;

    xmlXPathFreeObject(found);
    xmlXPathFreeContext(context);
    return n;
}

static void test_page_is_readable(void **state)
{
    struct written written = written_brief(BRIEF_HTML, false, 0);
    xmlDocPtr page = htmlReadMemory(written.out.p, (int)written.out.n, NULL, "UTF-8",
                                    HTML_PARSE_NOERROR | HTML_PARSE_NONET);
    int charts;

    (void)state;
    assert_non_null(page);
    charts = count_nodes(page, "//figure/svg");
    assert_int_equal(charts, 4); /* the city, three rises with a number; the last has none */
    assert_int_equal(count_nodes(page, "//svg"), charts);
    assert_int_equal(count_nodes(page, "//svg[@role='img' and title[@id] and desc[@id]]"), charts);
    assert_int_equal(count_nodes(page, "//figure[figcaption/p[string-length() > 20]]"), charts);
    assert_int_equal(count_nodes(page, "//figure/details/table[caption]"), charts);
    assert_int_equal(count_nodes(page, "//figure/details/table/tbody/tr"), charts * 28);
    assert_int_equal(count_nodes(page, "//html[@lang='vi']"), 1);
    assert_int_equal(count_nodes(page, "//main"), 1);
    assert_int_equal(count_nodes(page, "//header"), 1);
    assert_int_equal(count_nodes(page, "//footer"), 1);
    assert_int_equal(count_nodes(page, "//h1"), 1);
    assert_int_equal(count_nodes(page, "//section[@aria-labelledby]/h2[@id]"), 5);
    assert_int_equal(count_nodes(page, "//th[not(@scope)]"), 0);
    assert_int_equal(count_nodes(page, "//script | //link | //img | //iframe | //@onload"), 0);
    assert_int_equal(count_nodes(page, "//@src"), 0);
    assert_int_equal(count_nodes(page, "//a[not(starts-with(@href, 'http'))]"), 0);
    /* a day that is not told is hatched, never a bar of no height */
    assert_true(count_nodes(page, "//rect[@class='hidden']") >= 12);
    assert_int_equal(count_nodes(page, "//rect[@class='bar' and @height='0']"), 0);
    xmlFreeDoc(page);
    drop(&written);
}

static void test_leaf_before_anything(void **state)
{
    struct brief_options options = {.face = BRIEF_TEXT};
    struct written written = written_brief(BRIEF_JSON, false, 0);
    struct told_city *city;
    struct err err;

    (void)state;
    assert_int_equal(written.city->leaves.n, 1);
    assert_int_equal(written.city->leaves.v[0].action, LEDGER_BRIEF);
    drop(&written);
    city = city_new(0, true);
    city->settings.retention_days = 0; /* the log refuses */
    assert_int_equal(write_brief(&written, &options, city, &err), RC_FULL);
    assert_int_equal(written.out.n, 0);
    drop(&written);
}

static void test_nothing_heard(void **state)
{
    struct brief_options options = {.face = BRIEF_TEXT};
    struct written written;
    struct err err;

    (void)state;
    assert_int_equal(write_brief(&written, &options, city_new(0, false), &err), RC_ABSENT);
    assert_non_null(strstr(err.text, "ingest"));
    drop(&written);
}

/* Before the first day has ended there is coverage, and no number. */
static void test_first_morning(void **state)
{
    struct told_city *city = city_new(0, true);
    struct written written;
    struct err err;

    (void)state;
    for (int face = BRIEF_TEXT; face <= BRIEF_JSON; face++) {
        struct brief_options options = {.face = (enum brief_face)face};

        if (face != BRIEF_TEXT)
            city = city_new(0, true);
        city->now = city->first + 9 * HOUR_MS;
        city->alarms.n = 0;
        assert_int_equal(write_brief(&written, &options, city, &err), RC_OK);
        assert_true(says(&written, face == BRIEF_JSON ? "\"day\":null" : "Chưa có ngày nào"));
        drop(&written);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_nothing_below_k),
        cmocka_unit_test(test_no_small_number_in_json),
        cmocka_unit_test(test_hostile_titles),
        cmocka_unit_test(test_words_by_sources),
        cmocka_unit_test(test_hour_has_no_number),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_page_is_readable),
        cmocka_unit_test(test_leaf_before_anything),
        cmocka_unit_test(test_nothing_heard),
        cmocka_unit_test(test_first_morning),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
