/* sql.h - one connection to SQLite: statements prepared once, errors in our own codes.
 */
#ifndef STORE_SQL_H
#define STORE_SQL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "store/schema.h"

#include <sqlite3.h>

struct sql {
    sqlite3 *db;
    sqlite3_stmt *kept[STATEMENTS];
    const char *file;
    bool broken; /* a write failed in a way that leaves what is on the disk unknown */
};

/* RC_ABSENT, RC_USAGE (not ours, newer, cannot be written), RC_BROKEN, RC_FULL, RC_AGAIN.  Makes
 * the tables when `make` and there are none; *made says so. */
enum rc sql_open(struct sql *sql, const char *file, bool make, bool *made, struct err *err);
void sql_close(struct sql *sql);
/* For a connection that reads little: half a MiB of pages instead of eight. */
enum rc sql_shrink(struct sql *sql, struct err *err);

/* Runs a statement that gives no rows.  One letter of `types` a value: i int64_t, d double,
 * t struct str as TEXT, b struct str as BLOB, 0 NULL (no value); views must live until the call
 * returns. */
enum rc sql_do(struct sql *sql, struct err *err, enum statement which, const char *types, ...);
/* Begins a statement that gives rows; the values must live until its end. */
sqlite3_stmt *sql_ask(struct sql *sql, enum statement which, const char *types, ...);
/* The next row; *row false at the end, when the statement is free again, as it is after a failure.
 */
enum rc sql_next(struct sql *sql, enum statement which, bool *row, struct err *err);
/* Ends a statement before its last row. */
void sql_end(struct sql *sql, enum statement which);
struct str sql_bytes(sqlite3_stmt *statement, int column, struct arena *arena);
/* Takes back the transaction that is open; *err stays as it is. */
void sql_undo(struct sql *sql);

#endif
