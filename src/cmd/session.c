/* session.c - the beginning and the end of every subcommand; see session.h. */
#include "cmd/session.h"

#include "base/clock.h"
#include "cmd/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OWN_FLAGS_MAX = 16, PATH_LONGEST = 4096, PROCESS_MAX = 512 * 1024 * 1024 };

bool session_begin(struct session *session, int argc, char **argv, const struct flag *own, size_t n,
                   int *operands)
{
    struct flag flags[OWN_FLAGS_MAX + SESSION_FLAGS] = {
        {.name = "config", .text = &session->config_file},
        {.name = "db", .text = &session->db},
        {.name = "lang", .text = &session->lang},
        {.name = "json", .on = &session->json},
        {.name = "jsonl", .on = &session->jsonl},
        {.name = "quiet", .letter = 'q', .on = &session->quiet},
        {.name = "verbose", .letter = 'v', .on = &session->verbose},
        {.name = "no-color", .on = &session->no_colour},
    };
    const char *colour = getenv("NO_COLOR");
    struct err err;

    *session = (struct session){.log.level = LOG_INFO};
    arena_init(&session->process, "process", PROCESS_MAX);
    MUST(n <= OWN_FLAGS_MAX);
    for (size_t i = 0; i < n; i++)
        flags[SESSION_FLAGS + i] = own[i];
    if (flags_read(argc, argv, flags, SESSION_FLAGS + n, operands, &err) != RC_OK) {
        fprintf(stderr, "soundings %s: %s\n", argv[0], err.text);
        return false;
    }
    if (session->quiet)
        session->log.level = LOG_ERROR;
    if (session->verbose)
        session->log.level = LOG_DEBUG;
    session->log.journal = getenv("JOURNAL_STREAM") != NULL;
    session->no_colour |= colour && colour[0];
    return true;
}

/* $VARIABLE/TAIL, or $HOME/FALLBACK/TAIL. */
static const char *user_path(const char *variable, const char *fallback, const char *tail,
                             struct arena *process)
{
    const char *base = getenv(variable), *home = getenv("HOME");
    char path[PATH_LONGEST];
    int n;

    if (base && base[0] == '/')
        n = snprintf(path, sizeof path, "%s/%s", base, tail);
    else
        n = snprintf(path, sizeof path, "%s/%s/%s", home ? home : "", fallback, tail);
    if (n < 0 || (size_t)n >= sizeof path)
        return NULL;
    return arena_copy(process, path, (size_t)n);
}

static const char *find_config(struct session *session)
{
    const char *named = session->config_file ? session->config_file : getenv("SOUNDINGS_CONFIG");
    const char *user;

    if (named && named[0])
        return named;
    user = user_path("XDG_CONFIG_HOME", ".config", "soundings/soundings.conf", &session->process);
    if (user && access(user, R_OK) == 0)
        return user;
    return access("/etc/soundings/soundings.conf", R_OK) == 0 ? "/etc/soundings/soundings.conf"
                                                              : NULL;
}

enum rc session_settings(struct session *session, unsigned models, struct err *err)
{
    session->config_used = find_config(session);
    return config_read(session->config_used, models, &session->process, &session->settings, err);
}

/* Makes every folder on the way to a file. */
static void make_folders(const char *file)
{
    char path[PATH_LONGEST];

    if (snprintf(path, sizeof path, "%s", file) >= (int)sizeof path)
        return;
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
}

/* What decides what may be seen is changed where the record is written, and leaves its trace. */
static enum rc keep_setting(struct session *session, struct str name, int64_t value,
                            struct err *err)
{
    const struct store_driver *driver = session->store->driver;
    int64_t stored;
    enum rc rc = driver->setting(session->store, name, &stored, err);

    if (rc == RC_ABSENT || (rc == RC_OK && stored != value))
        return driver->set_setting(session->store, name, value, clock_now(), err);
    return rc;
}

static enum rc keep_settings(struct session *session, struct err *err)
{
    enum rc rc = keep_setting(session, STR("k"), session->settings.k, err);

    return rc == RC_OK
               ? keep_setting(session, STR("retention_days"), session->settings.retention_days, err)
               : rc;
}

/* A reader sees with the k of the database: several k for the same count would give it away. */
static enum rc take_k(struct session *session, struct err *err)
{
    int64_t stored;
    enum rc rc = session->store->driver->setting(session->store, STR("k"), &stored, err);

    if (rc != RC_OK)
        return rc == RC_ABSENT ? RC_OK : rc;
    if (stored != session->settings.k && !session->quiet)
        fprintf(stderr,
                "k is %lld in this database; the configuration's %u takes effect at the next "
                "ingest\n",
                (long long)stored, session->settings.k);
    session->settings.k = (uint32_t)stored;
    return RC_OK;
}

enum rc session_store(struct session *session, enum store_mode mode, struct err *err)
{
    enum rc rc = session_settings(session, mode == STORE_WRITE ? MODELS_OF_READING : 0, err);

    if (rc != RC_OK)
        return rc;
    if (!session->db)
        session->db = getenv("SOUNDINGS_DB");
    if (!session->db || !session->db[0]) {
        session->db =
            user_path("XDG_DATA_HOME", ".local/share", "soundings/soundings.db", &session->process);
        if (session->db && mode == STORE_WRITE)
            make_folders(session->db);
    }
    if (!session->db)
        return err_set(err, RC_USAGE, "no database named; give --db FILE");
    rc = store_open(str_of(session->db), mode, &session->settings, &session->process,
                    &session->store, err);
    if (rc != RC_OK)
        return rc;
    return mode == STORE_WRITE ? keep_settings(session, err) : take_k(session, err);
}

void session_end(struct session *session)
{
    if (session->store)
        session->store->driver->close(session->store);
    arena_free(&session->process);
}

int session_fail(const char *name, const struct err *err)
{
    fprintf(stderr, "soundings %s: %s\n", name, err->text);
    return err_exit_status(err->rc);
}

bool session_english(const struct session *session)
{
    const char *lang = session->lang ? session->lang : getenv("SOUNDINGS_LANG");

    return lang && strncmp(lang, "en", 2) == 0;
}
