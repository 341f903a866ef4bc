/* restore.c - reading the counts, and choosing among spellings; see restore.h.
 *
 * After D. Yarowsky, "Decision Lists for Lexical Ambiguity Resolution: Application to Accent
 * Restoration in Spanish and French" (ACL 1994), and T. A. Luu, K. Yamamoto, "A Pointwise Approach
 * for Vietnamese Diacritics Restoration" (IALP 2012): what stands around a syllable is read without
 * marks, so that no decision waits for another.  Differences: the evidence of five contexts is
 * added up instead of the best one taken.  A context has the log-ratio of its own counts to what
 * the contexts inside it told already, in steps of 3/4 nat; contexts whose counts say nothing new
 * are not kept (after A. Stolcke, "Entropy-based Pruning of Backoff Language Models", 1998).
 *
 * Measured on every tenth document of VNTC (1,481,684 syllables, test/eval/restore): .9576 of all
 * are as they were.  Tried on another tenth, share of syllables that were right:
 *   this, all contexts kept                       .9614  12,000,000 contexts, 30 MiB
 *   this, those with something new, unquantised   .9582  1,600,000
 *   this, steps of 3/4 nat, as it is              .9562  920,000, 2.9 MiB
 *   steps of 3/4, of 1/2, of 1 nat in 8 levels    .9565, .9560, .9548 at 3.2 MiB
 *   evidence of triples taken at .7 or .5         .9577, .9560 instead of .9582
 *   left neighbours with marks, as decided        .9584; known without error .9626
 *   pairs over a gap (w-2 w, w w+2) besides       .9446 at .3, .9114 at .5: counted twice
 *   our own bigram Viterbi                        .951
 *   cutting contexts that change no decision      .9560 at 2.7 MiB: the same at the same size
 * Deciding from left to right wins two syllables in ten thousand and costs the independence that
 * lets all memory be asked for at once; so it lost.
 *
 * Where a syllable stands among other words than Vietnamese ones it stays ("so can we go"); names
 * are not counted among those, or news would lose six syllables in a thousand.  How freely a writer
 * leaves marks out is told by his other syllables: where one that needs marks has them, those
 * without are believed (2.0 changes in a thousand syllables of news that had all their marks).
 *
 * In memory contexts lie in buckets by the upper bits of their keys, one 32-bit item for each
 * candidate that a context speaks for: the rest of the key, candidate, level.  The bits tell a
 * context from another with an error of 1 in 2,000 look-ups.  A bit set of the keys, small enough
 * for the second cache, keeps contexts that are not there from costing a memory access; that and
 * asking for the memory of eight syllables ahead made 13 MB/s into 20.
 */
#include "text/restore.h"

#include "text/fold.h"
#include "text/restore_file.h"
#include "text/syllable.h"

#include <endian.h>
#include <string.h>
#include <unicode/uchar.h>

enum {
    HEADER = 24,
    SLOT_BITS = 12, /* syllables: 1,529 in newspapers */
    SYLLABLES_MAX = 3 << (SLOT_BITS - 2),
    SPELLINGS_MAX = 1 << 14,
    CONTEXTS_MAX = 1 << 21,
    ITEMS_MAX = 5 << 19, /* 10 MiB */
    BUCKET_BITS = 18,
    BUCKETS = 1 << BUCKET_BITS,
    THERE_BITS = 22,
    THERE_WORD = RESTORE_CONTEXT - THERE_BITS + 6,
    CHECK_BITS = RESTORE_CONTEXT - BUCKET_BITS,
    SURE = 4 * RESTORE_NAT, /* e^-4: a syllable that hardly ever stands without marks */
    GIVEN = 1000,           /* how much one syllable tells of whether its writer leaves marks out */
    AHEAD = 8,              /* syllables for which memory is asked before it is needed */
    WINDOW = 4,             /* syllables on either side that tell whether this is Vietnamese */
    SYLLABLE_BYTES = 3 * SYLLABLE_LETTERS + 1
};

struct spelling {
    uint32_t marks;
    uint8_t cost;
};

struct slot {
    uint32_t key; /* of the folded syllable, its upper half; 0: free */
    uint16_t first;
    uint8_t count;
    bool marked; /* one that is written without marks lacks them */
};

