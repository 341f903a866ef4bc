/* restart.c - a stream taken in by one run and by many: each item in the same story, the same
 * turns.
 *
 * POSTS makes the stream longer: what copies and items are remembered by is as long as 262,144
 * texts (order.c), and until then both must agree.
 */
#include "base/embedded.h"
#include "base/rng.h"
#include "base/vec.h"
#include "cmd/config.h"
#include "engine/ingest.h"
#include "sim/simulate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

enum { POSTS = 5000, MANY = 9 };

static const int64_t end = 1776618000000; /* 2026-04-20T00:00:00+07:00 */
static struct arena process;
static struct settings settings;

struct told_item {
    uint64_t item, first, story;
};

/* What one way of taking a stream in came to. */
struct result {
    struct arena arena;
    struct store *store;
    VEC(struct told_item) items;
    struct turn_list turns;
    struct merger_list mergers;
    struct story_row_list stories;
};

static size_t posts(void)
{
    const char *more = getenv("POSTS");
    int64_t n = POSTS;

    if (more)
        assert_true(str_to_int(str_of(more), &n) && n > 0);
    return (size_t)n;
}

/* A line once more; edited: with something said before its text. */
static void repeat(struct buf *items, struct str line, bool edited)
{
    static const char key[] = "\"text\":\"";
    const char *text = memmem(line.p, line.n, key, sizeof key - 1);
    size_t head = text && edited ? (size_t)(text - line.p) + sizeof key - 1 : 0;
    struct buf copy; /* the line lies in what grows */

    buf_init(&copy, 1 << 16);
    buf_add(&copy, (struct str){line.p, head});
    if (edited)
        buf_add(&copy, STR("Bà con ơi, "));
    buf_add(&copy, (struct str){line.p + head, line.n - head});
    buf_add(items, buf_str(&copy));
    buf_free(&copy);
}

/* The lines of a stream over three weeks; after each hundred one comes again, or edited. */
static struct str stream(uint64_t seed, bool edited, struct buf *items)
{
    const struct simulate_config config = {.seed = seed,
                                           .posts = posts(),
                                           .rate = (double)posts() / (21 * 24 * 3600.0),
                                           .end = end,
                                           .zone = settings.zone};
    const struct simulate_corpus corpus = {.stories = embedded_file("data/demo/stories.tsv"),
                                           .grammar = embedded_file("data/demo/grammar.tsv"),
                                           .places = &settings.places};
    struct simulation *simulation;
    struct buf truth;
    struct err err;
    size_t n = 0, again = 0;
    enum rc rc = simulate_open(&config, &corpus, &process, &simulation, &err);

    assert_int_equal(rc, RC_OK);
    buf_init(&truth, 1 << 20);
    buf_init(items, (size_t)1 << 30);
    while ((rc = simulate_next(simulation, items, &truth, &err)) == RC_OK) {
        truth.n = 0;
        if (++n % 100 == 0) {
            size_t line = again;

            while (items->p[again++] != '\n')
                ;
            repeat(items, (struct str){items->p + line, again - line}, edited);
        }
    }
    assert_int_equal(rc, RC_ABSENT);
    simulate_close(simulation);
    buf_free(&truth);
    return buf_str(items);
}

static enum rc see(void *context, const struct stored_item *item, struct err *err)
{
    struct result *outcome = context;

    (void)err;
    *vec_push(&outcome->items, &outcome->arena) =
        (struct told_item){item->item, item->first, item->story};
    return RC_OK;
}

static void run(struct store *store, struct str lines)
{
    atomic_int stop = 0;
    const struct log log = {0};
    const struct ingest_options options = {.settings = &settings,
                                           .store = store,
                                           .history = true,
                                           .reproducible = true,
                                           .now = end + DAY_MS,
                                           .log = &log,
                                           .stop = &stop};
    struct ingest_totals totals;
    struct ingest *ingest;
    struct input input;
    struct arena life;
    struct err err;

    arena_init(&life, "process", (size_t)1 << 30);
    assert_int_equal(ingest_open(&options, &life, &ingest, &err), RC_OK);
    input_memory(&input, "lines", lines);
    assert_int_equal(ingest_input(ingest, &input, &err), RC_OK);
    assert_int_equal(ingest_close(ingest, &totals, &err), RC_OK);
    assert_int_equal(totals.bad, 0);
    arena_free(&life);
}

