/* why.h - why an alarm fired: how many, against what, where, in whose words, by which rule; and
 * whether it was right.
 *
 * Everything that was heard stands here as `const struct released *`, under the rules of
 * lattice.h: nothing of a window shorter than a day has a number; its chart, places and stories are
 * those of the day it lies in.  Reads the store; what is shown has its leaf (LEDGER_READ) first.
 */
#ifndef PUBLISH_WHY_H
#define PUBLISH_WHY_H

#include "base/buf.h"
#include "publish/alarm_view.h"
#include "publish/facts.h"

enum {
    WHY_BEFORE_DAYS = 28,
    WHY_AFTER_DAYS = 7,
    WHY_BEFORE_WEEKS = 12,
    WHY_AFTER_WEEKS = 2,
    WHY_WINDOWS = WHY_BEFORE_DAYS + 1 + WHY_AFTER_DAYS,
    WHY_PLACES = 8,
    WHY_STORIES = 3
};

/* One day, or week, of the chart. */
struct why_window {
    int64_t day;                   /* its first */
    const struct released *people; /* NULL: nothing was heard at all */
    bool fired, rose;              /* by this alarm; by any of the same series */
};

struct why_place {
    uint32_t place;
    const struct released *people;
    bool rose; /* had an alarm of its own in the same window */
};

/* How much of the messages came from the source that sent most. */
enum why_share {
    SHARE_UNTOLD,
    SHARE_OVER_HALF, /* a nearer number would speak of fewer than k people */
    SHARE_TENTHS
};

struct why {
    struct alarm_view alarm;
    struct told_rise rise; /* of the alarm alone; without places and trend */
    enum window unit;      /* of the chart, the places and the stories: day or week */
    struct why_window windows[WHY_WINDOWS];
    size_t window_count;
    struct why_place places[WHY_PLACES];
    size_t place_count;
    struct told_story stories[WHY_STORIES];
    size_t story_count;
    enum why_share share;
    uint32_t tenths;
};

/* RC_ABSENT: there is no such alarm. */
enum rc why_gather(struct store *store, const struct brief_facts *facts, uint64_t alarm,
                   struct arena *request, struct why *out, struct err *err);

struct why_options {
    uint64_t alarm;
    bool json, english, colour;
    int width; /* columns, for text */
};
/* Appends the answer to *out, as text for a terminal or as one line of JSON. */
enum rc why_write(struct store *store, const struct settings *settings,
                  const struct why_options *options, struct arena *request, struct buf *out,
                  struct err *err);

#endif
