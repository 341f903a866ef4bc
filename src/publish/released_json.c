/* released_json.c - released numbers in JSON; see released_json.h. */
#include "publish/released_json.h"

void released_json(struct json_writer *json, const struct released *number)
{
    if (!number) {
        json_null(json);
        return;
    }
    if (released_kind(number) == RELEASED_NUMBER || released_kind(number) == RELEASED_AT_LEAST) {
        json_int(json, released_number(number));
        return;
    }
    json_open(json, '{');
    json_key(json, released_kind(number) == RELEASED_BELOW ? "below" : "from");
    json_int(json, released_number(number));
    if (released_kind(number) == RELEASED_RANGE) {
        json_key(json, "to");
        json_int(json, released_upper(number));
    }
    json_close(json, '}');
}
