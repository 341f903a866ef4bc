/* windows.c - counting in open windows; see windows.h.
 *
 *   item -> (day, week[, hour]) x (city, group, ward) x (all topics, its topic)   + its story
 *        -> ([5 minutes])       x (city)              x (all topics, its topic)
 *
 * Place finer than the city is counted only for what carries a service topic (PRIVACY P11).
 * Two sets of people a cell: everybody, and those who sent something that is no near copy; the
 * second is what rises are asked about, so that one text pasted a thousand times is not a thousand
 * people.
 */
#include "engine/windows.h"

#include "base/hash.h"
#include "engine/closing.h"
#include "engine/open_window.h"

#include <stdlib.h>
#include <string.h>

static void number_families(struct windows *windows)
{
    const struct settings *settings = windows->config.settings;

    for (uint32_t i = 0; i < settings->source_count; i++) {
        uint32_t first = 0;

        while (!str_eq(settings->sources[first].family, settings->sources[i].family))
            first++;
        windows->family_of[i] = (uint64_t)1 << (first & 63);
    }
}

struct windows *windows_new(const struct windows_config *config, struct arena *process)
{
    struct windows *windows = arena_alloc(process, sizeof *windows);

    windows->config = *config;
    windows->secrets = sodium_allocarray(OPEN_WINDOWS, sizeof *windows->secrets);
    MUST(windows->secrets);
    windows->latest = TIME_UNKNOWN;
    if (!config->history) {
        windows->kinds[windows->kind_count++] = WINDOW_5MIN;
        windows->kinds[windows->kind_count++] = WINDOW_HOUR;
    }
    windows->kinds[windows->kind_count++] = WINDOW_DAY;
    windows->kinds[windows->kind_count++] = WINDOW_WEEK;
    number_families(windows);
    windows->closing = closing_new(config->settings, config->next_alarm, process);
    return windows;
}

static void window_drop(struct open_window *open)
{
    for (size_t i = 0; i < open->n; i++) {
        distinct_free(&open->cells[i].people);
        distinct_free(&open->cells[i].fresh);
    }
    free(open->cells);
    map_free(&open->index);
    sodium_memzero(open->secret, sizeof *open->secret);
    sodium_memzero(open, sizeof *open);
}

void windows_free(struct windows *windows)
{
    for (int i = 0; i < OPEN_WINDOWS; i++)
        if (windows->open[i].used)
            window_drop(&windows->open[i]);
    sodium_free(windows->secrets);
    free(windows->closed);
    closing_free(windows->closing);
}

uint64_t windows_late(const struct windows *windows)
{
    return windows->late;
}

int64_t windows_latest(const struct windows *windows)
{
    return windows->latest;
}

/* Whether the window is past: an hour behind the largest time heard. */
static bool is_past(const struct windows *windows, enum window window, int64_t start)
{
    return windows->latest != TIME_UNKNOWN &&
           start + window_length(window) + WINDOWS_LATENESS_MS <= windows->latest;
}

bool windows_open_at(const struct windows *windows, int64_t heard)
{
    return !is_past(windows, WINDOW_WEEK,
                    window_start(WINDOW_WEEK, heard, windows->config.settings->zone));
}

/* A secret that is none: for a store in memory, where nothing outlives the process. */
static void hash_into_secret(enum window window, int64_t start,
                             unsigned char secret[crypto_shorthash_KEYBYTES])
{
    const uint64_t parts[2] = {hash_pair((uint64_t)start, window),
                               hash_pair(window, ~(uint64_t)start)};

    memcpy(secret, parts, crypto_shorthash_KEYBYTES);
}

static void key_tags(struct window_secret *secret)
{
    crypto_generichash(secret->tags, sizeof secret->tags, (const unsigned char *)"tags", 4,
                       secret->whole, sizeof secret->whole);
}

static struct open_window *open_window(struct windows *windows, enum window window, int64_t start)
{
    struct open_window *open = windows->open;

    while (open->used)
        MUST(++open < windows->open + OPEN_WINDOWS);
    open->used = true;
    open->window = window;
    open->start = start;
    open->secret = &windows->secrets[open - windows->open];
    if (windows->config.reproducible) {
        hash_into_secret(window, start, open->secret->tags);
    } else {
        randombytes_buf(open->secret->whole, sizeof open->secret->whole);
        key_tags(open->secret);
    }
    map_init(&open->index, CELLS_MAX);
    return open;
}

struct open_window *windows_find(struct windows *windows, enum window window, int64_t start)
{
    for (int i = 0; i < OPEN_WINDOWS; i++)
        if (windows->open[i].used && windows->open[i].window == window &&
            windows->open[i].start == start)
            return &windows->open[i];
    return NULL;
}

