/* filter.c - the loop of every filter; see filter.h. */
#include "cmd/filter.h"

#include "text/nfc.h"

#include <stdio.h>
#include <string.h>

enum { ITEM_MEMORY = 256 * 1024 * 1024, OUT_MAX = 64 * 1024 * 1024, OUT_FLUSH = 256 * 1024 };

struct run {
    const struct filter *filter;
    struct session *session;
    void *state;
    struct gate gate;
    struct arena batch;
    struct buf out;
    uint64_t number, bad, dropped;
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

static void write_origin(const struct run *run, const struct filter_item *item,
                         struct json_writer *json)
{
    const struct settings *settings = &run->session->settings;
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
    if (item->raw->lang.n) {
        json_key(json, "lang");
        json_str(json, str_of(post->lang.tag));
    }
    if (post->place) {
        json_key(json, "place");
        json_str(json, settings->places.places[post->place].code);
    }
}

static void write_item(struct run *run, const struct filter_item *item)
{
    struct json_writer json = {.out = &run->out};
    struct redacted_view view = redacted_view(item->gated.post.text);

    json_open(&json, '{');
    write_origin(run, item, &json);
    if (run->filter->text) {
        write_text(&json, "text", run->filter->text(item));
        write_text(&json, "title", clean(item->raw->title, item->batch));
        write_text(&json, "summary", clean(item->raw->summary, item->batch));
    } else {
        write_text(&json, "text", (struct text){view.p, view.n});
    }
    if (item->gated.post.kind == KIND_PUBLICATION && item->gated.publication.url.n) {
        json_key(&json, "url");
        json_str(&json, item->gated.publication.url);
    }
    run->filter->add(run->state, item, &json);
    json_close(&json, '}');
    buf_add_byte(&run->out, '\n');
}

static void flush(struct run *run, size_t least)
{
    if (run->out.n < least)
        return;
    fwrite(run->out.p, 1, run->out.n, stdout);
    buf_clear(&run->out);
}

/* Reads and writes one record; RC_OK and RC_BAD go on. */
static enum rc step(struct run *run, const struct source_driver *driver, void *connector,
                    struct raw_item *raw, struct err *err)
{
    struct filter_item item = {.raw = raw, .batch = &run->batch};
    struct redacted_view view;
    enum rc rc = driver->next(connector, &run->batch, raw, err);

    if (rc == RC_OK)
        rc = gate_item(&run->gate, raw, &run->batch, &item.gated, err);
    if (rc != RC_OK)
        return rc;
    item.number = ++run->number;
    view = redacted_view(item.gated.post.text);
    item.tokens = tokens_of((struct text){view.p, view.n}, &run->batch);
    run->dropped += raw->unknown_fields;
    write_item(run, &item);
    flush(run, OUT_FLUSH);
    return RC_OK;
}

static enum rc take_input(struct run *run, struct input *input, struct str as, struct err *err)
{
    const struct source_driver *driver;
    struct arena job;
    void *connector;
    enum rc rc = source_choose(input, as, &driver, err);

    if (rc != RC_OK)
        return rc;
    arena_init(&job, "job", ITEM_MEMORY);
    rc = driver->open(input, &job, &connector, err);
    if (rc == RC_OK) {
        do {
            struct raw_item raw = {0};

            rc = step(run, driver, connector, &raw, err);
            if (rc == RC_BAD) {
                run->bad++;
                fprintf(stderr, "%s:%llu: %s\n", input->name, (unsigned long long)raw.line,
                        err->text);
            }
            arena_reset(&run->batch);
        } while (rc == RC_OK || rc == RC_BAD);
        driver->close(connector);
    }
    arena_free(&job);
    return rc == RC_ABSENT ? RC_OK : rc;
}

static enum rc take_all(struct run *run, int argc, char **argv, struct str as, struct err *err)
{
    static char *standard_input[] = {"-"};
    enum rc rc = RC_OK;

    if (argc == 0) {
        argc = 1;
        argv = standard_input;
    }
    for (int i = 0; rc == RC_OK && i < argc; i++) {
        struct input input;

        rc = input_open(&input, argv[i], err);
        if (rc != RC_OK)
            break;
        gate_init(&run->gate);
        rc = take_input(run, &input, as, err);
        gate_free(&run->gate);
        input_close(&input);
    }
    return rc;
}

int filter_run(const struct filter *filter, int argc, char **argv)
{
    static const unsigned char key[32]; /* voices of a filter never leave its memory */
    struct session session;
    const char *as = NULL, *source = NULL;
    const struct flag flags[] = {{"as", 0, NULL, &as}, {"source", 0, NULL, &source}};
    struct run run = {.filter = filter, .session = &session};
    struct err err;
    int operands, status;
    enum rc rc;

    if (!session_begin(&session, argc, argv, flags, 2, &operands))
        return EXIT_USAGE;
    rc = session_settings(&session, &err);
    arena_init(&run.batch, "batch", ITEM_MEMORY);
    buf_init(&run.out, OUT_MAX);
    if (rc == RC_OK) {
        run.gate = (struct gate){.settings = &session.settings,
                                 .locator = locator_new(&session.settings.places, &session.process),
                                 .voice_key = key,
                                 .now = clock_now(),
                                 .history = true,
                                 .source_name = str_of(source)};
        run.state = filter->begin ? filter->begin(&session.process) : NULL;
        rc = take_all(&run, argc - operands, argv + operands, str_of(as), &err);
    }
    flush(&run, 0);
    if (run.dropped && !session.quiet)
        fprintf(stderr, "%llu fields that nobody asked for were dropped\n",
                (unsigned long long)run.dropped);
    status = rc != RC_OK ? session_fail(filter->name, &err) : run.bad ? EXIT_PARTIAL : EXIT_OK;
    buf_free(&run.out);
    arena_wipe(&run.batch);
    arena_free(&run.batch);
    session_end(&session);
    return status;
}
