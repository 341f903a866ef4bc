/* train_segment.c - soundings train segment: the tables and weights of text/gaps.h.
 *
 * Tables: syllables, pairs and runs of a word list; of raw text how closely the pairs in it hold
 * together (normalised pointwise mutual information: Bouma 2009) and how often both have capitals.
 * Weights: squared hinge loss over the gaps of a treebank, AdaGrad (Duchi, Hazan, Singer 2011) with
 * a fixed order, no function of the mathematics library but sqrt and log: the same input gives the
 * same bytes.  Besides the arrays of the model, coarser ones are learned and added into them, so
 * that what was never seen is judged by what it resembles.
 */
#include "base/map.h"
#include "base/rng.h"
#include "base/vec.h"
#include "cmd/session.h"
#include "cmd/train.h"
#include "source/source.h"
#include "text/gaps.h"
#include "text/nfc.h"
#include "text/segment.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAIRS_MAX = 16 * 1024 * 1024,
    SYLLABLES_MAX = 1024 * 1024,
    JOB_MEMORY = 1 << 30,
    ITEM_MEMORY = 1 << 28,
    OFTEN = 20, /* a pair that is rarer in raw text tells nothing */
    EPOCHS = 5,
    FOLDS_MAX = 100,
    RUN_MAX = 4, /* syllables of a word that the tables know */
};
static const double tie_least = 0.1, tie_step = 0.05, rate = 0.2, decay = 0.003;

struct sentence {
    struct text text;
    uint32_t *ends; /* [n] where its words end, bytes */
    uint32_t n;
};

struct entry {
    uint32_t n; /* syllables */
    uint64_t key[RUN_MAX];
};

struct often {
    uint64_t pair, first, second;
};

/* What is known before learning begins, for one of the two ways to make keys. */
struct lexis {
    VEC(struct entry) words;
    VEC(struct often) often; /* pairs that occur OFTEN */
    struct map singles;      /* key -> occurrences in raw text */
    struct map pairs;        /* key of the pair -> occurrences | both with capitals << 32 */
    double total;
};

struct training {
    struct arena job;
    struct piece_letters letters;
    VEC(struct sentence) sentences;
    struct lexis lexis[2]; /* with marks, and bare */
};

/* Where the weights of each kind of feature begin in one array. */
enum {
    AT_LEFT = 0,
    AT_RIGHT = AT_LEFT + 2 * (SYLLABLE_SLOTS + 1),
    AT_PAIR = AT_RIGHT + 2 * (SYLLABLE_SLOTS + 1),
    AT_WORDS = AT_PAIR + PAIR_SLOTS + 1,
    AT_WORDS_NEAR = AT_WORDS + WORD_INDICES,
    AT_WORDS_NEARER = AT_WORDS_NEAR + 256,
    AT_LOOKS = AT_WORDS_NEARER + 64,
    AT_LOOKS_THREE = AT_LOOKS + LOOK_INDICES,
    AT_LOOKS_TWO = AT_LOOKS_THREE + 512,
    AT_TIE = AT_LOOKS_TWO + 64,
    AT_TIES = AT_TIE + 2 * TIES,
    AT_NAME = AT_TIES + TIE_INDICES,
    AT_NAMES = AT_NAME + 2 * NAMES,
    AT_CASES = AT_NAMES + NAME_INDICES,
    AT_BIAS = AT_CASES + CASE_INDICES,
    WEIGHTS,
    FEATURES = 15
};

struct weight {
    double value, squares; /* sum of the squares of its gradients */
};

struct example {
    uint32_t at[FEATURES];
    bool joined;
};

/* Reading. */

static enum rc read_words(struct training *t, const char *path, struct err *err)
{
    struct input input;
    struct str line;
    enum rc rc = input_open(&input, path, err);

    if (rc != RC_OK)
        return rc;
    while ((rc = input_line(&input, &line, err)) == RC_OK) {
        for (int bare = 0; bare < 2; bare++) {
            struct pieces pieces =
                pieces_of(&t->letters, nfc_text(line, &t->job, NULL), bare, &t->job);
            struct entry entry = {.n = pieces.n};

            if (!pieces.n || pieces.n > RUN_MAX)
                continue;
            memcpy(entry.key, pieces.key, pieces.n * sizeof *pieces.key);
            *vec_push(&t->lexis[bare].words, &t->job) = entry;
        }
    }
    input_close(&input);
    return rc == RC_ABSENT ? RC_OK : rc;
}

