/* outside.h - reading the suites that others wrote: ../shared/data/badinput.
 *
 * The folder above may lie elsewhere: environment SOUNDINGS_SHARED.
 */
#ifndef RUN_OUTSIDE_H
#define RUN_OUTSIDE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "shim/json.h"
#include "source/input.h"

#include <stdlib.h>
#include <unistd.h>

/* "…/data/badinput/FOLDER/NAME", NUL-terminated, in `job`; `name` may be empty. */
static inline const char *outside_path(struct arena *job, const char *folder, const char *name)
{
    const char *shared = getenv("SOUNDINGS_SHARED"), *copy;
    struct buf path;

    buf_init(&path, 4096);
    buf_printf(&path, "%s/data/badinput/%s%s%s", shared ? shared : "../shared", folder,
               *name ? "/" : "", name);
    copy = arena_copy(job, path.p, path.n);
    buf_free(&path);
    return copy;
}

static inline bool outside_has(struct arena *job, const char *folder)
{
    return access(outside_path(job, folder, ""), R_OK) == 0;
}

/* All bytes of a file, in `job`; p == NULL when it cannot be opened. */
static inline struct str outside_file(const char *path, struct arena *job)
{
    struct input input;
    struct str bytes;
    struct err err;

    if (input_open(&input, path, &err) != RC_OK)
        return (struct str){NULL, 0};
    MUST(input_document(&input, DOCUMENT_MAX, &bytes, &err) == RC_OK);
    bytes.p = arena_copy(job, bytes.p, bytes.n);
    input_close(&input);
    return bytes;
}

/* Every value of a JSON document in order; nothing when it is none. */
static inline void outside_walk(struct str document,
                                bool (*event)(void *context, const struct json_event *),
                                void *context)
{
    struct json_parser *parser = json_parser_new();

    if (!json_parse(parser, document))
        json_walk(parser, event, context);
    json_parser_free(parser);
}

#endif
