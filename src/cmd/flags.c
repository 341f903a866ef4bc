/* flags.c - options by getopt_long; see flags.h. */
#include "cmd/flags.h"

#include <getopt.h>
#include <string.h>

enum { FLAGS_MAX = 32 };

enum rc flags_read(int argc, char **argv, const struct flag *flags, size_t n, int *operands,
                   struct err *err)
{
    struct option longs[FLAGS_MAX + 1] = {0};
    char shorts[2 * FLAGS_MAX + 2] = ":";
    size_t at = 1;
    int c, index;

    MUST(n <= FLAGS_MAX);
    for (size_t i = 0; i < n; i++) {
        bool valued = flags[i].text || flags[i].many;
        int takes = valued ? required_argument : no_argument;

        longs[i] = (struct option){flags[i].name, takes, NULL, 256 + (int)i};
        if (flags[i].letter) {
            shorts[at++] = flags[i].letter;
            if (valued)
                shorts[at++] = ':';
        }
    }
    optind = 0;
    opterr = 0;
    while ((c = getopt_long(argc, argv, shorts, longs, &index)) != -1) {
        const struct flag *flag = NULL;

        if (c == ':')
            return err_set(err, RC_USAGE, "option %s needs a value", argv[optind - 1]);
        for (size_t i = 0; i < n; i++)
            if (c == 256 + (int)i || (c == flags[i].letter && c))
                flag = &flags[i];
        if (!flag)
            return err_set(err, RC_USAGE, "no option %s here; see --help", argv[optind - 1]);
        if (flag->text)
            *flag->text = optarg;
        else if (flag->many && flag->many->n < FLAG_VALUES)
            flag->many->v[flag->many->n++] = optarg;
        else if (flag->many)
            return err_set(err, RC_USAGE, "--%s more than %d times", flag->name, FLAG_VALUES);
        else
            *flag->on = true;
    }
    *operands = optind;
    return RC_OK;
}
