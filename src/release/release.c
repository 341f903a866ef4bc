/* release.c - k, the frozen grid and complementary suppression; see release.h.
 *
 * What is protected.  A number may leave when at least k different people stand behind it.  Hiding
 * the others is not enough: a total less the parts that are shown *is* the part that is hidden.  So
 * some cells that pass k are hidden too, until nobody can narrow a hidden cell to an interval
 * shorter than k (Willenborg and de Waal 2001, ch. 4; Fischetti and Salazar 2001 call the width the
 * sliding protection level).
 *
 * The grid as equations.  Places form a tree, topics and days a star:
 *
 *     city, topic    = groups, topic + "somewhere in the city", topic
 *     group, topic   = wards, topic  + "somewhere in the group", topic
 *     place, all     = place, each topic  (+ "no service", which only the city has: PRIVACY P11)
 *     week           = its days
 *
 * "Somewhere" and "no service" are never published, yet they are counts of people like any other:
 * they are cells here, always hidden, and a small one of them asks for protection as well.  In this
 * way every margin is exact, and what an outsider does with subtraction is done here first
 * (margins.h), with everything that is told: messages and copies, which add up, and voices and
 * sources, which bound each other.
 *
 * Method.  Hide what is below k.  Solve the margins.  For each hidden cell with somebody in it
 * whose interval is still shorter than k, hide the cheapest shown cell (fewest messages, then the
 * finer one) of the margin that pins it down most.  Repeat until a solution pins nothing down. Each
 * round hides at least one cell, so it ends; in practice after two to five rounds, each linear.  A
 * round does not see that one hidden cell may serve several, so at the end each is tried again,
 * largest first, and shown where nothing comes to light: half as many again stay visible.  Cost: a
 * day of a city (36 places, 16 topics) 0.1 to 1 ms, its week with seven days 5 to 25 ms; where
 * estimates contradict each other and all is solved afresh, ten to twenty times that.
 *
 * A week comes after its days, which cannot be taken back.  The days' rows stand in the same system
 * as known or hidden cells; what the week may not do is to narrow a hidden day below k.  Of a
 * hidden day we know no more here than the public does, so each is taken to hold somebody, except
 * where the numbers prove that it is empty.
 *
 * Every cell of the grid gets a row, and a hidden zero looks like any hidden cell: otherwise the
 * absence of a row would tell an empty ward from a ward in which one person spoke.  A cell known to
 * be empty has nobody to protect and asks for nothing.
 *
 * What this does not do.  Bounds propagation is weaker than linear programming, which can sum over
 * a whole block of cells.  So intervals are kept a fifth wider than k.  Measured with GLPK on all
 * the rows of 49 random grids of test/unit/release_attack.c: without that fifth a linear program
 * finds 9 of some 6,200 hidden cells by 1 or 2 too narrow (none exactly), with it none; the price
 * is 65 % instead of 73 % of the cells that pass k.  It is a measurement, not a proof: a proof
 * would solve the program here.  Nor does it know what an outsider knows from elsewhere: somebody
 * who wrote five of the messages of a cell knows that much more (the (n,k)-dominance of the
 * textbooks).
 */
#include "release/release.h"

#include "base/map.h"
#include "model/settings.h"
#include "release/margins.h"

#include <string.h>

enum { NOWHERE = UINT32_MAX };

/* An interval must be wider than k by k / SPARE: see "what this does not do". */
enum { SPARE = 5 };

/* Cells that may be solved again to take back what was hidden without need: enough for all of a
 * city's, for a share of a country's; half a second at most. */
enum { SECOND_LOOKS = 2000000 };

