/* cell.c - windows and cell keys; see cell.h. */
#include "model/cell.h"

#include "base/hash.h"

static const int64_t lengths[WINDOWS] = {5 * (int64_t)MINUTE_MS, HOUR_MS, DAY_MS, WEEK_MS};
static const char *const names[WINDOWS] = {"5min", "hour", "day", "week"};

int64_t window_length(enum window window)
{
    return lengths[window];
}

const char *window_name(enum window window)
{
    return names[window];
}

int64_t window_start(enum window window, int64_t ms, struct zone zone)
{
    int64_t day = time_day(ms, zone), midnight = day_start(day, zone);

    if (window == WINDOW_WEEK)
        return midnight - day_weekday(day) * DAY_MS;
    if (window == WINDOW_DAY)
        return midnight;
    return midnight + (ms - midnight) / lengths[window] * lengths[window];
}

uint64_t cell_key_hash(struct cell_key key)
{
    uint64_t where = (uint64_t)key.place << 32 | key.topic;

    return hash_pair(hash_pair((uint64_t)key.start, (uint64_t)key.window),
                     hash_pair(where, key.story));
}

int cell_key_cmp(struct cell_key a, struct cell_key b)
{
    if (a.window != b.window)
        return a.window < b.window ? -1 : 1;
    if (a.start != b.start)
        return a.start < b.start ? -1 : 1;
    if (a.place != b.place)
        return a.place < b.place ? -1 : 1;
    if (a.topic != b.topic)
        return a.topic < b.topic ? -1 : 1;
    return (a.story > b.story) - (a.story < b.story);
}
