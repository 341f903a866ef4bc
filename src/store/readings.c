/* readings.c - what the SQLite store gives back: rows of numbers, publications, search, leaves. */
#include "store/mergers.h"
#include "store/sqlite_store.h"
#include "store/words.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

static struct sqlite_store *of(struct store *store)
{
    return (struct sqlite_store *)store;
}

static uint32_t small(sqlite3_stmt *statement, int column)
{
    return (uint32_t)sqlite3_column_int64(statement, column);
}

static uint64_t large(sqlite3_stmt *statement, int column)
{
    return (uint64_t)sqlite3_column_int64(statement, column);
}

static int64_t at_most(size_t limit)
{
    return limit > INT64_MAX ? INT64_MAX : (int64_t)limit;
}

static uint32_t or_none(uint32_t index)
{
    return index == CODE_GONE ? 0 : index;
}

/* Text that was valid when it was kept; pages are checked, so it still is. */
static struct text text_of(sqlite3_stmt *statement, int column, struct arena *arena)
{
    struct str bytes = sql_bytes(statement, column, arena);

    return (struct text){bytes.p, bytes.n};
}

static int by_key_of_release(const void *a, const void *b)
{
    const struct release_row *x = a, *y = b;

    return cell_key_cmp(x->key, y->key);
}

static struct cell cell_of(const struct codes *codes, sqlite3_stmt *row)
{
    return (struct cell){.key = {.window = (enum window)sqlite3_column_int(row, 0),
                                 .story = large(row, 1),
                                 .start = sqlite3_column_int64(row, 2),
                                 .place = code_index(codes, CODE_PLACE, small(row, 3)),
                                 .topic = code_index(codes, CODE_TOPIC, small(row, 4))},
                         .messages = small(row, 5),
                         .copies = small(row, 6),
                         .tokenless = small(row, 7),
                         .sources = small(row, 8),
                         .top_source = small(row, 9),
                         .voices = small(row, 10),
                         .voices_sum = small(row, 11),
                         .fresh = small(row, 12),
                         .parts = small(row, 13),
                         .interrupted = small(row, 14) != 0,
                         .replayed = small(row, 15) != 0};
}

enum rc read_cells(struct store *store, const struct cell_query *query, struct arena *request,
                   struct cell_list *out, struct err *err)
{
    struct sqlite_store *s = of(store);
    enum statement which = !query->stories ? CELLS_OF_PLACES
                           : query->story  ? CELLS_OF_STORY
                                           : CELLS_OF_STORIES;
    VEC(struct cell) found = {0};
    struct merger_list mergers;
    sqlite3_stmt *statement =
        sql_ask(&s->sql, which, which == CELLS_OF_STORY ? "iiii" : "iii", (int64_t)query->window,
                query->from, query->to, (int64_t)query->story);
    bool row;
    enum rc rc;

    while ((rc = sql_next(&s->sql, which, &row, err)) == RC_OK && row) {
        struct cell cell = cell_of(&s->vault.codes, statement);

        if (cell.key.place != CODE_GONE && cell.key.topic != CODE_GONE)
            *vec_push(&found, request) = cell;
    }
    if (rc != RC_OK)
        return rc;
    *out = (struct cell_list){found.v, found.n};
    if (!query->stories || query->as_counted) {
        mergers_fold(out);
        return RC_OK;
    }
    rc = read_mergers(store, request, &mergers, err);
    if (rc == RC_OK)
        mergers_tell(out, &mergers);
    return rc;
}

static struct story_row story_of(const struct codes *codes, sqlite3_stmt *row)
{
    return (struct story_row){
        .id = large(row, 0),
        .merged_into = large(row, 1),
        .first = sqlite3_column_int64(row, 2),
        .last = sqlite3_column_int64(row, 3),
        .topic = or_none(code_index(codes, CODE_TOPIC, small(row, 4))),
        .messages = small(row, 5),
        .copies = small(row, 6),
        .publications = small(row, 7),
    };
}

enum rc read_mergers(struct store *store, struct arena *request, struct merger_list *out,
                     struct err *err)
{
    struct sqlite_store *s = of(store);
    VEC(struct story_merger) found = {0};
    sqlite3_stmt *statement = sql_ask(&s->sql, MERGERS, "");
    bool row;
    enum rc rc;

    while ((rc = sql_next(&s->sql, MERGERS, &row, err)) == RC_OK && row)
        *vec_push(&found, request) =
            (struct story_merger){large(statement, 0), large(statement, 1)};
    if (rc == RC_OK)
        *out = (struct merger_list){found.v, found.n};
    return rc;
}

