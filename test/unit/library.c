/* library.c - the public library: answers, lifetimes, limits, and that it never ends its host. */
#include <soundings.h>

#include "text/token.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct sdg *sdg;
static struct sdg_room *room;

static int open_all(void **state)
{
    (void)state;
    return sdg_open(SDG_ALL, &sdg) != SDG_OK || sdg_room_open(0, &room) != SDG_OK;
}

static int close_all(void **state)
{
    (void)state;
    sdg_room_close(room);
    sdg_close(sdg);
    return 0;
}

typedef enum sdg_code text_function(const char *text, size_t n, struct sdg_room *room,
                                    struct sdg_text *out);

static void expect(text_function *function, const char *text, const char *wanted)
{
    struct sdg_text out;

    assert_int_equal(function(text, strlen(text), room, &out), SDG_OK);
    assert_string_equal(out.p, wanted);
    assert_int_equal(out.n, strlen(wanted));
}

static void answers_with_texts(void **state)
{
    struct sdg_text out;

    (void)state;
    expect(sdg_normalise, "Nước ngập, nhà văn hoà", "Nước ngập, nhà văn hòa");
    expect(sdg_normalise, "ng\xE1\xBA\xADp n\xFF", "ngập n\xEF\xBF\xBD");
    expect(sdg_normalise, "Tr\xADêng", "Tr\xEF\xBF\xBDêng");
    expect(sdg_fold, "NGẬP NƯỚC, Đường", "ngap nuoc, duong");
    expect(sdg_fold, "nga\xCC\xA3\xCC\x82p", "ngap");
    expect(sdg_lower, "NGẬP NƯỚC, Đường HOÀ", "ngập nước, đường hòa");
    assert_int_equal(
        sdg_redact("gọi 0912 345 678", strlen("gọi 0912 345 678"), SDG_PERSON, room, &out), SDG_OK);
    assert_string_equal(out.p, "gọi [SĐT]");
    assert_int_equal(
        sdg_redact("gọi 028 3829 1234", strlen("gọi 028 3829 1234"), SDG_PUBLICATION, room, &out),
        SDG_OK);
    assert_string_equal(out.p, "gọi 028 3829 1234");
    sdg_room_clear(room);
}

static void takes_nothing_and_nul(void **state)
{
    text_function *const functions[] = {sdg_normalise, sdg_fold, sdg_lower};
    struct sdg_syllables syllables;
    struct sdg_language language;
    struct sdg_text out;

    (void)state;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        assert_int_equal(functions[i](NULL, 0, room, &out), SDG_OK);
        assert_int_equal(out.n, 0);
        assert_string_equal(out.p, "");
        assert_int_equal(functions[i]("a\0b", 3, room, &out), SDG_OK);
        assert_int_equal(out.p[out.n], 0);
    }
    assert_int_equal(sdg_syllables(NULL, 0, room, &syllables), SDG_OK);
    assert_int_equal(syllables.n, 0);
    assert_int_equal(sdg_language(sdg, NULL, 0, room, &language), SDG_OK);
    assert_string_equal(language.tag, "und");
    assert_true(language.confidence == 0);
}

static void tells_the_language(void **state)
{
    static const char *const told[][2] = {{"Nước ngập tới đầu gối rồi", "vi"},
                                          {"nuoc ngap qua dau goi roi ca nha oi", "vi"},
                                          {"No water since Monday, please help us", "en"},
                                          {"12/3", "und"}};
    struct sdg_language language;

    (void)state;
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        assert_int_equal(sdg_language(sdg, told[i][0], strlen(told[i][0]), room, &language),
                         SDG_OK);
        assert_string_equal(language.tag, told[i][1]);
    }
}

static void puts_words_together(void **state)
{
    static const char text[] = "Thành phố Hồ Chí Minh nga\xCC\xA3\xCC\x82p nước";
    struct sdg_words words;

    (void)state;
    assert_int_equal(sdg_words(sdg, text, sizeof text - 1, room, &words), SDG_OK);
    assert_string_equal(words.text.p, "Thành phố Hồ Chí Minh ngập nước");
    assert_true(words.n > 1 && words.n < 7);
    assert_memory_equal(words.text.p + words.at[0].offset, "Thành phố", words.at[0].length);
    assert_int_equal(words.at[0].length, strlen("Thành phố"));
}

