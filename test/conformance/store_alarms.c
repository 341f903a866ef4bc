/* store_alarms.c - whether an alarm was right, as every backend keeps it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "run/store_fixture.h"

static struct arena arena;
static struct settings settings;
static struct store *store;
static struct err err;

static void open_store(const char *where)
{
    arena_init(&arena, "process", 64 << 20);
    settings = fixture_settings();
    if (store_open(str_of(where), STORE_WRITE, &settings, &arena, &store, &err) != RC_OK)
        fail_msg("%s", err.text);
}

static void close_store(void)
{
    store->driver->close(store);
    arena_free(&arena);
}

static const struct alarm *only_alarm(void)
{
    struct alarm_list found;

    assert_int_equal(
        store->driver->alarms(store, (struct span){0, INT64_MAX}, &arena, &found, &err), RC_OK);
    assert_int_equal(found.n, 1);
    return found.v;
}

/* The rule's verdict, and the threshold that follows from it, come with a commit. */
static void judge_by_rule(void)
{
    const struct alarm alarm = {.id = 7,
                                .known = 5,
                                .window = WINDOW_DAY,
                                .start = 1,
                                .topic = 1,
                                .doubt = 0.125,
                                .q_max = 0.02,
                                .ratio_min = 1.5};
    const struct alarm_judgement judgement = {7, VERDICT_WRONG};
    const struct moved_setting moved = {STR("q_max_day"), 10000};
    const struct commit fired = {.now = FIXTURE_NOW, .alarms = &alarm, .alarm_count = 1};
    const struct commit judged = {.now = FIXTURE_NOW,
                                  .judgements = &judgement,
                                  .judgement_count = 1,
                                  .settings = &moved,
                                  .setting_count = 1};
    int64_t value;

    assert_int_equal(store->driver->commit(store, &fired, &err), RC_OK);
    assert_int_equal(alarm_verdict(only_alarm()), VERDICT_NONE);
    assert_true(only_alarm()->doubt == 0.125 && only_alarm()->q_max == 0.02 &&
                only_alarm()->ratio_min == 1.5);
    assert_int_equal(store->driver->commit(store, &judged, &err), RC_OK);
    assert_int_equal(alarm_verdict(only_alarm()), VERDICT_WRONG);
    assert_int_equal(store->driver->setting(store, STR("q_max_day"), &value, &err), RC_OK);
    assert_int_equal(value, 10000);
}

/* The desk's word goes before it and leaves its trace; an alarm that is none leaves none. */
static void judge_by_desk(void)
{
    struct leaf_list leaves;
    uint64_t length;

    assert_int_equal(store->driver->judge(store, 7, VERDICT_RIGHT, FIXTURE_NOW, &err), RC_OK);
    length = store->ledger.length;
    assert_int_equal(store->driver->leaves(store, length - 1, 1, &arena, &leaves, &err), RC_OK);
    assert_int_equal(leaves.v[0].action, LEDGER_JUDGE);
    assert_true(str_eq(leaves.v[0].detail, STR("alarm=7 verdict=right by=desk")));
    assert_int_equal(alarm_verdict(only_alarm()), VERDICT_RIGHT);
    assert_int_equal(only_alarm()->verdict, VERDICT_WRONG);
    assert_int_equal(store->driver->judge(store, 7, VERDICT_NONE, FIXTURE_NOW, &err), RC_OK);
    assert_int_equal(alarm_verdict(only_alarm()), VERDICT_WRONG);
    length = store->ledger.length;
    assert_int_equal(store->driver->judge(store, 8, VERDICT_RIGHT, FIXTURE_NOW, &err), RC_ABSENT);
    assert_int_equal(store->ledger.length, length);
}

static void test_memory(void **state)
{
    (void)state;
    open_store(":memory:");
    judge_by_rule();
    judge_by_desk();
    close_store();
}

static void test_sqlite(void **state)
{
    char folder[64], file[80];

    (void)state;
    fixture_folder(folder);
    snprintf(file, sizeof file, "%s/a.db", folder);
    open_store(file);
    judge_by_rule();
    judge_by_desk();
    assert_int_equal(store->driver->judge(store, 7, VERDICT_UNSURE, FIXTURE_NOW, &err), RC_OK);
    close_store();
    open_store(file);
    assert_int_equal(alarm_verdict(only_alarm()), VERDICT_UNSURE);
    close_store();
    fixture_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_memory),
                                       cmocka_unit_test(test_sqlite)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
