/* story.h - what is kept of a story: counts and times, and phrases that enough people used.
 */
#ifndef MODEL_STORY_H
#define MODEL_STORY_H

#include "base/utf8.h"

enum { STORY_PHRASES = 8 }; /* kept a story */

/* A phrase with the number of different people who used it since it became a candidate: a lower
 * bound.  Kept at rest only once that is at least k, or when a publisher published it. */
struct story_phrase {
    struct text text;
    uint32_t voices;
    bool published; /* stands in a publication of a registered publisher */
};

struct story_row {
    uint64_t id;          /* > 0, stable */
    uint64_t merged_into; /* 0, or the story that took it in */
    int64_t first, last;  /* time heard of its first and latest item */
    uint32_t topic;       /* index into settings.topics, 0 none */
    uint32_t messages, copies, publications;
    uint32_t phrase_count;
    struct story_phrase phrases[STORY_PHRASES];
};

#endif
