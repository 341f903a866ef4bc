/* simulate.c - the simulated stream: exact, repeatable, well-formed, and of the promised shapes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/hash.h"
#include "base/embedded.h"
#include "shim/json.h"
#include "sim/simulate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POSTS = 20000, WEEKS = 8, STORIES_MAX = 64 };

#define GOLDEN_ITEMS 0xa1d06516353b7480
#define GOLDEN_TRUTH 0xa31db23fd7e7e029

static const struct zone zone = {7 * HOUR_MS};
static const int64_t end_time = 1777208400000; /* 2026-04-26T20:00:00+07:00, a Sunday */

/* One line of either stream, read. */
struct line {
    char id[64], story[40], copy_of[64], source[40], kind[16], author[32], ward[16];
    int64_t time;
    bool rising, has_text, has_rising, unknown;
};

struct stream {
    struct buf items, truth;
    uint64_t n;
};

static const char places_table[] =
    "code\tname\tkind\tparent\taliases\tvalid_from\tvalid_to\tsuccessor\n"
    "T\tThị Cảng\tcity\t-\t-\t-\t-\t-\n"
    "T1\tCầu Tàu\tward\tT\tcau tau|p. cầu tàu\t-\t-\t-\n"
    "T2\tHải Đăng\tward\tT\t-\t-\t-\t-\n"
    "T3\tĐèn Cũ\tward\tT\t-\t-\t-\tT2\n";
static const char stories_table[] = "story\tconcern\tunit\tshape\tweight\twards\n"
                                    "pha-tre\tlate-ferry\tben\tsteady\t4\t*\n"
                                    "song-lon\tswell\tben\tsudden\t30\tT1\n"
                                    "gia-ve\t-\tben\tclaim\t8\t*\n"
                                    "la-phieu\t-\tben\tcampaign\t6\t*\n";
static const char grammar_table[] =
    "story\tpart\tlang\ttext\n"
    "*\topener\tvi\tDạ,\n*\topener\ten\tHello,\n*\tcloser\tvi\t-\n*\tcloser\ten\tThanks.\n"
    "*\tremark\tvi\tCó ai bị như {me} không?\n*\tremark\ten\t-\n"
    "*\ttime\tvi\t[sáng|chiều] [nay|]\n*\ttime\ten\ttoday\n"
    "*\twhen\tvi\tbữa qua\n*\twhen\ten\tat noon\n"
    "*\tdays\tvi\tba hôm\n*\tdays\ten\tthree days\n"
    "*\tpii\tvi\tGọi {phone} gặp {name}.\n*\tpii\ten\tMail {email}.\n"
    "pha-tre\tbody\tvi\tphà ở {ward} trễ {time}.\npha-tre\tbody\ten\tthe ferry is late {time}.\n"
    "song-lon\tbody\tvi\t[|to quá,] sóng [đánh|tràn] [lên bờ|vô] {ward} {days} rồi[| đó|, sợ].\n"
    "gia-ve\tbody\tvi\tnghe nói vé phà tăng gấp ba.\n"
    "la-phieu\tcopy\tvi\tXin giữ chuyến phà đêm, ai đồng ý thì chép lại.\n"
    "la-phieu\tedit\tvi\tNhờ chuyển tiếp: xin giữ chuyến phà đêm.\n";

static void read_small_corpus(struct arena *job, struct gazetteer *places,
                              struct simulate_corpus *corpus)
{
    struct err err;

    assert_int_equal(gazetteer_read(str_of(places_table), job, places, &err), RC_OK);
    *corpus = (struct simulate_corpus){
        .stories = str_of(stories_table), .grammar = str_of(grammar_table), .places = places};
}

static void make_stream(const struct simulate_config *config, const struct simulate_corpus *corpus,
                        struct arena *job, struct stream *out)
{
    struct simulation *simulation;
    struct err err = {0};
    enum rc rc = simulate_open(config, corpus, job, &simulation, &err);

    if (rc)
        fail_msg("%s", err.text);
    *out = (struct stream){.n = 0};
    buf_init(&out->items, 64 << 20);
    buf_init(&out->truth, 64 << 20);
    while ((rc = simulate_next(simulation, &out->items, &out->truth, &err)) == RC_OK)
        out->n++;
    assert_int_equal(rc, RC_ABSENT);
    simulate_close(simulation);
}

static void free_stream(struct stream *stream)
{
    buf_free(&stream->items);
    buf_free(&stream->truth);
}

