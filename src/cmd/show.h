/* show.h - released values and stories on a terminal and in JSON, for the subcommands that show
 * them.
 */
#ifndef CMD_SHOW_H
#define CMD_SHOW_H

#include "base/json_write.h"
#include "cmd/session.h"
#include "publish/story_view.h"

/* Prints "162", "<20", "≥40" or "40–55", right-aligned in a column. */
void show_count(struct session *session, const struct released *value);
/* For a sentence: "162", "dưới 20", "ít nhất 40". */
struct str show_number(struct session *session, const struct released *value);
/* The best phrase of a story, or the name of its topic, or "—". */
struct str show_label(const struct session *session, const struct story_view *view);
struct str show_topic(const struct session *session, uint32_t topic);
/* The day that begins at `start`, or "—" when there is none that may be told. */
const char *show_day(int64_t start, struct zone zone, char out[TIME_TEXT]);
/* The common keys of a story: id, label, topic, phrases, first, last, counts. */
void show_story_json(const struct session *session, const struct story_view *view,
                     struct json_writer *json);
/* Prints `text` cut or padded to `columns`. */
void show_column(struct str text, int columns);
/* Columns of the terminal; SHOW_COLUMNS where there is none. */
enum { SHOW_COLUMNS = 92 };
int show_columns(void);
/* One leaf for something staff are about to see. */
enum rc show_leaf(struct session *session, enum ledger_action action, struct str detail,
                  struct err *err);

#endif
