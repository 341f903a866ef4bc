/* release_attack.c - an outsider with all releases ever made tries to work out what was hidden.
 *
 * People, messages, places, topics and days are drawn at random; seven days and their week are
 * released; the attacker then writes down every equation of the grid (totals, parts, week) with his
 * own code and narrows every interval as far as it goes.  No cell with 1 to k-1 people in it may
 * end up with an interval shorter than k.  Two mutants show that the attack bites: releases without
 * complementary suppression, and day windows that roll by the hour.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rng.h"
#include "model/settings.h"
#include "release/release.h"

#include <stdio.h>
#include <string.h>

enum {
    GRIDS = 500,
    K = 10,
    PLACES = 24, /* real and "somewhere", at most */
    TOPICS = 6,  /* 0 = all; the last one is "no service" */
    LAYERS = 8,  /* seven days and the week */
    PEOPLE = 320,
    WEEK = LAYERS - 1,
    FAR = 1 << 28,
};

enum { ALL_MESSAGES, COPIES, FIRSTS, PEOPLE_COUNT, KINDS_OF_COUNT };

/* The truth of a grid, and what of it was shown. */
struct city {
    uint32_t places, groups, topics; /* places: real ones, numbered as in the gazetteer (1..) */
    uint32_t parent[PLACES];
    uint32_t messages[LAYERS][PLACES][TOPICS], copies[LAYERS][PLACES][TOPICS];
    uint64_t who[LAYERS][PLACES][TOPICS][PEOPLE / 64];
    bool shown[LAYERS][PLACES][TOPICS];
    struct place place[PLACES];
    struct gazetteer gazetteer;
};

struct range {
    int64_t low, high;
};

static struct range open_ranges[LAYERS][PLACES][TOPICS][KINDS_OF_COUNT];

static uint32_t voices(const struct city *city, uint32_t l, uint32_t p, uint32_t t)
{
    uint32_t n = 0;

    for (int i = 0; i < PEOPLE / 64; i++)
        n += (uint32_t)__builtin_popcountll(city->who[l][p][t][i]);
    return n;
}

static void count_one(struct city *city, uint32_t l, uint32_t p, uint32_t t, uint32_t person,
                      bool copy)
{
    city->messages[l][p][t]++;
    city->copies[l][p][t] += copy;
    city->who[l][p][t][person / 64] |= (uint64_t)1 << person % 64;
}

/* Counts a message in every cell of the grid that it belongs to.  `place` is a real place; what has
 * no service is of the city alone.  "Somewhere in p" has the number p + PLACES / 2. */
static void count_message(struct city *city, uint32_t day, uint32_t place, uint32_t topic,
                          uint32_t person, bool copy)
{
    const uint32_t layers[2] = {day, WEEK}, columns[2] = {0, topic};
    bool inner = false;

    for (uint32_t p = 2; p <= city->places; p++)
        inner |= city->parent[p] == place;
    for (int l = 0; l < 2; l++)
        for (int c = 0; c < 2; c++) {
            for (uint32_t p = place; p; p = city->parent[p])
                count_one(city, layers[l], p, columns[c], person, copy);
            if (inner)
                count_one(city, layers[l], place + PLACES / 2, columns[c], person, copy);
        }
}

static void draw_city(struct city *city, struct rng *rng)
{
    uint32_t people = 20 + (uint32_t)rng_below(rng, PEOPLE - 20);
    uint32_t items = 40 + (uint32_t)rng_below(rng, 1200);
    bool crooked = rng_below(rng, 2);

    memset(city, 0, sizeof *city);
    city->topics = 2 + (uint32_t)rng_below(rng, TOPICS - 2);
    city->groups = 1 + (uint32_t)rng_below(rng, 3);
    city->places = 1 + city->groups;
    for (uint32_t g = 2; g < 2 + city->groups; g++)
        city->parent[g] = 1;
    for (uint32_t w = (uint32_t)rng_below(rng, 8); w && city->places < PLACES / 2 - 1; w--)
        city->parent[++city->places] = 2 + (uint32_t)rng_below(rng, city->groups);
    for (uint32_t i = 0; i < items; i++) {
        uint32_t topic = 1 + (uint32_t)rng_below(rng, city->topics);
        uint32_t place = 1 + (uint32_t)rng_below(rng, city->places);
        uint32_t day = (uint32_t)rng_below(rng, 7), person = (uint32_t)rng_below(rng, people);

        if (crooked && rng_below(rng, 3)) { /* most of it in one corner of the grid */
            topic = 1;
            place = city->places;
        }
        if (topic == city->topics) { /* no service */
            topic = TOPICS - 1;
            place = 1;
        }
        count_message(city, day, place, topic, person, rng_below(rng, 5) == 0);
    }
    for (uint32_t p = 1; p <= city->places; p++)
        city->place[p] = (struct place){
            .level = p == 1                 ? LEVEL_CITY
                     : p < 2 + city->groups ? LEVEL_GROUP
                                            : LEVEL_WARD,
            .parent = city->parent[p],
        };
    city->gazetteer = (struct gazetteer){.places = city->place, .n = city->places + 1};
}

