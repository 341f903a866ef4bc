/* rising.c - what rises: alarms of the last seven days, those of one thing told as one.
 *
 * One pipe that bursts raises the ward, its group, the city, a story and perhaps last week's number
 * as well.  They are one entry: alarms of one topic (a story's alarm counts for the story's topic),
 * or of one story that has no topic.  One alarm stands for the entry: of its last day, the one of a
 * shown cell of the grid that rose most; a story's only when the grid has none.
 *
 * A story has a past of nothing for the alarm, so any number looks large against it.  Here its own
 * past is asked: an alarm of a story that had half as many people a week or more before is no news,
 * and a story's week says nothing that its days do not.
 */
#include "publish/gather.h"

#include <stdlib.h>
#include <string.h>

enum { ALARM_DAYS = 7, GROUPS_MAX = 256 };

/* An alarm with what may be told of it. */
struct sounded {
    const struct alarm *alarm;
    uint32_t topic;
    uint64_t story; /* 0, or the story that has no topic */
    int64_t day;    /* its last day */
    const struct released *people;
    const struct release_row *row; /* NULL: of a story or a short window, or not released */
    int rank;                      /* how fit it is to stand for the others of its day */
};

struct group {
    uint32_t topic;
    uint64_t story;
    const struct sounded *best;
    uint32_t sources;
    int64_t day, since;
};

static enum rc story_cell(struct gathering *gathering, const struct alarm *alarm,
                          const struct cell **out, struct err *err)
{
    struct cell_query query = {.window = alarm->window,
                               .from = alarm->start,
                               .to = alarm->start + 1,
                               .stories = true,
                               .story = alarm->story};
    struct cell_list cells;
    enum rc rc =
        gathering->store->driver->cells(gathering->store, &query, gathering->job, &cells, err);

    *out = rc == RC_OK && cells.n ? cells.v : NULL;
    return rc;
}

enum { NEWS_DAYS = 6, PAST_STORY_WEEKS = 5 };

/* Whether as much was told of the story before: a week ago or earlier, so that a story that goes on
 * for days stays news. */
static enum rc is_old_story(struct gathering *gathering, const struct alarm *alarm, bool *out,
                            struct err *err)
{
    struct cell_query query = {.window = alarm->window,
                               .from = alarm->start - PAST_STORY_WEEKS * WEEK_MS,
                               .to = alarm->start - NEWS_DAYS * DAY_MS,
                               .stories = true,
                               .story = alarm->story};
    struct cell_list cells;
    enum rc rc =
        gathering->store->driver->cells(gathering->store, &query, gathering->job, &cells, err);

    *out = alarm->window == WINDOW_WEEK;
    for (size_t i = 0; rc == RC_OK && i < cells.n; i++)
        *out |= cells.v[i].fresh >= alarm->observed - cells.v[i].fresh;
    return rc;
}

static const struct release_row *row_of(const struct gathering *gathering,
                                        const struct alarm *alarm)
{
    struct cell_key key = {.window = alarm->window,
                           .start = alarm->start,
                           .place = alarm->place,
                           .topic = alarm->topic};

    return lattice_find(key.window == WINDOW_WEEK ? &gathering->weeks : &gathering->days, key);
}

static int rank_of(const struct sounded *sounded)
{
    bool shown = released_kind(sounded->people) != RELEASED_BELOW;

    if (sounded->alarm->window == WINDOW_WEEK)
        return 0;
    return (shown ? 4 : 0) + (sounded->alarm->place ? 2 : 0) +
           (sounded->alarm->window == WINDOW_DAY);
}

/* RC_ABSENT: the alarm is no news. */
static enum rc sound(struct gathering *gathering, const struct alarm *alarm, struct sounded *out,
                     struct err *err)
{
    struct brief_facts *facts = gathering->facts;
    int64_t last = alarm->window == WINDOW_WEEK ? alarm->start + 6 * DAY_MS : alarm->start;

    *out = (struct sounded){
        .alarm = alarm, .topic = alarm->topic, .day = time_day(last, facts->settings->zone)};
    if (alarm->story) {
        const struct cell *cell;
        struct story_row story;
        bool old;
        enum rc rc = is_old_story(gathering, alarm, &old, err);

        if (rc == RC_OK && old)
            return RC_ABSENT;
        if (rc == RC_OK)
            rc = story_cell(gathering, alarm, &cell, err);
        if (rc == RC_OK)
            rc = gather_story(gathering, alarm->story, &story, err);
        if (rc != RC_OK)
            return rc;
        out->topic = story.topic;
        out->story = story.topic ? 0 : story.id;
        out->people = lattice_story_people(cell, alarm, facts->k, gathering->job);
    } else {
        out->row = row_of(gathering, alarm);
        out->people = lattice_people(out->row, alarm, facts->k, gathering->job);
    }
    out->rank = rank_of(out);
    return RC_OK;
}

