/* store.c - every registered store runs through the same cases. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "run/store_fixture.h"
#include "store/backend.h"

enum { MANY = 5000 };

static const struct store_backend *backend;
static char folder[64], file[128];
static struct arena process, batch, request;
static struct settings settings;
static struct store *store;
static struct err err;

static bool lasting(const struct store_backend *one)
{
    return strcmp(one->name, "mem") != 0;
}

static void open_store(void)
{
    assert_int_equal(store_open(str_of(file), STORE_WRITE, &settings, &process, &store, &err),
                     RC_OK);
}

static void close_store(void)
{
    store->driver->close(store);
    store = NULL;
}

/* What is kept must be there after a restart too, where there is one. */
static void reopen(void)
{
    if (!lasting(backend))
        return;
    close_store();
    open_store();
}

static int set_up(void **state)
{
    backend = *state;
    settings = fixture_settings();
    fixture_folder(folder);
    snprintf(file, sizeof file, "%s/soundings.db", folder);
    if (!lasting(backend))
        snprintf(file, sizeof file, ":memory:");
    arena_init(&process, "process", 256 * 1024 * 1024);
    arena_init(&batch, "batch", 256 * 1024 * 1024);
    arena_init(&request, "request", 256 * 1024 * 1024);
    open_store();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (store)
        close_store();
    arena_free(&process);
    arena_free(&batch);
    arena_free(&request);
    fixture_remove(folder);
    return 0;
}

static void commit(const struct commit *commit)
{
    enum rc rc = store->driver->commit(store, commit, &err);

    if (rc != RC_OK)
        print_error("%s\n", err.text);
    assert_int_equal(rc, RC_OK);
}

static void commit_items(const struct stored_item *items, size_t n)
{
    commit(&(struct commit){.now = FIXTURE_NOW, .items = items, .item_count = n});
}

static struct acquaintance ask(uint64_t who, const char *text)
{
    struct identity identity = fixture_identity(who, text);
    struct acquaintance known;

    assert_int_equal(store->driver->lookup(store, &identity, 1, &known, &err), RC_OK);
    return known;
}

static struct store_counters counted(void)
{
    struct store_counters counters;

    assert_int_equal(store->driver->counters(store, &counters, &err), RC_OK);
    return counters;
}

/* What each_item gives, copied. */
struct seen {
    VEC(struct stored_item) items;
    VEC(struct str) texts;
};

static enum rc see(void *context, const struct stored_item *item, struct err *unused)
{
    struct seen *seen = context;
    struct redacted_view view = redacted_view(item->post->text);
    struct post *post = arena_alloc(&request, sizeof *post);
    struct stored_item *copy = vec_push(&seen->items, &request);

    (void)unused;
    assert_null(item->identity);
    *post = *item->post;
    *copy = *item;
    copy->post = post;
    *vec_push(&seen->texts, &request) = (struct str){arena_copy(&request, view.p, view.n), view.n};
    return RC_OK;
}

static struct seen all_items(uint64_t from)
{
    struct seen seen = {0};
    enum rc rc = store->driver->each_item(store, from, see, &seen, &err);

    if (rc != RC_OK)
        print_error("%s\n", err.text);
    assert_int_equal(rc, RC_OK);
    return seen;
}

static void test_empty(void **state)
{
    struct store_counters counters = counted();
    struct cell_list cells = {.n = 99};
    struct cell_query query = {.window = WINDOW_DAY, .from = 0, .to = INT64_MAX};
    struct hit_list hits = {.n = 99};
    struct story_row story;

    (void)state;
    assert_int_equal(counters.items, 0);
    assert_int_equal(counters.next_item, 1);
    assert_int_equal(counters.next_story, 1);
    assert_int_equal(counters.next_alarm, 1);
    assert_int_equal(counters.leaves, 1);
    assert_true(counters.last_heard == TIME_UNKNOWN);
    assert_int_equal(ask(1, "chưa có gì").familiarity, ITEM_NEW);
    assert_int_equal(all_items(0).items.n, 0);
    assert_int_equal(store->driver->cells(store, &query, &request, &cells, &err), RC_OK);
    assert_int_equal(cells.n, 0);
    assert_int_equal(store->driver->search(store, STR("nước"), 10, &request, &hits, &err), RC_OK);
    assert_int_equal(hits.n, 0);
    assert_int_equal(store->driver->story(store, 1, &request, &story, &err), RC_ABSENT);
}

