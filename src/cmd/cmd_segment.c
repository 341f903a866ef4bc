/* cmd_segment.c - soundings segment: the words of each item, and its sentences. */
#include "base/embedded.h"
#include "cmd/stage.h"
#include "text/segment.h"
#include "text/sentence.h"

struct state {
    const struct segmenter *segmenter;
    struct piece_letters letters;
};

/* The model is in the binary, and a test reads it: that it fails is a fault of ours. */
static void *begin(struct arena *process)
{
    struct state *state = arena_alloc(process, sizeof *state);
    struct err err;

    MUST(segmenter_read(embedded_file("data/models/segment.bin"), process, &state->segmenter,
                        &err) == RC_OK);
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

/* The switch of the one run of this process. */
static bool wants_sentences;

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
    static const struct filter filter = {.name = "segment", .begin = begin, .add = add};
    static const struct flag own = {.name = "sentences", .on = &wants_sentences};

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
