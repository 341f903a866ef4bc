/* cmd_rises.c - soundings rises: what grew, and how sure that is.
 *
 * A token never crosses a pipe, so the whole path (gate, copies, stories, windows) runs inside,
 * over a store in memory that goes with the process.  --unchecked is another path: files without
 * people, whose messages count as they come, each series told at the message that shows its rise.
 */
#include "cmd/alarms.h"
#include "cmd/stage.h"

#include "base/hash.h"
#include "engine/ingest.h"
#include "engine/reader.h"
#include "story/stories.h"
#include "trend/bursts.h"

#include <stdio.h>
#include <string.h>

enum by { BY_STORY, BY_TOPIC, BY_PLACE, BY_UNIT, BY_LANG, BY_COUNT };
static const char *const by_names[BY_COUNT] = {"story", "topic", "place", "unit", "lang"};
enum { THE_CITY = 1, SERIES_NAME = 64 };

/* An alarm as it is printed. */
struct told {
    struct str series;
    int64_t time;
    uint32_t observed;
    double expected, score, p, q;
};

static void write_alarm(const struct told *told, struct zone zone, struct buf *out)
{
    struct json_writer json = {.out = out};
    char time[TIME_TEXT];
    const struct {
        const char *key;
        double value;
    } numbers[] = {
        {"expected", told->expected}, {"score", told->score}, {"p", told->p}, {"q", told->q}};

    json_open(&json, '{');
    json_key(&json, "series");
    json_str(&json, told->series);
    json_key(&json, "time");
    json_str(&json, str_of(time_format(told->time, zone, time)));
    json_key(&json, "observed");
    json_int(&json, told->observed);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        json_key(&json, numbers[i].key);
        json_double(&json, numbers[i].value);
    }
    json_close(&json, '}');
    buf_add_byte(out, '\n');
}

static struct str unit_code(const struct settings *settings, uint32_t topic)
{
    return settings->units.units[unit_of_topic(&settings->units, &settings->topics, topic)].code;
}

/* The name of the series an alarm belongs to under --by; false when it belongs to none. */
static bool series_of(const struct session *session, enum by by, const struct alarm *alarm,
                      char out[SERIES_NAME])
{
    const struct settings *settings = &session->settings;
    struct language lang = language_of_number(alarm->topic);
    struct str name;

    if ((by == BY_STORY) != (alarm->story != 0) ||
        (by == BY_LANG) != (!alarm->story && !alarm->place))
        return false;
    if (by == BY_STORY) {
        snprintf(out, SERIES_NAME, "%llu", (unsigned long long)alarm->story);
        return true;
    }
    if (by != BY_LANG && (by == BY_PLACE) != (alarm->place != THE_CITY))
        return false;
    if (by == BY_LANG)
        name = str_of(lang.tag);
    else if (by == BY_PLACE)
        name = settings->places.places[alarm->place].code;
    else if (by == BY_TOPIC)
        name = settings->topics.topics[alarm->topic].code;
    else
        name = unit_code(settings, alarm->topic);
    snprintf(out, SERIES_NAME, "%.*s", STR_ARG(name));
    return name.n > 0;
}

static void print_alarm(const struct session *session, const char *series,
                        const struct alarm *alarm)
{
    const struct told told = {str_of(series), alarm->known, alarm->observed, alarm->expected,
                              alarm->score,   alarm->p,     alarm->q};
    struct buf line;

    buf_init(&line, 4096);
    write_alarm(&told, session->settings.zone, &line);
    fwrite(line.p, 1, line.n, stdout);
    buf_free(&line);
}

static void note_bad(void *context, const char *input, uint64_t line, const char *reason)
{
    ++*(uint64_t *)context;
    stage_say_bad(NULL, input, line, reason);
}

