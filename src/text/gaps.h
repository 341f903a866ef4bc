/* gaps.h - what a gap between two pieces is judged by: the tables of the model, for segment.c and
 * for the one who learns them (cmd/train_segment.c).
 *
 * Three hash tables say what is known of a syllable, a pair and a run of three or four; from their
 * answers come indices into five plain arrays of weights.  The sum of the weights of a gap decides:
 * above zero it is joined.  A weight is in 1/GAP_UNIT.
 */
#ifndef TEXT_GAPS_H
#define TEXT_GAPS_H

#include "text/pieces.h"

enum {
    GAP_UNIT = 32,
    GAP_GROUPS = 6, /* a key stands in its own group of slots or one of the next */
    SYLLABLE_SLOTS = 1 << 14,
    PAIR_SLOTS = 1 << 17,
    RUN_SLOTS = 1 << 14,
    /* a pair: check << 16 | weight << 9 | name << 6 | tie << 2 | begins << 1 | word */
    PAIR_WORD = 1,   /* the two are a word of the list */
    PAIR_BEGINS = 2, /* they begin a word of the list that is three or four long */
    PAIR_TIE_SHIFT = 2,
    PAIR_NAME_SHIFT = 6,
    PAIR_WEIGHT_SHIFT = 9,
    PAIR_WEIGHT_MAX = 63, /* seven bits with a sign, in steps */
    PAIR_WEIGHT_STEP = 2,
    TIES = 16,     /* normalised pointwise mutual information; 0: not in the table */
    TIE_GROUP = 4, /* levels of a neighbour's tie in one */
    NAMES = 8,     /* how often both have capitals; 0: not in the table */
    /* a run: check << 2 | begins << 1 | word */
    RUN_WORD = 1,
    RUN_BEGINS = 2,
    WORD_INDICES = 1 << 10,
    LOOK_INDICES = 1 << 12,
    TIE_INDICES = TIES * (TIES / TIE_GROUP) * (TIES / TIE_GROUP) * 2,
    NAME_INDICES = NAMES << 7,
    CASE_INDICES = 1 << 12,
};

/* The hash tables: open addressing, 0 is a free slot, the check of a key stands above the rest. */
enum gap_table { GAP_SYLLABLES, GAP_PAIRS, GAP_RUNS };

/* Of a syllable: on the left and on the right of a gap, by whether the pair is a word. */
struct syllable_weights {
    int8_t left[2], right[2];
};

struct gap_model {
    uint32_t syllables[SYLLABLE_SLOTS], pairs[PAIR_SLOTS], runs[RUN_SLOTS];
    struct syllable_weights syllable_weights[SYLLABLE_SLOTS];
    int16_t words[WORD_INDICES], looks[LOOK_INDICES], ties[TIE_INDICES], names[NAME_INDICES],
        cases[CASE_INDICES];
};

/* In a file: the magic, then the model for text with marks and the one for text without, each the
 * arrays of struct gap_model in order, little-endian. */
enum {
    GAP_MODEL_BYTES = SYLLABLE_SLOTS * 8 + PAIR_SLOTS * 4 + RUN_SLOTS * 4 +
                      (WORD_INDICES + LOOK_INDICES + TIE_INDICES + NAME_INDICES + CASE_INDICES) * 2,
    GAP_MAGIC_BYTES = 8,
};
#define GAP_MAGIC "sdgseg1\n"

/* What is known of the pieces of a text and of the pairs and runs that begin at each. */
struct gaps {
    const struct pieces *pieces;
    uint8_t *look, *begins;            /* [n], and two more at both ends */
    uint32_t *pair;                    /* ... what the table has of the pair; 0: nothing */
    struct syllable_weights *syllable; /* [n] zeros when not in the table */
    uint32_t known;                    /* how many pieces with letters are in the table */
};

/* A gap by its slots and indices. */
struct gap {
    uint32_t left, right, pair; /* slots; the number of slots when not in the table */
    uint16_t words, looks, ties, names, cases;
    bool word; /* the pair is one of the list */
};

/* Where a key stands or, when `free`, may stand; the number of slots when neither. */
uint32_t gap_slot(const struct gap_model *model, enum gap_table table, uint64_t key, bool free);
/* What a taken slot of the table has of a key, in its place above the rest. */
uint32_t gap_check(enum gap_table table, uint64_t key);
/* Key of a pair, or of a run and the syllable behind it. */
uint64_t gap_join_keys(uint64_t run, uint64_t key);
/* Arrays live in `batch`. */
struct gaps gaps_of(const struct gap_model *model, const struct pieces *pieces,
                    struct arena *batch);
/* The gap behind piece i, for learning; false when something else than spaces stands in it. */
bool gap_read(const struct gap_model *model, const struct gaps *gaps, uint32_t i, struct gap *gap);
/* For each piece whether it and the next are of one word; in `batch`.  Not asked of the weights,
 * and false, when nothing is known of the pair, no longer word runs over it, and both are in lower
 * case. */
bool *gaps_joined(const struct gap_model *model, const struct gaps *gaps, struct arena *batch);

#endif
