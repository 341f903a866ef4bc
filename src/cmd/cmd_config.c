/* cmd_config.c - soundings config: is the configuration right, and what is in force? */
#include "cmd/session.h"

#include <stdio.h>
#include <string.h>

static void show(const struct session *session)
{
    const struct settings *settings = &session->settings;

    printf("# from %s\n", session->config_used ? session->config_used : "what is built in");
    printf("city = \"%.*s\"\nk = %u\nretention_days = %u\n", STR_ARG(settings->city), settings->k,
           settings->retention_days);
    printf("# %u places, %u topics, %u units\n", settings->places.n - 1, settings->topics.n - 1,
           settings->units.n - 1);
    for (uint32_t i = 1; i < settings->source_count; i++) {
        const struct source_settings *source = &settings->sources[i];

        printf("source %.*s { title = \"%.*s\" family = \"%.*s\"", STR_ARG(source->name),
               STR_ARG(source->title), STR_ARG(source->family));
        if (source->publisher.n)
            printf(" publisher = \"%.*s\"", STR_ARG(source->publisher));
        puts(" }");
    }
}

static int run(int argc, char **argv)
{
    struct session session;
    struct err err;
    int operands, status = EXIT_OK;
    bool wants_show;

    if (!session_begin(&session, argc, argv, NULL, 0, &operands))
        return EXIT_USAGE;
    wants_show = operands < argc && strcmp(argv[operands], "show") == 0;
    if (operands + 1 != argc || (!wants_show && strcmp(argv[operands], "check") != 0)) {
        err_set(&err, RC_USAGE, "say config check or config show");
        status = session_fail("config", &err);
    } else if (session_settings(&session, 0, &err) != RC_OK) {
        status = session_fail("config", &err);
    } else if (wants_show) {
        show(&session);
    } else if (!session.quiet) {
        printf("%s: in order\n", session.config_used ? session.config_used : "built in");
    }
    session_end(&session);
    return status;
}

const struct command cmd_config = {
    "config", "check or show the configuration",
    "Usage: soundings config check|show [--config FILE]\n"
    "\n"
    "check names the first mistake with file and line; show prints what is in force.\n"
    "\n"
    "Example: soundings config check --config /etc/soundings/soundings.conf\n",
    run};
