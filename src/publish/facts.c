/* facts.c - the head of a briefing and its table of places; see facts.h. */
#include "publish/gather.h"

#include <string.h>

enum { WEEKS_BACK = 5 };

struct told_counts gather_counts(const struct release_row *row, struct arena *job)
{
    return (struct told_counts){
        .voices = release_number(row, MEASURE_VOICES, job),
        .messages = release_number(row, MEASURE_MESSAGES, job),
        .copies = release_number(row, MEASURE_COPIES, job),
        .sources = release_number(row, MEASURE_SOURCES, job),
    };
}

static const struct release_row *city_row(const struct lattice *lattice, enum window window,
                                          int64_t start)
{
    return lattice_find(lattice,
                        (struct cell_key){.window = window, .start = start, .place = THE_CITY});
}

static enum rc load_rows(struct gathering *gathering, enum window window, struct lattice *lattice,
                         struct err *err)
{
    struct span starts = {gathering->until - WEEKS_BACK * WEEK_MS, gathering->until};
    struct release_list rows;
    enum rc rc = gathering->store->driver->releases(gathering->store, window, starts,
                                                    gathering->job, &rows, err);

    if (rc == RC_OK)
        *lattice = (struct lattice){rows.v, rows.n};
    return rc;
}

/* The start of the last window that was closed and released before `now`; false when none was. */
static bool last_start(const struct lattice *lattice, int64_t now, int64_t *out)
{
    bool found = false;

    for (size_t i = 0; i < lattice->n; i++) {
        struct cell_key key = lattice->rows[i].key;

        if (key.start + window_length(key.window) <= now) {
            *out = key.start;
            found = true;
        }
    }
    return found;
}

static void gather_head(struct gathering *gathering)
{
    struct brief_facts *facts = gathering->facts;
    const struct release_row *row;

    facts->has_day = last_start(&gathering->days, facts->now, &facts->day);
    facts->has_week = last_start(&gathering->weeks, facts->now, &facts->week);
    row = facts->has_day ? city_row(&gathering->days, WINDOW_DAY, facts->day) : NULL;
    if (row) {
        facts->day_counts = gather_counts(row, gathering->job);
        facts->replayed = row->replayed;
    }
    row = facts->has_week ? city_row(&gathering->weeks, WINDOW_WEEK, facts->week) : NULL;
    if (row) {
        facts->week_counts = gather_counts(row, gathering->job);
        facts->replayed |= row->replayed;
    }
    if (!facts->has_day)
        facts->day = window_start(WINDOW_DAY, gathering->until, facts->settings->zone);
    for (int i = 0; i < TREND_DAYS; i++) {
        int64_t start = facts->day - (TREND_DAYS - 1 - i) * DAY_MS;

        row = city_row(&gathering->days, WINDOW_DAY, start);
        facts->heard[i].day = time_day(start, facts->settings->zone);
        if (row)
            facts->heard[i].voices = release_number(row, MEASURE_VOICES, gathering->job);
        facts->interrupted += row && row->shown == RELEASED_RANGE;
    }
}

static void list_groups(struct gathering *gathering)
{
    struct brief_facts *facts = gathering->facts;
    const struct gazetteer *places = &facts->settings->places;

    facts->groups = arena_array(gathering->job, places->n + 1, sizeof *facts->groups);
    for (uint32_t i = 1; i < places->n; i++)
        if (places->places[i].level == LEVEL_GROUP && place_current(places, i) == i)
            facts->groups[facts->group_count++] = i;
}

static const struct released *week_voices(struct gathering *gathering, uint32_t place,
                                          uint32_t topic)
{
    struct cell_key key = {
        .window = WINDOW_WEEK, .start = gathering->facts->week, .place = place, .topic = topic};
    const struct release_row *row = lattice_find(&gathering->weeks, key);

    return row ? release_number(row, MEASURE_VOICES, gathering->job)
               : release_count(0, 0, gathering->facts->k, gathering->job);
}

static bool any_ward_shown(const struct gathering *gathering, uint32_t group, uint32_t topic)
{
    const struct gazetteer *places = &gathering->facts->settings->places;

    for (uint32_t i = 1; i < places->n; i++) {
        struct cell_key key = {
            .window = WINDOW_WEEK, .start = gathering->facts->week, .place = i, .topic = topic};
        const struct release_row *row;

        if (places->places[i].level != LEVEL_WARD || places->places[i].parent != group)
            continue;
        row = lattice_find(&gathering->weeks, key);
        if (row && row->shown != RELEASED_BELOW)
            return true;
    }
    return false;
}