static enum rc hear(struct session *session, bool by_language, int argc, char **argv, uint64_t *bad,
                    struct err *err)
{
    atomic_int stop = 0;
    const struct ingest_options options = {.settings = &session->settings,
                                           .store = session->store,
                                           .history = true,
                                           .reproducible = true,
                                           .by_language = by_language,
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
    enum rc rc = session_settings(session, MODELS_OF_READING, err);

    if (rc == RC_OK)
        rc = store_open(STR(":memory:"), STORE_WRITE, &session->settings, &session->process,
                        &session->store, err);
    if (rc == RC_OK)
        rc = hear(session, by == BY_LANG, argc, argv, bad, err);
    if (rc == RC_OK)
        rc = session->store->driver->alarms(session->store, (struct span){INT64_MIN, INT64_MAX},
                                            &session->process, &alarms, err);
    for (size_t i = 0; rc == RC_OK && i < alarms.n; i++) {
        char series[SERIES_NAME];

        if (series_of(session, by, &alarms.v[i], series))
            print_alarm(session, series, &alarms.v[i]);
    }
    return rc;
}

/* What --unchecked holds: the stories it makes where the input names none, and the series. */
struct unchecked {
    enum by by;
    struct stories *stories;
    struct bursts *bursts;
    struct services services;
    uint64_t undated;
};

static struct str story_name(struct unchecked *unchecked, const struct filter_item *item)
{
    struct text told = filter_extra(item, "story");
    struct str name = {told.p, told.n};
    struct stories_answer answer;
    char number[24];

    if (!name.n) {
        answer =
            stories_add(unchecked->stories, &item->tokens, item->gated.post.heard, item->batch);
        name.n = (size_t)snprintf(number, sizeof number, "%llu", (unsigned long long)answer.story);
        name.p = arena_copy(item->batch, number, name.n);
    }
    /* Story 0: a text with nothing to cluster by. */
    return str_eq(name, STR("0")) ? (struct str){0} : name;
}

static uint32_t topic_of(const struct unchecked *unchecked, const struct filter_item *item)
{
    return services_topic(&unchecked->services, item->shown, &item->tokens, item->batch);
}

/* The series an item belongs to; empty: none.  Its own field `series` goes before --by. */
static struct str item_series(struct unchecked *unchecked, const struct filter_item *item)
{
    const struct settings *settings = item->settings;
    struct text named = filter_extra(item, "series");
    uint32_t topic;

