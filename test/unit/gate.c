/* gate.c - one raw item in, one post out: identity, voice, kind, time, place, what may be printed.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/embedded.h"
#include "intake/gate.h"

#include <stdlib.h>
#include <string.h>

static const char table[] = "code\tname\tkind\tparent\taliases\tvalid_from\tvalid_to\tsuccessor\n"
                            "LX\tLạc Xuyên\tcity\t-\t-\t-\t-\t-\n"
                            "LX-1\tBến Phà\tward\tLX\t-\t-\t-\t-\n";

static struct arena process, batch;
static struct settings settings;
static struct locator *locator;
static struct gate gate;
static struct gated out;
static struct err err;
static const unsigned char key[32] = "thirty-two bytes for one test..";
static const int64_t now = 1772409600000; /* 2026-03-02T00:00:00Z */

static enum rc file_name(void *context, struct str *name, struct err *error)
{
    (void)error;
    *name = str_of(context);
    return RC_OK;
}

static void open_gate(const char *content)
{
    gate_free(&gate);
    gate = (struct gate){.settings = &settings,
                         .locator = locator,
                         .voice_key = key,
                         .now = now,
                         .shows_ids = true,
                         .content_name = content ? file_name : NULL};
    if (content)
        gate.context = arena_copy(&process, content, strlen(content));
    gate_init(&gate);
}

static int set_up(void **state)
{
    static struct source_settings sources[] = {
        {.name = {"file", 4}},
        {.name = {"bao-lx", 6}, .publisher = {"Báo Lạc Xuyên", sizeof "Báo Lạc Xuyên" - 1}},
        {.name = {"dien-dan", 8}}};

    (void)state;
    arena_init(&process, "process", (size_t)16 << 20);
    arena_init(&batch, "batch", (size_t)64 << 20);
    settings = (struct settings){
        .retention_days = 30, .zone = {7 * HOUR_MS}, .sources = sources, .source_count = 3};
    assert_int_equal(gazetteer_read(STR(table), &process, &settings.places, &err), RC_OK);
    locator = locator_new(&settings.places, &process);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gate_free(&gate);
    locator_free(locator);
    arena_free(&process);
    arena_free(&batch);
    return 0;
}

static int fresh_gate(void **state)
{
    (void)state;
    open_gate("content-1");
    return 0;
}

static struct raw_item item(const char *id, const char *text)
{
    return (struct raw_item){
        .id = str_of(id), .text = str_of(text), .source = STR("dien-dan"), .line = 7};
}

static void pass(struct raw_item raw)
{
    if (gate_item(&gate, &raw, &batch, &out, &err) != RC_OK)
        fail_msg("%s", err.text);
}

static void assert_bad(struct raw_item raw, const char *field)
{
    err.text[0] = '\0';
    assert_int_equal(gate_item(&gate, &raw, &batch, &out, &err), RC_BAD);
    assert_true(str_starts(str_of(err.text), str_of(field)));
}

static struct str shown(void)
{
    struct redacted_view view = redacted_view(out.post.text);

    return (struct str){view.p, view.n};
}

static struct identity identity_of(struct raw_item raw)
{
    pass(raw);
    return out.identity;
}

static bool same_item(struct identity a, struct identity b)
{
    return memcmp(a.digest, b.digest, sizeof a.digest) == 0;
}

static void defaults(void **state)
{
    (void)state;
    pass((struct raw_item){.text = STR("Mất nước từ sáng"), .line = 3});
    assert_int_equal(out.post.kind, KIND_POST);
    assert_int_equal(out.post.source, 0);
    assert_int_equal(out.post.place, 0);
    assert_int_equal(out.post.time, TIME_UNKNOWN);
    assert_int_equal(out.post.heard, now);
    assert_false(out.voice.known || out.expired || out.post.replayed);
    assert_string_equal(out.post.lang.tag, "und");
    assert_true(str_eq(out.shown_id, STR("3")));
    assert_true(str_eq(shown(), STR("Mất nước từ sáng")));
}

