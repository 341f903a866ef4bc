/* sheet.c - rows of an export; see sheet.h. */
#include "publish/sheet.h"

#include <errno.h>
#include <string.h>

enum { ROW_MAX = 4 << 20 };

static void flush_row(struct sheet *sheet)
{
    struct str row = buf_str(&sheet->row);

    hash_stream_add(sheet->hash, row);
    sheet->bytes += row.n;
    sheet->failed |= sheet->row.full || fwrite(row.p, 1, row.n, sheet->out) != row.n;
    buf_clear(&sheet->row);
}

enum rc sheet_open(struct sheet *sheet, const struct sheet_format *format, FILE *out,
                   struct err *err)
{
    *sheet = (struct sheet){.format = *format, .hash = hash_stream_new(0)};
    if (!sheet->hash)
        return err_set(err, RC_FULL, "%s: out of memory", format->table);
    buf_init(&sheet->row, ROW_MAX);
    sheet->out = out;
    sheet->json.out = &sheet->row;
    if (!format->csv)
        return RC_OK;
    for (size_t i = 0; format->columns[i]; i++)
        buf_printf(&sheet->row, "%s%s", i ? "," : "", format->columns[i]);
    buf_add(&sheet->row, STR("\r\n"));
    flush_row(sheet);
    return RC_OK;
}

/* Goes to the next column: a comma or the key. */
static void next_column(struct sheet *sheet)
{
    const char *column = sheet->format.columns[sheet->column];

    MUST(column);
    if (sheet->format.csv) {
        if (sheet->column)
            buf_add_byte(&sheet->row, ',');
    } else {
        if (!sheet->column) {
            json_open(&sheet->json, '{');
            if (sheet->format.named) {
                json_key(&sheet->json, "table");
                json_str(&sheet->json, str_of(sheet->format.table));
            }
        }
        json_key(&sheet->json, column);
    }
    sheet->column++;
}

static bool is_formula(struct str value)
{
    return value.n && strchr("=+-@\t\r", value.p[0]);
}

static void add_quoted(struct buf *row, struct str value)
{
    bool quote = is_formula(value);

    for (size_t i = 0; i < value.n; i++)
        quote |= value.p[i] == '"' || value.p[i] == ',' || value.p[i] == '\n' || value.p[i] == '\r';
    if (!quote) {
        buf_add(row, value);
        return;
    }
    buf_add_byte(row, '"');
    if (is_formula(value))
        buf_add_byte(row, '\'');
    for (size_t i = 0; i < value.n; i++) {
        if (value.p[i] == '"')
            buf_add_byte(row, '"');
        buf_add_byte(row, value.p[i]);
    }
    buf_add_byte(row, '"');
}

void sheet_str(struct sheet *sheet, struct str value)
{
    next_column(sheet);
    if (sheet->format.csv)
        add_quoted(&sheet->row, value);
    else
        json_str(&sheet->json, value);
}

void sheet_int(struct sheet *sheet, int64_t value)
{
    next_column(sheet);
    if (sheet->format.csv)
        buf_printf(&sheet->row, "%lld", (long long)value);
    else
        json_int(&sheet->json, value);
}

void sheet_bool(struct sheet *sheet, bool value)
{
    next_column(sheet);
    if (sheet->format.csv)
        buf_add(&sheet->row, value ? STR("true") : STR("false"));
    else
        json_bool(&sheet->json, value);
}

void sheet_double(struct sheet *sheet, double value)
{
    struct json_writer plain = {.out = &sheet->row};

    next_column(sheet);
    json_double(sheet->format.csv ? &plain : &sheet->json, value);
}

void sheet_null(struct sheet *sheet)
{
    next_column(sheet);
    if (!sheet->format.csv)
        json_null(&sheet->json);
}

void sheet_released(struct sheet *sheet, const struct released *number)
{
    if (!number || released_kind(number) == RELEASED_BELOW)
        sheet_null(sheet);
    else
        sheet_int(sheet, released_number(number));
}

void sheet_list(struct sheet *sheet, const struct str *values, size_t n)
{
    struct buf joined;

    if (!sheet->format.csv) {
        next_column(sheet);
        json_open(&sheet->json, '[');
        for (size_t i = 0; i < n; i++)
            json_str(&sheet->json, values[i]);
        json_close(&sheet->json, ']');
        return;
    }
    buf_init(&joined, ROW_MAX);
    for (size_t i = 0; i < n; i++) {
        buf_add(&joined, i ? STR(" | ") : STR(""));
        buf_add(&joined, values[i]);
    }
    sheet_str(sheet, buf_str(&joined));
    buf_free(&joined);
}

void sheet_row(struct sheet *sheet)
{
    MUST(!sheet->format.columns[sheet->column]);
    if (sheet->format.csv)
        buf_add(&sheet->row, STR("\r\n"));
    else {
        json_close(&sheet->json, '}');
        buf_add_byte(&sheet->row, '\n');
    }
    sheet->json.behind_value = false;
    sheet->column = 0;
    sheet->rows++;
    flush_row(sheet);
}

enum rc sheet_close(struct sheet *sheet, struct hash128 *digest, struct err *err)
{
    bool failed = sheet->failed | (fflush(sheet->out) != 0);

    *digest = hash_stream_value(sheet->hash);
    hash_stream_free(sheet->hash);
    buf_free(&sheet->row);
    if (failed)
        return err_set(err, RC_FULL, "%s: cannot be written (%s); make room and export again",
                       sheet->format.table, strerror(errno));
    return RC_OK;
}
