/* export.c - the tables of an export; see export.h.
 *
 * Tables are read in slices of four weeks (a story, a page of leaves), so memory does not grow with
 * the years; only publications, which no cursor divides, are read at once.  A story is told by the
 * days on which at least k people told it, never by the time of its first or last item.  What came
 * from one source on one day is rounded down to a multiple of k: it is a count of items, not of
 * people, and not on the grid.
 */
#include "publish/export.h"

#include "publish/alarm_view.h"
#include "publish/sheet.h"
#include "publish/story_view.h"
#include "store/thresholds.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_MOST = 4096, LEAVES_PAGE = 4096, SLICE_DAYS = 28 };

struct exporting {
    struct store *store;
    const struct settings *settings;
    const struct export_options *options;
    struct arena *job;
    struct export_totals *totals;
    uint32_t k;
    int64_t first, last; /* days with anything */
    struct sheet sheet;
    struct buf manifest;
    struct json_writer manifest_json;
};

static struct str words_of(const struct released *released)
{
    struct text text = released_text(released);

    return (struct str){text.p, text.n};
}

static void put_day(struct sheet *sheet, int64_t day)
{
    char text[TIME_TEXT];

    sheet_str(sheet, str_of(day_format(day, text)));
}

static void put_time(struct exporting *exporting, int64_t time)
{
    char text[TIME_TEXT];

    sheet_str(&exporting->sheet, str_of(time_format(time, exporting->settings->zone, text)));
}

static void put_topic(struct exporting *exporting, uint32_t topic)
{
    if (topic && topic < exporting->settings->topics.n)
        sheet_str(&exporting->sheet, exporting->settings->topics.topics[topic].code);
    else
        sheet_null(&exporting->sheet);
}

static void put_place(struct exporting *exporting, uint32_t place)
{
    if (place && place < exporting->settings->places.n)
        sheet_str(&exporting->sheet, exporting->settings->places.places[place].code);
    else
        sheet_null(&exporting->sheet);
}

static const char *const release_columns[] = {
    "window",       "start",    "place",  "topic",   "shown",    "k", "voices",
    "voices_upper", "messages", "copies", "sources", "replayed", NULL};

static void put_release(struct exporting *exporting, const struct release_row *row)
{
    static const char *const kinds[] = {"number", "below", "range"};
    struct sheet *sheet = &exporting->sheet;
    const struct released *voices = release_number(row, MEASURE_VOICES, exporting->job);

    sheet_str(sheet, str_of(window_name(row->key.window)));
    put_day(sheet, time_day(row->key.start, exporting->settings->zone));
    put_place(exporting, row->key.place);
    put_topic(exporting, row->key.topic);
    sheet_str(sheet, str_of(kinds[released_kind(voices)]));
    sheet_int(sheet, row->k);
    sheet_released(sheet, voices);
    if (released_kind(voices) == RELEASED_RANGE)
        sheet_int(sheet, released_upper(voices));
    else
        sheet_released(sheet, voices);
    sheet_released(sheet, release_number(row, MEASURE_MESSAGES, exporting->job));
    sheet_released(sheet, release_number(row, MEASURE_COPIES, exporting->job));
    sheet_released(sheet, release_number(row, MEASURE_SOURCES, exporting->job));
    sheet_bool(sheet, row->replayed);
    sheet_row(sheet);
}

static enum rc put_release_slice(struct exporting *exporting, enum window window, struct span slice,
                                 struct err *err)
{
    struct release_list rows;
    enum rc rc = exporting->store->driver->releases(exporting->store, window, slice, exporting->job,
                                                    &rows, err);

    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        struct arena_mark mark = arena_mark(exporting->job);

        put_release(exporting, &rows.v[i]);
        arena_rewind(exporting->job, mark);
    }
    return rc;
}

