/* released_json.h - a released number in JSON: 162, {"below": 20}, {"from": 40, "to": 55} or null.
 */
#ifndef PUBLISH_RELEASED_JSON_H
#define PUBLISH_RELEASED_JSON_H

#include "base/json_write.h"
#include "model/released.h"

/* NULL: nothing was heard at all. */
void released_json(struct json_writer *json, const struct released *number);

#endif
