/* resting.c - windows between two runs: exact with the secret, by parts without it, and what lies
 * sealed tells nothing by its length.
 */
#include "engine/resting.h"

#include "base/rng.h"
#include "engine/open_window.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t monday = 1776618000000; /* 2026-04-20T00:00:00+07:00 */
enum { WARD = 3 };

struct desk {
    struct arena process, batch;
    struct settings settings;
    struct source_settings sources[2];
    struct store *store;
    uint64_t database, next_item;
    struct everyday *everyday;
    struct map function_words;
    struct holder *holder;
    struct chronicle *chronicle;
    struct windows *windows;
    struct outcome outcome;
};

static struct err err;

/* A run of the program; last_heard unknown: the first. */
static void begin_run(struct desk *desk, int64_t last_heard)
{
    struct windows_config windows = {.settings = &desk->settings,
                                     .history = true,
                                     .next_alarm = 1,
                                     .next_item = desk->next_item};
    struct chronicle_config chronicle = {.k = desk->settings.k,
                                         .store = desk->store,
                                         .everyday = desk->everyday,
                                         .function_words = &desk->function_words};

    windows.holder = desk->holder = holder_new(desk->database, false, &desk->process);
    desk->windows = windows_new(&windows, &desk->process);
    desk->chronicle = chronicle_new(&chronicle, &desk->process);
    assert_int_equal(windows_load(desk->windows, desk->store, last_heard, &err), RC_OK);
    if (last_heard != TIME_UNKNOWN)
        assert_int_equal(resting_take_back(desk->windows, desk->chronicle, desk->store, &err),
                         RC_OK);
}

static void end_process(struct desk *desk)
{
    windows_free(desk->windows);
    chronicle_free(desk->chronicle);
    holder_free(desk->holder);
    memset(&desk->outcome, 0, sizeof desk->outcome);
}

static void commit(struct desk *desk, const struct held_writer *held)
{
    struct commit commit = {.now = monday,
                            .cells = desk->outcome.cells.v,
                            .cell_count = desk->outcome.cells.n,
                            .held = held};

    commit.closed_count = windows_closed(desk->windows, &commit.closed);
    assert_int_equal(desk->store->driver->commit(desk->store, &commit, &err), RC_OK);
    windows_kept(desk->windows);
}

/* Ends a run: cleanly, or killed after a commit. */
static void end_run(struct desk *desk, bool killed)
{
    struct resting *resting = NULL;
    uint64_t unkept = 0;

    windows_changed(desk->windows, &desk->batch, &desk->outcome);
    if (!killed) {
        windows_interrupt(desk->windows, &desk->batch, &desk->outcome);
        resting = resting_new(desk->windows, desk->chronicle, desk->next_item, &unkept);
        assert_int_equal(unkept, 0);
    }
    commit(desk, resting ? resting_writer(resting) : NULL);
    resting_free(resting);
    end_process(desk);
}

static int set_up(void **state)
{
    static const char places[] =
        "code\tname\tkind\tparent\taliases\tvalid_from\tvalid_to\tsuccessor\n"
        "C\tThành phố\tcity\t-\t-\t-\t-\t-\n"
        "G\tCụm\tgroup\tC\t-\t-\t-\t-\n"
        "W\tBến\tward\tG\t-\t-\t-\t-\n";
    static const char topics[] = "code\tvi\ten\tphrases\nwater\tNước\tWater\tmất nước\n";
    struct desk *desk = calloc(1, sizeof *desk);

    arena_init(&desk->process, "process", 1 << 28);
    arena_init(&desk->batch, "batch", 1 << 28);
    desk->settings = (struct settings){.k = 20, .retention_days = 90, .sources = desk->sources};
    desk->settings.source_count = 2;
    desk->sources[0] = (struct source_settings){.name = STR("file"), .family = STR("file")};
    desk->sources[1] = (struct source_settings){.name = STR("a"), .family = STR("forum")};
    assert_true(zone_find(STR("Asia/Ho_Chi_Minh"), &desk->settings.zone));
    assert_int_equal(gazetteer_read(STR(places), &desk->process, &desk->settings.places, &err),
                     RC_OK);
    assert_int_equal(topics_read(STR(topics), &desk->process, &desk->settings.topics, &err), RC_OK);
    assert_int_equal(store_open(STR(":memory:"), STORE_WRITE, &desk->settings, &desk->process,
                                &desk->store, &err),
                     RC_OK);
    randombytes_buf(&desk->database, sizeof desk->database);
    desk->database |= 1;
    desk->next_item = 1;
    desk->everyday = everyday_new(&desk->process);
    map_init(&desk->function_words, 16);
    begin_run(desk, TIME_UNKNOWN);
    *state = desk;
    return 0;
}