/* Calls `put` for slices of time from the first day with anything to the last. */
static enum rc each_slice(struct exporting *exporting,
                          enum rc (*put)(struct exporting *, struct span, struct err *),
                          struct err *err)
{
    enum rc rc = RC_OK;

    for (int64_t day = exporting->first - 7; rc == RC_OK && day <= exporting->last + 7;
         day += SLICE_DAYS) {
        struct arena_mark mark = arena_mark(exporting->job);
        struct span slice = {day_start(day, exporting->settings->zone),
                             day_start(day + SLICE_DAYS, exporting->settings->zone)};

        rc = put(exporting, slice, err);
        arena_rewind(exporting->job, mark);
    }
    return rc;
}

static enum rc put_releases(struct exporting *exporting, struct span slice, struct err *err)
{
    enum rc rc = put_release_slice(exporting, WINDOW_DAY, slice, err);

    return rc == RC_OK ? put_release_slice(exporting, WINDOW_WEEK, slice, err) : rc;
}

static enum rc write_releases(struct exporting *exporting, struct err *err)
{
    return each_slice(exporting, put_releases, err);
}

static const char *const story_columns[] = {"story",    "merged_into", "topic",    "first_day",
                                            "last_day", "voices",      "messages", "copies",
                                            "phrases",  NULL};

/* The day that begins at `start`; null when there is none that may be told. */
static void put_start(struct exporting *exporting, int64_t start)
{
    if (start == TIME_UNKNOWN)
        sheet_null(&exporting->sheet);
    else
        put_day(&exporting->sheet, time_day(start, exporting->settings->zone));
}

static void put_story(void *context, const struct story_view *view)
{
    struct exporting *exporting = context;
    struct sheet *sheet = &exporting->sheet;
    struct str phrases[STORY_PHRASES];

    sheet_int(sheet, (int64_t)view->id);
    if (view->merged_into)
        sheet_int(sheet, (int64_t)view->merged_into);
    else
        sheet_null(sheet);
    put_topic(exporting, view->topic);
    put_start(exporting, view->first);
    put_start(exporting, view->last);
    sheet_released(sheet, view->voices);
    sheet_released(sheet, view->messages);
    sheet_released(sheet, view->copies);
    for (uint32_t i = 0; i < view->phrase_count; i++)
        phrases[i] = words_of(view->phrases[i]);
    sheet_list(sheet, phrases, view->phrase_count);
    sheet_row(sheet);
}

static enum rc write_stories(struct exporting *exporting, struct err *err)
{
    return story_view_each(exporting->store, exporting->settings, exporting->job, put_story,
                           exporting, err);
}

static const char *const publication_columns[] = {"id",    "story",   "time", "source", "publisher",
                                                  "title", "summary", "url",  NULL};

static enum rc write_publications(struct exporting *exporting, struct err *err)
{
    struct sheet *sheet = &exporting->sheet;
    struct publication_list rows;
    enum rc rc = exporting->store->driver->publications(exporting->store, 0, SIZE_MAX / 2,
                                                        exporting->job, &rows, err);

    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        const struct stored_publication *row = &rows.v[i];
        const struct publication *publication = &row->publication;
        const struct source_settings *source =
            &exporting->settings
                 ->sources[row->source < exporting->settings->source_count ? row->source : 0];

        sheet_str(sheet, publication->id);
        if (row->story)
            sheet_int(sheet, (int64_t)row->story);
        else
            sheet_null(sheet);
        put_time(exporting, row->time == TIME_UNKNOWN ? row->heard : row->time);
        sheet_str(sheet, source->name);
        sheet_str(sheet, source->publisher);
        sheet_str(sheet, words_of(release_published(publication, true, exporting->job)));
        sheet_str(sheet, words_of(release_published(publication, false, exporting->job)));
        sheet_str(sheet, publication->url);
        sheet_row(sheet);
    }
    return rc;
}

