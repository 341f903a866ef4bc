/* topic.c - reading the tables of services and of the units that answer; see topic.h. */
#include "model/topic.h"

enum { TABLE_COLUMNS = 4, ROWS_MAX = 4096 };

/* A table whose rows are four named columns of text; row 0 is left empty for "none". */
struct rows {
    const char *what; /* begins the messages */
    const char *names[TABLE_COLUMNS];
    struct table table;
    struct str *cells; /* [table.rows + 1][TABLE_COLUMNS] */
};

static enum rc read_rows(struct str bytes, struct arena *process, struct rows *rows,
                         struct err *err)
{
    struct table *table = &rows->table;
    enum rc rc = table_read(bytes, process, table, err);
    size_t columns[TABLE_COLUMNS];

    for (size_t c = 0; c < TABLE_COLUMNS && !rc; c++)
        rc = table_column(table, rows->names[c], &columns[c], err);
    if (rc)
        return err_within(err, "%s", rows->what);
    if (table->rows > ROWS_MAX)
        return err_set(err, RC_BAD, "%s: %zu rows, at most %d are allowed", rows->what, table->rows,
                       ROWS_MAX);
    rows->cells = arena_array(process, (table->rows + 1) * TABLE_COLUMNS, sizeof *rows->cells);
    for (size_t row = 0; row < table->rows; row++) {
        struct str *to = rows->cells + (row + 1) * TABLE_COLUMNS;

        for (size_t c = 0; c < TABLE_COLUMNS; c++)
            to[c] = table_cell(table, row, columns[c]);
        if (!to[0].n)
            return err_set(err, RC_BAD, "%s: line %u: the code is empty", rows->what,
                           table->lines[row]);
        for (size_t earlier = 1; earlier <= row; earlier++)
            if (str_eq(rows->cells[earlier * TABLE_COLUMNS], to[0]))
                return err_set(err, RC_BAD, "%s: line %u: the code stands twice", rows->what,
                               table->lines[row]);
    }
    return RC_OK;
}

enum rc topics_read(struct str bytes, struct arena *process, struct topics *out, struct err *err)
{
    struct rows rows = {.what = "topics", .names = {"code", "vi", "en", "phrases"}};
    struct topics topics;
    enum rc rc = read_rows(bytes, process, &rows, err);

    if (rc)
        return rc;
    if (rows.table.rows >= TOPICS_MAX)
        return err_set(err, RC_BAD, "topics: %zu rows, at most %d are allowed", rows.table.rows,
                       TOPICS_MAX - 1);
    topics.n = (uint32_t)rows.table.rows + 1;
    topics.topics = arena_array(process, topics.n, sizeof *topics.topics);
    for (uint32_t t = 0; t < topics.n; t++) {
        const struct str *from = rows.cells + t * TABLE_COLUMNS;

        topics.topics[t] = (struct topic){from[0], from[1], from[2], from[3]};
    }
    *out = topics;
    return RC_OK;
}

enum rc units_read(struct str bytes, const struct topics *topics, struct arena *process,
                   struct units *out, struct err *err)
{
    struct rows rows = {.what = "units", .names = {"code", "vi", "en", "topics"}};
    struct units units;
    enum rc rc = read_rows(bytes, process, &rows, err);

    if (rc)
        return rc;
    units.n = (uint32_t)rows.table.rows + 1;
    units.units = arena_array(process, units.n, sizeof *units.units);
    for (uint32_t u = 0; u < units.n; u++) {
        const struct str *from = rows.cells + u * TABLE_COLUMNS;
        struct str rest = from[3];

        units.units[u] = (struct unit){from[0], from[1], from[2], from[3]};
        while (rest.p)
            if (!topic_find(topics, str_trim(str_cut(&rest, ','))))
                return err_set(err, RC_BAD, "units: line %u: a topic that is not in the table",
                               rows.table.lines[u - 1]);
    }
    *out = units;
    return RC_OK;
}

/* lint: exports: the inverse of a topic and its code */
uint32_t topic_find(const struct topics *topics, struct str code)
{
    for (uint32_t t = 1; t < topics->n; t++)
        if (str_eq(topics->topics[t].code, code))
            return t;
    return 0;
}

uint32_t unit_of_topic(const struct units *units, const struct topics *topics, uint32_t topic)
{
    for (uint32_t u = 1; topic && u < units->n; u++) {
        struct str rest = units->units[u].topics;

        while (rest.p)
            if (str_eq(str_trim(str_cut(&rest, ',')), topics->topics[topic].code))
                return u;
    }
    return 0;
}
