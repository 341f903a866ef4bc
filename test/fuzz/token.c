/* token.c - any text as syllables: in order, inside the text, keyed as alone, folded as folded. */
#include "base/err.h"
#include "text/fold.h"
#include "text/nfc.h"
#include "text/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool begins_with_letter(struct str syllable)
{
    size_t at = 0;

    return fold_code_point(utf8_next(syllable, &at, NULL)) != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena batch;
    struct text text;
    struct tokens tokens;
    size_t end = 0;

    arena_init(&batch, "batch", (size_t)1 << 30);
    text = nfc_text((struct str){(const char *)data, size}, &batch, NULL);
    tokens = tokens_of(text, &batch);
    MUST(tokens.n <= text.n / 2 + 1);
    for (uint32_t i = 0; i < tokens.n; i++) {
        struct str syllable = {text.p + tokens.offset[i], tokens.length[i]};

        MUST(tokens.offset[i] >= end && syllable.n > 0 && tokens.folded[i] != 0);
        end = tokens.offset[i] + syllable.n;
        MUST(end <= text.n && utf8_valid(syllable));
        MUST(i == 0 || tokens.sentence[i] >= tokens.sentence[i - 1]);
        if (i < 64)
            MUST(token_key(syllable, &batch) == tokens.folded[i]);
        /* A mark without a letter before it holds together what its folding lets fall apart. */
        if (i < 64 && begins_with_letter(syllable))
            MUST(token_key(fold_text(syllable, &batch), &batch) == tokens.folded[i]);
    }
    arena_free(&batch);
    return 0;
}
