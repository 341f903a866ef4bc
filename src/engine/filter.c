/* filter.c - the loop of every filter; see filter.h. */
#include "engine/filter.h"

#include "engine/reader.h"
#include "text/nfc.h"

enum { ITEM_MEMORY = 256 * 1024 * 1024, OUT_MAX = 64 * 1024 * 1024, OUT_FLUSH = 256 * 1024 };

struct flow {
    struct filter_run *run;
    void *state;
    struct gate gate;
    struct arena batch;
    struct buf out;
    uint64_t number;
};

static void write_text(struct json_writer *json, const char *key, struct text text)
{
    if (!text.n)
        return;
    json_key(json, key);
    json_str(json, (struct str){text.p, text.n});
}

static struct text clean(struct str field, struct arena *batch)
{
    struct redaction_counts counts = {0};

    return redact_text(nfc_text(field, batch, NULL), REDACT_PEOPLE, batch, &counts);
}

struct text filter_extra(const struct filter_item *item, const char *name)
{
    for (uint32_t i = 0; i < item->raw->extra_count; i++)
        if (str_eq(item->raw->extras[i].name, str_of(name)))
            return clean(item->raw->extras[i].value, item->batch);
    return (struct text){0};
}

static void write_origin(const struct filter_run *run, const struct filter_item *item,
                         struct json_writer *json)
{
    const struct settings *settings = run->settings;
    const struct post *post = &item->gated.post;
    char when[TIME_TEXT];

    json_key(json, "id");
    json_str(json, item->gated.shown_id);
    if (item->raw->time.n && post->time != TIME_UNKNOWN) {
        json_key(json, "time");
        json_str(json, str_of(time_format(post->time, settings->zone, when)));
    }
    json_key(json, "source");
    json_str(json, settings->sources[post->source].name);
    json_key(json, "kind");
    json_str(json, str_of(kind_name(post->kind)));
    if (item->raw->lang.n && !run->filter->finds_language) {
        json_key(json, "lang");
        json_str(json, str_of(post->lang.tag));
    }
    if (post->place) {
        json_key(json, "place");
        json_str(json, settings->places.places[post->place].code);
        json_key(json, "place_confidence");
        json_double(json, item->gated.place_confidence);
    }
}

static bool is_kept(const struct filter_run *run, struct str name)
{
    for (size_t i = 0; i < run->keep_count; i++)
        if (str_eq(name, str_of(run->keep[i])))
            return true;
    return false;
}

/* A number without quotes may be a phone too: then it goes, as in a text.  One in ten has
 * the check digit of a tax code or a card by chance, and a count is no such thing. */
static void write_bare(struct json_writer *json, const char *name, struct str value,
                       struct arena *batch)
{
    struct redaction_counts counts = {0};
    struct text text = redact_text(nfc_text(value, batch, NULL), REDACT_PEOPLE, batch, &counts);

    if (counts.n[REDACTION_PHONE] || counts.n[REDACTION_ID]) {
        write_text(json, name, text);
        return;
    }
    json_key(json, name);
    json_raw(json, value);
}

/* Fields that --keep names pass the gate like any other. */
static void write_extras(struct flow *flow, const struct filter_item *item,
                         struct json_writer *json)
{
    for (uint32_t i = 0; i < item->raw->extra_count; i++) {
        const struct raw_extra *extra = &item->raw->extras[i];
        char *name;

        if (!is_kept(flow->run, extra->name))
            continue;
        flow->run->dropped_fields--;
        name = arena_copy(item->batch, extra->name.p, extra->name.n);
        if (extra->bare)
            write_bare(json, name, extra->value, item->batch);
        else
            write_text(json, name, clean(extra->value, item->batch));
    }
}

/* What it says, and what the filter found. */
static void write_found(struct flow *flow, const struct filter_item *item, struct json_writer *json)
{
    const struct filter *filter = flow->run->filter;

    if (filter->text) {
        write_text(json, "text", filter->text(item));
        write_text(json, "title", clean(item->raw->title, item->batch));
        write_text(json, "summary", clean(item->raw->summary, item->batch));
    } else {
        json_key(json, "text");
        json_str(json, (struct str){item->shown.p, item->shown.n});
    }
    if (item->gated.post.kind == KIND_PUBLICATION && item->gated.publication.url.n) {
        json_key(json, "url");
        json_str(json, item->gated.publication.url);
    }
    write_extras(flow, item, json);
    filter->add(flow->state, item, json);
}

