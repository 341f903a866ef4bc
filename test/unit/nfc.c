/* nfc.c - composing text: Unicode's own conformance file, every code point against ICU, hostile
 * runs. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rng.h"
#include "text/nfc.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

static struct arena batch;

static int set_up(void **state)
{
    (void)state;
    arena_init(&batch, "batch", (size_t)256 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&batch);
    return 0;
}

static struct str nfc(struct str s, uint32_t *repairs)
{
    struct text text = nfc_text(s, &batch, repairs);

    return (struct str){text.p, text.n};
}

static void assert_nfc(const char *from, const char *to, uint32_t repairs)
{
    uint32_t counted = 0;
    struct str got = nfc(str_of(from), &counted);

    if (!str_eq(got, str_of(to)) || counted != repairs)
        fail_msg("\"%s\" became \"%.*s\" with %u repairs", from, STR_ARG(got), counted);
}

static void composed_text_is_viewed_not_copied(void **state)
{
    static const char text[] =
        "Nước yếu quá, 3 ngày rồi – ai sửa giúp ₫ 😀❤️ với… "
        "\"đường\" "
        "“Đặng”";
    uint32_t repairs = 0;

    (void)state;
    assert_ptr_equal(nfc_text(str_of(text), &batch, &repairs).p, text);
    assert_int_equal(repairs, 0);
    assert_int_equal(nfc_text((struct str){NULL, 0}, &batch, NULL).n, 0);
}

static void vietnamese_is_composed(void **state)
{
    (void)state;
    assert_nfc("n\xC6\xB0\xC6\xA1\xCC\x81"
               "c ma\xCC\x82\xCC\x81t",
               "nước mất", 2);
    assert_nfc("o\xCC\xA3\xCC\x82", "ộ", 1);
    assert_nfc("x\xCC\x81", "x\xCC\x81", 0); /* nothing to compose, nothing counted */
}

static void controls_and_line_ends(void **state)
{
    (void)state;
    assert_nfc("a\r\nb\rc\td\n", "a\nb\nc\td\n", 2);
    assert_nfc("m\x01\x7F"
               "n\x1B",
               "m  n ", 3);
    assert_int_equal(nfc((struct str){"a\0b", 3}, NULL).p[1], ' ');
}

