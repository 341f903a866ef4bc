/* config.c - soundings.conf through libconfuse, checked; see config.h. */
#include "cmd/config.h"

#include "base/buf.h"
#include "base/embedded.h"
#include "base/utf8.h"
#include "model/country.h"
#include "text/language.h"
#include "text/restore.h"
#include "text/segment.h"
#include "text/shorthand.h"

#include <confuse.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TABLE_MAX = 32 * 1024 * 1024 };

/* libconfuse reports through a callback without a context: the message waits here for its caller.
 * Configuration is read once, before any thread starts. */
static struct err *confuse_err;

static void __attribute__((format(printf, 2, 0)))
keep_message(cfg_t *cfg, const char *format, va_list args)
{
    char text[200];

    vsnprintf(text, sizeof text, format, args);
    err_set(confuse_err, RC_USAGE, "%s:%d: %s", cfg->filename ? cfg->filename : "configuration",
            cfg->line, text);
}

/* All bytes of a file, in `process`. */
static enum rc read_file(const char *path, struct arena *process, struct str *out, struct err *err)
{
    FILE *file = fopen(path, "rb");
    struct buf buf;
    char *room = NULL;
    size_t got = 0;

    if (!file)
        return err_set(err, RC_USAGE, "cannot read %s: %s", path, strerror(errno));
    buf_init(&buf, TABLE_MAX);
    do {
        room = buf_reserve(&buf, 65536);
        got = room ? fread(room, 1, 65536, file) : 0;
        buf.n += got;
    } while (got);
    fclose(file);
    if (!room) {
        buf_free(&buf);
        return err_set(err, RC_USAGE, "%s is larger than %d bytes", path, TABLE_MAX);
    }
    *out = (struct str){arena_copy(process, buf.p, buf.n), buf.n};
    buf_free(&buf);
    return utf8_valid(*out) ? RC_OK : err_set(err, RC_USAGE, "%s is not valid UTF-8", path);
}

static struct str own(const char *text, struct arena *process)
{
    size_t n = text ? strlen(text) : 0;

    return (struct str){arena_copy(process, text, n), n};
}

/* A table that the configuration names; paths are relative to the configuration file. */
static enum rc read_table(cfg_t *cfg, const char *key, const char *file, struct arena *process,
                          struct str *bytes, struct err *err)
{
    const char *name = cfg_getstr(cfg, key), *slash = file ? strrchr(file, '/') : NULL;
    char path[4096];

    if (!name)
        return RC_ABSENT;
    if (name[0] == '/' || !slash)
        snprintf(path, sizeof path, "%s", name);
    else
        snprintf(path, sizeof path, "%.*s/%s", (int)(slash - file), file, name);
    return read_file(path, process, bytes, err);
}

/* The gazetteer: a table of the desk's own, or what the national one has of a code. */
static enum rc read_places(cfg_t *cfg, const char *file, struct arena *process,
                           struct gazetteer *out, struct err *err)
{
    struct str bytes = STR("code\tname\tkind\tparent\taliases\tvalid_from\tvalid_to\tsuccessor\n"
                           "CITY\tCity\tcity\t-\t-\t-\t-\t-\n");
    struct str name = own(cfg_getstr(cfg, "places"), process);
    enum rc rc;

    if (country_is_code(name))
        return country_cut(embedded_file("data/places.tsv"), name, process, out, err);
    rc = read_table(cfg, "places", file, process, &bytes, err);
    return rc == RC_OK || rc == RC_ABSENT ? gazetteer_read(bytes, process, out, err) : rc;
}

static enum rc read_tables(cfg_t *cfg, const char *file, struct arena *process,
                           struct settings *out, struct err *err)
{
    struct str bytes = embedded_file("data/topics.tsv");
    enum rc rc = read_table(cfg, "topics", file, process, &bytes, err);

    if (rc == RC_OK || rc == RC_ABSENT)
        rc = topics_read(bytes, process, &out->topics, err);
    if (rc != RC_OK)
        return rc;
    rc = table_read(embedded_file("data/function-words.tsv"), process, &out->function_words, err);
    if (rc != RC_OK)
        return err_within(err, "the list of function words");
    rc = read_places(cfg, file, process, &out->places, err);
    if (rc != RC_OK)
        return rc;
    rc = read_table(cfg, "units", file, process, &bytes, err);
    if (rc == RC_ABSENT) {
        bytes = STR("code\tvi\ten\tkind\ttopics\n");
        rc = RC_OK;
    }
    if (rc == RC_OK)
        rc = units_read(bytes, &out->topics, process, &out->units, err);
    return rc;
}

/* Together they take longer to read than all else of a start: only what the command asks for. */
static enum rc read_models(unsigned models, struct arena *process, struct settings *out,
                           struct err *err)
{
    enum rc rc = RC_OK;

    if (models & MODEL_LANGUAGES)
        rc = language_read(
            embedded_file("data/languages.tsv"), embedded_file("data/models/syllables.tsv"),
            embedded_file("data/models/languages.bin"), process, &out->languages, err);
    if (rc == RC_OK && models & MODEL_SPELLING)
        rc = shorthand_read(embedded_file("data/social-spelling.tsv"), process, &out->shorthand,
                            err);
    if (rc == RC_OK && models & MODEL_WORDS)
        rc =
            segmenter_read(embedded_file("data/models/segment.bin"), process, &out->segmenter, err);
    if (rc == RC_OK && models & MODEL_MARKS)
        rc = restore_read(embedded_file("data/models/restore.bin"), process, &out->restore, err);
    return rc == RC_OK ? RC_OK : err_within(err, "the models of text");
}

