/* resting.c - sealing and opening what open windows hold; see resting.h.
 *
 * A window is one stream of records, cut into chunks between records.  Its key follows from the
 * window's secret, from the key of voices (other voices would count the same people twice) and from
 * the tables of places, topics and sources, whose indexes stand in the records.
 */
#include "engine/resting.h"

#include "engine/open_window.h"

#include <stdlib.h>
#include <string.h>

enum {
    HEADER = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    MAC = crypto_secretstream_xchacha20poly1305_ABYTES,
    KEY = crypto_secretstream_xchacha20poly1305_KEYBYTES,
    RECORD_LONGEST = 128 * 1024, /* a story with all its candidate phrases */
    SECRETS_LEFT = 3,            /* windows of a kind before the open ones that are looked for */
};
_Static_assert((int)KEY == (int)HOLDER_SECRET, "one secret, one key");

enum record { RECORD_WINDOW = 1, RECORD_CELL, RECORD_STORIES, RECORD_STORY };

struct resting {
    struct windows *windows;
    struct chronicle *chronicle; /* NULL once its window was begun */
    uint64_t next_item;
    struct held_writer writer;
    const struct open_window *list[OPEN_WINDOWS];
    size_t n, at;
    const struct open_window *with_stories;
    /* the window at hand */
    crypto_secretstream_xchacha20poly1305_state stream;
    uint32_t part;
    size_t cell, story;
    unsigned char *plain, *sealed; /* [RESTING_CHUNK], [RESTING_CHUNK + HEADER + MAC] */
};

static void digest_str(crypto_generichash_state *state, struct str s)
{
    const uint64_t n = s.n;

    crypto_generichash_update(state, (const unsigned char *)&n, sizeof n);
    crypto_generichash_update(state, (const unsigned char *)s.p, s.n);
}

/* The key of a window's stream. */
static void key_of(const struct windows *windows, const struct open_window *open,
                   unsigned char key[KEY])
{
    const struct settings *settings = windows->config.settings;
    crypto_generichash_state state;

    crypto_generichash_init(&state, open->secret->whole, HOLDER_SECRET, KEY);
    crypto_generichash_update(&state, holder_voice_key(windows->config.holder), HOLDER_SECRET);
    for (uint32_t i = 0; i < settings->places.n; i++)
        digest_str(&state, settings->places.places[i].code);
    digest_str(&state, STR(""));
    for (uint32_t i = 0; i < settings->topics.n; i++)
        digest_str(&state, settings->topics.topics[i].code);
    digest_str(&state, STR(""));
    for (uint32_t i = 0; i < settings->source_count; i++) {
        digest_str(&state, settings->sources[i].name);
        digest_str(&state, settings->sources[i].family);
    }
    crypto_generichash_final(&state, key, KEY);
    sodium_memzero(&state, sizeof state);
}

/* What a chunk belongs to, authenticated with it. */
struct belonging {
    uint64_t window;
    int64_t start;
};

static struct belonging belongs(const struct open_window *open)
{
    return (struct belonging){(uint64_t)open->window, open->start};
}

static void carry_window(struct open_window *open, uint64_t *next_item, struct carrier *carrier)
{
    carry_u64(carrier, next_item);
    carry_u64(carrier, &open->gap_from);
    carry_u64(carrier, &open->gap_to);
}

/* All of a cell but its row, which the store has. */
static void carry_cell(struct open_cell *cell, struct carrier *carrier)
{
    carry_u64(carrier, &cell->families);
    for (int i = 0; i < TALLIES; i++) {
        carry_u32(carrier, &cell->tallies[i].source);
        carry_u32(carrier, &cell->tallies[i].messages);
    }
    carry_u32(carrier, &cell->lost.n);
    carry_u32(carrier, &cell->lost.voices);
    carry_u32(carrier, &cell->lost.voices_sum);
    carry_u32(carrier, &cell->lost.fresh);
    carry_u32(carrier, &cell->before);
    carry_u32(carrier, &cell->added);
    carry_distinct(carrier, &cell->people, cell->added);
    carry_distinct(carrier, &cell->fresh, cell->added);
}

