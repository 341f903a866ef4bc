/* redacted.c - the opaque third text state; see redacted.h. */
#include "model/redacted.h"

struct redacted {
    struct text text;
};

struct redacted_view redacted_view(const struct redacted *redacted)
{
    return (struct redacted_view){redacted->text.p, redacted->text.n};
}

size_t redacted_length(const struct redacted *redacted)
{
    return redacted->text.n;
}

const struct redacted *redacted_make_(struct text text, struct arena *batch)
{
    struct redacted *redacted = arena_alloc(batch, sizeof *redacted);

    redacted->text = text;
    return redacted;
}
