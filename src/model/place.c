/* place.c - reading the gazetteer and walking it; see place.h.
 *
 * Two passes over the rows: the first numbers the places (the city always becomes 1), the second
 * resolves parents and successors, which may stand anywhere in the table.  Levels forbid cycles of
 * parents; chains of successors are followed with a step count.
 */
#include "model/place.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"

enum column { CODE, NAME, KIND, PARENT, ALIASES, VALID_FROM, VALID_TO, SUCCESSOR, COLUMNS };

static const char *const column_names[COLUMNS] = {"code",    "name",       "kind",     "parent",
                                                  "aliases", "valid_from", "valid_to", "successor"};

struct reading {
    struct table table;
    size_t columns[COLUMNS];
    uint32_t *row_of; /* [n]: place -> row of the table */
    struct map codes; /* hash of a code -> place */
    struct gazetteer out;
};

static struct str cell(const struct reading *reading, size_t row, enum column column)
{
    return table_cell(&reading->table, row, reading->columns[column]);
}

static enum place_level level_find(struct str kind)
{
    if (str_eq(kind, STR("city")))
        return LEVEL_CITY;
    if (str_eq(kind, STR("group")))
        return LEVEL_GROUP;
    return str_eq(kind, STR("ward")) ? LEVEL_WARD : LEVEL_NONE;
}

/* An empty cell leaves `open`; dates are whole days, so the zone does not matter. */
static bool read_day(struct str s, int64_t open, int64_t *out)
{
    struct zone utc = {0};
    int64_t ms;

    *out = open;
    if (!s.n)
        return true;
    if (time_parse(s, utc, &ms) != PRECISION_DAY)
        return false;
    *out = time_day(ms, utc);
    return true;
}

static enum rc read_place(struct reading *reading, size_t row, struct err *err)
{
    struct place place = {.code = cell(reading, row, CODE),
                          .name = cell(reading, row, NAME),
                          .aliases = cell(reading, row, ALIASES),
                          .level = level_find(cell(reading, row, KIND))};
    uint32_t line = reading->table.lines[row], at;
    bool fresh;
    uint64_t *known;

    if (!place.code.n || !place.name.n)
        return err_set(err, RC_BAD, "places: line %u: a place needs a code and a name", line);
    if (place.level == LEVEL_NONE)
        return err_set(err, RC_BAD, "places: line %u: kind must be city, group or ward", line);
    if (!read_day(cell(reading, row, VALID_FROM), INT64_MIN, &place.valid_from) ||
        !read_day(cell(reading, row, VALID_TO), INT64_MAX, &place.valid_to))
        return err_set(err, RC_BAD, "places: line %u: a date is written 2026-03-02", line);
    if (place.level == LEVEL_CITY && reading->out.places[1].code.n)
        return err_set(err, RC_BAD, "places: line %u: a second city; give one table a city", line);
    at = place.level == LEVEL_CITY ? 1 : reading->out.n++;
    known = map_put(&reading->codes, hash_bytes(place.code, 0), &fresh);
    if (!known || !fresh)
        return err_set(err, RC_BAD, "places: line %u: the code stands twice", line);
    *known = at;
    reading->out.places[at] = place;
    reading->row_of[at] = (uint32_t)row;
    return RC_OK;
}

/* Place of a code by the map of the reading, or 0. */
static uint32_t find_code(const struct reading *reading, struct str code)
{
    const uint64_t *at = map_find(&reading->codes, hash_bytes(code, 0));

    return at && str_eq(reading->out.places[*at].code, code) ? (uint32_t)*at : 0;
}

static enum rc link_place(struct reading *reading, uint32_t at, struct err *err)
{
    struct place *place = &reading->out.places[at];
    size_t row = reading->row_of[at];
    uint32_t line = reading->table.lines[row];
    struct str parent = cell(reading, row, PARENT), successor = cell(reading, row, SUCCESSOR);

