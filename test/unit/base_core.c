/* base_core.c - arenas, buffers, maps, strings, UTF-8, time and JSON writing against what they
 * promise.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/json_write.h"
#include "base/map.h"
#include "base/rng.h"
#include "base/table.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static void arena_gives_zeroed_aligned_memory_and_rewinds(void **state)
{
    struct arena arena;
    struct arena_mark mark;
    unsigned char *first, *second;

    (void)state;
    arena_init(&arena, "scratch", 1 << 20);
    first = arena_alloc(&arena, 100);
    memset(first, 0xAA, 100);
    mark = arena_mark(&arena);
    second = arena_alloc(&arena, 40000);
    assert_int_equal((uintptr_t)second % 16, 0);
    memset(second, 0xBB, 40000);
    arena_rewind(&arena, mark);
    second = arena_alloc(&arena, 40000);
    for (int i = 0; i < 40000; i++)
        assert_int_equal(second[i], 0);
    assert_int_equal(first[99], 0xAA);
    arena_free(&arena);
}

static bool is_zero(const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bytes[i])
            return false;
    return true;
}

/* A block of the system's own zeroes: what was written to it comes back zeroed however it was given
 * back. */
static void arena_zeroes_large_blocks_again(void **state)
{
    enum { LARGE = 1 << 20 };
    struct arena arena;
    struct arena_mark mark;
    unsigned char *bytes;

    (void)state;
    arena_init(&arena, "scratch", 64 << 20);
    bytes = arena_alloc(&arena, LARGE + 5);
    assert_true(is_zero(bytes, LARGE + 5));
    memset(bytes, 0xAA, LARGE + 5);
    mark = arena_mark(&arena);
    for (size_t n = 3 * LARGE; n > 100; n = n / 3 + 1) {
        bytes = arena_room(&arena, n, 1);
        memset(bytes, 0xBB, n);
        if (n % 2)
            arena_trim(&arena, bytes, n / 2);
        bytes = arena_alloc(&arena, n);
        assert_true(is_zero(bytes, n));
        memset(bytes, 0xCC, n);
        arena_rewind(&arena, mark);
    }
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 5; i++) {
            bytes = arena_alloc(&arena, LARGE / 2 + LARGE * (size_t)i);
            assert_true(is_zero(bytes, LARGE / 2 + LARGE * (size_t)i));
            memset(bytes, 0xDD, LARGE / 2 + LARGE * (size_t)i);
        }
        if (round)
            arena_reset(&arena);
        else
            arena_wipe(&arena);
    }
    arena_free(&arena);
}

static jmp_buf full;
static size_t full_wanted;

static void note_full(const char *lifetime, size_t wanted, size_t max)
{
    (void)lifetime;
    (void)max;
    full_wanted = wanted;
    longjmp(full, 1);
}

static void arena_takes_back_the_end_of_the_last_object(void **state)
{
    struct arena arena;
    char *first, *second;

    (void)state;
    arena_init(&arena, "scratch", 1 << 20);
    first = arena_alloc(&arena, 6000);
    memset(first, 'n', 6000);
    arena_trim(&arena, first, 10);
    second = arena_alloc(&arena, 6000);
    assert_true(second > first && second < first + 100);
    for (size_t i = 0; i < 10; i++)
        assert_int_equal(first[i], 'n');
    assert_int_equal(second[0], 0);
    arena_trim(&arena, second, 0);
    assert_true((char *)arena_alloc(&arena, 1) <= second + 100);
    arena_free(&arena);
}

/* What is nobody's may be looked at here, whatever watches over memory. */
__attribute__((no_sanitize("address"))) static unsigned byte_at(const unsigned char *bytes, int at)
{
    return bytes[at];
}

/* In every block, behind a rewind, and in a block that is half used; twice, as for two batches. */
static void arena_wipes_all_that_was_handed_out(void **state)
{
    enum { PIECE = 1000, PIECES = 200 };
    unsigned char *piece[PIECES];
    struct arena arena;
    struct arena_mark mark;

    (void)state;
    arena_init(&arena, "batch", 1 << 20);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < PIECES; i++) {
            if (i == PIECES / 3)
                mark = arena_mark(&arena);
            piece[i] = arena_alloc(&arena, PIECE);
            memset(piece[i], 'x', PIECE);
        }
        arena_rewind(&arena, mark);
        arena_alloc(&arena, 1);
        arena_wipe(&arena);
        for (int i = 0; i < PIECES; i++)
            for (int at = 0; at < PIECE; at++)
                assert_int_equal(byte_at(piece[i], at), 0);
    }
    arena_free(&arena);
}