static const char *const alarm_columns[] = {
    "alarm", "known",     "window",   "start",      "place",     "topic",
    "story", "observed",  "expected", "sources",    "q_at_most", "replayed",
    "q_max", "ratio_min", "verdict",  "verdict_by", NULL};

/* Every alarm, with its time, in the next export (PRIVACY P10), whatever of its numbers may be
 * told.
 */
static enum rc put_alarm(struct exporting *exporting, const struct alarm *alarm, struct err *err)
{
    struct sheet *sheet = &exporting->sheet;
    struct alarm_view view;
    enum rc rc =
        alarm_view_of(exporting->store, exporting->settings, alarm, exporting->job, &view, err);

    if (rc != RC_OK)
        return rc;
    sheet_int(sheet, (int64_t)view.id);
    put_time(exporting, view.known);
    sheet_str(sheet, str_of(window_name(view.window)));
    put_time(exporting, view.start);
    put_place(exporting, view.place);
    put_topic(exporting, view.topic);
    if (view.story)
        sheet_int(sheet, (int64_t)view.story);
    else
        sheet_null(sheet);
    sheet_released(sheet, view.people);
    sheet_released(sheet, view.expected);
    sheet_released(sheet, view.sources);
    sheet_double(sheet, view.q_at_most);
    sheet_bool(sheet, view.replayed);
    sheet_double(sheet, view.q_max);
    sheet_double(sheet, view.ratio_min);
    sheet_str(sheet, str_of(verdict_name(view.verdict)));
    sheet_str(sheet, view.by_desk ? STR("desk") : STR("rule"));
    sheet_row(sheet);
    return RC_OK;
}

static enum rc put_alarms(struct exporting *exporting, struct span slice, struct err *err)
{
    struct alarm_list alarms;
    enum rc rc =
        exporting->store->driver->alarms(exporting->store, slice, exporting->job, &alarms, err);

    for (size_t i = 0; rc == RC_OK && i < alarms.n; i++) {
        struct arena_mark mark = arena_mark(exporting->job);

        rc = put_alarm(exporting, &alarms.v[i], err);
        arena_rewind(exporting->job, mark);
    }
    return rc;
}

static enum rc write_alarms(struct exporting *exporting, struct err *err)
{
    return each_slice(exporting, put_alarms, err);
}

static const char *const coverage_columns[] = {"source", "day",      "items_at_least",
                                               "bad",    "failures", NULL};

static enum rc write_coverage(struct exporting *exporting, struct err *err)
{
    struct sheet *sheet = &exporting->sheet;
    struct span days = {exporting->first, exporting->last + 1};
    struct coverage_list rows;
    enum rc rc =
        exporting->store->driver->coverage(exporting->store, days, exporting->job, &rows, err);

    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        const struct coverage *row = &rows.v[i];

        sheet_str(sheet, row->source);
        put_day(sheet, row->day);
        sheet_int(sheet, row->items - row->items % exporting->k);
        sheet_int(sheet, row->bad);
        sheet_int(sheet, row->failures);
        sheet_row(sheet);
    }
    return rc;
}

static const char *const ledger_columns[] = {"leaf", "time", "action", "detail", "hash", NULL};

static void put_leaf(struct exporting *exporting, const struct ledger_leaf *leaf)
{
    struct sheet *sheet = &exporting->sheet;
    char hash[2 * LEDGER_HASH + 1];

    for (int i = 0; i < LEDGER_HASH; i++)
        snprintf(hash + 2 * i, 3, "%02x", leaf->hash[i]);
    sheet_int(sheet, (int64_t)leaf->index);
    put_time(exporting, leaf->time);
    sheet_str(sheet, str_of(ledger_action_name(leaf->action)));
    sheet_str(sheet, leaf->detail);
    sheet_str(sheet, str_of(hash));
    sheet_row(sheet);
}

static enum rc write_ledger(struct exporting *exporting, struct err *err)
{
    struct leaf_list leaves = {.n = 1};
    uint64_t at = 0;
    enum rc rc = RC_OK;

