/* settings.h - what the configuration file says, checked; read by cmd, passed down as an argument.
 */
#ifndef MODEL_SETTINGS_H
#define MODEL_SETTINGS_H

#include "base/clock.h"
#include "base/table.h"
#include "model/place.h"
#include "model/topic.h"

enum {
    K_FLOOR = 10, /* compiled in: no setting, flag or test goes below (PRIVACY P3) */
    K_DEFAULT = 20,
    RETENTION_DAYS_DEFAULT = 30,
    RETENTION_DAYS_CAP = 90, /* compiled in (PRIVACY P8) */
    SOURCES_MAX = 4096,
};

/* The models that settings can hold: each takes time to read, so a command names those it needs. */
enum {
    MODEL_LANGUAGES = 1,                                                /* settings.languages */
    MODEL_SPELLING = 2,                                                 /* settings.shorthand */
    MODEL_WORDS = 4,                                                    /* settings.segmenter */
    MODEL_MARKS = 8,                                                    /* settings.restore */
    MODELS_OF_READING = MODEL_LANGUAGES | MODEL_SPELLING | MODEL_WORDS, /* what ingest takes */
};

struct source_settings {
    struct str name, title;
    struct str publisher; /* empty: items of it that say "publication" count as posts */
    struct str family;    /* independent kinds of sources: "rising" in public needs three */
    struct str url;       /* where `ingest --source NAME` without a file fetches a feed from */
    bool allow_private;   /* its address may be private or loopback */
};

struct settings {
    uint32_t k, retention_days;
    struct zone zone;
    struct str city;                 /* code of the gazetteer's city */
    struct source_settings *sources; /* [source_count]; [0] is "file" */
    uint32_t source_count;
    struct gazetteer places;
    struct topics topics;
    struct table function_words;            /* data/function-words.tsv: words that name nothing */
    const struct language_model *languages; /* text/language.h; NULL: no language is guessed */
    const struct shorthand *shorthand;      /* text/shorthand.h; NULL: none is read */
    const struct segmenter *segmenter;      /* text/segment.h; NULL: no words are told */
    const struct restore_model *restore;    /* text/restore.h; NULL: missing marks stay missing */
    struct units units;
};

/* Index of a registered source, or 0 ("file"). */
uint32_t settings_source(const struct settings *settings, struct str name);

#endif
