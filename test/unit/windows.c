/* windows.c - counting in windows: parts, known items, late items, what is conserved. */
#include "engine/windows.h"

#include "base/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { WARD = 3 };
static const int64_t monday = 1776618000000; /* 2026-04-20T00:00:00+07:00 */

struct fixture {
    struct arena process, batch;
    struct settings settings;
    struct source_settings sources[3];
    struct store *store;
    struct windows *windows;
    struct outcome outcome;
};

static void open_windows(struct fixture *f, int64_t last_heard)
{
    struct windows_config config = {.settings = &f->settings, .history = true, .next_alarm = 1};
    struct err err;

    f->windows = windows_new(&config, &f->process);
    assert_int_equal(windows_load(f->windows, f->store, last_heard, &err), RC_OK);
}

static int set_up(void **state)
{
    static const char places[] =
        "code\tname\tkind\tparent\taliases\tvalid_from\tvalid_to\tsuccessor\n"
        "C\tThành phố\tcity\t-\t-\t-\t-\t-\n"
        "G\tCụm\tgroup\tC\t-\t-\t-\t-\n"
        "W\tBến\tward\tG\t-\t-\t-\t-\n";
    static const char topics[] = "code\tvi\ten\tphrases\nwater\tNước\tWater\tmất nước\n"
                                 "power\tĐiện\tPower\tmất điện\n";
    struct fixture *f = calloc(1, sizeof *f);
    struct err err;

    arena_init(&f->process, "process", 1 << 28);
    arena_init(&f->batch, "batch", 1 << 28);
    f->settings = (struct settings){.k = 20, .retention_days = 90, .sources = f->sources};
    f->settings.source_count = 3;
    f->sources[0] = (struct source_settings){.name = STR("file"), .family = STR("file")};
    f->sources[1] = (struct source_settings){.name = STR("a"), .family = STR("forum")};
    f->sources[2] = (struct source_settings){.name = STR("b"), .family = STR("desk")};
    assert_true(zone_find(STR("Asia/Ho_Chi_Minh"), &f->settings.zone));
    assert_int_equal(gazetteer_read(STR(places), &f->process, &f->settings.places, &err), RC_OK);
    assert_int_equal(topics_read(STR(topics), &f->process, &f->settings.topics, &err), RC_OK);
    assert_int_equal(
        store_open(STR(":memory:"), STORE_WRITE, &f->settings, &f->process, &f->store, &err),
        RC_OK);
    open_windows(f, TIME_UNKNOWN);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    windows_free(f->windows);
    f->store->driver->close(f->store);
    arena_free(&f->process);
    arena_free(&f->batch);
    free(f);
    return 0;
}

static struct counted person(uint64_t who, int64_t heard)
{
    return (struct counted){
        .heard = heard, .voice = {{who, ~who}, true}, .place = WARD, .topic = 1, .source = 1};
}

static void count(struct fixture *f, struct counted item)
{
    windows_count(f->windows, &item, &f->batch, &f->outcome);
}

/* Everything that happened so far goes to the store, as a commit would put it. */
static void keep(struct fixture *f, int64_t heard)
{
    struct coverage coverage = {.source = STR("a"),
                                .day = time_day(heard, f->settings.zone),
                                .items = 1,
                                .last_heard = heard};
    struct commit commit = {.now = heard,
                            .cells = f->outcome.cells.v,
                            .cell_count = f->outcome.cells.n,
                            .coverage = &coverage,
                            .coverage_count = 1};
    struct err err;

    assert_int_equal(f->store->driver->commit(f->store, &commit, &err), RC_OK);
    memset(&f->outcome, 0, sizeof f->outcome);
}

/* The row of a closed cell; the last one written counts. */
static const struct cell *row(const struct fixture *f, int64_t start, uint32_t place,
                              uint32_t topic)
{
    const struct cell *found = NULL;

    for (size_t i = 0; i < f->outcome.cells.n; i++) {
        const struct cell *cell = &f->outcome.cells.v[i];

        if (cell->key.window == WINDOW_DAY && cell->key.start == start &&
            cell->key.place == place && cell->key.topic == topic && !cell->key.story)
            found = cell;
    }
    return found;
}

