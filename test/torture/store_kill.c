/* store_kill.c - the writer is killed at random moments: what was acknowledged is there.
 *
 * A child commits groups and tells each through a pipe; SIGKILL comes at a random microsecond, also
 * while it opens, recovers, purges or closes.  Then everything is opened again and compared: every
 * commit writes the same number into a cell, a story, the log and its items, so half a commit
 * shows. 300 kills, 3,000 with FULL=1.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rng.h"
#include "run/store_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

enum { GROUP = 40, DAYS = 4, KILLS_A_DATABASE = 50 };

static struct settings settings;
static char folder[64], file[96];
static struct rng rng;
static struct err err;

static int kills(void)
{
    const char *full = getenv("FULL");

    return full && full[0] == '1' ? 1500 : 150;
}

static struct store *open_store(struct arena *process)
{
    struct store *store;
    enum rc rc = store_open(str_of(file), STORE_WRITE, &settings, process, &store, &err);

    if (rc != RC_OK)
        print_error("%s\n", err.text);
    assert_int_equal(rc, RC_OK);
    return store;
}

/* Commit number c, from 0.  Its first item is an edit of the first one of the commit before. */
static enum rc commit_one(struct store *store, uint64_t c, struct arena *batch)
{
    struct stored_item *items = arena_array(batch, GROUP, sizeof *items);
    struct cell cell = {.key = {.window = WINDOW_DAY}, .messages = (uint32_t)c + 1, .parts = 1};
    struct story_row story = {.id = 1, .messages = (uint32_t)c + 1, .phrase_count = 1};
    struct leaf_to_write leaf = {LEDGER_ALARM, STR("series=SX")};
    char text[64];

    for (uint64_t i = 0; i < GROUP; i++) {
        snprintf(text, sizeof text, "Lần %d, chuyện %d ở chợ", (int)c, (int)i);
        items[i] = fixture_item(batch, i ? c * GROUP + i : 0, c * GROUP + i + 1,
                                (int64_t)((c + i) % DAYS), text);
    }
    items[0].replaces = c ? (c - 1) * GROUP + 1 : 0;
    snprintf(text, sizeof text, "cụm từ số %d", (int)c);
    story.phrases[0] = (struct story_phrase){fixture_text(text), 30, false};
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

/* The child: opens, commits on and on, says so; never comes back. */
static void commit_until_killed(int acknowledge, uint64_t c)
{
    struct arena process, batch;
    struct store *store;

    arena_init(&process, "process", 256 * 1024 * 1024);
    arena_init(&batch, "batch", 256 * 1024 * 1024);
    store = open_store(&process);
    for (uint64_t left = 200; left > 0; left--, c++) {
        if (commit_one(store, c, &batch) != RC_OK || write(acknowledge, &c, sizeof c) != sizeof c)
            _exit(3);
        if (c % 16 == 15) {
            store->driver->close(store);
            store = open_store(&process);
        }
        arena_reset(&batch);
    }
    _exit(0);
}

/* Runs `work` in a child and kills it; gives back how many commits were acknowledged. */
static uint64_t run_and_kill(uint64_t done, int64_t within_ns)
{
    struct timespec pause = {0, (long)rng_below(&rng, (uint64_t)within_ns)};
    int ends[2], status;
    uint64_t c;
    pid_t child;

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
        commit_until_killed(ends[1], done);
    close(ends[1]);
    nanosleep(&pause, NULL);
    kill(child, SIGKILL);
    while (read(ends[0], &c, sizeof c) == sizeof c)
        done = c + 1;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return done;
}

static enum rc count_item(void *context, const struct stored_item *item, struct err *unused)
{
    uint64_t *last = context;

