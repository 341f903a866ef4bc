/* ingest.h - the main job: inputs in, counted and sealed, windows closed, rises and releases made.
 *
 * Three threads in a line, each the owner of what it holds, joined by bounded queues:
 *   read   input -> connector -> gate -> syllables, words -> sketch, service
 *   order  known? -> near copy -> story
 *   count  service of the story -> phrases -> cells -> seal -> group commit -> acknowledge
 *
 * The first is pure but for the input.  A group is at most BATCH_ITEMS items (reader.h) or what
 * came within a second.  Results do not depend on how the threads interleave.
 */
#ifndef ENGINE_INGEST_H
#define ENGINE_INGEST_H

#include "base/log.h"
#include "source/source.h"
#include "store/store.h"

#include <stdatomic.h>

struct ingest_totals {
    uint64_t read, fresh, known, edited, deleted, expired, bad, bytes;
    uint64_t alarms, releases;
    uint64_t unkept; /* windows left open whose secret ends with this run */
    uint64_t late;   /* heard for a window that was closed: counted in the oldest open one */
    uint64_t ns_read, ns_order, ns_count, ns_keep, ns_wall; /* busy time of each stage */
};

struct ingest_options {
    const struct settings *settings;
    struct store *store;
    struct str as, source_name; /* --as, --source; may be empty */
    bool history;
    int64_t now;            /* when the run begins */
    int64_t (*clock)(void); /* asked while it goes on; NULL: no time passes (replays) */
    const struct log *log;
    bool progress;
    /* Called after each durable commit with the last line it covers. */
    void (*acked)(void *context, uint64_t line);
    /* Called for each bad line: "FILE:LINE: reason"; never its content. */
    void (*bad)(void *context, const char *input, uint64_t line, const char *reason);
    /* Destroys what retention has ended for, when the desk's day changes; may be NULL.  RC_AGAIN:
     * it is asked once more a minute later. */
    enum rc (*forget)(void *context, int64_t now, struct err *err);
    void *context;
    bool reproducible; /* secrets fixed, so that the same input gives the same bytes: for filters
                        * and replays over a store in memory, whose voices go with the process */
    bool by_language;  /* counts the languages as well, for a filter: no database has such cells */
    atomic_int *stop;  /* set to 1 from anywhere: end after the batch at hand, losing nothing */
};

struct ingest;

enum rc ingest_open(const struct ingest_options *options, struct arena *process,
                    struct ingest **out, struct err *err);
/* Everything of one input. */
enum rc ingest_input(struct ingest *ingest, struct input *input, struct err *err);
/* Windows still open rest sealed for the next run (resting.h), or leave their part and say
 * "interrupted"; everything is given back. */
enum rc ingest_close(struct ingest *ingest, struct ingest_totals *totals, struct err *err);

#endif