/* The grid as a box of cells: layer (the days, then the window itself) x node x column. */
struct grid {
    const struct release_question *question;
    uint32_t k;
    uint32_t layers, nodes, columns; /* columns: topic 0.., then "no service" */
    uint32_t real;                   /* nodes [0, real) are places, the others "somewhere in" */
    uint32_t *place_of;              /* [nodes]; of a "somewhere" node: the place it belongs to */
    uint32_t *node_of;               /* [places]; NOWHERE for what is not on today's grid */
    uint32_t *parent;                /* [nodes]; NOWHERE for the city */
    uint32_t *somewhere;             /* [real]: the "somewhere in" node of a place, or NOWHERE */
    struct margins margins;
    const struct cell **cells;      /* [box]: what was counted, in the last layer */
    const struct release_row **row; /* [box]: what was released, in the layers before */
    uint32_t *messages, *voices;    /* [box]: in the last layer; voices as they agree */
    bool *hidden, *crowded;         /* [box]; crowded: k voices or more */
    struct interval (*before)[2];   /* [box]: what the days alone tell: messages, voices */
    bool unsure;                    /* the days contradict each other */
    bool *bare;                     /* [box]: exposed, as things stand; how many */
    uint32_t bare_count;
    /* [equations], for looking for something to hide. */
    uint32_t *left; /* members that can still be hidden */
    bool *spent;    /* from here by way of hidden cells nothing is left */
    bool *seen;     /* by the search that goes on; its queue */
    uint32_t *queue;
    bool *passed; /* [box]: by the search that goes on; those it passed */
    uint32_t *cells_passed, passed_count;
};

static uint32_t floor_of(uint32_t k)
{
    return k < K_FLOOR ? K_FLOOR : k;
}

static uint32_t cell_at(const struct grid *grid, uint32_t layer, uint32_t node, uint32_t column)
{
    return (layer * grid->nodes + node) * grid->columns + column;
}

static uint32_t box(const struct grid *grid)
{
    return grid->layers * grid->nodes * grid->columns;
}

/* First cell of the layer that is being decided. */
static uint32_t last_layer(const struct grid *grid)
{
    return cell_at(grid, grid->layers - 1, 0, 0);
}

static void number_nodes(struct grid *grid, struct arena *job)
{
    const struct gazetteer *places = grid->question->places;
    enum place_level finest = gazetteer_finest(places);
    bool *parental = arena_array(job, places->n, sizeof *parental);

    grid->place_of = arena_array(job, (size_t)places->n * 2, sizeof *grid->place_of);
    grid->parent = arena_array(job, (size_t)places->n * 2, sizeof *grid->parent);
    grid->node_of = arena_array(job, places->n, sizeof *grid->node_of);
    for (uint32_t p = 0; p < places->n; p++) {
        const struct place *place = &places->places[p];
        bool today = place->level != LEVEL_NONE && place->level <= finest && !place->successor &&
                     !places->places[place->parent].successor;

        grid->node_of[p] = today ? grid->nodes : NOWHERE;
        if (today)
            grid->place_of[grid->nodes++] = p;
    }
    grid->real = grid->nodes;
    for (uint32_t n = 0; n < grid->real; n++) {
        uint32_t parent = places->places[grid->place_of[n]].parent;

        grid->parent[n] = parent ? grid->node_of[parent] : NOWHERE;
        parental[parent] = true;
    }
    grid->somewhere = arena_array(job, grid->real, sizeof *grid->somewhere);
    for (uint32_t n = 0; n < grid->real; n++) {
        grid->somewhere[n] = NOWHERE;
        if (!parental[grid->place_of[n]])
            continue;
        grid->somewhere[n] = grid->nodes;
        grid->place_of[grid->nodes] = grid->place_of[n];
        grid->parent[grid->nodes++] = n;
    }
}

static uint32_t count_topics(const struct release_question *question)
{
    uint32_t topics = question->topic_count ? question->topic_count : 1;

    for (size_t i = 0; i < question->cell_count; i++)
        if (question->cells[i].key.topic >= topics)
            topics = question->cells[i].key.topic + 1;
    for (size_t i = 0; i < question->day_count; i++)
        if (question->days[i].key.topic >= topics)
            topics = question->days[i].key.topic + 1;
    return topics;
}

/* Days are told apart by their start, in the order in which they come. */
static void number_layers(struct grid *grid, struct map *layer_of, struct arena *job)
{
    const struct release_question *question = grid->question;

    for (size_t i = 0; i < question->day_count; i++) {
        bool fresh;
        uint64_t *layer = map_put(layer_of, (uint64_t)question->days[i].key.start, &fresh);

        if (layer && fresh)
            *layer = grid->layers++;
    }
    grid->layers++;
    grid->cells = arena_array(job, box(grid), sizeof *grid->cells);
    grid->row = arena_array(job, box(grid), sizeof *grid->row);
    grid->messages = arena_array(job, box(grid), sizeof *grid->messages);
    grid->voices = arena_array(job, box(grid), sizeof *grid->voices);
    grid->hidden = arena_array(job, box(grid), sizeof *grid->hidden);
    grid->crowded = arena_array(job, box(grid), sizeof *grid->crowded);
    grid->before = arena_array(job, box(grid), sizeof *grid->before);
    grid->bare = arena_array(job, box(grid), sizeof *grid->bare);
    grid->passed = arena_array(job, box(grid), sizeof *grid->passed);
    grid->cells_passed = arena_room(job, box(grid), sizeof *grid->cells_passed);
}

