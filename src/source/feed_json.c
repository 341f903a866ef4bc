/* feed_json.c - which members of a JSON Feed are read; the rest, authors among it, is not.
 */
#include "source/feed_json.h"
#include "shim/json.h"

#include <inttypes.h>

struct feed_walk {
    struct feed_items *items;
    unsigned depth;
    bool is_feed, in_items;
};

static const struct {
    struct str key;
    enum slot slot;
    bool escape; /* plain text: it shall mean itself */
} fields[] = {
    {STR("id"), SLOT_ID, false},
    {STR("url"), SLOT_LINK, false},
    {STR("title"), SLOT_TITLE, true},
    {STR("summary"), SLOT_SUMMARY, true},
    {STR("content_html"), SLOT_CONTENT, false},
    {STR("content_text"), SLOT_CONTENT, true},
    {STR("date_published"), SLOT_TIME, false},
    {STR("date_modified"), SLOT_LATER, false},
    {STR("language"), SLOT_LANG, false},
};

static void on_own(struct feed_walk *walk, const struct json_event *event)
{
    if (str_eq(event->key, STR("items")))
        walk->in_items = event->type == JSON_ARRAY;
    if (event->type != JSON_STRING)
        return;
    if (str_eq(event->key, STR("version")))
        walk->is_feed = str_find(event->string, STR("jsonfeed.org/version/1")) < event->string.n;
    else if (str_eq(event->key, STR("language")) && !walk->items->lang.n)
        buf_add(&walk->items->lang, event->string);
    else if (str_eq(event->key, STR("home_page_url")) || str_eq(event->key, STR("feed_url")))
        feed_items_own_link(walk->items, event->string);
}

static void on_field(struct feed_walk *walk, const struct json_event *event)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct buf *slot = &walk->items->slots[fields[i].slot];

        if (!str_eq(event->key, fields[i].key))
            continue;
        if (event->type == JSON_INT)
            buf_printf(slot, "%" PRId64, event->integer);
        if (event->type != JSON_STRING || (slot->n && fields[i].slot == SLOT_CONTENT))
            return;
        if (fields[i].escape)
            feed_items_escape(slot, event->string);
        else
            buf_add(slot, event->string);
        return;
    }
}

static bool on_event(void *context, const struct json_event *event)
{
    struct feed_walk *walk = context;
    bool container = event->type == JSON_ARRAY || event->type == JSON_OBJECT;

    if (event->end) {
        walk->depth--;
        if (walk->in_items && walk->depth == 2 && event->type == JSON_OBJECT)
            feed_items_end(walk->items);
        walk->in_items = walk->in_items && walk->depth > 1;
        return true;
    }
    if (walk->depth == 1)
        on_own(walk, event);
    else if (walk->in_items && walk->depth == 2 && event->type == JSON_OBJECT)
        feed_items_begin(walk->items);
    else if (walk->in_items && walk->depth == 3 && event->key.p)
        on_field(walk, event);
    walk->depth += container;
    return true;
}

enum rc feed_json_read(struct str document, struct feed_items *items, struct err *err)
{
    struct json_parser *parser = json_parser_new();
    struct feed_walk walk = {.items = items};
    const char *reason;

    if (!parser)
        return err_set(err, RC_FULL, "out of memory for a feed");
    reason = json_parse(parser, document);
    if (!reason)
        json_walk(parser, on_event, &walk);
    json_parser_free(parser);
    if (reason)
        return err_set(err, RC_BAD, "not JSON: %s", reason);
    if (!walk.is_feed)
        return err_set(err, RC_BAD, "not a JSON Feed: its version says nothing of jsonfeed.org");
    if (items->refused)
        return err_set(err, RC_REFUSED,
                       "it is the feed of one account: Soundings reads feeds of "
                       "publishers and places");
    return RC_OK;
}
