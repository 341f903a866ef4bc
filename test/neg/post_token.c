/* post_token.c - what told people apart does not travel inside a post. */
/* expect: no member named|does not refer to any field */
#include "model/post.h"

struct post probe(struct voice voice, uint32_t source)
{
#ifdef CORRECT
    (void)voice;
    return (struct post){.source = source};
#else
    (void)source;
    return (struct post){.voice = voice};
#endif
}
