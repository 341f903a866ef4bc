/* train_restore.c - soundings train restore: counts of syllables and their neighbours, from news.
 *
 * Every tenth text is left out, for measuring.  A context is kept when the log-likelihood that it
 * adds over the contexts inside it is at least a threshold; what it adds is the log-ratio of its
 * own smoothed counts to what they foretell (see text/restore.c).  Contexts are sorted as 64-bit
 * numbers: key, candidate, place in the corpus.
 */
#include "cmd/session.h"
#include "cmd/train.h"
#include "base/map.h"
#include "base/vec.h"
#include "source/source.h"
#include "text/normalise.h"
#include "text/restore_file.h"
#include "text/syllable.h"
#include "text/token.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    LEFT_OUT = 10, /* every tenth text */
    SPELLINGS = 1 << 15,
    SELDOM = 3,      /* a spelling that is there less often is a slip */
    PLACE_BITS = 28, /* of a place in the corpus */
    CANDIDATE_BITS = 4,
    DIGIT = 12, /* bits that one round of sorting looks at */
    TEXT_MEMORY = 64 << 20,
    MODEL_MAX = 16 << 20,
    PAIRS = 1 << 22,
    NO_SYLLABLE = 1 << RESTORE_MARKS
};
static const size_t corpus_memory = (size_t)6 << 30;
static const double smooth_pair = 1, smooth_triple = 1.5; /* counts given to what was foretold */
static const double worth_pair = 0.9, worth_triple = 1.8; /* nats over the whole corpus */

struct spot {
    uint64_t folded; /* 0: a border */
    uint32_t marks;  /* NO_SYLLABLE: it is none of Vietnamese */
};

struct spelling {
    uint64_t folded;
    uint32_t marks, count;
};

/* A folded syllable with its candidates: those of `spellings` from `first` on. */
struct folded {
    uint64_t key;
    uint32_t first, count;
    double share[RESTORE_CANDIDATES];
};

struct item {
    uint32_t context;
    uint8_t candidate, level;
};

struct training {
    struct arena corpus;
    VEC(struct spot) places;
    VEC(struct spelling) spellings;
    VEC(struct folded) syllables;
    VEC(struct item) items;
    struct map known;    /* folded, marks -> spelling + 1 */
    struct map syllable; /* folded -> syllable + 1 */
    struct map pairs;    /* context of a pair -> its first item */
    uint64_t texts;
};

/* A context met: its counts by candidate, and where. */
struct met {
    const struct folded *syllable;
    uint32_t context, total, count[RESTORE_CANDIDATES];
    uint64_t around[5];
};

static void add_border(struct training *t)
{
    *vec_push(&t->places, &t->corpus) = (struct spot){0, NO_SYLLABLE};
}

/* The marks of a syllable, counted; NO_SYLLABLE for any other word. */
static uint32_t count_spelling(struct training *t, uint64_t folded, struct str word)
{
    struct syllable syllable;
    uint32_t marks;
    uint64_t *at;
    bool fresh;

    if (!syllable_read(word, &syllable) || !restore_marks(word, &marks))
        return NO_SYLLABLE;
    at = map_put(&t->known, hash_pair(folded, marks), &fresh);
    if (!at)
        return NO_SYLLABLE;
    if (fresh) {
        *vec_push(&t->spellings, &t->corpus) = (struct spelling){folded, marks, 0};
        *at = t->spellings.n - 1;
    }
    t->spellings.v[*at].count++;
    return marks;
}

static void add_text(struct training *t, struct str bytes, struct arena *batch)
{
    struct normalise_counts counts = {{0}};
    struct text text = normalise_text(bytes, batch, &counts);
    struct tokens tokens = tokens_of(text, batch);

    add_border(t);
    for (uint32_t i = 0; i < tokens.n; i++) {
        struct str word = {text.p + tokens.offset[i], tokens.length[i]};

        if (i && tokens.sentence[i] != tokens.sentence[i - 1])
            add_border(t);
        *vec_push(&t->places, &t->corpus) =
            (struct spot){tokens.folded[i], count_spelling(t, tokens.folded[i], word)};
    }
    add_border(t);
}

static enum rc read_file(struct training *t, const char *name, struct err *err)
{
    const struct source_driver *driver;
    struct raw_item raw = {.line = 0};
    struct arena job, batch;
    struct input input;
    void *state;
    enum rc rc = input_open(&input, name, err);

