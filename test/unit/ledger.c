/* ledger.c - the chain of the log: order, mutation, and the leaf before the effect. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ledger/ledger.h"

#include <stdlib.h>
#include <string.h>

enum { LEAVES = 12 };

static struct ledger_leaf kept[LEAVES + 1];
static char details[LEAVES + 1][64];
static size_t kept_count;
static enum rc sink_says;
static struct err err;

static enum rc keep(void *context, const struct ledger_leaf *leaf, struct err *failure)
{
    (void)context;
    if (sink_says != RC_OK)
        return err_set(failure, sink_says, "no room for leaf %d", (int)leaf->index);
    kept[kept_count] = *leaf;
    memcpy(details[kept_count], leaf->detail.p, leaf->detail.n);
    kept[kept_count].detail.p = details[kept_count];
    kept_count++;
    return RC_OK;
}

static struct ledger written(void)
{
    struct ledger ledger = {.sink = keep};

    kept_count = 0;
    sink_says = RC_OK;
    for (int i = 0; i < LEAVES; i++)
        assert_int_equal(ledger_append(&ledger, 1000 + i, (enum ledger_action)(i % LEDGER_ACTIONS),
                                       i % 3 ? STR("bảng=truyện hàng=12") : STR(""), &err),
                         RC_OK);
    return ledger;
}

/* Whether a chain with leaf `at` replaced, or `left` leaves long, is what `ledger` says. */
static bool accepted(const struct ledger *ledger, size_t at, const struct ledger_leaf *changed,
                     size_t left)
{
    struct ledger chain = {0};

    for (size_t i = 0; i < left; i++)
        if (ledger_verify_next(&chain, i == at ? changed : &kept[i], &err) != RC_OK)
            return false;
    return chain.length == ledger->length && memcmp(chain.head, ledger->head, LEDGER_HASH) == 0;
}

static void test_chain_holds(void **state)
{
    struct ledger ledger = written();

    (void)state;
    assert_int_equal(ledger.length, LEAVES);
    assert_true(accepted(&ledger, 0, &kept[0], LEAVES));
    for (size_t left = 0; left < LEAVES; left++)
        assert_false(accepted(&ledger, 0, &kept[0], left));
}

static void test_every_changed_bit_is_noticed(void **state)
{
    struct ledger ledger = written();

    (void)state;
    for (size_t at = 0; at < LEAVES; at++) {
        struct ledger_leaf changed = kept[at];

        for (size_t bit = 0; bit < 8 * (size_t)LEDGER_HASH; bit++) {
            changed.hash[bit / 8] ^= (unsigned char)(1u << bit % 8);
            assert_false(accepted(&ledger, at, &changed, LEAVES));
            changed = kept[at];
        }
        for (size_t bit = 0; bit < 8 * kept[at].detail.n; bit++) {
            char copy[64];

            memcpy(copy, kept[at].detail.p, kept[at].detail.n);
            copy[bit / 8] = (char)(copy[bit / 8] ^ (1 << bit % 8));
            changed.detail.p = copy;
            assert_false(accepted(&ledger, at, &changed, LEAVES));
            changed = kept[at];
        }
        for (int bit = 0; bit < 64; bit++) {
            changed.time = (int64_t)((uint64_t)changed.time ^ UINT64_C(1) << bit);
            assert_false(accepted(&ledger, at, &changed, LEAVES));
            changed = kept[at];
            changed.index ^= UINT64_C(1) << bit;
            assert_false(accepted(&ledger, at, &changed, LEAVES));
            changed = kept[at];
        }
        changed.action = (enum ledger_action)((kept[at].action + 1) % LEDGER_ACTIONS);
        assert_false(accepted(&ledger, at, &changed, LEAVES));
        assert_false(accepted(&ledger, at, &kept[(at + 1) % LEAVES], LEAVES));
    }
}

/* A leaf made again with its hash: the ones behind it do not follow. */
static void test_a_leaf_written_again_is_noticed(void **state)
{
    struct ledger ledger = written();

    (void)state;
    for (size_t at = 0; at < LEAVES; at++) {
        struct ledger_leaf changed = kept[at];
        static const unsigned char none[LEDGER_HASH];

        changed.time++;
        ledger_hash(at ? kept[at - 1].hash : none, &changed, changed.hash);
        assert_false(accepted(&ledger, at, &changed, LEAVES));
    }
}

static void test_without_a_sink_nothing_moves(void **state)
{
    struct ledger ledger = written(), before = ledger;

    (void)state;
    sink_says = RC_FULL;
    assert_int_equal(ledger_append(&ledger, 1, LEDGER_SEARCH, STR("x"), &err), RC_FULL);
    assert_int_equal(ledger.length, before.length);
    assert_memory_equal(ledger.head, before.head, LEDGER_HASH);
}

static enum rc busy(void *context, struct ledger *ledger, struct err *failure)
{
    (void)context;
    ledger->length = 7;
    return err_set(failure, RC_AGAIN, "busy");
}

static void test_prepare_comes_first(void **state)
{
    struct ledger ledger = written();

    (void)state;
    ledger.prepare = busy;
    assert_int_equal(ledger_append(&ledger, 1, LEDGER_SEARCH, STR("x"), &err), RC_AGAIN);
    assert_int_equal(kept_count, LEAVES);
}

static void test_commitments(void **state)
{
    unsigned char salt[16] = {1, 2, 3};
    char one[65], again[65], other[65];

    (void)state;
    ledger_commitment(STR("mất nước"), salt, one);
    ledger_commitment(STR("mất nước"), salt, again);
    assert_string_equal(one, again);
    assert_int_equal(strlen(one), 64);
    salt[15] = 9;
    ledger_commitment(STR("mất nước"), salt, other);
    assert_string_not_equal(one, other);
    ledger_commitment(STR("mất điện"), salt, again);
    assert_string_not_equal(again, other);
}

static void test_names(void **state)
{
    (void)state;
    for (int i = 0; i < LEDGER_ACTIONS; i++)
        for (int j = 0; j < i; j++)
            assert_string_not_equal(ledger_action_name((enum ledger_action)i),
                                    ledger_action_name((enum ledger_action)j));
    assert_string_equal(ledger_action_name(LEDGER_CHANGE), "change");
    assert_string_equal(ledger_action_name(LEDGER_PURGE), "purge");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chain_holds),
        cmocka_unit_test(test_every_changed_bit_is_noticed),
        cmocka_unit_test(test_a_leaf_written_again_is_noticed),
        cmocka_unit_test(test_without_a_sink_nothing_moves),
        cmocka_unit_test(test_prepare_comes_first),
        cmocka_unit_test(test_commitments),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
