/* wording.h - every sentence of a briefing, in Vietnamese and in English, in one table.
 *
 * A sentence holds {0}, {1} … where its parts go; a part may stand in another order, or not at all,
 * in the other language.  Pure.
 */
#ifndef PUBLISH_WORDING_H
#define PUBLISH_WORDING_H

#include "base/arena.h"
#include "base/str.h"

#include <stdbool.h>

enum word {
    /* head */
    W_TITLE,
    W_RANGE,
    W_RANGE_DAY,
    W_NO_DAY,
    W_HEARD_DAY,
    W_HEARD_WEEK,
    W_HEARD_HIDDEN_DAY,
    W_HEARD_HIDDEN_WEEK,
    W_HEARD_CHART,
    W_K,
    W_REPLAYED,
    W_STALE,
    /* summary */
    W_SUM_NONE,
    W_SUM_DAY_ONE,
    W_SUM_DAY,
    W_SUM_WEEK,
    W_SUM_PAST,
    W_SUM_ENTRY,
    W_SUM_ENTRY_WITHIN,
    W_SUM_MORE,
    W_SUM_ENTRY_HIDDEN,
    W_SUM_FEW,
    W_SUM_QUIET_SOURCES,
    W_YESTERDAY,
    W_ON_DAY,
    /* sections */
    W_S_RISING,
    W_S_WHERE,
    W_S_TALKED,
    W_S_UNHEARD,
    W_S_HOW,
    /* a rise */
    W_RISE_NONE,
    W_RISE_TITLE,
    W_TAG_RISING,
    W_TAG_ROSE,
    W_TAG_ONE_SOURCE,
    W_TAG_TWO_SOURCES,
    W_IN_CITY,
    W_IN_PLACE,
    W_WHOLE_CITY,
    W_PEOPLE,
    W_PEOPLE_OWN,
    W_PEOPLE_HIDDEN,
    W_WHEN_HOUR,
    W_WHEN_DAY,
    W_WHEN_WEEK,
    W_COUNTS,
    W_COUNTS_ALL,
    W_COUNTS_HIDDEN,
    W_SOURCES_ONE,
    W_SOURCES_TWO,
    W_SOURCES_MORE,
    W_SINCE,
    W_SINCE_TODAY,
    W_OVER,
    W_SURE_ALMOST,
    W_SURE_VERY,
    W_SURE_FAIRLY,
    W_SURE_MAYBE,
    W_PLACES_MOST,
    W_PLACES,
    W_WARDS,
    W_PLACE_PEOPLE,
    W_PEOPLE_SAY,
    W_PUBLISHED,
    W_RISE_REPLAYED,
    /* charts */
    W_CHART_TITLE,
    W_CHART_SENTENCE,
    W_CHART_ALL_HIDDEN,
    W_CHART_HIDDEN_DAYS,
    W_CHART_EMPTY_DAYS,
    W_CHART_BASELINE,
    W_CHART_BASELINE_BELOW,
    W_CHART_TABLE,
    W_CHART_KEY,
    W_LEGEND_SHOWN,
    W_LEGEND_HIDDEN,
    W_LEGEND_EMPTY,
    W_LEGEND_USUAL,
    W_LEGEND_OWN,
    W_LEGEND_COPY,
    /* where */
    W_WHERE_LEAD,
    W_WHERE_NONE,
    W_WHERE_KEY,
    W_WHERE_HIDDEN,
    W_ALL_TOPICS,
    W_TOPIC,
    W_CITY,
    /* stories */
    W_TALKED_LEAD,
    W_TALKED_NONE,
    W_STORY_COUNTS,
    W_STORY_COUNTS_NO_COPY,
    W_AT_LEAST,
    W_CAMPAIGN,
    W_CAMPAIGN_MANY,
    W_UNNAMED,
    W_SHARE_COPIES,
    /* not heard */
    W_UNHEARD_OK,
    W_SOURCE_SILENT,
    W_SOURCE_LOW,
    W_SOURCE_NEVER,
    W_SOURCE_USUAL,
    W_SOURCE,
    W_STATE,
    W_LAST_HEARD,
    W_LAST_DAYS,
    W_BAD,
    W_BAD_NONE,
    W_GAPS,
    W_GAPS_NONE,
    W_INTERRUPTED,
    W_PLACED,
    W_PLACED_HIDDEN,
    W_STRIP_KEY,
    /* how to read */
    W_HOW_K,
    W_HOW_WINDOWS,
    W_HOW_COUNTED,
    W_HOW_RELEASES,
    W_HOW_LOG,
    W_HOW_EXPECTED,
    W_HOW_STORIES,
    /* small parts */
    W_BELOW,
    W_BELOW_SHORT,
    W_NUMBER_RANGE,
    W_DATE_SHORT,
    W_DATE_LONG,
    W_DAYS_RANGE,
    W_DAY,
    W_PEOPLE_COLUMN,
    W_HIDDEN_CELL,
    W_HIDDEN,
    W_NOTHING_CELL,
    W_AND,
    W_NEVER,
    WORDS
};

/* The sentence with its parts put in, living in `job`. */
struct str wording(bool english, enum word word, const struct str *parts, size_t n,
                   struct arena *job);
/* 0 = Monday; month 1..12 in English ("March"), the number in Vietnamese. */
struct str wording_weekday(bool english, int weekday);
struct str wording_month(int month);

#endif
