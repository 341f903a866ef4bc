/* margins.c - bounds propagation over totals and parts; see margins.h.
 *
 * A queue holds the margins whose members have changed.  Revising a margin sums the ends of the
 * intervals of its parts once and gives every member what the others leave it.  Sums count
 * unlimited parts apart, so that "unlimited" never turns into a number that creeps down.
 *
 * Only what moved is done again: of a margin the counts in which a member moved, of a cell the
 * relations between its counts when one of them did.  And of a margin's parts only those are looked
 * at one by one, whose widest interval is wider than what the margin leaves open.  The others would
 * find what they found: no result changes.
 *
 * All that is inferred only ever narrows, so without a contradiction the end is the same in
 * whatever order margins are revised.  That is what margins_learn, _restore and _take_back stand
 * on.
 */
#include "release/margins.h"

#include <string.h>

/* Propagation on contradictory numbers could count down one by one; no honest grid comes near. */
enum { REVISIONS_PER_MARGIN = 256 };

struct sums {
    int64_t low, high; /* of the parts; high without the unlimited ones */
    int64_t largest;   /* largest low end of a part */
    int64_t highest;   /* largest high end, and largest width, of a part */
    int64_t widest;
    int64_t unlimited;     /* parts */
    struct interval total; /* what the total was then */
    int64_t spare, roof;   /* a part may move that is wider than this, or reaches higher */
};

