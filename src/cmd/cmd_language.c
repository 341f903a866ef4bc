/* cmd_language.c - soundings language: in which language each item is written. */
#include "cmd/stage.h"

static void add(void *state, const struct filter_item *item, struct json_writer *json)
{
    (void)state;
    json_key(json, "lang");
    json_str(json, item->gated.language.tag);
    json_key(json, "lang_confidence");
    json_double(json, item->gated.language.confidence);
}

static int run(int argc, char **argv)
{
    static const struct filter filter = {
        .name = "language", .models = MODEL_LANGUAGES, .finds_language = true, .add = add};

    return stage_run(&filter, NULL, argc, argv);
}

const struct command cmd_language = {
    "language", "filter: in which language each item is written",
    "Usage: soundings language [--as KIND] [--keep NAME]… [FILE…]\n"
    "\n"
    "Items in, JSON Lines out, after the gate.  Adds \"lang\", a BCP 47 tag, found in the first "
    "384\n"
    "bytes (what the item itself says is not asked); \"und\" when it cannot be told; and\n"
    "\"lang_confidence\", 0 to 1.\n"
    "\n"
    "Example: soundings language <posts.jsonl | jq -r .lang | sort | uniq -c\n",
    run};
