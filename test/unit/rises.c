/* rises.c - rises: known chances, Benjamini-Hochberg, and series whose truth is known. */
#include "base/rng.h"
#include "trend/rises.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

enum { DAYS = 140, PAST = 56, SERIES = 500 };

static double normal(struct rng *rng)
{
    return sqrt(-2 * log(1 - rng_unit(rng))) * cos(6.283185307179586 * rng_unit(rng));
}

/* Marsaglia, Tsang 2000; shape >= 1. */
static double gamma_of(struct rng *rng, double shape)
{
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);

    for (;;) {
        double x = normal(rng), v = 1 + c * x;

        v = v * v * v;
        if (v > 0 && log(1 - rng_unit(rng)) < 0.5 * x * x + d - d * v + d * log(v))
            return d * v;
    }
}

static double poisson(struct rng *rng, double mean)
{
    double sum = 0, n = -1;

    if (mean > 200)
        return fmax(0, floor(mean + sqrt(mean) * normal(rng) + 0.5));
    for (; sum < mean; n++)
        sum -= log(1 - rng_unit(rng));
    return fmax(n, 0);
}

/* Negative binomial of squared coefficient of variation `spread`, at most 1; 0: Poisson. */
static double draw(struct rng *rng, double mean, double spread)
{
    if (spread > 0)
        mean *= gamma_of(rng, 1 / spread) * spread;
    return poisson(rng, mean);
}

/* Asks about the window `day` of a series of daily counts. */
static struct rises_answer ask_at(const double *counts, const double *volumes, int day, int back)
{
    struct rises_past past[DAYS];
    struct rises_question question = {
        .count = counts[day], .volume = volumes[day], .period = 7, .past = past};

    for (int ago = 1; ago <= back && ago <= day; ago++)
        past[question.past_count++] =
            (struct rises_past){ago, counts[day - ago], volumes[day - ago]};
    return rises_ask(&question);
}

static bool fires(const double *counts, const double *volumes, int day)
{
    struct rises_answer answer = ask_at(counts, volumes, day, PAST);

    /* alone in its family: q is p */
    return answer.ready && answer.p <= rises_q_max &&
           counts[day] >= rises_ratio_min * answer.expected;
}

/* A new level is news for as long as its rise is known to last, and against what was before it. */
static void test_rise_that_lasts(void **unused)
{
    struct rises_past past[PAST];
    struct rises_question question = {
        .count = 24, .volume = 1000, .period = 7, .past = past, .past_count = PAST};
    struct rises_answer forgotten, open;

    (void)unused;
    for (int ago = 1; ago <= PAST; ago++)
        past[ago - 1] = (struct rises_past){ago, ago <= 30 ? 24 : 12, 1000};
    forgotten = rises_ask(&question);
    question.risen = 30;
    open = rises_ask(&question);
    assert_true(forgotten.expected > 18 && forgotten.p > rises_q_max);
    assert_true(open.expected > 11 && open.expected < 13.5 && open.p < rises_q_max);
}

static void fill(double *volumes, double value)
{
    for (int day = 0; day < DAYS; day++)
        volumes[day] = value;
}

static void test_control_is_benjamini_hochberg(void **state)
{
    const double p[] = {0.01, 0.8, 0.03, 0.02, 0.02};
    const double want[] = {0.0375 * 4 / 3, 0.8, 0.0375, 0.1 / 3, 0.1 / 3};
    double q[5];
    struct arena scratch;

    (void)state;
    arena_init(&scratch, "scratch", 1 << 20);
    rises_control(p, 5, q, &scratch);
    assert_float_equal(q[1], want[1], 1e-12);
    assert_float_equal(q[2], want[2], 1e-12);
    assert_float_equal(q[3], want[3], 1e-12);
    assert_float_equal(q[4], want[4], 1e-12);
    assert_float_equal(q[0], 0.1 / 3, 1e-12); /* no larger than that of a larger p */
    rises_control(p, 0, q, &scratch);
    arena_free(&scratch);
}

/* P(X >= 1) = 1 - (1 + mean * doubt) ^ (-1 / doubt); nothing is as likely as anything. */
static void test_chance_of_one(void **state)
{
    (void)state;
    assert_true(rises_tail(0, 0.5, 0.1) == 1);
    assert_true(fabs(rises_tail(1, 0.5, 0.1) - (1 - pow(1.05, -10))) < 1e-12);
    assert_true(rises_tail(1, 0, 0.1) == 0);
}