void margins_init(struct margins *margins, uint32_t cells, uint32_t equations, uint32_t members,
                  struct arena *job)
{
    *margins = (struct margins){.cells = cells};
    margins->first = arena_array(job, (size_t)equations + 1, sizeof *margins->first);
    margins->members = arena_array(job, members, sizeof *margins->members);
    margins->at = arena_room(job, (size_t)cells * COUNTS, sizeof *margins->at);
    margins->kept = arena_room(job, (size_t)cells * COUNTS, sizeof *margins->kept);
    margins->kept_fixed = arena_room(job, cells, sizeof *margins->kept_fixed);
    margins->queue = arena_room(job, (size_t)equations + 1, sizeof *margins->queue);
    margins->due = arena_array(job, (size_t)equations + 1, sizeof *margins->due);
    margins->settled = arena_array(job, cells, sizeof *margins->settled);
    margins->touched = arena_room(job, cells, sizeof *margins->touched);
    margins->fixed = arena_array(job, cells, sizeof *margins->fixed);
    margins->noted = arena_array(job, cells, sizeof *margins->noted);
    margins->was = arena_room(job, cells, sizeof *margins->was);
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

static void drop_notes(struct margins *margins)
{
    for (uint32_t i = 0; i < margins->touched_count; i++)
        margins->noted[margins->touched[i]] = false;
    margins->touched_count = 0;
    margins->watching = false;
}

void margins_forget(struct margins *margins)
{
    drop_notes(margins);
    for (size_t i = 0; i < (size_t)margins->cells * COUNTS; i++)
        margins->at[i] = (struct interval){0, COUNT_UNLIMITED};
    memset(margins->settled, false, margins->cells * sizeof *margins->settled);
    memset(margins->fixed, false, margins->cells * sizeof *margins->fixed);
    margins->contradicted = false;
}

/* Before a cell moves. */
static void note(struct margins *margins, uint32_t cell)
{
    struct was *was;

    if (margins->noted[cell])
        return;
    was = &margins->was[margins->touched_count];
    memcpy(was->at, margins_at(margins, cell, 0), sizeof was->at);
    was->settled = margins->settled[cell];
    was->fixed = margins->fixed[cell];
    margins->noted[cell] = true;
    margins->touched[margins->touched_count++] = cell;
}

/* A published number stands, whatever contradicts it, and whenever: that makes no difference. */
static __attribute__((noinline)) void contradict(struct margins *margins, uint32_t cell)
{
    margins->contradicted |= !margins->fixed[cell];
}

/* Both return the count as a set, empty when it did not move. */
static inline unsigned raise_low(struct margins *margins, uint32_t cell, enum count count,
                                 int64_t low)
{
    struct interval *at = margins_at(margins, cell, count);

    if (low <= at->low)
        return 0;
    if (low > at->high) {
        contradict(margins, cell);
        return 0;
    }
    if (margins->watching)
        note(margins, cell);
    at->low = low;
    return 1U << count;
}

static inline unsigned lower_high(struct margins *margins, uint32_t cell, enum count count,
                                  int64_t high)
{
    struct interval *at = margins_at(margins, cell, count);

    if (high >= at->high)
        return 0;
    if (high < at->low) {
        contradict(margins, cell);
        return 0;
    }
    if (margins->watching)
        note(margins, cell);
    at->high = high;
    return 1U << count;
}

static int64_t plus(int64_t a, int64_t b)
{
    return a >= COUNT_UNLIMITED || b >= COUNT_UNLIMITED ? COUNT_UNLIMITED : a + b;
}

/* Within one cell: messages = copies + firsts; neither voices nor sources exceed messages.  Returns
 * the counts that moved. */
static unsigned narrow_cell(struct margins *margins, uint32_t cell)
{
    const struct interval *messages = margins_at(margins, cell, COUNT_MESSAGES);
    const struct interval *copies = margins_at(margins, cell, COUNT_COPIES);
    const struct interval *firsts = margins_at(margins, cell, COUNT_FIRSTS);
    const struct interval *voices = margins_at(margins, cell, COUNT_VOICES);
    const struct interval *sources = margins_at(margins, cell, COUNT_SOURCES);
    unsigned changed;

    changed = raise_low(margins, cell, COUNT_MESSAGES, copies->low + firsts->low);
    changed |= raise_low(margins, cell, COUNT_MESSAGES, voices->low);
    changed |= raise_low(margins, cell, COUNT_MESSAGES, sources->low);
    changed |= lower_high(margins, cell, COUNT_MESSAGES, plus(copies->high, firsts->high));
    if (firsts->high < COUNT_UNLIMITED)
        changed |= raise_low(margins, cell, COUNT_COPIES, messages->low - firsts->high);
    if (copies->high < COUNT_UNLIMITED)
        changed |= raise_low(margins, cell, COUNT_FIRSTS, messages->low - copies->high);
    if (messages->high < COUNT_UNLIMITED) {
        changed |= lower_high(margins, cell, COUNT_COPIES, messages->high - firsts->low);
        changed |= lower_high(margins, cell, COUNT_FIRSTS, messages->high - copies->low);
        changed |= lower_high(margins, cell, COUNT_VOICES, messages->high);
        changed |= lower_high(margins, cell, COUNT_SOURCES, messages->high);
    }
    margins->settled[cell] = !changed;
    return changed;
}

/* The margins of a cell of which these counts moved join the queue, whose head is `head`. */
static void enqueue_margins(struct margins *margins, uint32_t cell, unsigned which, uint32_t head)
{
    uint32_t room = margins->equations + 1;

    for (uint32_t i = margins->of_first[cell]; i < margins->of_first[cell + 1]; i++) {
        uint32_t e = margins->of[i], behind = head + margins->queued;

        if (!margins->due[e]) {
            margins->queue[behind < room ? behind : behind - room] = e;
            margins->queued++;
        }
        margins->due[e] |= (uint8_t)which;
    }
}

static bool adds(enum count count)
{
    return count <= COUNT_FIRSTS;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static struct sums sum_parts(const struct margins *margins, uint32_t equation, enum count count)
{
    struct sums sums = {0};

    for (uint32_t i = margins->first[equation] + 1; i < margins->first[equation + 1]; i++) {
        const struct interval *part = margins_at(margins, margins->members[i], count);

        sums.low += part->low;
        sums.high += part->high;
        sums.widest = larger(sums.widest, part->high - part->low);
        sums.largest = larger(sums.largest, part->low);
        sums.highest = larger(sums.highest, part->high);
    }
    sums.unlimited = sums.high / COUNT_UNLIMITED; /* no sum of numbers comes near */
    sums.high %= COUNT_UNLIMITED;
    sums.total = *margins_at(margins, margins->members[margins->first[equation]], count);
    return sums;
}

static struct interval implied_total(const struct sums *sums, enum count count)
{
    return (struct interval){adds(count) ? sums->low : sums->largest,
                             sums->unlimited ? COUNT_UNLIMITED : sums->high};
}

/* What the total and the other parts leave for one part. */
static struct interval implied_part(const struct sums *sums, const struct interval *part,
                                    enum count count)
{
    bool unlimited = part->high >= COUNT_UNLIMITED;
    struct interval out = {0, COUNT_UNLIMITED};

    if (sums->unlimited == unlimited)
        out.low = sums->total.low - (sums->high - (unlimited ? 0 : part->high));
    if (sums->total.high < COUNT_UNLIMITED)
        out.high = sums->total.high - (adds(count) ? sums->low - part->low : 0);
    return out;
}

struct interval margins_implied(const struct margins *margins, uint32_t equation, uint32_t cell,
                                enum count count)
{
    struct sums sums = sum_parts(margins, equation, count);

    if (cell == margins->members[margins->first[equation]])
        return implied_total(&sums, count);
    return implied_part(&sums, margins_at(margins, cell, count), count);
}

/* Finds which parts may move, from what implied_part says of them; false: no member may. */
static bool may_move(struct sums *sums, enum count count)
{
    struct interval total = sums->total, implied = implied_total(sums, count);

    sums->spare = sums->roof = 2 * COUNT_UNLIMITED;
    if (!sums->unlimited)
        sums->spare = sums->high - total.low;
    else if (sums->unlimited == 1 && total.low > sums->high)
        sums->spare = -1;
    if (total.high < COUNT_UNLIMITED && !adds(count))
        sums->roof = total.high;
    else if (total.high < COUNT_UNLIMITED && total.high - sums->low < sums->spare)
        sums->spare = total.high - sums->low;
    return implied.low > total.low || implied.high < total.high || sums->widest > sums->spare ||
           sums->highest > sums->roof;
}

/* What one margin says of one of its members in one count; returns the count, as a set, if that
 * moved it. */
static unsigned revise_member(struct margins *margins, uint32_t cell, bool total,
                              const struct sums *sums, enum count count)
{
    const struct interval *at = margins_at(margins, cell, count);
    struct interval found;

    if (!total && at->high - at->low <= sums->spare && at->high <= sums->roof)
        return 0;
    found = total ? implied_total(sums, count) : implied_part(sums, at, count);
    return raise_low(margins, cell, count, found.low) |
           lower_high(margins, cell, count, found.high);
}

/* Applies one margin to all its members, in the counts in which it may move any.  The sums stay
 * those of before: what they imply is true then and stays true; the margin is queued again when one
 * of its own members moved. */
static void revise_members(struct margins *margins, uint32_t equation, uint32_t head,
                           struct sums sums[COUNTS], unsigned which)
{
    uint32_t first = margins->first[equation], end = margins->first[equation + 1];

    for (uint32_t i = first; i < end; i++) {
        uint32_t cell = margins->members[i];
        unsigned changed = 0;

        if (margins->fixed[cell])
            continue;
        for (enum count count = 0; which >> count; count++)
            if (which >> count & 1)
                changed |= revise_member(margins, cell, i == first, &sums[count], count);
        if (changed)
            margins->settled[cell] = false;
        if (!margins->settled[cell])
            changed |= narrow_cell(margins, cell);
        if (changed)
            enqueue_margins(margins, cell, changed, head);
    }
}

static void revise(struct margins *margins, uint32_t equation, uint32_t head)
{
    uint32_t first = margins->first[equation], end = margins->first[equation + 1];
    unsigned due = margins->due[equation], which = 0;
    struct sums sums[COUNTS];
    bool settled = true;

    margins->due[equation] = 0;
    for (enum count count = 0; due >> count; count++) {
        if (!(due >> count & 1))
            continue;
        sums[count] = sum_parts(margins, equation, count);
        which |= (unsigned)may_move(&sums[count], count) << count;
    }
    for (uint32_t i = first; i < end; i++)
        settled &= margins->settled[margins->members[i]];
    if (which || !settled)
        revise_members(margins, equation, head, sums, which);
}

void margins_follow(struct margins *margins)
{
    uint32_t head = 0, room = margins->equations + 1;
    uint64_t budget = (uint64_t)margins->equations * REVISIONS_PER_MARGIN;

    for (; margins->queued && budget; budget--) {
        uint32_t e = margins->queue[head];

        head = head + 1 < room ? head + 1 : 0;
        margins->queued--;
        revise(margins, e, head);
    }
    margins->contradicted |= margins->queued != 0;
    for (; margins->queued; margins->queued--, head = (head + 1) % room)
        margins->due[margins->queue[head]] = 0;
}

enum { ALL_COUNTS = (1 << COUNTS) - 1 };

void margins_tell(struct margins *margins, uint32_t cell, const struct interval told[COUNTS])
{
    struct interval *at = margins_at(margins, cell, 0);

    if (margins->watching)
        note(margins, cell);
    margins->fixed[cell] = true;
    for (enum count count = 0; count < COUNTS; count++) {
        margins->contradicted |=
            told[count].low < at[count].low || told[count].high > at[count].high;
        margins->fixed[cell] &= told[count].low == told[count].high;
        at[count] = told[count];
    }
    margins->settled[cell] = margins->fixed[cell];
}

void margins_solve(struct margins *margins)
{
    for (uint32_t c = 0; c < margins->cells; c++)
        if (!margins->settled[c])
            narrow_cell(margins, c);
    for (uint32_t e = 0; e < margins->equations; e++) {
        margins->queue[e] = e;
        margins->due[e] = ALL_COUNTS;
    }
    margins->queued = margins->equations;
    margins_follow(margins);
}

void margins_learn(struct margins *margins, uint32_t cell, const struct interval told[COUNTS])
{
    margins_tell(margins, cell, told);
    if (!margins->fixed[cell])
        narrow_cell(margins, cell);
    enqueue_margins(margins, cell, ALL_COUNTS, 0);
}

void margins_keep(struct margins *margins)
{
    memcpy(margins->kept, margins->at, (size_t)margins->cells * COUNTS * sizeof *margins->kept);
    memcpy(margins->kept_fixed, margins->fixed, margins->cells * sizeof *margins->fixed);
}

void margins_restore(struct margins *margins)
{
    drop_notes(margins);
    memcpy(margins->at, margins->kept, (size_t)margins->cells * COUNTS * sizeof *margins->kept);
    memcpy(margins->fixed, margins->kept_fixed, margins->cells * sizeof *margins->fixed);
    memset(margins->settled, true, margins->cells * sizeof *margins->settled);
    margins->contradicted = false;
}

void margins_watch(struct margins *margins)
{
    drop_notes(margins);
    margins->watching = true;
}

void margins_take_back(struct margins *margins)
{
    for (uint32_t i = 0; i < margins->touched_count; i++) {
        uint32_t cell = margins->touched[i];

        memcpy(margins_at(margins, cell, 0), margins->was[i].at, sizeof margins->was[i].at);
        margins->settled[cell] = margins->was[i].settled;
        margins->fixed[cell] = margins->was[i].fixed;
    }
    margins_watch(margins);
}