/* The window that a new item counts in: its own, or the oldest that is not past. */
static struct open_window *window_for(struct windows *windows, enum window window, int64_t heard)
{
    struct zone zone = windows->config.settings->zone;
    int64_t start = window_start(window, heard, zone);
    struct open_window *open;

    if (is_past(windows, window, start))
        start = window_start(window, windows->latest - WINDOWS_LATENESS_MS, zone);
    open = windows_find(windows, window, start);
    return open ? open : open_window(windows, window, start);
}

static uint64_t cell_secret(const struct open_window *open, struct cell_key key)
{
    uint64_t hash = cell_key_hash(key), secret;

    crypto_shorthash((unsigned char *)&secret, (const unsigned char *)&hash, sizeof hash,
                     open->secret->tags);
    return secret;
}

void windows_rekey(struct open_window *open, const unsigned char whole[HOLDER_SECRET])
{
    memcpy(open->secret->whole, whole, HOLDER_SECRET);
    key_tags(open->secret);
    for (size_t i = 0; i < open->n; i++)
        open->cells[i].secret = cell_secret(open, open->cells[i].row.key);
}

struct open_cell *windows_cell(struct open_window *open, struct cell_key key)
{
    bool fresh;
    uint64_t *at = map_put(&open->index, cell_key_hash(key), &fresh);

    if (!at)
        err_abort(__FILE__, __LINE__, "too many cells in one window");
    if (!fresh)
        return &open->cells[*at];
    if (open->n == open->capacity) {
        open->capacity = open->capacity ? open->capacity * 2 : 64;
        open->cells = realloc(open->cells, open->capacity * sizeof *open->cells);
        MUST(open->cells);
    }
    *at = open->n;
    open->cells[open->n] = (struct open_cell){.row.key = key, .secret = cell_secret(open, key)};
    return &open->cells[open->n++];
}

static void tally_source(struct windows *windows, struct open_cell *cell, uint32_t source)
{
    uint32_t families;
    struct tally *least = &cell->tallies[0];

    for (int i = 0; i < TALLIES; i++) {
        if (cell->tallies[i].messages && cell->tallies[i].source == source) {
            least = &cell->tallies[i];
            break;
        }
        if (cell->tallies[i].messages < least->messages)
            least = &cell->tallies[i];
    }
    least->source = source;
    least->messages++;
    if (least->messages > cell->row.top_source)
        cell->row.top_source = least->messages;
    cell->families |= windows->family_of[source];
    families = (uint32_t)__builtin_popcountll(cell->families);
    if (families > cell->row.sources)
        cell->row.sources = families;
}

/* The sets of the cells of one item lie far apart: while the tag for the next is made the memory
 * comes in for those before.  Without that, distinct_add was waiting for it three quarters of its
 * time. */
static void add_voice(struct windows *windows, struct open_window *open, struct open_cell *cell,
                      const struct counted *item)
{
    uint64_t tag = distinct_tag(item->voice, cell->secret);

    MUST(windows->voiced_count < VOICED_MAX);
    distinct_prefetch(&cell->people, tag);
    if (!item->copy)
        distinct_prefetch(&cell->fresh, tag);
    windows->voiced[windows->voiced_count++] =
        (struct voiced){open, (size_t)(cell - open->cells), tag, item->copy};
}

static void add_voices(struct windows *windows)
{
    for (size_t i = 0; i < windows->voiced_count; i++) {
        const struct voiced *voiced = &windows->voiced[i];
        struct open_cell *cell = &voiced->open->cells[voiced->cell];

        cell->added += cell->added < UINT32_MAX;
        MUST(distinct_add(&cell->people, voiced->tag));
        if (!voiced->copy)
            MUST(distinct_add(&cell->fresh, voiced->tag));
    }
    windows->voiced_count = 0;
}

static void count_in_cell(struct windows *windows, struct open_window *open, struct cell_key key,
                          const struct counted *item)
{
    struct open_cell *cell = windows_cell(open, key);
    struct cell *row = &cell->row;

    if (item->voice.known)
        add_voice(windows, open, cell, item);
    row->messages++;
    row->copies += item->copy;
    row->tokenless += !item->voice.known;
    row->replayed |= item->replayed;
    tally_source(windows, cell, item->source);
    cell->changed = cell->touched = true;
}

/* A known item adds no message; its voice counts once more where its cell is still open, unless it
 * is in the sets already. */
