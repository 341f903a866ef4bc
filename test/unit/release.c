/* release.c - k and its floor, suppression by hand, and the makers of `released`. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "model/settings.h"
#include "release/release.h"

#include <stdio.h>
#include <string.h>

/* A city (1), a group (2), wards 3 to 5 in it. */
static struct place places[6] = {
    {.level = LEVEL_NONE},
    {.level = LEVEL_CITY},
    {.level = LEVEL_GROUP, .parent = 1},
    {.level = LEVEL_WARD, .parent = 2},
    {.level = LEVEL_WARD, .parent = 2},
    {.level = LEVEL_WARD, .parent = 2},
};
static const struct gazetteer gazetteer = {.places = places, .n = 6};

enum { TOPICS = 2, ROWS = 5 * TOPICS };

struct day {
    struct cell cells[ROWS];
    size_t n;
    struct release_row *rows;
    size_t row_count;
};

/* One topic, one message a voice: then topic 0 and topic 1 of a place are the same. */
static void add(struct day *day, enum window window, uint32_t place, uint32_t voices)
{
    for (uint32_t topic = 0; topic < TOPICS; topic++)
        day->cells[day->n++] = (struct cell){
            .key = {.window = window, .place = place, .topic = topic},
            .messages = voices,
            .sources = 1,
            .voices = voices,
            .voices_sum = voices,
            .parts = 1,
        };
}

static void make_rows(struct day *day, const struct day *earlier, uint32_t k, struct arena *job)
{
    struct release_question question = {.cells = day->cells,
                                        .cell_count = day->n,
                                        .days = earlier ? earlier->rows : NULL,
                                        .day_count = earlier ? earlier->row_count : 0,
                                        .places = &gazetteer,
                                        .k = k,
                                        .topic_count = TOPICS};

    release_rows(&question, job, &day->rows, &day->row_count);
}

static const struct release_row *row_of(const struct day *day, uint32_t place, uint32_t topic)
{
    for (size_t i = 0; i < day->row_count; i++)
        if (day->rows[i].key.place == place && day->rows[i].key.topic == topic)
            return &day->rows[i];
    fail_msg("no row for place %u, topic %u", place, topic);
    return NULL;
}

static bool shown(const struct day *day, uint32_t place)
{
    bool all = row_of(day, place, 0)->shown != RELEASED_BELOW;

    assert_int_equal(row_of(day, place, 1)->shown != RELEASED_BELOW, all);
    return all;
}

static void test_threshold_and_floor(void **state)
{
    struct arena job;
    struct day day = {.n = 0};

    (void)state;
    arena_init(&job, "job", 1 << 24);
    add(&day, WINDOW_DAY, 1, 9);
    make_rows(&day, NULL, 1, &job); /* a k of 1 is not to be had */
    assert_int_equal(day.row_count, ROWS);
    assert_false(shown(&day, 1));
    assert_int_equal(row_of(&day, 1, 0)->k, K_FLOOR);
    day = (struct day){.n = 0};
    add(&day, WINDOW_DAY, 1, 10);
    make_rows(&day, NULL, 1, &job);
    assert_int_equal(row_of(&day, 1, 0)->shown, RELEASED_NUMBER);
    assert_int_equal(row_of(&day, 1, 0)->voices, 10);
    assert_false(shown(&day, 3)); /* nothing was said there: looks like any hidden cell */
    day = (struct day){.n = 0};
    make_rows(&day, NULL, 20, &job);
    assert_int_equal(day.row_count, 0);
    arena_free(&job);
}

static void test_rows_come_in_order(void **state)
{
    struct arena job;
    struct day day = {.n = 0};

    (void)state;
    arena_init(&job, "job", 1 << 24);
    add(&day, WINDOW_DAY, 2, 40);
    add(&day, WINDOW_DAY, 1, 60);
    make_rows(&day, NULL, 20, &job);
    for (size_t i = 1; i < day.row_count; i++)
        assert_true(cell_key_cmp(day.rows[i - 1].key, day.rows[i].key) < 0);
    arena_free(&job);
}

