/* command.h - what a subcommand is: one file in this folder, `const struct command cmd_NAME`.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"

struct command {
    const char *name;    /* "ingest" */
    const char *summary; /* one line for the overview */
    const char *usage;   /* the text of --help: synopsis, options, an example, exit status */
    /* argv[0] is the subcommand's own name.  Returns the exit status of INTERFACE.md. */
    int (*run)(int argc, char **argv);
};

extern const struct command *const commands[]; /* NULL-terminated, generated, sorted by name */

#endif
