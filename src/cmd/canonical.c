/* canonical.c - one writer a kind of document; see canonical.h. */
#include "cmd/canonical.h"

#include "base/clock.h"
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
    json_str(json, is_showable_id(item->id) ? item->id : str_of(number));
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

struct item_stream {
    const struct source_driver *driver;
    void *state;
    bool strict; /* the first bad item rejects the document; else it is left out */
    bool lines;  /* an item a line, else an array */
};

static enum rc write_items(const struct item_stream *stream, struct arena *batch, struct buf *out,
                           struct err *err)
{
    struct json_writer json = {.out = out};
    enum rc rc;

    if (!stream->lines)
        json_open(&json, '[');
    do {
        struct raw_item item = {0};
        struct json_writer before = json;
        size_t length = out->n;

        rc = stream->driver->next(stream->state, batch, &item, err);
        if (rc == RC_OK)
            rc = write_item(&json, &item, batch, err);
        if (rc == RC_OK && stream->lines) {
            buf_add_byte(out, '\n');
            json.behind_value = false;
        }
        if (rc == RC_BAD) {
            out->n = length;
            json = before;
            if (stream->strict)
                return err_within(err, "%s %" PRIu64, stream->lines ? "line" : "entry", item.line);
        }
        arena_reset(batch);
    } while ((rc == RC_OK || rc == RC_BAD) && !out->full);
    if (!stream->lines)
        json_close(&json, ']');
    return rc == RC_ABSENT || rc == RC_BAD ? RC_OK : rc;
}

/* Writes what an open connector finds, and closes it. */
static enum rc drain(const struct item_stream *stream, struct buf *out, struct err *err)
{
    struct arena batch;
    enum rc rc;

    arena_init(&batch, "batch", CANONICAL_MEMORY);
    rc = write_items(stream, &batch, out, err);
    arena_free(&batch);
    stream->driver->close(stream->state);
    return rc;
}

static enum rc write_lines(struct str document, bool strict, struct arena *job, struct buf *out,
                           struct err *err)
{
    struct item_stream stream = {.strict = strict, .lines = true};
    struct input input;
    enum rc rc;

    input_memory(&input, "jsonl", document);
    rc = source_choose(&input, STR("jsonl"), &stream.driver, err);
    if (rc == RC_OK)
        rc = stream.driver->open(&input, job, &stream.state, err);
    return rc == RC_OK ? drain(&stream, out, err) : rc;
}

static enum rc write_feed(struct str document, bool strict, struct arena *job, struct buf *out,
                          struct err *err)
{
    struct item_stream stream = {.strict = strict};
    struct input input;
    enum rc rc;

    input_memory(&input, "feed", document);
    rc = source_choose(&input, STR("feed"), &stream.driver, err);
    if (rc == RC_OK)
        rc = feed_open(&input, strict, job, &stream.state, err);
    return rc == RC_OK ? drain(&stream, out, err) : rc;
}

/* The keys of a row's object, cleaned; an empty one where the column names an author or has the
 * name of a later one. */
static struct str *column_keys(const struct csv *csv, struct arena *job)
{
    struct str *keys = arena_array(job, csv->columns, sizeof *keys);
    struct map last;

    map_init(&last, csv->columns);
    for (size_t i = 0; i < csv->columns; i++)
        if (csv->header[i].n)
            *map_put(&last, hash_bytes(csv->header[i], 0), NULL) = i;
    for (size_t i = 0; i < csv->columns; i++) {
        if (!csv->header[i].n) {
            enum { NAME = 32 };
            char *name = arena_alloc(job, NAME);

            keys[i] = (struct str){name, (size_t)snprintf(name, NAME, "column %zu", i + 1)};
        } else if (*map_find(&last, hash_bytes(csv->header[i], 0)) == i &&
                   !source_field_names_author(csv->header[i])) {
            keys[i] = cleaned(csv->header[i], job);
        }
    }
    map_free(&last);
    return keys;
}

static enum rc write_rows(struct csv *csv, bool strict, struct arena *job, struct buf *out,
                          struct err *err)
{
    struct json_writer json = {.out = out};
    const struct str *keys = column_keys(csv, job);
    struct arena_mark mark = arena_mark(job);
    enum rc rc;

