/* session.h - what every subcommand begins with: options common to all, settings, the database.
 */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/flags.h"
#include "model/settings.h"
#include "store/store.h"

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_PARTIAL = 3, EXIT_AGAIN = 75 };

struct session {
    struct arena process;
    struct settings settings;
    struct log log;
    const char *config_file, *db, *lang;
    bool json, jsonl, quiet, verbose, no_colour;
    const char *config_used; /* the file that was read, or NULL for what is built in */
    struct store *store;
};

enum { SESSION_FLAGS = 8 };

/* Reads the common options together with `own` (n of them, at most 16).  On a mistake says so on
 * standard error and returns false; the caller ends with EXIT_USAGE. */
bool session_begin(struct session *session, int argc, char **argv, const struct flag *own, size_t n,
                   int *operands);
/* Reads the configuration: --config, SOUNDINGS_CONFIG, the user's, the system's, else built-in;
 * and those models of text that are named (MODEL_…). */
enum rc session_settings(struct session *session, unsigned models, struct err *err);
/* Settings, then the database: --db, SOUNDINGS_DB, the user's data folder.  Who writes takes in
 * items: it has the models of reading, and sets k and retention there, with a leaf when they
 * change; who reads has no model, and takes the k that is there. */
enum rc session_store(struct session *session, enum store_mode mode, struct err *err);
void session_end(struct session *session);
/* "soundings NAME: message" on standard error; returns the exit status. */
int session_fail(const char *name, const struct err *err);
/* Whether what a person reads is to be in English. */
bool session_english(const struct session *session);

#endif
