/* redact.c - any text: valid and composed afterwards, and redacting twice is redacting once. */
#include "base/err.h"
#include "intake/redact.h"
#include "text/nfc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str redacted(struct str s, enum redact_scope scope, struct arena *batch)
{
    struct redaction_counts counts = {{0}};
    struct text text = redact_text((struct text){s.p, s.n}, scope, batch, &counts);

    return (struct str){text.p, text.n};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena batch;
    struct text text;

    arena_init(&batch, "batch", (size_t)1 << 30);
    text = nfc_text((struct str){(const char *)data, size}, &batch, NULL);
    for (int scope = REDACT_PEOPLE; scope <= REDACT_PUBLICATION; scope++) {
        struct str s = redacted((struct str){text.p, text.n}, (enum redact_scope)scope, &batch);
        struct text composed = nfc_text(s, &batch, NULL);

        MUST(composed.p == s.p && composed.n == s.n);
        MUST(str_eq(redacted(s, (enum redact_scope)scope, &batch), s));
    }
    arena_free(&batch);
    return 0;
}