static void test_items_come_back(void **state)
{
    struct stored_item items[3] = {
        fixture_item(&batch, 1, 1, 0, "Nước yếu từ sáng ở Bến Đá"),
        fixture_item(&batch, 2, 2, 3, "Đèn đường Chợ Mới tắt ba đêm rồi"),
        fixture_item(&batch, 3, 3, 0, ""),
    };
    struct post *post = (struct post *)items[0].post;
    struct seen seen;

    (void)state;
    post->kind = KIND_REQUEST;
    post->replayed = true;
    post->time = TIME_UNKNOWN;
    items[1].first = 1;
    items[1].story = 77;
    commit_items(items, 3);
    for (int round = 0; round < 2; round++) {
        seen = all_items(0);
        assert_int_equal(seen.items.n, 3);
        for (uint64_t i = 0; i < 3; i++) {
            struct redacted_view view = redacted_view(items[i].post->text);

            assert_int_equal(seen.items.v[i].item, i + 1);
            assert_int_equal(seen.items.v[i].first, items[i].first);
            assert_int_equal(seen.items.v[i].story, items[i].story);
            assert_true(str_eq(seen.texts.v[i], (struct str){view.p, view.n}));
            assert_true(seen.items.v[i].post->heard == items[i].post->heard);
            assert_true(seen.items.v[i].post->time == items[i].post->time);
            assert_int_equal(seen.items.v[i].post->kind, items[i].post->kind);
            assert_int_equal(seen.items.v[i].post->source, items[i].post->source);
            assert_int_equal(seen.items.v[i].post->place, items[i].post->place);
            assert_int_equal(seen.items.v[i].post->replayed, items[i].post->replayed);
            assert_string_equal(seen.items.v[i].post->lang.tag, "vi");
        }
        assert_int_equal(all_items(2).items.n, 2);
        assert_int_equal(all_items(4).items.n, 0);
        assert_int_equal(counted().items, 3);
        assert_int_equal(counted().next_item, 4);
        assert_int_equal(counted().next_story, 78);
        assert_true(counted().last_heard == FIXTURE_NOW);
        assert_int_equal(counted().newest_day - counted().oldest_day, 3);
        reopen();
    }
}

static void test_lookup(void **state)
{
    struct stored_item items[2] = {fixture_item(&batch, 10, 1, 0, "Mất nước tổ 5"),
                                   fixture_item(&batch, 11, 2, 20, "Ngập đầu hẻm")};

    (void)state;
    commit_items(items, 2);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(ask(10, "Mất nước tổ 5").familiarity, ITEM_KNOWN);
        assert_int_equal(ask(10, "Mất nước tổ 5").item, 1);
        assert_int_equal(ask(11, "Ngập đầu hẻm").familiarity, ITEM_KNOWN);
        assert_int_equal(ask(11, "Ngập đầu hẻm").story, items[1].story);
        assert_int_equal(ask(10, "Có nước lại rồi").familiarity, ITEM_EDITED);
        assert_int_equal(ask(12, "Mất nước tổ 5").familiarity, ITEM_NEW);
        reopen();
    }
}

static void test_many_items(void **state)
{
    struct stored_item *items = arena_array(&batch, MANY, sizeof *items);
    struct identity *identities = arena_array(&batch, 2 * MANY, sizeof *identities);
    struct acquaintance *known = arena_array(&batch, 2 * MANY, sizeof *known);
    struct seen seen;
    char text[64];

    (void)state;
    for (uint64_t i = 0; i < MANY; i++) {
        snprintf(text, sizeof text, "Phản ánh số %d về rác", (int)i);
        items[i] = fixture_item(&batch, i, i + 1, (int64_t)(i * 7 % 30), text);
    }
    for (size_t at = 0; at < MANY; at += 1000)
        commit_items(items + at, 1000);
    reopen();
    for (uint64_t i = 0; i < 2 * MANY; i++) {
        snprintf(text, sizeof text, "Phản ánh số %d về rác", (int)i);
        identities[i] = fixture_identity(i, text);
    }
    assert_int_equal(store->driver->lookup(store, identities, 2 * MANY, known, &err), RC_OK);
    for (uint64_t i = 0; i < 2 * MANY; i++) {
        assert_int_equal(known[i].familiarity, i < MANY ? ITEM_KNOWN : ITEM_NEW);
        assert_int_equal(known[i].item, i < MANY ? i + 1 : 0);
    }
    seen = all_items(0);
    assert_int_equal(seen.items.n, MANY);
    for (uint64_t i = 0; i < MANY; i++)
        assert_int_equal(seen.items.v[i].item, i + 1);
    seen = all_items(MANY / 2 + 7); /* in the middle of batches of every day */
    assert_int_equal(seen.items.n, MANY - (MANY / 2 + 6));
    assert_int_equal(seen.items.v[0].item, MANY / 2 + 7);
    assert_int_equal(counted().items, MANY);
}

static void test_edit(void **state)
{
    struct stored_item items[2] = {fixture_item(&batch, 1, 1, 5, "Cúp điện khu chợ"),
                                   fixture_item(&batch, 2, 2, 5, "Cúp điện cả phường")};
    struct stored_item edit = fixture_item(&batch, 1, 3, 0, "Cúp điện khu chợ, 9 giờ có lại");
    struct seen seen;

    (void)state;
    commit_items(items, 2);
    edit.replaces = 1;
    commit_items(&edit, 1);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(ask(1, "Cúp điện khu chợ, 9 giờ có lại").familiarity, ITEM_KNOWN);
        assert_int_equal(ask(1, "Cúp điện khu chợ, 9 giờ có lại").item, 3);
        assert_int_equal(ask(1, "Cúp điện khu chợ").familiarity, ITEM_EDITED);
        assert_int_equal(ask(2, "Cúp điện cả phường").familiarity, ITEM_KNOWN);
        seen = all_items(0);
        assert_int_equal(seen.items.n, 2);
        assert_int_equal(seen.items.v[0].item, 2);
        assert_int_equal(seen.items.v[1].item, 3);
        assert_int_equal(seen.items.v[1].replaces, 1);
        assert_int_equal(counted().items, 2);
        reopen();
    }
}