static void count_pair(struct lexis *lexis, const struct pieces *pieces, uint32_t i,
                       struct arena *job)
{
    uint64_t key = gap_join_keys(pieces->key[i], pieces->key[i + 1]), *count;
    bool named = pieces->look[i] == PIECE_CAPITAL && pieces->look[i + 1] == PIECE_CAPITAL;

    if (pieces->look[i + 1] > PIECE_MIXED || !(pieces->space[i + 1] & PIECE_SPACED) ||
        (pieces->space[i + 1] & PIECE_BROKEN))
        return;
    count = map_put(&lexis->pairs, key, NULL);
    if (!count)
        return; /* no room for more pairs: later ones are rare ones */
    *count += (uint64_t)named << 32 | 1;
    if ((uint32_t)*count == OFTEN)
        *vec_push(&lexis->often, job) = (struct often){key, pieces->key[i], pieces->key[i + 1]};
}

static void count_text(struct training *t, struct text text, struct arena *batch)
{
    for (int bare = 0; bare < 2; bare++) {
        struct pieces pieces = pieces_of(&t->letters, text, bare, batch);
        struct lexis *lexis = &t->lexis[bare];

        for (uint32_t i = 0; i < pieces.n; i++) {
            uint64_t *count = map_put(&lexis->singles, pieces.key[i], NULL);

            lexis->total++;
            if (count)
                ++*count;
            if (pieces.look[i] <= PIECE_MIXED && i + 1 < pieces.n)
                count_pair(lexis, &pieces, i, &t->job);
        }
    }
}

static enum rc count_items(struct training *t, struct input *input, struct err *err)
{
    const struct source_driver *driver;
    struct arena batch;
    void *connector;
    enum rc rc = source_choose(input, STR(""), &driver, err);

    if (rc == RC_OK)
        rc = driver->open(input, &t->job, &connector, err);
    if (rc != RC_OK)
        return rc;
    arena_init(&batch, "batch", ITEM_MEMORY);
    do {
        struct raw_item item = {0};

        rc = driver->next(connector, &batch, &item, err);
        if (rc == RC_OK)
            count_text(t, nfc_text(item.text, &batch, NULL), &batch);
        arena_reset(&batch);
    } while (rc == RC_OK || rc == RC_BAD);
    driver->close(connector);
    arena_free(&batch);
    return rc == RC_ABSENT ? RC_OK : rc;
}

static enum rc read_raw(struct training *t, const char *path, struct err *err)
{
    struct input input;
    enum rc rc = input_open(&input, path, err);

    if (rc != RC_OK)
        return rc;
    rc = count_items(t, &input, err);
    input_close(&input);
    return rc;
}

/* A sentence whose words were gathered; nothing when there are none. */
static void end_sentence(struct training *t, struct buf *text, const uint32_t *ends, uint32_t n)
{
    struct sentence *sentence;

    if (!n)
        return;
    sentence = vec_push(&t->sentences, &t->job);
    sentence->text =
        nfc_text((struct str){arena_copy(&t->job, text->p, text->n), text->n}, &t->job, NULL);
    sentence->n = n;
    sentence->ends = arena_array(&t->job, n, sizeof *ends);
    memcpy(sentence->ends, ends, n * sizeof *ends);
    buf_clear(text);
}

/* CoNLL-U: the second column of lines that begin with a number; an empty line ends a sentence. */
static enum rc read_treebank(struct training *t, const char *path, struct err *err)
{
    VEC(uint32_t) ends = {0};
    struct input input;
    struct buf text;
    struct str line;
    enum rc rc = input_open(&input, path, err);

    if (rc != RC_OK)
        return rc;
    buf_init(&text, RECORD_MAX);
    while ((rc = input_line(&input, &line, err)) == RC_OK) {
        struct text word;

        if (!line.n) {
            end_sentence(t, &text, ends.v, (uint32_t)ends.n);
            ends.n = 0;
        }
        if (!line.n || line.p[0] < '0' || line.p[0] > '9')
            continue;
        str_cut(&line, '\t');
        word = nfc_text(str_cut(&line, '\t'), &t->job, NULL);
        if (text.n)
            buf_add_byte(&text, ' ');
        buf_add(&text, (struct str){word.p, word.n});
        *vec_push(&ends, &t->job) = (uint32_t)text.n;
    }
    end_sentence(t, &text, ends.v, (uint32_t)ends.n);
    buf_free(&text);
    input_close(&input);
    return rc == RC_ABSENT ? RC_OK : rc;
}

