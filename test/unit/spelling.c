/* spelling.c - each way of writing a sentence, and that what is only spelled apart comes together.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "shim/json.h"
#include "sim/spelling.h"
#include "text/nfc.h"

#include <stdlib.h>
#include <string.h>

/* Every letter of Vietnamese that is not ASCII, both cases. */
static const char letters[] = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
                              "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ";
static const char plain[] = "aaaaaaaaaaaaaaaaaeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyyd"
                            "AAAAAAAAAAAAAAAAAEEEEEEEEEEEIIIIIOOOOOOOOOOOOOOOOOUUUUUUUUUUUYYYYYD";

static void test_plain(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    spell_plain(str_of(letters), &out);
    assert_string_equal(out.p, plain);
    buf_clear(&out);
    spell_plain(STR("Đò Ngang, 7h – café ½"), &out);
    assert_string_equal(out.p, "Do Ngang, 7h – cafe ½");
    buf_free(&out);
}

static void test_decomposed_is_the_same_text(void **state)
{
    struct arena batch;
    struct buf out;
    struct text text;

    (void)state;
    arena_init(&batch, "batch", 1 << 20);
    buf_init(&out, 4096);
    spell_decomposed(str_of(letters), &out);
    assert_true(out.n > sizeof letters);
    text = nfc_text(buf_str(&out), &batch, NULL);
    assert_int_equal(text.n, sizeof letters - 1);
    assert_memory_equal(text.p, letters, text.n);
    buf_clear(&out);
    spell_decomposed(STR("ệ"), &out); /* marks in canonical order: below, then above */
    assert_string_equal(out.p, "e\u0323\u0302");
    buf_free(&out);
    arena_free(&batch);
}

static void test_short(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    spell_short(STR("không biết được, nước đục rồi!"), &out);
    assert_string_equal(out.p, "ko bít dc, nc đục r!");
    buf_free(&out);
}

static void test_slips_stay_close(void **state)
{
    const struct str text = STR("phà sáng nay chạy chậm hơn nửa tiếng so với lịch dán ở bến");
    struct buf out;
    struct rng rng;
    int changed = 0;

    (void)state;
    buf_init(&out, 4096);
    rng_seed(&rng, 3);
    for (int i = 0; i < 200; i++) {
        buf_clear(&out);
        spell_slipped(text, &rng, &out);
        assert_true(out.n + 2 >= text.n && out.n <= text.n + 2);
        assert_true(utf8_valid(buf_str(&out)));
        changed += !str_eq(buf_str(&out), text);
    }
    assert_in_range(changed, 150, 200);
    spell_slipped((struct str){NULL, 0}, &rng, &out);
    buf_free(&out);
}

static bool take_string(void *context, const struct json_event *event)
{
    struct str *to = context;

    if (event->type == JSON_STRING)
        *to = event->string;
    return true;
}

static void test_escapes_read_back(void **state)
{
    const struct str text = STR("Bến \"cũ\" \\ tab\t và 🌊 hết");
    struct json_parser *parser = json_parser_new();
    struct str back = {NULL, 0};
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    buf_add_byte(&out, '[');
    spell_escaped_json(text, &out);
    buf_add_byte(&out, ']');
    assert_int_equal(utf8_ascii_prefix(buf_str(&out)), out.n);
    assert_null(json_parse(parser, buf_str(&out)));
    json_walk(parser, take_string, &back);
    assert_true(str_eq(back, text));
    json_parser_free(parser);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_decomposed_is_the_same_text),
        cmocka_unit_test(test_short),
        cmocka_unit_test(test_slips_stay_close),
        cmocka_unit_test(test_escapes_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