/* What a person typed in an old encoding, or with letters of another script, is read as meant; what
 * a publisher shows stays as published. */
static void matching_reads_what_was_meant(void **state)
{
    struct raw_item raw = item("1", "KhÃ´ng cÃ³ nÆ°á»›c, hoà mạng");

    (void)state;
    pass(raw);
    assert_true(str_eq(shown(), STR("Không có nước, hòa mạng")));
    raw.text = STR("Gọi 0912\u200b345678, mất đi\u200bện");
    pass(raw);
    assert_true(str_eq(shown(), STR("Gọi [SĐT], mất điện")));
    raw.source = STR("bao-lx");
    raw.kind = STR("publication");
    raw.title = STR("Hoà mạng nguồn nước mới");
    pass(raw);
    assert_int_equal(out.post.kind, KIND_PUBLICATION);
    assert_true(str_eq((struct str){out.publication.title.p, out.publication.title.n},
                       STR("Hoà mạng nguồn nước mới")));
    assert_true(str_starts(shown(), STR("Hòa mạng nguồn nước mới")));
}

static void assert_lang(struct raw_item raw, const char *said, const char *tag)
{
    raw.lang = str_of(said);
    pass(raw);
    assert_string_equal(out.post.lang.tag, tag);
}

/* The text decides where it is clear, the item's own tag where it is not. */
static void language_is_seen(void **state)
{
    struct str languages = embedded_file("data/languages.tsv"),
               rates = embedded_file("data/models/syllables.tsv"),
               words = embedded_file("data/models/languages.bin");

    (void)state;
    assert_lang(item("1", "Nước máy đục ngầu hai hôm nay"), "en", "en");
    assert_int_equal(language_read(languages, rates, words, &process, &settings.languages, &err),
                     RC_OK);
    assert_lang(item("1", "Nước máy đục ngầu hai hôm nay"), "en", "vi");
    assert_lang(item("1", "Nước máy đục ngầu hai hôm nay"), NULL, "vi");
    assert_lang(item("1", "Nước máy đục ngầu hai hôm nay"), "vi-VN", "vi-VN");
    assert_lang(item("1", "The water has been brown for two days now"), "vi", "en");
    assert_lang(item("1", "123 456"), "ko", "ko");
    assert_lang(item("1", "123 456"), NULL, "und");
    settings.languages = NULL;
}

static void text_is_joined_cleaned_redacted(void **state)
{
    struct raw_item raw = item("1", "<p>Gọi 0912345678 &amp; @hoa.ng</p>");

    (void)state;
    raw.html = true;
    raw.title = STR("Tin <b>mới</b>");
    raw.summary = STR("Tin mới");
    pass(raw);
    assert_true(str_eq(shown(), STR("Tin mới\nGọi [SĐT] & [TÀI KHOẢN]")));
    assert_int_equal(out.redactions.n[REDACTION_PHONE], 1);
    assert_int_equal(out.redactions.n[REDACTION_HANDLE], 1);
}

static void long_text_is_cut_and_counted(void **state)
{
    size_t n = GATE_TEXT_MAX + 1000;
    char *s = arena_alloc(&process, n);
    struct raw_item raw = item("1", "x");

    (void)state;
    for (size_t i = 0; i < n; i++)
        s[i] = "mưa "[i % 5];
    raw.text = (struct str){s, n};
    pass(raw);
    assert_int_equal(gate.cut, 1);
    assert_true(shown().n <= GATE_TEXT_MAX && shown().n > GATE_TEXT_MAX - 200);
}

