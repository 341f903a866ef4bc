/* lattice.c - released rows by key, and alarms told by their rules; see lattice.h. */
#include "publish/lattice.h"

#include "model/settings.h"

#include <math.h>

const struct release_row *lattice_find(const struct lattice *lattice, struct cell_key key)
{
    size_t low = 0, high = lattice->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = cell_key_cmp(lattice->rows[middle].key, key);

        if (order == 0)
            return &lattice->rows[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* A part of a day beside the whole would tell the rest (PRIVACY P4: public is day and week only).
 */
static bool is_told(const struct alarm *alarm)
{
    return alarm->window == WINDOW_DAY || alarm->window == WINDOW_WEEK;
}

static uint32_t told(uint32_t observed, uint32_t voices, uint32_t k)
{
    uint32_t apart = k < K_FLOOR ? K_FLOOR : k;

    return voices > observed && voices - observed < apart ? voices : observed;
}

const struct released *lattice_people(const struct release_row *row, const struct alarm *alarm,
                                      uint32_t k, struct arena *request)
{
    uint32_t observed;

    if (!is_told(alarm) || !row || row->shown == RELEASED_BELOW)
        return release_count(0, 0, k, request);
    observed = told(alarm->observed, row->voices, k);
    return release_count(observed, observed, k, request);
}

const struct released *lattice_story_people(const struct cell *cell, const struct alarm *alarm,
                                            uint32_t k, struct arena *request)
{
    uint32_t observed = cell ? told(alarm->observed, cell->voices, k) : alarm->observed;

    if (!is_told(alarm))
        return release_count(0, 0, k, request);
    return release_rounded(observed, observed, k, request);
}

const struct released *lattice_edge(const struct alarm *alarm, const struct released *people,
                                    int deviations, uint32_t k, struct arena *request)
{
    double expected = alarm->expected;
    double rounded =
        expected + deviations * sqrt(expected + expected * expected * alarm->doubt) + 0.5;
    bool told = released_kind(people) != RELEASED_BELOW && expected + 0.5 >= k;
    uint32_t number = told && rounded >= 1 && rounded < 4e9 ? (uint32_t)rounded : 0;

    return release_count(number, number, k, request);
}

const struct released *lattice_expected(const struct alarm *alarm, const struct released *people,
                                        uint32_t k, struct arena *request)
{
    return lattice_edge(alarm, people, 0, k, request);
}

const struct released *lattice_sources(const struct alarm *alarm, uint32_t k, struct arena *request)
{
    return release_count(alarm->sources, is_told(alarm) ? alarm->observed : 0, k, request);
}

double lattice_q_at_most(double q)
{
    static const double bounds[] = {0.001, 0.01, 0.05, 0.1};

    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
        if (q <= bounds[i])
            return bounds[i];
    return 1;
}
