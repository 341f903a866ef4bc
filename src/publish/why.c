/* why.c - the evidence behind one alarm; see why.h.
 *
 * How much one source sent is told in tenths only where at least k people stand on both sides of
 * the line: of V people with M messages, T of them from that source, at least T - (M - V) people
 * wrote there and at least V - T elsewhere.  Otherwise "more than half", or nothing.
 */
#include "publish/why.h"

#include "publish/gather.h"

#include <stdlib.h>
#include <string.h>

struct asking {
    struct gathering gathering;
    const struct brief_facts *facts;
    const struct alarm *alarm;
    struct alarm_list alarms; /* all that are kept */
    int64_t start;            /* of the unit: the day or week the alarm lies in */
    struct why *why;
};

static enum rc find_alarm(struct asking *asking, uint64_t id, struct err *err)
{
    struct gathering *gathering = &asking->gathering;
    enum rc rc =
        gathering->store->driver->alarms(gathering->store, (struct span){INT64_MIN, INT64_MAX},
                                         gathering->job, &asking->alarms, err);

    for (size_t i = 0; rc == RC_OK && i < asking->alarms.n; i++)
        if (asking->alarms.v[i].id == id)
            asking->alarm = &asking->alarms.v[i];
    if (rc == RC_OK && !asking->alarm)
        rc = err_set(err, RC_ABSENT, "no alarm %llu; rises list tells the ids",
                     (unsigned long long)id);
    return rc;
}

/* The rows of the unit's windows that the chart shows, for grid and for what was heard at all. */
static enum rc load_rows(struct asking *asking, struct err *err)
{
    struct gathering *gathering = &asking->gathering;
    bool week = asking->why->unit == WINDOW_WEEK;
    int64_t length = window_length(asking->why->unit);
    struct span span = {asking->start - (week ? WHY_BEFORE_WEEKS : WHY_BEFORE_DAYS) * length,
                        asking->start + (week ? WHY_AFTER_WEEKS : WHY_AFTER_DAYS) * length + 1};
    struct release_list rows;
    enum rc rc = gathering->store->driver->releases(gathering->store, asking->why->unit, span,
                                                    gathering->job, &rows, err);

    if (rc == RC_OK)
        gathering->days = (struct lattice){rows.v, rows.n};
    return rc;
}

static const struct release_row *row_of(const struct asking *asking, int64_t start, uint32_t place,
                                        uint32_t topic)
{
    struct cell_key key = {
        .window = asking->why->unit, .start = start, .place = place, .topic = topic};

    return lattice_find(&asking->gathering.days, key);
}

static enum rc load_story(struct asking *asking, struct span span, struct cell_list *out,
                          struct err *err)
{
    struct gathering *gathering = &asking->gathering;
    struct cell_query query = {.window = asking->why->unit,
                               .from = span.from,
                               .to = span.to,
                               .stories = true,
                               .story = asking->alarm->story};

    return gathering->store->driver->cells(gathering->store, &query, gathering->job, out, err);
}

/* People of the series in one window of the chart. */
static const struct released *people_at(const struct asking *asking, const struct cell_list *story,
                                        int64_t start)
{
    uint32_t k = asking->facts->k;
    struct arena *request = asking->gathering.job;
    const struct release_row *row;

    for (size_t i = 0; i < story->n; i++)
        if (story->v[i].key.start == start && story->v[i].parts)
            return release_rounded(story->v[i].voices, story->v[i].voices, k, request);
    row = asking->alarm->story ? NULL
                               : row_of(asking, start, asking->alarm->place, asking->alarm->topic);
    return row ? release_number(row, MEASURE_VOICES, request) : release_count(0, 0, k, request);
}

/* Whether the series had an alarm in windows of the unit's length, or this one in its day. */
static bool rose_at(const struct asking *asking, int64_t start)
{
    const struct alarm *of = asking->alarm;

    for (size_t i = 0; i < asking->alarms.n; i++) {
        const struct alarm *other = &asking->alarms.v[i];

        if (other->window == of->window && other->place == of->place && other->topic == of->topic &&
            other->story == of->story &&
            window_start(asking->why->unit, other->start, asking->facts->settings->zone) == start)
            return true;
    }
    return false;
}

static enum rc tell_windows(struct asking *asking, struct err *err)
{
    struct why *why = asking->why;
    struct zone zone = asking->facts->settings->zone;
    bool week = why->unit == WINDOW_WEEK;
    int before = week ? WHY_BEFORE_WEEKS : WHY_BEFORE_DAYS;
    int after = week ? WHY_AFTER_WEEKS : WHY_AFTER_DAYS;
    int64_t length = window_length(why->unit);
    struct span span = {asking->start - before * length, asking->start + after * length + 1};
    struct cell_list story = {0};
    enum rc rc = asking->alarm->story ? load_story(asking, span, &story, err) : RC_OK;

