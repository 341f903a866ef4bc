/* err.c - error values; see err.h. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum rc err_set(struct err *err, enum rc rc, const char *format, ...)
{
    va_list args;

    err->rc = rc;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    return rc;
}

enum rc err_within(struct err *err, const char *format, ...)
{
    char inner[sizeof err->text];
    va_list args;
    int n;

    memcpy(inner, err->text, sizeof inner);
    va_start(args, format);
    n = vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    if (n >= 0 && (size_t)n < sizeof err->text)
        snprintf(err->text + n, sizeof err->text - (size_t)n, ": %.*s",
                 (int)(sizeof err->text - (size_t)n) - 3, inner);
    return err->rc;
}

int err_exit_status(enum rc rc)
{
    switch (rc) {
    case RC_OK:
        return 0;
    case RC_USAGE:
        return 2;
    case RC_ABSENT:
        return 4;
    case RC_AGAIN:
    case RC_FULL:
        return 75;
    case RC_STOP:
        return 130;
    case RC_BAD:
    case RC_REFUSED:
    case RC_BROKEN:
        return 1;
    }
    return 1;
}

void err_abort(const char *file, int line, const char *condition)
{
    fprintf(stderr, "soundings: %s:%d: broken promise: %s\n", file, line, condition);
    abort();
}
