/* input.h - bytes to read items from: a file, standard input, memory, or a reply over HTTP.
 *
 * Reads ahead in one growable window, so that a connector sees a whole record at once.  The maximum
 * of the window is the longest record allowed (1 MiB for lines; 16 MiB for a feed document); a pipe
 * that must be named by its content is held up to INPUT_PIPE_MAX.
 */
#ifndef SOURCE_INPUT_H
#define SOURCE_INPUT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

enum {
    RECORD_MAX = 1024 * 1024,
    DOCUMENT_MAX = 16 * 1024 * 1024,
    /* A JSON document is read as a tree, at about 15 bytes a byte. */
    JSON_DOCUMENT_MAX = 2 * 1024 * 1024,
    INPUT_PIPE_MAX = 64 * 1024 * 1024,
};

struct input {
    const char *name;      /* for messages: the file as the user named it, "standard input", … */
    int fd;                /* -1: all bytes are in memory already */
    struct str unread;     /* window on what comes next */
    struct buf window;     /* owner of the window when fd >= 0 */
    uint64_t offset, size; /* bytes consumed; size of a regular file, else 0 */
    bool ended;            /* the source has no more bytes than `unread` */
    struct hash_stream *hash; /* of a pipe: of its first INPUT_PIPE_MAX bytes as they are read */
    uint64_t hashed;
};

/* "-" is standard input.  RC_ABSENT: no such file; RC_BROKEN: cannot be read. */
enum rc input_open(struct input *input, const char *path, struct err *err);
void input_memory(struct input *input, const char *name, struct str bytes);
void input_close(struct input *input);
/* Makes at least n bytes of `unread` visible, or all there are; moves the window, so views into it
 * are dead.  n <= DOCUMENT_MAX + 1. */
enum rc input_want(struct input *input, size_t n, struct err *err);
/* Whether a line (or the end) is visible, or comes within `ms`: always in a file.  Like input_want
 * it moves the window. */
bool input_at_hand(struct input *input, int ms);
/* Overwrites what was taken: it held what people wrote. */
void input_wipe(struct input *input);
/* Takes n visible bytes off the front. */
void input_skip(struct input *input, size_t n);
/* The next line without its LF or CRLF.  RC_ABSENT at the end; RC_BAD for a line longer than
 * RECORD_MAX (it has been skipped whole).  A UTF-8 BOM at the very start is skipped. */
enum rc input_line(struct input *input, struct str *line, struct err *err);
/* Everything up to the end as one document, a BOM included; RC_BAD when it is longer than max
 * (<= DOCUMENT_MAX).  Nothing is consumed. */
enum rc input_document(struct input *input, size_t max, struct str *document, struct err *err);
/* A hash of all bytes, as hex, for naming an input without a source: of a regular file without
 * moving; of a pipe after reading it to its end into memory, of its first INPUT_PIPE_MAX bytes when
 * it is longer. */
enum rc input_content_name(struct input *input, char out[33], struct err *err);

#endif