    while (rc == RC_OK && leaves.n) {
        struct arena_mark mark = arena_mark(exporting->job);

        rc = exporting->store->driver->leaves(exporting->store, at, LEAVES_PAGE, exporting->job,
                                              &leaves, err);
        for (size_t i = 0; rc == RC_OK && i < leaves.n; i++)
            put_leaf(exporting, &leaves.v[i]);
        at += leaves.n;
        arena_rewind(exporting->job, mark);
    }
    return rc;
}

static const char *const configuration_columns[] = {"kind", "code", "value", "more", NULL};

static void put_setting(struct exporting *exporting, const char *kind, struct str code,
                        struct str value, struct str more)
{
    sheet_str(&exporting->sheet, str_of(kind));
    sheet_str(&exporting->sheet, code);
    sheet_str(&exporting->sheet, value);
    sheet_str(&exporting->sheet, more);
    sheet_row(&exporting->sheet);
}

static enum rc write_configuration(struct exporting *exporting, struct err *err)
{
    const struct settings *settings = exporting->settings;
    const struct str none = STR("");
    char number[32], name[THRESHOLD_NAME];

    for (enum window window = WINDOW_5MIN; window <= WINDOW_WEEK; window++) {
        uint32_t millionths;
        enum rc rc = threshold_in_force(exporting->store, window, &millionths, err);

        if (rc != RC_OK)
            return rc;
        threshold_name(window, name);
        snprintf(number, sizeof number, "%g", millionths / 1e6);
        put_setting(exporting, "setting", str_of(name), str_of(number), none);
    }
    snprintf(number, sizeof number, "%u", exporting->k);
    put_setting(exporting, "setting", STR("k"), str_of(number), none);
    snprintf(number, sizeof number, "%u", settings->retention_days);
    put_setting(exporting, "setting", STR("retention_days"), str_of(number), none);
    snprintf(number, sizeof number, "%d", settings->zone.offset_ms / MINUTE_MS);
    put_setting(exporting, "setting", STR("zone_minutes"), str_of(number), none);
    put_setting(exporting, "setting", STR("city"), settings->city, none);
    for (uint32_t i = 1; i < settings->source_count; i++)
        put_setting(exporting, "source", settings->sources[i].name, settings->sources[i].publisher,
                    settings->sources[i].family);
    for (uint32_t i = 1; i < settings->places.n; i++) {
        const struct place *place = &settings->places.places[i];

        put_setting(exporting, "place", place->code, place->name,
                    place->parent ? settings->places.places[place->parent].code : none);
    }
    for (uint32_t i = 1; i < settings->topics.n; i++)
        put_setting(exporting, "topic", settings->topics.topics[i].code,
                    settings->topics.topics[i].vi, settings->topics.topics[i].en);
    for (uint32_t i = 1; i < settings->units.n; i++)
        put_setting(exporting, "unit", settings->units.units[i].code, settings->units.units[i].vi,
                    settings->units.units[i].topics);
    return RC_OK;
}

static const struct {
    const char *name;
    const char *const *columns;
    enum rc (*write)(struct exporting *exporting, struct err *err);
} tables[] = {
    {"releases", release_columns, write_releases},
    {"stories", story_columns, write_stories},
    {"publications", publication_columns, write_publications},
    {"alarms", alarm_columns, write_alarms},
    {"coverage", coverage_columns, write_coverage},
    {"ledger", ledger_columns, write_ledger},
    {"configuration", configuration_columns, write_configuration},
};
enum { TABLES = sizeof tables / sizeof *tables };

static enum rc write_leaf(struct exporting *exporting, struct err *err)
{
    struct store_counters counters;
    char detail[256];
    int n;
    enum rc rc = exporting->store->driver->counters(exporting->store, &counters, err);

