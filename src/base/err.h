/* err.h - how a function says that it did not do what was asked.
 *
 * A function that can fail returns `enum rc` and takes `struct err *err` last.  `err` is never
 * NULL, is written only on failure, and every other output is untouched on failure.  The nine codes
 * are nine different reactions of a caller; anything finer belongs in the message.  A message says
 * what went wrong, on which object, and what to do; it never carries bytes of an item (PRIVACY
 * P14). Our own mistakes are not errors: MUST() aborts with file and line.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum rc {
    RC_OK = 0,  /* done */
    RC_BAD,     /* this one input is bad: name it, count it, go on with the next */
    RC_USAGE,   /* the caller asked for something that cannot be: tell how to ask; exit 2 */
    RC_ABSENT,  /* it is not there (also: end of a stream); exit 4 where a user named it */
    RC_REFUSED, /* a rule of PRIVACY.md or of the configuration forbids it: say which */
    RC_AGAIN,   /* not now: busy, locked, timed out; exit 75 */
    RC_FULL,    /* disk, memory or a stated maximum is exhausted: stop acknowledging; exit 75 */
    RC_BROKEN,  /* stored data or a device is damaged: stop, let `doctor` look; exit 1 */
    RC_STOP,    /* the user or the system asked us to stop; exit 130 */
};

struct err {
    enum rc rc;
    char text[320]; /* one line, no newline at its end */
};

/* Sets *err and returns `rc`, so that a failing function can `return err_set(err, RC_BAD, ...)`. */
enum rc err_set(struct err *err, enum rc rc, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "WHAT: " before the message that a callee left, and returns its code. */
enum rc err_within(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The exit status of INTERFACE.md for a code. */
int err_exit_status(enum rc rc);

/* Aborts with file, line and the condition: a broken promise between our own functions. */
#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            err_abort(__FILE__, __LINE__, #condition);                                             \
    } while (0)
_Noreturn void err_abort(const char *file, int line, const char *condition);

#endif