struct restore_model {
    struct slot slots[1 << SLOT_BITS];
    struct spelling spellings[SPELLINGS_MAX];
    uint32_t bucket[BUCKETS + 1]; /* where its items begin */
    uint32_t *items;
    uint64_t there[1 << (THERE_BITS - 6)]; /* by the upper bits of keys: is there a context? */
};

/* Letters by their number in syllable.h, a to y: what makes them of the ASCII letter. */
static const uint8_t shape_of[] = {0, 1, 2, 0, 2, 0, 0, 2, 1, 0, 1, 0};
enum { TONES = 6, STROKE = 1 + 2 * (int)sizeof shape_of * TONES };

struct bits {
    struct str bytes;
    uint64_t at; /* in bits */
    bool past;   /* more was asked for than there is */
};

/* The next 57 bits or more; zeros, and `past`, when the eight bytes at the end were reached. */
static uint64_t peek(struct bits *bits)
{
    size_t byte = bits->at >> 3;
    uint64_t value = 0;

    if (byte + sizeof value > bits->bytes.n) {
        bits->past = true;
        return 0;
    }
    memcpy(&value, bits->bytes.p + byte, sizeof value);
    return le64toh(value) >> (bits->at & 7);
}

static uint32_t take_bits(struct bits *bits, uint32_t n)
{
    uint64_t value = peek(bits) & ((UINT64_C(1) << n) - 1);

    bits->at += n;
    return (uint32_t)value;
}

/* A run of ones longer than 32 is no gap that a context can have. */
static uint64_t take_rice(struct bits *bits, uint32_t parameter)
{
    uint64_t high = (uint64_t)__builtin_ctzll(~peek(bits) | UINT64_C(1) << 32);

    bits->at += high + 1;
    return high << parameter | take_bits(bits, parameter);
}