/* Tables. */

/* Slots that fill up lose what comes last: the rarest. */
static uint32_t *take_pair(struct gap_model *model, uint64_t key)
{
    uint32_t at = gap_slot(model, GAP_PAIRS, key, true);

    if (at == PAIR_SLOTS)
        return NULL;
    if (!model->pairs[at])
        model->pairs[at] = gap_check(GAP_PAIRS, key);
    return &model->pairs[at];
}

static void take_syllable(struct gap_model *model, uint64_t key)
{
    uint32_t at = gap_slot(model, GAP_SYLLABLES, key, true);

    if (at != SYLLABLE_SLOTS)
        model->syllables[at] = gap_check(GAP_SYLLABLES, key);
}

static void take_run(struct gap_model *model, uint64_t key, uint32_t what)
{
    uint32_t at = gap_slot(model, GAP_RUNS, key, true);

    if (at != RUN_SLOTS)
        model->runs[at] |= gap_check(GAP_RUNS, key) | what;
}

static void take_word(struct gap_model *model, const struct entry *word)
{
    uint64_t run = word->key[0];

    for (uint32_t i = 0; i < word->n; i++)
        take_syllable(model, word->key[i]);
    for (uint32_t i = 1; i < word->n; i++) {
        bool whole = i + 1 == word->n;

        run = gap_join_keys(run, word->key[i]);
        if (i > 1) {
            take_run(model, run, whole ? RUN_WORD : RUN_BEGINS);
        } else {
            uint32_t *pair = take_pair(model, run);

            if (pair)
                *pair |= whole ? PAIR_WORD : PAIR_BEGINS;
        }
    }
}

/* How closely the two hold together, 1 to TIES - 1; 0 when not closely enough. */
static uint32_t tie_of(const struct lexis *lexis, const struct often *often, double n)
{
    double first = (double)*map_find(&lexis->singles, often->first);
    double second = (double)*map_find(&lexis->singles, often->second);
    double information = log(n * lexis->total / (first * second)) / -log(n / lexis->total);
    double level = 1 + floor((information - tie_least) / tie_step);

    return level < 1 ? 0 : level > TIES - 1 ? TIES - 1 : (uint32_t)level;
}

static void take_often(struct gap_model *model, const struct lexis *lexis)
{
    for (size_t i = 0; i < lexis->often.n; i++) {
        const struct often *often = &lexis->often.v[i];
        uint64_t count = *map_find(&lexis->pairs, often->pair);
        uint32_t n = (uint32_t)count, tie = tie_of(lexis, often, n);
        uint32_t name = 1 + (uint32_t)((count >> 32) * (NAMES - 1) / (n + 1));
        uint32_t *pair = tie ? take_pair(model, often->pair) : NULL;

        if (pair)
            *pair |= tie << PAIR_TIE_SHIFT | name << PAIR_NAME_SHIFT;
    }
}

/* Whether the gap behind piece i is within a word; *word moves on over the sentence. */
static bool is_joined(const struct sentence *sentence, const struct pieces *pieces, uint32_t i,
                      uint32_t *word)
{
    uint32_t end = pieces->offset[i] + pieces->length[i];

    while (*word < sentence->n && sentence->ends[*word] < end)
        ++*word;
    return *word < sentence->n && sentence->ends[*word] > end;
}

/* Syllables of the treebank, and pairs that are joined there. */
static void take_sentence(struct gap_model *model, const struct sentence *sentence,
                          const struct pieces *pieces)
{
    uint32_t word = 0;

    for (uint32_t i = 0; i < pieces->n; i++) {
        take_syllable(model, pieces->key[i]);
        if (i + 1 < pieces->n && is_joined(sentence, pieces, i, &word))
            take_pair(model, gap_join_keys(pieces->key[i], pieces->key[i + 1]));
    }
}

/* Learning. */

