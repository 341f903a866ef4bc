/* alarm_view.h - an alarm as anybody may see it: its place in time and grid, and such numbers as
 * release/ lets go.
 */
#ifndef PUBLISH_ALARM_VIEW_H
#define PUBLISH_ALARM_VIEW_H

#include "publish/lattice.h"
#include "store/store.h"

struct alarm_view {
    uint64_t id, story; /* story 0: of a place and topic */
    int64_t known, start;
    enum window window;
    uint32_t place, topic;
    bool replayed;
    const struct released *people, *expected, *sources;
    const struct released *least, *most; /* what would have been nothing unusual: from, to */
    double q_at_most, q_max, ratio_min;
    enum verdict verdict;
    bool by_desk; /* the desk's own word, not the rule's */
};

/* Reads the rows of the alarm's own window alone. */
enum rc alarm_view_of(struct store *store, const struct settings *settings,
                      const struct alarm *alarm, struct arena *request, struct alarm_view *out,
                      struct err *err);

#endif