/* The chance is that of the negative binomial: summed up term by term it must be the same. */
static void test_chance_of_a_single_long_past(void **state)
{
    double counts[DAYS], volumes[DAYS], before = 1;

    (void)state;
    fill(volumes, 1000);
    fill(counts, 20);
    for (int more = 0; more < 60; more++) {
        struct rises_answer answer;

        counts[PAST] = 20 + more;
        answer = ask_at(counts, volumes, PAST, PAST);
        assert_true(answer.ready);
        assert_true(fabs(answer.expected - 20) < 0.5);
        assert_true(answer.p <= before && answer.p >= 0);
        before = answer.p;
        if (more == 0)
            assert_true(fabs(answer.score) < 0.5);
        if (more == 59)
            assert_true(answer.score > 4 && answer.score < 20);
    }
    assert_true(before < 1e-6);
}

static void test_not_ready_says_nothing(void **state)
{
    double counts[DAYS], volumes[DAYS];

    (void)state;
    fill(volumes, 100);
    fill(counts, 3);
    counts[RISES_MIN_PAST - 1] = counts[RISES_MIN_PAST] = 90;
    assert_false(ask_at(counts, volumes, RISES_MIN_PAST - 1, PAST).ready);
    assert_float_equal(ask_at(counts, volumes, RISES_MIN_PAST - 1, PAST).p, 1, 0);
    assert_true(ask_at(counts, volumes, RISES_MIN_PAST, PAST).ready);
    volumes[3] = 0; /* a gap is no past */
    assert_false(ask_at(counts, volumes, RISES_MIN_PAST, PAST).ready);
}

static void test_gap_is_not_calm(void **state)
{
    double counts[DAYS], volumes[DAYS], whole;

    (void)state;
    fill(volumes, 300);
    fill(counts, 30);
    whole = ask_at(counts, volumes, PAST, PAST).expected;
    for (int day = 20; day < 34; day++)
        counts[day] = volumes[day] = 0;
    assert_true(fabs(ask_at(counts, volumes, PAST, PAST).expected - whole) < 1);
}

/* Everything is louder on a feast day: no series rises by that alone. */
static void test_volume_carries_a_holiday(void **state)
{
    double counts[DAYS], volumes[DAYS];

    (void)state;
    fill(volumes, 500);
    fill(counts, 25);
    counts[PAST] = 75;
    assert_true(fires(counts, volumes, PAST));
    volumes[PAST] = 1500;
    assert_false(fires(counts, volumes, PAST));
}

static void test_weekly_season_is_expected(void **state)
{
    struct rng rng;
    double counts[DAYS], volumes[DAYS];
    int alarms = 0;

    (void)state;
    rng_seed(&rng, 11);
    fill(volumes, 700);
    for (int repeat = 0; repeat < 200; repeat++) {
        for (int day = 0; day < DAYS; day++)
            counts[day] = draw(&rng, day % 7 == 4 ? 40 : 5, 0.05);
        for (int day = 21; day < 70; day++)
            alarms += fires(counts, volumes, day);
    }
    print_message("# measured: weekly season: %d alarms in %d windows\n", alarms, 200 * 49);
    assert_true(alarms <= 200 * 49 / 100);
    counts[66] = 40; /* the same number on a day that is not its day */
    assert_true(fires(counts, volumes, 66));
}

static void test_sudden_rise_on_its_first_day(void **state)
{
    struct rng rng;
    double counts[DAYS], volumes[DAYS];
    int found = 0;

    (void)state;
    rng_seed(&rng, 12);
    fill(volumes, 700);
    for (int repeat = 0; repeat < 500; repeat++) {
        for (int day = 0; day <= PAST; day++)
            counts[day] = draw(&rng, day == PAST ? 40 : 8, 0.05);
        found += fires(counts, volumes, PAST);
    }
    print_message("# measured: sudden rise fivefold: %d of 500 on the first day\n", found);
    assert_true(found >= 490);
}

/* Doubles in four weeks: alarmed around the day it has doubled. */
static void test_slow_rise_when_it_has_doubled(void **state)
{
    struct rng rng;
    double counts[DAYS], volumes[DAYS], day_sum = 0;
    int by_double = 0, early = 0;

    (void)state;
    rng_seed(&rng, 13);
    fill(volumes, 700);
    for (int repeat = 0; repeat < 300; repeat++) {
        int first = DAYS;

        for (int day = 0; day < DAYS; day++)
            counts[day] = draw(&rng, day < 56 ? 12 : 12 * exp2((day - 56) / 28.0), 0.03);
        for (int day = 56; day < DAYS && first == DAYS; day++)
            if (fires(counts, volumes, day))
                first = day;
        day_sum += first - 56;
        by_double += first <= 56 + 28;
        early += first < 56 + 5;
    }
    print_message("# measured: slow rise (doubles in 28 days): mean day %.1f, by day 28 %d of 300, "
                  "before day 5 %d\n",
                  day_sum / 300, by_double, early);
    assert_true(by_double >= 255);
}