static void place_inputs(struct grid *grid, const struct map *layer_of)
{
    const struct release_question *question = grid->question;

    for (size_t i = 0; i < question->cell_count; i++) {
        const struct cell *cell = &question->cells[i];
        uint32_t node = grid->node_of[cell->key.place];

        if (cell->key.story || node == NOWHERE)
            continue;
        grid->cells[cell_at(grid, grid->layers - 1, node, cell->key.topic)] = cell;
    }
    for (size_t i = 0; i < question->day_count; i++) {
        const struct release_row *row = &question->days[i];
        uint32_t node = grid->node_of[row->key.place];
        const uint64_t *layer = map_find(layer_of, (uint64_t)row->key.start);

        if (layer && node != NOWHERE)
            grid->row[cell_at(grid, (uint32_t)*layer, node, row->key.topic)] = row;
    }
}

/* Places, topics and days of the grid; what was counted and what was told stands in its box. */
static void lay_out(struct grid *grid, struct arena *job)
{
    struct map layer_of;

    map_init(&layer_of, grid->question->day_count + 1);
    grid->columns = count_topics(grid->question) + 1;
    number_nodes(grid, job);
    number_layers(grid, &layer_of, job);
    place_inputs(grid, &layer_of);
    map_free(&layer_of);
}

/* "No service" exists in the city as a whole and somewhere in the city, nowhere finer. */
static bool impossible(const struct grid *grid, uint32_t node, uint32_t column)
{
    return column == grid->columns - 1 && grid->place_of[node] != 1;
}

static void add_margins_of_places(struct grid *grid, const uint32_t *child, const uint32_t *next)
{
    for (uint32_t layer = 0; layer < grid->layers; layer++)
        for (uint32_t node = 0; node < grid->real; node++)
            for (uint32_t c = 0; c < grid->columns && child[node] != NOWHERE; c++) {
                margins_member(&grid->margins, cell_at(grid, layer, node, c));
                for (uint32_t n = child[node]; n != NOWHERE; n = next[n])
                    margins_member(&grid->margins, cell_at(grid, layer, n, c));
                margins_end(&grid->margins);
            }
}

static void add_margins_of_topics(struct grid *grid)
{
    for (uint32_t layer = 0; layer < grid->layers; layer++)
        for (uint32_t node = 0; node < grid->nodes; node++) {
            for (uint32_t c = 0; c < grid->columns; c++)
                margins_member(&grid->margins, cell_at(grid, layer, node, c));
            margins_end(&grid->margins);
        }
}

static void add_margins_of_days(struct grid *grid)
{
    uint32_t per_layer = grid->nodes * grid->columns;

    for (uint32_t i = 0; i < per_layer && grid->layers > 1; i++) {
        margins_member(&grid->margins, last_layer(grid) + i);
        for (uint32_t layer = 0; layer + 1 < grid->layers; layer++)
            margins_member(&grid->margins, layer * per_layer + i);
        margins_end(&grid->margins);
    }
}

static void write_margins(struct grid *grid, struct arena *job)
{
    uint32_t *child = arena_array(job, grid->nodes, sizeof *child);
    uint32_t *next = arena_array(job, grid->nodes, sizeof *next);

    for (uint32_t n = 0; n < grid->nodes; n++)
        child[n] = NOWHERE;
    for (uint32_t n = 0; n < grid->nodes; n++)
        if (grid->parent[n] != NOWHERE) {
            next[n] = child[grid->parent[n]];
            child[grid->parent[n]] = n;
        }
    margins_init(&grid->margins, box(grid), 3 * box(grid), 4 * box(grid), job);
    add_margins_of_places(grid, child, next);
    add_margins_of_topics(grid);
    add_margins_of_days(grid);
    margins_index(&grid->margins, job);
    grid->left = arena_array(job, grid->margins.equations, sizeof *grid->left);
    grid->spent = arena_array(job, grid->margins.equations, sizeof *grid->spent);
    grid->seen = arena_array(job, grid->margins.equations, sizeof *grid->seen);
    grid->queue = arena_array(job, grid->margins.equations, sizeof *grid->queue);
}

