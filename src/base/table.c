/* table.c - reading tab-separated tables; see table.h. */
#include "base/table.h"

/* The next line that is neither empty nor a comment; false at the end. */
static bool next_line(struct str *rest, struct str *line, uint32_t *number)
{
    while (rest->p) {
        *line = str_cut(rest, '\n');
        ++*number;
        if (line->n && line->p[line->n - 1] == '\r')
            line->n--;
        if (line->n && line->p[0] != '#')
            return true;
    }
    return false;
}

static size_t count_byte(struct str s, char c)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == c;
    return n;
}

enum rc table_read(struct str bytes, struct arena *process, struct table *out, struct err *err)
{
    struct table table = {0};
    struct str rest = bytes, line;
    uint32_t number = 0;
    size_t most = count_byte(bytes, '\n') + 1;

    if (!next_line(&rest, &line, &number))
        return err_set(err, RC_BAD, "table has no header line; its first line must name columns");
    table.columns = count_byte(line, '\t') + 1;
    table.names = arena_array(process, table.columns, sizeof *table.names);
    table.cells = arena_array(process, most * table.columns, sizeof *table.cells);
    table.lines = arena_array(process, most, sizeof *table.lines);
    for (size_t c = 0; c < table.columns; c++)
        table.names[c] = str_cut(&line, '\t');
    while (next_line(&rest, &line, &number)) {
        struct str *row = table.cells + table.rows * table.columns;

        if (count_byte(line, '\t') + 1 != table.columns)
            return err_set(err, RC_BAD, "line %u: %zu cells where the header names %zu", number,
                           count_byte(line, '\t') + 1, table.columns);
        for (size_t c = 0; c < table.columns; c++) {
            row[c] = str_cut(&line, '\t');
            if (str_eq(row[c], STR("-")))
                row[c] = (struct str){NULL, 0};
        }
        table.lines[table.rows++] = number;
    }
    *out = table;
    return RC_OK;
}

enum rc table_column(const struct table *table, const char *name, size_t *out, struct err *err)
{
    for (size_t c = 0; c < table->columns; c++)
        if (str_eq(table->names[c], str_of(name))) {
            *out = c;
            return RC_OK;
        }
    return err_set(err, RC_BAD, "table has no column \"%s\"", name);
}

struct str table_cell(const struct table *table, size_t row, size_t column)
{
    return table->cells[row * table->columns + column];
}