    if (rc != RC_OK)
        return rc;
    arena_init(&job, "job", TEXT_MEMORY);
    arena_init(&batch, "batch", TEXT_MEMORY);
    rc = source_choose(&input, STR("jsonl"), &driver, err);
    if (rc == RC_OK)
        rc = driver->open(&input, &job, &state, err);
    if (rc == RC_OK) {
        while ((rc = driver->next(state, &batch, &raw, err)) == RC_OK) {
            if (++t->texts % LEFT_OUT)
                add_text(t, raw.text, &batch);
            arena_reset(&batch);
            raw = (struct raw_item){.line = 0};
        }
        driver->close(state);
    }
    arena_free(&job);
    arena_free(&batch);
    input_close(&input);
    return rc == RC_ABSENT ? RC_OK : rc;
}

/* By folded syllable (the upper half of its key, as the file has it), the frequent first. */
static int compare_spellings(const void *a, const void *b)
{
    const struct spelling *left = a, *right = b;

    if (left->folded != right->folded)
        return left->folded < right->folded ? -1 : 1;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return left->marks < right->marks ? -1 : left->marks > right->marks;
}

static void add_syllable(struct training *t, uint32_t first, uint32_t count)
{
    struct folded *folded = vec_push(&t->syllables, &t->corpus);
    double sum = 0;

    *folded = (struct folded){t->spellings.v[first].folded, first, count, {0}};
    for (uint32_t i = 0; i < count; i++)
        sum += t->spellings.v[first + i].count;
    for (uint32_t i = 0; i < count; i++)
        folded->share[i] = t->spellings.v[first + i].count / sum;
    *map_put(&t->syllable, folded->key, NULL) = t->syllables.n;
}

static void settle_spellings(struct training *t)
{
    struct spelling *spellings = t->spellings.v;
    uint32_t n = (uint32_t)t->spellings.n, end;

    qsort(spellings, n, sizeof *spellings, compare_spellings);
    for (uint32_t first = 0; first < n; first = end) {
        uint32_t kept = 0;

        for (end = first; end < n && spellings[end].folded == spellings[first].folded; end++)
            kept += spellings[end].count >= SELDOM && kept < RESTORE_CANDIDATES;
        if (kept)
            add_syllable(t, first, kept);
    }
}

/* ... and the candidate that stands at a place; false when it has no choice or is not one. */
static bool find_candidate(const struct training *t, size_t place, const struct folded **syllable,
                           uint32_t *candidate)
{
    const struct spot *here = &t->places.v[place];
    const uint64_t *at;

    if (here->marks == NO_SYLLABLE)
        return false;
    at = map_find(&t->syllable, here->folded);
    if (!at)
        return false;
    *syllable = &t->syllables.v[*at - 1];
    for (*candidate = 0; *candidate < (*syllable)->count; ++*candidate)
        if (t->spellings.v[(*syllable)->first + *candidate].marks == here->marks)
            return (*syllable)->count > 1;
    return false;
}

static void look_around(const struct training *t, size_t place, uint64_t around[5])
{
    const struct spot *here = &t->places.v[place];

    for (int i = 0; i < 5; i++)
        around[i] = here[i - 2].folded;
    around[0] = around[1] ? around[0] : 0;
    around[4] = around[3] ? around[4] : 0;
}

/* Key, candidate and place of every context of a kind; returns how many there are. */
static size_t list_contexts(const struct training *t, enum restore_kind kind, uint64_t *out)
{
    const struct folded *syllable;
    uint64_t around[5];
    uint32_t candidate;
    size_t n = 0;

    for (size_t place = 2; place + 2 < t->places.n; place++) {
        uint64_t context;

        if (!find_candidate(t, place, &syllable, &candidate))
            continue;
        look_around(t, place, around);
        context = restore_context(kind, around);
        if (context)
            out[n++] = context << (CANDIDATE_BITS + PLACE_BITS) |
                       (uint64_t)candidate << PLACE_BITS | place;
    }
    return n;
}

/* Radix sort, least digits first, by key and candidate (places are in order already); returns the
 * one of the two runs in which the result is. */
static uint64_t *sort_contexts(uint64_t *v, uint64_t *other, size_t n)
{
    for (uint32_t shift = PLACE_BITS; shift < 64; shift += DIGIT) {
        size_t begin[(1 << DIGIT) + 1] = {0};
        uint64_t *from = v;

        for (size_t i = 0; i < n; i++)
            begin[(from[i] >> shift & ((1 << DIGIT) - 1)) + 1]++;
        for (size_t i = 1; i <= 1 << DIGIT; i++)
            begin[i] += begin[i - 1];
        for (size_t i = 0; i < n; i++)
            other[begin[from[i] >> shift & ((1 << DIGIT) - 1)]++] = from[i];
        v = other;
        other = from;
    }
    return v;
}

