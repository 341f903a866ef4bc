/* place.h - the gazetteer: the city, its groups of wards, its wards, and the names they had.
 *
 * Numbers are counted at three levels: city (1), group of wards (2), ward (3).  A merged ward is
 * kept as a row with `successor`: people go on writing its name, and it resolves to the new one.
 * Table: data/demo/SOURCE describes the columns of a desk's own; country.h makes a gazetteer of the
 * national one.  Place 0 is "not known".
 */
#ifndef MODEL_PLACE_H
#define MODEL_PLACE_H

#include "base/table.h"

enum place_level { LEVEL_NONE, LEVEL_CITY, LEVEL_GROUP, LEVEL_WARD };

/* What else the name says to a reader. */
enum place_name {
    NAME_PROPER,
    NAME_LIKE_WORD, /* without its diacritics it looks like an ordinary word */
    NAME_WORD,      /* it is an ordinary word ("hòa bình") */
};

struct place {
    struct str code, name, aliases; /* aliases separated by '|' */
    enum place_level level;
    enum place_name sort;
    uint32_t parent;    /* index; 0 for the city */
    uint32_t within;    /* a former unit that it is or was part of besides, or 0 */
    uint32_t successor; /* index of what it was merged into, or 0 */
    uint32_t heirs;     /* how many units it was split between; `successor` is the first */
    int64_t valid_from, valid_to; /* day numbers; INT64_MIN / INT64_MAX when open */
};

struct gazetteer {
    struct place *places; /* [named]; [0] is "not known", the city is [1] */
    uint32_t n;           /* places that may be counted are below n */
    uint32_t named;       /* >= n; from n on: names of former units that have a successor below n,
                           * and of units of other cities (LEVEL_NONE) */
    bool country;         /* the "city" is the country: too wide to be an answer */
};

/* Reads the table; names the line of the first bad row (unknown parent, no city, a cycle). */
enum rc gazetteer_read(struct str bytes, struct arena *process, struct gazetteer *out,
                       struct err *err);
/* Index of a code, or 0. */
uint32_t gazetteer_find(const struct gazetteer *gazetteer, struct str code);
/* The place that stands for `place` today: follows successors. */
uint32_t place_current(const struct gazetteer *gazetteer, uint32_t place);
enum { PLACE_ABOVE = 6 };
/* Every unit that holds `place`, today or formerly; how many.  Those beyond PLACE_ABOVE are left
 * out; no table of ours has as many. */
uint32_t place_above(const struct gazetteer *gazetteer, uint32_t place, uint32_t out[PLACE_ABOVE]);
/* The finest level that is counted: of a country, whose wards are thousands, the middle one. */
enum place_level gazetteer_finest(const struct gazetteer *gazetteer);
/* The ancestor of `place` at `level` (itself when it is there), or 0. */
uint32_t place_at(const struct gazetteer *gazetteer, uint32_t place, enum place_level level);

#endif
