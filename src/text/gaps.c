/* gaps.c - looking up what is known of the neighbours of a gap; see gaps.h. */
#include "text/gaps.h"

#include <string.h>

enum { SYLLABLE_SHIFT = 0, PAIR_SHIFT = 16, RUN_SHIFT = 2 };
enum { IS_WORD = 1, IS_THREE = 2, IS_FOUR = 4, IS_OPEN = 8 }; /* what begins at a piece */
enum { GROUP = 4 }; /* slots that are looked at together */
enum { EDGE = 2 };  /* neighbours that a gap looks at beyond itself */

static inline uint32_t check_of(uint64_t key, uint32_t shift)
{
    uint32_t check = (uint32_t)(key >> 32) >> shift;

    return (check ? check : 1) << shift;
}

/* Slots are taken in groups.  A group is filled from its beginning. */
static uint32_t probe(const uint32_t *table, uint32_t slots, uint32_t shift, uint64_t key,
                      bool free)
{
    uint32_t at = (uint32_t)key & (slots - GROUP), check = check_of(key, shift) >> shift;

    for (int i = 0; i < GAP_GROUPS; i++, at = (at + GROUP) & (slots - 1)) {
        for (uint32_t k = 0; k < GROUP; k++)
            if (table[at + k] >> shift == check || !table[at + k])
                return table[at + k] || free ? at + k : slots;
    }
    return slots;
}

uint32_t gap_slot(const struct gap_model *model, enum gap_table table, uint64_t key, bool free)
{
    switch (table) {
    case GAP_SYLLABLES:
        return probe(model->syllables, SYLLABLE_SLOTS, SYLLABLE_SHIFT, key, free);
    case GAP_PAIRS:
        return probe(model->pairs, PAIR_SLOTS, PAIR_SHIFT, key, free);
    default:
        return probe(model->runs, RUN_SLOTS, RUN_SHIFT, key, free);
    }
}

uint32_t gap_check(enum gap_table table, uint64_t key)
{
    static const uint32_t shifts[] = {SYLLABLE_SHIFT, PAIR_SHIFT, RUN_SHIFT};

    return check_of(key, shifts[table]);
}

/* A third of the cost of hash_pair, and enough: what is joined is spread already. */
static inline uint64_t join_keys(uint64_t run, uint64_t key)
{
    uint64_t z = ((run << 31 | run >> 33) + key) * 0xBF58476D1CE4E5B9u;

    return z ^ z >> 32;
}

uint64_t gap_join_keys(uint64_t run, uint64_t key)
{
    return join_keys(run, key);
}

static inline uint32_t tie_of(uint32_t pair)
{
    return pair >> PAIR_TIE_SHIFT & (TIES - 1);
}

/* Four slots, or what belongs to each. */
typedef uint32_t group __attribute__((vector_size(GROUP * sizeof(uint32_t))));

static inline group load(const void *at)
{
    group loaded;

    memcpy(&loaded, at, sizeof loaded);
    return loaded;
}

static inline uint32_t any_of(group values)
{
    uint64_t halves[2];

    memcpy(halves, &values, sizeof halves);
    return (uint32_t)((halves[0] | halves[1]) | (halves[0] | halves[1]) >> 32);
}

/* What the slot of a key holds, 0 when it has none; into *other what stands in its place in
 * `others`.  A group is compared as one, and what is not there reads as zeros, because whether a
 * pair is known cannot be foretold: only keys beyond a full group take the branch. */
static inline uint32_t look_up(const uint32_t *table, uint32_t slots, uint32_t shift, uint64_t key,
                               const void *others, uint32_t *other)
{
    uint32_t at = (uint32_t)key & (slots - GROUP), check = check_of(key, shift) >> shift;
    uint32_t found = 0;
    group checks = {check, check, check, check};

    for (int i = 0; i < GAP_GROUPS; i++, at = (at + GROUP) & (slots - 1)) {
        group slot = load(table + at), equal = (group)(slot >> shift == checks);

        found = any_of(slot & equal);
        *other = any_of(load((const char *)others + at * sizeof *other) & equal);
        if ((found != 0) | (table[at + GROUP - 1] == 0))
            break;
    }
    return found;
}

static inline uint32_t look_up_pair(const struct gap_model *model, uint64_t key)
{
    uint32_t unwanted;

    return look_up(model->pairs, PAIR_SLOTS, PAIR_SHIFT, key, model->pairs, &unwanted);
}

static inline uint32_t look_up_run(const struct gap_model *model, uint64_t key)
{
    uint32_t unwanted;

    return look_up(model->runs, RUN_SLOTS, RUN_SHIFT, key, model->runs, &unwanted);
}