static void identity_by_id(void **state)
{
    struct raw_item raw = item("a1", "một"), other = raw;
    struct identity first = identity_of(raw);

    (void)state;
    other.text = STR("hai");
    other.time = STR("2026-03-01T10:00:00Z");
    assert_true(same_item(first, identity_of(other)));
    assert_true(first.content != out.identity.content);
    other.source = STR("dien-dan2");
    assert_false(same_item(first, identity_of(other)));
    assert_int_equal(out.post.source, 0); /* unregistered, yet its name tells items apart */
    open_gate("content-2");
    assert_true(same_item(first, identity_of(raw)));
    raw.source.n = 0;
    first = identity_of(raw);
    open_gate("content-1");
    assert_false(same_item(first, identity_of(raw))); /* the content stands for the source */
    gate.source_name = STR("dien-dan");
    raw = item("a1", "một");
    first = identity_of(raw);
    raw.source.n = 0;
    assert_true(same_item(first, identity_of(raw)));
    raw.id = STR("da1");
    raw.source = STR("dien-");
    first = identity_of(raw);
    raw.id = STR("a1");
    raw.source = STR("dien-d");
    assert_false(same_item(first, identity_of(raw))); /* lengths keep fields apart */
}

static void identity_without_id(void **state)
{
    struct raw_item raw = item(NULL, "mất nước");
    struct identity first, second;

    (void)state;
    raw.time = STR("2026-03-01T10:00:00+07:00");
    first = identity_of(raw);
    second = identity_of(raw);
    assert_false(same_item(first, second));           /* the second of its like in this input */
    gate_forget(&gate, time_day(now, settings.zone)); /* of today: counted on */
    assert_false(same_item(first, identity_of(raw)));
    gate_forget(&gate, time_day(now, settings.zone) + 1);
    assert_true(same_item(first, identity_of(raw)));
    open_gate("content-2");
    raw.time = STR("2026-03-01T03:00:00Z"); /* the same moment */
    assert_true(same_item(first, identity_of(raw)));
    assert_true(same_item(second, identity_of(raw)));
    raw.time = STR("2026-03-01"); /* a day only: the content of the file joins */
    first = identity_of(raw);
    open_gate("content-3");
    assert_false(same_item(first, identity_of(raw)));
    open_gate("content-2");
    assert_true(same_item(first, identity_of(raw)));
    raw.place = STR("LX-1");
    open_gate("content-2");
    assert_false(same_item(first, identity_of(raw)));
}

static void voices(void **state)
{
    struct raw_item raw = item("1", "x");
    struct voice first;

    (void)state;
    raw.author_token = STR("@hoa");
    pass(raw);
    first = out.voice;
    assert_true(first.known);
    raw.id = STR("2");
    pass(raw);
    assert_memory_equal(&first.h, &out.voice.h, sizeof first.h);
    raw.source = STR("bao-lx");
    pass(raw);
    assert_memory_not_equal(&first.h, &out.voice.h, sizeof first.h);
}

static void kinds(void **state)
{
    struct raw_item raw = item("1", "x");

    (void)state;
    raw.kind = STR("tip");
    pass(raw);
    assert_int_equal(out.post.kind, KIND_TIP);
    raw.kind = STR("publication");
    pass(raw);
    assert_int_equal(out.post.kind, KIND_POST); /* not from a publisher */
    raw.kind = STR("Publication!");
    assert_bad(raw, "kind:");
}

static void publications(void **state)
{
    struct raw_item raw = item("https://bao.example/1", "Gọi 024 3825 1234 hoặc 0912345678");

    (void)state;
    raw.source = STR("bao-lx");
    raw.kind = STR("publication");
    raw.url = STR(" https://bao.example/1 ");
    raw.title = STR("Lịch cắt nước");
    raw.time = STR("2020-01-01");
    pass(raw);
    assert_int_equal(out.post.kind, KIND_PUBLICATION);
    assert_int_equal(out.post.source, 1);
    assert_false(out.expired); /* publications stay */
    assert_true(str_eq(out.publication.url, STR("https://bao.example/1")));
    assert_true(str_eq(out.publication.id, STR("https://bao.example/1")));
    assert_int_equal(out.publication.title.n, strlen("Lịch cắt nước"));
    assert_true(str_eq(shown(), STR("Lịch cắt nước\nGọi 024 3825 1234 hoặc [SĐT]")));
    assert_true(str_eq(out.shown_id, STR("7"))); /* an address is not printed as an id */
    raw.url = STR("javascript:alert(1)");
    raw.id.n = 0;
    pass(raw);
    assert_int_equal(out.publication.url.n, 0);
    assert_int_equal(out.publication.id.n, 32);
    raw.url = STR("https://www.facebook.com/hoa.nguyen");
    pass(raw);
    assert_int_equal(out.publication.url.n, 0);
}

