/* country.c - desks cut out of the national table: what is counted, what is known by name. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/embedded.h"
#include "model/country.h"

#include <string.h>

#define HEAD "code\tname\tparent\taliases\tcue\tvalid_from\tvalid_to\tsuccessor\n"

static const char table[] = HEAD "10\tTỉnh Bờ Bắc\t-\t-\t-\t-\t-\t-\n"
                                 "20\tTỉnh Bờ Nam\t-\t-\tw\t-\t-\t-\n"
                                 "o30\tTỉnh Cù Lao\t-\t-\tf\t-\t2025-07-01\t10\n"
                                 "101\tHuyện Ven Bờ\t10\t-\t-\t-\t2025-07-01\t10\n"
                                 "301\tHuyện Bãi\to30\t-\t-\t-\t2025-07-01\t10\n"
                                 "201\tHuyện Rẫy\t20\t-\t-\t-\t2025-07-01\t20\n"
                                 "10001\tXã Kè\t101\t-\t-\t2025-07-01\t-\t-\n"
                                 "30001\tXã Cồn\t301\t-\t-\t2025-07-01\t-\t-\n"
                                 "20001\tXã Nương\t201\t-\t-\t-\t-\t-\n"
                                 "o10001\tXã Kè Nhỏ\t101\txã đê\t-\t-\t2025-07-01\t10001|30001\n";

static struct arena process;

static struct gazetteer cut(const char *code)
{
    struct gazetteer out;
    struct err err;

    if (country_cut(str_of(table), str_of(code), &process, &out, &err) != RC_OK)
        fail_msg("%s", err.text);
    return out;
}

static uint32_t named(const struct gazetteer *g, const char *code)
{
    for (uint32_t at = 1; at < g->named; at++)
        if (str_eq(g->places[at].code, str_of(code)))
            return at;
    return 0;
}

static bool holds(const struct gazetteer *g, uint32_t large, uint32_t small)
{
    uint32_t above[PLACE_ABOVE], n = place_above(g, small, above);

    for (uint32_t i = 0; i < n; i++)
        if (above[i] == large)
            return true;
    return false;
}

static void test_a_province(void **state)
{
    struct gazetteer g = cut("10");
    uint32_t ward, old, island;

    (void)state;
    assert_int_equal(g.n, 6); /* nothing, the province, two districts, two wards */
    assert_false(g.country);
    assert_true(str_eq(g.places[1].code, STR("10")) && g.places[1].level == LEVEL_CITY);
    ward = gazetteer_find(&g, STR("30001"));
    assert_true(ward && g.places[ward].level == LEVEL_WARD);
    assert_int_equal(place_at(&g, ward, LEVEL_GROUP), gazetteer_find(&g, STR("301")));
    assert_int_equal(place_at(&g, ward, LEVEL_CITY), 1);
    old = named(&g, "o10001");
    assert_true(old >= g.n && g.places[old].heirs == 2);
    assert_int_equal(place_current(&g, old), gazetteer_find(&g, STR("10001")));
    assert_true(g.places[old].valid_to == day_of_date(2025, 7, 1));
    island = named(&g, "o30");
    assert_int_equal(place_current(&g, island), 1);
    assert_true(holds(&g, island, ward) && !holds(&g, island, old));
    assert_int_equal(g.places[named(&g, "20")].level, LEVEL_NONE);
    assert_int_equal(g.places[named(&g, "20")].sort, NAME_WORD);
    assert_int_equal(named(&g, "20001"), 0); /* wards of others are not known */
}

static void test_the_country(void **state)
{
    struct gazetteer g = cut("VN");
    uint32_t ward, district;

    (void)state;
    assert_int_equal(g.n, 7); /* nothing, the country, two provinces, three wards */
    assert_true(g.country);
    ward = gazetteer_find(&g, STR("30001"));
    assert_int_equal(place_at(&g, ward, LEVEL_GROUP), gazetteer_find(&g, STR("10")));
    district = named(&g, "301");
    assert_true(holds(&g, district, ward));
    assert_int_equal(place_current(&g, district), gazetteer_find(&g, STR("10")));
    assert_true(holds(&g, named(&g, "o30"), district));
    assert_true(holds(&g, gazetteer_find(&g, STR("10")), named(&g, "o10001")));
    assert_false(holds(&g, gazetteer_find(&g, STR("20")), ward));
}

static void test_refuses(void **state)
{
    static const struct {
        const char *table, *code, *message;
        enum rc rc;
    } cases[] = {
        {table, "99", "no province of today", RC_USAGE},
        {table, "30", "no province of today", RC_USAGE},
        {table, "101", "no province of today", RC_USAGE},
        {HEAD "10\tX\t-\t-\t-\t-\t-\t-\n10\tY\t-\t-\t-\t-\t-\t-\n", "10", "line 3: the code",
         RC_BAD},
        {HEAD "10001\tX\t101\t-\t-\t-\t-\t-\n", "VN", "line 2: its parent", RC_BAD},
        {HEAD "o10\tX\t-\t-\t-\t-\t-\t11\n", "VN", "line 2: its parent or successor", RC_BAD},
        {"code\tname\n", "VN", "column", RC_BAD},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct gazetteer out = {.n = 7};
        struct err err = {0};

        assert_int_equal(
            country_cut(str_of(cases[i].table), str_of(cases[i].code), &process, &out, &err),
            cases[i].rc);
        if (!strstr(err.text, cases[i].message))
            fail_msg("case %zu: \"%s\" does not say \"%s\"", i, err.text, cases[i].message);
        assert_int_equal(out.n, 7);
    }
    assert_true(country_is_code(STR("VN")) && country_is_code(STR("79")));
    assert_false(country_is_code(STR("79.tsv")) || country_is_code(STR("")));
}

/* The table in the binary: every code a desk can be opened with, and what the law made of it. */
static void test_what_is_built_in(void **state)
{
    struct str built_in = embedded_file("data/places.tsv");
    struct gazetteer g;
    struct err err;
    uint32_t provinces = 0, wards = 0, former = 0;

    (void)state;
    assert_int_equal(country_cut(built_in, STR("VN"), &process, &g, &err), RC_OK);
    for (uint32_t at = 2; at < g.named; at++) {
        const struct place *place = &g.places[at];

        provinces += at < g.n && place->level == LEVEL_GROUP;
        wards += at < g.n && place->level == LEVEL_WARD;
        former += at >= g.n && place->level == LEVEL_WARD;
        assert_true(at < g.n || place_current(&g, at) < g.n);
        assert_true(g.places[place->parent].level < place->level);
        assert_true(place->within || place->level == LEVEL_GROUP);
        if (at < g.n && place->level == LEVEL_GROUP) {
            struct gazetteer desk;

            assert_int_equal(country_cut(built_in, place->code, &process, &desk, &err), RC_OK);
        }
    }
    assert_int_equal(provinces, 34);
    assert_int_equal(wards, 3321);
    assert_true(former > 9900);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&process, "process", (size_t)1 << 30);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&process);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_province),
        cmocka_unit_test(test_the_country),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_what_is_built_in),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
