/* country.c - cutting a desk's gazetteer out of the national table; see country.h.
 *
 * Three passes over the rows: which province of today each belongs to; which of them become places,
 * the counted ones first, so that engine and store never meet a name that is only known; and the
 * links between places.
 */
#include "model/country.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/map.h"

enum column { CODE, NAME, PARENT, ALIASES, CUE, VALID_FROM, VALID_TO, SUCCESSOR, COLUMNS };
enum {
    NO_ROW = UINT32_MAX,
    PROVINCE_DIGITS = 2,
    DISTRICT_DIGITS = 3,
    WARD_DIGITS = 5,
    THE_CITY = 1
};

static const char *const column_names[COLUMNS] = {"code", "name",       "parent",   "aliases",
                                                  "cue",  "valid_from", "valid_to", "successor"};

/* A row of the table. */
struct unit {
    uint32_t parent, successor; /* rows, or NO_ROW */
    uint32_t heirs;             /* how many successors the row names */
    uint32_t province;          /* row of the province of today that it lies in */
    uint32_t place;             /* what it became; 0 when nothing */
    uint8_t digits;             /* of its code: what kind of unit it is */
    bool former;                /* there is no such unit today */
};

struct cutting {
    struct table table;
    size_t columns[COLUMNS];
    struct unit *units; /* [rows] */
    struct map codes;   /* hash of a code -> row + 1 */
    uint32_t desk;      /* row of the province, NO_ROW for the country */
    struct gazetteer out;
};

bool country_is_code(struct str code)
{
    size_t digits = 0;

    while (digits < code.n && code.p[digits] >= '0' && code.p[digits] <= '9')
        digits++;
    return str_eq(code, STR("VN")) || (digits && digits == code.n);
}

static struct str cell(const struct cutting *cutting, size_t row, enum column column)
{
    return table_cell(&cutting->table, row, cutting->columns[column]);
}

static uint32_t find_row(const struct cutting *cutting, struct str code)
{
    const uint64_t *found = code.n ? map_find(&cutting->codes, hash_bytes(code, 0)) : NULL;

    return found && str_eq(cell(cutting, *found - 1, CODE), code) ? (uint32_t)*found - 1 : NO_ROW;
}

static enum rc read_codes(struct cutting *cutting, struct err *err)
{
    for (uint32_t row = 0; row < cutting->table.rows; row++) {
        struct str code = cell(cutting, row, CODE);
        bool letter = code.n && (code.p[0] == 'o' || code.p[0] == 'n'), fresh;
        uint64_t *known = map_put(&cutting->codes, hash_bytes(code, 0), &fresh);

        if (!known || !fresh)
            return err_set(err, RC_BAD, "places: line %u: the code stands twice",
                           cutting->table.lines[row]);
        *known = row + 1;
        cutting->units[row].digits = (uint8_t)(code.n < 16 ? code.n - letter : 16);
        cutting->units[row].former = letter || cutting->units[row].digits == DISTRICT_DIGITS;
    }
    return RC_OK;
}

static enum rc link_rows(struct cutting *cutting, struct err *err)
{
    for (uint32_t row = 0; row < cutting->table.rows; row++) {
        struct unit *unit = &cutting->units[row];
        struct str heirs = cell(cutting, row, SUCCESSOR), parent = cell(cutting, row, PARENT);

        unit->parent = find_row(cutting, parent);
        unit->successor = NO_ROW;
        for (; heirs.p && heirs.n; unit->heirs++) {
            uint32_t heir = find_row(cutting, str_cut(&heirs, '|'));

            unit->successor = unit->heirs ? unit->successor : heir;
        }
        if ((unit->digits != PROVINCE_DIGITS && unit->parent == NO_ROW) ||
            (unit->former && unit->successor == NO_ROW))
            return err_set(err, RC_BAD, "places: line %u: its parent or successor is not there",
                           cutting->table.lines[row]);
    }
    return RC_OK;
}

/* Up to the province, then to what that became; a table that runs in circles ends nowhere. */
static uint32_t province_of(const struct cutting *cutting, uint32_t row)
{
    for (int steps = 0; steps < 6; steps++) {
        const struct unit *unit = &cutting->units[row];

        if (unit->digits == PROVINCE_DIGITS && !unit->former)
            return row;
        row = unit->digits == PROVINCE_DIGITS ? unit->successor : unit->parent;
        if (row == NO_ROW)
            break;
    }
    return NO_ROW;
}

/* At which level a row stands; LEVEL_NONE: it is of another province, known by name. */
static enum place_level level_of(const struct cutting *cutting, const struct unit *unit)
{
    if (cutting->desk != NO_ROW && unit->province != cutting->desk)
        return LEVEL_NONE;
    if (unit->digits == WARD_DIGITS)
        return LEVEL_WARD;
    if (unit->digits == PROVINCE_DIGITS && cutting->desk != NO_ROW)
        return LEVEL_CITY;
    return LEVEL_GROUP;
}

/* The districts of a province's desk are counted, though there are none today. */
static bool is_counted(const struct cutting *cutting, const struct unit *unit)
{
    if (level_of(cutting, unit) == LEVEL_NONE)
        return false;
    return !unit->former || (cutting->desk != NO_ROW && unit->digits == DISTRICT_DIGITS);
}