static void times(void **state)
{
    struct raw_item raw = item("1", "x");

    (void)state;
    raw.time = STR("2026-03-01T07:00:00");
    pass(raw);
    assert_int_equal(out.post.time, now - DAY_MS); /* local to the zone */
    assert_int_equal(out.post.heard, now);
    raw.time = STR("2026-03-02T10:00:00Z");
    pass(raw);
    assert_int_equal(out.post.time, now); /* ahead of the clock, within a day */
    raw.time = STR("2026-03-03T00:00:01Z");
    assert_bad(raw, "time:");
    raw.time = STR("9223372036854775807");
    assert_bad(raw, "time:");
    raw.time = STR("hôm qua");
    assert_bad(raw, "time:");
    raw.time = STR("2026-01-31T00:00:00Z");
    pass(raw);
    assert_false(out.expired);
    raw.time = STR("2026-01-30T23:59:59Z");
    pass(raw);
    assert_true(out.expired);
    raw.time = STR("-9223372036854775807");
    pass(raw);
    assert_true(out.expired);
    raw.time = STR("Sun, 01 Mar 2026 00:00:00 GMT");
    assert_bad(raw, "time:");
    raw.feed_dates = true;
    pass(raw);
    assert_int_equal(out.post.time, now - DAY_MS);
}

static void history(void **state)
{
    struct raw_item raw = item("1", "x");

    (void)state;
    gate.history = true;
    raw.time = STR("2026-02-20T00:00:00Z");
    pass(raw);
    assert_int_equal(out.post.heard, now - 10 * DAY_MS);
    assert_true(out.post.replayed && !out.expired);
    raw.time = STR("2025-12-20T00:00:00Z"); /* retention counts from now all the same */
    pass(raw);
    assert_true(out.expired);
    raw.time.n = 0;
    pass(raw);
    assert_int_equal(out.post.heard, now);
    assert_int_equal(out.post.time, TIME_UNKNOWN);
}

/* What was read to find a place is told of the very text that is kept, and of no other. */
static void syllables_are_told(void **state)
{
    struct raw_item raw = item("1", "Đường ngập, nước lên rồi");

    (void)state;
    pass(raw);
    assert_int_equal(gate.syllables.tokens.n, 0); /* nobody asked */
    gate.wants_syllables = true;
    pass(raw);
    assert_int_equal(gate.syllables.tokens.n, 5);
    assert_int_equal(gate.syllables.tokens.folded[1], token_key(STR("ngap"), &batch));
    pass(item("2", "gọi 0912 345 678 khi ngập"));
    assert_int_equal(gate.syllables.tokens.n, 0);
    pass(raw);
    raw.place = STR("LX");
    pass(raw);
    assert_int_equal(gate.syllables.tokens.n, 0);
}

static void places(void **state)
{
    struct raw_item raw = item("1", "ở phường Bến Phà");

    (void)state;
    raw.place = STR("LX");
    pass(raw);
    assert_int_equal(out.post.place, gazetteer_find(&settings.places, STR("LX")));
    raw.place = STR("nơi lạ");
    pass(raw);
    assert_int_equal(gate.unresolved_places, 1);
    assert_int_equal(out.post.place, gazetteer_find(&settings.places, STR("LX-1")));
    pass(raw); /* known by now */
    assert_int_equal(gate.unresolved_places, 2);
    assert_int_equal(out.post.place, gazetteer_find(&settings.places, STR("LX-1")));
    raw.place = STR("LX");
    pass(raw);
    assert_int_equal(out.post.place, gazetteer_find(&settings.places, STR("LX")));
    assert_true(out.place_confidence == 1);
}

