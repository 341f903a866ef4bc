/* reader.h - the first stage: input -> connector -> gate -> syllables -> sketch, service; one
 * batch at a time.
 */
#ifndef ENGINE_READER_H
#define ENGINE_READER_H

#include "dedup/dedup.h"
#include "engine/run_clock.h"
#include "engine/services.h"
#include "intake/gate.h"
#include "source/source.h"
#include "store/store.h"
#include "story/stories.h"

#include <stdatomic.h>

enum { BATCH_ITEMS = 2048, BATCH_BYTES = 4 * 1024 * 1024, BATCH_MEMORY = 512 * 1024 * 1024 };

/* How an item was counted, as far as that is remembered. */
struct counted_as {
    int64_t heard; /* TIME_UNKNOWN: not remembered */
    uint64_t item; /* its own number, of which an edit takes another */
    uint32_t source;
    bool copy, publication;
    bool voiced; /* false also when that is not remembered */
};

/* What the second stage decides of an item (order.h); the third counts and keeps by it. */
struct decision {
    enum familiarity familiarity;
    bool copy;
    uint64_t item;                /* its number; of a known item the number it has */
    uint64_t first;               /* the item it copies, or itself */
    uint64_t story;               /* or 0 */
    uint64_t replaces;            /* of an edited item: the number of what it replaces */
    struct counted_as was;        /* of a deleted item: how what it replaces was counted */
    struct stories_change change; /* that came to light: holds from the next item on */
};

struct batch_item {
    struct gated gated;
    struct tokens tokens;
    struct dedup_sketch sketch;
    uint32_t topic; /* the service that the text speaks of most, or 0 */
    struct decision decision;
};

struct batch {
    struct arena arena;
    struct batch_item *items; /* [BATCH_ITEMS], lives in `arena` */
    size_t n;
    int64_t now; /* when it began to fill: the time heard of its items, and of what it closes */
    uint64_t last_line, bytes_read, bad, read;
    bool last;  /* nothing comes behind this batch */
    bool lost;  /* it could not be decided */
    enum rc rc; /* why the input ended, when it was not its end */
    struct err err;
};

struct reader {
    struct input *input;
    struct str as; /* --as, or empty */
    struct arena *job;
    struct run_clock *clock;
    const struct source_driver *driver;
    void *state; /* the connector's */
    struct gate gate;
    const struct services *services;
    const struct dedup *dedup; /* whose sketches are made here */
    char content_name[33];
    void (*bad)(void *context, const char *input, uint64_t line, const char *reason);
    void *context;
    const atomic_int *stop; /* not 0: end as if the input had ended */
    int64_t told;           /* the time of the last batch; 0: none yet */
};

/* The gate's upper part has been filled by the caller. */
void reader_open(struct reader *reader);
void reader_close(struct reader *reader);
void batch_init(struct batch *batch);
/* Overwrites and gives back: the arena held what people wrote. */
void batch_free(struct batch *batch);
/* Overwrites what it held: it may be filled again. */
void batch_empty(struct batch *batch);
/* Fills an empty batch: BATCH_ITEMS items, BATCH_BYTES of input, or what came within a second.
 * While nothing comes it stays empty and tells the time, once a minute. */
void reader_fill(struct reader *reader, struct batch *batch);
/* The syllables of a text that passed the gate, by the keys of their standard spelling, and which
 * of them make words.  `known`: what somebody has read of it already; NULL, or
 * without tokens: nothing. */
struct tokens reader_tokens(const struct settings *settings, struct text text,
                            const struct syllables *known, struct arena *batch);

#endif
