/* store_windows.c - every registered store: what lies sealed of open windows comes back byte for
 * byte, is replaced, goes at the close, and leaves nothing in the files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "run/store_fixture.h"
#include "store/backend.h"

#include <dirent.h>

struct desk {
    const struct store_backend *backend;
    char folder[64], file[128];
    struct arena process;
    struct settings settings;
    struct store *store;
};

static struct err err;

static void open_it(struct desk *desk)
{
    assert_int_equal(store_open(str_of(desk->file), STORE_WRITE, &desk->settings, &desk->process,
                                &desk->store, &err),
                     RC_OK);
}

/* Whether it outlives its process; if so it is opened anew. */
static bool restart(struct desk *desk)
{
    if (strcmp(desk->backend->name, "mem") == 0)
        return false;
    desk->store->driver->close(desk->store);
    open_it(desk);
    return true;
}

static int set_up(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);

    desk->backend = *state;
    desk->settings = fixture_settings();
    fixture_folder(desk->folder);
    snprintf(desk->file, sizeof desk->file, "%s/soundings.db", desk->folder);
    if (strcmp(desk->backend->name, "mem") == 0)
        snprintf(desk->file, sizeof desk->file, ":memory:");
    arena_init(&desk->process, "process", 256 * 1024 * 1024);
    open_it(desk);
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;

    desk->store->driver->close(desk->store);
    arena_free(&desk->process);
    fixture_remove(desk->folder);
    free(desk);
    return 0;
}

/* A writer of chunks that were made before. */
struct made {
    struct held_chunk chunks[8];
    size_t n, at;
};

static bool next_made(void *context, struct held_chunk *out)
{
    struct made *made = context;

    if (made->at == made->n)
        return false;
    *out = made->chunks[made->at++];
    return true;
}

static enum rc try_to_keep(struct desk *desk, struct made made, const struct held_window *closed,
                           size_t n, const struct release_row *release)
{
    struct held_writer writer = {.next = next_made, .context = &made};
    struct commit commit = {.now = FIXTURE_NOW,
                            .held = &writer,
                            .closed = closed,
                            .closed_count = n,
                            .releases = release,
                            .release_count = release != NULL};

    return desk->store->driver->commit(desk->store, &commit, &err);
}

static void keep(struct desk *desk, struct made made)
{
    assert_int_equal(try_to_keep(desk, made, NULL, 0, NULL), RC_OK);
}

static enum rc add_to_list(void *context, const struct held_chunk *chunk, struct err *unused)
{
    char *list = context;

    (void)unused;
    snprintf(list + strlen(list), 256 - strlen(list), "%s %lld %u %.*s|",
             window_name(chunk->of.window), (long long)chunk->of.start, chunk->part,
             STR_ARG(chunk->sealed));
    return RC_OK;
}

static void expect(struct desk *desk, const char *expected)
{
    char list[256] = "";

    assert_int_equal(desk->store->driver->held(desk->store, add_to_list, list, &err), RC_OK);
    assert_string_equal(list, expected);
}

static struct held_chunk chunk(enum window window, int64_t start, uint32_t part, const char *sealed)
{
    return (struct held_chunk){{window, start}, part, str_of(sealed)};
}

static void test_comes_back_in_order(void **state)
{
    struct desk *desk = *state;

    expect(desk, "");
    keep(desk, (struct made){{chunk(WINDOW_WEEK, 7, 0, "tuan"), chunk(WINDOW_DAY, 7, 0, "ngay"),
                              chunk(WINDOW_DAY, 7, 1, "dem"), chunk(WINDOW_DAY, 5, 0, "xua")},
                             .n = 4});
    expect(desk, "day 5 0 xua|day 7 0 ngay|day 7 1 dem|week 7 0 tuan|");
    if (restart(desk))
        expect(desk, "day 5 0 xua|day 7 0 ngay|day 7 1 dem|week 7 0 tuan|");
}

static void test_part_0_replaces(void **state)
{
    struct desk *desk = *state;

    keep(desk, (struct made){{chunk(WINDOW_DAY, 7, 0, "a"), chunk(WINDOW_DAY, 7, 1, "b"),
                              chunk(WINDOW_DAY, 8, 0, "c")},
                             .n = 3});
    keep(desk, (struct made){{chunk(WINDOW_DAY, 7, 0, "d")}, .n = 1});
    expect(desk, "day 7 0 d|day 8 0 c|");
    assert_int_equal(try_to_keep(desk, (struct made){.n = 0},
                                 (struct held_window[]){{WINDOW_DAY, 7}, {WINDOW_WEEK, 9}}, 2,
                                 NULL),
                     RC_OK);
    expect(desk, "day 8 0 c|");
}

