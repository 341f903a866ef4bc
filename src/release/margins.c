/* margins.c - bounds propagation over totals and parts; see margins.h.
 *
 * A queue holds the margins whose members have changed.  Revising a margin sums the ends of the
 * intervals of its parts once and gives every member what the others leave it.  Sums count
 * unlimited parts apart, so that "unlimited" never turns into a number that creeps down.
 *
 * Only what moved is done again: of a margin the counts in which a member moved, of a cell the
 * relations between its counts when one of them did.  The others would find what they found.  This
 * halves the work and changes no result.
 */
#include "release/margins.h"

#include <string.h>

/* Propagation on contradictory numbers could count down one by one; no honest grid comes near. */
enum { REVISIONS_PER_MARGIN = 256 };

struct sums {
    int64_t low, high; /* of the parts; high without the unlimited ones */
    int64_t largest;   /* largest low end of a part */
    uint32_t unlimited;
};

void margins_init(struct margins *margins, uint32_t cells, uint32_t equations, uint32_t members,
                  struct arena *job)
{
    *margins = (struct margins){.cells = cells};
    margins->first = arena_array(job, (size_t)equations + 1, sizeof *margins->first);
    margins->members = arena_array(job, members, sizeof *margins->members);
    margins->at = arena_array(job, (size_t)cells * COUNTS, sizeof *margins->at);
    margins->queue = arena_array(job, (size_t)equations + 1, sizeof *margins->queue);
    margins->due = arena_array(job, (size_t)equations + 1, sizeof *margins->due);
    margins->settled = arena_array(job, cells, sizeof *margins->settled);
}

void margins_member(struct margins *margins, uint32_t cell)
{
    margins->members[margins->members_used++] = cell;
}

void margins_end(struct margins *margins)
{
    margins->first[++margins->equations] = margins->members_used;
}

void margins_index(struct margins *margins, struct arena *job)
{
    uint32_t *of_first = arena_array(job, (size_t)margins->cells + 2, sizeof *of_first);

    /* Counting sort; of_first is shifted by one so that filling it moves it into place. */
    margins->of = arena_array(job, margins->members_used, sizeof *margins->of);
    for (uint32_t i = 0; i < margins->members_used; i++)
        of_first[margins->members[i] + 2]++;
    for (uint32_t c = 0; c < margins->cells; c++)
        of_first[c + 2] += of_first[c + 1];
    for (uint32_t e = 0; e < margins->equations; e++)
        for (uint32_t i = margins->first[e]; i < margins->first[e + 1]; i++)
            margins->of[of_first[margins->members[i] + 1]++] = e;
    margins->of_first = of_first;
}

void margins_forget(struct margins *margins)
{
    for (size_t i = 0; i < (size_t)margins->cells * COUNTS; i++)
        margins->at[i] = (struct interval){0, COUNT_UNLIMITED};
}

static bool raise_low(struct interval *at, int64_t low)
{
    if (low <= at->low || low > at->high)
        return false;
    at->low = low;
    return true;
}

static bool lower_high(struct interval *at, int64_t high)
{
    if (high >= at->high || high < at->low)
        return false;
    at->high = high;
    return true;
}

static int64_t plus(int64_t a, int64_t b)
{
    return a >= COUNT_UNLIMITED || b >= COUNT_UNLIMITED ? COUNT_UNLIMITED : a + b;
}

/* As a set of counts. */
static unsigned moved(bool changed, enum count count)
{
    return (unsigned)changed << count;
}

/* Within one cell: messages = copies + firsts; neither voices nor sources exceed messages.  Returns
 * the counts that moved. */
static unsigned narrow_cell(const struct margins *margins, uint32_t cell)
{
    struct interval *messages = margins_at(margins, cell, COUNT_MESSAGES);
    struct interval *copies = margins_at(margins, cell, COUNT_COPIES);
    struct interval *firsts = margins_at(margins, cell, COUNT_FIRSTS);
    struct interval *voices = margins_at(margins, cell, COUNT_VOICES);
    struct interval *sources = margins_at(margins, cell, COUNT_SOURCES);
    unsigned changed;

    if (margins->settled[cell])
        return 0;
    changed = moved(raise_low(messages, copies->low + firsts->low), COUNT_MESSAGES);
    changed |= moved(raise_low(messages, voices->low), COUNT_MESSAGES);
    changed |= moved(raise_low(messages, sources->low), COUNT_MESSAGES);
    changed |= moved(lower_high(messages, plus(copies->high, firsts->high)), COUNT_MESSAGES);
    if (firsts->high < COUNT_UNLIMITED)
        changed |= moved(raise_low(copies, messages->low - firsts->high), COUNT_COPIES);
    if (copies->high < COUNT_UNLIMITED)
        changed |= moved(raise_low(firsts, messages->low - copies->high), COUNT_FIRSTS);
    if (messages->high < COUNT_UNLIMITED) {
        changed |= moved(lower_high(copies, messages->high - firsts->low), COUNT_COPIES);
        changed |= moved(lower_high(firsts, messages->high - copies->low), COUNT_FIRSTS);
        changed |= moved(lower_high(voices, messages->high), COUNT_VOICES);
        changed |= moved(lower_high(sources, messages->high), COUNT_SOURCES);
    }
    margins->settled[cell] = !changed;
    return changed;
}

