/* cmd_segment.c - soundings segment: the words of each item, and its sentences. */
#include "cmd/stage.h"
#include "text/segment.h"
#include "text/sentence.h"

struct state {
    const struct segmenter *segmenter;
    struct piece_letters letters; /* of --sentences */
};

static bool wants_sentences; /* --sentences */

static void *begin(const struct settings *settings, struct arena *process)
{
    struct state *state = arena_alloc(process, sizeof *state);

    state->segmenter = settings->segmenter;
    if (wants_sentences)
        piece_letters_init(&state->letters);
    return state;
}

static void write_parts(struct json_writer *json, struct text text, const struct words *parts)
{
    json_open(json, '[');
    for (uint32_t i = 0; i < parts->n; i++)
        json_str(json, (struct str){text.p + parts->offset[i], parts->length[i]});
    json_close(json, ']');
}

static void add(void *context, const struct filter_item *item, struct json_writer *json)
{
    const struct state *state = context;
    struct text text = item->shown;
    struct words parts = segment_text(state->segmenter, text, item->batch);

    json_key(json, "words");
    write_parts(json, text, &parts);
    if (wants_sentences) {
        struct pieces pieces = pieces_of(&state->letters, text, false, item->batch);
        struct sentences sentences = sentences_of(text, &pieces, item->batch);

        parts = (struct words){sentences.n, sentences.offset, sentences.length};
        json_key(json, "sentences");
        write_parts(json, text, &parts);
    }
}

static int run(int argc, char **argv)
{
    static const struct filter filter = {
        .name = "segment", .models = MODEL_LANGUAGES | MODEL_WORDS, .begin = begin, .add = add};
    static const struct stage_option own = {{.name = "sentences", .on = &wants_sentences}, 0};

    return stage_run(&filter, &own, argc, argv);
}

const struct command cmd_segment = {
    "segment", "filter: the words of each item",
    "Usage: soundings segment [--sentences] [--as KIND] [--keep NAME]… [FILE…]\n"
    "\n"
    "Items in, JSON Lines out, after the gate.  Adds \"words\", in order, punctuation included;\n"
    "a Vietnamese word may hold spaces, and no character but spaces is lost.  --sentences adds\n"
    "\"sentences\".\n"
    "\n"
    "Example: soundings segment posts.jsonl | jq -r '.words[]' | sort | uniq -c | sort -rn\n",
    run};
