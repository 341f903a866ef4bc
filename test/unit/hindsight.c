/* hindsight.c - was an alarm right?  Series whose truth is known, and the threshold that follows.
 */
#include "base/rng.h"
#include "trend/hindsight.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

enum { PAST = 56, AFTER = 7, DAYS = 330, SERIES = 300 };
static const double q_max = 0.02;

/* A window of `count` after eight weeks of about ten a day; what came after it is an argument. */
static enum verdict judged(double count, const double after[AFTER], int32_t risen, uint32_t sources)
{
    struct rises_past past[PAST + AFTER];
    struct rises_question question = {
        .count = count, .volume = 1000, .period = 7, .risen = risen, .past = past};

    for (int ago = 1; ago <= PAST; ago++)
        past[question.past_count++] =
            (struct rises_past){ago, ago <= risen ? count : 8 + ago * 7 % 5, 1000};
    for (int day = 1; day <= AFTER; day++)
        past[question.past_count++] =
            (struct rises_past){-day, after[day - 1], after[day - 1] < 0 ? 0 : 1000};
    return hindsight_judge(&question, q_max, sources);
}

static void test_what_stays_was_right(void **state)
{
    const double next[AFTER] = {40, 10, 9, 11, 10, 9, 10},
                 level[AFTER] = {20, 21, 19, 22, 20, 18, 20},
                 growing[AFTER] = {15, 16, 18, 19, 20, 22, 24};

    (void)state;
    assert_int_equal(judged(40, next, 0, 1), VERDICT_RIGHT);
    assert_int_equal(judged(22, level, 0, 1), VERDICT_RIGHT);
    assert_int_equal(judged(20, growing, 0, 1), VERDICT_RIGHT);
}

static void test_what_was_gone_the_next_day(void **state)
{
    const double calm[AFTER] = {10, 9, 11, 10, 12, 8, 10};

    (void)state;
    assert_int_equal(judged(22, calm, 0, 3), VERDICT_WRONG);
    assert_int_equal(judged(13, calm, 2, 3), VERDICT_WRONG); /* told on after it was over */
    assert_int_equal(judged(30, calm, 2, 3), VERDICT_RIGHT); /* the last day of a rise */
    assert_int_equal(judged(90, calm, 0, 3), VERDICT_UNSURE);
    assert_int_equal(judged(90, calm, 0, 1), VERDICT_WRONG); /* one source alone */
}

static void test_gap_is_no_verdict(void **state)
{
    const double gone[AFTER] = {-1, -1, -1, -1, 10, 9, 11},
                 half[AFTER] = {10, -1, 9, -1, 10, -1, 11};

    (void)state;
    assert_int_equal(judged(22, gone, 0, 3), VERDICT_UNSURE);
    assert_int_equal(judged(22, half, 0, 3), VERDICT_WRONG);
}

static void fill(enum verdict *verdicts, size_t right, size_t wrong)
{
    for (size_t i = 0; i < right + wrong; i++)
        verdicts[i] = i < right ? VERDICT_RIGHT : VERDICT_WRONG;
}

static void test_threshold_keeps_within_its_bounds(void **state)
{
    enum verdict verdicts[64];

    (void)state;
    fill(verdicts, 7, 2);
    assert_int_equal(hindsight_threshold(verdicts, 9, 20000), 20000); /* too few */
    fill(verdicts, 7, 3);
    assert_int_equal(hindsight_threshold(verdicts, 10, 20000), 10000);
    assert_int_equal(hindsight_threshold(verdicts, 10, 4000), HINDSIGHT_FLOOR);
    assert_int_equal(hindsight_threshold(verdicts, 10, HINDSIGHT_FLOOR), HINDSIGHT_FLOOR);
    fill(verdicts, 8, 2);
    assert_int_equal(hindsight_threshold(verdicts, 10, 20000), 20000);
    fill(verdicts, 39, 0);
    assert_int_equal(hindsight_threshold(verdicts, 39, 20000), 20000); /* up takes more evidence */
    fill(verdicts, 39, 1);
    assert_int_equal(hindsight_threshold(verdicts, 40, 20000), 40000);
    assert_int_equal(hindsight_threshold(verdicts, 40, 40000), HINDSIGHT_CEILING);
    fill(verdicts, 38, 2);
    assert_int_equal(hindsight_threshold(verdicts, 40, 20000), 20000);
    fill(verdicts, 64, 0);
    verdicts[60] = VERDICT_UNSURE; /* not counted either way */
    assert_int_equal(hindsight_threshold(verdicts, 64, 5000), 10000);
}

