/* locate.c - places in fields and in running text, old names, cues, contradictions. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/embedded.h"
#include "base/err.h"
#include "intake/locate.h"
#include "model/country.h"
#include "text/nfc.h"

#include <stdio.h>
#include <string.h>

static const char table[] = "code\tname\tkind\tparent\taliases\tvalid_from\tvalid_to\tsuccessor\n"
                            "LX\tLạc Xuyên\tcity\t-\ttp lạc xuyên|lx\t-\t-\t-\n"
                            "LX-A\tCụm Bờ Bắc\tgroup\tLX\tbờ bắc|quận một|q. một\t-\t-\t-\n"
                            "LX-B\tCụm Bờ Nam\tgroup\tLX\tbờ nam\t-\t-\t-\n"
                            "LX-1\tBến Phà\tward\tLX-A\tp. bến phà|ben pha\t2025-07-01\t-\t-\n"
                            "LX-2\tVườn Cau\tward\tLX-A\tp. vườn cau\t2025-07-01\t-\t-\n"
                            "LX-3\tLộ\tward\tLX-B\tp. lộ\t2025-07-01\t-\t-\n"
                            "LX-4\tBình Ân\tward\tLX-B\t-\t2025-07-01\t-\t-\n"
                            "LX-5\tBình An\tward\tLX-B\t-\t2025-07-01\t-\t-\n"
                            "LX-o1\tPhà Cũ\tward\tLX-A\t-\t1998-01-01\t2025-07-01\tLX-1\n";

static struct arena process;
static struct gazetteer gazetteer;
static struct locator *locator;

static int set_up(void **state)
{
    struct err err;

    (void)state;
    arena_init(&process, "process", (size_t)256 << 20);
    if (gazetteer_read(STR(table), &process, &gazetteer, &err) != RC_OK)
        fail_msg("%s", err.text);
    locator = locator_new(&gazetteer, &process);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    locator_free(locator);
    arena_free(&process);
    return 0;
}

static void assert_place(uint32_t place, const char *what, const char *code)
{
    struct str got = place ? gazetteer.places[place].code : STR("-");

    if (!str_eq(got, str_of(code)))
        fail_msg("\"%s\" is %.*s, not %s", what, STR_ARG(got), code);
}

static void assert_text(const char *s, const char *code)
{
    struct text text = {s, strlen(s)};
    struct tokens tokens = tokens_of(text, &process);
    struct located located = locate_text(locator, text, &tokens);

    assert_place(located.place, s, code);
    assert_true(located.place ? located.probability >= 0.5 && located.probability <= 1
                              : located.probability == 0);
}

static void assert_field(const char *s, const char *code)
{
    assert_place(locate_field(locator, (struct text){s, strlen(s)}, &process).place, s, code);
}

static void behind_a_cue(void **state)
{
    (void)state;
    assert_text("Mất nước ở phường Bến Phà từ sáng", "LX-1");
    assert_text("mat nuoc p. ben pha", "LX-1");
    assert_text("P.Bến Phà ngập", "LX-1");
    assert_text("khu vực vuon cau tối om", "LX-2");
    assert_text("phường Lộ nhiều rác", "LX-3");
    assert_text("p.  Lộ nhiều rác", "LX-3"); /* a full stop and two spaces still join */
    assert_text("p.   Lộ nhiều rác", "-");
    assert_text("quận một kẹt xe", "LX-A");
    assert_text("tp lac xuyen", "LX");
}

static void bare_names(void **state)
{
    (void)state;
    assert_text("ở Bến Phà không có đèn", "LX-1");
    assert_text("bến phà", "LX-1");
    assert_text("gặp anh Trần Bình An", "-"); /* a person */
    assert_text("anh Trần Bình An", "-");
    assert_text("ben pha khong co den", "-"); /* without diacritics it could be anything */
    assert_text("o ben pha khong co den", "LX-1");
    assert_text("đường lộ hỏng", "-"); /* one syllable */
    assert_text("một ngày mưa", "-");  /* an alias that is written with its cue */
    assert_text("Bình Ân", "LX-4");
    assert_text("Bình An", "LX-5");
    assert_text("p. binh an", "LX-B"); /* two wards of one group fold to it */
    assert_text("p. Bình An", "LX-5");
}

static void old_names_and_several(void **state)
{
    (void)state;
    assert_text("phường Phà Cũ ngày trước", "LX-1");
    assert_text("Bến Phà và Phà Cũ", "LX-1");
    assert_text("phường Bến Phà, quận Một, TP Lạc Xuyên", "LX-1");
    assert_text("từ Bến Phà đến Vườn Cau", "LX-A"); /* what holds both */
    assert_text("từ Bến Phà đến Bình Ân", "LX");
    assert_text("không nói nơi nào", "-");
    assert_text("", "-");
}

/* The national table, cut for a desk. */
static struct locator *open_desk(const char *code, struct gazetteer *out)
{
    struct err err;

