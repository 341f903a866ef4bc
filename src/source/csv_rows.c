/* csv_rows.c - the state machine of CSV and the guess at its dialect; see csv_rows.h.
 *
 * One record is scanned from the front of the window; offsets, not pointers, are kept while it
 * grows. When a record has no end within RECORD_MAX bytes or before the end of the input because a
 * quote was not closed, its first physical line alone is given up.  That stays linear: what follows
 * is inside quotes and, seen on its own, holds only even runs of them, which open and close at
 * once.
 */
#include "source/csv_rows.h"

#include <string.h>

enum { SNIFF_BYTES = 64 * 1024, SNIFF_ROWS = 20 };

struct csv_span {
    size_t start, end;
    bool doubled; /* holds quotes that are written twice */
};

/* The byte at `at`, reading on when it is not visible yet; -1 behind the end or
 * when that failed. */
static int byte_at(struct csv *csv, size_t at, struct err *err)
{
    struct input *input = csv->input;

    if (at >= input->unread.n) {
        csv->failed = input_want(input, at + 1, err);
        if (csv->failed != RC_OK)
            return -1;
        if (at >= input->unread.n)
            return -1;
    }
    return (unsigned char)input->unread.p[at];
}

struct scan {
    size_t at, fields;
    const char *reason; /* why the record is bad */
    bool endless;       /* no end was found: give up one line of it */
};

static bool ends_line(struct csv *csv, size_t at, int c, struct err *err)
{
    if (c == '\n' || c < 0)
        return true;
    return c == '\r' && (csv->lone_cr || byte_at(csv, at + 1, err) == '\n');
}

/* From behind the opening quote to behind the closing one. */
static void scan_quoted(struct csv *csv, struct scan *scan, struct csv_span *span, struct err *err)
{
    span->start = scan->at;
    for (;; scan->at++) {
        int c = byte_at(csv, scan->at, err);

        if (c < 0 || scan->at > RECORD_MAX) {
            scan->reason = "a quote is opened and not closed";
            scan->endless = true;
            return;
        }
        if (c != csv->quote)
            continue;
        if (byte_at(csv, scan->at + 1, err) != csv->quote)
            break;
        span->doubled = true;
        scan->at++;
    }
    span->end = scan->at++;
}

/* One field; leaves scan->at on what ended it. */
static void scan_field(struct csv *csv, struct scan *scan, struct err *err)
{
    struct csv_span ignored, *span = &ignored;
    bool quoted = byte_at(csv, scan->at, err) == csv->quote;

    if (scan->fields < CSV_COLUMNS_MAX)
        span = &csv->spans[scan->fields];
    else
        scan->reason = "more than 4,096 fields";
    scan->fields++;
    *span = (struct csv_span){.start = scan->at};
    if (quoted) {
        scan->at++;
        scan_quoted(csv, scan, span, err);
    }
    for (; !scan->endless; scan->at++) {
        int c = byte_at(csv, scan->at, err);

        if (c == csv->delimiter || ends_line(csv, scan->at, c, err))
            break;
        if (quoted && c != ' ')
            scan->reason = "text stands behind a closing quote";
        if (scan->at > RECORD_MAX)
            break;
    }
    if (!quoted)
        span->end = scan->at;
}

static uint64_t count_lines(struct str s, char line_end)
{
    uint64_t n = 0;

    for (size_t at = 0; (at += str_find_byte(str_from(s, at), line_end)) < s.n; at++)
        n++;
    return n;
}

/* Takes the first physical line off the window, however long it is. */
static enum rc skip_line(struct csv *csv, struct err *err)
{
    struct input *input = csv->input;

    for (;;) {
        size_t at = str_find_byte(input->unread, csv->lone_cr ? '\r' : '\n');
        bool found = at < input->unread.n;
        enum rc rc;

        input_skip(input, found ? at + 1 : at);
        if (found || (input->ended && !input->unread.n))
            break;
        rc = input_want(input, 1, err);
        if (rc != RC_OK)
            return rc;
    }
    csv->line++;
    return RC_OK;
}

/* Scans one record and says how long it is with its line end.  RC_BAD: it has been taken already.
 */
static enum rc scan_record(struct csv *csv, struct scan *scan, size_t *length, struct err *err)
{
    csv->failed = RC_OK;
    csv->row_line = csv->line;
    for (;;) {
        scan_field(csv, scan, err);
        if (scan->at > RECORD_MAX && !scan->endless) {
            scan->reason = "longer than 1 MiB: split it into several";
            scan->endless = true;
        }
        if (scan->endless || byte_at(csv, scan->at, err) != csv->delimiter)
            break;
        scan->at++;
    }
    if (csv->failed != RC_OK)
        return csv->failed;
    if (scan->endless) {
        enum rc rc = skip_line(csv, err);

        return rc != RC_OK ? rc : err_set(err, RC_BAD, "%s", scan->reason);
    }
    *length = scan->at;
    if (byte_at(csv, *length, err) == '\r')
        ++*length;
    if (!csv->lone_cr && byte_at(csv, *length, err) == '\n')
        ++*length;
    csv->line += count_lines(str_part(csv->input->unread, 0, *length), csv->lone_cr ? '\r' : '\n');
    return RC_OK;
}