/* The days of a row's cell; an empty one leaves `open`. */
static int64_t day_of(struct str date, int64_t open)
{
    struct zone utc = {0};
    int64_t ms;

    return time_parse(date, utc, &ms) == PRECISION_DAY ? time_day(ms, utc) : open;
}

static void add_place(struct cutting *cutting, uint32_t row, uint32_t at)
{
    struct unit *unit = &cutting->units[row];
    struct str cue = cell(cutting, row, CUE);

    unit->place = at;
    cutting->out.places[at] =
        (struct place){.code = cell(cutting, row, CODE),
                       .name = cell(cutting, row, NAME),
                       .aliases = cell(cutting, row, ALIASES),
                       .level = level_of(cutting, unit),
                       .sort = str_eq(cue, STR("w"))   ? NAME_WORD
                               : str_eq(cue, STR("f")) ? NAME_LIKE_WORD
                                                       : NAME_PROPER,
                       .heirs = unit->heirs,
                       .valid_from = day_of(cell(cutting, row, VALID_FROM), INT64_MIN),
                       .valid_to = day_of(cell(cutting, row, VALID_TO), INT64_MAX)};
}

/* The counted places before those that are names alone; provinces before districts before wards. */
static void add_places(struct cutting *cutting)
{
    static const uint8_t digits[] = {PROVINCE_DIGITS, DISTRICT_DIGITS, WARD_DIGITS};
    struct gazetteer *out = &cutting->out;
    uint32_t at = THE_CITY + 1;

    for (int counted = 1; counted >= 0; counted--) {
        for (size_t kind = 0; kind < sizeof digits; kind++)
            for (uint32_t row = 0; row < cutting->table.rows; row++) {
                const struct unit *unit = &cutting->units[row];
                bool foreign = level_of(cutting, unit) == LEVEL_NONE;

                if (unit->digits == digits[kind] && is_counted(cutting, unit) == counted &&
                    row != cutting->desk && !(foreign && unit->digits == WARD_DIGITS))
                    add_place(cutting, row, at++);
            }
        if (counted)
            out->n = at;
    }
    out->named = at;
}

static uint32_t place_of(const struct cutting *cutting, uint32_t row)
{
    return row == NO_ROW ? 0 : cutting->units[row].place;
}

static void link_place(struct cutting *cutting, const struct unit *unit)
{
    struct place *place = &cutting->out.places[unit->place];
    uint32_t above = place_of(cutting, unit->parent);

    place->parent = THE_CITY;
    if (place->level == LEVEL_NONE || unit->place == THE_CITY)
        place->parent = 0;
    else if (unit->digits == WARD_DIGITS)
        place->parent =
            cutting->desk == NO_ROW && !unit->former ? place_of(cutting, unit->province) : above;
    if (place->level == LEVEL_CITY && unit->place != THE_CITY)
        place->parent = 0;
    place->within = above;
    if (place->level != LEVEL_NONE && unit->place >= cutting->out.n)
        place->successor =
            place_of(cutting, unit->digits == WARD_DIGITS ? unit->successor : unit->province);
}

static enum rc read_rows(struct cutting *cutting, struct str code, struct arena *process,
                         struct err *err)
{
    enum rc rc = RC_OK;

    for (size_t c = 0; c < COLUMNS && !rc; c++)
        rc = table_column(&cutting->table, column_names[c], &cutting->columns[c], err);
    if (rc)
        return err_within(err, "places");
    cutting->units = arena_array(process, cutting->table.rows, sizeof *cutting->units);
    rc = read_codes(cutting, err);
    if (!rc)
        rc = link_rows(cutting, err);
    if (rc)
        return rc;
    for (uint32_t row = 0; row < cutting->table.rows; row++)
        cutting->units[row].province = province_of(cutting, row);
    cutting->desk = code.n == PROVINCE_DIGITS ? find_row(cutting, code) : NO_ROW;
    if (cutting->desk == NO_ROW && !str_eq(code, STR("VN")))
        return err_set(err, RC_USAGE,
                       "places = \"%.*s\": no province of today has that code; write one such as "
                       "\"01\" (Hà Nội) or \"79\" (Hồ Chí Minh), \"VN\", or the name of a file",
                       STR_ARG(code));
    return RC_OK;
}

enum rc country_cut(struct str bytes, struct str code, struct arena *process, struct gazetteer *out,
                    struct err *err)
{
    struct cutting cutting = {0};
    enum rc rc = table_read(bytes, process, &cutting.table, err);

    if (rc)
        return err_within(err, "places");
    map_init(&cutting.codes, cutting.table.rows + 1);
    rc = read_rows(&cutting, code, process, err);
    map_free(&cutting.codes);
    if (rc)
        return rc;
    cutting.out.places =
        arena_array(process, cutting.table.rows + THE_CITY + 1, sizeof *cutting.out.places);
    cutting.out.places[THE_CITY] = (struct place){.code = STR("VN"),
                                                  .name = STR("Việt Nam"),
                                                  .level = LEVEL_CITY,
                                                  .valid_from = INT64_MIN,
                                                  .valid_to = INT64_MAX};
    cutting.out.country = cutting.desk == NO_ROW;
    if (!cutting.out.country)
        add_place(&cutting, cutting.desk, THE_CITY);
    add_places(&cutting);
    for (uint32_t row = 0; row < cutting.table.rows; row++)
        if (cutting.units[row].place)
            link_place(&cutting, &cutting.units[row]);
    *out = cutting.out;
    return RC_OK;
}
