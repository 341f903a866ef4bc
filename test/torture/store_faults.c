/* store_faults.c - memory, disk or permission runs out: a clear error, nothing half done, and it
 * goes on when there is room again.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "run/store_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { GROUP = 60 };

static struct settings settings;
static char folder[64], file[96];
static struct err err;

static sqlite3_mem_methods ordinary;
static long until_failure = -1; /* allocations that still succeed; below 0: all */
static bool failed_once;

static bool fails(void)
{
    if (until_failure < 0 || until_failure-- > 0)
        return false;
    failed_once = true;
    return true;
}

static void *failing_malloc(int n)
{
    return fails() ? NULL : ordinary.xMalloc(n);
}

static void *failing_realloc(void *p, int n)
{
    return fails() ? NULL : ordinary.xRealloc(p, n);
}

static bool full_tier(void)
{
    const char *full = getenv("FULL");

    return full && full[0] == '1';
}

static void begin_database(void)
{
    fixture_folder(folder);
    snprintf(file, sizeof file, "%s/soundings.db", folder);
}

/* Commit c: as many items, cells and leaves as tell whether all of it is there. */
static enum rc commit_one(struct store *store, uint64_t c, struct arena *batch)
{
    struct stored_item *items = arena_array(batch, GROUP, sizeof *items);
    struct cell cell = {.key = {.window = WINDOW_DAY, .start = (int64_t)c}, .parts = 1};
    struct story_row story = {.id = c + 1, .messages = 30, .phrase_count = 1};
    struct leaf_to_write leaf = {LEDGER_ALARM, STR("series=SX")};
    char text[256];

    for (uint64_t i = 0; i < GROUP; i++) {
        unsigned char noise[64];
        char hex[129];

        randombytes_buf(noise, sizeof noise);
        sodium_bin2hex(hex, sizeof hex, noise, sizeof noise);
        snprintf(text, sizeof text, "Lần %d, chuyện %d ở chợ %s", (int)c, (int)i, hex);
        items[i] = fixture_item(batch, c * GROUP + i, c * GROUP + i + 1, 0, text);
    }
    story.phrases[0] = (struct story_phrase){fixture_text("nước yếu tầng cao"), 30, false};
    return store->driver->commit(store,
                                 &(struct commit){.now = FIXTURE_NOW,
                                                  .items = items,
                                                  .item_count = GROUP,
                                                  .cells = &cell,
                                                  .cell_count = 1,
                                                  .stories = &story,
                                                  .story_count = 1,
                                                  .leaves = &leaf,
                                                  .leaf_count = 1},
                                 &err);
}

static void say(void *context, const char *line)
{
    (void)context;
    print_error("%s\n", line);
}

/* How many commits are there, each of them whole. */
static uint64_t whole_commits(struct store *store, struct arena *request)
{
    struct cell_query query = {.window = WINDOW_DAY, .from = 0, .to = INT64_MAX};
    struct store_counters counters;
    struct cell_list cells;

    assert_int_equal(store->driver->cells(store, &query, request, &cells, &err), RC_OK);
    assert_int_equal(store->driver->counters(store, &counters, &err), RC_OK);
    assert_int_equal(counters.items, cells.n * GROUP);
    assert_int_equal(counters.stories, cells.n);
    assert_int_equal(counters.next_item, cells.n * GROUP + 1);
    assert_int_equal(counters.leaves, cells.n + 1);
    return cells.n;
}

/* One run with the n-th allocation failing; how many commits it was told are durable. */
static uint64_t run_short_of_memory(uint64_t c, struct arena *process, struct arena *batch)
{
    struct cell_query query = {.window = WINDOW_DAY, .from = 0, .to = INT64_MAX};
    struct hit_list hits;
    struct cell_list cells;
    struct store *store;
    uint64_t done = 0;
    enum rc rc = store_open(str_of(file), STORE_WRITE, &settings, process, &store, &err);

    assert_true(rc == RC_OK || rc == RC_FULL);
    if (rc != RC_OK)
        return 0;
    rc = commit_one(store, c, batch);
    assert_true(rc == RC_OK || rc == RC_FULL);
    done += rc == RC_OK;
    rc = store->driver->search(store, STR("nuoc yeu"), 5, batch, &hits, &err);
    assert_true(rc == RC_FULL || (rc == RC_OK && (hits.n > 0 || c == 0)));
    rc = store->driver->cells(store, &query, batch, &cells, &err);
    assert_true(rc == RC_FULL || (rc == RC_OK && cells.n == c + done));
    rc = ledger_append(&store->ledger, FIXTURE_NOW, LEDGER_BRIEF, STR(""), &err);
    assert_true(rc == RC_OK || rc == RC_FULL);
    store->driver->close(store);
    return done;
}

static void test_every_allocation_fails_once(void **state)
{
    long step = full_tier() ? 1 : 97, runs = 0;
    bool ended = false;

    (void)state;
    for (long n = 0; !ended; n += step, runs++) {
        struct arena process, batch;
        struct cell_query query = {.window = WINDOW_DAY, .from = 0, .to = INT64_MAX};
        struct cell_list cells;
        struct store *store;
        uint64_t done;

        begin_database();
        arena_init(&process, "process", 64 * 1024 * 1024);
        arena_init(&batch, "batch", 64 * 1024 * 1024);
        failed_once = false;
        until_failure = n;
        done = run_short_of_memory(0, &process, &batch);
        ended = !failed_once;
        until_failure = -1;
        assert_int_equal(store_open(str_of(file), STORE_WRITE, &settings, &process, &store, &err),
                         RC_OK);
        assert_int_equal(store->driver->cells(store, &query, &batch, &cells, &err), RC_OK);
        assert_int_equal(cells.n, done);
        assert_int_equal(commit_one(store, done, &batch), RC_OK);
        assert_int_equal(store->driver->check(store, say, NULL, &err), RC_OK);
        store->driver->close(store);
        arena_free(&process);
        arena_free(&batch);
        fixture_remove(folder);
    }
    print_message("# measured: %ld allocations failed, of %ld\n", runs - 1, (runs - 1) * step);
}

