/* story_view.h - a story as staff may see it: numbers from k people on, phrases that k people used.
 *
 * PRIVACY, "Who sees what": a story of fewer than k people is not there, unless somebody published
 * about it: then its publications are shown, and "<k" for its numbers.  Voices are those of the
 * closed window in which most were heard, messages and copies those of all closed days; windows
 * still open are not read, so nothing moves when one more message comes in.
 */
#ifndef PUBLISH_STORY_VIEW_H
#define PUBLISH_STORY_VIEW_H

#include "store/store.h"

struct story_day {
    int64_t start;
    const struct released *voices, *messages, *copies;
};

struct story_view {
    uint64_t id, merged_into;
    uint32_t topic, publications;
    int64_t first, last; /* starts of the first and last day with at least k people, or unknown */
    const struct released *voices, *messages, *copies;
    const struct released *phrases[STORY_PHRASES];
    uint32_t phrase_count;
    struct story_day *days; /* closed days, oldest first; filled by story_view_get alone */
    size_t day_count;
};

/* The whole of what one story may show.  RC_ABSENT: no such story. */
enum rc story_view_get(struct store *store, const struct settings *settings, uint64_t id,
                       struct arena *request, struct story_view *out, struct err *err);
/* The `limit` stories touched last (or largest), without days. */
struct story_choice {
    enum story_order order;
    size_t limit;
};
struct story_list {
    struct story_view *views;
    size_t n;
};
enum rc story_view_list(struct store *store, const struct settings *settings,
                        const struct story_choice *choice, struct arena *request,
                        struct story_list *out, struct err *err);
/* Every story that may be shown, by id, without days: the cells are read once for all of them. */
enum rc story_view_each(struct store *store, const struct settings *settings, struct arena *job,
                        void (*put)(void *context, const struct story_view *view), void *context,
                        struct err *err);

#endif