/* A user has few keys: what a test kept goes, the key of voices with it. */
static void lose_keys(struct desk *desk)
{
    struct holder *holder = holder_new(desk->database, false, &desk->process);

    for (int64_t day = -1; day < 10; day++)
        holder_destroy(holder, WINDOW_DAY, monday + day * DAY_MS);
    for (int64_t week = 0; week < 2; week++)
        holder_destroy(holder, WINDOW_WEEK, monday + week * WEEK_MS);
    holder_destroy(holder, WINDOW_5MIN, INT64_MIN);
    holder_free(holder);
}

static int tear_down(void **state)
{
    struct desk *desk = *state;

    lose_keys(desk);
    end_process(desk);
    desk->store->driver->close(desk->store);
    map_free(&desk->function_words);
    arena_free(&desk->process);
    arena_free(&desk->batch);
    free(desk);
    return 0;
}

static void hear(struct desk *desk, uint64_t who, int64_t heard)
{
    struct counted item = {
        .heard = heard, .voice = {{who, ~who}, true}, .place = WARD, .topic = 1, .source = 1};

    desk->next_item++;
    windows_count(desk->windows, &item, &desk->batch, &desk->outcome);
}

/* The item of that number once more. */
static void hear_again(struct desk *desk, uint64_t item_number, uint64_t who, int64_t heard)
{
    struct counted item = {.heard = heard,
                           .item = item_number,
                           .known = true,
                           .voice = {{who, ~who}, true},
                           .place = WARD,
                           .topic = 1,
                           .source = 1};

    windows_count(desk->windows, &item, &desk->batch, &desk->outcome);
}

/* Closes everything; the row of the ward's Monday. */
static struct cell close_all(struct desk *desk)
{
    struct cell found = {.messages = 0};

    windows_advance(desk->windows, monday + 9 * DAY_MS, &desk->batch, &desk->outcome);
    for (size_t i = 0; i < desk->outcome.cells.n; i++) {
        const struct cell *cell = &desk->outcome.cells.v[i];

        if (cell->key.window == WINDOW_DAY && cell->key.start == monday &&
            cell->key.place == WARD && cell->key.topic == 1)
            found = *cell;
    }
    return found;
}

static size_t held(struct desk *desk);

static void many_runs_count_as_one(void **state)
{
    struct desk *desk = *state;
    struct cell row;

    for (int64_t hour = 0; hour < 24; hour++) {
        if (hour) {
            end_run(desk, false);
            begin_run(desk, monday + hour * HOUR_MS - 1);
        }
        for (uint64_t who = 0; who < 4; who++) /* one comes every hour, three once a day */
            hear(desk, who ? 100 * (uint64_t)hour + who : 7, monday + hour * HOUR_MS);
    }
    row = close_all(desk);
    assert_int_equal(row.messages, 96);
    assert_int_equal(row.voices, 73);
    assert_int_equal(row.voices_sum, 73);
    assert_int_equal(row.parts, 1);
    assert_false(row.interrupted);
}

/* Above 256 people the registers rest, and go on. */
static void a_sketch_goes_on(void **state)
{
    struct desk *desk = *state;
    uint32_t half;

    for (uint64_t who = 1; who <= 2000; who++)
        hear(desk, who, monday);
    half = distinct_estimate(
        &windows_cell(
             windows_find(desk->windows, WINDOW_DAY, monday),
             (struct cell_key){.window = WINDOW_DAY, .start = monday, .place = WARD, .topic = 1})
             ->people);
    end_run(desk, false);
    begin_run(desk, monday);
    for (uint64_t who = 1; who <= 2000; who++)
        hear(desk, who, monday + HOUR_MS);
    assert_int_equal(close_all(desk).voices, half);
}

