/* connectors.h - what an input comes to through a connector, as one string to compare with.
 */
#ifndef UNIT_CONNECTORS_H
#define UNIT_CONNECTORS_H

#include "source/source.h"

static inline void tell_field(struct buf *out, const char *name, struct str value)
{
    if (value.p)
        buf_printf(out, " %s=%.*s", name, STR_ARG(value));
}

static inline void tell_item(struct buf *out, const struct raw_item *item)
{
    buf_printf(out, "%llu", (unsigned long long)item->line);
    tell_field(out, "id", item->id);
    tell_field(out, "time", item->time);
    tell_field(out, "source", item->source);
    tell_field(out, "kind", item->kind);
    tell_field(out, "lang", item->lang);
    tell_field(out, "place", item->place);
    tell_field(out, "token", item->author_token);
    tell_field(out, "url", item->url);
    tell_field(out, "title", item->title);
    tell_field(out, "summary", item->summary);
    tell_field(out, "text", item->text);
    if (item->unknown_fields)
        buf_printf(out, " unknown=%u", item->unknown_fields);
    buf_add_byte(out, '\n');
}

/* "LINE field=value…\n" an item, "LINE !message\n" a bad record; "open CODE message" or "CODE
 * message" for what ended it, when that was not the end of the input.  `out` belongs to the caller.
 */
static inline const char *told_input(const char *as, struct input *input, struct buf *out)
{
    const struct source_driver *driver;
    struct arena job, batch;
    struct err err;
    void *state;
    enum rc rc;

    buf_clear(out);
    buf_add(out, STR(""));
    arena_init(&job, "job", (size_t)1 << 26);
    arena_init(&batch, "batch", (size_t)1 << 26);
    rc = source_choose(input, str_of(as), &driver, &err);
    if (rc == RC_OK)
        rc = driver->open(input, &job, &state, &err);
    if (rc != RC_OK) {
        buf_printf(out, "open %d %s", rc, err.text);
    } else {
        do {
            struct raw_item item = {0};

            rc = driver->next(state, &batch, &item, &err);
            if (rc == RC_OK)
                tell_item(out, &item);
            if (rc == RC_BAD)
                buf_printf(out, "%llu !%s\n", (unsigned long long)item.line, err.text);
            arena_reset(&batch);
        } while (rc == RC_OK || rc == RC_BAD);
        if (rc != RC_ABSENT)
            buf_printf(out, "%d %s", rc, err.text);
        driver->close(state);
    }
    arena_free(&job);
    arena_free(&batch);
    return out->p;
}

static inline const char *told(const char *as, struct str bytes, struct buf *out)
{
    struct input input;

    input_memory(&input, "input", bytes);
    return told_input(as, &input, out);
}

#endif
