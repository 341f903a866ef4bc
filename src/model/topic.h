/* topic.h - the closed, public list of services, and the units that answer for them.
 *
 * Topics are services, never views (PRIVACY P12); the list is a public table, data/topics.tsv.
 * Topic 0 is "none": what is said is about no service.
 */
#ifndef MODEL_TOPIC_H
#define MODEL_TOPIC_H

#include "base/table.h"

enum { TOPICS_MAX = 64 };

struct topic {
    struct str code, vi, en, phrases; /* cue phrases separated by '|' */
};

struct topics {
    struct topic *topics; /* [n]; [0] is "none" */
    uint32_t n;
};

struct unit {
    struct str code, vi, en, topics; /* codes of topics separated by ',' */
};

struct units {
    struct unit *units; /* [n]; [0] is "none" */
    uint32_t n;
};

enum rc topics_read(struct str bytes, struct arena *process, struct topics *out, struct err *err);
enum rc units_read(struct str bytes, const struct topics *topics, struct arena *process,
                   struct units *out, struct err *err);
uint32_t topic_find(const struct topics *topics, struct str code); /* or 0 */
uint32_t unit_of_topic(const struct units *units, const struct topics *topics, uint32_t topic);

#endif