static void without_the_secret_it_is_a_new_part(void **state)
{
    struct desk *desk = *state;
    struct cell row;

    for (uint64_t who = 1; who <= 30; who++)
        hear(desk, who, monday);
    end_run(desk, false);
    assert_true(held(desk) > 0);
    lose_keys(desk); /* all that is on the disk, and no keyring */
    begin_run(desk, monday);
    for (uint64_t who = 21; who <= 70; who++)
        hear(desk, who, monday + HOUR_MS);
    row = close_all(desk);
    assert_int_equal(row.messages, 80);
    assert_int_equal(row.voices, 50);
    assert_int_equal(row.voices_sum, 80);
    assert_true(row.interrupted);
    commit(desk, NULL);
    assert_int_equal(held(desk), 0);
}

static void other_tables_do_not_open_it(void **state)
{
    struct desk *desk = *state;

    for (uint64_t who = 1; who <= 30; who++)
        hear(desk, who, monday);
    end_run(desk, false);
    desk->sources[1].family = STR("desk");
    begin_run(desk, monday);
    hear(desk, 1, monday + HOUR_MS);
    assert_true(close_all(desk).interrupted);
}

static void a_killed_run_is_exact_once_read_again(void **state)
{
    struct desk *desk = *state;

    for (int read_again = 0; read_again < 2; read_again++) {
        struct cell row;
        uint64_t first;

        if (read_again) {
            tear_down(state);
            set_up(state);
            desk = *state;
        }
        for (uint64_t who = 1; who <= 30; who++)
            hear(desk, who, monday);
        end_run(desk, false);
        begin_run(desk, monday);
        first = desk->next_item;
        for (uint64_t who = 25; who <= 40; who++)
            hear(desk, who, monday + HOUR_MS);
        end_run(desk, true);
        begin_run(desk, monday + HOUR_MS);
        for (uint64_t who = 1; who <= 30; who++) /* what is in the sets counts nowhere */
            hear_again(desk, who, who, monday);
        for (uint64_t i = 0; read_again && i < 16; i++)
            hear_again(desk, first + i, 25 + i, monday + HOUR_MS);
        end_run(desk, false);
        begin_run(desk, monday + HOUR_MS);
        hear(desk, 41, monday + 2 * HOUR_MS);
        row = close_all(desk);
        assert_int_equal(row.messages, 47);
        assert_int_equal(row.voices, read_again ? 41 : 31);
        assert_int_equal(row.interrupted, !read_again);
    }
}

static enum rc add_length(void *context, const struct held_chunk *chunk, struct err *unused)
{
    size_t *sum = context;

    (void)unused;
    *sum += chunk->sealed.n;
    return RC_OK;
}

static size_t held(struct desk *desk)
{
    size_t sum = 0;

    assert_int_equal(desk->store->driver->held(desk->store, add_length, &sum, &err), RC_OK);
    return sum;
}

enum { PEOPLE = 60, RUNS = 6, HEARD_MOST = 400, TRIALS = 300 };

/* What a trial heard: people by item number. */
struct trial {
    struct rng rng;
    uint64_t who[HEARD_MOST + 1];
    uint64_t first_of_run; /* item */
};

static void hear_some(struct desk *desk, struct trial *trial)
{
    trial->first_of_run = desk->next_item;
    for (uint64_t n = rng_below(&trial->rng, 30); n && desk->next_item <= HEARD_MOST; n--) {
        trial->who[desk->next_item] = rng_below(&trial->rng, PEOPLE);
        hear(desk, trial->who[desk->next_item], monday);
    }
}

/* Nothing, everything, the last run, or what chance says. */
static void read_some_again(struct desk *desk, struct trial *trial)
{
    uint64_t how = rng_below(&trial->rng, 4);

    for (uint64_t item = how == 2 ? trial->first_of_run : 1; how && item < desk->next_item; item++)
        if (how < 3 || rng_below(&trial->rng, 2))
            hear_again(desk, item, trial->who[item], monday);
}

/* Whatever ends cleanly, is killed, loses its secrets or is read again: never more people than
 * there are, and exactly as many where nothing says "interrupted". */
