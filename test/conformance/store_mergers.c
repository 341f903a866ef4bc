/* store_mergers.c - every registered store: a story that was merged is told as the one that took it
 * in, and no number says what the smaller of both had. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "run/store_fixture.h"
#include "store/backend.h"

static struct arena process, request;
static struct settings settings;
static struct store *store;
static char folder[64], file[128];
static struct err err;

static int set_up(void **state)
{
    const struct store_backend *backend = *state;

    settings = fixture_settings();
    fixture_folder(folder);
    snprintf(file, sizeof file, "%s/soundings.db", folder);
    if (strcmp(backend->name, "mem") == 0)
        snprintf(file, sizeof file, ":memory:");
    arena_init(&process, "process", 256 * 1024 * 1024);
    arena_init(&request, "request", 256 * 1024 * 1024);
    assert_int_equal(store_open(str_of(file), STORE_WRITE, &settings, &process, &store, &err),
                     RC_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    store->driver->close(store);
    arena_free(&process);
    arena_free(&request);
    fixture_remove(folder);
    return 0;
}

static void keep_story(uint64_t id, uint64_t merged_into, const char *phrase)
{
    struct story_row row = {.id = id,
                            .merged_into = merged_into,
                            .first = 1000,
                            .last = 2000,
                            .messages = (uint32_t)id,
                            .phrase_count = 1,
                            .phrases = {{fixture_text(phrase), 30, false}}};
    struct commit commit = {.now = FIXTURE_NOW, .stories = &row, .story_count = 1};

    assert_int_equal(store->driver->commit(store, &commit, &err), RC_OK);
}

static void keep_cell(uint64_t story, int64_t start, uint32_t people, uint32_t parts)
{
    struct cell cell = {.key = {.window = WINDOW_DAY, .start = start, .story = story},
                        .messages = 2 * people,
                        .voices = people,
                        .voices_sum = people,
                        .fresh = people,
                        .parts = parts};
    struct commit commit = {.now = FIXTURE_NOW, .cells = &cell, .cell_count = 1};

    assert_int_equal(store->driver->commit(store, &commit, &err), RC_OK);
}

static struct cell_list cells_of(uint64_t story, bool as_counted)
{
    struct cell_query query = {.window = WINDOW_DAY,
                               .to = INT64_MAX,
                               .stories = true,
                               .story = story,
                               .as_counted = as_counted};
    struct cell_list cells;

    assert_int_equal(store->driver->cells(store, &query, &request, &cells, &err), RC_OK);
    return cells;
}

static void expect_cell(const struct cell *cell, uint64_t story, int64_t start, uint32_t people)
{
    assert_int_equal(cell->key.story, story);
    assert_int_equal(cell->key.start, start);
    assert_int_equal(cell->fresh, people);
    assert_int_equal(cell->messages, 2 * people);
}

static void three_stories(void)
{
    keep_story(1, 0, "cống nghẹt");
    keep_story(2, 0, "nước ngập");
    keep_story(3, 0, "mèo lạc");
    keep_cell(1, 1000, 40, 1);
    keep_cell(2, 1000, 30, 1);
    keep_cell(2, 2000, 25, 1);
    keep_cell(2, 3000, 9, 0);
    keep_cell(3, 1000, 50, 1);
}

static void test_cells_are_told_as_one(void **state)
{
    struct cell_list cells;

    (void)state;
    three_stories();
    assert_int_equal(cells_of(0, false).n, 5);
    keep_story(2, 1, "nước ngập");
    cells = cells_of(1, false);
    assert_int_equal(cells.n, 3);
    expect_cell(&cells.v[0], 1, 1000, 40); /* the larger, not the sum */
    expect_cell(&cells.v[1], 1, 2000, 25);
    cells = cells_of(0, false);
    assert_int_equal(cells.n, 4);
    expect_cell(&cells.v[1], 3, 1000, 50);
    cells = cells_of(0, true); /* who goes on counting gets what was counted */
    assert_int_equal(cells.n, 5);
    expect_cell(&cells.v[1], 2, 1000, 30);
}

static void test_mergers_go_along(void **state)
{
    struct merger_list mergers;
    struct cell_list cells;

    (void)state;
    three_stories();
    assert_int_equal(store->driver->mergers(store, &request, &mergers, &err), RC_OK);
    assert_int_equal(mergers.n, 0);
    keep_story(2, 1, "nước ngập");
    keep_story(1, 3, "cống nghẹt");
    assert_int_equal(store->driver->mergers(store, &request, &mergers, &err), RC_OK);
    assert_int_equal(mergers.n, 2);
    assert_int_equal(mergers.v[0].from, 1);
    assert_int_equal(mergers.v[0].into, 3);
    assert_int_equal(mergers.v[1].from, 2);
    assert_int_equal(mergers.v[1].into, 3);
    cells = cells_of(3, false);
    assert_int_equal(cells.n, 3);
    expect_cell(&cells.v[0], 3, 1000, 50);
    expect_cell(&cells.v[1], 3, 2000, 25);
}

/* The larger is the one with more people who wrote for themselves; then the one with more people.
 */