static void carry_key(struct cell_key *key, struct carrier *carrier)
{
    carry_u64(carrier, &key->story);
    carry_u32(carrier, &key->place);
    carry_u32(carrier, &key->topic);
}

/* --- sealing ---------------------------------------------------------------------------------- */

static void write_kind(struct carrier *carrier, enum record kind)
{
    uint8_t byte = (uint8_t)kind;

    carry_u8(carrier, &byte);
}

static void write_head(struct resting *resting, const struct open_window *open,
                       struct carrier *carrier)
{
    struct open_window head = {.gap_from = open->gap_from, .gap_to = open->gap_to};
    bool whole = true;

    for (size_t i = 0; i < open->n; i++)
        whole &= windows_is_whole(&open->cells[i]);
    if (whole)
        head.gap_from = head.gap_to = 0;
    write_kind(carrier, RECORD_WINDOW);
    carry_window(&head, &resting->next_item, carrier);
}

static void write_cell(const struct open_cell *from, struct carrier *carrier)
{
    struct open_cell cell = *from; /* the sets stay its own */

    if (windows_is_whole(&cell)) {
        cell.lost = (struct parts){0};
        cell.before = 0;
    }
    write_kind(carrier, RECORD_CELL);
    carry_key(&cell.row.key, carrier);
    carry_u32(carrier, &cell.row.messages);
    carry_cell(&cell, carrier);
}

static void write_stories_head(struct resting *resting, struct carrier *carrier)
{
    bool killed;

    write_kind(carrier, RECORD_STORIES);
    chronicle_carry(resting->chronicle, resting->next_item, carrier, &killed);
}

/* Writes the next record of the window; false after the last. */
static bool write_record(struct resting *resting, const struct open_window *open,
                         struct carrier *carrier)
{
    unsigned char *begin = carrier->at;

    if (resting->cell < open->n) {
        write_cell(&open->cells[resting->cell++], carrier);
        return true;
    }
    if (open != resting->with_stories)
        return false;
    write_kind(carrier, RECORD_STORY);
    if (chronicle_rest(resting->chronicle, &resting->story, carrier))
        return true;
    carrier->at = begin;
    return false;
}