static bool is_better(const struct sounded *a, const struct sounded *b)
{
    if (a->day != b->day)
        return a->day > b->day;
    if (a->rank != b->rank)
        return a->rank > b->rank;
    return a->alarm->score > b->alarm->score;
}

static struct group *group_of(struct group *groups, size_t *n, const struct sounded *sounded)
{
    for (size_t i = 0; i < *n; i++)
        if (groups[i].topic == sounded->topic && groups[i].story == sounded->story)
            return &groups[i];
    if (*n == GROUPS_MAX)
        return NULL;
    groups[*n] = (struct group){.topic = sounded->topic, .story = sounded->story};
    return &groups[(*n)++];
}

static bool is_of(const struct sounded *sounded, const struct group *group)
{
    return sounded->topic == group->topic && sounded->story == group->story;
}

/* The first of the days in a row, up to the group's last, each of which has an alarm. */
static int64_t first_in_a_row(const struct sounded *all, size_t n, const struct group *group)
{
    int64_t day = group->day;
    bool found = true;

    if (group->best->alarm->window == WINDOW_WEEK)
        day -= 6;
    while (found) {
        found = false;
        for (size_t i = 0; i < n && !found; i++)
            found = is_of(&all[i], group) && all[i].day == day - 1;
        day -= found;
    }
    return day;
}

/* Of a group or a ward, on the last day and in windows of the length that stands for all. */
static bool is_local(const struct gathering *gathering, const struct sounded *sounded,
                     const struct group *group)
{
    const struct gazetteer *places = &gathering->facts->settings->places;

    return is_of(sounded, group) && sounded->day == group->day && !sounded->alarm->story &&
           sounded->alarm->window == group->best->alarm->window &&
           sounded->alarm->place < places->n &&
           places->places[sounded->alarm->place].level >= LEVEL_GROUP;
}

/* Where it rose most.  The place of an alarm is told also where its number is not. */
static uint32_t centre_of(const struct gathering *gathering, const struct sounded *all, size_t n,
                          const struct group *group)
{
    const struct sounded *most = NULL;

    for (size_t i = 0; i < n; i++)
        if (is_local(gathering, &all[i], group) &&
            (!most || all[i].alarm->score > most->alarm->score))
            most = &all[i];
    return most ? most->alarm->place : THE_CITY;
}

static void tell_places(struct gathering *gathering, const struct sounded *all, size_t n,
                        const struct group *group, struct told_rise *rise)
{
    const struct sounded *chosen[RISE_PLACES];
    size_t count = 0;

    for (size_t i = 0; i < n; i++) {
        size_t at = count;

        if (&all[i] == group->best || !is_local(gathering, &all[i], group))
            continue;
        while (at > 0 && is_better(&all[i], chosen[at - 1]))
            at--;
        if (at == RISE_PLACES)
            continue;
        count += count < RISE_PLACES;
        for (size_t j = count - 1; j > at; j--)
            chosen[j] = chosen[j - 1];
        chosen[at] = &all[i];
    }
    for (size_t i = 0; i < count; i++)
        rise->places[i] = (struct told_place){chosen[i]->alarm->place, chosen[i]->people};
    rise->place_count = count;
}

static void tell_wards(struct gathering *gathering, struct told_rise *rise)
{
    const struct brief_facts *facts = gathering->facts;
    const struct gazetteer *places = &facts->settings->places;
    uint32_t most[RISE_PLACES] = {0};

    if (!facts->has_week || !rise->topic)
        return;
    for (uint32_t place = 1; place < places->n; place++) {
        struct cell_key key = {
            .window = WINDOW_WEEK, .start = facts->week, .place = place, .topic = rise->topic};
        const struct release_row *row = lattice_find(&gathering->weeks, key);
        size_t at = rise->ward_count;

        if (places->places[place].level != LEVEL_WARD || !row || row->shown == RELEASED_BELOW)
            continue;
        while (at > 0 && most[at - 1] < row->voices)
            at--;
        if (at == RISE_PLACES)
            continue;
        rise->ward_count += rise->ward_count < RISE_PLACES;
        for (size_t i = rise->ward_count - 1; i > at; i--) {
            rise->wards[i] = rise->wards[i - 1];
            most[i] = most[i - 1];
        }
        most[at] = row->voices;
        rise->wards[at] =
            (struct told_place){place, release_number(row, MEASURE_VOICES, gathering->job)};
    }
}