static bool take(void *context, const struct json_event *event)
{
    struct line *line = context;
    struct {
        const char *key;
        char *to;
        size_t room;
    } texts[] = {
        {"id", line->id, sizeof line->id},
        {"story", line->story, sizeof line->story},
        {"copy_of", line->copy_of, sizeof line->copy_of},
        {"source", line->source, sizeof line->source},
        {"kind", line->kind, sizeof line->kind},
        {"author_token", line->author, sizeof line->author},
        {"ward", line->ward, sizeof line->ward},
        {"text", NULL, 0},
        {"time", NULL, 0},
        {"place", NULL, 0},
        {"title", NULL, 0},
        {"summary", NULL, 0},
        {"url", NULL, 0},
        {"lang", NULL, 0},
        {"concern", NULL, 0},
        {"unit", NULL, 0},
        {"rising", NULL, 0},
    };
    bool known = !event->key.p;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (!str_eq(event->key, str_of(texts[i].key)))
            continue;
        known = true;
        if (texts[i].to && event->type == JSON_STRING)
            snprintf(texts[i].to, texts[i].room, "%.*s", STR_ARG(event->string));
    }
    line->unknown |= !known;
    if (str_eq(event->key, STR("time")))
        assert_int_equal(time_parse(event->string, (struct zone){0}, &line->time), PRECISION_TIME);
    if (str_eq(event->key, STR("text")))
        line->has_text = event->type == JSON_STRING && event->string.n > 0;
    if (str_eq(event->key, STR("rising"))) {
        line->has_rising = event->type == JSON_BOOL;
        line->rising = event->truth;
    }
    return true;
}

static void read_line(struct json_parser *parser, struct str *rest, struct line *out)
{
    const char *reason = json_parse(parser, str_cut(rest, '\n'));

    *out = (struct line){.time = TIME_UNKNOWN};
    if (reason)
        fail_msg("not JSON: %s", reason);
    json_walk(parser, take, out);
    assert_false(out->unknown);
}

/* The built-in corpus without publications: those are cmd's to read. */
static void make_demo_stream(uint64_t seed, uint64_t posts, struct arena *job, struct stream *out)
{
    static struct gazetteer places;
    struct simulate_config config = {
        .seed = seed,
        .posts = posts,
        .rate = (double)posts / (WEEKS * 7 * 86400.0),
        .end = end_time,
        .zone = zone,
    };
    struct simulate_corpus corpus = {.stories = embedded_file("data/demo/stories.tsv"),
                                     .grammar = embedded_file("data/demo/grammar.tsv"),
                                     .places = &places};
    struct err err;

    assert_int_equal(gazetteer_read(embedded_file("data/demo/places.tsv"), job, &places, &err),
                     RC_OK);
    make_stream(&config, &corpus, job, out);
}

static void test_lines_are_exact_and_sorted(void **state)
{
    struct json_parser *parser = json_parser_new();
    struct arena job;
    struct stream stream;
    struct line item, truth;
    int64_t before = 0;
    struct str items, truths;

    (void)state;
    arena_init(&job, "job", 256 << 20);
    make_demo_stream(11, POSTS, &job, &stream);
    items = buf_str(&stream.items);
    truths = buf_str(&stream.truth);
    assert_int_equal(stream.n, POSTS);
    for (uint64_t i = 0; i < POSTS; i++) {
        char id[64];

        read_line(parser, &items, &item);
        read_line(parser, &truths, &truth);
        snprintf(id, sizeof id, "sim-11-%llu", (unsigned long long)i + 1);
        assert_string_equal(item.id, id);
        assert_string_equal(truth.id, id);
        assert_true(item.has_text && item.author[0] && item.source[0]);
        assert_true(truth.has_rising && truth.story[0]);
        assert_true(item.time >= before);
        before = item.time;
    }
    assert_int_equal(items.n + truths.n, 0);
    assert_int_equal(before, end_time);
    free_stream(&stream);
    arena_free(&job);
    json_parser_free(parser);
}

static void test_same_seed_same_bytes(void **state)
{
    struct arena job;
    struct stream a, b, c;

    (void)state;
    arena_init(&job, "job", 256 << 20);
    make_demo_stream(5, 3000, &job, &a);
    make_demo_stream(5, 3000, &job, &b);
    make_demo_stream(6, 3000, &job, &c);
    assert_true(str_eq(buf_str(&a.items), buf_str(&b.items)));
    assert_true(str_eq(buf_str(&a.truth), buf_str(&b.truth)));
    assert_false(str_eq(buf_str(&a.items), buf_str(&c.items)));
    free_stream(&a);
    free_stream(&b);
    free_stream(&c);
    arena_free(&job);
}