static void test_which_is_larger(void **state)
{
    static const struct {
        uint32_t fresh[2], voices[2], told;
    } cases[] = {{{30, 25}, {30, 60}, 30}, {{25, 30}, {60, 30}, 30}, {{30, 30}, {40, 55}, 55}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t start = 1000 * (int64_t)(i + 1);
        struct cell cells[2];
        struct commit commit = {.now = FIXTURE_NOW, .cells = cells, .cell_count = 2};

        for (int which = 0; which < 2; which++)
            cells[which] = (struct cell){
                .key = {.window = WINDOW_DAY, .start = start, .story = (uint64_t)which + 1},
                .fresh = cases[i].fresh[which],
                .voices = cases[i].voices[which],
                .parts = 1};
        assert_int_equal(store->driver->commit(store, &commit, &err), RC_OK);
    }
    keep_story(1, 0, "cống nghẹt");
    keep_story(2, 1, "nước ngập");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cell_list told = cells_of(1, false);

        assert_int_equal(told.n, sizeof cases / sizeof *cases);
        assert_int_equal(told.v[i].voices, cases[i].told);
    }
}

/* Two mergers of one commit come in any order of rows. */
static void test_chains_in_any_order(void **state)
{
    struct story_row rows[3] = {
        {.id = 2, .merged_into = 3}, {.id = 1, .merged_into = 2}, {.id = 3}};
    struct commit commit = {.now = FIXTURE_NOW, .stories = rows, .story_count = 3};
    struct merger_list mergers;

    (void)state;
    for (int round = 0; round < 2; round++) { /* and once more, as a changed row is written again */
        assert_int_equal(store->driver->commit(store, &commit, &err), RC_OK);
        assert_int_equal(store->driver->mergers(store, &request, &mergers, &err), RC_OK);
        assert_int_equal(mergers.n, 2);
        assert_true(mergers.v[0].from == 1 && mergers.v[0].into == 3);
        assert_true(mergers.v[1].from == 2 && mergers.v[1].into == 3);
        commit.stories = rows + 1;
        commit.story_count = 1;
    }
}

static void test_turns(void **state)
{
    struct story_turn turns[] = {{7, 2, 1, false}, {9, 1, 4, true}, {12, 1, 3, false}};
    struct commit commit = {.now = FIXTURE_NOW, .turns = turns, .turn_count = 2};
    struct turn_list found;

    (void)state;
    assert_int_equal(store->driver->commit(store, &commit, &err), RC_OK);
    commit.turns = turns + 2;
    commit.turn_count = 1;
    assert_int_equal(store->driver->commit(store, &commit, &err), RC_OK);
    assert_int_equal(store->driver->turns(store, 8, &request, &found, &err), RC_OK);
    assert_int_equal(found.n, 2);
    assert_memory_equal(&found.v[0].item, &turns[1].item, 3 * sizeof(uint64_t));
    assert_true(found.v[0].split && !found.v[1].split);
    assert_int_equal(found.v[1].into, 3);
    assert_int_equal(store->driver->turns(store, 0, &request, &found, &err), RC_OK);
    assert_int_equal(found.n, 3);
    assert_int_equal(found.v[0].item, 7);
}

static void test_lists_and_search(void **state)
{
    struct story_row_list rows;
    struct hit_list hits;
    struct story_row row;

    (void)state;
    three_stories();
    keep_story(2, 1, "nước ngập");
    assert_int_equal(store->driver->stories(store, STORIES_BY_LAST, 9, &request, &rows, &err),
                     RC_OK);
    assert_int_equal(rows.n, 2);
    assert_int_equal(store->driver->stories(store, STORIES_BY_ID, 9, &request, &rows, &err), RC_OK);
    assert_int_equal(rows.n, 3);
    assert_int_equal(store->driver->story(store, 2, &request, &row, &err), RC_OK);
    assert_int_equal(row.merged_into, 1);
    assert_int_equal(row.phrase_count, 1);
    assert_int_equal(store->driver->search(store, STR("ngap"), 9, &request, &hits, &err), RC_OK);
    assert_int_equal(hits.n, 0); /* found by what the other story took over */
    keep_story(1, 0, "nước ngập");
    assert_int_equal(store->driver->search(store, STR("ngap"), 9, &request, &hits, &err), RC_OK);
    assert_int_equal(hits.n, 1);
    assert_int_equal(hits.v[0].id, 1);
}

int main(void)
{
    int failed = 0;

    for (size_t i = 0; store_backends[i]; i++) {
        const struct CMUnitTest tests[] = {
            {"cells_are_told_as_one", test_cells_are_told_as_one, set_up, tear_down,
             (void *)(uintptr_t)store_backends[i]},
            {"mergers_go_along", test_mergers_go_along, set_up, tear_down,
             (void *)(uintptr_t)store_backends[i]},
            {"chains_in_any_order", test_chains_in_any_order, set_up, tear_down,
             (void *)(uintptr_t)store_backends[i]},
            {"which_is_larger", test_which_is_larger, set_up, tear_down,
             (void *)(uintptr_t)store_backends[i]},
            {"turns", test_turns, set_up, tear_down, (void *)(uintptr_t)store_backends[i]},
            {"lists_and_search", test_lists_and_search, set_up, tear_down,
             (void *)(uintptr_t)store_backends[i]},
        };

        print_message("%s\n", store_backends[i]->name);
        failed += cmocka_run_group_tests(tests, NULL, NULL);
    }
    return failed;
}
