/* windows.h - the cells that are being counted, and what happens when their window closes.
 *
 * A window is open from its first item until the largest time heard (in a live run the clock as
 * well, while nobody speaks) is an hour past its end.  While
 * it is open its cells count people with tags keyed by a secret of that window (PRIVACY P2), drawn
 * here; nothing can read them.  Between two runs they lie sealed (resting.h) while holder.h keeps
 * the secret; where that is lost the next run counts a new part.  Closing takes the numbers,
 * destroys secret and tags, asks trend/ whether something rose and release/ what may leave.  What
 * comes later counts in the oldest open window. One owner.  Given the secrets, the same items in
 * the same order give the same rows.
 */
#ifndef ENGINE_WINDOWS_H
#define ENGINE_WINDOWS_H

#include "base/vec.h"
#include "store/store.h"

struct windows;

/* One item as far as counting is concerned. */
struct counted {
    int64_t heard;
    uint64_t item; /* its number when it is known: it counts where the sets lack it; 0: anywhere */
    uint64_t story;
    struct voice voice;
    uint32_t place, topic, source;
    uint32_t language; /* language_number(), where languages are counted; else 0 */
    bool copy;
    bool known; /* counted before: only its voice counts, once more */
    bool early; /* heard before its story had cells: counts where its own window is still open */
    bool replayed;
};

/* What closing and counting left to be kept; arrays live in the batch's arena. */
struct outcome {
    VEC(struct cell) cells;
    VEC(struct alarm) alarms;
    VEC(struct alarm_judgement) judgements; /* of earlier alarms */
    VEC(struct moved_setting) settings;
    VEC(struct release_row) releases;
    VEC(struct leaf_to_write) leaves;
};

enum { WINDOWS_LATENESS_MS = HOUR_MS };

struct windows_config {
    const struct settings *settings;
    bool history;      /* day and week only; else hours and 5 minutes as well */
    bool reproducible; /* window secrets follow from the window alone (see ingest.h) */
    uint64_t next_alarm;
    uint64_t next_item;    /* when the run began */
    struct holder *holder; /* NULL: windows end with the run */
};

struct windows *windows_new(const struct windows_config *config, struct arena *process);
void windows_free(struct windows *windows);
/* Takes in what the store holds: past counts for the baselines, rows of windows still open. */
enum rc windows_load(struct windows *windows, struct store *store, int64_t last_heard,
                     struct err *err);
/* Counts one item by place and topic; with a story also there.  Closes what is due before. */
void windows_count(struct windows *windows, const struct counted *item, struct arena *batch,
                   struct outcome *outcome);
/* The same for the cells of the item's story alone: for items counted before the story had cells.
 */
void windows_count_story(struct windows *windows, const struct counted *item);
/* An item that was counted is gone at its source: a message less in every cell that is open, while
 * its day is.  (When that was released, a week with fewer messages than its days would tell how
 * many are gone, PRIVACY P4.)  Of its person nobody can say whether there are other messages; but
 * there are never more people than messages, nor more with words of their own than messages that
 * are no copies. */
void windows_withdraw(struct windows *windows, const struct counted *item);
/* From now on the story `from` is told as `into` (store/mergers.h): its open cells stay its own,
 * and when they close the larger of both stands for the story. */
void windows_merge(struct windows *windows, uint64_t from, uint64_t into);
/* Closes every window that ended an hour before `time`. */
void windows_advance(struct windows *windows, int64_t time, struct arena *batch,
                     struct outcome *outcome);
/* The largest time so far: windows close by it. */
int64_t windows_latest(const struct windows *windows);
/* Adds the rows that changed since the last call, without voices: those wait for the close. */
void windows_changed(struct windows *windows, struct arena *batch, struct outcome *outcome);
/* At the end of a run: the open windows leave their part of the voices.  They stay for resting.h.
 */
void windows_interrupt(struct windows *windows, struct arena *batch, struct outcome *outcome);
/* Windows of which nothing may lie sealed after the next commit, an array of their own; and, after
 * that commit: their secrets are destroyed. */
size_t windows_closed(const struct windows *windows, const struct held_window **out);
void windows_kept(struct windows *windows);
/* Whether any window that holds this time may still be open. */
bool windows_open_at(const struct windows *windows, int64_t heard);
/* New items so far whose own window was past: they were counted in the oldest open one. */
uint64_t windows_late(const struct windows *windows);

#endif
