/* chronicle.h - the stories that are being told now: their counts, topic, phrases and publications.
 *
 * Kept in memory for the stories touched last; the rest lie in the store and come back when
 * something joins them.  One owner.
 */
#ifndef ENGINE_CHRONICLE_H
#define ENGINE_CHRONICLE_H

#include "engine/carrier.h"
#include "engine/everyday.h"
#include "engine/reader.h"
#include "engine/windows.h"

struct chronicle;

enum { CHRONICLE_STORIES = 1 << 16, CHRONICLE_NAMED = 2048, CHRONICLE_EARLY = 2 };

/* A story before the item at hand is counted: which earlier items its cells still lack. */
struct chapter {
    bool has_cells;              /* from its third item on */
    const struct counted *early; /* items to count now, the first time has_cells is true */
    size_t early_count;
};

struct chronicle_config {
    uint32_t k;
    struct zone zone;                 /* at rest a story has days, no times */
    uint64_t secret;                  /* keys the tags of candidate phrases */
    uint64_t next_story;              /* when the run began */
    struct store *store;              /* asked for stories that are not in memory */
    const struct everyday *everyday;  /* says how telling a syllable is */
    const struct map *function_words; /* see naming.h */
};
struct chronicle *chronicle_new(const struct chronicle_config *config, struct arena *process);
void chronicle_free(struct chronicle *chronicle);
/* Notes an item of a person and assigns it.  counted->topic: the item's own comes in. */
enum rc chronicle_note(struct chronicle *chronicle, const struct batch_item *item,
                       struct counted *counted, struct chapter *chapter, struct err *err);
/* Stories that ended before `time` stay in the store alone. */
void chronicle_forget(struct chronicle *chronicle, int64_t time);
/* Notes a publication. */
enum rc chronicle_publish(struct chronicle *chronicle, const struct batch_item *item,
                          uint64_t story, struct err *err);
/* Between two runs (resting.h): one story after the other, *at from 0 on; false after the last.
 * What a run could not finish counting is given up. */
bool chronicle_rest(struct chronicle *chronicle, size_t *at, struct carrier *carrier);
/* Takes a story back, in the order they were given.  `killed`: a run after that one was killed, and
 * what it noted is in the store and not here; the story owes it until it is read again. */
enum rc chronicle_resume(struct chronicle *chronicle, struct carrier *carrier, bool killed,
                         struct err *err);
/* What stands before the stories: secret and numbers.  `next_item`: when they are given; when taken
 * back, the store's, from which `killed` follows. */
void chronicle_carry(struct chronicle *chronicle, uint64_t next_item, struct carrier *carrier,
                     bool *killed);
/* Whether a known item of a person, or a publication, is one that the killed run noted last and its
 * story owes: then it is noted once more. */
enum rc chronicle_owes(struct chronicle *chronicle, uint64_t story, uint64_t item, bool publication,
                       bool *owes, struct err *err);
/* From now on `from` is told as `into`, which gets its counts and phrases.  What `from` had before
 * it had cells of its own is left in *chapter, where `into` has some. */
enum rc chronicle_merge(struct chronicle *chronicle, uint64_t from, uint64_t into,
                        struct chapter *chapter, struct err *err);
/* The topic and the place that an item is counted under: its own topic, else its story's; no place
 * where the story has none. */
enum rc chronicle_assign(struct chronicle *chronicle, struct counted *counted, struct err *err);
/* An item of a person is gone at its source: one message less, and no vote for the topic that it
 * named itself (0: none, or not remembered); of the story that took its own in as well. */
enum rc chronicle_withdraw(struct chronicle *chronicle, const struct counted *counted,
                           uint32_t named, struct err *err);
/* Rows changed since the last call. */
void chronicle_changed(struct chronicle *chronicle, struct arena *batch, struct story_row **rows,
                       size_t *n);

#endif