static void a_window_closes_an_hour_behind_the_largest_time(void **state)
{
    struct fixture *f = *state;

    for (uint64_t who = 1; who <= 30; who++)
        count(f, person(who, monday + (int64_t)who * MINUTE_MS));
    windows_advance(f->windows, monday + DAY_MS + HOUR_MS - 1, &f->batch, &f->outcome);
    assert_int_equal(f->outcome.cells.n, 0);
    windows_advance(f->windows, monday + DAY_MS + HOUR_MS, &f->batch, &f->outcome);
    for (uint32_t place = 1; place <= WARD; place++) {
        assert_non_null(row(f, monday, place, 1));
        assert_int_equal(row(f, monday, place, 1)->voices, 30);
        assert_int_equal(row(f, monday, place, 1)->messages, 30);
        assert_int_equal(row(f, monday, place, 1)->parts, 1);
        assert_false(row(f, monday, place, 1)->interrupted);
    }
    assert_true(f->outcome.releases.n > 0);
}

static void copies_add_messages_and_nobody_new(void **state)
{
    struct fixture *f = *state;

    for (uint64_t who = 1; who <= 40; who++) {
        struct counted item = person(who, monday);

        item.copy = who > 5;
        item.source = 1 + who % 2;
        count(f, item);
    }
    windows_advance(f->windows, monday + 2 * DAY_MS, &f->batch, &f->outcome);
    assert_int_equal(row(f, monday, 1, 1)->messages, 40);
    assert_int_equal(row(f, monday, 1, 1)->copies, 35);
    assert_int_equal(row(f, monday, 1, 1)->voices, 40);
    assert_int_equal(row(f, monday, 1, 1)->fresh, 5);
    assert_int_equal(row(f, monday, 1, 1)->sources, 2);
    assert_int_equal(row(f, monday, 1, 1)->top_source, 20);
}

static void items_without_a_token_are_messages_never_voices(void **state)
{
    struct fixture *f = *state;

    for (uint64_t who = 1; who <= 50; who++) {
        struct counted item = person(who, monday);

        item.voice.known = who <= 10;
        count(f, item);
    }
    windows_advance(f->windows, monday + 2 * DAY_MS, &f->batch, &f->outcome);
    assert_int_equal(row(f, monday, 1, 0)->messages, 50);
    assert_int_equal(row(f, monday, 1, 0)->tokenless, 40);
    assert_int_equal(row(f, monday, 1, 0)->voices, 10);
}

static void what_has_no_service_is_counted_for_the_city_alone(void **state)
{
    struct fixture *f = *state;
    struct counted item = person(1, monday);

    item.topic = 0;
    count(f, item);
    windows_advance(f->windows, monday + 2 * DAY_MS, &f->batch, &f->outcome);
    assert_int_equal(row(f, monday, 1, 0)->messages, 1);
    assert_null(row(f, monday, 2, 0));
    assert_null(row(f, monday, WARD, 0));
}

/* A first run of ten people that ends before the window does; then a second run. */
static void end_first_run(struct fixture *f, bool killed)
{
    for (uint64_t who = 1; who <= 10; who++)
        count(f, person(who, monday));
    windows_changed(f->windows, &f->batch, &f->outcome);
    if (!killed)
        windows_interrupt(f->windows, &f->batch, &f->outcome);
    keep(f, monday);
    windows_free(f->windows);
    open_windows(f, monday);
}

static void two_runs_leave_two_parts_and_say_interrupted(void **state)
{
    struct fixture *f = *state;

    end_first_run(f, false);
    for (uint64_t who = 8; who <= 25; who++)
        count(f, person(who, monday + HOUR_MS));
    windows_advance(f->windows, monday + 2 * DAY_MS, &f->batch, &f->outcome);
    assert_int_equal(row(f, monday, 1, 1)->messages, 28);
    assert_int_equal(row(f, monday, 1, 1)->parts, 2);
    assert_int_equal(row(f, monday, 1, 1)->voices, 18);
    assert_int_equal(row(f, monday, 1, 1)->voices_sum, 28);
    assert_true(row(f, monday, 1, 1)->interrupted);
}

static void a_whole_second_reading_is_exact(void **state)
{
    for (int killed = 0; killed < 2; killed++) {
        struct fixture *f = *state;

        if (killed) {
            tear_down(state);
            set_up(state);
            f = *state;
        }
        end_first_run(f, killed);
        for (uint64_t who = 1; who <= 10; who++) {
            struct counted item = person(who, monday);

            item.known = true;
            count(f, item);
        }
        for (uint64_t who = 8; who <= 25; who++)
            count(f, person(who, monday + HOUR_MS));
        windows_advance(f->windows, monday + 2 * DAY_MS, &f->batch, &f->outcome);
        assert_int_equal(row(f, monday, 1, 1)->messages, 28);
        assert_int_equal(row(f, monday, 1, 1)->voices, 25);
        assert_int_equal(row(f, monday, 1, 1)->voices_sum, 25);
        assert_false(row(f, monday, 1, 1)->interrupted);
    }
}

