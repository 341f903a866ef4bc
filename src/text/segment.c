/* segment.c - from learned weights to words; see segment.h.
 *
 * A gap is judged alone, by: which pairs, threes and fours around it are words of the list; how
 * closely its pair and the two beside it hold together in news; what four pieces look like; how
 * often the pair has capitals; and a small weight of the two syllables and of their pair.  Learned
 * from 1,400 sentences, little more can be: measured by ten-fold cross-validation within them, in
 * F1 of words.  This file: .976, and .973 on the sentences of test/eval/segment (.941 with their
 * marks taken off); longest match in the same list: .957 and .940.  What else was tried:
 *   with identities of the syllables around and their n-grams       - .002
 *   without capital statistics of news                              - .001
 *   without looks of the pieces beside                              - .002
 *   without any statistics of news                                  - .002
 *   with the decisions of longest match from either end             + .0003, not worth two passes
 *   with how often half of the news, labelled by a first model, join the pair - .001
 *   logistic instead of squared hinge loss                           .000
 * A decision for the whole sentence (Viterbi) was not tried: both gaps of pairs that compete see
 * each other's.
 */
#include "text/segment.h"

#include "text/gaps.h"

struct segmenter {
    struct piece_letters letters;
    struct gap_model model[2]; /* of text with marks, and of text without */
};

/* A cursor over the bytes of a model. */
static uint32_t take(const unsigned char **at, int bytes)
{
    uint32_t value = 0;

    for (int i = 0; i < bytes; i++)
        value |= (uint32_t)(*at)[i] << 8 * i;
    *at += bytes;
    return value;
}

static void take_32(const unsigned char **at, uint32_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = take(at, 4);
}

static void take_16(const unsigned char **at, int16_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (int16_t)take(at, 2);
}

static void take_model(const unsigned char **at, struct gap_model *model)
{
    take_32(at, model->syllables, SYLLABLE_SLOTS);
    take_32(at, model->pairs, PAIR_SLOTS);
    take_32(at, model->runs, RUN_SLOTS);
    for (size_t i = 0; i < SYLLABLE_SLOTS; i++) {
        struct syllable_weights *weights = &model->syllable_weights[i];

        for (int word = 0; word < 2; word++) {
            weights->left[word] = (int8_t)take(at, 1);
            weights->right[word] = (int8_t)take(at, 1);
        }
    }
    take_16(at, model->words, WORD_INDICES);
    take_16(at, model->looks, LOOK_INDICES);
    take_16(at, model->ties, TIE_INDICES);
    take_16(at, model->names, NAME_INDICES);
    take_16(at, model->cases, CASE_INDICES);
}

enum rc segmenter_read(struct str model, struct arena *process, const struct segmenter **out,
                       struct err *err)
{
    const unsigned char *at = (const unsigned char *)model.p + GAP_MAGIC_BYTES;
    struct segmenter *segmenter;

    if (model.n != GAP_MAGIC_BYTES + 2 * (size_t)GAP_MODEL_BYTES ||
        !str_starts(model, STR(GAP_MAGIC)))
        return err_set(err, RC_BAD,
                       "the segmentation model is not one of this program: make it again with "
                       "soundings train segment");
    segmenter = arena_alloc(process, sizeof *segmenter);
    piece_letters_init(&segmenter->letters);
    for (int bare = 0; bare < 2; bare++)
        take_model(&at, &segmenter->model[bare]);
    *out = segmenter;
    return RC_OK;
}

/* Whether each piece and the next are of one word; all false where the text is not Vietnamese.  The
 * pieces are not bare. */
static const bool *find_joined(const struct segmenter *segmenter, struct text text,
                               const struct pieces *pieces, struct arena *batch)
{
    /* in Vietnamese some three syllables in four have a letter that is not ASCII */
    bool bare = pieces->marked * 5 < pieces->letters;
    const struct gap_model *model = &segmenter->model[bare];
    struct pieces again = *pieces;
    struct gaps gaps;

    if (bare && pieces->marked)
        again = pieces_of(&segmenter->letters, text, true, batch);
    gaps = gaps_of(model, &again, batch);
    if (gaps.known * 2 > again.letters)
        return gaps_joined(model, &gaps, batch);
    return arena_array(batch, again.n, sizeof(bool));
}

/* The words take the place of the pieces: a word comes no later than its last piece, and begins
 * where its first one does. */
struct words segment_text(const struct segmenter *segmenter, struct text text, struct arena *batch)
{
    struct pieces pieces = pieces_of(&segmenter->letters, text, false, batch);
    const bool *joined = find_joined(segmenter, text, &pieces, batch);
    uint32_t start = 0;
    struct words words = {.offset = pieces.offset, .length = pieces.length};

    for (uint32_t i = 0; i < pieces.n; i++) { /* nobody could foretell a branch on joined[i] */
        uint32_t from = pieces.offset[start], to = pieces.offset[i] + pieces.length[i];

        words.offset[words.n] = from;
        words.length[words.n] = to - from;
        words.n += !joined[i];
        start = joined[i] ? start : i + 1;
    }
    return words;
}

struct syllables segment_read(const struct segmenter *segmenter, struct text text,
                              struct arena *batch)
{
    struct syllables syllables = {0};

    if (segmenter)
        syllables.pieces = pieces_and_tokens(&segmenter->letters, text, &syllables.tokens, batch);
    else
        syllables.tokens = tokens_of(text, batch);
    return syllables;
}

/* A token goes on a word when that began no later than the token before. */
void segment_tokens(const struct segmenter *segmenter, struct text text,
                    const struct pieces *pieces, struct tokens *tokens, struct arena *batch)
{
    const bool *joined = find_joined(segmenter, text, pieces, batch);
    uint32_t piece = 0, first = 0, before = 0; /* where a token stands; the first of that word */

    tokens->inside = arena_room(batch, tokens->n, sizeof *tokens->inside);
    for (uint32_t i = 0; i < tokens->n; i++) {
        uint32_t at = tokens->offset[i];

        while (piece < pieces->n && pieces->offset[piece] + pieces->length[piece] <= at) {
            first = joined[piece] ? first : piece + 1;
            piece++;
        }
        tokens->inside[i] = i && piece < pieces->n && pieces->offset[first] <= before;
        before = at;
    }
}
