/* store_rot.c - what lies on the disk: bit rot gives no wrong number, and no text lies there in
 * plain.
 *
 * Rot: single bits flipped, pages zeroed, swapped and cut off; whatever is read then is either an
 * error or what was written.  1,500 flips, 20,000 with FULL=1.
 * Traces: every file is scanned for the texts, the identities and their hashes, before and after
 * the purge; after it for the key and the sealed bytes too.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rng.h"
#include "run/store_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { PAGE = 4096, ITEMS = 1000, DAYS = 10 };

static struct settings settings;
static char folder[64], file[96];
static struct err err;

static struct store *open_store(enum store_mode mode, struct arena *process)
{
    struct store *store;
    enum rc rc = store_open(str_of(file), mode, &settings, process, &store, &err);

    if (rc != RC_OK)
        print_error("%s\n", err.text);
    assert_int_equal(rc, RC_OK);
    return store;
}

static const char *canary(int i, char out[64])
{
    snprintf(out, 64, "hoàng yến số %d kêu ở cống ngầm", i);
    return out;
}

static struct commit numbers(struct arena *batch)
{
    enum { STORIES = 60, CELLS = 800 };
    struct story_row *stories = arena_array(batch, STORIES, sizeof *stories);
    struct cell *cells = arena_array(batch, CELLS, sizeof *cells);
    struct release_row *releases = arena_array(batch, CELLS, sizeof *releases);
    struct alarm *alarms = arena_array(batch, STORIES, sizeof *alarms);

    for (uint32_t i = 0; i < STORIES; i++) {
        char *phrase = arena_alloc(batch, 32);

        snprintf(phrase, 32, "nước đục lần %d", (int)i);
        stories[i] =
            (struct story_row){.id = i + 1, .last = i, .messages = i * 3 + 20, .phrase_count = 1};
        stories[i].phrases[0] = (struct story_phrase){fixture_text(phrase), 20 + i, false};
        alarms[i] = (struct alarm){.id = i + 1, .known = i, .observed = 20 + i, .score = i};
    }
    for (uint32_t i = 0; i < CELLS; i++) {
        struct cell_key key = {
            .window = WINDOW_DAY, .start = i / 8, .place = i % 4, .topic = i / 4 % 2};

        cells[i] = (struct cell){.key = key, .messages = i * 7, .voices = i * 5, .parts = 1};
        releases[i] = (struct release_row){.key = key, .k = 20, .voices = i * 5, .messages = i * 7};
    }
    return (struct commit){.now = FIXTURE_NOW,
                           .stories = stories,
                           .story_count = STORIES,
                           .cells = cells,
                           .cell_count = CELLS,
                           .releases = releases,
                           .release_count = CELLS,
                           .alarms = alarms,
                           .alarm_count = STORIES};
}

static void make_database(void)
{
    struct arena process, batch;
    struct store *store;
    struct stored_item *items;
    struct commit commit;
    char text[64];

    fixture_folder(folder);
    snprintf(file, sizeof file, "%s/soundings.db", folder);
    arena_init(&process, "process", 256 * 1024 * 1024);
    arena_init(&batch, "batch", 256 * 1024 * 1024);
    store = open_store(STORE_WRITE, &process);
    commit = numbers(&batch);
    items = arena_array(&batch, ITEMS, sizeof *items);
    for (int i = 0; i < ITEMS; i++)
        items[i] = fixture_item(&batch, (uint64_t)i, (uint64_t)i + 1, i % DAYS, canary(i, text));
    commit.items = items;
    commit.item_count = ITEMS;
    assert_int_equal(store->driver->commit(store, &commit, &err), RC_OK);
    store->driver->close(store);
    arena_free(&process);
    arena_free(&batch);
}

static enum rc add_item(void *context, const struct stored_item *item, struct err *unused)
{
    uint64_t *sum = context;
    struct redacted_view view = redacted_view(item->post->text);

    (void)unused;
    *sum = hash_pair(*sum, hash_bytes((struct str){view.p, view.n}, item->item + item->story));
    return RC_OK;
}

static void add(uint64_t *sum, const void *rows, size_t bytes)
{
    *sum = hash_pair(*sum, hash_bytes((struct str){rows, bytes}, bytes));
}

static enum rc sum_stories(struct store *store, struct arena *request, uint64_t *sum)
{
    struct story_row_list rows;
    enum rc rc = store->driver->stories(store, STORIES_BY_MESSAGES, SIZE_MAX, request, &rows, &err);

    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        add(sum, &rows.v[i].id, sizeof rows.v[i].id);
        add(sum, &rows.v[i].messages, sizeof rows.v[i].messages);
        add(sum, &rows.v[i].phrase_count, sizeof rows.v[i].phrase_count);
        for (uint32_t p = 0; p < rows.v[i].phrase_count; p++)
            add(sum, rows.v[i].phrases[p].text.p, rows.v[i].phrases[p].text.n);
    }
    return rc;
}

static enum rc sum_cells(struct store *store, struct arena *request, uint64_t *sum)
{
    struct cell_query query = {.window = WINDOW_DAY, .from = 0, .to = INT64_MAX};
    struct release_list releases;
    struct cell_list cells;
    enum rc rc = store->driver->cells(store, &query, request, &cells, &err);

    for (size_t i = 0; rc == RC_OK && i < cells.n; i++) {
        add(sum, &cells.v[i].key, sizeof cells.v[i].key);
        add(sum, &cells.v[i].messages, 3 * sizeof cells.v[i].messages);
        add(sum, &cells.v[i].voices, sizeof cells.v[i].voices);
    }
    if (rc == RC_OK)
        rc = store->driver->releases(store, WINDOW_DAY, (struct span){0, INT64_MAX}, request,
                                     &releases, &err);
    for (size_t i = 0; rc == RC_OK && i < releases.n; i++) {
        add(sum, &releases.v[i].key, sizeof releases.v[i].key);
        add(sum, &releases.v[i].k, 4 * sizeof releases.v[i].k);
    }
    return rc;
}

static enum rc sum_others(struct store *store, struct arena *request, uint64_t *sum)
{
    struct alarm_list alarms;
    struct leaf_list leaves;
    struct hit_list hits;
    struct store_counters counters;
    enum rc rc = store->driver->alarms(store, (struct span){0, INT64_MAX}, request, &alarms, &err);

    for (size_t i = 0; rc == RC_OK && i < alarms.n; i++)
        add(sum, &alarms.v[i].observed, sizeof alarms.v[i].observed);
    if (rc == RC_OK)
        rc = store->driver->leaves(store, 0, SIZE_MAX, request, &leaves, &err);
    for (size_t i = 0; rc == RC_OK && i < leaves.n; i++)
        add(sum, leaves.v[i].hash, LEDGER_HASH);
    if (rc == RC_OK)
        rc = store->driver->search(store, STR("nuoc duc"), 999, request, &hits, &err);
    for (size_t i = 0; rc == RC_OK && i < hits.n; i++)
        add(sum, &hits.v[i].id, sizeof hits.v[i].id);
    if (rc == RC_OK)
        rc = store->driver->counters(store, &counters, &err);
    if (rc == RC_OK) {
        add(sum, &counters.items, sizeof counters.items);
        add(sum, &counters.next_item, sizeof counters.next_item);
        add(sum, &counters.stories, sizeof counters.stories);
    }
    return rc;
}

/* Everything that can be read, as one number; each part may fail by itself. */
struct answers {
    uint64_t sums[4];
    enum rc rc[4];
};

