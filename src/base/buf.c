/* buf.c - growable bytes with a stated maximum; see buf.h. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *buf, size_t max)
{
    *buf = (struct buf){.max = max};
}

char *buf_reserve(struct buf *buf, size_t n)
{
    size_t capacity = buf->capacity ? buf->capacity : 64;
    char *grown;

    if (buf->full || n > buf->max || buf->n > buf->max - n) {
        buf->full = true;
        return NULL;
    }
    while (capacity < buf->n + n + 1)
        capacity *= 2;
    if (capacity != buf->capacity) {
        grown = realloc(buf->p, capacity);
        if (!grown) {
            buf->full = true;
            return NULL;
        }
        buf->p = grown;
        buf->capacity = capacity;
    }
    return buf->p + buf->n;
}

void buf_add(struct buf *buf, struct str s)
{
    char *end = buf_reserve(buf, s.n);

    if (!end)
        return;
    if (s.n)
        memcpy(end, s.p, s.n);
    end[s.n] = '\0';
    buf->n += s.n;
}

void buf_add_byte(struct buf *buf, char c)
{
    buf_add(buf, (struct str){&c, 1});
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args, again;
    char *end;
    int n;

    va_start(args, format);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    end = n >= 0 ? buf_reserve(buf, (size_t)n) : NULL;
    if (end) {
        vsnprintf(end, (size_t)n + 1, format, again);
        buf->n += (size_t)n;
    }
    va_end(again);
}

void buf_clear(struct buf *buf)
{
    buf->n = 0;
    buf->full = false;
    if (buf->p)
        buf->p[0] = '\0';
}

void buf_free(struct buf *buf)
{
    free(buf->p);
    buf_init(buf, buf->max);
}

struct str buf_str(const struct buf *buf)
{
    return (struct str){buf->p, buf->n};
}
