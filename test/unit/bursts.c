/* bursts.c - bursts: a calm month, one burst in it, a rise that lasts, and clocks that lie. */
#include "base/hash.h"
#include "base/rng.h"
#include "trend/bursts.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

enum { DAYS_OF_CALM = 30, A_DAY = 2000 };

/* A month of messages: a third of a hundred lasting series of very unlike size, the rest new. */
static uint64_t calm_series(struct rng *rng, uint64_t *next)
{
    double draw = rng_unit(rng);

    if (draw < 0.33)
        return hash_pair(1 + (uint64_t)(exp(4.6 * rng_unit(rng))), 1);
    if (draw < 0.4) /* what was new a moment ago */
        return hash_pair(*next - (uint64_t)(rng_unit(rng) * 200), 2);
    return hash_pair(++*next, 2);
}

struct told {
    int calm, sudden, first_at;
};

/* Feeds the month; from `burst_at` on, a series of its own gets a message every `gap_ms`. */
static struct told month(uint64_t seed, int64_t burst_at, int64_t gap_ms, int64_t burst_end)
{
    struct bursts *bursts = bursts_new();
    struct rng rng;
    struct told told = {0};
    uint64_t next = 1000;
    int64_t step = DAY_MS / A_DAY;
    int sent = 0;

    rng_seed(&rng, seed);
    assert_non_null(bursts);
    for (int64_t now = 0; now < DAYS_OF_CALM * DAY_MS; now += step) {
        struct burst burst;
        int64_t time = now;

        told.calm += bursts_add(bursts, calm_series(&rng, &next), &time, &burst);
        while (burst_at + sent * gap_ms <= now && burst_at + sent * gap_ms < burst_end) {
            sent++;
            if (!bursts_add(bursts, hash_pair(7, 3), &time, &burst))
                continue;
            told.first_at = told.sudden++ ? told.first_at : sent;
            assert_true(burst.q <= 0.02 && burst.p <= burst.q && burst.observed >= 4 &&
                        burst.observed > burst.expected && burst.score > 0);
        }
    }
    bursts_free(bursts);
    return told;
}

static void test_calm(void **unused)
{
    int alarms = 0;

    (void)unused;
    for (uint64_t seed = 1; seed <= 5; seed++)
        alarms += month(seed, INT64_MAX, 1, 0).calm;
    print_message("# measured: %d alarms in five calm months\n", alarms);
    assert_in_range(alarms, 0, 5);
}

static void test_burst(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        int64_t at = 12 * DAY_MS + (int64_t)seed * HOUR_MS + 7;
        struct told quick = month(seed, at, MINUTE_MS, at + 2 * HOUR_MS);
        struct told slow = month(seed, at, 10 * MINUTE_MS, at + 12 * HOUR_MS);
        struct told sudden = month(seed, at, SECOND_MS, at + MINUTE_MS);

        assert_in_range(quick.first_at, 4, 7);
        assert_in_range(quick.sudden, 1, 2);
        assert_int_equal(sudden.first_at, 4); /* at the fourth: the fewest that may alarm */
        assert_in_range(slow.first_at, 4, 20);
    }
}

/* A new level that stays is told when it comes and then is the past. */
static void test_lasting(void **unused)
{
    struct told told = month(3, 10 * DAY_MS, 20 * MINUTE_MS, 30 * DAY_MS);

    (void)unused;
    print_message("# measured: a new level of 72 a day is told %d times in 20 days\n", told.sudden);
    assert_in_range(told.sudden, 1, 3);
}

static void test_clocks(void **unused)
{
    static const int64_t times[] = {0, 10 * 365 * DAY_MS, -365 * DAY_MS, 5, INT64_MAX / 4, -1};
    struct bursts *bursts = bursts_new();
    int64_t latest = 0;

    (void)unused;
    assert_non_null(bursts);
    for (uint64_t i = 0; i < 20000; i++) {
        int64_t time = times[i / 7 % 6];
        struct burst burst;

        bursts_add(bursts, hash_pair(i % 50, i % 3), &time, &burst);
        assert_true(time >= latest);
        latest = time;
    }
    bursts_free(bursts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calm),
        cmocka_unit_test(test_burst),
        cmocka_unit_test(test_lasting),
        cmocka_unit_test(test_clocks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
