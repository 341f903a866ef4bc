/* cmd_ingest.c - soundings ingest: the main job. */
#include "cmd/stage.h"

#include "base/json_write.h"
#include "engine/ingest.h"
#include "source/http.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* Set by the signal handler; the batch at hand is finished first. */
static atomic_int stop;

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    atomic_store(&stop, 1);
}

static void print_acked(void *context, uint64_t line)
{
    (void)context;
    printf("{\"acked\": %llu}\n", (unsigned long long)line);
    fflush(stdout);
}

static uint64_t peak_memory(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (uint64_t)usage.ru_maxrss * 1024;
}

static void print_json(const struct ingest_totals *totals)
{
    struct buf buf;
    struct json_writer json = {.out = &buf};

    buf_init(&buf, 4096);
    json_open(&json, '{');
    const struct {
        const char *key;
        uint64_t value;
    } numbers[] = {
        {"read", totals->read},     {"new", totals->fresh},       {"known", totals->known},
        {"edited", totals->edited}, {"deleted", totals->deleted}, {"expired", totals->expired},
        {"bad", totals->bad},       {"alarms", totals->alarms},   {"releases", totals->releases},
        {"late", totals->late},     {"bytes", totals->bytes},     {"peak_rss_bytes", peak_memory()},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        json_key(&json, numbers[i].key);
        json_int(&json, (int64_t)numbers[i].value);
    }
    const struct {
        const char *key;
        uint64_t ns;
    } times[] = {{"seconds_reading", totals->ns_read},
                 {"seconds_deciding", totals->ns_order},
                 {"seconds_counting", totals->ns_count},
                 {"seconds_keeping", totals->ns_keep},
                 {"seconds", totals->ns_wall}};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        json_key(&json, times[i].key);
        json_double(&json, (double)(times[i].ns / 1000000) / 1000);
    }
    json_close(&json, '}');
    puts(buf.p);
    buf_free(&buf);
}

static void print_sentence(const struct ingest_totals *totals)
{
    double seconds = (double)totals->ns_wall * 1e-9;

    fprintf(stderr,
            "read %llu: %llu new, %llu known, %llu edited, %llu expired, %llu bad; "
            "%.1f s, %.0f items/s\n",
            (unsigned long long)totals->read, (unsigned long long)totals->fresh,
            (unsigned long long)totals->known, (unsigned long long)totals->edited,
            (unsigned long long)totals->expired, (unsigned long long)totals->bad, seconds,
            seconds > 0 ? (double)totals->read / seconds : 0);
    if (totals->deleted)
        fprintf(stderr, "%llu of these say that an item is gone at its source\n",
                (unsigned long long)totals->deleted);
    if (totals->late)
        fprintf(
            stderr,
            "%llu came after their day had closed and were counted in the next one; sort a file by "
            "time before ingest --history\n",
            (unsigned long long)totals->late);
    if (totals->unkept)
        fputs("the kernel keyring cannot be used: people of the windows that are still open are "
              "counted anew by the next run, and such a window shows a range; see doctor\n",
              stderr);
    if (totals->read && totals->known == totals->read)
        fputs("nothing new: every item was known already, nothing changed\n", stderr);
}

/* What the last fetch left, so that a feed that did not change is not read again. */
static enum rc recall_visit(struct store *store, struct str source, struct http_state *state,
                            struct arena *request, struct err *err)
{
    struct feed_visit visit;
    enum rc rc = store->driver->visit(store, source, request, &visit, err);

    if (rc == RC_ABSENT)
        return RC_OK;
    if (rc != RC_OK)
        return rc;
    snprintf(state->etag, sizeof state->etag, "%.*s", STR_ARG(visit.etag));
    snprintf(state->modified, sizeof state->modified, "%.*s", STR_ARG(visit.modified));
    state->body_hash = visit.body_hash;
    return RC_OK;
}

static enum rc keep_visit(struct store *store, struct str source, const struct http_state *state,
                          struct err *err)
{
    const struct feed_visit visit = {.source = source,
                                     .etag = str_of(state->etag),
                                     .modified = str_of(state->modified),
                                     .body_hash = state->body_hash};

    return store->driver->keep_visit(store, &visit, err);
}

/* --source NAME without a file: the feed that the configuration names for it. */
static enum rc fetch_source(struct session *session, struct str name, struct ingest *ingest,
                            struct err *err)
{
    const struct source_settings *source =
        &session->settings.sources[settings_source(&session->settings, name)];
    struct http_state state = {0};
    struct input input;
    struct buf body;
    enum rc rc;

    if (!source->url.n)
        return err_set(err, RC_USAGE,
                       "source %.*s has no url in the configuration; name a file, or - for "
                       "standard input",
                       STR_ARG(name));
    rc = recall_visit(session->store, name, &state, &session->process, err);
    if (rc != RC_OK)
        return rc;
    buf_init(&body, DOCUMENT_MAX);
    rc = http_fetch(source->url, source->allow_private, &state, &body, err);
    if (rc == RC_OK) {
        input_memory(&input, "the reply", buf_str(&body));
        rc = ingest_input(ingest, &input, err);
        if (rc == RC_OK)
            rc = keep_visit(session->store, name, &state, err);
    }
    buf_free(&body);
    return rc == RC_ABSENT ? RC_OK : rc; /* not modified: nothing new */
}

static enum rc take_file(const char *path, struct ingest *ingest, struct err *err)
{
    struct input input;
    enum rc rc = input_open(&input, path, err);