    if (rc != RC_OK)
        return rc;
    n = snprintf(detail, sizeof detail,
                 "format=%s releases=%llu stories<=%llu publications=%llu ledger=%llu "
                 "alarms coverage configuration",
                 exporting->options->csv ? "csv" : "jsonl", (unsigned long long)counters.releases,
                 (unsigned long long)counters.stories, (unsigned long long)counters.publications,
                 (unsigned long long)exporting->store->ledger.length + 1);
    return ledger_append(&exporting->store->ledger, exporting->options->now, LEDGER_EXPORT,
                         (struct str){detail, (size_t)n}, err);
}

/* The days that anything was heard on: everything else lies between them. */
static enum rc find_days(struct exporting *exporting, struct err *err)
{
    struct arena_mark mark = arena_mark(exporting->job);
    struct span ever = {INT32_MIN, INT32_MAX};
    struct coverage_list rows;
    enum rc rc =
        exporting->store->driver->coverage(exporting->store, ever, exporting->job, &rows, err);

    exporting->first = 0;
    exporting->last = -1;
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        if (!i || rows.v[i].day < exporting->first)
            exporting->first = rows.v[i].day;
        if (!i || rows.v[i].day > exporting->last)
            exporting->last = rows.v[i].day;
    }
    arena_rewind(exporting->job, mark);
    return rc;
}

static void note_table(struct exporting *exporting, const char *file, struct hash128 digest)
{
    struct json_writer *json = &exporting->manifest_json;
    char hex[40];
    int n = snprintf(hex, sizeof hex, "%016llx%016llx", (unsigned long long)digest.high,
                     (unsigned long long)digest.low);

    json_open(json, '{');
    json_key(json, "file");
    json_str(json, str_of(file));
    json_key(json, "rows");
    json_int(json, (int64_t)exporting->sheet.rows);
    json_key(json, "bytes");
    json_int(json, (int64_t)exporting->sheet.bytes);
    json_key(json, "xxh3_128");
    json_str(json, (struct str){hex, (size_t)n});
    json_close(json, '}');
    exporting->totals->tables++;
    exporting->totals->rows += exporting->sheet.rows;
    exporting->totals->bytes += exporting->sheet.bytes;
}

/* FOLDER/NAME.new, to be renamed once it is whole. */
static enum rc open_file(const struct export_options *options, const char *name, FILE **out,
                         struct err *err)
{
    char path[PATH_MOST];
    int n = snprintf(path, sizeof path, "%s/%s.new", options->folder, name);

    if (n < 0 || (size_t)n >= sizeof path)
        return err_set(err, RC_USAGE, "the name of the folder is too long");
    *out = fopen(path, "wbe");
    if (!*out)
        return err_set(err, RC_FULL, "%s: %s; name a folder that can be written", path,
                       strerror(errno));
    return RC_OK;
}

static enum rc keep_file(const struct export_options *options, const char *name, FILE *file,
                         struct err *err)
{
    char from[PATH_MOST], to[PATH_MOST - 4];
    bool good = fsync(fileno(file)) == 0;

    snprintf(from, sizeof from, "%s/%s.new", options->folder, name);
    snprintf(to, sizeof to, "%s/%s", options->folder, name);
    if ((fclose(file) != 0) | !good || rename(from, to) != 0)
        return err_set(err, RC_FULL, "%s: %s", to, strerror(errno));
    return RC_OK;
}

static enum rc write_table(struct exporting *exporting, size_t i, struct err *err)
{
    const struct export_options *options = exporting->options;
    struct sheet_format format = {tables[i].name, tables[i].columns, options->csv,
                                  !options->folder};
    struct arena_mark mark = arena_mark(exporting->job);
    struct hash128 digest;
    struct err closing;
    char name[64];
    FILE *out = stdout;
    enum rc rc = RC_OK, closed;

