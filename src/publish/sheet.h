/* sheet.h - one table of an export, written row by row as JSON Lines or CSV.
 *
 * CSV is RFC 4180 with CRLF and a header line; a cell that a spreadsheet would take for a formula
 * (it begins with = + - @, a tab or a carriage return) gets an apostrophe in front.  Cells are
 * given in the order of the columns.  Memory: one row.
 */
#ifndef PUBLISH_SHEET_H
#define PUBLISH_SHEET_H

#include "base/err.h"
#include "base/hash.h"
#include "base/json_write.h"
#include "model/released.h"

#include <stdio.h>

struct sheet_format {
    const char *table;
    const char *const *columns; /* NULL-terminated */
    bool csv;
    bool named; /* JSON Lines: each row begins with "table" */
};

struct sheet {
    struct sheet_format format;
    FILE *out; /* NULL: none is open */
    struct buf row;
    struct json_writer json;
    struct hash_stream *hash;
    uint64_t rows, bytes;
    size_t column;
    bool failed;
};

/* Begins a table on `out`.  RC_FULL: out of memory. */
enum rc sheet_open(struct sheet *sheet, const struct sheet_format *format, FILE *out,
                   struct err *err);
void sheet_str(struct sheet *sheet, struct str value);
void sheet_int(struct sheet *sheet, int64_t value);
void sheet_bool(struct sheet *sheet, bool value);
void sheet_double(struct sheet *sheet, double value);
/* A count, null where it is not told. */
void sheet_released(struct sheet *sheet, const struct released *number);
void sheet_null(struct sheet *sheet);
/* Several texts: an array, in CSV joined by " | ". */
void sheet_list(struct sheet *sheet, const struct str *values, size_t n);
/* Ends the row and writes it. */
void sheet_row(struct sheet *sheet);
/* Flushes; *digest is the XXH3-128 of the bytes.  RC_FULL: something could not be written. */
enum rc sheet_close(struct sheet *sheet, struct hash128 *digest, struct err *err);

#endif
