/* store_deletes.c - every registered store: of what its source deleted no text comes back, and its
 * identity stays known as deleted. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "run/store_fixture.h"
#include "store/backend.h"

static struct arena process, batch, request;
static struct settings settings;
static struct store *store;
static const struct store_backend *backend;
static char folder[64], file[128];
static struct err err;

static void open_store(void)
{
    arena_init(&process, "process", 256 * 1024 * 1024);
    assert_int_equal(store_open(str_of(file), STORE_WRITE, &settings, &process, &store, &err),
                     RC_OK);
}

static int set_up(void **state)
{
    backend = *state;
    settings = fixture_settings();
    fixture_folder(folder);
    snprintf(file, sizeof file, "%s/soundings.db", folder);
    if (strcmp(backend->name, "mem") == 0)
        snprintf(file, sizeof file, ":memory:");
    arena_init(&batch, "batch", 256 * 1024 * 1024);
    arena_init(&request, "request", 256 * 1024 * 1024);
    open_store();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    store->driver->close(store);
    arena_free(&process);
    arena_free(&batch);
    arena_free(&request);
    fixture_remove(folder);
    return 0;
}

static void reopen(void)
{
    if (strcmp(backend->name, "mem") == 0)
        return;
    store->driver->close(store);
    arena_free(&process);
    open_store();
}

static enum familiarity ask(uint64_t who, const char *text)
{
    struct identity identity = fixture_identity(who, text);
    struct acquaintance known;

    assert_int_equal(store->driver->lookup(store, &identity, 1, &known, &err), RC_OK);
    return known.familiarity;
}

/* What stands for an item that is gone at its source. */
static struct stored_item deleted(uint64_t who, uint64_t item, uint64_t replaces)
{
    struct stored_item gone = fixture_item(&batch, who, item, 0, "");

    ((struct identity *)gone.identity)->content = CONTENT_DELETED;
    gone.replaces = replaces;
    return gone;
}

static enum rc count_texts(void *context, const struct stored_item *item, struct err *unused)
{
    size_t *texts = context;

    (void)unused;
    *texts += redacted_view(item->post->text).n > 0;
    return RC_OK;
}

static size_t texts_held(void)
{
    size_t texts = 0;

    assert_int_equal(store->driver->each_item(store, 0, count_texts, &texts, &err), RC_OK);
    return texts;
}

static void test_deleted(void **state)
{
    struct stored_item items[2] = {fixture_item(&batch, 1, 1, 0, "Cống nghẹt đầu ngõ"),
                                   fixture_item(&batch, 2, 2, 0, "Nạo vét cống đêm nay")};
    struct stored_publication row = {
        .publication = {.id = STR("nao-vet"), .title = fixture_text("Nạo vét cống đêm nay")},
        .item = 2,
        .time = FIXTURE_NOW,
        .heard = FIXTURE_NOW};
    struct stored_item gone[4] = {deleted(1, 3, 1), deleted(2, 4, 2), deleted(3, 5, 0),
                                  fixture_item(&batch, 4, 6, 0, "Cống thông rồi")};
    struct commit first = {.now = FIXTURE_NOW,
                           .items = items,
                           .item_count = 2,
                           .publications = &row,
                           .publication_count = 1};
    struct commit second = {.now = FIXTURE_NOW, .items = gone, .item_count = 4};
    struct store_counters counters;

    (void)state;
    ((struct post *)items[1].post)->kind = KIND_PUBLICATION;
    assert_int_equal(store->driver->commit(store, &first, &err), RC_OK);
    assert_int_equal(texts_held(), 2);
    assert_int_equal(store->driver->commit(store, &second, &err), RC_OK);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(texts_held(), 1);
        assert_int_equal(store->driver->counters(store, &counters, &err), RC_OK);
        assert_int_equal(counters.publications, 0);
        assert_int_equal(ask(1, "Cống nghẹt đầu ngõ"), ITEM_DELETED);
        assert_int_equal(ask(1, "Cống lại nghẹt"), ITEM_DELETED);
        assert_int_equal(ask(2, "Nạo vét cống đêm nay"), ITEM_DELETED);
        assert_int_equal(ask(3, "Chưa ai nghe"), ITEM_DELETED);
        assert_int_equal(ask(4, "Cống thông"), ITEM_EDITED);
        assert_int_equal(ask(4, "Cống thông rồi"), ITEM_KNOWN);
        reopen();
    }
}

int main(void)
{
    int failed = 0;

    for (size_t i = 0; store_backends[i]; i++) {
        const struct CMUnitTest tests[] = {
            {"deleted", test_deleted, set_up, tear_down, (void *)(uintptr_t)store_backends[i]},
        };

        print_message("%s\n", store_backends[i]->name);
        failed += cmocka_run_group_tests(tests, NULL, NULL);
    }
    return failed;
}