static void write_item(struct flow *flow, const struct filter_item *item)
{
    const struct filter *filter = flow->run->filter;
    struct json_writer json = {.out = &flow->out};

    if (filter->emit && item->gated.deleted)
        return;
    if (filter->emit) {
        filter->emit(flow->state, item, &flow->out);
        return;
    }
    json_open(&json, '{');
    write_origin(flow->run, item, &json);
    if (item->gated.deleted) {
        json_key(&json, "deleted");
        json_bool(&json, true);
    } else {
        write_found(flow, item, &json);
    }
    json_close(&json, '}');
    buf_add_byte(&flow->out, '\n');
}

static void flush(struct flow *flow, size_t least)
{
    if (flow->out.n < least || flow->out.n == 0)
        return;
    flow->run->out(flow->run->context, buf_str(&flow->out));
    buf_clear(&flow->out);
}

/* Reads and writes one record; RC_OK and RC_BAD go on. */
static enum rc step(struct flow *flow, const struct source_driver *driver, void *connector,
                    struct raw_item *raw, struct err *err)
{
    struct filter_item item = {.raw = raw, .settings = flow->run->settings, .batch = &flow->batch};
    struct redacted_view view;
    enum rc rc = driver->next(connector, &flow->batch, raw, err);

    if (rc == RC_OK)
        rc = gate_item(&flow->gate, raw, &flow->batch, &item.gated, err);
    if (rc != RC_OK)
        return rc;
    item.number = ++flow->number;
    view = redacted_view(item.gated.post.text);
    item.shown = (struct text){view.p, view.n};
    if (flow->run->filter->reads_tokens)
        item.tokens =
            reader_tokens(flow->run->settings, item.shown, &flow->gate.syllables, &flow->batch);
    flow->run->dropped_fields += raw->unknown_fields;
    write_item(flow, &item);
    flush(flow, OUT_FLUSH);
    return RC_OK;
}

static enum rc take_input(struct flow *flow, struct input *input, struct err *err)
{
    const struct source_driver *driver;
    struct arena job;
    void *connector;
    enum rc rc = source_choose(input, flow->run->as, &driver, err);

    if (rc != RC_OK)
        return rc;
    arena_init(&job, "job", ITEM_MEMORY);
    rc = driver->open(input, &job, &connector, err);
    if (rc == RC_OK) {
        do {
            struct raw_item raw = {0};

            rc = step(flow, driver, connector, &raw, err);
            if (rc == RC_BAD) {
                flow->run->bad_lines++;
                flow->run->bad(flow->run->context, input->name, raw.line, err->text);
            }
            arena_reset(&flow->batch);
        } while (rc == RC_OK || rc == RC_BAD);
        driver->close(connector);
    }
    arena_free(&job);
    return rc == RC_ABSENT ? RC_OK : rc;
}

static enum rc take_named(struct flow *flow, const char *name, struct err *err)
{
    struct input input;
    enum rc rc = input_open(&input, name, err);

    if (rc != RC_OK)
        return rc;
    gate_init(&flow->gate);
    rc = take_input(flow, &input, err);
    gate_free(&flow->gate);
    input_close(&input);
    return rc;
}

enum rc filter_inputs(struct filter_run *run, int count, char **names, struct arena *process,
                      struct err *err)
{
    static const unsigned char key[32]; /* voices of a filter never leave its memory */
    struct flow flow = {.run = run};
    struct locator *locator = locator_new(&run->settings->places, process);
    enum rc rc = RC_OK;

    flow.gate = (struct gate){.settings = run->settings,
                              .locator = locator,
                              .voice_key = key,
                              .now = run->now,
                              .history = true,
                              .wants_syllables = run->filter->reads_tokens,
                              .shows_ids = true,
                              .source_name = run->source_name};
    flow.state = run->filter->begin ? run->filter->begin(run->settings, process) : run->state;
    arena_init(&flow.batch, "batch", ITEM_MEMORY);
    buf_init(&flow.out, OUT_MAX);
    for (int i = 0; rc == RC_OK && i < count; i++)
        rc = take_named(&flow, names[i], err);
    flush(&flow, 0);
    if (run->filter->end)
        run->filter->end(flow.state);
    buf_free(&flow.out);
    arena_wipe(&flow.batch);
    arena_free(&flow.batch);
    locator_free(locator);
    return rc;
}