/* The bytes of a corpus that does not change: another compiler, machine or library must make the
 * same ones. */
static void test_bytes_are_golden(void **state)
{
    const struct simulate_config config = {
        .seed = 99, .posts = 1000, .rate = 0.01, .end = end_time, .zone = zone};
    struct simulate_corpus corpus;
    struct gazetteer places;
    struct arena job;
    struct stream stream;

    (void)state;
    arena_init(&job, "job", 64 << 20);
    read_small_corpus(&job, &places, &corpus);
    make_stream(&config, &corpus, &job, &stream);
    assert_int_equal(stream.n, 1000);
    assert_int_equal(hash_bytes(buf_str(&stream.items), 0), GOLDEN_ITEMS);
    assert_int_equal(hash_bytes(buf_str(&stream.truth), 0), GOLDEN_TRUTH);
    free_stream(&stream);
    arena_free(&job);
}

static bool holds(const struct buf *buf, const char *what)
{
    return str_find(buf_str(buf), str_of(what)) < buf->n;
}

/* Every alternative comes, in every order; nothing of the notation and no stray space is left. */
static void test_alternations(void **state)
{
    static const char grammar[] =
        "story\tpart\tlang\ttext\n"
        "*\topener\tvi\t-\n*\topener\ten\t-\n*\tcloser\tvi\t-\n*\tcloser\ten\t-\n"
        "*\tremark\tvi\t-\n*\tremark\ten\t-\n*\tpii\tvi\t-\n*\tpii\ten\t-\n"
        "*\ttime\tvi\t[nay|mai] [som|]\n*\ttime\ten\t-\n*\twhen\tvi\t-\n*\twhen\ten\t-\n"
        "*\tdays\tvi\tba hom\n*\tdays\ten\t-\n"
        "pha\tbody\tvi\t[dem|] pha [tre|bo chuyen|{days} im] {time}, [cho|] [hoai|mai|].\n";
    static const char *const wanted[] = {"\"dem pha", "\"pha tre", "pha bo chuyen", "pha ba hom im",
                                         "nay, cho",  "mai, cho",  "nay som,",      "mai som, ",
                                         "cho hoai.", "cho mai.",  "cho.",          ", hoai."};
    static const char *const stray[] = {"[", "]", "|", "{n", "  ", " ,", " .", "\" "};
    const struct simulate_config config = {
        .seed = 3, .posts = 2000, .rate = 0.01, .end = end_time, .zone = zone};
    struct simulate_corpus corpus;
    struct gazetteer places;
    struct arena job;
    struct stream stream;

    (void)state;
    arena_init(&job, "job", 64 << 20);
    read_small_corpus(&job, &places, &corpus);
    corpus.stories = STR("story\tconcern\tunit\tshape\tweight\twards\npha\t-\tben\tnoise\t1\tT1\n");
    corpus.grammar = str_of(grammar);
    make_stream(&config, &corpus, &job, &stream);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (!holds(&stream.items, wanted[i]))
            fail_msg("never \"%s\"", wanted[i]);
    for (size_t i = 0; i < sizeof stray / sizeof *stray; i++)
        if (holds(&stream.items, stray[i]))
            fail_msg("there is a \"%s\"", stray[i]);
    free_stream(&stream);
    arena_free(&job);
}

/* Each publication comes once where there is room for all, in the order of the corpus; a short
 * stream has a sample. */
static void test_publications_come_once(void **state)
{
    static const struct simulate_publication publications[] = {
        {.text = STR("one"), .url = STR("u1"), .time = 1},
        {.text = STR("two"), .url = STR("u2"), .time = 2},
        {.text = STR("three"), .url = STR("u3"), .time = 3}};
    static const char *const urls[] = {"\"u1\"", "\"u2\"", "\"u3\""};
    struct simulate_config config = {.seed = 8, .rate = 0.01, .end = end_time, .zone = zone};
    struct simulate_corpus corpus;
    struct gazetteer places;
    struct arena job;
    struct stream stream;

    (void)state;
    arena_init(&job, "job", 64 << 20);
    read_small_corpus(&job, &places, &corpus);
    corpus.publications = publications;
    corpus.publication_count = 3;
    for (config.posts = 200; config.posts <= 3200; config.posts *= 4) {
        size_t before = 0, found = 0;

        make_stream(&config, &corpus, &job, &stream);
        for (int i = 0; i < 3; i++) {
            size_t at = str_find(buf_str(&stream.items), str_of(urls[i]));

            if (at == stream.items.n)
                continue;
            found++;
            assert_true(at > before);
            before = at;
            assert_false(str_find(str_from(buf_str(&stream.items), at + 1), str_of(urls[i])) <
                         stream.items.n - at - 1);
        }
        assert_int_equal(found, config.posts == 200 ? 1 : 3);
        free_stream(&stream);
    }
    arena_free(&job);
}