    snprintf(name, sizeof name, "%s.%s", tables[i].name, options->csv ? "csv" : "jsonl");
    if (options->folder)
        rc = open_file(options, name, &out, err);
    if (rc != RC_OK)
        return rc;
    rc = sheet_open(&exporting->sheet, &format, out, err);
    if (rc == RC_OK) {
        rc = tables[i].write(exporting, err);
        closed = sheet_close(&exporting->sheet, &digest, &closing);
        if (rc == RC_OK && closed != RC_OK) {
            *err = closing;
            rc = closed;
        }
    }
    if (rc == RC_OK)
        note_table(exporting, options->folder ? name : tables[i].name, digest);
    if (rc == RC_OK && options->folder)
        rc = keep_file(options, name, out, err);
    else if (options->folder)
        fclose(out);
    arena_rewind(exporting->job, mark);
    return rc;
}

static void begin_manifest(struct exporting *exporting)
{
    struct json_writer *json = &exporting->manifest_json;
    char now[TIME_TEXT];

    buf_init(&exporting->manifest, 1 << 20);
    json->out = &exporting->manifest;
    json_open(json, '{');
    if (!exporting->options->folder) {
        json_key(json, "table");
        json_str(json, STR("manifest"));
    }
    json_key(json, "format");
    json_str(json, STR("soundings-export/1"));
    json_key(json, "time");
    json_str(json, str_of(time_format(exporting->options->now, exporting->settings->zone, now)));
    json_key(json, "k");
    json_int(json, exporting->k);
    json_key(json, "files");
    json_open(json, '[');
}

static enum rc end_manifest(struct exporting *exporting, struct err *err)
{
    struct json_writer *json = &exporting->manifest_json;
    FILE *out = stdout;
    enum rc rc = RC_OK;

    json_close(json, ']');
    json_close(json, '}');
    buf_add_byte(&exporting->manifest, '\n');
    if (exporting->options->folder)
        rc = open_file(exporting->options, "manifest.json", &out, err);
    if (rc != RC_OK)
        return rc;
    if (fwrite(exporting->manifest.p, 1, exporting->manifest.n, out) != exporting->manifest.n ||
        fflush(out) != 0)
        rc = err_set(err, RC_FULL, "the manifest cannot be written: %s", strerror(errno));
    if (exporting->options->folder && rc == RC_OK)
        return keep_file(exporting->options, "manifest.json", out, err);
    if (exporting->options->folder)
        fclose(out);
    return rc;
}

static enum rc make_folder(const struct export_options *options, struct err *err)
{
    if (options->folder && mkdir(options->folder, 0700) != 0 && errno != EEXIST)
        return err_set(err, RC_USAGE, "%s: %s; name a folder that can be made", options->folder,
                       strerror(errno));
    return RC_OK;
}

enum rc export_write(struct store *store, const struct settings *settings,
                     const struct export_options *options, struct arena *job,
                     struct export_totals *totals, struct err *err)
{
    struct exporting exporting = {.store = store,
                                  .settings = settings,
                                  .options = options,
                                  .job = job,
                                  .totals = totals,
                                  .k = settings->k < K_FLOOR ? K_FLOOR : settings->k};
    enum rc rc;

    *totals = (struct export_totals){0};
    if (!options->folder && options->csv)
        return err_set(err, RC_USAGE,
                       "CSV has a file a table; name a folder with --out, or take jsonl");
    rc = make_folder(options, err);
    if (rc == RC_OK)
        rc = write_leaf(&exporting, err);
    if (rc == RC_OK)
        rc = store_freeze(store, err);
    if (rc != RC_OK)
        return rc;
    begin_manifest(&exporting);
    rc = find_days(&exporting, err);
    for (size_t i = 0; rc == RC_OK && i < TABLES; i++)
        rc = write_table(&exporting, i, err);
    store_thaw(store);
    if (rc == RC_OK)
        rc = end_manifest(&exporting, err);
    buf_free(&exporting.manifest);
    return rc;
}
