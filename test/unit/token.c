/* token.c - syllables and phrases: boundaries, keys, placeholders, URLs, other scripts, a lexicon.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rng.h"
#include "text/lexicon.h"
#include "text/nfc.h"

#include <stdio.h>
#include <string.h>

static struct arena batch;

static int set_up(void **state)
{
    (void)state;
    arena_init(&batch, "batch", (size_t)64 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&batch);
    return 0;
}

static struct tokens tokens_from(const char *s)
{
    return tokens_of((struct text){s, strlen(s)}, &batch);
}

/* `want`: the syllables joined by '|', a part of a sentence ends at '/'. */
static void assert_tokens(const char *s, const char *want)
{
    struct tokens t = tokens_from(s);
    char got[512];
    size_t n = 0;

    for (uint32_t i = 0; i < t.n; i++) {
        if (i)
            got[n++] = t.sentence[i] == t.sentence[i - 1] ? '|' : '/';
        memcpy(got + n, s + t.offset[i], t.length[i]);
        n += t.length[i];
    }
    got[n] = '\0';
    assert_string_equal(got, want);
}

static void vietnamese(void **state)
{
    (void)state;
    assert_tokens("Mất nước, 3 ngày rồi!", "Mất|nước/3|ngày|rồi");
    assert_tokens("(gấp) đường-sá hỏng\ncần sửa", "gấp/đường|sá|hỏng/cần|sửa");
    assert_tokens("", "");
    assert_tokens(" … 😀 !!", "");
    assert_tokens("a \xCC\x81 b", "a|b"); /* a mark alone is no syllable */
    assert_tokens("100m² sàn", "100m|sàn");
}

static void placeholders_and_urls_are_no_syllables(void **state)
{
    (void)state;
    assert_tokens("gọi [SĐT] nhé", "gọi/nhé");
    assert_tokens("[TÀI KHOẢN] ơi [CCCD] [EMAIL]", "ơi");
    assert_tokens("[KHẨN] xem https://song-xanh.example/tin?id=3 ngay", "KHẨN/xem|ngay");
    assert_tokens("xem www.song-xanh.example/a.", "xem");
    assert_tokens("ga: //đây", "ga/đây");
    assert_tokens("https://", "");
}

static void scripts_without_spaces(void **state)
{
    (void)state;
    assert_tokens("停水abc了", "停|水|abc|了");
    assert_tokens("น้ำ", "น้|ำ");
    assert_tokens("한국 사람", "한국|사람");
}

static void keys_fold(void **state)
{
    struct tokens a = tokens_from("Ngập đường NƯỚC"), b = tokens_from("ngap duong nuoc");

    (void)state;
    assert_int_equal(a.n, 3);
    assert_memory_equal(a.folded, b.folded, 3 * sizeof *a.folded);
    assert_int_equal(token_key(STR("nước"), &batch), b.folded[2]);
    assert_int_equal(token_key(STR(" ! "), &batch), 0);
    assert_true(token_key(STR("aaaaaaa"), &batch) != token_key(STR("aaaaaaaa"), &batch));
    assert_true(token_key(STR("nghiengnghieng"), &batch) != token_key(STR("nghieng"), &batch));
    assert_int_equal(token_ngram(a.folded, 1), a.folded[0]);
    assert_int_equal(token_ngram(a.folded, 3),
                     token_ngram((uint64_t[]){token_ngram(a.folded, 2), a.folded[2]}, 2));
    assert_true(token_ngram(a.folded, 2) != token_ngram(a.folded + 1, 2));
}

static void long_runs_are_cut(void **state)
{
    enum { N = 200000 };
    char *s = arena_alloc(&batch, N);
    struct tokens t;
    size_t sum = 0;

    (void)state;
    memset(s, 'a', N);
    t = tokens_of((struct text){s, N}, &batch);
    for (uint32_t i = 0; i < t.n; i++) {
        assert_int_equal(t.offset[i], sum);
        sum += t.length[i];
    }
    assert_int_equal(sum, N);
    assert_true(t.n >= 4 && t.n < 6);
}

