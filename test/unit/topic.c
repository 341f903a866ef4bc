/* topic.c - the tables of services and units, and the registered sources. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "model/settings.h"
#include "model/topic.h"

#include <stdio.h>
#include <string.h>

static const char services[] = "code\tvi\ten\tphrases\n"
                               "bridge\tCầu\tBridges\tcầu sập|cầu rung\n"
                               "ferry\tPhà\tFerries\tphà trễ\n";
static const char offices[] = "code\tvi\ten\ttopics\n"
                              "ben\tBến bãi\tPiers\tferry\n"
                              "cau\tĐội cầu\tBridge crew\tbridge, ferry\n";

static void test_reads_tables(void **state)
{
    struct arena process;
    struct topics topics;
    struct units units;
    struct err err;

    (void)state;
    arena_init(&process, "process", 1 << 20);
    assert_int_equal(topics_read(str_of(services), &process, &topics, &err), RC_OK);
    assert_int_equal(topics.n, 3);
    assert_int_equal(topic_find(&topics, STR("ferry")), 2);
    assert_int_equal(topic_find(&topics, STR("tram")), 0);
    assert_int_equal(topic_find(&topics, STR("")), 0);
    assert_true(str_eq(topics.topics[1].phrases, STR("cầu sập|cầu rung")));
    assert_int_equal(topics.topics[0].code.n, 0);
    assert_int_equal(units_read(str_of(offices), &topics, &process, &units, &err), RC_OK);
    assert_int_equal(units.n, 3);
    assert_int_equal(unit_of_topic(&units, &topics, topic_find(&topics, STR("bridge"))), 2);
    assert_int_equal(unit_of_topic(&units, &topics, topic_find(&topics, STR("ferry"))), 1);
    assert_int_equal(unit_of_topic(&units, &topics, 0), 0);
    arena_free(&process);
}

static void bad_topics(const char *table, const char *message)
{
    struct arena process;
    struct topics topics = {NULL, 9};
    struct err err = {0};

    arena_init(&process, "process", 1 << 20);
    assert_int_equal(topics_read(str_of(table), &process, &topics, &err), RC_BAD);
    assert_non_null(strstr(err.text, message));
    assert_int_equal(topics.n, 9);
    arena_free(&process);
}

static void test_bad_tables(void **state)
{
    struct arena process;
    struct topics topics;
    struct units units = {NULL, 9};
    struct err err = {0};
    char many[4096];
    int n = snprintf(many, sizeof many, "code\tvi\ten\tphrases\n");

    (void)state;
    for (int i = 0; i < TOPICS_MAX; i++)
        n += snprintf(many + n, sizeof many - (size_t)n, "t%d\ta\tb\tc\n", i);
    bad_topics(many, "at most 63");
    bad_topics("code\tvi\n", "no column");
    bad_topics("code\tvi\ten\tphrases\n-\tCầu\tBridges\tx\n", "line 2: the code is empty");
    bad_topics("code\tvi\ten\tphrases\na\tb\tc\td\na\tb\tc\td\n", "line 3: the code stands twice");
    arena_init(&process, "process", 1 << 20);
    assert_int_equal(topics_read(str_of(services), &process, &topics, &err), RC_OK);
    assert_int_equal(
        units_read(STR("code\tvi\ten\ttopics\nx\ty\tz\ttram\n"), &topics, &process, &units, &err),
        RC_BAD);
    assert_non_null(strstr(err.text, "units: line 2: a topic"));
    assert_int_equal(units.n, 9);
    arena_free(&process);
}

static void test_finds_sources(void **state)
{
    struct source_settings sources[] = {{.name = STR("file")}, {.name = STR("hotline")}};
    struct settings settings = {.sources = sources, .source_count = 2};

    (void)state;
    assert_int_equal(settings_source(&settings, STR("hotline")), 1);
    assert_int_equal(settings_source(&settings, STR("file")), 0);
    assert_int_equal(settings_source(&settings, STR("radio")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_tables),
        cmocka_unit_test(test_bad_tables),
        cmocka_unit_test(test_finds_sources),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
