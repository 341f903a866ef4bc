/* story_view.c - what of a story may be shown; see story_view.h. */
#include "publish/story_view.h"

#include "base/map.h"
#include "base/vec.h"
#include "release/release.h"

enum { STORIES_MAX = 1 << 22, LOOKED_AT = 200000 };

/* The last instant at which a window counts as closed. */
static enum rc closed_before(struct store *store, int64_t *out, struct err *err)
{
    struct store_counters counters;
    enum rc rc = store->driver->counters(store, &counters, err);

    if (rc == RC_OK)
        *out = counters.last_heard == TIME_UNKNOWN ? INT64_MIN : counters.last_heard - HOUR_MS;
    return rc;
}

/* What the closed windows hold of one story. */
struct heard {
    uint32_t voices;           /* the most of any of them */
    uint32_t messages, copies; /* of the days together */
    int64_t first, last;       /* starts of the days on which at least k people told it */
};

/* Of one story, or of all of them by id. */
struct hearing {
    uint32_t k;
    struct map index; /* story -> place in `heard` + 1 */
    VEC(struct heard) heard;
    struct arena *request;
};

static const struct heard *find_heard(const struct hearing *hearing, uint64_t story)
{
    static const struct heard nothing = {.first = TIME_UNKNOWN, .last = TIME_UNKNOWN};
    const uint64_t *at = map_find(&hearing->index, story);

    return at ? &hearing->heard.v[*at - 1] : &nothing;
}

static void add_heard(struct hearing *hearing, const struct cell *cell)
{
    uint64_t *at = map_put(&hearing->index, cell->key.story, NULL);
    struct heard *heard;
    int64_t end;

    if (!at)
        return;
    if (!*at) {
        *vec_push(&hearing->heard, hearing->request) =
            (struct heard){.first = TIME_UNKNOWN, .last = TIME_UNKNOWN};
        *at = hearing->heard.n;
    }
    heard = &hearing->heard.v[*at - 1];
    if (cell->voices > heard->voices)
        heard->voices = cell->voices;
    if (cell->key.window == WINDOW_DAY) {
        heard->messages += cell->messages;
        heard->copies += cell->copies;
    }
    if (cell->voices < hearing->k)
        return;
    if (heard->first == TIME_UNKNOWN || cell->key.start < heard->first)
        heard->first = cell->key.start;
    end = cell->key.start + window_length(cell->key.window) - DAY_MS;
    if (end > heard->last)
        heard->last = end;
}

static enum rc hear_windows(struct store *store, struct cell_query query, struct hearing *hearing,
                            struct cell_list *closed, struct err *err)
{
    int64_t before;
    enum rc rc = closed_before(store, &before, err);

    *closed = (struct cell_list){0};
    if (rc != RC_OK || before == INT64_MIN)
        return rc;
    query.stories = true;
    query.from = INT64_MIN;
    query.to = before - window_length(query.window) + 1;
    rc = store->driver->cells(store, &query, hearing->request, closed, err);
    for (size_t i = 0; rc == RC_OK && i < closed->n; i++)
        add_heard(hearing, &closed->v[i]);
    return rc;
}

/* Reads the closed weeks and days; the days are handed on.  story 0: of all stories. */
static enum rc hear(struct store *store, uint64_t story, struct hearing *hearing,
                    struct cell_list *days, struct err *err)
{
    struct cell_query week = {.window = WINDOW_WEEK, .story = story};
    struct cell_query day = {.window = WINDOW_DAY, .story = story};
    enum rc rc;

    map_init(&hearing->index, STORIES_MAX);
    rc = hear_windows(store, week, hearing, days, err);
    if (rc == RC_OK)
        rc = hear_windows(store, day, hearing, days, err);
    if (rc != RC_OK)
        map_free(&hearing->index);
    return rc;
}

/* A story of fewer than k people, of which nobody published anything, is not there.  One that was
 * merged was there if words of it may be seen. */
static bool is_visible(const struct story_row *row, const struct hearing *hearing)
{
    if (row->merged_into)
        return row->phrase_count || row->publications;
    return find_heard(hearing, row->id)->voices >= hearing->k || row->publications;
}

static void fill(struct story_view *view, const struct story_row *row,
                 const struct hearing *hearing)
{
    const struct heard *heard = find_heard(hearing, row->id);
    struct arena *request = hearing->request;
    uint32_t k = hearing->k;
    struct err refused;

    *view = (struct story_view){.id = row->id,
                                .merged_into = row->merged_into,
                                .topic = row->topic,
                                .publications = row->publications,
                                .first = heard->first,
                                .last = heard->last};
    view->voices = release_rounded(heard->voices, heard->voices, k, request);
    view->messages = release_rounded(heard->messages, heard->voices, k, request);
    view->copies = release_rounded(heard->copies, heard->voices, k, request);
    for (uint32_t i = 0; i < row->phrase_count; i++)
        if (release_phrase(&row->phrases[i], k, request, &view->phrases[view->phrase_count],
                           &refused) == RC_OK)
            view->phrase_count++;
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
    struct hearing hearing = {.k = settings->k, .request = request};
    struct story_row row;
    struct cell_list days;
    enum rc rc = store->driver->story(store, id, request, &row, err);

    if (rc == RC_OK)
        rc = hear(store, id, &hearing, &days, err);
    if (rc == RC_OK) {
        if (is_visible(&row, &hearing)) {
            fill(out, &row, &hearing);
            fill_days(out, &days, settings->k, request);
        } else {
            rc = RC_ABSENT;
        }
        map_free(&hearing.index);
    }
    return rc == RC_ABSENT
               ? err_set(err, RC_ABSENT, "no story %llu that may be seen", (unsigned long long)id)
               : rc;
}

enum rc story_view_list(struct store *store, const struct settings *settings,
                        const struct story_choice *choice, struct arena *request,
                        struct story_list *out, struct err *err)
{
    struct hearing hearing = {.k = settings->k, .request = request};
    struct story_row_list rows;
    struct cell_list days;
    enum rc rc = store->driver->stories(store, choice->order, LOOKED_AT, request, &rows, err);

    if (rc == RC_OK)
        rc = hear(store, 0, &hearing, &days, err);
    if (rc != RC_OK)
        return rc;
    out->views = arena_array(request, rows.n + 1, sizeof *out->views);
    out->n = 0;
    for (size_t i = 0; i < rows.n && out->n < choice->limit; i++)
        if (is_visible(&rows.v[i], &hearing))
            fill(&out->views[out->n++], &rows.v[i], &hearing);
    map_free(&hearing.index);
    return RC_OK;
}

enum rc story_view_each(struct store *store, const struct settings *settings, struct arena *job,
                        void (*put)(void *context, const struct story_view *view), void *context,
                        struct err *err)
{
    struct hearing hearing = {.k = settings->k, .request = job};
    struct store_counters counters;
    struct cell_list days;
    enum rc rc = store->driver->counters(store, &counters, err);

    if (rc == RC_OK)
        rc = hear(store, 0, &hearing, &days, err);
    if (rc != RC_OK)
        return rc;
    for (uint64_t id = 1; rc == RC_OK && id < counters.next_story; id++) {
        struct arena_mark mark = arena_mark(job);
        struct story_row row;
        struct story_view view;

        rc = store->driver->story(store, id, job, &row, err);
        if (rc == RC_OK && is_visible(&row, &hearing)) {
            fill(&view, &row, &hearing);
            put(context, &view);
        }
        rc = rc == RC_ABSENT ? RC_OK : rc;
        arena_rewind(job, mark);
    }
    map_free(&hearing.index);
    return rc;
}
