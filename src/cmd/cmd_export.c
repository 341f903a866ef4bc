/* cmd_export.c - soundings export: everything that may leave, in files that others can read. */
#include "cmd/session.h"

#include "base/json_write.h"
#include "publish/export.h"

#include <stdio.h>
#include <string.h>

enum { EXPORT_JOB_MAX = 1 << 30 };

static void print_totals(const struct export_totals *totals, bool as_json)
{
    const struct {
        const char *key;
        uint64_t value;
    } numbers[] = {{"tables", totals->tables}, {"rows", totals->rows}, {"bytes", totals->bytes}};
    struct buf buf;
    struct json_writer json = {.out = &buf};

    if (!as_json) {
        fprintf(stderr, "exported %llu tables, %llu rows, %llu bytes\n",
                (unsigned long long)totals->tables, (unsigned long long)totals->rows,
                (unsigned long long)totals->bytes);
        return;
    }
    buf_init(&buf, 4096);
    json_open(&json, '{');
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        json_key(&json, numbers[i].key);
        json_int(&json, (int64_t)numbers[i].value);
    }
    json_close(&json, '}');
    puts(buf.p);
    buf_free(&buf);
}

static enum rc read_options(const char *format, const char *folder, struct export_options *options,
                            struct err *err)
{
    options->csv = strcmp(format, "csv") == 0;
    if (!options->csv && strcmp(format, "jsonl") != 0)
        return err_set(err, RC_USAGE, "--format is jsonl or csv");
    if (strcmp(folder, "-") != 0)
        options->folder = folder;
    return RC_OK;
}

static enum rc export_all(struct session *session, const struct export_options *options,
                          struct err *err)
{
    struct export_totals totals;
    struct arena job;
    enum rc rc;

    arena_init(&job, "job", EXPORT_JOB_MAX);
    rc = export_write(session->store, &session->settings, options, &job, &totals, err);
    arena_free(&job);
    if (rc == RC_OK && !session->quiet)
        print_totals(&totals, session->json && options->folder);
    return rc;
}

static int run(int argc, char **argv)
{
    struct session session;
    const char *format = "jsonl", *folder = "-";
    const struct flag flags[] = {{.name = "format", .text = &format},
                                 {.name = "out", .letter = 'o', .text = &folder}};
    struct export_options options = {0};
    struct err err;
    int operands, status = EXIT_OK;
    enum rc rc;

    if (!session_begin(&session, argc, argv, flags, 2, &operands))
        return EXIT_USAGE;
    rc = operands < argc ? err_set(&err, RC_USAGE, "name the folder with --out DIR")
                         : read_options(format, folder, &options, &err);
    if (rc == RC_OK)
        rc = session_store(&session, STORE_READ, &err);
    options.now = clock_now();
    if (rc == RC_OK)
        rc = export_all(&session, &options, &err);
    if (rc != RC_OK)
        status = session_fail("export", &err);
    session_end(&session);
    return status;
}

const struct command cmd_export = {
    "export", "write everything that may leave: numbers, stories, publications, log",
    "Usage: soundings export [--format jsonl|csv] [--out DIR|-] [OPTION…]\n"
    "\n"
    "Writes released numbers, stories with their released phrases, publications, alarms, "
    "coverage,\n"
    "the log and the configuration: a file a table and manifest.json with rows, bytes and digests. "
    "To\n"
    "standard output (-, the default) as JSON Lines, each naming its table.  Never a text, an id "
    "or a\n"
    "time of a post, tip or request.  A leaf is written into the log first.  doc/brief.md lists "
    "the\n"
    "columns.\n"
    "\n"
    "  --format FORMAT  jsonl or csv\n"
    "  -o, --out DIR    the folder, made when it is not there\n"
    "  --json           with --out: end with one line of numbers\n"
    "  --db FILE        the database (SOUNDINGS_DB)\n"
    "  --config FILE    the configuration (SOUNDINGS_CONFIG)\n"
    "  -q               say nothing at the end\n"
    "\n"
    "Exit status: 0 ok, 1 failed, 2 usage, 4 no such database, 75 try again (disk full too).\n"
    "\n"
    "Example: soundings export --format csv --out open-data\n",
    run};
