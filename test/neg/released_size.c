/* released_size.c - nobody can take memory for a released value of his own. */
/* expect: sizeof.* incomplete type */
#include "release/release.h"

const struct released *probe(uint32_t voices, struct arena *request)
{
#ifdef CORRECT
    return release_count(voices, voices, 20, request);
#else
    (void)voices;
    return arena_alloc(request, sizeof(struct released));
#endif
}