static void arena_calls_the_handler_at_its_maximum(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, "batch", 64 * 1024);
    arena_on_full(note_full);
    if (setjmp(full) == 0) {
        for (int i = 0; i < 1000; i++)
            arena_alloc(&arena, 1000);
        fail();
    }
    assert_true(full_wanted >= 1000);
    assert_true(arena.reserved <= 64 * 1024);
    if (setjmp(full) == 0) {
        arena_array(&arena, SIZE_MAX / 2, 4);
        fail();
    }
    arena_on_full(NULL);
    arena_free(&arena);
}

static void vec_keeps_what_was_pushed(void **state)
{
    struct arena arena;
    VEC(uint64_t) numbers = {0};

    (void)state;
    arena_init(&arena, "scratch", 1 << 20);
    for (uint64_t i = 0; i < 1000; i++)
        *vec_push(&numbers, &arena) = i * i;
    for (uint64_t i = 0; i < 1000; i++)
        assert_int_equal(numbers.v[i], i * i);
    arena_free(&arena);
}

static void buf_stops_at_its_maximum_and_keeps_a_prefix(void **state)
{
    struct buf buf;

    (void)state;
    buf_init(&buf, 10);
    buf_add(&buf, STR("12345"));
    buf_printf(&buf, "%d", 678901);
    assert_true(buf.full);
    buf_add(&buf, STR("x"));
    assert_string_equal(buf.p, "12345");
    buf_clear(&buf);
    buf_printf(&buf, "%s", "abcdefghij");
    assert_false(buf.full);
    assert_int_equal(buf.n, 10);
    buf_free(&buf);
}

enum { MODEL_KEYS = 512 };

/* Random puts and questions, and now and then a new beginning, against an array that cannot be
 * wrong. */
static void map_agrees_with_a_naive_model(void **state)
{
    struct map map;
    struct rng rng;
    uint64_t model[MODEL_KEYS] = {0}, key, value;
    bool held[MODEL_KEYS] = {false}, fresh;
    size_t n = 0, seen = 0;

    (void)state;
    map_init(&map, MODEL_KEYS);
    rng_seed(&rng, 42);
    for (int step = 0; step < 200000; step++) {
        if (step % 1000 == 0) {
            map_clear(&map);
            memset(held, 0, sizeof held);
            n = 0;
        }
        key = rng_below(&rng, MODEL_KEYS);
        if (rng_below(&rng, 3) == 0) {
            uint64_t *at = map_put(&map, key, &fresh);

            assert_non_null(at);
            assert_int_equal(fresh, !held[key]);
            n += !held[key];
            held[key] = true;
            *at = model[key] = rng_next(&rng);
        }
        assert_int_equal(map.n, n);
        key = rng_below(&rng, MODEL_KEYS);
        assert_int_equal(map_find(&map, key) != NULL, held[key]);
        if (held[key])
            assert_int_equal(*map_find(&map, key), model[key]);
    }
    for (size_t at = 0; map_next(&map, &at, &key, &value); seen++)
        assert_int_equal(value, model[key]);
    assert_int_equal(seen, n);
    map_free(&map);
}

static void map_refuses_more_than_its_maximum(void **state)
{
    struct map map;

    (void)state;
    map_init(&map, 3);
    for (uint64_t key = 0; key < 3; key++)
        assert_non_null(map_put(&map, key, NULL));
    assert_null(map_put(&map, 9, NULL));
    assert_non_null(map_put(&map, 2, NULL));
    map_free(&map);
}

static void str_cut_sees_every_field(void **state)
{
    struct str rest = STR("a\t\tb\t");
    const char *expected[] = {"a", "", "b", ""};
    int n = 0;

    (void)state;
    while (rest.p)
        assert_true(str_eq(str_cut(&rest, '\t'), str_of(expected[n++])));
    assert_int_equal(n, 4);
}

static void numbers_are_read_whole_or_not_at_all(void **state)
{
    static const char *const bad[] = {"",    "-",   "+",  "1 ", " 1", "0x1", "9223372036854775808",
                                      "1e3", "--1", "1-", "१"};
    int64_t i = 7;
    double d = 7;

    (void)state;
    for (size_t b = 0; b < sizeof bad / sizeof *bad; b++)
        assert_false(str_to_int(str_of(bad[b]), &i));
    assert_int_equal(i, 7);
    assert_true(str_to_int(STR("-9223372036854775808"), &i));
    assert_true(i == INT64_MIN);
    assert_true(str_to_double(STR("-1.25e2"), &d) && d < -124.99 && d > -125.01);
    assert_false(str_to_double(STR("1,5"), &d));
    assert_false(str_to_double(STR("nan"), &d));
}