static uint32_t take_number(struct str bytes, size_t at)
{
    const unsigned char *p = (const unsigned char *)bytes.p + at;

    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static const struct slot *slot_of(const struct restore_model *model, uint64_t folded)
{
    uint32_t key = (uint32_t)(folded >> 32), at = key >> (32 - SLOT_BITS);

    while (model->slots[at].key && model->slots[at].key != key)
        at = (at + 1) & ((1u << SLOT_BITS) - 1);
    return &model->slots[at];
}

static bool read_syllables(struct restore_model *model, struct bits *bits, uint32_t n)
{
    uint32_t used = 0;

    for (uint32_t i = 0; i < n && !bits->past; i++) {
        uint32_t key = take_bits(bits, 32), count = take_bits(bits, 4) + 1;
        struct slot *slot = (struct slot *)slot_of(model, (uint64_t)key << 32);
        int32_t plain = RESTORE_COST_MAX;

        if (!key || slot->key || used + count > SPELLINGS_MAX)
            return false;
        *slot = (struct slot){.key = key, .first = (uint16_t)used, .count = (uint8_t)count};
        for (; count; count--, used++) {
            model->spellings[used].marks = take_bits(bits, RESTORE_MARKS);
            model->spellings[used].cost = (uint8_t)take_bits(bits, 8);
            if (!model->spellings[used].marks)
                plain = model->spellings[used].cost;
        }
        slot->marked = plain >= SURE;
    }
    return !bits->past;
}

static bool read_contexts(struct restore_model *model, struct bits *bits, uint32_t n,
                          uint32_t items, uint32_t parameter)
{
    uint32_t used = 0, filled = 0;
    uint64_t context = 0;

    for (uint32_t i = 0; i < n && !bits->past; i++) {
        context += take_rice(bits, parameter);
        if (context >> RESTORE_CONTEXT)
            return false;
        while (filled <= context >> CHECK_BITS)
            model->bucket[filled++] = used;
        model->there[context >> THERE_WORD] |= UINT64_C(1) << (context >> (THERE_WORD - 6) & 63);
        do {
            uint32_t check = (uint32_t)context & ((1u << CHECK_BITS) - 1);
            uint32_t candidate = (uint32_t)take_rice(bits, 1);

            if (candidate >= RESTORE_CANDIDATES || used == items)
                return false;
            model->items[used++] = check << 8 | candidate << 4 | take_bits(bits, 4);
        } while (take_bits(bits, 1));
    }
    while (filled <= BUCKETS)
        model->bucket[filled++] = used;
    return !bits->past && used == items;
}

enum rc restore_read(struct str bytes, struct arena *process, const struct restore_model **out,
                     struct err *err)
{
    struct arena_mark mark = arena_mark(process);
    struct restore_model *model = arena_alloc(process, sizeof *model);
    struct bits bits = {.bytes = bytes, .at = HEADER * 8};
    uint32_t number[4] = {0}; /* syllables, contexts, items, parameter */

    if (str_starts(bytes, STR(RESTORE_MAGIC)) && bytes.n >= HEADER)
        for (uint32_t i = 0; i < 4; i++)
            number[i] = take_number(bytes, 8 + 4 * i);
    if (number[0] - 1 < SYLLABLES_MAX && number[1] < CONTEXTS_MAX && number[2] < ITEMS_MAX &&
        number[3] < 32) {
        model->items = arena_array(process, number[2] + 1, sizeof *model->items);
        if (read_syllables(model, &bits, number[0]) &&
            read_contexts(model, &bits, number[1], number[2], number[3])) {
            *out = model;
            return RC_OK;
        }
    }
    arena_rewind(process, mark);
    return err_set(
        err, RC_BAD,
        "the model of diacritics is damaged; make it again with soundings train restore");
}

/* One letter of a word: the ASCII letter under it, its shape and its tone; false for what is none.
 */
static bool take_apart(uint32_t cp, uint32_t *base, uint32_t *shape, uint32_t *tone)
{
    uint32_t number = syllable_letter(cp);

    *base = cp < FOLD_TABLE ? fold_table[cp] : 0;
    *shape = *tone = 0;
    if (number >= (uint32_t)STROKE) {
        *shape = 1;
    } else if (number) {
        *shape = shape_of[(number - 1) / TONES % sizeof shape_of];
        *tone = (number - 1) % TONES;
    }
    return number || (*base >= 'a' && *base <= 'z' && cp < 0x80);
}

bool restore_marks(struct str word, uint32_t *marks)
{
    uint32_t letters = 0, all = 0, base, shape, tone;

    for (size_t at = 0; at < word.n; letters++) {
        if (letters == SYLLABLE_LETTERS ||
            !take_apart(utf8_next(word, &at, NULL), &base, &shape, &tone))
            return false;
        all |= shape << (2 * letters);
        if (tone)
            all |= tone << 14 | letters << 17;
    }
    *marks = all;
    return true;
}

/* An ASCII letter of either case with a shape and a tone. */
static uint32_t put_together(uint32_t base, uint32_t shape, uint32_t tone)
{
    static const uint16_t shapes[32][2] = {
        ['a' & 31] = {0x103, 0xE2}, ['d' & 31] = {0x111, 0x111}, ['e' & 31] = {0xEA, 0xEA},
        ['o' & 31] = {0x1A1, 0xF4}, ['u' & 31] = {0x1B0, 0x1B0},
    };
    uint32_t cp = base | 0x20;

    if (shape && shapes[base & 31][shape == 2])
        cp = shapes[base & 31][shape == 2];
    if (tone)
        cp = syllable_with_tone(cp, (uint8_t)tone);
    return base & 0x20 ? cp : (uint32_t)u_toupper((UChar32)cp);
}

/* `word`, whose letters are those of the spelling, with all its marks. */
static struct str with_marks(struct str word, uint32_t marks, struct arena *batch)
{
    char *out = arena_alloc(batch, SYLLABLE_BYTES);
    uint32_t toned = marks >> 17, tone = marks >> 14 & 7, own_shape, own_tone;
    size_t n = 0;

    tone = tone < TONES ? tone : 0;
    for (size_t at = 0, letter = 0; at < word.n; letter++) {
        uint32_t base = (unsigned char)word.p[at], shape = marks >> (2 * letter) & 3;

        if (base < 0x80) {
            at++;
        } else {
            uint32_t cp = utf8_next(word, &at, NULL);

            take_apart(cp, &base, &own_shape, &own_tone);
            base &= fold_case(cp) == cp ? ~0u : ~0x20u;
        }
        n += utf8_put(out + n, put_together(base, shape, letter == toned ? tone : 0));
    }
    return (struct str){out, n};
}

/* Whether a spelling has every mark that is written. */
static bool keeps(uint32_t spelling, uint32_t written)
{
    for (uint32_t letter = 0; letter < SYLLABLE_LETTERS; letter++) {
        uint32_t shape = written >> (2 * letter) & 3;

        if (shape && shape != (spelling >> (2 * letter) & 3))
            return false;
    }
    return !(written >> 14) || written >> 14 == spelling >> 14;
}

/* A syllable that lacks marks, or may. */
struct open {
    const struct slot *slot;
    uint32_t token, written, contexts, context[RESTORE_KINDS];
};

/* One text at hand. */
struct sight {
    const struct restore_model *model;
    struct text text;
    const struct tokens *tokens;
    struct reading *readings;
    struct open *open; /* [n], in order */
    uint32_t n;
    uint32_t *foreign;  /* [tokens + 1] words before each token that are not Vietnamese */
    uint32_t *known;    /* [tokens + 1] and that are */
    int32_t penalty[2]; /* of a spelling with marks for a syllable written without; [1] when it is
                           itself one that needs marks */
};

static struct str word_at(const struct sight *sight, uint32_t i)
{
    if (sight->readings[i].text.n)
        return sight->readings[i].text;
    return (struct str){sight->text.p + sight->tokens->offset[i], sight->tokens->length[i]};
}

/* Neither a name nor a number. */
static bool is_common(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < 'a' || word.p[i] > 'z')
            return false;
    return true;
}

