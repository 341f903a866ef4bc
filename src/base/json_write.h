/* json_write.h - writing JSON (RFC 8259) into a buffer, commas and escapes minded.
 *
 *     struct json_writer json = {.out = &buf};
 *     json_open(&json, '{');
 *     json_key(&json, "read");
 *     json_int(&json, 12);
 *     json_close(&json, '}');
 *
 * Strings are written as given when valid UTF-8; ill-formed bytes become U+FFFD.  Numbers are
 * written in the shortest form that reads back the same, whatever the locale.  Linear.  Pure.
 */
#ifndef BASE_JSON_WRITE_H
#define BASE_JSON_WRITE_H

#include "base/buf.h"

struct json_writer {
    struct buf *out;
    bool behind_value; /* a comma is due before the next value */
};

void json_open(struct json_writer *json, char bracket);
void json_close(struct json_writer *json, char bracket);
void json_key(struct json_writer *json, const char *key);
void json_str(struct json_writer *json, struct str value);
void json_int(struct json_writer *json, int64_t value);
void json_double(struct json_writer *json, double value); /* NaN and infinities: null */
void json_bool(struct json_writer *json, bool value);
void json_null(struct json_writer *json);
/* A value that is JSON already. */
void json_raw(struct json_writer *json, struct str value);

#endif
