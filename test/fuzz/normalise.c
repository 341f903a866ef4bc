/* normalise.c - any bytes through every repair: valid, in NFC, and twice is once. */
#include "base/err.h"
#include "text/nfc.h"
#include "text/normalise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct normalise_counts counts = {{0}};
    uint32_t places = 0;
    struct arena batch;
    struct text once, twice;
    struct str s;

    arena_init(&batch, "batch", (size_t)1 << 30);
    once = normalise_text((struct str){(const char *)data, size}, &batch, &counts);
    s = (struct str){once.p, once.n};
    MUST(utf8_valid(s));
    nfc_text(s, &batch, &places);
    MUST(places == 0);
    counts = (struct normalise_counts){{0}};
    twice = normalise_text(s, &batch, &counts);
    MUST(str_eq(s, (struct str){twice.p, twice.n}));
    arena_free(&batch);
    return 0;
}
