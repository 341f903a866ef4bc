/* stories.h - which posts speak of the same thing: single-pass clustering of a stream.
 *
 * Read README.md beside this file for the method, its papers and where it fails.
 * Order-dependent: one owner.  Same input, same output, byte for byte.  Pure: time is an argument.
 */
#ifndef STORY_STORIES_H
#define STORY_STORIES_H

#include "base/arena.h"
#include "text/token.h"

struct stories;

struct stories_config {
    double threshold;      /* cosine at which a post joins a story; adapted to text length inside */
    uint32_t silent_posts; /* a story that got nothing for so many posts is forgotten (> 0) … */
    int64_t silent_ms;     /* … or for so long (0: never by time) */
    uint32_t terms_max;    /* terms kept of one story's centroid */
    uint32_t stories_max;  /* live stories, at most 65,536; the longest silent goes first.  Memory
                            * goes by it: about 3.5 KiB each, taken at birth */
    uint64_t next_id;      /* first id to give; > 0 */
    bool novelty;          /* whether anybody asks for it: a sixth of the work */
};
extern const struct stories_config stories_defaults;

/* Stories are not what they were taken for: from the next text on, `from` is told as `into`
 * (merged: nothing joins `from` any more), or a part of `from` is told as `into`, a new one
 * (split: nothing is undone). */
struct stories_change {
    enum { STORIES_STAY, STORIES_MERGED, STORIES_SPLIT } turn;
    uint64_t from, into;
};

struct stories_answer {
    uint64_t story; /* 0: the text has nothing to cluster by */
    bool first;
    double novelty; /* 1 - similarity to the nearest recent text; 0 when there is no story, or
                       nobody asked */
    struct stories_change change;
};

/* NULL when out of memory. */
struct stories *stories_new(const struct stories_config *config);
void stories_free(struct stories *stories);
struct stories_answer stories_add(struct stories *stories, const struct tokens *tokens,
                                  int64_t time, struct arena *scratch);
/* Nothing joins stories any more whose latest text is from before `time`; their words go. */
void stories_forget(struct stories *stories, int64_t time);
/* The same text once more after a restart: `was` is what was answered (story > 0), and its change
 * comes about again, and no other. */
void stories_again(struct stories *stories, const struct tokens *tokens, int64_t time,
                   const struct stories_answer *was, struct arena *scratch);
/* New stories get numbers from `id` on, if they do not already. */
void stories_number_from(struct stories *stories, uint64_t id);
/* Adds a near copy to the story of what it copies, `story` > 0: no evidence of anything.  Ids that
 * do not live are made here and in stories_again, and next_id moves past them: who asks follows the
 * mergers himself. */
void stories_join(struct stories *stories, const struct tokens *tokens, int64_t time,
                  uint64_t story, struct arena *scratch);

#endif
