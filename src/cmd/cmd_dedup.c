/* cmd_dedup.c - soundings dedup: which items are near copies of an earlier one. */
#include "cmd/stage.h"

#include "dedup/dedup.h"

#include <string.h>

enum { REMEMBERED = 1 << 17, ID_LENGTH = 65 };

/* The detector, and the shown ids of the items it may point to: a ring by number. */
struct state {
    struct dedup *dedup;
    char (*ids)[ID_LENGTH];
};

static void *begin(const struct settings *settings, struct arena *process)
{
    struct state *state = arena_alloc(process, sizeof *state);

    (void)settings;
    state->dedup = dedup_new(&dedup_defaults, process);
    state->ids = arena_array(process, REMEMBERED, sizeof *state->ids);
    return state;
}

static void add(void *context, const struct filter_item *item, struct json_writer *json)
{
    struct state *state = context;
    struct dedup_sketch sketch = dedup_sketch(state->dedup, &item->tokens, item->batch);
    struct dedup_answer answer = dedup_add(state->dedup, &sketch, item->number);
    char *id = state->ids[item->number % REMEMBERED];
    struct str shown = str_part(item->gated.shown_id, 0, ID_LENGTH - 1);

    memcpy(id, shown.p, shown.n);
    id[shown.n] = '\0';
    if (!answer.copy)
        return;
    json_key(json, "copy_of");
    json_str(json, str_of(state->ids[answer.first % REMEMBERED]));
    json_key(json, "similarity");
    json_double(json, answer.similarity);
}

static int run(int argc, char **argv)
{
    static const struct filter filter = {.name = "dedup",
                                         .models = MODELS_OF_READING,
                                         .reads_tokens = true,
                                         .begin = begin,
                                         .add = add};

    return stage_run(&filter, NULL, argc, argv);
}

const struct command cmd_dedup = {
    "dedup", "filter: near copies",
    "Usage: soundings dedup [--as KIND] [--keep NAME]… [FILE…]\n"
    "\n"
    "Items in, JSON Lines out, after the gate.  A near copy gets \"copy_of\", the id of the first "
    "of its\n"
    "group, and \"similarity\", 0 to 1.\n"
    "\n"
    "Example: soundings dedup <posts.jsonl | jq -c 'select(.copy_of)'\n",
    run};
