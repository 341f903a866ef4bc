/* export.h - everything that may leave, complete, documented, row by row.
 *
 * Tables: releases, stories, publications, alarms, coverage, ledger, configuration; doc/brief.md
 * lists their columns.  Never a text, an id or a time of a post, tip or request.  The leaf
 * (LEDGER_EXPORT) is written first.  Into a folder (one file a table, then manifest.json) or, as
 * JSON Lines alone, to standard output, each row naming its table.  Memory: a few weeks of rows.
 */
#ifndef PUBLISH_EXPORT_H
#define PUBLISH_EXPORT_H

#include "store/store.h"

struct export_options {
    const char *folder; /* made when it is not there; NULL: standard output */
    bool csv;           /* RC_USAGE on standard output */
    int64_t now;
};

/* What was written. */
struct export_totals {
    uint64_t tables, rows, bytes;
};

/* RC_FULL: something could not be written; what is there then has no manifest. */
enum rc export_write(struct store *store, const struct settings *settings,
                     const struct export_options *options, struct arena *job,
                     struct export_totals *totals, struct err *err);

#endif
