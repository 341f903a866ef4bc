/* jsonl.c - JSON Lines: one object a line, the product's own format (INTERFACE.md, "Items").
 *
 * Strict RFC 8259 through simdjson's DOM, a parser for the whole input, nothing copied but
 * integers. A field that is null counts as absent; a number is allowed where people write one (id,
 * time, author_token) and keeps its decimal text; anything else in a known field makes the line
 * bad.  Blank lines are passed over.  To begin another connector, copy this file.
 */
#include "shim/json.h"
#include "source/source.h"

#include <inttypes.h>
#include <stdio.h>

struct jsonl {
    struct input *input;
    struct json_parser *parser;
    uint64_t line;
};

/* What the walk over one line needs. */
struct line_walk {
    struct raw_item item;
    struct arena *batch;
    unsigned depth;
    const char *reason;
};

static enum sniff sniff(struct str head)
{
    struct str line;

    head = str_trim(head);
    if (str_starts(head, STR("\xEF\xBB\xBF")))
        head = str_from(head, 3);
    line = str_trim(str_cut(&head, '\n'));
    if (!str_starts(line, STR("{")))
        return SNIFF_NO;
    return str_ends(line, STR("}")) && line.n > 2 ? SNIFF_YES : SNIFF_MAYBE;
}

static enum rc open_lines(struct input *input, struct arena *job, void **state, struct err *err)
{
    struct jsonl *jsonl = arena_alloc(job, sizeof *jsonl);

    *jsonl = (struct jsonl){.input = input, .parser = json_parser_new()};
    if (!jsonl->parser)
        return err_set(err, RC_FULL, "%s: out of memory", input->name);
    *state = jsonl;
    return RC_OK;
}

static void close_lines(void *state)
{
    struct jsonl *jsonl = state;

    json_parser_free(jsonl->parser);
}

static struct str integer_text(const struct json_event *event, struct arena *batch)
{
    enum { INTEGER_TEXT = 24 };
    char *text = arena_alloc(batch, INTEGER_TEXT);
    int n = event->type == JSON_UINT
                ? snprintf(text, INTEGER_TEXT, "%" PRIu64, (uint64_t)event->integer)
                : snprintf(text, INTEGER_TEXT, "%" PRId64, event->integer);

    return (struct str){text, (size_t)n};
}

/* A number or a truth value under a name that nobody knows. */
static void note_scalar(struct line_walk *walk, const struct json_event *event)
{
    struct raw_extra extra = {.name = event->key, .bare = true};

    if (source_field_names_author(event->key))
        return;
    if (event->type == JSON_INT || event->type == JSON_UINT)
        extra.value = integer_text(event, walk->batch);
    else if (event->type == JSON_BOOL)
        extra.value = event->truth ? STR("true") : STR("false");
    else
        return;
    source_note_extra(&walk->item, extra);
}

/* A field whose value is no string. */
static void set_other(struct line_walk *walk, const struct json_event *event)
{
    uint32_t unknown = walk->item.unknown_fields;
    struct raw_item probe = walk->item;

    source_set_field(&probe, event->key, (struct str){NULL, 0});
    if (event->type == JSON_NULL || probe.unknown_fields > unknown ||
        (source_field_names_author(event->key) && !str_eq(event->key, STR("author_token")))) {
        walk->item = probe;
        note_scalar(walk, event);
        return;
    }
    if ((event->type == JSON_INT || event->type == JSON_UINT) &&
        (str_eq(event->key, STR("id")) || str_eq(event->key, STR("time")) ||
         str_eq(event->key, STR("author_token")))) {
        source_set_field(&walk->item, event->key, integer_text(event, walk->batch));
        return;
    }
    walk->reason = "a field of the item is not a string";
}

/* Truth, or the number that stands for it.  False: it is neither, and whether something is to be
 * gone must not be guessed. */
static bool set_deleted(struct raw_item *item, const struct json_event *event)
{
    bool number = (event->type == JSON_INT || event->type == JSON_UINT) && event->integer >= 0 &&
                  event->integer <= 1;

    item->deleted = event->type == JSON_BOOL ? event->truth : number && event->integer;
    return event->type == JSON_BOOL || event->type == JSON_NULL || number;
}

static bool line_event(void *context, const struct json_event *event)
{
    struct line_walk *walk = context;
    bool container = event->type == JSON_ARRAY || event->type == JSON_OBJECT;

    if (event->end) {
        walk->depth--;
        return true;
    }
    if (walk->depth == 1 && event->type == JSON_STRING)
        source_set_field(&walk->item, event->key, event->string);
    else if (walk->depth == 1 &&
             !(str_eq(event->key, STR("deleted")) && set_deleted(&walk->item, event)))
        set_other(walk, event);
    walk->depth += container;
    return !walk->reason;
}

static enum rc next_line(void *state, struct arena *batch, struct raw_item *item, struct err *err)
{
    struct jsonl *jsonl = state;
    struct line_walk walk = {.batch = batch};
    struct str line;
    enum rc rc;

    do {
        rc = input_line(jsonl->input, &line, err);
        if (rc == RC_OK || rc == RC_BAD)
            item->line = ++jsonl->line;
        if (rc != RC_OK)
            return rc;
        line = str_trim(line);
    } while (!line.n);
    if (line.p[0] != '{')
        return err_set(err, RC_BAD, "not a JSON object: give one object a line");
    walk.reason = json_parse(jsonl->parser, line);
    if (walk.reason)
        return err_set(err, RC_BAD, "not JSON: %s", walk.reason);
    json_walk(jsonl->parser, line_event, &walk);
    if (walk.reason)
        return err_set(err, RC_BAD, "%s", walk.reason);
    *item = walk.item;
    item->line = jsonl->line;
    return RC_OK;
}

const struct source_driver source_jsonl = {
    .name = "jsonl",
    .sniff = sniff,
    .open = open_lines,
    .next = next_line,
    .close = close_lines,
};