static struct answers read_all(void)
{
    struct answers answers = {.rc = {RC_BROKEN, RC_BROKEN, RC_BROKEN, RC_BROKEN}};
    struct arena process, request;
    struct store *store;

    arena_init(&process, "process", 256 * 1024 * 1024);
    arena_init(&request, "request", 256 * 1024 * 1024);
    if (store_open(str_of(file), STORE_READ, &settings, &process, &store, &err) == RC_OK) {
        answers.rc[0] = sum_stories(store, &request, &answers.sums[0]);
        answers.rc[1] = sum_cells(store, &request, &answers.sums[1]);
        answers.rc[2] = sum_others(store, &request, &answers.sums[2]);
        answers.rc[3] = store->driver->each_item(store, 0, add_item, &answers.sums[3], &err);
        store->driver->close(store);
    }
    arena_free(&process);
    arena_free(&request);
    return answers;
}

/* Whether every answer is the right one or an error; *errors counts the errors. */
static bool honest(const struct answers *right, int *errors)
{
    struct answers now = read_all();

    for (int i = 0; i < 4; i++) {
        if (now.rc[i] == RC_OK && now.sums[i] != right->sums[i])
            return false;
        *errors += now.rc[i] != RC_OK;
    }
    return true;
}

static void test_bit_rot(void **state)
{
    const char *full = getenv("FULL");
    int flips = full && full[0] == '1' ? 20000 : 1500, errors = 0, fd;
    struct answers right;
    struct stat about;
    struct rng rng;

    (void)state;
    make_database();
    right = read_all();
    for (int i = 0; i < 4; i++)
        assert_int_equal(right.rc[i], RC_OK);
    assert_true(honest(&right, &errors));
    assert_int_equal(errors, 0);
    fd = open(file, O_RDWR);
    assert_int_equal(fstat(fd, &about), 0);
    rng_seed(&rng, 11);
    for (int i = 0; i < flips; i++) {
        off_t at = (off_t)rng_below(&rng, (uint64_t)about.st_size);
        unsigned char byte, flipped;

        assert_int_equal(pread(fd, &byte, 1, at), 1);
        flipped = byte ^ (unsigned char)(1u << rng_below(&rng, 8));
        assert_int_equal(pwrite(fd, &flipped, 1, at), 1);
        if (!honest(&right, &errors))
            fail_msg("a flip at byte %lld gave a wrong answer", (long long)at);
        assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    }
    close(fd);
    print_message("# measured: %d flips, %d of %d answers were errors, 0 were wrong\n", flips,
                  errors, 4 * flips);
    assert_true(errors > flips / 2);
    fixture_remove(folder);
}

