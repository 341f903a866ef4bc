/* restore.c - marks put back, marks kept, what is no Vietnamese left alone, and damaged models. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "text/nfc.h"
#include "text/restore.h"
#include "text/restore_file.h"
#include "base/embedded.h"

#include <string.h>

static struct arena process, batch;
static const struct restore_model *model;

static int set_up(void **state)
{
    struct err err;

    (void)state;
    arena_init(&process, "process", 1 << 26);
    arena_init(&batch, "batch", 1 << 26);
    return restore_read(embedded_file("data/models/restore.bin"), &process, &model, &err) != RC_OK;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&batch);
    arena_free(&process);
    return 0;
}

static struct str restored(const char *written)
{
    struct text text = nfc_text(str_of(written), &batch, NULL);
    struct readings readings = {.tokens = tokens_of(text, &batch)};
    struct suggestions suggestions;

    readings.of = arena_array(&batch, readings.tokens.n, sizeof *readings.of);
    restore_readings(model, text, &readings, &batch);
    suggestions = reading_suggest(&readings, &batch);
    text = reading_apply(text, &suggestions, &batch);
    return (struct str){text.p, text.n};
}

static void check(const char *written, const char *expected)
{
    struct str is = restored(written);

    if (!str_eq(is, str_of(expected)))
        fail_msg("%s: %.*s, not %s", written, STR_ARG(is), expected);
    arena_reset(&batch);
}

static void marks_are_put_back(void **state)
{
    (void)state;
    check("nuoc ngap qua dau goi, xe may chet het", "nước ngập quá đầu gối, xe máy chết hết");
    check("duong pho ngap nang sau con mua lon", "đường phố ngập nặng sau cơn mưa lớn");
    check("mat dien tu sang den chieu", "mất điện từ sáng đến chiều");
    check("nop don hai tuan chua co phan hoi", "nộp đơn hai tuần chưa có phản hồi");
    check("em di lam ve khong thay duong", "em đi làm về không thấy đường");
    check("nguoi dan phan anh tinh trang o nhiem", "người dân phản ánh tình trạng ô nhiễm");
}

static void capitals_stay(void **state)
{
    (void)state;
    check("MAT NUOC", "MẤT NƯỚC");
    check("Thanh pho Ho Chi Minh", "Thành phố Hồ Chí Minh");
    check("Uy ban nhan dan thanh pho Ha Noi", "Ủy ban nhân dân thành phố Hà Nội");
}

static void what_is_written_stays(void **state)
{
    (void)state;
    check("Đường trước chợ ngập nặng, anh em đi làm về khổ lắm.",
          "Đường trước chợ ngập nặng, anh em đi làm về khổ lắm.");
    check("Cho em hỏi khi nào có nước lại ạ?", "Cho em hỏi khi nào có nước lại ạ?");
    check("Nước về rồi nha em, hai hôm nay vui ghê", "Nước về rồi nha em, hai hôm nay vui ghê");
}

static void marks_are_completed(void **state)
{
    (void)state;
    check("đươc nươc sạch", "được nước sạch");
    check("ĐƯƠC", "ĐƯỢC");
    check("người dân đuợc báo trươc", "người dân được báo trước");
}

static void the_rest_stays(void **state)
{
    (void)state;
    check("The bus stop by the market has had no roof since the storm last week",
          "The bus stop by the market has had no roof since the storm last week");
    check("so can we go home now with the others then",
          "so can we go home now with the others then");
    check("@nam.nguyen #ngapnuoc anh_nam nam@duong.vn https://duong.vn/ngap-nuoc",
          "@nam.nguyen #ngapnuoc anh_nam nam@duong.vn https://duong.vn/ngap-nuoc");
    check("[SĐT] [TÀI KHOẢN]", "[SĐT] [TÀI KHOẢN]");
    check("", "");
    check("12 000 %&/", "12 000 %&/");
}

/* The marks of a word in bits, as the trainer writes them. */
static void marks_of_words(void **state)
{
    uint32_t marks;

    (void)state;
    assert_true(restore_marks(STR("nuoc"), &marks));
    assert_int_equal(marks, 0);
    assert_true(restore_marks(STR("nước"), &marks));
    assert_int_equal(marks, 1u << 2 | 1u << 4 | 2u << 14 | 2u << 17);
    assert_true(restore_marks(STR("ĐƯỜNG"), &marks));
    assert_int_equal(marks, 1u | 1u << 2 | 1u << 4 | 1u << 14 | 2u << 17);
    assert_false(restore_marks(STR("nghiêngg"), &marks));
    assert_false(restore_marks(STR("a1"), &marks));
    assert_false(restore_marks(STR("año"), &marks));
}

/* A long word whose key is by chance, or by intent, that of a syllable. */
static void keys_that_collide(void **state)
{
    static const char word[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    char bytes[24 + 8 + 16] = RESTORE_MAGIC "\1";
    const struct restore_model *whole = model;
    uint64_t key = token_key(str_of(word), &batch);
    struct err err;

    (void)state;
    for (int i = 0; i < 4; i++)
        bytes[24 + i] = (char)(key >> (32 + 8 * i) & 0xFF);
    bytes[28] = 0x10; /* one candidate: ă */
    assert_int_equal(restore_read((struct str){bytes, sizeof bytes}, &batch, &model, &err), RC_OK);
    assert_true(str_eq(restored(word), str_of(word)));
    arena_reset(&batch);
    model = whole;
}

static void damaged_models(void **state)
{
    struct str whole = embedded_file("data/models/restore.bin"), copy;
    const struct restore_model *out = NULL;
    struct arena job;
    struct err err;

    (void)state;
    arena_init(&job, "job", 1 << 26);
    for (size_t n = 0; n < 64; n++)
        assert_int_equal(restore_read(str_part(whole, 0, n), &job, &out, &err), RC_BAD);
    for (size_t n = whole.n - 16; n > 100; n /= 3)
        assert_int_equal(restore_read(str_part(whole, 0, n), &job, &out, &err), RC_BAD);
    copy = (struct str){arena_copy(&job, whole.p, whole.n), whole.n};
    for (size_t at = 0; at < 24; at++) {
        char *byte = (char *)copy.p + at, was = *byte;

        *byte = (char)~was;
        assert_int_equal(restore_read(copy, &job, &out, &err), RC_BAD);
        *byte = was;
    }
    assert_null(out);
    arena_free(&job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_are_put_back),    cmocka_unit_test(capitals_stay),
        cmocka_unit_test(what_is_written_stays), cmocka_unit_test(marks_are_completed),
        cmocka_unit_test(the_rest_stays),        cmocka_unit_test(marks_of_words),
        cmocka_unit_test(keys_that_collide),     cmocka_unit_test(damaged_models),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
