/* told_json.h - what is told, as keys and values of JSON; doc/brief.md lists them.
 */
#ifndef PUBLISH_TOLD_JSON_H
#define PUBLISH_TOLD_JSON_H

#include "base/json_write.h"
#include "publish/alarm_view.h"
#include "publish/telling.h"

void told_json_day(struct json_writer *json, const char *key, int64_t day);
void told_json_text(struct json_writer *json, const char *key, struct str text);
void told_json_number(struct json_writer *json, const char *key, const struct released *number);
/* voices, messages, copies, sources */
void told_json_counts(struct json_writer *json, const struct told_counts *counts);
/* topic: its code, or null */
void told_json_topic(const struct teller *teller, struct json_writer *json, uint32_t topic);
/* place and name */
void told_json_place(const struct teller *teller, struct json_writer *json, uint32_t place);
void told_json_story(const struct teller *teller, struct json_writer *json,
                     const struct told_story *story);
/* Of an alarm: alarm, known, window, start, topic, place, name, story, people, expected,
 * kinds_of_sources, q_at_most, verdict, verdict_by, replayed. */
void told_json_alarm(const struct teller *teller, struct json_writer *json,
                     const struct alarm_view *alarm);

#endif