    if (country_cut(embedded_file("data/places.tsv"), str_of(code), &process, out, &err) != RC_OK)
        fail_msg("%s", err.text);
    return locator_new(out, &process);
}

static double told(const struct locator *desk, const struct gazetteer *places, const char *s,
                   const char *code)
{
    struct text text = nfc_text(str_of(s), &process, NULL);
    struct tokens tokens = tokens_of(text, &process);
    struct located located = locate_text(desk, text, &tokens);
    struct str got = located.place ? places->places[located.place].code : STR("-");

    if (!str_eq(got, str_of(code)))
        fail_msg("\"%s\" is %.*s, not %s", s, STR_ARG(got), code);
    return located.probability;
}

static void of_a_real_city(void **state)
{
    static const struct {
        const char *text, *code;
    } cases[] = {
        {"mất nước ở p. 12 q. Phú Nhuận", "27073"}, /* merged in 2020, and again in 2025 */
        {"P12 PN", "27073"},
        {"P12 PN ngập", "27073"},
        {"phường Đức Nhuận", "27043"},
        {"phuong duc nhuan", "27043"},
        {"Q1 kẹt xe", "760"},
        {"q. 03", "770"},
        {"quận 9 ngập", "769"}, /* part of Thủ Đức since 2021 */
        {"H. Bình Chánh", "785"},
        {"xã Vĩnh Lộc A huyện Bình Chánh", "27601"},
        {"phường Bến Nghé cũ", "26740"},
        {"P. Xuân Hoà", "27139"}, /* the tone mark in the old style */
        {"đặc khu Côn Đảo", "26732"},
        {"tp hcm", "79"},
        {"Bình Dương", "79"},
        {"phường 12", "79"}, /* there are many */
        {"p12 BT", "26929"}, /* Bình Tân has no ward 12 */
        {"phường Tân Tiến, Biên Hòa", "-"},
        {"P. 12, TP. Đà Lạt", "-"},
        {"ở Hà Nội mưa to", "-"},
        {"mặc cái quần 1 ống", "-"},
        {"sống trong hòa bình", "-"},
        {"đường Hòa Bình kẹt xe", "-"},
        {"phường Hòa Bình kẹt xe", "27211"},
        {"ngõ ngách xả láng", "-"},
    };
    struct gazetteer places;
    struct locator *desk = open_desk("79", &places);
    double alone, held;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        told(desk, &places, cases[i].text, cases[i].code);
    alone = told(desk, &places, "thảo điền ngập", "27094");
    held = told(desk, &places, "phường Thảo Điền, TP Thủ Đức", "27094");
    assert_true(alone < told(desk, &places, "Thảo Điền ngập", "27094")); /* capitals say more */
    assert_true(alone < held && held > 0.9);
    assert_true(told(desk, &places, "phường 15 Phú Nhuận", "27058") < 0.7); /* it was split */
    assert_int_equal(locate_field(desk, (struct text){"PN", 2}, &process).place,
                     gazetteer_find(&places, STR("768")));
    assert_int_equal(locate_field(desk, (struct text){"01", 2}, &process).place, 0);
    locator_free(desk);
}

static void of_the_country(void **state)
{
    struct gazetteer places;
    struct locator *desk = open_desk("VN", &places);

    (void)state;
    told(desk, &places, "Bắc Giang", "24");
    told(desk, &places, "huyện Châu Thành, Long An", "80");
    told(desk, &places, "huyện Châu Thành", "-");
    told(desk, &places, "xã Tam Hiệp, Châu Thành, Tiền Giang", "28537");
    told(desk, &places, "xã Long Thành, tỉnh Đồng Nai", "26368"); /* a phường since April 2026 */
    told(desk, &places, "P. Trung Hoà, Q. Cầu Giấy, HN", "00175");
    told(desk, &places, "Việt Nam", "-");
    locator_free(desk);
}

static void many_mentions(void **state)
{
    struct gazetteer places;
    struct locator *desk = open_desk("VN", &places);
    char *text = arena_alloc(&process, 200000);
    size_t n = 0;

    (void)state;
    while (n + 40 < 200000)
        n += (size_t)snprintf(text + n, 40, "phường 1 Châu Thành, ");
    told(desk, &places, text, "-");
    locator_free(desk);
}

static void fields(void **state)
{
    (void)state;
    assert_field("LX-2", "LX-2");
    assert_field(" LX-o1 ", "LX-1");
    assert_field("vuon cau", "LX-2");
    assert_field("Phường Vườn Cau, Lạc Xuyên", "LX-2");
    assert_field("lx", "LX");
    assert_field("lộ", "LX-3");
    assert_field("nơi khác", "-");
    assert_field("", "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(behind_a_cue),          cmocka_unit_test(bare_names),
        cmocka_unit_test(old_names_and_several), cmocka_unit_test(fields),
        cmocka_unit_test(of_a_real_city),        cmocka_unit_test(of_the_country),
        cmocka_unit_test(many_mentions),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