static uint32_t less(uint32_t total, uint32_t part)
{
    return total > part ? total - part : 0;
}

/* Messages of the cells that nobody counts: what a total has more than its parts. */
static void count_leftovers(struct grid *grid)
{
    uint32_t *messages = grid->messages + last_layer(grid), last = grid->columns - 1;

    for (uint32_t n = 0; n < grid->real; n++) {
        uint32_t *of = messages + n * grid->columns;

        if (impossible(grid, n, last))
            continue;
        of[last] = of[0];
        for (uint32_t c = 1; c < last; c++)
            of[last] = less(of[last], of[c]);
    }
    for (uint32_t n = grid->real; n < grid->nodes; n++)
        for (uint32_t c = 0; c < grid->columns; c++)
            messages[n * grid->columns + c] = messages[grid->parent[n] * grid->columns + c];
    for (uint32_t n = 0; n < grid->real; n++) {
        uint32_t parent = grid->parent[n], *left;

        if (parent == NOWHERE)
            continue;
        left = messages + grid->somewhere[parent] * grid->columns;
        for (uint32_t c = 0; c < grid->columns; c++)
            left[c] = less(left[c], messages[n * grid->columns + c]);
    }
}

/* Cells that pass k are shown to begin with, all others are hidden. */
static void apply_threshold(struct grid *grid)
{
    for (uint32_t at = 0; at < last_layer(grid); at++)
        grid->hidden[at] = !grid->row[at] || grid->row[at]->shown == RELEASED_BELOW;
    for (uint32_t at = last_layer(grid); at < box(grid); at++) {
        const struct cell *cell = grid->cells[at];

        grid->messages[at] = cell ? cell->messages : 0;
        grid->crowded[at] = cell && cell->parts && cell->voices >= grid->k;
        grid->hidden[at] = !grid->crowded[at];
    }
    count_leftovers(grid);
}

/* A run was interrupted: what it counted is known, and how many more there may be. */
static bool is_range(const struct cell *cell)
{
    return cell->interrupted || cell->voices_sum > cell->voices;
}

static void raise(uint32_t *least, uint32_t to)
{
    *least = *least < to ? to : *least;
}

/* People of a total are at most those of its parts together and the messages that no part has. */
static void lower(const struct grid *grid, uint32_t total, uint32_t parts, uint32_t left)
{
    const struct cell *cell = grid->cells[total];

    if (grid->crowded[total] && !is_range(cell) && grid->voices[total] > parts + left)
        grid->voices[total] = parts + left;
}

/* Every total by its parts, by topics of a place and by places within; once more for each level. */
static void agree_once(struct grid *grid, uint32_t *within)
{
    uint32_t columns = grid->columns, topics = columns - 1, layer = last_layer(grid);
    uint32_t *voices = grid->voices + layer;
    const uint32_t *messages = grid->messages + layer;

    memset(within, 0, grid->real * columns * sizeof *within);
    for (uint32_t n = grid->real; n-- > 0;) {
        uint32_t of = n * columns, of_topics = 0, into = grid->parent[n] * columns;

        for (uint32_t c = 1; c < topics; c++) {
            raise(&voices[of], voices[of + c]);
            of_topics += voices[of + c];
        }
        lower(grid, layer + of, of_topics, messages[of + topics]);
        for (uint32_t c = 0; c < topics && grid->parent[n] != NOWHERE; c++) {
            raise(&voices[into + c], voices[of + c]);
            within[into + c] += voices[of + c];
        }
    }
    for (uint32_t n = 0; n < grid->real; n++)
        for (uint32_t c = 0; c < topics && grid->somewhere[n] != NOWHERE; c++)
            lower(grid, layer + n * columns + c, within[n * columns + c],
                  messages[grid->somewhere[n] * columns + c]);
}

/* People above 256 are estimates, each with an error of its own, so a ward may seem to have more of
 * them than its city.  Numbers that contradict each other help nobody to read them, and what
 * follows from them could not be worked out step by step: two such windows of eight weeks took as
 * long as all others.  So a total gets no fewer people than its largest part, and than a day of it
 * that was told, nor more than its parts together.  What is exact agrees already. */