static void count_again(struct windows *windows, struct open_window *open, struct cell_key key,
                        const struct counted *item)
{
    const uint64_t *at = map_find(&open->index, cell_key_hash(key));
    struct open_cell *cell;

    if (!at || (item->item && (item->item < open->gap_from || item->item >= open->gap_to)))
        return;
    cell = &open->cells[*at];
    cell->again++;
    if (cell->before)
        tally_source(windows, cell, item->source);
    if (item->voice.known)
        add_voice(windows, open, cell, item);
    cell->touched = windows->touched = true;
}

static void count_at(struct windows *windows, struct open_window *open, struct cell_key key,
                     const struct counted *item)
{
    if (item->known)
        count_again(windows, open, key, item);
    else
        count_in_cell(windows, open, key, item);
}

static void count_at_place(struct windows *windows, struct open_window *open, uint32_t place,
                           const struct counted *item)
{
    struct cell_key key = {.window = open->window, .start = open->start, .place = place};

    count_at(windows, open, key, item);
    key.topic = item->topic;
    if (item->topic)
        count_at(windows, open, key, item);
}

/* Cells by language, which only a filter has: by no place and under a number that is no topic's. */
static struct cell_key language_key(const struct open_window *open, uint32_t language)
{
    return (struct cell_key){.window = open->window, .start = open->start, .topic = language};
}

/* The window an item is counted in; NULL when what may only count in its own finds that closed. */
static struct open_window *window_of(struct windows *windows, enum window window,
                                     const struct counted *item)
{
    int64_t start = window_start(window, item->heard, windows->config.settings->zone);

    if (item->known || (item->early && is_past(windows, window, start)))
        return windows_find(windows, window, start);
    return window_for(windows, window, item->heard);
}

/* Whether the day of a new item closed before it came; told once an item, whatever counts it. */
static bool is_late(const struct windows *windows, const struct counted *item)
{
    return !item->known && !item->early &&
           is_past(windows, WINDOW_DAY,
                   window_start(WINDOW_DAY, item->heard, windows->config.settings->zone));
}

enum { THE_CITY = 1 };

void windows_count(struct windows *windows, const struct counted *item, struct arena *batch,
                   struct outcome *outcome)
{
    const struct gazetteer *places = &windows->config.settings->places;
    enum place_level finest = gazetteer_finest(places);

    windows_advance(windows, item->heard, batch, outcome);
    windows->late += is_late(windows, item);
    for (size_t i = 0; i < windows->kind_count; i++) {
        struct open_window *open = window_of(windows, windows->kinds[i], item);

        if (!open)
            continue;
        open->fresh_items += !item->known;
        windows->touched |= !item->known;
        count_at_place(windows, open, THE_CITY, item);
        if (item->language)
            count_at(windows, open, language_key(open, item->language), item);
        if (windows->kinds[i] == WINDOW_5MIN) /* a row a topic: wards would be a row an item */
            continue;
        for (enum place_level level = LEVEL_GROUP; item->topic && level <= finest; level++) {
            uint32_t place = place_at(places, item->place, level);

            if (place)
                count_at_place(windows, open, place, item);
        }
    }
    add_voices(windows);
}

static void limit(uint32_t *number, uint32_t most)
{
    *number = *number > most ? most : *number;
}

/* Never more people than messages, whatever parts say of messages that are gone. */
static void limit_people(struct cell *row)
{
    limit(&row->voices_sum, row->messages - row->tokenless);
    limit(&row->voices, row->messages - row->tokenless);
    limit(&row->fresh, row->voices);
    limit(&row->fresh, row->messages - row->copies);
}

/* Sources of the time before this run are not remembered one by one. */
static void untally_source(struct open_cell *cell, uint32_t source)
{
    uint32_t before = 0, most = 0;

    for (int i = 0; i < TALLIES; i++) {
        struct tally *tally = &cell->tallies[i];

        before = tally->messages > before ? tally->messages : before;
        tally->messages -= tally->messages && tally->source == source;
        most = tally->messages > most ? tally->messages : most;
    }
    if (before == cell->row.top_source)
        cell->row.top_source = most;
    limit(&cell->row.top_source, cell->row.messages);
}

static void withdraw(struct open_window *open, struct cell_key key, const struct counted *item)
{
    const uint64_t *at = map_find(&open->index, cell_key_hash(key));
    struct open_cell *cell = at ? &open->cells[*at] : NULL;
    struct cell *row = at ? &cell->row : NULL;

    if (!at || !row->messages)
        return;
    row->messages--;
    row->copies -= row->copies && (item->copy || row->copies > row->messages);
    row->tokenless -= row->tokenless && (!item->voice.known || row->tokenless > row->messages);
    untally_source(cell, item->source);
    limit_people(row);
    limit(&cell->before, row->messages);
    cell->changed = cell->touched = true;
}

