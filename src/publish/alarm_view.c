/* alarm_view.c - what may be told of an alarm; see alarm_view.h. */
#include "publish/alarm_view.h"

/* Of its people; a window of less than a day has no row of a release. */
static enum rc people_of(struct store *store, const struct alarm *alarm, uint32_t k,
                         struct arena *request, const struct released **out, struct err *err)
{
    struct cell_key key = {.window = alarm->window,
                           .start = alarm->start,
                           .place = alarm->place,
                           .topic = alarm->topic};
    struct cell_query query = {.window = alarm->window,
                               .from = alarm->start,
                               .to = alarm->start + 1,
                               .stories = true,
                               .story = alarm->story};
    struct release_list rows;
    struct lattice lattice;
    struct cell_list cells;
    enum rc rc;

    if (alarm->story) {
        rc = store->driver->cells(store, &query, request, &cells, err);
        if (rc == RC_OK)
            *out = lattice_story_people(cells.n ? cells.v : NULL, alarm, k, request);
        return rc;
    }
    rc = store->driver->releases(store, key.window, (struct span){key.start, key.start + 1},
                                 request, &rows, err);
    if (rc != RC_OK)
        return rc;
    lattice = (struct lattice){rows.v, rows.n};
    *out = lattice_people(lattice_find(&lattice, key), alarm, k, request);
    return RC_OK;
}

enum rc alarm_view_of(struct store *store, const struct settings *settings,
                      const struct alarm *alarm, struct arena *request, struct alarm_view *out,
                      struct err *err)
{
    uint32_t k = settings->k < K_FLOOR ? K_FLOOR : settings->k;
    const struct released *people;
    enum rc rc = people_of(store, alarm, k, request, &people, err);

    if (rc != RC_OK)
        return rc;
    *out = (struct alarm_view){
        .id = alarm->id,
        .story = alarm->story,
        .known = alarm->known,
        .start = alarm->start,
        .window = (enum window)alarm->window,
        .place = alarm->place,
        .topic = alarm->topic,
        .replayed = alarm->replayed,
        .people = people,
        .expected = lattice_expected(alarm, people, k, request),
        .sources = lattice_sources(alarm, k, request),
        .least = lattice_edge(alarm, people, -2, k, request),
        .most = lattice_edge(alarm, people, 2, k, request),
        .q_at_most = lattice_q_at_most(alarm->q),
        .q_max = alarm->q_max,
        .ratio_min = alarm->ratio_min,
        .verdict = alarm_verdict(alarm),
        .by_desk = alarm->desk != VERDICT_NONE,
    };
    return RC_OK;
}