static void never_more_than_the_truth(void **state)
{
    int exact = 0;

    for (uint64_t seed = 1; seed <= TRIALS; seed++) {
        struct desk *desk = *state;
        struct trial trial = {.first_of_run = 1};
        bool there[PEOPLE] = {false};
        uint32_t truth = 0;
        struct cell row;

        rng_seed(&trial.rng, seed);
        for (int run = 0; run < RUNS; run++) {
            hear_some(desk, &trial);
            end_run(desk, rng_below(&trial.rng, 3) == 0);
            if (rng_below(&trial.rng, 6) == 0)
                lose_keys(desk);
            begin_run(desk, monday);
            read_some_again(desk, &trial);
        }
        for (uint64_t item = 1; item < desk->next_item; item++)
            there[trial.who[item]] = true;
        for (int who = 0; who < PEOPLE; who++)
            truth += there[who];
        row = close_all(desk);
        assert_int_equal(row.messages, desk->next_item - 1);
        assert_true(row.voices <= truth);
        assert_true(row.interrupted || row.voices == truth);
        exact += !row.interrupted;
        tear_down(state);
        set_up(state);
    }
    print_message("# measured: %d of %d trials exact\n", exact, TRIALS);
    assert_true(exact > TRIALS / 4);
}

/* One person a hundred times or a hundred people: the same bytes in number. */
static void the_length_tells_nothing(void **state)
{
    struct desk *desk = *state;
    size_t one;

    for (int i = 0; i < 600; i++)
        hear(desk, 7, monday);
    end_run(desk, false);
    one = held(desk);
    begin_run(desk, monday);
    tear_down(state);
    set_up(state);
    desk = *state;
    for (uint64_t i = 0; i < 600; i++)
        hear(desk, i, monday);
    end_run(desk, false);
    assert_int_equal(held(desk), one);
    print_message("# measured: %zu bytes for 600 messages in 12 cells\n", one);
    begin_run(desk, monday);
}

static void the_close_destroys_the_secret(void **state)
{
    struct desk *desk = *state;
    unsigned char secret[HOLDER_SECRET];

    hear(desk, 1, monday);
    end_run(desk, false);
    begin_run(desk, monday);
    assert_true(holder_find(desk->holder, WINDOW_DAY, monday, secret));
    assert_true(holder_find(desk->holder, WINDOW_WEEK, monday, secret));
    hear(desk, 1, monday + 2 * DAY_MS);
    assert_true(holder_find(desk->holder, WINDOW_DAY, monday, secret)); /* not before the commit */
    end_run(desk, false);
    begin_run(desk, monday + 2 * DAY_MS);
    assert_false(holder_find(desk->holder, WINDOW_DAY, monday, secret));
    assert_true(holder_find(desk->holder, WINDOW_DAY, monday + 2 * DAY_MS, secret));
    close_all(desk);
    commit(desk, NULL);
    assert_false(holder_find(desk->holder, WINDOW_WEEK, monday, secret));
    assert_int_equal(held(desk), 0);
}

/* A store in which every byte that lies sealed comes out with a bit turned. */
static enum rc (*truth)(struct store *store, held_visit *visit, void *context, struct err *err);
struct liar {
    held_visit *visit;
    void *context;
};

static enum rc turn_a_bit(void *context, const struct held_chunk *chunk, struct err *error)
{
    const struct liar *liar = context;
    struct held_chunk turned = *chunk;
    char *bytes = malloc(chunk->sealed.n);
    enum rc rc;

    memcpy(bytes, chunk->sealed.p, chunk->sealed.n);
    bytes[chunk->sealed.n / 2] ^= 4;
    turned.sealed.p = bytes;
    rc = liar->visit(liar->context, &turned, error);
    free(bytes);
    return rc;
}

static enum rc lie(struct store *store, held_visit *visit, void *context, struct err *error)
{
    return truth(store, turn_a_bit, &(struct liar){visit, context}, error);
}

static void changed_bytes_are_not_opened(void **state)
{
    struct desk *desk = *state;
    const struct store_driver *driver = desk->store->driver;
    struct store_driver lying = *driver;

    for (uint64_t who = 1; who <= 30; who++)
        hear(desk, who, monday);
    end_run(desk, false);
    truth = driver->held;
    lying.held = lie;
    desk->store->driver = &lying;
    begin_run(desk, monday);
    desk->store->driver = driver;
    hear(desk, 1, monday + HOUR_MS);
    assert_true(close_all(desk).interrupted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(many_runs_count_as_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_sketch_goes_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_the_secret_it_is_a_new_part, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_tables_do_not_open_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_killed_run_is_exact_once_read_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(never_more_than_the_truth, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_length_tells_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_close_destroys_the_secret, set_up, tear_down),
        cmocka_unit_test_setup_teardown(changed_bytes_are_not_opened, set_up, tear_down),
    };

    if (sodium_init() < 0 || !holder_lasts()) {
        puts("1..0 # SKIP there is no kernel keyring here");
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
