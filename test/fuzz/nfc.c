/* nfc.c - any bytes to NFC: valid, composed, stable, no control left. */
#include "base/err.h"
#include "text/nfc.h"

#include <unicode/unorm2.h>
#include <unicode/ustring.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_composed(struct str s, struct arena *batch)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar *wide = arena_array(batch, s.n + 1, sizeof *wide);
    int32_t length = 0;

    u_strFromUTF8(wide, (int32_t)s.n + 1, &length, s.p, (int32_t)s.n, &status);
    MUST(unorm2_isNormalized(unorm2_getNFCInstance(&status), wide, length, &status));
    MUST(U_SUCCESS(status));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena batch;
    struct text once, twice;
    struct str s;

    arena_init(&batch, "batch", (size_t)1 << 30);
    once = nfc_text((struct str){(const char *)data, size}, &batch, NULL);
    s = (struct str){once.p, once.n};
    MUST(utf8_valid(s));
    for (size_t i = 0; i < s.n; i++)
        MUST((unsigned char)s.p[i] >= ' ' ? s.p[i] != 0x7F : s.p[i] == '\t' || s.p[i] == '\n');
    twice = nfc_text(s, &batch, NULL);
    MUST(str_eq(s, (struct str){twice.p, twice.n}));
    check_composed(s, &batch);
    arena_free(&batch);
    return 0;
}
