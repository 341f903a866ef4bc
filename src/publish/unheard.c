/* unheard.c - what was not heard: silence of a source is told by its own rhythm.
 *
 * A source is silent when it has sent nothing for longer than it ever did in the last three months,
 * and for two whole days at least; it is low when its last seven days bring less than half of what
 * its four weeks before did.  Counts of a source are no numbers of the grid, so only these words
 * leave, with the day it was last heard (PRIVACY P4).
 */
#include "publish/gather.h"

enum { LOOK_BACK = 91, SILENT_AT_LEAST = 2, LOW_NEEDS = 28 };

/* Items by day; days[LOOK_BACK] is today. */
struct rhythm {
    uint32_t days[LOOK_BACK + 1];
};

static void read_rhythm(const struct coverage_list *rows, struct str source, int64_t today,
                        struct rhythm *out)
{
    *out = (struct rhythm){0};
    for (size_t i = 0; i < rows->n; i++) {
        int64_t at = rows->v[i].day - today + LOOK_BACK;

        if (at >= 0 && at <= LOOK_BACK && str_eq(rows->v[i].source, source))
            out->days[at] += rows->v[i].items;
    }
}

static uint32_t sum(const struct rhythm *rhythm, int from, int to)
{
    uint32_t items = 0;

    for (int i = from; i < to; i++)
        items += rhythm->days[i];
    return items;
}

static bool is_low(const struct rhythm *rhythm)
{
    uint32_t week = sum(rhythm, LOOK_BACK - 7, LOOK_BACK);
    uint32_t before = sum(rhythm, LOOK_BACK - 35, LOOK_BACK - 7);

    return before >= LOW_NEEDS && week * 8 < before;
}

static void judge(const struct rhythm *rhythm, int64_t today, struct told_source *out)
{
    int last = -1;

    for (int i = 0; i <= LOOK_BACK; i++) {
        if (!rhythm->days[i])
            continue;
        if (last >= 0 && i - last - 1 > out->rhythm)
            out->rhythm = i - last - 1;
        last = i;
    }
    if (last < 0) {
        out->hearing = HEARD_NEVER;
        return;
    }
    out->last_day = today - LOOK_BACK + last;
    out->silent = LOOK_BACK - last - 1;
    if (out->silent >= SILENT_AT_LEAST && out->silent > out->rhythm)
        out->hearing = HEARD_SILENT;
    else if (is_low(rhythm))
        out->hearing = HEARD_LOW;
}

static void draw_days(const struct rhythm *rhythm, int64_t behind, struct told_source *out)
{
    uint32_t all = sum(rhythm, 0, LOOK_BACK + 1), heard = 0;

    for (int i = 0; i <= LOOK_BACK; i++)
        heard += rhythm->days[i] > 0;
    for (int i = 0; i < TREND_DAYS; i++) {
        int64_t at = LOOK_BACK - behind - (TREND_DAYS - 1 - i);
        uint64_t items = at >= 0 && at <= LOOK_BACK ? rhythm->days[at] : 0;

        out->days[i] = !items                              ? DAY_NOTHING
                       : 2 * items * heard < (uint64_t)all ? DAY_LITTLE
                                                           : DAY_USUAL;
    }
}

static void gather_gaps(struct gathering *gathering, const struct coverage_list *rows)
{
    struct brief_facts *facts = gathering->facts;

    for (int i = 0; i < TREND_DAYS; i++) {
        int64_t day = facts->heard[i].day;
        bool heard = false, before = false;

        for (size_t j = 0; j < rows->n; j++) {
            heard |= rows->v[j].items && rows->v[j].day == day;
            before |= rows->v[j].items && rows->v[j].day < day;
        }
        if (before && !heard)
            facts->gaps[facts->gap_count++] = day;
    }
}

static struct str title_of(const struct source_settings *source)
{
    return source->title.n ? source->title : source->name;
}

enum rc unheard_gather(struct gathering *gathering, struct err *err)
{
    struct brief_facts *facts = gathering->facts;
    const struct settings *settings = facts->settings;
    int64_t today = time_day(facts->now, settings->zone);
    struct span days = {(facts->heard[0].day < today ? facts->heard[0].day : today) - LOOK_BACK,
                        today + 1};
    struct coverage_list rows;
    enum rc rc =
        gathering->store->driver->coverage(gathering->store, days, gathering->job, &rows, err);

    if (rc != RC_OK)
        return rc;
    facts->sources =
        arena_array(gathering->job, settings->source_count + 1, sizeof *facts->sources);
    for (uint32_t i = 0; i < settings->source_count; i++) {
        struct told_source *source = &facts->sources[facts->source_count];
        struct rhythm rhythm;

        read_rhythm(&rows, settings->sources[i].name, today, &rhythm);
        *source = (struct told_source){.title = title_of(&settings->sources[i])};
        judge(&rhythm, today, source);
        if (i == 0 && source->hearing == HEARD_NEVER) /* "file" is not a registered source */
            continue;
        draw_days(&rhythm, today - facts->heard[TREND_DAYS - 1].day, source);
        facts->source_count++;
        facts->quiet_sources += source->hearing != HEARD_USUAL;
    }
    for (size_t i = 0; i < rows.n; i++)
        if (rows.v[i].day > today - 7 && rows.v[i].day <= today) {
            facts->bad += rows.v[i].bad;
            facts->failures += rows.v[i].failures;
        }
    gather_gaps(gathering, &rows);
    return RC_OK;
}