/* Squared coefficient of variation .4, by a gamma of shape 2.5 (Marsaglia, Tsang 2000). */
static double wild(struct rng *rng, double mean)
{
    double d = 2.5 - 1.0 / 3, c = 1 / sqrt(9 * d), v = 0, x, sum = 0, n = -1;

    do {
        x = sqrt(-2 * log(1 - rng_unit(rng))) * cos(6.283185307179586 * rng_unit(rng));
        v = (1 + c * x) * (1 + c * x) * (1 + c * x);
    } while (v <= 0 || log(1 - rng_unit(rng)) >= 0.5 * x * x + d - d * v + d * log(v));
    for (mean *= d * v / 2.5; sum < mean; n++)
        sum -= log(1 - rng_unit(rng));
    return n < 0 ? 0 : n;
}

struct street {
    double counts[SERIES][DAYS];
    bool planted[SERIES][DAYS];
    struct rises_past past[PAST + AFTER];
    uint32_t scores[2][VERDICTS];
    int false_alarms;
};

static struct rises_question question_at(struct street *street, int series, int day)
{
    struct rises_question question = {
        .count = street->counts[series][day], .volume = 5000, .period = 7, .past = street->past};

    for (int ago = -AFTER; ago <= PAST; ago++)
        if (ago != 0)
            street->past[question.past_count++] =
                (struct rises_past){ago, street->counts[series][day - ago], 5000};
    return question;
}

/* All series asked together each day; every alarm is judged. */
static void run(struct street *street, double most, struct arena *scratch)
{
    memset(street->scores, 0, sizeof street->scores);
    street->false_alarms = 0;
    for (int day = PAST; day + AFTER < DAYS; day++) {
        struct rises_answer answers[SERIES];
        double p[SERIES], q[SERIES];

        for (int s = 0; s < SERIES; s++) {
            struct rises_question question = question_at(street, s, day);

            answers[s] = rises_ask(&question);
            p[s] = answers[s].p;
        }
        rises_control(p, SERIES, q, scratch);
        for (int s = 0; s < SERIES; s++)
            if (q[s] <= most && street->counts[s][day] >= rises_ratio_min * answers[s].expected) {
                struct rises_question question = question_at(street, s, day);

                street->scores[street->planted[s][day]][hindsight_judge(&question, most, 3)]++;
                street->false_alarms += !street->planted[s][day];
            }
    }
}

/* Calm series of great spread, and rises of five days planted: the rule tells one from the other,
 * and a threshold that falls takes the false alarms and leaves the planted ones. */
static void test_truth_is_found_out(void **state)
{
    static struct street street;
    struct arena scratch;
    struct rng rng;
    uint32_t(*scores)[VERDICTS] = street.scores;
    uint32_t right, wrong, planted;
    int before;

    (void)state;
    arena_init(&scratch, "scratch", 1 << 20);
    rng_seed(&rng, 23);
    for (int s = 0; s < SERIES; s++) {
        double mean = exp2(6 * rng_unit(&rng));

        for (int day = 0; day < DAYS; day++) {
            street.planted[s][day] = s % 10 == 0 && day >= 100 + s / 2 && day < 105 + s / 2;
            street.counts[s][day] =
                street.planted[s][day] ? wild(&rng, 20) + 150 : wild(&rng, mean);
        }
    }
    run(&street, q_max, &scratch);
    print_message("# measured: q .02: %d false alarms: %u right, %u wrong, %u unsure; of planted "
                  "rises: %u right, %u wrong, %u unsure\n",
                  street.false_alarms, scores[0][VERDICT_RIGHT], scores[0][VERDICT_WRONG],
                  scores[0][VERDICT_UNSURE], scores[1][VERDICT_RIGHT], scores[1][VERDICT_WRONG],
                  scores[1][VERDICT_UNSURE]);
    assert_true(scores[0][VERDICT_WRONG] * 4 >= 3 * (uint32_t)street.false_alarms);
    right = scores[1][VERDICT_RIGHT];
    wrong = scores[1][VERDICT_WRONG];
    planted = right + wrong + scores[1][VERDICT_UNSURE];
    assert_true(right > 60 && right >= 4 * wrong);
    before = street.false_alarms;
    run(&street, HINDSIGHT_FLOOR / 1e6, &scratch);
    print_message(
        "# measured: q .0025: %d false alarms, planted %u (%u before)\n", street.false_alarms,
        scores[1][VERDICT_RIGHT] + scores[1][VERDICT_WRONG] + scores[1][VERDICT_UNSURE], planted);
    assert_true(street.false_alarms * 3 <= before * 2);
    assert_true(scores[1][VERDICT_RIGHT] + scores[1][VERDICT_WRONG] + scores[1][VERDICT_UNSURE] >=
                planted * 3 / 4);
    arena_free(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_stays_was_right),
        cmocka_unit_test(test_what_was_gone_the_next_day),
        cmocka_unit_test(test_gap_is_no_verdict),
        cmocka_unit_test(test_threshold_keeps_within_its_bounds),
        cmocka_unit_test(test_truth_is_found_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
