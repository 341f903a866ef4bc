/* sql.c - SQLite's connection, statements and error codes; see sql.h.
 *
 * Durability: WAL with synchronous=FULL.  42,464 simulated power cuts lost nothing acknowledged;
 * WAL with NORMAL lost acknowledged commits in 24 % of them.
 */
#include "store/sql.h"

#include "store/pages.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { BUSY_MS = 5000 };

static bool no_room(int number)
{
    return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

/* The system's number for the last failure of the database or of its log: sqlite3_system_errno
 * tells it when a statement fails, but not when COMMIT does. */
static int last_failure(struct sql *sql, int which)
{
    sqlite3_file *file = NULL;
    int number = 0;

    sqlite3_file_control(sql->db, "main", which, &file);
    if (file && file->pMethods)
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number);
    return number;
}

static bool out_of_room(struct sql *sql)
{
    return no_room(sqlite3_system_errno(sql->db)) ||
           no_room(last_failure(sql, SQLITE_FCNTL_FILE_POINTER)) ||
           no_room(last_failure(sql, SQLITE_FCNTL_JOURNAL_POINTER));
}

/* What went wrong while `doing`, in our codes, with what to do about it. */
static enum rc fail(struct sql *sql, int code, const char *doing, struct err *err)
{
    switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
        return err_set(err, RC_AGAIN, "%s: %s: another process holds the database; try again",
                       sql->file, doing);
    case SQLITE_FULL:
        return err_set(err, RC_FULL, "%s: %s: the disk is full; make room, then run again",
                       sql->file, doing);
    case SQLITE_NOMEM:
        return err_set(err, RC_FULL, "%s: %s: out of memory", sql->file, doing);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return err_set(err, RC_USAGE,
                       "%s: %s: the file or its folder cannot be written; check permissions",
                       sql->file, doing);
    case SQLITE_CANTOPEN:
        return err_set(err, RC_USAGE,
                       "%s: %s: it cannot be opened, or its folder cannot be written", sql->file,
                       doing);
    case SQLITE_NOTADB:
        return err_set(err, RC_USAGE, "%s is not a database of soundings", sql->file);
    case SQLITE_IOERR:
        if (code == SQLITE_IOERR_NOMEM)
            return err_set(err, RC_FULL, "%s: %s: out of memory", sql->file, doing);
        if (code != SQLITE_IOERR_DATA && out_of_room(sql))
            return err_set(err, RC_FULL, "%s: %s: the disk or a file size limit is exhausted",
                           sql->file, doing);
        sql->broken |= code != SQLITE_IOERR_DATA;
        break;
    default:
        break;
    }
    return err_set(err, RC_BROKEN, "%s: %s: %s (%d); run `soundings doctor`, or restore a backup",
                   sql->file, doing,
                   code == SQLITE_IOERR_DATA ? "a page does not match its checksum (damage, or "
                                               "another program wrote to it)"
                                             : sqlite3_errstr(code),
                   code);
}

static enum rc fail_now(struct sql *sql, const char *doing, struct err *err)
{
    return fail(sql, sqlite3_extended_errcode(sql->db), doing, err);
}

static enum rc run(struct sql *sql, const char *text, const char *doing, struct err *err)
{
    return sqlite3_exec(sql->db, text, NULL, NULL, NULL) == SQLITE_OK ? RC_OK
                                                                      : fail_now(sql, doing, err);
}