/* A rise in the past hides neither the next nor raises what is expected for long. */
static void test_earlier_rise_does_not_hide_the_next(void **state)
{
    double counts[DAYS], volumes[DAYS];

    (void)state;
    fill(volumes, 700);
    fill(counts, 10);
    for (int day = 28; day < 31; day++)
        counts[day] = 200;
    counts[PAST] = 40;
    assert_true(ask_at(counts, volumes, PAST, PAST).expected < 20);
    assert_true(fires(counts, volumes, PAST));
}

static void test_new_series(void **state)
{
    double counts[DAYS] = {0}, volumes[DAYS];

    (void)state;
    fill(volumes, 700);
    counts[PAST] = 20;
    assert_true(fires(counts, volumes, PAST));
    counts[PAST] = 1;
    assert_false(ask_at(counts, volumes, PAST, PAST).p < 1e-4);
}

/* 500 calm daily series, asked together each day: at most one false alarm a week over all. */
static void false_alarms(double spread, uint64_t seed, const char *what)
{
    static double counts[SERIES][DAYS];
    double volumes[DAYS], p[SERIES], q[SERIES];
    struct rng rng;
    struct arena scratch;
    int alarms = 0, days = 0;

    arena_init(&scratch, "scratch", 1 << 20);
    rng_seed(&rng, seed);
    fill(volumes, 5000);
    for (int s = 0; s < SERIES; s++) {
        double mean = exp2(6 * rng_unit(&rng)); /* 1 to 64 a day */

        for (int day = 0; day < DAYS; day++)
            counts[s][day] = draw(&rng, mean, spread);
    }
    for (int day = PAST; day < DAYS; day++, days++) {
        struct rises_answer answers[SERIES];

        for (int s = 0; s < SERIES; s++) {
            answers[s] = ask_at(counts[s], volumes, day, PAST);
            p[s] = answers[s].p;
        }
        rises_control(p, SERIES, q, &scratch);
        for (int s = 0; s < SERIES; s++)
            alarms +=
                q[s] <= rises_q_max && counts[s][day] >= rises_ratio_min * answers[s].expected;
    }
    print_message("# measured: %s: %.2f false alarms a week over %d series\n", what,
                  alarms * 7.0 / days, SERIES);
    arena_free(&scratch);
    assert_true(alarms * 7 <= days);
}

static void test_calm_poisson(void **state)
{
    (void)state;
    false_alarms(0, 21, "Poisson");
}

static void test_calm_negative_binomial(void **state)
{
    (void)state;
    false_alarms(0.1, 22, "negative binomial 0.1");
    false_alarms(0.4, 23, "negative binomial 0.4");
}

static void test_hours_and_weeks(void **state)
{
    static struct rises_past past[1344];
    struct rises_question question = {.count = 30, .volume = 300, .period = 168, .past = past};

    (void)state;
    for (int i = 0; i < 1344; i++)
        past[i] = (struct rises_past){i + 1, (i + 1) % 24 == 0 ? 10 : 2, 100};
    question.past_count = 100;
    assert_false(rises_ask(&question).ready);
    question.past_count = 1344;
    assert_true(rises_ask(&question).ready);
    assert_true(rises_ask(&question).expected >
                15); /* ten at this hour, at a third of the volume */
    question = (struct rises_question){.count = 90, .volume = 900, .period = 1, .past = past};
    for (int i = 0; i < 8; i++)
        past[i] = (struct rises_past){i + 1, 30, 900};
    question.past_count = 3;
    assert_false(rises_ask(&question).ready);
    question.past_count = 8;
    assert_true(rises_ask(&question).ready && rises_ask(&question).p < 0.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_control_is_benjamini_hochberg),
        cmocka_unit_test(test_chance_of_one),
        cmocka_unit_test(test_chance_of_a_single_long_past),
        cmocka_unit_test(test_not_ready_says_nothing),
        cmocka_unit_test(test_rise_that_lasts),
        cmocka_unit_test(test_gap_is_not_calm),
        cmocka_unit_test(test_volume_carries_a_holiday),
        cmocka_unit_test(test_weekly_season_is_expected),
        cmocka_unit_test(test_sudden_rise_on_its_first_day),
        cmocka_unit_test(test_slow_rise_when_it_has_doubled),
        cmocka_unit_test(test_earlier_rise_does_not_hide_the_next),
        cmocka_unit_test(test_new_series),
        cmocka_unit_test(test_calm_poisson),
        cmocka_unit_test(test_calm_negative_binomial),
        cmocka_unit_test(test_hours_and_weeks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