/* The margins of a cell of which these counts moved join the queue of `count` from `head` on. */
static void enqueue_margins(struct margins *margins, uint32_t cell, unsigned which, uint32_t head,
                            uint32_t *count)
{
    uint32_t room = margins->equations + 1;

    for (uint32_t i = margins->of_first[cell]; i < margins->of_first[cell + 1]; i++) {
        uint32_t e = margins->of[i];

        if (!margins->due[e])
            margins->queue[(head + (*count)++) % room] = e;
        margins->due[e] |= (uint8_t)which;
    }
}

static struct sums sum_parts(const struct margins *margins, uint32_t equation, enum count count)
{
    struct sums sums = {0};

    for (uint32_t i = margins->first[equation] + 1; i < margins->first[equation + 1]; i++) {
        const struct interval *part = margins_at(margins, margins->members[i], count);

        sums.low += part->low;
        if (part->low > sums.largest)
            sums.largest = part->low;
        if (part->high >= COUNT_UNLIMITED)
            sums.unlimited++;
        else
            sums.high += part->high;
    }
    return sums;
}

static struct interval implied_total(const struct sums *sums, enum count count)
{
    bool adds = count <= COUNT_FIRSTS;

    return (struct interval){adds ? sums->low : sums->largest,
                             sums->unlimited ? COUNT_UNLIMITED : sums->high};
}

/* What the total and the other parts leave for one part. */
static struct interval implied_part(const struct sums *sums, const struct interval *total,
                                    const struct interval *part, enum count count)
{
    bool adds = count <= COUNT_FIRSTS, unlimited = part->high >= COUNT_UNLIMITED;
    struct interval out = {0, COUNT_UNLIMITED};

    if (sums->unlimited == unlimited)
        out.low = total->low - (sums->high - (unlimited ? 0 : part->high));
    if (total->high < COUNT_UNLIMITED)
        out.high = total->high - (adds ? sums->low - part->low : 0);
    return out;
}

struct interval margins_implied(const struct margins *margins, uint32_t equation, uint32_t cell,
                                enum count count)
{
    struct sums sums = sum_parts(margins, equation, count);
    uint32_t total = margins->members[margins->first[equation]];

    if (cell == total)
        return implied_total(&sums, count);
    return implied_part(&sums, margins_at(margins, total, count), margins_at(margins, cell, count),
                        count);
}

/* Applies one margin to all its members.  The sums stay those of before: what they imply is true
 * then and stays true; the margin is queued again when one of its own members moved. */
static void revise(struct margins *margins, uint32_t equation, uint32_t head, uint32_t *queued)
{
    uint32_t first = margins->first[equation], end = margins->first[equation + 1];
    unsigned due = margins->due[equation];
    struct sums sums[COUNTS];
    struct interval totals[COUNTS];

    margins->due[equation] = 0;
    for (enum count count = 0; count < COUNTS; count++) {
        if (!(due >> count & 1))
            continue;
        sums[count] = sum_parts(margins, equation, count);
        totals[count] = *margins_at(margins, margins->members[first], count);
    }
    for (uint32_t i = first; i < end; i++) {
        uint32_t cell = margins->members[i];
        unsigned changed = 0;

        for (enum count count = 0; count < COUNTS; count++) {
            struct interval *at = margins_at(margins, cell, count), found;

            if (!(due >> count & 1))
                continue;
            found = i == first ? implied_total(&sums[count], count)
                               : implied_part(&sums[count], &totals[count], at, count);
            changed |= moved(raise_low(at, found.low), count);
            changed |= moved(lower_high(at, found.high), count);
        }
        if (changed)
            margins->settled[cell] = false;
        changed |= narrow_cell(margins, cell);
        if (changed)
            enqueue_margins(margins, cell, changed, head, queued);
    }
}

/* Revises the queued margins, `count` from the head of the ring on, until nothing moves. */
static void propagate(struct margins *margins, uint32_t count)
{
    uint32_t head = 0, room = margins->equations + 1;
    uint64_t budget = (uint64_t)margins->equations * REVISIONS_PER_MARGIN;

    for (; count && budget; budget--) {
        uint32_t e = margins->queue[head];

        head = (head + 1) % room;
        count--;
        revise(margins, e, head, &count);
    }
    for (; count; count--, head = (head + 1) % room)
        margins->due[margins->queue[head]] = 0;
}

enum { ALL_COUNTS = (1 << COUNTS) - 1 };

void margins_solve(struct margins *margins)
{
    memset(margins->settled, false, margins->cells * sizeof *margins->settled);
    for (uint32_t c = 0; c < margins->cells; c++)
        narrow_cell(margins, c);
    for (uint32_t e = 0; e < margins->equations; e++) {
        margins->queue[e] = e;
        margins->due[e] = ALL_COUNTS;
    }
    propagate(margins, margins->equations);
}

void margins_solve_from(struct margins *margins, uint32_t cell)
{
    uint32_t count = 0;

    memset(margins->settled, false, margins->cells * sizeof *margins->settled);
    narrow_cell(margins, cell);
    enqueue_margins(margins, cell, ALL_COUNTS, 0, &count);
    propagate(margins, count);
}