static struct str field_text(const struct csv *csv, struct str record, struct csv_span span,
                             struct arena *batch)
{
    struct str raw = str_part(record, span.start, span.end - span.start);
    size_t n = 0;
    char *text;

    if (!raw.p)
        return STR("");
    if (!span.doubled)
        return raw;
    text = arena_alloc(batch, raw.n);
    for (size_t i = 0; i < raw.n; i++) {
        text[n++] = raw.p[i];
        if (raw.p[i] == csv->quote)
            i++;
    }
    return (struct str){text, n};
}

/* The next record that is not blank, as spans. */
static enum rc next_record(struct csv *csv, struct scan *scan, size_t *length, struct err *err)
{
    for (;;) {
        enum rc rc = input_want(csv->input, 1, err);

        *scan = (struct scan){0};
        if (rc != RC_OK)
            return rc;
        if (!csv->input->unread.n)
            return RC_ABSENT;
        rc = scan_record(csv, scan, length, err);
        if (rc != RC_OK || scan->fields > 1 || scan->at > 0)
            return rc;
        input_skip(csv->input, *length);
    }
}

enum rc csv_row(struct csv *csv, struct arena *batch, struct err *err)
{
    struct scan scan;
    struct str record;
    size_t length;
    enum rc rc = next_record(csv, &scan, &length, err);

    if (rc != RC_OK)
        return rc;
    record = str_part(csv->input->unread, 0, length);
    input_skip(csv->input, length);
    if (scan.reason)
        return err_set(err, RC_BAD, "%s", scan.reason);
    if (scan.fields != csv->columns)
        return err_set(err, RC_BAD, "%zu fields where the header has %zu", scan.fields,
                       csv->columns);
    for (size_t i = 0; i < csv->columns; i++)
        csv->fields[i] = field_text(csv, record, csv->spans[i], batch);
    return RC_OK;
}

/* How well a delimiter explains the first rows: 1,000 * share of rows as long as the first one,
 * plus a little for length; 0 when it splits nothing. */
static size_t fitness(struct csv guess, struct str head, bool whole)
{
    struct input memory;
    struct scan scan;
    struct err err;
    size_t length, first = 0, rows = 0, alike = 0;

    input_memory(&memory, "", head);
    guess.input = &memory;
    while (rows < SNIFF_ROWS && next_record(&guess, &scan, &length, &err) == RC_OK) {
        input_skip(&memory, length);
        if (!whole && !memory.unread.n && rows)
            break; /* the last record of the head may be cut */
        if (!rows++)
            first = scan.fields;
        alike += scan.fields == first && !scan.reason;
    }
    return first > 1 ? 1000 * alike / rows * 8 + (first < 7 ? first : 7) : 0;
}

static void tell_dialect(struct csv *csv)
{
    static const char delimiters[] = ",;\t|";
    struct str head = str_part(csv->input->unread, 0, SNIFF_BYTES);
    bool whole = csv->input->ended && csv->input->unread.n <= SNIFF_BYTES;
    size_t best = 0;

    csv->quote = head.n && head.p[0] == '\'' ? '\'' : '"';
    csv->lone_cr = str_find_byte(head, '\n') == head.n && str_find_byte(head, '\r') < head.n;
    csv->delimiter = ',';
    for (const char *d = delimiters; *d; d++) {
        struct csv guess = *csv;
        size_t fit;

        guess.delimiter = *d;
        fit = fitness(guess, head, whole);
        if (fit > best) {
            best = fit;
            csv->delimiter = *d;
        }
    }
}

static bool is_utf16(struct str head)
{
    return str_starts(head, STR("\xFF\xFE")) || str_starts(head, STR("\xFE\xFF")) ||
           (head.n > 1 && (!head.p[0] != !head.p[1]));
}

enum rc csv_open(struct csv *csv, struct input *input, struct arena *job, struct err *err)
{
    struct scan scan;
    size_t length;
    enum rc rc = input_want(input, SNIFF_BYTES, err);

    if (rc != RC_OK)
        return rc;
    *csv = (struct csv){.input = input, .line = 1};
    csv->spans = arena_array(job, CSV_COLUMNS_MAX, sizeof *csv->spans);
    if (str_starts(input->unread, STR("\xEF\xBB\xBF")))
        input_skip(input, 3);
    if (is_utf16(input->unread))
        return err_set(err, RC_BAD, "UTF-16 or binary: save it as CSV in UTF-8");
    tell_dialect(csv);
    rc = next_record(csv, &scan, &length, err);
    if (rc == RC_ABSENT || (rc == RC_OK && scan.reason))
        return err_set(err, RC_BAD, "no header: %s",
                       rc == RC_ABSENT ? "nothing is in it" : scan.reason);
    if (rc != RC_OK)
        return rc;
    csv->columns = scan.fields;
    csv->header = arena_array(job, csv->columns, sizeof *csv->header);
    csv->fields = arena_array(job, csv->columns, sizeof *csv->fields);
    for (size_t i = 0; i < csv->columns; i++) {
        struct str name = str_trim(field_text(csv, input->unread, csv->spans[i], job));

        csv->header[i] = (struct str){arena_copy(job, name.p, name.n), name.n};
    }
    input_skip(input, length);
    return RC_OK;
}