    for (int i = 0; rc == RC_OK && i <= before + after; i++) {
        int64_t start = span.from + i * length;
        struct why_window *window = &why->windows[i];

        *window = (struct why_window){.day = time_day(start, zone),
                                      .fired = start == asking->start,
                                      .rose = rose_at(asking, start)};
        if (row_of(asking, start, THE_CITY, 0)) {
            window->people = people_at(asking, &story, start);
            why->window_count = (size_t)i + 1;
        } else if (window->fired) {
            why->window_count = (size_t)i + 1;
        }
    }
    return rc;
}

static bool place_rose(const struct asking *asking, uint32_t place)
{
    const struct alarm *of = asking->alarm;

    for (size_t i = 0; i < asking->alarms.n; i++) {
        const struct alarm *other = &asking->alarms.v[i];

        if (other->place == place && other->topic == of->topic && other->window == of->window &&
            other->start == of->start && !other->story)
            return true;
    }
    return false;
}

/* What rose before what did not, then by what is told: nothing that is not told decides. */
static bool goes_before(const struct why_place *a, const struct why_place *b)
{
    bool shown = released_kind(a->people) != RELEASED_BELOW;

    if (a->rose != b->rose)
        return a->rose;
    if (shown != (released_kind(b->people) != RELEASED_BELOW))
        return shown;
    return shown && released_number(a->people) > released_number(b->people);
}

static void add_place(struct why *why, struct why_place place)
{
    size_t at = why->place_count;

    while (at > 0 && goes_before(&place, &why->places[at - 1]))
        at--;
    if (at == WHY_PLACES)
        return;
    why->place_count += why->place_count < WHY_PLACES;
    memmove(&why->places[at + 1], &why->places[at],
            (why->place_count - at - 1) * sizeof *why->places);
    why->places[at] = place;
}

/* Parts of the alarm's place that have a number, and every place that rose with it. */
static void tell_places(struct asking *asking)
{
    const struct alarm *alarm = asking->alarm;
    const struct gazetteer *places = &asking->facts->settings->places;

    if (alarm->story || !alarm->topic)
        return;
    for (uint32_t i = THE_CITY; i < places->n; i++) {
        const struct release_row *row = row_of(asking, asking->start, i, alarm->topic);
        bool part =
            i != THE_CITY && (alarm->place == THE_CITY || places->places[i].parent == alarm->place);
        bool rose = place_rose(asking, i), shown = row && row->shown != RELEASED_BELOW;

        if (i == alarm->place || place_current(places, i) != i || !(rose || (part && shown)))
            continue;
        add_place(
            asking->why,
            (struct why_place){i,
                               row ? release_number(row, MEASURE_VOICES, asking->gathering.job)
                                   : release_count(0, 0, asking->facts->k, asking->gathering.job),
                               rose});
    }
}

static int by_voices(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;

    if (x->voices != y->voices)
        return x->voices < y->voices ? 1 : -1;
    return x->key.story < y->key.story ? -1 : x->key.story > y->key.story;
}

/* The story itself, or the stories of the topic that at least k people told in that window. */
static enum rc tell_stories(struct asking *asking, struct err *err)
{
    const struct alarm *alarm = asking->alarm;
    struct why *why = asking->why;
    struct cell_list cells;
    enum rc rc = load_story(asking, (struct span){asking->start, asking->start + 1}, &cells, err);

    if (rc == RC_OK && cells.n)
        qsort(cells.v, cells.n, sizeof *cells.v, by_voices);
    for (size_t i = 0; rc == RC_OK && i < cells.n && why->story_count < WHY_STORIES; i++) {
        struct told_story *told = &why->stories[why->story_count];
        bool again = false;

        if (!cells.v[i].parts || cells.v[i].voices < asking->facts->k)
            continue;
        rc = gather_told_story(&asking->gathering, &cells.v[i], told, err);
        if (rc == RC_ABSENT) {
            rc = RC_OK;
            continue;
        }
        for (size_t j = 0; rc == RC_OK && j < why->story_count; j++)
            again |= why->stories[j].id == told->id; /* taken in by another: told once */
        if (rc == RC_OK && !again && (alarm->story || told->topic == alarm->topic))
            why->story_count++;
    }
    return rc;
}