/* A commit that fails leaves what lay there. */
static void test_all_or_nothing(void **state)
{
    struct desk *desk = *state;
    const struct release_row row = {.key = {.window = WINDOW_DAY, .place = 1}, .k = 20};
    const struct held_window closed = {WINDOW_DAY, 7};

    keep(desk, (struct made){{chunk(WINDOW_DAY, 7, 0, "a")}, .n = 1});
    assert_int_equal(try_to_keep(desk, (struct made){.n = 0}, NULL, 0, &row), RC_OK);
    assert_int_equal(
        try_to_keep(desk, (struct made){{chunk(WINDOW_DAY, 8, 0, "b")}, .n = 1}, &closed, 1, &row),
        RC_BROKEN);
    expect(desk, "day 7 0 a|");
}

static void test_a_number_of_its_own(void **state)
{
    struct desk *desk = *state;
    struct store_counters counters;
    uint64_t first;

    assert_int_equal(desk->store->driver->counters(desk->store, &counters, &err), RC_OK);
    first = counters.database;
    if (!restart(desk)) {
        assert_int_equal(first, 0);
        return;
    }
    assert_true(first != 0);
    assert_int_equal(desk->store->driver->counters(desk->store, &counters, &err), RC_OK);
    assert_true(counters.database == first);
    snprintf(desk->file, sizeof desk->file, "%s/second.db", desk->folder);
    restart(desk);
    assert_int_equal(desk->store->driver->counters(desk->store, &counters, &err), RC_OK);
    assert_true(counters.database != first);
}

/* How often the mark stands in the files of the folder. */
static size_t occurrences(const char *folder, const char *mark)
{
    static char bytes[16 * 1024 * 1024];
    const struct dirent *entry;
    DIR *files = opendir(folder);
    size_t found = 0;

    while ((entry = readdir(files))) {
        char path[512];
        FILE *in;
        size_t n;

        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        in = entry->d_name[0] == '.' ? NULL : fopen(path, "r");
        if (!in)
            continue;
        n = fread(bytes, 1, sizeof bytes, in);
        fclose(in);
        for (const char *at = bytes;
             (at = memmem(at, n - (size_t)(at - bytes), mark, strlen(mark))); at++)
            found++;
    }
    closedir(files);
    return found;
}

static void test_nothing_is_left(void **state)
{
    struct desk *desk = *state;
    const struct held_window closed = {WINDOW_DAY, 7};
    char *long_one = malloc(200001);

    for (size_t i = 0; i < 200000; i++)
        long_one[i] = "KIN-DAU-"[i % 8];
    long_one[200000] = 0;
    keep(desk, (struct made){{chunk(WINDOW_DAY, 7, 0, long_one)}, .n = 1});
    if (restart(desk))
        assert_true(occurrences(desk->folder, "KIN-DAU-KIN-DAU-") > 1000);
    assert_int_equal(try_to_keep(desk, (struct made){.n = 0}, &closed, 1, NULL), RC_OK);
    restart(desk);
    assert_int_equal(occurrences(desk->folder, "KIN-DAU-KIN-DAU-"), 0);
    free(long_one);
}

int main(void)
{
    static const struct CMUnitTest cases[] = {
        cmocka_unit_test(test_comes_back_in_order), cmocka_unit_test(test_part_0_replaces),
        cmocka_unit_test(test_all_or_nothing),      cmocka_unit_test(test_a_number_of_its_own),
        cmocka_unit_test(test_nothing_is_left),
    };
    enum { CASES = sizeof cases / sizeof *cases, BACKENDS = 8 };
    static struct CMUnitTest all[CASES * BACKENDS];
    size_t n = 0;

    for (size_t b = 0; store_backends[b] && b < BACKENDS; b++)
        for (size_t i = 0; i < CASES; i++, n++) {
            all[n] = cases[i];
            all[n].setup_func = set_up;
            all[n].teardown_func = tear_down;
            all[n].initial_state = (void *)(uintptr_t)store_backends[b];
        }
    return _cmocka_run_group_tests("open windows in stores", all, n, NULL, NULL);
}