enum rc read_turns(struct store *store, uint64_t first_item, struct arena *request,
                   struct turn_list *out, struct err *err)
{
    struct sqlite_store *s = of(store);
    VEC(struct story_turn) found = {0};
    sqlite3_stmt *statement = sql_ask(&s->sql, TURNS, "i", (int64_t)first_item);
    bool row;
    enum rc rc;

    while ((rc = sql_next(&s->sql, TURNS, &row, err)) == RC_OK && row)
        *vec_push(&found, request) =
            (struct story_turn){large(statement, 0), large(statement, 1), large(statement, 2),
                                small(statement, 3) != 0};
    if (rc == RC_OK)
        *out = (struct turn_list){found.v, found.n};
    return rc;
}

static enum rc read_phrases(struct sqlite_store *s, struct arena *request, struct story_row *story,
                            struct err *err)
{
    sqlite3_stmt *statement = sql_ask(&s->sql, PHRASES, "i", (int64_t)story->id);
    bool row;
    enum rc rc;

    while ((rc = sql_next(&s->sql, PHRASES, &row, err)) == RC_OK && row)
        if (story->phrase_count < STORY_PHRASES)
            story->phrases[story->phrase_count++] =
                (struct story_phrase){.text = text_of(statement, 0, request),
                                      .voices = small(statement, 1),
                                      .published = small(statement, 2) != 0};
    return rc;
}

/* Rows and their phrases are of one moment: read in one transaction. */
enum rc read_stories(struct store *store, enum story_order order, size_t limit,
                     struct arena *request, struct story_row_list *out, struct err *err)
{
    struct sqlite_store *s = of(store);
    enum statement which = order == STORIES_BY_LAST       ? STORIES_LAST
                           : order == STORIES_BY_MESSAGES ? STORIES_MESSAGES
                                                          : STORIES_ID;
    VEC(struct story_row) found = {0};
    sqlite3_stmt *statement;
    bool row, frozen = !sqlite3_get_autocommit(s->sql.db);
    enum rc rc = frozen ? RC_OK : sql_do(&s->sql, err, BEGIN_READ, "");

    if (rc != RC_OK)
        return rc;
    statement = sql_ask(&s->sql, which, "i", at_most(limit));
    while ((rc = sql_next(&s->sql, which, &row, err)) == RC_OK && row)
        *vec_push(&found, request) = story_of(&s->vault.codes, statement);
    for (size_t i = 0; rc == RC_OK && i < found.n; i++)
        rc = read_phrases(s, request, &found.v[i], err);
    if (!frozen)
        sql_undo(&s->sql);
    if (rc != RC_OK)
        return rc;
    *out = (struct story_row_list){found.v, found.n};
    return RC_OK;
}

enum rc read_story(struct store *store, uint64_t id, struct arena *request, struct story_row *out,
                   struct err *err)
{
    struct sqlite_store *s = of(store);
    sqlite3_stmt *statement = sql_ask(&s->sql, STORY, "i", (int64_t)id);
    struct story_row story;
    bool row;
    enum rc rc = sql_next(&s->sql, STORY, &row, err);

    if (rc != RC_OK)
        return rc;
    if (!row)
        return err_set(err, RC_ABSENT, "there is no story %llu", (unsigned long long)id);
    story = story_of(&s->vault.codes, statement);
    rc = read_phrases(s, request, &story, err);
    sql_end(&s->sql, STORY);
    if (rc == RC_OK)
        *out = story;
    return rc;
}

static struct stored_publication publication_of(const struct codes *codes, sqlite3_stmt *row,
                                                struct arena *request)
{
    return (struct stored_publication){
        .item = large(row, 0),
        .story = large(row, 1),
        .time = sqlite3_column_int64(row, 2),
        .heard = sqlite3_column_int64(row, 3),
        .source = or_none(code_index(codes, CODE_SOURCE, small(row, 4))),
        .publication = {.id = sql_bytes(row, 5, request),
                        .url = sql_bytes(row, 6, request),
                        .title = text_of(row, 7, request),
                        .summary = text_of(row, 8, request)},
    };
}

enum rc read_publications(struct store *store, uint64_t story, size_t limit, struct arena *request,
                          struct publication_list *out, struct err *err)
{
    struct sqlite_store *s = of(store);
    enum statement which = story ? PUBLICATIONS_OF : PUBLICATIONS;
    VEC(struct stored_publication) found = {0};
    sqlite3_stmt *statement =
        sql_ask(&s->sql, which, story ? "ii" : "i", at_most(limit), (int64_t)story);
    bool row;
    enum rc rc;

