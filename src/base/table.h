/* table.h - tab-separated tables with a header line: the project's own lists under data/.
 *
 * Format: UTF-8, LF or CRLF, fields separated by one tab, no quoting, first line names the columns,
 * lines that start with '#' are comments, a lone "-" is the empty cell.  Cost: O(bytes).  Pure.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct table {
    size_t rows, columns;
    struct str *names; /* [columns] */
    struct str *cells; /* [rows][columns], views into the bytes that were read */
    uint32_t *lines;   /* [rows] line numbers, for messages */
};

/* Views in *out point into `bytes`, arrays live in `process`.  RC_BAD: a row with another number of
 * cells than the header has, or no header; names the line. */
enum rc table_read(struct str bytes, struct arena *process, struct table *out, struct err *err);
/* Index of a column; RC_BAD when there is none of that name. */
enum rc table_column(const struct table *table, const char *name, size_t *out, struct err *err);
struct str table_cell(const struct table *table, size_t row, size_t column);

#endif