static void suggests_what_is_missing(void **state)
{
    static const char text[] = "duong ngap nuoc, xe ko di dc";
    struct sdg_restored restored;

    (void)state;
    assert_int_equal(
        sdg_restore(sdg, text, sizeof text - 1, SDG_MARKS | SDG_SHORTHAND, room, &restored),
        SDG_OK);
    assert_string_equal(restored.text.p, text);
    assert_string_equal(restored.restored.p, "đường ngập nước, xe không đi được");
    assert_int_equal(restored.at[0].offset, 0);
    assert_int_equal(restored.at[0].length, 5);
    assert_string_equal(restored.at[0].reads.p, "đường");
    assert_int_equal(sdg_restore(sdg, text, sizeof text - 1, SDG_SHORTHAND, room, &restored),
                     SDG_OK);
    assert_string_equal(restored.restored.p, "duong ngap nuoc, xe không di được");
    assert_int_equal(sdg_restore(sdg, text, sizeof text - 1, 0, room, &restored), SDG_OK);
    assert_int_equal(restored.n, 0);
}

static void asks_for_models_by_name(void **state)
{
    struct sdg_restored restored;
    struct sdg_language language;
    struct sdg_words words;
    struct sdg *none;

    (void)state;
    assert_int_equal(sdg_open(0, &none), SDG_OK);
    assert_int_equal(sdg_language(none, "a", 1, room, &language), SDG_CLOSED);
    assert_int_equal(sdg_words(none, "a", 1, room, &words), SDG_CLOSED);
    assert_int_equal(sdg_restore(none, "a", 1, SDG_MARKS, room, &restored), SDG_CLOSED);
    sdg_close(none);
}

/* The syllables of `text` as "offset:length:folded", with blanks between. */
static void expect_syllables(const char *text, size_t n, const char *wanted)
{
    struct sdg_syllables found;
    char line[1024] = "";
    size_t at = 0;

    assert_int_equal(sdg_syllables(text, n, room, &found), SDG_OK);
    for (size_t i = 0; i < found.n; i++)
        at += (size_t)snprintf(line + at, sizeof line - at, "%s%zu:%zu:%s", i ? " " : "",
                               found.at[i].offset, found.at[i].length, found.at[i].folded.p);
    assert_string_equal(line, wanted);
}

