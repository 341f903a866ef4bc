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
    static const struct filter filter = {.name = "redact", .models = MODEL_LANGUAGES, .add = add};

    return stage_run(&filter, NULL, argc, argv);
}

const struct command cmd_redact = {
    "redact", "filter: identifiers of people out",
    "Usage: soundings redact [--as KIND] [--keep NAME]… [FILE…]\n"
    "\n"
    "Items in, JSON Lines out.  Title, summary and text are joined, one a line; what identifies a\n"
    "person becomes a typed placeholder: [SĐT], [EMAIL], [TÀI KHOẢN], [CCCD], [MST], [BHXH],\n"
    "[HỘ CHIẾU], [GPLX], [BIỂN SỐ], [STK], [THẺ], [ĐỊA CHỈ], [NGÀY SINH], [TÊN].  Of publications\n"
    "only mobile phones, handles, cards and numbers of papers go.  Adds \"redactions\", counts by\n"
    "type: phone, email, handle, id, tax, insurance, passport, licence, plate, account, card,\n"
    "address, birth, name.\n"
    "\n"
    "Example: soundings redact <posts.jsonl | jq -c .redactions\n",
    run};
