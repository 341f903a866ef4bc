/* cmd_redact.c - soundings redact: identifiers of people out, typed placeholders in. */
#include "cmd/stage.h"

static void add(void *state, const struct filter_item *item, struct json_writer *json)
{
    (void)state;
    json_key(json, "redactions");
    json_open(json, '{');
    for (int i = 0; i < REDACTIONS; i++)
        if (item->gated.redactions.n[i]) {
            json_key(json, redaction_name((enum redaction)i));
            json_int(json, item->gated.redactions.n[i]);
        }
    json_close(json, '}');
}

static int run(int argc, char **argv)
{
    static const struct filter filter = {.name = "redact", .add = add};

    return stage_run(&filter, argc, argv);
}

const struct command cmd_redact = {
    "redact", "filter: phones, e-mail, accounts and identity numbers out",
    "Usage: soundings redact [--as KIND] [--keep NAME]… [FILE…]\n"
    "\n"
    "Items in, JSON Lines out.  Title, summary and text are joined, one a line; what identifies a\n"
    "person becomes a typed placeholder.  Adds \"redactions\", counts by type.\n"
    "\n"
    "Example: soundings redact <posts.jsonl | jq -c .redactions\n",
    run};