static void make_room(struct gaps *gaps, uint32_t n, struct arena *batch)
{
    size_t room = (size_t)n + 2 * EDGE;

    gaps->look = (uint8_t *)arena_array(batch, room, 2) + EDGE;
    gaps->begins = gaps->look + room;
    gaps->pair = (uint32_t *)arena_room(batch, room, sizeof *gaps->pair) + EDGE;
    gaps->syllable = arena_room(batch, n, sizeof *gaps->syllable);
    for (int i = 1; i <= EDGE; i++)
        gaps->pair[-i] = gaps->pair[(int64_t)n + i - 1] = 0;
}

/* Looks, and which gaps are open.  A text in capitals is read as if it were not. */
static void look_at(const struct pieces *pieces, const struct gaps *gaps)
{
    bool shouted = pieces->letters >= 4 && pieces->capitals * 2 > pieces->letters;
    uint8_t low = shouted ? PIECE_ONE_CAPITAL : PIECE_LOW; /* reads as low, and what is before it */
    bool before = false; /* the piece before may be of a word of several */
    const uint8_t *looks = pieces->look, *spaces = pieces->space;
    uint8_t *out = gaps->look, *begins = gaps->begins - 1;
    uint32_t n = pieces->n;

    for (int i = 1; i <= EDGE; i++)
        out[-i] = out[(int64_t)n + i - 1] = PIECE_END;
    for (uint32_t i = 0; i < n; i++) {
        bool open = (spaces[i] == PIECE_SPACED) & (looks[i] < PIECE_SIGN) & before;

        out[i] = looks[i] & (uint8_t) - (looks[i] > low);
        begins[i] = open ? IS_OPEN : 0;
        before = (looks[i] < PIECE_SIGN) & !(spaces[i] & PIECE_APART);
    }
}

/* Syllables; and what will be asked about pairs is fetched: their table is larger than a cache of
 * the first level. */
static uint32_t look_up_syllables(const struct gap_model *model, const struct gaps *gaps)
{
    const uint64_t *keys = gaps->pieces->key;
    const uint8_t *looks = gaps->pieces->look;
    uint32_t known = 0, n = gaps->pieces->n, weights;
    uint64_t before = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t found = look_up(model->syllables, SYLLABLE_SLOTS, SYLLABLE_SHIFT, keys[i],
                                 model->syllable_weights, &weights);

        memcpy(&gaps->syllable[i], &weights, sizeof weights);
        known += (found != 0) & (looks[i] <= PIECE_MIXED);
        __builtin_prefetch(&model->pairs[join_keys(before, keys[i]) & (PAIR_SLOTS - GROUP)]);
        before = keys[i];
    }
    return known;
}

/* Whether three or four pieces from i on are a word, given that two begin one. */
static uint8_t look_up_runs(const struct gap_model *model, const struct gaps *gaps, uint32_t i)
{
    const uint64_t *keys = gaps->pieces->key;
    uint8_t found = 0;
    uint64_t run;
    uint32_t entry;

    if (!(gaps->begins[i + 1] & IS_OPEN))
        return 0;
    run = join_keys(join_keys(keys[i], keys[i + 1]), keys[i + 2]);
    entry = look_up_run(model, run);
    if (entry & RUN_WORD)
        found = IS_THREE;
    if (!(entry & RUN_BEGINS) || !(gaps->begins[i + 2] & IS_OPEN))
        return found;
    entry = look_up_run(model, join_keys(run, keys[i + 3]));
    return entry & RUN_WORD ? found | IS_FOUR : found;
}

/* Pointers are held here, because a store of a byte could be one to them. */
static void look_up_pairs(const struct gap_model *model, const struct gaps *gaps)
{
    const uint64_t *keys = gaps->pieces->key;
    uint8_t *begins = gaps->begins;
    uint32_t *pairs = gaps->pair, n = gaps->pieces->n;

    for (uint32_t i = 0; i + 1 < n; i++) {
        uint64_t mask = begins[i] & IS_OPEN ? UINT64_MAX : 0;
        uint32_t pair =
            look_up_pair(model, join_keys(keys[i], keys[i + 1]) & mask) & (uint32_t)mask;

        pairs[i] = pair;
        begins[i] |= pair & PAIR_WORD;
        if (pair & PAIR_BEGINS)
            begins[i] |= look_up_runs(model, gaps, i);
    }
    if (n)
        pairs[n - 1] = 0;
}