/* What was counted of one story. */
struct tally {
    char story[40];
    uint32_t items, copies, rising, authors_n, fridays;
    uint32_t tenths[10]; /* of the span */
    uint64_t authors[64], sources;
};

static struct tally *tally_of(struct tally tallies[STORIES_MAX], const char *story)
{
    for (int s = 0; s < STORIES_MAX; s++) {
        if (!tallies[s].story[0])
            snprintf(tallies[s].story, sizeof tallies[s].story, "%s", story);
        if (strcmp(tallies[s].story, story) == 0)
            return &tallies[s];
    }
    fail_msg("too many stories");
    return NULL;
}

static void count_line(struct tally *tally, const struct line *item, const struct line *truth)
{
    int64_t span = WEEKS * WEEK_MS, since = item->time - (end_time - span);
    int64_t day = time_day(item->time, zone), hour = (item->time - day_start(day, zone)) / HOUR_MS;
    uint64_t author = hash_bytes(str_of(item->author), 0);
    bool fresh = true;

    tally->items++;
    tally->copies += truth->copy_of[0] != '\0';
    tally->rising += truth->rising;
    tally->tenths[since * 10 / span > 9 ? 9 : since * 10 / span]++;
    tally->fridays += day_weekday(day) == 4 && hour >= 16 && hour < 19;
    tally->sources |= (uint64_t)1 << hash_bytes(str_of(item->source), 0) % 64;
    for (uint32_t i = 0; i < tally->authors_n && i < 64; i++)
        fresh &= tally->authors[i] != author;
    if (fresh && tally->authors_n < 64)
        tally->authors[tally->authors_n++] = author;
}

static void test_shapes(void **state)
{
    static struct tally tallies[STORIES_MAX];
    struct json_parser *parser = json_parser_new();
    struct arena job;
    struct stream stream;
    struct line item, truth;
    struct str items, truths;
    const struct tally *t;
    uint32_t steady;

    (void)state;
    arena_init(&job, "job", 256 << 20);
    make_demo_stream(11, POSTS, &job, &stream);
    items = buf_str(&stream.items);
    truths = buf_str(&stream.truth);
    for (uint64_t i = 0; i < POSTS; i++) {
        read_line(parser, &items, &item);
        read_line(parser, &truths, &truth);
        count_line(tally_of(tallies, truth.story), &item, &truth);
    }
    t = tally_of(tallies, "mat-dien"); /* steady */
    steady = t->items / 10;
    assert_in_range(t->tenths[0], steady / 2, steady * 2);
    assert_in_range(t->tenths[9], steady / 2, steady * 2);
    assert_int_equal(t->rising, 0);
    t = tally_of(tallies, "nuoc-duc"); /* sudden */
    assert_true(t->tenths[7] * 10 < t->tenths[9]);
    assert_in_range(t->tenths[9], steady * 8, steady * 12);
    assert_true(t->rising * 10 > t->items * 9);
    t = tally_of(tallies, "rac-ton"); /* slow */
    assert_true(t->tenths[6] < t->tenths[7] && t->tenths[7] < t->tenths[8] &&
                t->tenths[8] < t->tenths[9]);
    assert_true(t->tenths[9] > 3 * t->tenths[4]);
    t = tally_of(tallies, "ket-cau"); /* seasonal */
    assert_true(t->fridays * 2 > t->items);
    assert_int_equal(t->rising, 0);
    t = tally_of(tallies, "phi-gui-xe"); /* claim, with shares */
    assert_true(t->tenths[6] * 4 > t->items * 3);
    assert_in_range(t->copies * 100 / t->items, 30, 60);
    t = tally_of(tallies, "nuoc-chi");
    assert_true((t->tenths[7] + t->tenths[8]) * 4 > t->items * 3);
    t = tally_of(tallies, "doi-ten-buyt"); /* campaign */
    assert_in_range(t->authors_n, 6, 12);
    assert_int_equal(t->copies, t->items - 1);
    assert_int_equal(t->sources & (t->sources - 1), 0);
    assert_true(t->tenths[7] * 10 > t->items * 9);
    assert_int_equal(t->rising, 0);
    free_stream(&stream);
    arena_free(&job);
    json_parser_free(parser);
}