/* Beyond 256 people are estimates, each with an error of its own; told they agree. */
static void test_estimates_agree(void **state)
{
    struct arena job;
    struct day day = {.n = 0};

    (void)state;
    arena_init(&job, "job", 1 << 24);
    add(&day, WINDOW_DAY, 1, 900);
    add(&day, WINDOW_DAY, 2, 900);
    add(&day, WINDOW_DAY, 3, 500);
    add(&day, WINDOW_DAY, 4, 400);
    for (size_t i = 0; i < day.n; i++) /* estimated: 820, 870, 515, 390 */
        day.cells[i].voices = day.cells[i].voices_sum =
            (uint32_t[]){820, 870, 515, 390}[day.cells[i].key.place - 1];
    day.cells[7].voices = day.cells[7].voices_sum = 396; /* ward 4 by its service */
    make_rows(&day, NULL, 20, &job);
    assert_int_equal(row_of(&day, 1, 0)->voices, 870);
    assert_int_equal(row_of(&day, 2, 1)->voices, 870);
    assert_int_equal(row_of(&day, 3, 0)->voices, 515);
    assert_int_equal(row_of(&day, 4, 0)->voices, 396);
    assert_int_equal(row_of(&day, 4, 1)->voices, 396);
    for (size_t i = 2; i < 4; i++) /* the group: more than its wards */
        day.cells[i].voices = day.cells[i].voices_sum = 930;
    make_rows(&day, NULL, 20, &job);
    assert_int_equal(row_of(&day, 2, 0)->voices, 911);
    arena_free(&job);
}

/* Group 100 = wards 50 + 45 + 5: the five would be 100 - 95. */
static void test_lone_small_ward_gets_company(void **state)
{
    struct arena job;
    struct day day = {.n = 0};

    (void)state;
    arena_init(&job, "job", 1 << 24);
    add(&day, WINDOW_DAY, 1, 200);
    add(&day, WINDOW_DAY, 2, 100);
    add(&day, WINDOW_DAY, 3, 50);
    add(&day, WINDOW_DAY, 4, 45);
    add(&day, WINDOW_DAY, 5, 5);
    make_rows(&day, NULL, 20, &job);
    assert_true(shown(&day, 1));
    assert_true(shown(&day, 2));
    assert_true(shown(&day, 3));
    assert_false(shown(&day, 4)); /* the cheapest neighbour */
    assert_false(shown(&day, 5));
    arena_free(&job);
}

/* What is hidden together must be k and a fifth wide: five people among 24 could be any of them,
 * five among 23 take the third ward along. */
static void test_how_much_company_is_enough(void **state)
{
    struct arena job;

    (void)state;
    arena_init(&job, "job", 1 << 24);
    for (uint32_t together = 23; together < 25; together++) {
        struct day day = {.n = 0};

        add(&day, WINDOW_DAY, 1, 200);
        add(&day, WINDOW_DAY, 2, 100);
        add(&day, WINDOW_DAY, 3, 100 - together);
        add(&day, WINDOW_DAY, 4, together - 5);
        add(&day, WINDOW_DAY, 5, 5);
        make_rows(&day, NULL, 20, &job);
        assert_true(shown(&day, 2));
        assert_int_equal(shown(&day, 3), together == 24);
        assert_false(shown(&day, 4) || shown(&day, 5));
    }
    arena_free(&job);
}

static void test_empty_ward_asks_for_nothing(void **state)
{
    struct arena job;
    struct day day = {.n = 0};

    (void)state;
    arena_init(&job, "job", 1 << 24);
    add(&day, WINDOW_DAY, 1, 200);
    add(&day, WINDOW_DAY, 2, 100);
    add(&day, WINDOW_DAY, 3, 55);
    add(&day, WINDOW_DAY, 4, 45);
    make_rows(&day, NULL, 20, &job);
    assert_true(shown(&day, 3) && shown(&day, 4));
    assert_false(shown(&day, 5));
    arena_free(&job);
}

