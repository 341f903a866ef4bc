/* cmd_brief.c - soundings brief: what rises, where, how sure, and what was not heard. */
#include "cmd/session.h"
#include "cmd/show.h"

#include "publish/brief.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BRIEF_MAX = 16 << 20, JOB_MAX = 1 << 30 };

/* To FILE.new first, so that FILE is the old briefing or the whole new one. */
static enum rc write_file(const char *file, struct str bytes, struct err *err)
{
    char fresh[4096];
    FILE *out;
    bool good;

    if (snprintf(fresh, sizeof fresh, "%s.new", file) >= (int)sizeof fresh)
        return err_set(err, RC_USAGE, "the name of the file is too long");
    out = fopen(fresh, "wbe");
    if (!out)
        return err_set(err, RC_FULL, "%s: %s", fresh, strerror(errno));
    good =
        fwrite(bytes.p, 1, bytes.n, out) == bytes.n && fflush(out) == 0 && fsync(fileno(out)) == 0;
    if ((fclose(out) != 0) | !good || rename(fresh, file) != 0)
        return err_set(err, RC_FULL, "%s: %s", file, strerror(errno));
    return RC_OK;
}

static enum rc tell(struct session *session, const char *file, const struct brief_options *options,
                    struct err *err)
{
    struct arena job;
    struct buf out;
    enum rc rc;

    arena_init(&job, "job", JOB_MAX);
    buf_init(&out, BRIEF_MAX);
    rc = brief_write(session->store, &session->settings, options, &job, &out, err);
    if (rc == RC_OK && file && strcmp(file, "-") != 0)
        rc = write_file(file, buf_str(&out), err);
    else if (rc == RC_OK && (fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0))
        rc = err_set(err, RC_FULL, "standard output: %s", strerror(errno));
    buf_free(&out);
    arena_free(&job);
    return rc;
}

static int run(int argc, char **argv)
{
    struct session session;
    bool html = false;
    const char *file = NULL;
    const struct flag flags[] = {{.name = "html", .on = &html},
                                 {.name = "out", .letter = 'o', .text = &file}};
    struct err err;
    int operands, status = EXIT_OK;
    enum rc rc;

    if (!session_begin(&session, argc, argv, flags, 2, &operands))
        return EXIT_USAGE;
    if (operands < argc || (html && session.json))
        rc = err_set(&err, RC_USAGE, "say one of --html and --json at most, and no files");
    else
        rc = session_store(&session, STORE_READ, &err);
    if (rc == RC_OK) {
        struct brief_options options = {.face = html           ? BRIEF_HTML
                                                : session.json ? BRIEF_JSON
                                                               : BRIEF_TEXT,
                                        .english = session_english(&session),
                                        .colour =
                                            !file && !session.no_colour && isatty(STDOUT_FILENO),
                                        .width = file ? SHOW_COLUMNS : show_columns(),
                                        .now = clock_now()};

        rc = tell(&session, file, &options, &err);
    }
    if (rc != RC_OK)
        status = session_fail("brief", &err);
    session_end(&session);
    return status;
}

const struct command cmd_brief = {
    "brief", "tell what rises, where, how sure, and what was not heard",
    "Usage: soundings brief [--html | --json] [OPTION…]\n"
    "\n"
    "Tells of the last day and week that have ended: what rises, where, how sure, how many voices "
    "and\n"
    "how many copies, what is talked about most, and what was not heard.  No number below k "
    "people\n"
    "stands in it, in no face.  A leaf is written into the log first.\n"
    "\n"
    "  --html          one self-contained HTML file, charts with their tables and sentences\n"
    "  --json          one JSON document; doc/brief.md lists its keys\n"
    "  -o, --out FILE  into FILE instead of standard output\n"
    "  --lang vi|en    the language (SOUNDINGS_LANG); Vietnamese by default\n"
    "  --no-color      no colours on a terminal (NO_COLOR)\n"
    "  --db FILE       the database (SOUNDINGS_DB)\n"
    "  --config FILE   the configuration (SOUNDINGS_CONFIG)\n"
    "\n"
    "Exit status: 0 ok, 1 failed, 2 usage, 4 nothing was heard yet, 75 try again.\n"
    "\n"
    "Example: soundings brief --html --out morning.html\n",
    run};
