/* released.c - the opaque fourth text state; see released.h. */
#include "model/released.h"

struct released {
    enum released_kind kind;
    uint32_t number, upper;
    struct text text;
};

enum released_kind released_kind(const struct released *released)
{
    return released->kind;
}

uint32_t released_number(const struct released *released)
{
    return released->number;
}

uint32_t released_upper(const struct released *released)
{
    return released->upper;
}

struct text released_text(const struct released *released)
{
    return released->text;
}

const struct released *released_make_(enum released_kind kind, uint32_t number, uint32_t upper,
                                      struct text text, struct arena *request)
{
    struct released *released = arena_alloc(request, sizeof *released);

    *released = (struct released){kind, number, upper, text};
    return released;
}