/* Takes the lines in by so many runs, cut anywhere. */
static void take(struct result *outcome, struct str lines, size_t runs)
{
    size_t cuts[MANY + 1] = {0};
    struct rng rng;
    struct err err;
    struct store *store;

    *outcome = (struct result){0};
    arena_init(&outcome->arena, "process", (size_t)1 << 32);
    assert_int_equal(
        store_open(STR(":memory:"), STORE_WRITE, &settings, &outcome->arena, &store, &err), RC_OK);
    rng_seed(&rng, 3);
    for (size_t i = 1; i < runs; i++) {
        cuts[i] = cuts[i - 1] + rng_below(&rng, 2 * (lines.n - cuts[i - 1]) / (runs - i + 1));
        while (cuts[i] && lines.p[cuts[i] - 1] != '\n')
            cuts[i]--;
    }
    cuts[runs] = lines.n;
    for (size_t i = 0; i < runs; i++)
        run(store, (struct str){lines.p + cuts[i], cuts[i + 1] - cuts[i]});
    assert_int_equal(store->driver->each_item(store, 0, see, outcome, &err), RC_OK);
    assert_int_equal(store->driver->turns(store, 0, &outcome->arena, &outcome->turns, &err), RC_OK);
    assert_int_equal(store->driver->mergers(store, &outcome->arena, &outcome->mergers, &err),
                     RC_OK);
    assert_int_equal(store->driver->stories(store, STORIES_BY_ID, SIZE_MAX, &outcome->arena,
                                            &outcome->stories, &err),
                     RC_OK);
    store->driver->close(store);
}

static void assert_same(const struct result *one, const struct result *many)
{
    assert_int_equal(one->items.n, many->items.n);
    assert_memory_equal(one->items.v, many->items.v, one->items.n * sizeof *one->items.v);
    assert_int_equal(one->turns.n, many->turns.n);
    for (size_t i = 0; i < one->turns.n; i++) {
        assert_int_equal(one->turns.v[i].item, many->turns.v[i].item);
        assert_int_equal(one->turns.v[i].from, many->turns.v[i].from);
        assert_int_equal(one->turns.v[i].into, many->turns.v[i].into);
        assert_int_equal(one->turns.v[i].split, many->turns.v[i].split);
    }
    assert_int_equal(one->mergers.n, many->mergers.n);
    assert_int_equal(one->stories.n, many->stories.n);
    for (size_t i = 0; i < one->stories.n; i++) {
        assert_int_equal(one->stories.v[i].id, many->stories.v[i].id);
        assert_int_equal(one->stories.v[i].merged_into, many->stories.v[i].merged_into);
        assert_int_equal(one->stories.v[i].messages, many->stories.v[i].messages);
        assert_int_equal(one->stories.v[i].copies, many->stories.v[i].copies);
    }
}

static void test_one_run_and_many(void **state)
{
    struct result one, many;
    struct buf items;

    (void)state;
    for (uint64_t seed = 1; seed <= 2; seed++) {
        struct str lines = stream(seed, false, &items);

        take(&one, lines, 1);
        take(&many, lines, MANY);
        print_message("# measured: %zu items, %zu stories, %zu turns\n", one.items.n, one.stories.n,
                      one.turns.n);
        assert_true(one.turns.n > 2);
        assert_same(&one, &many);
        arena_free(&one.arena);
        arena_free(&many.arena);
        buf_free(&items);
    }
}

/* The item that each item's story began with. */
static uint64_t *beginnings(struct result *result)
{
    uint64_t *out = arena_array(&result->arena, result->items.n, sizeof *out);
    uint64_t *first = arena_array(&result->arena, result->items.n + 2, sizeof *first);

    for (size_t i = 0; i < result->items.n; i++) {
        uint64_t story = result->items.v[i].story;

        if (!first[story])
            first[story] = result->items.v[i].item;
        out[i] = first[story];
    }
    return out;
}

/* What an edit replaces is gone, and its new text stands in for it. */
static void test_edited_items(void **state)
{
    struct result one, many;
    struct buf items;
    struct str lines = stream(1, true, &items);
    uint64_t *alone, *together;
    size_t same = 0;

    (void)state;
    take(&one, lines, 1);
    take(&many, lines, MANY);
    assert_int_equal(one.items.n, many.items.n);
    alone = beginnings(&one);
    together = beginnings(&many);
    for (size_t i = 0; i < one.items.n; i++)
        same += alone[i] == together[i];
    print_message("# measured: %zu items, %zu in the same story, turns %zu and %zu\n", one.items.n,
                  same, one.turns.n, many.turns.n);
    assert_true(same > one.items.n * 9 / 10);
    arena_free(&one.arena);
    arena_free(&many.arena);
    buf_free(&items);
}

static int set_up(void **state)
{
    struct err err;

    (void)state;
    arena_init(&process, "process", (size_t)1 << 30);
    return (int)config_read("data/demo/soundings.conf", MODELS_OF_READING, &process, &settings,
                            &err);
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&process);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_one_run_and_many),
                                       cmocka_unit_test(test_edited_items)};

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
