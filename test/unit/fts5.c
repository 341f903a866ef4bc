/* fts5.c - the tokenizer inside SQLite: what is found, where, in which order, and bad options. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <sqlite3.h>

int sqlite3_soundingsfts_init(sqlite3 *db, char **message, const struct sqlite3_api_routines *api);

static sqlite3 *db;

static void run(const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
}

/* The rows of a query, first columns only, joined by '|'. */
static void expect(const char *sql, const char *wanted)
{
    sqlite3_stmt *statement;
    char got[1024] = "";
    size_t n = 0;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    while (sqlite3_step(statement) == SQLITE_ROW)
        n += (size_t)snprintf(got + n, sizeof got - n, "%s%s", n ? "|" : "",
                              (const char *)sqlite3_column_text(statement, 0));
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_string_equal(got, wanted);
}

static void insert(const char *text, int n)
{
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_prepare_v2(db, "INSERT INTO t(text) VALUES(?1)", -1, &statement, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(statement, 1, text, n, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
}

static const char *const rows[] = {
    "Đường Lê Lợi ngập nước từ sáng",
    "ngap nuoc o duong Le Loi",
    "NGẬP NƯỚC, sâu lắm",
    "nga\xCC\xA3\xCC\x82p nu\xCC\x9Bo\xCC\x9B\xCC\x81\x63",
    "nước không ngập",
    "\xFFngập\xE1\xBAnước\xF0",
    "Nhà văn hoá, đường hoà bình",
    "xem https://vi.du/ngap-nuoc",
};

static int open_with(const char *options)
{
    char sql[128];

    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        return 1;
    snprintf(sql, sizeof sql, "CREATE VIRTUAL TABLE t USING fts5(text, tokenize='%s')", options);
    run(sql);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        insert(rows[i], -1);
    return 0;
}

static int open_folded(void **state)
{
    (void)state;
    return open_with("soundings");
}

static int open_exact(void **state)
{
    (void)state;
    return open_with("soundings exact 1");
}

static int close_db(void **state)
{
    (void)state;
    return sqlite3_close(db);
}

static void finds_whatever_the_marks(void **state)
{
    static const char *const asked[] = {"ngap nuoc", "ngập nước", "NGẬP NƯỚC", "Ngap NƯỚC",
                                        "nga\xCC\xA3\xCC\x82p nuo\xCC\x9B\xCC\x81\x63"};
    char sql[128];

    (void)state;
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        snprintf(sql, sizeof sql, "SELECT rowid FROM t WHERE t MATCH '\"%s\"' ORDER BY rowid",
                 asked[i]);
        expect(sql, "1|2|3|4|6|8"); /* as a phrase: not row 5 */
        snprintf(sql, sizeof sql, "SELECT count(*) FROM t WHERE t MATCH '%s'", asked[i]);
        expect(sql, "7");
    }
    expect("SELECT rowid FROM t('hòa bình')", "7");
    expect("SELECT rowid FROM t('\"văn hóa\" AND duong')", "7");
    expect("SELECT rowid FROM t('ngậ* NOT le')", "3|4|5|6|8");
    expect("SELECT rowid FROM t('vi')", "8");
    expect("SELECT rowid FROM t('NEAR(nuoc ngap, 1) NOT \"ngap nuoc\"')", "5");
    expect("SELECT rowid FROM t('khong co gi')", "");
}

static void marks_the_bytes_that_were_written(void **state)
{
    (void)state;
    expect("SELECT highlight(t, 0, '<', '>') FROM t('\"ngap nuoc\"') ORDER BY rowid",
           "Đường Lê Lợi <ngập nước> từ sáng|<ngap nuoc> o duong Le Loi|<NGẬP NƯỚC>, sâu lắm|"
           "<nga\xCC\xA3\xCC\x82p nu\xCC\x9Bo\xCC\x9B\xCC\x81\x63>|"
           "\xFF<ngập\xE1\xBAnước>\xF0|xem https://vi.du/<ngap-nuoc>");
    expect("SELECT snippet(t, 0, '<', '>', '…', 3) FROM t('khong')", "nước <không> ngập");
}

static void ranks_by_bm25(void **state)
{
    (void)state;
    insert("ngập ngập ngập", -1);
    expect("SELECT rowid FROM t('ngap') ORDER BY rank LIMIT 1", "9");
    expect("SELECT bm25(t) < 0 FROM t('ngap') LIMIT 1", "1");
}

/* Who writes marks means them; who writes none means all. */
static void marks_count_where_asked_for(void **state)
{
    (void)state;
    expect("SELECT rowid FROM t('\"ngap nuoc\"') ORDER BY rowid", "1|2|3|4|6|8");
    expect("SELECT rowid FROM t('\"ngập nước\"') ORDER BY rowid", "1|3|4|6");
    expect("SELECT rowid FROM t('\"NGẬP nuoc\"') ORDER BY rowid", "1|3|4|6");
    expect("SELECT rowid FROM t('hòa')", "7");
    expect("SELECT rowid FROM t('hỏa')", "");
    expect("SELECT rowid FROM t('ngậ*') ORDER BY rowid", "1|3|4|5|6");
    expect("SELECT rowid FROM t('nga*') ORDER BY rowid", "1|2|3|4|5|6|8");
    expect("SELECT highlight(t, 0, '<', '>') FROM t('duong') WHERE rowid = 7",
           "Nhà văn hoá, <đường> hoà bình");
    /* both, and those with the marks come first */
    expect("SELECT group_concat(rowid IN (2, 8), '') FROM (SELECT rowid FROM "
           "t('(\"ngập nước\") OR (\"ngap nuoc\")') ORDER BY rank)",
           "000011");
}

static void refuses_unknown_options(void **state)
{
    (void)state;
    assert_int_not_equal(
        sqlite3_exec(db, "CREATE VIRTUAL TABLE a USING fts5(x, tokenize='soundings marks 1')", NULL,
                     NULL, NULL),
        SQLITE_OK);
    assert_int_not_equal(
        sqlite3_exec(db, "CREATE VIRTUAL TABLE b USING fts5(x, tokenize='soundings exact 2')", NULL,
                     NULL, NULL),
        SQLITE_OK);
    assert_int_not_equal(
        sqlite3_exec(db, "CREATE VIRTUAL TABLE c USING fts5(x, tokenize='soundings exact')", NULL,
                     NULL, NULL),
        SQLITE_OK);
    run("CREATE VIRTUAL TABLE d USING fts5(x, tokenize='soundings exact 0')");
}

static void takes_any_bytes(void **state)
{
    char bytes[3000];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 167 + i / 256);
    insert(bytes, sizeof bytes);
    insert("", 0);
    run("INSERT INTO t VALUES(NULL), (X'00FF00'), (12)");
    run("DELETE FROM t WHERE rowid > 8");
    run("INSERT INTO t(t) VALUES('integrity-check')");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_whatever_the_marks, open_folded, close_db),
        cmocka_unit_test_setup_teardown(marks_the_bytes_that_were_written, open_folded, close_db),
        cmocka_unit_test_setup_teardown(ranks_by_bm25, open_folded, close_db),
        cmocka_unit_test_setup_teardown(marks_count_where_asked_for, open_exact, close_db),
        cmocka_unit_test_setup_teardown(refuses_unknown_options, open_folded, close_db),
        cmocka_unit_test_setup_teardown(takes_any_bytes, open_exact, close_db),
    };

    sqlite3_auto_extension((void (*)(void))sqlite3_soundingsfts_init);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