static enum rc read_sources(cfg_t *cfg, struct arena *process, struct settings *out,
                            struct err *err)
{
    unsigned n = cfg_size(cfg, "source");

    if (n + 1 > SOURCES_MAX)
        return err_set(err, RC_USAGE, "%u sources; at most %d", n, SOURCES_MAX - 1);
    out->sources = arena_array(process, n + 1, sizeof *out->sources);
    out->source_count = n + 1;
    out->sources[0] =
        (struct source_settings){.name = STR("file"), .title = STR("file"), .family = STR("file")};
    for (unsigned i = 0; i < n; i++) {
        cfg_t *section = cfg_getnsec(cfg, "source", i);
        struct source_settings *source = &out->sources[i + 1];

        source->name = own(cfg_title(section), process);
        source->title = own(cfg_getstr(section, "title"), process);
        source->publisher = own(cfg_getstr(section, "publisher"), process);
        source->family = own(cfg_getstr(section, "family"), process);
        source->url = own(cfg_getstr(section, "url"), process);
        source->allow_private = cfg_getbool(section, "allow_private");
        if (!source->title.n)
            source->title = source->name;
        if (!source->family.n)
            source->family = source->name;
    }
    return RC_OK;
}

static enum rc check_numbers(cfg_t *cfg, struct settings *out, struct err *err)
{
    long k = cfg_getint(cfg, "k"), days = cfg_getint(cfg, "retention_days");
    const char *zone = cfg_getstr(cfg, "timezone");

    if (k < K_FLOOR || k > 1000000)
        return err_set(err, RC_USAGE,
                       "k = %ld: must be at least %d, which is compiled in (PRIVACY P3)", k,
                       K_FLOOR);
    if (days < 1 || days > RETENTION_DAYS_CAP)
        return err_set(err, RC_USAGE,
                       "retention_days = %ld: must be 1 to %d, which is compiled in (PRIVACY P8)",
                       days, RETENTION_DAYS_CAP);
    if (!zone_find(str_of(zone), &out->zone))
        return err_set(err, RC_USAGE,
                       "timezone = \"%s\": write Asia/Ho_Chi_Minh, Asia/Bangkok, UTC or an offset "
                       "such as \"+07:00\"",
                       zone);
    out->k = (uint32_t)k;
    out->retention_days = (uint32_t)days;
    return RC_OK;
}

static enum rc fill(cfg_t *cfg, const char *file, struct arena *process, struct settings *out,
                    struct err *err)
{
    enum rc rc = check_numbers(cfg, out, err);

    if (rc == RC_OK)
        rc = read_tables(cfg, file, process, out, err);
    if (rc == RC_OK)
        rc = read_sources(cfg, process, out, err);
    if (rc != RC_OK)
        return rc;
    out->city = own(cfg_getstr(cfg, "city"), process);
    if (out->city.n && gazetteer_find(&out->places, out->city) != 1)
        return err_set(err, RC_USAGE, "city = \"%.*s\" is not the city of the places table",
                       STR_ARG(out->city));
    out->city = out->places.places[1].code;
    return RC_OK;
}

enum rc config_read(const char *file, unsigned models, struct arena *process, struct settings *out,
                    struct err *err)
{
    cfg_opt_t source_options[] = {CFG_STR("title", NULL, CFGF_NONE),
                                  CFG_STR("publisher", NULL, CFGF_NONE),
                                  CFG_STR("family", NULL, CFGF_NONE),
                                  CFG_STR("url", NULL, CFGF_NONE),
                                  CFG_BOOL("allow_private", cfg_false, CFGF_NONE),
                                  CFG_END()};
    cfg_opt_t options[] = {
        CFG_STR("city", NULL, CFGF_NONE),
        CFG_STR("places", NULL, CFGF_NONE),
        CFG_STR("units", NULL, CFGF_NONE),
        CFG_STR("topics", NULL, CFGF_NONE),
        CFG_STR("timezone", "Asia/Ho_Chi_Minh", CFGF_NONE),
        CFG_INT("k", K_DEFAULT, CFGF_NONE),
        CFG_INT("retention_days", RETENTION_DAYS_DEFAULT, CFGF_NONE),
        CFG_SEC("source", source_options, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
        CFG_END()};
    cfg_t *cfg = cfg_init(options, CFGF_NONE);
    enum rc rc = RC_OK;
    int parsed = CFG_SUCCESS;

    if (!cfg)
        return err_set(err, RC_FULL, "out of memory for the configuration");
    confuse_err = err;
    cfg_set_error_function(cfg, keep_message);
    if (file)
        parsed = cfg_parse(cfg, file);
    if (parsed == CFG_FILE_ERROR)
        rc = err_set(err, RC_USAGE, "cannot read %s: %s", file, strerror(errno));
    else if (parsed != CFG_SUCCESS)
        rc = RC_USAGE;
    if (rc == RC_OK) {
        rc = fill(cfg, file, process, out, err);
        if (rc != RC_OK && file)
            err_within(err, "%s", file);
    }
    if (rc == RC_OK)
        rc = read_models(models, process, out, err);
    cfg_free(cfg);
    confuse_err = NULL;
    return rc;
}
