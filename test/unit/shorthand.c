/* shorthand.c - what people write in a hurry: keys that match, suggestions, and what stays. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "text/nfc.h"
#include "text/shorthand.h"
#include "base/embedded.h"

#include <string.h>

static struct arena process, batch;
static const struct shorthand *shorthand;

static int set_up(void **state)
{
    struct err err;

    (void)state;
    arena_init(&process, "process", 1 << 24);
    arena_init(&batch, "batch", 1 << 26);
    return shorthand_read(embedded_file("data/social-spelling.tsv"), &process, &shorthand, &err) !=
           RC_OK;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&batch);
    arena_free(&process);
    return 0;
}

static struct readings readings_of(struct text text)
{
    struct tokens tokens = tokens_of(text, &batch);

    return shorthand_readings(shorthand, text, &tokens, &batch);
}

static void check(const char *written, const char *expected)
{
    struct text text = nfc_text(str_of(written), &batch, NULL);
    struct readings readings = readings_of(text);
    struct suggestions suggestions = reading_suggest(&readings, &batch);

    text = reading_apply(text, &suggestions, &batch);
    if (!str_eq((struct str){text.p, text.n}, str_of(expected)))
        fail_msg("%s: %.*s, not %s", written, (int)text.n, text.p, expected);
    arena_reset(&batch);
}

/* Both have the same keys: that of `standard` are those that tokens_of gives. */
static void check_match(const char *written, const char *standard)
{
    struct readings readings = readings_of(nfc_text(str_of(written), &batch, NULL));
    struct tokens tokens = tokens_of(nfc_text(str_of(standard), &batch, NULL), &batch);

    if (readings.tokens.n != tokens.n ||
        memcmp(readings.tokens.folded, tokens.folded, tokens.n * sizeof *tokens.folded) != 0)
        fail_msg("%s does not match %s", written, standard);
    for (uint32_t i = 1; i < tokens.n; i++)
        assert_true(readings.tokens.offset[i] >= readings.tokens.offset[i - 1]);
    arena_reset(&batch);
}

static void keys_match(void **state)
{
    (void)state;
    check_match("ko co nuoc", "không có nước");
    check_match("dc vs mn", "được với mọi người");
    check_match("đc ntn", "được như thế nào");
    check_match("nước lên quáaaa", "nước lên quá");
    check_match("nuoc len quaaaa", "nuoc len qua");
    check_match("đường ngập nặng", "đường ngập nặng");
}

static void suggestions(void **state)
{
    (void)state;
    check("ko có nước 3 ngày r", "không có nước 3 ngày rồi");
    check("nma đt mãi k ai nghe", "nhưng mà điện thoại mãi không ai nghe");
    check("mất nc từ sáng", "mất nước từ sáng");
    check("ngồi nc với bạn", "ngồi nói chuyện với bạn");
    check("bao giờ ms xong z?", "bao giờ mới xong vậy?");
    check("nướcccc dâng caoooo", "nước dâng cao");
    check("thế àa", "thế à"); /* three bytes, the shortest that can be drawn out */
}

static void case_stays(void **state)
{
    (void)state;
    check("Ko có nước", "Không có nước");
    check("KO CÓ NƯỚC", "KHÔNG CÓ NƯỚC");
    check("QUÁAAA trời", "QUÁ trời");
}

/* What looks like a form and is none. */
static void what_stays(void **state)
{
    (void)state;
    check("giá 20 k một ký", "giá 20 k một ký");
    check("thẻ còn 0 k thôi", "thẻ còn 0 k thôi");
    check("lớp 5 A ở dãy nhà C", "lớp 5 A ở dãy nhà C");
    check("bản tin VTV về CT giáo dục", "bản tin VTV về CT giáo dục");
    check("a) nước b) điện", "a) nước b) điện");
    check("I'm in the bus", "I'm in the bus");
    check("we play football vs them today", "we play football vs them today");
    check("xoong nồi, see you, free wifi", "xoong nồi, see you, free wifi");
    check("@ko.mn #ntn mn@vs.vn", "@ko.mn #ntn mn@vs.vn");
    check("cho tôi hỏi", "cho tôi hỏi");
    check("", "");
}

/* Columns in any order; six syllables for one form, and sixteen words beside it, are the most. */
static void lists(void **state)
{
    static const char list[] = "when\treadings\twritten\n"
                               "-\tmột hai ba bốn năm sáu\thuba\n"
                               "-\tnước/mất,cúp,tắt,vỡ,đọng,đục,yếu,bẩn,sạch,dâng,rút,tràn,"
                               "ngập,chảy,cạn,hôi|nói\tnc\n";
    struct text text = nfc_text(STR("huba, nc hôi; ai nc đi"), &batch, NULL);
    struct tokens tokens = tokens_of(text, &batch);
    const struct shorthand *read;
    struct readings readings;
    struct suggestions suggestions;
    struct err err;

    (void)state;
    if (shorthand_read(str_of(list), &batch, &read, &err) != RC_OK)
        fail_msg("%s", err.text);
    readings = shorthand_readings(read, text, &tokens, &batch);
    assert_int_equal(readings.tokens.n, 11);
    suggestions = reading_suggest(&readings, &batch);
    text = reading_apply(text, &suggestions, &batch);
    assert_string_equal(arena_copy(&batch, text.p, text.n),
                        "một hai ba bốn năm sáu, nước hôi; ai nói đi");
    arena_reset(&batch);
}

static void bad_lists(void **state)
{
    static const char *const lists[] = {
        "written\treadings\n",
        "written\treadings\twhen\nko\t-\t-\n",
        "written\treadings\twhen\nko\tkhông\t-\nko\tkho\t-\n",
        "written\treadings\twhen\nko\tkhông\tsometimes\n",
        "written\treadings\twhen\n?!\tkhông\t-\n",
        "written\treadings\twhen\nko\tmột hai ba bốn năm sáu bảy\t-\n",
    };
    const struct shorthand *out = NULL;
    struct err err;

    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        assert_int_equal(shorthand_read(str_of(lists[i]), &batch, &out, &err), RC_BAD);
        assert_null(out);
        arena_reset(&batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_match), cmocka_unit_test(suggestions), cmocka_unit_test(case_stays),
        cmocka_unit_test(what_stays), cmocka_unit_test(lists),       cmocka_unit_test(bad_lists),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