static void describe(const struct gap *gap, struct example *example)
{
    uint32_t word = gap->word, looks_two = gap->looks >> 3 & 63u;
    uint32_t tie = gap->ties >> 5, name = gap->names >> 7;
    const uint32_t at[FEATURES] = {
        AT_LEFT + 2 * gap->left + word,
        AT_RIGHT + 2 * gap->right + word,
        AT_PAIR + gap->pair,
        AT_WORDS + gap->words,
        AT_WORDS_NEAR + (gap->words & 255u),
        AT_WORDS_NEARER + (gap->cases & 63u),
        AT_LOOKS + gap->looks,
        AT_LOOKS_THREE + (gap->looks >> 3),
        AT_LOOKS_TWO + looks_two,
        AT_TIE + 2 * tie + word,
        AT_TIES + (gap->ties & ~32u), /* of two levels one */
        AT_NAME + 2 * name + word,
        AT_NAMES + (gap->names & ~1u),
        AT_CASES + gap->cases,
        AT_BIAS,
    };

    memcpy(example->at, at, sizeof at);
}

typedef VEC(struct example) example_list;

static double sum_of(const struct weight *weights, const struct example *example)
{
    double sum = 0;

    for (int i = 0; i < FEATURES; i++)
        sum += weights[example->at[i]].value;
    return sum;
}

static void learn_from(struct weight *weights, const struct example *example)
{
    double side = example->joined ? 1 : -1;
    double margin = 1 - side * sum_of(weights, example) / 2;
    double gradient = margin > 0 ? -side * margin / 2 : 0;

    for (int i = 0; i < FEATURES; i++) {
        struct weight *w = &weights[example->at[i]];
        double g = gradient + decay * w->value;

        w->squares += g * g;
        w->value -= rate * g / (sqrt(w->squares) + 0.001);
    }
}

static void learn(struct weight *weights, struct example *examples, size_t n)
{
    struct rng rng;

    rng_seed(&rng, 1);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
        for (size_t i = n; i > 1; i--) {
            size_t other = rng_below(&rng, i);
            struct example kept = examples[i - 1];

            examples[i - 1] = examples[other];
            examples[other] = kept;
        }
        for (size_t i = 0; i < n; i++)
            learn_from(weights, &examples[i]);
    }
}

static int32_t rounded(double weight, int32_t most)
{
    double value = floor(weight * GAP_UNIT + 0.5);

    return value > most ? most : value < -most ? -most : (int32_t)value;
}

/* The weights into the model, coarser ones added to what they are coarser than. */
static void put_weights(struct gap_model *model, const struct weight *w)
{
    for (uint32_t i = 0; i < 2 * SYLLABLE_SLOTS; i++) {
        struct syllable_weights *slot = &model->syllable_weights[i / 2];

        slot->left[i % 2] = (int8_t)rounded(w[AT_LEFT + i].value, INT8_MAX);
        slot->right[i % 2] = (int8_t)rounded(w[AT_RIGHT + i].value, INT8_MAX);
    }
    for (uint32_t i = 0; i < PAIR_SLOTS; i++) {
        double steps = w[AT_PAIR + i].value / PAIR_WEIGHT_STEP;

        model->pairs[i] |= ((uint32_t)rounded(steps, PAIR_WEIGHT_MAX) & 127u) << PAIR_WEIGHT_SHIFT;
    }
    for (uint32_t i = 0; i < WORD_INDICES; i++) {
        uint32_t four = i & 0xE0 ? 32 : 0;

        model->words[i] =
            (int16_t)rounded(w[AT_WORDS + i].value + w[AT_WORDS_NEAR + (i & 255)].value +
                                 w[AT_WORDS_NEARER + (four | (i & 31))].value + w[AT_BIAS].value,
                             INT16_MAX);
    }
    for (uint32_t i = 0; i < LOOK_INDICES; i++)
        model->looks[i] =
            (int16_t)rounded(w[AT_LOOKS + i].value + w[AT_LOOKS_THREE + (i >> 3)].value +
                                 w[AT_LOOKS_TWO + (i >> 3 & 63)].value,
                             INT16_MAX);
    for (uint32_t i = 0; i < TIE_INDICES; i++)
        model->ties[i] = (int16_t)rounded(
            w[AT_TIES + (i & ~32u)].value + w[AT_TIE + 2 * (i >> 5) + (i & 1)].value, INT16_MAX);
    for (uint32_t i = 0; i < NAME_INDICES; i++)
        model->names[i] = (int16_t)rounded(
            w[AT_NAMES + (i & ~1u)].value + w[AT_NAME + 2 * (i >> 7) + (i & 1)].value, INT16_MAX);
    for (uint32_t i = 0; i < CASE_INDICES; i++)
        model->cases[i] = (int16_t)rounded(w[AT_CASES + i].value, INT16_MAX);
}

