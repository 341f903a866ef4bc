/* log.c - logfmt lines and a progress line on standard error; see log.h. */
#include "base/log.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

void log_line(const struct log *log, enum log_level level, const char *format, ...)
{
    static const char *const names[] = {"error", "warn", "info", "debug"};
    static const int priorities[] = {3, 4, 6, 7};
    char line[512];
    va_list args;

    if (level > log->level)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (log->journal)
        fprintf(stderr, "<%d>level=%s %s\n", priorities[level], names[level], line);
    else
        fprintf(stderr, "level=%s %s\n", names[level], line);
}

void progress_start(struct progress *progress, const char *what, uint64_t total, bool wanted)
{
    *progress = (struct progress){.what = what, .total = total};
    progress->started_ns = clock_ticks_ns();
    progress->shown = wanted && isatty(STDERR_FILENO);
}

void progress_draw(struct progress *progress, uint64_t at, uint64_t items)
{
    uint64_t now;
    double seconds, share;

    if (!progress->shown)
        return;
    now = clock_ticks_ns();
    if (now - progress->drawn_ns < 100000000u)
        return;
    progress->drawn_ns = now;
    seconds = (double)(now - progress->started_ns) * 1e-9;
    fprintf(stderr, "\r\033[K%s: %llu (%.0f/s)", progress->what, (unsigned long long)items,
            seconds > 0 ? (double)items / seconds : 0);
    if (progress->total && at) {
        share = (double)at / (double)progress->total;
        fprintf(stderr, ", %.0f %%, %.0f s left", 100 * share, seconds / share - seconds);
    }
    fflush(stderr);
}

void progress_done(struct progress *progress)
{
    if (progress->shown)
        fputs("\r\033[K", stderr);
    progress->shown = false;
}
