/* canonical.c - one writer a kind of document; see canonical.h. */
#include "cmd/canonical.h"

#include "base/hash.h"
#include "base/json_write.h"
#include "base/map.h"
#include "base/utf8.h"
#include "intake/html.h"
#include "intake/redact.h"
#include "model/post.h"
#include "shim/json.h"
#include "source/csv_rows.h"
#include "source/feed.h"
#include "source/wellformed.h"
#include "text/nfc.h"

#include <inttypes.h>
#include <stdio.h>

enum { DEPTH_MAX = 1024, ID_SHOWN = 64 };

/* Bytes of a stranger as they may be shown. */
static struct str cleaned(struct str raw, struct arena *job)
{
    struct redaction_counts counts = {0};
    struct text text = redact_text(nfc_text(raw, job, NULL), REDACT_PEOPLE, job, &counts);

    return (struct str){text.p, text.n};
}

static void write_cleaned(struct json_writer *json, struct str raw, struct arena *job)
{
    struct arena_mark mark = arena_mark(job);

    json_str(json, cleaned(raw, job));
    arena_rewind(job, mark);
}

static void write_member(struct json_writer *json, const char *key, struct str raw, bool html,
                         struct arena *job)
{
    struct arena_mark mark = arena_mark(job);
    struct str text = str_trim(cleaned(html ? html_to_text(raw, job) : raw, job));

    if (text.n) {
        json_key(json, key);
        json_str(json, text);
    }
    arena_rewind(job, mark);
}

/* A document of JSON is walked twice: first the last member of each name in each object is found,
 * then only those are written.  Objects and members are numbered in the order of the walk. */
struct json_walk_state {
    struct map last; /* (object, name) -> number of its last member */
    struct json_writer json;
    struct arena *job;
    bool writing;
    uint64_t objects, members, open[DEPTH_MAX + 1];
    unsigned depth, skipped; /* depth of the container that is left out; 0: none */
};

static bool is_left_out(struct json_walk_state *walk, struct str key)
{
    uint64_t name = hash_pair(walk->open[walk->depth], hash_bytes(key, 0));
    uint64_t member = ++walk->members;

    if (!walk->writing) {
        uint64_t *last = map_put(&walk->last, name, NULL);

        MUST(last); /* a document of JSON_DOCUMENT_MAX bytes has fewer members than the map takes */
        *last = member;
        return true;
    }
    return *map_find(&walk->last, name) != member || source_field_names_author(key);
}

static void write_scalar(struct json_walk_state *walk, const struct json_event *event)
{
    char digits[24];

    switch (event->type) {
    case JSON_NULL:
        json_null(&walk->json);
        break;
    case JSON_BOOL:
        json_bool(&walk->json, event->truth);
        break;
    case JSON_INT:
        json_int(&walk->json, event->integer);
        break;
    case JSON_UINT:
        snprintf(digits, sizeof digits, "%" PRIu64, (uint64_t)event->integer);
        json_raw(&walk->json, str_of(digits));
        break;
    case JSON_DOUBLE:
        json_double(&walk->json, event->number);
        break;
    default:
        write_cleaned(&walk->json, event->string, walk->job);
    }
}

static void on_container(struct json_walk_state *walk, const struct json_event *event,
                         bool left_out)
{
    bool object = event->type == JSON_OBJECT;

    if (event->end) {
        if (!walk->skipped && walk->writing)
            json_close(&walk->json, object ? '}' : ']');
        if (walk->skipped == walk->depth)
            walk->skipped = 0;
        walk->depth--;
        return;
    }
    walk->open[++walk->depth] = ++walk->objects;
    if (left_out && !walk->skipped && walk->writing)
        walk->skipped = walk->depth;
    if (!walk->skipped && walk->writing)
        json_open(&walk->json, object ? '{' : '[');
}

static bool on_json(void *context, const struct json_event *event)
{
    struct json_walk_state *walk = context;
    bool container = event->type == JSON_OBJECT || event->type == JSON_ARRAY;
    bool left_out = false;

    if (event->key.p && !(container && event->end)) {
        left_out = is_left_out(walk, event->key);
        if (!left_out && !walk->skipped) {
            write_cleaned(&walk->json, event->key, walk->job);
            buf_add_byte(walk->json.out, ':');
            walk->json.behind_value = false;
        }
    }
    if (container)
        on_container(walk, event, left_out);
    else if (walk->writing && !left_out && !walk->skipped)
        write_scalar(walk, event);
    return !walk->json.out->full;
}