static void agree(struct grid *grid, struct arena *job)
{
    uint32_t *within = arena_array(job, grid->real * grid->columns, sizeof *within);
    uint32_t per_layer = grid->nodes * grid->columns;

    for (uint32_t at = last_layer(grid); at < box(grid); at++)
        grid->voices[at] = grid->cells[at] ? grid->cells[at]->voices : 0;
    for (uint32_t at = 0; at < last_layer(grid); at++)
        if (!grid->hidden[at] && grid->crowded[last_layer(grid) + at % per_layer])
            raise(&grid->voices[last_layer(grid) + at % per_layer], grid->row[at]->voices);
    for (int level = 0; level < LEVEL_WARD; level++)
        agree_once(grid, within);
}

static struct release_row shown_row(const struct grid *grid, uint32_t at)
{
    const struct cell *cell = grid->cells[at];
    uint32_t voices = grid->voices[at];
    bool range = is_range(cell);

    return (struct release_row){
        .key = cell->key,
        .shown = range ? RELEASED_RANGE : RELEASED_NUMBER,
        .k = grid->k,
        .voices = voices,
        .voices_upper = range && cell->voices_sum > voices ? cell->voices_sum : voices,
        .messages = cell->messages,
        .copies = cell->copies,
        .sources = cell->sources,
        .replayed = cell->replayed,
    };
}

/* What a row says of its cell. */
struct told {
    struct interval of[COUNTS];
};

static struct told told_by(const struct release_row *row)
{
    return (struct told){{
        [COUNT_MESSAGES] = {row->messages, row->messages},
        [COUNT_COPIES] = {row->copies, row->copies},
        [COUNT_FIRSTS] = {less(row->messages, row->copies), less(row->messages, row->copies)},
        [COUNT_VOICES] = {row->voices, row->voices_upper},
        [COUNT_SOURCES] = {row->sources, row->sources},
    }};
}

static struct told told_of(const struct grid *grid, uint32_t at)
{
    struct release_row row = shown_row(grid, at);

    return told_by(&row);
}

/* What is public before the last layer is. */
static void tell_days(struct grid *grid)
{
    static const struct told nothing;

    margins_forget(&grid->margins);
    for (uint32_t at = 0; at < box(grid); at++) {
        struct told told;

        if (impossible(grid, at / grid->columns % grid->nodes, at % grid->columns)) {
            margins_tell(&grid->margins, at, nothing.of);
        } else if (at < last_layer(grid) && !grid->hidden[at]) {
            told = told_by(grid->row[at]);
            margins_tell(&grid->margins, at, told.of);
        }
    }
}

static bool told_in_last(const struct grid *grid, uint32_t at)
{
    return !grid->hidden[at] &&
           !impossible(grid, at / grid->columns % grid->nodes, at % grid->columns);
}

static void solve_days(struct grid *grid)
{
    tell_days(grid);
    margins_solve(&grid->margins);
    grid->unsure = grid->margins.contradicted;
    for (uint32_t at = 0; at < last_layer(grid); at++) {
        grid->before[at][0] = *margins_at(&grid->margins, at, COUNT_MESSAGES);
        grid->before[at][1] = *margins_at(&grid->margins, at, COUNT_VOICES);
    }
    margins_keep(&grid->margins);
}

/* Everything that is public if the grid is released as it stands, then what follows from it. */
static void solve_afresh(struct grid *grid)
{
    tell_days(grid);
    for (uint32_t at = last_layer(grid); at < box(grid); at++)
        if (told_in_last(grid, at)) {
            struct told told = told_of(grid, at);

            margins_tell(&grid->margins, at, told.of);
        }
    margins_solve(&grid->margins);
}

/* The same end, from what the days tell on. */
static void solve(struct grid *grid)
{
    if (!grid->unsure) {
        margins_restore(&grid->margins);
        for (uint32_t at = last_layer(grid); at < box(grid); at++)
            if (told_in_last(grid, at)) {
                struct told told = told_of(grid, at);

                margins_learn(&grid->margins, at, told.of);
            }
        margins_follow(&grid->margins);
    }
    if (grid->unsure || grid->margins.contradicted)
        solve_afresh(grid);
}

static bool narrow(const struct grid *grid, uint32_t at, enum count count)
{
    const struct interval *interval = margins_at(&grid->margins, at, count);

    return interval->high - interval->low < grid->k + grid->k / SPARE;
}

