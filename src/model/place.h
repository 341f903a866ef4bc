/* place.h - the gazetteer: the city, its groups of wards, its wards, and the names they had.
 *
 * Numbers are counted at three levels: city (1), group of wards (2), ward (3).  A merged ward is
 * kept as a row with `successor`: people go on writing its name, and it resolves to the new one.
 * Table: data/demo/SOURCE describes the columns.  Place 0 is "not known".
 */
#ifndef MODEL_PLACE_H
#define MODEL_PLACE_H

#include "base/table.h"

enum place_level { LEVEL_NONE, LEVEL_CITY, LEVEL_GROUP, LEVEL_WARD };

struct place {
    struct str code, name, aliases; /* aliases separated by '|' */
    enum place_level level;
    uint32_t parent;              /* index; 0 for the city */
    uint32_t successor;           /* index of what it was merged into, or 0 */
    int64_t valid_from, valid_to; /* day numbers; INT64_MIN / INT64_MAX when open */
};

struct gazetteer {
    struct place *places; /* [n]; [0] is "not known", the city is [1] */
    uint32_t n;
};

/* Reads the table; names the line of the first bad row (unknown parent, no city, a cycle). */
enum rc gazetteer_read(struct str bytes, struct arena *process, struct gazetteer *out,
                       struct err *err);
/* Index of a code, or 0. */
uint32_t gazetteer_find(const struct gazetteer *gazetteer, struct str code);
/* The place that stands for `place` today: follows successors. */
uint32_t place_current(const struct gazetteer *gazetteer, uint32_t place);
/* The ancestor of `place` at `level` (itself when it is there), or 0. */
uint32_t place_at(const struct gazetteer *gazetteer, uint32_t place, enum place_level level);

#endif