static void test_pages(void **state)
{
    unsigned char page[PAGE], other[PAGE], nothing[PAGE] = {0};
    struct answers right;
    struct stat about;
    int errors = 0, fd;

    (void)state;
    make_database();
    right = read_all();
    fd = open(file, O_RDWR);
    assert_int_equal(fstat(fd, &about), 0);
    for (off_t at = 0; at < about.st_size; at += PAGE) {
        off_t next = (at + PAGE) % about.st_size;

        assert_int_equal(pread(fd, page, PAGE, at), PAGE);
        assert_int_equal(pread(fd, other, PAGE, next), PAGE);
        assert_int_equal(pwrite(fd, nothing, PAGE, at), PAGE);
        assert_true(honest(&right, &errors));
        assert_int_equal(pwrite(fd, other, PAGE, at), PAGE);
        assert_int_equal(pwrite(fd, page, PAGE, next), PAGE);
        assert_true(honest(&right, &errors));
        assert_int_equal(pwrite(fd, page, PAGE, at), PAGE);
        assert_int_equal(pwrite(fd, other, PAGE, next), PAGE);
    }
    for (off_t size = about.st_size - PAGE; size >= 0; size -= PAGE) {
        assert_int_equal(ftruncate(fd, size), 0);
        assert_true(honest(&right, &errors));
    }
    close(fd);
    fixture_remove(folder);
}

static void test_keys(void **state)
{
    char keys[128], path[400];
    struct answers right, now;
    struct dirent *entry;
    DIR *dir;

    (void)state;
    make_database();
    right = read_all();
    snprintf(keys, sizeof keys, "%s.keys", file);
    dir = opendir(keys);
    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        unsigned char byte, flipped;
        int fd;

        if (!strstr(entry->d_name, ".key"))
            continue;
        snprintf(path, sizeof path, "%s/%s", keys, entry->d_name);
        fd = open(path, O_RDWR);
        for (off_t at = 0; at < 56; at++) {
            assert_int_equal(pread(fd, &byte, 1, at), 1);
            flipped = byte ^ 4;
            assert_int_equal(pwrite(fd, &flipped, 1, at), 1);
            if (at % 8 == 0) {
                now = read_all();
                assert_int_equal(now.rc[3], RC_BROKEN);
                assert_true(now.sums[1] == right.sums[1]);
            }
            assert_int_equal(pwrite(fd, &byte, 1, at), 1);
        }
        close(fd);
    }
    closedir(dir);
    fixture_remove(folder);
}

/* How often `what` stands in the files of a folder and the folders in it. */
static int occurrences(const char *where, struct str what)
{
    DIR *dir = opendir(where);
    int found = 0;

    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir));) {
        char path[400];
        struct stat about;
        char *bytes;
        int fd;

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", where, entry->d_name);
        assert_int_equal(stat(path, &about), 0);
        if (S_ISDIR(about.st_mode)) {
            found += occurrences(path, what);
            continue;
        }
        bytes = malloc((size_t)about.st_size + 1);
        fd = open(path, O_RDONLY);
        assert_int_equal(read(fd, bytes, (size_t)about.st_size), about.st_size);
        close(fd);
        for (struct str rest = {bytes, (size_t)about.st_size}; rest.n;) {
            size_t at = str_find(rest, what);

            found += at < rest.n;
            rest = str_from(rest, at + 1);
        }
        free(bytes);
    }
    closedir(dir);
    return found;
}

