/* export.c - what an export writes, what it never writes, and what a spreadsheet may not run. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "publish/export.h"
#include "publish/sheet.h"
#include "run/told_city.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const tables[] = {"releases", "stories", "publications", "alarms",
                                     "coverage", "ledger",  "configuration"};
enum { TABLES = sizeof tables / sizeof *tables };

struct exported {
    char folder[64];
    struct buf files[TABLES + 1]; /* the last: manifest.json */
    struct export_totals totals;
    struct told_city *city;
};

static void read_file(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "rb");
    size_t n;

    buf_init(out, 8 << 20);
    assert_non_null(file);
    do {
        char *end = buf_reserve(out, 65536);

        assert_non_null(end);
        n = fread(end, 1, 65536, file);
        out->n += n;
        end[n] = '\0';
    } while (n);
    fclose(file);
}

static void export_city(struct exported *exported, struct told_city *city, bool csv)
{
    struct export_options options = {exported->folder, csv, city->now};
    struct arena job;
    struct err err;
    char path[128];

    exported->city = city;
    snprintf(exported->folder, sizeof exported->folder, "/tmp/sdg-export-XXXXXX");
    assert_non_null(mkdtemp(exported->folder));
    arena_init(&job, "job", 64 << 20);
    if (export_write(&city->store, &city->settings, &options, &job, &exported->totals, &err) !=
        RC_OK)
        fail_msg("%s", err.text);
    arena_free(&job);
    for (int i = 0; i <= TABLES; i++) {
        snprintf(path, sizeof path, "%s/%s.%s", exported->folder,
                 i < TABLES ? tables[i] : "manifest",
                 i == TABLES ? "json"
                 : csv       ? "csv"
                             : "jsonl");
        read_file(path, &exported->files[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(exported->folder), 0); /* nothing else was left there */
}

static void drop(struct exported *exported)
{
    for (int i = 0; i <= TABLES; i++)
        buf_free(&exported->files[i]);
    city_free(exported->city);
}

static bool says(const struct buf *file, const char *what)
{
    return str_find(buf_str(file), str_of(what)) < file->n;
}

static size_t lines_of(const struct buf *file)
{
    size_t n = 0;

    for (size_t i = 0; i < file->n; i++)
        n += file->p[i] == '\n';
    return n;
}

static void test_tables_are_complete(void **state)
{
    struct exported exported;

    (void)state;
    export_city(&exported, city_new(0, true), false);
    assert_int_equal(exported.totals.tables, TABLES);
    assert_int_equal(lines_of(&exported.files[0]), exported.city->days.n + exported.city->weeks.n);
    assert_int_equal(lines_of(&exported.files[1]), 3); /* the story of fewer than k is not there */
    assert_int_equal(lines_of(&exported.files[2]), 2);
    assert_int_equal(lines_of(&exported.files[3]), exported.city->alarms.n);
    assert_int_equal(lines_of(&exported.files[4]), exported.city->coverage.n);
    assert_int_equal(lines_of(&exported.files[5]), 1);
    assert_true(says(&exported.files[5], "\"action\":\"export\""));
    assert_true(says(&exported.files[1], "\"phrases\":[\"nước đục\",\"mùi tanh như bùn\"]"));
    assert_true(says(&exported.files[3], "\"q_at_most\":0.001"));
    drop(&exported);
}

/* Everything below k is changed: no table may know, but the log's hash chain stays as it was. */
static void test_nothing_below_k(void **state)
{
    (void)state;
    for (int csv = 0; csv < 2; csv++) {
        struct exported a, b;

        export_city(&a, city_new(0, true), csv);
        export_city(&b, city_new(3, true), csv);
        for (int i = 0; i <= TABLES; i++) {
            assert_int_equal(a.files[i].n, b.files[i].n);
            assert_memory_equal(a.files[i].p, b.files[i].p, a.files[i].n);
            assert_false(says(&a.files[i], "đầu hẻm"));
            assert_false(says(&a.files[i], "loa kéo"));
        }
        drop(&a);
        drop(&b);
    }
}

static void add_alarm(struct told_city *city, enum window window, int64_t start,
                      struct cell_key key)
{
    *vec_push(&city->alarms, &city->arena) =
        (struct alarm){.id = city->alarms.n,
                       .known = start + window_length(window) + HOUR_MS,
                       .window = window,
                       .start = start,
                       .place = key.place,
                       .topic = key.topic,
                       .story = key.story,
                       .observed = 37,
                       .expected = 24,
                       .q = 0.0004,
                       .sources = 3};
}

/* Every alarm stands in the next export, with the time it was known; of an hour, of five minutes,
 * of a day that has not ended and of a hidden cell without a number (PRIVACY P4, P10). */
static void test_every_alarm_with_its_time(void **state)
{
    static const char *const rows[] = {
        "\"known\":\"2026-03-22T12:00:00+07:00\",\"window\":\"hour\","
        "\"start\":\"2026-03-22T10:00:00+07:00\",\"place\":\"BT\",\"topic\":\"water\","
        "\"story\":null,\"observed\":null,\"expected\":null,\"sources\":null,"
        "\"q_at_most\":0.001,\"replayed\":false",
        "\"known\":\"2026-03-23T06:05:00+07:00\",\"window\":\"5min\","
        "\"start\":\"2026-03-23T05:00:00+07:00\",\"place\":\"BT\",\"topic\":\"water\","
        "\"story\":null,\"observed\":null,\"expected\":null",
        "\"window\":\"hour\",\"start\":\"2026-03-23T04:00:00+07:00\",\"place\":null,"
        "\"topic\":null,\"story\":7,\"observed\":null,\"expected\":null",
        /* of a ward whose day is hidden */
        "\"known\":\"2026-03-23T01:00:00+07:00\",\"window\":\"day\","
        "\"start\":\"2026-03-22T00:00:00+07:00\",\"place\":\"C1\",\"topic\":\"road\","
        "\"story\":null,\"observed\":null,\"expected\":null"};
    struct told_city *city = city_new(0, true);
    int64_t today = city->first + CITY_DAYS * DAY_MS;
    struct exported exported;

    (void)state;
    add_alarm(city, WINDOW_HOUR, today - 14 * HOUR_MS, (struct cell_key){.place = 1, .topic = 1});
    add_alarm(city, WINDOW_5MIN, today + 5 * HOUR_MS, (struct cell_key){.place = 1, .topic = 1});
    add_alarm(city, WINDOW_HOUR, today + 4 * HOUR_MS, (struct cell_key){.story = 7});
    export_city(&exported, city, false);
    assert_int_equal(lines_of(&exported.files[3]), city->alarms.n);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!says(&exported.files[3], rows[i]))
            fail_msg("no row says %s", rows[i]);
    drop(&exported);
}

/* A story's first and last item have a time of day; an export knows days alone. */
static void test_no_time_of_an_item(void **state)
{
    struct exported exported;

    (void)state;
    export_city(&exported, city_new(0, true), false);
    assert_true(says(&exported.files[1], "\"first_day\":\"2026-03-16\""));
    assert_false(says(&exported.files[1], "T"));
    drop(&exported);
}

static void test_manifest_tells_digests(void **state)
{
    struct exported exported;

    (void)state;
    export_city(&exported, city_new(0, true), false);
    for (int i = 0; i < TABLES; i++) {
        struct hash128 hash = hash128_bytes(buf_str(&exported.files[i]), 0);
        char entry[256];

        snprintf(entry, sizeof entry,
                 "{\"file\":\"%s.jsonl\",\"rows\":%zu,\"bytes\":%zu,\"xxh3_128\":"
                 "\"%016llx%016llx\"}",
                 tables[i], lines_of(&exported.files[i]), exported.files[i].n,
                 (unsigned long long)hash.high, (unsigned long long)hash.low);
        if (!says(&exported.files[TABLES], entry))
            fail_msg("the manifest lacks %s", entry);
    }
    drop(&exported);
}

static void test_formulas_are_guarded(void **state)
{
    struct exported exported;
    struct told_city *city = city_new(0, true);

    (void)state;
    city_publication(city, 7, "=HYPERLINK(\"http://x.example\",\"nước\")", "@x");
    city_publication(city, 7, "-1 độ, \"lạnh\"\r\nhôm nay", "+84");
    export_city(&exported, city, true);
    assert_true(says(&exported.files[2], "\"'=HYPERLINK(\"\"http://x.example\"\",\"\"nước\"\")\""));
    assert_true(says(&exported.files[2], "\"'@x\""));
    assert_true(says(&exported.files[2], "\"'+84\""));
    assert_true(says(&exported.files[2], "\"'-1 độ, \"\"lạnh\"\"\r\nhôm nay\""));
    assert_true(says(&exported.files[0], "window,start,place,topic,shown,k,voices,"));
    assert_true(says(&exported.files[0], ",below,20,,,,,,false\r\n"));
    drop(&exported);
}

static void test_refuses(void **state)
{
    struct told_city *city = city_new(0, true);
    struct export_options options = {NULL, true, city->now};
    struct export_totals totals;
    struct arena job;
    struct err err;

    (void)state;
    arena_init(&job, "job", 64 << 20);
    assert_int_equal(export_write(&city->store, &city->settings, &options, &job, &totals, &err),
                     RC_USAGE);
    options.folder = "/proc/no-such-folder/here";
    assert_int_equal(export_write(&city->store, &city->settings, &options, &job, &totals, &err),
                     RC_USAGE);
    options.folder = "/tmp";
    city->settings.retention_days = 0; /* the log refuses: nothing is written */
    assert_int_equal(export_write(&city->store, &city->settings, &options, &job, &totals, &err),
                     RC_FULL);
    assert_int_equal(totals.rows, 0);
    arena_free(&job);
    city_free(city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_alarm_with_its_time),
        cmocka_unit_test(test_tables_are_complete),
        cmocka_unit_test(test_nothing_below_k),
        cmocka_unit_test(test_no_time_of_an_item),
        cmocka_unit_test(test_manifest_tells_digests),
        cmocka_unit_test(test_formulas_are_guarded),
        cmocka_unit_test(test_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