/* The last four weeks of a series of the grid, day by day; how many of them are told. */
static int grid_trend(struct gathering *gathering, uint32_t place, uint32_t topic,
                      struct told_day trend[TREND_DAYS])
{
    const struct brief_facts *facts = gathering->facts;
    int shown = 0;

    for (int i = 0; i < TREND_DAYS; i++) {
        struct cell_key key = {.window = WINDOW_DAY,
                               .start = facts->day - (TREND_DAYS - 1 - i) * DAY_MS,
                               .place = place,
                               .topic = topic};
        const struct release_row *row = lattice_find(&gathering->days, key);

        trend[i] = facts->heard[i];
        if (!facts->heard[i].voices)
            continue;
        trend[i].voices = row ? release_number(row, MEASURE_VOICES, gathering->job)
                              : release_count(0, 0, facts->k, gathering->job);
        shown += released_kind(trend[i].voices) != RELEASED_BELOW;
    }
    return shown;
}

/* The same of a story without a topic. */
static enum rc story_trend(struct gathering *gathering, uint64_t story,
                           struct told_day trend[TREND_DAYS], struct err *err)
{
    const struct brief_facts *facts = gathering->facts;
    struct cell_query query = {.window = WINDOW_DAY,
                               .from = facts->day - (TREND_DAYS - 1) * DAY_MS,
                               .to = facts->day + 1,
                               .stories = true,
                               .story = story};
    struct cell_list cells;
    enum rc rc =
        gathering->store->driver->cells(gathering->store, &query, gathering->job, &cells, err);

    for (int i = 0; rc == RC_OK && i < TREND_DAYS; i++) {
        trend[i] = facts->heard[i];
        if (!facts->heard[i].voices)
            continue;
        trend[i].voices = release_count(0, 0, facts->k, gathering->job);
        for (size_t j = 0; j < cells.n; j++)
            if (time_day(cells.v[j].key.start, facts->settings->zone) == trend[i].day)
                trend[i].voices =
                    release_rounded(cells.v[j].voices, cells.v[j].voices, facts->k, gathering->job);
    }
    return rc;
}

enum { TOLD_DAYS_WANTED = 7 };

static enum rc tell_trend_of(struct gathering *gathering, const struct group *group,
                             struct told_rise *rise, struct err *err)
{
    int shown;

    rise->trend_place = rise->place;
    rise->usual = rise->window == WINDOW_DAY ? rise->expected : NULL;
    if (group->story)
        return story_trend(gathering, group->story, rise->trend, err);
    shown = grid_trend(gathering, rise->place, rise->topic, rise->trend);
    if (shown < TOLD_DAYS_WANTED && rise->place != THE_CITY) {
        struct told_day city[TREND_DAYS];

        if (grid_trend(gathering, THE_CITY, rise->topic, city) > shown) {
            memcpy(rise->trend, city, sizeof city);
            rise->trend_place = THE_CITY;
            rise->usual = NULL;
        }
    }
    return RC_OK;
}

static void tell_stories(struct gathering *gathering, const struct group *group,
                         struct told_rise *rise)
{
    for (size_t i = 0; i < gathering->visible_count && rise->story_count < RISE_STORIES; i++) {
        const struct told_story *story = &gathering->visible[i];

        if (group->story ? story->id == group->story : story->topic == group->topic)
            rise->stories[rise->story_count++] = *story;
    }
}

static enum rc tell_counts(struct gathering *gathering, const struct sounded *best,
                           struct told_rise *rise, struct err *err)
{
    const struct released *below = release_count(0, 0, gathering->facts->k, gathering->job);
    const struct cell *cell;
    struct told_story story;
    enum rc rc;

    rise->counts = (struct told_counts){below, below, below, below, false};
    if (best->row) {
        rise->counts = gather_counts(best->row, gathering->job);
        return RC_OK;
    }
    if (!best->alarm->story)
        return RC_OK;
    rc = story_cell(gathering, best->alarm, &cell, err);
    if (rc != RC_OK || !cell || !cell->parts)
        return rc;
    rc = gather_told_story(gathering, cell, &story, err);
    if (rc == RC_OK)
        rise->counts = story.counts;
    return rc;
}