static int traces_of_items(void)
{
    int found = 0;
    char text[64];

    found += occurrences(folder, STR("hoàng yến")) + occurrences(folder, STR("hoang yen"));
    for (int i = 0; i < ITEMS; i += 37) {
        struct identity identity = fixture_identity((uint64_t)i, canary(i, text));

        found += occurrences(folder, (struct str){(const char *)identity.digest, 8});
        found +=
            occurrences(folder, (struct str){(const char *)&identity.content, sizeof(uint64_t)});
    }
    return found;
}

static void test_traces(void **state)
{
    struct arena process, batch;
    struct store *store;
    struct stored_item item;
    char key_file[160], day[TIME_TEXT], text[64];
    unsigned char key[56];
    uint32_t days;
    int fd;

    (void)state;
    make_database();
    arena_init(&process, "process", 256 * 1024 * 1024);
    arena_init(&batch, "batch", 64 * 1024 * 1024);
    assert_int_equal(occurrences(folder, STR("nước đục lần 7")), 1); /* the scan does see */
    snprintf(key_file, sizeof key_file, "%s.keys/%s.key", file,
             day_format(time_day(FIXTURE_NOW, settings.zone), day));
    fd = open(key_file, O_RDONLY);
    assert_int_equal(read(fd, key, sizeof key), sizeof key);
    close(fd);
    assert_int_equal(occurrences(folder, (struct str){(const char *)key + 8, 32}), 1);
    store = open_store(STORE_WRITE, &process);
    item = fixture_item(&batch, 0, ITEMS + 1, 0, canary(99999, text));
    item.replaces = 1;
    assert_int_equal(
        store->driver->commit(
            store, &(struct commit){.now = FIXTURE_NOW, .items = &item, .item_count = 1}, &err),
        RC_OK);
    assert_int_equal(store_log_search(store, STR("hoàng yến"), FIXTURE_NOW, &err), RC_OK);
    assert_int_equal(traces_of_items(), 0); /* with the log of SQLite still there */
    assert_int_equal(store->driver->purge(store, time_day(FIXTURE_NOW, settings.zone) + 1,
                                          FIXTURE_NOW, &days, &err),
                     RC_OK);
    assert_int_equal(days, DAYS);
    assert_int_equal(traces_of_items(), 0);
    assert_int_equal(occurrences(folder, (struct str){(const char *)key + 8, 32}), 0);
    store->driver->close(store);
    assert_int_equal(traces_of_items(), 0);
    arena_free(&process);
    arena_free(&batch);
    fixture_remove(folder);
}

/* Sealed bytes of a purged day are in no file, so that a key kept elsewhere opens nothing. */
static void test_sealed_bytes_go(void **state)
{
    struct arena process;
    struct store *store;
    static char database[256 * 1024];
    struct str sealed = {0};
    uint32_t days;
    ssize_t n;
    int fd;

    (void)state;
    make_database();
    fd = open(file, O_RDONLY);
    n = read(fd, database, sizeof database);
    close(fd);
    /* a page in which most bytes differ holds sealed text: 200 of 256 values somewhere in it */
    for (ssize_t at = 0; at + PAGE <= n && !sealed.n; at += PAGE) {
        bool there[256] = {false};
        int values = 0;

        for (int i = 0; i < PAGE - 512; i++)
            there[(unsigned char)database[at + i]] = true;
        for (int i = 0; i < 256; i++)
            values += there[i];
        if (values > 250)
            sealed = (struct str){database + at + 1024, 16};
    }
    assert_int_equal(sealed.n, 16);
    assert_true(occurrences(folder, sealed) > 0);
    arena_init(&process, "process", 256 * 1024 * 1024);
    store = open_store(STORE_WRITE, &process);
    assert_int_equal(store->driver->purge(store, time_day(FIXTURE_NOW, settings.zone) + 1,
                                          FIXTURE_NOW, &days, &err),
                     RC_OK);
    assert_int_equal(occurrences(folder, sealed), 0);
    store->driver->close(store);
    arena_free(&process);
    fixture_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bit_rot), cmocka_unit_test(test_pages),
                                       cmocka_unit_test(test_keys), cmocka_unit_test(test_traces),
                                       cmocka_unit_test(test_sealed_bytes_go)};

    settings = fixture_settings();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
