/* train.h - what `soundings train` can make: one model, one file train_NAME.c.
 */
#ifndef CMD_TRAIN_H
#define CMD_TRAIN_H

struct trainer {
    const char *name;  /* "segment" */
    const char *usage; /* synopsis and what it reads, for --help; ends with a newline */
    /* argv[0] is the name.  Writes the model to standard output: same input, same bytes.  Returns
     * the exit status of INTERFACE.md. */
    int (*run)(int argc, char **argv);
};

extern const struct trainer train_restore;
extern const struct trainer train_segment;

#endif