static void languages(void **state)
{
    static const char *const good[] = {"vi", "en-GB", "zh-Hant-TW"};
    static const char *const bad[] = {"v",  "viet",         "vi-",   "vi--x",
                                      "v1", "zh-Hant-TW-x", "vi VN", "-vi"};
    struct raw_item raw = item("1", "x");

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        raw.lang = str_of(good[i]);
        pass(raw);
        assert_string_equal(out.post.lang.tag, good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        raw.lang = str_of(bad[i]);
        pass(raw);
        assert_string_equal(out.post.lang.tag, "und");
    }
}

static void printed_ids(void **state)
{
    static const char *const plain[] = {"a1", "3f0-12_9.x", "123456789", "1772409600123456789",
                                        "SX-2026-000123"};
    static const char *const hidden[] = {
        "hoa.bsky.social",
        "0912345678",
        "0912.345.678",
        "84912345678",
        "001099012345",
        "a@b.vn",
        "@hoa",
        "a b",
        "á",
        "https://mang.example/@hoa/1",
        "at://did:plc:abc/1",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};

    (void)state;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        pass(item(plain[i], "x"));
        assert_true(str_eq(out.shown_id, str_of(plain[i])));
    }
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        pass(item(hidden[i], "x"));
        if (!str_eq(out.shown_id, STR("7")))
            fail_msg("%s was printed", hidden[i]);
    }
    gate.shows_ids = false;
    pass(item(plain[0], "x"));
    assert_int_equal(out.shown_id.n, 0);
    gate.shows_ids = true;
}

static void no_text_is_bad(void **state)
{
    struct raw_item raw = item("1", NULL);

    (void)state;
    assert_bad(raw, "text:");
    raw.title = STR("chỉ có tiêu đề");
    assert_bad(raw, "text:");
    raw.feed_dates = true; /* a feed's entry may be its title */
    pass(raw);
    raw = item("1", " \n\t ");
    assert_bad(raw, "text:");
}

/* Whatever fails, no byte of the item stands in the message. */
static void messages_carry_nothing(void **state)
{
    static const char canary[] = "canary-0912345678";
    struct raw_item raw = {.id = STR(canary),
                           .text = STR(canary),
                           .source = STR(canary),
                           .place = STR(canary),
                           .lang = STR(canary),
                           .author_token = STR(canary),
                           .url = STR(canary),
                           .title = STR(canary)};
    struct raw_item bad[3] = {raw, raw, raw};

    (void)state;
    bad[0].time = STR(canary);
    bad[1].kind = STR(canary);
    bad[2].text.n = 0;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(gate_item(&gate, &bad[i], &batch, &out, &err), RC_BAD);
        assert_null(strstr(err.text, "canary"));
        assert_null(strstr(err.text, "0912"));
    }
}

static void dropped_fields_are_counted(void **state)
{
    struct raw_item raw = item("1", "x");

    (void)state;
    raw.unknown_fields = 3;
    pass(raw);
    assert_int_equal(gate.dropped_fields, 3);
}

#define GATE_TEST(name) cmocka_unit_test_setup(name, fresh_gate)

int main(void)
{
    const struct CMUnitTest tests[] = {
        GATE_TEST(defaults),
        GATE_TEST(matching_reads_what_was_meant),
        GATE_TEST(language_is_seen),
        GATE_TEST(text_is_joined_cleaned_redacted),
        GATE_TEST(long_text_is_cut_and_counted),
        GATE_TEST(identity_by_id),
        GATE_TEST(identity_without_id),
        GATE_TEST(voices),
        GATE_TEST(kinds),
        GATE_TEST(publications),
        GATE_TEST(times),
        GATE_TEST(history),
        GATE_TEST(places),
        GATE_TEST(syllables_are_told),
        GATE_TEST(languages),
        GATE_TEST(printed_ids),
        GATE_TEST(no_text_is_bad),
        GATE_TEST(messages_carry_nothing),
        GATE_TEST(dropped_fields_are_counted),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