/* An item and two edits of it come in one group: only the last one is kept. */
static void test_edits_in_one_commit(void **state)
{
    struct stored_item items[4] = {
        fixture_item(&batch, 1, 1, 1, "Xe rác không tới"),
        fixture_item(&batch, 2, 2, 0, "Cây đổ chắn đường"),
        fixture_item(&batch, 1, 3, 0, "Xe rác không tới hai ngày"),
        fixture_item(&batch, 1, 4, 0, "Xe rác tới rồi"),
    };
    struct seen seen;

    (void)state;
    items[2].replaces = 1;
    items[3].replaces = 3;
    commit_items(items, 4);
    reopen();
    seen = all_items(0);
    assert_int_equal(seen.items.n, 2);
    assert_int_equal(seen.items.v[1].item, 4);
    assert_int_equal(ask(1, "Xe rác tới rồi").item, 4);
    assert_int_equal(ask(1, "Xe rác tới rồi").familiarity, ITEM_KNOWN);
    items[0] = fixture_item(&batch, 1, 5, 0, "Xe rác tới đủ");
    items[0].replaces = 4;
    items[1] = fixture_item(&batch, 1, 6, 0, "Xe rác tới đều");
    items[1].replaces = 5;
    commit_items(items, 2);
    reopen();
    seen = all_items(0);
    assert_int_equal(seen.items.n, 2);
    assert_int_equal(seen.items.v[1].item, 6);
    assert_int_equal(counted().items, 2);
}

static struct stored_publication publication(uint64_t item, const char *title, const char *summary)
{
    char *id = arena_alloc(&batch, 32);

    snprintf(id, 32, "bsx-%d", (int)item);
    return (struct stored_publication){
        .publication = {.id = str_of(id),
                        .url = STR("https://bao.song-xanh.example/tin"),
                        .title = fixture_text(title),
                        .summary = fixture_text(summary)},
        .item = item,
        .story = item + 100,
        .time = FIXTURE_NOW - HOUR_MS,
        .heard = FIXTURE_NOW + (int64_t)item,
        .source = 1};
}

static struct stored_item published(uint64_t who, uint64_t item, const char *title)
{
    struct stored_item kept = fixture_item(&batch, who, item, 0, title);

    ((struct post *)kept.post)->kind = KIND_PUBLICATION;
    return kept;
}

static void test_publications(void **state)
{
    const char *titles[3] = {"Lịch cắt nước tuần này", "Sửa cầu Bến Đá", "Sửa cầu Bến Đá xong"};
    struct stored_item items[2] = {published(1, 1, titles[0]), published(2, 2, titles[1])};
    struct stored_publication rows[2] = {publication(1, titles[0], "Từ thứ hai"),
                                         publication(2, titles[1], "Cấm xe tải")};
    struct stored_item edit = published(2, 3, titles[2]);
    struct stored_publication edited = publication(3, titles[2], "Xe chạy lại"), one;
    struct publication_list found;
    uint32_t days;

    (void)state;
    commit(&(struct commit){.now = FIXTURE_NOW,
                            .items = items,
                            .item_count = 2,
                            .publications = rows,
                            .publication_count = 2});
    edit.replaces = ask(2, titles[2]).item;
    assert_int_equal(edit.replaces, 2);
    commit(&(struct commit){.now = FIXTURE_NOW,
                            .items = &edit,
                            .item_count = 1,
                            .publications = &edited,
                            .publication_count = 1});
    reopen();
    assert_int_equal(store->driver->publications(store, 0, 10, &request, &found, &err), RC_OK);
    assert_int_equal(found.n, 2);
    assert_int_equal(found.v[0].item, 3);
    assert_int_equal(found.v[1].item, 1);
    assert_true(str_eq(found.v[1].publication.id, STR("bsx-1")));
    assert_true(str_eq(found.v[1].publication.url, STR("https://bao.song-xanh.example/tin")));
    assert_int_equal(found.v[1].publication.title.n, strlen(titles[0]));
    assert_int_equal(found.v[1].source, 1);
    assert_true(found.v[1].time == FIXTURE_NOW - HOUR_MS);
    assert_int_equal(store->driver->publications(store, 101, 10, &request, &found, &err), RC_OK);
    assert_int_equal(found.n, 1);
    assert_int_equal(store->driver->publications(store, 0, 1, &request, &found, &err), RC_OK);
    assert_int_equal(found.n, 1);
    assert_int_equal(store->driver->publication(store, 2, &request, &one, &err), RC_ABSENT);
    assert_int_equal(store->driver->publication(store, 3, &request, &one, &err), RC_OK);
    /* the text goes with its day, the publication and its identity stay */
    assert_int_equal(store->driver->purge(store, time_day(FIXTURE_NOW, settings.zone) + 1,
                                          FIXTURE_NOW, &days, &err),
                     RC_OK);
    reopen();
    assert_int_equal(counted().items, 0);
    assert_int_equal(counted().publications, 2);
    assert_int_equal(ask(1, titles[0]).familiarity, ITEM_KNOWN);
    assert_int_equal(ask(2, titles[2]).item, 3);
}

static void test_publication_edited_in_one_commit(void **state)
{
    struct stored_item items[2] = {published(1, 1, "Mở lại chợ"), published(1, 2, "Chợ mở lại")};
    struct stored_publication rows[2] = {publication(1, "Mở lại chợ", "Sáng mai"),
                                         publication(2, "Chợ mở lại", "Chiều mai")};

    (void)state;
    items[1].replaces = 1;
    commit(&(struct commit){.now = FIXTURE_NOW,
                            .items = items,
                            .item_count = 2,
                            .publications = rows,
                            .publication_count = 2});
    for (int round = 0; round < 2; round++) {
        assert_int_equal(counted().publications, 1);
        assert_int_equal(ask(1, "Chợ mở lại").familiarity, ITEM_KNOWN);
        assert_int_equal(ask(1, "Chợ mở lại").item, 2);
        reopen();
    }
}

