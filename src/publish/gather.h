/* gather.h - what the files that gather the facts of a briefing share.
 */
#ifndef PUBLISH_GATHER_H
#define PUBLISH_GATHER_H

#include "publish/facts.h"

struct gathering {
    struct store *store;
    struct arena *job;
    struct brief_facts *facts;
    struct lattice days, weeks; /* of the last five weeks */
    int64_t until;              /* the smaller of now and the last time heard */
    struct told_story *visible; /* stories of >= k people in the last week or one of seven days */
    size_t visible_count;       /* by voices, most first */
};

/* Stories (talked.c): fills visible and facts->stories. */
enum rc talked_gather(struct gathering *gathering, struct err *err);
/* Rises (rising.c): needs the stories. */
enum rc rising_gather(struct gathering *gathering, struct err *err);
/* Coverage (unheard.c). */
enum rc unheard_gather(struct gathering *gathering, struct err *err);

/* Counts of a released row; all "<k" when it is hidden. */
struct told_counts gather_counts(const struct release_row *row, struct arena *job);
/* The story, or the one that took it in. */
enum rc gather_story(struct gathering *gathering, uint64_t id, struct story_row *out,
                     struct err *err);
/* What may be told of a story with the counts of one closed window. */
enum rc gather_told_story(struct gathering *gathering, const struct cell *cell,
                          struct told_story *out, struct err *err);

#endif
