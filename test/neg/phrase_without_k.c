/* phrase_without_k.c - a phrase is released with the threshold, never without. */
/* expect: too few arguments */
#include "release/release.h"

enum rc probe(const struct story_phrase *phrase, struct arena *request, const struct released **out,
              struct err *err)
{
#ifdef CORRECT
    return release_phrase(phrase, 20, request, out, err);
#else
    return release_phrase(phrase, request, out, err);
#endif
}
