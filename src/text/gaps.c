/* gaps.c - looking up what is known of the neighbours of a gap; see gaps.h. */
#include "text/gaps.h"

enum { SYLLABLE_SHIFT = 0, PAIR_SHIFT = 16, RUN_SHIFT = 2 };
enum { IS_WORD = 1, IS_THREE = 2, IS_FOUR = 4, IS_OPEN = 8 }; /* what begins at a piece */
enum { GROUP = 4, EDGE = 2 }; /* neighbours that a gap looks at beyond itself */

static inline uint32_t check_of(uint64_t key, uint32_t shift)
{
    uint32_t check = (uint32_t)(key >> 32) >> shift;

    return (check ? check : 1) << shift;
}

/* Slots are taken in groups, each compared as one: that leaves one branch that cannot be foretold,
 * whether the key is there.  A group is filled from its beginning. */
static inline uint32_t probe(const uint32_t *table, uint32_t slots, uint32_t shift, uint64_t key,
                             bool free)
{
    uint32_t at = (uint32_t)key & (slots - GROUP), check = check_of(key, shift) >> shift;

    for (int i = 0; i < GAP_GROUPS; i++, at = (at + GROUP) & (slots - 1)) {
        const uint32_t *t = table + at;
        uint32_t equal =
            (uint32_t)(t[0] >> shift == check) | (uint32_t)(t[1] >> shift == check) << 1 |
            (uint32_t)(t[2] >> shift == check) << 2 | (uint32_t)(t[3] >> shift == check) << 3;

        if (equal)
            return at + (uint32_t)__builtin_ctz(equal);
        if (table[at + GROUP - 1])
            continue;
        while (free && table[at])
            at++;
        return free ? at : slots;
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

static void make_room(struct gaps *gaps, uint32_t n, struct arena *batch)
{
    size_t room = (size_t)n + 2 * EDGE;
    uint8_t *all = arena_array(batch, room, 4);

    gaps->look = all + EDGE;
    gaps->begins = gaps->look + room;
    gaps->tie = gaps->begins + room;
    gaps->name = gaps->tie + room;
    gaps->pair = arena_room(batch, n, sizeof *gaps->pair);
    gaps->syllable = arena_room(batch, n, sizeof *gaps->syllable);
}

/* Looks, and which gaps are open.  A text in capitals is read as if it were not. */
static void look_at(const struct pieces *pieces, const struct gaps *gaps)
{
    bool shouted = pieces->letters >= 4 && pieces->capitals * 2 > pieces->letters;
    bool before = false; /* the piece before may be of a word of several */
    const uint8_t *looks = pieces->look, *spaces = pieces->space;
    uint8_t *out = gaps->look, *begins = gaps->begins - 1;
    uint32_t n = pieces->n;

    for (int i = 1; i <= EDGE; i++)
        out[-i] = out[(int64_t)n + i - 1] = PIECE_END;
    for (uint32_t i = 0; i < n; i++) {
        bool open = (spaces[i] == PIECE_SPACED) & (looks[i] < PIECE_SIGN) & before;

        out[i] = shouted && looks[i] <= PIECE_ONE_CAPITAL ? (uint8_t)PIECE_LOW : looks[i];
        begins[i] = open ? IS_OPEN : 0;
        before = (looks[i] < PIECE_SIGN) & !(spaces[i] & PIECE_APART);
    }
}

static uint32_t look_up_syllables(const struct gap_model *model, const struct gaps *gaps)
{
    const uint64_t *keys = gaps->pieces->key;
    const uint8_t *looks = gaps->pieces->look;
    uint32_t known = 0, n = gaps->pieces->n, *slots = gaps->syllable;

    for (uint32_t i = 0; i < n; i++) {
        slots[i] = probe(model->syllables, SYLLABLE_SLOTS, SYLLABLE_SHIFT, keys[i], false);
        known += (slots[i] != SYLLABLE_SLOTS) & (looks[i] <= PIECE_MIXED);
    }
    return known;
}

/* Whether three or four pieces from i on are a word, given that two begin one. */
static uint8_t look_up_run(const struct gap_model *model, const struct gaps *gaps, uint32_t i,
                           uint64_t pair)
{
    const uint64_t *keys = gaps->pieces->key;
    uint8_t found = 0;
    uint64_t run;
    uint32_t slot;

    if (!(gaps->begins[i + 1] & IS_OPEN))
        return 0;
    run = join_keys(pair, keys[i + 2]);
    slot = probe(model->runs, RUN_SLOTS, RUN_SHIFT, run, false);
    if (slot == RUN_SLOTS)
        return 0;
    if (model->runs[slot] & RUN_WORD)
        found = IS_THREE;
    if (!(model->runs[slot] & RUN_BEGINS) || !(gaps->begins[i + 2] & IS_OPEN))
        return found;
    run = join_keys(run, keys[i + 3]);
    slot = probe(model->runs, RUN_SLOTS, RUN_SHIFT, run, false);
    return slot != RUN_SLOTS && (model->runs[slot] & RUN_WORD) ? found | IS_FOUR : found;
}

/* Pointers are held here, because a store of a byte could be one to them. */
static void look_up_pairs(const struct gap_model *model, const struct gaps *gaps)
{
    const uint64_t *keys = gaps->pieces->key;
    uint8_t *begins = gaps->begins, *tie = gaps->tie, *name = gaps->name;
    uint32_t *slots = gaps->pair, n = gaps->pieces->n;

    for (uint32_t i = 0; i + 1 < n; i++) {
        uint64_t key = join_keys(keys[i], keys[i + 1]);
        uint32_t pair, slot = PAIR_SLOTS;

        if (begins[i] & IS_OPEN)
            slot = probe(model->pairs, PAIR_SLOTS, PAIR_SHIFT, key, false);
        slots[i] = slot;
        if (slot == PAIR_SLOTS)
            continue;
        pair = model->pairs[slot];
        begins[i] |= pair & PAIR_WORD;
        tie[i] = pair >> PAIR_TIE_SHIFT & (TIES - 1);
        name[i] = pair >> PAIR_NAME_SHIFT & (NAMES - 1);
        if (pair & PAIR_BEGINS)
            begins[i] |= look_up_run(model, gaps, i, key);
    }
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

static inline void index_gap(const struct gaps *gaps, uint32_t i, struct gap *gap)
{
    const uint8_t *b = gaps->begins + i, *l = gaps->look + i, *tie = gaps->tie + i;
    const uint8_t *space = gaps->pieces->space;
    bool broken = i + 2 < gaps->pieces->n && (space[i + 2] & PIECE_BROKEN);
    uint32_t before = space[i] & PIECE_BROKEN ? (uint32_t)PIECE_END : l[-1];
    uint32_t behind = broken ? (uint32_t)PIECE_END : l[2];
    uint32_t looks = (uint32_t)l[0] << 3 | l[1];
    uint32_t two = (uint32_t)((b[0] & IS_WORD) | (b[-1] & IS_WORD) << 1 | (b[1] & IS_WORD) << 2);
    uint32_t three = (uint32_t)((b[-1] & IS_THREE) >> 1 | (b[0] & IS_THREE)) << 3;
    uint32_t four = (uint32_t)((b[-2] & IS_FOUR) >> 2 | (b[-1] & IS_FOUR) >> 1 | (b[0] & IS_FOUR));
    uint32_t far = (uint32_t)((b[-2] & IS_WORD) | (b[2] & IS_WORD) << 1);
    uint32_t left = tie[-1] / TIE_GROUP, right = tie[1] / TIE_GROUP;

    gap->word = b[0] & IS_WORD;
    gap->words = (uint16_t)(two | three | four << 5 | far << 8);
    gap->looks = (uint16_t)(before << 9 | looks << 3 | behind);
    gap->ties = (uint16_t)(((uint32_t)tie[0] << 4 | left << 2 | right) << 1 | gap->word);
    gap->names = (uint16_t)((uint32_t)gaps->name[i] << 7 | looks << 1 | gap->word);
    gap->cases = (uint16_t)(looks << 6 | (four ? 32u : 0) | two | three);
}

static inline bool read_gap(const struct gaps *gaps, uint32_t i, struct gap *gap)
{
    if (!(gaps->begins[i] & IS_OPEN))
        return false;
    gap->left = gaps->syllable[i];
    gap->right = gaps->syllable[i + 1];
    gap->pair = gaps->pair[i];
    index_gap(gaps, i, gap);
    return true;
}

bool gap_read(const struct gaps *gaps, uint32_t i, struct gap *gap)
{
    return read_gap(gaps, i, gap);
}

static inline int32_t score_of(const struct gap_model *model, const struct gap *gap)
{
    int32_t sum = model->words[gap->words] + model->looks[gap->looks] + model->ties[gap->ties] +
                  model->names[gap->names] + model->cases[gap->cases];

    if (gap->left != SYLLABLE_SLOTS)
        sum += model->syllable_weights[gap->left].left[gap->word];
    if (gap->right != SYLLABLE_SLOTS)
        sum += model->syllable_weights[gap->right].right[gap->word];
    if (gap->pair != PAIR_SLOTS)
        sum += PAIR_WEIGHT_STEP *
               ((int32_t)((model->pairs[gap->pair] >> PAIR_WEIGHT_SHIFT & 127) ^ 64) - 64);
    return sum;
}

bool gap_joins(const struct gap_model *model, const struct gaps *gaps, uint32_t i)
{
    const uint8_t *begins = gaps->begins + i;
    struct gap gap;

    if (!(begins[0] & IS_OPEN))
        return false;
    if (gaps->pair[i] == PAIR_SLOTS && !(gaps->look[i] | gaps->look[i + 1]) &&
        !(begins[-1] & (IS_THREE | IS_FOUR)) && !(begins[-2] & IS_FOUR))
        return false;
    return read_gap(gaps, i, &gap) && score_of(model, &gap) > 0;
}