    if (rc != RC_OK)
        return rc;
    rc = ingest_input(ingest, &input, err);
    if (rc != RC_OK && !str_starts(str_of(err->text), str_of(input.name)))
        err_within(err, "%s", input.name);
    input_close(&input);
    return rc;
}

/* A clock that is days away from what was heard last is more often wrong than right. */
static void mind_the_clock(struct session *session, int64_t now)
{
    struct store_counters counters;
    struct err err;
    char last[TIME_TEXT];

    if (session->store->driver->counters(session->store, &counters, &err) != RC_OK ||
        counters.last_heard == TIME_UNKNOWN || now >= counters.last_heard - DAY_MS)
        return;
    fprintf(
        stderr,
        "the clock is behind what was heard last (%s): no window closes until it gets there; set "
        "the clock right\n",
        time_format(counters.last_heard, session->settings.zone, last));
}

static enum rc take_all(struct session *session, const struct ingest_options *options, int argc,
                        char **argv, struct ingest_totals *totals, struct err *err)
{
    struct ingest *ingest;
    struct err closing;
    enum rc rc, closed;

    if (!options->history)
        mind_the_clock(session, options->now);
    rc = ingest_open(options, &session->process, &ingest, err);
    if (rc != RC_OK)
        return rc;
    if (argc == 0 && options->source_name.n && isatty(STDIN_FILENO))
        rc = fetch_source(session, options->source_name, ingest, err);
    else if (argc == 0)
        rc = take_file("-", ingest, err);
    for (int i = 0; rc == RC_OK && i < argc && !atomic_load(&stop); i++)
        rc = take_file(argv[i], ingest, err);
    closed = ingest_close(ingest, totals, &closing);
    if (rc == RC_OK && closed != RC_OK) {
        *err = closing;
        rc = closed;
    }
    return rc;
}

/* Days past retention lose their keys, by the machine's clock.  A clock that SOUNDINGS_NOW sets
 * never drives it, in either direction. */
static enum rc forget_old(void *context, int64_t now, struct err *err)
{
    struct session *session = context;
    uint32_t days;

    if (clock_is_set())
        return RC_OK;
    return session->store->driver->purge(
        session->store, time_day(now, session->settings.zone) - session->settings.retention_days,
        now, &days, err);
}

static int run(int argc, char **argv)
{
    struct session session;
    bool history = false;
    const char *as = NULL, *source = NULL;
    const struct flag flags[] = {{.name = "history", .on = &history},
                                 {.name = "as", .text = &as},
                                 {.name = "source", .text = &source}};
    struct ingest_totals totals = {0};
    int64_t now = clock_now();
    struct err err;
    int operands, status = EXIT_OK;
    enum rc rc;

    if (!session_begin(&session, argc, argv, flags, 3, &operands))
        return EXIT_USAGE;
    signal(SIGINT, ask_to_stop);
    signal(SIGTERM, ask_to_stop);
    rc = session_store(&session, STORE_WRITE, &err);
    if (rc == RC_OK)
        rc = forget_old(&session, clock_real(), &err);
    if (rc == RC_OK) {
        struct ingest_options options = {.settings = &session.settings,
                                         .store = session.store,
                                         .as = str_of(as),
                                         .source_name = str_of(source),
                                         .history = history,
                                         .now = now,
                                         .clock = history ? NULL : clock_now,
                                         .log = &session.log,
                                         .progress = !session.quiet && !session.jsonl,
                                         .acked = session.jsonl ? print_acked : NULL,
                                         .bad = stage_say_bad,
                                         .forget = forget_old,
                                         .context = &session,
                                         .stop = &stop};

        rc = take_all(&session, &options, argc - operands, argv + operands, &totals, &err);
        if (session.json)
            print_json(&totals);
        else if (!session.quiet)
            print_sentence(&totals);
    }
    if (rc != RC_OK)
        status = session_fail("ingest", &err);
    else if (atomic_load(&stop))
        status = 130;
    else if (totals.bad)
        status = EXIT_PARTIAL;
    session_end(&session);
    return status;
}

const struct command cmd_ingest = {
    "ingest", "take in items from files, standard input or a feed",
    "Usage: soundings ingest [OPTION…] [FILE…]\n"
    "\n"
    "Reads items (JSON Lines, CSV, RSS, Atom, JSON Feed; told by content) from files, from "
    "standard\n"
    "input (- or nothing) or, with --source NAME and a terminal, from the feed that the "
    "configuration\n"
    "names.  What is known already adds nothing: the same file twice changes nothing.\n"
    "{\"id\", \"source\", \"deleted\": true} takes an item back: its text goes, it counts no more "
    "in\n"
    "windows that are still open, and it is not taken again.\n"
    "\n"
    "  --source NAME   the source of items that name none\n"
    "  --as KIND       jsonl, csv or feed instead of looking\n"
    "  --history       take each item's own time as the time it was heard; marked \"replayed\"\n"
    "  --jsonl         print {\"acked\": LINE} after each durable commit\n"
    "  --json          end with one line of numbers\n"
    "  --db FILE       the database (SOUNDINGS_DB)\n"
    "  --config FILE   the configuration (SOUNDINGS_CONFIG)\n"
    "  -q, -v          say less, say more\n"
    "\n"
    "A bad line is named on standard error as FILE:LINE: reason, counted, and costs nothing but "
    "itself.\n"
    "Exit status: 0 ok, 1 failed, 2 usage, 3 some lines were bad, 4 no such file, 75 try again.\n"
    "\n"
    "Example: soundings ingest --source hop-thu-1022 reports.csv\n",
    run};