/* One topic over the groups; false when every number of it is hidden. */
static bool gather_topic(struct gathering *gathering, uint32_t topic, struct told_topic *out)
{
    struct brief_facts *facts = gathering->facts;
    bool any;

    out->topic = topic;
    out->city = week_voices(gathering, THE_CITY, topic);
    any = released_kind(out->city) != RELEASED_BELOW;
    out->groups = arena_array(gathering->job, facts->group_count + 1, sizeof *out->groups);
    out->ward_shown = arena_array(gathering->job, facts->group_count + 1, sizeof *out->ward_shown);
    for (size_t i = 0; i < facts->group_count; i++) {
        out->ward_shown[i] = any_ward_shown(gathering, facts->groups[i], topic);
        out->groups[i] = week_voices(gathering, facts->groups[i], topic);
        any |= released_kind(out->groups[i]) != RELEASED_BELOW;
    }
    return any;
}

/* How much of what was said of services is told by group: from released numbers alone, so that it
 * says no more than they do. */
static void gather_placed(struct gathering *gathering)
{
    struct brief_facts *facts = gathering->facts;
    uint32_t services = 0, placed = 0, voices = 0;

    for (uint32_t topic = 1; topic < facts->settings->topics.n; topic++) {
        struct cell_key key = {
            .window = WINDOW_WEEK, .start = facts->week, .place = THE_CITY, .topic = topic};
        const struct release_row *row = lattice_find(&gathering->weeks, key);

        if (!row || row->shown == RELEASED_BELOW)
            continue;
        services += row->messages;
        voices = row->voices > voices ? row->voices : voices;
        for (size_t i = 0; i < facts->group_count; i++) {
            key.place = facts->groups[i];
            row = lattice_find(&gathering->weeks, key);
            placed += row && row->shown != RELEASED_BELOW ? row->messages : 0;
        }
    }
    facts->services = release_count(services, voices, facts->k, gathering->job);
    facts->placed = release_count(placed, placed < facts->k ? 0 : voices, facts->k, gathering->job);
}

static void gather_where(struct gathering *gathering)
{
    struct brief_facts *facts = gathering->facts;
    uint32_t topics = facts->settings->topics.n;

    list_groups(gathering);
    facts->topics = arena_array(gathering->job, topics + 1, sizeof *facts->topics);
    if (!facts->has_week)
        return;
    for (uint32_t topic = 0; topic < topics; topic++)
        if (gather_topic(gathering, topic, &facts->topics[facts->topic_count]))
            facts->topic_count++;
        else
            facts->topics_hidden++;
    gather_placed(gathering);
}

static enum rc gather_store(struct gathering *gathering, struct err *err)
{
    struct brief_facts *facts = gathering->facts;
    struct store_counters counters = {0};
    enum rc rc = gathering->store->driver->counters(gathering->store, &counters, err);

    if (rc != RC_OK)
        return rc;
    if (counters.last_heard == TIME_UNKNOWN)
        return err_set(err, RC_ABSENT,
                       "nothing was heard yet, so there is nothing to tell; begin with "
                       "soundings ingest");
    gathering->until = counters.last_heard < facts->now ? counters.last_heard + 1 : facts->now;
    facts->releases = counters.releases;
    facts->log_length = gathering->store->ledger.length;
    memcpy(facts->log_head, gathering->store->ledger.head, LEDGER_HASH);
    return RC_OK;
}

enum rc facts_gather(struct store *store, const struct settings *settings, int64_t now,
                     struct arena *job, struct brief_facts *facts, struct err *err)
{
    struct gathering gathering = {.store = store, .job = job, .facts = facts};
    enum rc rc;

    *facts = (struct brief_facts){
        .settings = settings, .now = now, .k = settings->k < K_FLOOR ? K_FLOOR : settings->k};
    rc = gather_store(&gathering, err);
    if (rc == RC_OK)
        rc = load_rows(&gathering, WINDOW_DAY, &gathering.days, err);
    if (rc == RC_OK)
        rc = load_rows(&gathering, WINDOW_WEEK, &gathering.weeks, err);
    if (rc != RC_OK)
        return rc;
    gather_head(&gathering);
    gather_where(&gathering);
    rc = talked_gather(&gathering, err);
    if (rc == RC_OK)
        rc = rising_gather(&gathering, err);
    return rc == RC_OK ? unheard_gather(&gathering, err) : rc;
}
