/* story_view.c - what of a story may be shown; see story_view.h. */
#include "publish/story_view.h"

#include "base/map.h"
#include "release/release.h"

enum { STORIES_MAX = 1 << 22 };

/* The last instant at which a window counts as closed. */
static enum rc closed_before(struct store *store, int64_t *out, struct err *err)
{
    struct store_counters counters;
    enum rc rc = store->driver->counters(store, &counters, err);

    if (rc == RC_OK)
        *out = counters.last_heard == TIME_UNKNOWN ? INT64_MIN : counters.last_heard - HOUR_MS;
    return rc;
}

static void fill(struct story_view *view, const struct story_row *row, uint32_t voices, uint32_t k,
                 struct arena *request)
{
    struct err refused;

    *view = (struct story_view){.row = *row};
    view->voices = release_rounded(voices, voices, k, request);
    view->messages = release_rounded(row->messages, voices, k, request);
    view->copies = release_rounded(row->copies, voices, k, request);
    for (uint32_t i = 0; i < row->phrase_count; i++)
        if (release_phrase(&row->phrases[i], k, request, &view->phrases[view->phrase_count],
                           &refused) == RC_OK)
            view->phrase_count++;
}

/* Reads the closed cells of stories of one kind of window and raises `most`, the most voices of any
 * of them, by story. */
static enum rc most_voices(struct store *store, struct cell_query query, struct arena *request,
                           struct map *most, struct cell_list *closed, struct err *err)
{
    int64_t before;
    enum rc rc = closed_before(store, &before, err);

    *closed = (struct cell_list){0};
    if (rc != RC_OK || before == INT64_MIN)
        return rc;
    query.stories = true;
    query.from = INT64_MIN;
    query.to = before - window_length(query.window) + 1;
    rc = store->driver->cells(store, &query, request, closed, err);
    for (size_t i = 0; rc == RC_OK && i < closed->n; i++) {
        uint64_t *at = map_put(most, closed->v[i].key.story, NULL);

        if (at && closed->v[i].voices > *at)
            *at = closed->v[i].voices;
    }
    return rc;
}

/* The same over weeks and days; the days are handed on.  story 0: of all stories. */
static enum rc all_voices(struct store *store, uint64_t story, struct arena *request,
                          struct map *most, struct cell_list *days, struct err *err)
{
    struct cell_query week = {.window = WINDOW_WEEK, .story = story};
    struct cell_query day = {.window = WINDOW_DAY, .story = story};
    enum rc rc;

    map_init(most, STORIES_MAX);
    rc = most_voices(store, week, request, most, days, err);
    if (rc == RC_OK)
        rc = most_voices(store, day, request, most, days, err);
    if (rc != RC_OK)
        map_free(most);
    return rc;
}

static uint32_t voices_of(const struct map *most, uint64_t story)
{
    const uint64_t *voices = map_find(most, story);

    return voices ? (uint32_t)*voices : 0;
}

static void fill_days(struct story_view *view, const struct cell_list *rows, uint32_t k,
                      struct arena *request)
{
    view->days = arena_array(request, rows->n + 1, sizeof *view->days);
    for (size_t i = 0; i < rows->n; i++)
        view->days[view->day_count++] = (struct story_day){
            .start = rows->v[i].key.start,
            .voices = release_rounded(rows->v[i].voices, rows->v[i].voices, k, request),
            .messages = release_rounded(rows->v[i].messages, rows->v[i].voices, k, request),
            .copies = release_rounded(rows->v[i].copies, rows->v[i].voices, k, request),
        };
}

enum rc story_view_get(struct store *store, const struct settings *settings, uint64_t id,
                       struct arena *request, struct story_view *out, struct err *err)
{
    struct story_row row;
    struct cell_list days;
    struct map most;
    enum rc rc = store->driver->story(store, id, request, &row, err);

    if (rc == RC_OK)
        rc = all_voices(store, id, request, &most, &days, err);
    if (rc != RC_OK)
        return rc;
    fill(out, &row, voices_of(&most, id), settings->k, request);
    fill_days(out, &days, settings->k, request);
    map_free(&most);
    return RC_OK;
}

enum rc story_view_list(struct store *store, const struct settings *settings,
                        const struct story_choice *choice, struct arena *request,
                        struct story_list *out, struct err *err)
{
    struct story_row_list rows;
    struct cell_list days;
    struct map most;
    enum rc rc = store->driver->stories(store, choice->order, choice->limit, request, &rows, err);

    if (rc == RC_OK)
        rc = all_voices(store, 0, request, &most, &days, err);
    if (rc != RC_OK)
        return rc;
    out->views = arena_array(request, rows.n + 1, sizeof *out->views);
    out->n = rows.n;
    for (size_t i = 0; i < rows.n; i++)
        fill(&out->views[i], &rows.v[i], voices_of(&most, rows.v[i].id), settings->k, request);
    map_free(&most);
    return RC_OK;
}
