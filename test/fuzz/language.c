/* language.c - any bytes: a tag, a confidence that fits it, the same again, and no byte past the
 * end. */
#include "base/err.h"
#include "text/language.h"
#include "base/embedded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena process;
    static const struct language_model *model;
    struct str text = {(const char *)data, size};
    struct language_guess guess, again;
    struct err err;

    if (!model) {
        arena_init(&process, "process", (size_t)1 << 24);
        MUST(language_read(
                 embedded_file("data/languages.tsv"), embedded_file("data/models/syllables.tsv"),
                 embedded_file("data/models/languages.bin"), &process, &model, &err) == RC_OK);
    }
    guess = language_of(model, text);
    MUST(guess.tag.n >= 2 && guess.tag.n <= 3);
    MUST(str_eq(guess.tag, STR("und")) ? guess.confidence == 0
                                       : guess.confidence >= 0.5 && guess.confidence <= 1);
    again = language_of(model, str_part(text, 0, LANGUAGE_READS));
    MUST(str_eq(again.tag, guess.tag) && again.confidence == guess.confidence);
    return 0;
}
