/* run_clock.c - the time of a run; see run_clock.h. */
#include "engine/run_clock.h"

#include "base/clock.h"

static void say(const struct run_clock *clock, int64_t machine)
{
    struct zone utc = {0};
    char its[TIME_TEXT], ours[TIME_TEXT];

    if (clock->doubted)
        log_line(clock->log, LOG_WARN,
                 "event=clock.jumped clock=%s run=%s: this run goes on by its own time; set the "
                 "clock right, or begin a new run to go by it",
                 time_format(machine, utc, its), time_format(clock->now, utc, ours));
    else
        log_line(clock->log, LOG_WARN, "event=clock.back clock=%s", time_format(machine, utc, its));
}

int64_t run_clock_now(struct run_clock *clock)
{
    uint64_t ticks = clock_ticks_ns();
    int64_t passed = (int64_t)((ticks - clock->ticks) / 1000000), machine;
    bool doubted;

    if (!clock->ask)
        return clock->now;
    machine = clock->ask();
    clock->now += passed;
    clock->ticks += (uint64_t)passed * 1000000;
    doubted = machine < clock->now - DAY_MS || machine > clock->now + DAY_MS;
    if (!doubted)
        clock->now = machine;
    if (doubted != clock->doubted) {
        clock->doubted = doubted;
        say(clock, machine);
    }
    return clock->now;
}