/* Seals one chunk of the window at hand into resting->sealed; *last after its last record. */
static size_t seal_chunk(struct resting *resting, const struct open_window *open, bool *last)
{
    const struct belonging belonging = belongs(open);
    struct carrier carrier = {.at = resting->plain, .end = resting->plain + RESTING_CHUNK};
    unsigned char key[KEY], *out = resting->sealed;
    unsigned long long n;

    if (resting->part == 0) {
        key_of(resting->windows, open, key);
        crypto_secretstream_xchacha20poly1305_init_push(&resting->stream, out, key);
        sodium_memzero(key, sizeof key);
        out += HEADER;
        write_head(resting, open, &carrier);
        if (open == resting->with_stories)
            write_stories_head(resting, &carrier);
    }
    *last = false;
    while (!*last && carrier.end - carrier.at >= RECORD_LONGEST)
        *last = !write_record(resting, open, &carrier);
    MUST(!carrier.bad);
    crypto_secretstream_xchacha20poly1305_push(
        &resting->stream, out, &n, resting->plain,
        (unsigned long long)(carrier.at - resting->plain), (const unsigned char *)&belonging,
        sizeof belonging, *last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
    sodium_memzero(resting->plain, (size_t)(carrier.at - resting->plain));
    return (size_t)(out - resting->sealed) + (size_t)n;
}

static bool next_chunk(void *context, struct held_chunk *out)
{
    struct resting *resting = context;
    const struct open_window *open;
    size_t n;
    bool last;

    if (resting->at == resting->n)
        return false;
    open = resting->list[resting->at];
    n = seal_chunk(resting, open, &last);
    *out = (struct held_chunk){.of = {open->window, open->start},
                               .part = resting->part++,
                               .sealed = {(const char *)resting->sealed, n}};
    if (last) {
        resting->at++;
        resting->part = 0;
        resting->cell = 0;
    }
    return true;
}

/* The windows whose secret the holder takes. */
static void choose(struct resting *resting, uint64_t *unkept)
{
    struct windows *windows = resting->windows;

    for (int i = 0; i < OPEN_WINDOWS; i++) {
        const struct open_window *open = &windows->open[i];

        if (!open->used)
            continue;
        if (!holder_keep(windows->config.holder, open->window, open->start, open->secret->whole)) {
            windows_let_go(windows, open->window, open->start);
            ++*unkept;
            continue;
        }
        resting->list[resting->n++] = open;
        if (open->window == WINDOW_WEEK &&
            (!resting->with_stories || open->start < resting->with_stories->start))
            resting->with_stories = open;
    }
}

struct resting *resting_new(struct windows *windows, struct chronicle *chronicle,
                            uint64_t next_item, uint64_t *unkept)
{
    struct resting *resting;

    if (!windows->config.holder || (!windows->touched && next_item == windows->config.next_item))
        return NULL;
    resting = calloc(1, sizeof *resting);
    MUST(resting);
    *resting = (struct resting){.windows = windows,
                                .chronicle = chronicle,
                                .next_item = next_item,
                                .writer = {.next = next_chunk, .context = resting},
                                .plain = malloc(RESTING_CHUNK),
                                .sealed = malloc(RESTING_CHUNK + HEADER + MAC)};
    MUST(resting->plain && resting->sealed);
    choose(resting, unkept);
    return resting;
}

const struct held_writer *resting_writer(const struct resting *resting)
{
    return &resting->writer;
}

void resting_free(struct resting *resting)
{
    if (!resting)
        return;
    free(resting->plain);
    free(resting->sealed);
    sodium_memzero(resting, sizeof *resting);
    free(resting);
}

/* --- taking back ------------------------------------------------------------------------------ */

struct returning {
    struct windows *windows;
    struct chronicle *chronicle;
    struct open_window *open; /* at hand; NULL: its chunks are passed over */
    crypto_secretstream_xchacha20poly1305_state stream;
    bool killed; /* a run came after the one that sealed the stories */
    unsigned char *plain;
};

static bool is_counted(const struct windows *windows, enum window window)
{
    for (size_t i = 0; i < windows->kind_count; i++)
        if (windows->kinds[i] == window)
            return true;
    return false;
}

/* Finds the window and its secret; without them what lies there goes with the next commit. */
static void begin_window(struct returning *returning, const struct held_chunk *chunk)
{
    struct windows *windows = returning->windows;
    struct open_window *open = windows_find(windows, chunk->of.window, chunk->of.start);
    unsigned char whole[HOLDER_SECRET], key[KEY];

    returning->open = NULL;
    if (!is_counted(windows, chunk->of.window))
        return; /* a live run will want it back */
    if (!open || chunk->sealed.n < HEADER + MAC ||
        !holder_find(windows->config.holder, chunk->of.window, chunk->of.start, whole)) {
        windows_let_go(windows, chunk->of.window, chunk->of.start);
        return;
    }
    windows_rekey(open, whole);
    sodium_memzero(whole, sizeof whole);
    key_of(windows, open, key);
    if (crypto_secretstream_xchacha20poly1305_init_pull(
            &returning->stream, (const unsigned char *)chunk->sealed.p, key) == 0)
        returning->open = open;
    sodium_memzero(key, sizeof key);
}

static void read_window(struct returning *returning, struct carrier *carrier)
{
    struct open_window *open = returning->open, head = {.used = false};
    uint64_t sealed_to = 0;

    carry_window(&head, &sealed_to, carrier);
    if (carrier->bad)
        return;
    open->gap_from = head.gap_to ? head.gap_from : sealed_to;
    open->gap_to = head.gap_to ? head.gap_to : returning->windows->config.next_item;
}

/* Messages that came after the sealing are of a run that was killed; fewer: it took some back.  A
 * cell that lacked some before cannot tell the two gaps apart: it stays interrupted. */
static void read_cell(struct returning *returning, struct carrier *carrier)
{
    struct open_window *open = returning->open;
    struct cell_key key = {.window = open->window, .start = open->start};
    struct open_cell *cell;
    uint32_t messages = 0, later;

    carry_key(&key, carrier);
    carry_u32(carrier, &messages);
    if (carrier->bad)
        return;
    cell = windows_cell(open, key);
    if (cell->restored) {
        carrier->bad = true;
        return;
    }
    later = cell->row.messages > messages ? cell->row.messages - messages : 0;
    carry_cell(cell, carrier);
    cell->restored = true;
    if (later)
        cell->before = cell->before ? UINT32_MAX : later;
}

static enum rc read_records(struct returning *returning, struct carrier *carrier, struct err *err)
{
    enum rc rc = RC_OK;

    while (rc == RC_OK && !carrier->bad && carrier->at < carrier->end) {
        uint8_t kind = 0;

        carry_u8(carrier, &kind);
        switch ((enum record)kind) {
        case RECORD_WINDOW:
            read_window(returning, carrier);
            break;
        case RECORD_CELL:
            read_cell(returning, carrier);
            break;
        case RECORD_STORIES:
            chronicle_carry(returning->chronicle, returning->windows->config.next_item, carrier,
                            &returning->killed);
            break;
        case RECORD_STORY:
            rc = chronicle_resume(returning->chronicle, carrier, returning->killed, err);
            break;
        default:
            carrier->bad = true;
        }
    }
    return rc;
}

static enum rc take_chunk(void *context, const struct held_chunk *chunk, struct err *err)
{
    struct returning *returning = context;
    const unsigned char *sealed = (const unsigned char *)chunk->sealed.p;
    size_t sealed_n = chunk->sealed.n;
    struct belonging belonging;
    struct carrier carrier = {.reading = true};
    unsigned long long n;
    unsigned char tag;
    enum rc rc;

    if (chunk->part == 0) {
        begin_window(returning, chunk);
        sealed += HEADER;
        sealed_n -= HEADER;
    }
    if (!returning->open)
        return RC_OK;
    belonging = belongs(returning->open);
    if (sealed_n > RESTING_CHUNK + MAC ||
        crypto_secretstream_xchacha20poly1305_pull(
            &returning->stream, returning->plain, &n, &tag, sealed, sealed_n,
            (const unsigned char *)&belonging, sizeof belonging) != 0) {
        windows_let_go(returning->windows, chunk->of.window, chunk->of.start);
        returning->open = NULL;
        return RC_OK;
    }
    carrier.at = returning->plain;
    carrier.end = carrier.at + n;
    rc = read_records(returning, &carrier, err);
    sodium_memzero(returning->plain, (size_t)n);
    if (rc == RC_OK && carrier.bad)
        rc = err_set(err, RC_BROKEN, "what lies sealed of a window cannot be read");
    return rc;
}

/* A run that was killed between a close and its end left secrets that nobody needs. */
static void destroy_secrets_left(const struct windows *windows)
{
    struct zone zone = windows->config.settings->zone;

    for (size_t i = 0; i < windows->kind_count; i++) {
        enum window kind = windows->kinds[i];
        int64_t start = window_start(kind, windows->latest - WINDOWS_LATENESS_MS, zone);

        for (int n = 0; n < SECRETS_LEFT; n++) {
            start = window_start(kind, start - 1, zone);
            holder_destroy(windows->config.holder, kind, start);
        }
    }
}

enum rc resting_take_back(struct windows *windows, struct chronicle *chronicle, struct store *store,
                          struct err *err)
{
    struct returning returning = {.windows = windows, .chronicle = chronicle};
    enum rc rc;

    if (!windows->config.holder)
        return RC_OK;
    destroy_secrets_left(windows);
    returning.plain = malloc(RESTING_CHUNK);
    MUST(returning.plain);
    rc = store->driver->held(store, take_chunk, &returning, err);
    free(returning.plain);
    sodium_memzero(&returning, sizeof returning);
    return rc;
}