/* The cell of the alarm as it was counted; NULL when it is not kept. */
static enum rc load_cell(struct asking *asking, const struct cell **out, struct err *err)
{
    struct gathering *gathering = &asking->gathering;
    const struct alarm *alarm = asking->alarm;
    struct cell_query query = {.window = alarm->window,
                               .from = alarm->start,
                               .to = alarm->start + 1,
                               .stories = alarm->story != 0,
                               .story = alarm->story};
    struct cell_list cells;
    enum rc rc =
        gathering->store->driver->cells(gathering->store, &query, gathering->job, &cells, err);

    *out = NULL;
    for (size_t i = 0; rc == RC_OK && i < cells.n; i++)
        if (cells.v[i].key.place == alarm->place && cells.v[i].key.topic == alarm->topic &&
            cells.v[i].parts)
            *out = &cells.v[i];
    return rc;
}

static void tell_share(struct why *why, const struct cell *cell, uint32_t k)
{
    uint32_t top = cell->top_source, messages = cell->messages, voices = cell->voices;

    if (released_kind(why->alarm.people) == RELEASED_BELOW || voices < k || !messages)
        return;
    if (top + voices >= messages + k && voices >= top + k) {
        why->share = SHARE_TENTHS;
        why->tenths = (20 * top + messages) / (2 * messages);
    } else if (top > messages - top) {
        why->share = SHARE_OVER_HALF;
    }
}

static void tell_counts(struct asking *asking, const struct cell *cell)
{
    struct told_rise *rise = &asking->why->rise;
    struct arena *request = asking->gathering.job;
    uint32_t k = asking->facts->k;
    const struct released *below = release_count(0, 0, k, request);
    const struct release_row *row = NULL;

    rise->counts = (struct told_counts){below, below, below, below, false};
    if (released_kind(rise->people) == RELEASED_BELOW)
        return;
    if (!asking->alarm->story)
        row = row_of(asking, asking->start, asking->alarm->place, asking->alarm->topic);
    if (row)
        rise->counts = gather_counts(row, request);
    else if (cell)
        rise->counts =
            (struct told_counts){release_rounded(cell->voices, cell->voices, k, request),
                                 release_rounded(cell->messages, cell->voices, k, request),
                                 release_rounded(cell->copies, cell->voices, k, request),
                                 release_count(cell->sources, cell->voices, k, request),
                                 cell->voices_sum > cell->voices};
}

static void tell_rise(struct asking *asking)
{
    const struct alarm *alarm = asking->alarm;
    struct why *why = asking->why;

    why->rise = (struct told_rise){
        .topic = alarm->topic < asking->facts->settings->topics.n ? alarm->topic : 0,
        .window = why->alarm.window,
        .start = alarm->start,
        .place = alarm->place ? alarm->place : THE_CITY,
        .centre = alarm->place ? alarm->place : THE_CITY,
        .people = why->alarm.people,
        .expected = why->alarm.expected,
        .sources =
            release_count(alarm->sources, alarm->observed, asking->facts->k, asking->gathering.job),
        .q_at_most = why->alarm.q_at_most,
        .replayed = alarm->replayed,
        .rising = alarm->sources >= KINDS_OF_SOURCES_TO_RISE,
    };
    if (why->story_count && alarm->story) {
        why->rise.stories[0] = why->stories[0];
        why->rise.story_count = 1;
        why->rise.topic = why->stories[0].topic;
    }
}

enum rc why_gather(struct store *store, const struct brief_facts *facts, uint64_t alarm,
                   struct arena *request, struct why *out, struct err *err)
{
    struct brief_facts own = *facts;
    struct asking asking = {
        .gathering = {.store = store, .job = request, .facts = &own}, .facts = facts, .why = out};
    const struct cell *cell;
    enum rc rc = find_alarm(&asking, alarm, err);

    *out = (struct why){0};
    if (rc == RC_OK)
        rc = alarm_view_of(store, facts->settings, asking.alarm, request, &out->alarm, err);
    if (rc != RC_OK)
        return rc;
    out->unit = out->alarm.window == WINDOW_WEEK ? WINDOW_WEEK : WINDOW_DAY;
    asking.start = window_start(out->unit, asking.alarm->start, facts->settings->zone);
    rc = load_rows(&asking, err);
    if (rc == RC_OK)
        rc = tell_windows(&asking, err);
    if (rc == RC_OK)
        rc = tell_stories(&asking, err);
    if (rc == RC_OK)
        rc = load_cell(&asking, &cell, err);
    if (rc != RC_OK)
        return rc;
    tell_places(&asking);
    tell_rise(&asking);
    tell_counts(&asking, cell);
    if (cell)
        tell_share(out, cell, facts->k);
    return RC_OK;
}