static struct story_row story_row(uint64_t id, int64_t last, uint32_t messages)
{
    return (struct story_row){.id = id,
                              .first = FIXTURE_NOW - DAY_MS,
                              .last = last,
                              .topic = (uint32_t)(id % 4),
                              .messages = messages,
                              .copies = 2};
}

static void test_stories(void **state)
{
    struct story_row rows[3] = {story_row(5, 300, 20), story_row(6, 500, 70),
                                story_row(7, 500, 40)};
    struct story_row_list found;
    struct story_row one;

    (void)state;
    rows[1].phrase_count = 2;
    rows[1].phrases[0] = (struct story_phrase){fixture_text("nước có mùi"), 25, false};
    rows[1].phrases[1] = (struct story_phrase){fixture_text("súc rửa bể"), 1, true};
    rows[2].merged_into = 6;
    commit(&(struct commit){.now = FIXTURE_NOW, .stories = rows, .story_count = 3});
    rows[0].messages = 90;
    commit(&(struct commit){.now = FIXTURE_NOW, .stories = rows, .story_count = 1});
    reopen();
    assert_int_equal(store->driver->stories(store, STORIES_BY_ID, SIZE_MAX, &request, &found, &err),
                     RC_OK);
    assert_int_equal(found.n, 3);
    assert_int_equal(found.v[0].id, 5);
    assert_int_equal(found.v[0].messages, 90);
    assert_int_equal(found.v[1].phrase_count, 2);
    assert_true(str_eq((struct str){found.v[1].phrases[0].text.p, found.v[1].phrases[0].text.n},
                       STR("nước có mùi")));
    assert_int_equal(found.v[1].phrases[0].voices, 25);
    assert_true(found.v[1].phrases[1].published && !found.v[1].phrases[0].published);
    assert_int_equal(found.v[2].merged_into, 6);
    assert_int_equal(found.v[2].topic, 3);
    assert_int_equal(store->driver->stories(store, STORIES_BY_LAST, 2, &request, &found, &err),
                     RC_OK);
    assert_int_equal(found.n, 2);
    assert_int_equal(found.v[0].id, 6); /* 7 is told as 6 */
    assert_int_equal(found.v[1].id, 5);
    assert_int_equal(store->driver->stories(store, STORIES_BY_MESSAGES, 9, &request, &found, &err),
                     RC_OK);
    assert_int_equal(found.n, 2);
    assert_int_equal(found.v[0].id, 5);
    assert_int_equal(store->driver->story(store, 6, &request, &one, &err), RC_OK);
    assert_int_equal(one.phrase_count, 2);
    assert_int_equal(store->driver->story(store, 8, &request, &one, &err), RC_ABSENT);
    assert_int_equal(counted().next_story, 8);
}

static size_t hits_of(const char *query, struct search_hit **hits)
{
    struct hit_list found;
    enum rc rc = store->driver->search(store, str_of(query), 50, &request, &found, &err);

    if (rc != RC_OK)
        print_error("%s\n", err.text);
    assert_int_equal(rc, RC_OK);
    *hits = found.v;
    return found.n;
}

static void test_search(void **state)
{
    static const char *const hostile[] = {"\"",
                                          "*",
                                          "nuoc\" OR \"1",
                                          "NEAR(a b)",
                                          "a AND",
                                          "(",
                                          "-",
                                          "folded:nuoc",
                                          "^nuoc",
                                          "'",
                                          "\\",
                                          "nuoc*",
                                          "\xff\xfe",
                                          "",
                                          "  ",
                                          "{a}",
                                          "a + b",
                                          "NOT",
                                          "words MATCH 'x'"};
    struct story_row row = story_row(4, 100, 30);
    struct stored_item item = published(9, 9, "Đường Hoa Sữa bị ngập");
    struct stored_publication p = publication(9, "Đường Hoa Sữa bị NGẬP", "Nước rút chậm");
    struct search_hit *hits;

    (void)state;
    row.phrase_count = 1;
    row.phrases[0] = (struct story_phrase){fixture_text("nước máy đục"), 21, false};
    commit(&(struct commit){.now = FIXTURE_NOW,
                            .stories = &row,
                            .story_count = 1,
                            .items = &item,
                            .item_count = 1,
                            .publications = &p,
                            .publication_count = 1});
    for (int round = 0; round < 2; round++) {
        assert_int_equal(hits_of("nuoc", &hits), 2);
        assert_int_equal(hits_of("NƯỚC", &hits), 2);
        assert_int_equal(hits_of("nuoc may duc", &hits), 1);
        assert_true(hits[0].is_story && hits[0].id == 4);
        assert_int_equal(hits_of("duong hoa su", &hits), 1);
        assert_true(!hits[0].is_story && hits[0].id == 9);
        assert_int_equal(hits_of("ngap", &hits), 1);
        assert_int_equal(hits_of("nuo may", &hits), 0);
        assert_int_equal(hits_of("duc ngap", &hits), 0);
        for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++)
            hits_of(hostile[i], &hits);
        assert_int_equal(hits_of("", &hits), 0);
        assert_int_equal(hits_of("nuoc*", &hits), 2);
        reopen();
    }
    row.phrases[0].text = fixture_text("nước trong lại");
    commit(&(struct commit){.now = FIXTURE_NOW, .stories = &row, .story_count = 1});
    assert_int_equal(hits_of("duc", &hits), 0);
    assert_int_equal(hits_of("trong lai", &hits), 1);
}