static size_t cells_of_layer(const struct city *city, uint32_t l, struct cell *out)
{
    size_t n = 0;

    for (uint32_t p = 1; p <= city->places; p++)
        for (uint32_t t = 0; t < city->topics; t++) {
            uint32_t v = voices(city, l, p, t);

            if (!city->messages[l][p][t])
                continue;
            out[n++] = (struct cell){
                .key = {.window = l == WEEK ? WINDOW_WEEK : WINDOW_DAY,
                        .start = l == WEEK ? 0 : l * DAY_MS,
                        .place = p,
                        .topic = t},
                .messages = city->messages[l][p][t],
                .copies = city->copies[l][p][t],
                .voices = v,
                .voices_sum = v,
                .parts = 1,
            };
        }
    return n;
}

static void release_everything(struct city *city, struct arena *job)
{
    static struct cell cells[PLACES * TOPICS];
    struct release_row *days = arena_array(job, WEEK * PLACES * TOPICS, sizeof *days), *rows;
    size_t day_rows = 0, n;

    for (uint32_t l = 0; l < LAYERS; l++) {
        struct release_question question = {.cells = cells,
                                            .cell_count = cells_of_layer(city, l, cells),
                                            .days = days,
                                            .day_count = l == WEEK ? day_rows : 0,
                                            .places = &city->gazetteer,
                                            .k = K,
                                            .topic_count = city->topics};

        release_rows(&question, job, &rows, &n);
        assert_true(!n || n == (size_t)city->places * city->topics);
        for (size_t i = 0; i < n; i++) {
            uint32_t p = rows[i].key.place, t = rows[i].key.topic;

            city->shown[l][p][t] = rows[i].shown != RELEASED_BELOW;
            if (rows[i].shown == RELEASED_BELOW) {
                assert_int_equal(rows[i].messages + rows[i].voices + rows[i].copies, 0);
                continue;
            }
            assert_true(rows[i].voices >= K && rows[i].voices == voices(city, l, p, t));
            assert_int_equal(rows[i].messages, city->messages[l][p][t]);
        }
        for (size_t i = 0; l < WEEK && i < n; i++)
            days[day_rows++] = rows[i];
    }
}

/* The mutant: k and nothing else. */
static void release_naively(struct city *city)
{
    for (uint32_t l = 0; l < LAYERS; l++)
        for (uint32_t p = 1; p <= city->places; p++)
            for (uint32_t t = 0; t < city->topics; t++)
                city->shown[l][p][t] = voices(city, l, p, t) >= K;
}

static bool clip(struct range *at, int64_t low, int64_t high)
{
    bool moved = low > at->low || high < at->high;

    if (low > at->low)
        at->low = low;
    if (high < at->high)
        at->high = high;
    assert_true(at->low <= at->high);
    return moved;
}

/* A total and its parts, for one count. */
static bool use_equation(struct range *total, struct range **parts, size_t n, int count)
{
    int64_t low = 0, high = 0, largest = 0;
    bool adds = count != PEOPLE_COUNT, moved;

    for (size_t i = 0; i < n; i++) {
        low += parts[i]->low;
        high += parts[i]->high;
        largest = parts[i]->low > largest ? parts[i]->low : largest;
    }
    moved = clip(total, adds ? low : largest, high < FAR ? high : FAR);
    for (size_t i = 0; i < n; i++) {
        struct range *part = parts[i], was = *part;
        int64_t most = total->high - (adds ? low - was.low : 0);

        moved |= clip(part, total->low - (high - was.high), total->high < FAR ? most : FAR);
        low += part->low - was.low;
        high += part->high - was.high;
    }
    return moved;
}