    place->parent = find_code(reading, parent);
    place->successor = find_code(reading, successor);
    if (place->level == LEVEL_CITY && parent.n)
        return err_set(err, RC_BAD, "places: line %u: the city has no parent", line);
    if (place->level != LEVEL_CITY && !place->parent)
        return err_set(err, RC_BAD, "places: line %u: its parent is not in the table", line);
    if (place->parent && reading->out.places[place->parent].level >= place->level)
        return err_set(err, RC_BAD,
                       "places: line %u: a parent must be of a higher level (city, group, ward)",
                       line);
    if (successor.n && !place->successor)
        return err_set(err, RC_BAD, "places: line %u: its successor is not in the table", line);
    if (place->successor && reading->out.places[place->successor].level != place->level)
        return err_set(err, RC_BAD, "places: line %u: a successor must be of the same level", line);
    return RC_OK;
}

/* A chain of successors longer than there are places comes back to where it was. */
static enum rc check_successors(const struct reading *reading, struct err *err)
{
    const struct gazetteer *out = &reading->out;

    for (uint32_t at = 1; at < out->n; at++) {
        uint32_t steps = 0;

        for (uint32_t p = at; out->places[p].successor && steps <= out->n; steps++)
            p = out->places[p].successor;
        if (steps > out->n)
            return err_set(err, RC_BAD, "places: line %u: its successors lead back to it",
                           reading->table.lines[reading->row_of[at]]);
    }
    return RC_OK;
}

static enum rc read_all(struct reading *reading, struct arena *process, struct err *err)
{
    enum rc rc = RC_OK;

    for (size_t c = 0; c < COLUMNS && !rc; c++)
        rc = table_column(&reading->table, column_names[c], &reading->columns[c], err);
    if (rc)
        return err_within(err, "places");
    reading->out.places = arena_array(process, reading->table.rows + 2, sizeof(struct place));
    reading->row_of = arena_array(process, reading->table.rows + 2, sizeof(uint32_t));
    reading->out.n = 2;
    for (size_t row = 0; row < reading->table.rows && !rc; row++)
        rc = read_place(reading, row, err);
    if (!rc && !reading->out.places[1].code.n)
        rc = err_set(err, RC_BAD, "places: no city; one row must be of the kind city");
    for (uint32_t at = 1; at < reading->out.n && !rc; at++)
        rc = link_place(reading, at, err);
    return rc ? rc : check_successors(reading, err);
}

enum rc gazetteer_read(struct str bytes, struct arena *process, struct gazetteer *out,
                       struct err *err)
{
    struct reading reading = {0};
    enum rc rc = table_read(bytes, process, &reading.table, err);

    if (rc)
        return err_within(err, "places");
    map_init(&reading.codes, reading.table.rows + 1);
    rc = read_all(&reading, process, err);
    map_free(&reading.codes);
    reading.out.named = reading.out.n;
    if (!rc)
        *out = reading.out;
    return rc;
}

uint32_t gazetteer_find(const struct gazetteer *gazetteer, struct str code)
{
    for (uint32_t at = 1; at < gazetteer->n; at++)
        if (str_eq(gazetteer->places[at].code, code))
            return at;
    return 0;
}

uint32_t place_current(const struct gazetteer *gazetteer, uint32_t place)
{
    while (gazetteer->places[place].successor)
        place = gazetteer->places[place].successor;
    return place;
}

enum place_level gazetteer_finest(const struct gazetteer *gazetteer)
{
    return gazetteer->country ? LEVEL_GROUP : LEVEL_WARD;
}

uint32_t place_at(const struct gazetteer *gazetteer, uint32_t place, enum place_level level)
{
    while (place && gazetteer->places[place].level > level)
        place = gazetteer->places[place].parent;
    return gazetteer->places[place].level == level ? place : 0;
}

uint32_t place_above(const struct gazetteer *gazetteer, uint32_t place, uint32_t out[PLACE_ABOVE])
{
    uint32_t n = 0;

    for (uint32_t at = 0, from = place; at <= n; from = at < n ? out[at] : 0, at++) {
        const struct place *unit = &gazetteer->places[from];
        uint32_t next[] = {unit->parent, unit->within,
                           unit->level == LEVEL_WARD ? 0 : unit->successor};

        for (size_t i = 0; i < sizeof next / sizeof *next; i++) {
            uint32_t known = 0;

            while (known < n && out[known] != next[i])
                known++;
            if (next[i] && next[i] != place && known == n && n < PLACE_ABOVE)
                out[n++] = next[i];
        }
    }
    return n;
}
