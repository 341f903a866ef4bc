/* source_lines.c - tests of source/jsonl and source/csv, and of the choice between connectors. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "connectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct buf out;

static int set_up(void **state)
{
    (void)state;
    buf_init(&out, (size_t)1 << 26);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_free(&out);
    return 0;
}

#define TELLS(as, bytes, wanted) assert_string_equal(told(as, STR(bytes), &out), wanted)

static void an_object_a_line(void **state)
{
    (void)state;
    TELLS("jsonl",
          "\xEF\xBB\xBF{\"id\":\"t-1\",\"text\":\"n\\u01b0\\u1edbc "
          "\\\"đục\\\"\",\"time\":1772409600000,"
          "\"kind\":\"tip\",\"author_token\":18446744073709551615}\r\n\n"
          "  {\"text\":\"x\",\"lang\":null,\"weight\":1.5,\"tags\":[1,{\"text\":\"y\"}]} \n",
          "1 id=t-1 time=1772409600000 kind=tip token=18446744073709551615 text=nước \"đục\"\n"
          "3 text=x unknown=2\n");
}

static void authors_are_dropped_without_a_word(void **state)
{
    (void)state;
    TELLS("jsonl",
          "{\"text\":\"x\",\"author\":\"An\",\"author_name\":\"An\",\"account\":{\"id\":1},"
          "\"user\":[1],"
          "\"Username\":\"an\",\"handle\":\"@an\",\"did\":\"did:plc:1\",\"email\":\"a@b.example\","
          "\"phone\":1,\"avatar\":null,\"dc:creator\":\"An\"}",
          "1 text=x\n");
}

static void the_last_of_two_wins(void **state)
{
    (void)state;
    TELLS("jsonl", "{\"text\":\"a\",\"id\":\"1\",\"text\":\"b\",\"id\":null}", "1 text=b\n");
}

/* A bad line is named and costs nothing but itself, and its message tells nothing of it. */
static void bad_lines_cost_themselves(void **state)
{
    (void)state;
    told("jsonl",
         STR("{\"text\":\"một\"}\nBí mật\n[1]\n{\"text\":\"Bí mật\n{\"text\":[\"Bí mật\"]}\n"
             "{\"id\":1.5,\"text\":\"x\"}\n{\"text\":\"\xff\"}\n{\"text\":\"hai\"}"),
         &out);
    assert_null(strstr(out.p, "mật"));
    assert_non_null(strstr(out.p, "1 text=một\n2 !"));
    assert_non_null(strstr(out.p, "\n3 !"));
    assert_non_null(strstr(out.p, "\n4 !"));
    assert_non_null(strstr(out.p, "\n5 !a field of the item is not a string\n6 !"));
    assert_non_null(strstr(out.p, "\n7 !"));
    assert_non_null(strstr(out.p, "\n8 text=hai\n"));
}

static void a_table_by_names_of_its_columns(void **state)
{
    (void)state;
    TELLS("csv", "id,text,time,mood\n1,Đèn hỏng,2026-03-02,buồn\n2,\"a, \"\"b\"\"\nc\",,\n",
          "2 id=1 time=2026-03-02 text=Đèn hỏng unknown=1\n3 id=2 text=a, \"b\"\nc\n");
    TELLS("csv",
          "\xEF\xBB\xBF"
          "service_request_id;requested_datetime;NỘI DUNG;Author;Phường\n9;2026;x;An;Bến Đò",
          "2 id=9 time=2026 place=Bến Đò text=x\n");
    TELLS("csv", "message,TEXT,date\n1,2,3\n", "2 time=3 text=2 unknown=1\n");
}

static void dialects(void **state)
{
    (void)state;
    TELLS("csv", "text\tid\nx, y; z\t1\n", "2 id=1 text=x, y; z\n");
    TELLS("csv", "text|id\r\na,b|1\r\n", "2 id=1 text=a,b\n");
    TELLS("csv", "'text','id'\n'it''s, wet','2'\n", "2 id=2 text=it's, wet\n");
    TELLS("csv", "text,id\ra\rb,1\r", "2 !1 fields where the header has 2\n3 id=1 text=b\n");
    TELLS("csv", "text\none, two\n", "2 !2 fields where the header has 1\n");
    TELLS("csv", "id;text\n1;a,b\n2;c,d\n", "2 id=1 text=a,b\n3 id=2 text=c,d\n");
}

static void rows_of_a_wrong_length_are_named(void **state)
{
    (void)state;
    TELLS("csv", "id,text\n1,a\n\n2\n3,c,d\n4,\"x\ny\"z\n5,e\n",
          "2 id=1 text=a\n4 !1 fields where the header has 2\n"
          "5 !3 fields where the header has 2\n6 !text stands behind a closing quote\n"
          "8 id=5 text=e\n");
}

