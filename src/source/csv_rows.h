/* csv_rows.h - rows of comma-separated values: RFC 4180, and the dialects that spreadsheets write.
 *
 * Method: a state machine over the bytes of one record in the input's window; the delimiter (comma,
 * semicolon, tab, bar), the quote (" or ') and the line end (LF, CRLF, a lone CR) are told from the
 * first 64 KiB.  A quote that is never closed costs the line it stands in and no other.  A quote
 * inside an unquoted field is itself.  Cost: linear, one window of at most a record.
 */
#ifndef SOURCE_CSV_ROWS_H
#define SOURCE_CSV_ROWS_H

#include "source/input.h"

#include "base/arena.h"

enum { CSV_COLUMNS_MAX = 4096 };

struct csv_span; /* where a field of the record lies */

struct csv {
    struct input *input;
    char delimiter, quote;
    bool lone_cr;           /* lines end with CR alone */
    uint64_t line;          /* physical line on which the next record begins, from 1 */
    uint64_t row_line;      /* and on which the last one began */
    struct str *header;     /* [columns], live in `job` */
    struct str *fields;     /* [columns] of the last row */
    struct csv_span *spans; /* [CSV_COLUMNS_MAX] */
    size_t columns;
    enum rc failed; /* why the input could not be read on */
};

/* Tells the dialect and reads the header.  RC_BAD: nothing in it, UTF-16, or a header that cannot
 * be read. */
enum rc csv_open(struct csv *csv, struct input *input, struct arena *job, struct err *err);
/* The next row into csv->fields: views that live until the next call, or in `batch` where a doubled
 * quote was undone.  RC_ABSENT: no more.  RC_BAD: a row of another length than the header, longer
 * than RECORD_MAX or ill-formed; the next call goes on behind it.  Blank lines are passed over. */
enum rc csv_row(struct csv *csv, struct arena *batch, struct err *err);

#endif
