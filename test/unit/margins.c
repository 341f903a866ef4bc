/* margins.c - what spreads from one cell ends where solving everything afresh ends. */
#include "base/rng.h"
#include "release/margins.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

enum { ROWS = 5, COLUMNS = 6, CELLS = (ROWS + 1) * (COLUMNS + 1) };

static struct arena job;

static uint32_t cell(uint32_t row, uint32_t column)
{
    return row * (COLUMNS + 1) + column;
}

/* A table whose last row and column are totals. */
static void table(struct margins *margins)
{
    margins_init(margins, CELLS, ROWS + COLUMNS + 2, 2 * CELLS, &job);
    for (uint32_t row = 0; row <= ROWS; row++) {
        margins_member(margins, cell(row, COLUMNS));
        for (uint32_t column = 0; column < COLUMNS; column++)
            margins_member(margins, cell(row, column));
        margins_end(margins);
    }
    for (uint32_t column = 0; column <= COLUMNS; column++) {
        margins_member(margins, cell(ROWS, column));
        for (uint32_t row = 0; row < ROWS; row++)
            margins_member(margins, cell(row, column));
        margins_end(margins);
    }
    margins_index(margins, &job);
}

static void number(struct rng *rng, int64_t of[CELLS][COUNTS])
{
    memset(of, 0, CELLS * sizeof *of);
    for (uint32_t row = 0; row < ROWS; row++)
        for (uint32_t column = 0; column < COLUMNS; column++) {
            const uint32_t places[] = {cell(row, column), cell(row, COLUMNS), cell(ROWS, column),
                                       cell(ROWS, COLUMNS)};
            int64_t firsts = (int64_t)rng_below(rng, 40), copies = (int64_t)rng_below(rng, 9);

            for (int i = 0; i < 4; i++) {
                of[places[i]][COUNT_MESSAGES] += firsts + copies;
                of[places[i]][COUNT_COPIES] += copies;
                of[places[i]][COUNT_FIRSTS] += firsts;
                of[places[i]][COUNT_VOICES] += firsts; /* everybody speaks once */
                of[places[i]][COUNT_SOURCES] = 1;
            }
        }
}

static void tell(struct margins *margins, const int64_t of[CELLS][COUNTS], uint32_t at)
{
    for (enum count count = 0; count < COUNTS; count++)
        *margins_at(margins, at, count) = (struct interval){of[at][count], of[at][count]};
}

static void solve(struct margins *margins, const int64_t of[CELLS][COUNTS], const bool *hidden)
{
    margins_forget(margins);
    for (uint32_t at = 0; at < CELLS; at++)
        if (!hidden[at])
            tell(margins, of, at);
    margins_solve(margins);
}

static void test_from_one_cell(void **state)
{
    struct rng rng;
    uint32_t narrowed = 0;

    (void)state;
    rng_seed(&rng, 11);
    for (int round = 0; round < 300; round++) {
        struct interval mine[CELLS * COUNTS], before[CELLS * COUNTS];
        int64_t of[CELLS][COUNTS];
        bool hidden[CELLS];
        struct margins margins;
        uint32_t shown = (uint32_t)rng_below(&rng, CELLS);

        table(&margins);
        number(&rng, of);
        for (uint32_t at = 0; at < CELLS; at++)
            hidden[at] = at == shown || rng_below(&rng, 5) < 2;
        solve(&margins, of, hidden);
        memcpy(before, margins.at, sizeof before);
        hidden[shown] = false;
        tell(&margins, of, shown);
        margins_solve_from(&margins, shown);
        memcpy(mine, margins.at, sizeof mine);
        narrowed += memcmp(mine, before, sizeof mine) != 0;
        solve(&margins, of, hidden);
        assert_memory_equal(mine, margins.at, sizeof mine);
        arena_reset(&job);
    }
    assert_in_range(narrowed, 200, 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_from_one_cell)};
    int failed;

    arena_init(&job, "job", 1 << 22);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&job);
    return failed;
}
