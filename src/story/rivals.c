/* rivals.c - two stories that turn out to be one; see rivals.h. */
#include "story/rivals.h"

enum { VOTES = 2 }; /* until the centroids are compared, then after twice as many */

/* Fixed on NTS-mstream, vimds and simulated streams; README.md has the search. */
static const double like_centroids = 0.35; /* cosine */
static const double like_texts = 0.12;     /* on average, between texts of both */

/* Whether the story's votes are for this rival, and enough. */
static bool vote(struct live *story, uint32_t rival)
{
    if (!story->votes) {
        story->rival = rival;
        story->asked = VOTES;
    }
    if (story->rival != rival) {
        story->votes--;
        return false;
    }
    if (++story->votes < story->asked)
        return false;
    story->asked = 2 * story->asked + 1;
    return true;
}

bool rivals_meet(struct living *living, uint32_t *slot, uint32_t *rival)
{
    uint32_t less = *slot, more = *rival;
    const struct live *one, *other;
    double dot;

    if (living->live[less].posts > living->live[more].posts) {
        less = *rival;
        more = *slot;
    }
    if (!vote(&living->live[less], living->alive[more]))
        return false;
    one = &living->live[less];
    other = &living->live[more];
    dot = living_dot(living, less, more);
    if (dot < like_centroids * living_length(living, less) * living_length(living, more) ||
        dot < like_texts * one->lengths * other->lengths)
        return false;
    *slot = less;
    *rival = more;
    return true;
}
