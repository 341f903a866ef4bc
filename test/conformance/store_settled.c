/* store_settled.c - the store on a disk when few tags stand in memory: a stream of new items,
 * edits, deletes, purges and restarts, with every answer compared with a model that keeps all of
 * it; and look-ups beside a thread that commits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>

#include "base/rng.h"
#include "run/store_fixture.h"
#include "store/sqlite_store.h"

enum { PEOPLE = 3000, IN_A_COMMIT = 40, COMMITS = 260, IN_MEMORY = 100, DAYS = 12 };

/* What must be known of one identity. */
struct known_of {
    uint64_t item;
    int64_t days; /* before FIXTURE_NOW; that it was heard */
    enum { NEVER, WRITTEN, DELETED } state;
    uint32_t edition;
};

static struct arena process, batch;
static struct settings settings;
static struct store *store;
static struct known_of model[PEOPLE];
static char folder[64], file[128];
static struct err err;
static uint64_t next_item;
static size_t calls; /* of the reader */

static enum rc count_calls(void *context, struct tag_candidate *candidates, size_t n,
                           struct err *error)
{
    calls++;
    return finding_tags(context, candidates, n, error);
}

static void open_store(void)
{
    arena_init(&process, "process", 256 * 1024 * 1024);
    assert_int_equal(store_open(str_of(file), STORE_WRITE, &settings, &process, &store, &err),
                     RC_OK);
    tag_tables_settle(((struct sqlite_store *)store)->vault.tags, IN_MEMORY, count_calls, store);
}

static void close_store(void)
{
    store->driver->close(store);
    arena_free(&process);
}

static int set_up(void **state)
{
    (void)state;
    settings = fixture_settings();
    fixture_folder(folder);
    snprintf(file, sizeof file, "%s/soundings.db", folder);
    arena_init(&batch, "batch", 256 * 1024 * 1024);
    memset(model, 0, sizeof model);
    next_item = 1;
    calls = 0;
    open_store();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    close_store();
    arena_free(&batch);
    fixture_remove(folder);
    return 0;
}

static struct identity identity_of(uint64_t who, uint32_t edition)
{
    char text[64];

    snprintf(text, sizeof text, "Phản ánh %u, lần %u", (unsigned)who, (unsigned)edition);
    return fixture_identity(who, text);
}

/* New, edited or deleted: what the stream does next with somebody who is not in this commit yet. */
static struct stored_item next_of(uint64_t who, int64_t days, bool gone)
{
    struct known_of *known = &model[who];
    struct stored_item item;

    known->edition++;
    item = fixture_item(&batch, who, next_item, days, gone ? "" : "Nước rút rồi");
    *(struct identity *)item.identity = identity_of(who, known->edition);
    if (gone)
        ((struct identity *)item.identity)->content = CONTENT_DELETED;
    item.replaces = known->state == NEVER ? 0 : known->item;
    *known = (struct known_of){next_item++, days, gone ? DELETED : WRITTEN, known->edition};
    return item;
}

static void commit_some(struct rng *rng, int64_t days)
{
    struct stored_item items[IN_A_COMMIT];
    uint64_t before = next_item;
    struct commit commit = {.now = FIXTURE_NOW, .items = items};

    for (size_t i = 0; i < IN_A_COMMIT; i++) {
        uint64_t who = rng_below(rng, PEOPLE);

        if (model[who].item < before && model[who].state != DELETED)
            items[commit.item_count++] =
                next_of(who, days + (int64_t)rng_below(rng, 2), rng_below(rng, 12) == 0);
    }
    assert_int_equal(store->driver->commit(store, &commit, &err), RC_OK);
    arena_reset(&batch);
}

static void compare_all(void)
{
    struct identity *identities = arena_array(&batch, PEOPLE, sizeof *identities);
    struct acquaintance *answers = arena_array(&batch, PEOPLE, sizeof *answers);

    for (uint64_t who = 0; who < PEOPLE; who++)
        identities[who] = identity_of(who, model[who].edition + (uint32_t)(who % 2));
    assert_int_equal(store->driver->lookup(store, identities, PEOPLE, answers, &err), RC_OK);
    for (uint64_t who = 0; who < PEOPLE; who++) {
        enum familiarity must = model[who].state == NEVER     ? ITEM_NEW
                                : model[who].state == DELETED ? ITEM_DELETED
                                : who % 2                     ? ITEM_EDITED
                                                              : ITEM_KNOWN;

        assert_int_equal(answers[who].familiarity, must);
        if (must != ITEM_NEW) {
            assert_int_equal(answers[who].item, model[who].item);
            assert_int_equal(answers[who].story, model[who].item % 7);
        }
    }
    arena_reset(&batch);
}

/* The days that lie `days` or more before now go, and with them who was heard then. */
static void purge(int64_t days)
{
    uint32_t gone;
    int64_t before = time_day(FIXTURE_NOW, settings.zone) - days + 1;

    assert_int_equal(store->driver->purge(store, before, FIXTURE_NOW, &gone, &err), RC_OK);
    for (size_t who = 0; who < PEOPLE; who++)
        if (model[who].state != NEVER && model[who].days >= days)
            model[who].state = NEVER;
}

static void test_model(void **state)
{
    struct rng rng;

    (void)state;
    rng_seed(&rng, 5);
    for (int round = 0; round < COMMITS; round++) {
        commit_some(&rng, DAYS - round * DAYS / COMMITS);
        if (round % 20 == 19)
            compare_all();
        if (round % 60 == 50) {
            purge(DAYS - round * DAYS / COMMITS + 2);
            compare_all();
        }
        if (round % 70 == 69) {
            close_store();
            open_store();
            compare_all();
        }
    }
    assert_true(calls > 100);
}

static void *commit_on(void *done)
{
    struct rng rng;

    rng_seed(&rng, 6);
    for (int round = 0; round < 100; round++)
        commit_some(&rng, round / 30);
    __atomic_store_n((bool *)done, true, __ATOMIC_SEQ_CST);
    return NULL;
}

/* Who was heard long before is found all the time, while others are committed. */
static void test_beside_commits(void **state)
{
    struct rng rng;
    struct identity identities[PEOPLE];
    struct acquaintance answers[PEOPLE];
    pthread_t thread;
    bool done = false;
    size_t kept;

    (void)state;
    rng_seed(&rng, 7);
    for (int round = 0; round < 60; round++)
        commit_some(&rng, DAYS - round / 10);
    kept = 0;
    for (uint64_t who = 0; who < PEOPLE; who++)
        if (model[who].state == WRITTEN) { /* the thread does not touch the deleted */
            identities[kept++] = identity_of(who, model[who].edition);
            model[who].state = DELETED;
        }
    assert_int_equal(pthread_create(&thread, NULL, commit_on, &done), 0);
    do {
        assert_int_equal(store->driver->lookup(store, identities, kept, answers, &err), RC_OK);
        for (size_t i = 0; i < kept; i++)
            assert_int_equal(answers[i].familiarity, ITEM_KNOWN);
    } while (!__atomic_load_n(&done, __ATOMIC_SEQ_CST));
    pthread_join(thread, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_model, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_beside_commits, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