static void a_run_without_new_items_stores_nothing(void **state)
{
    struct fixture *f = *state;

    end_first_run(f, false);
    for (uint64_t who = 1; who <= 10; who++) {
        struct counted item = person(who, monday);

        item.known = true;
        count(f, item);
    }
    windows_changed(f->windows, &f->batch, &f->outcome);
    windows_interrupt(f->windows, &f->batch, &f->outcome);
    assert_int_equal(f->outcome.cells.n, 0);
}

static void a_known_item_of_a_closed_window_counts_nowhere(void **state)
{
    struct fixture *f = *state;
    struct counted old = person(77, monday);

    count(f, person(1, monday));
    count(f, person(2, monday + 3 * DAY_MS));
    old.known = true;
    count(f, old);
    windows_advance(f->windows, monday + 6 * DAY_MS, &f->batch, &f->outcome);
    assert_int_equal(row(f, monday + 3 * DAY_MS, 1, 1)->voices, 1);
}

/* Whatever the order of times, no message is lost and none is counted twice. */
static void messages_are_conserved_in_any_order(void **state)
{
    struct fixture *f = *state;
    struct rng rng;
    uint64_t messages = 0;

    rng_seed(&rng, 9);
    for (uint64_t i = 0; i < 5000; i++) {
        int64_t day = (int64_t)(i / 700), jitter = (int64_t)rng_below(&rng, 3 * DAY_MS);

        if (i % 997 == 0)
            jitter -= 3000 * DAY_MS; /* a clock that jumps */
        count(f, person(rng_below(&rng, 300), monday + day * DAY_MS + jitter));
    }
    windows_advance(f->windows, monday + 400 * DAY_MS, &f->batch, &f->outcome);
    for (size_t i = 0; i < f->outcome.cells.n; i++) {
        const struct cell *cell = &f->outcome.cells.v[i];

        if (cell->key.window == WINDOW_DAY && cell->key.place == 1 && cell->key.topic == 0)
            messages += cell->messages;
        assert_true(cell->voices <= cell->messages);
        assert_true(cell->fresh <= cell->voices);
    }
    assert_int_equal(messages, 5000);
}

static void late_items_are_counted_and_told(void **state)
{
    struct fixture *f = *state;
    struct counted late = person(2, monday);

    count(f, person(1, monday + 5 * DAY_MS));
    assert_int_equal(windows_late(f->windows), 0);
    late.story = 7;
    count(f, late);
    windows_count_story(f->windows, &late);             /* the same item: late once */
    count(f, person(3, monday + 5 * DAY_MS - HOUR_MS)); /* within the hour: its own day is open */
    assert_int_equal(windows_late(f->windows), 1);
    windows_advance(f->windows, monday + 9 * DAY_MS, &f->batch, &f->outcome);
    assert_int_equal(row(f, monday + 5 * DAY_MS, 1, 1)->messages +
                         row(f, monday + 4 * DAY_MS, 1, 1)->messages,
                     3);
    assert_null(row(f, monday, 1, 1));
}

