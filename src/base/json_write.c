/* json_write.c - writing JSON; see json_write.h. */
#include "base/json_write.h"

#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void before_value(struct json_writer *json)
{
    if (json->behind_value)
        buf_add_byte(json->out, ',');
    json->behind_value = true;
}

void json_open(struct json_writer *json, char bracket)
{
    before_value(json);
    buf_add_byte(json->out, bracket);
    json->behind_value = false;
}

void json_close(struct json_writer *json, char bracket)
{
    buf_add_byte(json->out, bracket);
    json->behind_value = true;
}

void json_key(struct json_writer *json, const char *key)
{
    json_str(json, str_of(key));
    buf_add_byte(json->out, ':');
    json->behind_value = false;
}

static void escape_control(struct buf *out, unsigned char c)
{
    static const char shorts[] = "btn.fr"; /* 0x08 … 0x0D, 0x0B has none */

    if (c >= 0x08 && c <= 0x0D && c != 0x0B)
        buf_printf(out, "\\%c", shorts[c - 0x08]);
    else
        buf_printf(out, "\\u%04x", c);
}

/* The characters of a string, escaped, without quotes. */
static void json_escape(struct buf *out, struct str value)
{
    bool valid = utf8_valid(value);
    size_t plain = 0;

    for (size_t at = 0; at < value.n;) {
        size_t from = at;
        unsigned char c = (unsigned char)value.p[at];
        bool ok = true;
        char put[4];

        if (c >= 0x80 && !valid) {
            uint32_t cp = utf8_next(value, &at, &ok);

            if (ok)
                continue;
            buf_add(out, str_part(value, plain, from - plain));
            buf_add(out, (struct str){put, utf8_put(put, cp)});
            plain = at;
            continue;
        }
        at++;
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F)
            continue;
        buf_add(out, str_part(value, plain, from - plain));
        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else
            escape_control(out, c);
        plain = at;
    }
    buf_add(out, str_from(value, plain));
}

void json_str(struct json_writer *json, struct str value)
{
    before_value(json);
    buf_add_byte(json->out, '"');
    json_escape(json->out, value);
    buf_add_byte(json->out, '"');
}

void json_int(struct json_writer *json, int64_t value)
{
    before_value(json);
    buf_printf(json->out, "%lld", (long long)value);
}

void json_double(struct json_writer *json, double value)
{
    char text[40];
    double back;

    if (!isfinite(value)) {
        json_null(json);
        return;
    }
    before_value(json);
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        /* lint: banned: str_to_double does not round correctly, and that must read back the same */
        back = strtod(text, NULL);
        if (!(back < value) && !(back > value))
            break;
    }
    for (char *c = text; *c; c++)
        if (*c == ',')
            *c = '.';
    buf_add(json->out, str_of(text));
}

void json_bool(struct json_writer *json, bool value)
{
    before_value(json);
    buf_add(json->out, value ? STR("true") : STR("false"));
}

void json_null(struct json_writer *json)
{
    before_value(json);
    buf_add(json->out, STR("null"));
}

void json_raw(struct json_writer *json, struct str value)
{
    before_value(json);
    buf_add(json->out, value);
}