    while ((rc = sql_next(&s->sql, which, &row, err)) == RC_OK && row)
        *vec_push(&found, request) = publication_of(&s->vault.codes, statement, request);
    if (rc != RC_OK)
        return rc;
    *out = (struct publication_list){found.v, found.n};
    return RC_OK;
}

enum rc read_publication(struct store *store, uint64_t item, struct arena *request,
                         struct stored_publication *out, struct err *err)
{
    struct sqlite_store *s = of(store);
    sqlite3_stmt *statement = sql_ask(&s->sql, PUBLICATION, "i", (int64_t)item);
    bool row;
    enum rc rc = sql_next(&s->sql, PUBLICATION, &row, err);

    if (rc != RC_OK)
        return rc;
    if (!row)
        return err_set(err, RC_ABSENT, "there is no publication %llu", (unsigned long long)item);
    *out = publication_of(&s->vault.codes, statement, request);
    sql_end(&s->sql, PUBLICATION);
    return RC_OK;
}

static enum verdict verdict_of(sqlite3_stmt *row, int column)
{
    uint32_t verdict = small(row, column);

    return verdict < VERDICTS ? (enum verdict)verdict : VERDICT_NONE;
}

static struct alarm alarm_of(const struct codes *codes, sqlite3_stmt *row)
{
    return (struct alarm){.id = large(row, 0),
                          .known = sqlite3_column_int64(row, 1),
                          .window = small(row, 2),
                          .start = sqlite3_column_int64(row, 3),
                          .place = code_index(codes, CODE_PLACE, small(row, 4)),
                          .topic = code_index(codes, CODE_TOPIC, small(row, 5)),
                          .story = large(row, 6),
                          .observed = small(row, 7),
                          .sources = small(row, 8),
                          .expected = sqlite3_column_double(row, 9),
                          .score = sqlite3_column_double(row, 10),
                          .p = sqlite3_column_double(row, 11),
                          .q = sqlite3_column_double(row, 12),
                          .replayed = small(row, 13) != 0,
                          .doubt = sqlite3_column_double(row, 14),
                          .q_max = sqlite3_column_double(row, 15),
                          .ratio_min = sqlite3_column_double(row, 16),
                          .verdict = verdict_of(row, 17),
                          .desk = verdict_of(row, 18)};
}

enum rc read_alarms(struct store *store, struct span known, struct arena *request,
                    struct alarm_list *out, struct err *err)
{
    struct sqlite_store *s = of(store);
    VEC(struct alarm) found = {0};
    sqlite3_stmt *statement = sql_ask(&s->sql, ALARMS, "ii", known.from, known.to);
    bool row;
    enum rc rc;

    while ((rc = sql_next(&s->sql, ALARMS, &row, err)) == RC_OK && row) {
        struct alarm alarm = alarm_of(&s->vault.codes, statement);

        if (alarm.place != CODE_GONE && alarm.topic != CODE_GONE)
            *vec_push(&found, request) = alarm;
    }
    if (rc != RC_OK)
        return rc;
    *out = (struct alarm_list){found.v, found.n};
    return RC_OK;
}

static struct release_row release_of(const struct codes *codes, sqlite3_stmt *row)
{
    return (struct release_row){.key = {.window = (enum window)sqlite3_column_int(row, 0),
                                        .start = sqlite3_column_int64(row, 1),
                                        .place = code_index(codes, CODE_PLACE, small(row, 2)),
                                        .topic = code_index(codes, CODE_TOPIC, small(row, 3))},
                                .shown = (enum released_kind)sqlite3_column_int(row, 4),
                                .k = small(row, 5),
                                .voices = small(row, 6),
                                .voices_upper = small(row, 7),
                                .messages = small(row, 8),
                                .copies = small(row, 9),
                                .sources = small(row, 10),
                                .replayed = small(row, 11) != 0};
}

enum rc read_releases(struct store *store, enum window window, struct span starts,
                      struct arena *request, struct release_list *out, struct err *err)
{
    struct sqlite_store *s = of(store);
    VEC(struct release_row) found = {0};
    sqlite3_stmt *statement =
        sql_ask(&s->sql, RELEASES, "iii", (int64_t)window, starts.from, starts.to);
    bool row;
    enum rc rc;

    while ((rc = sql_next(&s->sql, RELEASES, &row, err)) == RC_OK && row) {
        struct release_row release = release_of(&s->vault.codes, statement);

        if (release.key.place != CODE_GONE && release.key.topic != CODE_GONE)
            *vec_push(&found, request) = release;
    }
    if (rc != RC_OK)
        return rc;
    if (found.n)
        qsort(found.v, found.n, sizeof *found.v, by_key_of_release);
    *out = (struct release_list){found.v, found.n};
    return RC_OK;
}

