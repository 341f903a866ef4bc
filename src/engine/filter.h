/* filter.h - a stage of the pipeline as a filter: items in, JSON Lines out, order kept.
 *
 * A filter reads no database and writes none.  Fields of INTERFACE.md pass, every other is dropped
 * and counted; nothing that names an author ever passes.  Memory is constant: one item at a time.
 */
#ifndef ENGINE_FILTER_H
#define ENGINE_FILTER_H

#include "base/json_write.h"
#include "intake/gate.h"
#include "source/source.h"
#include "text/token.h"

/* What a filter is given of one item, after the gate. */
struct filter_item {
    const struct raw_item *raw; /* for normalise, which shows text that is not redacted */
    struct gated gated;
    struct text shown;    /* the redacted text: what the filter prints anyway */
    struct tokens tokens; /* of it, for a filter that reads them */
    const struct settings *settings;
    uint64_t number; /* counts from 1 */
    struct arena *batch;
};

struct filter {
    const char *name;
    unsigned models;     /* MODEL_… that the settings must hold */
    bool reads_tokens;   /* item.tokens; otherwise it is empty */
    bool finds_language; /* writes `lang` itself: what the item said of it is left out */
    /* Sets up `state`; NULL when the filter needs none. */
    void *(*begin)(const struct settings *settings, struct arena *process);
    /* Gives back what the arena of begin does not hold; NULL when that is nothing. */
    void (*end)(void *state);
    /* The text to show; NULL: the redacted text. */
    struct text (*text)(const struct filter_item *item);
    /* Adds the filter's own keys to the item's object. */
    void (*add)(void *state, const struct filter_item *item, struct json_writer *json);
    /* Instead of that object: lines of the filter's own, or none. */
    void (*emit)(void *state, const struct filter_item *item, struct buf *out);
};

struct filter_run {
    const struct filter *filter;
    void *state; /* for a filter without `begin`, whose caller keeps it */
    const struct settings *settings;
    struct str as, source_name;
    const char *const *keep; /* names of fields that pass although nobody knows them */
    size_t keep_count;
    int64_t now;
    /* Called with lines of output, and for each bad line. */
    void (*out)(void *context, struct str lines);
    void (*bad)(void *context, const char *input, uint64_t line, const char *reason);
    void *context;
    uint64_t bad_lines, dropped_fields; /* results */
};

/* A field that INTERFACE.md does not list for items, after the gate; empty when absent. */
struct text filter_extra(const struct filter_item *item, const char *name);
/* Runs over the named inputs ("-" is standard input); RC_OK also when lines were bad. */
enum rc filter_inputs(struct filter_run *run, int count, char **names, struct arena *process,
                      struct err *err);

#endif