static struct cell cell(enum window window, int64_t start, uint32_t place, uint64_t story)
{
    return (struct cell){.key = {.window = window, .start = start, .place = place, .story = story},
                         .messages = 40,
                         .copies = 3,
                         .tokenless = 1,
                         .sources = 2,
                         .top_source = 30,
                         .voices = 25,
                         .voices_sum = 27,
                         .fresh = 22,
                         .parts = 1};
}

static size_t cells_of(struct cell_query query, struct cell **cells)
{
    struct cell_list found;

    assert_int_equal(store->driver->cells(store, &query, &request, &found, &err), RC_OK);
    for (size_t i = 1; i < found.n; i++)
        assert_true(cell_key_cmp(found.v[i - 1].key, found.v[i].key) < 0);
    *cells = found.v;
    return found.n;
}

static void test_cells(void **state)
{
    struct cell cells[6] = {cell(WINDOW_DAY, 2000, 4, 0), cell(WINDOW_DAY, 1000, 3, 0),
                            cell(WINDOW_DAY, 1000, 0, 0), cell(WINDOW_HOUR, 1000, 3, 0),
                            cell(WINDOW_DAY, 1000, 0, 8), cell(WINDOW_DAY, 2000, 0, 9)};
    struct cell *found;

    (void)state;
    cells[0].parts = 0;
    cells[2].interrupted = cells[2].replayed = true;
    cells[1].key.topic = 2;
    commit(&(struct commit){.now = FIXTURE_NOW, .cells = cells, .cell_count = 6});
    cells[1].messages = 41;
    commit(&(struct commit){.now = FIXTURE_NOW, .cells = &cells[1], .cell_count = 1});
    reopen();
    assert_int_equal(cells_of((struct cell_query){WINDOW_DAY, 0, 5000, false, 0, false}, &found),
                     3);
    assert_true(found[0].interrupted && found[0].replayed && !found[1].interrupted);
    assert_int_equal(found[1].messages, 41);
    assert_int_equal(found[1].key.place, 3);
    assert_int_equal(found[2].key.place, 4);
    assert_int_equal(found[1].key.topic, 2);
    assert_int_equal(found[1].copies, 3);
    assert_int_equal(found[1].tokenless, 1);
    assert_int_equal(found[1].sources, 2);
    assert_int_equal(found[1].top_source, 30);
    assert_int_equal(found[1].voices, 25);
    assert_int_equal(found[1].voices_sum, 27);
    assert_int_equal(found[1].fresh, 22);
    assert_int_equal(cells_of((struct cell_query){WINDOW_DAY, 1000, 2000, false, 0, false}, &found),
                     2);
    assert_int_equal(cells_of((struct cell_query){WINDOW_DAY, 0, 5000, true, 0, false}, &found), 2);
    assert_int_equal(cells_of((struct cell_query){WINDOW_DAY, 0, 5000, true, 9, false}, &found), 1);
    assert_int_equal(found[0].key.story, 9);
    assert_int_equal(cells_of((struct cell_query){WINDOW_HOUR, 0, 5000, false, 0, false}, &found),
                     1);
    assert_int_equal(cells_of((struct cell_query){WINDOW_WEEK, 0, 5000, false, 0, false}, &found),
                     0);
}

static void test_alarms_and_coverage(void **state)
{
    struct alarm alarms[2] = {
        {.id = 3,
         .known = 900,
         .window = WINDOW_DAY,
         .start = 100,
         .place = 3,
         .topic = 1,
         .observed = 33,
         .sources = 3,
         .expected = 4.25,
         .score = 7.5,
         .p = 1e-9,
         .q = 1e-7},
        {.id = 2, .known = 900, .window = WINDOW_HOUR, .start = 100, .story = 6, .replayed = true}};
    struct coverage rows[2] = {{.source = STR("file"), .day = 10, .items = 5, .last_heard = 77},
                               {.source = STR("dien-dan"),
                                .day = 10,
                                .bad = 1,
                                .failures = 2,
                                .last_heard = TIME_UNKNOWN}};
    struct coverage_list covered;
    struct alarm_list found;

    (void)state;
    commit(&(struct commit){.now = FIXTURE_NOW,
                            .alarms = alarms,
                            .alarm_count = 2,
                            .coverage = rows,
                            .coverage_count = 2});
    rows[0].last_heard = 60;
    commit(&(struct commit){.now = FIXTURE_NOW, .coverage = rows, .coverage_count = 1});
    reopen();
    assert_int_equal(store->driver->alarms(store, (struct span){900, 901}, &request, &found, &err),
                     RC_OK);
    assert_int_equal(found.n, 2);
    assert_int_equal(found.v[0].id, 2);
    assert_true(found.v[0].replayed && found.v[0].story == 6);
    assert_true(found.v[1].expected == 4.25 && found.v[1].score == 7.5 && found.v[1].p == 1e-9 &&
                found.v[1].q == 1e-7);
    assert_int_equal(found.v[1].observed, 33);
    assert_int_equal(found.v[1].place, 3);
    assert_int_equal(store->driver->alarms(store, (struct span){0, 900}, &request, &found, &err),
                     RC_OK);
    assert_int_equal(found.n, 0);
    assert_int_equal(counted().next_alarm, 4);
    assert_int_equal(
        store->driver->coverage(store, (struct span){10, 11}, &request, &covered, &err), RC_OK);
    assert_int_equal(covered.n, 2);
    assert_true(str_eq(covered.v[1].source, STR("file")));
    assert_int_equal(covered.v[1].items, 10);
    assert_int_equal(covered.v[1].last_heard, 77);
    assert_int_equal(covered.v[0].failures, 2);
    assert_true(covered.v[0].last_heard == TIME_UNKNOWN);
    assert_int_equal(
        store->driver->coverage(store, (struct span){11, 20}, &request, &covered, &err), RC_OK);
    assert_int_equal(covered.n, 0);
}