/* Is there somebody in this cell who would be told apart?  `count` says by which number. */
static bool exposed(const struct grid *grid, uint32_t at, enum count *count)
{
    static const enum count told[2] = {COUNT_MESSAGES, COUNT_VOICES};
    bool nameless =
        at / grid->columns % grid->nodes >= grid->real || at % grid->columns == grid->columns - 1;
    bool last = at >= last_layer(grid);

    if (!grid->hidden[at] || margins_at(&grid->margins, at, COUNT_MESSAGES)->high == 0)
        return false;
    if (last && (grid->crowded[at] || !grid->messages[at]))
        return false;
    if (last && nameless && grid->messages[at] >= grid->k)
        return false;
    for (size_t i = 0; i < 2; i++) {
        const struct interval *now = margins_at(&grid->margins, at, told[i]);
        struct interval was = grid->before[at][i];

        *count = told[i];
        if (narrow(grid, at, told[i]) && (last || now->high - now->low < was.high - was.low))
            return true;
    }
    return false;
}

/* The cheapest cell of a margin that can still be hidden, or NOWHERE. */
static uint32_t cheapest(const struct grid *grid, uint32_t equation)
{
    const struct margins *margins = &grid->margins;
    uint32_t best = NOWHERE;

    for (uint32_t i = margins->first[equation]; i < margins->first[equation + 1]; i++) {
        uint32_t at = margins->members[i];

        if (at < last_layer(grid) || grid->hidden[at])
            continue;
        if (best == NOWHERE || grid->messages[at] < grid->messages[best] ||
            (grid->messages[at] == grid->messages[best] && at > best))
            best = at;
    }
    return best;
}

/* Of the margins of `at` with something left to hide, the one that pins it down most. */
static uint32_t tightest(const struct grid *grid, uint32_t at, enum count count)
{
    const struct margins *margins = &grid->margins;
    uint32_t best = NOWHERE;
    int64_t least = 0;

    for (uint32_t i = margins->of_first[at]; i < margins->of_first[at + 1]; i++) {
        uint32_t e = margins->of[i];
        struct interval interval = margins_implied(margins, e, at, count);
        int64_t low = interval.low > 0 ? interval.low : 0, width = interval.high - low;

        if ((best == NOWHERE || width < least) && grid->left[e]) {
            best = e;
            least = width;
        }
    }
    return best;
}

/* Margins of `at` that were not seen yet join the queue; returns the new length. */
static uint32_t visit(struct grid *grid, uint32_t at, uint32_t length)
{
    const struct margins *margins = &grid->margins;

    grid->passed[at] = true;
    grid->cells_passed[grid->passed_count++] = at;
    for (uint32_t i = margins->of_first[at]; i < margins->of_first[at + 1]; i++)
        if (!grid->seen[margins->of[i]]) {
            grid->seen[margins->of[i]] = true;
            grid->queue[length++] = margins->of[i];
        }
    return length;
}

static bool is_spent(const struct grid *grid, uint32_t at)
{
    const struct margins *margins = &grid->margins;

    for (uint32_t i = margins->of_first[at]; i < margins->of_first[at + 1]; i++)
        if (grid->spent[margins->of[i]])
            return true;
    return false;
}

/* The search is over; what it went through leads nowhere unless it found something. */
static void end_search(struct grid *grid, uint32_t length, bool found)
{
    for (uint32_t i = 0; i < length; i++) {
        grid->seen[grid->queue[i]] = false;
        grid->spent[grid->queue[i]] = !found;
    }
    for (; grid->passed_count; grid->passed_count--)
        grid->passed[grid->cells_passed[grid->passed_count - 1]] = false;
}

/* The nearest margin with something to hide, by way of hidden cells: for a hidden day, whose own
 * neighbours are published already, and where the neighbours are all hidden.  Where a search ends
 * with nothing, so does every later one that begins there, since rounds only hide; on a quiet day
 * nearly all cells are exposed and would walk the same way, which was half of taking in 20,000
 * posts. */
static uint32_t nearest(struct grid *grid, uint32_t from)
{
    const struct margins *margins = &grid->margins;
    uint32_t length, found = NOWHERE;

    if (is_spent(grid, from))
        return NOWHERE;
    length = visit(grid, from, 0);
    for (uint32_t head = 0; head < length; head++) {
        uint32_t e = grid->queue[head];

        if (grid->left[e]) {
            found = e;
            break;
        }
        for (uint32_t m = margins->first[e]; m < margins->first[e + 1]; m++)
            if (grid->hidden[margins->members[m]] && !grid->passed[margins->members[m]])
                length = visit(grid, margins->members[m], length);
    }
    end_search(grid, length, found != NOWHERE);
    return found;
}

