/* input.c - one growable window on a file, a pipe or memory; see input.h.
 *
 * The window holds what was read and not yet taken.  Before more is read, what is left moves to the
 * front, but only when at least as much was taken since the last move, so that every byte moves
 * once on average.  Lines are searched from where the last search ended: linear for any line
 * length.
 */
#include "source/input.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 256 * 1024, SLACK = 4 * CHUNK };

static const struct str bom = {"\xEF\xBB\xBF", 3};

enum rc input_open(struct input *input, const char *path, struct err *err)
{
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat facts;

    if (fd < 0)
        return err_set(err, errno == ENOENT ? RC_ABSENT : RC_BROKEN, "%s: cannot be opened: %s",
                       path, strerror(errno));
    if (fstat(fd, &facts) || S_ISDIR(facts.st_mode)) {
        if (!standard)
            close(fd);
        return err_set(err, RC_BROKEN, "%s: is a folder or cannot be read: give a file", path);
    }
    *input = (struct input){.name = standard ? "standard input" : path, .fd = fd};
    buf_init(&input->window, INPUT_PIPE_MAX + DOCUMENT_MAX + SLACK);
    if (S_ISREG(facts.st_mode)) {
        input->size = (uint64_t)facts.st_size;
        posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
        return RC_OK;
    }
    input->hash = hash_stream_new(0);
    if (!input->hash) {
        input_close(input);
        return err_set(err, RC_FULL, "%s: out of memory", path);
    }
    return RC_OK;
}

void input_memory(struct input *input, const char *name, struct str bytes)
{
    *input = (struct input){.name = name, .fd = -1, .unread = bytes, .ended = true};
}

void input_close(struct input *input)
{
    if (input->hash)
        hash_stream_free(input->hash);
    if (input->fd > STDIN_FILENO)
        close(input->fd);
    buf_free(&input->window);
    input->hash = NULL;
    input->fd = -1;
}

static void make_room(struct input *input)
{
    struct buf *window = &input->window;
    size_t taken = window->n - input->unread.n;

    if (taken && taken >= input->unread.n) {
        memmove(window->p, window->p + taken, input->unread.n);
        window->n = input->unread.n;
    }
}

static void hash_on(struct input *input, struct str fresh)
{
    if (!input->hash || input->hashed >= INPUT_PIPE_MAX)
        return;
    fresh = str_part(fresh, 0, INPUT_PIPE_MAX - input->hashed);
    hash_stream_add(input->hash, fresh);
    input->hashed += fresh.n;
}

/* Reads once.  RC_OK also at the end, `ended` says so. */
static enum rc read_on(struct input *input, struct err *err)
{
    size_t unread = input->unread.n;
    char *room;
    ssize_t got;

    make_room(input);
    room = buf_reserve(&input->window, CHUNK);
    if (!room)
        return err_set(err, RC_FULL, "%s: no memory for a window of %zu bytes", input->name,
                       input->window.n + CHUNK);
    do
        got = read(input->fd, room, CHUNK);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        input->unread = (struct str){room - unread, unread};
        return err_set(err, RC_BROKEN, "%s: reading failed: %s", input->name, strerror(errno));
    }
    input->ended = got == 0;
    hash_on(input, (struct str){room, (size_t)got});
    input->window.n += (size_t)got;
    input->unread = (struct str){room - unread, unread + (size_t)got};
    return RC_OK;
}