static struct release_row release(int64_t start, uint32_t place)
{
    return (struct release_row){.key = {.window = WINDOW_DAY, .start = start, .place = place},
                                .shown = RELEASED_NUMBER,
                                .k = 20,
                                .voices = 30,
                                .voices_upper = 30,
                                .messages = 44,
                                .copies = 4,
                                .sources = 3};
}

static void test_releases_never_change(void **state)
{
    struct release_row rows[3] = {release(2000, 3), release(1000, 4), release(1000, 3)};
    struct release_row again = release(1000, 4);
    struct release_list found;
    struct cell extra = cell(WINDOW_DAY, 1, 1, 0);
    struct leaf_to_write leaf = {LEDGER_RELEASE, STR("window=day")};
    struct commit second = {.now = FIXTURE_NOW,
                            .releases = &again,
                            .release_count = 1,
                            .cells = &extra,
                            .cell_count = 1,
                            .leaves = &leaf,
                            .leaf_count = 1};
    struct cell *cells;

    (void)state;
    rows[1].shown = RELEASED_RANGE;
    rows[1].replayed = true;
    commit(&(struct commit){.now = FIXTURE_NOW, .releases = rows, .release_count = 3});
    again.messages = 1000;
    assert_int_equal(store->driver->commit(store, &second, &err), RC_BROKEN);
    /* all of it or nothing: neither the cell nor the leaf stayed, and the store goes on */
    assert_int_equal(cells_of((struct cell_query){WINDOW_DAY, 0, 9, false, 0, false}, &cells), 0);
    assert_int_equal(counted().leaves, 1);
    assert_int_equal(ledger_append(&store->ledger, FIXTURE_NOW, LEDGER_BRIEF, STR(""), &err),
                     RC_OK);
    reopen();
    assert_int_equal(store->driver->releases(store, WINDOW_DAY, (struct span){1000, 2001}, &request,
                                             &found, &err),
                     RC_OK);
    assert_int_equal(found.n, 3);
    assert_int_equal(found.v[0].key.place, 3);
    assert_int_equal(found.v[1].shown, RELEASED_RANGE);
    assert_true(found.v[1].replayed);
    assert_int_equal(found.v[1].messages, 44);
    assert_int_equal(found.v[2].key.start, 2000);
    assert_int_equal(counted().releases, 3);
    assert_int_equal(counted().leaves, 2);
}

static size_t leaves_from(uint64_t from, struct ledger_leaf **leaves)
{
    struct leaf_list found;

    assert_int_equal(store->driver->leaves(store, from, 1000, &request, &found, &err), RC_OK);
    *leaves = found.v;
    return found.n;
}

static void test_ledger(void **state)
{
    struct leaf_to_write in_commit[2] = {{LEDGER_ALARM, STR("series=SX-BENDA")},
                                         {LEDGER_RELEASE, STR("window=day")}};
    struct ledger_leaf *leaves;
    struct ledger chain = {0};
    size_t n;

    (void)state;
    for (int i = 0; i < 5; i++)
        assert_int_equal(
            ledger_append(&store->ledger, FIXTURE_NOW + i, LEDGER_EXPORT, STR("bảng=2"), &err),
            RC_OK);
    commit(&(struct commit){.now = FIXTURE_NOW, .leaves = in_commit, .leaf_count = 2});
    reopen();
    assert_int_equal(ledger_append(&store->ledger, FIXTURE_NOW, LEDGER_BRIEF, STR("ngày"), &err),
                     RC_OK);
    n = leaves_from(0, &leaves);
    assert_int_equal(n, 9);
    assert_int_equal(leaves[0].action, LEDGER_OPENED);
    assert_int_equal(leaves[6].action, LEDGER_ALARM);
    assert_true(str_eq(leaves[6].detail, STR("series=SX-BENDA")));
    for (size_t i = 0; i < n; i++)
        assert_int_equal(ledger_verify_next(&chain, &leaves[i], &err), RC_OK);
    assert_memory_equal(chain.head, store->ledger.head, LEDGER_HASH);
    assert_int_equal(store->ledger.length, 9);
    assert_int_equal(leaves_from(8, &leaves), 1);
    assert_int_equal(leaves_from(9, &leaves), 0);
}

static void count_line(void *context, const char *line)
{
    int *lines = context;

    print_message("%s\n", line);
    ++*lines;
}

