/* csv.c - the connector for tables: columns of a CSV file become the fields of items.
 *
 * A column counts when its name is a field of INTERFACE.md, in any case of letters, or one of the
 * names below that exports of service desks, spreadsheets and Open311 use.  Where two columns mean
 * one field, the one with the exact name wins, then the first.  An empty cell is an absent field.
 */
#include "source/csv_rows.h"
#include "source/source.h"

#include <string.h>

struct synonym {
    struct str column, field;
};

/* Vietnamese names stand twice where a capital outside ASCII differs. */
static const struct synonym synonyms[] = {
    {STR("message"), STR("text")},    {STR("content"), STR("text")},
    {STR("body"), STR("text")},       {STR("description"), STR("text")},
    {STR("comment"), STR("text")},    {STR("post"), STR("text")},
    {STR("nội dung"), STR("text")},   {STR("NỘI DUNG"), STR("text")},
    {STR("noi dung"), STR("text")},   {STR("noi_dung"), STR("text")},
    {STR("noidung"), STR("text")},    {STR("phản ánh"), STR("text")},
    {STR("PHẢN ÁNH"), STR("text")},   {STR("phan anh"), STR("text")},
    {STR("tin nhắn"), STR("text")},   {STR("tin nhan"), STR("text")},
    {STR("date"), STR("time")},       {STR("datetime"), STR("time")},
    {STR("timestamp"), STR("time")},  {STR("created_at"), STR("time")},
    {STR("published"), STR("time")},  {STR("requested_datetime"), STR("time")},
    {STR("thời gian"), STR("time")},  {STR("THỜI GIAN"), STR("time")},
    {STR("thoi gian"), STR("time")},  {STR("thoi_gian"), STR("time")},
    {STR("ngày"), STR("time")},       {STR("NGÀY"), STR("time")},
    {STR("ngay"), STR("time")},       {STR("service_request_id"), STR("id")},
    {STR("mã"), STR("id")},           {STR("MÃ"), STR("id")},
    {STR("ma"), STR("id")},           {STR("subject"), STR("title")},
    {STR("headline"), STR("title")},  {STR("tiêu đề"), STR("title")},
    {STR("TIÊU ĐỀ"), STR("title")},   {STR("tieu de"), STR("title")},
    {STR("tieu_de"), STR("title")},   {STR("abstract"), STR("summary")},
    {STR("tóm tắt"), STR("summary")}, {STR("TÓM TẮT"), STR("summary")},
    {STR("tom tat"), STR("summary")}, {STR("link"), STR("url")},
    {STR("language"), STR("lang")},   {STR("ngôn ngữ"), STR("lang")},
    {STR("NGÔN NGỮ"), STR("lang")},   {STR("ngon ngu"), STR("lang")},
    {STR("ward"), STR("place")},      {STR("phường"), STR("place")},
    {STR("PHƯỜNG"), STR("place")},    {STR("phuong"), STR("place")},
    {STR("nguồn"), STR("source")},    {STR("NGUỒN"), STR("source")},
    {STR("nguon"), STR("source")},
};

static const struct str own_names[] = {
    STR("text"),  STR("id"),   STR("time"),  STR("source"),  STR("kind"), STR("author_token"),
    STR("place"), STR("lang"), STR("title"), STR("summary"), STR("url"),  STR("deleted"),
};

struct table_items {
    struct csv csv;
    struct str *fields; /* [csv.columns] what each column means; n == 0: passed over */
};

/* The field that a column's name stands for; n == 0 when it stands for none.  *exact: by its own
 * name. */
static struct str field_of_column(struct str column, bool *exact)
{
    *exact = true;
    for (size_t i = 0; i < sizeof own_names / sizeof *own_names; i++)
        if (str_eq_nocase(column, own_names[i]))
            return own_names[i];
    *exact = false;
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (str_eq_nocase(column, synonyms[i].column))
            return synonyms[i].field;
    return (struct str){NULL, 0};
}

static enum sniff sniff(struct str head)
{
    struct str line;
    size_t known = 0;
    bool text = false, exact;
    char delimiter = ',';

    if (str_starts(head, STR("\xEF\xBB\xBF")))
        head = str_from(head, 3);
    line = str_cut(&head, str_find_byte(head, '\n') < head.n ? '\n' : '\r');
    for (const char *d = ";\t|"; *d; d++)
        if (str_find_byte(line, *d) < line.n && str_find_byte(line, ',') == line.n)
            delimiter = *d;
    while (line.p) {
        struct str column = str_trim(str_cut(&line, delimiter)), field;

        if (column.n > 1 && (column.p[0] == '"' || column.p[0] == '\''))
            column = str_trim(str_part(column, 1, column.n - 2));
        field = field_of_column(column, &exact);
        known += field.n > 0;
        text = text || str_eq(field, STR("text"));
    }
    if (!text)
        return SNIFF_NO;
    return known > 1 ? SNIFF_YES : SNIFF_MAYBE;
}

/* Of several columns for one field the exact name stays, else the first. */
static void map_columns(struct table_items *items)
{
    for (size_t i = 0; i < items->csv.columns; i++) {
        bool exact;

        items->fields[i] = field_of_column(items->csv.header[i], &exact);
        for (size_t j = 0; j < i && items->fields[i].n; j++) {
            if (!str_eq(items->fields[j], items->fields[i]))
                continue;
            if (exact)
                items->fields[j].n = 0;
            else
                items->fields[i].n = 0;
        }
    }
}

static enum rc open_table(struct input *input, struct arena *job, void **state, struct err *err)
{
    struct table_items *items = arena_alloc(job, sizeof *items);
    enum rc rc = csv_open(&items->csv, input, job, err);

    if (rc != RC_OK)
        return err_within(err, "%s", input->name);
    items->fields = arena_array(job, items->csv.columns, sizeof *items->fields);
    map_columns(items);
    for (size_t i = 0; i < items->csv.columns; i++) {
        if (str_eq(items->fields[i], STR("text"))) {
            *state = items;
            return RC_OK;
        }
    }
    return err_set(err, RC_BAD, "%s: no column holds the text: call one \"text\" in the first line",
                   input->name);
}

static enum rc next_row(void *state, struct arena *batch, struct raw_item *item, struct err *err)
{
    struct table_items *items = state;
    struct raw_item found = {0};
    enum rc rc = csv_row(&items->csv, batch, err);

    item->line = items->csv.row_line;
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < items->csv.columns; i++) {
        if (!items->csv.fields[i].n)
            continue;
        if (items->fields[i].n)
            source_set_field(&found, items->fields[i], items->csv.fields[i]);
        else if (!source_field_names_author(items->csv.header[i]))
            found.unknown_fields++;
    }
    found.line = items->csv.row_line;
    *item = found;
    return RC_OK;
}

/* lint: stub: a table keeps everything in the arena of the job */
static void close_table(void *state)
{
    (void)state;
}

const struct source_driver source_csv = {
    .name = "csv",
    .sniff = sniff,
    .open = open_table,
    .next = next_row,
    .close = close_table,
};