/* Group 100 = wards 55 + 42, and three people told the group but no ward: they are people too. */
static void test_people_without_ward_are_protected(void **state)
{
    struct arena job;
    struct day day = {.n = 0};

    (void)state;
    arena_init(&job, "job", 1 << 24);
    add(&day, WINDOW_DAY, 1, 200);
    add(&day, WINDOW_DAY, 2, 100);
    add(&day, WINDOW_DAY, 3, 55);
    add(&day, WINDOW_DAY, 4, 42);
    make_rows(&day, NULL, 20, &job);
    assert_true(shown(&day, 2) && shown(&day, 3));
    assert_false(shown(&day, 4));
    arena_free(&job);
}

/* Ward 3 is hidden on the only day with five people; a week of 30 with 25 on another day would tell
 * them. */
static void test_week_does_not_undo_its_days(void **state)
{
    struct arena job;
    struct day days[2] = {{.n = 0}, {.n = 0}}, both, week = {.n = 0};
    const uint32_t counts[2][3] = {{200, 100, 5}, {300, 150, 25}};

    (void)state;
    arena_init(&job, "job", 1 << 24);
    for (int d = 0; d < 2; d++) {
        for (uint32_t p = 0; p < 3; p++)
            add(&days[d], WINDOW_DAY, p + 1, counts[d][p]);
        for (size_t i = 0; i < days[d].n; i++)
            days[d].cells[i].key.start = d * DAY_MS;
        make_rows(&days[d], NULL, 20, &job);
        assert_true(shown(&days[d], 1) && shown(&days[d], 2));
    }
    assert_false(shown(&days[0], 3));
    assert_true(shown(&days[1], 3));
    for (uint32_t p = 0; p < 3; p++)
        add(&week, WINDOW_WEEK, p + 1, counts[0][p] + counts[1][p]);
    both.row_count = days[0].row_count + days[1].row_count;
    both.rows = arena_array(&job, both.row_count, sizeof *both.rows);
    memcpy(both.rows, days[0].rows, days[0].row_count * sizeof *both.rows);
    memcpy(both.rows + days[0].row_count, days[1].rows, days[1].row_count * sizeof *both.rows);
    make_rows(&week, &both, 20, &job);
    assert_true(shown(&week, 1) && shown(&week, 2));
    assert_false(shown(&week, 3));
    make_rows(&week, NULL, 20, &job); /* without the days it would have been told */
    assert_true(shown(&week, 3));
    arena_free(&job);
}

static void test_interrupted_is_a_range(void **state)
{
    struct arena job;
    struct day day = {.n = 0};
    const struct release_row *row;
    const struct released *number;

    (void)state;
    arena_init(&job, "job", 1 << 24);
    add(&day, WINDOW_DAY, 1, 60);
    for (size_t i = 0; i < day.n; i++) {
        day.cells[i].voices = 40;
        day.cells[i].parts = 2;
        day.cells[i].interrupted = true;
    }
    make_rows(&day, NULL, 20, &job);
    row = row_of(&day, 1, 0);
    number = release_number(row, MEASURE_VOICES, &job);
    assert_int_equal(released_kind(number), RELEASED_RANGE);
    assert_int_equal(released_number(number), 40);
    assert_int_equal(released_upper(number), 60);
    assert_int_equal(released_kind(release_number(row, MEASURE_MESSAGES, &job)), RELEASED_NUMBER);
    for (size_t i = 0; i < day.n; i++)
        day.cells[i].voices = 19; /* the sum would pass k, the largest part does not */
    make_rows(&day, NULL, 20, &job);
    assert_int_equal(row_of(&day, 1, 0)->shown, RELEASED_BELOW);
    for (size_t i = 0; i < day.n; i++) {
        day.cells[i].voices = 40;
        day.cells[i].parts = 0; /* still open */
    }
    make_rows(&day, NULL, 20, &job);
    assert_int_equal(row_of(&day, 1, 0)->shown, RELEASED_BELOW);
    arena_free(&job);
}

