/* tokenizer.c - rows a second into FTS5: our tokenizer against SQLite's unicode61; run by hand.
 *
 *   make B=/tmp/b /tmp/b/libcore.a
 *   cc -O2 -std=c17 -D_GNU_SOURCE -Isrc test/perf/tokenizer.c /tmp/b/libcore.a -lxxhash -licuuc \
 *       -lsqlite3 -lm -o /tmp/b/tokenizer && /tmp/b/tokenizer 9
 *
 * Every round inserts the same made-up rows with each tokenizer in turn; told are the median rate
 * of each and the median, over the rounds, of its time divided by unicode61's.
 */
#include "base/clock.h"
#include "base/rng.h"
#include "base/str.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int sqlite3_soundingsfts_init(sqlite3 *db, char **message, const struct sqlite3_api_routines *api);

enum { ROWS = 20000, ROUNDS_MAX = 99, KINDS = 3, ROW_MAX = 512 };

static const char *const kinds[KINDS] = {"unicode61 remove_diacritics 2", "soundings",
                                         "soundings exact 1"};
static const char *const onsets[] = {"",   "b", "c",  "ch", "d",   "đ",  "g",  "gi", "h",
                                     "kh", "l", "m",  "n",  "ng",  "nh", "ph", "qu", "r",
                                     "s",  "t", "th", "tr", "ngh", "v",  "x"};
static const char *const rimes[] = {"a",   "à",    "ác",  "ai",  "ạnh", "ao",  "ăn",  "ập",
                                    "ấy",  "e",    "ẻ",   "em",  "ên",  "ếch", "i",   "ịt",
                                    "o",   "ọc",   "ông", "ố",   "ơi",  "u",   "ước", "ường",
                                    "ứng", "uyễn", "y",   "iệt", "ươi", "uống"};

static char rows[ROWS][ROW_MAX];

static const char *pick(struct rng *rng, const char *const *list, size_t n)
{
    size_t a = rng_below(rng, n), b = rng_below(rng, n); /* some more often than others */

    return list[a < b ? a : b];
}

static void make_rows(void)
{
    struct rng rng;

    rng_seed(&rng, 7);
    for (int i = 0; i < ROWS; i++) {
        size_t n = 0, syllables = 8 + rng_below(&rng, 40);

        for (size_t j = 0; j < syllables && n + 24 < ROW_MAX; j++)
            n += (size_t)snprintf(rows[i] + n, ROW_MAX - n, "%s%s%s",
                                  pick(&rng, onsets, sizeof onsets / sizeof *onsets),
                                  pick(&rng, rimes, sizeof rimes / sizeof *rimes),
                                  rng_below(&rng, 9) ? " " : ", ");
    }
}

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
        exit(1);
    }
}

/* Seconds that all rows take. */
static double insert_all(const char *tokenizer)
{
    sqlite3 *db;
    sqlite3_stmt *insert;
    char sql[128];
    uint64_t began;

    sqlite3_open(":memory:", &db);
    snprintf(sql, sizeof sql, "CREATE VIRTUAL TABLE t USING fts5(text, tokenize='%s')", tokenizer);
    run(db, sql);
    sqlite3_prepare_v2(db, "INSERT INTO t VALUES(?1)", -1, &insert, NULL);
    began = clock_ticks_ns();
    for (int i = 0; i < ROWS; i++) {
        if (i % 5000 == 0)
            run(db, i ? "COMMIT; BEGIN" : "BEGIN");
        sqlite3_bind_text(insert, 1, rows[i], -1, SQLITE_STATIC);
        sqlite3_step(insert);
        sqlite3_reset(insert);
    }
    run(db, "COMMIT");
    began = clock_ticks_ns() - began;
    sqlite3_finalize(insert);
    sqlite3_close(db);
    return (double)began / 1e9;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, int64_t n)
{
    qsort(values, (size_t)n, sizeof *values, by_value);
    return values[n / 2];
}

int main(int argc, char **argv)
{
    static double seconds[KINDS][ROUNDS_MAX], ratio[KINDS][ROUNDS_MAX];
    int64_t rounds = 5;

    if (argc > 1 && (!str_to_int(str_of(argv[1]), &rounds) || rounds < 1 || rounds > ROUNDS_MAX))
        return 2;
    sqlite3_auto_extension((void (*)(void))sqlite3_soundingsfts_init);
    make_rows();
    for (int round = 0; round < rounds; round++)
        for (int kind = 0; kind < KINDS; kind++) {
            seconds[kind][round] = insert_all(kinds[kind]);
            ratio[kind][round] = seconds[kind][round] / seconds[0][round];
        }
    for (int kind = 0; kind < KINDS; kind++)
        printf("%-30s %8.0f rows/s  %.2f x the time of unicode61\n", kinds[kind],
               ROWS / median(seconds[kind], rounds), median(ratio[kind], rounds));
    return 0;
}
