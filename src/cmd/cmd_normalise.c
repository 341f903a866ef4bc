/* cmd_normalise.c - soundings normalise: any bytes to valid UTF-8 in NFC. */
#include "cmd/stage.h"

#include "intake/html.h"
#include "text/nfc.h"

static struct text text(const struct filter_item *item)
{
    struct str plain =
        item->raw->html ? html_to_text(item->raw->text, item->batch) : item->raw->text;

    return nfc_text(plain, item->batch, NULL);
}

static void add(void *state, const struct filter_item *item, struct json_writer *json)
{
    uint32_t repairs = 0;

    (void)state;
    nfc_text(item->raw->text, item->batch, &repairs);
    json_key(json, "repairs");
    json_int(json, repairs);
}

static int run(int argc, char **argv)
{
    static const struct filter filter = {"normalise", NULL, text, add};

    return stage_run(&filter, argc, argv);
}

const struct command cmd_normalise = {
    "normalise", "filter: text in valid UTF-8 and NFC",
    "Usage: soundings normalise [--as KIND] [--keep NAME]… [FILE…]\n"
    "\n"
    "Items in, JSON Lines out.  Adds \"repairs\", the number of places that changed.\n"
    "\n"
    "Example: soundings normalise <posts.jsonl | jq -r .text\n",
    run};