enum rc input_want(struct input *input, size_t n, struct err *err)
{
    while (input->unread.n < n && !input->ended) {
        enum rc rc = read_on(input, err);

        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

void input_wipe(struct input *input)
{
    struct buf *window = &input->window;

    if (!window->p)
        return;
    memset(window->p, 0, window->n - input->unread.n);
    memset(window->p + window->n, 0, window->capacity - window->n);
}

static bool shows_line(const struct input *input)
{
    return input->fd < 0 || input->ended || input->size || input->unread.n > RECORD_MAX ||
           str_find_byte(input->unread, '\n') < input->unread.n;
}

bool input_at_hand(struct input *input, int ms)
{
    struct pollfd ready = {.fd = input->fd, .events = POLLIN};
    uint64_t started = clock_ticks_ns();
    struct err err;

    while (!shows_line(input)) {
        int left = ms - (int)((clock_ticks_ns() - started) / 1000000);

        if (poll(&ready, 1, left > 0 ? left : 0) <= 0)
            return false;
        if (read_on(input, &err) != RC_OK)
            return true; /* who reads next is told */
    }
    return true;
}

void input_skip(struct input *input, size_t n)
{
    input->unread.p += n;
    input->unread.n -= n;
    input->offset += n;
}

/* Length of the line that begins here, with its LF; more than RECORD_MAX + 2 when it is longer. */
static enum rc line_length(struct input *input, size_t *length, struct err *err)
{
    size_t seen = 0;

    for (;;) {
        size_t at = seen + str_find_byte(str_from(input->unread, seen), '\n');

        seen = input->unread.n;
        if (at < seen || input->ended || seen > RECORD_MAX + 2) {
            *length = at < seen ? at + 1 : seen;
            return RC_OK;
        }
        enum rc rc = input_want(input, seen + 1, err);

        if (rc != RC_OK)
            return rc;
    }
}

enum rc input_line(struct input *input, struct str *line, struct err *err)
{
    bool whole, too_long = false;
    size_t length;

    if (!input->offset) {
        enum rc rc = input_want(input, bom.n, err);

        if (rc != RC_OK)
            return rc;
        if (str_starts(input->unread, bom))
            input_skip(input, bom.n);
    }
    do {
        enum rc rc = line_length(input, &length, err);

        if (rc != RC_OK)
            return rc;
        if (!length && !too_long)
            return RC_ABSENT;
        *line = str_part(input->unread, 0, length);
        whole = !length || line->p[length - 1] == '\n' || input->ended;
        input_skip(input, length);
        too_long = too_long || !whole || length > RECORD_MAX + 2;
    } while (!whole);
    if (length && line->p[length - 1] == '\n')
        line->n -= length > 1 && line->p[length - 2] == '\r' ? 2 : 1;
    if (too_long || line->n > RECORD_MAX)
        return err_set(err, RC_BAD, "longer than 1 MiB: split it into several");
    return RC_OK;
}

enum rc input_document(struct input *input, size_t max, struct str *document, struct err *err)
{
    enum rc rc = input_want(input, max + 1, err);

    if (rc != RC_OK)
        return rc;
    if (input->unread.n > max)
        return err_set(err, RC_BAD, "longer than %zu KiB: split it into several", max / 1024);
    *document = input->unread;
    return RC_OK;
}

static enum rc hash_file(struct input *input, struct hash_stream *hash, struct err *err)
{
    static const size_t room = 64 * 1024;
    char bytes[64 * 1024];
    off_t at = 0;

    for (;;) {
        ssize_t got = pread(input->fd, bytes, room, at);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set(err, RC_BROKEN, "%s: reading failed: %s", input->name, strerror(errno));
        if (got == 0)
            return RC_OK;
        hash_stream_add(hash, (struct str){bytes, (size_t)got});
        at += got;
    }
}

static void hash_write(struct hash128 hash, char out[33])
{
    snprintf(out, 33, "%016llx%016llx", (unsigned long long)hash.high,
             (unsigned long long)hash.low);
}

enum rc input_content_name(struct input *input, char out[33], struct err *err)
{
    struct hash_stream *hash = input->hash;
    enum rc rc = RC_OK;

    if (input->fd < 0) { /* memory: everything up to its end, taken or not */
        struct str all = {input->unread.p - input->offset, input->unread.n + input->offset};

        hash_write(hash128_bytes(all, 0), out);
        return RC_OK;
    }
    if (hash) {
        while (rc == RC_OK && input->hashed < INPUT_PIPE_MAX && !input->ended)
            rc = read_on(input, err);
        if (rc == RC_OK)
            hash_write(hash_stream_value(hash), out);
        return rc;
    }
    hash = hash_stream_new(0);
    if (!hash)
        return err_set(err, RC_FULL, "%s: out of memory", input->name);
    rc = hash_file(input, hash, err);
    if (rc == RC_OK)
        hash_write(hash_stream_value(hash), out);
    hash_stream_free(hash);
    return rc;
}
