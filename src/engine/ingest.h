/* ingest.h - the main job: inputs in, counted and sealed, windows closed, rises and releases made.
 *
 * Three threads in a line, each the owner of what it holds, joined by bounded queues:
 *   read   input -> connector -> gate -> tokens                      (pure but for the input)
 *   order  known? -> near copy -> story -> place, topic -> cells      (order-dependent, one owner)
 *   keep   seal -> group commit -> acknowledge                        (the store's thread)
 * A group is at most INGEST_GROUP items or what came within a second.  Results do not depend on how
 * the threads interleave.
 */
#ifndef ENGINE_INGEST_H
#define ENGINE_INGEST_H

#include "base/log.h"
#include "source/source.h"
#include "store/store.h"

enum { INGEST_GROUP = 4096 };

struct ingest_totals {
    uint64_t read, fresh, known, edited, expired, bad, bytes;
    uint64_t copies, stories, alarms, releases;
    uint64_t ns_read, ns_order, ns_keep, ns_wall; /* busy time of each thread */
    uint64_t peak_cells;
};

struct ingest_options {
    const struct settings *settings;
    struct store *store;
    struct str as, source_name; /* --as, --source; may be empty */
    bool history;
    int64_t now;
    const struct log *log;
    bool progress;
    /* Called after each durable commit with the last line it covers. */
    void (*acked)(void *context, uint64_t line);
    /* Called for each bad line: "FILE:LINE: reason"; never its content. */
    void (*bad)(void *context, const char *input, uint64_t line, const char *reason);
    void *context;
};

struct ingest;

enum rc ingest_open(const struct ingest_options *options, struct arena *process,
                    struct ingest **out, struct err *err);
/* Everything of one input. */
enum rc ingest_input(struct ingest *ingest, struct input *input, struct err *err);
/* Closes the windows that are past, marks the open ones, and gives everything back. */
enum rc ingest_close(struct ingest *ingest, struct ingest_totals *totals, struct err *err);

#endif
