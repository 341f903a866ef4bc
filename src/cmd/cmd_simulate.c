/* cmd_simulate.c - soundings simulate: a stream of any size with known truth. */
#include "base/embedded.h"
#include "cmd/session.h"
#include "shim/json.h"
#include "sim/simulate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    LINE_MAX_BYTES = 1024 * 1024,
    OUTPUT_BYTES = 256 * 1024, /* written out when more than this is ready */
    JOB_MAX = 256 * 1024 * 1024,
};

/* Where to put the strings of one publication. */
struct reading {
    struct simulate_publication *publication;
    struct arena *job;
    struct str id, time;
};

static struct str *publication_field(struct reading *reading, struct str key)
{
    struct simulate_publication *publication = reading->publication;
    struct {
        const char *key;
        struct str *to;
    } fields[] = {{"id", &reading->id},
                  {"time", &reading->time},
                  {"text", &publication->text},
                  {"title", &publication->title},
                  {"summary", &publication->summary},
                  {"source", &publication->source},
                  {"url", &publication->url},
                  {"lang", &publication->lang}};

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (str_eq(str_of(fields[i].key), key))
            return fields[i].to;
    return NULL;
}

static bool take_value(void *context, const struct json_event *event)
{
    struct reading *reading = context;
    struct str *to = event->key.p ? publication_field(reading, event->key) : NULL;

    if (to && event->type == JSON_STRING)
        *to = (struct str){arena_copy(reading->job, event->string.p, event->string.n),
                           event->string.n};
    return true;
}

/* What the truth says of an item of the corpus. */
static void join_truth(const struct table *truth, const size_t *columns, struct reading *reading)
{
    for (size_t row = 0; row < truth->rows; row++)
        if (str_eq(table_cell(truth, row, columns[0]), reading->id)) {
            reading->publication->story = table_cell(truth, row, columns[1]);
            reading->publication->ward = table_cell(truth, row, columns[2]);
        }
}

static enum rc read_publications(struct json_parser *parser, const struct table *truth,
                                 struct arena *job, struct simulate_corpus *corpus, struct err *err)
{
    struct str rest = embedded_file("data/demo/publications.jsonl");
    struct simulate_publication *all;
    struct zone utc = {0};
    size_t columns[3], most = 1, n = 0;
    enum rc rc = table_column(truth, "id", &columns[0], err);

    for (size_t i = 0; i < rest.n; i++)
        most += rest.p[i] == '\n';
    all = arena_array(job, most, sizeof *all);
    if (!rc)
        rc = table_column(truth, "story", &columns[1], err);
    if (!rc)
        rc = table_column(truth, "ward", &columns[2], err);
    while (!rc && rest.n) {
        struct reading reading = {.publication = &all[n++], .job = job};
        const char *reason = json_parse(parser, str_cut(&rest, '\n'));

        if (reason)
            return err_set(err, RC_BAD, "publication %zu: %s", n, reason);
        json_walk(parser, take_value, &reading);
        if (time_parse(reading.time, utc, &all[n - 1].time) != PRECISION_TIME)
            return err_set(err, RC_BAD, "publication %zu has no time", n);
        join_truth(truth, columns, &reading);
    }
    corpus->publications = all;
    corpus->publication_count = n;
    return rc;
}

/* The built-in corpus. */
static enum rc read_corpus(struct arena *job, struct gazetteer *places,
                           struct simulate_corpus *corpus, struct err *err)
{
    struct json_parser *parser;
    struct table truth;
    enum rc rc = gazetteer_read(embedded_file("data/demo/places.tsv"), job, places, err);

    *corpus = (struct simulate_corpus){.stories = embedded_file("data/demo/stories.tsv"),
                                       .grammar = embedded_file("data/demo/grammar.tsv"),
                                       .places = places};
    if (!rc)
        rc = table_read(embedded_file("data/demo/truth.tsv"), job, &truth, err);
    if (rc)
        return rc;
    parser = json_parser_new();
    if (!parser)
        return err_set(err, RC_FULL, "out of memory for the publications");
    rc = read_publications(parser, &truth, job, corpus, err);
    json_parser_free(parser);
    return rc;
}

static enum rc write_out(FILE *file, struct buf *buf, size_t at_least, struct err *err)
{
    if (buf->n <= at_least)
        return RC_OK;
    if (file && fwrite(buf->p, 1, buf->n, file) != buf->n)
        return err_set(err, errno == ENOSPC ? RC_FULL : RC_STOP, "cannot write: %s",
                       strerror(errno));
    buf_clear(buf);
    return RC_OK;
}

static enum rc write_stream(struct simulation *simulation, FILE *truth_file, struct err *err)
{
    struct buf items, truth;
    enum rc rc = RC_OK;

