/* cmd_rises.c - soundings rises: what grew, and how sure that is.
 *
 * A token never crosses a pipe, so the whole path (gate, copies, stories, windows) runs inside,
 * over a store in memory that goes with the process.
 */
#include "cmd/stage.h"

#include "base/json_write.h"
#include "engine/ingest.h"

#include <stdio.h>
#include <string.h>

enum by { BY_STORY, BY_TOPIC, BY_PLACE, BY_UNIT, BY_COUNT };
static const char *const by_names[BY_COUNT] = {"story", "topic", "place", "unit"};
enum { THE_CITY = 1 };

/* The name of the series an alarm belongs to under --by; false when it belongs to none. */
static bool series_of(const struct session *session, enum by by, const struct alarm *alarm,
                      char out[64])
{
    const struct settings *settings = &session->settings;
    struct str name;

    if ((by == BY_STORY) != (alarm->story != 0))
        return false;
    if (by == BY_STORY) {
        snprintf(out, 64, "%llu", (unsigned long long)alarm->story);
        return true;
    }
    if ((by == BY_PLACE) != (alarm->place != THE_CITY))
        return false;
    if (by == BY_PLACE)
        name = settings->places.places[alarm->place].code;
    else if (by == BY_TOPIC)
        name = settings->topics.topics[alarm->topic].code;
    else
        name =
            settings->units.units[unit_of_topic(&settings->units, &settings->topics, alarm->topic)]
                .code;
    snprintf(out, 64, "%.*s", STR_ARG(name));
    return name.n > 0;
}

static void print_alarm(const struct session *session, const char *series,
                        const struct alarm *alarm)
{
    struct buf line;
    struct json_writer json = {.out = &line};
    char time[TIME_TEXT];
    const struct {
        const char *key;
        double value;
    } numbers[] = {
        {"expected", alarm->expected}, {"score", alarm->score}, {"p", alarm->p}, {"q", alarm->q}};

    buf_init(&line, 4096);
    json_open(&json, '{');
    json_key(&json, "series");
    json_str(&json, str_of(series));
    json_key(&json, "time");
    json_str(&json, str_of(time_format(alarm->known, session->settings.zone, time)));
    json_key(&json, "observed");
    json_int(&json, alarm->observed);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        json_key(&json, numbers[i].key);
        json_double(&json, numbers[i].value);
    }
    json_close(&json, '}');
    puts(line.p);
    buf_free(&line);
}

static void note_bad(void *context, const char *input, uint64_t line, const char *reason)
{
    ++*(uint64_t *)context;
    stage_say_bad(NULL, input, line, reason);
}

static enum rc hear(struct session *session, int argc, char **argv, uint64_t *bad, struct err *err)
{
    atomic_int stop = 0;
    const struct ingest_options options = {.settings = &session->settings,
                                           .store = session->store,
                                           .history = true,
                                           .reproducible = true,
                                           .now = clock_now(),
                                           .log = &session->log,
                                           .bad = note_bad,
                                           .context = bad,
                                           .stop = &stop};
    struct ingest_totals totals;
    struct ingest *ingest;
    struct err closing;
    enum rc rc = ingest_open(&options, &session->process, &ingest, err), closed;

    if (rc != RC_OK)
        return rc;
    argv = stage_inputs(&argc, argv);
    for (int i = 0; rc == RC_OK && i < argc; i++) {
        struct input input;

        rc = input_open(&input, argv[i], err);
        if (rc != RC_OK)
            break;
        rc = ingest_input(ingest, &input, err);
        input_close(&input);
    }
    closed = ingest_close(ingest, &totals, &closing);
    if (rc == RC_OK && closed != RC_OK) {
        *err = closing;
        return closed;
    }
    return rc;
}

static enum rc rises(struct session *session, enum by by, int argc, char **argv, uint64_t *bad,
                     struct err *err)
{
    struct alarm_list alarms;
    enum rc rc = session_settings(session, err);

    if (rc == RC_OK)
        rc = store_open(STR(":memory:"), STORE_WRITE, &session->settings, &session->process,
                        &session->store, err);
    if (rc == RC_OK)
        rc = hear(session, argc, argv, bad, err);
    if (rc == RC_OK)
        rc = session->store->driver->alarms(session->store, (struct span){INT64_MIN, INT64_MAX},
                                            &session->process, &alarms, err);
    for (size_t i = 0; rc == RC_OK && i < alarms.n; i++) {
        char series[64];

        if (series_of(session, by, &alarms.v[i], series))
            print_alarm(session, series, &alarms.v[i]);
    }
    return rc;
}

static enum rc find_by(const char *name, enum by *out, struct err *err)
{
    for (int i = 0; name && i < BY_COUNT; i++)
        if (strcmp(name, by_names[i]) == 0) {
            *out = (enum by)i;
            return RC_OK;
        }
    return err_set(err, RC_USAGE, "say --by story, topic, place or unit");
}

static int run(int argc, char **argv)
{
    struct session session;
    const char *by_name = NULL;
    const struct flag flags[] = {{.name = "by", .text = &by_name}};
    struct err err;
    uint64_t bad = 0;
    enum by by = BY_STORY;
    int operands;
    enum rc rc;

    if (!session_begin(&session, argc, argv, flags, 1, &operands))
        return EXIT_USAGE;
    rc = find_by(by_name, &by, &err);
    if (rc == RC_OK && session.db)
        rc = err_set(&err, RC_USAGE, "a filter reads no database; leave --db out");
    if (rc == RC_OK)
        rc = rises(&session, by, argc - operands, argv + operands, &bad, &err);
    session_end(&session);
    if (rc != RC_OK)
        return session_fail("rises", &err);
    return bad ? EXIT_PARTIAL : EXIT_OK;
}

const struct command cmd_rises = {"rises", "filter: what grew, and how sure that is",
                                  "Usage: soundings rises --by story|topic|place|unit [FILE…]\n"
                                  "\n"
                                  "Items in; one object for each alarm out: series, time (when it "
                                  "could first be known), observed\n"
                                  "(people, copies collapsed), expected, score, p, q.  Times are "
                                  "the items' own; windows are days and\n"
                                  "weeks; a series alarms only with at least k people.\n"
                                  "\n"
                                  "Example: soundings rises --by topic <posts.jsonl\n",
                                  run};
