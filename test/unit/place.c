/* place.c - the gazetteer: levels, merged wards, and what a bad table is told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "model/place.h"

#include <string.h>

#define HEAD "code\tname\tkind\tparent\taliases\tvalid_from\tvalid_to\tsuccessor\n"

static const char good[] = HEAD "W1\tBờ Kè\tward\tG1\tbờ kè|bo ke\t2025-07-01\t-\t-\n"
                                "C\tPhố Hội\tcity\t-\tpho hoi\t-\t-\t-\n"
                                "G1\tCụm Bắc\tgroup\tC\t-\t-\t-\t-\n"
                                "O1\tKè Nhỏ\tward\tG1\tke nho\t1998-01-01\t2025-07-01\tO2\n"
                                "O2\tKè Vừa\tward\tG1\tke vua\t1998-01-01\t2025-07-01\tW1\n";

static void test_reads_levels(void **state)
{
    struct arena process;
    struct gazetteer g;
    struct err err;
    uint32_t ward, group;

    (void)state;
    arena_init(&process, "process", 1 << 20);
    assert_int_equal(gazetteer_read(str_of(good), &process, &g, &err), RC_OK);
    assert_int_equal(g.n, 6);
    assert_int_equal(gazetteer_find(&g, STR("C")), 1);
    assert_int_equal(g.places[0].level, LEVEL_NONE);
    assert_int_equal(g.places[1].level, LEVEL_CITY);
    ward = gazetteer_find(&g, STR("W1"));
    group = gazetteer_find(&g, STR("G1"));
    assert_int_equal(g.places[ward].parent, group);
    assert_int_equal(place_at(&g, ward, LEVEL_WARD), ward);
    assert_int_equal(place_at(&g, ward, LEVEL_GROUP), group);
    assert_int_equal(place_at(&g, ward, LEVEL_CITY), 1);
    assert_int_equal(place_at(&g, group, LEVEL_WARD), 0);
    assert_int_equal(place_at(&g, 0, LEVEL_CITY), 0);
    assert_int_equal(gazetteer_find(&g, STR("W9")), 0);
    arena_free(&process);
}

static void test_follows_mergers(void **state)
{
    struct arena process;
    struct gazetteer g;
    struct err err;
    uint32_t old;

    (void)state;
    arena_init(&process, "process", 1 << 20);
    assert_int_equal(gazetteer_read(str_of(good), &process, &g, &err), RC_OK);
    old = gazetteer_find(&g, STR("O1"));
    assert_int_equal(place_current(&g, old), gazetteer_find(&g, STR("W1")));
    assert_int_equal(place_current(&g, 1), 1);
    assert_int_equal(place_current(&g, 0), 0);
    assert_true(g.places[old].valid_to == day_of_date(2025, 7, 1));
    assert_true(g.places[1].valid_from == INT64_MIN && g.places[1].valid_to == INT64_MAX);
    arena_free(&process);
}

static void test_names_the_bad_line(void **state)
{
    static const struct {
        const char *table, *message;
    } cases[] = {
        {"code\tname\n", "column"},
        {HEAD "G\tCụm\tgroup\tC\t-\t-\t-\t-\n", "no city"},
        {HEAD "C\tPhố\tcity\t-\t-\t-\t-\t-\nW\tBờ\tward\tX\t-\t-\t-\t-\n", "line 3: its parent"},
        {HEAD "C\tPhố\tcity\t-\t-\t-\t-\t-\nD\tThị\tcity\t-\t-\t-\t-\t-\n",
         "line 3: a second city"},
        {HEAD "C\tPhố\tcity\t-\t-\t-\t-\t-\nC\tCụm\tgroup\tC\t-\t-\t-\t-\n", "stands twice"},
        {HEAD "C\tPhố\thamlet\t-\t-\t-\t-\t-\n", "line 2: kind"},
        {HEAD "C\tPhố\tcity\t-\t-\tlast year\t-\t-\n", "line 2: a date"},
        {HEAD "C\tPhố\tcity\t-\t-\t-\t-\t-\nA\tBờ\tward\tC\t-\t-\t-\tB\n"
              "B\tKè\tward\tC\t-\t-\t-\tA\n",
         "successors lead back"},
        {HEAD "C\tPhố\tcity\t-\t-\t-\t-\t-\nA\tBờ\tward\tC\t-\t-\t-\tC\n", "same level"},
        {HEAD "C\tPhố\tcity\t-\t-\t-\t-\t-\nA\tBờ\tward\tB\t-\t-\t-\t-\n"
              "B\tKè\tward\tA\t-\t-\t-\t-\n",
         "higher level"},
        {HEAD "C\tPhố\tcity\tC\t-\t-\t-\t-\n", "no parent"},
        {"", "header"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena process;
        struct gazetteer g = {.n = 7};
        struct err err = {0};

        arena_init(&process, "process", 1 << 20);
        assert_int_equal(gazetteer_read(str_of(cases[i].table), &process, &g, &err), RC_BAD);
        if (!strstr(err.text, cases[i].message))
            fail_msg("case %zu: \"%s\" does not say \"%s\"", i, err.text, cases[i].message);
        assert_int_equal(g.n, 7);
        arena_free(&process);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_levels),
        cmocka_unit_test(test_follows_mergers),
        cmocka_unit_test(test_names_the_bad_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