/* Multiplies the odds of the candidates by what a pair says. */
static void add_pair(const struct training *t, uint32_t context, double odds[RESTORE_CANDIDATES])
{
    const uint64_t *at = map_find(&t->pairs, context);

    for (size_t i = at ? *at : t->items.n; i < t->items.n && t->items.v[i].context == context; i++)
        odds[t->items.v[i].candidate] *=
            exp((double)(t->items.v[i].level + 1) * RESTORE_STEP / RESTORE_NAT);
}

/* The shares of candidates that the contexts inside this one foretell. */
static void foretell(const struct training *t, enum restore_kind kind, const struct met *met,
                     double share[RESTORE_CANDIDATES])
{
    double sum = 0;

    for (uint32_t c = 0; c < met->syllable->count; c++)
        share[c] = met->syllable->share[c];
    if (kind == RESTORE_BOTH || kind == RESTORE_LEFT_TWO)
        add_pair(t, restore_context(RESTORE_LEFT, met->around), share);
    if (kind == RESTORE_BOTH || kind == RESTORE_RIGHT_TWO)
        add_pair(t, restore_context(RESTORE_RIGHT, met->around), share);
    for (uint32_t c = 0; c < met->syllable->count; c++)
        sum += share[c];
    for (uint32_t c = 0; c < met->syllable->count; c++)
        share[c] /= sum;
}

/* Adds the items of a context that is worth keeping. */
static void keep(struct training *t, enum restore_kind kind, const struct met *met)
{
    bool pair = kind <= RESTORE_RIGHT;
    double smooth = pair ? smooth_pair : smooth_triple, worth = 0;
    double share[RESTORE_CANDIDATES], fewest = log(smooth / (met->total + smooth));
    size_t first = t->items.n;

    foretell(t, kind, met, share);
    for (uint32_t c = 0; c < met->syllable->count; c++)
        if (met->count[c])
            worth +=
                met->count[c] * log((met->count[c] / share[c] + smooth) / (met->total + smooth));
    if (worth < (pair ? worth_pair : worth_triple))
        return;
    for (uint32_t c = 0; c < met->syllable->count; c++) {
        double ratio = (met->count[c] / share[c] + smooth) / (met->total + smooth);
        long steps = lround((log(ratio) - fewest) * RESTORE_NAT / RESTORE_STEP);

        if (met->count[c] && steps > 0)
            *vec_push(&t->items, &t->corpus) =
                (struct item){met->context, (uint8_t)c,
                              (uint8_t)(steps > RESTORE_LEVELS ? RESTORE_LEVELS : steps - 1)};
    }
    if (pair && t->items.n > first)
        *map_put(&t->pairs, met->context, NULL) = first;
}

static void learn_kind(struct training *t, enum restore_kind kind, uint64_t *runs[2])
{
    size_t n = list_contexts(t, kind, runs[0]), end;
    const uint64_t *v = sort_contexts(runs[0], runs[1], n);

    for (size_t first = 0; first < n; first = end) {
        struct met met = {.context = (uint32_t)(v[first] >> (CANDIDATE_BITS + PLACE_BITS))};
        size_t place = v[first] & ((1u << PLACE_BITS) - 1);
        uint32_t candidate;

        for (end = first; end < n && v[end] >> (CANDIDATE_BITS + PLACE_BITS) == met.context; end++)
            met.count[v[end] >> PLACE_BITS & (RESTORE_CANDIDATES - 1)]++;
        met.total = (uint32_t)(end - first);
        if (met.total < 2 || !find_candidate(t, place, &met.syllable, &candidate))
            continue;
        look_around(t, place, met.around);
        keep(t, kind, &met);
    }
}

static int compare_items(const void *a, const void *b)
{
    const struct item *left = a, *right = b;

    if (left->context != right->context)
        return left->context < right->context ? -1 : 1;
    if (left->candidate != right->candidate)
        return left->candidate < right->candidate ? -1 : 1;
    return left->level < right->level ? -1 : left->level > right->level;
}

/* Bits, the lowest of a byte first. */
struct bit_writer {
    struct buf out;
    uint64_t bits;
    uint32_t n;
};

static void put_bits(struct bit_writer *w, uint32_t value, uint32_t n)
{
    w->bits |= (uint64_t)value << w->n;
    for (w->n += n; w->n >= 8; w->n -= 8, w->bits >>= 8)
        buf_add_byte(&w->out, (char)(w->bits & 0xFF));
}