    (void)unused;
    assert_true(item->item > last[0]);
    last[0] = item->item;
    last[1]++;
    return RC_OK;
}

static void say(void *context, const char *line)
{
    (void)context;
    print_error("%s\n", line);
}

static uint64_t commits_there(struct store *store, struct arena *request)
{
    struct cell_query query = {.window = WINDOW_DAY, .from = 0, .to = 1};
    struct cell_list cells;
    struct story_row story;
    struct hit_list hits;
    char phrase[64];

    assert_int_equal(store->driver->cells(store, &query, request, &cells, &err), RC_OK);
    if (cells.n == 0) {
        assert_int_equal(store->driver->story(store, 1, request, &story, &err), RC_ABSENT);
        return 0;
    }
    assert_int_equal(store->driver->story(store, 1, request, &story, &err), RC_OK);
    assert_int_equal(story.messages, cells.v[0].messages);
    snprintf(phrase, sizeof phrase, "cum tu so %d", (int)story.messages - 1);
    assert_int_equal(store->driver->search(store, str_of(phrase), 9, request, &hits, &err), RC_OK);
    assert_int_equal(hits.n, 1);
    return cells.v[0].messages;
}

/* All of every commit, nothing of any other. */
static uint64_t verify(uint64_t acknowledged)
{
    struct arena process, request;
    struct store *store;
    struct store_counters counters;
    struct identity identity;
    struct acquaintance known;
    uint64_t commits, seen[2] = {0, 0};
    char text[64];
    enum rc rc;

    arena_init(&process, "process", 256 * 1024 * 1024);
    arena_init(&request, "request", 256 * 1024 * 1024);
    store = open_store(&process);
    commits = commits_there(store, &request);
    assert_in_range(commits, acknowledged, acknowledged + 1);
    assert_int_equal(store->driver->counters(store, &counters, &err), RC_OK);
    assert_int_equal(counters.next_item, commits * GROUP + 1);
    assert_int_equal(counters.leaves, commits + 1);
    assert_int_equal(counters.items, commits ? commits * (GROUP - 1) + 1 : 0);
    assert_int_equal(store->driver->each_item(store, 0, count_item, seen, &err), RC_OK);
    assert_int_equal(seen[1], counters.items);
    if (commits) {
        snprintf(text, sizeof text, "Lần %d, chuyện 0 ở chợ", (int)commits - 1);
        identity = fixture_identity(0, text);
        assert_int_equal(store->driver->lookup(store, &identity, 1, &known, &err), RC_OK);
        assert_int_equal(known.familiarity, ITEM_KNOWN);
        assert_int_equal(known.item, (commits - 1) * GROUP + 1);
    }
    rc = store->driver->check(store, say, NULL, &err);
    assert_int_equal(rc, RC_OK);
    store->driver->close(store);
    arena_free(&process);
    arena_free(&request);
    return commits;
}

static void begin_database(void)
{
    fixture_folder(folder);
    snprintf(file, sizeof file, "%s/soundings.db", folder);
}

static void test_killed_while_committing(void **state)
{
    /* one in three comes early: while the file is made, opened or recovered */
    static const int64_t within[3] = {4000000, 30000000, 90000000};
    uint64_t done = 0, all = 0;

    (void)state;
    begin_database();
    for (int i = 0; i < kills(); i++) {
        if (i % KILLS_A_DATABASE == KILLS_A_DATABASE - 1) {
            fixture_remove(folder);
            begin_database();
            all += done;
            done = 0;
        }
        done = verify(run_and_kill(done, within[i % 3]));
    }
    fixture_remove(folder);
    print_message("# measured: %d kills, %d commits\n", kills(), (int)(all + done));
}

static void purge_until_killed(void)
{
    struct arena process;
    struct store *store;
    uint32_t days;

    arena_init(&process, "process", 256 * 1024 * 1024);
    store = open_store(&process);
    for (int64_t day = time_day(FIXTURE_NOW, settings.zone) - DAYS;; day++) {
        if (day > time_day(FIXTURE_NOW, settings.zone) + 1)
            break;
        if (store->driver->purge(store, day, FIXTURE_NOW, &days, &err) != RC_OK)
            _exit(3);
    }
    store->driver->close(store);
    _exit(0);
}

/* No day is half gone: what has lost its key has lost its rows once the store was opened. */
static void verify_purged(void)
{
    struct arena process, request;
    struct store *store;
    struct store_counters counters;
    struct leaf_list leaves;
    uint64_t seen[2] = {0, 0};

    arena_init(&process, "process", 256 * 1024 * 1024);
    arena_init(&request, "request", 256 * 1024 * 1024);
    store = open_store(&process);
    assert_int_equal(store->driver->counters(store, &counters, &err), RC_OK);
    assert_int_equal(store->driver->each_item(store, 0, count_item, seen, &err), RC_OK);
    assert_int_equal(seen[1], counters.items);
    assert_int_equal(store->driver->check(store, say, NULL, &err), RC_OK);
    assert_int_equal(store->driver->leaves(store, 0, 999, &request, &leaves, &err), RC_OK);
    if (counters.items && leaves.n > 3 && leaves.v[leaves.n - 1].action == LEDGER_PURGE) {
        char day[TIME_TEXT];
        struct str detail = leaves.v[leaves.n - 1].detail;

        /* the oldest day that is left is younger than what the leaf says is gone */
        assert_true(str_cmp(str_from(detail, detail.n - 10),
                            str_of(day_format(counters.oldest_day, day))) < 0);
    }
    store->driver->close(store);
    arena_free(&process);
    arena_free(&request);
}

static void test_killed_while_purging(void **state)
{
    (void)state;
    for (int round = 0; round < kills() / 15; round++) {
        struct arena process, batch;
        struct store *store;

        begin_database();
        arena_init(&process, "process", 256 * 1024 * 1024);
        arena_init(&batch, "batch", 256 * 1024 * 1024);
        store = open_store(&process);
        for (uint64_t c = 0; c < 5; c++)
            assert_int_equal(commit_one(store, c, &batch), RC_OK);
        store->driver->close(store);
        arena_free(&process);
        arena_free(&batch);
        for (int i = 0; i < 15; i++) {
            struct timespec pause = {0, (long)rng_below(&rng, 25000000)};
            pid_t child;

            fflush(NULL);
            child = fork();
            if (child == 0)
                purge_until_killed();
            nanosleep(&pause, NULL);
            kill(child, SIGKILL);
            waitpid(child, NULL, 0);
            verify_purged();
        }
        fixture_remove(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_killed_while_committing),
                                       cmocka_unit_test(test_killed_while_purging)};

    settings = fixture_settings();
    rng_seed(&rng, (uint64_t)getpid());
    print_message("# seed %d\n", (int)getpid());
    return cmocka_run_group_tests(tests, NULL, NULL);
}
