/* main.c - the table of subcommands, and the way to one of them. */
#include "cmd/command.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define VERSION "0.1.0"

static void print_overview(FILE *out)
{
    fputs("soundings - hear what the public says, see what rises, answer it, measure whether it "
          "helped\n\nUsage: soundings COMMAND [OPTION…] [FILE…]\n\n",
          out);
    for (const struct command *const *command = commands; *command; command++)
        fprintf(out, "  %-10s %s\n", (*command)->name, (*command)->summary);
    fputs("\nsoundings COMMAND --help tells more and gives an example.\n"
          "Exit status: 0 ok, 1 failed, 2 usage, 3 partial, 4 not found, 75 try again, "
          "130 interrupted.\n",
          out);
}

static const struct command *find_command(const char *name)
{
    for (const struct command *const *command = commands; *command; command++)
        if (strcmp((*command)->name, name) == 0)
            return *command;
    return NULL;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0)
            return true;
    return false;
}

/* A crash leaves nothing of what people wrote behind (PRIVACY P14). */
static void forbid_dumps(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    prctl(PR_SET_DUMPABLE, 0);
}

int main(int argc, char **argv)
{
    const struct command *command;

    forbid_dumps();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is a full disk: an error, not an end */
    if (argc < 2) {
        print_overview(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_overview(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("soundings " VERSION);
        return 0;
    }
    command = find_command(argv[1]);
    if (!command) {
        fprintf(stderr, "soundings: no command \"%s\"; soundings --help lists them\n", argv[1]);
        return 2;
    }
    if (asks_for_help(argc - 1, argv + 1)) {
        fputs(command->usage, stdout);
        return 0;
    }
    return command->run(argc - 1, argv + 1);
}
