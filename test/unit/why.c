/* why.c - why an alarm fired: golden bytes, nothing below k, no share that speaks of few. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rng.h"
#include "publish/why.h"
#include "run/told_city.h"

#include <stdio.h>

struct answer {
    struct told_city *city;
    struct arena job;
    struct buf out;
};

static enum rc ask(struct answer *answer, struct told_city *city, struct why_options options,
                   struct err *err)
{
    answer->city = city;
    options.width = 92;
    arena_init(&answer->job, "job", 64 << 20);
    buf_init(&answer->out, 1 << 20);
    return why_write(&city->store, &city->settings, &options, &answer->job, &answer->out, err);
}

static struct answer asked(struct told_city *city, struct why_options options)
{
    struct answer answer;
    struct err err;

    if (ask(&answer, city, options, &err) != RC_OK)
        fail_msg("%s", err.text);
    return answer;
}

static void drop(struct answer *answer)
{
    buf_free(&answer->out);
    arena_free(&answer->job);
}

static bool says(const struct answer *answer, const char *what)
{
    return str_find(buf_str(&answer->out), str_of(what)) < answer->out.n;
}

/* Grid cells behind the alarms: what the share of one source is taken from. */
static void add_cell(struct told_city *city, uint64_t alarm, const uint32_t counts[3])
{
    const struct alarm *of = &city->alarms.v[alarm - 1];

    *vec_push(&city->cells, &city->arena) = (struct cell){.key = {.window = of->window,
                                                                  .start = of->start,
                                                                  .place = of->place,
                                                                  .topic = of->topic,
                                                                  .story = of->story},
                                                          .voices = counts[0],
                                                          .voices_sum = counts[0],
                                                          .fresh = counts[0],
                                                          .messages = counts[1],
                                                          .top_source = counts[2],
                                                          .sources = 3,
                                                          .parts = 1};
}

static struct told_city *city_with_cells(uint32_t whisper)
{
    struct told_city *city = city_new(whisper, true);

    add_cell(city, 8, (const uint32_t[]){277, 346, 150}); /* of Cụm Thượng */
    add_cell(city, 9,
             (const uint32_t[]){131, 163, 118}); /* of a ward: 13 people at least elsewhere */
    add_cell(city, 12, (const uint32_t[]){23 + whisper, 30 + whisper, 30 - 2 * whisper});
    city->alarms.v[6].desk = VERDICT_WRONG;
    return city;
}

static void assert_golden(const struct answer *answer, const char *name)
{
    char path[128];
    struct buf golden;
    FILE *file;

    snprintf(path, sizeof path, "test/golden/why/%s", name);
    file = fopen(path, getenv("BLESS") ? "w+b" : "rb");
    if (!file)
        fail_msg("%s is not there; BLESS=1 writes it", path);
    if (getenv("BLESS")) {
        assert_int_equal(fwrite(answer->out.p, 1, answer->out.n, file), answer->out.n);
        rewind(file);
    }
    buf_init(&golden, 1 << 20);
    golden.n = fread(buf_reserve(&golden, 1 << 18), 1, 1 << 18, file);
    fclose(file);
    assert_int_equal(golden.n, answer->out.n);
    assert_memory_equal(golden.p, answer->out.p, golden.n);
    buf_free(&golden);
}

static void test_golden(void **state)
{
    static const struct {
        const char *name;
        struct why_options options;
    } faces[] = {{"group.vi.txt", {.alarm = 8}},
                 {"group.en.txt", {.alarm = 8, .english = true}},
                 {"group.json", {.alarm = 8, .json = true}},
                 {"story.vi.txt", {.alarm = 10}},
                 {"hidden.en.txt", {.alarm = 12, .english = true}},
                 {"ward.vi.txt", {.alarm = 11}},
                 {"right.vi.txt", {.alarm = 1}},
                 {"overruled.en.txt", {.alarm = 7, .english = true}}};
    struct told_city *city = city_with_cells(0);

    (void)state;
    for (size_t i = 0; i < sizeof faces / sizeof *faces; i++) {
        struct answer answer = asked(city, faces[i].options);

        assert_golden(&answer, faces[i].name);
        drop(&answer);
    }
    city_free(city);
}

/* Everything below k is changed: no byte of any answer may know. */
static void test_nothing_below_k(void **state)
{
    struct told_city *quiet = city_with_cells(0), *loud = city_with_cells(3);

    (void)state;
    for (uint64_t alarm = 1; alarm <= quiet->alarms.n; alarm++)
        for (int face = 0; face < 4; face++) {
            struct why_options options = {
                .alarm = alarm, .json = face < 2, .english = face % 2 == 1};
            struct answer a = asked(quiet, options), b = asked(loud, options);

            assert_int_equal(a.out.n, b.out.n);
            assert_memory_equal(a.out.p, b.out.p, a.out.n);
            assert_false(says(&a, "đầu hẻm"));
            assert_false(says(&a, "loa kéo"));
            drop(&a);
            drop(&b);
        }
    city_free(quiet);
    city_free(loud);
}

/* Windows and places of an answer are rows of the releases: it can be differenced against nothing
 * that is not public already. */
