/* fold.c - folding: Vietnamese, đ, full width, other scripts, and the table against ICU. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "text/fold.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>

static void assert_folds(const char *from, const char *to)
{
    struct arena scratch;
    struct str got;

    arena_init(&scratch, "scratch", 1 << 20);
    got = fold_text(str_of(from), &scratch);
    if (!str_eq(got, str_of(to)))
        fail_msg("\"%s\" folded to \"%.*s\"", from, STR_ARG(got));
    arena_free(&scratch);
}

static void vietnamese(void **state)
{
    (void)state;
    assert_folds("Ngập NƯỚC đường Đê", "ngap nuoc duong de");
    assert_folds("ắằẳẵặ ẤẦẨẪẬ ếềểễệ ỐỒỔỖỘ ớờởỡợ ỨỪỬỮỰ ýỳỷỹỵ",
                 "aaaaa aaaaa eeeee ooooo ooooo uuuuu yyyyy");
    assert_folds("nu\xC6\xB0\xCC\x81", "nuu"); /* decomposed marks vanish too */
}

static void other_scripts(void **state)
{
    (void)state;
    assert_folds("ＡＢｃ１２＠", "abc12@");
    assert_folds("ΑΘΉΝΑ Ёлка", "αθηνα елка");
    assert_folds("한국 中文 ไทย", "한국 中文 ไทย"); /* syllables and vowel signs stay */
    assert_folds("1\xEF\xB8\x8F\xE2\x83\xA3", "1");
    assert_folds("", "");
}

/* Whatever the table says of a letter, ICU says of its decomposition: the base, case folded. */
static void table_agrees_with_icu(void **state)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    UChar parts[16];

    (void)state;
    for (uint32_t cp = 0xC0; cp < FOLD_TABLE; cp++) {
        int32_t n = unorm2_getDecomposition(nfc, (UChar32)cp, parts, 16, &status);

        if (cp == 0x110 || cp == 0x111 || cp == 0xD0 || cp == 0xF0 || cp == 0x189)
            assert_int_equal(fold_code_point(cp), 'd');
        else if (u_getCombiningClass((UChar32)cp))
            assert_int_equal(fold_code_point(cp), 0);
        else if (n > 1 && parts[0] < 0x250 && u_isalpha((UChar32)cp))
            assert_int_equal(fold_code_point(cp), u_foldCase(parts[0], U_FOLD_CASE_DEFAULT));
        if (fold_code_point(cp))
            assert_int_equal(fold_code_point(fold_code_point(cp)), fold_code_point(cp));
        assert_int_equal(fold_is_word(cp),
                         (U_GET_GC_MASK((UChar32)cp) &
                          (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK | U_GC_NL_MASK)) != 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vietnamese),
        cmocka_unit_test(other_scripts),
        cmocka_unit_test(table_agrees_with_icu),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