/* Learns from all sentences but those of `held` .. `held_end`. */
static struct gap_model *make_model(struct training *t, bool bare, size_t held, size_t held_end,
                                    struct arena *job)
{
    struct gap_model *model = arena_alloc(job, sizeof *model);
    struct weight *weights = arena_array(job, WEIGHTS, sizeof *weights);
    const struct lexis *lexis = &t->lexis[bare];
    example_list examples = {0};

    for (size_t i = 0; i < lexis->words.n; i++)
        take_word(model, &lexis->words.v[i]);
    take_often(model, lexis);
    for (int round = 0; round < 2; round++) { /* the tables, then the examples */
        for (size_t i = 0; i < t->sentences.n; i++) {
            const struct sentence *sentence = &t->sentences.v[i];
            struct pieces pieces;
            struct gaps gaps;
            uint32_t word = 0;

            if (i >= held && i < held_end)
                continue;
            pieces = pieces_of(&t->letters, sentence->text, bare, job);
            if (!round) {
                take_sentence(model, sentence, &pieces);
                continue;
            }
            gaps = gaps_of(model, &pieces, job);
            for (uint32_t k = 0; k + 1 < pieces.n; k++) {
                struct example *example;
                struct gap gap;

                if (!gap_read(model, &gaps, k, &gap))
                    continue;
                example = vec_push(&examples, job);
                describe(&gap, example);
                example->joined = is_joined(sentence, &pieces, k, &word);
            }
        }
    }
    learn(weights, examples.v, examples.n);
    put_weights(model, weights);
    return model;
}

/* Writing and measuring. */

static void put(struct buf *out, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_add_byte(out, (char)(value >> 8 * i));
}

static void put_32(struct buf *out, const uint32_t *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put(out, values[i], 4);
}

static void put_16(struct buf *out, const int16_t *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put(out, (uint16_t)values[i], 2);
}

static void put_model(struct buf *out, const struct gap_model *model)
{
    put_32(out, model->syllables, SYLLABLE_SLOTS);
    put_32(out, model->pairs, PAIR_SLOTS);
    put_32(out, model->runs, RUN_SLOTS);
    for (size_t i = 0; i < SYLLABLE_SLOTS; i++) {
        for (int word = 0; word < 2; word++) {
            put(out, (uint8_t)model->syllable_weights[i].left[word], 1);
            put(out, (uint8_t)model->syllable_weights[i].right[word], 1);
        }
    }
    put_16(out, model->words, WORD_INDICES);
    put_16(out, model->looks, LOOK_INDICES);
    put_16(out, model->ties, TIE_INDICES);
    put_16(out, model->names, NAME_INDICES);
    put_16(out, model->cases, CASE_INDICES);
}

/* The bytes of a model that has not seen the sentences of `held` .. `held_end`. */
static void make_bytes(struct training *t, size_t held, size_t held_end, struct buf *out)
{
    buf_add(out, STR(GAP_MAGIC));
    for (int bare = 0; bare < 2; bare++) {
        struct arena job;

        arena_init(&job, "job", JOB_MEMORY);
        put_model(out, make_model(t, bare, held, held_end, &job));
        arena_free(&job);
    }
}

struct tally {
    size_t gold, found, right;
};

/* Words that are found with both ends where they are in the treebank. */
static void compare(const struct sentence *sentence, const struct words *words, struct tally *tally)
{
    uint32_t gold = 0;

    tally->gold += sentence->n;
    tally->found += words->n;
    for (uint32_t i = 0; i < words->n; i++) {
        uint32_t start = words->offset[i], end = start + words->length[i];

        while (gold < sentence->n && sentence->ends[gold] < end)
            gold++;
        tally->right += gold < sentence->n && sentence->ends[gold] == end &&
                        start == (gold ? sentence->ends[gold - 1] + 1 : 0);
    }
}

static enum rc measure(struct training *t, size_t folds, struct err *err)
{
    struct tally tally = {0};
    struct buf bytes;
    enum rc rc = RC_OK;