static void test_chart_is_of_releases(void **state)
{
    struct told_city *city = city_with_cells(0);
    struct brief_facts facts = {.settings = &city->settings, .k = city->settings.k};
    struct arena job;
    struct err err;
    int numbers = 0;

    (void)state;
    arena_init(&job, "job", 64 << 20);
    for (uint64_t id = 1; id <= city->alarms.n; id++) {
        const struct alarm *alarm = &city->alarms.v[id - 1];
        const struct lattice days = {city->days.v, city->days.n};
        struct why why;

        assert_int_equal(why_gather(&city->store, &facts, id, &job, &why, &err), RC_OK);
        for (size_t i = 0; !alarm->story && i < why.window_count; i++) {
            struct cell_key key = {.window = WINDOW_DAY,
                                   .start = day_start(why.windows[i].day, city->settings.zone),
                                   .place = alarm->place,
                                   .topic = alarm->topic};
            const struct release_row *row = lattice_find(&days, key);

            if (!why.windows[i].people || released_kind(why.windows[i].people) == RELEASED_BELOW) {
                assert_true(!row || row->shown == RELEASED_BELOW);
                continue;
            }
            assert_int_equal(released_number(why.windows[i].people), row->voices);
            numbers++;
        }
        for (size_t i = 0; i < why.place_count; i++) {
            struct cell_key key = {.window = WINDOW_DAY,
                                   .start = alarm->start,
                                   .place = why.places[i].place,
                                   .topic = alarm->topic};

            if (released_kind(why.places[i].people) != RELEASED_BELOW)
                assert_int_equal(released_number(why.places[i].people),
                                 lattice_find(&days, key)->voices);
        }
    }
    assert_true(numbers > 100);
    arena_free(&job);
    city_free(city);
}

/* Of an hour nothing has a number; its day, once closed, is what the chart shows. */
static void test_hours_have_no_numbers(void **state)
{
    struct told_city *city = city_new(0, true);
    struct answer answer;

    (void)state;
    city->alarms.v[0].window = WINDOW_HOUR;
    city->alarms.v[0].start += 10 * HOUR_MS;
    city->alarms.v[0].observed = 41;
    city->alarms.v[0].expected = 22;
    answer = asked(city, (struct why_options){.alarm = 1, .json = true});
    assert_true(says(&answer, "\"window\":\"hour\""));
    assert_true(says(&answer, "\"people\":{\"below\":20},\"expected\":{\"below\":20}"));
    assert_true(says(&answer, "\"cell\":{\"voices\":{\"below\":20}"));
    assert_true(says(&answer, "\"unit\":\"day\""));
    assert_true(says(&answer, "bao giờ nêu"));
    assert_false(says(&answer, ":41"));
    assert_false(says(&answer, "\"expected\":22"));
    drop(&answer);
    city_free(city);
}

/* People are drawn, each with messages in some source: a tenth is told only where k people stand
 * on both sides of it. */
static void test_share_speaks_of_many(void **state)
{
    struct rng rng;
    struct told_city *city = city_with_cells(0);
    struct cell *cell = &city->cells.v[city->cells.n - 3];
    int told = 0, halves = 0;

    (void)state;
    rng_seed(&rng, 5);
    for (int trial = 0; trial < 3000; trial++) {
        uint32_t people = 20 + (uint32_t)rng_below(&rng, 150), in[3] = {0}, top = 0;
        uint32_t messages[3] = {0}, bias = (uint32_t)rng_below(&rng, 4);
        struct brief_facts facts = {.settings = &city->settings, .k = city->settings.k};
        struct arena job;
        struct why why;
        struct err err;

        for (uint32_t i = 0; i < people; i++) {
            uint32_t most = 1 + (rng_below(&rng, 6) == 0);
            bool seen[3] = {0};

            for (uint32_t j = 0; j < most; j++) {
                uint32_t source = rng_below(&rng, 4) < bias ? 0 : (uint32_t)rng_below(&rng, 3);

                messages[source]++;
                in[source] += !seen[source];
                seen[source] = true;
            }
        }
        for (uint32_t i = 1; i < 3; i++)
            top = messages[i] > messages[top] ? i : top;
        cell->voices = cell->voices_sum = cell->fresh = people;
        cell->messages = messages[0] + messages[1] + messages[2];
        cell->top_source = messages[top];
        arena_init(&job, "job", 16 << 20);
        assert_int_equal(why_gather(&city->store, &facts, 8, &job, &why, &err), RC_OK);
        if (why.share == SHARE_TENTHS && cell->top_source < cell->messages) {
            assert_true(in[top] >= facts.k);
            assert_true(in[(top + 1) % 3] + in[(top + 2) % 3] >= facts.k);
            assert_true(why.tenths <= 10);
            told++;
        }
        if (why.share == SHARE_OVER_HALF)
            assert_true(2 * cell->top_source > cell->messages);
        halves += why.share == SHARE_OVER_HALF;
        arena_free(&job);
    }
    assert_true(told > 100 && halves > 100);
    city_free(city);
}

static void test_no_such_alarm(void **state)
{
    struct told_city *city = city_new(0, true);
    struct answer answer;
    struct err err;

    (void)state;
    assert_int_equal(ask(&answer, city, (struct why_options){.alarm = 999}, &err), RC_ABSENT);
    assert_int_equal(answer.out.n, 0);
    drop(&answer);
    city_free(city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_nothing_below_k),
        cmocka_unit_test(test_chart_is_of_releases),
        cmocka_unit_test(test_hours_have_no_numbers),
        cmocka_unit_test(test_share_speaks_of_many),
        cmocka_unit_test(test_no_such_alarm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
