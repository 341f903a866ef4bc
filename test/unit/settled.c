/* settled.c - fingerprints of tags: none is missed, and as few are taken for another as the head of
 * settled.h says. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/rng.h"
#include "store/settled.h"

enum { TAGS = 120000, ASKED = 4000000 };

static struct settled_tag tags[TAGS];
static struct stretch stretches[2000];

/* So many tags, in stretches of equal length. */
static struct settled *make(struct rng *rng, size_t n, size_t stretch_count)
{
    size_t length = (n + stretch_count - 1) / stretch_count;

    for (size_t i = 0; i < stretch_count; i++)
        stretches[i] =
            (struct stretch){.first = 1 + i * length, .last = (i + 1) * length, .tags = length};
    for (size_t i = 0; i < n; i++)
        tags[i] = (struct settled_tag){rng_next(rng), (uint32_t)(i / length)};
    return settled_make(tags, n, stretches, stretch_count);
}

static void test_none_is_missed(void **state)
{
    static const size_t counts[] = {1, 2, 3, 63, 256, 257, 2000};
    struct rng rng;

    (void)state;
    rng_seed(&rng, 1);
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        struct settled *settled = make(&rng, TAGS, counts[k]);

        assert_non_null(settled);
        for (size_t i = 0; i < TAGS; i++) {
            const struct stretch *stretch;
            bool found = false;

            for (size_t at = 0; (stretch = settled_find(settled, tags[i].half, &at));)
                found |= stretch->first <= i + 1 && i + 1 <= stretch->last;
            assert_true(found);
        }
        settled_free(settled);
    }
}

static void test_none_at_all(void **state)
{
    struct settled *settled = settled_make(tags, 0, stretches, 1);
    size_t at = 0;

    (void)state;
    assert_non_null(settled);
    assert_null(settled_find(settled, 0, &at));
    at = 0;
    assert_null(settled_find(settled, UINT64_MAX, &at));
    settled_free(settled);
}

/* 16 / 2^(24 - bits of the stretches) a look-up: 244 and 977 of 4,000,000 are awaited. */
static void test_few_are_taken_for_another(void **state)
{
    static const struct {
        size_t stretches, least, most;
    } cases[] = {{64, 170, 320}, {2000, 830, 1120}};
    struct rng rng;

    (void)state;
    rng_seed(&rng, 2);
    for (size_t k = 0; k < 2; k++) {
        struct settled *settled = make(&rng, TAGS, cases[k].stretches);
        size_t taken = 0;

        assert_non_null(settled);
        for (size_t i = 0; i < ASKED; i++)
            for (size_t at = 0; settled_find(settled, rng_next(&rng), &at); taken++)
                ;
        print_message("%zu stretches: %zu of %d are taken for another\n", cases[k].stretches, taken,
                      (int)ASKED);
        assert_in_range(taken, cases[k].least, cases[k].most);
        settled_free(settled);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_none_is_missed),
        cmocka_unit_test(test_none_at_all),
        cmocka_unit_test(test_few_are_taken_for_another),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