static void withdraw_at_place(struct open_window *open, uint32_t place, const struct counted *item)
{
    struct cell_key key = {.window = open->window, .start = open->start, .place = place};

    withdraw(open, key, item);
    key.topic = item->topic;
    if (item->topic)
        withdraw(open, key, item);
}

void windows_withdraw(struct windows *windows, const struct counted *item)
{
    const struct gazetteer *places = &windows->config.settings->places;
    struct zone zone = windows->config.settings->zone;

    if (!windows_find(windows, WINDOW_DAY, window_start(WINDOW_DAY, item->heard, zone)))
        return;
    for (size_t i = 0; i < windows->kind_count; i++) {
        enum window kind = windows->kinds[i];
        struct open_window *open =
            windows_find(windows, kind, window_start(kind, item->heard, zone));

        if (!open)
            continue;
        withdraw_at_place(open, THE_CITY, item);
        for (enum place_level level = LEVEL_GROUP; item->topic && level <= gazetteer_finest(places);
             level++) {
            uint32_t place = place_at(places, item->place, level);

            if (place)
                withdraw_at_place(open, place, item);
        }
        if (item->story)
            withdraw(open,
                     (struct cell_key){.window = kind, .start = open->start, .story = item->story},
                     item);
    }
}

void windows_merge(struct windows *windows, uint64_t from, uint64_t into)
{
    closing_merge(windows->closing, from, into);
}

void windows_count_story(struct windows *windows, const struct counted *item)
{
    for (size_t i = 0; i < windows->kind_count; i++) {
        struct open_window *open = window_of(windows, windows->kinds[i], item);
        struct cell_key key = {.story = item->story};

        if (!open || open->window == WINDOW_5MIN)
            continue;
        key.window = open->window;
        key.start = open->start;
        count_at(windows, open, key, item);
    }
    add_voices(windows);
}

/* How many people: a floor that never exceeds the truth until that reaches k, the best estimate
 * from there on; so no estimate ever lifts a cell over k. */
static uint32_t how_many(const struct distinct *people, uint32_t k)
{
    uint32_t least = distinct_floor(people);

    return least >= k ? distinct_estimate(people) : least;
}

bool windows_is_whole(const struct open_cell *cell)
{
    return cell->again >= cell->before; /* what the sets lacked was read again in this run */
}

/* Puts the people of its sets into the row, beside the parts that are lost (PRIVACY P2, made
 * exact). */
static void take_part(struct open_cell *cell, uint32_t k)
{
    struct cell *row = &cell->row;
    uint32_t people = how_many(&cell->people, k), fresh = how_many(&cell->fresh, k);
    bool whole = windows_is_whole(cell);
    struct parts lost = whole ? (struct parts){0} : cell->lost;

    limit(&people, row->messages - row->tokenless);
    limit(&fresh, people);
    row->parts = lost.n + 1;
    row->voices_sum = lost.voices_sum + people;
    row->voices = people > lost.voices ? people : lost.voices;
    row->fresh = fresh > lost.fresh ? fresh : lost.fresh;
    row->interrupted = !whole;
    limit_people(row);
}

/* A run without new items stores no part, unless an earlier one was killed before it could, or what
 * was interrupted was read again. */
static bool leaves_part(const struct open_window *open, const struct open_cell *cell)
{
    return cell->restored || open->fresh_items || cell->row.parts == 0 ||
           (cell->row.interrupted && windows_is_whole(cell));
}

static int compare_cells(const void *a, const void *b)
{
    return cell_key_cmp(((const struct open_cell *)a)->row.key,
                        ((const struct open_cell *)b)->row.key);
}

void windows_let_go(struct windows *windows, enum window window, int64_t start)
{
    if (!windows->config.holder)
        return;
    if (windows->closed_count == windows->closed_capacity) {
        windows->closed_capacity = windows->closed_capacity ? windows->closed_capacity * 2 : 16;
        windows->closed =
            realloc(windows->closed, windows->closed_capacity * sizeof *windows->closed);
        MUST(windows->closed);
    }
    windows->closed[windows->closed_count++] = (struct held_window){window, start};
}

size_t windows_closed(const struct windows *windows, const struct held_window **out)
{
    *out = windows->closed;
    return windows->closed_count;
}

void windows_kept(struct windows *windows)
{
    for (size_t i = 0; i < windows->closed_count; i++)
        holder_destroy(windows->config.holder, windows->closed[i].window, windows->closed[i].start);
    windows->closed_count = 0;
}

