/* distinct.c - exact counts, floors that never exceed the truth, and tags that cannot be joined. */
#include "base/rng.h"
#include "trend/distinct.h"

#include <math.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static struct voice voice_of(uint64_t n)
{
    return (struct voice){{n * 0x9E3779B97F4A7C15u, n}, true};
}

static void test_exact_up_to_256(void **state)
{
    struct distinct distinct = {0};

    (void)state;
    assert_int_equal(distinct_floor(&distinct), 0);
    for (uint32_t i = 1; i <= DISTINCT_EXACT; i++)
        for (int twice = 0; twice < 2; twice++) {
            assert_true(distinct_add(&distinct, distinct_tag(voice_of(i), 7)));
            assert_int_equal(distinct_floor(&distinct), i);
            assert_int_equal(distinct_estimate(&distinct), i);
        }
    assert_false(distinct.sketch);
    assert_true(distinct.capacity <= 2 * DISTINCT_EXACT);
    for (uint32_t i = 1; i <= DISTINCT_EXACT; i++)
        assert_true(distinct_add(&distinct, distinct_tag(voice_of(i), 7)));
    assert_false(distinct.sketch);
    distinct_free(&distinct);
    assert_int_equal(distinct_floor(&distinct), 0);
}

static void test_floor_never_exceeds_the_truth(void **state)
{
    (void)state;
    for (uint64_t secret = 1; secret <= 40; secret++) {
        struct distinct distinct = {0};
        uint32_t before = 0;

        for (uint32_t i = 1; i <= 5000; i++) {
            distinct_add(&distinct, distinct_tag(voice_of(i), secret));
            assert_true(distinct_floor(&distinct) <= i);
            assert_true(distinct_floor(&distinct) >= before);
            before = distinct_floor(&distinct);
        }
        assert_true(distinct.sketch);
        distinct_free(&distinct);
    }
}

static void test_estimate_within_its_error(void **state)
{
    const uint32_t sizes[] = {300, 1000, 2500, 3000, 10000, 100000};
    double worst = 0;

    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        double squares = 0;

        for (uint64_t secret = 0; secret < 30; secret++) {
            struct distinct distinct = {0};
            double error;

            for (uint32_t i = 0; i < sizes[s]; i++)
                distinct_add(&distinct, distinct_tag(voice_of(i + 1), secret * 977 + s));
            error = distinct_estimate(&distinct) / (double)sizes[s] - 1;
            squares += error * error;
            distinct_free(&distinct);
        }
        worst = fmax(worst, sqrt(squares / 30));
    }
    print_message("# measured: HyperLogLog p=10, worst relative error (rms) %.3f\n", worst);
    assert_true(worst < 0.05);
}

static void test_order_and_repeats_do_not_matter(void **state)
{
    struct distinct forward = {0}, backward = {0};

    (void)state;
    for (uint32_t i = 0; i < 3000; i++) {
        distinct_add(&forward, distinct_tag(voice_of(i), 3));
        distinct_add(&backward, distinct_tag(voice_of(2999 - i), 3));
        distinct_add(&backward, distinct_tag(voice_of(2999 - i / 2), 3));
    }
    assert_memory_equal(forward.registers, backward.registers, DISTINCT_REGISTERS);
    distinct_free(&forward);
    distinct_free(&backward);
}

/* The tag is SipHash-2-4 with the secret as the first half of the key. */
static void test_tag_is_siphash(void **state)
{
    unsigned char key[16] = {0}, message[16], out[8];
    struct rng rng;

    (void)state;
    rng_seed(&rng, 5);
    for (int i = 0; i < 100; i++) {
        uint64_t secret = rng_next(&rng), tag;
        struct voice voice = {{rng_next(&rng), rng_next(&rng)}, true};

        memcpy(key, &secret, 8);
        memcpy(message, voice.h, 16);
        crypto_shorthash(out, message, 16, key);
        memcpy(&tag, out, 8);
        assert_true(tag == distinct_tag(voice, secret));
    }
}

/* No simple relation joins the tags of one person in two cells. */
static void test_cells_cannot_be_joined(void **state)
{
    uint64_t difference = distinct_tag(voice_of(1), 11) - distinct_tag(voice_of(1), 12);
    uint64_t toggled = distinct_tag(voice_of(1), 11) ^ distinct_tag(voice_of(1), 12);

    (void)state;
    for (uint64_t i = 2; i < 1000; i++) {
        uint64_t a = distinct_tag(voice_of(i), 11), b = distinct_tag(voice_of(i), 12);

        assert_true(a - b != difference && (a ^ b) != toggled && a != b);
    }
}

/* Packed and taken back, a set goes on as if nothing had been; its length tells how often somebody
 * was added, and nothing else. */
static void test_packed_goes_on(void **state)
{
    static const uint32_t sizes[] = {0, 1, 3, 200, 255, 256, 257, 900, 4000};
    unsigned char bytes[DISTINCT_EXACT * 8 + 64];

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct distinct before = {0}, after = {0};
        uint32_t most = sizes[i] + 3;

        for (uint32_t who = 0; who < sizes[i]; who++)
            assert_true(distinct_add(&before, distinct_tag(voice_of(who), 3)));
        assert_true(distinct_packed(most) <= sizeof bytes);
        distinct_pack(&before, most, bytes);
        assert_true(distinct_unpack(&after, most, bytes));
        for (uint32_t who = 0; who < 2 * sizes[i] + 2; who++) {
            assert_true(distinct_add(&before, distinct_tag(voice_of(who), 3)));
            assert_true(distinct_add(&after, distinct_tag(voice_of(who), 3)));
            assert_int_equal(distinct_floor(&before), distinct_floor(&after));
        }
        assert_int_equal(distinct_estimate(&before), distinct_estimate(&after));
        distinct_free(&before);
        distinct_free(&after);
    }
    memset(bytes, 0xFF, sizeof bytes);
    assert_false(distinct_unpack(&(struct distinct){0}, 40, bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_up_to_256),
        cmocka_unit_test(test_floor_never_exceeds_the_truth),
        cmocka_unit_test(test_estimate_within_its_error),
        cmocka_unit_test(test_order_and_repeats_do_not_matter),
        cmocka_unit_test(test_tag_is_siphash),
        cmocka_unit_test(test_cells_cannot_be_joined),
        cmocka_unit_test(test_packed_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
