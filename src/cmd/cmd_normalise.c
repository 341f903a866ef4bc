/* cmd_normalise.c - soundings normalise: any bytes to valid UTF-8 in NFC, as it was meant. */
#include "cmd/stage.h"

#include "intake/html.h"
#include "text/normalise.h"

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

static void add(void *state, const struct filter_item *item, struct json_writer *json)
{
    struct normalise_counts counts = {{0}};

    (void)state;
    normalise(item, &counts);
    json_key(json, "repairs");
    json_open(json, '{');
    for (int i = 0; i < NORMALISE_KINDS; i++) {
        if (!counts.of[i])
            continue;
        json_key(json, normalise_names[i]);
        json_int(json, counts.of[i]);
    }
    json_close(json, '}');
}

static int run(int argc, char **argv)
{
    static const struct filter filter = {.name = "normalise", .text = text, .add = add};

    return stage_run(&filter, argc, argv);
}

const struct command cmd_normalise = {
    "normalise", "filter: text in valid UTF-8 and NFC, old encodings and tone marks repaired",
    "Usage: soundings normalise [--as KIND] [--keep NAME]… [FILE…]\n"
    "\n"
    "Items in, JSON Lines out.  Adds \"repairs\", how often each kind was needed: nfc (places),\n"
    "utf8_twice (runs), tcvn3, vni, viscii, windows_1258, viqr (lines), invisible, full_width\n"
    "(characters), look_alike, tone (words: hoà becomes hòa).\n"
    "\n"
    "Example: soundings normalise <posts.jsonl | jq -r .text\n",
    run};