    buf_init(&items, OUTPUT_BYTES + LINE_MAX_BYTES);
    buf_init(&truth, OUTPUT_BYTES + LINE_MAX_BYTES);
    while (!rc) {
        rc = simulate_next(simulation, &items, &truth, err);
        if (!rc)
            rc = write_out(stdout, &items, OUTPUT_BYTES, err);
        if (!rc)
            rc = write_out(truth_file, &truth, OUTPUT_BYTES, err);
    }
    if (rc == RC_ABSENT) {
        rc = write_out(stdout, &items, 0, err);
        if (!rc)
            rc = write_out(truth_file, &truth, 0, err);
        if (!rc && (fflush(stdout) || (truth_file && fflush(truth_file))))
            rc = err_set(err, RC_FULL, "cannot write: %s", strerror(errno));
    }
    buf_free(&items);
    buf_free(&truth);
    return rc;
}

static enum rc simulate(const struct simulate_config *config, const char *truth_path,
                        struct arena *job, struct err *err)
{
    struct simulate_corpus corpus;
    struct gazetteer places;
    struct simulation *simulation;
    FILE *truth_file = NULL;
    enum rc rc = read_corpus(job, &places, &corpus, err);

    if (!rc)
        rc = simulate_open(config, &corpus, job, &simulation, err);
    if (rc)
        return rc;
    if (truth_path) {
        truth_file = fopen(truth_path, "wb");
        if (!truth_file)
            rc = err_set(err, RC_USAGE, "cannot write %s: %s", truth_path, strerror(errno));
    }
    if (!rc)
        rc = write_stream(simulation, truth_file, err);
    if (truth_file && fclose(truth_file) && !rc)
        rc = err_set(err, RC_FULL, "cannot write %s: %s", truth_path, strerror(errno));
    simulate_close(simulation);
    return rc;
}

/* The options as numbers.  The zone is that of the corpus. */
static enum rc read_options(const char *seed, const char *posts, const char *rate, const char *end,
                            struct simulate_config *config, struct err *err)
{
    int64_t number;

    if (!zone_find(STR("Asia/Ho_Chi_Minh"), &config->zone))
        return err_set(err, RC_BROKEN, "the zone of the corpus is not known");
    if (!seed || !posts || !rate)
        return err_set(err, RC_USAGE, "--seed, --posts and --rate must be given; see --help");
    if (!str_to_int(str_of(seed), &number) || number < 0)
        return err_set(err, RC_USAGE, "--seed is a whole number from 0");
    config->seed = (uint64_t)number;
    if (!str_to_int(str_of(posts), &number) || number < 0)
        return err_set(err, RC_USAGE, "--posts is a whole number from 0");
    config->posts = (uint64_t)number;
    if (!str_to_double(str_of(rate), &config->rate))
        return err_set(err, RC_USAGE, "--rate is a number of items a second");
    config->end = clock_now();
    if (end && time_parse(str_of(end), config->zone, &config->end) == PRECISION_NONE)
        return err_set(err, RC_USAGE,
                       "--end is a time such as 2026-04-26T20:00:00+07:00, or milliseconds");
    return RC_OK;
}

static int run(int argc, char **argv)
{
    struct session session;
    const char *seed = NULL, *posts = NULL, *rate = NULL, *end = NULL, *truth = NULL;
    const struct flag flags[] = {{.name = "seed", .text = &seed},
                                 {.name = "posts", .text = &posts},
                                 {.name = "rate", .text = &rate},
                                 {.name = "end", .text = &end},
                                 {.name = "truth", .text = &truth}};
    struct simulate_config config;
    struct arena job;
    struct err err;
    int operands, status = EXIT_OK;
    enum rc rc;

    if (!session_begin(&session, argc, argv, flags, 5, &operands))
        return EXIT_USAGE;
    arena_init(&job, "job", JOB_MAX);
    rc = read_options(seed, posts, rate, end, &config, &err);
    if (!rc && operands < argc)
        rc = err_set(&err, RC_USAGE, "simulate reads no file; its items go to standard output");
    if (!rc)
        rc = simulate(&config, truth, &job, &err);
    if (rc)
        status = session_fail("simulate", &err);
    arena_free(&job);
    session_end(&session);
    return status;
}

const struct command cmd_simulate = {
    "simulate", "write a stream of invented items with known truth",
    "Usage: soundings simulate --seed S --posts N --rate R [--end TIME] [--truth FILE]\n"
    "\n"
    "Writes exactly N items of the fictional city Sông Xanh as JSON Lines to standard output: "
    "three\n"
    "growing concerns (one sudden, one slow, one that comes every Friday), two false claims, a\n"
    "campaign of copies, steady concerns and noise.  The same options give the same bytes.\n"
    "\n"
    "  --seed S      a whole number from 0; another seed, another stream\n"
    "  --posts N     how many items\n"
    "  --rate R      items a second of simulated time, on average\n"
    "  --end TIME    time of the last item (RFC 3339 or ms), default now\n"
    "  --truth FILE  one line an item: id, story, concern, unit, ward, copy_of, rising\n"
    "\n"
    "Exit status: 0 ok, 1 failed, 2 usage, 75 disk full, 130 the reader went away.\n"
    "\n"
    "Example: soundings simulate --seed 7 --posts 40000 --rate 0.00827 | soundings dedup\n",
    run};