static void places_syllables_in_what_was_written(void **state)
{
    (void)state;
#define SYLLABLES(text, wanted) expect_syllables(text, sizeof text - 1, wanted)
    SYLLABLES("Ngập nước!", "0:6:ngap 7:7:nuoc");
    SYLLABLES("nga\xCC\xA3\xCC\x82p, nu", "0:8:ngap 10:2:nu");
    SYLLABLES("\xFFngap\xE1\xBAnuoc", "1:4:ngap 7:4:nuoc");
    SYLLABLES("ng\xE2\x80\x8B\x61p n\xC2\xADu", "0:7:ngap 8:4:nu");
    SYLLABLES("n\xD0\xBE", "0:3:no");                                      /* Cyrillic o */
    SYLLABLES("\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "0:9:\xED\x95\x9C"); /* Hangul in parts */
    SYLLABLES("https://vi.du/a [SĐT]", "0:5:https 8:2:vi 11:2:du 14:1:a 17:4:sdt");
    SYLLABLES("www.vi.du", "0:3:www 4:2:vi 7:2:du");
    SYLLABLES("\xE6\xB0\xB4\xE7\x81\xBE", "0:3:\xE6\xB0\xB4 3:3:\xE7\x81\xBE");
    SYLLABLES("a\0b", "0:1:a 2:1:b");
    SYLLABLES("\xCC\x81 .", "");
#undef SYLLABLES
    sdg_room_clear(room);
}

static void gives_keys_of_the_whole_tree(void **state)
{
    struct sdg_syllables syllables;
    struct arena scratch;

    (void)state;
    arena_init(&scratch, "scratch", 1 << 20);
    assert_int_equal(sdg_syllables("NƯỚC", strlen("NƯỚC"), room, &syllables), SDG_OK);
    assert_true(syllables.at[0].key == token_key(STR("nuoc"), &scratch));
    arena_free(&scratch);
}

static void keeps_results_until_cleared(void **state)
{
    struct sdg_text first, second;

    (void)state;
    assert_int_equal(sdg_normalise("một", strlen("một"), room, &first), SDG_OK);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(sdg_fold(first.p, first.n, room, &second), SDG_OK);
    assert_string_equal(first.p, "một");
    assert_string_equal(second.p, "mot");
    sdg_room_clear(room);
}

static void refuses_what_is_too_long(void **state)
{
    size_t n = (size_t)SDG_LONGEST + 1;
    char *text = malloc(n);
    struct sdg_text out = {"untouched", 9};

    (void)state;
    assert_non_null(text);
    memset(text, 'a', n);
    assert_int_equal(sdg_fold(text, n, room, &out), SDG_TOO_LONG);
    assert_string_equal(out.p, "untouched");
    assert_int_equal(sdg_fold(text, n - 1, room, &out), SDG_OK);
    assert_int_equal(out.n, n - 1);
    free(text);
    sdg_room_clear(room);
}

/* Rooms of every size: each call is done or undone, and the room goes on. */
static void survives_every_shortage(void **state)
{
    char text[2000];
    int short_of = 0, enough = 0;

    (void)state;
    for (size_t i = 0; i < sizeof text; i += 8)
        memcpy(text + i, "nga\xCC\xA3p\xFF ", 8);
    for (size_t max = 16; max < 400000; max += max / 7 + 1) {
        struct sdg_room *small;
        struct sdg_text out = {NULL, 0}, again;
        struct sdg_syllables syllables = {NULL, 0};
        struct sdg_language language;
        struct sdg_restored restored;
        struct sdg_words words;
        enum sdg_code code;

        assert_int_equal(sdg_room_open(max, &small), SDG_OK);
        code = sdg_fold(text, sizeof text, small, &out);
        assert_true(code == SDG_OK ? out.n > 0 : code == SDG_NOMEM && !out.p);
        short_of += code == SDG_NOMEM;
        code = sdg_syllables(text, sizeof text, small, &syllables);
        assert_true(code == SDG_OK ? syllables.n > 0 : code == SDG_NOMEM && !syllables.at);
        code = sdg_language(sdg, text, sizeof text, small, &language);
        assert_true(code == SDG_OK || code == SDG_NOMEM);
        code = sdg_restore(sdg, text, sizeof text, SDG_MARKS | SDG_SHORTHAND, small, &restored);
        assert_true(code == SDG_OK || code == SDG_NOMEM);
        code = sdg_words(sdg, text, sizeof text, small, &words);
        assert_true(code == SDG_OK || code == SDG_NOMEM);
        code = sdg_redact(text, sizeof text, SDG_PERSON, small, &out);
        assert_true(code == SDG_OK || code == SDG_NOMEM);
        sdg_room_clear(small);
        code = sdg_lower("Á", strlen("Á"), small, &again);
        assert_true(code == SDG_OK || (code == SDG_NOMEM && max < 4096));
        enough += code == SDG_OK;
        sdg_room_close(small);
    }
    assert_true(short_of > 10 && enough > 10);
}

static void *fold_many(void *context)
{
    const char *text = "Nước ngập tới đầu gối ở phường Bến Đò";
    struct sdg_room *own;
    struct sdg_language language;
    struct sdg_text out;
    size_t good = 0;

    (void)context;
    if (sdg_room_open(0, &own) != SDG_OK)
        return NULL;
    for (int i = 0; i < 500; i++) {
        good += sdg_language(sdg, text, strlen(text), own, &language) == SDG_OK &&
                strcmp(language.tag, "vi") == 0;
        good += sdg_fold(text, strlen(text), own, &out) == SDG_OK &&
                strcmp(out.p, "nuoc ngap toi dau goi o phuong ben do") == 0;
        sdg_room_clear(own);
    }
    sdg_room_close(own);
    return good == 1000 ? sdg : NULL;
}

static void serves_four_threads(void **state)
{
    pthread_t threads[4];
    void *good;

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, fold_many, NULL), 0);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], &good), 0);
        assert_non_null(good);
    }
}

static void says_what_it_is(void **state)
{
    (void)state;
    assert_string_equal(sdg_version(), SDG_VERSION);
    for (int code = SDG_OK; code <= SDG_CLOSED; code++)
        assert_true(strlen(sdg_message((enum sdg_code)code)) > 3);
    sdg_room_close(NULL);
    sdg_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_with_texts),
        cmocka_unit_test(takes_nothing_and_nul),
        cmocka_unit_test(tells_the_language),
        cmocka_unit_test(puts_words_together),
        cmocka_unit_test(suggests_what_is_missing),
        cmocka_unit_test(asks_for_models_by_name),
        cmocka_unit_test(places_syllables_in_what_was_written),
        cmocka_unit_test(gives_keys_of_the_whole_tree),
        cmocka_unit_test(keeps_results_until_cleared),
        cmocka_unit_test(refuses_what_is_too_long),
        cmocka_unit_test(survives_every_shortage),
        cmocka_unit_test(serves_four_threads),
        cmocka_unit_test(says_what_it_is),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