static enum rc write_json(struct str document, bool strict, struct arena *job, struct buf *out,
                          struct err *err)
{
    struct json_walk_state walk = {.json.out = out, .job = job};
    struct json_parser *parser = json_parser_new();
    const char *reason;

    (void)strict; /* RFC 8259 has one grammar */
    if (!parser)
        return err_set(err, RC_FULL, "out of memory for a JSON document");
    reason = json_parse(parser, document);
    if (!reason) {
        map_init(&walk.last, JSON_DOCUMENT_MAX);
        json_walk(parser, on_json, &walk);
        walk.objects = walk.members = 0;
        walk.writing = true;
        json_walk(parser, on_json, &walk);
        map_free(&walk.last);
    }
    json_parser_free(parser);
    return reason ? err_set(err, RC_BAD, "not JSON: %s", reason) : RC_OK;
}

static bool is_showable_id(struct str id)
{
    if (!id.n || id.n > ID_SHOWN)
        return false;
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '.' || c == '_' || c == '-'))
            return false;
    }
    return true;
}

/* When it is no time: RC_BAD for an item, left out of a feed, whose dates are what they are. */
static enum rc write_time(struct json_writer *json, const struct raw_item *item, struct err *err)
{
    struct zone zone;
    enum precision precision;
    int64_t ms;
    char when[TIME_TEXT];

    if (!item->time.n)
        return RC_OK;
    MUST(zone_find(STR("Asia/Ho_Chi_Minh"), &zone));
    precision = item->feed_dates ? time_parse_feed(item->time, zone, &ms)
                                 : time_parse(item->time, zone, &ms);
    if (precision == PRECISION_NONE)
        return item->feed_dates ? RC_OK
                                : err_set(err, RC_BAD, "time is neither RFC 3339 nor milliseconds");
    json_key(json, "time");
    json_str(json, str_of(time_format(ms, zone, when)));
    return RC_OK;
}

static bool is_language(struct str lang)
{
    return lang.n > 1 && lang.n < sizeof(struct language) && is_showable_id(lang) &&
           str_find_byte(lang, '.') == lang.n && str_find_byte(lang, '_') == lang.n;
}

static enum rc write_item(struct json_writer *json, const struct raw_item *item, struct arena *job,
                          struct err *err)
{
    char number[24];
    enum kind kind = KIND_POST;
    enum rc rc;

    if (!item->html && !item->text.n)
        return err_set(err, RC_BAD, "the item has no text");
    if (item->kind.n && !kind_find(item->kind, &kind))
        return err_set(err, RC_BAD, "kind is none of post, publication, tip, request");
    snprintf(number, sizeof number, "%" PRIu64, item->line);
    json_open(json, '{');
    json_key(json, "id");
    json_str(json, is_showable_id(item->id) ? cleaned(item->id, job) : str_of(number));
    rc = write_time(json, item, err);
    if (rc != RC_OK)
        return rc;
    json_key(json, "kind");
    json_str(json, str_of(kind_name(kind)));
    if (is_language(item->lang)) {
        json_key(json, "lang");
        json_str(json, item->lang);
    }
    write_member(json, "title", item->title, item->html, job);
    write_member(json, "summary", item->summary, item->html, job);
    write_member(json, "text", item->text, item->html, job);
    json_close(json, '}');
    return RC_OK;
}

/* All items of an open connector.  Strict: the first bad one rejects the document; else it is left
 * out. */
static enum rc write_items(const struct source_driver *driver, void *state, bool strict,
                           struct json_writer *json, struct arena *job, struct err *err)
{
    struct arena_mark mark = arena_mark(job);

    for (;;) {
        struct raw_item item = {0};
        struct json_writer before = *json;
        size_t length = json->out->n;
        enum rc rc = driver->next(state, job, &item, err);

        if (rc == RC_OK)
            rc = write_item(json, &item, job, err);
        if (rc == RC_ABSENT)
            return RC_OK;
        if (rc == RC_BAD) {
            *json = before;
            json->out->n = length;
        }
        if (rc == RC_BAD && strict)
            return err_within(err, "%" PRIu64, item.line);
        if (rc != RC_OK && rc != RC_BAD)
            return rc;
        if (rc == RC_OK && !strcmp(driver->name, "jsonl")) {
            buf_add_byte(json->out, '\n');
            json->behind_value = false;
        }
        arena_rewind(job, mark);
    }
}