static void count_left(struct grid *grid)
{
    const struct margins *margins = &grid->margins;

    for (uint32_t at = last_layer(grid); at < box(grid); at++)
        for (uint32_t i = margins->of_first[at]; i < margins->of_first[at + 1]; i++)
            grid->left[margins->of[i]] += !grid->hidden[at];
}

static void hide(struct grid *grid, uint32_t at)
{
    const struct margins *margins = &grid->margins;

    grid->hidden[at] = true;
    for (uint32_t i = margins->of_first[at]; i < margins->of_first[at + 1]; i++)
        grid->left[margins->of[i]]--;
}

/* One round: for each exposed cell one more is hidden, at most one a margin.  False: nothing is
 * exposed (or nothing is left to hide). */
static bool hide_more(struct grid *grid, struct arena *job)
{
    struct arena_mark mark = arena_mark(job);
    bool *widened = arena_array(job, grid->margins.equations, sizeof *widened), hidden = false;
    enum count count;

    for (uint32_t at = 0; at < box(grid); at++) {
        uint32_t equation;

        if (!exposed(grid, at, &count))
            continue;
        equation = tightest(grid, at, count);
        if (equation == NOWHERE)
            equation = nearest(grid, at);
        if (equation == NOWHERE || widened[equation])
            continue;
        hide(grid, cheapest(grid, equation));
        widened[equation] = hidden = true;
    }
    arena_rewind(job, mark);
    return hidden;
}

static void count_bare(struct grid *grid)
{
    enum count count;

    grid->bare_count = 0;
    for (uint32_t at = 0; at < box(grid); at++) {
        grid->bare[at] = exposed(grid, at, &count);
        grid->bare_count += grid->bare[at];
    }
}

/* Shows one cell again, unless something comes to light by it.  The margins are solved and what is
 * bare is counted, and is so again at the end: only what moved is looked at. */
static void try_showing(struct grid *grid, uint32_t at)
{
    struct margins *margins = &grid->margins;
    struct told told = told_of(grid, at);
    uint32_t bare_count = grid->bare_count;
    enum count count;

    grid->hidden[at] = false;
    margins_watch(margins);
    margins_learn(margins, at, told.of);
    margins_follow(margins);
    for (uint32_t i = 0; i < margins->touched_count; i++) {
        uint32_t touched = margins->touched[i];

        bare_count += exposed(grid, touched, &count);
        bare_count -= grid->bare[touched];
    }
    if (bare_count) {
        grid->hidden[at] = true;
        margins_take_back(margins);
        return;
    }
    for (uint32_t i = 0; i < margins->touched_count; i++)
        grid->bare[margins->touched[i]] = false;
    grid->bare_count = 0;
}

static void try_showing_afresh(struct grid *grid, uint32_t at)
{
    grid->hidden[at] = false;
    solve_afresh(grid);
    count_bare(grid);
    grid->hidden[at] = grid->bare_count != 0;
}

/* Tries all that were hidden without being below k, largest first. */
static void try_all(struct grid *grid, bool afresh, struct arena *job)
{
    uint32_t *order = arena_array(job, box(grid), sizeof *order), n = 0;
    uint32_t looks = SECOND_LOOKS / box(grid);

    for (uint32_t at = last_layer(grid); at < box(grid); at++)
        if (grid->hidden[at] && grid->crowded[at])
            order[n++] = at;
    for (uint32_t i = 0; i < n && i < looks; i++) {
        for (uint32_t j = i + 1; j < n; j++)
            if (grid->messages[order[j]] > grid->messages[order[i]]) {
                uint32_t larger = order[j];

                order[j] = order[i];
                order[i] = larger;
            }
        if (afresh)
            try_showing_afresh(grid, order[i]);
        else
            try_showing(grid, order[i]);
    }
}

/* Takes back what was hidden without need: a round hides for each exposed cell without seeing that
 * one cell may serve several.  What one more number tells spreads from its own margins; only where
 * numbers contradict each other (estimates do) may that end elsewhere than solving all afresh, so
 * then the end is solved afresh, and if anything came to light everything is tried again so. */