static enum rc tell_group(struct gathering *gathering, const struct sounded *all, size_t n,
                          const struct group *group, struct told_rise *rise, struct err *err)
{
    struct brief_facts *facts = gathering->facts;
    const struct alarm *alarm = group->best->alarm;
    int64_t last_day = time_day(facts->day, facts->settings->zone);
    enum rc rc;

    *rise = (struct told_rise){
        .alarm = alarm->id,
        .topic = group->topic < facts->settings->topics.n ? group->topic : 0,
        .window = alarm->window,
        .start = alarm->start,
        .place = alarm->place && alarm->place < facts->settings->places.n ? alarm->place : THE_CITY,
        .centre = centre_of(gathering, all, n, group),
        .people = group->best->people,
        .expected = lattice_expected(alarm, group->best->people, facts->k, gathering->job),
        .sources = release_count(group->sources, alarm->observed, facts->k, gathering->job),
        .q_at_most = lattice_q_at_most(alarm->q),
        .replayed = alarm->replayed,
        .rising = group->sources >= KINDS_OF_SOURCES_TO_RISE,
        .current =
            alarm->window == WINDOW_WEEK ? alarm->start == facts->week : group->day >= last_day,
        .since = group->since,
    };
    tell_places(gathering, all, n, group, rise);
    tell_wards(gathering, rise);
    tell_stories(gathering, group, rise);
    rc = tell_counts(gathering, group->best, rise, err);
    return rc == RC_OK ? tell_trend_of(gathering, group, rise, err) : rc;
}

/* Rising before what has too few sources for that word, current before past, then by score. */
static int by_weight(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    bool rising = x->sources >= KINDS_OF_SOURCES_TO_RISE;

    if (rising != (y->sources >= KINDS_OF_SOURCES_TO_RISE))
        return rising ? -1 : 1;
    if (x->day != y->day)
        return x->day < y->day ? 1 : -1;
    if (x->best->rank != y->best->rank)
        return x->best->rank < y->best->rank ? 1 : -1;
    if (x->best->alarm->score != y->best->alarm->score)
        return x->best->alarm->score < y->best->alarm->score ? 1 : -1;
    return x->topic < y->topic ? -1 : x->topic > y->topic;
}

enum { SCORED_WEEKS = 4 };

static void count_verdicts(struct gathering *gathering, const struct alarm_list *alarms)
{
    struct brief_facts *facts = gathering->facts;

    for (size_t i = 0; i < alarms->n; i++) {
        if (alarms->v[i].known < gathering->until - SCORED_WEEKS * WEEK_MS)
            continue;
        facts->alarms_right += alarm_verdict(&alarms->v[i]) == VERDICT_RIGHT;
        facts->alarms_wrong += alarm_verdict(&alarms->v[i]) == VERDICT_WRONG;
    }
}

/* Alarms that could be known by now, of the last five weeks. */
static enum rc load_sounded(struct gathering *gathering, struct sounded **out, size_t *n,
                            struct err *err)
{
    struct span known = {gathering->until - 5 * WEEK_MS, gathering->facts->now + 1};
    struct alarm_list alarms;
    enum rc rc =
        gathering->store->driver->alarms(gathering->store, known, gathering->job, &alarms, err);

    if (rc != RC_OK)
        return rc;
    count_verdicts(gathering, &alarms);
    *out = arena_array(gathering->job, alarms.n + 1, sizeof **out);
    *n = 0;
    for (size_t i = 0; i < alarms.n; i++) {
        if (alarms.v[i].observed < gathering->facts->k) /* k was raised since */
            continue;
        rc = sound(gathering, &alarms.v[i], &(*out)[*n], err);
        if (rc == RC_OK)
            (*n)++;
        else if (rc != RC_ABSENT)
            return rc;
    }
    return RC_OK;
}

enum rc rising_gather(struct gathering *gathering, struct err *err)
{
    struct brief_facts *facts = gathering->facts;
    struct group *groups = arena_array(gathering->job, GROUPS_MAX, sizeof *groups);
    struct sounded *all;
    size_t n, count = 0;
    enum rc rc = load_sounded(gathering, &all, &n, err);

    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct group *group;

        if (all[i].alarm->known < gathering->until - ALARM_DAYS * DAY_MS ||
            !(group = group_of(groups, &count, &all[i])))
            continue;
        if (!group->best || is_better(&all[i], group->best))
            group->best = &all[i];
        if (all[i].alarm->sources > group->sources)
            group->sources = all[i].alarm->sources;
    }
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < count; i++) {
        groups[i].day = groups[i].best->day;
        groups[i].since = first_in_a_row(all, n, &groups[i]);
    }
    if (count)
        qsort(groups, count, sizeof *groups, by_weight);
    facts->rises = arena_array(gathering->job, RISES_MAX, sizeof *facts->rises);
    for (size_t i = 0; rc == RC_OK && i < count && i < RISES_MAX; i++) {
        struct told_rise *rise = &facts->rises[facts->rise_count++];

        rc = tell_group(gathering, all, n, &groups[i], rise, err);
        facts->rising_count += rise->rising;
    }
    return rc;
}