/* 16 ln(a / b) for a >= b > 0, by halves and a straight line between them. */
static int32_t nats(uint64_t a, uint64_t b)
{
    int32_t halves = 0;

    for (; a >= 2 * b; b *= 2)
        halves++;
    return 11 * halves + (int32_t)(11 * (a - b) / b);
}

/* Whether a syllable with marks lacks some: it is no spelling that is known, nor could be one. */
static bool is_partial(const struct restore_model *model, const struct slot *slot, struct str word,
                       uint32_t *written)
{
    struct syllable syllable;

    if (!restore_marks(word, written) || !*written)
        return false;
    for (uint32_t c = 0; c < slot->count; c++)
        if (model->spellings[slot->first + c].marks == *written)
            return false;
    return !syllable_read(word, &syllable);
}

/* Finds what lacks marks, and how freely they were left out: of the syllables that need one, how
 * many have none. */
static void look(struct sight *sight)
{
    const struct tokens *tokens = sight->tokens;
    uint64_t with = 0, without = 0;

    for (uint32_t i = 0; i < tokens->n; i++) {
        const struct slot *slot = slot_of(sight->model, tokens->folded[i]);
        struct str word = word_at(sight, i);
        bool marked = utf8_ascii_prefix(word) < word.n, known = slot->key || marked;
        uint32_t written = 0;

        sight->known[i + 1] = sight->known[i] + known;
        sight->foreign[i + 1] = sight->foreign[i] + (!known && is_common(word));
        if (sight->readings[i].settled)
            continue;
        with += slot->key && marked;
        without += slot->key && !marked && slot->marked;
        if (slot->key &&
            (marked ? is_partial(sight->model, slot, word, &written)
                    : word.n <= SYLLABLE_LETTERS) &&
            !reading_is_bound(sight->text, tokens->offset[i], tokens->length[i]))
            sight->open[sight->n++] = (struct open){.slot = slot, .token = i, .written = written};
    }
    sight->penalty[0] = nats(GIVEN * (with + without) + 1, GIVEN * without + 1);
    without -= without > 0;
    sight->penalty[1] = nats(GIVEN * (with + without) + 1, GIVEN * without + 1);
}

static bool among_vietnamese(const struct sight *sight, uint32_t i)
{
    uint32_t from = i > WINDOW ? i - WINDOW : 0, to = i + WINDOW + 1;

    to = to < sight->tokens->n ? to : sight->tokens->n;
    return sight->known[to] - sight->known[from] >= 2 * (sight->foreign[to] - sight->foreign[from]);
}

/* The folded keys around token i, 0 beyond a border of sentence parts. */
static void look_around(const struct tokens *tokens, uint32_t i, uint64_t around[5])
{
    const uint16_t *sentence = tokens->sentence;

    memset(around, 0, 5 * sizeof *around);
    around[2] = tokens->folded[i];
    for (uint32_t j = 1; j <= 2 && j <= i && sentence[i - j] == sentence[i]; j++)
        around[2 - j] = tokens->folded[i - j];
    for (uint32_t j = 1; j <= 2 && i + j < tokens->n && sentence[i + j] == sentence[i]; j++)
        around[2 + j] = tokens->folded[i + j];
}

