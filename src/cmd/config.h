/* config.h - the configuration file, soundings.conf (libconfuse syntax).
 *
 *     city = "SX"                       code of the city in the places table
 *     places = "places.tsv"             a file beside this one; or "79", a province; or "VN"
 *     units = "units.tsv"
 *     topics = "topics.tsv"             default: the built-in list
 *     timezone = "Asia/Ho_Chi_Minh"
 *     k = 20                            at least 10, compiled in
 *     retention_days = 30               at most 90, compiled in
 *     source bao-song-xanh {
 *         title = "Báo Sông Xanh"
 *         publisher = "Báo Sông Xanh"   only then its items may be publications
 *         family = "news"               independent kinds of sources
 *         url = "https://…/rss"         for ingest --source NAME without a file
 *         allow_private = false
 *     }
 */
#ifndef CMD_CONFIG_H
#define CMD_CONFIG_H

#include "model/settings.h"

#include "base/err.h"

/* Reads `file`, or takes what is built in when it is NULL, and the models named (MODEL_…); others
 * are NULL.  An unknown key or a value out of range is RC_USAGE with file and line. */
enum rc config_read(const char *file, unsigned models, struct arena *process, struct settings *out,
                    struct err *err);

#endif