/* In a child of its own: the limit holds for all of a process. */
static void fill_up(rlim_t limit)
{
    struct arena process, batch, request;
    struct store *store;
    struct rlimit limits;
    uint64_t done = 0;
    enum rc rc;

    arena_init(&process, "process", 64 * 1024 * 1024);
    arena_init(&batch, "batch", 64 * 1024 * 1024);
    arena_init(&request, "request", 64 * 1024 * 1024);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limits);
    limits.rlim_cur = limit;
    setrlimit(RLIMIT_FSIZE, &limits);
    rc = store_open(str_of(file), STORE_WRITE, &settings, &process, &store, &err);
    if (rc == RC_OK) {
        while ((rc = commit_one(store, done, &batch)) == RC_OK && done < 2000) {
            done++;
            arena_reset(&batch);
        }
        assert_int_equal(rc, RC_FULL);
        assert_non_null(strstr(err.text, file));
        /* reading goes on, and what was acknowledged is there */
        assert_int_equal(whole_commits(store, &request), done);
        limits.rlim_cur = limits.rlim_max;
        setrlimit(RLIMIT_FSIZE, &limits);
        assert_int_equal(commit_one(store, done, &batch), RC_OK);
        assert_int_equal(whole_commits(store, &request), done + 1);
        assert_int_equal(store->driver->check(store, say, NULL, &err), RC_OK);
        store->driver->close(store);
    } else {
        assert_int_equal(rc, RC_FULL);
        limits.rlim_cur = limits.rlim_max;
        setrlimit(RLIMIT_FSIZE, &limits);
        assert_int_equal(store_open(str_of(file), STORE_WRITE, &settings, &process, &store, &err),
                         RC_OK);
        assert_int_equal(commit_one(store, 0, &batch), RC_OK);
        store->driver->close(store);
    }
    _exit(0);
}

static void test_disk_full(void **state)
{
    int runs = full_tier() ? 512 : 24;

    (void)state;
    for (int i = 0; i < runs; i++) {
        int status = -1;
        pid_t child;

        begin_database();
        fflush(NULL);
        child = fork();
        if (child == 0)
            fill_up((rlim_t)(full_tier() ? i : i * 23) * 4096);
        waitpid(child, &status, 0);
        if (status != 0)
            print_error("limit of %d pages\n", full_tier() ? i : i * 23);
        assert_int_equal(status, 0);
        fixture_remove(folder);
    }
}

static void open_as_nobody(void)
{
    struct arena process;
    struct store *store;

    arena_init(&process, "process", 64 * 1024 * 1024);
    if (getuid() == 0 && setuid(65534) != 0)
        _exit(77);
    if (store_open(str_of(file), STORE_WRITE, &settings, &process, &store, &err) != RC_USAGE ||
        !err.text[0])
        _exit(1);
    if (store_open(str_of(file), STORE_READ, &settings, &process, &store, &err) != RC_USAGE ||
        !err.text[0])
        _exit(2);
    _exit(0);
}

static void test_read_only(void **state)
{
    struct arena process, batch, request;
    struct store *store;
    char keys[128];
    int status = -1;
    pid_t child;

    (void)state;
    begin_database();
    snprintf(keys, sizeof keys, "%s.keys", file);
    arena_init(&process, "process", 64 * 1024 * 1024);
    arena_init(&batch, "batch", 64 * 1024 * 1024);
    arena_init(&request, "request", 64 * 1024 * 1024);
    assert_int_equal(store_open(str_of(file), STORE_WRITE, &settings, &process, &store, &err),
                     RC_OK);
    assert_int_equal(commit_one(store, 0, &batch), RC_OK);
    store->driver->close(store);
    assert_int_equal(chmod(file, 0444), 0);
    assert_int_equal(chmod(keys, 0555), 0);
    assert_int_equal(chmod(folder, 0555), 0);
    fflush(NULL);
    child = fork();
    if (child == 0)
        open_as_nobody();
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(chmod(file, 0600), 0);
    /* an open folder of keys is told by doctor */
    assert_int_equal(store_open(str_of(file), STORE_WRITE, &settings, &process, &store, &err),
                     RC_OK);
    assert_int_equal(whole_commits(store, &request), 1);
    assert_int_equal(store->driver->check(store, say, NULL, &err), RC_BROKEN);
    store->driver->close(store);
    fixture_remove(folder);
    arena_free(&process);
    arena_free(&batch);
    arena_free(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation_fails_once),
                                       cmocka_unit_test(test_disk_full),
                                       cmocka_unit_test(test_read_only)};
    sqlite3_mem_methods failing;

    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &ordinary);
    failing = ordinary;
    failing.xMalloc = failing_malloc;
    failing.xRealloc = failing_realloc;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
    settings = fixture_settings();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
