/* talked.c - the stories that may be told: at least k people in one closed window.
 *
 * The counts of a story are those of its week; a story too young for that has those of its best
 * day.  Which of its messages are copies is a count of messages, so a petition that many people
 * paste and a text that one program pastes are told apart by the number of people beside it.
 */
#include "publish/gather.h"

#include "base/map.h"

#include <stdlib.h>
#include <string.h>

enum { MERGES_MAX = 16, STORIES_SEEN_MAX = 1 << 20 };

enum rc gather_story(struct gathering *gathering, uint64_t id, struct story_row *out,
                     struct err *err)
{
    struct store *store = gathering->store;
    enum rc rc = store->driver->story(store, id, gathering->job, out, err);

    for (int i = 0; rc == RC_OK && out->merged_into && i < MERGES_MAX; i++)
        rc = store->driver->story(store, out->merged_into, gathering->job, out, err);
    return rc;
}

static struct str safe_url(struct str url)
{
    if (str_starts(url, STR("https://")) || str_starts(url, STR("http://")))
        return url;
    return (struct str){NULL, 0};
}

/* A publisher's regular notice comes with the same title again and again: told once. */
static bool has_title(const struct told_story *story, struct text title)
{
    for (size_t i = 0; i < story->title_count; i++) {
        struct text other = released_text(story->titles[i].title);

        if (other.n == title.n && memcmp(other.p, title.p, title.n) == 0)
            return true;
    }
    return false;
}

static enum rc tell_titles(struct gathering *gathering, struct told_story *out, struct err *err)
{
    const struct settings *settings = gathering->facts->settings;
    struct publication_list rows;
    enum rc rc = gathering->store->driver->publications(gathering->store, out->id, 4 * TOLD_TITLES,
                                                        gathering->job, &rows, err);

    for (size_t i = 0; rc == RC_OK && i < rows.n && out->title_count < TOLD_TITLES; i++) {
        const struct stored_publication *row = &rows.v[i];

        if (has_title(out, row->publication.title))
            continue;
        out->titles[out->title_count++] = (struct told_title){
            .title = release_published(&row->publication, true, gathering->job),
            .url = safe_url(row->publication.url),
            .publisher = row->source < settings->source_count
                             ? settings->sources[row->source].publisher
                             : (struct str){NULL, 0},
            .day = time_day(row->time == TIME_UNKNOWN ? row->heard : row->time, settings->zone),
        };
    }
    return rc;
}

enum rc gather_told_story(struct gathering *gathering, const struct cell *cell,
                          struct told_story *out, struct err *err)
{
    uint32_t k = gathering->facts->k;
    struct arena *job = gathering->job;
    struct story_row row;
    struct err refused;
    enum rc rc = gather_story(gathering, cell->key.story, &row, err);

    if (rc != RC_OK)
        return rc;
    *out = (struct told_story){
        .id = row.id,
        .topic = row.topic < gathering->facts->settings->topics.n ? row.topic : 0,
        .counts = {.voices = release_rounded(cell->voices, cell->voices, k, job),
                   .messages = release_rounded(cell->messages, cell->voices, k, job),
                   .copies = release_rounded(cell->copies, cell->voices, k, job),
                   .sources = release_count(cell->sources, cell->voices, k, job),
                   .at_least = cell->voices_sum > cell->voices},
        .campaign = cell->messages && cell->copies >= cell->messages - cell->copies,
        .few = cell->voices < cell->messages - cell->voices,
    };
    for (uint32_t i = 0; i < row.phrase_count && out->phrase_count < TOLD_PHRASES; i++)
        if (release_phrase(&row.phrases[i], k, job, &out->phrases[out->phrase_count], &refused) ==
            RC_OK)
            out->phrase_count++;
    return tell_titles(gathering, out, err);
}

static int by_voices(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;

    if (x->voices != y->voices)
        return x->voices < y->voices ? 1 : -1;
    return cell_key_cmp(x->key, y->key);
}

/* Cells of stories with at least k voices, in windows that are closed. */
static enum rc load_cells(struct gathering *gathering, enum window window, int64_t from,
                          struct cell_list *out, struct err *err)
{
    struct brief_facts *facts = gathering->facts;
    struct cell_query query = {.window = window,
                               .from = from,
                               .to = (window == WINDOW_DAY ? facts->day : facts->week) + 1,
                               .stories = true};
    size_t kept = 0;
    enum rc rc =
        gathering->store->driver->cells(gathering->store, &query, gathering->job, out, err);

    for (size_t i = 0; rc == RC_OK && i < out->n; i++)
        if (out->v[i].parts && out->v[i].voices >= facts->k)
            out->v[kept++] = out->v[i];
    if (rc == RC_OK) {
        out->n = kept;
        if (kept)
            qsort(out->v, kept, sizeof *out->v, by_voices);
    }
    return rc;
}

/* Adds the stories of `cells` that are not there yet. */
static enum rc add_visible(struct gathering *gathering, const struct cell_list *cells,
                           struct map *seen, struct err *err)
{
    for (size_t i = 0; i < cells->n; i++) {
        struct told_story *told = &gathering->visible[gathering->visible_count];
        bool fresh;
        enum rc rc;

        if (!map_put(seen, cells->v[i].key.story, &fresh) || !fresh)
            continue;
        rc = gather_told_story(gathering, &cells->v[i], told, err);
        if (rc == RC_ABSENT)
            continue;
        if (rc != RC_OK)
            return rc;
        /* a story taken in by another is told once, with the larger count (PRIVACY P8) */
        map_put(seen, told->id, &fresh);
        if (fresh || told->id == cells->v[i].key.story)
            gathering->visible_count++;
    }
    return RC_OK;
}

enum rc talked_gather(struct gathering *gathering, struct err *err)
{
    struct brief_facts *facts = gathering->facts;
    struct cell_list weeks = {0}, days = {0};
    struct map seen;
    enum rc rc = RC_OK;

    if (facts->has_week)
        rc = load_cells(gathering, WINDOW_WEEK, facts->week, &weeks, err);
    if (rc == RC_OK && facts->has_day)
        rc = load_cells(gathering, WINDOW_DAY, facts->day - 6 * DAY_MS, &days, err);
    if (rc != RC_OK)
        return rc;
    gathering->visible =
        arena_array(gathering->job, weeks.n + days.n + 1, sizeof *gathering->visible);
    facts->stories = gathering->visible;
    map_init(&seen, STORIES_SEEN_MAX);
    rc = add_visible(gathering, &weeks, &seen, err);
    facts->story_count =
        gathering->visible_count < TALKED_MAX ? gathering->visible_count : TALKED_MAX;
    if (rc == RC_OK)
        rc = add_visible(gathering, &days, &seen, err);
    map_free(&seen);
    return rc;
}