static void put_rice(struct bit_writer *w, uint32_t value, uint32_t parameter)
{
    for (uint32_t ones = value >> parameter; ones; ones--)
        put_bits(w, 1, 1);
    put_bits(w, 0, 1);
    put_bits(w, value & ((1u << parameter) - 1), parameter);
}

static void put_syllables(struct bit_writer *w, const struct training *t)
{
    for (size_t i = 0; i < t->syllables.n; i++) {
        const struct folded *syllable = &t->syllables.v[i];

        put_bits(w, (uint32_t)(syllable->key >> 32), 32);
        put_bits(w, syllable->count - 1, CANDIDATE_BITS);
        for (uint32_t c = 0; c < syllable->count; c++) {
            long cost = lround(-log(syllable->share[c]) * RESTORE_NAT);

            put_bits(w, t->spellings.v[syllable->first + c].marks, RESTORE_MARKS);
            put_bits(w, (uint32_t)(cost > RESTORE_COST_MAX ? RESTORE_COST_MAX : cost), 8);
        }
    }
}

static void put_contexts(struct bit_writer *w, const struct training *t, uint32_t parameter)
{
    uint32_t before = 0;

    for (size_t i = 0; i < t->items.n; i++) {
        const struct item *item = &t->items.v[i];

        if (i == 0 || item->context != before)
            put_rice(w, item->context - before, parameter);
        before = item->context;
        put_rice(w, item->candidate, 1);
        put_bits(w, item->level, 4);
        put_bits(w, i + 1 < t->items.n && item[1].context == before, 1);
    }
}

static void write_model(struct training *t, struct bit_writer *w)
{
    uint32_t contexts = 0, parameter = 0;

    qsort(t->items.v, t->items.n, sizeof *t->items.v, compare_items);
    for (size_t i = 0; i < t->items.n; i++)
        contexts += i == 0 || t->items.v[i].context != t->items.v[i - 1].context;
    while (contexts && (1u << RESTORE_CONTEXT >> parameter) / contexts > 1)
        parameter++;
    buf_add(&w->out, STR(RESTORE_MAGIC));
    put_bits(w, (uint32_t)t->syllables.n, 32);
    put_bits(w, contexts, 32);
    put_bits(w, (uint32_t)t->items.n, 32);
    put_bits(w, parameter, 32);
    put_syllables(w, t);
    put_contexts(w, t, parameter);
    put_bits(w, 0, 7); /* the last bits, and what may be read behind them */
    put_bits(w, 0, 32);
    put_bits(w, 0, 32);
    fwrite(w->out.p, 1, w->out.n, stdout);
}

static void learn(struct training *t)
{
    uint64_t *runs[2];

    settle_spellings(t);
    for (int i = 0; i < 2; i++)
        runs[i] = arena_array(&t->corpus, t->places.n, sizeof *runs[i]);
    for (int kind = 0; kind < RESTORE_KINDS; kind++)
        learn_kind(t, (enum restore_kind)kind, runs);
}

static int run(int argc, char **argv)
{
    struct training t = {.texts = 0};
    struct bit_writer writer = {.bits = 0};
    struct err err;
    enum rc rc = RC_OK;

    arena_init(&t.corpus, "job", corpus_memory);
    map_init(&t.known, SPELLINGS);
    map_init(&t.syllable, SPELLINGS);
    map_init(&t.pairs, PAIRS);
    buf_init(&writer.out, MODEL_MAX);
    for (int i = 1; i < argc && rc == RC_OK; i++)
        rc = read_file(&t, argv[i], &err);
    if (rc == RC_OK && t.places.n >> PLACE_BITS)
        rc = err_set(&err, RC_USAGE, "more than %u syllables; give less text", 1u << PLACE_BITS);
    if (rc == RC_OK) {
        learn(&t);
        write_model(&t, &writer);
    }
    if (rc == RC_OK && fflush(stdout) != 0)
        rc = err_set(&err, RC_FULL, "standard output cannot be written");
    buf_free(&writer.out);
    map_free(&t.pairs);
    map_free(&t.syllable);
    map_free(&t.known);
    arena_free(&t.corpus);
    return rc == RC_OK ? EXIT_OK : session_fail("train restore", &err);
}

const struct trainer train_restore = {
    "restore",
    "Usage: soundings train restore FILE…\n"
    "\n"
    "FILE: JSON Lines with a `text` in Vietnamese, \"-\" for standard input; every tenth is left "
    "out.\n",
    run};
