/* cmd_language.c - soundings language: in which language each item is written. */
#include "cmd/embedded.h"
#include "cmd/stage.h"
#include "text/language.h"

struct state {
    const struct language_model *model;
};

/* The lists are in the binary, and a test reads them: that they fail is a fault of ours. */
static void *begin(struct arena *process)
{
    struct state *state = arena_alloc(process, sizeof *state);
    struct err err;

    MUST(language_read(embedded_file("data/languages.tsv"),
                       embedded_file("data/models/syllables.tsv"), process, &state->model,
                       &err) == RC_OK);
    return state;
}

static void add(void *context, const struct filter_item *item, struct json_writer *json)
{
    const struct state *state = context;
    struct language_guess guess =
        language_of(state->model, (struct str){item->shown.p, item->shown.n});

    json_key(json, "lang");
    json_str(json, guess.tag);
    json_key(json, "lang_confidence");
    json_double(json, guess.confidence);
}

static int run(int argc, char **argv)
{
    static const struct filter filter = {
        .name = "language", .begin = begin, .add = add, .finds_language = true};

    return stage_run(&filter, argc, argv);
}

const struct command cmd_language = {
    "language", "filter: in which language each item is written",
    "Usage: soundings language [--as KIND] [--keep NAME]… [FILE…]\n"
    "\n"
    "Items in, JSON Lines out, after the gate.  Adds \"lang\", a BCP 47 tag, found in the first "
    "256\n"
    "bytes (what the item itself says is not asked); \"und\" when it cannot be told; and\n"
    "\"lang_confidence\", 0 to 1.\n"
    "\n"
    "Example: soundings language <posts.jsonl | jq -r .lang | sort | uniq -c\n",
    run};
