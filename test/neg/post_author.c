/* post_author.c - a post has no author, and nowhere to put one. */
/* expect: no member named 'author'|no member named .author. */
#include "model/post.h"

uint32_t probe(const struct post *post)
{
#ifdef CORRECT
    return post->source;
#else
    return post->author;
#endif
}