    json_open(&json, '[');
    while ((rc = csv_row(csv, job, err)) == RC_OK || rc == RC_BAD) {
        if (rc == RC_BAD && strict)
            return err_within(err, "line %" PRIu64, csv->row_line);
        if (rc == RC_BAD)
            continue;
        json_open(&json, '{');
        for (size_t i = 0; i < csv->columns; i++) {
            if (!keys[i].n)
                continue;
            json_str(&json, keys[i]);
            buf_add_byte(out, ':');
            json.behind_value = false;
            write_cleaned(&json, csv->fields[i], job);
        }
        json_close(&json, '}');
        arena_rewind(job, mark);
        if (out->full)
            return RC_OK;
    }
    json_close(&json, ']');
    return rc == RC_ABSENT ? RC_OK : rc;
}

static enum rc write_csv(struct str document, bool strict, struct arena *job, struct buf *out,
                         struct err *err)
{
    struct input input;
    struct csv csv;
    enum rc rc;

    input_memory(&input, "csv", document);
    rc = csv_open(&csv, &input, job, err);
    return rc == RC_OK ? write_rows(&csv, strict, job, out, err) : rc;
}

static enum rc write_xml(struct str document, bool strict, struct arena *job, struct buf *out,
                         struct err *err)
{
    struct json_writer json = {.out = out};
    struct xml_facts facts = {0};
    enum rc rc;

    (void)strict; /* well-formed or not: repair is for feeds */
    buf_init(&facts.root, RECORD_MAX);
    buf_init(&facts.text, RECORD_MAX);
    rc = wellformed_read(document, &facts, err);
    if (rc == RC_OK) {
        json_open(&json, '{');
        json_key(&json, "root");
        write_cleaned(&json, buf_str(&facts.root), job);
        json_key(&json, "elements");
        json_int(&json, (int64_t)facts.elements);
        json_key(&json, "depth");
        json_int(&json, facts.depth);
        write_member(&json, "text", buf_str(&facts.text), false, job);
        json_close(&json, '}');
    }
    buf_free(&facts.root);
    buf_free(&facts.text);
    return rc;
}

static enum rc write_text(struct str raw, bool html, struct arena *job, struct buf *out)
{
    struct json_writer json = {.out = out};

    json_open(&json, '{');
    write_member(&json, "text", raw, html, job);
    json_close(&json, '}');
    return RC_OK;
}

static enum rc write_html(struct str document, bool strict, struct arena *job, struct buf *out,
                          struct err *err)
{
    (void)strict, (void)err; /* any bytes are HTML */
    return write_text(document, true, job, out);
}

static enum rc write_utf8(struct str document, bool strict, struct arena *job, struct buf *out,
                          struct err *err)
{
    bool ok = true;

    if (!strict)
        return write_text(document, false, job, out);
    for (size_t at = 0, from = 0; at < document.n; from = at) {
        utf8_next(document, &at, &ok);
        if (!ok)
            return err_set(err, RC_BAD, "not UTF-8 at byte %zu", from);
    }
    return write_text(document, false, job, out);
}

static const struct canonical_kind kinds[] = {
    {"json", JSON_DOCUMENT_MAX, write_json}, {"jsonl", DOCUMENT_MAX, write_lines},
    {"csv", DOCUMENT_MAX, write_csv},        {"feed", DOCUMENT_MAX, write_feed},
    {"xml", DOCUMENT_MAX, write_xml},        {"html", RECORD_MAX, write_html},
    {"utf8", RECORD_MAX, write_utf8},
};

const struct canonical_kind *canonical_find(struct str name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(name, str_of(kinds[i].name)))
            return &kinds[i];
    return NULL;
}

enum rc canonical_write(const struct canonical_kind *kind, struct str document, bool strict,
                        struct arena *job, struct buf *out, struct err *err)
{
    enum rc rc;

    if (document.n > kind->max)
        return err_set(err, RC_BAD, "longer than %zu KiB, the most for %s: split it into several",
                       kind->max / 1024, kind->name);
    rc = kind->write(document, strict, job, out, err);
    if (rc == RC_OK && out->full)
        return err_set(err, RC_BAD, "comes to more than %d MiB: split it into several",
                       CANONICAL_MAX / (1024 * 1024));
    return rc;
}
