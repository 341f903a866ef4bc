/* stage.h - a subcommand that is a filter: its options and its way to standard output.
 */
#ifndef CMD_STAGE_H
#define CMD_STAGE_H

#include "cmd/session.h"
#include "engine/filter.h"

/* Runs over the operands of argv; returns the exit status.  `own` is an option that only this
 * filter has, or NULL. */
int stage_run(const struct filter *filter, const struct flag *own, int argc, char **argv);
/* "FILE:LINE: reason" on standard error. */
void stage_say_bad(void *context, const char *input, uint64_t line, const char *reason);
/* The operands, or "-" when there are none. */
char **stage_inputs(int *count, char **operands);

#endif