struct gaps gaps_of(const struct gap_model *model, const struct pieces *pieces, struct arena *batch)
{
    struct gaps gaps = {.pieces = pieces};

    make_room(&gaps, pieces->n, batch);
    look_at(pieces, &gaps);
    gaps.known = look_up_syllables(model, &gaps);
    look_up_pairs(model, &gaps);
    return gaps;
}

/* Inline in both callers, so that indices stay in registers: a tenth of the instructions a gap. */
static inline __attribute__((always_inline)) void index_gap(const struct gaps *gaps, uint32_t i,
                                                            struct gap *gap)
{
    const uint8_t *b = gaps->begins + i, *l = gaps->look + i;
    const uint8_t *space = gaps->pieces->space;
    const uint32_t *pair = gaps->pair + i;
    bool broken = i + 2 < gaps->pieces->n && (space[i + 2] & PIECE_BROKEN);
    uint32_t before = space[i] & PIECE_BROKEN ? (uint32_t)PIECE_END : l[-1];
    uint32_t behind = broken ? (uint32_t)PIECE_END : l[2];
    uint32_t looks = (uint32_t)l[0] << 3 | l[1];
    uint32_t two = (uint32_t)((b[0] & IS_WORD) | (b[-1] & IS_WORD) << 1 | (b[1] & IS_WORD) << 2);
    uint32_t three = (uint32_t)((b[-1] & IS_THREE) >> 1 | (b[0] & IS_THREE)) << 3;
    uint32_t four = (uint32_t)((b[-2] & IS_FOUR) >> 2 | (b[-1] & IS_FOUR) >> 1 | (b[0] & IS_FOUR));
    uint32_t far = (uint32_t)((b[-2] & IS_WORD) | (b[2] & IS_WORD) << 1);
    uint32_t left = tie_of(pair[-1]) / TIE_GROUP, right = tie_of(pair[1]) / TIE_GROUP;

    gap->word = b[0] & IS_WORD;
    gap->words = (uint16_t)(two | three | four << 5 | far << 8);
    gap->looks = (uint16_t)(before << 9 | looks << 3 | behind);
    gap->ties = (uint16_t)((tie_of(pair[0]) << 4 | left << 2 | right) << 1 | gap->word);
    gap->names =
        (uint16_t)((pair[0] >> PAIR_NAME_SHIFT & (NAMES - 1)) << 7 | looks << 1 | gap->word);
    gap->cases = (uint16_t)(looks << 6 | (four ? 32u : 0) | two | three);
}

bool gap_read(const struct gap_model *model, const struct gaps *gaps, uint32_t i, struct gap *gap)
{
    const uint64_t *keys = gaps->pieces->key + i;

    if (!(gaps->begins[i] & IS_OPEN))
        return false;
    gap->left = gap_slot(model, GAP_SYLLABLES, keys[0], false);
    gap->right = gap_slot(model, GAP_SYLLABLES, keys[1], false);
    gap->pair = gap_slot(model, GAP_PAIRS, join_keys(keys[0], keys[1]), false);
    index_gap(gaps, i, gap);
    return true;
}

static inline int32_t score_of(const struct gap_model *model, const struct gaps *gaps, uint32_t i)
{
    const struct syllable_weights *syllable = gaps->syllable + i;
    struct gap gap;

    index_gap(gaps, i, &gap);
    return model->words[gap.words] + model->looks[gap.looks] + model->ties[gap.ties] +
           model->names[gap.names] + model->cases[gap.cases] + syllable[0].left[gap.word] +
           syllable[1].right[gap.word] +
           PAIR_WEIGHT_STEP * ((int32_t)((gaps->pair[i] >> PAIR_WEIGHT_SHIFT & 127) ^ 64) - 64);
}

bool *gaps_joined(const struct gap_model *model, const struct gaps *gaps, struct arena *batch)
{
    uint32_t n = gaps->pieces->n, asked = 0, *ask = arena_room(batch, n, sizeof *ask);
    bool *joined = arena_array(batch, n, sizeof *joined);

    for (uint32_t i = 0; i < n; i++) {
        const uint8_t *b = gaps->begins + i, *l = gaps->look + i;
        uint32_t longer = (b[-1] & (IS_THREE | IS_FOUR)) | (b[-2] & IS_FOUR);

        ask[asked] = i;
        asked += ((b[0] & IS_OPEN) != 0) & ((gaps->pair[i] | l[0] | l[1] | longer) != 0);
    }
    for (uint32_t k = 0; k < asked; k++)
        joined[ask[k]] = score_of(model, gaps, ask[k]) > 0;
    return joined;
}
