/* cmd_train.c - soundings train: makes the models of data/models from texts. */
#include "cmd/session.h"
#include "cmd/train.h"

#include <stdio.h>
#include <string.h>

static const struct trainer *const trainers[] = {&train_restore, &train_segment};
enum { TRAINERS = sizeof trainers / sizeof *trainers };

/* The overview has no room for what each trainer reads: `soundings train NAME` without files says
 * it. */
static int run(int argc, char **argv)
{
    for (int i = 0; argc > 1 && i < TRAINERS; i++) {
        if (strcmp(argv[1], trainers[i]->name) != 0)
            continue;
        if (argc > 2)
            return trainers[i]->run(argc - 1, argv + 1);
        fputs(trainers[i]->usage, stderr);
        return EXIT_USAGE;
    }
    fputs("soundings train: say which model:", stderr);
    for (int i = 0; i < TRAINERS; i++)
        fprintf(stderr, " %s", trainers[i]->name);
    fputs("\n", stderr);
    return EXIT_USAGE;
}

const struct command cmd_train = {
    "train", "make a model from texts",
    "Usage: soundings train MODEL [OPTION…] FILE…\n"
    "\n"
    "Writes the model to standard output; the same input gives the same bytes.  Without files,\n"
    "`soundings train MODEL` says what it reads.  MODEL is one of\n"
    "  restore   which diacritics Vietnamese syllables have\n"
    "  segment   where Vietnamese words begin and end\n"
    "\n"
    "Example: soundings train segment --words words.txt --raw news.txt treebank.conllu "
    ">segment.bin\n"
    "Exit status: 0 made, 1 failed, 2 usage.\n",
    run};