static void test_edges(void **state)
{
    struct simulate_config config = {.seed = 1, .posts = 0, .rate = 1, .end = end_time};
    struct simulate_corpus corpus;
    struct gazetteer places;
    struct simulation *simulation;
    struct arena job;
    struct stream stream;
    struct err err;

    (void)state;
    arena_init(&job, "job", 64 << 20);
    read_small_corpus(&job, &places, &corpus);
    make_stream(&config, &corpus, &job, &stream);
    assert_int_equal(stream.n, 0);
    free_stream(&stream);
    config.posts = 3;
    config.rate = 1e9; /* all at once */
    make_stream(&config, &corpus, &job, &stream);
    assert_int_equal(stream.n, 3);
    free_stream(&stream);
    config.rate = 0;
    assert_int_equal(simulate_open(&config, &corpus, &job, &simulation, &err), RC_USAGE);
    config.rate = -1;
    assert_int_equal(simulate_open(&config, &corpus, &job, &simulation, &err), RC_USAGE);
    config.rate = 1e-12;
    assert_int_equal(simulate_open(&config, &corpus, &job, &simulation, &err), RC_USAGE);
    arena_free(&job);
}

static void bad_tables(const char *stories, const char *grammar, const char *message)
{
    const struct simulate_config config = {.posts = 1, .rate = 1, .end = end_time};
    struct simulate_corpus corpus;
    struct gazetteer places;
    struct simulation *simulation;
    struct arena job;
    struct err err = {0};

    arena_init(&job, "job", 64 << 20);
    read_small_corpus(&job, &places, &corpus);
    if (stories)
        corpus.stories = str_of(stories);
    if (grammar)
        corpus.grammar = str_of(grammar);
    assert_int_equal(simulate_open(&config, &corpus, &job, &simulation, &err), RC_BAD);
    if (!strstr(err.text, message))
        fail_msg("\"%s\" does not say \"%s\"", err.text, message);
    arena_free(&job);
}

#define STORIES_HEAD "story\tconcern\tunit\tshape\tweight\twards\n"
#define GRAMMAR_HEAD "story\tpart\tlang\ttext\n"

static void test_bad_tables_are_named(void **state)
{
    (void)state;
    bad_tables("story\tshape\n", NULL, "stories: table has no column");
    bad_tables(STORIES_HEAD, NULL, "no story");
    bad_tables(STORIES_HEAD "a\t-\t-\twobbly\t1\t*\n", NULL, "stories: line 2: no such shape");
    bad_tables(STORIES_HEAD "a\t-\t-\tsteady\tnan\t*\n", NULL, "line 2: the weight");
    bad_tables(STORIES_HEAD "a\t-\t-\tsteady\t1\tT1,T9\n", NULL, "line 2: wards");
    bad_tables(NULL, GRAMMAR_HEAD "zzz\tbody\tvi\tx\n", "grammar: line 2: no such story");
    bad_tables(NULL, GRAMMAR_HEAD "*\trhyme\tvi\tx\n", "line 2: no such part");
    bad_tables(NULL, GRAMMAR_HEAD "*\topener\tfr\tx\n", "line 2: lang");
    bad_tables(NULL, GRAMMAR_HEAD "*\topener\tvi\tx\n", "no shared");
    bad_tables(NULL, GRAMMAR_HEAD "*\topener\tvi\t[a|b\n", "line 2: brackets");
    bad_tables(NULL, GRAMMAR_HEAD "*\topener\tvi\ta]\n", "line 2: brackets");
    bad_tables(NULL, GRAMMAR_HEAD "*\topener\tvi\t[a[b]]\n", "line 2: brackets");
    bad_tables(NULL, GRAMMAR_HEAD "*\topener\tvi\ta|b\n", "line 2: a | outside");
    bad_tables(NULL, GRAMMAR_HEAD "*\topener\tvi\ta {moon}\n", "line 2: no such slot");
    bad_tables(NULL, GRAMMAR_HEAD "*\topener\tvi\ta {ward\n", "line 2: a { without");
    bad_tables(NULL, GRAMMAR_HEAD "*\tdays\tvi\ta {ward}\n", "line 2: no slot");
    bad_tables(STORIES_HEAD "a\t-\t-\tsteady\t1\t*\n", NULL, "no such story");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_are_exact_and_sorted),
        cmocka_unit_test(test_same_seed_same_bytes),
        cmocka_unit_test(test_bytes_are_golden),
        cmocka_unit_test(test_alternations),
        cmocka_unit_test(test_publications_come_once),
        cmocka_unit_test(test_shapes),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_bad_tables_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