    if (named.n)
        return str_part((struct str){named.p, named.n}, 0, SERIES_NAME);
    switch (unchecked->by) {
    case BY_LANG:
        return str_of(item->gated.post.lang.tag);
    case BY_PLACE:
        return item->gated.post.place ? settings->places.places[item->gated.post.place].code
                                      : (struct str){0};
    case BY_TOPIC:
        topic = topic_of(unchecked, item);
        return topic ? settings->topics.topics[topic].code : (struct str){0};
    case BY_UNIT:
        topic = topic_of(unchecked, item);
        return topic ? unit_code(settings, topic) : (struct str){0};
    default:
        return story_name(unchecked, item);
    }
}

static void emit(void *context, const struct filter_item *item, struct buf *out)
{
    struct unchecked *unchecked = context;
    int64_t time = item->gated.post.time;
    struct str series = item_series(unchecked, item);
    struct burst burst;

    unchecked->undated += time == TIME_UNKNOWN;
    if (time == TIME_UNKNOWN || !series.n || filter_extra(item, "copy_of").n ||
        !bursts_add(unchecked->bursts, hash_bytes(series, 0), &time, &burst))
        return;
    write_alarm(
        &(struct told){series, time, burst.observed, burst.expected, burst.score, burst.p, burst.q},
        item->settings->zone, out);
}

static void print_lines(void *context, struct str lines)
{
    (void)context;
    fwrite(lines.p, 1, lines.n, stdout);
}

static enum rc unchecked_rises(struct session *session, enum by by, int argc, char **argv,
                               uint64_t *bad, struct err *err)
{
    static const struct filter filter = {.name = "rises", .reads_tokens = true, .emit = emit};
    struct stories_config config = stories_defaults;
    struct unchecked unchecked = {.by = by};
    struct filter_run run = {.filter = &filter,
                             .state = &unchecked,
                             .settings = &session->settings,
                             .now = clock_now(),
                             .out = print_lines,
                             .bad = stage_say_bad};
    enum rc rc = session_settings(session, MODELS_OF_READING, err);

    if (rc != RC_OK)
        return rc;
    config.novelty = false;
    unchecked.stories = stories_new(&config);
    unchecked.bursts = bursts_new();
    MUST(unchecked.stories && unchecked.bursts);
    services_init(&unchecked.services, &session->settings, &session->process);
    argv = stage_inputs(&argc, argv);
    rc = filter_inputs(&run, argc, argv, &session->process, err);
    if (unchecked.undated && !session->quiet)
        fprintf(stderr, "%llu items without a time were left out\n",
                (unsigned long long)unchecked.undated);
    *bad += run.bad_lines;
    services_free(&unchecked.services);
    stories_free(unchecked.stories);
    bursts_free(unchecked.bursts);
    return rc;
}

static enum rc find_by(const char *name, enum by *out, struct err *err)
{
    for (int i = 0; name && i < BY_COUNT; i++)
        if (strcmp(name, by_names[i]) == 0) {
            *out = (enum by)i;
            return RC_OK;
        }
    return err_set(err, RC_USAGE, "say --by story, topic, place, unit or lang");
}

struct wish {
    const char *by;
    bool unchecked;
};

/* The filter: every alarm of what comes in. */
static enum rc filter_rises(struct session *session, const struct wish *wish, int argc, char **argv,
                            uint64_t *bad, struct err *err)
{
    enum by by = BY_STORY;
    enum rc rc = RC_OK;

    if (wish->by || !wish->unchecked)
        rc = find_by(wish->by, &by, err);
    if (rc == RC_OK && session->db)
        rc = err_set(err, RC_USAGE, "a filter reads no database; leave --db out");
    if (rc != RC_OK)
        return rc;
    return wish->unchecked ? unchecked_rises(session, by, argc, argv, bad, err)
                           : rises(session, by, argc, argv, bad, err);
}

static int run(int argc, char **argv)
{
    static char *latest[] = {"list"};
    struct session session;
    struct wish wish = {0};
    const struct flag flags[] = {{.name = "by", .text = &wish.by},
                                 {.name = "unchecked", .on = &wish.unchecked}};
    struct err err;
    uint64_t bad = 0;
    int operands;
    bool filters;
    enum rc rc;

    if (!session_begin(&session, argc, argv, flags, 2, &operands))
        return EXIT_USAGE;
    argc -= operands;
    argv += operands;
    filters = wish.by || wish.unchecked;
    if (!filters && argc && alarms_verb(argv[0]))
        rc = alarms_run(&session, argc, argv, &err);
    else if (!filters && !argc && session.db)
        rc = alarms_run(&session, 1, latest, &err);
    else
        rc = filter_rises(&session, &wish, argc, argv, &bad, &err);
    session_end(&session);
    if (rc != RC_OK)
        return session_fail("rises", &err);
    return bad ? EXIT_PARTIAL : EXIT_OK;
}

const struct command cmd_rises = {
    "rises", "alarms: which, why, and were they right; or, as a filter, what grew",
    "Usage: soundings rises list [HOW-MANY] [--json] [--db FILE]\n"
    "       soundings rises show ID [--json] [--db FILE]\n"
    "       soundings rises judge ID right|wrong|unsure|none [--db FILE]\n"
    "       soundings rises --by story|topic|place|unit|lang [FILE…]\n"
    "       soundings rises --unchecked [--by …] [FILE…]\n"
    "\n"
    "list tells the latest alarms (50) with their numbers; show answers why one fired: how many "
    "people\n"
    "against how many expected, the chart of weeks around it, places, stories, sources, the rule, "
    "and\n"
    "whether it was right.  judge puts the desk's own word before the rule's; none takes it back.  "
    "Numbers\n"
    "from k people on (\"<k\" below); each call is a leaf in the log.\n"
    "\n"
    "--by: items in; one object for each alarm out: series, time (when it could first be known), "
    "observed\n"
    "(people, copies collapsed), expected, score, p, q.  Times are the items' own; windows are "
    "days "
    "and\n"
    "weeks; a series alarms only with at least k people.\n"
    "--unchecked: for evaluation files without people or sources.  Messages count (those with "
    "\"copy_of\"\n"
    "do not), in windows of 5 minutes, an hour and a day; the alarm comes with the message that "
    "makes it\n"
    "sure.  The field \"series\" names the series, else --by; by story, the default, the field "
    "\"story\"\n"
    "where an earlier stage wrote it.\n"
    "\n"
    "Example: soundings rises show 12\n"
    "         soundings rises --by topic <posts.jsonl\n"
    "         soundings stories <posts.jsonl | soundings rises --unchecked\n",
    run};