enum rc read_coverage(struct store *store, struct span days, struct arena *request,
                      struct coverage_list *out, struct err *err)
{
    struct sqlite_store *s = of(store);
    VEC(struct coverage) found = {0};
    sqlite3_stmt *statement = sql_ask(&s->sql, COVERAGE, "ii", days.from, days.to);
    bool row;
    enum rc rc;

    while ((rc = sql_next(&s->sql, COVERAGE, &row, err)) == RC_OK && row)
        *vec_push(&found, request) =
            (struct coverage){.source = sql_bytes(statement, 0, request),
                              .day = sqlite3_column_int64(statement, 1),
                              .items = small(statement, 2),
                              .bad = small(statement, 3),
                              .failures = small(statement, 4),
                              .last_heard = sqlite3_column_int64(statement, 5)};
    if (rc != RC_OK)
        return rc;
    *out = (struct coverage_list){found.v, found.n};
    return RC_OK;
}

enum rc read_search(struct store *store, struct str query, size_t limit, struct arena *request,
                    struct hit_list *out, struct err *err)
{
    struct sqlite_store *s = of(store);
    struct str expression = words_expression(query, request);
    VEC(struct search_hit) found = {0};
    sqlite3_stmt *statement;
    bool row;
    enum rc rc = RC_OK;

    if (expression.n) {
        statement = sql_ask(&s->sql, SEARCH, "ti", expression, at_most(limit));
        while ((rc = sql_next(&s->sql, SEARCH, &row, err)) == RC_OK && row)
            *vec_push(&found, request) =
                (struct search_hit){.is_story = large(statement, 0) % 2 == 0,
                                    .id = large(statement, 0) / 2,
                                    .score = sqlite3_column_double(statement, 1)};
    }
    if (rc != RC_OK)
        return rc;
    *out = (struct hit_list){found.v, found.n};
    return RC_OK;
}

/* LEDGER_ACTIONS when there is no action of that name: then the chain does not hold either. */
static enum ledger_action action_of(struct str name)
{
    enum ledger_action action = LEDGER_OPENED;

    while (action < LEDGER_ACTIONS && !str_eq(name, str_of(ledger_action_name(action))))
        action++;
    return action;
}

enum rc read_leaves(struct store *store, uint64_t from, size_t limit, struct arena *request,
                    struct leaf_list *out, struct err *err)
{
    struct sqlite_store *s = of(store);
    VEC(struct ledger_leaf) found = {0};
    sqlite3_stmt *statement = sql_ask(&s->sql, LEAVES, "ii",
                                      from > INT64_MAX ? INT64_MAX : (int64_t)from, at_most(limit));
    bool row;
    enum rc rc;

    while ((rc = sql_next(&s->sql, LEAVES, &row, err)) == RC_OK && row) {
        struct ledger_leaf *leaf = vec_push(&found, request);
        struct str hash = sql_bytes(statement, 4, request);

        leaf->index = large(statement, 0);
        leaf->time = sqlite3_column_int64(statement, 1);
        leaf->action = action_of(sql_bytes(statement, 2, request));
        leaf->detail = sql_bytes(statement, 3, request);
        if (leaf->action == LEDGER_ACTIONS || hash.n != LEDGER_HASH) {
            sql_end(&s->sql, LEAVES);
            return err_set(err, RC_BROKEN, "leaf %llu of the log was changed",
                           (unsigned long long)leaf->index);
        }
        memcpy(leaf->hash, hash.p, LEDGER_HASH);
    }
    if (rc != RC_OK)
        return rc;
    *out = (struct leaf_list){found.v, found.n};
    return RC_OK;
}

enum rc read_held(struct store *store, held_visit *visit, void *context, struct err *err)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    sqlite3_stmt *rows = sql_ask(&s->sql, HELD, "");
    bool row;
    enum rc rc;

    while ((rc = sql_next(&s->sql, HELD, &row, err)) == RC_OK && row) {
        struct held_chunk chunk = {
            .of = {(enum window)sqlite3_column_int(rows, 0), sqlite3_column_int64(rows, 1)},
            .part = (uint32_t)sqlite3_column_int64(rows, 2),
            .sealed = {sqlite3_column_blob(rows, 3), (size_t)sqlite3_column_bytes(rows, 3)}};

        rc = visit(context, &chunk, err);
        if (rc != RC_OK) {
            sql_end(&s->sql, HELD);
            return rc;
        }
    }
    return rc;
}