static void test_search_leaves_its_trace(void **state)
{
    struct ledger_leaf *leaves;
    int lines = 0;

    (void)state;
    assert_int_equal(store_log_search(store, STR("mất nước"), FIXTURE_NOW, &err), RC_OK);
    assert_int_equal(store_log_search(store, STR("mất nước"), FIXTURE_NOW, &err), RC_OK);
    reopen();
    assert_int_equal(leaves_from(1, &leaves), 2);
    assert_int_equal(leaves[0].action, LEDGER_SEARCH);
    assert_int_equal(leaves[0].detail.n, strlen("commitment=") + 64);
    assert_false(str_eq(leaves[0].detail, leaves[1].detail));
    assert_int_equal(store->driver->check(store, count_line, &lines, &err), RC_OK);
    assert_int_equal(lines, 0);
}

static void test_purge(void **state)
{
    struct stored_item items[4] = {fixture_item(&batch, 1, 1, 40, "Chuyện cũ một"),
                                   fixture_item(&batch, 2, 2, 31, "Chuyện cũ hai"),
                                   fixture_item(&batch, 3, 3, 30, "Chuyện còn"),
                                   fixture_item(&batch, 4, 4, 0, "Chuyện mới")};
    struct cell counted_cell = cell(WINDOW_DAY, 1000, 3, 0), *cells;
    int64_t limit = time_day(FIXTURE_NOW, settings.zone) - 30;
    struct ledger_leaf *leaves;
    uint32_t days = 0;
    int lines = 0;

    (void)state;
    commit(&(struct commit){.now = FIXTURE_NOW,
                            .items = items,
                            .item_count = 4,
                            .cells = &counted_cell,
                            .cell_count = 1});
    assert_int_equal(store->driver->purge(store, limit, FIXTURE_NOW, &days, &err), RC_OK);
    assert_int_equal(days, 2);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(counted().items, 2);
        assert_int_equal(all_items(0).items.n, 2);
        assert_int_equal(ask(1, "Chuyện cũ một").familiarity, ITEM_NEW);
        assert_int_equal(ask(3, "Chuyện còn").familiarity, ITEM_KNOWN);
        assert_int_equal(counted().oldest_day, limit);
        reopen();
    }
    assert_int_equal(leaves_from(1, &leaves), 1);
    assert_int_equal(leaves[0].action, LEDGER_PURGE);
    assert_int_equal(store->driver->purge(store, limit, FIXTURE_NOW, &days, &err), RC_OK);
    assert_int_equal(days, 0);
    assert_int_equal(leaves_from(1, &leaves), 1);
    assert_int_equal(cells_of((struct cell_query){WINDOW_DAY, 0, 5000, false, 0, false}, &cells),
                     1);
    assert_int_equal(counted().next_item, 5);
    assert_int_equal(store->driver->check(store, count_line, &lines, &err), RC_OK);
    assert_int_equal(lines, 0);
    /* the number of a purged item is never given again, its day may be heard of again */
    items[0].item = 5;
    commit_items(items, 1);
    assert_int_equal(counted().items, 3);
}

/* When a story was told goes with its days, unless something of it may be seen. */
static void test_purge_of_stories(void **state)
{
    int64_t today = time_day(FIXTURE_NOW, settings.zone), start = day_start(today, settings.zone);
    struct story_row rows[4] = {story_row(1, start - 1, 3), story_row(2, start, 3),
                                story_row(3, start - 1, 30), story_row(4, start - 1, 3)};
    struct commit all = {.now = FIXTURE_NOW, .stories = rows, .story_count = 4};
    struct story_row one;
    uint32_t days;

    (void)state;
    rows[2].phrase_count = 1;
    rows[3].publications = 1;
    commit(&all);
    assert_int_equal(store->driver->purge(store, today, FIXTURE_NOW, &days, &err), RC_OK);
    reopen();
    for (uint64_t id = 1; id <= 4; id++)
        assert_int_equal(store->driver->story(store, id, &request, &one, &err),
                         id == 1 ? RC_ABSENT : RC_OK);
}

static void set_setting(struct str name, int64_t value, const char *detail)
{
    struct ledger_leaf *leaves;
    int64_t now = -1;

    assert_int_equal(store->driver->set_setting(store, name, value, FIXTURE_NOW, &err), RC_OK);
    reopen();
    assert_int_equal(store->driver->setting(store, name, &now, &err), RC_OK);
    assert_int_equal(now, value);
    assert_int_equal(leaves_from(store->ledger.length - 1, &leaves), 1);
    assert_true(leaves[0].action == LEDGER_CHANGE && str_eq(leaves[0].detail, str_of(detail)));
}

static void test_settings(void **state)
{
    int64_t value;

    (void)state;
    assert_int_equal(store->driver->setting(store, STR("k"), &value, &err), RC_ABSENT);
    set_setting(STR("k"), 20, "name=k old=none new=20");
    set_setting(STR("retention_days"), 70, "name=retention_days old=none new=70");
    set_setting(STR("k"), 24, "name=k old=20 new=24");
}

