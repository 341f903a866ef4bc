/* flags.h - reading a subcommand's options, from one table that says what there is.
 */
#ifndef CMD_FLAGS_H
#define CMD_FLAGS_H

#include "base/err.h"
#include "base/str.h"

#include <stddef.h>

enum { FLAG_VALUES = 16 };

/* The values of an option that may be given several times. */
struct flag_values {
    const char *v[FLAG_VALUES];
    size_t n;
};

struct flag {
    const char *name;         /* long name */
    char letter;              /* short one, or 0 */
    bool *on;                 /* for a switch */
    const char **text;        /* for an option with a value */
    struct flag_values *many; /* for one that may be given several times */
};

/* Reads options wherever they stand; argv is permuted so that the operands come last, *operands is
 * the index of the first.  "--" ends the options; "-" is an operand.  RC_USAGE names what is wrong.
 */
enum rc flags_read(int argc, char **argv, const struct flag *flags, size_t n, int *operands,
                   struct err *err);

#endif