/* Every ill-formed start by maximal subparts: how many U+FFFD come out. */
static void utf8_replaces_maximal_subparts(void **state)
{
    static const struct {
        const char *bytes;
        int code_points, replaced;
    } cases[] = {
        {"\xE1\xBA\xBF", 1, 0},     {"\xE1\xBA", 1, 1},     {"\xE1\xBA\x41", 2, 1},
        {"\xC0\xAF", 2, 2},         {"\xED\xA0\x80", 3, 3}, {"\xF4\x90\x80\x80", 4, 4},
        {"\xF0\x9F\x92\xA7", 1, 0}, {"\xF0\x9F\x92", 1, 1}, {"\x80\x80", 2, 2},
        {"\xF0\x80\x80\x41", 4, 3}, {"\xFE\xFF", 2, 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str s = str_of(cases[i].bytes);
        int points = 0, replaced = 0;

        for (size_t at = 0; at < s.n; points++) {
            bool ok = true;

            utf8_next(s, &at, &ok);
            replaced += !ok;
        }
        assert_int_equal(points, cases[i].code_points);
        assert_int_equal(replaced, cases[i].replaced);
        assert_int_equal(utf8_valid(s), cases[i].replaced == 0);
    }
}

static void utf8_round_trips_every_code_point(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char bytes[4];
        struct str s = {bytes, utf8_put(bytes, cp)};
        size_t at = 0;
        bool surrogate = cp >= 0xD800 && cp <= 0xDFFF;

        assert_int_equal(utf8_next(s, &at, NULL), surrogate ? UTF8_REPLACEMENT : cp);
        assert_int_equal(at, s.n);
    }
}

static void times_are_read_and_written(void **state)
{
    static const struct {
        const char *text;
        enum precision precision;
        const char *written;
    } cases[] = {
        {"2026-03-02T07:00:00+07:00", PRECISION_TIME, "2026-03-02T07:00:00+07:00"},
        {"2026-03-02T00:00:00Z", PRECISION_TIME, "2026-03-02T07:00:00+07:00"},
        {"2026-03-02 07:00", PRECISION_TIME, "2026-03-02T07:00:00+07:00"},
        {"2026-03-02", PRECISION_DAY, "2026-03-02T00:00:00+07:00"},
        {"1772409600123", PRECISION_TIME, "2026-03-02T07:00:00.123+07:00"},
        {"2024-02-29T23:59:60+07:00", PRECISION_TIME, "2024-03-01T00:00:00+07:00"},
        {"2023-02-29", PRECISION_NONE, NULL},
        {"1900-02-29", PRECISION_NONE, NULL},
        {"2000-02-29", PRECISION_DAY, "2000-02-29T00:00:00+07:00"},
        {"2026-04-31", PRECISION_NONE, NULL},
        {"2026-12-31", PRECISION_DAY, "2026-12-31T00:00:00+07:00"},
        {"2026-03-02T07:00:00 ICT", PRECISION_TIME, "2026-03-02T07:00:00+07:00"},
        {"2026-03-02T07:00:00-0030", PRECISION_TIME, "2026-03-02T14:30:00+07:00"},
        {"2026-+3-02", PRECISION_NONE, NULL},
        {"2026-13-01", PRECISION_NONE, NULL},
        {"2026-03-02T25:00:00Z", PRECISION_NONE, NULL},
        {"2026-03-02T07:00:00+99:00", PRECISION_NONE, NULL},
        {"hôm qua", PRECISION_NONE, NULL},
        {"0000-01-01", PRECISION_NONE, NULL},
    };
    struct zone zone;
    char out[TIME_TEXT];

    (void)state;
    assert_true(zone_find(STR("Asia/Ho_Chi_Minh"), &zone));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ms = 0;

        assert_int_equal(time_parse(str_of(cases[i].text), zone, &ms), cases[i].precision);
        if (cases[i].written)
            assert_string_equal(time_format(ms, zone, out), cases[i].written);
    }
}

static void feed_dates_are_read(void **state)
{
    static const char *const same[] = {
        "Mon, 02 Mar 2026 00:00:00 GMT", "02 Mar 2026 07:00:00 +0700", "2 mar 26 00:00 UT",
        "Monday, Mar 02 2026 00:00:00 Z", "2026-03-02T07:00:00+07:00"};
    int64_t ms;

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        ms = 0;
        assert_int_equal(time_parse_feed(str_of(same[i]), (struct zone){0}, &ms), PRECISION_TIME);
        assert_true(ms == 1772409600000);
    }
    assert_int_equal(time_parse_feed(STR("31 Feb 2026 00:00:00 GMT"), (struct zone){0}, &ms),
                     PRECISION_NONE);
}

