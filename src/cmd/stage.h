/* stage.h - a subcommand that is a filter: its options and its way to standard output.
 */
#ifndef CMD_STAGE_H
#define CMD_STAGE_H

#include "cmd/session.h"
#include "engine/filter.h"

/* A switch that only this filter has, and the models that it takes besides the filter's. */
struct stage_option {
    struct flag flag;
    unsigned models;
};

/* Runs over the operands of argv; returns the exit status.  `own` may be NULL. */
int stage_run(const struct filter *filter, const struct stage_option *own, int argc, char **argv);
/* "FILE:LINE: reason" on standard error. */
void stage_say_bad(void *context, const char *input, uint64_t line, const char *reason);
/* The operands, or "-" when there are none. */
char **stage_inputs(int *count, char **operands);

#endif