/* Live windows: 5 minutes and hours as well, the shortest for the city and its services alone. */
static void five_minutes_tell_the_desk_first(void **state)
{
    struct fixture *f = *state;
    struct windows_config config = {.settings = &f->settings, .next_alarm = 1};
    struct rng rng;
    uint32_t rows[WINDOWS] = {0};
    int64_t sudden = monday + 9 * DAY_MS + 10 * HOUR_MS, known = INT64_MAX;

    windows_free(f->windows);
    f->windows = windows_new(&config, &f->process);
    rng_seed(&rng, 5);
    for (int64_t now = monday; now < monday + 10 * DAY_MS; now += 20 * SECOND_MS) {
        struct counted item = person(rng_below(&rng, 100000), now);

        item.place = WARD;
        item.topic = (uint32_t)rng_below(&rng, 20) == 0; /* water: one in twenty, 288 a day */
        item.story = 0;
        count(f, item);
        if (now >= sudden && now < sudden + HOUR_MS) {
            item = person(200000 + rng_below(&rng, 100000), now);
            item.topic = 1;
            count(f, item);
            item.voice.h[0]++;
            count(f, item);
        }
    }
    for (size_t i = 0; i < f->outcome.cells.n; i++) {
        const struct cell_key *key = &f->outcome.cells.v[i].key;

        rows[key->window]++;
        assert_true(key->window != WINDOW_5MIN || (key->place == 1 && !key->story));
    }
    for (size_t i = 0; i < f->outcome.alarms.n; i++) {
        const struct alarm *alarm = &f->outcome.alarms.v[i];

        assert_true(alarm->start + window_length(alarm->window) > sudden);
        assert_true(alarm->observed >= f->settings.k);
        known = alarm->known < known ? alarm->known : known;
    }
    for (size_t i = 0; i < f->outcome.releases.n; i++)
        assert_true(f->outcome.releases.v[i].key.window >= WINDOW_DAY);
    print_message("# measured: rows of ten days: 5 minutes %u, hours %u, days %u; told %d minutes "
                  "after the first, one hour of it lateness\n",
                  rows[WINDOW_5MIN], rows[WINDOW_HOUR], rows[WINDOW_DAY],
                  (int)((known - sudden) / MINUTE_MS));
    assert_true(rows[WINDOW_5MIN] <= 10 * 288 * 2);
    assert_true(known <= sudden + HOUR_MS + 10 * (int64_t)MINUTE_MS);
}

static const struct cell *story_row(const struct fixture *f, enum window window, uint64_t story)
{
    for (size_t i = 0; i < f->outcome.cells.n; i++)
        if (f->outcome.cells.v[i].key.story == story && f->outcome.cells.v[i].key.window == window)
            return &f->outcome.cells.v[i];
    return NULL;
}

/* The items of before the story had cells count where their own window is open, and nowhere else.
 */
static void a_storys_first_items_stay_in_their_own_day(void **state)
{
    struct fixture *f = *state;
    struct counted early = person(1, monday), today = person(2, monday + 2 * DAY_MS);

    early.story = today.story = 7;
    early.early = true;
    count(f, early);
    count(f, today);
    windows_count_story(f->windows, &early);
    windows_count_story(f->windows, &today);
    windows_advance(f->windows, monday + 9 * DAY_MS, &f->batch, &f->outcome);
    assert_int_equal(story_row(f, WINDOW_DAY, 7)->messages, 1);
    assert_int_equal(story_row(f, WINDOW_DAY, 7)->key.start, monday + 2 * DAY_MS);
    assert_int_equal(story_row(f, WINDOW_WEEK, 7)->messages, 2);
    assert_int_equal(windows_late(f->windows), 0);
}

/* What a run before counted is taken back: its part may not say more people than are left, and its
 * sources are known by their number alone. */
static void what_is_taken_back_of_a_part_is_no_people(void **state)
{
    struct fixture *f = *state;
    struct counted item;

    for (uint64_t who = 1; who <= 30; who++)
        count(f, person(who, monday));
    windows_interrupt(f->windows, &f->batch, &f->outcome);
    keep(f, monday);
    windows_free(f->windows);
    open_windows(f, monday);
    for (uint64_t who = 1; who <= 25; who++) {
        item = person(who, monday);
        windows_withdraw(f->windows, &item);
    }
    windows_advance(f->windows, monday + 2 * DAY_MS, &f->batch, &f->outcome);
    assert_int_equal(row(f, monday, WARD, 1)->messages, 5);
    assert_int_equal(row(f, monday, WARD, 1)->voices, 5);
    assert_int_equal(row(f, monday, WARD, 1)->voices_sum, 5);
    assert_int_equal(row(f, monday, WARD, 1)->fresh, 5);
    assert_int_equal(row(f, monday, WARD, 1)->top_source, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_taken_back_of_a_part_is_no_people, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_window_closes_an_hour_behind_the_largest_time, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(copies_add_messages_and_nobody_new, set_up, tear_down),
        cmocka_unit_test_setup_teardown(items_without_a_token_are_messages_never_voices, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_has_no_service_is_counted_for_the_city_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(two_runs_leave_two_parts_and_say_interrupted, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_whole_second_reading_is_exact, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_run_without_new_items_stores_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_known_item_of_a_closed_window_counts_nowhere, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(late_items_are_counted_and_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(five_minutes_tell_the_desk_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_storys_first_items_stay_in_their_own_day, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(messages_are_conserved_in_any_order, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