static void days_of_four_centuries_round_trip(void **state)
{
    int64_t from = day_of_date(1800, 1, 1), to = day_of_date(2200, 1, 1);

    (void)state;
    assert_true(day_of_date(1970, 1, 1) == 0);
    assert_int_equal(day_weekday(day_of_date(2026, 11, 23)), 0);
    for (int64_t day = from; day < to; day++) {
        int y, m, d;

        date_of_day(day, &y, &m, &d);
        assert_true(day_of_date(y, m, d) == day);
    }
}

static void tables_name_the_line_of_a_bad_row(void **state)
{
    struct arena arena;
    struct table table;
    struct err err;
    size_t column;

    (void)state;
    arena_init(&arena, "process", 1 << 20);
    assert_int_equal(
        table_read(STR("# note\ncode\tname\nSX\tSông Xanh\r\nX\t-\n"), &arena, &table, &err),
        RC_OK);
    assert_int_equal(table.rows, 2);
    assert_int_equal(table_column(&table, "name", &column, &err), RC_OK);
    assert_true(str_eq(table_cell(&table, 0, column), STR("Sông Xanh")));
    assert_int_equal(table_cell(&table, 1, column).n, 0);
    assert_int_equal(table_read(STR("a\tb\n1\t2\n3\n"), &arena, &table, &err), RC_BAD);
    assert_non_null(strstr(err.text, "line 3"));
    arena_free(&arena);
}

static void json_is_escaped_and_numbers_read_back(void **state)
{
    struct buf buf;
    struct json_writer json = {.out = &buf};

    (void)state;
    buf_init(&buf, 4096);
    json_open(&json, '{');
    json_key(&json, "a\"b");
    json_str(&json, (struct str){"x\ny\x01\xFF\\é", 8});
    json_key(&json, "n");
    json_open(&json, '[');
    json_int(&json, INT64_MIN);
    json_double(&json, 0.1);
    json_double(&json, 1.0 / 3);
    json_null(&json);
    json_close(&json, ']');
    json_close(&json, '}');
    assert_string_equal(buf.p, "{\"a\\\"b\":\"x\\ny\\u0001\xEF\xBF\xBD\\\\é\","
                               "\"n\":[-9223372036854775808,0.1,0.3333333333333333,null]}");
    buf_free(&buf);
}

static void hashes_and_random_numbers_are_the_same_everywhere(void **state)
{
    struct rng rng;

    (void)state;
    assert_true(hash_bytes(STR("ngap nuoc"), 1) == hash_bytes(STR("ngap nuoc"), 1));
    assert_true(hash_bytes(STR("ngap nuoc"), 1) != hash_bytes(STR("ngap nuoc"), 2));
    assert_true(hash_pair(1, 2) != hash_pair(2, 1));
    rng_seed(&rng, 7);
    for (int i = 0; i < 1000; i++)
        assert_true(rng_below(&rng, 10) < 10 && rng_unit(&rng) < 1);
}

static void errors_keep_their_place(void **state)
{
    struct err err;

    (void)state;
    assert_int_equal(err_set(&err, RC_BAD, "no %s", "text"), RC_BAD);
    assert_int_equal(err_within(&err, "line %d", 3), RC_BAD);
    assert_string_equal(err.text, "line 3: no text");
    assert_int_equal(err_exit_status(RC_ABSENT), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_gives_zeroed_aligned_memory_and_rewinds),
        cmocka_unit_test(arena_zeroes_large_blocks_again),
        cmocka_unit_test(arena_takes_back_the_end_of_the_last_object),
        cmocka_unit_test(arena_wipes_all_that_was_handed_out),
        cmocka_unit_test(arena_calls_the_handler_at_its_maximum),
        cmocka_unit_test(vec_keeps_what_was_pushed),
        cmocka_unit_test(buf_stops_at_its_maximum_and_keeps_a_prefix),
        cmocka_unit_test(map_agrees_with_a_naive_model),
        cmocka_unit_test(map_refuses_more_than_its_maximum),
        cmocka_unit_test(str_cut_sees_every_field),
        cmocka_unit_test(numbers_are_read_whole_or_not_at_all),
        cmocka_unit_test(utf8_replaces_maximal_subparts),
        cmocka_unit_test(utf8_round_trips_every_code_point),
        cmocka_unit_test(times_are_read_and_written),
        cmocka_unit_test(feed_dates_are_read),
        cmocka_unit_test(days_of_four_centuries_round_trip),
        cmocka_unit_test(tables_name_the_line_of_a_bad_row),
        cmocka_unit_test(json_is_escaped_and_numbers_read_back),
        cmocka_unit_test(hashes_and_random_numbers_are_the_same_everywhere),
        cmocka_unit_test(errors_keep_their_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