static void test_tables_may_be_reordered(void **state)
{
    struct settings again = fixture_settings();
    struct place places[4] = {fixture_places[0], fixture_places[1], fixture_places[4],
                              fixture_places[2]};
    struct cell cells[2] = {cell(WINDOW_DAY, 1000, 3, 0), cell(WINDOW_DAY, 1000, 4, 0)}, *found;
    struct stored_item item = fixture_item(&batch, 1, 3, 0, "Hẻm 12 lún");
    struct seen seen;

    (void)state;
    commit(&(struct commit){
        .now = FIXTURE_NOW, .items = &item, .item_count = 1, .cells = cells, .cell_count = 2});
    close_store();
    settings.places.places = places;
    settings.places.n = 4;
    open_store();
    /* ward 3 has left the table: its cell is not given to another; ward 4 is the second row now */
    assert_int_equal(cells_of((struct cell_query){WINDOW_DAY, 0, 5000, false, 0, false}, &found),
                     1);
    assert_int_equal(found[0].key.place, 2);
    seen = all_items(0);
    assert_int_equal(seen.items.v[0].post->place, 0);
    close_store();
    settings = again;
    open_store();
    assert_int_equal(cells_of((struct cell_query){WINDOW_DAY, 0, 5000, false, 0, false}, &found),
                     2);
}

static void test_one_writer_and_readers(void **state)
{
    struct store *reader, *second;
    struct stored_item item = fixture_item(&batch, 1, 1, 0, "Trạm bơm hỏng");
    struct ledger_leaf *leaves;
    struct ledger chain = {0};
    struct arena others;
    size_t n;

    (void)state;
    arena_init(&others, "process", 64 * 1024 * 1024);
    assert_int_equal(store_open(str_of(file), STORE_WRITE, &settings, &others, &second, &err),
                     RC_AGAIN);
    assert_int_equal(store_open(str_of(file), STORE_READ, &settings, &others, &reader, &err),
                     RC_OK);
    assert_int_equal(reader->driver->commit(reader, &(struct commit){.now = 1}, &err), RC_USAGE);
    /* both append: neither loses its place in the chain */
    for (int i = 0; i < 4; i++) {
        assert_int_equal(ledger_append(&reader->ledger, FIXTURE_NOW, LEDGER_READ, STR("r"), &err),
                         RC_OK);
        assert_int_equal(ledger_append(&store->ledger, FIXTURE_NOW, LEDGER_BRIEF, STR("w"), &err),
                         RC_OK);
    }
    commit_items(&item, 1);
    n = leaves_from(0, &leaves);
    assert_int_equal(n, 9);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(ledger_verify_next(&chain, &leaves[i], &err), RC_OK);
    reader->driver->close(reader);
    arena_free(&others);
}

static void test_opening_says_what_is_wrong(void **state)
{
    struct store *other;
    char path[160];
    FILE *out;

    (void)state;
    snprintf(path, sizeof path, "%s/none.db", folder);
    assert_int_equal(store_open(str_of(path), STORE_READ, &settings, &process, &other, &err),
                     RC_ABSENT);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(
        store_open(STR("postgresql://x/y"), STORE_WRITE, &settings, &process, &other, &err),
        RC_USAGE);
    out = fopen(path, "w");
    for (int i = 0; i < 3000; i++)
        fputs("khong phai co so du lieu\n", out);
    fclose(out);
    assert_int_equal(store_open(str_of(path), STORE_WRITE, &settings, &process, &other, &err),
                     RC_USAGE);
    snprintf(path, sizeof path, "%s/no/such/folder.db", folder);
    assert_int_equal(store_open(str_of(path), STORE_WRITE, &settings, &process, &other, &err),
                     RC_USAGE);
}

static const struct CMUnitTest cases[] = {
    cmocka_unit_test(test_empty),
    cmocka_unit_test(test_items_come_back),
    cmocka_unit_test(test_lookup),
    cmocka_unit_test(test_many_items),
    cmocka_unit_test(test_edit),
    cmocka_unit_test(test_edits_in_one_commit),
    cmocka_unit_test(test_publications),
    cmocka_unit_test(test_publication_edited_in_one_commit),
    cmocka_unit_test(test_stories),
    cmocka_unit_test(test_search),
    cmocka_unit_test(test_cells),
    cmocka_unit_test(test_alarms_and_coverage),
    cmocka_unit_test(test_releases_never_change),
    cmocka_unit_test(test_ledger),
    cmocka_unit_test(test_search_leaves_its_trace),
    cmocka_unit_test(test_purge),
    cmocka_unit_test(test_purge_of_stories),
    cmocka_unit_test(test_settings),
    /* for those that outlive a process */
    cmocka_unit_test(test_tables_may_be_reordered),
    cmocka_unit_test(test_one_writer_and_readers),
    cmocka_unit_test(test_opening_says_what_is_wrong),
};
enum { LASTING_ALONE = 3 };

int main(void)
{
    enum { CASES = sizeof cases / sizeof *cases, BACKENDS = 8 };
    static struct CMUnitTest all[CASES * BACKENDS];
    static char names[CASES * BACKENDS][96];
    size_t n = 0;

    for (size_t b = 0; store_backends[b] && b < BACKENDS; b++)
        for (size_t i = 0; i < (lasting(store_backends[b]) ? CASES : CASES - LASTING_ALONE);
             i++, n++) {
            snprintf(names[n], sizeof names[n], "%s: %s", store_backends[b]->name, cases[i].name);
            all[n] = (struct CMUnitTest){.name = names[n],
                                         .test_func = cases[i].test_func,
                                         .setup_func = set_up,
                                         .teardown_func = tear_down,
                                         .initial_state = (void *)(uintptr_t)store_backends[b]};
        }
    return _cmocka_run_group_tests("stores", all, n, NULL, NULL);
}
