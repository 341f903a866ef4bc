/* cmd_normalise.c - soundings normalise: any bytes to valid UTF-8 in NFC, as it was meant. */
#include "cmd/stage.h"
#include "intake/html.h"
#include "text/normalise.h"
#include "text/restore.h"
#include "text/shorthand.h"

static struct text normalise(const struct filter_item *item, struct normalise_counts *counts)
{
    struct str plain =
        item->raw->html ? html_to_text(item->raw->text, item->batch) : item->raw->text;

    return normalise_text(plain, item->batch, counts);
}

static struct text text(const struct filter_item *item)
{
    struct normalise_counts counts = {{0}};

    return normalise(item, &counts);
}

static void add_suggested(const struct settings *settings, struct text shown, struct arena *batch,
                          struct json_writer *json)
{
    struct tokens tokens = tokens_of(shown, batch);
    struct readings readings = shorthand_readings(settings->shorthand, shown, &tokens, batch);
    struct suggestions suggestions;
    struct text suggested;

    restore_readings(settings->restore, shown, &readings, batch);
    suggestions = reading_suggest(&readings, batch);
    suggested = reading_apply(shown, &suggestions, batch);
    json_key(json, "suggested");
    json_str(json, (struct str){suggested.p, suggested.n});
}

static void add(void *state, const struct filter_item *item, struct json_writer *json)
{
    struct normalise_counts counts = {{0}};
    struct text shown = normalise(item, &counts);

    (void)state;
    json_key(json, "repairs");
    json_open(json, '{');
    for (int i = 0; i < NORMALISE_KINDS; i++) {
        if (!counts.of[i])
            continue;
        json_key(json, normalise_names[i]);
        json_int(json, counts.of[i]);
    }
    json_close(json, '}');
    if (item->settings->restore)
        add_suggested(item->settings, shown, item->batch, json);
}

static int run(int argc, char **argv)
{
    static const struct filter filter = {
        .name = "normalise", .models = MODEL_LANGUAGES, .text = text, .add = add};
    static bool suggest;
    static const struct stage_option own = {{.name = "suggest", .on = &suggest},
                                            MODEL_SPELLING | MODEL_MARKS};

    return stage_run(&filter, &own, argc, argv);
}

const struct command cmd_normalise = {
    "normalise", "filter: text in valid UTF-8 and NFC, old encodings and tone marks repaired",
    "Usage: soundings normalise [--suggest] [--as KIND] [--keep NAME]… [FILE…]\n"
    "\n"
    "Items in, JSON Lines out.  Adds \"repairs\", how often each kind was needed: nfc (places),\n"
    "utf8_twice (runs), tcvn3, vni, viscii, windows_1258, viqr (lines), invisible, full_width\n"
    "(characters), look_alike, tone (words: hoà becomes hòa).\n"
    "--suggest adds \"suggested\": the text with social spelling and missing diacritics read, for\n"
    "search; \"text\" stays as it was written.\n"
    "\n"
    "Example: soundings normalise <posts.jsonl | jq -r .text\n",
    run};
