/* cmd_normalise.c - soundings normalise: any bytes to valid UTF-8 in NFC, as it was meant. */
#include "base/embedded.h"
#include "cmd/stage.h"
#include "intake/html.h"
#include "text/normalise.h"
#include "text/restore.h"
#include "text/shorthand.h"

struct state {
    const struct shorthand *shorthand;
    const struct restore_model *restore;
};

static bool suggest; /* --suggest */

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

/* What is embedded is read by a test too: that it fails is a fault of ours. */
static void *begin(struct arena *process)
{
    struct state *state = arena_alloc(process, sizeof *state);
    struct err err;

    if (!suggest)
        return NULL;
    MUST(shorthand_read(embedded_file("data/social-spelling.tsv"), process, &state->shorthand,
                        &err) == RC_OK);
    MUST(restore_read(embedded_file("data/models/restore.bin"), process, &state->restore, &err) ==
         RC_OK);
    return state;
}

static void add_suggested(const struct state *state, struct text shown, struct arena *batch,
                          struct json_writer *json)
{
    struct tokens tokens = tokens_of(shown, batch);
    struct readings readings = shorthand_readings(state->shorthand, shown, &tokens, batch);
    struct suggestions suggestions;
    struct text suggested;

    restore_readings(state->restore, shown, &readings, batch);
    suggestions = reading_suggest(&readings, batch);
    suggested = reading_apply(shown, &suggestions, batch);
    json_key(json, "suggested");
    json_str(json, (struct str){suggested.p, suggested.n});
}

static void add(void *state, const struct filter_item *item, struct json_writer *json)
{
    struct normalise_counts counts = {{0}};
    struct text shown = normalise(item, &counts);

    json_key(json, "repairs");
    json_open(json, '{');
    for (int i = 0; i < NORMALISE_KINDS; i++) {
        if (!counts.of[i])
            continue;
        json_key(json, normalise_names[i]);
        json_int(json, counts.of[i]);
    }
    json_close(json, '}');
    if (state)
        add_suggested(state, shown, item->batch, json);
}

static int run(int argc, char **argv)
{
    static const struct filter filter = {
        .name = "normalise", .begin = begin, .text = text, .add = add};
    static const struct flag own = {.name = "suggest", .on = &suggest};

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
