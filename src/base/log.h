/* log.h - one line of logfmt on standard error, and progress on a terminal.
 *
 * A line: `level=warn event=feed.silent source=bao-song-xanh minutes=42`.  Never a byte of an
 * item's text, id, author or address (PRIVACY P14): values are names of ours and numbers.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/str.h"

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

struct log {
    enum log_level level; /* lines above it are dropped */
    bool journal;         /* systemd priorities in front (JOURNAL_STREAM is set) */
};

void log_line(const struct log *log, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Progress: at most ten redraws a second, only when `stream` is a terminal; done() clears it.
 * `total` 0 means unknown: then no share and no time left are shown. */
struct progress {
    const char *what; /* "ingest" */
    uint64_t total, started_ns, drawn_ns;
    bool shown;
};

void progress_start(struct progress *progress, const char *what, uint64_t total, bool wanted);
/* `at` in the unit of total; `items` is what the rate is told in. */
void progress_draw(struct progress *progress, uint64_t at, uint64_t items);
void progress_done(struct progress *progress);

#endif
