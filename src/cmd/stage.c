/* stage.c - running a filter; see stage.h. */
#include "cmd/stage.h"

#include <stdio.h>

void stage_say_bad(void *context, const char *input, uint64_t line, const char *reason)
{
    (void)context;
    fprintf(stderr, "%s:%llu: %s\n", input, (unsigned long long)line, reason);
}

static void print_lines(void *context, struct str lines)
{
    (void)context;
    fwrite(lines.p, 1, lines.n, stdout);
}

char **stage_inputs(int *count, char **operands)
{
    static char standard_input[] = "-", *only[] = {standard_input};

    if (*count)
        return operands;
    *count = 1;
    return only;
}

static enum rc run_over(struct session *session, struct filter_run *run, int count, char **operands,
                        struct err *err)
{
    char **inputs = stage_inputs(&count, operands);
    enum rc rc;

    run->settings = &session->settings;
    run->now = clock_now();
    rc = filter_inputs(run, count, inputs, &session->process, err);
    if (fflush(stdout) != 0 && rc == RC_OK)
        rc = err_set(err, RC_FULL, "standard output cannot be written");
    return rc;
}

int stage_run(const struct filter *filter, const struct stage_option *own, int argc, char **argv)
{
    struct session session;
    const char *as = NULL, *source = NULL;
    struct flag_values keep = {.n = 0};
    const struct flag flags[] = {{.name = "as", .text = &as},
                                 {.name = "source", .text = &source},
                                 {.name = "keep", .many = &keep},
                                 own ? own->flag : (struct flag){.name = ""}};
    struct filter_run run = {.filter = filter, .out = print_lines, .bad = stage_say_bad};
    struct err err;
    int operands;
    enum rc rc;

    if (!session_begin(&session, argc, argv, flags, own ? 4 : 3, &operands))
        return EXIT_USAGE;
    if (session.db) {
        err_set(&err, RC_USAGE, "a filter reads no database; leave --db out");
        session_end(&session);
        return session_fail(filter->name, &err);
    }
    run.keep = keep.v;
    run.keep_count = keep.n;
    run.as = str_of(as);
    run.source_name = str_of(source);
    rc =
        session_settings(&session, filter->models | (own && *own->flag.on ? own->models : 0), &err);
    if (rc == RC_OK)
        rc = run_over(&session, &run, argc - operands, argv + operands, &err);
    if (run.dropped_fields && !session.quiet)
        fprintf(stderr, "%llu fields that nobody asked for were dropped\n",
                (unsigned long long)run.dropped_fields);
    session_end(&session);
    if (rc != RC_OK)
        return session_fail(filter->name, &err);
    return run.bad_lines ? EXIT_PARTIAL : EXIT_OK;
}