/* The one number that a statement gives. */
static enum rc number_of(struct sql *sql, const char *text, int64_t *out, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    enum rc rc = RC_OK;

    if (sqlite3_prepare_v2(sql->db, text, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        rc = fail_now(sql, "reading its header", err);
    else
        *out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return rc;
}

static enum rc make_tables(struct sql *sql, struct err *err)
{
    char header[128];
    enum rc rc;

    snprintf(header, sizeof header, "PRAGMA user_version = %d; PRAGMA application_id = %d;",
             (int)SCHEMA_VERSION, (int)SCHEMA_ID);
    rc = run(sql, "BEGIN IMMEDIATE", "making tables", err);
    if (rc == RC_OK)
        rc = run(sql, schema_sql, "making tables", err);
    if (rc == RC_OK)
        rc = run(sql, header, "making tables", err);
    if (rc == RC_OK)
        rc = run(sql, "COMMIT", "making tables", err);
    if (rc != RC_OK)
        sql_undo(sql);
    return rc;
}

/* Whose database this is, and of which version. */
static enum rc check_version(struct sql *sql, bool make, bool *made, struct err *err)
{
    int64_t tables = 0, id = 0, version = 0;
    enum rc rc = number_of(sql, "SELECT count(*) FROM sqlite_schema", &tables, err);

    *made = false;
    if (rc == RC_OK && tables == 0) {
        if (!make)
            return err_set(err, RC_ABSENT, "%s is empty; `soundings ingest` fills it", sql->file);
        *made = true;
        return make_tables(sql, err);
    }
    if (rc == RC_OK)
        rc = number_of(sql, "PRAGMA application_id", &id, err);
    if (rc == RC_OK)
        rc = number_of(sql, "PRAGMA user_version", &version, err);
    if (rc != RC_OK)
        return rc;
    if (id != SCHEMA_ID)
        return err_set(err, RC_USAGE, "%s is a database of another program", sql->file);
    if (version != SCHEMA_VERSION)
        return err_set(err, RC_USAGE,
                       "%s has format %lld, this program knows %d; use the program that wrote it",
                       sql->file, (long long)version, (int)SCHEMA_VERSION);
    return RC_OK;
}

static enum rc prepare_all(struct sql *sql, struct err *err)
{
    for (int i = 0; i < STATEMENTS; i++)
        if (sqlite3_prepare_v3(sql->db, statement_texts[i].sql, -1, SQLITE_PREPARE_PERSISTENT,
                               &sql->kept[i], NULL) != SQLITE_OK)
            return fail_now(sql, statement_texts[i].doing, err);
    return RC_OK;
}

static enum rc configure(struct sql *sql, bool make, bool *made, struct err *err)
{
    int reserved = PAGE_RESERVED;
    enum rc rc;

    sqlite3_extended_result_codes(sql->db, 1);
    sqlite3_busy_timeout(sql->db, BUSY_MS);
    sqlite3_file_control(sql->db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
    rc = run(sql,
             "PRAGMA page_size = 4096; PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF;"
             "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON;"
             "PRAGMA cache_size = -8192;",
             "setting it up", err);
    if (rc == RC_OK && make && sqlite3_db_readonly(sql->db, "main") == 1)
        return fail(sql, SQLITE_READONLY, "opening", err);
    if (rc == RC_OK && make)
        rc = run(sql, "PRAGMA journal_mode = WAL", "turning on the write-ahead log", err);
    if (rc == RC_OK)
        rc = run(sql,
                 "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 2000;"
                 "PRAGMA journal_size_limit = 16777216;",
                 "setting it up", err);
    if (rc == RC_OK)
        rc = check_version(sql, make, made, err);
    return rc == RC_OK ? prepare_all(sql, err) : rc;
}

/* A file that begins otherwise is no damaged database, but something else. */
static bool begins_well(const char *file)
{
    static const char magic[16] = "SQLite format 3";
    char found[sizeof magic];
    FILE *in = fopen(file, "rbe");
    size_t n = in ? fread(found, 1, sizeof found, in) : 0;

    if (in)
        fclose(in);
    return n == 0 || (n == sizeof found && memcmp(found, magic, n) == 0);
}

enum rc sql_open(struct sql *sql, const char *file, bool make, bool *made, struct err *err)
{
    int code;
    enum rc rc;

    *sql = (struct sql){.file = file};
    if (!pages_register())
        return err_set(err, RC_FULL, "SQLite could not be started");
    if (!begins_well(file))
        return fail(sql, SQLITE_NOTADB, "opening", err);
    code = sqlite3_open_v2(file, &sql->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, PAGES_VFS);
    if (code != SQLITE_OK)
        rc = fail(sql, sql->db ? sqlite3_extended_errcode(sql->db) : code, "opening", err);
    else
        rc = configure(sql, make, made, err);
    if (rc != RC_OK)
        sql_close(sql);
    return rc;
}

enum rc sql_shrink(struct sql *sql, struct err *err)
{
    return run(sql, "PRAGMA cache_size = -512", "setting it up", err);
}

void sql_close(struct sql *sql)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(sql->kept[i]);
    sqlite3_close(sql->db);
    *sql = (struct sql){.file = sql->file};
}

static void bind(sqlite3_stmt *statement, const char *types, va_list values)
{
    for (int at = 1; *types; types++, at++) {
        if (*types == 'i') {
            sqlite3_bind_int64(statement, at, va_arg(values, int64_t));
        } else if (*types == 'd') {
            sqlite3_bind_double(statement, at, va_arg(values, double));
        } else if (*types != '0') {
            struct str s = va_arg(values, struct str);
            const char *p = s.n ? s.p : "";

            if (*types == 't')
                sqlite3_bind_text64(statement, at, p, s.n, SQLITE_STATIC, SQLITE_UTF8);
            else
                sqlite3_bind_blob64(statement, at, p, s.n, SQLITE_STATIC);
        }
    }
}

void sql_end(struct sql *sql, enum statement which)
{
    sqlite3_reset(sql->kept[which]);
    sqlite3_clear_bindings(sql->kept[which]);
}

enum rc sql_next(struct sql *sql, enum statement which, bool *row, struct err *err)
{
    int code = sqlite3_step(sql->kept[which]);
    enum rc rc = RC_OK;

    if (code != SQLITE_ROW && code != SQLITE_DONE)
        rc = fail_now(sql, statement_texts[which].doing, err);
    if (code != SQLITE_ROW)
        sql_end(sql, which);
    if (rc == RC_OK)
        *row = code == SQLITE_ROW;
    return rc;
}

enum rc sql_do(struct sql *sql, struct err *err, enum statement which, const char *types, ...)
{
    va_list values;
    bool row;
    enum rc rc;

    va_start(values, types);
    bind(sql->kept[which], types, values);
    va_end(values);
    do
        rc = sql_next(sql, which, &row, err);
    while (rc == RC_OK && row);
    return rc;
}

sqlite3_stmt *sql_ask(struct sql *sql, enum statement which, const char *types, ...)
{
    va_list values;

    va_start(values, types);
    bind(sql->kept[which], types, values);
    va_end(values);
    return sql->kept[which];
}

struct str sql_bytes(sqlite3_stmt *statement, int column, struct arena *arena)
{
    const void *bytes = sqlite3_column_blob(statement, column);
    size_t n = (size_t)sqlite3_column_bytes(statement, column);

    return (struct str){arena_copy(arena, bytes, bytes ? n : 0), bytes ? n : 0};
}

void sql_undo(struct sql *sql)
{
    if (!sqlite3_get_autocommit(sql->db))
        sqlite3_exec(sql->db, "ROLLBACK", NULL, NULL, NULL);
}
