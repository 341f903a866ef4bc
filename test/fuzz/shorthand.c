/* shorthand.c - any text: readings in order, keys for all, the same twice, valid suggestions. */
#include "base/err.h"
#include "base/embedded.h"
#include "text/nfc.h"
#include "text/restore.h"
#include "text/shorthand.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena process, batch;
static const struct shorthand *shorthand;
static const struct restore_model *model;

static struct text suggest(struct text text, struct readings *readings)
{
    struct tokens tokens = tokens_of(text, &batch);
    struct suggestions suggestions;

    *readings = shorthand_readings(shorthand, text, &tokens, &batch);
    MUST(readings->tokens.n >= tokens.n);
    restore_readings(model, text, readings, &batch);
    suggestions = reading_suggest(readings, &batch);
    for (uint32_t i = 0, end = 0; i < suggestions.n; i++) {
        const struct suggestion *suggestion = &suggestions.v[i];

        MUST(suggestion->offset >= end && suggestion->length && suggestion->text.n);
        end = suggestion->offset + suggestion->length;
        MUST(end <= text.n);
    }
    return reading_apply(text, &suggestions, &batch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct readings readings;
    struct text text, first, second;
    struct err err;

    if (!model) {
        arena_init(&process, "process", (size_t)1 << 26);
        arena_init(&batch, "batch", (size_t)1 << 28);
        MUST(shorthand_read(embedded_file("data/social-spelling.tsv"), &process, &shorthand,
                            &err) == RC_OK);
        MUST(restore_read(embedded_file("data/models/restore.bin"), &process, &model, &err) ==
             RC_OK);
    }
    text = nfc_text((struct str){(const char *)data, size}, &batch, NULL);
    first = suggest(text, &readings);
    MUST(utf8_valid((struct str){first.p, first.n}));
    for (uint32_t i = 0; i < readings.tokens.n; i++)
        MUST(readings.tokens.folded[i] &&
             readings.tokens.offset[i] + readings.tokens.length[i] <= text.n);
    second = suggest(text, &readings);
    MUST(first.n == second.n && (!first.n || memcmp(first.p, second.p, first.n) == 0));
    arena_reset(&batch);
    return 0;
}
