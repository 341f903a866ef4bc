/* feed.c - the connector for feeds: RSS, RDF, Atom, JSON Feed and news sitemaps.
 *
 * A feed is one document of at most 16 MiB (JSON Feed: 2 MiB), read whole into the window and then
 * entry by entry.  A feed that is not well-formed is read as far as it can be and counted as one
 * bad record, once its entries have been handed on.
 */
#include "source/feed.h"

#include "base/utf8.h"
#include "source/feed_items.h"
#include "source/feed_json.h"
#include "source/feed_xml.h"

struct feed {
    struct input *input;
    struct feed_items items;
    struct feed_xml *xml; /* NULL: a JSON Feed, all of whose entries wait in `items` */
    uint64_t entry;
    bool strict, told;
};

static struct str without_bom(struct str head)
{
    return str_trim(str_starts(head, STR("\xEF\xBB\xBF")) ? str_from(head, 3) : head);
}

static bool begins_json(struct str head)
{
    return str_starts(without_bom(head), STR("{"));
}

static enum sniff sniff(struct str head)
{
    static const struct str roots[] = {STR("<rss"),  STR("<feed"),    STR("<rdf:RDF"),
                                       STR("<RDF"),  STR("<channel"), STR("<urlset"),
                                       STR(":feed ")};
    struct str start = without_bom(head);

    if (begins_json(head))
        return str_find(head, STR("jsonfeed.org/version/1")) < head.n ? SNIFF_YES : SNIFF_NO;
    for (size_t i = 0; i < sizeof roots / sizeof *roots && str_starts(start, STR("<")); i++)
        if (str_find(head, roots[i]) < head.n)
            return SNIFF_YES;
    if (str_starts(start, STR("<?xml")) || str_starts(head, STR("\xFF\xFE")) ||
        str_starts(head, STR("\xFE\xFF")) || str_starts(head, (struct str){"\0<", 2}) ||
        str_starts(head, (struct str){"<\0", 2}))
        return SNIFF_MAYBE;
    return SNIFF_NO;
}

enum rc feed_open(struct input *input, bool strict, struct arena *job, void **state,
                  struct err *err)
{
    struct feed *feed = arena_alloc(job, sizeof *feed);
    struct str document;
    enum rc rc = input_want(input, 1, err);

    if (rc != RC_OK)
        return rc;
    *feed = (struct feed){.input = input, .strict = strict};
    feed_items_init(&feed->items, job);
    rc = input_document(input, begins_json(input->unread) ? JSON_DOCUMENT_MAX : DOCUMENT_MAX,
                        &document, err);
    if (rc == RC_OK && begins_json(document))
        rc = feed_json_read(str_from(document, str_find_byte(document, '{')), &feed->items, err);
    else if (rc == RC_OK)
        rc = feed_xml_open(document, strict, &feed->items, &feed->xml, err);
    if (rc != RC_OK) {
        feed_items_free(&feed->items);
        return err_within(err, "%s", input->name);
    }
    *state = feed;
    return RC_OK;
}

static enum rc open_repairing(struct input *input, struct arena *job, void **state, struct err *err)
{
    return feed_open(input, false, job, state, err);
}

static enum rc end_of_feed(struct feed *feed, struct raw_item *item, struct err *err)
{
    unsigned long line = feed->xml ? feed_xml_error_line(feed->xml) : 0;

    input_skip(feed->input, feed->input->unread.n);
    if (!line || feed->told)
        return RC_ABSENT;
    feed->told = true;
    item->line = feed->entry + 1;
    return err_set(err, RC_BAD,
                   "the feed is not well-formed at line %lu: its %llu entries up to "
                   "where it breaks were read",
                   line, (unsigned long long)feed->entry);
}

static enum rc next_entry(void *state, struct arena *batch, struct raw_item *item, struct err *err)
{
    struct feed *feed = state;
    bool too_long;

    (void)batch; /* entries wait in the feed's own memory */
    while (!feed_items_next(&feed->items, item, &too_long))
        if (!feed->xml || !feed_xml_more(feed->xml))
            return end_of_feed(feed, item, err);
    item->line = ++feed->entry;
    if (too_long)
        return err_set(err, RC_BAD, "the entry is longer than 1 MiB");
    return RC_OK;
}

static void close_feed(void *state)
{
    struct feed *feed = state;

    if (feed->xml)
        feed_xml_close(feed->xml);
    feed_items_free(&feed->items);
}

const struct source_driver source_feed = {
    .name = "feed",
    .sniff = sniff,
    .open = open_repairing,
    .next = next_entry,
    .close = close_feed,
};