/* Keys of the contexts.  Every one lies somewhere else in memory: the caches are told early. */
static void find_contexts(const struct sight *sight, struct open *open)
{
    uint64_t around[5];

    look_around(sight->tokens, open->token, around);
    for (int kind = 0; kind < RESTORE_KINDS; kind++) {
        open->context[kind] = restore_context((enum restore_kind)kind, around);
        __builtin_prefetch(&sight->model->there[open->context[kind] >> THERE_WORD]);
    }
}

/* Leaves the contexts that there may be, without a branch to guess wrong. */
static void sift_contexts(const struct restore_model *model, struct open *open)
{
    uint32_t n = 0;

    for (int kind = 0; kind < RESTORE_KINDS; kind++) {
        uint32_t context = open->context[kind];

        open->context[n] = context;
        n += (uint32_t)(model->there[context >> THERE_WORD] >> (context >> (THERE_WORD - 6) & 63)) &
             1;
    }
    open->contexts = n;
    for (uint32_t i = 0; i < n; i++)
        __builtin_prefetch(&model->bucket[open->context[i] >> CHECK_BITS]);
}

static void fetch_items(const struct restore_model *model, const struct open *open)
{
    for (uint32_t i = 0; i < open->contexts; i++)
        __builtin_prefetch(&model->items[model->bucket[open->context[i] >> CHECK_BITS]]);
}

/* Adds what one context says to the scores. */
static void weigh(const struct restore_model *model, uint32_t context,
                  int32_t score[RESTORE_CANDIDATES])
{
    uint32_t check = context & ((1u << CHECK_BITS) - 1), bucket = context >> CHECK_BITS;

    for (uint32_t at = model->bucket[bucket]; at < model->bucket[bucket + 1]; at++) {
        uint32_t item = model->items[at];

        if (item >> 8 == check)
            score[item >> 4 & 15] += (int32_t)(item & 15) * RESTORE_STEP + RESTORE_STEP;
    }
}

/* The best spelling among those that keep what is written. */
static uint32_t choose(const struct sight *sight, const struct open *open)
{
    const struct spelling *spellings = sight->model->spellings + open->slot->first;
    int32_t score[RESTORE_CANDIDATES] = {0}, best = INT32_MIN;
    uint32_t chosen = open->written;

    for (uint32_t i = 0; i < open->contexts; i++)
        weigh(sight->model, open->context[i], score);
    for (uint32_t c = 0; c < open->slot->count; c++) {
        int32_t own = score[c] - spellings[c].cost -
                      (spellings[c].marks ? sight->penalty[open->slot->marked] : 0);

        if (own <= best || (open->written && !keeps(spellings[c].marks, open->written)))
            continue;
        best = own;
        chosen = spellings[c].marks;
    }
    return chosen;
}

/* Looks at the contexts of the next syllables together. */
static void fetch_some(const struct sight *sight, uint32_t from)
{
    uint32_t to = from + AHEAD < sight->n ? from + AHEAD : sight->n;

    for (uint32_t i = from; i < to; i++)
        sift_contexts(sight->model, &sight->open[i]);
    for (uint32_t i = from; i < to; i++)
        fetch_items(sight->model, &sight->open[i]);
}

static void restore_one(const struct sight *sight, const struct open *open, struct arena *batch)
{
    uint32_t chosen;

    if (!open->written && !among_vietnamese(sight, open->token))
        return;
    chosen = choose(sight, open);
    if (chosen != open->written)
        sight->readings[open->token].text = with_marks(word_at(sight, open->token), chosen, batch);
}

void restore_readings(const struct restore_model *model, struct text text,
                      struct readings *readings, struct arena *batch)
{
    uint32_t n = readings->tokens.n;
    struct sight sight = {
        .model = model, .text = text, .tokens = &readings->tokens, .readings = readings->of};

    sight.open = arena_array(batch, n, sizeof *sight.open);
    sight.known = arena_array(batch, (size_t)n + 1, sizeof *sight.known);
    sight.foreign = arena_array(batch, (size_t)n + 1, sizeof *sight.foreign);
    look(&sight);
    for (uint32_t i = 0; i < sight.n; i++)
        find_contexts(&sight, &sight.open[i]);
    for (uint32_t i = 0; i < sight.n; i++) {
        if (i % AHEAD == 0)
            fetch_some(&sight, i);
        restore_one(&sight, &sight.open[i], batch);
    }
}
