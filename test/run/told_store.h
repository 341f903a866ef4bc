/* told_store.h - a store of arrays that answers what the briefing and the export ask.
 */
#ifndef RUN_TOLD_STORE_H
#define RUN_TOLD_STORE_H

#include "base/vec.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

struct told_city {
    struct store store;
    struct arena arena;
    struct settings settings;
    uint32_t whisper;
    VEC(struct release_row) days;
    VEC(struct release_row) weeks;
    VEC(struct cell) cells; /* of stories, and those of the grid that a test adds */
    VEC(struct alarm) alarms;
    VEC(struct story_row) stories;
    VEC(struct stored_publication) publications;
    VEC(struct coverage) coverage;
    VEC(struct ledger_leaf) leaves;
    int64_t now, first; /* first: midnight of a Monday */
};

static inline struct told_city *city_of(struct store *store)
{
    return (struct told_city *)store; /* store is its first member */
}

static inline enum rc city_cells(struct store *store, const struct cell_query *query,
                                 struct arena *request, struct cell_list *out, struct err *err)
{
    struct told_city *city = city_of(store);

    (void)err;
    out->v = arena_array(request, city->cells.n + 1, sizeof *out->v);
    out->n = 0;
    for (size_t i = 0; i < city->cells.n; i++) {
        struct cell_key key = city->cells.v[i].key;

        if ((key.story != 0) == query->stories && key.window == query->window &&
            key.start >= query->from && key.start < query->to &&
            (!query->story || query->story == key.story))
            out->v[out->n++] = city->cells.v[i];
    }
    return RC_OK;
}

static inline enum rc city_releases(struct store *store, enum window window, struct span starts,
                                    struct arena *request, struct release_list *out,
                                    struct err *err)
{
    struct told_city *city = city_of(store);
    bool day = window == WINDOW_DAY;
    size_t count = day ? city->days.n : window == WINDOW_WEEK ? city->weeks.n : 0;
    const struct release_row *rows = day ? city->days.v : city->weeks.v;

    (void)err;
    out->v = arena_array(request, count + 1, sizeof *out->v);
    out->n = 0;
    for (size_t i = 0; i < count; i++)
        if (rows[i].key.start >= starts.from && rows[i].key.start < starts.to)
            out->v[out->n++] = rows[i];
    return RC_OK;
}

static inline enum rc city_alarm_rows(struct store *store, struct span known, struct arena *request,
                                      struct alarm_list *out, struct err *err)
{
    struct told_city *city = city_of(store);

    (void)err;
    out->v = arena_array(request, city->alarms.n + 1, sizeof *out->v);
    out->n = 0;
    for (size_t i = 0; i < city->alarms.n; i++)
        if (city->alarms.v[i].known >= known.from && city->alarms.v[i].known < known.to)
            out->v[out->n++] = city->alarms.v[i];
    return RC_OK;
}

static inline enum rc city_story_row(struct store *store, uint64_t id, struct arena *request,
                                     struct story_row *out, struct err *err)
{
    struct told_city *city = city_of(store);

    (void)request;
    for (size_t i = 0; i < city->stories.n; i++)
        if (city->stories.v[i].id == id) {
            *out = city->stories.v[i];
            return RC_OK;
        }
    return err_set(err, RC_ABSENT, "no story %llu", (unsigned long long)id);
}

static inline enum rc city_publication_rows(struct store *store, uint64_t story, size_t limit,
                                            struct arena *request, struct publication_list *out,
                                            struct err *err)
{
    struct told_city *city = city_of(store);

    (void)err;
    out->v = arena_array(request, city->publications.n + 1, sizeof *out->v);
    out->n = 0;
    for (size_t i = 0; i < city->publications.n && out->n < limit; i++)
        if (!story || city->publications.v[i].story == story)
            out->v[out->n++] = city->publications.v[i];
    return RC_OK;
}

static inline enum rc city_coverage_rows(struct store *store, struct span days,
                                         struct arena *request, struct coverage_list *out,
                                         struct err *err)
{
    struct told_city *city = city_of(store);

    (void)err;
    out->v = arena_array(request, city->coverage.n + 1, sizeof *out->v);
    out->n = 0;
    for (size_t i = 0; i < city->coverage.n; i++)
        if (city->coverage.v[i].day >= days.from && city->coverage.v[i].day < days.to)
            out->v[out->n++] = city->coverage.v[i];
    return RC_OK;
}

static inline enum rc city_counters(struct store *store, struct store_counters *out,
                                    struct err *err)
{
    struct told_city *city = city_of(store);

    (void)err;
    *out = (struct store_counters){.releases = city->days.n + city->weeks.n,
                                   .publications = city->publications.n,
                                   .stories = city->stories.n,
                                   .leaves = city->leaves.n,
                                   .next_story = 20,
                                   .next_item = 2000,
                                   .last_heard = city->days.n ? city->now - HOUR_MS : TIME_UNKNOWN};
    return RC_OK;
}

static inline enum rc city_leaves(struct store *store, uint64_t from, size_t limit,
                                  struct arena *request, struct leaf_list *out, struct err *err)
{
    struct told_city *city = city_of(store);

    (void)err;
    out->v = arena_array(request, city->leaves.n + 1, sizeof *out->v);
    out->n = 0;
    for (size_t i = from; i < city->leaves.n && out->n < limit; i++)
        out->v[out->n++] = city->leaves.v[i];
    return RC_OK;
}

static inline enum rc city_sink(void *context, const struct ledger_leaf *leaf, struct err *err)
{
    struct told_city *city = context;
    struct ledger_leaf *kept;

    if (city->settings.retention_days == 0)
        return err_set(err, RC_FULL, "the log cannot be written");
    kept = vec_push(&city->leaves, &city->arena);
    *kept = *leaf;
    kept->detail.p = arena_copy(&city->arena, leaf->detail.p, leaf->detail.n);
    return RC_OK;
}

static inline enum rc city_setting(struct store *store, struct str name, int64_t *value,
                                   struct err *err)
{
    (void)store;
    (void)value;
    return err_set(err, RC_ABSENT, "%.*s was never set", STR_ARG(name));
}

static const struct store_driver city_driver = {
    .setting = city_setting,
    .name = "city",
    .cells = city_cells,
    .releases = city_releases,
    .alarms = city_alarm_rows,
    .story = city_story_row,
    .publications = city_publication_rows,
    .coverage = city_coverage_rows,
    .counters = city_counters,
    .leaves = city_leaves,
};

#endif