static void ill_formed_bytes_are_replaced(void **state)
{
    (void)state;
    assert_nfc("x\xFFy", "x\xEF\xBF\xBDy", 1);
    assert_nfc("x\xE1\xBB", "x\xEF\xBF\xBD", 1);
    assert_nfc("\xED\xA0\x80z", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz", 3);
    assert_nfc("0123456789abcdef\xC3", "0123456789abcdef\xEF\xBF\xBD", 1);
    assert_nfc("0123456789abcdefg\xE1\xBB\xA7\x80h", "0123456789abcdefgủ\xEF\xBF\xBDh", 1);
}

static size_t icu_nfc(const char *s, size_t n, char *out, size_t room)
{
    enum { UNITS = 4096 };
    UErrorCode status = U_ZERO_ERROR;
    static UChar wide[UNITS], composed[UNITS];
    int32_t length = 0, bytes = 0;

    u_strFromUTF8(wide, UNITS, &length, s, (int32_t)n, &status);
    length =
        unorm2_normalize(unorm2_getNFCInstance(&status), wide, length, composed, UNITS, &status);
    u_strToUTF8(out, (int32_t)room, &bytes, composed, length, &status);
    assert_true(U_SUCCESS(status));
    return (size_t)bytes;
}

/* Every code point alone, behind a letter, between marks, across the automaton's step, in Hangul.
 */
static void every_code_point_as_icu(void **state)
{
    static const char *const around[][2] = {{"", ""},
                                            {"e", ""},
                                            {"a\xCC\xA3", "\xCC\x81"},
                                            {"0123456789abcde", "x"},
                                            {"\xE1\x84\x80", "\xE1\x86\xA8"}};

    (void)state;
    for (uint32_t cp = 0x80; cp <= 0x10FFFF; cp++) {
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        for (size_t i = 0; i < (cp < 0x20000 ? sizeof around / sizeof *around : 1); i++) {
            char s[64], want[128];
            size_t n = strlen(around[i][0]), after = strlen(around[i][1]);
            struct arena_mark mark = arena_mark(&batch);
            struct str got;

            memcpy(s, around[i][0], n);
            n += utf8_put(s + n, cp);
            memcpy(s + n, around[i][1], after);
            n += after;
            got = nfc((struct str){s, n}, NULL);
            if (!str_eq(got, (struct str){want, icu_nfc(s, n, want, sizeof want)}))
                fail_msg("U+%04X in surrounding %zu differs from ICU", cp, i);
            arena_rewind(&batch, mark);
        }
    }
}

static uint32_t hexadecimal(struct str s)
{
    uint32_t value = 0;

    for (size_t i = 0; i < s.n; i++)
        value = value * 16 + (uint32_t)(s.p[i] <= '9' ? s.p[i] - '0' : (s.p[i] | 0x20) - 'a' + 10);
    return value;
}

/* A field of the conformance file: code points in hexadecimal. */
static struct str field_text(struct str field)
{
    char *out = arena_alloc(&batch, field.n * 4 + 4);
    size_t n = 0;

    while (field.p) {
        struct str word = str_cut(&field, ' ');

        if (word.n)
            n += utf8_put(out + n, hexadecimal(word));
    }
    return (struct str){out, n};
}

/* The invariants for NFC: c2 == NFC(c1) == NFC(c2) == NFC(c3), c4 == NFC(c4) == NFC(c5). */
static void conformance_file(void **state)
{
    const char *shared = getenv("SOUNDINGS_SHARED");
    char path[512], line[4096];
    size_t tests = 0;
    FILE *file;

    (void)state;
    snprintf(path, sizeof path, "%s/badinput/unicode/NormalizationTest.txt",
             shared ? shared : "../shared/data");
    file = fopen(path, "r");
    if (!file) {
        print_message("no %s: skipped\n", path);
        skip();
    }
    while (fgets(line, sizeof line, file)) {
        struct str rest = str_of(line), c[6];

        if (line[0] == '#' || line[0] == '@' || line[0] == '\n')
            continue;
        for (int i = 1; i <= 5; i++)
            c[i] = field_text(str_cut(&rest, ';'));
        for (int i = 1; i <= 5; i++)
            if (!str_eq(nfc(c[i], NULL), c[i <= 3 ? 2 : 4]))
                fail_msg("NFC(c%d) is wrong in: %s", i, line);
        tests++;
        arena_reset(&batch);
    }
    fclose(file);
    assert_true(tests > 18000);
}

static void a_million_marks_are_linear(void **state)
{
    enum { BYTES = 1 << 20 };
    char *s = arena_alloc(&batch, BYTES);
    struct str once;
    clock_t from = clock();

    (void)state;
    for (size_t i = 0; i < BYTES; i += 4)
        memcpy(s + i, "\xCC\x81\xCC\xA3", 4); /* above, below: every second one moves */
    once = nfc((struct str){s, BYTES}, NULL);
    assert_int_equal(once.n, BYTES);
    assert_true(str_eq(nfc(once, NULL), once));
    assert_true(clock() - from < 4 * CLOCKS_PER_SEC);
}

/* Every Latin letter with one and two marks of Vietnamese, some stroke between: as ICU has it. */
static void letters_with_marks_as_icu(void **state)
{
    static const uint32_t marks[] = {0, 0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323};
    enum { MARKS = sizeof marks / sizeof *marks };

    (void)state;
    for (uint32_t cp = 'A'; cp < 0x1F00; cp = cp == 0x24F ? 0x1E00 : cp + 1)
        for (size_t i = 0; i < (size_t)MARKS * MARKS * MARKS; i++) {
            char s[64] = "x", want[128];
            size_t n = 1 + utf8_put(s + 1, cp);
            struct str got;

            for (size_t rest = i; rest; rest /= MARKS)
                if (marks[rest % MARKS])
                    n += utf8_put(s + n, marks[rest % MARKS]);
            got = nfc((struct str){s, n}, NULL);
            if ((cp >= 0x7F && cp < 0xA0) ||
                str_eq(got, (struct str){want, icu_nfc(s, n, want, 128)}))
                continue;
            fail_msg("U+%04X with marks %zu differs from ICU", cp, i);
        }
    arena_reset(&batch);
}

/* What nfc.h promises, the slow way: a character at a time, and ICU over the whole. */
static struct str nfc_slowly(struct str s)
{
    char *clean = arena_alloc(&batch, s.n * 3 + 1), *out = arena_alloc(&batch, s.n * 9 + 1);
    size_t n = 0;

    for (size_t at = 0; at < s.n;) {
        uint32_t cp = utf8_next(s, &at, NULL);

        if (cp == '\r' && at < s.n && s.p[at] == '\n')
            at++;
        if (cp == '\r')
            cp = '\n';
        else if ((cp < ' ' && cp != '\t' && cp != '\n') || cp == 0x7F)
            cp = ' ';
        n += utf8_put(clean + n, cp);
    }
    return (struct str){out, icu_nfc(clean, n, out, s.n * 9 + 1)};
}

/* Decomposed letters among what interrupts them, at every offset in a block: as the slow way has
 * it. */
static void random_text_as_slowly(void **state)
{
    static const char *const pieces[] = {
        "a",        "e",      "o",        "u",      "i",      "d",      "n",      "ng ",
        "Y",        " ",      "\r",       "\r\n",   "\x01",   "\x7F",   "\u0300", "\u0301",
        "\u0302",   "\u0303", "\u0306",   "\u0309", "\u031B", "\u0323", "\u0300", "\u0302",
        "\u0327",   "\u0331", "\u0304",   "\u20D6", "\u1DCA", "\u0340", "\u0374", "â",
        "ơ",        "ế",      "đ",        "é",      "ç",      "я",      "中",     "😀",
        "\xF0\x9F", "\xC3",   "\xE1\xBB", "\x80",   "\xCC",   "각",     "ᄀ",     "ᅡ",
        "\u11A8",   "không ", "“"};
    struct rng rng;
    uint32_t composed = 0;

    (void)state;
    rng_seed(&rng, 23);
    for (int round = 0; round < 40000; round++) {
        char bytes[1024];
        struct str s = {bytes, 0}, got;
        uint64_t most = rng_below(&rng, 2) ? 200 : 12, kinds = rng_below(&rng, 2) ? 24 : 51;
        uint32_t places = 0;

        assert_int_equal(sizeof pieces / sizeof *pieces, 51);
        for (uint64_t i = rng_below(&rng, most); i > 0; i--) {
            const char *piece = pieces[rng_below(&rng, kinds)];

            memcpy(bytes + s.n, piece, strlen(piece));
            s.n += strlen(piece);
        }
        got = nfc(s, &places);
        if (!str_eq(got, nfc_slowly(s)))
            fail_msg("round %d: \"%.*s\" became \"%.*s\"", round, STR_ARG(s), STR_ARG(got));
        assert_int_equal(places == 0, str_eq(got, s));
        composed += places;
        arena_reset(&batch);
    }
    assert_true(composed > 100000);
}

/* Random runs of awkward code points: valid, composed, stable. */
static void twice_is_once(void **state)
{
    static const uint32_t awkward[] = {
        'a',    'e',    'o',    ' ',    0x301,  0x302,  0x306, 0x31B,  0x323,   0x344,   0x345,
        0x1100, 0x1161, 0x11A8, 0xAC00, 0x3099, 0x304B, 0x9C7, 0x9BE,  0x1D15F, 0x1D16E, 0xF73,
        0xF71,  0x1EBF, 0x2126, 0x200B, 0xFEFF, '\r',   '\n',  0xFFFD, 0x1F600};
    struct rng rng;

    (void)state;
    rng_seed(&rng, 7);
    for (int round = 0; round < 20000; round++) {
        char s[256], want[1024];
        size_t n = 0;
        struct str once;

        for (uint64_t i = rng_below(&rng, 24); i > 0; i--)
            n += utf8_put(s + n, awkward[rng_below(&rng, sizeof awkward / sizeof *awkward)]);
        once = nfc((struct str){s, n}, NULL);
        assert_true(utf8_valid(once));
        assert_true(str_eq(nfc(once, NULL), once));
        assert_int_equal(icu_nfc(once.p, once.n, want, sizeof want), once.n);
        assert_memory_equal(once.p, want, once.n);
        arena_reset(&batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(composed_text_is_viewed_not_copied),
        cmocka_unit_test(vietnamese_is_composed),
        cmocka_unit_test(controls_and_line_ends),
        cmocka_unit_test(ill_formed_bytes_are_replaced),
        cmocka_unit_test(every_code_point_as_icu),
        cmocka_unit_test(conformance_file),
        cmocka_unit_test(a_million_marks_are_linear),
        cmocka_unit_test(letters_with_marks_as_icu),
        cmocka_unit_test(random_text_as_slowly),
        cmocka_unit_test(twice_is_once),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