static bool use_cell(struct range *r)
{
    bool moved =
        clip(&r[ALL_MESSAGES], r[COPIES].low + r[FIRSTS].low, r[COPIES].high + r[FIRSTS].high);

    moved |= clip(&r[ALL_MESSAGES], r[PEOPLE_COUNT].low, FAR);
    moved |= clip(&r[COPIES], r[ALL_MESSAGES].low - r[FIRSTS].high, r[ALL_MESSAGES].high);
    moved |= clip(&r[FIRSTS], r[ALL_MESSAGES].low - r[COPIES].high, r[ALL_MESSAGES].high);
    return moved | clip(&r[PEOPLE_COUNT], 0, r[ALL_MESSAGES].high);
}

static bool exists(const struct city *city, uint32_t p)
{
    if (p > PLACES / 2) /* "somewhere" in a place with places in it */
        for (uint32_t q = 2; q <= city->places; q++)
            if (city->parent[q] == p - PLACES / 2)
                return true;
    return p >= 1 && p <= city->places;
}

static bool column_exists(const struct city *city, uint32_t t)
{
    return t < city->topics || t == TOPICS - 1;
}

static bool use_places(const struct city *city, uint32_t l, uint32_t total, uint32_t t)
{
    struct range *parts[PLACES];
    bool moved = false;

    for (int count = 0; count < KINDS_OF_COUNT; count++) {
        size_t n = 0;

        for (uint32_t p = 1; p < PLACES; p++)
            if (exists(city, p) && (p > PLACES / 2 ? p - PLACES / 2 : city->parent[p]) == total)
                parts[n++] = &open_ranges[l][p][t][count];
        if (n)
            moved |= use_equation(&open_ranges[l][total][t][count], parts, n, count);
    }
    return moved;
}

static bool use_topics(const struct city *city, uint32_t l, uint32_t p)
{
    struct range *parts[TOPICS];
    bool moved = false;

    for (int count = 0; count < KINDS_OF_COUNT; count++) {
        size_t n = 0;

        for (uint32_t t = 1; t < TOPICS; t++)
            if (column_exists(city, t))
                parts[n++] = &open_ranges[l][p][t][count];
        moved |= use_equation(&open_ranges[l][p][0][count], parts, n, count);
    }
    return moved;
}

static bool use_days(uint32_t p, uint32_t t)
{
    struct range *parts[WEEK];
    bool moved = false;

    for (int count = 0; count < KINDS_OF_COUNT; count++) {
        for (uint32_t l = 0; l < WEEK; l++)
            parts[l] = &open_ranges[l][p][t][count];
        moved |= use_equation(&open_ranges[WEEK][p][t][count], parts, WEEK, count);
    }
    return moved;
}

static void read_releases(const struct city *city)
{
    for (uint32_t l = 0; l < LAYERS; l++)
        for (uint32_t p = 1; p < PLACES; p++)
            for (uint32_t t = 0; t < TOPICS; t++)
                for (int count = 0; count < KINDS_OF_COUNT; count++) {
                    struct range *r = &open_ranges[l][p][t][count];
                    uint32_t m = city->messages[l][p][t], c = city->copies[l][p][t];
                    const uint32_t truth[] = {m, c, m - c, voices(city, l, p, t)};
                    bool nobody = t == TOPICS - 1 && p != 1 && p != 1 + PLACES / 2;

                    *r = (struct range){0, FAR};
                    if (city->shown[l][p][t])
                        *r = (struct range){truth[count], truth[count]};
                    if (nobody)
                        *r = (struct range){0, 0};
                }
}

static void attack(const struct city *city)
{
    bool moved = true;

    read_releases(city);
    while (moved) {
        moved = false;
        for (uint32_t p = 1; p < PLACES; p++) {
            if (!exists(city, p))
                continue;
            for (uint32_t t = 0; t < TOPICS; t++)
                for (uint32_t l = 0; l < LAYERS && column_exists(city, t); l++) {
                    moved |= use_cell(open_ranges[l][p][t]);
                    moved |= use_places(city, l, p, t);
                }
            for (uint32_t l = 0; l < LAYERS; l++)
                moved |= use_topics(city, l, p);
            for (uint32_t t = 0; t < TOPICS; t++)
                moved |= column_exists(city, t) && use_days(p, t);
        }
    }
}

