/* grammar.c - reading the corpus; see grammar.h. */
#include "sim/grammar.h"

static const char *const shape_names[SHAPES] = {"sudden",   "slow",   "seasonal", "claim",
                                                "campaign", "steady", "noise"};
static const char *const part_names[PARTS] = {
    "opener", "body", "detail", "remark", "closer", "time", "when", "days", "copy", "edit", "pii"};
static const char *const slot_names[SLOTS] = {"ward",  "time",  "when",   "days", "me",
                                              "phone", "email", "handle", "cccd", "name"};

/* Index of a name in a list, or n. */
static uint32_t find_name(const char *const *names, uint32_t n, struct str name)
{
    uint32_t i = 0;

    while (i < n && !str_eq(str_of(names[i]), name))
        i++;
    return i;
}

static enum rc find_columns(const struct table *table, const char *const *names, size_t n,
                            size_t *columns, struct err *err)
{
    enum rc rc = RC_OK;

    for (size_t c = 0; c < n && !rc; c++)
        rc = table_column(table, names[c], &columns[c], err);
    return rc;
}

/* "SX-01,SX-02", or "*": every ward of today. */
static bool read_wards(struct str cell, const struct gazetteer *places, struct arena *job,
                       struct sim_story *story)
{
    bool all = str_eq(cell, STR("*"));

    story->wards = arena_array(job, places->n + cell.n, sizeof *story->wards);
    for (uint32_t p = 1; all && p < places->n; p++)
        if (places->places[p].level == LEVEL_WARD && !places->places[p].successor)
            story->wards[story->ward_count++] = p;
    while (!all && cell.p) {
        uint32_t place = gazetteer_find(places, str_trim(str_cut(&cell, ',')));

        if (!place)
            return false;
        story->wards[story->ward_count++] = place;
    }
    return story->ward_count > 0;
}

static enum rc read_stories(struct str bytes, const struct gazetteer *places, struct arena *job,
                            struct grammar *out, struct err *err)
{
    enum { CODE, CONCERN, UNIT, SHAPE, WEIGHT, WARDS, COLUMNS };
    static const char *const names[COLUMNS] = {"story", "concern", "unit",
                                               "shape", "weight",  "wards"};
    struct table table;
    size_t columns[COLUMNS];
    enum rc rc = table_read(bytes, job, &table, err);

    if (!rc)
        rc = find_columns(&table, names, COLUMNS, columns, err);
    if (rc)
        return rc;
    out->stories = arena_array(job, table.rows, sizeof *out->stories);
    for (size_t row = 0; row < table.rows; row++) {
        struct sim_story *story = &out->stories[out->n++];

        story->code = table_cell(&table, row, columns[CODE]);
        story->concern = table_cell(&table, row, columns[CONCERN]);
        story->unit = table_cell(&table, row, columns[UNIT]);
        story->shape = find_name(shape_names, SHAPES, table_cell(&table, row, columns[SHAPE]));
        if (story->shape == SHAPES)
            return err_set(err, RC_BAD, "line %u: no such shape", table.lines[row]);
        if (!str_to_double(table_cell(&table, row, columns[WEIGHT]), &story->weight) ||
            !(story->weight > 0))
            return err_set(err, RC_BAD, "line %u: the weight is a number above 0",
                           table.lines[row]);
        if (!read_wards(table_cell(&table, row, columns[WARDS]), places, job, story))
            return err_set(err, RC_BAD, "line %u: wards are codes of the places table, or *",
                           table.lines[row]);
    }
    return out->n ? RC_OK : err_set(err, RC_BAD, "no story");
}

/* The list that a row of the grammar belongs to. */
static enum rc find_parts(const struct table *table, const size_t *columns, size_t row,
                          struct grammar *out, struct parts **parts, struct err *err)
{
    struct str code = table_cell(table, row, columns[0]);
    struct str lang = table_cell(table, row, columns[2]);
    uint32_t part = find_name(part_names, PARTS, table_cell(table, row, columns[1]));
    uint32_t story = grammar_story(out, code);
    bool english = str_eq(lang, STR("en")), shared = str_eq(code, STR("*"));

    if (part == PARTS)
        return err_set(err, RC_BAD, "line %u: no such part", table->lines[row]);
    if (!english && !str_eq(lang, STR("vi")))
        return err_set(err, RC_BAD, "line %u: lang is vi or en", table->lines[row]);
    if (story == out->n && !shared)
        return err_set(err, RC_BAD, "line %u: no such story", table->lines[row]);
    *parts = shared ? &out->shared[part][english] : &out->stories[story].parts[part][english];
    return RC_OK;
}

