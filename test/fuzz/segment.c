/* segment.c - any bytes: words and sentences cover the text in order, and no byte past its end. */
#include "base/err.h"
#include "base/embedded.h"
#include "text/nfc.h"
#include "text/segment.h"
#include "text/sentence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In order, none empty, none beyond the text; how many bytes they cover. */
static size_t covered(struct text text, uint32_t n, const uint32_t *offset, const uint32_t *length)
{
    size_t at = 0, sum = 0;

    for (uint32_t i = 0; i < n; i++) {
        MUST(offset[i] >= at && length[i] > 0);
        MUST(((unsigned char)text.p[offset[i]] & 0xC0) != 0x80);
        at = (size_t)offset[i] + length[i];
        MUST(at <= text.n);
        sum += length[i];
    }
    return sum;
}

/* Tokens that are read with the pieces are those that are read alone; each goes on with a word that
 * began no later than the one before it. */
static void check_tokens(const struct segmenter *segmenter, struct text text,
                         const struct words *words, struct arena *batch)
{
    struct syllables syllables = segment_read(segmenter, text, batch);
    struct tokens tokens = syllables.tokens, alone = tokens_of(text, batch);
    uint32_t w = 0;

    segment_tokens(segmenter, text, &syllables.pieces, &tokens, batch);
    MUST(tokens.n == alone.n && tokens.doubled == alone.doubled);
    for (uint32_t i = 0; i < tokens.n; i++) {
        MUST(tokens.folded[i] == alone.folded[i] && tokens.offset[i] == alone.offset[i]);
        MUST(tokens.length[i] == alone.length[i] && tokens.sentence[i] == alone.sentence[i]);
        while (w < words->n && words->offset[w] + words->length[w] <= tokens.offset[i])
            w++;
        MUST(tokens.inside[i] == (i && w < words->n && words->offset[w] <= tokens.offset[i - 1]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena process, batch;
    static const struct segmenter *segmenter;
    static struct piece_letters letters;
    struct sentences sentences;
    struct pieces pieces;
    struct words words;
    struct text text;
    struct err err;
    size_t least;

    if (!segmenter) {
        arena_init(&process, "process", (size_t)1 << 24);
        arena_init(&batch, "batch", (size_t)1 << 28);
        MUST(segmenter_read(embedded_file("data/models/segment.bin"), &process, &segmenter, &err) ==
             RC_OK);
        piece_letters_init(&letters);
    }
    text = nfc_text((struct str){(const char *)data, size}, &batch, NULL);
    words = segment_text(segmenter, text, &batch);
    pieces = pieces_of(&letters, text, false, &batch);
    sentences = sentences_of(text, &pieces, &batch);
    least = covered(text, pieces.n, pieces.offset, pieces.length);
    MUST(covered(text, words.n, words.offset, words.length) >= least);
    MUST(covered(text, sentences.n, sentences.offset, sentences.length) >= least);
    check_tokens(segmenter, text, &words, &batch);
    arena_reset(&batch);
    return 0;
}