/* Cells with 1 to k-1 people whose interval came out shorter than k. */
static uint32_t exposed(const struct city *city, uint32_t *protected)
{
    uint32_t n = 0;

    for (uint32_t l = 0; l < LAYERS; l++)
        for (uint32_t p = 1; p < PLACES; p++)
            for (uint32_t t = 0; t < TOPICS; t++) {
                const struct range *m = &open_ranges[l][p][t][ALL_MESSAGES];
                const struct range *v = &open_ranges[l][p][t][PEOPLE_COUNT];
                bool nameless = p > PLACES / 2 || t == TOPICS - 1;
                uint32_t people = nameless ? city->messages[l][p][t] : voices(city, l, p, t);

                if (!people || people >= K)
                    continue;
                ++*protected;
                n += m->high - m->low < K || v->high - v->low < K;
            }
    return n;
}

static void test_nobody_is_exposed(void **state)
{
    static struct city city;
    struct arena job;
    struct rng rng;
    uint32_t hidden = 0, passing = 0, kept = 0;

    (void)state;
    arena_init(&job, "job", 64 << 20);
    rng_seed(&rng, 20260302);
    for (int i = 0; i < GRIDS; i++) {
        uint32_t found;

        draw_city(&city, &rng);
        release_everything(&city, &job);
        attack(&city);
        found = exposed(&city, &hidden);
        if (found)
            fail_msg("grid %d: %u cells below k can be worked out", i, found);
        for (uint32_t l = 0; l < LAYERS; l++)
            for (uint32_t p = 1; p <= city.places; p++)
                for (uint32_t t = 0; t < city.topics; t++)
                    if (voices(&city, l, p, t) >= K) {
                        passing++;
                        kept += city.shown[l][p][t];
                    }
        arena_reset(&job);
    }
    arena_free(&job);
    print_message("# %d grids: %u cells below k, none exposed; of %u cells that pass k %u %% are "
                  "shown\n",
                  GRIDS, hidden, passing, kept * 100 / passing);
    assert_true(kept * 2 > passing); /* hiding everything would be safe too */
}

static void test_mutant_without_complement(void **state)
{
    static struct city city;
    struct rng rng;
    uint32_t found = 0, hidden = 0;

    (void)state;
    rng_seed(&rng, 20260302);
    for (int i = 0; i < GRIDS / 10; i++) {
        draw_city(&city, &rng);
        release_naively(&city);
        attack(&city);
        found += exposed(&city, &hidden);
    }
    print_message("# without complementary suppression: %u of %u cells below k exposed\n", found,
                  hidden);
    assert_true(found > hidden / 50);
}

/* Day windows published every hour: the difference of two neighbours is the hour that came in less
 * the hour that fell out, and before the first day nothing was heard. */
static void test_mutant_rolling_windows(void **state)
{
    enum { HOURS = 24 * 14, SHORT = 24 };
    uint32_t hour[HOURS], worked_out[HOURS], below = 0, found = 0;
    bool known[HOURS] = {0};
    struct rng rng;

    (void)state;
    rng_seed(&rng, 7);
    for (uint32_t h = 0; h < HOURS; h++) {
        hour[h] = 4 + (uint32_t)rng_below(&rng, 9);
        below += hour[h] < K;
    }
    for (uint32_t h = 1; h < HOURS; h++) {
        uint32_t window = 0, before = 0;

        for (uint32_t i = h < SHORT ? 0 : h - SHORT + 1; i <= h; i++)
            window += hour[i];
        for (uint32_t i = h <= SHORT ? 0 : h - SHORT; i < h; i++)
            before += hour[i];
        known[h] = window >= K && before >= K && (h < SHORT || known[h - SHORT]);
        worked_out[h] = window - before + (h < SHORT ? 0 : worked_out[h - SHORT]);
        if (known[h])
            assert_int_equal(worked_out[h], hour[h]);
        found += known[h] && hour[h] < K;
    }
    print_message("# rolling day windows: %u of %u hours below k exposed\n", found, below);
    assert_true(found * 10 > below * 8);
    /* The grid has no such windows: a release is of a day or a week that tumbles. */
    assert_int_equal(window_start(WINDOW_DAY, 5 * (int64_t)HOUR_MS, (struct zone){0}),
                     window_start(WINDOW_DAY, 6 * (int64_t)HOUR_MS, (struct zone){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nobody_is_exposed),
        cmocka_unit_test(test_mutant_without_complement),
        cmocka_unit_test(test_mutant_rolling_windows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