static void test_merged_wards_have_no_row(void **state)
{
    struct arena job;
    struct day day = {.n = 0};

    (void)state;
    arena_init(&job, "job", 1 << 24);
    add(&day, WINDOW_DAY, 1, 90);
    add(&day, WINDOW_DAY, 2, 80);
    add(&day, WINDOW_DAY, 5, 40);
    places[5].successor = 4;
    make_rows(&day, NULL, 20, &job);
    places[5].successor = 0;
    assert_int_equal(day.row_count, 4 * TOPICS);
    for (size_t i = 0; i < day.row_count; i++)
        assert_int_not_equal(day.rows[i].key.place, 5);
    arena_free(&job);
}

static void test_makers_check_again(void **state)
{
    struct arena job;
    struct err err;
    struct release_row forged = {.shown = RELEASED_NUMBER, .k = 3, .voices = 9, .messages = 70};
    struct story_phrase phrase = {.text = {"phà trễ chuyến", 17}, .voices = 19};
    struct publication notice = {.title = {"Thông báo", 11}, .summary = {"Phà nghỉ", 11}};
    const struct released *out = NULL;

    (void)state;
    arena_init(&job, "job", 1 << 24);
    out = release_number(&forged, MEASURE_MESSAGES, &job);
    assert_int_equal(released_kind(out), RELEASED_BELOW);
    assert_int_equal(released_number(out), K_FLOOR);
    assert_int_equal(released_kind(release_count(70, 9, 1, &job)), RELEASED_BELOW);
    assert_int_equal(released_number(release_count(70, 10, 1, &job)), 70);
    out = release_rounded(79, 79, 20, &job);
    assert_int_equal(released_kind(out), RELEASED_AT_LEAST);
    assert_int_equal(released_number(out), 60);
    assert_int_equal(released_number(release_rounded(20, 20, 20, &job)), 20);
    assert_int_equal(released_kind(release_rounded(19, 79, 20, &job)), RELEASED_BELOW);
    assert_int_equal(released_kind(release_rounded(79, 19, 20, &job)), RELEASED_BELOW);
    assert_int_equal(released_kind(release_count(70, 19, 20, &job)), RELEASED_BELOW);
    out = NULL;
    assert_int_equal(release_phrase(&phrase, 20, &job, &out, &err), RC_REFUSED);
    assert_null(out);
    phrase.voices = 20;
    assert_int_equal(release_phrase(&phrase, 20, &job, &out, &err), RC_OK);
    assert_int_equal(released_kind(out), RELEASED_PHRASE);
    assert_int_equal(released_number(out), 20);
    phrase = (struct story_phrase){.text = phrase.text, .voices = 2, .published = true};
    assert_int_equal(release_phrase(&phrase, 20, &job, &out, &err), RC_OK);
    assert_int_equal(released_kind(out), RELEASED_PUBLISHED);
    assert_int_equal(released_number(out), 0); /* two people are not told */
    out = release_published(&notice, true, &job);
    assert_int_equal(released_kind(out), RELEASED_PUBLISHED);
    assert_memory_equal(released_text(out).p, "Thông báo", 11);
    assert_memory_equal(released_text(release_published(&notice, false, &job)).p, "Phà", 4);
    arena_free(&job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threshold_and_floor),
        cmocka_unit_test(test_rows_come_in_order),
        cmocka_unit_test(test_estimates_agree),
        cmocka_unit_test(test_lone_small_ward_gets_company),
        cmocka_unit_test(test_how_much_company_is_enough),
        cmocka_unit_test(test_empty_ward_asks_for_nothing),
        cmocka_unit_test(test_people_without_ward_are_protected),
        cmocka_unit_test(test_week_does_not_undo_its_days),
        cmocka_unit_test(test_interrupted_is_a_range),
        cmocka_unit_test(test_merged_wards_have_no_row),
        cmocka_unit_test(test_makers_check_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