static void an_open_quote_costs_its_line(void **state)
{
    (void)state;
    TELLS("csv", "id,text\n1,\"a\n2,b\n3,c\n",
          "2 !a quote is opened and not closed\n3 id=2 text=b\n4 id=3 text=c\n");
}

static void a_long_record_costs_itself(void **state)
{
    size_t n = 2 * (size_t)RECORD_MAX;
    struct buf table;

    (void)state;
    buf_init(&table, 4 * n);
    buf_add(&table, STR("id,text\n1,"));
    memset(buf_reserve(&table, n), 'a', n);
    table.n += n;
    buf_add(&table, STR("\n2,b\n"));
    assert_string_equal(told("csv", buf_str(&table), &out),
                        "2 !longer than 1 MiB: split it into several\n3 id=2 text=b\n");
    buf_clear(&table);
    buf_add(&table, STR("id,text\n"));
    memset(buf_reserve(&table, n), ',', n);
    table.n += n;
    buf_add(&table, STR("\n2,b\n"));
    assert_string_equal(told("csv", buf_str(&table), &out),
                        "2 !longer than 1 MiB: split it into several\n3 id=2 text=b\n");
    buf_free(&table);
}

static void tables_that_are_none(void **state)
{
    (void)state;
    TELLS("csv", "", "open 1 input: no header: nothing is in it");
    TELLS("csv", "id,mood\n1,x\n",
          "open 1 input: no column holds the text: call one \"text\" in the first line");
    told("csv", (struct str){"\xFF\xFEt\0e\0", 6}, &out);
    assert_non_null(strstr(out.p, "UTF-16"));
}

static const char *chosen(struct str bytes)
{
    const struct source_driver *driver;
    struct input input;
    struct err err;

    input_memory(&input, "input", bytes);
    return source_choose(&input, STR(""), &driver, &err) == RC_OK ? driver->name : "nobody";
}

static void content_tells_the_connector(void **state)
{
    (void)state;
    assert_string_equal(chosen(STR("\n {\"text\":\"x\"}\n{\"te")), "jsonl");
    assert_string_equal(chosen(STR("{\"text\":\"a line longer than the head")), "jsonl");
    assert_string_equal(chosen(STR("ID;Nội dung\n1;x")), "csv");
    assert_string_equal(chosen(STR("\"text\"\nx\n")), "csv");
    assert_string_equal(chosen(STR("<?xml version='1.0'?>\n<rss><channel/></rss>")), "feed");
    assert_string_equal(chosen(STR("{\n\"version\": \"https://jsonfeed.org/version/1.1\"")),
                        "feed");
    assert_string_equal(chosen((struct str){"\xFF\xFE<\0", 4}), "feed");
    assert_string_equal(chosen(STR("just words")), "nobody");
    assert_string_equal(chosen(STR("")), "jsonl"); /* no items, in any format */
    assert_non_null(strstr(told("pdf", STR("x"), &out), "csv, feed, jsonl"));
}

/* Records that lie on the borders of the window, as a file is read in pieces. */
static void borders_do_not_matter(void **state)
{
    char path[] = "/tmp/source_lines.XXXXXX";
    FILE *file = fdopen(mkstemp(path), "wb");
    struct input input;
    struct err err;
    size_t rows = 0;

    (void)state;
    fprintf(file, "id,text\r\n");
    for (int i = 0; i < 40000; i++)
        fprintf(file, "%d,\"dòng %d\r\n\"\"%0*d\"\"\"\r\n", i, i, i % 37, 1);
    fclose(file);
    assert_int_equal(input_open(&input, path, &err), RC_OK);
    told_input("csv", &input, &out);
    input_close(&input);
    unlink(path);
    for (const char *at = out.p; (at = strstr(at, " id=")); at++) {
        struct str id = str_of(at + 4);
        int64_t number = -1;

        str_to_int(str_cut(&id, ' '), &number);
        assert_int_equal(number, rows++);
    }
    assert_int_equal(rows, 40000);
    assert_null(strstr(out.p, "!"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_object_a_line),
        cmocka_unit_test(authors_are_dropped_without_a_word),
        cmocka_unit_test(the_last_of_two_wins),
        cmocka_unit_test(bad_lines_cost_themselves),
        cmocka_unit_test(a_table_by_names_of_its_columns),
        cmocka_unit_test(dialects),
        cmocka_unit_test(rows_of_a_wrong_length_are_named),
        cmocka_unit_test(an_open_quote_costs_its_line),
        cmocka_unit_test(a_long_record_costs_itself),
        cmocka_unit_test(tables_that_are_none),
        cmocka_unit_test(content_tells_the_connector),
        cmocka_unit_test(borders_do_not_matter),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