static void show_again(struct grid *grid, struct arena *job)
{
    struct arena_mark mark = arena_mark(job);
    bool *hidden = arena_array(job, box(grid), sizeof *hidden);

    memcpy(hidden, grid->hidden, box(grid) * sizeof *hidden);
    count_bare(grid);
    try_all(grid, false, job);
    if (grid->margins.contradicted) {
        solve_afresh(grid);
        count_bare(grid);
        if (grid->bare_count) {
            memcpy(grid->hidden, hidden, box(grid) * sizeof *hidden);
            try_all(grid, true, job);
        }
    }
    arena_rewind(job, mark);
}

static void suppress(struct grid *grid, struct arena *job)
{
    solve_days(grid);
    count_left(grid);
    do
        solve(grid);
    while (hide_more(grid, job));
    show_again(grid, job);
}

static void write_rows(const struct grid *grid, struct arena *job, struct release_row **rows,
                       size_t *row_count)
{
    const struct cell *any = grid->question->cells;
    uint32_t topics = grid->columns - 1;
    struct release_row *out = arena_array(job, (size_t)grid->real * topics, sizeof *out);

    *rows = out;
    for (uint32_t node = 0; node < grid->real; node++)
        for (uint32_t topic = 0; topic < topics; topic++, out++) {
            uint32_t at = cell_at(grid, grid->layers - 1, node, topic);

            *out = (struct release_row){.shown = RELEASED_BELOW, .k = grid->k};
            if (!grid->hidden[at])
                *out = shown_row(grid, at);
            out->key = (struct cell_key){.window = any->key.window,
                                         .start = any->key.start,
                                         .place = grid->place_of[node],
                                         .topic = topic};
            out->replayed = any->replayed;
        }
    *row_count = (size_t)(out - *rows);
}

void release_rows(const struct release_question *question, struct arena *job,
                  struct release_row **rows, size_t *row_count)
{
    struct grid grid = {.question = question, .k = floor_of(question->k)};

    *rows = NULL;
    *row_count = 0;
    if (!question->cell_count)
        return;
    lay_out(&grid, job);
    write_margins(&grid, job);
    apply_threshold(&grid);
    agree(&grid, job);
    suppress(&grid, job);
    write_rows(&grid, job, rows, row_count);
}

static const struct released *below(uint32_t k, struct arena *request)
{
    return released_make_(RELEASED_BELOW, floor_of(k), 0, (struct text){NULL, 0}, request);
}

const struct released *release_number(const struct release_row *row, enum measure measure,
                                      struct arena *request)
{
    const uint32_t numbers[] = {row->voices, row->messages, row->copies, row->sources};
    uint32_t number = numbers[measure], upper = number;
    enum released_kind kind = RELEASED_NUMBER;

    if (row->shown == RELEASED_BELOW || row->voices < floor_of(row->k))
        return below(row->k, request);
    if (row->shown == RELEASED_RANGE && measure == MEASURE_VOICES) {
        kind = RELEASED_RANGE;
        upper = row->voices_upper;
    }
    return released_make_(kind, number, upper, (struct text){NULL, 0}, request);
}

enum rc release_phrase(const struct story_phrase *phrase, uint32_t k, struct arena *request,
                       const struct released **out, struct err *err)
{
    if (!phrase->published && phrase->voices < floor_of(k))
        return err_set(err, RC_REFUSED,
                       "a phrase leaves when at least %u people used it or a publisher published "
                       "it (PRIVACY P6); show the story without it",
                       floor_of(k));
    *out = phrase->voices < floor_of(k)
               ? released_make_(RELEASED_PUBLISHED, 0, 0, phrase->text, request)
               : released_make_(RELEASED_PHRASE, phrase->voices, phrase->voices, phrase->text,
                                request);
    return RC_OK;
}

const struct released *release_published(const struct publication *publication, bool title,
                                         struct arena *request)
{
    return released_make_(RELEASED_PUBLISHED, 0, 0,
                          title ? publication->title : publication->summary, request);
}

const struct released *release_count(uint32_t number, uint32_t voices, uint32_t k,
                                     struct arena *request)
{
    if (voices < floor_of(k))
        return below(k, request);
    return released_make_(RELEASED_NUMBER, number, number, (struct text){NULL, 0}, request);
}

const struct released *release_rounded(uint32_t number, uint32_t voices, uint32_t k,
                                       struct arena *request)
{
    uint32_t rounded = number - number % floor_of(k);

    if (!rounded || voices < floor_of(k))
        return below(k, request);
    return released_make_(RELEASED_AT_LEAST, rounded, rounded, (struct text){NULL, 0}, request);
}
