/* filter.h - a stage of the pipeline as a filter: items in, JSON Lines out, order kept.
 *
 * A filter reads no database and writes none.  Fields of INTERFACE.md pass, every other is dropped
 * and counted; nothing that names an author ever passes.  Memory is constant: one item at a time.
 */
#ifndef CMD_FILTER_H
#define CMD_FILTER_H

#include "base/json_write.h"
#include "cmd/session.h"
#include "intake/gate.h"
#include "source/source.h"
#include "text/token.h"

/* What a filter is given of one item, after the gate. */
struct filter_item {
    const struct raw_item *raw; /* for normalise, which shows text that is not redacted */
    struct gated gated;
    struct tokens tokens; /* of the redacted text */
    uint64_t number;      /* counts from 1 */
    struct arena *batch;
};

struct filter {
    const char *name;
    /* Sets up `state` in `process`; NULL when the filter needs none. */
    void *(*begin)(struct arena *process);
    /* Writes the text to show; NULL: the redacted text. */
    struct text (*text)(const struct filter_item *item);
    /* Adds the filter's own keys to the item's object. */
    void (*add)(void *state, const struct filter_item *item, struct json_writer *json);
};

/* Runs over the operands of argv; returns the exit status. */
int filter_run(const struct filter *filter, int argc, char **argv);

#endif