static void close_window(struct windows *windows, struct open_window *open, struct arena *batch,
                         struct outcome *outcome)
{
    struct cell *rows = arena_array(batch, open->n ? open->n : 1, sizeof *rows);
    struct closed_window closed;

    qsort(open->cells, open->n, sizeof *open->cells, compare_cells);
    for (size_t i = 0; i < open->n; i++) {
        if (leaves_part(open, &open->cells[i]))
            take_part(&open->cells[i], windows->config.settings->k);
        rows[i] = open->cells[i].row;
        *vec_push(&outcome->cells, batch) = rows[i];
    }
    closed = (struct closed_window){open->window, open->start, rows, open->n};
    closing_window(windows->closing, &closed, batch, outcome);
    windows_let_go(windows, open->window, open->start);
    window_drop(open);
}

/* The window that is due and began first, the shorter before the longer; NULL when none is due. */
static struct open_window *next_due(struct windows *windows, int64_t time)
{
    struct open_window *due = NULL;

    for (int i = 0; i < OPEN_WINDOWS; i++) {
        struct open_window *open = &windows->open[i];
        int64_t end;

        if (!open->used)
            continue;
        end = open->start + window_length(open->window);
        if (end + WINDOWS_LATENESS_MS > time)
            continue;
        if (!due || end < due->start + window_length(due->window) ||
            (end == due->start + window_length(due->window) && open->window < due->window))
            due = open;
    }
    return due;
}

void windows_advance(struct windows *windows, int64_t time, struct arena *batch,
                     struct outcome *outcome)
{
    struct open_window *due;

    if (time <= windows->latest)
        return;
    windows->latest = time;
    while ((due = next_due(windows, time)))
        close_window(windows, due, batch, outcome);
}

void windows_changed(struct windows *windows, struct arena *batch, struct outcome *outcome)
{
    for (int w = 0; w < OPEN_WINDOWS; w++)
        for (size_t i = 0; i < windows->open[w].n; i++) {
            struct open_cell *cell = &windows->open[w].cells[i];

            if (!cell->changed)
                continue;
            cell->changed = false;
            cell->row.interrupted = cell->row.parts > 0; /* if this run is killed now */
            *vec_push(&outcome->cells, batch) = cell->row;
        }
}

void windows_interrupt(struct windows *windows, struct arena *batch, struct outcome *outcome)
{
    for (int w = 0; w < OPEN_WINDOWS; w++) {
        struct open_window *open = &windows->open[w];

        if (!open->used)
            continue;
        for (size_t i = 0; i < open->n; i++) {
            struct open_cell *cell = &open->cells[i];

            /* what was restored and not touched stands in the store as it is */
            if (!leaves_part(open, cell) || (cell->restored && !cell->touched && !cell->before))
                continue;
            take_part(cell, windows->config.settings->k);
            *vec_push(&outcome->cells, batch) = cell->row;
        }
    }
}

static enum rc load_open(struct windows *windows, struct store *store, enum window window,
                         bool stories, struct arena *job, struct err *err)
{
    struct cell_query query = {.window = window, .stories = stories, .as_counted = true};
    struct cell_list rows;
    enum rc rc;

    query.from = windows->latest - WINDOWS_LATENESS_MS - window_length(window) + 1;
    query.to = INT64_MAX;
    rc = store->driver->cells(store, &query, job, &rows, err);
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        struct open_window *open = window_for(windows, window, rows.v[i].key.start);
        struct open_cell *cell = windows_cell(open, rows.v[i].key);
        const struct cell *row = &rows.v[i];

        cell->row = *row;
        cell->before = row->messages;
        cell->lost = (struct parts){row->parts, row->voices, row->voices_sum, row->fresh};
        open->gap_to = windows->config.next_item;
    }
    return rc;
}

enum rc windows_load(struct windows *windows, struct store *store, int64_t last_heard,
                     struct err *err)
{
    struct arena job;
    enum rc rc = RC_OK;

    if (last_heard == TIME_UNKNOWN)
        return RC_OK;
    windows->latest = last_heard;
    arena_init(&job, "job", 256 * 1024 * 1024);
    for (size_t i = 0; rc == RC_OK && i < windows->kind_count; i++) {
        rc = load_open(windows, store, windows->kinds[i], false, &job, err);
        if (rc == RC_OK)
            rc = load_open(windows, store, windows->kinds[i], true, &job, err);
        if (rc == RC_OK)
            rc = closing_load(windows->closing, store, windows->kinds[i], last_heard, &job, err);
    }
    arena_free(&job);
    return rc;
}