/* The slow and obvious way: cut at ASCII white space, ask for each key alone. */
static void keys_equal_keys_alone(void **state)
{
    static const char *const words[] = {"mưa", "NGẬP", "Đò",    "kênh", "tắc",
                                        "xe",  "3",    "water", "中",   "ổ"};
    struct rng rng;

    (void)state;
    rng_seed(&rng, 3);
    for (int round = 0; round < 2000; round++) {
        char s[512] = "";
        uint64_t keys[16];
        uint32_t n = (uint32_t)rng_below(&rng, 16);
        size_t at = 0;
        struct tokens t;

        for (uint32_t i = 0; i < n; i++) {
            const char *word = words[rng_below(&rng, sizeof words / sizeof *words)];

            at += (size_t)snprintf(s + at, sizeof s - at, "%s ", word);
            keys[i] = token_key(str_of(word), &batch);
        }
        t = tokens_from(s);
        assert_int_equal(t.n, n);
        assert_memory_equal(t.folded, keys, n * sizeof *keys);
        arena_reset(&batch);
    }
}

static void lexicon_finds_the_longest(void **state)
{
    struct lexicon lexicon;
    struct lexicon_hit hit;
    struct tokens t;

    (void)state;
    lexicon_init(&lexicon, 8);
    assert_true(lexicon_add(&lexicon, STR("mất nước"), 1, &batch));
    assert_true(lexicon_add(&lexicon, STR("mất nước sạch"), 2, &batch));
    assert_true(lexicon_add(&lexicon, STR("nước"), 3, &batch));
    assert_false(lexicon_add(&lexicon, STR("Mat Nuoc"), 4, &batch)); /* the first stays */
    assert_false(lexicon_add(&lexicon, STR(" - "), 5, &batch));
    t = tokens_from("khu này mat nuoc sach, mất, nước đục");
    assert_true(lexicon_next(&lexicon, &t, 0, &hit));
    assert_int_equal(hit.value, 2);
    assert_int_equal(hit.token, 2);
    assert_int_equal(hit.length, 3);
    assert_true(lexicon_next(&lexicon, &t, 5, &hit)); /* "mất, nước" is no phrase */
    assert_int_equal(hit.value, 3);
    assert_false(lexicon_next(&lexicon, &t, 7, &hit));
    assert_true(lexicon_add(&lexicon, STR("vỡ ống nước ngầm"), 5, &batch));
    t = tokens_from("vỡ ống, vỡ ống nước");
    assert_true(lexicon_next(&lexicon, &t, 0, &hit)); /* a phrase that is not gone on with */
    assert_int_equal(hit.value, 3);
    assert_int_equal(hit.token, 4);
    t = tokens_from("ngập, vỡ ống nước ngầm");
    assert_true(lexicon_next(&lexicon, &t, 0, &hit));
    assert_int_equal(hit.value, 5);
    assert_int_equal(hit.length, 4);
    lexicon_free(&lexicon);
}

static void lexicon_has_a_maximum(void **state)
{
    struct lexicon lexicon;

    (void)state;
    lexicon_init(&lexicon, 1);
    assert_true(lexicon_add(&lexicon, STR("đèn đường"), 1, &batch));
    assert_false(lexicon_add(&lexicon, STR("rác"), 2, &batch));
    lexicon_free(&lexicon);
}

static bool doubled(const char *s)
{
    return tokens_of((struct text){s, strlen(s)}, &batch).doubled;
}

/* What shorthand.c asks before it looks for letters written again and again. */
static void a_letter_twice_is_told(void **state)
{
    (void)state;
    assert_true(doubled("mưa to quáa trời"));
    assert_true(doubled("ngập sâuuu"));
    assert_true(doubled("ĐĐ"));
    assert_true(doubled("nước lênn"));
    assert_true(doubled("khủngkhiếpppp"));
    assert_false(doubled("mưa to quá á, trời ơi"));
    assert_false(doubled("Đường Nguyễn Huệ ngập nước"));
    assert_false(doubled("100 m, 2000"));
    assert_false(doubled(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_twice_is_told),
        cmocka_unit_test(vietnamese),
        cmocka_unit_test(placeholders_and_urls_are_no_syllables),
        cmocka_unit_test(scripts_without_spaces),
        cmocka_unit_test(keys_fold),
        cmocka_unit_test(long_runs_are_cut),
        cmocka_unit_test(keys_equal_keys_alone),
        cmocka_unit_test(lexicon_finds_the_longest),
        cmocka_unit_test(lexicon_has_a_maximum),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
