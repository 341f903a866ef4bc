/* released_by_hand.c - a released value has one maker, and an initialiser is not it. */
/* expect: incomplete type */
#include "release/release.h"

const struct released *probe(uint32_t voices, struct arena *request)
{
#ifdef CORRECT
    return release_count(voices, voices, 20, request);
#else
    struct released released = {RELEASED_NUMBER, voices, voices, {0}};

    (void)request;
    return &released;
#endif
}
