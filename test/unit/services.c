/* services.c - which service a text names: marks, names of places, ties. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/services.h"
#include "text/nfc.h"

static const char table[] = "code\tvi\ten\tphrases\n"
                            "road\tĐường\tRoads\tổ gà|vỉa hè|pothole\n"
                            "land\tĐất đai\tLand\tsổ đỏ\n"
                            "boat\tĐò\tFerries\tđò ngang|bến đò|phà\n"
                            "traffic\tGiao thông\tTraffic\tkẹt xe|kẹt cứng\n";
static const char wards[] = "code\tname\tkind\tparent\taliases\tvalid_from\tvalid_to\tsuccessor\n"
                            "TP\tSông Xanh\tcity\t-\t-\t-\t-\t-\n"
                            "01\tBến Đò\tward\tTP\tp. bến đò\t-\t-\t-\n"
                            "02\tGa Mới\tward\tTP\t-\t-\t-\t-\n"
                            "03\tPhà\tward\tTP\t-\t-\t-\t-\n";
enum { NONE, ROAD, LAND, BOAT, TRAFFIC };

struct fixture {
    struct arena process;
    struct settings settings;
    struct services services;
};

static int open_table(void **state)
{
    static struct fixture f;
    struct err err;

    arena_init(&f.process, "process", 16 << 20);
    assert_int_equal(topics_read(STR(table), &f.process, &f.settings.topics, &err), RC_OK);
    assert_int_equal(gazetteer_read(STR(wards), &f.process, &f.settings.places, &err), RC_OK);
    services_init(&f.services, &f.settings, &f.process);
    *state = &f;
    return 0;
}

static int close_table(void **state)
{
    struct fixture *f = *state;

    services_free(&f->services);
    arena_free(&f->process);
    return 0;
}

static void names(struct fixture *f, const char *written, uint32_t topic)
{
    struct arena_mark mark = arena_mark(&f->process);
    struct text text = nfc_text(str_of(written), &f->process, NULL);
    struct tokens tokens = tokens_of(text, &f->process);

    assert_int_equal(services_topic(&f->services, text, &tokens, &f->process), topic);
    arena_rewind(&f->process, mark);
}

static void test_phrases(void **state)
{
    names(*state, "Trước nhà tôi có ổ gà to bằng cái thau", ROAD);
    names(*state, "A pothole swallowed my front wheel", ROAD);
    names(*state, "hôm nay trời đẹp quá", NONE);
    names(*state, "", NONE);
    names(*state, "kẹt xe vì ổ gà", NONE); /* a tie is nobody's */
    names(*state, "kẹt xe, kẹt cứng luôn, vì cái ổ gà", TRAFFIC);
}

/* Marks decide where they are written, but for tones. */
static void test_marks(void **state)
{
    names(*state, "duong nay day o ga", ROAD);
    names(*state, "bán hàng lấn hết vĩa hè", ROAD);
    names(*state, "via hè bị lấn", ROAD);
    names(*state, "cho thuê phòng trọ ở ga, giá mềm", NONE);
    names(*state, "sơ đồ đội hình lạ quá", NONE);
    names(*state, "xin cấp lại sổ đỏ", LAND);
    names(*state, "SỔ ĐỎ CHỜ MÃI", LAND);
}

/* A phrase behind what only looked like one is still found. */
static void test_goes_on_behind(void **state)
{
    names(*state, "ở ga có ổ gà", ROAD);
    names(*state, "nhà ở ga mới, sổ đỏ đầy đủ", LAND);
}

static void test_names(void **state)
{
    names(*state, "chuyến đò ngang nghỉ chạy từ hôm qua", BOAT);
    names(*state, "Đò ngang nghỉ chạy từ hôm qua", BOAT);
    names(*state, "cầu Đò Ngang kẹt cứng", TRAFFIC);
    names(*state, "kẹt cứng từ chợ tới Bến Đò", TRAFFIC);
    names(*state, "ket cung tu cho toi ben do", TRAFFIC);
    names(*state, "ĐÒ NGANG NGHỈ CHẠY", BOAT);
    names(*state, "chờ phà cả tiếng", BOAT); /* one syllable is no name: it is everybody's word */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phrases),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_goes_on_behind),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, open_table, close_table);
}
