/* input.h - bytes to read items from: a file, standard input, memory, or a reply over HTTP.
 *
 * Reads ahead in one growable window, so that a connector sees a whole record at once.  The maximum
 * of the window is the longest record allowed (1 MiB for lines; 16 MiB for a feed document).
 */
#ifndef SOURCE_INPUT_H
#define SOURCE_INPUT_H

#include "base/buf.h"
#include "base/err.h"

enum { RECORD_MAX = 1024 * 1024, DOCUMENT_MAX = 16 * 1024 * 1024 };

struct input {
    const char *name;      /* for messages: the file as the user named it, "standard input", … */
    int fd;                /* -1: all bytes are in memory already */
    struct str unread;     /* window on what comes next */
    struct buf window;     /* owner of the window when fd >= 0 */
    uint64_t offset, size; /* bytes consumed; size of a regular file, else 0 */
    bool ended;            /* the source has no more bytes than `unread` */
};

/* "-" is standard input.  RC_ABSENT: no such file; RC_BROKEN: cannot be read. */
enum rc input_open(struct input *input, const char *path, struct err *err);
void input_memory(struct input *input, const char *name, struct str bytes);
void input_close(struct input *input);
/* Makes at least n bytes of `unread` visible, or all there are.  n <= DOCUMENT_MAX. */
enum rc input_want(struct input *input, size_t n, struct err *err);
/* Takes n visible bytes off the front. */
void input_skip(struct input *input, size_t n);
/* The next line without its LF or CRLF.  RC_ABSENT at the end; RC_BAD for a line longer than
 * RECORD_MAX (it has been skipped whole).  A UTF-8 BOM at the very start is skipped. */
enum rc input_line(struct input *input, struct str *line, struct err *err);
/* A hash of all bytes, as hex, for naming an input without a source: of a regular file without
 * moving; of a pipe after reading it to its end into memory (at most INPUT_PIPE_MAX: of what was
 * read until then). */
enum { INPUT_PIPE_MAX = 64 * 1024 * 1024 };
enum rc input_content_name(struct input *input, char out[33], struct err *err);

#endif