/* NULL, or what is wrong with a pattern. */
static const char *find_fault(struct str pattern, bool slots)
{
    bool within = false;

    for (size_t i = 0; i < pattern.n; i++) {
        char c = pattern.p[i];

        if (c == '[' || c == ']') {
            if (within == (c == '['))
                return "brackets do not match";
            within = c == '[';
        } else if (c == '|' && !within) {
            return "a | outside brackets";
        } else if (c == '{' && !slots) {
            return "no slot may stand in a time, when or days";
        } else if (c == '{') {
            size_t length = str_find_byte(str_from(pattern, i + 1), '}');

            if (i + 1 + length == pattern.n)
                return "a { without }";
            if (grammar_slot(str_part(pattern, i + 1, length)) == SLOTS)
                return "no such slot";
            i += length + 1;
        }
    }
    return within ? "brackets do not match" : NULL;
}

static enum rc check_patterns(const struct table *table, const size_t *columns, struct err *err)
{
    for (size_t row = 0; row < table->rows; row++) {
        uint32_t part = find_name(part_names, PARTS, table_cell(table, row, columns[1]));
        const char *fault =
            find_fault(table_cell(table, row, columns[3]), part < PART_TIME || part > PART_DAYS);

        if (fault)
            return err_set(err, RC_BAD, "line %u: %s", table->lines[row], fault);
    }
    return RC_OK;
}

static enum rc read_sentences(struct str bytes, struct arena *job, struct grammar *out,
                              struct err *err)
{
    static const char *const names[] = {"story", "part", "lang", "text"};
    struct table table;
    struct parts *parts;
    size_t columns[4];
    enum rc rc = table_read(bytes, job, &table, err);

    if (!rc)
        rc = find_columns(&table, names, 4, columns, err);
    for (size_t row = 0; row < table.rows && !rc; row++) {
        rc = find_parts(&table, columns, row, out, &parts, err);
        if (!rc)
            parts->n++;
    }
    if (!rc)
        rc = check_patterns(&table, columns, err);
    if (rc)
        return rc;
    for (size_t row = 0; row < table.rows; row++) {
        find_parts(&table, columns, row, out, &parts, err);
        if (!parts->texts) { /* n was counted above; from here it counts what is filled in */
            parts->texts = arena_array(job, parts->n, sizeof *parts->texts);
            parts->n = 0;
        }
        parts->texts[parts->n++] = table_cell(&table, row, columns[3]);
    }
    return RC_OK;
}

static enum rc check_complete(const struct grammar *grammar, struct err *err)
{
    static const enum part shared[] = {PART_OPENER, PART_REMARK, PART_CLOSER, PART_TIME,
                                       PART_WHEN,   PART_DAYS,   PART_PII};

    for (int english = 0; english < 2; english++)
        for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
            if (!grammar->shared[shared[i]][english].n)
                return err_set(err, RC_BAD, "no shared %s in %s", part_names[shared[i]],
                               english ? "en" : "vi");
    for (uint32_t s = 0; s < grammar->n; s++) {
        const struct sim_story *story = &grammar->stories[s];
        bool copied = story->shape == SHAPE_CAMPAIGN;

        if (!story->parts[copied ? PART_COPY : PART_BODY][0].n ||
            (copied && !story->parts[PART_EDIT][0].n))
            return err_set(err, RC_BAD, "story %u has no %s", s + 1,
                           copied ? "copy and edit" : "body in vi");
    }
    return RC_OK;
}

enum rc grammar_read(struct str stories, struct str sentences, const struct gazetteer *places,
                     struct arena *job, struct grammar *out, struct err *err)
{
    struct grammar grammar = {0};

    if (read_stories(stories, places, job, &grammar, err))
        return err_within(err, "stories");
    if (read_sentences(sentences, job, &grammar, err) || check_complete(&grammar, err))
        return err_within(err, "grammar");
    *out = grammar;
    return RC_OK;
}

uint32_t grammar_story(const struct grammar *grammar, struct str code)
{
    uint32_t s = 0;

    while (s < grammar->n && !str_eq(grammar->stories[s].code, code))
        s++;
    return s;
}

enum slot grammar_slot(struct str name)
{
    return (enum slot)find_name(slot_names, SLOTS, name);
}

const struct parts *grammar_parts(const struct grammar *grammar, uint32_t story, enum part part,
                                  bool english)
{
    const struct parts *own = &grammar->stories[story].parts[part][english];

    return own->n ? own : &grammar->shared[part][english];
}
