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

struct told {
    struct interval of[COUNTS];
};

static struct told told_of(const int64_t of[COUNTS])
{
    struct told told;

    for (enum count count = 0; count < COUNTS; count++)
        told.of[count] = (struct interval){of[count], of[count]};
    return told;
}

static void solve(struct margins *margins, const int64_t of[CELLS][COUNTS], const bool *hidden)
{
    margins_forget(margins);
    for (uint32_t at = 0; at < CELLS; at++) {
        struct told told = told_of(of[at]);

        if (!hidden[at])
            margins_tell(margins, at, told.of);
    }
    margins_solve(margins);
}

/* What is tried is undone without a trace, what is learned ends where solving afresh does: on one
 * cell, and on all of them from nothing on. */
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
        struct told told;

        table(&margins);
        number(&rng, of);
        told = told_of(of[shown]);
        for (uint32_t at = 0; at < CELLS; at++)
            hidden[at] = at == shown || rng_below(&rng, 5) < 2;
        solve(&margins, of, hidden);
        memcpy(before, margins.at, sizeof before);
        for (int again = 0; again < 3; again++) {
            margins_watch(&margins);
            margins_learn(&margins, shown, told.of);
            margins_follow(&margins);
            memcpy(mine, margins.at, sizeof mine);
            assert_false(margins.contradicted);
            if (again == 2)
                break;
            margins_take_back(&margins);
            assert_memory_equal(before, margins.at, sizeof before);
        }
        hidden[shown] = false;
        narrowed += memcmp(mine, before, sizeof mine) != 0;
        solve(&margins, of, hidden);
        assert_memory_equal(mine, margins.at, sizeof mine);
        arena_reset(&job);
    }
    assert_in_range(narrowed, 200, 300);
}

static void test_from_what_was_kept(void **state)
{
    struct rng rng;

    (void)state;
    rng_seed(&rng, 12);
    for (int round = 0; round < 300; round++) {
        struct interval mine[CELLS * COUNTS];
        int64_t of[CELLS][COUNTS];
        bool first[CELLS], hidden[CELLS];
        struct margins margins;

        table(&margins);
        number(&rng, of);
        for (uint32_t at = 0; at < CELLS; at++) {
            first[at] = rng_below(&rng, 2);
            hidden[at] = first[at] && rng_below(&rng, 3);
        }
        solve(&margins, of, first);
        margins_keep(&margins);
        for (int again = 0; again < 2; again++) {
            margins_restore(&margins);
            for (uint32_t at = 0; at < CELLS; at++) {
                struct told told = told_of(of[at]);

                if (first[at] && !hidden[at])
                    margins_learn(&margins, at, told.of);
            }
            margins_follow(&margins);
        }
        memcpy(mine, margins.at, sizeof mine);
        assert_false(margins.contradicted);
        solve(&margins, of, hidden);
        assert_memory_equal(mine, margins.at, sizeof mine);
        arena_reset(&job);
    }
}

/* A number that stands against what is known of a cell is told, and the contradiction is noticed;
 * one between two published numbers changes nothing that an order could. */
static void test_contradictions(void **state)
{
    int64_t of[CELLS][COUNTS] = {0};
    bool hidden[CELLS] = {[0] = true, [1] = true};
    struct margins margins;
    struct told told = told_of(of[0]);

    (void)state;
    table(&margins);
    of[cell(ROWS, COLUMNS)][COUNT_MESSAGES] = of[cell(ROWS, COLUMNS)][COUNT_FIRSTS] = 5;
    hidden[1] = false;
    hidden[0] = false;
    solve(&margins, of, hidden);
    assert_false(margins.contradicted);
    hidden[1] = hidden[0] = true;
    of[cell(ROWS, COLUMNS)][COUNT_MESSAGES] = of[cell(ROWS, COLUMNS)][COUNT_FIRSTS] = 0;
    solve(&margins, of, hidden);
    assert_false(margins.contradicted);
    told.of[COUNT_MESSAGES] = told.of[COUNT_FIRSTS] = (struct interval){3, 3};
    margins_learn(&margins, 0, told.of);
    margins_follow(&margins);
    assert_true(margins.contradicted);
    assert_int_equal(margins_at(&margins, 0, COUNT_MESSAGES)->low, 3);
    arena_reset(&job);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_from_one_cell),
        cmocka_unit_test(test_from_what_was_kept),
        cmocka_unit_test(test_contradictions),
    };
    int failed;

    arena_init(&job, "job", 1 << 22);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&job);
    return failed;
}