    buf_init(&bytes, GAP_MAGIC_BYTES + 2 * GAP_MODEL_BYTES);
    for (size_t fold = 0; fold < folds && rc == RC_OK; fold++) {
        size_t from = t->sentences.n * fold / folds, to = t->sentences.n * (fold + 1) / folds;
        const struct segmenter *segmenter;
        struct arena process;

        buf_clear(&bytes);
        make_bytes(t, from, to, &bytes);
        arena_init(&process, "process", JOB_MEMORY);
        rc = segmenter_read(buf_str(&bytes), &process, &segmenter, err);
        for (size_t i = from; i < to && rc == RC_OK; i++) {
            struct words words = segment_text(segmenter, t->sentences.v[i].text, &process);

            compare(&t->sentences.v[i], &words, &tally);
        }
        arena_free(&process);
    }
    buf_free(&bytes);
    if (rc == RC_OK)
        printf("F1 %.4f over %zu words, %zu folds\n",
               2.0 * (double)tally.right / (double)(tally.gold + tally.found), tally.gold, folds);
    return rc;
}

static enum rc write_model(struct training *t, struct err *err)
{
    struct buf bytes;
    enum rc rc = RC_OK;

    buf_init(&bytes, GAP_MAGIC_BYTES + 2 * GAP_MODEL_BYTES);
    make_bytes(t, 0, 0, &bytes);
    if (fwrite(bytes.p, 1, bytes.n, stdout) != bytes.n || fflush(stdout) != 0)
        rc = err_set(err, RC_FULL, "standard output cannot be written");
    buf_free(&bytes);
    return rc;
}

/* The command. */

static enum rc train(struct training *t, const char *words, const char *raw, const char *folds,
                     const char *treebank, struct err *err)
{
    int64_t n = 0;
    enum rc rc;

    if (folds && (!str_to_int(str_of(folds), &n) || n < 2 || n > FOLDS_MAX))
        return err_set(err, RC_USAGE, "--folds takes a number from 2 to %d", FOLDS_MAX);
    rc = read_words(t, words, err);
    if (rc == RC_OK)
        rc = read_treebank(t, treebank, err);
    if (rc == RC_OK && !t->sentences.n)
        rc = err_set(err, RC_BAD, "%s: no sentence in CoNLL-U", treebank);
    if (rc == RC_OK)
        rc = read_raw(t, raw, err);
    if (rc == RC_OK)
        rc = n ? measure(t, (size_t)n, err) : write_model(t, err);
    return rc;
}

static int run(int argc, char **argv)
{
    const char *words = NULL, *raw = NULL, *folds = NULL;
    const struct flag flags[] = {{.name = "words", .text = &words},
                                 {.name = "raw", .text = &raw},
                                 {.name = "folds", .text = &folds}};
    struct training *t;
    struct arena process;
    struct err err;
    int operands;
    enum rc rc = flags_read(argc, argv, flags, 3, &operands, &err);

    if (rc == RC_OK && (!words || !raw || operands + 1 != argc))
        rc = err_set(&err, RC_USAGE, "say --words FILE --raw FILE TREEBANK");
    if (rc != RC_OK)
        return session_fail("train segment", &err);
    arena_init(&process, "process", JOB_MEMORY);
    t = arena_alloc(&process, sizeof *t);
    arena_init(&t->job, "job", JOB_MEMORY);
    piece_letters_init(&t->letters);
    for (int bare = 0; bare < 2; bare++) {
        map_init(&t->lexis[bare].singles, SYLLABLES_MAX);
        map_init(&t->lexis[bare].pairs, PAIRS_MAX);
    }
    rc = train(t, words, raw, folds, argv[operands], &err);
    for (int bare = 0; bare < 2; bare++) {
        map_free(&t->lexis[bare].singles);
        map_free(&t->lexis[bare].pairs);
    }
    arena_free(&t->job);
    arena_free(&process);
    return rc == RC_OK ? EXIT_OK : session_fail("train segment", &err);
}

const struct trainer train_segment = {
    "segment",
    "Usage: soundings train segment --words FILE --raw FILE [--folds N] TREEBANK\n"
    "\n"
    "--words   a word a line, syllables apart\n"
    "--raw     items whose text is counted (JSON Lines, CSV or a feed; - is standard input)\n"
    "--folds   writes no model: the F1 of words held out, in N parts\n"
    "TREEBANK  CoNLL-U, words with spaces inside FORM\n",
    run};
