/* facts.h - the content of a briefing, gathered once; three faces tell it.
 *
 * Whatever was heard stands here as `const struct released *`: a count, "<k", a range, a phrase of
 * at least k people, the words of a publisher.  The rest are names of our own tables, days, and
 * numbers about the desk itself.  A pointer that is NULL says that nothing was heard at all.
 * Reads the store; everything lives in `job`.
 */
#ifndef PUBLISH_FACTS_H
#define PUBLISH_FACTS_H

#include "publish/lattice.h"
#include "store/store.h"

enum {
    TREND_DAYS = 28,
    RISES_MAX = 12,
    RISE_PLACES = 6,
    RISE_STORIES = 2,
    TALKED_MAX = 10,
    TOLD_PHRASES = 4,
    TOLD_TITLES = 3,
    THE_CITY = 1,
    KINDS_OF_SOURCES_TO_RISE = 3, /* PRIVACY P3: for the public word "rising" */
};

struct told_counts {
    const struct released *voices, *messages, *copies, *sources;
    bool at_least; /* a story's window was interrupted: voices is a lower bound */
};

struct told_day {
    int64_t day;
    const struct released *voices; /* NULL: nothing was heard on that day */
};

struct told_place {
    uint32_t place;
    const struct released *people;
};

struct told_title {
    const struct released *title;
    struct str url;       /* empty unless http or https */
    struct str publisher; /* as registered */
    int64_t day;
};

/* A story that at least k people told in a closed window. */
struct told_story {
    uint64_t id;
    uint32_t topic;
    struct told_counts counts;
    bool campaign; /* at least half of its messages are copies */
    bool few;      /* and a person sent more than two of them on average */
    const struct released *phrases[TOLD_PHRASES];
    size_t phrase_count;
    struct told_title titles[TOLD_TITLES];
    size_t title_count;
};

/* One thing that rises: the alarms of one topic, or of one story without a topic. */
struct told_rise {
    uint32_t topic; /* 0: the story has none */
    uint64_t alarm; /* the one that stands for all: what to ask why with */
    /* Of the alarm that stands for all: */
    enum window window;
    int64_t start;
    uint32_t place;  /* the city for a story */
    uint32_t centre; /* the group or ward that rose most, its number told or not; else `place` */
    const struct released *people, *expected, *sources;
    double q_at_most;
    struct told_counts counts; /* of that cell */
    bool replayed;
    /* Of all together: */
    bool rising;                           /* enough independent kinds of sources for that word */
    bool current;                          /* still so on the last closed day, or week */
    int64_t since;                         /* day of the first of the days in a row with an alarm */
    struct told_place places[RISE_PLACES]; /* groups and wards with an alarm on the last such day */
    size_t place_count;
    struct told_place wards[RISE_PLACES]; /* with the most voices in the last closed week */
    size_t ward_count;
    struct told_story stories[RISE_STORIES];
    size_t story_count;
    uint32_t trend_place; /* `place`, or the city where that can be told on more days */
    struct told_day trend[TREND_DAYS];
    const struct released *usual; /* expected, where it is that of the trend's days; else NULL */
};

/* One line of the table "where": a topic over the groups. */
struct told_topic {
    uint32_t topic;
    const struct released *city, **groups; /* [group_count] */
    bool *ward_shown;                      /* [group_count]: a ward of the group has a number */
};

enum hearing { HEARD_USUAL, HEARD_LOW, HEARD_SILENT, HEARD_NEVER };
enum day_level { DAY_NOTHING, DAY_LITTLE, DAY_USUAL };

struct told_source {
    struct str title;
    enum hearing hearing;
    int64_t last_day;       /* with hearing != HEARD_NEVER */
    int64_t silent, rhythm; /* days without anything: until today, and the longest before */
    enum day_level days[TREND_DAYS];
};

struct brief_facts {
    const struct settings *settings;
    int64_t now;
    uint32_t k;
    bool has_day, has_week, replayed;
    int64_t day, week; /* the last closed ones: their first instant */
    struct told_counts day_counts, week_counts;
    struct told_day heard[TREND_DAYS];

    struct told_rise *rises; /* rising first, then by how far above the expected */
    size_t rise_count, rising_count;
    size_t alarms_right, alarms_wrong; /* of those of the last four weeks that could be judged */

    uint32_t *groups;
    size_t group_count;
    struct told_topic *topics; /* with a number anywhere; topic 0 (all topics) first */
    size_t topic_count, topics_hidden;

    struct told_story *stories;
    size_t story_count;

    struct told_source *sources;
    size_t source_count, quiet_sources; /* quiet: silent, low or never heard */
    uint64_t bad, failures;             /* in the last seven days */
    int64_t gaps[TREND_DAYS];           /* days on which nothing at all was heard */
    size_t gap_count;
    size_t interrupted; /* windows of the last 28 days */
    /* Messages about services, and those of them that are told by group of wards. */
    const struct released *services, *placed;

    uint64_t releases, log_length;
    unsigned char log_head[LEDGER_HASH];
};

/* RC_ABSENT when nothing was ever heard. */
enum rc facts_gather(struct store *store, const struct settings *settings, int64_t now,
                     struct arena *job, struct brief_facts *facts, struct err *err);

#endif
