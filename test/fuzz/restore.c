/* restore.c - any bytes as a model: refused, or one with which any text is read to its end. */
#include "base/err.h"
#include "text/nfc.h"
#include "text/restore.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char written[] = "nuoc ngap qua đươc Duong a o u d e 12 the bus";
    static struct arena process;
    const struct restore_model *model;
    struct err err = {.text = ""};
    enum rc rc;

    if (!process.max)
        arena_init(&process, "process", (size_t)1 << 26);
    rc = restore_read((struct str){(const char *)data, size}, &process, &model, &err);
    MUST(rc == RC_OK || (rc == RC_BAD && err.text[0]));
    if (rc == RC_OK) {
        struct text text = nfc_text(str_of(written), &process, NULL);
        struct readings readings = {.tokens = tokens_of(text, &process)};

        readings.of = arena_array(&process, readings.tokens.n, sizeof *readings.of);
        restore_readings(model, text, &readings, &process);
        for (uint32_t i = 0; i < readings.tokens.n; i++)
            MUST(utf8_valid(readings.of[i].text));
    }
    arena_reset(&process);
    return 0;
}
